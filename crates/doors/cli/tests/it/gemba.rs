//! Ways to run the binary.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

pub(crate) const BINARY: &str = env!("CARGO_BIN_EXE_gemba");

/// Runs the binary to its end.
pub(crate) fn gemba(args: &[&str]) -> Output {
    Command::new(BINARY).args(args).env_remove("GEMBA_DATA").output().expect("gemba runs")
}

/// Standard output and exit code of a call.
pub(crate) fn told(args: &[&str]) -> (String, i32) {
    let output = gemba(args);
    let text = String::from_utf8(output.stdout).expect("text");
    (text, output.status.code().expect("an exit code"))
}

/// Standard error and exit code of a call.
pub(crate) fn said(args: &[&str]) -> (String, i32) {
    let output = gemba(args);
    let text = String::from_utf8(output.stderr).expect("text");
    (text, output.status.code().expect("an exit code"))
}

/// A file in a folder.
pub(crate) fn file(folder: &Path, name: &str, content: &[u8]) -> PathBuf {
    let path = folder.join(name);
    std::fs::write(&path, content).expect("a file");
    path
}

/// A folder with a workspace in it.
pub(crate) fn workspace() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    let data = folder.path().display().to_string();
    let (link, code) = told(&[
        "setup",
        "--data",
        &data,
        "--name",
        "Acme",
        "--zone",
        "UTC",
        "--email",
        "o@example.com",
        "--owner",
        "Olga",
    ]);
    assert!(code == 0 && link.starts_with("/sign-in/link/"), "{link}");
    folder
}
