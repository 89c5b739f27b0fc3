//! Parts that are handed out: together, in turn, within each other; and how they come together again.

use crate::world::{World, branch, process, say, step};
use gemba_engine::Event;
use gemba_model::{Evidence, EvidenceKind, Process, Step, StepKind, Target};

fn parallel(name: &str, seat: &str, parts: Vec<Step>) -> Step {
    Step { kind: StepKind::Parallel, steps: parts, ..step(name, seat) }
}

fn holding(name: &str, seat: &str, parts: Vec<Step>) -> Step {
    Step { steps: parts, ..step(name, seat) }
}

fn unseated(name: &str) -> Step {
    Step { seat: None, ..step(name, "x") }
}

#[track_caller]
fn check(process: &Process, story: &[(&str, &str)]) -> World {
    let mut world = World::new(process);
    for (line, expected) in story {
        assert_eq!(say(&mut world, line), *expected, "{line}");
    }
    world
}

#[test]
fn parts_at_the_same_time_open_at_once_and_the_run_waits_for_all() {
    let fork = parallel("prepare", "A", vec![step("desk", "B"), step("badge", "C")]);
    let process = process(vec![fork, step("welcome", "A")]);
    let world = check(
        &process,
        &[
            ("A: done welcome", "RUN0202"),
            ("C: done badge", "running [desk/1]"),
            ("C: done desk", "RUN0203"),
            ("A: done welcome", "RUN0202"),
            ("B: done desk", "running [welcome/1]"),
            ("A: done welcome", "completed []"),
        ],
    );
    let joined = world.history.iter().filter(|e| matches!(e, Event::StepJoined { .. })).count();
    assert_eq!(joined, 1);
    assert!(world.run.groups.is_empty());
    assert_eq!(world.run.done.values().sum::<u32>(), 4);
}

#[test]
fn parts_of_other_seats_are_handed_out_in_turn() {
    let step_with_parts = holding("offer", "A", vec![unseated("draft"), step("price", "B")]);
    check(
        &process(vec![step_with_parts, step("send", "A")]),
        &[
            ("B: done price", "RUN0202"),
            ("A: done draft", "running [price/1]"),
            ("B: done price", "running [send/1]"),
        ],
    );
}

#[test]
fn parts_of_the_same_seat_are_a_checklist() {
    let step_with_parts = holding("offer", "A", vec![unseated("draft"), step("price", "a")]);
    check(
        &process(vec![step_with_parts, step("send", "A")]),
        &[("A: done draft", "RUN0211"), ("A: done offer", "running [send/1]")],
    );
}

#[test]
fn a_way_out_among_the_parts_keeps_them_together() {
    let mut price = step("price", "B");
    price.decisions = vec![branch("too dear", Target::End)];
    let step_with_parts = holding("offer", "A", vec![unseated("draft"), price]);
    check(
        &process(vec![step_with_parts, step("send", "A")]),
        &[("A: done offer branch=too-dear because=x", "completed []")],
    );
}

#[test]
fn after_parts_at_the_same_time_the_way_out_is_chosen_once() {
    let mut fork = parallel("review", "A", vec![step("legal", "B"), step("finance", "C")]);
    fork.decisions = vec![branch("one objects", Target::Loop(crate::world::id("draft")))];
    check(
        &process(vec![step("draft", "A"), fork, step("sign", "A")]),
        &[
            ("A: done draft", "running [legal/1 finance/1]"),
            ("A: done review branch=otherwise because=x", "RUN0202"),
            ("B: done legal", "running [finance/1]"),
            ("C: done finance", "running [review/1]"),
            ("A: done review branch=one-objects because=price", "running [draft/2]"),
            ("A: done draft", "running [legal/2 finance/2]"),
            ("B: done legal", "running [finance/2]"),
            ("C: done finance", "running [review/2]"),
            ("A: done review branch=otherwise because=agreed", "running [sign/1]"),
        ],
    );
}

#[test]
fn proof_that_the_step_itself_asks_for_is_left_when_its_parts_are_done() {
    let mut fork = parallel("review", "A", vec![step("legal", "B"), step("finance", "C")]);
    fork.evidence = vec![Evidence { kind: EvidenceKind::Link, text: "both".to_owned() }];
    check(
        &process(vec![fork]),
        &[
            ("B: done legal", "running [finance/1]"),
            ("C: done finance", "running [review/1]"),
            ("A: done review", "RUN0208"),
            ("A: done review link=https://x", "completed []"),
        ],
    );
}

#[test]
fn each_branch_can_be_a_sequence_of_its_own() {
    let money = holding("money", "B", vec![step("invoice", "B"), step("book", "C")]);
    let fork = parallel("close", "A", vec![money, step("archive", "A")]);
    check(
        &process(vec![fork, step("end", "A")]),
        &[
            ("C: done book", "RUN0202"),
            ("B: done invoice", "running [archive/1 book/1]"),
            ("A: done archive", "running [book/1]"),
            ("C: done book", "running [end/1]"),
            ("A: done end", "completed []"),
        ],
    );
}

#[test]
fn a_part_can_be_skipped_and_a_run_with_open_parts_ended() {
    let fork = || parallel("prepare", "A", vec![step("desk", "B"), step("badge", "C")]);
    check(
        &process(vec![fork(), step("welcome", "A")]),
        &[
            ("Manager: skip desk because=works_from_home", "running [badge/1]"),
            ("C: done badge", "running [welcome/1]"),
        ],
    );
    let world = check(&process(vec![fork()]), &[("Manager: cancel why", "cancelled []")]);
    assert!(world.run.groups.is_empty());
}
