//! `kill -9` at random moments while runs go on, on one server with SQLite and on three that share a
//! PostgreSQL: nothing acknowledged is lost, nothing is done twice, no occurrence is missed or doubled.

use crate::gemba::BINARY;
use gemba_app::{
    App, Who, accounts::NewAccount, processes, runs, seats, tokens, triggers, workspace,
};
use gemba_engine::{Event, Run};
use gemba_model::role::Role;
use gemba_store::Store;
use gemba_store_postgres::PostgresStore;
use gemba_store_sqlite::SqliteStore;
use gemba_testkit::{FakeClock, Postgres, SeededChance, TestApp};
use jiff::{SignedDuration, Timestamp};
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

/// How often the server is killed.
const KILLS: usize = 100;
/// How many days of a daily schedule nobody handled before the first start.
const DAYS: i64 = 300;

/// The status that says that the store failed.
const FAILED: u16 = 500;

const SOP: &str = "---
owner: Doer
trigger: every day at 06:00
---

# Daily check

## Steps

1. **Look** {#look}

   Look.

2. **Judge** {#judge}

   - If it is wrong, go back to step 1.
   - Otherwise, continue.

3. **Write it down** {#write}

   Write.
";

/// The kills of the nodes that share a PostgreSQL, and after how many of them the database itself is
/// stopped in the middle of everything.
const NODE_KILLS: usize = 60;
const DATABASE_KILL_EVERY: usize = 20;

/// A node that serves, and a client that works on it.
struct Node {
    child: Child,
    killed: Arc<AtomicBool>,
    worker: JoinHandle<()>,
    url: String,
}

impl Node {
    fn start(database: &str, token: &str, done: &Arc<Mutex<BTreeSet<String>>>) -> Self {
        let (child, url) = serve(database);
        let killed = Arc::new(AtomicBool::new(false));
        let worker = {
            let (token, done) = (token.to_owned(), Arc::clone(done));
            let (url, killed) = (url.clone(), Arc::clone(&killed));
            std::thread::spawn(move || work(&url, &token, &done, &killed))
        };
        Self { child, killed, worker, url }
    }

    fn kill(self) {
        kill(self.child);
        self.killed.store(true, Ordering::SeqCst);
        self.worker.join().expect("the client ends");
    }
}

/// xorshift64 (Marsaglia 2003)
fn next(chance: &mut u64) -> u64 {
    *chance ^= *chance << 13;
    *chance ^= *chance >> 7;
    *chance ^= *chance << 17;
    *chance
}

#[test]
fn a_hundred_kills_lose_nothing_and_double_nothing() {
    let folder = tempfile::tempdir().expect("a folder");
    let database = format!("sqlite:{}", folder.path().join("gemba.db").display());
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let (token, slug) = runtime.block_on(prepare(&database));
    let acknowledged: Arc<Mutex<BTreeSet<String>>> = Arc::default();
    let mut chance = 0x1234_5678_u64;
    for round in 0..KILLS {
        let node = Node::start(&database, &token, &acknowledged);
        // Every other time the moment is counted from when work is done, so that it is cut off however
        // slow the machine is; else from the start of the program.
        if round % 2 == 0 {
            wait_until_it_listens(&node.url);
            wait_for_work(&acknowledged);
        }
        std::thread::sleep(Duration::from_millis(20 + next(&mut chance) % 250));
        node.kill();
    }
    // One more start, left alone until everything that was due is handled.
    let (child, _url) = serve(&database);
    let app = runtime.block_on(open(&database));
    runtime.block_on(wait_until_handled(&app));
    kill(child);
    let acknowledged = acknowledged.lock().expect("the set").clone();
    assert!(acknowledged.len() >= KILLS / 4, "too little happened: {}", acknowledged.len());
    runtime.block_on(check(&app, &slug, &acknowledged));
}

#[test]
fn three_nodes_on_one_postgres_lose_nothing_when_they_and_it_are_killed() {
    let Some(server) = Postgres::start() else { return };
    let database = server.database();
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let (token, slug) = runtime.block_on(prepare(&database));
    let acknowledged: Arc<Mutex<BTreeSet<String>>> = Arc::default();
    let start = || Node::start(&database, &token, &acknowledged);
    let mut nodes = VecDeque::from([start(), start(), start()]);
    let mut chance = 0x8765_4321_u64;
    for round in 0..NODE_KILLS {
        std::thread::sleep(Duration::from_millis(20 + next(&mut chance) % 250));
        if round % DATABASE_KILL_EVERY == DATABASE_KILL_EVERY / 2 && server.is_ours() {
            server.crash();
        }
        // The one that has served longest, so that each gets to do something.
        nodes.pop_front().expect("a node").kill();
        nodes.push_back(start());
        wait_until_it_listens(&nodes[1].url);
        wait_for_work(&acknowledged);
    }
    let app = runtime.block_on(open(&database));
    runtime.block_on(wait_until_handled(&app));
    for node in nodes {
        node.kill();
    }
    let acknowledged = acknowledged.lock().expect("the set").clone();
    assert!(acknowledged.len() >= NODE_KILLS / 4, "too little happened: {}", acknowledged.len());
    runtime.block_on(check(&app, &slug, &acknowledged));
}

pub(crate) fn wait_until_it_listens(url: &str) {
    let address = url.trim_start_matches("http://");
    for _ in 0..3_000 {
        if std::net::TcpStream::connect(address).is_ok() {
            return;
        }
        std::thread::sleep(Duration::from_millis(10));
    }
}

/// Waits until one more completion is acknowledged, or for a while where there may be no work left.
fn wait_for_work(acknowledged: &Mutex<BTreeSet<String>>) {
    let before = acknowledged.lock().expect("the set").len();
    for _ in 0..200 {
        if acknowledged.lock().expect("the set").len() > before {
            return;
        }
        std::thread::sleep(Duration::from_millis(10));
    }
}

async fn store(database: &str) -> Arc<dyn Store> {
    match database.strip_prefix("sqlite:") {
        Some(path) => Arc::new(SqliteStore::open(Path::new(path)).expect("a store")),
        None => Arc::new(PostgresStore::connect(database).await.expect("a store")),
    }
}

pub(crate) async fn open(database: &str) -> App {
    App::new(store(database).await, FakeClock::at(now()), SeededChance::new(99))
}

fn now() -> Timestamp {
    #[expect(clippy::disallowed_methods, reason = "the server under test lives in real time")]
    let now = Timestamp::now();
    Timestamp::from_microsecond(now.as_microsecond()).expect("in range")
}

/// A workspace whose daily schedule came due [`DAYS`] times before anybody looked.
pub(crate) async fn prepare(database: &str) -> (String, String) {
    let kit = TestApp::bare(store(database).await);
    kit.clock.set(now() - SignedDuration::from_hours(24 * DAYS));
    let owner = NewAccount {
        email: "o@example.com".to_owned(),
        name: "Olga".to_owned(),
        password: None,
        role: Role::Owner,
    };
    let new = workspace::NewWorkspace { name: "A".to_owned(), zone: "UTC".to_owned(), owner };
    workspace::create(&kit.app, new).await.expect("a workspace");
    let seat = seats::SeatInput {
        name: "Doer".to_owned(),
        holder: seats::HolderInput::Vacant,
        ..seats::SeatInput::default()
    };
    seats::create(&kit.app, &Who::operator(), seat).await.expect("a seat");
    let slug = kit.publish(SOP).await;
    let token = tokens::create(&kit.app, &Who::operator(), "doer", "crash").await.expect("a token");
    (token.secret, slug)
}

pub(crate) fn serve(database: &str) -> (Child, String) {
    let port = std::net::TcpListener::bind("127.0.0.1:0")
        .and_then(|l| l.local_addr())
        .expect("a free port")
        .port();
    let child = Command::new(BINARY)
        .args(["serve", "--database", database])
        .args(["--listen", &format!("127.0.0.1:{port}")])
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("gemba starts");
    (child, format!("http://127.0.0.1:{port}"))
}

/// SIGKILL on Unix: the server has no moment to tidy up.
pub(crate) fn kill(mut child: Child) {
    child.kill().expect("killed");
    child.wait().expect("gone");
}

/// Does whatever work there is until the server is gone; notes what was acknowledged.
pub(crate) fn work(url: &str, token: &str, done: &Mutex<BTreeSet<String>>, killed: &AtomicBool) {
    let config = ureq::Agent::config_builder().timeout_global(Some(Duration::from_secs(5)));
    let agent: ureq::Agent = config.http_status_as_error(false).build().into();
    let bearer = format!("Bearer {token}");
    let mut n = 0_u32;
    while !killed.load(Ordering::SeqCst) {
        let list = agent
            .get(format!("{url}/api/v1/work-items?mine=true&limit=20"))
            .header("authorization", &bearer)
            .call();
        let mut list = match list {
            Ok(list) if list.status().as_u16() != FAILED => list,
            // Not there yet, or not there any more; or the database is not.
            Ok(_) | Err(_) => {
                std::thread::sleep(Duration::from_millis(2));
                continue;
            }
        };
        let Ok(text) = list.body_mut().read_to_string() else { return };
        let list: serde_json::Value = serde_json::from_str(&text).expect("JSON");
        for item in list["items"].as_array().expect("items") {
            let id = item["id"].as_str().expect("an id");
            n += 1;
            let asks = item["branches"].as_array().is_some_and(|b| !b.is_empty());
            let branch = match (asks, n % 5) {
                (false, _) => None,
                (true, 0) => item["branches"][0]["id"].as_str(),
                (true, _) => Some("otherwise"),
            };
            let mut body = serde_json::Map::new();
            if let Some(branch) = branch {
                body.insert("branch".to_owned(), branch.into());
                body.insert("reason".to_owned(), "as it is".into());
            }
            let sent = agent
                .put(format!("{url}/api/v1/work-items/{id}/completion"))
                .header("authorization", &bearer)
                .header("content-type", "application/json")
                .send(serde_json::Value::from(body).to_string());
            match sent {
                Ok(answer) if answer.status().is_success() => {
                    assert!(done.lock().expect("the set").insert(id.to_owned()), "{id} done twice");
                }
                // Done before the last crash, but the answer was lost: that is no completion of ours.
                Ok(answer) if answer.status().as_u16() == 409 => {}
                // The database went away: whether it is done is unknown.
                Ok(answer) if answer.status().as_u16() == FAILED => {}
                Ok(answer) => panic!("{id}: {}", answer.status()),
                Err(_gone) => return,
            }
        }
    }
}

pub(crate) async fn wait_until_handled(app: &App) {
    let begun = Instant::now();
    while triggers::next_due(app).await.expect("the triggers").is_some_and(|due| due <= now()) {
        assert!(begun.elapsed() < Duration::from_mins(1), "occurrences are not handled");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

pub(crate) async fn check(app: &App, slug: &str, acknowledged: &BTreeSet<String>) {
    let who = Who::operator();
    let process = processes::get(app, &who, slug).await.expect("the process");
    let trigger = process.triggers[0].trigger.id;
    let mut occurrences =
        triggers::occurrences(app, &who, trigger, None, None, 200).await.expect("occurrences");
    let mut all = Vec::new();
    let mut before = None;
    loop {
        let listing = runs::Listing { before, limit: 200, ..runs::Listing::default() };
        let page = runs::list(app, &who, listing).await.expect("runs");
        let Some(last) = page.last() else { break };
        before = Some(last.id);
        all.extend(page);
    }
    // One run per day that came due, and no other.
    let titles: BTreeSet<&str> = all.iter().map(|r| r.title.as_str()).collect();
    assert_eq!(titles.len(), all.len(), "an occurrence was doubled");
    let days = usize::try_from(DAYS).expect("positive");
    assert!((days..=days + 1).contains(&all.len()), "an occurrence was missed: {} runs", all.len());
    occurrences.retain(|o| o.row.run.is_none());
    assert!(occurrences.is_empty(), "an occurrence started no run");

    let mut completed: BTreeMap<String, usize> = BTreeMap::new();
    for row in &all {
        let view = runs::get(app, &who, row.id).await.expect("the run");
        let seqs: Vec<i64> = view.history.iter().map(|line| line.seq).collect();
        let expected: Vec<i64> = (1..=i64::try_from(seqs.len()).expect("few")).collect();
        assert_eq!(seqs, expected, "the history has a gap");
        let state = Run::replay(view.history.iter().map(|line| &line.event));
        assert_eq!(state, view.state, "state and history differ");
        for line in &view.history {
            if let Event::StepCompleted { item, .. } = &line.event {
                *completed.entry(item.to_string()).or_default() += 1;
            }
        }
    }
    assert!(completed.values().all(|n| *n == 1), "a step was done twice");
    for id in acknowledged {
        assert!(completed.contains_key(id), "an acknowledged completion is lost: {id}");
    }
}
