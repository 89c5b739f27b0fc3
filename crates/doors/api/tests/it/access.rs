//! Who may do what: nothing without a token, and per role what the access table says.

use crate::{Client, request};
use axum::{body::Body, http::header};
use gemba_api::operations;
use gemba_testkit::{INVOICING, TestApp};
use serde_json::{Value, json};

fn filled(path: &str) -> String {
    let path = path.replace("{slug}", "x").replace("{id}", "x").replace("{due}", "x");
    path.replace("{number}", "1").replace("{step}", "x").replace("{person}", "x")
}

#[tokio::test]
async fn nothing_is_served_without_a_token() {
    let kit = TestApp::new().await;
    let all = operations();
    assert!(all.len() > 45, "{}", all.len());
    for (method, path) in all {
        for token in [None, Some("gemba_wrong".to_owned()), Some("x".repeat(300))] {
            let client = Client { token, ..Client::stranger(&kit) };
            let asked = request(&method, &filled(&path)).body(Body::empty()).expect("a request");
            let reply = client.send(asked).await;
            reply.problem(401, "APP0101");
            assert_eq!(reply.header("www-authenticate"), "Bearer", "{method} {path}");
        }
    }
}

#[tokio::test]
async fn a_cookie_or_another_scheme_is_no_token() {
    let kit = TestApp::new().await;
    let secret = kit.token("Sales").await;
    for (name, value) in [
        (header::COOKIE, format!("session={secret}")),
        (header::AUTHORIZATION, format!("Basic {secret}")),
        (header::AUTHORIZATION, secret.clone()),
    ] {
        let asked = request("GET", "/me").header(name, value).body(Body::empty());
        let reply = Client::stranger(&kit).send(asked.expect("a request")).await;
        reply.problem(401, "APP0101");
    }
}

