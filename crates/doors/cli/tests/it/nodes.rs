//! Several servers on one PostgreSQL, and a workspace moved there and back.

use crate::crash::{kill, serve, wait_until_it_listens};
use crate::gemba::{said, told};
use gemba_app::{
    Who, accounts,
    outbox::{self, ChannelInput, TargetInput},
};
use gemba_testkit::Postgres;
use serde_json::Value;
use std::io::{BufRead as _, BufReader};
use std::time::Duration;

fn agent() -> ureq::Agent {
    let config = ureq::Agent::config_builder().timeout_global(Some(Duration::from_secs(20)));
    config.http_status_as_error(false).build().into()
}

struct Client<'a> {
    url: &'a str,
    token: &'a str,
}

impl Client<'_> {
    fn get(&self, path: &str) -> Value {
        let call = agent().get(format!("{}/api/v1/{path}", self.url));
        let bearer = format!("Bearer {}", self.token);
        let mut answer = call.header("authorization", &bearer).call().expect("an answer");
        let text = answer.body_mut().read_to_string().expect("text");
        serde_json::from_str(&text).expect("JSON")
    }

    fn send(&self, path: &str, put: bool, body: &str) -> u16 {
        let url = format!("{}/api/v1/{path}", self.url);
        let call = if put { agent().put(url) } else { agent().post(url) };
        let bearer = format!("Bearer {}", self.token);
        let call = call.header("authorization", &bearer).header("content-type", "application/json");
        call.send(body).expect("an answer").status().as_u16()
    }
}

const SOP: &str = "---
owner: Doer
---

# Two steps

## Steps

