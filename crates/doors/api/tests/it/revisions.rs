//! Revisions over HTTP: proposed, approved, in force, compared, brought back, retired.

use crate::Client;
use gemba_testkit::{INVOICING, TestApp};
use serde_json::{Value, json};

const BASE: &str = "/processes/monthly-invoicing";

#[tokio::test]
async fn a_second_person_approves_what_was_shown() {
    let kit = TestApp::new().await;
    kit.publish(INVOICING).await;
    let adam = Client::known(&kit, kit.person("Adam").await);
    let mara = Client::known(&kit, kit.person("Mara").await);
    let accounting = Client::bearer(&kit, "Accounting").await;
    let space = json!({"name": "Acme", "zone": "UTC", "second_person": true});
    assert_eq!(adam.put("/workspace", &space).await.status, 204);
    assert_eq!(mara.get("/workspace").await.with(200)["second_person"], true);
    // Left out, it stays as it is.
    assert_eq!(adam.put("/workspace", &json!({"name": "Acme", "zone": "UTC"})).await.status, 204);

    let draft = json!({"source": INVOICING.replace("two days", "three days"), "version": 1});
    let version =
        accounting.put(&format!("{BASE}/draft"), &draft).await.with(200)["version"].clone();
    let publication = json!({"draft_version": version, "note": "Three days."});
    let revisions = format!("{BASE}/revisions");
    mara.post(&revisions, &publication).await.problem(409, "APP0405");

    let proposal = format!("{BASE}/proposal");
    mara.get(&proposal).await.problem(404, "APP0201");
    let stale = json!({"draft_version": 1, "note": "x"});
    accounting.put(&proposal, &stale).await.problem(409, "APP0303");
    let silent = accounting.put(&proposal, &json!({"draft_version": version})).await;
    assert_eq!(silent.problem(422, "APP0301")["errors"][0]["field"], "note");
    let sent = accounting.put(&proposal, &publication).await.with(200);
    assert_eq!((&sent["state"], &sent["base"]), (&json!("in_review"), &json!(1)));
    assert_eq!((&sent["may_answer"], &sent["may_publish"]), (&json!(false), &json!(false)));
    let hash = sent["hash"].as_str().expect("a hash").to_owned();
    let changes = mara.get(&format!("{proposal}/changes")).await.with(200);
    assert_eq!(
        (&changes["summary"], &changes["from"], &changes["to"]),
        (&json!("purpose changed"), &json!("1"), &json!("proposal"))
    );
    assert_eq!(
        mara.get("/processes").await.with(200)["items"][0]["proposal"]["hash"],
        hash.as_str()
    );

    let yes = json!({"hash": hash});
    let approval = format!("{BASE}/approval");
    let mia = Client::known(&kit, kit.person("Mia").await);
    for client in [&accounting, &mia] {
        client.put(&approval, &yes).await.problem(403, "APP0103");
    }
    mara.put(&approval, &json!({"hash": "other"})).await.problem(409, "APP0303");
    let objection = format!("{BASE}/objection");
    let empty = json!({"hash": hash, "comment": ""});
    mara.put(&objection, &empty).await.problem(422, "APP0301");
    assert_eq!(mara.put(&approval, &yes).await.with(200), Value::Null);
    let late = json!({"hash": hash, "comment": "wait"});
    mara.put(&objection, &late).await.problem(409, "APP0303");
    let published = mara.post(&revisions, &json!({"proposal": hash})).await.with(201);
    assert_eq!((&published["number"], &published["state"]), (&json!(2), &json!("published")));
    assert_eq!(published["approved"]["by"], "Mara");

    let all = mara.get(&revisions).await.with(200);
    assert_eq!(all["items"][1]["state"], "retired");
    assert_eq!(all["items"][1]["retired"]["because"], "revision 2 took its place: Three days.");
    mara.put(&format!("{BASE}/verification"), &json!({"revision": 1}))
        .await
        .problem(403, "APP0103");
    mia.put(&format!("{BASE}/verification"), &json!({"revision": 1})).await.problem(409, "APP0303");
    assert_eq!(mia.put(&format!("{BASE}/verification"), &json!({"revision": 2})).await.status, 204);
}

#[tokio::test]
async fn an_old_revision_comes_back_and_a_process_is_retired() {
    let kit = TestApp::new().await;
    kit.publish(INVOICING).await;
    let mara = Client::known(&kit, kit.person("Mara").await);
    let mia = Client::known(&kit, kit.person("Mia").await);
    mia.post(&format!("{BASE}/runs"), &json!({"title": "May"})).await.with(201);
    let text = INVOICING.replace("— Delivery lead", "— Sales");
    let draft = json!({"source": text, "version": 1});
    mara.put(&format!("{BASE}/draft"), &draft).await.with(200);
    let changes = mara.get(&format!("{BASE}/draft/changes")).await.with(200);
    assert_eq!(
        changes["steps"][0]["parts"][0],
        json!({"field": "seat", "old": "Delivery lead", "new": "Sales"})
    );
    assert_eq!(changes["raci"][0]["column"], "responsible");
    assert_eq!(changes["text"][1]["kind"], "changed");
    let revisions = format!("{BASE}/revisions");
    mara.post(&revisions, &json!({})).await.problem(422, "APP0301");
    mara.post(&revisions, &json!({"note": "Sales checks."})).await.with(201);
    let since = mia.get(&format!("{BASE}/since-last-run")).await.with(200);
    assert_eq!((&since["from"], &since["to"]), (&json!(1), &json!(2)));
    assert_eq!(mia.put(&format!("{BASE}/seen"), &json!({"revision": 2})).await.status, 204);
    assert_eq!(mia.get(&format!("{BASE}/since-last-run")).await.with(200), Value::Null);
    mia.put(&format!("{BASE}/seen"), &json!({"revision": 9})).await.problem(404, "APP0201");

    let back = mara.post(&revisions, &json!({"restores": 1})).await.with(201);
    assert_eq!((&back["number"], &back["restores"]), (&json!(3), &json!(1)));
    assert_eq!(back["note"], "Makes revision 1 effective again.");
    let same = mara.get(&format!("{BASE}/revisions/3/changes?from=1")).await.with(200);
    assert_eq!((&same["steps"], &same["raci"]), (&json!([]), &json!([])));
    mara.get(&format!("{BASE}/revisions/1/changes")).await.problem(404, "APP0201");

    let retirement = format!("{BASE}/retirement");
    mara.put(&retirement, &json!({"because": ""})).await.problem(422, "APP0301");
    assert_eq!(mara.put(&retirement, &json!({"because": "Sold"})).await.status, 204);
    let process = mara.get(BASE).await.with(200);
    assert_eq!(
        (&process["retired"]["because"], &process["schedules"]),
        (&json!("Sold"), &json!([]))
    );
    mara.post(&format!("{BASE}/runs"), &json!({})).await.problem(409, "APP0404");
    mara.put(&format!("{BASE}/draft"), &draft).await.problem(409, "APP0404");
    assert_eq!(mara.delete(&retirement).await.status, 204);
    mara.post(&format!("{BASE}/runs"), &json!({})).await.with(201);
}
