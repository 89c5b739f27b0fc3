//! Channels and the delivery log as an admin sees them; what a person chooses for themself.

use crate::browser::{Browser, between};
use gemba_app::outbox;
use gemba_testkit::{INVOICING, TestApp};

const LEDGER: [(&str, &str); 6] = [
    ("kind", "webhook"),
    ("name", "Ledger"),
    ("url", "https://receiver.example/in"),
    ("news", "run.started"),
    ("news", "step.late"),
    ("process", ""),
];

async fn deliver(kit: &TestApp) {
    for one in outbox::claim_due(&kit.app, 16).await.unwrap() {
        outbox::send(&kit.app, one).await.unwrap();
    }
}

#[tokio::test]
async fn a_webhook_is_set_up_tried_stopped_and_taken_away() {
    let kit = TestApp::new().await;
    kit.publish(INVOICING).await;
    let adam = Browser::of(&kit, "Adam").await;
    adam.get("/settings/channels").await.shows(&["Nothing is told outside yet", "Add a webhook"]);
    adam.get("/settings/channels/new?kind=webhook").await.shows(&["A webhook", "A run begins"]);
    let mut odd = LEDGER;
    odd[2].1 = "http://receiver.example/in";
    adam.post("/settings/channels/new", &odd).await.refused(&["begins with https://"]);
    let made = adam.post("/settings/channels/new", &LEDGER).await;
    let made = made.shows(&["whsec_", "not shown again"]);
    let home = between(&made.body, "class=\"button secondary\" href=\"", "\"").to_owned();
    let page =
        adam.get(&home).await.shows(&["Nothing was sent yet", "A run begins, A step misses"]);
    page.hides(&["whsec_"]);
    adam.get("/settings/channels").await.shows(&["Ledger", "2 kinds", "receiver.example/in"]);
    kit.postbox.answer(500);
    let tried = adam.post(&format!("{home}/test"), &[]).await;
    let delivery = tried.location().split('?').next().unwrap().to_owned();
    adam.get(&delivery).await.shows(&["It was not tried yet", "&quot;specversion&quot;", "Waits"]);
    deliver(&kit).await;
    adam.get(&home).await.shows(&["Adam tries the channel", "Next try", "1 wait"]);
    adam.get("/settings/deliveries?state=waiting").await.shows(&["Adam tries the channel"]);
    adam.get("/settings/deliveries?state=sent").await.shows(&["Nothing here"]);
    adam.post(&format!("{delivery}/again"), &[]).await.is(303);
    deliver(&kit).await;
    adam.get(&delivery).await.shows(&["Sent", "204", "Adam asked to send it again."]);
    adam.get(&format!("{home}/edit")).await.shows(&["value=\"https://receiver.example/in\""]);
    let renamed = [&LEDGER[..1], &[("name", "Books")], &LEDGER[2..]].concat();
    adam.post(&format!("{home}/edit"), &renamed).await.goes(&format!("{home}?done=saved"));
    adam.post(&format!("{home}/secret"), &[]).await.shows(&["whsec_"]);
    adam.post(&format!("{home}/stop"), &[("reason", "")]).await.refused(&["The reason is empty"]);
    adam.post(&format!("{home}/stop"), &[("reason", "Moving")]).await.is(303);
    adam.get(&home).await.shows(&["Stopped by Adam", "Moving", "Let it go on"]);
    adam.post(&format!("{home}/return"), &[]).await.is(303);
    let mara = Browser::of(&kit, "Mara").await;
    for place in ["/settings/channels", home.as_str(), "/settings/deliveries", delivery.as_str()] {
        mara.get(place).await.is(403);
    }
    mara.post(&format!("{home}/removal"), &[]).await.is(403);
    adam.post(&format!("{home}/removal"), &[]).await.goes("/settings/channels?done=removed");
    adam.get(&home).await.shows(&["Taken away"]).hides(&["Send a try"]);
}

#[tokio::test]
async fn a_chat_keeps_its_address_to_itself() {
    let kit = TestApp::new().await;
    let adam = Browser::of(&kit, "Adam").await;
    let fields = [("kind", "chat"), ("name", "Team"), ("url", "https://chat.example/T0/key")];
    let made = adam.post("/settings/channels/new", &fields).await;
    let home = made.location().split('?').next().unwrap().to_owned();
    adam.get(&home).await.shows(&["chat.example/…", "Everything"]).hides(&["T0/key"]);
    adam.get(&format!("{home}/edit")).await.shows(&["it is not shown"]).hides(&["T0/key"]);
    let mail = [("kind", "mail"), ("name", "Team"), ("to", "not an address")];
    adam.post("/settings/channels/new", &mail).await.refused(&["no address of e-mail"]);
}

#[tokio::test]
async fn one_chooses_what_one_is_told_by_mail() {
    let kit = TestApp::new().await;
    let mia = Browser::of(&kit, "Mia").await;
    let page = mia.get("/settings/notices").await;
    page.shows(&["A digest on the morning of each workday", r#"<a href="/">My work</a>"#]);
    mia.get("/work").await.goes("/");
    let fields = [("digest", "yes"), ("news", "step.opened"), ("news", "step.late")];
    mia.post("/settings/notices", &fields).await.goes("/settings/notices?done=saved");
    let page = mia.get("/settings/notices").await;
    assert_eq!(page.body.matches(" checked").count(), 3, "{}", page.body);
    mia.post("/settings/notices", &[]).await.is(303);
    assert!(!mia.get("/settings/notices").await.body.contains(" checked"));
    mia.post("/settings/notices", &[("news", "run.started")]).await.is(422);
}
