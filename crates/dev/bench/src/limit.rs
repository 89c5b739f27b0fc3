//! What the database itself can do on this disk: the rows of a step written by hand, without an engine,
//! in one transaction or in one statement, by as many clients as the engine has.
//!
//! A step there closes a task, opens the next one, moves its case on and adds an event. A client waits
//! until its step is durable before it does the next. Of what the database offers, each way is measured
//! that one could take: a transaction per step and, where several wait, many steps to a transaction.

use gemba_testkit::Postgres;
use rusqlite::{Connection, params};
use std::path::Path;
use std::sync::mpsc;
use std::time::{Duration, Instant};
use tokio_postgres::types::ToSql;
use tokio_postgres::{Client, NoTls};

/// The steps of a case.
const STEPS: i64 = 5;
/// The most steps that are written together.
const BATCH: usize = 256;
/// What a step leaves behind: as many bytes as an event of the engine has.
const RESULT: &str = r#"{"outcome":"done","by":"seat","evidence":"report r-2026-06.pdf, sent to the team","note":"as it is"}"#;

const SCHEMA: &str = "
    CREATE TABLE kase (id BIGINT PRIMARY KEY, state TEXT NOT NULL, at_step BIGINT NOT NULL);
    CREATE TABLE task (kase BIGINT NOT NULL, step BIGINT NOT NULL, state TEXT NOT NULL,
        seat TEXT NOT NULL, result TEXT, PRIMARY KEY (kase, step));
    CREATE INDEX task_open ON task (seat, state) WHERE state = 'open';
    CREATE TABLE happened (kase BIGINT NOT NULL, seq BIGINT NOT NULL, body TEXT NOT NULL,
        PRIMARY KEY (kase, seq));";

/// Begins a case (step 0), or does one of its steps; whom to tell when it is durable.
struct Asked<T> {
    kase: i64,
    step: i64,
    tell: T,
}

/// How long each step took.
pub(crate) type Each = Vec<Duration>;

/// The steps of cases by clients in threads, each handed to one thread that commits what waits together.
pub(crate) fn sqlite(folder: &Path, clients: usize, time: Duration) -> Each {
    let home = tempfile::tempdir_in(folder).expect("a folder");
    let conn = Connection::open(home.path().join("limit.db")).expect("a file");
    conn.pragma_update(None, "journal_mode", "WAL").expect("the log");
    conn.pragma_update(None, "synchronous", "FULL").expect("durable");
    conn.execute_batch(SCHEMA).expect("tables");
    let (ask, asked) = mpsc::channel::<Asked<mpsc::SyncSender<()>>>();
    let end = Instant::now() + time;
    std::thread::scope(|scope| {
        scope.spawn(move || {
            let mut batch = Vec::new();
            while let Ok(first) = asked.recv() {
                batch.push(first);
                batch.extend(asked.try_iter().take(BATCH - 1));
                conn.execute_batch("BEGIN IMMEDIATE").expect("begun");
                for one in &batch {
                    step(&conn, one.kase, one.step);
                }
                conn.execute_batch("COMMIT").expect("durable");
                for one in batch.drain(..) {
                    one.tell.send(()).expect("told");
                }
            }
        });
        let threads: Vec<_> = (0..clients)
            .map(|client| {
                let ask = ask.clone();
                scope.spawn(move || {
                    let (tell, told) = mpsc::sync_channel(1);
                    let mut each = Vec::new();
                    for kase in cases(client, clients) {
                        if Instant::now() >= end {
                            break;
                        }
                        for step in 0..=STEPS {
                            let one = Instant::now();
                            let tell = tell.clone();
                            ask.send(Asked { kase, step, tell }).expect("asked");
                            told.recv().expect("durable");
                            if step > 0 {
                                each.push(one.elapsed());
                            }
                        }
                    }
                    each
                })
            })
            .collect();
        drop(ask);
        threads.into_iter().flat_map(|thread| thread.join().expect("a client ends")).collect()
    })
}

fn step(conn: &Connection, kase: i64, step: i64) {
    let run = |sql: &str, values: &[&dyn rusqlite::ToSql]| {
        conn.prepare_cached(sql).and_then(|mut s| s.execute(values)).expect("written");
    };
    if step == 0 {
        run("INSERT INTO kase VALUES (?1, 'open', 1)", params![kase]);
    } else {
        let sql = "UPDATE task SET state = 'done', result = ?3 WHERE kase = ?1 AND step = ?2";
        run(sql, params![kase, step, RESULT]);
        let state = if step < STEPS { "open" } else { "done" };
        let sql = "UPDATE kase SET at_step = ?2, state = ?3 WHERE id = ?1";
        run(sql, params![kase, step + 1, state]);
    }
    if step < STEPS {
        let sql = "INSERT INTO task VALUES (?1, ?2, 'open', 'seat', NULL)";
        run(sql, params![kase, step + 1]);
    }
    run("INSERT INTO happened VALUES (?1, ?2, ?3)", params![kase, step, RESULT]);
}

