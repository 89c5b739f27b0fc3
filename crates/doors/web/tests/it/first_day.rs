//! The library and the first-day audit.

use crate::browser::Browser;
use gemba_testkit::TestApp;

#[tokio::test]
async fn the_library_is_read_by_all_and_drafted_by_those_who_write() {
    let kit = TestApp::new().await;
    let otto = Browser::of(&kit, "Otto").await;
    otto.get("/library").await.shows(&["Lead intake", "Payroll", "Not written"]);
    otto.get("/library/payroll").await.shows(&["Freeze the changes"]).hides(&["Make a draft"]);
    let mia = Browser::of(&kit, "Mia").await;
    mia.get("/library/payroll").await.shows(&["Make a draft of it"]);
    mia.post("/library/payroll/draft", &[]).await.goes("/processes/payroll/edit?done=created");
    mia.get("/library/payroll").await.shows(&["Open the draft"]).hides(&["Make a draft of it"]);
    mia.get("/library/nothing").await.is(404);
}

#[tokio::test]
async fn the_first_day_leads_from_questions_to_drafts() {
    let kit = TestApp::new().await;
    let mara = Browser::of(&kit, "Mara").await;
    mara.get("/audit").await.shows(&["Start the first-day audit"]);
    mara.get("/audit/first-day").await.shows(&["Nobody has answered yet", "Start with revenue"]);
    mara.get("/audit/first-day/finance").await.shows(&[
        "Do you pay employees?",
        "How often?",
        "seat-offers",
        "Save and go on",
    ]);
    let form = [
        ("payroll.happens", "yes"),
        ("payroll.often", "weekly"),
        ("payroll.bad", "high"),
        ("payroll.seat", "Accounting"),
        ("expense-approval.happens", "no"),
        ("cash-flow-reporting.happens", ""),
    ];
    mara.post("/audit/first-day/finance", &form)
        .await
        .goes("/audit/first-day/delivery-and-operations?done=saved");
    mara.get("/audit/first-day").await.shows(&[
        "2 of 32",
        "Write down first",
        "value=\"payroll\" checked",
        "Every week",
        "Go on with revenue",
    ]);
    mara.post("/audit/first-day/finance/own", &[("title", "Grant reporting")])
        .await
        .goes("/audit/first-day/finance?done=saved#own");
    mara.get("/audit/first-day/finance").await.shows(&["Grant reporting"]);
    mara.post("/audit/first-day/finance/own", &[("title", "Payroll")])
        .await
        .refused(&["of this name already"]);
    mara.post("/audit/first-day/drafts", &[("draft", "payroll"), ("draft", "grant-reporting")])
        .await
        .goes("/audit/first-day?done=drafted");
    mara.get("/audit/first-day").await.shows(&["href=\"/processes/payroll\"", "Draft"]);
    mara.get("/processes/payroll/edit").await.shows(&["owner: Accounting"]);
    mara.get("/audit/first-day/magic").await.is(404);
}

#[tokio::test]
async fn those_who_do_not_answer_see_the_answers() {
    let kit = TestApp::new().await;
    let mia = Browser::of(&kit, "Mia").await;
    mia.get("/audit/first-day/people").await.shows(&["Nobody said"]).hides(&["Save and"]);
    mia.post("/audit/first-day/people", &[("offboarding.happens", "yes")]).await.is(403);
    mia.post("/audit/first-day/drafts", &[("draft", "payroll")]).await.is(403);
}
