//! What time brings to runs: deadlines and their incidents, the way up the chart, parts at the same time,
//! the word of the owner at the end.

use gemba_app::{
    Who, incidents,
    incidents::Listing,
    records::Trouble,
    runs,
    runs::RunState,
    seats,
    seats::{HolderInput, SeatInput},
    work,
    work::{ItemState, WorkRow},
};
use gemba_engine::Completion;
use gemba_model::id::RunId;
use gemba_testkit::TestApp;
use jiff::SignedDuration;

const OFFER: &str = "\
---
owner: Sales
trigger: on request
---

# Offer

1. **Draft the offer** — Accounting {#draft}

   - Due: 2 hours after the start

2. **Prepare both halves** — Sales {#prepare}

   - Kind: parallel

   1. **Price it** — Accounting {#price}
   2. **Plan it** — Delivery lead {#plan}

3. **Send the offer** — Accounting {#send}

   - Due: 1 business day after the start

## Expected output

- The offer is with the client

## Failure signals

- The run takes longer than 5 days
";

async fn company() -> (TestApp, RunId) {
    let kit = TestApp::new().await;
    let mara = kit.person("Mara").await;
    seats::create(
        &kit.app,
        &Who::operator(),
        SeatInput {
            name: "Head of sales".to_owned(),
            holder: HolderInput::Vacant,
            ..SeatInput::default()
        },
    )
    .await
    .unwrap();
    let sales = SeatInput {
        name: "Sales".to_owned(),
        reports_to: Some("Head of sales".to_owned()),
        holder: HolderInput::Vacant,
        ..SeatInput::default()
    };
    seats::change(&kit.app, &Who::operator(), "sales", sales).await.unwrap();
    let slug = kit.publish(OFFER).await;
    let run = runs::start(&kit.app, &mara, &slug, "Offer for Blue").await.unwrap();
    (kit, run)
}

async fn open(kit: &TestApp, who: &Who, run: RunId) -> Vec<WorkRow> {
    runs::get(&kit.app, who, run).await.unwrap().open
}

async fn done(kit: &TestApp, who: &Who, run: RunId, step: &str) {
    let open = open(kit, who, run).await;
    let item = open.iter().find(|row| row.step.id.as_str() == step).unwrap().item.id;
    work::complete(&kit.app, who, item, Completion::default()).await.unwrap();
}

#[tokio::test]
async fn a_passed_deadline_opens_an_incident_for_the_owner_and_goes_up_the_chart() {
    let (kit, run) = company().await;
    let (mia, mara) = (kit.person("Mia").await, kit.person("Mara").await);
    let first = open(&kit, &mia, run).await.remove(0);
    assert_eq!(first.item.due.map(|at| at.to_string()).as_deref(), Some("2026-01-05T10:00:00Z"));
    assert_eq!(runs::next_wake(&kit.app).await.unwrap(), first.item.due);
    assert_eq!(runs::wake_due(&kit.app, 9).await.unwrap(), 0);

    kit.clock.pass(SignedDuration::from_hours(3));
    assert_eq!(runs::wake_due(&kit.app, 9).await.unwrap(), 1);
    assert_eq!(runs::wake_due(&kit.app, 9).await.unwrap(), 0, "it is told once");
    assert!(open(&kit, &mia, run).await[0].late);
    let found = incidents::list(&kit.app, &mara, Listing::default()).await.unwrap();
    let [incident] = found.as_slice() else { panic!("{found:?}") };
    assert!(matches!(incident.incident.trouble, Trouble::Deadline { .. }));
    assert_eq!(incident.what(), "“Draft the offer” was not done by its deadline");
    assert_eq!((incident.seat(), incident.may_close, incident.is_mine), ("Sales", true, false));
    let seen = incidents::get(&kit.app, &mia, incident.incident.id).await.unwrap();
    assert!(!seen.may_close, "the one who is late does not close it");
    let refused = incidents::close(&kit.app, &mia, incident.incident.id, "x").await;
    assert_eq!(refused.unwrap_err().code(), "APP0103");

    // Nobody answers: on Tuesday at close it goes to the seat above, and no further.
    kit.clock.pass(SignedDuration::from_hours(30));
    assert_eq!(incidents::hand_up_due(&kit.app).await.unwrap(), 1);
    assert_eq!(incidents::hand_up_due(&kit.app).await.unwrap(), 0);
    let up = incidents::get(&kit.app, &mara, incident.incident.id).await.unwrap();
    assert_eq!((up.seat(), up.incident.handed_up.len()), ("Head of sales", 1));
    kit.clock.pass(SignedDuration::from_hours(24 * 7));
    assert_eq!(incidents::hand_up_due(&kit.app).await.unwrap(), 1);
    let up = incidents::get(&kit.app, &mara, incident.incident.id).await.unwrap();
    assert_eq!((up.seat(), up.incident.answer_by), ("Head of sales", None));

    // The step is done after all: that closes it.
    done(&kit, &mia, run, "draft").await;
    let closed = incidents::get(&kit.app, &mara, incident.incident.id).await.unwrap();
    let closed = closed.incident.closed.unwrap();
    assert_eq!((closed.by.as_str(), closed.note.as_str()), ("Mia", "The step was done."));
}

#[tokio::test]
async fn parts_go_on_at_once_and_the_owner_has_the_last_word() {
    let (kit, run) = company().await;
    let (mia, mara) = (kit.person("Mia").await, kit.person("Mara").await);
    let dash = kit.agent("Delivery lead").await;
    done(&kit, &mia, run, "draft").await;
    let both = open(&kit, &mia, run).await;
    let names: Vec<_> = both.iter().map(|row| (row.step.id.as_str(), row.seat.as_str())).collect();
    assert_eq!(names, [("price", "Accounting"), ("plan", "Delivery lead")]);
    assert_eq!(both[0].part_of.as_deref(), Some("Prepare both halves"));
    done(&kit, &dash, run, "plan").await;
    assert_eq!(open(&kit, &mia, run).await.len(), 1);
    done(&kit, &mia, run, "price").await;
    done(&kit, &mia, run, "send").await;

    let last = open(&kit, &mara, run).await.remove(0);
    assert_eq!((last.step.title.as_str(), last.seat.as_str()), ("Accept the output", "Sales"));
    let ways: Vec<_> = last.branches.iter().map(|way| way.id.as_str()).collect();
    assert_eq!(ways, ["accept", "return-send", "return-prepare", "return-draft"]);
    let back = Completion {
        branch: Some("return-send".to_owned()),
        reason: Some("the wrong client".to_owned()),
        ..Completion::default()
    };
    let outcome = work::complete(&kit.app, &mara, last.item.id, back).await.unwrap();
    assert_eq!(outcome.next[0].step.id.as_str(), "send");
    done(&kit, &mia, run, "send").await;
    let last = open(&kit, &mara, run).await.remove(0);
    let yes = Completion { branch: Some("accept".to_owned()), ..Completion::default() };
    work::complete(&kit.app, &mara, last.item.id, yes).await.unwrap();
    let view = runs::get(&kit.app, &mara, run).await.unwrap();
    assert_eq!((view.row.state, view.row.n_done), (RunState::Completed, 4));
}

#[tokio::test]
async fn an_agent_that_never_comes_back_becomes_an_incident() {
    let (kit, run) = company().await;
    let (mia, mara) = (kit.person("Mia").await, kit.person("Mara").await);
    done(&kit, &mia, run, "draft").await;
    let dash = kit.agent("Delivery lead").await;
    let plan = open(&kit, &dash, run).await.remove(1);
    for n in 1..=3 {
        work::claim(&kit.app, &dash, plan.item.id).await.unwrap();
        kit.clock.pass(SignedDuration::from_mins(16));
        assert_eq!(runs::wake_due(&kit.app, 9).await.unwrap(), 1);
        let item = work::get(&kit.app, &mia, plan.item.id).await.unwrap().row.item;
        assert_eq!(item.state, ItemState::Open, "it is open again, also in lists");
        let found = incidents::list(&kit.app, &mara, Listing::default()).await.unwrap();
        assert_eq!(found.len(), usize::from(n == 3));
    }
    let found = incidents::list(&kit.app, &mara, Listing::default()).await.unwrap();
    assert_eq!(found[0].what(), "“Plan it” was taken 3 times, and nobody came back to it");
    // The run ends: what was open is closed with it.
    runs::cancel(&kit.app, &mara, run, "the client left").await.unwrap();
    let found = incidents::list(&kit.app, &mara, Listing::default()).await.unwrap();
    assert!(found[0].incident.closed.is_some());
}

#[tokio::test]
async fn a_failure_signal_that_tells_by_the_clock_is_in_the_checklist() {
    let (kit, run) = company().await;
    let mara = kit.person("Mara").await;
    let slug = runs::get(&kit.app, &mara, run).await.unwrap().row.process.0;
    let before = incidents::controls(&kit.app, &mara, &slug).await.unwrap();
    assert_eq!(before.len(), 1);
    assert!(before[0].watched, "{before:?}");
    assert_eq!((before[0].raised, before[0].last), (0, None));
    kit.clock.pass(SignedDuration::from_hours(24 * 8));
    runs::wake_due(&kit.app, 9).await.unwrap();
    let after = incidents::controls(&kit.app, &mara, &slug).await.unwrap();
    assert_eq!((after[0].raised, after[0].open), (1, 1));
}

#[tokio::test]
async fn whoever_does_a_step_reports_a_problem_and_the_owner_closes_it() {
    let (kit, run) = company().await;
    let (mia, mara, ben) =
        (kit.person("Mia").await, kit.person("Mara").await, kit.person("Ben").await);
    let item = open(&kit, &mia, run).await[0].item.id;
    let refused = incidents::report(&kit.app, &ben, item, "I am bored").await;
    assert_eq!(refused.unwrap_err().code(), "APP0103");
    let refused = incidents::report(&kit.app, &mia, item, "  ").await;
    assert_eq!(refused.unwrap_err().code(), "APP0301");
    let id = incidents::report(&kit.app, &mia, item, "the template is gone").await.unwrap();
    let view = incidents::get(&kit.app, &mara, id).await.unwrap();
    assert_eq!(view.what(), "Mia reports a problem: the template is gone");
    assert_eq!(incidents::close(&kit.app, &mara, id, " ").await.unwrap_err().code(), "APP0301");
    incidents::close(&kit.app, &mara, id, "put back").await.unwrap();
    let listing = Listing { open: true, ..Listing::default() };
    assert!(incidents::list(&kit.app, &mara, listing).await.unwrap().is_empty());
}

#[tokio::test]
async fn where_no_person_owns_the_process_the_first_person_above_answers() {
    let (kit, run) = company().await;
    let mara = kit.person("Mara").await;
    let gemba_app::Principal::Person { account } = mara.principal else { panic!("a person") };
    let head = SeatInput {
        name: "Head of sales".to_owned(),
        holder: HolderInput::Person(account),
        ..SeatInput::default()
    };
    seats::change(&kit.app, &Who::operator(), "head-of-sales", head).await.unwrap();
    let item = open(&kit, &mara, run).await[0].item.id;
    let id = incidents::report(&kit.app, &mara, item, "the template is gone").await.unwrap();
    let view = incidents::get(&kit.app, &kit.person("Mara").await, id).await.unwrap();
    assert_eq!((view.seat(), view.is_mine), ("Head of sales", true));
}

#[tokio::test]
async fn deadlines_count_on_the_hours_of_the_workspace() {
    let (kit, _) = company().await;
    let hours = gemba_app::workspace::HoursInput {
        days: vec![1, 3],
        close: "12:00".to_owned(),
        holidays: "2026-01-07 Closed".to_owned(),
        ..gemba_app::workspace::HoursInput::default()
    };
    gemba_app::workspace::set_hours(&kit.app, &Who::operator(), &hours).await.unwrap();
    let mia = kit.person("Mia").await;
    let mara = kit.person("Mara").await;
    let run = runs::start(&kit.app, &mara, "offer", "Offer for Green").await.unwrap();
    done(&kit, &mia, run, "draft").await;
    done(&kit, &mara, run, "price").await;
    done(&kit, &mara, run, "plan").await;
    // One business day after Monday, 5 January: not Wednesday, which is a holiday, but Monday the 12th.
    let send = open(&kit, &mia, run).await.remove(0);
    assert_eq!(send.item.due.map(|at| at.to_string()).as_deref(), Some("2026-01-12T11:00:00Z"));
}
