//! A process as a picture: its map, with what happened drawn on it where asked.

use crate::{
    Act, App, Error, Result, Who, drafts, insight,
    processes::{self, checked},
    records::Revision,
    runs,
};
use gemba_diag::LineIndex;
pub use gemba_map::SvgStyle;
pub use gemba_map::{Aspect, Difference, Fate, StepDifference};
use gemba_map::{Graph, Overlay, StepMark, layout, layout_graph, svg};
use gemba_model::{Process, id::RunId};
use gemba_store::{Mode, load};

/// Which picture.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Picture {
    /// The process as written.
    Plain,
    /// With how often each step and branch was taken and how long it took.
    AsItRuns,
    /// With where a run stands.
    Run(RunId),
}

/// The map of a text that is not kept.
pub fn of_text(who: &Who, source: &str, name: &str) -> Result<String> {
    crate::access::require(who, Act::Read)?;
    Ok(drawn(&checked(source, name).process, &Overlay::default(), SvgStyle::Inline))
}

/// The map of a process that was read already.
pub fn of_process(process: &Process) -> String {
    drawn(process, &Overlay::default(), SvgStyle::Inline)
}

/// The map of a text that is being written: each box leads to the line of its step (`#line-12`).
pub fn of_lines(process: &Process, source: &str) -> String {
    let lines = LineIndex::new(source);
    let mut overlay = Overlay::default();
    for step in process.all_steps() {
        let href = Some(format!("#line-{}", lines.line(step.span.range().start)));
        overlay.steps.insert(step.id.clone(), StepMark { href, ..StepMark::default() });
    }
    drawn(process, &overlay, SvgStyle::Inline)
}

/// The map of two processes in one, and what is different: for two revisions of one process.
pub fn of_difference(old: &Process, new: &Process, style: SvgStyle) -> (String, Difference) {
    let (graph, difference) = Graph::of_difference(old, new);
    let layout = layout_graph(&graph, &gemba_map::Options::default());
    (svg(&layout, &Overlay::of_revisions(), style), difference)
}

/// The map of a process of the workspace.
pub async fn of(
    app: &App,
    who: &Who,
    slug: &str,
    picture: &Picture,
    style: SvgStyle,
) -> Result<String> {
    let mut tx = app.open(who, Act::Read, Mode::Read).await?;
    let found = processes::find(&mut *tx, slug).await?;
    let record = &found.value;
    let in_force = match &record.published {
        Some(p) => load::<Revision>(&mut *tx, &p.revision).await?.map(|r| r.value.compiled),
        None => None,
    };
    let (process, overlay) = match picture {
        Picture::Plain => (in_force, Overlay::default()),
        Picture::AsItRuns => {
            let stats = tx.step_stats(record.id).await?;
            (in_force, insight::overlay(&stats))
        }
        Picture::Run(id) => {
            let run = tx.run(*id).await?.filter(|r| r.process == record.id);
            let run = run.ok_or_else(|| Error::not_found("run", id))?;
            let revision =
                load::<Revision>(&mut *tx, &run.revision).await?.map(|r| r.value.compiled);
            let state = runs::state_of(&run)?;
            let done = runs::done_items(&mut *tx, *id).await?;
            (revision, insight::run_overlay(&state, &done))
        }
    };
    let process = match process {
        Some(process) => process,
        None => checked(&drafts::of(&mut *tx, &found).await?.text, slug).process,
    };
    Ok(drawn(&process, &overlay, style))
}

/// The style sheet that pages need for the maps of this module.
pub fn page_sheet() -> String {
    gemba_map::page_sheet()
}

fn drawn(process: &Process, overlay: &Overlay, style: SvgStyle) -> String {
    svg(&layout(process, &gemba_map::Options::default()), overlay, style)
}
