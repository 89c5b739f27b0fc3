//! A written process as a model: the same flow that runs follow, with a place before and behind each step.
//!
//! Where the steps are made of blocks the model is a tree as well; jumps across them leave it a net.

use crate::align::Model;
use crate::matching::Known;
use crate::net::Net;
use gemba_model::flow::{self, Next, Order, Routes};
use gemba_model::{Process, Step, StepKind};
use std::collections::BTreeSet;

/// The steps of a process as what activities are matched to: by title, and by id as an alias.
pub fn steps(process: &Process) -> Vec<Known> {
    let all = process.all_steps().into_iter();
    all.map(|step| Known { name: step.title.clone(), aliases: vec![step.id.to_string()] }).collect()
}

/// A process as a model. Its activities are the titles of the steps.
///
/// `seen` are the titles of the steps that activities of the log were matched to. A step that decides, waits
/// or ends leaves no trace in most systems: it counts only where the log has it. The parts of a step count one
/// by one where they are handed out one by one, or where the log has them and not the step; otherwise they are
/// its checklist.
pub fn model(process: &Process, seen: &BTreeSet<String>) -> Model {
    let mut net = Net::default();
    let count = process.steps.len();
    let before: Vec<u32> = (0..count).map(|n| net.place(format!("before {}", n + 1))).collect();
    let behind: Vec<u32> = (0..count).map(|n| net.place(format!("behind {}", n + 1))).collect();
    let end = net.place("end");
    let begin = net.place("begin");
    let reached = flow::reachable(process);
    let place = |next: Next| match next {
        Next::Step(at) => before.get(at).copied().unwrap_or(end),
        Next::End => end,
    };
    net.transition(None, &[begin], &[place(flow::first(process))]);
    for (at, step) in process.steps.iter().enumerate() {
        let (Some(true), Some(from), Some(to)) = (reached.get(at), before.get(at), behind.get(at))
        else {
            continue;
        };
        block(&mut net, process, step, seen, (*from, *to));
        match flow::routes(process, at) {
            Routes::Straight(next) => net.transition(None, &[*to], &[place(next)]),
            Routes::Branches(branches) => {
                let targets: BTreeSet<Next> = branches.iter().map(|branch| branch.to).collect();
                for next in targets {
                    net.transition(None, &[*to], &[place(next)]);
                }
            }
        }
    }
    net.initial.push((begin, 1));
    net.end.push((end, 1));
    Model::of_net(net)
}

fn block(
    net: &mut Net,
    process: &Process,
    step: &Step,
    seen: &BTreeSet<String>,
    (from, to): (u32, u32),
) {
    let is_seen = seen.contains(&step.title);
    let has_parts_seen = step.steps.iter().any(|part| seen.contains(&part.title));
    let order = flow::parts(process, step)
        .filter(|_| !step.steps.is_empty())
        .or((!is_seen && has_parts_seen).then_some(Order::InTurn));
    match order.filter(|_| has_parts_seen || !is_seen) {
        Some(Order::Together) => {
            let mut ways = (Vec::new(), Vec::new());
            for part in &step.steps {
                let way = (net.place(&part.title), net.place(&part.title));
                block(net, process, part, seen, way);
                ways.0.push(way.0);
                ways.1.push(way.1);
            }
            net.transition(own(step, seen), &[from], &ways.0);
            net.transition(None, &ways.1, &[to]);
        }
        Some(Order::InTurn) => {
            let mut at = from;
            if let Some(name) = own(step, seen) {
                let next = net.place(&step.title);
                net.transition(Some(name), &[at], &[next]);
                at = next;
            }
            for part in &step.steps {
                let next = net.place(&part.title);
                block(net, process, part, seen, (at, next));
                at = next;
            }
            net.transition(None, &[at], &[to]);
        }
        None => {
            let name = is_expected(step, is_seen).then(|| step.title.clone());
            net.transition(name, &[from], &[to]);
        }
    }
}

/// The step itself beside its parts: where the log has both.
fn own(step: &Step, seen: &BTreeSet<String>) -> Option<String> {
    seen.contains(&step.title).then(|| step.title.clone())
}

/// Whether a step leaves a trace.
fn is_expected(step: &Step, is_seen: bool) -> bool {
    match step.kind {
        StepKind::Task | StepKind::Approval | StepKind::Call => true,
        StepKind::Decision | StepKind::Wait | StepKind::Parallel | StepKind::End => is_seen,
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use gemba_model::review::Review;
    use gemba_model::{Decision, Owner, Slug, StepId, Target};

    pub(crate) fn step(title: &str) -> Step {
        Step::new(StepId::from_text(title, "x"), title)
    }

    fn jump(condition: &str, target: Target) -> Decision {
        let condition = condition.to_owned();
        let (id, action) = (condition.clone(), String::new());
        Decision { id, condition, action, target, outcome: None, span: None }
    }

    pub(crate) fn process(steps: Vec<Step>) -> Process {
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
            review: Review::of(None, Vec::new()),
            raci: Vec::new(),
            sections: Vec::new(),
            cleanup: Vec::new(),
        }
    }

    #[track_caller]
    fn check(steps: Vec<Step>, seen: &[&str], expected: Option<&str>) {
        let seen = seen.iter().map(|s| (*s).to_owned()).collect();
        let found = model(&process(steps), &seen).tree.map(|tree| tree.to_string());
        assert_eq!(found.as_deref(), expected);
    }

    #[test]
    fn a_process_made_of_blocks_is_a_tree() {
        let to = |name: &str| Target::Step(StepId::from_text(name, "x"));
        check(vec![step("a"), step("b")], &[], Some("->( 'a', 'b' )"));
        let skips = Step { decisions: vec![jump("dry", to("c"))], ..step("a") };
        check(vec![skips, step("b"), step("c")], &[], Some("->( 'a', X( tau, 'b' ), 'c' )"));
        let again = Target::Loop(StepId::from_text("a", "x"));
        let back = Step { decisions: vec![jump("wrong", again)], ..step("b") };
        check(vec![step("a"), back, step("c")], &[], Some("->( *( ->( 'a', 'b' ), tau ), 'c' )"));
        let both =
            Step { kind: StepKind::Parallel, steps: vec![step("p"), step("q")], ..step("b") };
        check(vec![step("a"), both], &[], Some("->( 'a', +( 'p', 'q' ) )"));
    }

    #[test]
    fn a_step_that_only_decides_counts_where_the_log_has_it() {
        let decide = Step { kind: StepKind::Decision, ..step("b") };
        check(vec![step("a"), decide.clone()], &[], Some("'a'"));
        check(vec![step("a"), decide], &["b"], Some("->( 'a', 'b' )"));
    }

    #[test]
    fn a_checklist_is_its_step_unless_the_log_has_its_parts_alone() {
        let list = Step { steps: vec![step("p"), step("q")], ..step("b") };
        check(vec![list.clone()], &["b"], Some("'b'"));
        check(vec![list.clone()], &[], Some("'b'"));
        check(vec![list], &["p"], Some("->( 'p', 'q' )"));
    }

    #[test]
    fn jumps_across_blocks_leave_a_net() {
        let to = |name: &str| Target::Step(StepId::from_text(name, "x"));
        let first = Step { decisions: vec![jump("x", to("c"))], ..step("a") };
        let second = Step { decisions: vec![jump("y", to("d"))], ..step("b") };
        check(vec![first, second, step("c"), step("d")], &[], None);
    }
}
