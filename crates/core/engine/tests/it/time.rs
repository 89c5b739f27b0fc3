//! What time brings: deadlines, waits, claims that run out, failure signals that tell by the clock.

use crate::world::{World, process, say, step};
use gemba_engine::{Event, Which};
use gemba_model::{FailureSignal, Process, Span, Step, StepKind};

const HOUR: i64 = 3600;

fn due(name: &str, seat: &str, words: &str) -> Step {
    Step { due: Some(words.to_owned()), ..step(name, seat) }
}

fn wait(name: &str, words: &str) -> Step {
    Step { kind: StepKind::Wait, wait_for: Some(words.to_owned()), ..step(name, "A") }
}

/// Each open step with its deadline and the end of its wait; the run begins on Thursday at 00:01.
fn clock(world: &World) -> String {
    let shown = world.run.open.iter().map(|open| {
        let at = |at: Option<jiff::Timestamp>| {
            at.map(|at| at.strftime("%a %H:%M").to_string()).unwrap_or_default()
        };
        format!("{} due {} until {}", open.step, at(open.due), at(open.until))
    });
    shown.collect::<Vec<_>>().join("; ")
}

#[track_caller]
fn starts(process: &Process, expected: &str) -> World {
    let world = World::new(process);
    assert_eq!(clock(&world), expected);
    world
}

#[test]
fn a_deadline_is_an_instant_when_the_step_opens() {
    let first = |words: &str| process(vec![due("x", "A", words)]);
    starts(&first("4 hours after the start"), "x due Thu 04:01 until ");
    starts(&first("2 business days after the start"), "x due Mon 17:00 until ");
    starts(&first("the same day"), "x due Thu 17:00 until ");
    starts(&first("Monday at 15:00"), "x due Mon 15:00 until ");
    starts(&first("by Thursday"), "x due Thu 17:00 until ");
    starts(&first("by the 5th"), "x due Mon 17:00 until ");
    starts(&first("10 days before the contract ends"), "x due  until ");
    starts(&first("3 days after step 9"), "x due  until ");
}

#[test]
fn a_deadline_can_count_from_a_step_that_was_done() {
    let mut first = step("collect", "A");
    first.number = "1".to_owned();
    let mut world =
        World::new(&process(vec![first, step("x", "A"), due("send", "A", "1 hour after step 1")]));
    world.later(HOUR);
    say(&mut world, "A: done collect");
    world.later(HOUR);
    say(&mut world, "A: done x");
    assert_eq!(clock(&world), "send due Thu 02:02 until ");
}

#[test]
fn a_passed_deadline_is_told_once_and_hinders_nobody() {
    let mut world = World::new(&process(vec![due("x", "A", "2 hours after the start")]));
    let passed = |world: &World| {
        world.history.iter().filter(|e| matches!(e, Event::DeadlinePassed { .. })).count()
    };
    assert_eq!(world.run.wake(), world.run.open[0].due);
    say(&mut world, "Manager: wake 3600");
    assert_eq!(passed(&world), 0);
    say(&mut world, "Manager: wake 3600");
    say(&mut world, "Manager: wake 3600");
    assert_eq!((passed(&world), world.run.wake()), (1, None));
    assert_eq!(say(&mut world, "A: done x"), "completed []");
}

#[test]
fn a_wait_ends_by_itself_and_can_be_ended_before() {
    let waiting = || process(vec![wait("cool", "2 days"), step("next", "B")]);
    let mut world = starts(&waiting(), "cool due  until Sat 17:00");
    assert_eq!(say(&mut world, "Manager: wake 3600"), "running [cool/1]");
    assert_eq!(say(&mut world, "Manager: wake 259200"), "running [next/1]");
    let mut world = World::new(&waiting());
    assert_eq!(say(&mut world, "A: done cool"), "running [next/1]");
    let told = process(vec![wait("cool", "the client has answered"), step("next", "B")]);
    let mut world = starts(&told, "cool due  until ");
    assert_eq!(say(&mut world, "Manager: wake 9999999"), "running [cool/1]");
}

#[test]
fn a_wait_that_comes_last_ends_the_run() {
    let mut world = World::new(&process(vec![wait("cool", "1 hour")]));
    assert_eq!(say(&mut world, "Manager: wake 3600"), "completed []");
    assert_eq!(world.run.wake(), None);
}

#[test]
fn a_claim_that_ran_out_is_told_and_its_holder_claims_again() {
    let mut world = World::new(&process(vec![step("x", "A")]));
    say(&mut world, "A: claim x for=600");
    assert!(world.run.wake().is_some());
    assert_eq!(say(&mut world, "Manager: wake 600"), "running [x/1]");
    assert_eq!((world.run.open[0].lapses, world.run.open[0].claim.is_none()), (1, true));
    assert_eq!(say(&mut world, "A: done x"), "RUN0213");
    assert_eq!(say(&mut world, "A: claim x for=600"), "running [x/1]");
    assert_eq!(say(&mut world, "A: done x token=1"), "RUN0213");
    assert_eq!(say(&mut world, "A: done x token=2"), "completed []");
}

#[test]
fn a_failure_signal_that_tells_by_the_clock_is_raised_once() {
    let mut process = process(vec![step("x", "A"), step("y", "A")]);
    let signal = |rule: &str| FailureSignal {
        text: "late".to_owned(),
        rule: Some(rule.to_owned()),
        span: Span::default(),
    };
    process.failure_signals =
        vec![signal("days late > 5"), signal("duration > PT24H"), signal("not done within P3D")];
    let mut world = World::new(&process);
    say(&mut world, "Manager: wake 3600");
    assert!(world.run.raised.is_empty());
    say(&mut world, "Manager: wake 86400");
    say(&mut world, "Manager: wake 3600");
    assert_eq!(world.run.raised.iter().copied().collect::<Vec<_>>(), [1]);
    say(&mut world, "A: done x");
    say(&mut world, "A: done y");
    assert_eq!(world.run.wake(), None);
    assert_eq!(say(&mut world, "Manager: wake 999999"), "RUN0101");
}

#[test]
fn a_work_item_is_found_by_its_id_also_when_it_waits() {
    let mut world = World::new(&process(vec![wait("cool", "2 days")]));
    let item = world.run.open[0].item;
    let claim = gemba_engine::Command::Claim { which: Which::Item(item), lease: None };
    assert_eq!(world.send("A", claim), Ok(()));
}
