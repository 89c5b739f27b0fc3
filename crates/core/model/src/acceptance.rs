//! The last act of a run: the owner accepts what it produced, or returns it; and with which outcomes there
//! is something to accept.
//!
//! It stands in no document. It is made here once, so that the engine, the pages and the interfaces
//! speak of the same step with the same ways out.

use crate::{Branch, Next, Process, SeatSource, Step, StepId, StepKind, StepSeat};

/// The name of the way out that ends the run.
pub const ACCEPT: &str = "accept";

/// The act, where the process says what a run must produce and who answers for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Acceptance {
    /// The step as it is shown: what must have been produced, and what one looks at to see it.
    pub step: Step,
    /// [`ACCEPT`], and a way back to every step.
    pub branches: Vec<Branch>,
}

/// The act of accepting the output of a process.
pub fn of(process: &Process) -> Option<Acceptance> {
    let owner = process.owner.named()?;
    if process.expected_output.is_empty() || process.steps.is_empty() {
        return None;
    }
    let n_steps = u32::try_from(process.all_steps().len()).ok()?;
    let id = (1..=n_steps.saturating_add(1)).map(named).find(|id| process.step(id).is_none())?;
    let lines = process.expected_output.iter().flat_map(|output| {
        let checks = output.checks.iter().map(|check| format!("  - {check}"));
        std::iter::once(format!("- {}", output.text)).chain(checks)
    });
    let text = lines.collect::<Vec<_>>().join("\n");
    let step = Step {
        text,
        kind: StepKind::Approval,
        seat: Some(StepSeat::new(owner, SeatSource::Owner, None)),
        ..Step::new(id, "Accept the output")
    };
    let accept = Branch {
        id: ACCEPT.to_owned(),
        label: "accept it".to_owned(),
        to: Next::End,
        outcome: None,
    };
    let back = process.steps.iter().enumerate().rev().map(|(index, step)| Branch {
        id: format!("return-{}", step.id),
        label: format!("return it to step {}: {}", index + 1, step.title),
        to: Next::Step(index),
        outcome: None,
    });
    Some(Acceptance { branches: std::iter::once(accept).chain(back).collect(), step })
}

/// The outcomes that a process names, in the order of the document, each once.
pub fn outcomes(process: &Process) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for step in process.all_steps() {
        let said = step.decisions.iter().filter_map(|decision| decision.outcome.as_ref());
        for name in said.chain(&step.outcome) {
            if !names.iter().any(|known| known.eq_ignore_ascii_case(name)) {
                names.push(name.clone());
            }
        }
    }
    names
}

/// Whether a run that ends so must have produced something.
///
/// An output that begins with the name of an outcome and a colon ("Rejected: the client was told") is that
/// one's, any other is that of the end without a name.
pub fn is_owed(process: &Process, outcome: Option<&str>) -> bool {
    let known = outcomes(process);
    let of = |text: &str| {
        let (name, _) = text.split_once(':')?;
        known.iter().find(|known| known.eq_ignore_ascii_case(name.trim()))
    };
    process.expected_output.iter().any(|output| match (of(&output.text), outcome) {
        (Some(own), Some(outcome)) => own.eq_ignore_ascii_case(outcome),
        (None, None) => true,
        (Some(_), None) | (None, Some(_)) => false,
    })
}

fn named(n: u32) -> StepId {
    let name = if n == 1 { "accept-output".to_owned() } else { format!("accept-output-{n}") };
    StepId::from_text(&name, "accept-output")
}
