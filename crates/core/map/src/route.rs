//! The course of every edge: which tracks it runs on, where it arrives, its corners and its label.

use crate::graph::Graph;
use crate::layout::{Edge, Label, Notation};
use crate::order::Rows;
use crate::place::Placed;
use crate::rect::{Point, int};
use crate::size::{Cell, Extent, PORT_APART, Sign, Uses};
use crate::track::{Stretch, tracks};
use crate::ways::{Exit, Plan, Side, Way};
use std::collections::{BTreeMap, BTreeSet};

/// The distance between two places in the order across or along the map, beyond any offset.
const STEP: i64 = 1_000_000;

/// The stretches wanted in each channel, by who may share one, with the links that do.
type Wanted<Channel, Sharing> = BTreeMap<Channel, BTreeMap<Sharing, (Stretch, Vec<(usize, Leg)>)>>;

/// What every edge needs of the channels.
#[derive(Debug, Default)]
pub(crate) struct Runs {
    /// The number of tracks in the channel before each column.
    pub(crate) channels: BTreeMap<usize, usize>,
    /// The number of tracks at each side of each row.
    pub(crate) beside: BTreeMap<(usize, Side), usize>,
    /// The tracks of each link.
    of: Vec<Run>,
}

/// The tracks and the arrival of one link.
#[derive(Debug, Clone, Copy, Default)]
struct Run {
    /// The track in the channel across the flow.
    channel: usize,
    /// The track in the channel before the target, where it comes by that after a way around.
    entry: usize,
    /// The track in the channel along the flow, and that channel.
    beside: usize,
    row: usize,
    /// How far from the middle of the border it arrives.
    port: i64,
}

/// Which of the channels across the flow that an edge takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Leg {
    /// The first one.
    First,
    /// The one before its target, after a way around.
    Entry,
}

/// Edges that share a track and an arrival: those that come to one target the same way.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Group {
    /// They come to a target along the flow, from one side.
    Target(usize, Side),
    /// They go around to a target by the channel at this side of this row.
    Around(usize, Side, usize),
}

/// Gives every link its tracks.
pub(crate) fn runs(
    graph: &Graph,
    ranks: &[usize],
    rows: &Rows,
    plans: &[Plan],
    signs: &[Option<Sign>],
    uses: &[Uses],
) -> Runs {
    let scout = Scout { graph, ranks, rows, plans, signs, uses };
    let mut runs = Runs { of: vec![Run::default(); graph.links.len()], ..Runs::default() };
    scout.ports(&mut runs);
    scout.channels(&mut runs);
    scout.besides(&mut runs);
    runs
}

struct Scout<'a> {
    graph: &'a Graph,
    ranks: &'a [usize],
    rows: &'a Rows,
    plans: &'a [Plan],
    signs: &'a [Option<Sign>],
    uses: &'a [Uses],
}