/// Each changing operation with a body that can be read, and the least role that may.
fn changes() -> Vec<(&'static str, &'static str, Value, &'static str)> {
    let seat = json!({"name": "Night shift"});
    let measurable = json!({"name": "Calls", "seat": "sales", "goal": 1, "direction": "up"});
    let draft = json!({"source": "# T\n", "version": 99});
    let source = json!({"kind": "request", "questions": [{"label": "What?"}]});
    let channel = json!({"name": "L", "kind": "webhook", "url": "https://receiver.example/"});
    let set_up = json!({"process": "monthly-invoicing", "name": "Shop", "source": source});
    let told = json!({"title": "A", "summary": "B"});
    let span = ("2026-01-01T00:00:00Z", "2026-01-02T00:00:00Z");
    let backfill = json!({"from": span.0, "to": span.1, "reason": "x", "expected": 9});
    vec![
        ("POST", "/processes", json!({"title": "New"}), "member"),
        ("PUT", "/processes/{slug}/draft", draft, "owning seat"),
        ("POST", "/processes/{slug}/revisions", json!({}), "manager"),
        ("PUT", "/processes/{slug}/proposal", json!({}), "owning seat"),
        ("DELETE", "/processes/{slug}/proposal", json!({}), "owning seat"),
        ("PUT", "/processes/{slug}/approval", json!({"hash": "x"}), "member"),
        ("PUT", "/processes/{slug}/objection", json!({"hash": "x", "comment": "y"}), "member"),
        ("PUT", "/processes/{slug}/seen", json!({"revision": 1}), "observer"),
        ("PUT", "/processes/{slug}/owner", json!({"seat": "sales"}), "manager"),
        ("PUT", "/processes/{slug}/verification", json!({}), "owning seat only"),
        ("POST", "/processes/{slug}/reviews", json!({"outcome": "edited"}), "owning seat"),
        ("POST", "/processes/{slug}/attachments", json!({}), "owning seat"),
        ("DELETE", "/processes/{slug}/attachments/{id}", json!({}), "owning seat"),
        ("PUT", "/processes/{slug}/attachments/{id}", told, "owning seat"),
        (
            "PUT",
            "/processes/{slug}/attachments/{id}/place",
            json!({"direction": "up"}),
            "owning seat",
        ),
        ("POST", "/processes/{slug}/runs", json!({}), "member"),
        (
            "POST",
            "/processes/{slug}/moves",
            json!({"runs": ["run_00000000000000000000000000"], "reason": "x"}),
            "owning seat",
        ),
        ("POST", "/runs/{id}/cancellation", json!({"reason": "x"}), "manager"),
        ("POST", "/runs/{id}/rounds", json!({"reason": "x"}), "member"),
        ("PUT", "/runs/{id}/steps/{step}/completion", json!({}), "member"),
        ("PUT", "/work-items/{id}/claim", json!({}), "member"),
        ("DELETE", "/work-items/{id}/claim", json!({}), "member"),
        ("PUT", "/work-items/{id}/completion", json!({}), "member"),
        ("PUT", "/work-items/{id}/assignment", json!({"seat": "x", "reason": "x"}), "member"),
        ("PUT", "/work-items/{id}/delegation", json!({"person": "Ben"}), "member"),
        ("DELETE", "/work-items/{id}/delegation", json!({}), "member"),
        ("PUT", "/work-items/{id}/follow-up", json!({"until": "2027-01-01T00:00:00Z"}), "member"),
        ("DELETE", "/work-items/{id}/follow-up", json!({}), "member"),
        ("PUT", "/runs/{id}/priority", json!({"priority": "high"}), "member"),
        ("PUT", "/absences/{person}", json!({"until": "2026-02-01", "deputy": "Ben"}), "manager"),
        ("DELETE", "/absences/{person}", json!({}), "manager"),
        ("POST", "/work-items/{id}/incidents", json!({"problem": "x"}), "member"),
        ("PUT", "/incidents/{id}/closure", json!({"note": "x"}), "member"),
        ("PUT", "/work-items/{id}/skip", json!({"reason": "x"}), "member"),
        ("POST", "/seats", seat.clone(), "manager"),
        ("PUT", "/seats/{slug}", seat, "manager"),
        ("DELETE", "/seats/{slug}", json!({}), "manager"),
        (
            "PUT",
            "/seats/{slug}/charter",
            json!({"mandate": "x", "edges": ["x"], "metric": "x"}),
            "manager",
        ),
        ("PUT", "/stops/all", json!({"reason": "x"}), "manager"),
        ("DELETE", "/stops/all", json!({}), "manager"),
        ("PUT", "/seats/{slug}/stop", json!({"reason": "x"}), "member"),
        ("DELETE", "/seats/{slug}/stop", json!({}), "member"),
        ("PUT", "/processes/{slug}/stop", json!({"reason": "x"}), "owning seat"),
        ("DELETE", "/processes/{slug}/stop", json!({}), "owning seat"),
        ("POST", "/seats/{slug}/calendar-links", json!({}), "member"),
        ("DELETE", "/calendar-links/{id}", json!({}), "member"),
        ("POST", "/measurables", measurable.clone(), "manager"),
        ("PUT", "/measurables/{slug}", measurable, "manager"),
        ("DELETE", "/measurables/{slug}", json!({}), "manager"),
        ("POST", "/measurables/{slug}/values", json!({"value": 1}), "member"),
        ("POST", "/files", json!({}), "member"),
        ("POST", "/tokens", json!({"seat": "sales", "name": "x"}), "admin"),
        ("DELETE", "/tokens/{id}", json!({}), "admin"),
        ("POST", "/channels", channel.clone(), "admin"),
        ("PUT", "/channels/{id}", channel, "admin"),
        ("DELETE", "/channels/{id}", json!({}), "admin"),
        ("POST", "/channels/{id}/secret", json!({}), "admin"),
        ("POST", "/processes/{slug}/suggestions", json!({"source": "# T", "note": "x"}), "member"),
        ("PUT", "/processes/{slug}/suggestions/{id}/adoption", json!({}), "owning seat"),
        (
            "PUT",
            "/processes/{slug}/suggestions/{id}/dismissal",
            json!({"note": "x"}),
            "owning seat",
        ),
        ("POST", "/tokens/{id}/rotation", json!({"overlap_hours": 1}), "admin"),
        ("PUT", "/channels/{id}/stop", json!({"reason": "x"}), "admin"),
        ("DELETE", "/channels/{id}/stop", json!({}), "admin"),
        ("POST", "/channels/{id}/tests", json!({}), "admin"),
        ("POST", "/deliveries/{id}/replay", json!({}), "admin"),
        ("PUT", "/workspace", json!({"name": "A", "zone": "UTC"}), "admin"),
        ("PUT", "/workspace/hours", json!({"days": [1], "close": "17:00"}), "admin"),
        ("PUT", "/processes/{slug}/retirement", json!({"because": "x"}), "manager"),
        ("DELETE", "/processes/{slug}/retirement", json!({}), "manager"),
        ("POST", "/triggers", set_up.clone(), "manager"),
        ("PUT", "/triggers/{id}", set_up, "manager"),
        ("DELETE", "/triggers/{id}", json!({}), "manager"),
        ("POST", "/triggers/{id}/secret", json!({}), "manager"),
        ("POST", "/triggers/{id}/dry-run", json!({"body": "{}"}), "observer"),
        ("POST", "/triggers/{id}/values", json!({"value": 1}), "member"),
        ("PUT", "/triggers/{id}/policy", json!({}), "owning seat"),
        ("PUT", "/triggers/{id}/pause", json!({"reason": "x"}), "owning seat"),
        ("DELETE", "/triggers/{id}/pause", json!({}), "owning seat"),
        ("PUT", "/triggers/{id}/occurrences/{due}/decision", json!({"start": true}), "owning seat"),
        ("POST", "/triggers/{id}/backfill", backfill, "owning seat"),
    ]
}

