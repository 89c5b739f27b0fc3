//! Requests that cannot be taken: each is a problem with its status and code.

use crate::{Client, request, with_json};
use axum::{body::Body, http::header};
use gemba_testkit::{INVOICING, TestApp};
use serde_json::json;

#[tokio::test]
async fn an_address_that_leads_nowhere_is_a_problem() {
    let kit = TestApp::new().await;
    let lead = Client::bearer(&kit, "Delivery lead").await;
    for path in
        ["/nothing", "/improvements", "/processes/a/b/c", "/runs/xyz", "/processes/x/revisions/one"]
    {
        let problem = lead.get(path).await.problem(404, "APP0202");
        let detail = problem["detail"].as_str().expect("words");
        assert!(detail.contains(&format!("/api/v1{path}")), "{detail}");
    }
    lead.get("/runs/run_00000000000000000000000000").await.problem(404, "APP0201");
    lead.get("/processes/none").await.problem(404, "APP0201");
    Client::stranger(&kit).get("/nothing").await.problem(404, "APP0202");
}

#[tokio::test]
async fn a_method_that_is_not_taken_is_a_problem_that_says_which_are() {
    let kit = TestApp::new().await;
    let lead = Client::bearer(&kit, "Delivery lead").await;
    let reply = lead.delete("/processes").await;
    reply.problem(405, "APP0203");
    assert_eq!(reply.header("allow"), "GET,HEAD,POST");
}

#[tokio::test]
async fn a_body_that_cannot_be_read_is_a_problem() {
    let kit = TestApp::new().await;
    let mara = Client::known(&kit, kit.person("Mara").await);
    let deep = format!("{{\"name\": {}1{}}}", "[".repeat(500), "]".repeat(500));
    for (path, body) in [
        ("/seats", "{"),
        ("/seats", "[]"),
        ("/seats", "{}"),
        ("/seats", "{\"name\": 1}"),
        ("/seats", "{\"name\": \"A\", \"colour\": \"red\"}"),
        ("/seats", "{\"name\": \"A\", \"name\": \"B\"}"),
        ("/seats", "{\"name\": \"A\", \"holder\": {\"kind\": \"robot\"}}"),
        ("/seats", "{\"name\": \"A\", \"holder\": {\"kind\": \"vacant\", \"name\": \"B\"}}"),
        ("/seats", deep.as_str()),
        ("/seats", "{\"name\": \"\u{1}\"} trailing"),
        ("/processes", "{\"title\": \"A\", \"source\": \"B\"}"),
        ("/processes", "{\"source\": \"B\"}"),
        (
            "/measurables",
            "{\"name\": \"A\", \"seat\": \"sales\", \"goal\": 1e999, \"direction\": \"up\"}",
        ),
    ] {
        let asked = request("POST", path)
            .header(header::CONTENT_TYPE, "application/json; charset=utf-8")
            .body(Body::from(body.to_owned()));
        let reply = mara.send(asked.expect("a request")).await;
        reply.problem(400, "APP0305");
    }
    let asked = with_json("PUT", "/processes/x/verification", &json!({"sure": true}));
    mara.send(asked).await.problem(400, "APP0305");
}

#[tokio::test]
async fn a_body_of_another_media_type_is_a_problem() {
    let kit = TestApp::new().await;
    let mara = Client::known(&kit, kit.person("Mara").await);
    for media in ["text/plain", "application/x-www-form-urlencoded", "application/jsonx", ""] {
        let asked = request("POST", "/seats")
            .header(header::CONTENT_TYPE, media)
            .body(Body::from("{\"name\": \"A\"}"));
        mara.send(asked.expect("a request")).await.problem(415, "APP0307");
    }
}

#[tokio::test]
async fn a_body_that_is_too_large_is_a_problem() {
    let kit = TestApp::new().await;
    let mara = Client::known(&kit, kit.person("Mara").await);
    let large = "x".repeat(2 * 1024 * 1024);
    mara.post("/checks", &json!({"source": large})).await.problem(413, "APP0306");
    let file = Body::from(vec![b'x'; 11 * 1024 * 1024]);
    let asked = request("POST", "/files?name=a").body(file).expect("a request");
    mara.send(asked).await.problem(413, "APP0306");
    let file = Body::from(vec![b'x'; 3 * 1024 * 1024]);
    let asked = request("POST", "/files?name=a").body(file).expect("a request");
    mara.send(asked).await.with(201);
}

