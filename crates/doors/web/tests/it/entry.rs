//! Coming in: who gets in, who does not, and where one comes out.

use crate::browser::Browser;
use axum::{
    body::Body,
    http::{Request, StatusCode, header},
};
use gemba_app::{Who, accounts};
use gemba_store::memory::MemoryStore;
use gemba_testkit::TestApp;
use jiff::SignedDuration;
use std::sync::Arc;

#[tokio::test]
async fn who_is_not_signed_in_signs_in_and_comes_back() {
    let kit = TestApp::new().await;
    let mut browser = Browser::new(&kit, None);
    let away = browser.get("/runs?state=running").await;
    assert_eq!(away.location(), "/sign-in?back=%2Fruns%3Fstate%3Drunning");
    let page = browser.follow(&away).await;
    page.says(&["<h1>Sign in</h1>", "value=\"/runs?state=running\""]);
    let form = [
        ("email", "MIA@example.com"),
        ("password", "correct horse"),
        ("back", "/runs?state=running"),
    ];
    let in_now = browser.post("/sign-in", &form).await;
    assert_eq!(in_now.location(), "/runs?state=running");
    let cookie = in_now.headers[header::SET_COOKIE].to_str().unwrap();
    for part in ["gemba_session=gs_", "HttpOnly", "SameSite=Lax", "Path=/", "Max-Age="] {
        assert!(cookie.contains(part), "{part} in {cookie}");
    }
    assert!(!cookie.contains("Secure"));
    browser.take_cookie(&in_now);
    assert_eq!(browser.get("/sign-in?back=/runs").await.location(), "/runs");
}

#[tokio::test]
async fn a_wrong_password_keeps_the_address_and_the_way_back() {
    let kit = TestApp::new().await;
    let browser = Browser::new(&kit, None);
    let form = [("email", "mia@example.com"), ("password", "wrong horse"), ("back", "/runs")];
    let page = browser.post("/sign-in", &form).await;
    let body = page.with(StatusCode::UNPROCESSABLE_ENTITY);
    assert!(body.contains("do not belong together") && body.contains("value=\"mia@example.com\""));
    assert!(body.contains("value=\"/runs\"") && !body.contains("wrong horse"));
    assert!(!page.headers.contains_key(header::SET_COOKIE));
}

#[tokio::test]
async fn nobody_is_led_to_another_site() {
    let kit = TestApp::new().await;
    let browser = Browser::new(&kit, None);
    for back in ["https://evil.example", "//evil.example", "/\\evil.example"] {
        let form = [("email", "mia@example.com"), ("password", "correct horse"), ("back", back)];
        assert_eq!(browser.post("/sign-in", &form).await.location(), "/", "{back}");
    }
}

#[tokio::test]
async fn a_form_of_another_site_signs_nobody_in() {
    let kit = TestApp::new().await;
    let browser = Browser::new(&kit, None);
    let request = Request::post("/sign-in")
        .header("sec-fetch-site", "cross-site")
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .body(Body::from("email=mia%40example.com&password=correct+horse"))
        .unwrap();
    browser.send(request).await.with(StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn a_link_is_used_up_by_its_button_and_not_by_looking_at_it() {
    let kit = TestApp::new().await;
    let mia = kit.person("Mia").await;
    let gemba_app::Principal::Person { account } = mia.principal else { panic!("a person") };
    let valid = SignedDuration::from_hours(1);
    let secret = accounts::link(&kit.app, &Who::operator(), account, valid).await.unwrap();
    let mut browser = Browser::new(&kit, None);
    for _ in 0..3 {
        browser.get(&format!("/sign-in/link/{secret}")).await.says(&["Sign in", &secret]);
    }
    let in_now = browser.post("/sign-in/link", &[("secret", &secret)]).await;
    assert_eq!(in_now.location(), "/");
    browser.take_cookie(&in_now);
    browser.get("/").await.says(&["My work"]);
    let again = browser.post("/sign-in/link", &[("secret", &secret)]).await;
    assert!(again.with(StatusCode::UNPROCESSABLE_ENTITY).contains("used already"));
}

#[tokio::test]
async fn who_signs_out_is_out() {
    let kit = TestApp::new().await;
    let browser = Browser::of(&kit, "Mia").await;
    let out = browser.post("/sign-out", &[]).await;
    assert_eq!(out.location(), "/sign-in");
    assert!(out.headers[header::SET_COOKIE].to_str().unwrap().contains("Max-Age=0"));
    assert_eq!(browser.get("/").await.location(), "/sign-in");
    let browser = Browser::of(&kit, "Mia").await.with_wrong_token();
    browser.post("/sign-out", &[]).await.with(StatusCode::FORBIDDEN);
}

const FORM: [(&str, &str); 5] = [
    ("name", "Northlight"),
    ("zone", "Europe/Vienna"),
    ("owner", "Nora"),
    ("email", "nora@example.com"),
    ("password", "a long password"),
];

fn empty() -> TestApp {
    TestApp::bare(Arc::new(MemoryStore::new()))
}

#[tokio::test]
async fn an_empty_workspace_is_set_up_once_with_the_key() {
    let kit = empty();
    let mut browser = Browser::new(&kit, Some("key"));
    assert_eq!(browser.get("/").await.status, StatusCode::SERVICE_UNAVAILABLE);
    for wrong in ["/setup/kez", "/setup/k", "/setup/keys"] {
        assert_eq!(browser.get(wrong).await.status, StatusCode::NOT_FOUND, "{wrong}");
        assert_eq!(browser.post(wrong, &FORM).await.status, StatusCode::NOT_FOUND, "{wrong}");
    }
    browser.get("/setup/key").await.says(&["Set up your workspace", "Europe/Berlin"]);
    let done = browser.post("/setup/key", &FORM).await;
    assert_eq!(done.location(), "/");
    browser.take_cookie(&done);
    browser.get("/").await.says(&["Northlight", "Nora"]);
    assert_eq!(browser.get("/setup/key").await.location(), "/");
    let again = browser.post("/setup/key", &FORM).await;
    assert!(again.with(StatusCode::UNPROCESSABLE_ENTITY).contains("a workspace already"));
    let without = Browser::new(&kit, None);
    assert_eq!(without.get("/setup/").await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn what_is_wrong_with_the_set_up_is_said_at_its_field() {
    let kit = empty();
    let browser = Browser::new(&kit, Some("key"));
    for (field, value, id) in [
        ("name", " ", "name-error"),
        ("zone", "Berlin", "zone-error"),
        ("owner", "", "owner-error"),
        ("email", "nora", "email-error"),
        ("password", "short", "password-error"),
    ] {
        let form = FORM.map(|(name, v)| (name, if name == field { value } else { v }));
        let page = browser.post("/setup/key", &form).await;
        let body = page.with(StatusCode::UNPROCESSABLE_ENTITY);
        assert!(body.contains(&format!("id=\"{id}\"")), "{id} in {body}");
        assert!(field == "email" || body.contains("value=\"nora@example.com\""));
    }
}
