//! How each edge travels: straight, with one turn, or around, through the channels between the rows
//! and columns, so that no edge ever has to pass through a shape.
//!
//! Cells are claimed as edges are given their ways: a cell holds a shape, or one edge along its
//! middle, or nothing.

mod course;
mod detour;

use crate::graph::{Graph, Link};
use crate::order::Rows;
use std::collections::BTreeSet;
use std::ops::Range;

/// One of the two sides of a shape across the flow.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Side {
    /// Towards the first lane.
    Before,
    /// Towards the last lane.
    After,
}

impl Side {
    /// Its place in a pair of something for each side.
    pub(crate) fn index(self) -> usize {
        match self {
            Self::Before => 0,
            Self::After => 1,
        }
    }

    /// The other one.
    pub(crate) fn opposite(self) -> Self {
        match self {
            Self::Before => Self::After,
            Self::After => Self::Before,
        }
    }
}

/// Where an edge leaves its shape.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Exit {
    /// In the middle of the border that looks along the flow.
    Middle,
    /// From a corner of a diamond, then along the flow beside it.
    Slot(Side),
    /// From a corner of a diamond, or the middle of a border of a box, straight across the flow.
    Corner(Side),
}

/// How an edge goes on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Way {
    /// Along the row.
    Straight,
    /// Across the flow in the channel before this column, then along the target's row.
    Turn(usize),
    /// Across the flow from the corner of a diamond, then along the target's row.
    Drop,
    /// Straight across the flow, to a shape in the same column.
    Across,
    /// Along a channel between rows, then into the target.
    Around {
        /// The side of the row whose channel it takes, and of the target that it comes from.
        side: Side,
        /// The row whose channel it takes.
        row: usize,
        /// It reaches that channel by the channel before this column, or straight from a corner.
        by: Option<usize>,
        /// It comes to the target along the flow, by the channel before it, and not across.
        into: bool,
    },
}

/// The way of one edge.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Plan {
    pub(crate) exit: Exit,
    pub(crate) way: Way,
}

/// The cells and gaps that a way needs for itself.
#[derive(Debug, Default)]
struct Claims {
    /// Rows, with the columns in which it runs along their middle.
    rows: Vec<(usize, Range<usize>)>,
    /// Columns, with the rows that it passes in their middle.
    columns: Vec<(usize, Range<usize>)>,
    /// Columns, with the gaps between rows that it passes.
    gaps: Vec<(usize, Range<usize>)>,
}

impl Claims {
    fn pass(&mut self, column: usize, (rows, gaps): (Range<usize>, Range<usize>)) {
        self.columns.push((column, rows));
        self.gaps.push((column, gaps));
    }
}

/// Gives every link its way.
pub(crate) fn ways(
    graph: &Graph,
    ranks: &[usize],
    across: &BTreeSet<usize>,
    rows: &Rows,
) -> Vec<Plan> {
    let mut planner = Planner {
        graph,
        ranks,
        rows,
        by_row: BTreeSet::new(),
        by_column: BTreeSet::new(),
        gaps: BTreeSet::new(),
        flipped: BTreeSet::new(),
        plans: vec![None; graph.links.len()],
        outs: graph.outs(),
        across,
    };
    for (rank, row) in ranks.iter().zip(&rows.of) {
        planner.by_row.insert((*row, *rank));
        planner.by_column.insert((*rank, *row));
    }
    for index in across {
        planner.across(*index);
    }
    let outs = planner.outs.clone();
    for links in &outs {
        planner.straight(links);
    }
    for (index, links) in outs.iter().enumerate() {
        planner.rest(index, links);
    }
    planner.improve();
    let around = Plan { exit: Exit::Middle, way: Way::Straight };
    planner.plans.into_iter().map(|plan| plan.unwrap_or(around)).collect()
}

/// Runs longer than this many columns go around: they would be hard to follow anyway.
const LONGEST_RUN: usize = 48;

#[derive(Clone, Copy)]
struct Spot {
    column: usize,
    row: usize,
}

struct Planner<'a> {
    graph: &'a Graph,
    ranks: &'a [usize],
    rows: &'a Rows,
    /// The cells that hold a shape or an edge along the row.
    by_row: BTreeSet<(usize, usize)>,
    /// The cells that hold a shape or an edge across the flow.
    by_column: BTreeSet<(usize, usize)>,
    /// The gaps before a row, per column, that an edge from a corner passes.
    gaps: BTreeSet<(usize, usize)>,
    /// The loops that go over the top, as the bottom corner has another use.
    flipped: BTreeSet<usize>,
    plans: Vec<Option<Plan>>,
    /// The links that leave each node.
    outs: Vec<Vec<usize>>,
    /// The links that stay within their column.
    across: &'a BTreeSet<usize>,
}

