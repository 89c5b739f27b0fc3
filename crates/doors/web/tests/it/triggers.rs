//! Triggers: the list, the page of one, and what one can do about it.

use crate::browser::{Browser, between};
use gemba_app::{Who, inlets, processes, triggers};
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

const SHOP: [(&str, &str); 7] = [
    ("kind", "event"),
    ("process", "monthly-invoicing"),
    ("name", "Orders of the shop"),
    ("types", "order.paid\norder.sent"),
    ("title", "Order {/data/no}"),
    ("inputs", "customer = /data/who"),
    ("overlap", "allow_all"),
];

#[tokio::test]
async fn what_was_missed_is_answered_under_my_work() {
    let (kit, address) = daily().await;
    let mia = Browser::of(&kit, "Mia").await;
    let ask = [("misfire", "ask"), ("most", ""), ("overlap", "skip")];
    mia.post(&format!("{address}/policy"), &ask).await.goes(&format!("{address}?done=saved"));
    days_pass(&kit, 2).await;
    let page = mia.get("/").await.shows(&[
        "No step waits for you. 2 missed starts need your answer.",
        "Monthly invoicing",
        "every day at 09:00",
        "Start the run",
        "Leave it out",
    ]);
    let due = between(&page.body, "name=\"due\" value=\"", "\"").to_owned();
    let no = [("due", due.as_str()), ("from", "work"), ("start", "no")];
    mia.post(&format!("{address}/decision"), &no).await.goes("/?done=answered");
    mia.get("/").await.shows(&["No step waits for you. One missed start needs your answer."]);
    Browser::of(&kit, "Otto").await.get("/").await.hides(&["Start the run"]);
}

#[tokio::test]
async fn a_webhook_is_set_up_tried_and_taken_away() {
    let (kit, _) = daily().await;
    let mara = Browser::of(&kit, "Mara").await;
    mara.get("/triggers/new?kind=event").await.shows(&["Start runs by messages from outside"]);
    let mut wrong = SHOP;
    wrong[5].1 = "customer";
    mara.post("/triggers/new", &wrong).await.refused(&["Write a name, = and a place"]);
    let made = mara.post("/triggers/new", &SHOP).await.shows(&["whsec_", "not shown again"]);
    let home = between(&made.body, "class=\"button secondary\" href=\"", "\"").to_owned();
    let page = mara.get(&home).await;
    let page = page.shows(&["/hooks/trg_", "order.paid, order.sent", "Nothing has come in yet"]);
    page.hides(&["whsec_"]);
    mara.get("/triggers").await.shows(&["Orders of the shop", "Messages, thresholds and forms"]);
    let body = r#"{"specversion":"1.0","id":"1","source":"/shop","type":"order.paid","data":{"no":7,"who":"<b>Ada"}}"#;
    mara.post(&format!("{home}/dry-run"), &[("body", body)]).await.shows(&[
        "It would start a run.",
        "Order 7",
        "&lt;b&gt;Ada",
        "Data from outside: to be used, never to be obeyed.",
    ]);
    mara.post(&format!("{home}/dry-run"), &[("body", "{")]).await.refused(&["no JSON"]);
    mara.get(&format!("{home}/edit")).await.shows(&["customer = /data/who"]);
    let changed = [&SHOP[..2], &[("name", "Shop")], &SHOP[3..]].concat();
    mara.post(&format!("{home}/edit"), &changed).await.goes(&format!("{home}?done=saved"));
    mara.post(&format!("{home}/secret"), &[]).await.shows(&["whsec_"]);
    mara.post(&format!("{home}/pause"), &[("reason", "")]).await.refused(&["The reason is empty"]);
    mara.post(&format!("{home}/pause"), &[("reason", "Moving")]).await.is(303);
    mara.get(&home).await.shows(&["Moving. It starts no run"]);
    let mia = Browser::of(&kit, "Mia").await;
    mia.get(&home).await.hides(&["New secret", "Edit"]);
    mia.post(&format!("{home}/secret"), &[]).await.is(403);
    mia.get("/triggers/new?kind=event").await.is(403);
    mara.post(&format!("{home}/removal"), &[]).await.goes("/triggers?done=removed");
}

#[tokio::test]
async fn a_number_is_watched() {
    let (kit, _) = daily().await;
    let mara = Browser::of(&kit, "Mara").await;
    let fields = [
        ("kind", "threshold"),
        ("process", "monthly-invoicing"),
        ("name", "Stock"),
        ("measurable", ""),
        ("side", "below"),
        ("limit", "5"),
        ("rearm", ""),
        ("overlap", "skip"),
    ];
    let made = mara.post("/triggers/new", &fields).await;
    let home = made.location().split('?').next().unwrap().to_owned();
    mara.get(&home)
        .await
        .shows(&["less than 5; counts again at 5 or more", "No value was looked at"]);
    mara.post(&format!("{home}/values"), &[("value", "x")]).await.refused(&["Enter a number"]);
    mara.post(&format!("{home}/values"), &[("value", "3")])
        .await
        .goes(&format!("{home}?done=looked"));
    mara.get(&home).await.shows(&["3 is less than 5: it crossed the limit.", "Open the run"]);
}

#[tokio::test]
async fn a_guest_asks_by_a_link_without_an_account() {
    let (kit, _) = daily().await;
    let mara = Browser::of(&kit, "Mara").await;
    let fields = [
        ("kind", "request"),
        ("process", "monthly-invoicing"),
        ("name", "Invoice please"),
        ("words", "We answer within two days."),
        ("questions", "Who are you?\nAnything else???"),
        ("overlap", "allow_all"),
    ];
    let made = mara.post("/triggers/new", &fields).await.shows(&["/ask/ask_", "not shown again"]);
    let home = between(&made.body, "class=\"button secondary\" href=\"", "\"").to_owned();
    let link = format!("/ask/ask_{}", between(&made.body, "/ask/ask_", "<"));
    let guest = Browser::new(&kit, None);
    guest.get(&link).await.shows(&[
        "Invoice please",
        "We answer within two days.",
        "To Acme",
        "Anything else??",
    ]);
    guest.post_bare(&link, &[("answer-1", "hello")]).await.refused(&["Answer “Who are you?”"]);
    let sent = [("answer-0", "Ada"), ("answer-1", "<script>")];
    guest.post_bare(&link, &sent).await.shows(&["Thank you"]);
    mara.get(&home).await.shows(&["A guest sent the form.", "&lt;script&gt;"]);
    for _ in 0..29 {
        guest.post_bare(&link, &sent).await.is(200);
    }
    guest.post_bare(&link, &sent).await.is(429);
    let answers = ["Ada".to_owned()];
    let refused = inlets::guest(&kit.app, link.trim_start_matches("/ask/"), &answers).await;
    assert_eq!(refused.unwrap_err().code(), "APP0105");
    let fresh = mara.post(&format!("{home}/secret"), &[]).await.shows(&["/ask/ask_"]);
    guest.get(&link).await.is(404);
    guest.post_bare(&link, &sent).await.is(404);
    let link = format!("/ask/ask_{}", between(&fresh.body, "/ask/ask_", "<"));
    guest.get(&link).await.is(200);
    mara.post(&format!("{home}/removal"), &[]).await.is(303);
    guest.get(&link).await.is(404);
}
