//! Search: what is found, how it is shown, and that nothing typed becomes more than words.

use crate::browser::Browser;
use axum::http::StatusCode;
use gemba_testkit::{INVOICING, TestApp};

#[tokio::test]
async fn everything_that_is_written_is_found_by_the_beginnings_of_its_words() {
    let kit = TestApp::new().await;
    let slug = kit.publish(INVOICING).await;
    let mara = Browser::of(&kit, "Mara").await;
    mara.post(&format!("/processes/{slug}/runs"), &[("title", "Übergabe an Café Noir")]).await;
    let otto = Browser::of(&kit, "Otto").await;
    for (asked, shown) in [
        ("month", "<mark>Monthly</mark> invoicing</a>"),
        ("timesh", "approved <mark>timesheets</mark>"),
        ("folder+sent", "the <mark>folder</mark> of <mark>sent</mark>"),
        ("cafe", "<mark>Café</mark> Noir"),
        ("mia", "href=\"/seats/accounting\""),
        ("deliv&kind=seat", "<mark>Delivery</mark> lead"),
        ("finance", "Finance"),
    ] {
        otto.get(&format!("/search?q={asked}")).await.shows(&[shown, "name=\"q\""]);
    }
    otto.get("/search?q=timesheets&kind=seat").await.shows(&["Nothing has all these words"]);
    otto.get("/search").await.shows(&["Find anything that is written down"]);
}

#[tokio::test]
async fn what_is_typed_and_what_is_written_stay_text() {
    let kit = TestApp::new().await;
    let source = INVOICING.replace("correct invoice", "correct <img src=x> invoice");
    kit.publish(&source).await;
    let otto = Browser::of(&kit, "Otto").await;
    let page = otto.get("/search?q=img+%22%3Cscript%3E").await;
    page.shows(&["value=\"img &quot;&lt;script&gt;\""]).hides(&["<script>", "<img"]);
    let page = otto.get("/search?q=img").await;
    page.shows(&["&lt;<mark>img</mark> src=x&gt;"]).hides(&["<img"]);
    for odd in ["%00", "NEAR(", "*", "-", "%22", "a&page=99999999", &"x".repeat(3_000)] {
        assert_eq!(otto.get(&format!("/search?q={odd}")).await.status, StatusCode::OK, "{odd}");
    }
    let nobody = Browser::new(&kit, None);
    assert_eq!(nobody.get("/search?q=a").await.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn many_hits_come_page_by_page() {
    let kit = TestApp::new().await;
    let mara = Browser::of(&kit, "Mara").await;
    for n in 1..=23 {
        mara.post("/processes/new", &[("title", &format!("Procurement {n}"))]).await;
    }
    let first = mara.get("/search?q=procurement").await;
    first.says(&["rel=\"next\"", "page=2"]);
    assert_eq!(first.body.matches("class=\"hit-title\"").count(), 20);
    let second = mara.get("/search?q=procurement&page=2").await;
    assert_eq!(second.body.matches("class=\"hit-title\"").count(), 3);
    assert!(!second.body.contains("rel=\"next\""));
}
