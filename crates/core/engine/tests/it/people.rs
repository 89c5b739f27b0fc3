//! Who does the work instead of another, and when: delegation, substitution, priority, work put aside,
//! reminders, approvals that nobody gives, deadlines that follow a date.

use crate::world::{World, asker, branch, id, process, say, seat, step};
use gemba_engine::{Event, Run, Start, start};
use gemba_model::{
    Evidence, EvidenceKind, Priority, Process, Step, StepKind, Target,
    approval::{Approval, Unanswered},
};

#[track_caller]
fn check(process: &Process, story: &[(&str, &str)]) -> World {
    let mut world = World::new(process);
    for (line, expected) in story {
        assert_eq!(say(&mut world, line), *expected, "{line}");
    }
    assert_eq!(Run::replay(&world.history), world.run);
    world
}

fn one() -> Process {
    process(vec![step("x", "A"), step("y", "B")])
}

#[test]
fn a_work_item_is_given_to_a_person_and_stays_its_seats() {
    let open = "running [x/1]";
    let world = check(
        &one(),
        &[
            ("C: give x to=D", "RUN0203"),
            ("A: back x", "RUN0230"),
            ("A: claim x", open),
            ("A: give x to=D because=you_know_them", open),
            ("A: give x to=D", "RUN0231"),
            ("C: done x", "RUN0203"),
            ("D: claim x", open),
            ("A: done x", "RUN0204"),
            // Whoever has it does not give it to a third.
            ("D: give x to=C", "RUN0203"),
            ("A: back x", open),
            ("D: done x", "RUN0203"),
            ("Owner: give x to=D for=3600", open),
            ("D: back x", open),
            ("A: give x to=D for=3600", open),
            ("D: done x", "running [y/1]"),
        ],
    );
    let told = world.history.iter().find_map(|event| match event {
        Event::StepDelegated { by, name, note, .. } => {
            Some((by.told(), name.clone(), note.clone()))
        }
        _ => None,
    });
    assert_eq!(told, Some(("A".to_owned(), "D".to_owned(), Some("you know them".to_owned()))));
}

#[test]
fn what_was_given_comes_back_by_itself_when_its_time_is_over() {
    let mut world = check(&one(), &[("A: give x to=D for=3600", "running [x/1]")]);
    say(&mut world, "D: claim x");
    assert_eq!(world.run.wake(), world.run.open[0].delegated.as_ref().and_then(|d| d.until));
    // Also before anybody notices that it is over.
    world.later(3600);
    assert_eq!(say(&mut world, "D: done x"), "RUN0203");
    say(&mut world, "Manager: wake 0");
    assert!(world.run.open[0].delegated.is_none() && world.run.open[0].claim.is_none());
    assert_eq!(world.run.wake(), None);
    assert_eq!(say(&mut world, "A: give x to=D for=-5"), "RUN0232");
}

#[test]
fn who_acts_for_somebody_away_is_written_down_with_them() {
    let (open, open_y) = ("running [x/1]", "running [y/1]");
    let world = check(
        &one(),
        &[
            ("D for B: claim x", "RUN0203"),
            ("D for A: claim x", open),
            ("C: done x", "RUN0203"),
            // Back again, they take over what was taken for them.
            ("A: claim x", open),
            ("D: done x", "RUN0203"),
            ("D for B: done x", "RUN0203"),
            ("A: done x", "running [y/1]"),
            // What somebody had taken who went away is not held up by that.
            ("B: claim y", open_y),
            ("D for A: done y", "RUN0203"),
            ("D for B: done y", "completed []"),
        ],
    );
    let done: Vec<String> = world
        .history
        .iter()
        .filter_map(|event| match event {
            Event::StepCompleted { by, .. } => Some(by.told()),
            _ => None,
        })
        .collect();
    assert_eq!(done, ["A", "D (acting for B)"]);
}

