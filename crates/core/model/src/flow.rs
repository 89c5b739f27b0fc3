//! Which step may follow which: the one reading of a process that the engine runs, the map draws and
//! the checks judge.
//!
//! A run moves over the top-level steps. The parts of a step are its checklist and are done with it, or
//! they are handed out one by one ([`parts`]). A jump to a part is a jump to the step that holds it. A jump that cannot be resolved (a section, a
//! document, a dangling or vague target) goes on with the next step: the checks report it.

use crate::{Decision, Process, Step, StepId, StepKind, Target};
use std::cell::OnceCell;
use std::collections::{BTreeMap, BTreeSet};

/// Where the flow goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Next {
    /// To the top-level step with this index.
    Step(usize),
    /// The run ends.
    End,
}

/// One way out of a step that has several.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Branch {
    /// The stable name within the step.
    pub id: String,
    /// The condition in words, "otherwise" for the remaining case.
    pub label: String,
    /// Where it leads.
    pub to: Next,
    /// What the outcome is called, where the run ends there and the document names it.
    pub outcome: Option<String>,
}

/// The ways out of a step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Routes {
    /// One way, whatever happened.
    Straight(Next),
    /// Whoever does the step says which; at least two.
    Branches(Vec<Branch>),
}

impl Routes {
    /// Where the ways out lead, in order, with the branch's label where there is a choice.
    pub fn all(&self) -> Vec<(Next, Option<&Branch>)> {
        match self {
            Self::Straight(next) => vec![(*next, None)],
            Self::Branches(branches) => branches.iter().map(|b| (b.to, Some(b))).collect(),
        }
    }
}

/// The name and label of the remaining case.
pub const OTHERWISE: &str = "otherwise";

/// The condition of a decision that is always taken: the one way on, where it is not the next step.
pub const ALWAYS: &str = "always";

/// The step a run begins with; `End` for a process without steps.
pub fn first(process: &Process) -> Next {
    if process.steps.is_empty() { Next::End } else { Next::Step(0) }
}

/// The ways out of the top-level step with this index.
///
/// Where one decision of a step leads elsewhere, all its decisions are branches, and a branch
/// "otherwise" to the next step is added unless one already leads there or says "otherwise".
pub fn routes(process: &Process, index: usize) -> Routes {
    let ways = Places::new(process).ways(index);
    if ways.decided.is_empty() {
        return Routes::Straight(ways.follow);
    }
    if let Some(to) = ways.only() {
        return Routes::Straight(to);
    }
    let mut branches: Vec<Branch> = ways
        .decided
        .iter()
        .map(|(decision, to)| Branch {
            id: decision.id.clone(),
            label: decision.condition.clone(),
            to: *to,
            outcome: decision.outcome.clone().filter(|_| *to == Next::End),
        })
        .collect();
    if ways.open {
        let (id, label) = (OTHERWISE.to_owned(), OTHERWISE.to_owned());
        branches.push(Branch { id, label, to: ways.follow, outcome: None });
    }
    Routes::Branches(branches)
}

/// In which order the parts of a step are handed out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Order {
    /// All at once; the step goes on when all are done.
    Together,
    /// Each when the one before it is done.
    InTurn,
}

/// Whether the parts of a step are handed out one by one, and how. Otherwise they are its checklist:
/// one work item for the one who does the step.
///
/// The parts of a step that says they may go on at the same time are handed out together. The parts of
/// any other are handed out in turn where one of them is another seat's and none of them says where the
/// run goes on: a way out can only be taken with the step as a whole.
pub fn parts(process: &Process, step: &Step) -> Option<Order> {
    if let Some(approval) = &step.approval {
        return Some(if approval.in_order { Order::InTurn } else { Order::Together });
    }
    if step.kind == StepKind::Parallel && step.steps.len() > 1 {
        return Some(Order::Together);
    }
    let own = process.doer(step);
    let other = |part: &&Step| {
        part.seat
            .as_ref()
            .is_some_and(|seat| own.is_none_or(|own| !own.eq_ignore_ascii_case(&seat.name)))
    };
    let below = || step.walk().into_iter().skip(1);
    let handed = below().any(|part| other(&part)) || below().any(|p| p.kind == StepKind::Parallel);
    (handed && routing_decisions(step).is_empty()).then_some(Order::InTurn)
}

/// The steps and parts that are work items of their own, each with the name of the seat that does it:
/// its own, or else that of the step that holds it, or else the owner's.
pub fn handed_out(process: &Process) -> Vec<(&Step, Option<&str>)> {
    fn gather<'a>(
        process: &'a Process,
        step: &'a Step,
        above: Option<&'a str>,
        all: &mut Vec<(&'a Step, Option<&'a str>)>,
    ) {
        let doer = step.seat.as_ref().map(|seat| seat.name.as_str()).or(above);
        all.push((step, doer));
        if parts(process, step).is_some() && step.approval.is_none() {
            for part in &step.steps {
                gather(process, part, doer, all);
            }
        }
    }
    let mut all = Vec::new();
    for step in &process.steps {
        gather(process, step, process.owner.named(), &mut all);
    }
    all
}

