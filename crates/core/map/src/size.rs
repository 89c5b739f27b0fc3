//! How much room each shape and its cell need: wrapped text for boxes, places for the labels of the
//! branches around diamonds.
//!
//! Sizes here are along the flow (`along`) and across it (`across`), so that the same code serves
//! both directions.

use crate::graph::{Graph, Node, ShapeKind};
use crate::icon::ICON;
use crate::layout::{Direction, Notation, Options};
use crate::order::Rows;
use crate::rect::int;
use crate::text;
use crate::ways::{Exit, Plan, Side, Way, between, gap, passed};
use std::collections::BTreeMap;

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
/// The most lines a name of a lane has.
pub(crate) const MAX_LINES: usize = 6;
/// The most lines the text of a shape has.
const SHAPE_LINES: usize = 8;
/// More lines than these make a shape wider before they make it higher.
const NARROW_LINES: usize = 6;
/// More lines than these make a label wider before they make it higher.
const NARROW_LABEL: usize = 4;
/// The most lines of a text that must stand whole.
const WHOLE: usize = 60;
/// Half a diamond.
pub(crate) const HALF_DIAMOND: i64 = 20;
/// How far apart arrivals at the same border are.
pub(crate) const PORT_APART: i64 = 12;
/// The room between the border of a note and its text.
pub(crate) const NOTE_PADDING: i64 = 7;
/// The room that the sign of a trigger takes before the words.
pub(crate) const SIGN: i64 = ICON + 6;
const END_HEIGHT: i64 = 48;
const LABEL_LINES: usize = 6;
const NOTE_LINES: usize = 6;
/// The room between a label and a line or border.
const CLEAR: i64 = 5;
/// The room between a label and the line of another: more than to its own, so that nobody is in doubt
/// which of the two it belongs to.
const AWAY: i64 = 13;
/// The length of the line from a shape to its note.
const TETHER: i64 = 16;
/// The side of an event's circle in BPMN, as its modellers draw it.
const CIRCLE: i64 = 36;
/// Half a gateway in BPMN.
const HALF_GATEWAY: i64 = 25;

/// The widths of steps, ends, labels and notes: narrower where lanes stand side by side.
struct Widths {
    step: i64,
    /// How much wider a shape may be whose text is long.
    wider: i64,
    /// How much wider a label may be.
    wider_label: i64,
    end: i64,
    label: i64,
    note: i64,
}

