//! Runs: the list with its filters, one run, starting and ending one.

use crate::browser::{Browser, between};
use axum::http::StatusCode;
use gemba_app::runs;
use gemba_testkit::{INVOICING, TestApp};
use jiff::SignedDuration;

#[tokio::test]
async fn an_empty_list_teaches_what_a_run_is() {
    let kit = TestApp::new().await;
    for name in ["Olga", "Mia", "Otto"] {
        let browser = Browser::of(&kit, name).await;
        browser.get("/runs").await.says(&["No run yet", "Choose a process"]);
    }
}

#[tokio::test]
async fn runs_are_started_found_and_paged() {
    let kit = TestApp::new().await;
    let slug = kit.publish(INVOICING).await;
    let mia = Browser::of(&kit, "Mia").await;
    let at = format!("/processes/{slug}/runs");
    let started = mia.post(&at, &[]).await;
    mia.follow(&started).await.says(&["The run has begun.", "Monthly invoicing #1"]);
    let who = kit.person("Mia").await;
    for n in 2..=51 {
        kit.clock.pass(SignedDuration::from_secs(1));
        runs::start(&kit.app, &who, &slug, &format!("Client {n}")).await.unwrap();
    }
    let list = mia.get("/runs").await;
    list.says(&[
        "51 runs are going on",
        "Client 51",
        "Collect the hours, with Accounting",
        "Show more",
    ]);
    assert!(!list.body.contains("Monthly invoicing #1"));
    let next = between(&list.body, "href=\"/runs?before=", "\"");
    let rest = mia.get(&format!("/runs?before={next}")).await;
    rest.says(&["Monthly invoicing #1", "Back to the start"]);
    assert_eq!(mia.get(&at).await.location(), format!("/runs?process={slug}"));
    let ended = mia.get(&format!("/runs?process={slug}&state=cancelled")).await;
    ended.says(&["No such run", "Show all runs"]);
    mia.get("/runs?process=none").await.with(StatusCode::NOT_FOUND);
    mia.get("/runs?before=none").await.with(StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_run_is_not_started_without_a_right_a_token_or_a_revision() {
    let kit = TestApp::new().await;
    let slug = kit.publish(INVOICING).await;
    let at = format!("/processes/{slug}/runs");
    Browser::of(&kit, "Otto").await.post(&at, &[]).await.with(StatusCode::FORBIDDEN);
    let mia = Browser::of(&kit, "Mia").await;
    mia.post("/processes/none/runs", &[]).await.with(StatusCode::NOT_FOUND);
    let title = "x".repeat(201);
    assert!(
        mia.post(&at, &[("title", &title)])
            .await
            .with(StatusCode::UNPROCESSABLE_ENTITY)
            .contains("RUN0212")
    );
    mia.with_wrong_token().post(&at, &[]).await.with(StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn one_run_shows_its_map_the_step_whose_turn_it_is_and_what_comes() {
    let kit = TestApp::new().await;
    let slug = kit.publish(INVOICING).await;
    let mia = Browser::of(&kit, "Mia").await;
    let started = mia.post(&format!("/processes/{slug}/runs"), &[]).await;
    for (name, own) in [("Mia", true), ("Mara", false), ("Ben", false), ("Otto", false)] {
        let page = Browser::of(&kit, name).await.get(started.location()).await;
        page.says(&[
            "<svg",
            "gemba-map",
            "It waits for Accounting to do “Collect the hours”",
            "aria-current=\"step\"",
            "Send the invoices",
            "revision 1",
            "Mia started the run",
        ]);
        assert_eq!(page.body.contains("Complete step"), own, "{name}");
        assert_eq!(page.body.contains("Open the step"), name == "Mara", "{name}");
        assert_eq!(page.body.contains("End this run"), name == "Mara", "{name}");
    }
    mia.get("/runs/none").await.with(StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_run_is_ended_with_a_reason_by_a_manager() {
    let kit = TestApp::new().await;
    let slug = kit.publish(INVOICING).await;
    let mia = Browser::of(&kit, "Mia").await;
    let started = mia.post(&format!("/processes/{slug}/runs"), &[]).await;
    let run = started.location().split('?').next().unwrap();
    let at = format!("{run}/cancellation");
    mia.post(&at, &[("why", "no")]).await.with(StatusCode::FORBIDDEN);
    let mara = Browser::of(&kit, "Mara").await;
    let none = mara.post(&at, &[("why", " ")]).await;
    let body = none.with(StatusCode::UNPROCESSABLE_ENTITY);
    assert!(body.contains("id=\"why-error\"") && body.contains("<details class=\"ask\" open>"));
    let ended = mara.post(&at, &[("why", "the client left")]).await;
    let page = mara.follow(&ended).await;
    page.says(&["The run was ended.", "Ended early", "the client left", "Mara ended the run"]);
    assert!(!page.body.contains("End this run"));
    assert_eq!(mara.get(&at).await.location(), run);
    mara.post(&at, &[("why", "again")]).await.with(StatusCode::CONFLICT);
    let wrong = Browser::of(&kit, "Mara").await.with_wrong_token();
    wrong.post(&at, &[("why", "x")]).await.with(StatusCode::FORBIDDEN);
}
