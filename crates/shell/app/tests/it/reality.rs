//! A process as it runs beside as it is written.

use gemba_app::{
    Who,
    reality::{self, Kind, Window},
    runs, work,
};
use gemba_testkit::TestApp;
use jiff::{SignedDuration, civil::date};

const SOP: &str = "---\nowner: Accounting\nfunction: Finance\ntrigger: on request\n---\n\n# Refunds\n\nEvery refund is paid \
within a day.\n\n## Steps\n\n1. **Check the claim** — Accounting {#check}\n\n   - Due: within 4 hours\n\n2. **Pay it** — Accounting \
{#pay}\n\n3. **Tell the client** — Sales {#tell}\n\n## Expected output\n\n- The client has the money\n\n## Failure \
signals\n\n- A client asks twice\n";

/// Runs that are done an hour a step; of the step that is named, it is skipped instead.
async fn run(kit: &TestApp, slug: &str, skip: Option<&str>, hours: i64) {
    let who = Who::operator();
    let run = runs::start(&kit.app, &who, slug, "").await.expect("a run");
    loop {
        let view = runs::get(&kit.app, &who, run).await.expect("the run");
        let Some(item) = view.open.first() else { break };
        kit.clock.pass(SignedDuration::from_hours(hours));
        let id = item.item.id;
        if skip == Some(item.step.id.as_str()) {
            work::skip(&kit.app, &who, id, None, "not needed here").await.expect("skipped");
        } else {
            // Where the output is to be accepted, it is.
            let branch = item.branches.first().map(|branch| branch.id.clone());
            let with = work::Completion { branch, ..work::Completion::default() };
            work::complete(&kit.app, &who, id, with).await.expect("done");
        }
    }
}

#[tokio::test]
async fn runs_are_held_against_the_document_in_force() {
    let kit = TestApp::new().await;
    let slug = kit.publish(SOP).await;
    for _ in 0..3 {
        run(&kit, &slug, None, 1).await;
    }
    run(&kit, &slug, Some("tell"), 1).await;
    run(&kit, &slug, None, 5).await;
    let who = Who::operator();
    let found =
        reality::of_process(&kit.app, &who, &slug, Window::default()).await.unwrap().unwrap();
    let held = found.held.unwrap();
    assert_eq!((held.cases, held.as_written, found.older), (5, 3, 0));
    let told: Vec<(Kind, &str, usize)> =
        held.differences.iter().map(|d| (d.kind, d.title.as_str(), d.cases)).collect();
    assert!(told.contains(&(Kind::Skipped, "Tell the client", 1)), "{told:?}");
    assert!(told.contains(&(Kind::TooLate, "Check the claim", 1)), "{told:?}");
    assert_eq!(told.len(), 2, "{told:?}");
    // Three ended as written: each took three hours.
    assert_eq!(held.median_s, Some(3 * 3_600));
    assert_eq!(held.ways.iter().map(|way| way.cases).collect::<Vec<_>>(), [4, 1]);
    let skipped = &held.ways[1].some[0];
    assert_eq!(found.names[skipped].number, 4);
    let weeks: usize = held.weeks.iter().map(|week| week.cases).sum();
    assert_eq!(weeks, 5);
}

#[tokio::test]
async fn a_time_without_runs_has_none() {
    let kit = TestApp::new().await;
    let slug = kit.publish(SOP).await;
    run(&kit, &slug, None, 1).await;
    let of = async |from, to| {
        let window = Window { from, to };
        let found = reality::of_process(&kit.app, &Who::operator(), &slug, window).await;
        found.unwrap().unwrap().runs
    };
    let today = kit.app.now().to_zoned(jiff::tz::TimeZone::UTC).date();
    assert_eq!(of(None, None).await, 1);
    assert_eq!(of(Some(today), Some(today)).await, 1);
    assert_eq!(of(Some(date(2000, 1, 1)), Some(date(2000, 2, 1))).await, 0);
    assert_eq!(of(Some(date(2200, 1, 1)), None).await, 0);
}

#[tokio::test]
async fn what_runs_by_nothing_in_force_is_held_against_nothing() {
    let kit = TestApp::new().await;
    let who = Who::operator();
    let found = gemba_app::processes::create(&kit.app, &who, "Refunds").await.unwrap();
    assert!(
        reality::of_process(&kit.app, &who, &found, Window::default()).await.unwrap().is_none()
    );
}
