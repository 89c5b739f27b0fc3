//! A disk on which nothing more fits, while runs go on: nothing acknowledged is lost, what does not fit is
//! refused whole, what is there can still be read.
#![cfg(unix)]

use crate::crash::{
    check, kill, open, prepare, serve, wait_until_handled, wait_until_it_listens, work,
};
use crate::gemba::{BINARY, told};
use std::collections::BTreeSet;
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// Beyond so many bytes no file may grow: less than the write-ahead log has before it begins anew.
const ROOM: u64 = 3 << 20;

/// A server whose files cannot grow beyond [`ROOM`]: writing more fails as it does on a full disk.
fn serve_with_little_room(database: &str) -> (Child, String) {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a free port");
    let port = listener.local_addr().expect("its number").port();
    drop(listener);
    // In blocks of 512 bytes, as POSIX has it. Ignored, the signal leaves the error of the write.
    let limited = format!("ulimit -f {}; trap '' XFSZ; exec \"$0\" \"$@\"", ROOM / 512);
    let child = Command::new("sh")
        .args(["-c", &limited, BINARY, "serve", "--database", database])
        .args(["--listen", &format!("127.0.0.1:{port}")])
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("gemba starts");
    (child, format!("http://127.0.0.1:{port}"))
}

fn agent() -> ureq::Agent {
    let config = ureq::Agent::config_builder().timeout_global(Some(Duration::from_secs(20)));
    config.http_status_as_error(false).build().into()
}

/// Claims what there is to do until a write is refused; whether it was.
fn wait_until_full(url: &str, token: &str) -> bool {
    let bearer = format!("Bearer {token}");
    for _ in 0..2_000 {
        let list = agent()
            .get(format!("{url}/api/v1/work-items?mine=true&limit=1"))
            .header("authorization", &bearer)
            .call();
        let text = list.expect("what is there is read").body_mut().read_to_string().expect("text");
        let list: serde_json::Value = serde_json::from_str(&text).expect("JSON");
        let Some(id) = list["items"][0]["id"].as_str() else {
            std::thread::sleep(Duration::from_millis(20));
            continue;
        };
        let claim = agent()
            .put(format!("{url}/api/v1/work-items/{id}/claim"))
            .header("authorization", &bearer)
            .header("content-type", "application/json")
            .send("{}");
        if claim.expect("an answer").status().as_u16() >= 500 {
            return true;
        }
    }
    false
}

#[test]
fn a_full_disk_loses_nothing_that_was_acknowledged_and_is_survived() {
    let folder = tempfile::tempdir().expect("a folder");
    let database = format!("sqlite:{}", folder.path().join("gemba.db").display());
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let (token, slug) = runtime.block_on(prepare(&database));
    let acknowledged: Arc<Mutex<BTreeSet<String>>> = Arc::default();
    let over = AtomicBool::new(false);
    let (child, url) = serve_with_little_room(&database);
    wait_until_it_listens(&url);
    std::thread::scope(|scope| {
        scope.spawn(|| work(&url, &token, &acknowledged, &over));
        assert!(wait_until_full(&url, &token), "the disk was never full");
        // It goes on to serve what is there, and to refuse what does not fit.
        for _ in 0..20 {
            assert!(wait_until_full(&url, &token), "there was room again");
        }
        let alive = agent().get(format!("{url}/healthz")).call().expect("an answer");
        assert_eq!(alive.status().as_u16(), 200);
        over.store(true, Ordering::SeqCst);
    });
    kill(child);
    let before = acknowledged.lock().expect("the set").len();
    // With room again, everything goes on where it was.
    let (child, url) = serve(&database);
    wait_until_it_listens(&url);
    let app = runtime.block_on(open(&database));
    runtime.block_on(wait_until_handled(&app));
    let over = AtomicBool::new(false);
    std::thread::scope(|scope| {
        scope.spawn(|| work(&url, &token, &acknowledged, &over));
        std::thread::sleep(Duration::from_millis(300));
        over.store(true, Ordering::SeqCst);
    });
    kill(child);
    let acknowledged = acknowledged.lock().expect("the set").clone();
    assert!(acknowledged.len() > before, "nothing was done after there was room again");
    runtime.block_on(check(&app, &slug, &acknowledged));
    let (verdict, code) = told(&["audit", "verify", "--database", &database]);
    assert_eq!(code, 0, "{verdict}");
}
