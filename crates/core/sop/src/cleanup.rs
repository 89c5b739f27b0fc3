//! What is done when a run is ended before its end: the steps of a section of its own.
//!
//! The section stays where it stands, as it is written. Its steps are numbered on their own and lead
//! nowhere else.

use crate::process;
use gemba_model::{Section, Span, Step, StepId};
use std::collections::BTreeSet;

const TITLES: [&str; 8] = [
    "if the run is cancelled",
    "if the run is canceled",
    "if the run is ended early",
    "when the run is cancelled",
    "clean-up",
    "cleanup",
    "clean up",
    "cancellation",
];

/// Whether a section says it.
fn is(title: &str) -> bool {
    let title = title.trim().trim_end_matches([':', '.']).to_lowercase();
    TITLES.contains(&title.as_str())
}

/// The steps of the first section that says it, with names that no step of the process has.
pub(crate) fn of(sections: &[Section], steps: &[Step]) -> Vec<Step> {
    let Some(section) = sections.iter().find(|section| is(&section.title)) else {
        return Vec::new();
    };
    let mut taken: BTreeSet<String> =
        steps.iter().flat_map(Step::walk).map(|step| step.id.to_string()).collect();
    let mut found = process::steps_of(&format!("# Clean-up\n\n## Steps\n\n{}\n", section.text));
    settle(&mut found, &mut taken);
    found
}

fn settle(steps: &mut [Step], taken: &mut BTreeSet<String>) {
    for step in steps {
        let mut id = step.id.to_string();
        while !taken.insert(id.clone()) {
            id = format!("clean-up-{id}");
        }
        step.id = StepId::from_text(&id, "clean-up");
        step.span = Span::default();
        if let Some(seat) = &mut step.seat {
            seat.span = None;
        }
        // A way out of the clean-up there is none: what a condition says is done within its step.
        for decision in &mut step.decisions {
            decision.span = None;
            decision.target = gemba_model::Target::Inline;
        }
        settle(&mut step.steps, taken);
    }
}
