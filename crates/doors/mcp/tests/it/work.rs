//! A run from start to end, and what is refused on the way.

use crate::{
    client::{refused, told},
    company::company,
};
use serde_json::{Value, json};

fn id(value: &Value) -> String {
    value.as_str().unwrap().to_owned()
}

#[tokio::test]
async fn a_run_goes_through_both_seats_to_its_end() {
    let company = company().await;
    let (mia, dash) = (company.client("Accounting").await, company.client("Delivery lead").await);
    let me = told(&dash, "get_my_seat", json!({})).await;
    assert_eq!((&me["company"], &me["name"]), (&json!("Acme"), &json!("Dash")));
    assert_eq!(me["may"], json!(["read", "work", "push_values", "start_runs", "write_drafts"]));

    let run =
        told(&mia, "start_run", json!({"process": "Monthly invoicing", "title": "May"})).await;
    let first = id(&run["open"][0]["work"]);
    let work = told(&mia, "get_work", json!({"work": first})).await;
    assert_eq!((&work["step"], &work["yours"]), (&json!("Collect the hours"), &json!(true)));
    assert_eq!(work["expected_output"], json!(["One invoice per client in the ledger"]));
    for _again in 0..2 {
        let claimed = told(&mia, "claim_work", json!({"work": first})).await;
        assert_eq!(claimed["state"], "claimed");
    }
    let done = told(&mia, "submit_work", json!({"work": first, "note": "all in"})).await;
    assert_eq!(done["next"][0]["yours"], false);

    let list = told(&dash, "list_work", json!({})).await;
    let second = id(&list["work"][0]["work"]);
    let work = told(&dash, "get_work", json!({"work": second})).await;
    let branch = work["branches"].as_array().unwrap().last().unwrap()["branch"].clone();
    refused(&dash, "submit_work", json!({"work": second}), "RUN0205").await;
    refused(&dash, "submit_work", json!({"work": second, "branch": branch}), "RUN0207").await;
    let with = json!({"work": second, "branch": branch, "reason": "all there"});
    let done = told(&dash, "submit_work", with).await;

    let third = id(&done["next"][0]["work"]);
    let says = refused(&mia, "submit_work", json!({"work": third}), "RUN0208").await;
    assert!(says.contains("the folder of sent invoices"), "{says}");
    let evidence = json!([{"kind": "link", "value": "https://example.com/may"}]);
    let done = told(&mia, "submit_work", json!({"work": third, "evidence": evidence})).await;
    assert_eq!((&done["run_state"], &done["next"]), (&json!("completed"), &json!([])));

    let run = told(&dash, "get_run", json!({"run": run["run"]})).await;
    assert_eq!((&run["state"], &run["n_done"]), (&json!("completed"), &json!(3)));
    assert_eq!(run["done"][2]["evidence"], json!(["https://example.com/may"]));
    refused(&mia, "submit_work", json!({"work": third}), "RUN0101").await;
}

#[tokio::test]
async fn the_token_of_another_seat_does_not_do_the_work_of_this_one() {
    let company = company().await;
    let (mia, dash) = (company.client("Accounting").await, company.client("Delivery lead").await);
    let run = told(&mia, "start_run", json!({"process": "monthly-invoicing"})).await;
    let work = json!({"work": run["open"][0]["work"]});
    for tool in ["claim_work", "submit_work", "release_work"] {
        refused(&dash, tool, work.clone(), "RUN0203").await;
    }
    told(&mia, "claim_work", work.clone()).await;
    refused(&dash, "submit_work", work, "RUN0203").await;
}

#[tokio::test]
async fn a_released_item_is_open_again() {
    let company = company().await;
    let mia = company.client("Accounting").await;
    let run = told(&mia, "start_run", json!({"process": "monthly-invoicing"})).await;
    let work = json!({"work": run["open"][0]["work"]});
    refused(&mia, "release_work", work.clone(), "RUN0210").await;
    told(&mia, "claim_work", work.clone()).await;
    assert_eq!(told(&mia, "release_work", work).await["state"], "open");
}

#[tokio::test]
async fn the_same_key_does_a_thing_once() {
    let company = company().await;
    let mia = company.client("Accounting").await;
    let start = json!({"process": "monthly-invoicing", "idempotency_key": "k1"});
    let first = told(&mia, "start_run", start.clone()).await;
    assert_eq!(told(&mia, "start_run", start).await, first);
    let list = told(&mia, "list_work", json!({"seat": "all"})).await;
    assert_eq!(list["work"].as_array().unwrap().len(), 1);
    let other =
        json!({"process": "monthly-invoicing", "title": "another", "idempotency_key": "k1"});
    refused(&mia, "start_run", other, "APP0304").await;
}

#[tokio::test]
async fn work_is_listed_in_pages() {
    let company = company().await;
    let mia = company.client("Accounting").await;
    for _run in 0..3 {
        told(&mia, "start_run", json!({"process": "monthly-invoicing"})).await;
    }
    let first = told(&mia, "list_work", json!({"limit": 2})).await;
    assert_eq!(first["work"].as_array().unwrap().len(), 2);
    let cursor = &first["next_cursor"];
    let last = told(&mia, "list_work", json!({"limit": 2, "cursor": cursor})).await;
    assert_eq!(last["work"].as_array().unwrap().len(), 1);
    assert_eq!(last["next_cursor"], Value::Null);
}

#[tokio::test]
async fn values_are_pushed_by_the_seat_that_answers_for_them() {
    let company = company().await;
    let (mia, dash) = (company.client("Accounting").await, company.client("Delivery lead").await);
    let values = json!({"values": [
        {"measurable": "Invoices sent", "value": 21},
        {"measurable": "invoices-sent", "value": 19.5, "week": "2026-W01"},
    ]});
    let pushed = told(&mia, "push_values", values.clone()).await;
    assert_eq!(pushed["pushed"][0]["week"], "2026-W02");
    let card = told(&dash, "list_measurables", json!({"weeks": 2})).await;
    let row = &card["measurables"][0];
    assert_eq!((&row["latest"], &row["may_push"]), (&json!("on_track"), &json!(false)));
    assert_eq!(
        row["weeks"][0],
        json!({"week": "2026-W01", "value": 19.5, "standing": "off_track"})
    );

    refused(&dash, "push_values", values, "APP0103").await;
    let wrong =
        json!({"values": [{"measurable": "invoices-sent", "value": 1, "week": "2027-W01"}]});
    refused(&mia, "push_values", wrong, "APP0301").await;
    refused(&mia, "push_values", json!({"values": []}), "APP0301").await;
}

#[tokio::test]
async fn a_claim_is_a_lease_that_runs_out() {
    let company = company().await;
    let mia = company.client("Accounting").await;
    let run = told(&mia, "start_run", json!({"process": "monthly-invoicing"})).await;
    let work = run["open"][0]["work"].clone();
    let claimed = told(&mia, "claim_work", json!({"work": work})).await;
    assert_eq!(claimed["fencing_token"], 1);
    assert!(claimed["lease_until"].is_string());
    company.kit.clock.pass(jiff::SignedDuration::from_mins(16));
    assert_eq!(told(&mia, "get_work", json!({"work": work})).await["state"], "open");
    let late = json!({"work": work, "fencing_token": 1});
    refused(&mia, "submit_work", late.clone(), "RUN0213").await;
    assert_eq!(told(&mia, "claim_work", json!({"work": work})).await["fencing_token"], 2);
    refused(&mia, "submit_work", late, "RUN0213").await;
    told(&mia, "submit_work", json!({"work": work, "fencing_token": 2})).await;
}
