//! A process as a picture: its map, with what happened drawn on it where asked.

use crate::{
    Act, App, Error, Result, Who, drafts, insight,
    processes::{self, checked},
    records::{Holder, ProcessRecord, Revision, Seat},
    runs,
};
use gemba_diag::LineIndex;
pub use gemba_map::SvgStyle;
pub use gemba_map::{Aspect, Difference, Direction, Fate, StepDifference, Told};
use gemba_map::{Graph, Layout, Options, Overlay, StepMark, lane_names, layout, layout_graph, svg};
use gemba_model::{Process, id::RunId};
use gemba_store::{Mode, Tx, all, load};

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

/// The most steps that are drawn within a page or while a text is being written. A drawing of more
/// would take longer than a key press may, and would make the page too large; it is there as a file.
pub const MOST_DRAWN: usize = 300;

/// The most characters of markup for which a page holds a map in both directions; of a larger one it
/// holds the wide form alone.
const BOTH_BELOW: usize = 64_000;

/// A map as a part of a page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Shown {
    /// The drawing, and the same in words.
    Drawn(Box<Drawing>),
    /// The process has more steps than are drawn within a page.
    TooLarge {
        /// How many.
        steps: usize,
    },
}

/// A map in the forms that a page needs: at least one of them is there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Drawing {
    /// The flow from left to right; absent where only the other one was asked for.
    pub right: Option<Frame>,
    /// The flow from top to bottom, for narrow screens; absent where only the other one was asked for
    /// or where both would make the page too large.
    pub down: Option<Frame>,
    /// Whether the flow from left to right is so long that it would be small on an upright sheet.
    pub wide: bool,
    /// The steps in words, and where each leads.
    pub told: Vec<Told>,
}

/// One drawing, and the names of its lanes once more, to stay in sight while it is moved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Frame {
    /// The map.
    pub map: String,
    /// The names; empty where there are no lanes.
    pub names: String,
}

/// The map of a process that was read already, for a page. Each box leads to the step's own place,
/// `#step-check-hours` on the page that `page` names; an empty one is the page that shows the map.
pub fn shown(process: &Process, page: &str) -> Shown {
    framed(process, Overlay::default(), page)
}

/// Above this width a map is printed from top to bottom: on an upright sheet of A4, which is some 700
/// pixels wide, its words would be half as high as they should be.
const WIDE: i64 = 1_300;

fn framed(process: &Process, mut overlay: Overlay, page: &str) -> Shown {
    for step in &process.steps {
        let mark = overlay.steps.entry(step.id.clone()).or_default();
        mark.href = Some(format!("{page}#step-{}", step.id));
    }
    both(&Graph::of(process), process.steps.len(), &overlay)
}

/// Whether a flow has more steps than are drawn within a page.
fn too_large(steps: usize) -> Option<Shown> {
    (steps > MOST_DRAWN).then_some(Shown::TooLarge { steps })
}

fn frame(layout: &Layout, overlay: &Overlay) -> Frame {
    Frame {
        map: svg(layout, overlay, SvgStyle::Inline),
        names: lane_names(layout, SvgStyle::Inline),
    }
}

/// A flow drawn both ways, unless it has too many steps.
pub(crate) fn both(graph: &Graph, steps: usize, overlay: &Overlay) -> Shown {
    if let Some(shown) = too_large(steps) {
        return shown;
    }
    let across = layout_graph(graph, &Options::default());
    let right = frame(&across, overlay);
    // The other one would only be thrown away where this one alone fills the room.
    let down = (right.map.len() < BOTH_BELOW)
        .then(|| {
            let options = Options { direction: Direction::Down, ..Options::default() };
            frame(&layout_graph(graph, &options), overlay)
        })
        .filter(|down| right.map.len() + down.map.len() <= BOTH_BELOW);
    Shown::Drawn(Box::new(Drawing {
        right: Some(right),
        down,
        wide: across.width > WIDE,
        told: across.told(),
    }))
}

