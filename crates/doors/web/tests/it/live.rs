//! Pages that keep themselves true: a stream tells that something changed, to those who may look.

use crate::browser::{Browser, between};
use gemba_app::runs;
use gemba_testkit::{INVOICING, TestApp};

#[tokio::test]
async fn a_page_hears_that_its_run_went_on() {
    let kit = TestApp::new().await;
    kit.publish(INVOICING).await;
    let mara = kit.person("Mara").await;
    let run = runs::start(&kit.app, &mara, "monthly-invoicing", "March").await.unwrap();
    let browser = Browser::of(&kit, "Mara").await;
    let page = browser.get(&format!("/runs/{run}")).await;
    let place = between(&page.body, "data-live=\"", "\"").replace("&amp;", "&");
    assert!(place.starts_with(&format!("/live?run={run}&seen=")), "{place}");
    let mut stream = browser.listen(&place).await;
    assert_eq!(stream.header("content-type"), "text/event-stream");
    // Nothing changed since the page was made: the first thing told is what happens now.
    runs::cancel(&kit.app, &mara, run, "enough").await.unwrap();
    let told = stream.next().await;
    assert!(told.contains("event: changed"), "{told}");
    // A page that was made before is told at once.
    let mut late = browser.listen(&place).await;
    assert!(late.next().await.contains("event: changed"));
}

#[tokio::test]
async fn my_work_hears_of_a_new_step() {
    let kit = TestApp::new().await;
    kit.publish(INVOICING).await;
    let (mia, mara) = (Browser::of(&kit, "Mia").await, kit.person("Mara").await);
    let page = mia.get("/").await;
    let place = between(&page.body, "data-live=\"", "\"").to_owned();
    let mut stream = mia.listen(&place).await;
    runs::start(&kit.app, &mara, "monthly-invoicing", "March").await.unwrap();
    assert!(stream.next().await.contains("event: changed"));
    let again = mia.get("/").await;
    assert_ne!(between(&again.body, "data-live=\"", "\""), place);
}

#[tokio::test]
async fn nobody_listens_without_signing_in() {
    let kit = TestApp::new().await;
    let stranger = Browser::new(&kit, None);
    stranger.get("/live").await.is(303);
    let mia = Browser::of(&kit, "Mia").await;
    mia.get("/live?run=nothing").await.is(404);
}