fn widths(options: Options) -> Widths {
    match (options.notation, options.direction) {
        (Notation::Map, Direction::Right) => {
            Widths { step: 144, wider: 60, wider_label: 36, end: 136, label: 92, note: 136 }
        }
        (Notation::Map, Direction::Down) => {
            Widths { step: 148, wider: 0, wider_label: 26, end: 140, label: 84, note: 120 }
        }
        // What modellers of BPMN take for labels that say nothing about their width.
        (Notation::Bpmn, _) => {
            Widths { step: 120, wider: 60, wider_label: 0, end: 0, label: 90, note: 120 }
        }
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

/// Words beside a shape: its name where that stands outside, or a note.
#[derive(Debug, Clone)]
pub(crate) struct Beside {
    pub(crate) lines: Vec<String>,
    pub(crate) room: Extent,
}

/// A shape with the room its cell needs.
#[derive(Debug, Clone)]
pub(crate) struct Cell {
    pub(crate) lines: Vec<String>,
    pub(crate) shape: Extent,
    pub(crate) cell: Extent,
    pub(crate) label: Option<Beside>,
    pub(crate) note: Option<Beside>,
}

/// The label of a branch, and how far beside the diamond's middle the branch runs.
#[derive(Debug, Clone, Default)]
pub(crate) struct Sign {
    pub(crate) lines: Vec<String>,
    pub(crate) room: Extent,
    pub(crate) offset: i64,
}

/// The edges that meet a shape at its borders across the flow.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Uses {
    /// Whether one leaves: before and after.
    exits: [bool; 2],
    /// Whether one comes along the flow.
    ahead: [bool; 2],
    /// Whether one comes back.
    back: [bool; 2],
    /// Whether one of another shape passes beyond the border, in line with its middle.
    passed: [bool; 2],
}

impl Uses {
    fn is_free(self, side: Side) -> bool {
        let pick = |flags: [bool; 2]| flags.get(side.index()).copied().unwrap_or(false);
        !pick(self.exits) && !pick(self.ahead) && !pick(self.back)
    }

    /// Whether one arrives there that comes back.
    fn comes_back(self, side: Side) -> bool {
        self.back.get(side.index()).copied().unwrap_or(false)
    }

    /// How far from the middle of the border an edge arrives there.
    pub(crate) fn port(self, side: Side, is_back: bool) -> i64 {
        let pick = |flags: [bool; 2]| flags.get(side.index()).copied().unwrap_or(false);
        match (pick(self.ahead) && pick(self.back), is_back) {
            (false, _) if !pick(self.exits) && !pick(self.passed) => 0,
            // On the side that it comes from, so that it does not cross what is in the middle.
            (_, true) => PORT_APART,
            (_, false) => -PORT_APART,
        }
    }
}

/// Which borders of each node are in use.
pub(crate) fn uses(graph: &Graph, ranks: &[usize], rows: &Rows, plans: &[Plan]) -> Vec<Uses> {
    let mut uses = vec![Uses::default(); graph.nodes.len()];
    let mark = |flags: &mut [bool; 2], side: Side| {
        if let Some(flag) = flags.get_mut(side.index()) {
            *flag = true;
        }
    };
    for (link, plan) in graph.links.iter().zip(plans) {
        if let (Exit::Slot(side) | Exit::Corner(side), Some(own)) =
            (plan.exit, uses.get_mut(link.from))
        {
            mark(&mut own.exits, side);
        }
        if let (Way::Across, Exit::Corner(side), Some(own)) =
            (plan.way, plan.exit, uses.get_mut(link.to))
        {
            // It takes the middle of the border it reaches, as one does that leaves there.
            mark(&mut own.exits, side.opposite());
        }
        if let (Way::Around { side, into: false, .. }, Some(own)) =
            (plan.way, uses.get_mut(link.to))
        {
            mark(if link.is_back() { &mut own.back } else { &mut own.ahead }, side);
        }
    }
    let mut at: BTreeMap<(usize, usize), usize> = BTreeMap::new();
    at.extend(ranks.iter().zip(&rows.of).enumerate().map(|(node, (c, r))| ((*c, *r), node)));
    for (link, plan) in graph.links.iter().zip(plans) {
        let row = |node: usize| rows.of.get(node).copied().unwrap_or(0);
        let (Exit::Corner(_), Some(column)) = (plan.exit, ranks.get(link.from)) else {
            continue;
        };
        let (_, gaps) = match plan.way {
            Way::Around { side, row: along, .. } => passed(row(link.from), gap(along, side)),
            Way::Straight | Way::Turn(_) | Way::Drop | Way::Across => {
                between(row(link.from), row(link.to))
            }
        };
        for gap in gaps {
            let above = gap.checked_sub(1).and_then(|row| at.get(&(*column, row)));
            let ends = [(above, Side::After), (at.get(&(*column, gap)), Side::Before)];
            for (node, side) in ends {
                if let Some(own) = node.and_then(|node| uses.get_mut(*node)) {
                    mark(&mut own.passed, side);
                }
            }
        }
    }
    uses
}

/// The room of each node, and the label of each link that has one.
pub(crate) fn sizes(
    graph: &Graph,
    plans: &[Plan],
    uses: &[Uses],
    options: Options,
) -> (Vec<Cell>, Vec<Option<Sign>>) {
    let mut signs: Vec<Option<Sign>> = vec![None; graph.links.len()];
    let outs = graph.outs();
    let desk = Desk { graph, plans, options };
    let cells = graph
        .nodes
        .iter()
        .zip(&outs)
        .zip(uses)
        .map(|((node, links), uses)| desk.cell(node, links, *uses, &mut signs))
        .collect();
    (cells, signs)
}

struct Desk<'a> {
    graph: &'a Graph,
    plans: &'a [Plan],
    options: Options,
}

