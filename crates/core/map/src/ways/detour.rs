//! A second look at the ways: where another channel or an earlier turn crosses fewer edges, it is
//! taken.
//!
//! Places are halves here: the middle of a column or row is odd, the channel before it is the even
//! number below. That is coarse, but tells what crosses what before anything has coordinates.

use crate::graph::ShapeKind;

use super::{Exit, Plan, Planner, Side, Way, gap, passed};

/// Larger maps are left as they are: nobody counts their crossings, and the look is at every pair.
const MOST_LINKS: usize = 1500;
/// How often all edges are looked at.
const ROUNDS: usize = 2;
/// How many channels on either side of the nearest one are tried, besides those at the map's edges.
const NEAR: usize = 6;

/// A straight part of an edge: the place across it, and from where to where it goes.
#[derive(Debug, Clone, Copy)]
struct Part {
    at: usize,
    low: usize,
    high: usize,
}

impl Part {
    fn new(at: usize, a: usize, b: usize) -> Self {
        Self { at, low: a.min(b), high: a.max(b) }
    }

    fn crosses(&self, other: &Self) -> bool {
        self.low < other.at && other.at < self.high && other.low < self.at && self.at < other.high
    }
}

/// An edge as its parts along the rows and across them.
#[derive(Debug, Clone, Default)]
struct Course {
    along: Vec<Part>,
    across: Vec<Part>,
}

