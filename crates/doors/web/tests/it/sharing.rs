//! Steps done by others or later, and absences: what the pages say and what comes of their forms.

use crate::browser::{Browser, between};
use axum::http::StatusCode;
use gemba_testkit::{INVOICING, TestApp};

/// The company with a run of a process; the addresses of its run and of its first step.
async fn with_run() -> (TestApp, String, String) {
    let kit = TestApp::new().await;
    let slug = kit.publish(INVOICING).await;
    let mia = Browser::of(&kit, "Mia").await;
    let started = mia.post(&format!("/processes/{slug}/runs"), &[("title", "May")]).await;
    let run = started.location().split('?').next().unwrap().to_owned();
    let step = format!("/work/{}", between(&mia.get("/").await.body, "href=\"/work/", "\""));
    (kit, run, step)
}

#[tokio::test]
async fn a_step_is_given_to_a_person_who_returns_it() {
    let (kit, run, step) = with_run().await;
    let (mia, ben) = (Browser::of(&kit, "Mia").await, Browser::of(&kit, "Ben").await);
    let page = mia.get(&step).await;
    page.says(&["Give it to a person, or put it aside", "To whom?", "Comes back on"]);
    assert!(!ben.get(&step).await.body.contains("To whom?"));
    let form = |until: &'static str| {
        [("person", "ben@example.com"), ("given_until", until), ("given_note", "You know them")]
    };
    let wrong = mia.post(&format!("{step}/delegation"), &form("soon")).await;
    wrong.refused(&["Write a day such as 2026-08-03", "You know them"]);
    let past = mia.post(&format!("{step}/delegation"), &form("2026-01-01")).await;
    let says = past.with(StatusCode::CONFLICT);
    assert!(says.contains("This moment has passed") && says.contains("/codes/RUN0232"), "{says}");
    let given = mia.post(&format!("{step}/delegation"), &form("2026-01-09")).await;
    assert!(given.location().starts_with(&step));
    mia.get("/").await.says(&["Given to others", "with Ben, for Accounting"]);
    mia.get(&step).await.says(&["gave this step to", "Take it back"]);
    ben.get("/").await.says(&["One step waits for you", "given to you by Mia"]);
    ben.get(&step).await.says(&["gave you this step", "Return it to the seat", "Complete step"]);
    ben.post(&format!("{step}/delegation/end"), &[]).await;
    ben.get("/").await.says(&["You hold no seat"]);
    mia.get(&run).await.says(&["gave", "to Ben", "You know them", "back to its seat"]);
}

#[tokio::test]
async fn a_step_is_put_aside_and_taken_up_again() {
    let (kit, _, step) = with_run().await;
    let mia = Browser::of(&kit, "Mia").await;
    for (until, status, says) in [
        ("", StatusCode::UNPROCESSABLE_ENTITY, "Say on which day it comes back"),
        ("2026-01-01", StatusCode::CONFLICT, "This moment has passed"),
    ] {
        let wrong = mia.post(&format!("{step}/follow-up"), &[("aside_until", until)]).await;
        assert!(wrong.with(status).contains(says), "{says}");
    }
    mia.post(&format!("{step}/follow-up"), &[("aside_until", "2026-01-09")]).await;
    mia.get("/").await.says(&["Put aside", "what comes back first", "comes back", "No step to do"]);
    mia.get(&step).await.says(&["Put aside: it comes back", "Take it up again"]);
    mia.post(&format!("{step}/follow-up/end"), &[]).await;
    mia.get("/").await.says(&["One step waits for you"]);
}

#[tokio::test]
async fn the_owner_says_how_urgent_a_run_is() {
    let (kit, run, _) = with_run().await;
    let (mia, ben) = (Browser::of(&kit, "Mia").await, Browser::of(&kit, "Ben").await);
    assert!(!ben.get(&run).await.body.contains("How urgent"));
    let refused = ben.post(&format!("{run}/priority"), &[("priority", "urgent")]).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    mia.get(&run).await.says(&["How urgent is this run?"]);
    let done = mia.post(&format!("{run}/priority"), &[("priority", "urgent")]).await;
    assert!(done.location().starts_with(&run));
    mia.get(&run).await.says(&["Urgent", "set the priority to urgent"]);
    for page in ["/", "/runs"] {
        mia.get(page).await.says(&["Urgent"]);
    }
}

#[tokio::test]
async fn an_absence_says_who_acts_and_ends() {
    let (kit, run, step) = with_run().await;
    let (mia, ben) = (Browser::of(&kit, "Mia").await, Browser::of(&kit, "Ben").await);
    mia.get("/settings/away").await.says(&["Nobody is away", "Who acts for you?"]);
    let otto = Browser::of(&kit, "Otto").await.get("/settings/away").await;
    assert!(!otto.body.contains("Who acts for you?"));
    let form =
        |until: &'static str| [("from", ""), ("until", until), ("deputy", "ben@example.com")];
    let wrong = mia.post("/settings/away", &form("2026-01-01")).await;
    wrong.refused(&["The last day lies before the first"]);
    let saved = mia.post("/settings/away", &form("2026-01-09")).await;
    assert!(saved.location().starts_with("/settings/away"));
    mia.get("/settings/away").await.says(&["Away", "Ben", "Accounting", "Back again"]);
    mia.get("/seats/accounting").await.says(&["Mia is away until", "acts for them"]);
    ben.get("/").await.says(&["as Accounting, acting for Mia"]);
    ben.get(&step).await.says(&["You act for", "Complete step"]);
    ben.post(&format!("{step}/claim"), &[]).await;
    ben.get(&run).await.says(&["Ben (acting for Mia)"]);
    // A manager says that she is back.
    let mara = Browser::of(&kit, "Mara").await;
    mara.get("/settings/away").await.says(&["Who is away?"]);
    mara.post("/settings/away/end", &[("person", "mia@example.com")]).await;
    ben.get("/").await.says(&["You hold no seat"]);
}
