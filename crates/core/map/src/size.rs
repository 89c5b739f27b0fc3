//! How much room each shape and its cell need: wrapped text for boxes, places for the labels of the
//! branches around diamonds.
//!
//! Sizes here are along the flow (`along`) and across it (`across`), so that the same code serves
//! both directions.

use crate::graph::{Graph, Node, ShapeKind};
use crate::layout::Direction;
use crate::rect::int;
use crate::text;
use crate::ways::{Exit, Plan, Side};

/// The font size of titles.
pub(crate) const FONT: i64 = 13;
/// The line height of titles.
pub(crate) const LINE: i64 = 18;
/// The font size of numbers, labels and notes.
pub(crate) const SMALL: i64 = 11;
/// The line height of labels.
pub(crate) const SMALL_LINE: i64 = 14;
/// The room between a border and the text.
pub(crate) const PADDING: i64 = 12;
/// The room that a step's small line takes above its title.
pub(crate) const HEAD: i64 = 20;
/// The most lines a text has.
pub(crate) const MAX_LINES: usize = 4;
/// Half a diamond.
pub(crate) const HALF_DIAMOND: i64 = 20;
const END_HEIGHT: i64 = 48;
const LABEL_LINES: usize = 3;
/// The room between a label and a line or border.
const CLEAR: i64 = 5;

/// The widths of steps, ends and labels: narrower where lanes stand side by side.
struct Widths {
    step: i64,
    end: i64,
    label: i64,
}

fn widths(direction: Direction) -> Widths {
    match direction {
        Direction::Right => Widths { step: 164, end: 152, label: 104 },
        Direction::Down => Widths { step: 148, end: 140, label: 84 },
    }
}

/// A rectangle in flow terms, relative to the middle of a shape.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Extent {
    pub(crate) along: (i64, i64),
    pub(crate) across: (i64, i64),
}

impl Extent {
    fn around(along: i64, across: i64) -> Self {
        Self { along: (-(along / 2), along / 2), across: (-(across / 2), across / 2) }
    }

    fn include(&mut self, other: &Self) {
        self.along = (self.along.0.min(other.along.0), self.along.1.max(other.along.1));
        self.across = (self.across.0.min(other.across.0), self.across.1.max(other.across.1));
    }
}

/// A shape with the room its cell needs.
#[derive(Debug, Clone)]
pub(crate) struct Cell {
    pub(crate) lines: Vec<String>,
    pub(crate) shape: Extent,
    pub(crate) cell: Extent,
}

/// The label of a branch, and how far beside the diamond's middle the branch runs.
#[derive(Debug, Clone, Default)]
pub(crate) struct Sign {
    pub(crate) lines: Vec<String>,
    pub(crate) room: Extent,
    pub(crate) offset: i64,
}

/// The room of each node, and the label of each link that has one.
pub(crate) fn sizes(
    graph: &Graph,
    plans: &[Plan],
    direction: Direction,
) -> (Vec<Cell>, Vec<Option<Sign>>) {
    let mut signs: Vec<Option<Sign>> = vec![None; graph.links.len()];
    let outs = graph.outs();
    let cells = graph
        .nodes
        .iter()
        .zip(&outs)
        .map(|(node, links)| {
            let (lines, width, height) = shape(node, &widths(direction));
            let shape = match direction {
                Direction::Right => Extent::around(width, height),
                Direction::Down => Extent::around(height, width),
            };
            let mut cell = shape;
            if node.kind == ShapeKind::Decision {
                place_signs(graph, plans, links, direction, &mut signs);
                for sign in links.iter().filter_map(|l| signs.get(*l)).flatten() {
                    cell.include(&sign.room);
                    cell.across.0 = cell.across.0.min(sign.offset);
                    cell.across.1 = cell.across.1.max(sign.offset);
                }
                cell.across = (cell.across.0 - CLEAR, cell.across.1 + CLEAR);
            }
            Cell { lines, shape, cell }
        })
        .collect();
    (cells, signs)
}

