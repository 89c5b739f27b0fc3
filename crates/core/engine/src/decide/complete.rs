//! A step is reported as done: the branch, its reason and the proof are checked, the flow goes on.

use super::{Flow, MAX_TEXT, Now, named, short};
use crate::{
    Completion, Event, Open, Plan, PlanStep, Rejection, Run,
    command::{Asker, Given},
};
use gemba_model::{EvidenceKind, Next, Routes, acceptance::ACCEPT, id::WorkItemId};

/// The most pieces of evidence taken with one step.
const MAX_EVIDENCE: usize = 50;

pub(super) fn complete(
    plan: &Plan,
    run: &Run,
    open: &Open,
    asker: &Asker,
    with: Completion,
    now: Now<'_>,
    fresh: &mut dyn FnMut() -> WorkItemId,
) -> Result<Vec<Event>, Rejection> {
    let Some(step) = plan.step(&open.step) else {
        return Err(Rejection::NoSuchStep { step: open.step.clone() });
    };
    let with = tidied(with);
    for (what, text) in [("reason", &with.reason), ("note", &with.note)] {
        short(what, text.as_deref().unwrap_or_default(), MAX_TEXT)?;
    }
    let accepts = plan.accepts(&step.id);
    // To accept is what everybody hopes for; to return needs a word.
    let told = with.reason.is_some() || (accepts && with.branch.as_deref() == Some(ACCEPT));
    let (branch, next) = route(step, with.branch.as_deref(), told)?;
    check_evidence(step, &with.evidence)?;
    let mut flow = Flow::new(plan, run, now, fresh).of(asker);
    flow.push(Event::StepCompleted {
        at: now.at,
        item: open.item,
        step: open.step.clone(),
        by: asker.by.clone(),
        branch,
        reason: with.reason,
        note: with.note,
        evidence: with.evidence,
    });
    if accepts {
        flow.accepted(next);
    } else {
        flow.go_on(open.within.as_ref(), next);
    }
    Ok(flow.events)
}

/// An empty field of a form is no answer.
fn tidied(with: Completion) -> Completion {
    let some = |text: Option<String>| text.map(|t| t.trim().to_owned()).filter(|t| !t.is_empty());
    let evidence = with
        .evidence
        .into_iter()
        .map(|given| Given { value: given.value.trim().to_owned(), ..given })
        .filter(|given| !given.value.is_empty())
        .collect();
    Completion {
        branch: some(with.branch),
        reason: some(with.reason),
        note: some(with.note),
        evidence,
        token: with.token,
    }
}

/// Where the flow goes on from a step, for the branch that was said.
pub(super) fn route(
    step: &PlanStep,
    said: Option<&str>,
    has_reason: bool,
) -> Result<(Option<String>, Next), Rejection> {
    let branches = match &step.routes {
        Routes::Straight(next) => {
            return match said {
                None => Ok((None, *next)),
                Some(branch) => {
                    Err(Rejection::NoSuchBranch { branch: branch.to_owned(), branches: Vec::new() })
                }
            };
        }
        Routes::Branches(branches) => branches,
    };
    let Some(said) = said else {
        return Err(Rejection::BranchNeeded { branches: named(branches) });
    };
    let Some(branch) = branches.iter().find(|b| b.id == said) else {
        let branches = named(branches);
        return Err(Rejection::NoSuchBranch { branch: said.to_owned(), branches });
    };
    if !has_reason {
        return Err(Rejection::ReasonNeeded);
    }
    Ok((Some(branch.id.clone()), branch.to))
}

fn check_evidence(step: &PlanStep, given: &[Given]) -> Result<(), Rejection> {
    if given.len() > MAX_EVIDENCE {
        let problem = format!("a step keeps at most {MAX_EVIDENCE} pieces of evidence");
        return Err(Rejection::EvidenceUnusable { problem });
    }
    for piece in given {
        short("evidence", &piece.value, MAX_TEXT)?;
        let web = piece.value.starts_with("https://") || piece.value.starts_with("http://");
        if piece.kind == EvidenceKind::Link && !web {
            let problem =
                format!("`{}` is not a link: it begins with https:// or http://", piece.value);
            return Err(Rejection::EvidenceUnusable { problem });
        }
    }
    let mut left: Vec<&Given> = given.iter().collect();
    let missing: Vec<_> = step
        .evidence
        .iter()
        .filter(|asked| match left.iter().position(|piece| piece.kind == asked.kind) {
            Some(at) => {
                left.swap_remove(at);
                false
            }
            None => true,
        })
        .cloned()
        .collect();
    if missing.is_empty() { Ok(()) } else { Err(Rejection::EvidenceMissing { missing }) }
}
