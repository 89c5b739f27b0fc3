//! Any file is refused or read as a log: packed, packed wrongly, or a database of objects. Never a panic, and a
//! database is never written to.

#![no_main]

use flate2::Compression;
use flate2::write::GzEncoder;
use gemba_logs::{Asked, read, read_objects, write_database};
use gemba_mining::Unwatched;
use libfuzzer_sys::fuzz_target;
use std::io::Write;
use std::path::Path;
use std::sync::LazyLock;
use std::{env, fs};
use tempfile::TempDir;

static FOLDER: LazyLock<TempDir> =
    LazyLock::new(|| TempDir::with_prefix_in("gemba-fuzz", env::temp_dir()).expect("a folder"));

fn packed(bytes: &[u8]) -> Vec<u8> {
    let mut packer = GzEncoder::new(Vec::new(), Compression::fast());
    packer.write_all(bytes).expect("memory can be written to");
    packer.finish().expect("memory can be written to")
}

fn try_reading(path: &Path) {
    if let Ok(log) = read(path, &Asked::default(), &mut Unwatched) {
        assert!(log.events() >= log.cases() || log.events() == 0);
    }
    if let Ok(Some(objects)) = read_objects(path, &mut Unwatched) {
        // More columns than a table can have are refused.
        let types = [objects.object_types(), objects.event_types()];
        if types.iter().any(|all| all.values().any(|attributes| attributes.len() > 1_900)) {
            return;
        }
        let copy = FOLDER.path().join("copy.sqlite");
        let _ = fs::remove_file(&copy);
        write_database(&objects, &copy).expect("a database can be written");
        let again = read_objects(&copy, &mut Unwatched).expect("it is read again");
        assert_eq!(again.expect("objects").counts(), objects.counts());
    }
}

fuzz_target!(|bytes: &[u8]| {
    let Some((kind, bytes)) = bytes.split_first() else { return };
    let ending = ["xes", "csv", "json", "xml", "sqlite"][usize::from(kind % 5)];
    let (name, content) = match (kind / 5) % 3 {
        0 => (format!("log.{ending}"), bytes.to_vec()),
        1 => (format!("log.{ending}.gz"), packed(bytes)),
        // What says that it is packed and is not.
        _ => (format!("log.{ending}.gz"), [&[0x1f, 0x8b, 8, 0][..], bytes].concat()),
    };
    let path = FOLDER.path().join(name);
    fs::write(&path, &content).expect("a file can be written");
    try_reading(&path);
    assert_eq!(fs::read(&path).expect("it is still there"), content, "a log is read, never written");
});
