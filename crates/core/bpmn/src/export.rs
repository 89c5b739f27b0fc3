//! A process as a BPMN 2.0 model with its drawing.

mod draw;
mod plan;
mod words;

use crate::definitions::Definitions;
pub(crate) use draw::{LEFT, TOP, labelled, line, shape};
use gemba_map::{Notation, Options, layout_graph};
use gemba_model::{Process, review::ReviewSource};
pub(crate) use words::CUT;

/// The process as a model that modelling tools open: one pool named after it, a lane for each seat, and
/// everything on it drawn.
///
/// `agents` are the names of the seats that agents hold: their steps become service tasks.
pub fn of_process(process: &Process, agents: &[String]) -> Definitions {
    let plan = plan::Plan::of(process, agents);
    let options = Options { notation: Notation::Bpmn, ..Options::default() };
    let layout = layout_graph(&plan.graph(), &options);
    draw::definitions(&format!("Process_{}", process.slug), &about(process), &plan, &layout)
}

/// What is said of the process as a whole, as Markdown.
fn about(process: &Process) -> String {
    let mut lines = Vec::new();
    if let Some(owner) = process.owner.named() {
        lines.push(format!("Owner: {owner}"));
    }
    if let Some(function) = &process.function {
        lines.push(format!("Function: {function}"));
    }
    if let (ReviewSource::Stated, Some(cadence)) = (process.review.source, process.review.cadence) {
        lines.push(format!("Review: {}", cadence.iso()));
    }
    let mut pieces = Vec::new();
    if !lines.is_empty() {
        pieces.push(lines.join("\n"));
    }
    if !process.purpose.trim().is_empty() {
        pieces.push(process.purpose.trim().to_owned());
    }
    for section in &process.sections {
        pieces.push(format!("## {}\n\n{}", section.title, section.text.trim()));
    }
    pieces.join("\n\n")
}
