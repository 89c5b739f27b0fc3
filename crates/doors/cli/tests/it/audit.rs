//! `gemba audit`, and the log of a backup that was taken while the server worked.

use crate::crash::{kill, serve, wait_until_it_listens};
use crate::gemba::{said, told, workspace};
use gemba_testkit::Postgres;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};

/// The number and hash of the last line that fits.
fn head(data: &[&str]) -> String {
    let (verdict, code) = told(&[&["audit", "verify"], data].concat());
    assert_eq!(code, 0, "{verdict}");
    verdict.trim().rsplit(' ').next().unwrap_or_default().to_owned()
}

#[test]
fn the_log_is_held_against_its_chain_and_a_change_is_named_with_its_line() {
    let home = workspace();
    let dir = home.path().display().to_string();
    let data = ["--data", &dir];
    let first = head(&data);
    for n in 0..3 {
        let name = format!("t{n}");
        let (_, code) =
            said(&["export", &home.path().join(&name).display().to_string(), "--data", &dir]);
        assert_eq!(code, 0);
    }
    let noted = ["audit", "verify", "--noted", &first];
    assert_eq!(told(&[&noted[..], &data].concat()).1, 0, "what was noted is still there");
    let (json, code) = told(&[&["audit", "verify", "--json"][..], &data].concat());
    let json: serde_json::Value = serde_json::from_str(&json).expect("JSON");
    assert_eq!((&json["fault"], code), (&serde_json::Value::Null, 0));
    let lines = json["lines"].as_u64().expect("a number");
    let (export, code) = told(&[&["audit", "export"][..], &data].concat());
    assert_eq!((u64::try_from(export.lines().count()).expect("few"), code), (lines, 0));
    assert!(export.contains(json["head"]["hash"].as_str().expect("a hash")), "{export}");

    // With an editor for bytes, past every guard of the database.
    let line: serde_json::Value =
        serde_json::from_str(export.lines().next().expect("a line")).expect("JSON");
    let action = line["action"].as_str().expect("an action");
    overwrite(&home.path().join("gemba.db"), action, &action.to_uppercase());
    for command in [["audit", "verify"].as_slice(), &["doctor"]] {
        let (verdict, code) = told(&[command, &data].concat());
        assert!(code == 1 && verdict.contains("line 1 is not what was written"), "{verdict}");
        assert!(verdict.contains("APP0902"), "{verdict}");
    }
    let (json, code) = told(&[&["audit", "verify", "--json"][..], &data].concat());
    let json: serde_json::Value = serde_json::from_str(&json).expect("JSON");
    assert_eq!((&json["fault"]["line"], code), (&1.into(), 1));
    let (why, code) = told(&["explain", "APP0902"]);
    assert!(code == 0 && why.contains("audit log"), "{why}");
    for wrong in ["", "1", "1:x", "0:00"] {
        assert_eq!(said(&["audit", "verify", "--noted", wrong, "--data", &dir]).1, 2, "{wrong}");
    }
}

/// Puts one text in the place of another of the same length, wherever it is in a file.
fn overwrite(path: &Path, old: &str, new: &str) {
    let mut bytes = std::fs::read(path).expect("the file");
    let found: Vec<usize> =
        (0..bytes.len()).filter(|at| bytes[*at..].starts_with(old.as_bytes())).collect();
    assert!(!found.is_empty(), "{old} is not in the file");
    for at in found {
        bytes[at..at + new.len()].copy_from_slice(new.as_bytes());
    }
    std::fs::write(path, bytes).expect("written");
}

/// Copies the workspace while others write to it, restores the copy elsewhere and holds both logs
/// against each other.
fn copied_while_running(database: &str) {
    let folder = tempfile::tempdir().expect("a folder");
    let at = ["--database", database];
    let setup = ["setup", "--name", "Acme", "--zone", "UTC", "--email", "o@example.com"];
    assert_eq!(told(&[&setup[..], &["--owner", "Olga"], &at].concat()).1, 0);
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    runtime.block_on(async {
        let app = crate::crash::open(database).await;
        let who = gemba_app::Who::operator();
        for name in ["Doer", "Checker"] {
            let seat = gemba_app::seats::SeatInput {
                name: name.to_owned(),
                ..gemba_app::seats::SeatInput::default()
            };
            gemba_app::seats::create(&app, &who, seat).await.expect("a seat");
        }
    });
    let (server, url) = serve(database);
    wait_until_it_listens(&url);
    let over = AtomicBool::new(false);
    let image = folder.path().join("copy.db").display().to_string();
    std::thread::scope(|scope| {
        scope.spawn(|| {
            while !over.load(Ordering::SeqCst) {
                let name = "busy";
                let made = told(
                    &[&["token", "create", "--seat", "doer", "--name", name][..], &at].concat(),
                );
                assert_eq!(made.1, 0);
            }
        });
        let copied = said(&[&["backup", &image][..], &at].concat());
        over.store(true, Ordering::SeqCst);
        assert_eq!(copied.1, 0, "{}", copied.0);
    });
    let elsewhere = folder.path().join("elsewhere").display().to_string();
    let there = ["--data", elsewhere.as_str()];
    assert_eq!(said(&[&["restore", &image][..], &there].concat()).1, 0);
    let (copy, _) = told(&[&["audit", "export"][..], &there].concat());
    let (original, _) = told(&[&["audit", "export"][..], &at].concat());
    assert!(copy.lines().count() >= 4, "{copy}");
    assert!(original.starts_with(&copy), "the copy is a beginning of the log:\n{copy}\n{original}");
    assert!(original.lines().count() > copy.lines().count(), "the copy itself is noted");
    // The original still has, unchanged, what the copy ends with.
    let noted = head(&there);
    let (verdict, code) = told(&[&["audit", "verify", "--noted", &noted][..], &at].concat());
    assert_eq!(code, 0, "{verdict}");
    kill(server);
}

#[test]
fn a_backup_of_a_running_server_restores_to_the_same_log() {
    let home = tempfile::tempdir().expect("a folder");
    copied_while_running(&format!("sqlite:{}", home.path().join("gemba.db").display()));
}

#[test]
fn a_backup_of_servers_on_postgres_restores_to_the_same_log() {
    let Some(server) = Postgres::start() else { return };
    copied_while_running(&server.database());
}
