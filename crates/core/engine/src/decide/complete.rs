//! A step is reported as done: the branch, its reason and the proof are checked, the flow goes on.

use super::{Flow, MAX_TEXT, Now, named, short};
use crate::{
    By, Completion, Event, Open, Plan, PlanStep, Rejection, Run,
    command::{Asker, Given},
    event::Left,
};
use gemba_model::{
    Evidence, EvidenceKind, Next, Routes, StepId,
    acceptance::ACCEPT,
    approval,
    field::{self, Field},
    id::WorkItemId,
    limit::{Limit, Number},
};

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
    let evidence = step.left(with.evidence)?;
    let by = asker.by_for(open.seat);
    apart(plan, run, open, step, &by)?;
    let signals = told_by(plan, run, &evidence);
    let mut flow = Flow::new(plan, run, now, fresh).of(asker);
    flow.push(Event::StepCompleted {
        at: now.at,
        item: open.item,
        step: open.step.clone(),
        by,
        branch: branch.clone(),
        reason: with.reason,
        note: with.note,
        evidence,
        shown: with.shown,
        witnessed: step.witnessed,
    });
    for signal in signals {
        flow.push(Event::SignalRaised { at: now.at, signal });
    }
    flow.set_deadlines(run);
    if accepts {
        flow.accepted(next);
    } else {
        flow.go_on(step, open.within.as_ref(), next, branch.as_deref());
    }
    Ok(flow.events)
}

/// Who does a step is not who did those that it names, and each of several approvals is another's.
fn apart(plan: &Plan, run: &Run, open: &Open, step: &PlanStep, by: &By) -> Result<(), Rejection> {
    let holder = open.within.as_ref().and_then(|holder| plan.step(holder));
    let group = open.within.as_ref().and_then(|holder| run.group(holder));
    let voted = holder.zip(group).filter(|(holder, _)| holder.quorum.is_some());
    let voted = voted.into_iter().flat_map(|(holder, group)| {
        let ids = holder.parts.iter().map(|part| &part.id);
        ids.filter(|id| !group.left.contains(id))
    });
    let same = |id: &&StepId| run.done_by.get(*id).is_some_and(|who| who.shares(by));
    match step.not_by.iter().chain(voted).find(same) {
        Some(step) => Err(Rejection::SamePerson { name: by.name().to_owned(), step: step.clone() }),
        None => Ok(()),
    }
}

/// The failure signals that these values bring and that have not come true yet.
pub(super) fn told_by(plan: &Plan, run: &Run, evidence: &[Left]) -> Vec<u32> {
    let crossed = |key: &str, limit: &Limit| {
        let values = evidence.iter().filter_map(Left::value);
        values.filter(|(own, _)| *own == key).any(|(_, value)| {
            value.value.parse().is_ok_and(|number: Number| limit.is_met_by(&number))
        })
    };
    plan.bounds
        .iter()
        .filter(|(signal, key, limit)| !run.raised.contains(signal) && crossed(key, limit))
        .map(|(signal, ..)| *signal)
        .collect()
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
        shown: with.shown,
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

impl PlanStep {
    /// Whether a branch is a no.
    pub(super) fn denies(&self, branch: Option<&str>) -> bool {
        match &self.routes {
            Routes::Straight(_) => false,
            Routes::Branches(ways) => ways
                .iter()
                .any(|way| Some(way.id.as_str()) == branch && approval::denies(&way.label)),
        }
    }
}

impl PlanStep {
    /// The proof as it is kept: values in their one form and under their keys. Refused where something is
    /// missing or not what was asked for.
    pub fn left(&self, given: Vec<Given>) -> Result<Vec<Left>, Rejection> {
        if given.len() > MAX_EVIDENCE {
            let problem = format!("a step keeps at most {MAX_EVIDENCE} pieces of evidence");
            return Err(Rejection::EvidenceUnusable { problem });
        }
        let mut free: Vec<(&Evidence, Option<Field>)> =
            self.evidence.iter().map(|asked| (asked, Field::of(asked))).collect();
        let mut left = Vec::with_capacity(given.len());
        for piece in given {
            short("evidence", &piece.value, MAX_TEXT)?;
            let web = piece.value.starts_with("https://") || piece.value.starts_with("http://");
            if piece.kind == EvidenceKind::Link && !web {
                let problem =
                    format!("`{}` is not a link: it begins with https:// or http://", piece.value);
                return Err(Rejection::EvidenceUnusable { problem });
            }
            let meant = free.iter().position(|(asked, field)| {
                let named = piece.name.as_deref().map(field::key);
                let own = field.as_ref().map(|field| field.key.clone());
                asked.kind == piece.kind && (field.is_none() || named.is_none() || named == own)
            });
            let asked = meant.map(|at| free.remove(at));
            left.push(match (asked, piece.kind.is_value()) {
                (Some((_, Some(field))), _) => value(&field, &piece)?,
                (None, true) => {
                    let name = piece.name.unwrap_or(piece.value);
                    let problem =
                        format!("this step asks for no {} `{name}` any more", piece.kind.word());
                    return Err(Rejection::EvidenceUnusable { problem });
                }
                (Some((_, None)) | None, _) => piece,
            });
        }
        let missing: Vec<Evidence> = free.into_iter().map(|(asked, _)| asked.clone()).collect();
        if missing.is_empty() { Ok(left) } else { Err(Rejection::EvidenceMissing { missing }) }
    }
}

fn value(field: &Field, piece: &Given) -> Result<Left, Rejection> {
    match field.fit(&piece.value) {
        Ok(value) => Ok(Left { kind: piece.kind, value, name: Some(field.key.clone()) }),
        Err(unfit) => Err(Rejection::EvidenceUnusable { problem: unfit.to_string() }),
    }
}
