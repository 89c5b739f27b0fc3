//! The parts of an edge that has a way but no coordinates yet, and what crosses what.
//!
//! A cell is [`UNIT`] wide and high here: the middle of a column or row is half of that, the channel
//! before it is its lower end, and arrivals and labelled ways out beside the middle lie between. That
//! is coarse, but tells what crosses what before anything is placed.

use super::{Exit, Plan, Planner, Side, Way, gap};
use crate::rect::int;

/// How far it is from a channel to the next.
pub(super) const UNIT: i64 = 16;
/// How far beside the middle a way out is, and an arrival.
const ASIDE: i64 = 2;

/// A straight part of an edge: the place across it, and from where to where it goes.
#[derive(Debug, Clone, Copy)]
struct Part {
    at: i64,
    low: i64,
    high: i64,
}

impl Part {
    fn new(at: i64, a: i64, b: i64) -> Self {
        Self { at, low: a.min(b), high: a.max(b) }
    }

    fn crosses(&self, other: &Self) -> bool {
        self.low < other.at && other.at < self.high && other.low < self.at && self.at < other.high
    }
}

/// An edge as its parts along the rows and across them.
#[derive(Debug, Clone, Default)]
pub(super) struct Course {
    along: Vec<Part>,
    across: Vec<Part>,
}

impl Course {
    /// How often two edges cross.
    pub(super) fn crossings(&self, other: &Self) -> usize {
        let count = |along: &[Part], across: &[Part]| {
            along
                .iter()
                .map(|part| across.iter().filter(|a| part.crosses(a)).count())
                .sum::<usize>()
        };
        count(&self.along, &other.across) + count(&other.along, &self.across)
    }

    /// How long it is, in cells.
    pub(super) fn length(&self) -> i64 {
        self.along.iter().chain(&self.across).map(|part| part.high - part.low).sum::<i64>() / UNIT
    }

    /// How many straight parts it has.
    pub(super) fn parts(&self) -> usize {
        self.along.iter().chain(&self.across).filter(|part| part.low < part.high).count()
    }

    /// Goes through these corners, the first part along the flow.
    fn through(corners: &[(i64, i64)]) -> Self {
        let mut course = Self::default();
        for pair in corners.windows(2) {
            let [a, b] = pair else { continue };
            if a.1 == b.1 {
                course.along.push(Part::new(a.1, a.0, b.0));
            } else {
                course.across.push(Part::new(a.0, a.1, b.1));
            }
        }
        course
    }
}

impl Planner<'_> {
    /// The course that an edge takes with a plan.
    pub(super) fn course(&self, index: usize, plan: Plan) -> Course {
        let Some((link, from, to)) = self.link(index) else { return Course::default() };
        let middle = |cell: usize| int(cell) * UNIT + UNIT / 2;
        let channel = |cell: usize| int(cell) * UNIT;
        let (x, y) = (middle(from.column), middle(from.row));
        let (end_x, end_y) = (middle(to.column), middle(to.row));
        let out = match plan.exit {
            Exit::Middle | Exit::Corner(_) => y,
            Exit::Slot(Side::Before) => y - ASIDE,
            Exit::Slot(Side::After) => y + ASIDE,
        };
        let start = [(x, y), (x, out)];
        let rest: Vec<(i64, i64)> = match plan.way {
            Way::Straight => vec![(end_x, out)],
            Way::Turn(column) => {
                vec![(channel(column), out), (channel(column), end_y), (end_x, end_y)]
            }
            Way::Across => vec![(x, end_y)],
            Way::Drop => vec![(x, end_y), (end_x, end_y)],
            Way::Around { side, row, by, into } => {
                let beside = channel(gap(row, side));
                let turn = by.map_or(x, channel);
                let mut rest = vec![(turn, out), (turn, beside)];
                if into {
                    let enter = channel(to.column);
                    rest.extend([(enter, beside), (enter, end_y), (end_x, end_y)]);
                } else {
                    // It comes down beside the middle of the border, on the side it comes from.
                    let port = if link.is_back() { end_x + 1 } else { end_x - 1 };
                    rest.extend([(port, beside), (port, end_y)]);
                }
                rest
            }
        };
        let corners: Vec<(i64, i64)> = start.into_iter().chain(rest).collect();
        Course::through(&corners)
    }
}
