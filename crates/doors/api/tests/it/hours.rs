//! Working hours and holidays over REST.

use crate::Client;
use gemba_testkit::TestApp;
use serde_json::json;

#[tokio::test]
async fn working_hours_are_read_and_set() {
    let kit = TestApp::new().await;
    let adam = Client::known(&kit, kit.person("Adam").await);
    let usual = adam.get("/workspace/hours").await.with(200);
    assert_eq!((&usual["days"], &usual["close"]), (&json!([1, 2, 3, 4, 5]), &json!("17:00")));
    assert_eq!((&usual["place"], &usual["remind"]), (&json!(null), &json!("1 workday")));
    let input = json!({
        "days": [1, 2, 3, 4], "close": "16:30", "place": "gb-sct", "worked": ["2026-11-30"],
        "holidays": [{"date": "2026-12-24", "name": "Closed\n2026-12-23 x"}], "remind": "PT4H",
    });
    adam.put("/workspace/hours", &input).await.with(204);
    let kept = adam.get("/workspace/hours").await.with(200);
    assert_eq!(kept["place_name"], "United Kingdom, Scotland");
    assert_eq!((&kept["close"], &kept["remind"]), (&json!("16:30"), &json!("4 hours")));
    assert_eq!(kept["holidays"].as_array().map(Vec::len), Some(1));
    // What is read can be written.
    let again = json!({
        "days": kept["days"], "close": kept["close"], "place": kept["place"],
        "worked": kept["worked"], "holidays": kept["holidays"], "remind": kept["remind"],
    });
    adam.put("/workspace/hours", &again).await.with(204);
    assert_eq!(adam.get("/workspace/hours").await.with(200), kept);
    let days = adam.get("/workspace/free-days?year=2026").await.with(200);
    let day = |date: &str| {
        let all = days["days"].as_array().expect("days");
        all.iter().find(|day| day["date"] == date).cloned().unwrap_or_default()
    };
    assert_eq!(day("2026-11-30")["worked"], true);
    assert_eq!(day("2026-12-24")["is_public"], false);
    assert_eq!(day("2026-12-28")["name"], "Boxing Day");
    adam.get("/workspace/free-days?year=20260").await.problem(422, "APP0301");
    let wrong = json!({"days": [1], "close": "17:00", "place": "XX"});
    let problem = adam.put("/workspace/hours", &wrong).await.problem(422, "APP0301");
    assert!(problem.to_string().contains("DE-BY"), "{problem}");
    let places = adam.get("/holiday-places").await.with(200);
    let places = places.as_array().expect("a list");
    assert!(places.len() >= 38 && places.iter().any(|place| place["code"] == "US"));
}