fn address(path: &str, trigger: &str) -> String {
    let id = "00000000000000000000000000";
    let path = path
        .replace("/processes/{slug}", "/processes/monthly-invoicing")
        .replace("/suggestions/{id}", &format!("/suggestions/ent_{id}"))
        .replace("/attachments/{id}", &format!("/attachments/ent_{id}"))
        .replace("/runs/{id}", &format!("/runs/run_{id}"))
        .replace("/incidents/{id}", &format!("/incidents/inc_{id}"))
        .replace("/work-items/{id}", &format!("/work-items/work_{id}"))
        .replace("/calendar-links/{id}", &format!("/calendar-links/ent_{id}"))
        .replace("/channels/{id}", &format!("/channels/chn_{id}"))
        .replace("/deliveries/{id}", &format!("/deliveries/dlv_{id}"))
        .replace("/tokens/{id}", &format!("/tokens/tok_{id}"))
        .replace("/triggers/{id}", &format!("/triggers/{trigger}"))
        .replace("{due}", "2026-01-01T00:00:00Z")
        .replace("{slug}", "none")
        .replace("{step}", "none")
        .replace("{person}", "none");
    match path.as_str() {
        "/files" => "/files?name=a.txt".to_owned(),
        "/processes/monthly-invoicing/attachments" => {
            format!("{path}?title=A&summary=B&href=https%3A%2F%2Fa.example%2F")
        }
        _ => path,
    }
}

/// The id of the schedule of monthly invoicing.
async fn trigger(client: &Client) -> String {
    let process = client.get("/processes/monthly-invoicing").await.with(200);
    process["schedules"][0]["id"].as_str().expect("a schedule").to_owned()
}

#[tokio::test]
async fn each_persona_may_change_what_the_table_says() {
    let kit = TestApp::new().await;
    kit.publish(INVOICING).await;
    let personas = [
        ("observer", Client::known(&kit, kit.person("Otto").await)),
        ("member", Client::known(&kit, kit.person("Ben").await)),
        ("agent", Client::bearer(&kit, "Delivery lead").await),
        ("owning seat", Client::known(&kit, kit.person("Mia").await)),
        ("manager", Client::known(&kit, kit.person("Mara").await)),
        ("admin", Client::known(&kit, kit.person("Adam").await)),
    ];
    let trigger = trigger(&personas[0].1).await;
    for (method, path, body, least) in changes() {
        let allowed: &[&str] = match least {
            "observer" => &["observer", "member", "agent", "owning seat", "manager", "admin"],
            "member" => &["member", "agent", "owning seat", "manager", "admin"],
            "owning seat" => &["owning seat", "manager", "admin"],
            "owning seat only" => &["owning seat"],
            "manager" => &["manager", "admin"],
            _ => &["admin"],
        };
        for (persona, client) in &personas {
            let address = address(path, &trigger);
            let reply = client.send(crate::with_json(method, &address, &body)).await;
            let may = allowed.contains(persona);
            assert_eq!(reply.status != 403, may, "{persona}: {method} {path}: {}", reply.text());
            // An agent meets the rules for agents before it meets its role.
            let rule_for_agents = *persona == "agent" && path.contains("/stop");
            if !may && !rule_for_agents {
                reply.problem(403, "APP0103");
            }
        }
    }
}

#[test]
fn the_table_of_changes_lacks_none() {
    let mut known: Vec<(String, String)> = changes()
        .into_iter()
        .map(|(method, path, ..)| (method.to_owned(), format!("/api/v1{path}")))
        .collect();
    known.push(("POST".to_owned(), "/api/v1/checks".to_owned()));
    known.sort();
    let mut served: Vec<(String, String)> =
        operations().into_iter().filter(|(method, _)| method != "GET").collect();
    served.sort();
    assert_eq!(known, served);
}

#[tokio::test]
async fn an_observer_reads_everything_but_tokens() {
    let kit = TestApp::new().await;
    kit.publish(INVOICING).await;
    let otto = Client::known(&kit, kit.person("Otto").await);
    let trigger = trigger(&otto).await;
    for (method, path) in operations() {
        let path = path.strip_prefix("/api/v1").expect("the base");
        if method == "GET" {
            let reply = otto.get(&address(path, &trigger)).await;
            let expected = path == "/tokens"
                || path == "/workspace/export"
                || path.starts_with("/channels")
                || path.starts_with("/deliveries");
            assert_eq!(reply.status == 403, expected, "{path}: {}", reply.text());
            assert_ne!(reply.status, 401, "{path}");
        }
    }
}