1. **Look** {#look}

   Look.

2. **Write it down** {#write}

   Write.
";

/// A workspace with one process and its token.
fn prepare(database: &str, folder: &std::path::Path) -> String {
    let sop = crate::gemba::file(folder, "two-steps.md", SOP.as_bytes());
    let at = ["--database", database];
    let setup = ["setup", "--name", "Acme", "--zone", "UTC", "--email", "o@example.com"];
    let (_, code) = told(&[&setup[..], &["--owner", "Olga"], &at].concat());
    assert_eq!(code, 0);
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let token = runtime.block_on(async {
        use gemba_app::{Who, processes, publishing, seats, tokens};
        let app = crate::crash::open(database).await;
        let who = Who::operator();
        let seat = seats::SeatInput {
            name: "Doer".to_owned(),
            holder: seats::HolderInput::Vacant,
            ..seats::SeatInput::default()
        };
        seats::create(&app, &who, seat).await.expect("a seat");
        let bytes = std::fs::read(&sop).expect("the SOP");
        let file = processes::File { name: "two-steps.md".to_owned(), bytes };
        processes::import(&app, &who, vec![file]).await.expect("imported");
        let with = publishing::Publication::default();
        publishing::publish(&app, &who, "two-steps", with).await.expect("published");
        tokens::create(&app, &who, "doer", "nodes").await.expect("a token").secret
    });
    runtime.shutdown_timeout(Duration::from_secs(1));
    token
}

#[test]
fn what_is_done_through_one_node_is_seen_on_every_other() {
    let Some(server) = Postgres::start() else { return };
    let (database, folder) = (server.database(), tempfile::tempdir().expect("a folder"));
    let token = prepare(&database, folder.path());
    let nodes: Vec<_> = (0..3).map(|_| serve(&database)).collect();
    for (_, url) in &nodes {
        wait_until_it_listens(url);
    }
    let [a, b, c] = [0, 1, 2].map(|n| Client { url: &nodes[n].1, token: &token });
    assert_eq!(a.send("processes/two-steps/runs", false, "{}"), 201);
    let item = |client: &Client<'_>| {
        let list = client.get("work-items?mine=true");
        list["items"][0]["id"].as_str().map(str::to_owned)
    };
    let first = item(&b).expect("the first step is offered on the second node");
    assert_eq!(c.send(&format!("work-items/{first}/claim"), true, "{}"), 204);
    assert_eq!(b.send(&format!("work-items/{first}/completion"), true, "{}"), 200);
    assert_eq!(a.send(&format!("work-items/{first}/completion"), true, "{}"), 409, "done once");
    let second = item(&a).expect("the second step is offered on the first node");
    assert_ne!(first, second);
    // Whoever is asked first does it; the others say so.
    let mut answers: Vec<u16> = std::thread::scope(|scope| {
        let done = [&a, &b, &c].map(|client| {
            let path = format!("work-items/{second}/completion");
            scope.spawn(move || client.send(&path, true, "{}"))
        });
        done.map(|thread| thread.join().expect("an answer")).to_vec()
    });
    answers.sort_unstable();
    assert_eq!(answers, [200, 409, 409]);
    for client in [&a, &b, &c] {
        let runs = client.get("processes/two-steps/runs");
        assert_eq!(runs["items"][0]["state"], "completed", "{runs}");
        assert_eq!(item(client), None);
    }
    for (child, _) in nodes {
        kill(child);
    }
}

/// The secret of a session of the workspace's owner.
fn session(database: &str) -> String {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let secret = runtime.block_on(async {
        let app = crate::crash::open(database).await;
        let who = Who::operator();
        let owner = accounts::list(&app, &who).await.expect("accounts").remove(0);
        let hour = jiff::SignedDuration::from_hours(1);
        let link = accounts::link(&app, &who, owner.id, hour).await.expect("a link");
        accounts::use_link(&app, &link).await.expect("a session").secret
    });
    runtime.shutdown_timeout(Duration::from_secs(1));
    secret
}

#[test]
fn a_page_hears_of_what_was_done_through_another_node() {
    let Some(server) = Postgres::start() else { return };
    let (database, folder) = (server.database(), tempfile::tempdir().expect("a folder"));
    let token = prepare(&database, folder.path());
    let cookie = format!("gemba_session={}", session(&database));
    let nodes: Vec<_> = (0..2).map(|_| serve(&database)).collect();
    for (_, url) in &nodes {
        wait_until_it_listens(url);
    }
    let [a, b] = [0, 1].map(|n| Client { url: &nodes[n].1, token: &token });
    assert_eq!(a.send("processes/two-steps/runs", false, "{}"), 201);
    let run = b.get("processes/two-steps/runs")["items"][0]["id"].as_str().expect("it").to_owned();
    let call = agent().get(format!("{}/live?run={run}&seen=nothing", b.url));
    let mut answer = call.header("cookie", &cookie).call().expect("an answer");
    assert_eq!(answer.status(), 200);
    let mut lines = BufReader::new(answer.body_mut().as_reader()).lines();
    let mut mark = move || loop {
        let line = lines.next().expect("the stream goes on").expect("a line");
        if let Some(mark) = line.strip_prefix("data: ") {
            return mark.to_owned();
        }
    };
    let before = mark();
    let list = a.get("work-items?mine=true");
    let first = list["items"][0]["id"].as_str().expect("a step");
    assert_eq!(a.send(&format!("work-items/{first}/completion"), true, "{}"), 200);
    assert_ne!(mark(), before);
    for (child, _) in nodes {
        kill(child);
    }
}

#[test]
fn a_workspace_moves_to_postgres_and_back_without_a_difference() {
    let Some(server) = Postgres::start() else { return };
    let folder = tempfile::tempdir().expect("a folder");
    let file = |name: &str| format!("sqlite:{}", folder.path().join(name).display());
    let (there, back) = (server.database(), file("back.db"));
    // The sample company has rows of nearly every kind; the outbox is filled here.
    let home = file("home.db");
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    runtime.block_on(async {
        let app = crate::crash::open(&home).await;
        gemba_sample::fill(&app, app.now()).await.expect("the sample company");
        gemba_app::search::prepare(&app).await.expect("the search");
        let target = TargetInput::Mail { to: vec!["team@acme.example".to_owned()] };
        let (name, kinds) = ("Team".to_owned(), Vec::new());
        let channel = ChannelInput { name, target, kinds, process: None };
        let who = Who::operator();
        let channel = outbox::create(&app, &who, channel).await.expect("a channel");
        outbox::test(&app, &who, channel.id).await.expect("a delivery");
    });
    let moved = |from: &str, to: &str| told(&["move", "--from", from, "--to", to]);
    let (first, code) = moved(&home, &there);
    assert_eq!(code, 0, "{first}");
    for line in first.lines() {
        assert!(
            !line.trim_start().starts_with("0 ")
                || ["files", "deliveries"].iter().any(|none| line.contains(none)),
            "{first}"
        );
    }
    let (second, code) = moved(&there, &back);
    assert_eq!((second.as_str(), code), (first.as_str(), 0), "there and back is the same");
    let (third, code) = moved(&back, &server.database());
    assert_eq!((third.as_str(), code), (first.as_str(), 0));

    let refused = |from: &str, to: &str, expected: &str| {
        let (why, code) = said(&["move", "--from", from, "--to", to]);
        assert!(code == 2 && why.contains(expected), "{code} {why}");
    };
    refused(&home, &there, "nothing was moved");
    refused(&there, &back, "nothing was moved");
    refused(&home, &home, "same database");
    refused(&file("missing.db"), &server.database(), "no database");
    refused(&server.database(), &file("empty.db"), "nothing in");
    refused(&home, "mysql://x", "postgres://");

    // A backup of the one is a backup of the other.
    let image = folder.path().join("image").display().to_string();
    let (_, code) = told(&["backup", &image, "--database", &there]);
    assert_eq!(code, 0);
    let (_, code) = told(&["restore", &image, "--database", &file("restored.db")]);
    assert_eq!(code, 0);
    let (fourth, code) = moved(&file("restored.db"), &file("again.db"));
    assert_eq!((fourth.as_str(), code), (first.as_str(), 0));
    let (told, code) = told(&["doctor", "--database", &there]);
    assert!(code == 0 && told.contains("whole"), "{told}");
}
