//! Completing steps through the REST door of the real server: keep-alive clients with a token each, every
//! step durable before its client goes on.

use crate::engine::{Wall, sequence, set_up};
use crate::figures::{cpu_s_of, median, percentile_ms, rate, rounded, rss_mb};
use crate::http::Server;
use gemba_app::{App, Who, tokens};
use gemba_store::Store;
use gemba_store_postgres::PostgresStore;
use gemba_store_sqlite::SqliteStore;
use gemba_testkit::Postgres;
use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

/// What is measured.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Asked<'a> {
    pub(crate) gemba: &'a Path,
    pub(crate) postgres: bool,
    pub(crate) clients: usize,
    pub(crate) steps: usize,
    pub(crate) seconds: u64,
    pub(crate) rounds: u32,
    /// Whether each request carries an idempotency key.
    pub(crate) keyed: bool,
}

pub(crate) fn run(asked: Asked<'_>) -> serde_json::Value {
    let Asked { gemba, postgres, clients, steps, seconds, rounds, keyed } = asked;
    let folder = tempfile::tempdir().expect("a folder");
    let server = postgres.then(|| Postgres::start().expect("a PostgreSQL server on this machine"));
    let database = match &server {
        Some(server) => server.database(),
        None => format!("sqlite:{}", folder.path().join("bench.db").display()),
    };
    let (slug, tokens) = prepare(&database, clients, steps);
    let (serving, host) = serve(gemba, &database);
    let pid = serving.child.id();
    let (mut each, mut rates, mut time, mut cpu) = (Vec::new(), Vec::new(), Duration::ZERO, 0.0);
    let turn = Duration::from_secs(seconds) / rounds.max(1);
    for round in 0..rounds.max(1) {
        let (before, begun) = (cpu_s_of(pid), Instant::now());
        let end = begun + turn;
        let done: Vec<Duration> = std::thread::scope(|scope| {
            let threads: Vec<_> = tokens
                .iter()
                .enumerate()
                .map(|(nth, token)| {
                    let key = keyed.then(|| format!("{round}-{nth}"));
                    let mut wire = Wire::to(&host, token, key);
                    let slug = &slug;
                    scope.spawn(move || wire.work(slug, steps, end))
                })
                .collect();
            threads.into_iter().flat_map(|t| t.join().expect("a client ends")).collect()
        });
        let took = begun.elapsed();
        cpu += before.zip(cpu_s_of(pid)).map_or(0.0, |(before, after)| after - before);
        rates.push(rate(done.len(), took));
        time += took;
        each.extend(done);
    }
    let rss = rss_mb(pid);
    drop(serving);
    let n = each.len();
    #[expect(clippy::as_conversions, reason = "counts far below 2^52")]
    let cpu_us = rounded(cpu * 1_000_000.0 / n.max(1) as f64);
    serde_json::json!({
        "bench": "rest",
        "store": if postgres { "postgres" } else { "sqlite" },
        "clients": clients,
        "idempotency_keys": keyed,
        "steps": n,
        "seconds": rounded(time.as_secs_f64()),
        "steps_per_s": median(&rates),
        "rounds": rates,
        "p50_ms": percentile_ms(&mut each, 0.5),
        "p99_ms": percentile_ms(&mut each, 0.99),
        "server_cpu_us_per_step": cpu_us,
        "server_rss_mb": rss,
    })
}

/// A workspace with a process, and a token for each client.
fn prepare(database: &str, clients: usize, steps: usize) -> (String, Vec<String>) {
    let runtime =
        tokio::runtime::Builder::new_multi_thread().enable_all().build().expect("a runtime");
    let made = runtime.block_on(async {
        let store: Arc<dyn Store> = match database.strip_prefix("sqlite:") {
            Some(path) => Arc::new(SqliteStore::open(Path::new(path)).expect("a store")),
            None => Arc::new(PostgresStore::connect(database).await.expect("a store")),
        };
        let app = App::new(store, Arc::new(Wall), Arc::new(Wall));
        let slug = set_up(&app, &sequence(steps)).await;
        let mut made = Vec::with_capacity(clients);
        for nth in 0..clients {
            let name = format!("bench {nth}");
            let token = tokens::create(&app, &Who::operator(), "doer", &name).await;
            made.push(token.expect("a token").secret);
        }
        (slug, made)
    });
    runtime.shutdown_timeout(Duration::from_secs(1));
    made
}