impl Scout<'_> {
    fn row(&self, node: usize) -> usize {
        self.rows.of.get(node).copied().unwrap_or(0)
    }

    fn column(&self, node: usize) -> usize {
        self.ranks.get(node).copied().unwrap_or(0)
    }

    fn links(&self) -> impl Iterator<Item = (usize, &crate::graph::Link, &Plan)> {
        self.graph.links.iter().zip(self.plans).enumerate().map(|(i, (link, plan))| (i, link, plan))
    }

    /// How far beside the middle of its shape a link leaves along the flow.
    fn leaving(&self, index: usize) -> i64 {
        let slot = matches!(self.plans.get(index).map(|p| p.exit), Some(Exit::Slot(_)));
        let offset = self.signs.get(index).and_then(Option::as_ref).map_or(0, |sign| sign.offset);
        if slot { offset } else { 0 }
    }

    /// The side from which a link comes to its target's row.
    fn coming(&self, link: &crate::graph::Link, plan: &Plan) -> Side {
        match plan.way {
            Way::Around { side, .. } => side,
            Way::Straight | Way::Turn(_) | Way::Drop | Way::Across => {
                if self.row(link.from) <= self.row(link.to) { Side::Before } else { Side::After }
            }
        }
    }

    /// The channel across the flow from which a link turns into its target's row.
    fn entered(&self, link: &crate::graph::Link, plan: &Plan) -> Option<usize> {
        match plan.way {
            Way::Turn(column) => Some(column),
            Way::Around { into: true, .. } => Some(self.column(link.to)),
            Way::Straight | Way::Drop | Way::Across | Way::Around { into: false, .. } => None,
        }
    }

    /// Where each link arrives at its target's border.
    fn ports(&self, runs: &mut Runs) {
        // The rows along which an edge leaves, per channel: an arrival must not run into it.
        let mut leaving: BTreeSet<(usize, usize)> = BTreeSet::new();
        let mut along: BTreeMap<usize, BTreeSet<Option<Side>>> = BTreeMap::new();
        let mut blocked: BTreeSet<usize> = BTreeSet::new();
        for (_, link, plan) in self.links() {
            if plan.exit == Exit::Middle && plan.way != Way::Straight {
                leaving.insert((self.row(link.from), self.column(link.from) + 1));
                if let Way::Turn(column) = plan.way {
                    leaving.insert((self.row(link.from), column));
                }
            }
            match plan.way {
                Way::Straight => {
                    along.entry(link.to).or_default().insert(None);
                }
                Way::Turn(_) | Way::Drop | Way::Around { into: true, .. } => {
                    let side = self.coming(link, plan);
                    along.entry(link.to).or_default().insert(Some(side));
                }
                Way::Around { into: false, .. } | Way::Across => {}
            }
        }
        for (_, link, plan) in self.links() {
            if let Some(column) = self.entered(link, plan)
                && leaving.contains(&(self.row(link.to), column))
            {
                blocked.insert(link.to);
            }
        }
        for (index, link, plan) in self.links() {
            let port = match plan.way {
                Way::Straight | Way::Across => 0,
                Way::Turn(_) | Way::Drop | Way::Around { into: true, .. } => {
                    let alone = along.get(&link.to).is_none_or(|ways| ways.len() == 1);
                    match self.coming(link, plan) {
                        _ if alone && !blocked.contains(&link.to) => 0,
                        Side::Before => -PORT_APART,
                        Side::After => PORT_APART,
                    }
                }
                Way::Around { side, into: false, .. } => {
                    self.uses.get(link.to).map_or(0, |uses| uses.port(side, link.is_back()))
                }
            };
            if let Some(run) = runs.of.get_mut(index) {
                run.port = port;
            }
        }
    }

    /// The place of a link's departure in the order across the map.
    fn departure(&self, index: usize, link: &crate::graph::Link) -> i64 {
        (3 * int(self.row(link.from)) + 1) * STEP + self.leaving(index).clamp(1 - STEP, STEP - 1)
    }

    /// Tracks across the flow, between columns.
    fn channels(&self, runs: &mut Runs) {
        let mut wanted: Wanted<usize, Group> = BTreeMap::new();
        let mut want = |column: usize, group: Group, (from, to): (i64, i64), member| {
            let turn = if from < to { -from } else { from };
            let own = Stretch { low: from.min(to), high: from.max(to), turn };
            wanted
                .entry(column)
                .or_default()
                .entry(group)
                .and_modify(|(stretch, members)| {
                    stretch.low = stretch.low.min(own.low);
                    stretch.high = stretch.high.max(own.high);
                    members.push(member);
                })
                .or_insert((own, vec![member]));
        };
        for (index, link, plan) in self.links() {
            let from = self.departure(index, link);
            let port = runs.of.get(index).map_or(0, |run| run.port);
            let arrival = (3 * int(self.row(link.to)) + 1) * STEP + port;
            let target = Group::Target(link.to, self.coming(link, plan));
            match plan.way {
                Way::Turn(column) => want(column, target, (from, arrival), (index, Leg::First)),
                Way::Around { side, row, by, into } => {
                    let beside = (3 * int(row) + if side == Side::Before { 0 } else { 2 }) * STEP;
                    if let Some(column) = by {
                        let group = Group::Around(link.to, side, row);
                        want(column, group, (from, beside), (index, Leg::First));
                    }
                    if into {
                        let column = self.column(link.to);
                        want(column, target, (beside, arrival), (index, Leg::Entry));
                    }
                }
                Way::Straight | Way::Drop | Way::Across => {}
            }
        }
        for (column, groups) in wanted {
            let stretches: Vec<Stretch> = groups.values().map(|(stretch, _)| *stretch).collect();
            let (of, count) = tracks(&stretches);
            runs.channels.insert(column, count);
            for (track, (_, members)) in of.into_iter().zip(groups.values()) {
                for (index, leg) in members {
                    match (runs.of.get_mut(*index), leg) {
                        (Some(run), Leg::First) => run.channel = track,
                        (Some(run), Leg::Entry) => run.entry = track,
                        (None, _) => {}
                    }
                }
            }
        }
    }

    /// Tracks along the flow, beside the rows. Forward jumps and loops never share one.
    fn besides(&self, runs: &mut Runs) {
        let mut wanted: Wanted<(usize, Side), (usize, bool)> = BTreeMap::new();
        for (index, link, plan) in self.links() {
            let Way::Around { side, row, by, into } = plan.way else { continue };
            let from = match by {
                Some(column) => 2 * int(column),
                None => 2 * int(self.column(link.from)) + 1,
            };
            let to = 2 * int(self.column(link.to)) + i64::from(!into);
            let (low, high) = (from.min(to), from.max(to));
            let own = Stretch { low, high, turn: high - low };
            if let Some(run) = runs.of.get_mut(index) {
                run.row = row;
            }
            wanted
                .entry((row, side))
                .or_default()
                .entry((link.to, link.is_back()))
                .and_modify(|(stretch, members)| {
                    stretch.low = stretch.low.min(own.low);
                    stretch.high = stretch.high.max(own.high);
                    stretch.turn = stretch.high - stretch.low;
                    members.push((index, Leg::First));
                })
                .or_insert((own, vec![(index, Leg::First)]));
        }
        for (place, groups) in wanted {
            let stretches: Vec<Stretch> = groups.values().map(|(stretch, _)| *stretch).collect();
            let (of, count) = tracks(&stretches);
            runs.beside.insert(place, count);
            for (track, (_, members)) in of.into_iter().zip(groups.values()) {
                for (index, _) in members {
                    if let Some(run) = runs.of.get_mut(*index) {
                        run.beside = track;
                    }
                }
            }
        }
    }
}

