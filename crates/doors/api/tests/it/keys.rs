//! Idempotency keys: the same answer for the same request, done once.

use crate::{Client, Reply, request};
use axum::{body::Body, http::header};
use gemba_testkit::{INVOICING, TestApp};
use serde_json::{Value, json};

async fn keyed(client: &Client, key: &str, path: &str, body: &Value) -> Reply {
    let asked = request("POST", path)
        .header(header::CONTENT_TYPE, "application/json")
        .header("Idempotency-Key", key)
        .body(Body::from(body.to_string()));
    client.send(asked.expect("a request")).await
}

async fn started(client: &Client) -> usize {
    client.get("/runs").await.with(200)["items"].as_array().expect("a list").len()
}

#[tokio::test]
async fn a_request_that_is_repeated_is_done_once() {
    let kit = TestApp::new().await;
    let path = format!("/processes/{}/runs", kit.publish(INVOICING).await);
    let lead = Client::bearer(&kit, "Delivery lead").await;
    let first = keyed(&lead, "k1", &path, &json!({"title": "May"})).await;
    let again = keyed(&lead, "k1", &path, &json!({"title": "May"})).await;
    assert_eq!((first.with(201), again.header("idempotency-replayed")), (again.with(201), "true"));
    assert_eq!(first.header("idempotency-replayed"), "");
    assert_eq!(again.header("content-type"), "application/json");
    assert_eq!(started(&lead).await, 1);

    keyed(&lead, "k1", &path, &json!({"title": "June"})).await.problem(422, "APP0304");
    keyed(&lead, "k2", &path, &json!({"title": "May"})).await.with(201);
    let other = Client::bearer(&kit, "Accounting").await;
    keyed(&other, "k1", &path, &json!({"title": "June"})).await.with(201);
    assert_eq!(started(&lead).await, 3);
}

#[tokio::test]
async fn a_request_that_comes_twice_at_once_is_done_once() {
    let kit = TestApp::new().await;
    let path = format!("/processes/{}/runs", kit.publish(INVOICING).await);
    let lead = Client::bearer(&kit, "Delivery lead").await;
    let body = json!({"title": "May"});
    let ask = || keyed(&lead, "k", &path, &body);
    let (a, b, c) = tokio::join!(ask(), ask(), ask());
    assert_eq!((a.with(201), b.with(201)), (b.with(201), c.with(201)));
    assert_eq!(started(&lead).await, 1);
}

#[tokio::test]
async fn a_refusal_is_repeated_too() {
    let kit = TestApp::new().await;
    let lead = Client::bearer(&kit, "Delivery lead").await;
    let path = "/processes/monthly-invoicing/runs";
    keyed(&lead, "k", path, &json!({})).await.problem(404, "APP0201");
    kit.publish(INVOICING).await;
    let again = keyed(&lead, "k", path, &json!({})).await;
    again.problem(404, "APP0201");
    assert_eq!(again.header("idempotency-replayed"), "true");
}

#[tokio::test]
async fn a_key_that_cannot_be_is_refused() {
    let kit = TestApp::new().await;
    let lead = Client::bearer(&kit, "Delivery lead").await;
    for key in ["", &"k".repeat(201)] {
        keyed(&lead, key, "/seats", &json!({"name": "A"})).await.problem(422, "APP0301");
    }
}

#[tokio::test]
async fn a_secret_is_never_kept() {
    let kit = TestApp::new().await;
    let olga = Client::operator(&kit).await;
    let body = json!({"seat": "sales", "name": "crm"});
    let first = keyed(&olga, "k", "/tokens", &body).await.with(201);
    let again = keyed(&olga, "k", "/tokens", &body).await.with(201);
    assert_ne!(first["secret"], again["secret"]);
}

#[tokio::test]
async fn an_asker_who_hangs_up_finds_the_answer_later() {
    let kit = TestApp::new().await;
    let path = format!("/processes/{}/runs", kit.publish(INVOICING).await);
    let lead = Client::bearer(&kit, "Delivery lead").await;
    let body = json!({"title": "May"});
    tokio::select! {
        biased;
        reply = keyed(&lead, "k", &path, &body) => panic!("it waits for its task: {reply:?}"),
        () = std::future::ready(()) => {}
    }
    let again = keyed(&lead, "k", &path, &body).await;
    assert_eq!(again.header("idempotency-replayed"), "true", "{}", again.text());
    assert_eq!(started(&lead).await, 1);
}
