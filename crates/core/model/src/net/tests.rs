//! Sound and unsound processes, and that the net agrees with the plain reading of the flow.

use super::*;
use crate::review::Review;
use crate::{Owner, Slug, flow};
use proptest::prelude::*;

fn id(name: &str) -> StepId {
    StepId::from_text(name, "x")
}

/// A step; the last of several branches is the remaining case.
fn step(name: &str, kind: StepKind, targets: &[Target], steps: Vec<Step>) -> Step {
    let decisions = targets.iter().enumerate().map(|(n, target)| Decision {
        outcome: None,
        id: format!("case-{n}"),
        condition: if n > 0 && n + 1 == targets.len() {
            flow::OTHERWISE.to_owned()
        } else {
            format!("case {n}")
        },
        action: String::new(),
        target: target.clone(),
        span: None,
    });
    Step {
        number: name.to_owned(),
        kind,
        decisions: decisions.collect(),
        steps,
        ..Step::new(id(name), name)
    }
}

fn task(name: &str, targets: &[Target]) -> Step {
    step(name, StepKind::Task, targets, Vec::new())
}

fn process(steps: Vec<Step>) -> Process {
    Process {
        slug: Slug::from_text("x", "x"),
        title: "x".to_owned(),
        function: None,
        owner: Owner::missing(),
        triggers: Vec::new(),
        purpose: String::new(),
        steps,
        expected_output: Vec::new(),
        failure_signals: Vec::new(),
        review: Review::NONE,
        raci: Vec::new(),
        cleanup: Vec::new(),
        sections: Vec::new(),
    }
}

fn to(name: &str) -> Target {
    Target::Step(id(name))
}

fn back(name: &str) -> Target {
    Target::Loop(id(name))
}

#[track_caller]
fn check(steps: Vec<Step>, expected: &[Fault]) {
    let found = verdict(&process(steps));
    assert_eq!(found, Verdict { faults: expected.to_vec(), limited: false });
}

#[test]
fn a_row_a_branch_and_a_loop_with_a_way_out_are_sound() {
    check(vec![], &[]);
    check(vec![task("a", &[]), task("b", &[])], &[]);
    check(vec![task("a", &[to("c")]), task("b", &[]), task("c", &[back("a")])], &[]);
    check(vec![task("a", &[Target::End]), task("b", &[])], &[]);
}

#[test]
fn a_loop_without_a_way_out_is_shown_with_the_shortest_way_into_it() {
    let both = [back("b"), back("b")];
    check(
        vec![task("a", &[]), task("b", &[]), task("c", &both), task("d", &[])],
        &[Fault::NeverEnds { path: vec![0], circle: vec![1, 2] }, Fault::Dead { step: 3 }],
    );
}

#[test]
fn parts_at_the_same_time_are_waited_for() {
    let parts = vec![task("b1", &[]), task("b2", &[])];
    check(vec![task("a", &[]), step("b", StepKind::Parallel, &[], parts), task("c", &[])], &[]);
}

#[test]
fn a_jump_out_of_a_part_leaves_the_others_over() {
    let parts = vec![task("b1", &[to("c"), Target::Next]), task("b2", &[])];
    check(
        vec![task("a", &[]), step("b", StepKind::Parallel, &[], parts), task("c", &[])],
        &[Fault::LeftOver { path: vec![0, 1, 2, 4], left: Some(1) }],
    );
}

#[test]
fn a_jump_into_a_part_waits_for_the_others_for_ever() {
    let parts = vec![task("b1", &[]), task("b2", &[])];
    let found = verdict(&process(vec![
        task("a", &[to("b1"), Target::Next]),
        step("b", StepKind::Parallel, &[], parts),
        task("c", &[]),
    ]));
    assert_eq!(found.faults, [Fault::Stuck { path: vec![0, 2], waits: Some(1) }]);
}

#[test]
fn a_repeated_part_and_a_branch_behind_the_parts_are_sound() {
    let parts = vec![task("b1", &[]), task("b2", &[back("b2"), Target::Next])];
    check(
        vec![task("a", &[]), step("b", StepKind::Parallel, &[back("a")], parts), task("c", &[])],
        &[],
    );
}

#[test]
fn too_many_parts_at_once_are_said_to_be_too_many() {
    let parts = (0..40).map(|n| task(&format!("p{n}"), &[])).collect();
    let found = verdict(&process(vec![step("a", StepKind::Parallel, &[], parts)]));
    assert_eq!(found, Verdict { faults: Vec::new(), limited: true });
}

proptest! {
    #[test]
    fn without_parallel_parts_the_net_says_what_the_flow_says(
        ways in proptest::collection::vec(proptest::collection::vec(0usize..9, 0..3), 1..8),
    ) {
        let n = ways.len();
        let steps = ways.iter().enumerate().map(|(at, targets)| {
            let targets: Vec<Target> = targets
                .iter()
                .map(|to| match to {
                    to if *to >= n => Target::End,
                    to if *to <= at => Target::Loop(id(&format!("s{to}"))),
                    to => Target::Step(id(&format!("s{to}"))),
                })
                .collect();
            task(&format!("s{at}"), &targets)
        });
        let process = process(steps.collect());
        let found = verdict(&process);
        prop_assert!(!found.limited);
        let reached = flow::reachable(&process);
        let dead: Vec<usize> = found
            .faults
            .iter()
            .filter_map(|f| match f {
                Fault::Dead { step } => Some(*step),
                _ => None,
            })
            .collect();
        let unreached: Vec<usize> =
            reached.iter().enumerate().filter(|(_, r)| !**r).map(|(at, _)| at).collect();
        prop_assert_eq!(dead, unreached);
        let lost = reached.iter().zip(flow::can_end(&process)).any(|(r, ends)| *r && !ends);
        let endless = found.faults.iter().find_map(|f| match f {
            Fault::NeverEnds { path, circle } => Some((path.clone(), circle.clone())),
            _ => None,
        });
        prop_assert_eq!(endless.is_some(), lost);
        if let Some((path, circle)) = endless {
            // What is shown can be walked: each step leads to the one that follows it.
            let walk: Vec<usize> =
                path.iter().chain(&circle).chain(circle.first()).copied().collect();
            prop_assert_eq!(walk.first(), Some(&0));
            for pair in walk.windows(2) {
                let [from, to] = pair else { continue };
                let leads = flow::routes(&process, *from).all().into_iter().any(|(next, _)| {
                    next == flow::Next::Step(*to)
                });
                prop_assert!(leads, "{} does not lead to {}", from, to);
            }
        }
        let others = found.faults.iter().any(|f| {
            matches!(f, Fault::Stuck { .. } | Fault::LeftOver { .. })
        });
        prop_assert!(!others);
    }
}
