//! Channels over REST: set up, tried, looked at, sent again.

use crate::Client;
use gemba_app::outbox;
use gemba_testkit::{INVOICING, TestApp};
use serde_json::{Value, json};

async fn deliver(kit: &TestApp) {
    for one in outbox::claim_due(&kit.app, 16).await.expect("the outbox") {
        outbox::send(&kit.app, one).await.expect("it is sent");
    }
}

#[tokio::test]
async fn a_channel_is_set_up_tried_and_its_log_sends_again() {
    let kit = TestApp::new().await;
    kit.publish(INVOICING).await;
    let adam = Client::known(&kit, kit.person("Adam").await);
    let input = json!({"name": "Ledger", "kind": "webhook", "url": "https://receiver.example/in",
        "news": ["run.started"], "process": "monthly-invoicing"});
    let made = adam.post("/channels", &input).await.with(201);
    assert!(made["secret"].as_str().expect("a secret").starts_with("whsec_"));
    let home = format!("/channels/{}", made["id"].as_str().expect("an id"));
    let view = adam.get(&home).await.with(200);
    assert_eq!(view["goes_to"], "https://receiver.example/in");
    assert!(!view.to_string().contains("whsec_"));
    kit.postbox.answer(500);
    let tried = adam.post(&format!("{home}/tests"), &json!({})).await.with(201);
    deliver(&kit).await;
    let log = adam.get(&format!("{home}/deliveries?state=waiting")).await.with(200);
    assert_eq!(log["items"][0]["id"], tried["delivery"]);
    assert_eq!(log["items"][0]["tries"][0]["status"], 500);
    let place = format!("/deliveries/{}", tried["delivery"].as_str().expect("an id"));
    adam.post(&format!("{place}/replay"), &json!({})).await.with(201);
    deliver(&kit).await;
    let one = adam.get(&place).await.with(200);
    assert_eq!((&one["state"], &one["news"]), (&json!("sent"), &json!("test")));
    let posts = kit.postbox.posts();
    let ids: Vec<Value> = posts
        .iter()
        .map(|post| serde_json::from_slice::<Value>(&post.body).expect("JSON")["id"].clone())
        .collect();
    assert!(ids.iter().all(|id| *id == one["event"]), "{ids:?}");
    adam.get(&format!("{home}/deliveries?state=lost")).await.problem(422, "APP0301");
    adam.get(&format!("{home}/deliveries?cursor=x")).await.problem(422, "APP0301");
    let odd = json!({"name": "Ledger", "kind": "webhook", "url": "http://receiver.example/in"});
    adam.post("/channels", &odd).await.problem(422, "APP0301");
    adam.put(&format!("{home}/stop"), &json!({"reason": "Moving"})).await;
    assert_eq!(adam.get(&home).await.with(200)["stopped"], "Moving");
    assert_eq!(adam.delete(&home).await.status, 204);
    assert_eq!(adam.get("/channels").await.with(200)["items"], json!([]));
}
