//! What each command does, and every reason to refuse it.

use crate::world::{World, asker, branch, calendar, invoicing, plan, process, say, seat, step};
use gemba_engine::{Command, Now, Origin, Plan, Rejection, Start, Which, start};
use gemba_model::{StepKind, Target, id::WorkItemId};
use jiff::Timestamp;
use std::collections::BTreeMap;

#[track_caller]
fn check(story: &[(&str, &str)]) {
    let mut world = World::new(&invoicing());
    for (line, expected) in story {
        assert_eq!(say(&mut world, line), *expected, "{line}");
    }
}

#[test]
fn a_run_goes_through_its_steps_in_order() {
    check(&[
        ("A: done collect", "running [check/1]"),
        ("B: done check branch=otherwise because=complete", "running [send/1]"),
        ("A: done send link=https://x", "completed []"),
        ("A: done send link=https://x", "RUN0101"),
    ]);
}

#[test]
fn a_loop_comes_back_as_a_second_visit() {
    check(&[
        ("A: done collect", "running [check/1]"),
        ("B: done check branch=hours-missing because=two_are_late", "running [collect/2]"),
        ("A: done collect", "running [check/2]"),
    ]);
}

#[test]
fn nothing_is_done_out_of_order() {
    check(&[
        ("B: done check", "RUN0202"),
        ("A: done send link=https://x", "RUN0202"),
        ("A: done dance", "RUN0211"),
        ("A: done collect", "running [check/1]"),
        ("A: done collect", "RUN0202"),
    ]);
}

#[test]
fn only_the_seat_or_a_manager_does_a_step() {
    check(&[
        ("B: done collect", "RUN0203"),
        ("B: claim collect", "RUN0203"),
        ("Manager: done collect", "running [check/1]"),
    ]);
}

#[test]
fn what_one_has_taken_another_cannot_finish() {
    check(&[
        ("A: release collect", "RUN0210"),
        ("A: claim collect", "running [collect/1]"),
        ("A: claim collect", "running [collect/1]"),
        ("Manager: claim collect", "RUN0204"),
        ("Manager: done collect", "RUN0204"),
        ("Manager: release collect", "running [collect/1]"),
        ("Manager: done collect", "running [check/1]"),
    ]);
}

#[test]
fn a_lease_runs_out_and_the_next_claim_has_the_next_token() {
    // A minute passes with every command.
    check(&[
        ("A: claim collect for=150", "running [collect/1]"),
        ("Manager: claim collect", "RUN0204"),
        ("A: claim collect for=150", "running [collect/1]"),
        ("Manager: done collect", "RUN0204"),
        ("Manager: claim collect", "RUN0204"),
        ("A: done collect token=1", "RUN0213"),
        ("A: release collect", "RUN0210"),
        ("Manager: claim collect", "running [collect/1]"),
        ("A: done collect token=1", "RUN0213"),
        ("A: done collect", "RUN0204"),
        ("Manager: done collect token=2", "running [check/1]"),
    ]);
    check(&[
        ("A: claim collect for=30", "running [collect/1]"),
        ("A: claim collect for=300", "running [collect/1]"),
        ("A: done collect token=1", "RUN0213"),
        ("A: done collect token=2", "running [check/1]"),
    ]);
    check(&[
        ("A: claim collect for=30", "running [collect/1]"),
        ("Manager: done collect", "running [check/1]"),
    ]);
}

#[test]
fn a_step_is_skipped_only_with_the_right_and_a_reason() {
    check(&[
        ("A: skip collect because=lazy", "RUN0214"),
        ("Owner: skip collect", "RUN0215"),
        ("Owner: skip check because=x", "RUN0202"),
        ("Owner: skip collect because=nobody_worked", "running [check/1]"),
        ("Manager: skip check because=x", "RUN0205"),
        ("Manager: skip check branch=maybe because=x", "RUN0206"),
        ("Manager: skip check branch=otherwise because=x", "running [send/1]"),
        ("Manager: skip send because=sent_by_hand", "completed []"),
    ]);
}

#[test]
fn a_skipped_step_is_recorded_as_skipped_and_not_as_done() {
    let mut world = World::new(&invoicing());
    say(&mut world, "Owner: skip collect because=nobody_worked");
    assert_eq!((world.run.done.len(), world.run.skipped.values().sum::<u32>()), (0, 1));
}

