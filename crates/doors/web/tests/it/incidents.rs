//! Incidents: the list, the page of one, the checklist of a process, and who may close them.

use crate::browser::Browser;
use gemba_app::{Who, incidents, incidents::Listing, runs};
use gemba_model::id::{IncidentId, RunId};
use gemba_testkit::{INVOICING, TestApp};
use jiff::SignedDuration;

/// A run whose first step is three hours late.
async fn late() -> (TestApp, RunId) {
    let kit = TestApp::new().await;
    let due = "Pull the approved timesheets.\n\n   - Due: 2 hours after the start";
    let slug = kit.publish(&INVOICING.replace("Pull the approved timesheets.", due)).await;
    let mia = kit.person("Mia").await;
    let run = runs::start(&kit.app, &mia, &slug, "January").await.unwrap();
    kit.clock.pass(SignedDuration::from_hours(5));
    runs::wake_due(&kit.app, 9).await.unwrap();
    (kit, run)
}

async fn only(kit: &TestApp) -> IncidentId {
    let found = incidents::list(&kit.app, &Who::operator(), Listing::default()).await.unwrap();
    assert_eq!(found.len(), 1);
    found[0].incident.id
}

#[tokio::test]
async fn without_incidents_the_list_teaches() {
    let kit = TestApp::new().await;
    let otto = Browser::of(&kit, "Otto").await;
    otto.get("/incidents").await.shows(&["No open incidents", "with a clock"]);
    otto.get("/incidents?state=all&process=").await.shows(&["See all incidents"]);
    otto.get("/incidents/inc_nothing").await.is(404);
}

#[tokio::test]
async fn what_is_overdue_is_said_wherever_somebody_looks() {
    let (kit, run) = late().await;
    let mia = Browser::of(&kit, "Mia").await;
    let address = format!("/incidents/{}", only(&kit).await);
    mia.get("/").await.shows(&["Overdue", &address, "was not done by its deadline"]);
    mia.get(&format!("/runs/{run}")).await.shows(&["Overdue", "is overdue", "It was due"]);
    mia.get("/incidents").await.shows(&["One thing needs a person.", "Yours", "goes up"]);
    mia.get(&address).await.shows(&[
        "Opened for",
        "Accounting",
        "It was due",
        "Close the incident",
    ]);
}

#[tokio::test]
async fn an_incident_is_closed_with_a_word_by_those_who_answer_for_it() {
    let (kit, _) = late().await;
    let address = format!("/incidents/{}", only(&kit).await);
    let closure = format!("{address}/closure");
    let otto = Browser::of(&kit, "Otto").await;
    otto.get(&address).await.shows(&["Opened for"]).hides(&["Close the incident"]);
    otto.post(&closure, &[("note", "nothing")]).await.is(403);
    let mia = Browser::of(&kit, "Mia").await;
    mia.post(&closure, &[("note", " ")]).await.refused(&["say it in a few words"]);
    mia.post(&closure, &[("note", "asked <b>them</b> twice")])
        .await
        .goes(&format!("{address}?done=incident-closed"));
    mia.get(&address)
        .await
        .shows(&["Mia closed it", "asked &lt;b&gt;them&lt;/b&gt; twice", "Closed"])
        .hides(&["Close the incident"]);
    mia.get("/incidents").await.shows(&["Nothing needs a person now."]);
    mia.get("/incidents?state=all").await.shows(&["closed by Mia"]);
    mia.get(&closure).await.goes(&address);
}

#[tokio::test]
async fn a_problem_is_reported_from_the_step_and_counted_in_the_checklist() {
    let kit = TestApp::new().await;
    let slug = kit.publish(INVOICING).await;
    let who = kit.person("Mia").await;
    let run = runs::start(&kit.app, &who, &slug, "January").await.unwrap();
    let item = runs::get(&kit.app, &who, run).await.unwrap().open[0].item.id;
    let mia = Browser::of(&kit, "Mia").await;
    let step = format!("/work/{item}");
    mia.get(&step).await.shows(&["Report a problem"]);
    let report = format!("{step}/problem");
    mia.post(&report, &[("problem", " ")]).await.refused(&["Say in a few words what is wrong"]);
    let page = mia.post(&report, &[("problem", "the template is gone")]).await;
    let address = format!("/incidents/{}", only(&kit).await);
    page.goes(&format!("{address}?done=reported"));
    mia.get(&address).await.shows(&["Mia reports a problem: the template is gone"]);
    mia.get(&format!("/incidents?process={slug}&state=all")).await.shows(&[
        "Checklist of failure signals",
        "A client asks where the invoice is",
        "By people",
        "never",
    ]);
}
