//! The RACI matrix as a table that one fills in.

use crate::browser::Browser;
use gemba_app::{Who, processes};
use gemba_testkit::{INVOICING, TestApp};

const RACI: &str = "/processes/monthly-invoicing/raci";

async fn draft(kit: &TestApp) -> processes::DraftView {
    processes::draft(&kit.app, &Who::operator(), "monthly-invoicing").await.unwrap()
}

/// The form with each field empty but for these.
async fn filled(kit: &TestApp, version: i64, with: &[(&str, &str)]) -> Vec<(String, String)> {
    let mut fields = vec![("version".to_owned(), version.to_string())];
    for step in draft(kit).await.checked.process.steps {
        for column in ["accountable", "consulted", "informed"] {
            let name = format!("{column}.{}", step.id);
            let value = with.iter().find(|(n, _)| *n == name).map_or("", |(_, value)| *value);
            fields.push((name, value.to_owned()));
        }
    }
    fields
}

fn pairs(fields: &[(String, String)]) -> Vec<(&str, &str)> {
    fields.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect()
}

#[tokio::test]
async fn the_table_is_filled_in_and_stands_in_the_draft_of_the_document() {
    let kit = TestApp::new().await;
    kit.publish(INVOICING).await;
    let mia = Browser::of(&kit, "Mia").await;
    mia.get("/processes/monthly-invoicing?view=raci").await.shows(&["Change the table"]);
    mia.get(RACI).await.shows(&["name=\"accountable.", "value=\"Accounting\"", "list=\"seats\""]);
    let first = draft(&kit).await.checked.process.steps[0].id.clone();
    let (told, asked) = (format!("informed.{first}"), format!("accountable.{first}"));
    let with = [(told.as_str(), "Sales,  Delivery lead"), (asked.as_str(), "Delivery lead")];
    let sent = filled(&kit, draft(&kit).await.version, &with).await;
    mia.post(RACI, &pairs(&sent))
        .await
        .goes("/processes/monthly-invoicing/draft/changes?done=saved");
    let now = draft(&kit).await;
    let row = &gemba_model::raci::matrix(&now.checked.process)[0];
    assert_eq!(row.accountable, ["Delivery lead"]);
    assert_eq!(row.informed, ["Sales", "Delivery lead"]);
    assert!(now.source.contains("## RACI"), "{}", now.source);
}

#[tokio::test]
async fn one_who_comes_second_loses_nothing_and_overwrites_nothing() {
    let kit = TestApp::new().await;
    kit.publish(INVOICING).await;
    let mia = Browser::of(&kit, "Mia").await;
    let first = draft(&kit).await.checked.process.steps[0].id.clone();
    let told = format!("informed.{first}");
    let sent = filled(&kit, draft(&kit).await.version - 1, &[(&told, "Board of <all>")]).await;
    let page = mia.post(RACI, &pairs(&sent)).await.is(422);
    for words in ["Nothing was overwritten", "value=\"Board of &lt;all&gt;\""] {
        assert!(page.body.contains(words), "{}", page.body);
    }
    assert_eq!(draft(&kit).await.source, INVOICING);
}

#[tokio::test]
async fn who_may_not_write_reads_the_table_only() {
    let kit = TestApp::new().await;
    kit.publish(INVOICING).await;
    let otto = Browser::of(&kit, "Otto").await;
    otto.get(RACI)
        .await
        .shows(&["managers and above may change it"])
        .hides(&["<input class=\"input\""]);
    let sent = filled(&kit, draft(&kit).await.version, &[]).await;
    otto.post(RACI, &pairs(&sent)).await.is(403);
}
