//! What an agent tells and asks people: progress, problems, questions, better texts.

use crate::{
    client::{refused, told},
    company::company,
};
use gemba_app::{Who, incidents, suggestions};
use serde_json::json;

#[tokio::test]
async fn progress_keeps_a_step_for_longer() {
    let company = company().await;
    let mia = company.client("Accounting").await;
    let run = told(&mia, "start_run", json!({"process": "monthly-invoicing"})).await;
    let work = run["open"][0]["work"].clone();
    told(&mia, "claim_work", json!({"work": work})).await;
    company.kit.clock.pass(jiff::SignedDuration::from_mins(10));
    let note = json!({"work": work, "note": "half of it", "idempotency_key": "p1"});
    let kept = told(&mia, "report_progress", note).await;
    assert_eq!(kept["lease_until"], "2026-01-05T08:25:00Z");
    refused(&mia, "report_progress", json!({"work": work, "note": " "}), "APP0301").await;
}

#[tokio::test]
async fn a_problem_becomes_an_incident_that_names_who_answers() {
    let company = company().await;
    let mia = company.client("Accounting").await;
    let run = told(&mia, "start_run", json!({"process": "monthly-invoicing"})).await;
    let problem =
        json!({"work": run["open"][0]["work"], "kind": "sop_unclear", "text": "which hours?"});
    let told = told(&mia, "report_problem", problem).await;
    assert_eq!(told["answered_by"], "Accounting");
    let (app, who) = (&company.kit.app, Who::operator());
    let all = incidents::list(app, &who, incidents::Listing::default()).await.unwrap();
    assert_eq!(
        all[0].what(),
        "Accounting (test) reports a problem: The SOP is unclear: which hours?"
    );
}

#[tokio::test]
async fn a_question_waits_for_nobody_and_its_answer_comes_with_the_work() {
    let company = company().await;
    let mia = company.client("Accounting").await;
    let run = told(&mia, "start_run", json!({"process": "monthly-invoicing"})).await;
    let work = run["open"][0]["work"].clone();
    let question = json!({"work": work, "question": "Bill the hours of Sunday too?"});
    let asked = told(&mia, "ask_human", question).await;
    assert_eq!((&asked["asked"], &asked["check_with"]), (&json!("Accounting"), &json!("get_work")));
    let item = told(&mia, "get_work", json!({"work": work})).await;
    assert_eq!(item["questions"], json!([{"question": "Bill the hours of Sunday too?"}]));

    let person = company.kit.person("Mia").await;
    let id = asked["incident"].as_str().unwrap().parse().unwrap();
    incidents::close(&company.kit.app, &person, id, "No, only workdays.").await.unwrap();
    let item = told(&mia, "get_work", json!({"work": work})).await;
    assert_eq!(item["questions"][0]["answer"], "No, only workdays.");
}

#[tokio::test]
async fn a_text_is_checked_until_it_is_clean_and_then_proposed_to_the_owner() {
    let company = company().await;
    let dash = company.client("Delivery lead").await;
    let broken =
        json!({"text": "# T\n\n## Steps\n\n1. **If late**: go to step 9\n", "check_only": true});
    let checked = told(&dash, "propose_sop_change", broken).await;
    assert_eq!(checked["kept"], false);
    assert!(!checked["findings"].as_array().unwrap().is_empty(), "{checked}");
    assert!(checked["findings"][0]["line"].as_u64().unwrap() >= 1);

    let better = gemba_testkit::INVOICING.replace("Collect the hours", "Collect all hours");
    let change = json!({"process": "monthly-invoicing", "text": better, "note": "say all"});
    let proposed = told(&dash, "propose_sop_change", change).await;
    assert_eq!(proposed["kept"], true, "{proposed}");
    let same =
        json!({"process": "monthly-invoicing", "text": gemba_testkit::INVOICING, "note": "x"});
    refused(&dash, "propose_sop_change", same, "APP0301").await;

    let app = &company.kit.app;
    let mia = company.kit.person("Mia").await;
    let waiting = suggestions::list(app, &mia, "monthly-invoicing").await.unwrap();
    assert_eq!((waiting.len(), waiting[0].fits, waiting[0].may_answer), (1, true, true));
    let id = waiting[0].suggestion.id;
    let agent = company.kit.agent("Delivery lead").await;
    let own = suggestions::take(app, &agent, "monthly-invoicing", id).await;
    assert!(own.is_err(), "who proposes does not decide");
    suggestions::take(app, &mia, "monthly-invoicing", id).await.unwrap();
    let draft = gemba_app::processes::draft(app, &mia, "monthly-invoicing").await.unwrap();
    assert_eq!(draft.source, better);
    let in_force = told(&dash, "get_sop", json!({"process": "monthly-invoicing"})).await;
    assert_eq!(in_force["text"], gemba_testkit::INVOICING, "nothing is published by that");
    assert!(suggestions::take(app, &mia, "monthly-invoicing", id).await.is_err(), "only once");
}

#[tokio::test]
async fn a_new_text_begins_a_draft() {
    let company = company().await;
    let dash = company.client("Delivery lead").await;
    let text = "---\nowner: Accounting\ntrigger: daily at 09:00\n---\n\n# Bank check\n\n## Steps\n\n1. **Look at the account**\n";
    let made = told(&dash, "propose_sop_change", json!({"text": text})).await;
    assert_eq!((&made["kept"], &made["proposal"]), (&json!(true), &json!("bank-check")));
}
