//! Which step may follow which: the one reading of a process that the engine runs, the map draws and
//! the checks judge.
//!
//! A run moves over the top-level steps; the parts of a step are its checklist and are done with it.
//! A jump to a part is a jump to the step that holds it. A jump that cannot be resolved (a section, a
//! document, a dangling or vague target) goes on with the next step: the checks report it.

use crate::{Decision, Process, Step, StepKind, Target};

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

/// The step a run begins with; `End` for a process without steps.
pub fn first(process: &Process) -> Next {
    if process.steps.is_empty() { Next::End } else { Next::Step(0) }
}

/// The ways out of the top-level step with this index.
///
/// Where one decision of a step leads elsewhere, all its decisions are branches, and a branch
/// "otherwise" to the next step is added unless one already leads there or says "otherwise".
pub fn routes(process: &Process, index: usize) -> Routes {
    let Some(step) = process.steps.get(index) else { return Routes::Straight(Next::End) };
    let follow = if index + 1 < process.steps.len() { Next::Step(index + 1) } else { Next::End };
    let follow = if step.kind == StepKind::End { Next::End } else { follow };
    let decisions = routing_decisions(step);
    if decisions.is_empty() {
        return Routes::Straight(follow);
    }
    let mut branches: Vec<Branch> = Vec::new();
    for decision in decisions {
        let to = match &decision.target {
            Target::End => Next::End,
            Target::Step(id) | Target::Loop(id) => process.top_level(id).map_or(follow, Next::Step),
            Target::Inline
            | Target::Next
            | Target::Section(_)
            | Target::Document(_)
            | Target::Dangling(_)
            | Target::Vague(_) => follow,
        };
        if !branches.iter().any(|b| b.id == decision.id) {
            branches.push(Branch {
                id: decision.id.clone(),
                label: decision.condition.clone(),
                to,
            });
        }
    }
    let complete = branches.iter().any(|b| b.to == follow || says_otherwise(&b.label));
    if !complete || branches.len() < 2 {
        branches.push(Branch { id: OTHERWISE.to_owned(), label: OTHERWISE.to_owned(), to: follow });
    }
    Routes::Branches(branches)
}

/// The decisions of a step and its parts, if any of them leads elsewhere; else none.
fn routing_decisions(step: &Step) -> Vec<&Decision> {
    let all: Vec<&Decision> = step.walk().into_iter().flat_map(|s| s.decisions.iter()).collect();
    let leaves = |d: &&Decision| d.target.routes() && d.target != Target::Next;
    if all.iter().any(leaves) { all } else { Vec::new() }
}

/// Whether a condition is the remaining case of a set.
pub fn says_otherwise(condition: &str) -> bool {
    let text = condition.trim().to_lowercase();
    ["otherwise", "else", "if not", "in all other cases"]
        .iter()
        .any(|w| text == *w || text.starts_with(&format!("{w} ")))
        || matches!(text.as_str(), "no" | "not" | "none of these")
}

/// The top-level steps that a run can reach, by index.
pub fn reachable(process: &Process) -> Vec<bool> {
    let mut seen = vec![false; process.steps.len()];
    let mut open = vec![first(process)];
    while let Some(next) = open.pop() {
        let Next::Step(index) = next else { continue };
        match seen.get_mut(index) {
            Some(mark) if !*mark => *mark = true,
            _ => continue,
        }
        open.extend(routes(process, index).all().into_iter().map(|(to, _)| to));
    }
    seen
}

/// The top-level steps from which a run can end, by index.
pub fn can_end(process: &Process) -> Vec<bool> {
    let exits: Vec<Vec<Next>> = (0..process.steps.len())
        .map(|i| routes(process, i).all().into_iter().map(|(to, _)| to).collect())
        .collect();
    let mut ends = vec![false; exits.len()];
    loop {
        let before = ends.clone();
        for (mark, ways) in ends.iter_mut().zip(&exits) {
            *mark = *mark
                || ways.iter().any(|way| match way {
                    Next::End => true,
                    Next::Step(to) => before.get(*to).copied().unwrap_or(false),
                });
        }
        if ends == before {
            return ends;
        }
    }
}
