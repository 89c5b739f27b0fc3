//! Work done by another, or later: for a holder who is away, because it was given to a person, put aside.

use gemba_app::{
    Error, Result, Who,
    absences::{self, AbsenceInput},
    runs,
    work::{self, Completion, Delegation, MyWork},
};
use gemba_model::{Priority, id::WorkItemId};
use gemba_testkit::{INVOICING, TestApp};
use jiff::SignedDuration;

async fn with_run() -> (TestApp, WorkItemId) {
    let kit = TestApp::new().await;
    let slug = kit.publish(INVOICING).await;
    let mia = kit.person("Mia").await;
    runs::start(&kit.app, &mia, &slug, "May").await.expect("a run");
    let item = mine(&kit, "Mia").await.items[0].item.id;
    (kit, item)
}

async fn mine(kit: &TestApp, name: &str) -> MyWork {
    work::mine(&kit.app, &kit.person(name).await).await.expect("my work")
}

/// How much a person has to do, has put aside, has given to others, and what the count says.
async fn heap(kit: &TestApp, name: &str) -> [usize; 4] {
    let mine = mine(kit, name).await;
    let count = work::count_mine(&kit.app, &kit.person(name).await).await.expect("a count");
    [mine.items.len(), mine.aside.len(), mine.given.len(), count]
}

async fn told(kit: &TestApp, item: WorkItemId) -> Vec<String> {
    let who = Who::operator();
    let run = work::get(&kit.app, &who, item).await.expect("an item").row.item.run;
    let lines = runs::events(&kit.app, &who, run, 0, 100).await.expect("events");
    let by = |line: &runs::HistoryLine| match &line.event {
        runs::Event::StepCompleted { by, .. } => Some(by.told()),
        _ => None,
    };
    lines.iter().filter_map(by).collect()
}

fn away(from: &str, until: &str, deputy: &str) -> AbsenceInput {
    AbsenceInput { from: from.to_owned(), until: until.to_owned(), deputy: deputy.to_owned() }
}

fn code<T: std::fmt::Debug>(result: Result<T>) -> &'static str {
    result.map_or_else(|error: Error| error.code(), |_fine| "")
}

#[tokio::test]
async fn whoever_acts_for_somebody_away_has_their_work_and_it_says_for_whom() {
    let (kit, item) = with_run().await;
    let mia = kit.person("Mia").await;
    assert_eq!(heap(&kit, "Ben").await, [0, 0, 0, 0]);
    // What she had taken is no hindrance.
    work::claim(&kit.app, &mia, item).await.expect("taken");
    absences::set(&kit.app, &mia, None, &away("", "2026-01-06", "Ben")).await.expect("away");
    let bens = mine(&kit, "Ben").await;
    let row = &bens.items[0];
    assert_eq!((row.acting_for.as_deref(), row.is_mine), (Some("Mia"), true));
    assert!(!row.taken_by_other);
    assert_eq!(heap(&kit, "Mia").await, [1, 0, 0, 1]);
    let ben = kit.person("Ben").await;
    work::complete(&kit.app, &ben, item, Completion::default()).await.expect("done");
    assert_eq!(told(&kit, item).await, ["Ben (acting for Mia)"]);
    let done = work::get(&kit.app, &ben, item).await.expect("an item");
    assert_eq!(done.row.item.holder.as_deref(), Some("Ben (acting for Mia)"));
    // The last day is over at midnight in Berlin.
    kit.clock.pass(SignedDuration::from_hours(38));
    assert_eq!(kit.person("Ben").await.acting.len(), 1);
    kit.clock.pass(SignedDuration::from_hours(1));
    assert_eq!(kit.person("Ben").await.acting, []);
    assert_eq!(absences::list(&kit.app, &mia).await.expect("a list"), []);
}

#[tokio::test]
async fn an_absence_is_written_down_by_whoever_may_and_makes_sense() {
    let kit = TestApp::new().await;
    let cases = [
        ("Mia", None, away("", "2026-01-09", "Ben"), ""),
        ("Mia", Some("mia@example.com"), away("", "2026-01-09", "ben@example.com"), ""),
        ("Mara", Some("Mia"), away("2026-01-06", "2026-01-09", "Ben"), ""),
        ("Ben", Some("Mia"), away("", "2026-01-09", "Ben"), "APP0103"),
        ("Otto", None, away("", "2026-01-09", "Ben"), "APP0103"),
        ("Mara", Some("Nobody"), away("", "2026-01-09", "Ben"), "deputy or person"),
        ("Mia", None, away("", "2026-01-09", "Mia"), "deputy or person"),
        ("Mia", None, away("", "2026-01-09", "Otto"), "deputy or person"),
        ("Mia", None, away("", "", "Ben"), "a day"),
        ("Mia", None, away("", "soon", "Ben"), "a day"),
        ("Mia", None, away("2026-01-09", "2026-01-08", "Ben"), "a day"),
        ("Mia", None, away("2026-01-01", "2026-01-04", "Ben"), "a day"),
        ("Mia", None, away("2026-01-06", "2027-01-07", "Ben"), "a day"),
        // Mia is away from the 6th to the 9th.
        ("Ben", None, away("2026-01-09", "2026-01-12", "Mia"), "deputy or person"),
        ("Ben", None, away("2026-01-10", "2026-01-12", "Mia"), ""),
    ];
    for (who, of, input, expected) in cases {
        let person = kit.person(who).await;
        let found = match absences::set(&kit.app, &person, of, &input).await {
            Ok(()) => "",
            Err(Error::Invalid { field: "deputy" | "person", .. }) => "deputy or person",
            Err(Error::Invalid { field: "from" | "until", .. }) => "a day",
            Err(other) => other.code(),
        };
        assert_eq!(found, expected, "{who} {of:?} {input:?}");
    }
    let all = absences::list(&kit.app, &kit.person("Otto").await).await.expect("a list");
    let shown: Vec<_> = all.iter().map(|one| (one.name.as_str(), one.is_now)).collect();
    assert_eq!(shown, [("Mia", false), ("Ben", false)]);
    assert_eq!(all[0].seats, ["Accounting"]);
    let ben = kit.person("Ben").await;
    assert_eq!(code(absences::end(&kit.app, &ben, Some("Mia")).await), "APP0103");
    let mara = kit.person("Mara").await;
    assert_eq!(code(absences::end(&kit.app, &mara, Some("Mia")).await), "");
    assert_eq!(code(absences::end(&kit.app, &ben, None).await), "");
    assert_eq!(absences::list(&kit.app, &mara).await.expect("a list"), []);
}

