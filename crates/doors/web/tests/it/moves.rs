//! Runs by older revisions: looked at, moved, and moved back.

use crate::browser::Browser;
use gemba_app::{Who, processes, publishing, runs};
use gemba_model::id::RunId;
use gemba_testkit::{INVOICING, TestApp};

async fn edit(kit: &TestApp, slug: &str, from: &str, to: &str) {
    let who = Who::operator();
    let draft = processes::draft(&kit.app, &who, slug).await.unwrap();
    let text = draft.source.replace(from, to);
    assert_ne!(text, draft.source);
    processes::save_draft(&kit.app, &who, slug, text, draft.version).await.unwrap();
    let with = publishing::Publication { note: "x".to_owned(), ..Default::default() };
    publishing::publish(&kit.app, &who, slug, with).await.unwrap();
}

async fn begun() -> (TestApp, String, RunId) {
    let kit = TestApp::new().await;
    let slug = kit.publish(INVOICING).await;
    let run = runs::start(&kit.app, &kit.person("Mia").await, &slug, "January").await.unwrap();
    (kit, slug, run)
}

#[tokio::test]
async fn a_run_is_moved_with_a_reason_and_back() {
    let (kit, slug, run) = begun().await;
    let moves = format!("/processes/{slug}/moves");
    let mia = Browser::of(&kit, "Mia").await;
    mia.get(&moves).await.shows(&["Every run that goes on follows revision 1.", "Nothing to move"]);
    let step = "2. **Check the hours** — Delivery lead {#check-hours}";
    let more = "2. **Look them up** — Accounting {#look}\n\n3. **Check the hours** — Delivery lead {#check-hours}";
    edit(&kit, &slug, step, more).await;
    mia.get(&moves).await.shows(&["One run goes on", "Can move", "January", "Collect the hours"]);
    let run_field = run.to_string();
    mia.post(&moves, &[("run", &run_field), ("reason", " ")])
        .await
        .refused(&["Say in a few words why these runs"]);
    mia.post(&moves, &[("reason", "x")]).await.refused(&["Choose between 1 and"]);
    let otto = Browser::of(&kit, "Otto").await;
    otto.get(&moves).await.shows(&["Can move"]).hides(&["Move the chosen runs"]);
    otto.post(&moves, &[("run", &run_field), ("reason", "x")]).await.is(403);
    mia.post(&moves, &[("run", &run_field), ("reason", "a law changed"), ("to", "2")])
        .await
        .goes(&format!("{moves}?to=2&done=runs-moved"));
    let page = format!("/runs/{run}");
    mia.get(&page).await.shows(&["revision 2", "moved the run to revision 2", "a law changed"]);
    mia.get(&format!("{moves}?to=1")).await.shows(&["Can move", "Revision 2"]);
    mia.post(&moves, &[("run", &run_field), ("reason", "too early"), ("to", "1")]).await.is(303);
    mia.get(&page).await.shows(&["revision 1", "too early"]);
    mia.get(&format!("{moves}?to=x")).await.is(404);
}

#[tokio::test]
async fn a_run_that_stands_at_a_step_that_is_gone_stays() {
    let (kit, slug, run) = begun().await;
    edit(&kit, &slug, "{#collect-hours}", "{#gather-hours}").await;
    let mia = Browser::of(&kit, "Mia").await;
    let moves = format!("/processes/{slug}/moves");
    mia.get(&moves).await.shows(&["Cannot move", "which revision 2 does not have"]);
    let sent = mia.post(&moves, &[("run", &run.to_string()), ("reason", "x")]).await;
    assert!(sent.is(409).body.contains("was not moved"));
}

#[tokio::test]
async fn words_are_taken_over_by_themselves() {
    let (kit, slug, run) = begun().await;
    edit(&kit, &slug, "Pull the approved timesheets.", "Pull the approved time sheets.").await;
    let mia = Browser::of(&kit, "Mia").await;
    mia.get(&format!("/runs/{run}")).await.shows(&["Took over the words of revision 2"]);
    mia.get(&format!("/processes/{slug}/moves")).await.shows(&["Nothing to move"]);
}