impl Desk<'_> {
    fn cell(&self, node: &Node, links: &[usize], uses: Uses, signs: &mut [Option<Sign>]) -> Cell {
        let (lines, width, height) = self.shape(node);
        let shape = match self.options.direction {
            Direction::Right => Extent::around(width, height),
            Direction::Down => Extent::around(height, width),
        };
        let mut cell = shape;
        self.place_signs(&shape, links, uses, signs);
        let mut has_signs = false;
        for sign in links.iter().filter_map(|l| signs.get(*l)).flatten() {
            has_signs |= !sign.lines.is_empty();
            cell.include(&sign.room);
            cell.across.0 = cell.across.0.min(sign.offset);
            cell.across.1 = cell.across.1.max(sign.offset);
        }
        let mut taken = [None, None];
        let label = self.label(node).map(|(lines, size)| {
            let sides = if node.kind.is_gateway() {
                [Side::Before, Side::After]
            } else {
                [Side::After, Side::Before]
            };
            let tight = node.kind.is_gateway() || has_signs;
            let room = beside(&shape, uses, sides, tight, self.turn(size), CLEAR, &mut taken);
            Beside { lines, room }
        });
        let note = self.note(node).map(|(lines, size)| {
            let sides = [Side::After, Side::Before];
            let tight = node.kind.is_gateway() || has_signs;
            let room = beside(&shape, uses, sides, tight, self.turn(size), TETHER, &mut taken);
            Beside { lines, room }
        });
        for words in [&label, &note].into_iter().flatten() {
            cell.include(&words.room);
        }
        if cell != shape || node.kind.is_gateway() {
            cell.across = (cell.across.0 - CLEAR, cell.across.1 + CLEAR);
        }
        Cell { lines, shape, cell, label, note }
    }

    /// A width and height as along and across the flow.
    fn turn(&self, (width, height): (i64, i64)) -> (i64, i64) {
        match self.options.direction {
            Direction::Right => (width, height),
            Direction::Down => (height, width),
        }
    }

    /// The text of a shape and its width and height, both even so that it has a middle.
    fn shape(&self, node: &Node) -> (Vec<String>, i64, i64) {
        match self.options.notation {
            Notation::Map => map_shape(node, &widths(self.options)),
            Notation::Bpmn => bpmn_shape(node, &widths(self.options)),
        }
    }

    /// The lines and the size of the words that name a shape from outside.
    fn label(&self, node: &Node) -> Option<(Vec<String>, (i64, i64))> {
        let is_outside = match self.options.notation {
            Notation::Map => node.kind.is_gateway(),
            Notation::Bpmn => node.kind.is_gateway() || node.kind.is_event(),
        };
        let lines = self.small(is_outside.then_some(node.text.as_str())?);
        let size = self.small_size(&lines);
        (!lines.is_empty()).then_some((lines, size))
    }

    /// The lines of a label.
    fn small(&self, words: &str) -> Vec<String> {
        let most = match self.options.notation {
            Notation::Map => LABEL_LINES,
            Notation::Bpmn => WHOLE,
        };
        let widths = widths(self.options);
        let wrap = |room: i64| text::wrap(words, SMALL, room, most);
        let narrow = wrap(widths.label);
        let is_tight = narrow.len() > NARROW_LABEL || text::is_broken(words, SMALL, widths.label);
        if is_tight && self.options.notation == Notation::Map {
            return wrap(widths.label + widths.wider_label);
        }
        narrow
    }

    /// The width and height of a label.
    fn small_size(&self, lines: &[String]) -> (i64, i64) {
        let width = match self.options.notation {
            Notation::Map => lines.iter().map(|line| text::width(line, SMALL)).max().unwrap_or(0),
            // Viewers of BPMN centre the words in a box of this width, whatever the file says.
            Notation::Bpmn if lines.is_empty() => 0,
            Notation::Bpmn => widths(self.options).label,
        };
        (width, int(lines.len()) * SMALL_LINE)
    }

    /// The lines and the size of a note.
    fn note(&self, node: &Node) -> Option<(Vec<String>, (i64, i64))> {
        let (font, line, most) = match self.options.notation {
            Notation::Map => (SMALL, SMALL_LINE, NOTE_LINES),
            Notation::Bpmn => (BPMN_FONT, BPMN_LINE, WHOLE),
        };
        let room = widths(self.options).note - 2 * NOTE_PADDING;
        let lines = text::wrap(node.note.as_deref()?, font, room, most);
        let width = lines.iter().map(|line| text::width(line, font)).max().unwrap_or(0);
        let size = (width + 2 * NOTE_PADDING, int(lines.len()) * line + 2 * NOTE_PADDING);
        (!lines.is_empty()).then_some((lines, size))
    }
}

