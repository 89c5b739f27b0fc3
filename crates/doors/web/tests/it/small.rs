//! The small things: theme, palette, codes, files.

use crate::browser::Browser;
use axum::http::{StatusCode, header};
use gemba_app::files;
use gemba_testkit::{INVOICING, TestApp};

#[tokio::test]
async fn the_theme_is_kept_and_one_comes_back_to_the_page() {
    let kit = TestApp::new().await;
    let browser = Browser::of(&kit, "Otto").await;
    let set = browser.post("/theme", &[("theme", "dark"), ("back", "/runs")]).await;
    assert_eq!(set.location(), "/runs");
    assert!(set.headers[header::SET_COOKIE].to_str().unwrap().starts_with("theme=dark;"));
    let odd = browser.post("/theme", &[("theme", "x; a=b"), ("back", "//evil.example")]).await;
    assert_eq!(odd.location(), "/");
    assert!(odd.headers[header::SET_COOKIE].to_str().unwrap().starts_with("theme=system;"));
    let browser = browser.with_wrong_token();
    browser.post("/theme", &[("theme", "dark")]).await.with(StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn the_palette_finds_pages_processes_seats_and_runs() {
    let kit = TestApp::new().await;
    let slug = kit.publish(INVOICING).await;
    let mara = Browser::of(&kit, "Mara").await;
    mara.post(&format!("/processes/{slug}/runs"), &[("title", "Invoices of May")]).await;
    for name in ["Olga", "Mia", "Otto"] {
        let browser = Browser::of(&kit, name).await;
        for (asked, kind, title) in [
            ("", "Page", "Scorecard"),
            ("?q=month+inv", "Process", "Monthly invoicing"),
            ("?q=account", "Seat", "Accounting"),
            ("?q=may+invoices", "Run", "Invoices of May"),
        ] {
            let page = browser.get(&format!("/palette.json{asked}")).await;
            let found: serde_json::Value = serde_json::from_str(page.with(StatusCode::OK)).unwrap();
            let entries = found["entries"].as_array().unwrap();
            assert!(entries.iter().any(|e| e["kind"] == kind && e["title"] == title), "{found}");
        }
    }
    let nobody = Browser::new(&kit, None);
    assert_eq!(nobody.get("/palette.json").await.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn every_code_has_its_page_for_everybody() {
    let kit = TestApp::new().await;
    for browser in [Browser::new(&kit, None), Browser::of(&kit, "Otto").await] {
        for code in ["RUN0207", "app0301", "SOP0103"] {
            let page = browser.get(&format!("/codes/{code}")).await;
            assert!(!page.body.contains("<h2>Steps</h2>"), "an example stays an example");
            page.says(&[&format!("<h1>{}", code.to_uppercase()), "<h2>Instead</h2>"]);
        }
        browser.get("/codes/SOP9999").await.with(StatusCode::NOT_FOUND);
    }
}

#[tokio::test]
async fn a_missing_page_keeps_the_frame_and_the_theme_and_says_where_to_look() {
    let kit = TestApp::new().await;
    let page = Browser::of(&kit, "Otto").await.get("/seats/nobody-here").await;
    assert_eq!(page.status, StatusCode::NOT_FOUND);
    for part in ["aria-label=\"Main\"", "<code>nobody-here</code>", "href=\"/processes\"", "APP0"] {
        assert!(page.body.contains(part), "{part} in {}", page.body);
    }
    assert!(!page.body.contains('`'));
    let page = Browser::new(&kit, None).get("/no-such-page").await;
    assert_eq!(page.status, StatusCode::NOT_FOUND);
    assert!(!page.body.contains("aria-label=\"Main\"") && page.body.contains("Find a process"));
}

#[tokio::test]
async fn a_file_is_handed_over_and_never_shown() {
    let kit = TestApp::new().await;
    let mia = kit.person("Mia").await;
    let kept = files::put(&kit.app, &mia, "<b>.html", b"<script>alert(1)</script>").await.unwrap();
    let address = format!("/files/{}", kept.digest);
    let page = Browser::of(&kit, "Otto").await.get(&address).await;
    assert_eq!(page.with(StatusCode::OK), "<script>alert(1)</script>");
    assert_eq!(page.headers[header::CONTENT_TYPE], "application/octet-stream");
    assert_eq!(page.headers[header::X_CONTENT_TYPE_OPTIONS], "nosniff");
    let named = page.headers[header::CONTENT_DISPOSITION].to_str().unwrap();
    assert!(named.starts_with("attachment;"), "{named}");
    let browser = Browser::of(&kit, "Otto").await;
    browser.get("/files/0000").await.with(StatusCode::NOT_FOUND);
    let nobody = Browser::new(&kit, None);
    assert_eq!(nobody.get(&address).await.status, StatusCode::SEE_OTHER);
}
