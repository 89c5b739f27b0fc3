//! The audit and the log.

use crate::browser::Browser;
use gemba_app::{
    Who,
    processes::{self, File},
};
use gemba_testkit::{INVOICING, TestApp};

const BARE: &str = "# Client reporting\n\n1. Collect the figures\n2. Send the report\n";

async fn exposed() -> TestApp {
    let kit = TestApp::new().await;
    kit.publish(INVOICING).await;
    let unknown = INVOICING
        .replace("owner: Accounting", "owner: Data analyst")
        .replace("# Monthly invoicing", "# Data check");
    for text in [BARE.to_owned(), unknown] {
        let file = File { name: "sop.md".to_owned(), bytes: text.into_bytes() };
        processes::import(&kit.app, &Who::operator(), vec![file]).await.unwrap();
    }
    kit
}

#[tokio::test]
async fn an_empty_audit_teaches() {
    let kit = TestApp::new().await;
    Browser::of(&kit, "Otto").await.get("/audit").await.shows(&["Nothing to audit yet"]);
}

#[tokio::test]
async fn everybody_sees_what_is_exposed() {
    let kit = exposed().await;
    for name in ["Olga", "Adam", "Mara", "Mia", "Ben", "Otto"] {
        let visitor = Browser::of(&kit, name).await;
        visitor.get("/audit").await.shows(&[
            "3 of 3 processes have gaps.",
            "Coverage by function",
            "No function",
            "Finance",
            "The owner is not on the team chart",
            "No failure signals",
            "Not verified by its owner",
            "Seats that own nothing",
        ]);
        visitor.get("/audit/log").await.shows(&["Published a process", "Monthly invoicing"]);
    }
}

#[tokio::test]
async fn the_act_offered_mends_the_worst_gap_and_is_one_the_visitor_may_do() {
    let kit = exposed().await;
    let mara = Browser::of(&kit, "Mara").await;
    mara.get("/audit").await.shows(&[
        "href=\"/seats/new?name=Data+analyst\"",
        "href=\"/processes/client-reporting/edit\"",
        "href=\"/processes/monthly-invoicing#verify\"",
    ]);
    let otto = Browser::of(&kit, "Otto").await;
    otto.get("/audit").await.shows(&["Look at it"]).hides(&[
        "Verify it",
        "Add the seat",
        "Name an owner",
    ]);
    let mia = Browser::of(&kit, "Mia").await;
    mia.get("/audit").await.shows(&["Verify it"]).hides(&["Add the seat"]);
}

#[tokio::test]
async fn the_list_is_narrowed_in_the_address() {
    let kit = exposed().await;
    let otto = Browser::of(&kit, "Otto").await;
    otto.get("/audit?gap=owner_unknown")
        .await
        .shows(&["Data check", "value=\"owner_unknown\" selected"])
        .hides(&["class=\"item-title\" href=\"/processes/monthly-invoicing\""]);
    otto.get("/audit?gap=owner_unknown&function=-").await.shows(&["No process has this gap"]);
    otto.get("/audit?function=-").await.shows(&["Client reporting"]);
}

#[tokio::test]
async fn the_log_is_narrowed_and_paged() {
    let kit = exposed().await;
    let otto = Browser::of(&kit, "Otto").await;
    otto.get("/audit/log?subject=nothing").await.shows(&["No lines here", "Show all"]);
    otto.get("/audit/log?before=2").await.shows(&[
        "1 line",
        "Back to the start",
        "Set up the workspace",
    ]);
    for n in 0..60 {
        let text = BARE.replace("Client reporting", &format!("Report {n}"));
        let file = File { name: "sop.md".to_owned(), bytes: text.into_bytes() };
        processes::import(&kit.app, &Who::operator(), vec![file]).await.unwrap();
    }
    otto.get("/audit/log").await.shows(&["50 lines", "Show more"]);
    otto.get("/audit").await.shows(&["50 of 63 processes", "from=50"]);
    otto.get("/audit?from=50").await.shows(&["63 of 63 processes", "Back to the start"]);
}
