//! Where the logs are: the folder that `GEMBA_CORPUS` names, or one beside the checkout.

use gemba_mining::{EventLog, Unwatched, xes};
use serde_json::Value;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The files of a part of the corpus, in order; none where there is no corpus, which is said.
pub(crate) fn folder(part: &str) -> Vec<PathBuf> {
    let beside = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../../../shared/corpus"));
    let root = std::env::var_os("GEMBA_CORPUS").map_or(beside, PathBuf::from).join(part);
    let Ok(entries) = fs::read_dir(&root) else {
        println!("skipped: no corpus at {}; set GEMBA_CORPUS to its folder", root.display());
        return Vec::new();
    };
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    paths
}

/// The folders of logs.
pub(crate) fn logs() -> Vec<PathBuf> {
    folder("logs").into_iter().filter(|path| path.is_dir()).collect()
}

/// The bytes of a file, unpacked. The machine's own program does that: ours is slow without optimisation.
pub(crate) fn bytes(path: &Path) -> Vec<u8> {
    if path.extension().is_some_and(|ending| ending == "gz") {
        let unpacked = Command::new("gzip").arg("-dc").arg(path).output().unwrap();
        assert!(unpacked.status.success(), "{}", path.display());
        return unpacked.stdout;
    }
    fs::read(path).unwrap()
}

/// The log of a folder.
pub(crate) fn log(folder: &Path) -> EventLog {
    xes::read(bytes(&folder.join("log.xes.gz")).as_slice(), &mut Unwatched).unwrap()
}

/// A golden file; numbers that are none are left out of it.
pub(crate) fn golden(path: &Path) -> Value {
    let text = String::from_utf8(bytes(path)).unwrap().replace("NaN", "null");
    serde_json::from_str(&text).unwrap()
}