/// The text of a shape and its width and height, both even so that it has a middle.
fn shape(node: &Node, widths: &Widths) -> (Vec<String>, i64, i64) {
    let tall = |lines: &[String], least: i64, more: i64| {
        let height = int(lines.len()) * LINE + more;
        (height + height % 2).max(least)
    };
    match node.kind {
        ShapeKind::Decision => (Vec::new(), 2 * HALF_DIAMOND, 2 * HALF_DIAMOND),
        ShapeKind::Step(_) => {
            let lines = text::wrap(&node.text, FONT, widths.step - 2 * PADDING, MAX_LINES);
            let height = tall(&lines, 60, HEAD + 2 * 10);
            (lines, widths.step, height)
        }
        ShapeKind::Start | ShapeKind::Outcome | ShapeKind::Stop => {
            let room = widths.end - 2 * PADDING;
            let lines = text::wrap(&node.text, FONT, room, MAX_LINES);
            let widest = lines.iter().map(|line| text::width(line, FONT)).max().unwrap_or(0);
            let width = (widest + 2 * PADDING).clamp(72, widths.end);
            let height = tall(&lines, END_HEIGHT, 2 * 12);
            (lines, width + width % 2, height)
        }
    }
}

/// Stacks the labels of a diamond's branches outwards from its middle.
fn place_signs(
    graph: &Graph,
    plans: &[Plan],
    links: &[usize],
    direction: Direction,
    signs: &mut [Option<Sign>],
) {
    // Where the next label may begin, on each side of the middle.
    let mut before = 0;
    let mut after = 0;
    let exit = |index: usize| plans.get(index).map(|plan| plan.exit);
    let mut by_exit: Vec<usize> = links.to_vec();
    by_exit.sort_by_key(|index| (exit(*index), *index));
    for index in by_exit {
        let Some(label) = graph.links.get(index).and_then(|link| link.label.as_deref()) else {
            continue;
        };
        let lines = text::wrap(label, SMALL, widths(direction).label, LABEL_LINES);
        let width = lines.iter().map(|line| text::width(line, SMALL)).max().unwrap_or(0);
        let height = int(lines.len()) * SMALL_LINE;
        let (along, across) = match direction {
            Direction::Right => (width, height),
            Direction::Down => (height, width),
        };
        let sign = match exit(index) {
            Some(Exit::Middle) | None => {
                let at = -CLEAR - across;
                before = at;
                Sign { room: room(HALF_DIAMOND + CLEAR, along, at, across), lines, offset: 0 }
            }
            Some(Exit::Slot(Side::Before)) => {
                let offset = (before - 2 * CLEAR).min(-HALF_DIAMOND - 2 * CLEAR);
                let at = offset - CLEAR - across;
                before = at;
                Sign { room: room(CLEAR + 2, along, at, across), lines, offset }
            }
            Some(Exit::Slot(Side::After)) => {
                let offset = (after + 2 * CLEAR + across).max(HALF_DIAMOND + 2 * CLEAR);
                let at = offset - CLEAR - across;
                after = offset;
                let is_clear = at >= HALF_DIAMOND + CLEAR;
                let start = if is_clear { CLEAR + 2 } else { HALF_DIAMOND + CLEAR };
                Sign { room: room(start, along, at, across), lines, offset }
            }
            Some(Exit::Corner(Side::Before)) => {
                let at = (before - 3 * CLEAR).min(-HALF_DIAMOND - CLEAR) - across;
                before = at;
                Sign { room: room(CLEAR + 2, along, at, across), lines, offset: at }
            }
            Some(Exit::Corner(Side::After)) => {
                let at = (after + 2 * CLEAR).max(HALF_DIAMOND + CLEAR);
                after = at + across;
                Sign { room: room(CLEAR + 2, along, at, across), lines, offset: at }
            }
        };
        if let Some(slot) = signs.get_mut(index) {
            *slot = Some(sign);
        }
    }
}

fn room(start: i64, along: i64, at: i64, across: i64) -> Extent {
    Extent { along: (start, start + along), across: (at, at + across) }
}
