//! Attachments: on paper beside their step, and gone with their bytes when nothing shows them any more.

use gemba_app::{
    App, Who,
    attachments::{self, About, Content},
    files, prints,
};
use gemba_model::id::EntryId;
use gemba_store::{Mode, Store, memory::MemoryStore};
use gemba_testkit::{INVOICING, TestApp};
use std::sync::Arc;

const PNG: &[u8] = b"\x89PNG\r\n\x1a\n....";

async fn attach(app: &App, slug: &str, step: Option<&str>) -> EntryId {
    let about = About {
        title: "The ledger".to_owned(),
        summary: "The ledger with the hours of the month.".to_owned(),
        step: step.map(str::to_owned),
    };
    let content = Content::File { bytes: PNG.to_vec() };
    attachments::add(app, &Who::operator(), slug, &about, content).await.expect("attached")
}

#[tokio::test]
async fn bytes_go_with_the_last_that_shows_them() {
    let store: Arc<MemoryStore> = Arc::new(MemoryStore::new());
    let kit = TestApp::on(Arc::<MemoryStore>::clone(&store)).await;
    let (app, who) = (&kit.app, Who::operator());
    let slug = kit.publish(INVOICING).await;
    let kept = async |digest: &str| {
        let mut tx = store.begin(Mode::Read).await.expect("a look");
        tx.blob(digest).await.expect("read").is_some()
    };
    let (first, second) = (attach(app, &slug, None).await, attach(app, &slug, None).await);
    let digest = attachments::get(app, &who, first).await.expect("there").digest.expect("a file");
    attachments::remove(app, &who, &slug, first).await.expect("removed");
    assert!(kept(&digest).await, "the second shows them still");
    attachments::remove(app, &who, &slug, second).await.expect("removed");
    assert!(!kept(&digest).await);
    // What is the evidence of a step stays.
    let third = attach(app, &slug, None).await;
    files::put(app, &who, "ledger.png", PNG).await.expect("kept");
    attachments::remove(app, &who, &slug, third).await.expect("removed");
    assert!(kept(&digest).await);
}

#[tokio::test]
async fn the_paper_says_what_is_attached() {
    let kit = TestApp::new().await;
    let slug = kit.publish(INVOICING).await;
    let who = Who::operator();
    let paper = prints::Paper::default();
    let bare = prints::document(&kit.app, &who, &slug, paper).await.expect("a PDF");
    attach(&kit.app, &slug, Some("check-hours")).await;
    let with = prints::document(&kit.app, &who, &slug, paper).await.expect("a PDF");
    assert!(with.len() > bare.len());
}