/// The ways out of a step before they are given away.
struct Ways<'a> {
    /// The step that comes next in the order of the document.
    follow: Next,
    /// The decisions that are branches, the first of each id, and where they lead.
    decided: Vec<(&'a Decision, Next)>,
    /// Whether the remaining case leads on to what follows.
    open: bool,
}

impl Ways<'_> {
    /// The one way out that is taken whatever happened, if the document says so.
    fn only(&self) -> Option<Next> {
        only(&self.decided)
    }

    fn targets(&self) -> impl Iterator<Item = Next> {
        let on = (self.open || self.decided.is_empty()).then_some(self.follow);
        self.decided.iter().map(|(_, to)| *to).chain(on)
    }
}

fn only<T: Copy>(decided: &[(&Decision, T)]) -> Option<T> {
    match decided {
        [(decision, to)] if decision.condition.eq_ignore_ascii_case(ALWAYS) => Some(*to),
        _ => None,
    }
}

/// Whether a set of branches leaves a case that goes on with what follows.
pub(crate) fn goes_on<T: Copy + PartialEq>(decided: &[(&Decision, T)], follow: &T) -> bool {
    let complete = decided.iter().any(|(d, to)| to == follow || says_otherwise(&d.condition));
    !decided.is_empty() && (!complete || decided.len() < 2) && only(decided).is_none()
}

/// Where the steps of a process stand.
struct Places<'a> {
    process: &'a Process,
    /// The position of the top-level step that is or holds each step, made with the first jump.
    tops: OnceCell<BTreeMap<&'a StepId, usize>>,
}

impl<'a> Places<'a> {
    fn new(process: &'a Process) -> Self {
        Self { process, tops: OnceCell::new() }
    }

    fn top_level(&self, id: &StepId) -> Option<usize> {
        let tops = self.tops.get_or_init(|| {
            let mut tops = BTreeMap::new();
            for (index, top) in self.process.steps.iter().enumerate() {
                for step in top.walk() {
                    tops.entry(&step.id).or_insert(index);
                }
            }
            tops
        });
        tops.get(id).copied()
    }

    fn ways(&self, index: usize) -> Ways<'a> {
        let Some(step) = self.process.steps.get(index) else {
            return Ways { follow: Next::End, decided: Vec::new(), open: false };
        };
        let last = index + 1 >= self.process.steps.len() || step.kind == StepKind::End;
        let follow = if last { Next::End } else { Next::Step(index + 1) };
        let mut ids: BTreeSet<&str> = BTreeSet::new();
        let mut decided = routing_decisions(step);
        decided.retain(|decision| ids.insert(&decision.id));
        let decided: Vec<(&Decision, Next)> =
            decided.into_iter().map(|d| (d, self.leads(&d.target, follow))).collect();
        let open = goes_on(&decided, &follow);
        Ways { follow, decided, open }
    }

    fn leads(&self, target: &Target, follow: Next) -> Next {
        match target {
            Target::End => Next::End,
            Target::Step(id) | Target::Loop(id) => self.top_level(id).map_or(follow, Next::Step),
            Target::Inline
            | Target::Next
            | Target::Section(_)
            | Target::Document(_)
            | Target::Dangling(_)
            | Target::Vague(_) => follow,
        }
    }
}

/// The decisions of a step and its parts, if any of them leads elsewhere; else none.
pub(crate) fn routing_decisions(step: &Step) -> Vec<&Decision> {
    fn leaves(step: &Step) -> bool {
        step.decisions.iter().any(|d| d.target.routes() && d.target != Target::Next)
            || step.steps.iter().any(leaves)
    }
    if !leaves(step) {
        return Vec::new();
    }
    step.walk().into_iter().flat_map(|s| s.decisions.iter()).collect()
}

/// Whether a condition is the remaining case of a set.
pub fn says_otherwise(condition: &str) -> bool {
    let text = condition.trim().to_lowercase();
    ["otherwise", "else", "if not", "in all other cases"]
        .iter()
        .filter_map(|word| text.strip_prefix(word))
        .any(|rest| rest.is_empty() || rest.starts_with(' '))
        || matches!(text.as_str(), "no" | "not" | "none of these")
}

/// The top-level steps that a run can reach, by index.
pub fn reachable(process: &Process) -> Vec<bool> {
    let places = Places::new(process);
    let mut seen = vec![false; process.steps.len()];
    let mut open = vec![first(process)];
    while let Some(next) = open.pop() {
        let Next::Step(index) = next else { continue };
        match seen.get_mut(index) {
            Some(mark) if !*mark => *mark = true,
            _ => continue,
        }
        open.extend(places.ways(index).targets());
    }
    seen
}

