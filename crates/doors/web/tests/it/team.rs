//! The team chart, a seat, and the forms that change both.

use crate::browser::Browser;
use gemba_testkit::{INVOICING, TestApp};

const EVERYBODY: [&str; 6] = ["Olga", "Adam", "Mara", "Mia", "Ben", "Otto"];

const SEAT: [(&str, &str); 8] = [
    ("name", "Reporting"),
    ("function", "Finance"),
    ("purpose", "Tells what happened"),
    ("reports_to", "accounting"),
    ("holder", "agent"),
    ("person", ""),
    ("agent", "Tally"),
    ("aliases", "Reports\nKPI desk"),
];

fn with<'a>(fields: &[(&'a str, &'a str)], name: &str, value: &'a str) -> Vec<(&'a str, &'a str)> {
    fields.iter().map(|(n, v)| if *n == name { (*n, value) } else { (*n, *v) }).collect()
}

#[tokio::test]
async fn everybody_sees_who_is_accountable_for_what() {
    let kit = TestApp::new().await;
    kit.publish(INVOICING).await;
    for name in EVERYBODY {
        let visitor = Browser::of(&kit, name).await;
        visitor
            .get("/seats")
            .await
            .shows(&[
                "3 seats: 1 held by people, 1 by agents, 1 vacant.",
                "owns 1 process",
                "Dash",
                "Vacant",
            ])
            .shows(&["Owns no process", "No person above"]);
        visitor.get("/seats?view=table").await.shows(&["<table", "Reports to", "Delivery lead"]);
        visitor.get("/seats/accounting").await.shows(&["Monthly invoicing", "Unverified", "Mia"]);
    }
}

#[tokio::test]
async fn the_chart_is_a_list_in_a_list() {
    let kit = TestApp::new().await;
    let mara = Browser::of(&kit, "Mara").await;
    mara.post("/seats/new", &SEAT).await.goes("/seats/reporting?done=created");
    mara.get("/seats")
        .await
        .shows(&["class=\"chart\"", "class=\"chart-spine\"", "Outside any line"])
        .hides(&["style="]);
    // Its line ends at Mia, so only the other agent has nobody above.
    let page = mara.get("/seats").await;
    assert_eq!(page.body.matches("No person above").count(), 1);
    mara.get("/seats/accounting").await.shows(&["href=\"/seats/reporting\""]);
    mara.get("/seats/reporting").await.shows(&[
        "Tally",
        "agent",
        "Reports, KPI desk",
        "Tells what happened",
    ]);
}

#[tokio::test]
async fn a_seat_is_changed_and_removed_by_managers() {
    let kit = TestApp::new().await;
    kit.publish(INVOICING).await;
    let mara = Browser::of(&kit, "Mara").await;
    mara.post("/seats/new", &SEAT).await.goes("/seats/reporting?done=created");
    let fields = with(&SEAT, "name", "Numbers");
    mara.post("/seats/reporting/edit", &fields).await.goes("/seats/reporting?done=saved");
    mara.get("/seats/reporting").await.shows(&["Numbers", "Reporting"]);
    mara.post("/seats/reporting/removal", &[]).await.goes("/seats?done=removed");
    mara.get("/seats/reporting").await.is(404);
    mara.post("/seats/accounting/removal", &[])
        .await
        .refused(&["Not removed", "processes in force or open steps need it"]);
    mara.get("/seats/accounting/edit").await.shows(&["A new holder makes 1 process", "unverified"]);
    mara.get("/seats/sales/edit").await.shows(&["Nobody yet"]).hides(&["A new holder makes"]);
}

#[tokio::test]
async fn a_refused_seat_keeps_what_was_typed() {
    let kit = TestApp::new().await;
    let mara = Browser::of(&kit, "Mara").await;
    let typed = "Tells what happened";
    for (field, value, says) in [
        ("name", "", "The name is empty."),
        ("name", "Accounting", "There is a seat <code>Accounting</code> already"),
        ("aliases", "Sales", "is a name of another seat"),
        ("agent", "", "id=\"agent-error\""),
        ("holder", "person", "Choose a person."),
        ("reports_to", "gone", "This seat is gone."),
    ] {
        let fields = with(&SEAT, field, value);
        mara.post("/seats/new", &fields).await.refused(&[says, typed, "There is a problem"]);
    }
    let circle = with(&with(&SEAT, "name", "Accounting"), "reports_to", "accounting");
    mara.post("/seats/accounting/edit", &circle).await.refused(&["cannot answer to itself", typed]);
    mara.get("/seats/new?name=Data+analyst").await.shows(&["value=\"Data analyst\""]);
}

#[tokio::test]
async fn who_may_not_change_the_chart_is_refused() {
    let kit = TestApp::new().await;
    for name in ["Mia", "Ben", "Otto"] {
        let visitor = Browser::of(&kit, name).await;
        visitor.get("/seats").await.shows(&[]).hides(&["/seats/new"]);
        visitor.get("/seats/sales").await.shows(&[]).hides(&["/seats/sales/edit", "removal"]);
        visitor.get("/seats/new").await.is(403);
        visitor.get("/seats/sales/edit").await.is(403);
        visitor.post("/seats/new", &SEAT).await.is(403);
        visitor.post("/seats/sales/edit", &SEAT).await.is(403);
        visitor.post("/seats/sales/removal", &[]).await.is(403);
    }
    let olga = Browser::of(&kit, "Olga").await;
    olga.post_bare("/seats/new", &SEAT).await.is(403);
    olga.post_bare("/seats/sales/removal", &[("csrf", "guessed")]).await.is(403);
    olga.get("/seats/nobody").await.is(404);
}
