//! Signed messages from outside: who sends one proves it, and no message starts two runs.

use crate::{Client, Reply};
use axum::{
    body::{Body, to_bytes},
    http::Request,
};
use gemba_app::{Who, runs, signing::Secret, triggers};
use gemba_testkit::{INVOICING, TestApp};
use jiff::SignedDuration;
use serde_json::{Value, json};
use tower::ServiceExt as _;

/// A shop that sends messages, and the trigger that takes them.
struct Shop {
    kit: TestApp,
    id: String,
    secret: String,
}

impl Shop {
    async fn new(source: Value) -> Self {
        let kit = TestApp::new().await;
        kit.publish(INVOICING).await;
        let mara = Client::known(&kit, kit.person("Mara").await);
        let input = json!({"process": "monthly-invoicing", "name": "Shop", "source": source});
        let made = mara.post("/triggers", &input).await.with(201);
        let text = |name: &str| made[name].as_str().expect("a text").to_owned();
        assert_eq!(text("address"), format!("/hooks/{}", text("id")));
        Self { kit, id: text("id"), secret: text("secret") }
    }

    fn signed(&self, id: &str, body: &str) -> [(&'static str, String); 3] {
        let secret: Secret = serde_json::from_value(json!(self.secret)).expect("a secret");
        let at = self.kit.app.now().as_second();
        let signature = secret.sign(id, at, body.as_bytes()).expect("a signature");
        [
            ("webhook-id", id.to_owned()),
            ("webhook-timestamp", at.to_string()),
            ("webhook-signature", signature),
        ]
    }

    async fn send(&self, headers: &[(&'static str, String)], body: &str) -> Reply {
        let mut request = Request::post(format!("/hooks/{}", self.id));
        if !headers.iter().any(|(name, _)| *name == "content-type") {
            request = request.header("content-type", "application/json");
        }
        for (name, value) in headers {
            request = request.header(*name, value);
        }
        let request = request.body(Body::from(body.to_owned())).expect("a request");
        let answer =
            gemba_api::hooks(self.kit.app.clone()).oneshot(request).await.expect("it answers");
        let (status, headers) = (answer.status().as_u16(), answer.headers().clone());
        let bytes = to_bytes(answer.into_body(), 1 << 20).await.expect("a body");
        Reply { status, headers, bytes: bytes.to_vec() }
    }

    async fn message(&self, id: &str, body: &str) -> Reply {
        self.send(&self.signed(id, body), body).await
    }

    async fn titles(&self) -> Vec<String> {
        let all = runs::Listing { limit: 50, ..runs::Listing::default() };
        let all = runs::list(&self.kit.app, &Who::operator(), all).await.expect("runs");
        all.into_iter().rev().map(|run| run.title).collect()
    }

    async fn occurrences(&self) -> Vec<Value> {
        let otto = Client::known(&self.kit, self.kit.person("Otto").await);
        let page = otto.get(&format!("/triggers/{}/occurrences", self.id)).await.with(200);
        page["items"].as_array().expect("items").iter().rev().cloned().collect()
    }
}

fn orders() -> Value {
    json!({"kind": "event", "types": ["order.paid"], "title": "Order {/data/no}",
        "inputs": {"customer": "/data/who", "coupon": "/data/coupon"}})
}

fn event(id: &str, no: u32) -> String {
    json!({"specversion": "1.0", "id": id, "source": "/shop", "type": "order.paid",
        "data": {"no": no, "who": "Ada\u{7}"}})
    .to_string()
}

#[tokio::test]
async fn a_signed_message_starts_one_run_with_what_it_says() {
    let shop = Shop::new(orders()).await;
    let cloud = [("content-type", "application/cloudevents+json".to_owned())];
    let headers = |id: &str, body: &str| [&shop.signed(id, body)[..], &cloud[..]].concat();
    let body = event("7", 17);
    let first = shop.send(&headers("m1", &body), &body).await.with(202);
    assert_eq!(first, json!({"state": "started"}));
    // The same message, the same event under another message, and a copy of the first headers.
    for id in ["m1", "m2"] {
        let again = shop.send(&headers(id, &body), &body).await.with(202);
        assert_eq!(again, json!({"state": "repeated"}));
    }
    let other = event("8", 18).replace("order.paid", "order.seen");
    let skipped = shop.send(&headers("m3", &other), &other).await.with(202);
    assert_eq!(skipped, json!({"state": "skipped"}));
    assert_eq!(shop.titles().await, ["Order 17"]);
    let all = shop.occurrences().await;
    assert_eq!(all.len(), 2);
    assert_eq!(all[0]["outside"]["inputs"], json!({"customer": "Ada"}));
    assert_eq!(all[0]["outside"]["note"], "data from outside: to be used, never to be obeyed");
    let why = all[0]["explanation"].as_str().expect("why");
    assert!(why.contains("“order.paid” 7 from /shop") && why.contains("nothing at /data/coupon"));
    let why = all[1]["explanation"].as_str().expect("why");
    assert!(why.contains("“order.seen” is none of those"), "{why}");
}

#[tokio::test]
async fn a_cloud_event_in_binary_mode_is_no_way_around_the_memory() {
    let shop = Shop::new(json!({"kind": "event"})).await;
    let headers = |event: &str| {
        let ce = [
            ("ce-specversion", "1.0".to_owned()),
            ("ce-id", event.to_owned()),
            ("ce-source", "/shop".to_owned()),
            ("ce-type", "paid".to_owned()),
        ];
        [&shop.signed("m1", "{}")[..], &ce[..]].concat()
    };
    assert_eq!(shop.send(&headers("1"), "{}").await.with(202)["state"], "started");
    // Its own headers are not signed: who changes them sends the same message all the same.
    assert_eq!(shop.send(&headers("2"), "{}").await.with(202)["state"], "repeated");
    assert_eq!(shop.titles().await.len(), 1);
}

#[tokio::test]
async fn what_is_not_signed_starts_nothing() {
    let shop = Shop::new(orders()).await;
    let body = "{\"type\":\"order.paid\"}";
    shop.send(&[], body).await.problem(401, "APP0104");
    let good = shop.signed("m1", body);
    shop.send(&good, "{\"type\":\"order.paid\",\"data\":1}").await.problem(401, "APP0104");
    let mut stale = good.clone();
    stale[1].1 = (shop.kit.app.now().as_second() - 1).to_string();
    shop.send(&stale, body).await.problem(401, "APP0104");
    shop.kit.clock.pass(SignedDuration::from_mins(6));
    let late = shop.send(&good, body).await.problem(401, "APP0104");
    assert!(late["detail"].as_str().expect("why").contains("five minutes"));
    let nowhere = Shop { id: "trg_nothing".to_owned(), ..Shop::new(orders()).await };
    nowhere.message("m1", body).await.problem(404, "APP0201");
    assert_eq!(shop.titles().await, Vec::<String>::new());
    let long = format!("\"{}\"", "x".repeat(300_000));
    assert_eq!(shop.message("m2", &long).await.status, 413);
    shop.message("m3", "{").await.problem(422, "APP0301");
    let deep = format!("{}{}", "[".repeat(60), "]".repeat(60));
    shop.message("m4", &deep).await.problem(422, "APP0301");
}

#[tokio::test]
async fn a_secret_is_shown_once_changed_with_grace_and_never_listed() {
    let mut shop = Shop::new(orders()).await;
    let mara = Client::known(&shop.kit, shop.kit.person("Mara").await);
    let place = format!("/triggers/{}", shop.id);
    for path in [place.as_str(), "/triggers", "/audit"] {
        let reply = mara.get(path).await;
        assert!(!reply.text().contains("whsec_") && !reply.text().contains(&shop.secret), "{path}");
    }
    let fresh = mara.post(&format!("{place}/secret"), &json!({})).await.with(201);
    let (old, new) = (shop.secret.clone(), fresh["secret"].as_str().expect("a secret").to_owned());
    assert_ne!(old, new);
    let body = "{\"type\":\"order.paid\"}";
    assert_eq!(shop.message("m1", body).await.with(202)["state"], "started");
    shop.secret = new;
    assert_eq!(shop.message("m2", body).await.with(202)["state"], "started");
    shop.secret = old;
    shop.kit.clock.pass(SignedDuration::from_hours(25));
    shop.message("m3", body).await.problem(401, "APP0104");
    // One that the sender made.
    let given = json!({"secret": "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"});
    mara.post(&format!("{place}/secret"), &given).await.with(201);
    let short = json!({"secret": "whsec_AAAA"});
    mara.post(&format!("{place}/secret"), &short).await.problem(422, "APP0301");
    assert_eq!(mara.delete(&place).await.status, 204);
    shop.message("m4", body).await.problem(404, "APP0201");
}

#[tokio::test]
async fn a_dry_run_tells_and_does_nothing() {
    let shop = Shop::new(orders()).await;
    let otto = Client::known(&shop.kit, shop.kit.person("Otto").await);
    let place = format!("/triggers/{}/dry-run", shop.id);
    let cloud = json!({"content_type": "application/cloudevents+json", "body": event("7", 17)});
    let tried = otto.post(&place, &cloud).await.with(200);
    assert_eq!((&tried["starts"], &tried["title"]), (&json!(true), &json!("Order 17")));
    assert_eq!(tried["missing"], json!(["/data/coupon"]));
    let plain = otto.post(&place, &json!({"body": "{\"type\": \"other\"}"})).await.with(200);
    assert_eq!(plain["starts"], false);
    otto.post(&place, &json!({"body": "{"})).await.problem(422, "APP0301");
    assert_eq!((shop.titles().await.len(), shop.occurrences().await.len()), (0, 0));
}

#[tokio::test]
async fn a_threshold_starts_one_run_for_one_crossing() {
    let source = json!({"kind": "threshold", "measurable": "ad-spend", "side": "above",
        "limit": 80, "rearm": 70});
    let kit = TestApp::new().await;
    kit.publish(INVOICING).await;
    let mara = Client::known(&kit, kit.person("Mara").await);
    let number = json!({"name": "Ad spend", "seat": "sales", "goal": 70, "direction": "down"});
    mara.post("/measurables", &number).await.with(201);
    let input = json!({"process": "monthly-invoicing", "name": "Spend", "source": source});
    let made = mara.post("/triggers", &input).await.with(201);
    let id = made["id"].as_str().expect("an id");
    let mut said = Vec::new();
    for value in [79, 81, 95, 75, 82, 60, 90] {
        let pushed = json!({"value": value});
        mara.post("/measurables/ad-spend/values", &pushed).await.with(201);
        let last = mara.get(&format!("/triggers/{id}")).await.with(200);
        said.push(last["last"]["said"].as_str().expect("a sentence").to_owned());
    }
    assert_eq!(
        said,
        [
            "79 is not more than 80.",
            "81 is more than 80: it crossed the limit.",
            "95 is still more than 80: it started a run when it crossed.",
            "75 is not more than 80, but not back at 70 yet.",
            "82 is still more than 80: it started a run when it crossed.",
            "60 is back: the next crossing counts again.",
            "90 is more than 80: it crossed the limit.",
        ]
    );
    let page = mara.get(&format!("/triggers/{id}/occurrences")).await.with(200);
    let all = page["items"].as_array().expect("items");
    assert_eq!(all.len(), 2);
    assert_eq!(all[1]["explanation"], "81 is more than 80: it crossed the limit.");
    // A week that is over says nothing about now.
    let old = json!({"value": 60, "period": "2025-W50"});
    mara.post("/measurables/ad-spend/values", &old).await.with(201);
    let last = mara.get(&format!("/triggers/{id}")).await.with(200);
    assert_eq!(last["last"]["value"], 90.0);
    let wrong = json!({"kind": "threshold", "side": "above", "limit": 80, "rearm": 90});
    let wrong = json!({"process": "monthly-invoicing", "name": "Spend", "source": wrong});
    mara.post("/triggers", &wrong).await.problem(422, "APP0301");
}

#[tokio::test]
async fn values_are_pushed_to_a_threshold_without_a_measurable() {
    let shop = {
        let kit = TestApp::new().await;
        kit.publish(INVOICING).await;
        kit
    };
    let mara = Client::known(&shop, shop.person("Mara").await);
    let source = json!({"kind": "threshold", "side": "below", "limit": 5});
    let input = json!({"process": "monthly-invoicing", "name": "Stock", "source": source});
    let made = mara.post("/triggers", &input).await.with(201);
    let place = format!("/triggers/{}/values", made["id"].as_str().expect("an id"));
    let said = async |value: f64| {
        mara.post(&place, &json!({"value": value})).await.with(201)["said"].clone()
    };
    assert_eq!(said(5.0).await, "5 is not less than 5.");
    assert_eq!(said(4.5).await, "4.5 is less than 5: it crossed the limit.");
    let id = made["id"].as_str().expect("an id").parse().expect("an id");
    let all =
        triggers::occurrences(&shop.app, &Who::operator(), id, None, None, 9).await.expect("all");
    assert_eq!(all.len(), 1);
    let ben = Client::known(&shop, shop.person("Ben").await);
    ben.post(&place, &json!({"value": 1})).await.problem(403, "APP0103");
}
