//! The scorecard, one measurable, and the forms that push and change.

use crate::browser::Browser;
use gemba_testkit::TestApp;

const LEADS: [(&str, &str); 5] = [
    ("name", "Hours billed"),
    ("seat", "accounting"),
    ("unit", "h"),
    ("goal", "400"),
    ("direction", "up"),
];

async fn with_hours(kit: &TestApp) -> Browser {
    let mara = Browser::of(kit, "Mara").await;
    mara.post("/scorecard/new", &LEADS).await.goes("/scorecard/hours-billed?done=created");
    mara
}

#[tokio::test]
async fn an_empty_scorecard_teaches() {
    let kit = TestApp::new().await;
    Browser::of(&kit, "Mara").await.get("/scorecard").await.shows(&["Add the first measurable"]);
    let otto = Browser::of(&kit, "Otto").await;
    otto.get("/scorecard").await.shows(&["one number a week"]).hides(&["/scorecard/new"]);
}

#[tokio::test]
async fn everybody_sees_whether_the_company_wins() {
    let kit = TestApp::new().await;
    let mara = with_hours(&kit).await;
    mara.post("/scorecard/hours-billed/values", &[("value", "380"), ("week", "2026-W01")])
        .await
        .goes("/scorecard/hours-billed?done=pushed");
    for name in ["Olga", "Adam", "Mara", "Mia", "Ben", "Otto"] {
        let visitor = Browser::of(&kit, name).await;
        visitor.get("/scorecard").await.shows(&[
            "Hours billed",
            "Goal: at least 400\u{a0}h",
            "380\u{a0}h",
            "Off track",
            "The one measurable is not on track.",
            "class=\"trail\"",
            "class=\"spark\"",
            "Pending",
        ]);
        visitor.get("/scorecard?show=missing").await.shows(&["Nothing: good."]);
        visitor.get("/scorecard/hours-billed").await.shows(&[
            "class=\"course\"",
            "2026, week 01",
            "Mara",
            "Missing",
        ]);
    }
}

#[tokio::test]
async fn a_value_is_pushed_by_the_seat_that_owns_it() {
    let kit = TestApp::new().await;
    let _mara = with_hours(&kit).await;
    let mia = Browser::of(&kit, "Mia").await;
    mia.get("/scorecard").await.shows(&["class=\"push\"", "value=\"2026-W02\""]);
    mia.post(
        "/scorecard/hours-billed/values",
        &[("value", "12 345.5"), ("week", "2026-W02"), ("back", "scorecard")],
    )
    .await
    .goes("/scorecard?done=pushed");
    mia.get("/scorecard").await.shows(&[
        "12\u{202f}345.5\u{a0}h",
        "On track",
        "The one measurable is on track.",
    ]);
    for name in ["Ben", "Otto"] {
        let visitor = Browser::of(&kit, name).await;
        visitor.get("/scorecard").await.shows(&[]).hides(&["class=\"push\""]);
        visitor.post("/scorecard/hours-billed/values", &[("value", "1")]).await.is(403);
    }
    mia.post_bare("/scorecard/hours-billed/values", &[("value", "1")]).await.is(403);
}

#[tokio::test]
async fn a_refused_value_keeps_what_was_typed() {
    let kit = TestApp::new().await;
    let mara = with_hours(&kit).await;
    for (value, week, says) in [
        ("many", "2026-W02", "Enter a number"),
        ("", "2026-W02", "Enter a number"),
        ("NaN", "2026-W02", "Enter a number"),
        ("1,234", "2026-W02", "Enter a number"),
        ("5", "2026-W09", "still to come"),
        ("5", "last week", "is no week"),
    ] {
        let fields = [("value", value), ("week", week)];
        let page = mara.post("/scorecard/hours-billed/values", &fields).await;
        page.refused(&[says, &format!("value=\"{value}\""), &format!("value=\"{week}\" selected")]);
    }
    mara.post("/scorecard/nothing/values", &[("value", "1")]).await.is(404);
}

#[tokio::test]
async fn a_measurable_is_changed_and_removed_by_managers() {
    let kit = TestApp::new().await;
    let mara = with_hours(&kit).await;
    mara.post("/scorecard/new", &LEADS)
        .await
        .refused(&["a measurable of this name", "value=\"400\""]);
    for (field, value, says) in [
        ("name", "", "The name is empty."),
        ("seat", "", "Choose the seat"),
        ("goal", "lots", "Enter a number"),
    ] {
        let fields: Vec<_> =
            LEADS.iter().map(|(n, v)| if *n == field { (*n, value) } else { (*n, *v) }).collect();
        let another: Vec<_> = fields
            .iter()
            .map(|(n, v)| if *v == "Hours billed" { (*n, "Hours lost") } else { (*n, *v) })
            .collect();
        mara.post("/scorecard/new", &another).await.refused(&[says, "value=\"h\""]);
        mara.post("/scorecard/hours-billed/edit", &fields).await.refused(&[says, "value=\"h\""]);
    }
    mara.get("/scorecard/hours-billed/edit")
        .await
        .shows(&["value=\"Hours billed\"", "value=\"400\""]);
    let fewer: Vec<_> = LEADS
        .iter()
        .map(|(n, v)| match *n {
            "goal" => ("goal", "300"),
            "direction" => ("direction", "down"),
            _ => (*n, *v),
        })
        .collect();
    mara.post("/scorecard/hours-billed/edit", &fewer)
        .await
        .goes("/scorecard/hours-billed?done=saved");
    mara.get("/scorecard/hours-billed").await.shows(&["at most 300\u{a0}h"]);
    for name in ["Mia", "Otto"] {
        let visitor = Browser::of(&kit, name).await;
        visitor.get("/scorecard/new").await.is(403);
        visitor.get("/scorecard/hours-billed/edit").await.is(403);
        visitor.post("/scorecard/new", &LEADS).await.is(403);
        visitor.post("/scorecard/hours-billed/edit", &LEADS).await.is(403);
        visitor.post("/scorecard/hours-billed/removal", &[]).await.is(403);
    }
    mara.post_bare("/scorecard/hours-billed/removal", &[]).await.is(403);
    mara.post("/scorecard/hours-billed/removal", &[]).await.goes("/scorecard?done=removed");
    mara.get("/scorecard/hours-billed").await.is(404);
}
