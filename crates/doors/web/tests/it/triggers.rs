//! Triggers: the list, the page of one, and what one can do about it.

use crate::browser::{Browser, between};
use gemba_app::{Who, processes, triggers};
use gemba_testkit::{INVOICING, TestApp};
use jiff::SignedDuration;

const DAY: SignedDuration = SignedDuration::from_hours(24);

/// A company whose invoicing starts every day at 09:00, and the address of its trigger.
async fn daily() -> (TestApp, String) {
    let kit = TestApp::new().await;
    let slug =
        kit.publish(&INVOICING.replace("monthly on the 1st at 09:00", "every day at 09:00")).await;
    let view = processes::get(&kit.app, &Who::operator(), &slug).await.unwrap();
    let address = format!("/triggers/{}", view.triggers[0].trigger.id);
    (kit, address)
}

async fn days_pass(kit: &TestApp, days: i32) {
    kit.clock.pass(DAY * days + SignedDuration::from_hours(6));
    triggers::fire_due(&kit.app, 100).await.unwrap();
}

#[tokio::test]
async fn without_a_schedule_the_list_teaches() {
    let kit = TestApp::new().await;
    Browser::of(&kit, "Otto")
        .await
        .get("/triggers")
        .await
        .shows(&["No schedule is in force.", "Nothing starts by itself yet"]);
}

#[tokio::test]
async fn a_trigger_shows_what_is_to_come_and_what_became_of_each() {
    let (kit, address) = daily().await;
    let otto = Browser::of(&kit, "Otto").await;
    otto.get(&address).await.shows(&["None has come due yet", "The next ten", "Europe/Berlin"]);
    days_pass(&kit, 1).await;
    otto.get("/triggers").await.shows(&[
        "One schedule is in force.",
        "Every day at 09:00",
        "Monthly invoicing",
        "In force",
        "Missed: start each, late. Overlap: start beside it.",
    ]);
    otto.get(&address)
        .await
        .shows(&[
            "Tue 6 Jan 2026, 09:00 (CET)",
            "It started its run 6 h late.",
            "Open the run",
            "Sun 29 Mar 2026, 03:00 (CEST)",
        ])
        .hides(&["Pause the trigger", "Save", "/backfill"]);
    let process = otto.get("/processes/monthly-invoicing").await;
    process.says(&[&address, "What became of"]);
}

#[tokio::test]
async fn the_owner_pauses_a_trigger_with_a_reason_and_lets_it_go_on() {
    let (kit, address) = daily().await;
    let mia = Browser::of(&kit, "Mia").await;
    let pause = format!("{address}/pause");
    mia.post(&pause, &[("reason", "")]).await.refused(&["The reason is empty"]);
    mia.post(&pause, &[("reason", "Summer break")]).await.goes(&format!("{address}?done=paused"));
    days_pass(&kit, 1).await;
    mia.get(&address).await.shows(&[
        "Summer break. It starts no run",
        "The trigger was paused by Mia: Summer break",
        "Let it go on",
    ]);
    mia.post(&format!("{address}/return"), &[]).await.goes(&format!("{address}?done=resumed"));
    let otto = Browser::of(&kit, "Otto").await;
    otto.post(&pause, &[("reason", "x")]).await.is(403);
    mia.with_wrong_token().post(&pause, &[("reason", "x")]).await.is(403);
}

#[tokio::test]
async fn what_was_missed_is_asked_and_answered() {
    let (kit, address) = daily().await;
    let mara = Browser::of(&kit, "Mara").await;
    let policy = format!("{address}/policy");
    let wrong = [("misfire", "all"), ("most", "many"), ("overlap", "skip")];
    mara.post(&policy, &wrong).await.refused(&["Enter a number from 1 to 100"]);
    let wrong = [("misfire", "never"), ("overlap", "skip")];
    mara.post(&policy, &wrong).await.refused(&["Choose what becomes of what was missed."]);
    let ask = [("misfire", "ask"), ("most", ""), ("overlap", "skip")];
    mara.post(&policy, &ask).await.goes(&format!("{address}?done=saved"));
    days_pass(&kit, 2).await;
    mara.get("/triggers").await.shows(&["2 occurrences that were missed ask you", "2 ask"]);
    let page = mara.get(&address).await.shows(&["Waiting for an answer", "Leave it out"]);
    let due = between(&page.body, "name=\"due\" value=\"", "\"").to_owned();
    let decision = format!("{address}/decision");
    let no = [("due", due.as_str()), ("start", "no")];
    mara.post(&decision, &no).await.goes(&format!("{address}?done=answered"));
    mara.post(&decision, &no).await.is(409);
    let page = mara.get(&address).await.shows(&["Mara decided that it starts no run"]);
    let due = between(&page.body, "name=\"due\" value=\"", "\"").to_owned();
    let started = mara.post(&decision, &[("due", &due), ("start", "yes")]).await;
    assert!(started.location().starts_with("/runs/run_"), "{}", started.location());
}

#[tokio::test]
async fn the_past_is_looked_at_before_it_starts_anything() {
    let (kit, address) = daily().await;
    let mara = Browser::of(&kit, "Mara").await;
    kit.clock.pass(DAY * 3);
    let wrong = mara.get(&format!("{address}/backfill?from=soon&to=2026-01-07")).await;
    wrong.refused(&["Enter a day, for example 2026-01-31."]);
    let days = "from=2026-01-05&to=2026-01-07";
    let page = mara.get(&format!("{address}/backfill?{days}")).await;
    let page = page.shows(&["every day at 09:00", "revision 1", "To come", "1 run: start it"]);
    let field = |name: &str| {
        between(&page.body, &format!("type=\"hidden\" name=\"{name}\" value=\""), "\"")
    };
    let (from, to) = (field("from").to_owned(), field("to").to_owned());
    let sent = |reason| {
        let (from, to) = (from.clone(), to.clone());
        let expected = page.body.contains("1 run: start it");
        vec![
            ("from", from),
            ("to", to),
            ("reason", reason),
            ("expected", i32::from(expected).to_string()),
        ]
    };
    let post = async |reason: &str| {
        let fields = sent(reason.to_owned());
        let fields: Vec<_> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
        mara.post(&format!("{address}/backfill"), &fields).await
    };
    post("").await.refused(&["The reason is empty"]);
    post("Books").await.goes(&format!("{address}?done=past"));
    triggers::fire_due(&kit.app, 100).await.unwrap();
    mara.get(&address).await.shows(&["Mara asked for it afterwards: Books."]);
    Browser::of(&kit, "Otto")
        .await
        .get(&format!("{address}/backfill?{days}"))
        .await
        .hides(&["start it"]);
}