#[tokio::test]
async fn a_query_that_is_not_known_is_a_problem() {
    let kit = TestApp::new().await;
    let lead = Client::bearer(&kit, "Delivery lead").await;
    for (path, status, code) in [
        ("/processes?colour=red", 400, "APP0305"),
        ("/me?x=1", 400, "APP0305"),
        ("/runs?state=lost", 400, "APP0305"),
        ("/runs?cursor=seat_0", 400, "APP0305"),
        ("/work-items?mine=perhaps", 400, "APP0305"),
        ("/processes?limit=many", 400, "APP0305"),
        ("/processes?limit=1&limit=2", 400, "APP0305"),
        ("/processes?limit=0", 422, "APP0301"),
        ("/processes?limit=201", 422, "APP0301"),
        ("/processes?cursor=gone", 422, "APP0301"),
        ("/work-items?seat=nobody", 404, "APP0201"),
    ] {
        lead.get(path).await.problem(status, code);
    }
}

#[tokio::test]
async fn a_document_that_cannot_be_published_says_why() {
    let kit = TestApp::new().await;
    let mara = Client::known(&kit, kit.person("Mara").await);
    let without_owner = INVOICING.replace("owner: Accounting\n", "");
    let with_stranger = INVOICING.replace("Delivery lead", "Shadow lead");
    for (name, source, code) in
        [("a.md", without_owner, "APP0401"), ("b.md", with_stranger, "APP0402")]
    {
        let made = mara.post("/processes", &json!({"name": name, "source": source})).await;
        let slug = made.with(201)["slugs"][0].as_str().expect("a slug").to_owned();
        let path = format!("/processes/{slug}/revisions");
        let problem = mara.post(&path, &json!({})).await.problem(422, code);
        assert!(!problem["errors"][0]["message"].as_str().expect("words").is_empty());
        mara.put(&format!("/processes/{slug}/verification"), &json!({}))
            .await
            .problem(409, "APP0403");
    }
}

#[tokio::test]
async fn a_document_that_is_no_text_is_refused_whole() {
    let kit = TestApp::new().await;
    let mara = Client::known(&kit, kit.person("Mara").await);
    let large = json!({"name": "a.md", "source": "x ".repeat(600_000)});
    let reply = mara.post("/processes", &large).await;
    assert_eq!(reply.status, 422, "{}", reply.text());
    assert!(reply.json()["code"].as_str().is_some_and(|code| code.starts_with("SOP")));
    assert_eq!(mara.get("/processes").await.with(200)["items"], json!([]));
}

#[tokio::test]
async fn answers_are_never_cached_nor_guessed_at() {
    let kit = TestApp::new().await;
    let lead = Client::bearer(&kit, "Delivery lead").await;
    let reply = lead.get("/me").await;
    assert_eq!(reply.header("cache-control"), "no-store");
    assert_eq!(reply.header("x-content-type-options"), "nosniff");
    let document = Client::stranger(&kit).get("/openapi.json").await;
    assert_eq!(document.with(200)["openapi"], "3.1.0");
}

#[tokio::test]
async fn the_interface_keeps_to_itself_beside_pages() {
    let kit = TestApp::new().await;
    let pages = axum::Router::new().fallback(async || "a page");
    let client = Client { router: pages.merge(gemba_api::router(kit.app.clone())), token: None };
    client.get("/api/v1/nothing").await.problem(404, "APP0202");
    client.get("/api/v1").await.problem(404, "APP0202");
    client.delete("/api/v1/me").await.problem(405, "APP0203");
    let outside = axum::http::Request::builder().uri("/processes").body(Body::empty());
    assert_eq!(client.send(outside.expect("a request")).await.text(), "a page");
}
