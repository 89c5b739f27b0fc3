//! `gemba check --watch`: what is found is told again when a document changes, until it is stopped.

use crate::gemba::{BINARY, file};
use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

/// How long is waited for a line before the test fails: far more than any machine needs.
const PATIENCE: Duration = Duration::from_mins(2);

/// A program that is stopped whatever becomes of the test.
struct Watch(Child);

impl Drop for Watch {
    fn drop(&mut self) {
        let _gone = self.0.kill();
        let _waited = self.0.wait();
    }
}

/// The lines of a stream as they come.
fn lines(stream: impl std::io::Read + Send + 'static) -> Receiver<String> {
    let (send, receive) = channel();
    std::thread::spawn(move || {
        for line in BufReader::new(stream).lines().map_while(Result::ok) {
            if send.send(line).is_err() {
                break;
            }
        }
    });
    receive
}

#[track_caller]
fn wait_for(lines: &Receiver<String>, words: &str) {
    let mut seen = Vec::new();
    loop {
        match lines.recv_timeout(PATIENCE) {
            Ok(line) if line.contains(words) => return,
            Ok(line) => seen.push(line),
            Err(ended) => panic!("{words:?} never came ({ended}) after {seen:#?}"),
        }
    }
}

#[test]
#[cfg(unix)]
fn a_watch_tells_what_is_found_again_after_each_change_and_ends_well_when_it_is_stopped() {
    let folder = tempfile::tempdir().expect("a folder");
    let document = "---\nowner: Accounting\ntrigger: monthly on the 1st\n---\n\n# Invoicing\n\nEvery client gets one.\n\n\
                    ## Steps\n\n1. **Send the invoices** — Accounting\n";
    file(folder.path(), "invoicing.md", document.as_bytes());
    let mut child = Command::new(BINARY)
        .args(["check", "--watch", "--color", "never"])
        .arg(folder.path())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .map(Watch)
        .expect("gemba starts");
    let found = lines(child.0.stdout.take().expect("its output"));
    let said = lines(child.0.stderr.take().expect("its talk"));
    wait_for(&found, "SOP0105");
    wait_for(&said, "watching");

    // One finding is mended and another made: the new one is told.
    let jump = "   - If one is returned, go back to step 9.\n";
    let changed = format!("{document}{jump}\n## Expected output\n\n- All invoices are sent.\n");
    file(folder.path(), "invoicing.md", changed.as_bytes());
    wait_for(&found, "SOP0201");

    // A document that was not there is found too.
    file(folder.path(), "second.md", b"# Payroll\n\n1. Pay the people.\n");
    wait_for(&found, "second.md");

    let asked = Command::new("kill").args(["-INT", &child.0.id().to_string()]).status();
    assert!(asked.expect("kill runs").success());
    assert_eq!(child.0.wait().expect("it ends").code(), Some(0));
}