/// The top-level steps from which a run can end, by index.
pub fn can_end(process: &Process) -> Vec<bool> {
    let places = Places::new(process);
    let mut before: Vec<Vec<usize>> = vec![Vec::new(); process.steps.len()];
    let mut ends = vec![false; process.steps.len()];
    let mut open: Vec<usize> = Vec::new();
    for index in 0..process.steps.len() {
        for to in places.ways(index).targets() {
            match to {
                Next::End => open.push(index),
                Next::Step(to) => before.get_mut(to).into_iter().for_each(|b| b.push(index)),
            }
        }
    }
    // Backwards from the ends: what leads to a step that can end can end too.
    while let Some(index) = open.pop() {
        match ends.get_mut(index) {
            Some(mark) if !*mark => *mark = true,
            _ => continue,
        }
        open.extend(before.get(index).into_iter().flatten());
    }
    ends
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::review::Review;
    use crate::{Owner, Slug};

    fn id(name: &str) -> StepId {
        StepId::from_text(name, "x")
    }

    fn step(name: &str, decisions: Vec<Decision>, steps: Vec<Step>) -> Step {
        Step { decisions, steps, ..Step::new(id(name), name) }
    }

    fn decision(condition: &str, target: Target) -> Decision {
        let (id, action) = (condition.to_owned(), String::new());
        Decision { id, condition: condition.to_owned(), action, target, outcome: None, span: None }
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
            review: Review::of(None, Vec::new()),
            raci: Vec::new(),
            cleanup: Vec::new(),
            sections: Vec::new(),
        }
    }

    fn ways(process: &Process, index: usize) -> Vec<(String, Next)> {
        match routes(process, index) {
            Routes::Straight(next) => vec![(String::new(), next)],
            Routes::Branches(all) => all.into_iter().map(|b| (b.label, b.to)).collect(),
        }
    }

    #[track_caller]
    fn check(decisions: Vec<Decision>, expected: &[(&str, Next)]) {
        let part = step("part", Vec::new(), Vec::new());
        let all = vec![
            step("a", Vec::new(), Vec::new()),
            step("b", decisions, Vec::new()),
            step("c", Vec::new(), vec![part]),
            step("d", Vec::new(), Vec::new()),
        ];
        let expected: Vec<_> = expected.iter().map(|(w, to)| ((*w).to_owned(), *to)).collect();
        assert_eq!(ways(&process(all), 1), expected);
    }

    #[test]
    fn a_step_leads_where_its_decisions_say() {
        let (follow, end) = (Next::Step(2), Next::End);
        check(vec![], &[("", follow)]);
        check(
            vec![decision("dry", Target::Inline), decision("wet", Target::Next)],
            &[("", follow)],
        );
        check(vec![decision("dry", Target::End)], &[("dry", end), ("otherwise", follow)]);
        check(
            vec![decision("dry", Target::End), decision("else", Target::Loop(id("a")))],
            &[("dry", end), ("else", Next::Step(0))],
        );
        check(
            vec![decision("dry", Target::End), decision("wet", Target::Next)],
            &[("dry", end), ("wet", follow)],
        );
        check(
            vec![decision("dry", Target::Step(id("part")))],
            &[("dry", follow), ("otherwise", follow)],
        );
        check(
            vec![decision("dry", Target::End), decision("dry", Target::Step(id("d")))],
            &[("dry", end), ("otherwise", follow)],
        );
        check(vec![decision("always", Target::Step(id("d")))], &[("", Next::Step(3))]);
        check(vec![decision("Always", Target::End)], &[("", end)]);
        check(
            vec![decision("dry", Target::Step(id("nowhere"))), decision("wet", Target::End)],
            &[("dry", follow), ("wet", end)],
        );
    }

    #[test]
    fn a_loop_without_a_way_out_cannot_end() {
        let back = |to: &str| {
            vec![decision("dry", Target::Loop(id(to))), decision("otherwise", Target::Loop(id(to)))]
        };
        let all = vec![
            step("a", vec![decision("dry", Target::Step(id("d")))], Vec::new()),
            step("b", Vec::new(), Vec::new()),
            step("c", back("b"), Vec::new()),
            step("d", Vec::new(), Vec::new()),
            step("e", back("e"), Vec::new()),
        ];
        let process = process(all);
        assert_eq!(reachable(&process), [true, true, true, true, true]);
        assert_eq!(can_end(&process), [false, false, false, false, false]);
    }

    #[test]
    fn twenty_thousand_branches_and_jumps_are_read_at_once() {
        const N: usize = 20_000;
        let jump = |n: usize| decision(&format!("case {n}"), Target::Step(id(&format!("s{n}"))));
        let mut all = vec![step("s0", (0..N).map(jump).collect(), Vec::new())];
        all.extend((1..N).map(|n| step(&format!("s{n}"), vec![jump(N - n)], Vec::new())));
        let process = process(all);
        assert_eq!(ways(&process, 0).len(), N);
        assert!(reachable(&process).into_iter().all(|reached| reached));
        assert!(can_end(&process).into_iter().all(|ends| ends));
    }
}