/// The font size of texts in the shapes of BPMN, which its viewers set.
const BPMN_FONT: i64 = 12;
/// The line height of such texts.
const BPMN_LINE: i64 = 15;

fn even(length: i64) -> i64 {
    length + length % 2
}

/// The lines of a text in a shape of some width, or of more where it is long; and that width.
fn fitting(words: &str, width: i64, wider: i64, beside: i64) -> (Vec<String>, i64) {
    let wrap = |width: i64| text::wrap(words, FONT, width - beside, SHAPE_LINES);
    let narrow = wrap(width);
    let is_tight = narrow.len() > NARROW_LINES || text::is_broken(words, FONT, width - beside);
    if wider == 0 || !is_tight {
        return (narrow, width);
    }
    (wrap(width + wider), width + wider)
}

fn map_shape(node: &Node, widths: &Widths) -> (Vec<String>, i64, i64) {
    let tall =
        |lines: &[String], least: i64, more: i64| even(int(lines.len()) * LINE + more).max(least);
    match node.kind {
        ShapeKind::Decision | ShapeKind::Parallel | ShapeKind::Join => {
            (Vec::new(), 2 * HALF_DIAMOND, 2 * HALF_DIAMOND)
        }
        ShapeKind::Step(_) => {
            let (lines, width) = fitting(&node.text, widths.step, widths.wider, 2 * PADDING);
            let height = tall(&lines, 60, HEAD + 2 * 10);
            (lines, width, height)
        }
        ShapeKind::Start | ShapeKind::Event | ShapeKind::Outcome | ShapeKind::Stop => {
            let sign = node.trigger.map_or(0, |_| SIGN);
            let beside = 2 * PADDING + sign;
            let (lines, most) = fitting(&node.text, widths.end, widths.wider, beside);
            let widest = lines.iter().map(|line| text::width(line, FONT)).max().unwrap_or(0);
            let width = (widest + sign + 2 * PADDING).clamp(72, most);
            let height = tall(&lines, END_HEIGHT, 2 * 12);
            (lines, even(width), height)
        }
    }
}

fn bpmn_shape(node: &Node, widths: &Widths) -> (Vec<String>, i64, i64) {
    match node.kind {
        ShapeKind::Decision | ShapeKind::Parallel | ShapeKind::Join => {
            (Vec::new(), 2 * HALF_GATEWAY, 2 * HALF_GATEWAY)
        }
        ShapeKind::Start | ShapeKind::Event | ShapeKind::Outcome | ShapeKind::Stop => {
            (Vec::new(), CIRCLE, CIRCLE)
        }
        ShapeKind::Step(_) => {
            let wrap = |width: i64| text::wrap(&node.text, BPMN_FONT, width - 2 * 10, WHOLE);
            let narrow = wrap(widths.step);
            // A long text makes a wider box before it makes a high one.
            let (lines, width) = match narrow.len() {
                0..=4 => (narrow, widths.step),
                _ => (wrap(widths.step + widths.wider), widths.step + widths.wider),
            };
            let height = even(int(lines.len()) * BPMN_LINE + 2 * 10).max(80);
            (lines, width, height)
        }
    }
}

