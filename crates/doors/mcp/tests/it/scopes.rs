//! What a token may do is what its client sees, and nothing else is done for it.

use crate::{
    client::{connect, legacy, modern, post, refused},
    company::{Company, company},
};
use axum::{
    body::{Body, to_bytes},
    http::{Request, StatusCode, header},
};
use gemba_app::{
    Who,
    access::Scope,
    tokens::{self, NewToken},
};
use serde_json::{Value, json};
use tower::ServiceExt;

async fn token(company: &Company, scopes: Option<&[Scope]>) -> String {
    let scopes = scopes.map(|all| all.iter().copied().collect());
    let seat = "delivery-lead".to_owned();
    let new = NewToken { seat, name: "test".to_owned(), days: None, scopes };
    tokens::make(&company.kit.app, &Who::operator(), new).await.unwrap().secret
}

#[tokio::test]
async fn a_token_sees_the_tools_of_its_scopes_in_the_same_order() {
    let company = company().await;
    let always = ["get_my_seat", "find_process", "get_sop"];
    for (scopes, n, has) in [
        (Some(&[Scope::Work][..]), 11, "submit_work"),
        (Some(&[Scope::Numbers][..]), 5, "push_values"),
        (Some(&[Scope::Documents][..]), 4, "propose_sop_change"),
        (Some(&[Scope::Company][..]), 7, "list_seats"),
        // What an agent's seat has where nobody says otherwise.
        (None, 14, "ask_human"),
    ] {
        let secret = token(&company, scopes).await;
        let client = connect(&company.router, &secret, modern()).await;
        let names: Vec<String> =
            client.list_all_tools().await.unwrap().into_iter().map(|t| t.name.into()).collect();
        assert_eq!(names.len(), n, "{scopes:?}: {names:?}");
        assert!(names.contains(&has.to_owned()), "{names:?}");
        assert!(always.iter().all(|name| names.contains(&(*name).to_owned())), "{names:?}");
        let again = client.list_all_tools().await.unwrap();
        assert!(again.iter().map(|t| t.name.to_string()).eq(names));
    }
}

#[tokio::test]
async fn a_tool_outside_the_scopes_is_refused_in_words_and_as_a_challenge() {
    let company = company().await;
    let secret = token(&company, Some(&[Scope::Numbers])).await;
    let older = connect(&company.router, &secret, legacy()).await;
    for (tool, arguments) in [
        ("list_work", json!({})),
        ("start_run", json!({"process": "monthly-invoicing"})),
        ("propose_sop_change", json!({"text": "# x", "check_only": true})),
    ] {
        let says = refused(&older, tool, arguments, "APP0420").await;
        assert!(says.contains("an admin makes a token"), "{says}");
    }
    let call = json!({
        "jsonrpc": "2.0", "id": 1, "method": "tools/call",
        "params": {"name": "list_work", "arguments": {}}
    });
    let headers = [("mcp-method", "tools/call"), ("mcp-name", "list_work")];
    let answer =
        post(&company.router, "/mcp", Some(&secret), &headers, call.to_string().into()).await;
    assert_eq!(answer.status(), StatusCode::FORBIDDEN);
    let challenge = answer.headers()[header::WWW_AUTHENTICATE].to_str().unwrap();
    assert!(challenge.contains("error=\"insufficient_scope\", scope=\"work\""), "{challenge}");
}

#[tokio::test]
async fn a_client_finds_out_what_guards_the_server() {
    let company = company().await;
    for path in ["", "/mcp"] {
        let request = Request::get(format!("/.well-known/oauth-protected-resource{path}"))
            .header("host", "localhost:7")
            .body(Body::empty())
            .unwrap();
        let answer = company.router.clone().oneshot(request).await.unwrap();
        assert_eq!(answer.status(), StatusCode::OK);
        let bytes = to_bytes(answer.into_body(), usize::MAX).await.unwrap();
        let told: Value = serde_json::from_slice(&bytes).unwrap();
        assert_eq!(told["resource"], "http://localhost:7/mcp");
        assert_eq!(told["scopes_supported"], json!(["work", "numbers", "documents", "company"]));
    }
}

#[tokio::test]
async fn an_old_secret_works_on_for_as_long_as_was_said() {
    let company = company().await;
    let (app, who) = (&company.kit.app, Who::operator());
    let seat = "delivery-lead".to_owned();
    let new = NewToken { seat, name: "sync".to_owned(), days: Some(30), scopes: None };
    let old = tokens::make(app, &who, new).await.unwrap();
    let fresh = tokens::rotate(app, &who, old.id, 24).await.unwrap();
    let hours = jiff::SignedDuration::from_hours;
    for (passed, old_works, new_works) in
        [(hours(0), true, true), (hours(25), false, true), (hours(30 * 24), false, false)]
    {
        company.kit.clock.pass(passed);
        assert_eq!(tokens::bearer(app, &old.secret).await.is_ok(), old_works, "{passed}");
        assert_eq!(tokens::bearer(app, &fresh.secret).await.is_ok(), new_works, "{passed}");
    }
    assert_eq!(tokens::rotate(app, &who, old.id, 1).await.unwrap_err().code(), "APP0303");
    assert_eq!(tokens::rotate(app, &who, fresh.id, 169).await.unwrap_err().code(), "APP0301");
    for days in [0, 3_651] {
        let new = NewToken {
            seat: "sales".to_owned(),
            name: "x".to_owned(),
            days: Some(days),
            ..NewToken::default()
        };
        assert_eq!(tokens::make(app, &who, new).await.unwrap_err().code(), "APP0301", "{days}");
    }
}