fn cases(client: usize, clients: usize) -> impl Iterator<Item = i64> {
    (client..).step_by(clients).map(|n| i64::try_from(n).expect("few"))
}

/// One connection to a fresh database.
async fn connect(url: &str) -> Client {
    let (client, moving) = tokio_postgres::connect(url, NoTls).await.expect("connected");
    tokio::spawn(moving);
    client
}

const BEGIN: &str = "WITH b AS (SELECT unnest($1::bigint[]) AS kase),
    c AS (INSERT INTO kase SELECT kase, 'open', 1 FROM b),
    t AS (INSERT INTO task SELECT kase, 1, 'open', 'seat', NULL FROM b)
    INSERT INTO happened SELECT kase, 0, $2 FROM b";
const DO: &str = "WITH b AS (SELECT * FROM unnest($1::bigint[], $2::bigint[]) AS b (kase, step)),
    u AS (UPDATE task t SET state = 'done', result = $3 FROM b
        WHERE t.kase = b.kase AND t.step = b.step RETURNING t.kase, t.step),
    t AS (INSERT INTO task SELECT kase, step + 1, 'open', 'seat', NULL FROM u WHERE step < 5),
    c AS (UPDATE kase SET at_step = u.step + 1,
        state = CASE WHEN u.step < 5 THEN 'open' ELSE 'done' END FROM u WHERE id = u.kase)
    INSERT INTO happened SELECT kase, step, $3 FROM u";

/// Each client on a connection of its own, one statement to a step.
pub(crate) async fn postgres_by_statement(
    server: &Postgres,
    clients: usize,
    time: Duration,
) -> Each {
    let url = server.database();
    connect(&url).await.batch_execute(SCHEMA).await.expect("tables");
    let end = Instant::now() + time;
    let tasks: Vec<_> = (0..clients)
        .map(|client| {
            let url = url.clone();
            tokio::spawn(async move {
                let conn = connect(&url).await;
                let begin = conn.prepare(BEGIN).await.expect("prepared");
                let step = conn.prepare(DO).await.expect("prepared");
                let mut each = Vec::new();
                for kase in cases(client, clients) {
                    if Instant::now() >= end {
                        break;
                    }
                    conn.execute(&begin, &[&vec![kase], &RESULT]).await.expect("begun");
                    for n in 1..=STEPS {
                        let one = Instant::now();
                        conn.execute(&step, &[&vec![kase], &vec![n], &RESULT]).await.expect("done");
                        each.push(one.elapsed());
                    }
                }
                each
            })
        })
        .collect();
    ended(tasks).await
}

/// All clients hand their steps to one connection, which writes what waits with one statement.
pub(crate) async fn postgres_batched(server: &Postgres, clients: usize, time: Duration) -> Each {
    use tokio::sync::{mpsc, oneshot};
    let url = server.database();
    let conn = connect(&url).await;
    conn.batch_execute(SCHEMA).await.expect("tables");
    let (begin, step) = tokio::try_join!(conn.prepare(BEGIN), conn.prepare(DO)).expect("prepared");
    let (ask, mut asked) = mpsc::unbounded_channel::<Asked<oneshot::Sender<()>>>();
    tokio::spawn(async move {
        let mut batch = Vec::new();
        while asked.recv_many(&mut batch, BATCH).await > 0 {
            let begun: Vec<i64> = batch.iter().filter(|a| a.step == 0).map(|a| a.kase).collect();
            let done = || batch.iter().filter(|a| a.step > 0);
            let kases: Vec<i64> = done().map(|a| a.kase).collect();
            let steps: Vec<i64> = done().map(|a| a.step).collect();
            let begun: [&(dyn ToSql + Sync); 2] = [&begun, &RESULT];
            let done: [&(dyn ToSql + Sync); 3] = [&kases, &steps, &RESULT];
            let written = tokio::try_join!(
                conn.batch_execute("BEGIN"),
                conn.execute(&begin, &begun),
                conn.execute(&step, &done),
                conn.batch_execute("COMMIT"),
            );
            written.expect("durable");
            for one in batch.drain(..) {
                one.tell.send(()).expect("told");
            }
        }
    });
    let end = Instant::now() + time;
    let tasks: Vec<_> = (0..clients)
        .map(|client| {
            let ask = ask.clone();
            tokio::spawn(async move {
                let mut each = Vec::new();
                for kase in cases(client, clients) {
                    if Instant::now() >= end {
                        break;
                    }
                    for step in 0..=STEPS {
                        let one = Instant::now();
                        let (tell, told) = oneshot::channel();
                        ask.send(Asked { kase, step, tell }).expect("asked");
                        told.await.expect("durable");
                        if step > 0 {
                            each.push(one.elapsed());
                        }
                    }
                }
                each
            })
        })
        .collect();
    drop(ask);
    ended(tasks).await
}

async fn ended(tasks: Vec<tokio::task::JoinHandle<Each>>) -> Each {
    let mut all = Vec::new();
    for task in tasks {
        all.extend(task.await.expect("a client ends"));
    }
    all
}