/// All that the last room needs.
pub(crate) struct Routing<'a> {
    pub(crate) graph: &'a Graph,
    pub(crate) ranks: &'a [usize],
    pub(crate) plans: &'a [Plan],
    pub(crate) cells: &'a [Cell],
    pub(crate) signs: &'a [Option<Sign>],
    pub(crate) runs: &'a Runs,
    pub(crate) placed: &'a Placed,
    pub(crate) notation: Notation,
}

impl Routing<'_> {
    /// The edges with their corners and labels.
    pub(crate) fn edges(&self) -> Vec<Edge> {
        (0..self.graph.links.len()).filter_map(|index| self.edge(index)).collect()
    }

    fn edge(&self, index: usize) -> Option<Edge> {
        let link = self.graph.links.get(index)?;
        let sign = self.signs.get(index).and_then(Option::as_ref);
        let middle = *self.placed.middles.get(link.from)?;
        let label = sign.filter(|sign| !sign.lines.is_empty()).map(|sign| Label {
            text: link.label.clone().unwrap_or_default(),
            lines: sign.lines.clone(),
            rect: self.placed.turned(
                (middle.0 + sign.room.along.0, middle.0 + sign.room.along.1),
                (middle.1 + sign.room.across.0, middle.1 + sign.room.across.1),
            ),
        });
        Some(Edge {
            from: self.graph.nodes.get(link.from)?.id.clone(),
            to: self.graph.nodes.get(link.to)?.id.clone(),
            points: self.points(index)?,
            label,
            kind: link.kind,
            branch: link.branch.clone(),
            fate: link.fate,
        })
    }

    /// The corners of an edge, from border to border.
    fn points(&self, index: usize) -> Option<Vec<Point>> {
        let link = self.graph.links.get(index)?;
        let plan = self.plans.get(index)?;
        let run = self.runs.of.get(index)?;
        let from = *self.placed.middles.get(link.from)?;
        let to = *self.placed.middles.get(link.to)?;
        let source = self.cells.get(link.from)?.shape;
        let target = self.cells.get(link.to)?.shape;
        let corner = |side: Side| (from.0, from.1 + border(&source, side));
        let mut path: Vec<(i64, i64)> = Vec::with_capacity(6);
        // The line along which the edge leaves; from a corner it is not along the flow.
        let across = match plan.exit {
            Exit::Middle => {
                path.push((from.0 + source.along.1, from.1));
                from.1
            }
            Exit::Slot(side) => {
                let offset = self.signs.get(index).and_then(Option::as_ref).map_or(0, |s| s.offset);
                path.push(corner(side));
                path.push((from.0, from.1 + offset));
                from.1 + offset
            }
            Exit::Corner(side) => {
                path.push(corner(side));
                from.1
            }
        };
        let outline = self.outline(link.to);
        let inset = outline.inset(&target, run.port);
        let arrival = (to.0 + target.along.0 + inset, to.1 + run.port);
        match plan.way {
            Way::Straight => path.push((arrival.0, across)),
            Way::Turn(column) => {
                let channel = self.placed.channel(column, run.channel);
                path.extend([(channel, across), (channel, arrival.1), arrival]);
            }
            Way::Across => {
                let side = if from.1 < to.1 { Side::Before } else { Side::After };
                path.push((to.0, to.1 + border(&target, side)));
            }
            Way::Drop => path.extend([(from.0, arrival.1), arrival]),
            Way::Around { side, by, into, .. } => {
                let beside = self.placed.beside(run.row, side, run.beside);
                let turn = match by {
                    Some(column) => {
                        let channel = self.placed.channel(column, run.channel);
                        path.push((channel, across));
                        channel
                    }
                    None => from.0,
                };
                if into {
                    let entry = self
                        .placed
                        .channel(self.ranks.get(link.to).copied().unwrap_or(0), run.entry);
                    path.extend([(turn, beside), (entry, beside), (entry, arrival.1), arrival]);
                    return Some(self.turned(&path));
                }
                let end = to.0 + run.port;
                let inset = match side {
                    Side::Before => inset,
                    Side::After => -inset,
                };
                let stop = to.1 + border(&target, side) + inset;
                path.extend([(turn, beside), (end, beside), (end, stop)]);
            }
        }
        Some(self.turned(&path))
    }

    /// A path in page terms, without points that are no corners.
    fn turned(&self, path: &[(i64, i64)]) -> Vec<Point> {
        simple(path).into_iter().map(|(along, across)| self.point(along, across)).collect()
    }

    fn outline(&self, node: usize) -> Outline {
        match (self.graph.nodes.get(node).map(|node| node.kind), self.notation) {
            (Some(kind), _) if kind.is_gateway() => Outline::Diamond,
            (Some(kind), Notation::Bpmn) if kind.is_event() => Outline::Circle,
            _ => Outline::Box,
        }
    }

    fn point(&self, along: i64, across: i64) -> Point {
        let rect = self.placed.turned((along, along), (across, across));
        Point { x: rect.x, y: rect.y }
    }
}

/// What the border of a shape looks like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Outline {
    Box,
    Diamond,
    Circle,
}

impl Outline {
    /// How far within its rectangle the border lies, so far from the middle of a side.
    fn inset(self, shape: &Extent, port: i64) -> i64 {
        let radius = shape.along.1;
        match self {
            Self::Box => 0,
            Self::Diamond => port.abs().min(radius),
            Self::Circle => radius - (radius * radius - port * port).max(0).isqrt(),
        }
    }
}

fn border(shape: &Extent, side: Side) -> i64 {
    match side {
        Side::Before => shape.across.0,
        Side::After => shape.across.1,
    }
}

/// The same path without points that are no corners.
fn simple(path: &[(i64, i64)]) -> Vec<(i64, i64)> {
    let mut out: Vec<(i64, i64)> = Vec::with_capacity(path.len());
    for point in path {
        if out.last() == Some(point) {
            continue;
        }
        if let [.., before, last] = out.as_slice() {
            let level = before.1 == last.1 && last.1 == point.1;
            let upright = before.0 == last.0 && last.0 == point.0;
            if level || upright {
                out.pop();
            }
        }
        out.push(*point);
    }
    out
}
