//! The team chart, a seat, and the forms that change both.

use crate::browser::{Browser, between};
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
            .shows(&["Owns no process", "class=\"chart-spine\"", "Outside any line"]);
        visitor.get("/seats?view=table").await.shows(&["<table", "Reports to", "Delivery lead"]);
        visitor.get("/seats/accounting").await.shows(&["Monthly invoicing", "Unverified", "Mia"]);
    }
}

#[tokio::test]
async fn the_chart_is_a_list_in_a_list() {
    let kit = TestApp::new().await;
    let mara = Browser::of(&kit, "Mara").await;
    mara.post("/seats/new", &SEAT).await.goes("/seats/reporting?done=created");
    mara.get("/seats").await.shows(&["class=\"chart\"", "class=\"chart-fan\""]).hides(&["style="]);
    let below = with(&with(&SEAT, "reports_to", "sales"), "name", "Scout");
    mara.post("/seats/new", &with(&below, "aliases", "")).await.goes("/seats/scout?done=created");
    // Their lines end at Mia, so only the third agent has nobody above.
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

#[tokio::test]
async fn a_calendar_program_reads_a_seat_by_a_link_that_is_shown_once() {
    let kit = TestApp::new().await;
    kit.publish(INVOICING).await;
    let mia = Browser::of(&kit, "Mia").await;
    mia.get("/seats/accounting").await.shows(&["/seats/accounting/calendar"]);
    mia.get("/seats/accounting/calendar").await.shows(&["No link yet", "Make a link"]);
    let made = mia.post("/seats/accounting/calendar", &[]).await.shows(&["not shown again"]);
    let link = format!("/calendar/cal_{}", between(&made.body, "/calendar/cal_", "<"));
    let program = Browser::new(&kit, None);
    let calendar = program.get(&link).await;
    assert_eq!(calendar.headers["content-type"], "text/calendar; charset=utf-8");
    let body = calendar.with(axum::http::StatusCode::OK);
    assert!(body.starts_with("BEGIN:VCALENDAR\r\n") && body.contains("SUMMARY:Starts:"), "{body}");
    let page = mia.get("/seats/accounting/calendar").await.shows(&["by Mia", "Take it back"]);
    let place = between(&page.body, "action=\"/seats/accounting/calendar/", "\"").to_owned();
    let otto = Browser::of(&kit, "Otto").await;
    otto.get("/seats/accounting/calendar").await.is(403);
    otto.get("/seats/accounting").await.hides(&["/seats/accounting/calendar"]);
    mia.post(&format!("/seats/accounting/calendar/{place}"), &[]).await.is(303);
    program.get(&link).await.is(404);
}