#[test]
fn two_are_two_people_whoever_acts_for_whom() {
    // "x" by A, "y" by B but not by whoever did "x".
    let mut first = step("x", "A");
    "1.".clone_into(&mut first.number);
    let mut second = step("y", "B");
    second.not_by = vec!["step 1".to_owned()];
    let split = process(vec![first, second]);
    let next = "running [y/1]";
    // D acted for A: neither D nor A may do the second.
    check(
        &split,
        &[
            ("D for A: done x", next),
            ("D for B: done y", "RUN0219"),
            ("Manager: done y", "completed []"),
        ],
    );
    check(&split, &[("B for A: done x", next), ("B: done y", "RUN0219")]);
    // A acts for B: they did the first themselves.
    check(&split, &[("A: done x", next), ("A for B: done y", "RUN0219")]);
    // D acts for A, who did the first: on B's seat D acts for B, and may.
    check(&split, &[("A: done x", next), ("D for B: done y", "completed []")]);
}

#[test]
fn the_owner_says_how_urgent_a_run_is() {
    let world = check(
        &one(),
        &[
            ("A: priority high", "RUN0233"),
            ("Owner: priority high", "running [x/1]"),
            ("D for Owner: priority urgent", "running [x/1]"),
            ("Manager: priority urgent", "running [x/1]"),
        ],
    );
    assert_eq!(world.run.priority, Priority::Urgent);
    let changes = world.history.iter().filter(|e| matches!(e, Event::PriorityChanged { .. }));
    assert_eq!(changes.count(), 2, "what it is already is no change");
}

#[test]
fn work_put_aside_comes_back_when_its_deadline_passes() {
    let due = Step { due: Some("2 hours after the start".to_owned()), ..step("x", "A") };
    let mut world = World::new(&process(vec![due]));
    let aside = |world: &World| world.run.open[0].follow_up.is_some();
    assert_eq!(say(&mut world, "B: later x for=60"), "RUN0203");
    assert_eq!(say(&mut world, "A: later x for=-60"), "RUN0232");
    say(&mut world, "A: later x for=90000");
    assert!(aside(&world));
    say(&mut world, "A: later x");
    assert!(!aside(&world), "it is taken up again");
    say(&mut world, "A: later x for=90000");
    say(&mut world, "Manager: wake 7200");
    assert!(!aside(&world) && world.run.open[0].late);
}

#[test]
fn one_is_reminded_once_before_a_deadline() {
    let due = Step {
        due: Some("4 hours after the start".to_owned()),
        remind: Some("1 hour before".to_owned()),
        ..step("x", "A")
    };
    let mut world = World::new(&process(vec![due]));
    let told = |world: &World| {
        world.history.iter().filter(|e| matches!(e, Event::ReminderDue { .. })).count()
    };
    say(&mut world, "A: later x for=36000");
    say(&mut world, "Manager: wake 7200");
    assert_eq!(told(&world), 0);
    say(&mut world, "Manager: wake 3600");
    say(&mut world, "Manager: wake 0");
    assert_eq!(told(&world), 1);
    assert!(world.run.open[0].reminded && world.run.open[0].follow_up.is_none());
    assert_eq!(world.run.wake(), world.run.open[0].due, "what is left is the deadline");
    // Whoever looks only after the deadline is told of that alone.
    let late = Step {
        due: Some("2 hours after the start".to_owned()),
        remind: Some("1 hour before".to_owned()),
        ..step("x", "A")
    };
    let mut world = World::new(&process(vec![late]));
    say(&mut world, "Manager: wake 90000");
    assert_eq!((told(&world), world.run.open[0].late), (0, true));
}

fn asking(unanswered: Unanswered, seats: Option<&str>) -> Process {
    let mut release = step("release", "B");
    release.kind = StepKind::Approval;
    release.approval = seats.and_then(Approval::said_in);
    release.due = Some("2 hours".to_owned());
    release.unanswered = Some(unanswered);
    release.decisions = vec![branch("it is rejected", Target::Loop(id("prepare")))];
    process(vec![step("prepare", "A"), release, step("pay", "A")])
}

#[test]
fn an_approval_that_nobody_gives_counts_as_a_no_where_the_document_says_so() {
    let world = check(
        &asking(Unanswered::Reject, None),
        &[
            ("A: done prepare", "running [release/1]"),
            ("Manager: wake 3600", "running [release/1]"),
            ("Manager: wake 7200", "running [prepare/2]"),
        ],
    );
    let kinds: Vec<&str> = world
        .history
        .iter()
        .filter_map(|event| match event {
            Event::DeadlinePassed { .. } => Some("late"),
            Event::ApprovalExpired { .. } => Some("expired"),
            Event::StepCompleted { by, .. } => Some(by.name()),
            _ => None,
        })
        .collect();
    assert_eq!(kinds, ["A", "late", "expired", "Gemba"]);
    // One of several is as good a no.
    check(
        &asking(Unanswered::Reject, Some("all of B, C")),
        &[
            ("A: done prepare", "running [release-by-b/1 release-by-c/1]"),
            ("Manager: wake 7200", "running [prepare/2]"),
        ],
    );
}

