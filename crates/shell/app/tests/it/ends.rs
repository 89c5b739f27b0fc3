//! How runs end: with a name, after as many rounds as the document allows, and cleaned up.

use gemba_app::{
    Who, incidents, processes,
    runs::{self, Listing, RunState, RunView},
    work,
};
use gemba_engine::Completion;
use gemba_model::id::RunId;
use gemba_testkit::TestApp;

const OFFER: &str = "\
---
owner: Accounting
trigger: on request
---

# Offer

## Steps

1. **Write it** — Delivery lead {#write}
2. **Check it** — Sales {#check}

   - If it is wrong, go back to step 1, at most 1 time.
   - If nobody wants it, end the process as withdrawn.
   - Otherwise, continue.

3. **Send it** — Delivery lead {#send}

## Expected output

- The offer is with the client

## If the run is cancelled

1. **Tell the client** — Sales {#tell}
";

async fn view(kit: &TestApp, run: RunId) -> RunView {
    runs::get(&kit.app, &Who::operator(), run).await.unwrap()
}

async fn done(kit: &TestApp, run: RunId, branch: Option<&str>) {
    let open = view(kit, run).await.open;
    let process = view(kit, run).await.process;
    let step = process.step(&open[0].step.id);
    let id = branch.map(|words| {
        let said = step.and_then(|step| step.decisions.iter().find(|d| d.condition == words));
        said.map_or(words.to_owned(), |decision| decision.id.clone())
    });
    let with =
        Completion { branch: id, reason: Some("so it is".to_owned()), ..Completion::default() };
    work::complete(&kit.app, &Who::operator(), open[0].item.id, with).await.unwrap();
}

async fn begun(kit: &TestApp) -> RunId {
    let mara = kit.person("Mara").await;
    runs::start(&kit.app, &mara, "offer", "Blue").await.unwrap()
}

async fn troubles(kit: &TestApp) -> Vec<String> {
    let listing = incidents::Listing { open: true, ..incidents::Listing::default() };
    let found = incidents::list(&kit.app, &Who::operator(), listing).await.unwrap();
    found.iter().map(incidents::IncidentView::what).collect()
}

#[tokio::test]
async fn a_run_that_went_back_often_enough_waits_for_its_owner() {
    let kit = TestApp::new().await;
    kit.publish(OFFER).await;
    let run = begun(&kit).await;
    for _round in 0..2 {
        done(&kit, run, None).await;
        done(&kit, run, Some("it is wrong")).await;
    }
    let told = view(&kit, run).await;
    assert!(told.row.held && told.open.is_empty() && told.row.state == RunState::Running);
    let what = "The run stands still: “Check it” sent it back 1 times in a row, which is as often \
                as the document allows";
    assert_eq!(troubles(&kit).await, [what]);
    // The seat that checks does not decide that; the seat that owns the process does.
    let ben = kit.person("Ben").await;
    let refused = runs::allow_round(&kit.app, &ben, run, "why not").await;
    assert_eq!(refused.unwrap_err().code(), "RUN0224");
    let mia = kit.person("Mia").await;
    assert!(runs::get(&kit.app, &mia, run).await.unwrap().may_allow);
    runs::allow_round(&kit.app, &mia, run, "the client asked").await.unwrap();
    assert!(troubles(&kit).await.is_empty());
    assert_eq!(view(&kit, run).await.open[0].step.id.as_str(), "write");
    let refused = runs::allow_round(&kit.app, &mia, run, "again").await;
    assert_eq!(refused.unwrap_err().code(), "RUN0223");
}

#[tokio::test]
async fn runs_are_found_by_the_name_of_their_end() {
    let kit = TestApp::new().await;
    kit.publish(OFFER).await;
    let mut ended = Vec::new();
    for withdrawn in [true, false, true] {
        let run = begun(&kit).await;
        done(&kit, run, None).await;
        if withdrawn {
            done(&kit, run, Some("nobody wants it")).await;
            ended.push(run);
        } else {
            done(&kit, run, Some("otherwise")).await;
            done(&kit, run, None).await;
            // Only this end has something to accept.
            done(&kit, run, Some("accept")).await;
        }
        let told = view(&kit, run).await.row;
        assert_eq!(told.state, RunState::Completed);
        assert_eq!(told.outcome.as_deref(), withdrawn.then_some("withdrawn"));
    }
    let listing = |limit, before| Listing {
        process: Some("offer".to_owned()),
        outcome: Some("Withdrawn".to_owned()),
        limit,
        before,
        ..Listing::default()
    };
    let operator = Who::operator();
    let found = async |listing| {
        let rows = runs::list(&kit.app, &operator, listing).await.unwrap();
        rows.into_iter().map(|row| row.id).collect::<Vec<_>>()
    };
    assert_eq!(found(listing(10, None)).await, [ended[1], ended[0]]);
    assert_eq!(found(listing(1, None)).await, [ended[1]]);
    assert_eq!(found(listing(1, Some(ended[1]))).await, [ended[0]], "one of another end between");
}

#[tokio::test]
async fn a_run_that_is_ended_is_cleaned_up_first() {
    let kit = TestApp::new().await;
    kit.publish(OFFER).await;
    let run = begun(&kit).await;
    let mara = kit.person("Mara").await;
    runs::cancel(&kit.app, &mara, run, "a duplicate").await.unwrap();
    let told = view(&kit, run).await;
    assert_eq!(told.row.ending.as_deref(), Some("a duplicate"));
    assert_eq!(
        (told.row.state, told.open[0].step.title.as_str()),
        (RunState::Running, "Tell the client")
    );
    assert_eq!(told.open[0].seat, "Sales");
    done(&kit, run, None).await;
    let told = view(&kit, run).await;
    assert_eq!((told.row.state, told.row.ending), (RunState::Cancelled, None));
    let last = format!("{:?}", told.history.last());
    assert!(last.contains("Mara") && last.contains("a duplicate"), "{last}");

    // Whoever must not wait for the clean-up ends the run once more.
    let run = begun(&kit).await;
    runs::cancel(&kit.app, &mara, run, "a duplicate").await.unwrap();
    runs::cancel(&kit.app, &mara, run, "nobody was told").await.unwrap();
    assert_eq!(view(&kit, run).await.row.state, RunState::Cancelled);
}

#[tokio::test]
async fn the_seats_of_a_clean_up_must_be_of_the_chart() {
    let kit = TestApp::new().await;
    let text = OFFER.replace("**Tell the client** — Sales", "**Tell the client** — Press office");
    let file = processes::File { name: "offer.md".to_owned(), bytes: text.into_bytes() };
    let operator = Who::operator();
    processes::import(&kit.app, &operator, vec![file]).await.unwrap();
    let with = gemba_app::publishing::Publication::default();
    let refused = gemba_app::publishing::publish(&kit.app, &operator, "offer", with).await;
    assert!(refused.unwrap_err().to_string().contains("Press office"));
}