/// A server on a database, and where it listens.
pub(crate) fn serve(gemba: &Path, database: &str) -> (Server, String) {
    let port = std::net::TcpListener::bind("127.0.0.1:0")
        .and_then(|l| l.local_addr())
        .expect("a free port")
        .port();
    let host = format!("127.0.0.1:{port}");
    let child = Command::new(gemba)
        .args(["serve", "--database", database, "--listen", &host])
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("gemba starts; build it with cargo build --release");
    let server = Server { child, url: format!("http://{host}") };
    while TcpStream::connect(&host).is_err() {
        std::thread::sleep(Duration::from_millis(5));
    }
    (server, host)
}

/// A client: one connection that is kept.
pub(crate) struct Wire {
    stream: TcpStream,
    /// What goes with each request.
    head: String,
    /// What its idempotency keys begin with.
    key: Option<String>,
    n: u64,
    buffer: Vec<u8>,
}

impl Wire {
    pub(crate) fn to(host: &str, token: &str, key: Option<String>) -> Self {
        let stream = TcpStream::connect(host).expect("connected");
        stream.set_nodelay(true).expect("set");
        let head = format!(
            "host: {host}\r\nauthorization: Bearer {token}\r\ncontent-type: application/json\r\n"
        );
        Self { stream, head, key, n: 0, buffer: Vec::with_capacity(8_192) }
    }

    /// Starts runs and does their steps until the time is over; how long each step took comes back.
    pub(crate) fn work(&mut self, slug: &str, steps: usize, end: Instant) -> Vec<Duration> {
        let mut each = Vec::new();
        while Instant::now() < end {
            let started =
                self.ask("POST", &format!("processes/{slug}/runs"), r#"{"title":"bench"}"#, 201);
            let started: serde_json::Value = serde_json::from_str(&started).expect("JSON");
            let run = started.get("id").and_then(serde_json::Value::as_str).expect("an id");
            for step in 1..=steps {
                let one = Instant::now();
                self.ask("PUT", &format!("runs/{run}/steps/step-{step}/completion"), "{}", 200);
                each.push(one.elapsed());
            }
        }
        each
    }

    /// Sends a request and waits for its whole answer, which must have this status; its body.
    pub(crate) fn ask(&mut self, method: &str, path: &str, body: &str, expected: u16) -> String {
        self.n += 1;
        let key = self
            .key
            .as_ref()
            .map_or_else(String::new, |key| format!("idempotency-key: {key}-{}\r\n", self.n));
        let request = format!(
            "{method} /api/v1/{path} HTTP/1.1\r\n{}{key}content-length: {}\r\n\r\n{body}",
            self.head,
            body.len()
        );
        self.stream.write_all(request.as_bytes()).expect("sent");
        self.buffer.clear();
        let mut piece = [0; 8_192];
        let (head, length) = loop {
            let n = self.stream.read(&mut piece).expect("an answer");
            assert!(n > 0, "the server hung up");
            self.buffer.extend_from_slice(piece.get(..n).unwrap_or_default());
            let end = self.buffer.windows(4).position(|four| four == b"\r\n\r\n");
            let Some(end) = end else { continue };
            let head = String::from_utf8_lossy(self.buffer.get(..end).unwrap_or_default());
            let length = head.lines().find_map(|line| {
                let (name, value) = line.split_once(':')?;
                name.eq_ignore_ascii_case("content-length").then(|| value.trim().parse().ok())?
            });
            let length: usize = length.expect("an answer that says how long it is");
            if self.buffer.len() >= end + 4 + length {
                break (head.into_owned(), length);
            }
        };
        let from = self.buffer.len() - length;
        let body = self.buffer.get(from..).unwrap_or_default();
        let body = String::from_utf8_lossy(body).into_owned();
        let status = head.split(' ').nth(1).and_then(|status| status.parse().ok());
        assert_eq!(status, Some(expected), "{method} {path}: {body}");
        body
    }
}