#[test]
fn an_approval_goes_up_the_chart_until_nobody_is_left() {
    let open = "running [release/1]";
    let mut world = check(
        &asking(Unanswered::Escalate, None),
        &[
            ("A: done prepare", open),
            ("Manager: up release to=C", "RUN0234"),
            ("Manager: wake 7200", open),
            ("Manager: up release to=C", open),
            ("B: claim release", "RUN0203"),
        ],
    );
    let stands = &world.run.open[0];
    assert_eq!((stands.seat, stands.for_seat), (seat("c"), Some(seat("b"))));
    assert!(!stands.late && stands.due.is_some(), "it has a workday again");
    assert_eq!(world.run.to_hand_up(&world.plan).len(), 0);
    say(&mut world, "Manager: wake 400000");
    assert_eq!(world.run.to_hand_up(&world.plan).len(), 1);
    say(&mut world, "Manager: up release");
    assert!(world.run.open[0].expired && world.run.open[0].unanswered == [seat("b")]);
    assert_eq!(world.run.to_hand_up(&world.plan).len(), 0);
    assert_eq!(say(&mut world, "C: done release branch=otherwise because=late"), "running [pay/1]");
}

#[test]
fn a_deadline_follows_a_date_among_the_values() {
    let mut sign = step("sign", "A");
    sign.evidence = vec![Evidence { kind: EvidenceKind::Date, text: "contract end".to_owned() }];
    let mut parts = step("both", "A");
    parts.kind = StepKind::Parallel;
    let renew = Step { due: Some("3 days before {contract end}".to_owned()), ..step("renew", "B") };
    parts.steps = vec![sign, renew];
    let both = process(vec![parts]);
    let mut world = World::new(&both);
    assert_eq!(world.run.open[1].due, None, "nobody knows the date yet");
    say(&mut world, "A: done sign date=contract_end:1970-03-31");
    let due = world.run.open[0].due.map(|at| at.to_string());
    assert_eq!(due.as_deref(), Some("1970-03-28T17:00:00Z"));
    assert!(world.history.iter().any(|event| matches!(event, Event::DeadlineSet { .. })));
    // What a run is given when it begins counts from the start.
    let given = gemba_engine::event::Left {
        kind: EvidenceKind::Date,
        value: "1970-02-10".to_owned(),
        name: Some("contract_end".to_owned()),
    };
    let begin = Start {
        by: asker("Owner").by,
        origin: gemba_engine::Origin::Request,
        title: "T".to_owned(),
        inputs: vec![given],
        priority: Priority::High,
    };
    let calendar = crate::world::calendar();
    let now = gemba_engine::Now { at: jiff::Timestamp::UNIX_EPOCH, calendar: &calendar };
    let mut n = 0;
    let mut fresh = || {
        n += 1;
        gemba_model::id::WorkItemId::new(1, n)
    };
    let events = start(&crate::world::plan(&both), begin, now, &mut fresh).expect("it starts");
    let run = Run::replay(&events);
    assert_eq!(run.open[1].due.map(|at| at.to_string()).as_deref(), Some("1970-02-07T17:00:00Z"));
    assert_eq!(run.priority, Priority::High);
}

#[test]
fn a_deadline_that_counts_from_a_step_done_meanwhile_is_set_then() {
    let mut parts = step("both", "A");
    parts.kind = StepKind::Parallel;
    let mut first = step("first", "A");
    "1.1".clone_into(&mut first.number);
    let second = Step { due: Some("1 hour after step 1.1".to_owned()), ..step("second", "B") };
    parts.steps = vec![first, second];
    let mut world = World::new(&process(vec![parts]));
    assert_eq!(world.run.open[1].due, None);
    say(&mut world, "A: done first");
    assert!(world.run.open[0].due.is_some());
}