/// The room for words beside a shape, on the first side of these where no edge runs; else in the
/// quarter before the middle, which edges only touch along the flow. `taken` holds how far out each
/// side is in use by words.
fn beside(
    shape: &Extent,
    uses: Uses,
    sides: [Side; 2],
    is_tight: bool,
    (along, across): (i64, i64),
    gap: i64,
    taken: &mut [Option<i64>; 2],
) -> Extent {
    let is_open =
        |side: &&Side| uses.is_free(**side) && taken.get(side.index()).copied().flatten().is_none();
    let open = sides.iter().find(is_open).copied();
    let side = open.unwrap_or(sides[0]);
    let end = match open {
        Some(_) if !is_tight => along - along / 2,
        Some(_) => shape.along.1.min(along - along / 2),
        None => -PORT_APART - CLEAR,
    };
    let far = taken.get(side.index()).copied().flatten();
    let (low, high) = match side {
        Side::Before => {
            let high = far.unwrap_or(shape.across.0) - gap;
            (high - across, high)
        }
        Side::After => {
            let low = far.unwrap_or(shape.across.1) + gap;
            (low, low + across)
        }
    };
    if let Some(slot) = taken.get_mut(side.index()) {
        *slot = Some(match side {
            Side::Before => low,
            Side::After => high,
        });
    }
    Extent { along: (end - along, end), across: (low, high) }
}

impl Desk<'_> {
    /// Stacks the labels of a diamond's branches outwards from its middle.
    fn place_signs(&self, shape: &Extent, links: &[usize], uses: Uses, signs: &mut [Option<Sign>]) {
        let Extent { along: (_, half_along), across: (_, half_across) } = *shape;
        // Beside the upright line from a corner, and beside an arrival next to it.
        let start = |side: Side| {
            let arrives = uses.comes_back(side) && uses.port(side, true) > 0;
            if arrives { PORT_APART + CLEAR } else { CLEAR + 2 }
        };
        // Where the next label may begin, on each side of the middle.
        let mut before = 0;
        let mut after = 0;
        let exit = |index: usize| self.plans.get(index).map(|plan| plan.exit);
        let mut by_exit: Vec<usize> = links.to_vec();
        by_exit.sort_by_key(|index| (exit(*index), *index));
        for index in by_exit {
            let label = self.graph.links.get(index).and_then(|link| link.label.as_deref());
            // A way beside the middle needs its place, with words or without.
            let label = match (label, exit(index)) {
                (Some(label), _) => label,
                (None, Some(Exit::Slot(_))) => "",
                (None, _) => continue,
            };
            let lines = self.small(label);
            let (along, across) = self.turn(self.small_size(&lines));
            let sign = match exit(index) {
                Some(Exit::Middle) | None => {
                    let at = before - CLEAR - across;
                    before = at;
                    Sign { room: room(half_along + CLEAR, along, at, across), lines, offset: 0 }
                }
                Some(Exit::Slot(Side::Before)) => {
                    let offset = (before - AWAY).min(-half_across - 2 * CLEAR);
                    let at = offset - CLEAR - across;
                    before = at;
                    Sign { room: room(start(Side::Before), along, at, across), lines, offset }
                }
                Some(Exit::Slot(Side::After)) => {
                    let offset = (after + AWAY + CLEAR + across).max(half_across + 2 * CLEAR);
                    let at = offset - CLEAR - across;
                    after = offset;
                    let is_clear = at >= half_across + CLEAR;
                    let start = if is_clear { start(Side::After) } else { half_along + CLEAR };
                    Sign { room: room(start, along, at, across), lines, offset }
                }
                Some(Exit::Corner(Side::Before)) => {
                    let at = (before - 3 * CLEAR).min(-half_across - CLEAR) - across;
                    before = at;
                    Sign { room: room(start(Side::Before), along, at, across), lines, offset: at }
                }
                Some(Exit::Corner(Side::After)) => {
                    let at = (after + 2 * CLEAR).max(half_across + CLEAR);
                    after = at + across;
                    Sign { room: room(start(Side::After), along, at, across), lines, offset: at }
                }
            };
            if let Some(slot) = signs.get_mut(index) {
                *slot = Some(sign);
            }
        }
    }
}

fn room(start: i64, along: i64, at: i64, across: i64) -> Extent {
    Extent { along: (start, start + along), across: (at, at + across) }
}