#[test]
fn work_is_handed_to_another_seat_and_remembers_whose_it_was() {
    check(&[
        ("B: hand collect to=B because=mine", "RUN0203"),
        ("A: hand collect to=B", "RUN0216"),
        ("A: hand collect to=A because=x", "RUN0217"),
        ("Manager: claim collect", "running [collect/1]"),
        ("A: hand collect to=B because=away", "RUN0204"),
        ("Owner: hand collect to=B because=away", "running [collect/1]"),
        ("A: done collect", "RUN0203"),
        ("B: done collect", "running [check/1]"),
    ]);
    let mut world = World::new(&invoicing());
    say(&mut world, "A: hand collect to=B because=away");
    say(&mut world, "B: hand collect to=Owner because=away");
    assert_eq!(world.run.open[0].for_seat, Some(seat("a")));
    say(&mut world, "Owner: hand collect to=A because=back");
    assert_eq!(world.run.open[0].for_seat, None);
}

#[test]
fn a_decision_needs_a_known_branch_and_a_reason() {
    check(&[
        ("A: done collect branch=x", "RUN0206"),
        ("A: done collect", "running [check/1]"),
        ("B: done check", "RUN0205"),
        ("B: done check branch=maybe because=x", "RUN0206"),
        ("B: done check branch=otherwise", "RUN0207"),
        ("B: done check branch=otherwise because=_", "RUN0207"),
        ("B: done check branch=otherwise because=complete", "running [send/1]"),
    ]);
}

#[test]
fn a_step_is_not_done_without_its_evidence() {
    check(&[
        ("A: done collect", "running [check/1]"),
        ("B: done check branch=otherwise because=complete", "running [send/1]"),
        ("A: done send", "RUN0208"),
        ("A: done send text=sent", "RUN0208"),
        ("A: done send link=ftp://x", "RUN0209"),
        ("A: done send text=sent link=https://x", "completed []"),
    ]);
}

#[test]
fn a_run_is_ended_early_only_with_a_reason() {
    check(&[
        ("A: cancel ", "RUN0103"),
        ("A: cancel duplicate", "cancelled []"),
        ("A: done collect", "RUN0101"),
    ]);
}

#[test]
fn a_text_beyond_the_limit_is_refused() {
    let mut world = World::new(&invoicing());
    let line = format!("A: cancel {}", "x".repeat(10_001));
    assert_eq!(say(&mut world, &line), "RUN0212");
}

#[test]
fn a_work_item_that_was_never_of_this_run_is_not_open() {
    let mut world = World::new(&invoicing());
    let which = Which::Item(WorkItemId::new(1, 99));
    assert_eq!(world.send("A", Command::Claim { which, lease: None }), Err(Rejection::ItemNotOpen));
    assert_eq!(Rejection::ItemNotOpen.code(), "RUN0201");
}

#[test]
fn a_process_without_steps_does_not_start() {
    let begin = Start {
        by: asker("A").by,
        origin: Origin::Request,
        title: String::new(),
        inputs: Vec::new(),
        priority: gemba_model::Priority::Normal,
    };
    let now = Now { at: Timestamp::UNIX_EPOCH, calendar: &calendar() };
    let refused = start(&plan(&process(vec![])), begin, now, &mut || WorkItemId::new(1, 1));
    assert_eq!(refused.map_err(|r| r.code()), Err("RUN0102"));
}

#[test]
fn an_outcome_in_the_middle_ends_the_run() {
    let mut first = step("first", "A");
    first.decisions = vec![branch("nothing to do", Target::End)];
    let mut last = step("second", "A");
    last.kind = StepKind::End;
    let mut world = World::new(&process(vec![first, last, step("never", "A")]));
    assert_eq!(say(&mut world, "A: done first branch=otherwise because=x"), "running [second/1]");
    assert_eq!(say(&mut world, "A: done second"), "completed []");
}

#[test]
fn all_unbound_seats_are_named_at_once() {
    let process = process(vec![step("x", "Nobody"), step("y", "Nemo"), step("z", "Nobody")]);
    let unbound = Plan::of(&process, &BTreeMap::new()).expect_err("nothing is bound");
    assert_eq!(unbound.names, ["Nobody", "Nemo"]);
}
