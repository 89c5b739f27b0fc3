//! Steps that send the run back: counted, held, allowed.

use crate::world::{World, branch, calendar, id, plan, process, say, step};
use gemba_engine::{
    Event, Now,
    moving::{self, Obstacle, moved},
};
use gemba_model::{Process, Target};
use std::collections::BTreeMap;

/// draft -> check (bad: back to draft, at most so often) -> send (late: back to draft).
fn drafting(at_most: Option<u32>) -> Process {
    let mut check = step("check", "B");
    check.decisions = vec![branch("bad", Target::Loop(id("draft")))];
    check.at_most = at_most;
    let mut send = step("send", "A");
    send.decisions = vec![branch("late", Target::Loop(id("draft")))];
    process(vec![step("draft", "A"), check, send])
}

#[track_caller]
fn tell(world: &mut World, story: &[(&str, &str)]) {
    for (line, expected) in story {
        assert_eq!(say(world, line), *expected, "{line}");
    }
}

#[test]
fn a_step_sends_the_run_back_as_often_as_the_document_allows() {
    let mut world = World::new(&drafting(Some(2)));
    tell(
        &mut world,
        &[
            ("A: done draft", "running [check/1]"),
            ("B: done check branch=bad because=x", "running [draft/2]"),
            ("A: done draft", "running [check/2]"),
            ("B: done check branch=bad because=x", "running [draft/3]"),
            ("A: done draft", "running [check/3]"),
            ("B: done check branch=bad because=x", "running []"),
            ("A: done draft", "RUN0222"),
            ("B: allow why", "RUN0224"),
            ("Manager: allow ", "RUN0225"),
            ("Owner: allow they_asked", "running [draft/4]"),
            ("Owner: allow again", "RUN0223"),
            ("A: done draft", "running [check/4]"),
            ("B: done check branch=bad because=x", "running []"),
            ("Manager: cancel enough", "cancelled []"),
            ("Manager: allow late", "RUN0101"),
        ],
    );
    let held = world.history.iter().filter(|e| matches!(e, Event::RoundHeld { .. })).count();
    assert_eq!(held, 2);
}

#[test]
fn to_go_on_ends_the_count() {
    let mut world = World::new(&drafting(Some(1)));
    tell(
        &mut world,
        &[
            ("A: done draft", "running [check/1]"),
            ("B: done check branch=bad because=x", "running [draft/2]"),
            ("A: done draft", "running [check/2]"),
            ("B: done check branch=otherwise because=x", "running [send/1]"),
            // A later step sends the run back: that is another loop.
            ("A: done send branch=late because=x", "running [draft/3]"),
            ("A: done draft", "running [check/3]"),
            ("B: done check branch=bad because=x", "running [draft/4]"),
            ("A: done draft", "running [check/4]"),
            ("B: done check branch=bad because=x", "running []"),
        ],
    );
}

#[test]
fn a_loop_of_which_nothing_is_said_stands_still_after_a_hundred_rounds() {
    let mut world = World::new(&drafting(None));
    for round in 1..=100 {
        say(&mut world, "A: done draft");
        let told = say(&mut world, "B: done check branch=bad because=x");
        assert_eq!(told, format!("running [draft/{}]", round + 1));
    }
    say(&mut world, "A: done draft");
    assert_eq!(say(&mut world, "B: done check branch=bad because=x"), "running []");
    assert_eq!(world.run.held.as_ref().map(|held| held.times), Some(100));
}

#[test]
fn to_skip_a_step_with_its_way_back_counts_as_well() {
    let mut world = World::new(&drafting(Some(1)));
    tell(
        &mut world,
        &[
            ("A: done draft", "running [check/1]"),
            ("Manager: skip check branch=bad because=x", "running [draft/2]"),
            ("A: done draft", "running [check/2]"),
            ("Manager: skip check branch=bad because=x", "running []"),
        ],
    );
}

#[test]
fn a_run_moves_only_where_it_can_go_on_from_where_it_stands_still_or_is_cleaned_up() {
    #[track_caller]
    fn check(world: &World, to: &Process, gone: &[&str]) {
        let (to, signals) = (plan(to), BTreeMap::new());
        let at = "2026-01-01T00:00:00Z".parse().expect("a moment");
        let now = Now { at, calendar: &calendar() };
        let target = moving::Target { plan: &to, signals: &signals };
        let found = match moved(&world.plan, target, &world.run, now) {
            Ok(change) => {
                assert!(change.passed.is_empty(), "{:?}", change.passed);
                Vec::new()
            }
            Err(obstacles) => obstacles,
        };
        let gone: Vec<_> = gone.iter().map(|step| Obstacle::Gone { step: id(step) }).collect();
        assert_eq!(found, gone);
    }
    let mut world = World::new(&drafting(Some(1)));
    say(&mut world, "A: done draft");
    say(&mut world, "B: done check branch=bad because=x");
    say(&mut world, "A: done draft");
    assert_eq!(say(&mut world, "B: done check branch=bad because=x"), "running []");
    check(&world, &drafting(None), &[]);
    check(&world, &process(vec![step("check", "B")]), &["draft"]);
    check(&world, &process(vec![step("draft", "A"), step("send", "A")]), &["check"]);

    let mut all = drafting(None);
    all.cleanup = vec![step("undo", "A")];
    let mut world = World::new(&all);
    assert_eq!(say(&mut world, "Manager: cancel why"), "ending [undo/1]");
    check(&world, &all, &[]);
    // A step of that name is no clean-up.
    check(&world, &process(vec![step("undo", "A")]), &["undo"]);
}