/// A flow drawn in one direction, unless it has too many steps.
fn one(graph: &Graph, steps: usize, overlay: &Overlay, direction: Direction) -> Shown {
    if let Some(shown) = too_large(steps) {
        return shown;
    }
    let layout = layout_graph(graph, &Options { direction, ..Options::default() });
    let drawn = Some(frame(&layout, overlay));
    let (right, down) = match direction {
        Direction::Right => (drawn, None),
        Direction::Down => (None, drawn),
    };
    let wide = direction == Direction::Right && layout.width > WIDE;
    Shown::Drawn(Box::new(Drawing { right, down, wide, told: layout.told() }))
}

/// The map of a text that is being written: each box leads to the line of its step (`#line-12`). Where
/// one direction is told to be in sight, only that one is drawn: it is drawn at each key press.
pub fn of_lines(process: &Process, source: &str, in_sight: Option<Direction>) -> Shown {
    let lines = LineIndex::new(source);
    let mut overlay = Overlay::default();
    for step in process.all_steps() {
        let href = Some(format!("#line-{}", lines.line(step.span.range().start)));
        overlay.steps.insert(step.id.clone(), StepMark { href, ..StepMark::default() });
    }
    let (graph, steps) = (Graph::of(process), process.steps.len());
    match in_sight {
        Some(direction) => one(&graph, steps, &overlay, direction),
        None => both(&graph, steps, &overlay),
    }
}

/// The map of two processes in one, with what is different: for two revisions of one process.
pub fn of_difference(old: &Process, new: &Process) -> Shown {
    let (graph, _) = Graph::of_difference(old, new);
    both(&graph, old.steps.len().max(new.steps.len()), &Overlay::of_revisions())
}

/// The map of a process of the workspace.
pub async fn of(
    app: &App,
    who: &Who,
    slug: &str,
    picture: &Picture,
    style: SvgStyle,
) -> Result<String> {
    let (process, overlay) = pictured(app, who, slug, picture).await?;
    Ok(drawn(&process, &overlay, style))
}

/// The same for a page; each box leads to the step's place on the page that `page` names.
pub async fn shown_of(
    app: &App,
    who: &Who,
    slug: &str,
    picture: &Picture,
    page: &str,
) -> Result<Shown> {
    let (process, overlay) = pictured(app, who, slug, picture).await?;
    Ok(framed(&process, overlay, page))
}

/// The process of a picture and what is drawn on it.
pub(crate) async fn pictured(
    app: &App,
    who: &Who,
    slug: &str,
    picture: &Picture,
) -> Result<(Process, Overlay)> {
    let mut tx = app.open(who, Act::Read, Mode::Read).await?;
    let found = processes::find(&mut *tx, slug).await?;
    let record = &found.value;
    let in_force = in_force(&mut *tx, record).await?;
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
    Ok((process, overlay))
}

async fn in_force(tx: &mut dyn Tx, record: &ProcessRecord) -> Result<Option<Process>> {
    Ok(match &record.published {
        Some(p) => load::<Revision>(tx, &p.revision).await?.map(|r| r.value.compiled),
        None => None,
    })
}

/// A process of the workspace as a BPMN 2.0 model with its drawing, for modelling tools. The steps of
/// seats that agents hold are service tasks.
pub async fn model(app: &App, who: &Who, slug: &str) -> Result<String> {
    let mut tx = app.open(who, Act::Read, Mode::Read).await?;
    let found = processes::find(&mut *tx, slug).await?;
    let process = match in_force(&mut *tx, &found.value).await? {
        Some(process) => process,
        None => checked(&drafts::of(&mut *tx, &found).await?.text, slug).process,
    };
    let agents: Vec<String> = all::<Seat>(&mut *tx)
        .await?
        .into_iter()
        .filter(|seat| matches!(seat.value.holder, Holder::Agent { .. }))
        .map(|seat| seat.value.name)
        .collect();
    Ok(gemba_bpmn::write(&gemba_bpmn::of_process(&process, &agents)))
}

/// The style sheet that pages need for the maps of this module.
pub fn page_sheet() -> String {
    gemba_map::page_sheet()
}

fn drawn(process: &Process, overlay: &Overlay, style: SvgStyle) -> String {
    svg(&layout(process, &Options::default()), overlay, style)
}