#[tokio::test]
async fn a_step_given_to_a_person_is_theirs_until_it_comes_back() {
    let (kit, item) = with_run().await;
    let (mia, ben) = (kit.person("Mia").await, kit.person("Ben").await);
    let until = Some(kit.app.now() + SignedDuration::from_hours(10));
    let give = |to: &str| Delegation { to: to.to_owned(), until, note: "you know them".to_owned() };
    for (who, to, expected) in [
        (&ben, "Ben", "RUN0203"),
        (&mia, "Otto", "APP0301"),
        (&mia, "Ben", ""),
        (&mia, "ben@example.com", "RUN0231"),
    ] {
        let found = code(work::delegate(&kit.app, who, item, give(to)).await);
        assert_eq!(found.is_empty(), expected.is_empty(), "{to}: {found}");
        if expected.starts_with("RUN") {
            assert_eq!(found, expected, "{to}");
        }
    }
    assert_eq!((heap(&kit, "Ben").await, heap(&kit, "Mia").await), ([1, 0, 0, 1], [0, 0, 1, 0]));
    let listing = |mine| work::Listing { mine, limit: 50, ..work::Listing::default() };
    assert_eq!(work::list(&kit.app, &ben, listing(true)).await.expect("a list").len(), 1);
    let row = &mine(&kit, "Ben").await.items[0];
    assert!(row.is_given && row.may_take_back && row.is_mine);
    // It is given back, given again, and comes back by itself.
    assert_eq!(code(work::take_back(&kit.app, &ben, item).await), "");
    assert_eq!(code(work::take_back(&kit.app, &mia, item).await), "RUN0230");
    assert_eq!(code(work::delegate(&kit.app, &mia, item, give("Ben")).await), "");
    kit.clock.pass(SignedDuration::from_hours(11));
    runs::wake_due(&kit.app, 10).await.expect("woken");
    assert_eq!((heap(&kit, "Ben").await, heap(&kit, "Mia").await), ([0, 0, 0, 0], [1, 0, 0, 1]));
    assert_eq!(code(work::complete(&kit.app, &ben, item, Completion::default()).await), "RUN0203");
}

#[tokio::test]
async fn work_is_put_aside_and_stands_in_the_order_of_its_urgency() {
    let (kit, item) = with_run().await;
    let mia = kit.person("Mia").await;
    let later = Some(kit.app.now() + SignedDuration::from_hours(24));
    assert_eq!(code(work::defer(&kit.app, &mia, item, later).await), "");
    assert_eq!(heap(&kit, "Mia").await, [0, 1, 0, 0]);
    assert_eq!(code(work::defer(&kit.app, &mia, item, None).await), "");
    assert_eq!(heap(&kit, "Mia").await, [1, 0, 0, 1]);
    assert_eq!(code(work::defer(&kit.app, &mia, item, later).await), "");
    kit.clock.pass(SignedDuration::from_hours(25));
    assert_eq!(heap(&kit, "Mia").await, [1, 0, 0, 1]);
    let second = runs::start(&kit.app, &mia, "monthly-invoicing", "June").await.expect("a run");
    let ben = kit.person("Ben").await;
    let urgent = Priority::Urgent;
    assert_eq!(code(runs::prioritise(&kit.app, &ben, second, urgent).await), "RUN0233");
    assert_eq!(code(runs::prioritise(&kit.app, &mia, second, urgent).await), "");
    let titles = |mine: MyWork| mine.items.into_iter().map(|row| row.run_title).collect::<Vec<_>>();
    assert_eq!(titles(mine(&kit, "Mia").await), ["June", "May"]);
    let low = Priority::Low;
    assert_eq!(code(runs::prioritise(&kit.app, &mia, second, low).await), "");
    assert_eq!(titles(mine(&kit, "Mia").await), ["May", "June"]);
}
