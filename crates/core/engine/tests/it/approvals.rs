//! Approvals by several seats, and steps that must be another person's.

use crate::world::{World, branch, id, process, say, step};
use gemba_engine::Run;
use gemba_model::{Process, Target, approval::Approval};

/// prepare (A), release (who must approve; rejected -> back to prepare), pay (A).
fn releasing(approval: &str) -> Process {
    let mut prepare = step("prepare", "A");
    "1.".clone_into(&mut prepare.number);
    let mut release = step("release", "Owner");
    release.approval = Approval::said_in(approval);
    release.decisions = vec![branch("it is rejected", Target::Loop(id("prepare")))];
    process(vec![prepare, release, step("pay", "A")])
}

#[track_caller]
fn check(approval: &str, story: &[(&str, &str)]) -> World {
    let mut world = World::new(&releasing(approval));
    assert_eq!(say(&mut world, "A: done prepare").split(' ').next(), Some("running"));
    for (line, expected) in story {
        assert_eq!(say(&mut world, line), *expected, "{line}");
    }
    assert_eq!(Run::replay(&world.history), world.run);
    world
}

const YES: &str = "branch=otherwise because=fine";
const NO: &str = "branch=it-is-rejected because=wrong";

#[test]
fn two_of_three_are_enough_and_the_third_is_not_asked_any_more() {
    check(
        "2 of B, C, D",
        &[
            (&format!("B: done release-by-b {YES}"), "running [release-by-c/1 release-by-d/1]"),
            (&format!("D: done release-by-d {YES}"), "running [pay/1]"),
            (&format!("C: done release-by-c {YES}"), "RUN0202"),
        ],
    );
}

#[test]
fn one_no_settles_it_and_they_are_asked_anew() {
    check(
        "all of B, C",
        &[
            (&format!("B: done release-by-b {YES}"), "running [release-by-c/1]"),
            (&format!("C: done release-by-c {NO}"), "running [prepare/2]"),
            ("A: done prepare", "running [release-by-b/2 release-by-c/2]"),
            (&format!("C: done release-by-c {YES}"), "running [release-by-b/2]"),
            (&format!("B: done release-by-b {YES}"), "running [pay/1]"),
        ],
    );
}

#[test]
fn they_are_asked_in_order() {
    check(
        "B, then C",
        &[
            (&format!("C: done release-by-c {YES}"), "RUN0202"),
            (&format!("B: done release-by-b {YES}"), "running [release-by-c/1]"),
            (&format!("C: done release-by-c {YES}"), "running [pay/1]"),
        ],
    );
    check("B, then C", &[(&format!("B: done release-by-b {NO}"), "running [prepare/2]")]);
}

#[test]
fn each_yes_is_another_persons() {
    check(
        "2 of B, C, D",
        &[
            (
                &format!("Manager: done release-by-b {YES}"),
                "running [release-by-c/1 release-by-d/1]",
            ),
            (&format!("Manager: done release-by-c {YES}"), "RUN0219"),
            (&format!("C: done release-by-c {YES}"), "running [pay/1]"),
        ],
    );
}

#[test]
fn an_approval_says_yes_or_no_with_a_reason() {
    check(
        "2 of B, C",
        &[
            ("B: done release-by-b", "RUN0205"),
            ("B: done release-by-b branch=otherwise", "RUN0207"),
            (&format!("A: done release-by-b {YES}"), "RUN0203"),
            (
                "Manager: skip release-by-b branch=otherwise because=away",
                "running [release-by-c/1]",
            ),
            (&format!("C: done release-by-c {YES}"), "running [pay/1]"),
        ],
    );
}

#[test]
fn whoever_did_a_step_may_be_kept_from_another() {
    let mut process = releasing("any of B, C");
    process.steps[2].not_by = vec!["whoever did step 1".to_owned()];
    let mut world = World::new(&process);
    say(&mut world, "A: done prepare");
    assert_eq!(say(&mut world, &format!("B: done release-by-b {YES}")), "running [pay/1]");
    assert_eq!(say(&mut world, "A: done pay"), "RUN0219");
    assert_eq!(say(&mut world, "Manager: done pay"), "completed []");
}
