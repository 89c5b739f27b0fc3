//! Each occurrence says why it did or did not start a run; policies, pauses and the past.

use gemba_app::triggers::{self, OccurrenceState};
use gemba_app::{
    Error, Who,
    absences::{self, AbsenceInput},
    live, processes, publishing, runs, work,
};
use gemba_model::{Misfire, Overlap, Policy, id::TriggerId};
use gemba_testkit::{INVOICING, TestApp};
use jiff::{SignedDuration, Timestamp};

const DAY: SignedDuration = SignedDuration::from_hours(24);

/// A company whose invoicing starts every day at 09:00 in Berlin, with this policy.
async fn daily(misfire: Misfire, overlap: Overlap) -> (TestApp, TriggerId) {
    let kit = TestApp::new().await;
    let slug =
        kit.publish(&INVOICING.replace("monthly on the 1st at 09:00", "every day at 09:00")).await;
    let view = processes::get(&kit.app, &Who::operator(), &slug).await.unwrap();
    let id = view.triggers[0].trigger.id;
    let policy = Policy { misfire, overlap };
    triggers::set_policy(&kit.app, &Who::operator(), id, policy).await.unwrap();
    (kit, id)
}

async fn fire(kit: &TestApp) -> usize {
    triggers::fire_due(&kit.app, 100).await.unwrap()
}

/// What became of the occurrences, earliest first: date, state and why.
async fn told(kit: &TestApp, id: TriggerId) -> Vec<(String, &'static str, String)> {
    let all = triggers::occurrences(&kit.app, &Who::operator(), id, None, None, 200).await.unwrap();
    let line = |one: &triggers::Occurrence| {
        (
            one.row.civil.chars().skip(5).take(5).collect(),
            one.row.state.word(),
            one.explanation.clone(),
        )
    };
    all.iter().rev().map(line).collect()
}

