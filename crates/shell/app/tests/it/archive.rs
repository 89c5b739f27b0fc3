//! Zip archives that somebody made to do harm, and those that are only unusual.

use gemba_app::archive::{self, MAX_ENTRIES, MAX_FILE};
use std::io::{Cursor, Write};
use zip::{CompressionMethod, ZipWriter, write::SimpleFileOptions};

type Entry<'a> = (&'a str, &'a [u8]);

fn zip(entries: &[Entry<'_>]) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated);
    for (name, content) in entries {
        writer.start_file(*name, options).unwrap();
        writer.write_all(content).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

/// The archive with one text put in the place of another of the same length, wherever it stands.
fn patched(mut bytes: Vec<u8>, from: &[u8], to: &[u8]) -> Vec<u8> {
    assert_eq!(from.len(), to.len());
    let places: Vec<usize> = (0..bytes.len()).filter(|at| bytes[*at..].starts_with(from)).collect();
    assert!(!places.is_empty());
    for at in places {
        bytes[at..at + to.len()].copy_from_slice(to);
    }
    bytes
}

/// The archive with this bit pattern at an offset of every local (first) and central header.
fn flagged(mut bytes: Vec<u8>, local: usize, central: usize, value: u16) -> Vec<u8> {
    for at in 0..bytes.len() {
        let offset = match bytes[at..] {
            [b'P', b'K', 3, 4, ..] => local,
            [b'P', b'K', 1, 2, ..] => central,
            _ => continue,
        };
        bytes[at + offset..at + offset + 2].copy_from_slice(&value.to_le_bytes());
    }
    bytes
}

#[track_caller]
fn check(bytes: &[u8], expected: &str) {
    let said = archive::unpack(bytes).map_or_else(|e| e.to_string(), |files| format!("{files:?}"));
    assert!(said.contains(expected), "{said}\n---\n{expected}");
}

#[test]
fn names_that_lead_elsewhere_are_refused() {
    for (name, expected) in [
        ("../a.md", "leads out of its folder"),
        ("x/../../a.md", "leads out of its folder"),
        ("..\\a.md", "leads out of its folder"),
        ("x//a.md", "leads out of its folder"),
        ("./a.md", "leads out of its folder"),
        ("/etc/a.md", "names a place outside of it"),
        ("\\\\server\\a.md", "names a place outside of it"),
        ("C:\\a.md", "names a place outside of it"),
        ("a\u{7}.md", "is no name for a file"),
        ("a/b/c/d/e/f/g/h/i/j/k/l/m/n/o/p/q/r.md", "lies deeper than 16 folders"),
    ] {
        // The writer keeps such names out itself, so they are put in afterwards.
        let plain = "n".repeat(name.len());
        let bytes = patched(zip(&[(&plain, b"# A")]), plain.as_bytes(), name.as_bytes());
        check(&bytes, expected);
    }
    let bytes = patched(zip(&[("nnnn", b"x")]), b"nnnn", b"\xff\xfe.m");
    check(&bytes, "");
    assert!(archive::unpack(&bytes).is_err());
}

#[test]
fn what_no_export_has_is_refused() {
    let plain = zip(&[("a.md", b"# A")]);
    check(&plain, "a.md");
    check(&flagged(plain.clone(), 6, 8, 1), "has a password");
    check(&flagged(plain.clone(), 8, 10, 12), "pack it with deflate");
    check(&plain[..plain.len() - 10], "the archive cannot be read");
    check(b"no zip at all", "the archive cannot be read");
    check(b"", "the archive cannot be read");
    check(
        &patched(zip(&[("a.md", b"1"), ("b.md", b"2")]), b"b.md", b"A.md"),
        "two files of the name",
    );
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    writer.add_symlink("l.md", "/etc/passwd", SimpleFileOptions::default()).unwrap();
    check(&writer.finish().unwrap().into_inner(), "is a link");
    let mut broken = zip(&[("a.md", &[7; 4000])]);
    broken[40] ^= 0xff;
    check(&broken, "`a.md` in the archive is damaged");
}

#[test]
fn what_unpacks_to_too_much_is_refused() {
    let mebibyte = vec![b'a'; 1024 * 1024];
    check(&zip(&[("a", &mebibyte[..1000])]), "a");
    let bomb = zip(&[("a", &mebibyte), ("b", &mebibyte), ("c", &mebibyte)]);
    assert!(bomb.len() < 10_000, "{}", bomb.len());
    check(&bomb, "unpacks to more than 100 times its size");
    let large = vec![0; usize::try_from(MAX_FILE).unwrap() + 1];
    check(&zip(&[("a", &large)]), "`a` is larger than 32 MiB");
    let names: Vec<String> = (0..=MAX_ENTRIES).map(|n| format!("{n}.md")).collect();
    let many: Vec<Entry<'_>> = names.iter().map(|name| (name.as_str(), &b""[..])).collect();
    check(&zip(&many), "has 10001 entries; at most 10000 are taken");
    // A bomb that says it is small: what comes out counts.
    let size = u32::try_from(mebibyte.len() * 3).unwrap().to_le_bytes();
    let large = [&mebibyte[..], &mebibyte, &mebibyte].concat();
    let liar = patched(zip(&[("a", &large)]), &size, &9_u32.to_le_bytes());
    assert!(archive::unpack(&liar).is_err());
}

#[test]
fn folders_and_the_names_of_windows_are_understood() {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    writer.add_directory("x", SimpleFileOptions::default()).unwrap();
    writer.start_file("x/ü.md", SimpleFileOptions::default()).unwrap();
    writer.write_all(b"# A").unwrap();
    let bytes = writer.finish().unwrap().into_inner();
    assert_eq!(archive::unpack(&bytes).unwrap(), [("x/ü.md".to_owned(), b"# A".to_vec())]);
    let bytes = patched(zip(&[("x-a.md", b"# A")]), b"x-a.md", b"x\\a.md");
    assert_eq!(archive::unpack(&bytes).unwrap(), [("x/a.md".to_owned(), b"# A".to_vec())]);
    assert!(archive::unpack(&zip(&[])).unwrap().is_empty());
}
