//! The handbook: what is in it for whom, how a page reads, and what can be taken along.

use crate::browser::Browser;
use axum::http::{StatusCode, header};
use gemba_app::processes::{self, File};
use gemba_testkit::{INVOICING, TestApp};

async fn with_a_draft(kit: &TestApp) {
    let mara = kit.person("Mara").await;
    let text = b"---\nowner: Delivery lead\nfunction: Delivery\n---\n\n# Yet to come\n\n1. Do it\n";
    let file = File { name: "yet.md".to_owned(), bytes: text.to_vec() };
    processes::import(&kit.app, &mara, vec![file]).await.unwrap();
}

#[tokio::test]
async fn an_empty_handbook_says_what_it_will_be() {
    let kit = TestApp::new().await;
    let otto = Browser::of(&kit, "Otto").await;
    otto.get("/handbook").await.shows(&["Nothing is in force yet"]).hides(&["Import documents"]);
    let mara = Browser::of(&kit, "Mara").await;
    mara.get("/handbook").await.shows(&["Nothing is in force yet", "Import documents"]);
}

#[tokio::test]
async fn readers_find_what_is_in_force_and_only_writers_their_drafts() {
    let kit = TestApp::new().await;
    kit.publish(INVOICING).await;
    with_a_draft(&kit).await;
    let otto = Browser::of(&kit, "Otto").await;
    for order in ["", "?by=seat", "?by=letter", "?by=unknown"] {
        let page = otto.get(&format!("/handbook{order}")).await;
        page.shows(&["href=\"/handbook/monthly-invoicing\""]).hides(&["Yet to come"]);
    }
    otto.get("/handbook/yet-to-come").await.is(404);
    let mara = Browser::of(&kit, "Mara").await;
    mara.get("/handbook").await.shows(&["Yet to come", "Draft only", "<h2>Delivery</h2>"]);
    mara.get("/handbook/yet-to-come").await.shows(&["only those who write it see this page"]);
    // Mia holds the seat Accounting: what is hers comes first.
    let mia = Browser::of(&kit, "Mia").await.get("/handbook?by=seat").await;
    mia.says(&["<h2>Accounting</h2>", "your seat", "owns it", "does steps in it"]);
    assert!(mia.body.find("Accounting</h2>") < mia.body.find("Delivery lead</h2>"));
    let nobody = Browser::new(&kit, None);
    assert_eq!(nobody.get("/handbook").await.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn a_page_reads_from_top_to_bottom_and_leads_on() {
    let kit = TestApp::new().await;
    kit.publish(INVOICING).await;
    kit.publish(&INVOICING.replace("Monthly invoicing", "Quarterly invoicing")).await;
    let otto = Browser::of(&kit, "Otto").await;
    let page = otto.get("/handbook/monthly-invoicing").await;
    page.says(&[
        "Every client gets a correct invoice within two days.",
        "monthly on the 1st at 09:00",
        "If ",
        "go back to ",
        "One invoice per client in the ledger",
        "A client asks where the invoice is",
        "Nobody stands behind it since",
        "<svg",
        "rel=\"next\"",
        "href=\"/processes/monthly-invoicing/document.pdf\"",
    ]);
    assert!(!page.body.contains("rel=\"prev\""));
    otto.get("/handbook/quarterly-invoicing").await.shows(&["rel=\"prev\""]);
}

#[tokio::test]
async fn document_and_map_can_be_taken_along() {
    let kit = TestApp::new().await;
    let slug = kit.publish(INVOICING).await;
    let otto = Browser::of(&kit, "Otto").await;
    for (file, kind, begins) in [
        ("document.pdf", "application/pdf", "%PDF-"),
        ("document.pdf?paper=letter", "application/pdf", "%PDF-"),
        ("map.pdf?paper=a3", "application/pdf", "%PDF-"),
        ("map.png", "image/png", "\u{fffd}PNG"),
    ] {
        let page = otto.get(&format!("/processes/{slug}/{file}")).await;
        assert!(page.with(StatusCode::OK).starts_with(begins), "{file}");
        assert_eq!(page.headers[header::CONTENT_TYPE], kind);
        assert_eq!(page.headers[header::X_CONTENT_TYPE_OPTIONS], "nosniff");
        let named = page.headers[header::CONTENT_DISPOSITION].to_str().unwrap();
        assert!(named.starts_with("attachment; filename=\"monthly-invoicing"), "{named}");
    }
    otto.get(&format!("/processes/{slug}/document.pdf?paper=a9")).await.is(400);
    otto.get("/processes/nothing/document.pdf").await.is(404);
}
