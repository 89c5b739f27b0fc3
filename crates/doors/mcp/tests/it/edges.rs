//! What does not get in, and arguments that do not fit.

use crate::{
    client::{call, post, refused, text},
    company::company,
};
use axum::{
    body::{Body, to_bytes},
    http::{Response, StatusCode, header},
};
use rmcp::model::CallToolRequestParams;
use serde_json::{Value, json};

const LIST: &str = r#"{"jsonrpc":"2.0","id":1,"method":"tools/list","params":{}}"#;

async fn body(response: Response<Body>) -> Value {
    let bytes = to_bytes(response.into_body(), usize::MAX).await.unwrap();
    serde_json::from_slice(&bytes).unwrap()
}

#[tokio::test]
async fn without_a_good_token_nothing_is_answered() {
    let company = company().await;
    let good = company.kit.token("Accounting").await;
    let in_address = format!("/mcp?token={good}&access_token={good}");
    for (uri, token, says) in [
        ("/mcp", None, ""),
        (in_address.as_str(), None, ""),
        ("/mcp", Some("gemba_wrong"), ", error=\"invalid_token\""),
    ] {
        let answer = post(&company.router, uri, token, &[], LIST.into()).await;
        assert_eq!(answer.status(), StatusCode::UNAUTHORIZED, "{uri} {token:?}");
        let about = "http://localhost/.well-known/oauth-protected-resource/mcp";
        let expected = format!("Bearer realm=\"gemba\", resource_metadata=\"{about}\"{says}");
        assert_eq!(answer.headers()[header::WWW_AUTHENTICATE], expected);
        let body = body(answer).await;
        assert_eq!((&body["code"], &body["status"]), (&json!("APP0101"), &json!(401)));
    }
}

#[tokio::test]
async fn another_host_or_origin_does_not_get_in() {
    let company = company().await;
    let token = company.kit.token("Accounting").await;
    for origin in ["https://elsewhere.example", "null", "http://localhost:3000"] {
        let headers = [("origin", origin)];
        let answer = post(&company.router, "/mcp", Some(&token), &headers, LIST.into()).await;
        assert_eq!(answer.status(), StatusCode::FORBIDDEN, "{origin}");
    }
    let request = axum::http::Request::post("/mcp")
        .header("host", "elsewhere.example")
        .header("content-type", "application/json")
        .header("accept", "application/json, text/event-stream")
        .header("authorization", format!("Bearer {token}"))
        .body(Body::from(LIST))
        .unwrap();
    let answer = tower::ServiceExt::oneshot(company.router.clone(), request).await.unwrap();
    assert_eq!(answer.status(), StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn a_request_that_is_too_large_is_refused() {
    let company = company().await;
    let token = company.kit.token("Accounting").await;
    let huge = format!(r#"{{"jsonrpc":"2.0","id":1,"method":"{}"}}"#, "x".repeat(2_000_000));
    let answer = post(&company.router, "/mcp", Some(&token), &[], huge.into_bytes()).await;
    assert_eq!(answer.status(), StatusCode::PAYLOAD_TOO_LARGE);
}

#[tokio::test]
async fn arguments_that_do_not_fit_are_refused_with_what_would() {
    let company = company().await;
    let mia = company.client("Accounting").await;
    for (tool, arguments, code, says) in [
        ("list_work", json!({"limt": 5}), "APP0301", "expected one of `seat`"),
        ("list_work", json!({"limit": 5_000}), "APP0301", "1 to 50"),
        ("list_work", json!({"state": "late"}), "APP0301", "expected one of `open`"),
        ("list_work", json!({"cursor": "x"}), "APP0301", "is no cursor"),
        ("list_work", json!({"seat": "Warehouse"}), "APP0201", "call list_seats"),
        ("get_work", json!({}), "APP0301", "missing field `work`"),
        ("get_work", json!({"work": "run_1"}), "APP0301", "call list_work"),
        (
            "get_work",
            json!({"work": "work_01hf7yat00e80m8d94pk0z10g2"}),
            "APP0201",
            "call list_work",
        ),
        ("get_run", json!({"run": "no"}), "APP0301", "call list_work"),
        ("get_sop", json!({"process": "invoic"}), "APP0201", "monthly-invoicing"),
        ("get_sop", json!({"process": "stock-count"}), "APP0403", "publish"),
        ("get_sop", json!({"process": "monthly-invoicing", "section": "x"}), "APP0301", "Steps"),
        ("get_sop", json!({"process": "monthly-invoicing", "revision": 9}), "APP0201", "in force"),
        ("start_run", json!({"process": "stock-count"}), "APP0403", "publish"),
        (
            "start_run",
            json!({"process": "x", "idempotency_key": 1}),
            "APP0301",
            "the key is a text",
        ),
        ("list_gaps", json!({"gap": "x"}), "APP0301", "no_owner"),
        (
            "push_values",
            json!({"values": [{"measurable": "x", "value": 1}]}),
            "APP0201",
            "list_measurables",
        ),
        ("get_my_seat", json!({"seat": "x"}), "APP0301", "unknown field"),
    ] {
        let text = refused(&mia, tool, arguments.clone(), code).await;
        assert!(text.contains(says), "{tool} {arguments}: {text}");
    }
}

#[tokio::test]
async fn null_stands_for_an_argument_that_was_left_out() {
    let company = company().await;
    let mia = company.client("Accounting").await;
    let answer = call(&mia, "list_work", json!({"seat": null, "limit": null})).await;
    assert_eq!(answer.is_error, Some(false), "{}", text(&answer));
}

#[tokio::test]
async fn an_unknown_tool_is_an_error_of_the_protocol() {
    let company = company().await;
    let mia = company.client("Accounting").await;
    assert!(mia.call_tool(CallToolRequestParams::new("drop_everything")).await.is_err());
}