impl Planner<'_> {
    /// Looks at every edge that goes around or turns, in order, and gives it a better way if there is
    /// one.
    pub(super) fn improve(&mut self) {
        let count = self.plans.len();
        if count > MOST_LINKS {
            return;
        }
        let courses = |planner: &Self| -> Vec<Course> {
            (0..count)
                .map(|index| match planner.plan(index) {
                    Some(plan) => planner.course(index, plan),
                    None => Course::default(),
                })
                .collect()
        };
        let mut all = courses(self);
        for _ in 0..ROUNDS {
            let mut is_better = false;
            for index in 0..count {
                if self.improve_one(index, &mut all) {
                    is_better = true;
                }
            }
            if !is_better {
                return;
            }
        }
    }

    pub(super) fn plan(&self, index: usize) -> Option<Plan> {
        self.plans.get(index).copied().flatten()
    }

    fn improve_one(&mut self, index: usize, all: &mut [Course]) -> bool {
        let Some(now) = self.plan(index) else { return false };
        let mut cost = all.get(index).map_or(0, |course| self.crossings(index, course, all));
        if cost == 0 {
            return false;
        }
        let others = match now.way {
            Way::Around { .. } => self.other_channels(index, now),
            Way::Turn(_) => self.other_turn(index, now).into_iter().collect(),
            Way::Straight | Way::Drop | Way::Across => Vec::new(),
        };
        self.release(index, now);
        let mut best = None;
        for plan in others {
            if !self.may_take(index, plan) {
                continue;
            }
            let course = self.course(index, plan);
            let crossings = self.crossings(index, &course, all);
            if crossings < cost {
                cost = crossings;
                best = Some((plan, course));
            }
        }
        let plan = best.as_ref().map_or(now, |(plan, _)| *plan);
        self.take(index, plan);
        let Some((plan, course)) = best else { return false };
        if let Some(slot) = all.get_mut(index) {
            *slot = course;
        }
        self.set(index, plan.exit, plan.way);
        true
    }

    /// How many of the other edges one would cross. Edges to the same target run together in the end
    /// and are not counted.
    fn crossings(&self, index: usize, course: &Course, all: &[Course]) -> usize {
        let to = self.graph.links.get(index).map(|link| link.to);
        let mut count = 0;
        for (other, (link, theirs)) in self.graph.links.iter().zip(all).enumerate() {
            if other == index || Some(link.to) == to {
                continue;
            }
            for part in &course.along {
                count += theirs.across.iter().filter(|across| part.crosses(across)).count();
            }
            for part in &course.across {
                count += theirs.along.iter().filter(|along| part.crosses(along)).count();
            }
        }
        count
    }

    fn course(&self, index: usize, plan: Plan) -> Course {
        let Some((_, from, to)) = self.link(index) else { return Course::default() };
        let (x, y) = (2 * from.column + 1, 2 * from.row + 1);
        let (end_x, end_y) = (2 * to.column + 1, 2 * to.row + 1);
        let mut course = Course::default();
        match plan.way {
            Way::Straight => course.along.push(Part::new(y, x, end_x)),
            Way::Turn(column) => {
                course.along.push(Part::new(y, x, 2 * column));
                course.across.push(Part::new(2 * column, y, end_y));
                course.along.push(Part::new(end_y, 2 * column, end_x));
            }
            Way::Across => course.across.push(Part::new(x, y, end_y)),
            Way::Drop => {
                course.across.push(Part::new(x, y, end_y));
                course.along.push(Part::new(end_y, x, end_x));
            }
            Way::Around { side, row, by } => {
                let channel = 2 * gap(row, side);
                let turn = by.map_or(x, |column| 2 * column);
                course.along.push(Part::new(y, x, turn));
                course.across.push(Part::new(turn, y, channel));
                course.along.push(Part::new(channel, turn, end_x));
                course.across.push(Part::new(end_x, channel, end_y));
            }
        }
        course
    }

    /// The same edge through other channels: nearer ones first, then those at the map's edges.
    fn other_channels(&self, index: usize, now: Plan) -> Vec<Plan> {
        let (Way::Around { side, row, by }, Some((_, from, to))) = (now.way, self.link(index))
        else {
            return Vec::new();
        };
        let last = self.rows.starts.last().copied().unwrap_or(1);
        let own = gap(row, side);
        let near = (1..=NEAR).flat_map(|far| [own.checked_sub(far), Some(own + far)]).flatten();
        let mut gaps: Vec<usize> = vec![own, gap(to.row, Side::Before), gap(to.row, Side::After)];
        gaps.extend(near.chain([0, last]));
        let mut tried: Vec<usize> = Vec::new();
        let exits = self.exits(index, now.exit);
        let mut plans = Vec::new();
        for at in gaps {
            if at > last || tried.contains(&at) {
                continue;
            }
            tried.push(at);
            // From above it takes the channel before a row, from below the one after it.
            let (side, row) =
                if at <= to.row { (Side::Before, at) } else { (Side::After, at.saturating_sub(1)) };
            let needed = if at <= from.row { Side::Before } else { Side::After };
            for exit in &exits {
                let by = match exit {
                    Exit::Corner(own) if *own != needed => continue,
                    Exit::Corner(_) => None,
                    Exit::Middle | Exit::Slot(_) => by.or(Some(from.column + 1)),
                };
                plans.push(Plan { exit: *exit, way: Way::Around { side, row, by } });
            }
        }
        plans
    }

    /// The ways out that an edge has: its own, and those that no other edge of its diamond uses.
    fn exits(&self, index: usize, now: Exit) -> Vec<Exit> {
        let mut exits = vec![now];
        let from = self.graph.links.get(index).map(|link| link.from);
        let kind = from.and_then(|from| self.graph.nodes.get(from)).map(|node| node.kind);
        if !kind.is_some_and(ShapeKind::is_gateway) {
            return exits;
        }
        let siblings = from.and_then(|from| self.outs.get(from)).into_iter().flatten();
        let used: Vec<Exit> = siblings
            .filter(|other| **other != index)
            .filter_map(|other| self.plan(*other).map(|plan| plan.exit))
            .collect();
        if !used.contains(&Exit::Middle) {
            exits.push(Exit::Middle);
        }
        for side in [Side::Before, Side::After] {
            if !used.contains(&Exit::Slot(side)) && !used.contains(&Exit::Corner(side)) {
                exits.extend([Exit::Corner(side), Exit::Slot(side)]);
            }
        }
        exits
    }

    /// An edge that turns early may turn late, and the other way round.
    fn other_turn(&self, index: usize, now: Plan) -> Option<Plan> {
        let (Way::Turn(column), Some((_, from, to))) = (now.way, self.link(index)) else {
            return None;
        };
        let next = from.column + 1;
        let other = if column == next { to.column } else { next };
        (other != column).then_some(Plan { exit: now.exit, way: Way::Turn(other) })
    }

    /// Whether all that a way needs for itself is free.
    fn may_take(&self, index: usize, plan: Plan) -> bool {
        let Some((_, from, to)) = self.link(index) else { return false };
        match plan.way {
            Way::Straight | Way::Drop | Way::Across => false,
            Way::Turn(column) => {
                let row = if column == to.column { from.row } else { to.row };
                self.row_is_free(row, from.column + 1..to.column)
            }
            Way::Around { side, row, by } => {
                let at = gap(row, side);
                let leaves = by.is_some() || {
                    let (rows, gaps) = passed(from.row, at);
                    self.column_is_free(from.column, rows) && self.gaps_are_free(from.column, gaps)
                };
                let arrives = row == to.row || {
                    let (rows, gaps) = passed(to.row, at);
                    self.column_is_free(to.column, rows) && self.gaps_are_free(to.column, gaps)
                };
                // Both in one column would run on top of each other.
                leaves && arrives && (by.is_some() || from.column != to.column)
            }
        }
    }

    /// Claims what a way needs for itself.
    fn take(&mut self, index: usize, plan: Plan) {
        let Some((_, from, to)) = self.link(index) else { return };
        match plan.way {
            Way::Straight | Way::Drop | Way::Across => {}
            Way::Turn(column) => {
                let row = if column == to.column { from.row } else { to.row };
                self.claim_row(row, from.column + 1..to.column);
            }
            Way::Around { side, row, by } => {
                let at = gap(row, side);
                for (is_so, column, row) in
                    [(by.is_none(), from.column, from.row), (row != to.row, to.column, to.row)]
                {
                    if is_so {
                        let (rows, gaps) = passed(row, at);
                        self.by_column.extend(rows.map(|row| (column, row)));
                        self.gaps.extend(gaps.map(|gap| (column, gap)));
                    }
                }
            }
        }
    }

    /// Gives back what a way claimed.
    fn release(&mut self, index: usize, plan: Plan) {
        let Some((_, from, to)) = self.link(index) else { return };
        match plan.way {
            Way::Straight | Way::Drop | Way::Across => {}
            Way::Turn(column) => {
                let row = if column == to.column { from.row } else { to.row };
                for column in from.column + 1..to.column {
                    self.by_row.remove(&(row, column));
                }
            }
            Way::Around { side, row, by } => {
                let at = gap(row, side);
                for (is_so, column, row) in
                    [(by.is_none(), from.column, from.row), (row != to.row, to.column, to.row)]
                {
                    if is_so {
                        let (rows, gaps) = passed(row, at);
                        rows.for_each(|row| {
                            self.by_column.remove(&(column, row));
                        });
                        gaps.for_each(|gap| {
                            self.gaps.remove(&(column, gap));
                        });
                    }
                }
            }
        }
    }
}