#[track_caller]
fn same(got: &[(String, &'static str, String)], expected: &[(&str, &str, &str)]) {
    assert_eq!(got.len(), expected.len(), "{got:#?}");
    for ((date, state, why), (on, stands, part)) in got.iter().zip(expected) {
        assert!(date == on && state == stands && why.contains(part), "{got:#?}");
    }
}

async fn end_run(kit: &TestApp, number: i64) {
    let all = runs::Listing { limit: 50, ..runs::Listing::default() };
    let all = runs::list(&kit.app, &Who::operator(), all).await.unwrap();
    let run = all.iter().find(|run| run.number == number).unwrap().id;
    runs::cancel(&kit.app, &Who::operator(), run, "enough").await.unwrap();
}

#[tokio::test]
async fn what_was_missed_follows_the_policy_and_says_so() {
    let all = Misfire::All { most: None };
    for (misfire, expected) in [
        (
            all,
            [
                ("01-06", "started", "was missed and made up for 2 d 6 h later"),
                ("01-07", "started", "It started its run 1 d 6 h late."),
                ("01-08", "started", "6 h later"),
            ],
        ),
        (
            Misfire::All { most: Some(2) },
            [
                ("01-06", "skipped", "only the latest 2"),
                ("01-07", "started", "was missed and made up for"),
                ("01-08", "started", "6 h later"),
            ],
        ),
        (
            Misfire::OnceLate,
            [
                ("01-06", "skipped", "the occurrence of 7 Jan 2026, 09:00 stands for it"),
                ("01-07", "skipped", "the occurrence of 8 Jan 2026, 09:00 stands for it"),
                ("01-08", "started", "made up for 6 h later"),
            ],
        ),
        (
            Misfire::Skip,
            [
                ("01-06", "skipped", "leaves out what it missed"),
                ("01-07", "skipped", "leaves out what it missed"),
                ("01-08", "skipped", "missed by 6 h"),
            ],
        ),
        (
            Misfire::Ask,
            [
                ("01-06", "asked", "asks before it makes up for anything"),
                ("01-07", "asked", "asks"),
                ("01-08", "asked", "asks"),
            ],
        ),
    ] {
        let (kit, id) = daily(misfire, Overlap::AllowAll).await;
        kit.clock.pass(DAY * 3 + SignedDuration::from_hours(6));
        assert_eq!(fire(&kit).await, 3, "{misfire:?}");
        assert_eq!(fire(&kit).await, 0);
        same(&told(&kit, id).await, &expected);
        // The next one is on time again.
        kit.clock.pass(SignedDuration::from_hours(18));
        assert_eq!(fire(&kit).await, 1);
        assert_eq!(told(&kit, id).await[3].2, "It started its run on time.", "{misfire:?}");
    }
}

#[tokio::test]
async fn what_is_due_beside_a_run_follows_the_policy_and_says_so() {
    for (overlap, second, third, after_the_end) in [
        (Overlap::AllowAll, "started", "started", 0),
        (Overlap::Skip, "skipped", "skipped", 0),
        (Overlap::BufferOne, "waiting", "skipped", 1),
        (Overlap::BufferAll, "waiting", "waiting", 1),
        (Overlap::CancelOther, "started", "started", 0),
    ] {
        let (kit, id) = daily(Misfire::OnceLate, overlap).await;
        for _ in 0..3 {
            kit.clock.pass(DAY);
            fire(&kit).await;
        }
        let got = told(&kit, id).await;
        let states: Vec<_> = got.iter().map(|line| line.1).collect();
        assert_eq!(states, ["started", second, third], "{overlap:?} {got:#?}");
        let all = runs::Listing { limit: 50, ..runs::Listing::default() };
        let running = runs::list(&kit.app, &Who::operator(), all).await.unwrap();
        let running = running.iter().filter(|run| run.state == runs::RunState::Running).count();
        assert_eq!(running, if overlap == Overlap::AllowAll { 3 } else { 1 }, "{overlap:?}");
        if overlap == Overlap::CancelOther {
            assert!(got[1].2.contains("Run #1, which still went on, was ended for it"), "{got:#?}");
            continue;
        }
        // When the first run ends, the first that waits has its turn, and no other.
        end_run(&kit, 1).await;
        assert_eq!(fire(&kit).await, after_the_end, "{overlap:?}");
        assert_eq!(fire(&kit).await, 0, "{overlap:?}");
        let got = told(&kit, id).await;
        if after_the_end == 1 {
            assert!(got[1].1 == "started" && got[1].2.contains("waited 1 d"), "{got:#?}");
        } else if overlap == Overlap::Skip {
            assert!(got[1].2.contains("run #1, which this trigger started before, still goes on"));
        }
    }
}

#[tokio::test]
async fn a_paused_trigger_starts_nothing_and_says_who_paused_it_and_why() {
    let (kit, id) = daily(Misfire::default(), Overlap::default()).await;
    let mia = kit.person("Mia").await;
    assert_eq!(triggers::pause(&kit.app, &mia, id, " ").await.unwrap_err().code(), "APP0301");
    triggers::pause(&kit.app, &mia, id, "Summer break").await.unwrap();
    let again = triggers::pause(&kit.app, &mia, id, "Again").await;
    assert_eq!(again.unwrap_err().code(), "APP0303");
    let view = triggers::get(&kit.app, &mia, id).await.unwrap();
    assert_eq!(view.paused.unwrap().reason, "Summer break");
    kit.clock.pass(DAY + SignedDuration::from_hours(1));
    assert_eq!(fire(&kit).await, 1);
    // Nobody looks while it is paused; when it goes on, the past stays as it was meant.
    kit.clock.pass(DAY);
    triggers::resume(&kit.app, &mia, id).await.unwrap();
    kit.clock.pass(SignedDuration::from_hours(23));
    assert_eq!(fire(&kit).await, 2);
    same(
        &told(&kit, id).await,
        &[
            ("01-06", "skipped", "The trigger was paused by Mia: Summer break"),
            ("01-07", "skipped", "The trigger was paused by Mia: Summer break"),
            ("01-08", "started", "on time"),
        ],
    );
    let ben = kit.person("Ben").await;
    let refused = triggers::pause(&kit.app, &ben, id, "no").await;
    assert!(matches!(refused, Err(Error::Forbidden { .. })));
}

#[tokio::test]
async fn the_owner_answers_an_occurrence_that_asks() {
    let (kit, id) = daily(Misfire::Ask, Overlap::AllowAll).await;
    kit.clock.pass(DAY * 2 + SignedDuration::from_hours(1));
    fire(&kit).await;
    let (mia, ben) = (kit.person("Mia").await, kit.person("Ben").await);
    let due = |text: &str| -> Timestamp { text.parse().unwrap() };
    let asked = triggers::asked(&kit.app, &mia).await.unwrap();
    assert_eq!(asked.len(), 2);
    assert_eq!(triggers::asked(&kit.app, &ben).await.unwrap().len(), 0);
    let (first, second) = (due("2026-01-06T08:00:00Z"), due("2026-01-07T08:00:00Z"));
    let no = triggers::decide(&kit.app, &mia, id, first, false).await.unwrap();
    let yes = triggers::decide(&kit.app, &mia, id, second, true).await.unwrap();
    assert_eq!((no.state, yes.state), (OccurrenceState::Skipped, OccurrenceState::Started));
    let twice = triggers::decide(&kit.app, &mia, id, second, true).await;
    assert_eq!(twice.unwrap_err().code(), "APP0303");
    same(
        &told(&kit, id).await,
        &[
            ("01-06", "skipped", "Mia decided that it starts no run"),
            ("01-07", "started", "Mia started it 1 h later"),
        ],
    );
}

#[tokio::test]
async fn what_was_missed_waits_under_my_work_of_the_owner_and_of_who_acts_for_them() {
    let (kit, id) = daily(Misfire::Ask, Overlap::AllowAll).await;
    kit.clock.pass(DAY * 2 + SignedDuration::from_hours(1));
    let before = live::mark(&kit.app, &kit.person("Mia").await, live::Topic::MyWork).await.unwrap();
    fire(&kit).await;
    let (mia, mara) = (kit.person("Mia").await, kit.person("Mara").await);
    let after = live::mark(&kit.app, &mia, live::Topic::MyWork).await.unwrap();
    assert_ne!(before, after);
    let missed = async |name: &str| {
        let mine = work::mine(&kit.app, &kit.person(name).await).await.unwrap();
        mine.missed.iter().map(|(_, one)| one.row.civil.clone()).collect::<Vec<_>>()
    };
    assert_eq!(missed("Mia").await, ["2026-01-06T09:00:00", "2026-01-07T09:00:00"]);
    // A manager may answer too, but it does not wait for them.
    assert_eq!(missed("Mara").await.len(), 0);
    assert_eq!(triggers::asked(&kit.app, &mara).await.unwrap().len(), 2);
    let away =
        AbsenceInput { until: "2026-01-09".into(), deputy: "Ben".into(), ..Default::default() };
    absences::set(&kit.app, &mia, None, &away).await.unwrap();
    assert_eq!(missed("Ben").await.len(), 2);
    let ben = kit.person("Ben").await;
    let due: Timestamp = "2026-01-06T08:00:00Z".parse().unwrap();
    let row = triggers::decide(&kit.app, &ben, id, due, false).await.unwrap();
    assert!(row.reason.unwrap().contains("Ben (acting for Mia) decided"));
    assert_eq!(missed("Mia").await.len(), 1);
    // To pause it stays with the owner.
    let refused = triggers::pause(&kit.app, &ben, id, "no").await;
    assert_eq!(refused.unwrap_err().code(), "APP0103");
}

#[tokio::test]
async fn the_past_is_made_up_for_by_the_rule_in_force_then_and_nothing_twice() {
    let (kit, id) = daily(Misfire::Skip, Overlap::Skip).await;
    let who = Who::operator();
    let begun: Timestamp = "2026-01-05T00:00:00Z".parse().unwrap();
    // Two days by the old rule that nobody handled, then the same rule at another time beside a second.
    kit.clock.pass(DAY * 2 + SignedDuration::from_hours(2));
    assert_eq!(fire(&kit).await, 2);
    let draft = processes::draft(&kit.app, &who, "monthly-invoicing").await.unwrap();
    let text = draft.source.replace("every day at 09:00", "every day at 12:00");
    processes::save_draft(&kit.app, &who, "monthly-invoicing", text, draft.version).await.unwrap();
    let with = publishing::Publication::noted("Later.");
    publishing::publish(&kit.app, &who, "monthly-invoicing", with).await.unwrap();
    let view = processes::get(&kit.app, &who, "monthly-invoicing").await.unwrap();
    let new = view.triggers[0].trigger.clone();
    assert_ne!(new.id, id);
    // The new schedule took over how the old one was set.
    assert_eq!(new.policy, Policy { misfire: Misfire::Skip, overlap: Overlap::Skip });
    kit.clock.pass(DAY * 2);
    let until = kit.app.now();
    let seen = triggers::preview_backfill(&kit.app, &who, new.id, begun, until).await.unwrap();
    let lines: Vec<_> = seen
        .lines
        .iter()
        .map(|line| (line.civil.to_string(), line.revision, line.there.map(OccurrenceState::word)))
        .collect();
    let line = |civil: &str, revision, there| (civil.to_owned(), revision, there);
    assert_eq!(
        lines,
        [
            line("2026-01-06T09:00:00", 1, Some("skipped")),
            line("2026-01-07T09:00:00", 1, Some("skipped")),
            line("2026-01-07T12:00:00", 2, Some("planned")),
            line("2026-01-08T12:00:00", 2, None),
        ]
    );
    let refused = triggers::backfill(&kit.app, &who, new.id, begun, until, "Late books", 7).await;
    assert_eq!(refused.unwrap_err().code(), "APP0303");
    triggers::backfill(&kit.app, &who, new.id, begun, until, "Late books", 1).await.unwrap();
    fire(&kit).await;
    same(
        &told(&kit, new.id).await,
        &[
            ("01-07", "skipped", "leaves out what it missed"),
            ("01-08", "started", "Operator asked for it afterwards: Late books."),
        ],
    );
    let again = triggers::preview_backfill(&kit.app, &who, new.id, begun, until).await.unwrap();
    assert_eq!(again.n_new(), 0);
    let ahead = kit.app.now() + DAY;
    for (from, to) in [(until, begun), (begun, ahead)] {
        let wrong = triggers::preview_backfill(&kit.app, &who, new.id, from, to).await;
        assert_eq!(wrong.unwrap_err().code(), "APP0301");
    }
}

#[tokio::test]
async fn a_schedule_taken_out_accounts_for_what_was_due_and_forgets_what_was_to_come() {
    let (kit, id) = daily(Misfire::default(), Overlap::default()).await;
    let who = Who::operator();
    kit.clock.pass(DAY + SignedDuration::from_hours(1));
    let draft = processes::draft(&kit.app, &who, "monthly-invoicing").await.unwrap();
    let text = draft.source.replace("trigger: every day at 09:00", "trigger: a client asks");
    processes::save_draft(&kit.app, &who, "monthly-invoicing", text, draft.version).await.unwrap();
    let with = publishing::Publication::noted("By hand.");
    publishing::publish(&kit.app, &who, "monthly-invoicing", with).await.unwrap();
    same(&told(&kit, id).await, &[("01-06", "skipped", "was taken out of the process")]);
    assert_eq!(triggers::next_due(&kit.app).await.unwrap(), None);
    assert_eq!(triggers::overview(&kit.app, &who).await.unwrap().len(), 0);
}

#[tokio::test]
async fn the_next_ten_are_shown_on_the_clock_of_the_workspace() {
    let (kit, id) = daily(Misfire::default(), Overlap::default()).await;
    kit.clock.set("2026-03-22T12:00:00Z".parse().unwrap());
    let view = triggers::get(&kit.app, &Who::operator(), id).await.unwrap();
    assert_eq!((view.next.len(), view.zone.as_str()), (10, "Europe/Berlin"));
    let at: Vec<_> = view.next[5..8].iter().map(|one| one.firing.at.to_string()).collect();
    assert_eq!(at, ["2026-03-28T08:00:00Z", "2026-03-29T07:00:00Z", "2026-03-30T07:00:00Z"]);
    assert_eq!(view.next[6].moved.map(|by| by.as_hours()), Some(1));
    let change = view.clock_change.unwrap();
    assert_eq!(
        (change.at.to_string(), change.by.as_hours()),
        ("2026-03-29T01:00:00Z".to_owned(), 1)
    );
}