impl Planner<'_> {
    fn spot(&self, node: usize) -> Spot {
        Spot {
            column: self.ranks.get(node).copied().unwrap_or(0),
            row: self.rows.of.get(node).copied().unwrap_or(0),
        }
    }

    fn link(&self, index: usize) -> Option<(&Link, Spot, Spot)> {
        let link = self.graph.links.get(index)?;
        Some((link, self.spot(link.from), self.spot(link.to)))
    }

    /// Whether a link leads to an earlier column of a later row, where a long row is broken. It comes
    /// to its target along the flow, as what follows in a row does.
    fn returns(&self, index: usize) -> bool {
        self.link(index).is_some_and(|(link, from, to)| {
            !link.is_back()
                && to.column <= from.column
                && to.row > from.row
                && !self.across.contains(&index)
        })
    }

    fn is_planned(&self, index: usize) -> bool {
        self.plans.get(index).is_none_or(Option::is_some)
    }

    fn set(&mut self, index: usize, exit: Exit, way: Way) {
        if let Some(slot) = self.plans.get_mut(index) {
            *slot = Some(Plan { exit, way });
        }
    }

    fn row_is_free(&self, row: usize, columns: Range<usize>) -> bool {
        columns.is_empty()
            || columns.len() <= LONGEST_RUN
                && self.by_row.range((row, columns.start)..(row, columns.end)).next().is_none()
    }

    fn column_is_free(&self, column: usize, rows: Range<usize>) -> bool {
        rows.is_empty()
            || self.by_column.range((column, rows.start)..(column, rows.end)).next().is_none()
    }

    fn gaps_are_free(&self, column: usize, gaps: Range<usize>) -> bool {
        self.gaps.range((column, gaps.start)..(column, gaps.end.max(gaps.start))).next().is_none()
    }

    /// Gives a link its way, and the way what it needs for itself.
    fn claim(&mut self, index: usize, exit: Exit, way: Way) {
        self.take(index, Plan { exit, way });
        self.set(index, exit, way);
    }

    /// What a link needs for itself to go a way.
    fn claims(&self, index: usize, plan: Plan) -> Claims {
        let mut claims = Claims::default();
        let Some((_, from, to)) = self.link(index) else { return claims };
        let next = from.column + 1;
        match plan.way {
            Way::Straight => claims.rows.push((from.row, next..to.column)),
            Way::Turn(column) => {
                claims.rows.push((from.row, next..column));
                claims.rows.push((to.row, column..to.column));
            }
            Way::Across => claims.pass(from.column, between(from.row, to.row)),
            Way::Drop => {
                claims.rows.push((to.row, from.column..to.column));
                claims.pass(from.column, between(from.row, to.row));
                claims.columns.push((from.column, to.row..to.row + 1));
            }
            Way::Around { side, row, by, into } => {
                let at = gap(row, side);
                if by.is_none() {
                    claims.pass(from.column, passed(from.row, at));
                }
                if !into && row != to.row {
                    claims.pass(to.column, passed(to.row, at));
                }
            }
        }
        claims
    }

    /// Straight across to a shape in the same column, if all of that is free.
    fn across(&mut self, index: usize) {
        let Some((_, from, to)) = self.link(index) else { return };
        let (rows, gaps) = between(from.row, to.row);
        let is_free = from.column == to.column
            && self.column_is_free(from.column, rows)
            && self.gaps_are_free(from.column, gaps);
        if is_free {
            let side = if to.row < from.row { Side::Before } else { Side::After };
            self.claim(index, Exit::Corner(side), Way::Across);
        }
    }

    /// The first choice of a shape: along its own row to the nearest shape ahead.
    fn straight(&mut self, links: &[usize]) {
        let best = links
            .iter()
            .filter_map(|index| self.link(*index).map(|(link, from, to)| (*index, link, from, to)))
            .filter(|(index, link, from, to)| {
                !link.is_back() && from.row == to.row && !self.is_planned(*index)
            })
            .min_by_key(|(index, _, _, to)| (to.column, *index))
            .map(|(index, _, from, to)| (index, from, to));
        let Some((index, from, to)) = best else { return };
        if self.row_is_free(from.row, from.column + 1..to.column) {
            self.claim(index, Exit::Middle, Way::Straight);
        }
    }

    /// All other links of a shape.
    fn rest(&mut self, node: usize, links: &[usize]) {
        let mut open: Vec<usize> =
            links.iter().copied().filter(|index| !self.is_planned(*index)).collect();
        if !self.graph.nodes.get(node).is_some_and(|n| n.kind.is_gateway()) {
            for index in open {
                self.exit_along(index, Exit::Middle);
            }
            return;
        }
        let is_ahead =
            |index: &usize| self.plan(*index).is_some_and(|plan| plan.exit == Exit::Middle);
        if !links.iter().any(is_ahead) {
            let ahead = open
                .iter()
                .filter_map(|index| self.link(*index).map(|(link, _, to)| (*index, link, to)))
                .filter(|(_, link, _)| !link.is_back())
                .min_by_key(|(index, _, to)| (to.column, *index))
                .map(|(index, _, _)| index);
            if let Some(index) = ahead {
                self.exit_along(index, Exit::Middle);
                open.retain(|other| *other != index);
            }
        }
        self.flip(&open);
        for side in [Side::Before, Side::After] {
            let mut own: Vec<usize> =
                open.iter().copied().filter(|index| self.side(*index) == side).collect();
            own.sort_by_key(|index| (self.reach(*index), *index));
            let direct = own
                .iter()
                .copied()
                .find(|index| self.drop_down(*index, side))
                .or_else(|| own.iter().copied().find(|index| self.around_corner(*index, side)));
            for index in own.into_iter().filter(|index| Some(*index) != direct) {
                self.exit_along(index, Exit::Slot(side));
            }
        }
    }

    /// Sends one loop over the top where the bottom is crowded and the top is free.
    fn flip(&mut self, open: &[usize]) {
        let is_free = open.iter().all(|index| self.side(*index) == Side::After);
        let is_loop = |index: &&usize| {
            self.link(**index).is_some_and(|(link, from, to)| link.is_back() && from.row == to.row)
        };
        if is_free && open.len() > 1 {
            let first = open.iter().find(is_loop).copied();
            self.flipped.extend(first);
        }
    }

    /// How far a branch goes: across the flow first, then along it.
    fn reach(&self, index: usize) -> (usize, usize) {
        self.link(index).map_or((0, 0), |(_, from, to)| {
            (from.row.abs_diff(to.row), from.column.abs_diff(to.column))
        })
    }

    /// The side of a diamond that a branch leaves from: jumps ahead over the top, loops back below.
    fn side(&self, index: usize) -> Side {
        match self.link(index) {
            Some((link, from, to)) if from.row == to.row => {
                if link.is_back() && !self.flipped.contains(&index) {
                    Side::After
                } else {
                    Side::Before
                }
            }
            Some((_, from, to)) if to.row < from.row => Side::Before,
            _ => Side::After,
        }
    }

    /// The side of the target that an edge around arrives at.
    fn arrival(&self, index: usize) -> Side {
        match self.link(index) {
            Some((_, from, to)) if from.row != to.row => {
                if to.row < from.row {
                    Side::After
                } else {
                    Side::Before
                }
            }
            _ => self.side(index),
        }
    }

    /// Leaves along the flow and finds the way from the channel behind the shape.
    fn exit_along(&mut self, index: usize, exit: Exit) {
        let Some((link, from, to)) = self.link(index) else { return };
        let next = from.column + 1;
        let way = if self.returns(index) {
            Way::Around { side: Side::Before, row: to.row, by: Some(next), into: true }
        } else if link.is_back() || from.row == to.row {
            Way::Around { side: self.arrival(index), row: to.row, by: Some(next), into: false }
        } else if self.row_is_free(from.row, next..to.column) {
            Way::Turn(to.column)
        } else if self.row_is_free(to.row, next..to.column) {
            Way::Turn(next)
        } else {
            Way::Around { side: self.arrival(index), row: to.row, by: Some(next), into: false }
        };
        self.claim(index, exit, way);
    }

    /// Straight across to the target's row, then along it, if all of that is free.
    fn drop_down(&mut self, index: usize, side: Side) -> bool {
        let Some((link, from, to)) = self.link(index) else { return false };
        if link.is_back() || from.row == to.row || self.returns(index) {
            return false;
        }
        let (rows, gaps) = between(from.row, to.row);
        let free = self.column_is_free(from.column, rows)
            && self.gaps_are_free(from.column, gaps)
            && !self.by_column.contains(&(from.column, to.row))
            && self.row_is_free(to.row, from.column..to.column);
        if free {
            self.claim(index, Exit::Corner(side), Way::Drop);
        }
        free
    }

    /// Straight across to the channel at the target's row, if all of that is free.
    fn around_corner(&mut self, index: usize, side: Side) -> bool {
        let Some((_, from, to)) = self.link(index) else { return false };
        let arrival = self.arrival(index);
        let (rows, gaps) = passed(from.row, gap(to.row, arrival));
        let into = self.returns(index);
        let free = !(into && from.column == to.column)
            && self.column_is_free(from.column, rows)
            && self.gaps_are_free(from.column, gaps);
        if free {
            let way = Way::Around { side: arrival, row: to.row, by: None, into };
            self.claim(index, Exit::Corner(side), way);
        }
        free
    }
}

/// The gap at a side of a row: gaps are counted as the rows they lie before.
pub(crate) fn gap(row: usize, side: Side) -> usize {
    row + side.index()
}

/// The rows and the gaps that an edge across the flow passes between a row and a gap, that one with
/// it.
pub(crate) fn passed(row: usize, gap: usize) -> (Range<usize>, Range<usize>) {
    if gap <= row { (gap..row, gap..row + 1) } else { (row + 1..gap, row + 1..gap + 1) }
}

/// The rows strictly between two, and the gaps passed from one to the other.
pub(crate) fn between(from: usize, to: usize) -> (Range<usize>, Range<usize>) {
    let (low, high) = (from.min(to), from.max(to));
    (low + 1..high, low + 1..high + 1)
}
