//! How good a map is, in figures: what crosses, bends, goes back.

use crate::layout::{Direction, Layout};
use crate::rect::Point;

/// The figures of one map.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Measure {
    /// Boxes, diamonds and ends.
    pub shapes: usize,
    /// Arrows.
    pub edges: usize,
    /// Pairs of arrows that cross, each as often as it does. Arrows that begin or end at the same shape
    /// may run together and count only where they really cross.
    pub crossings: usize,
    /// Corners of arrows.
    pub bends: usize,
    /// Arrows that end before they begin, along the flow.
    pub backward: usize,
    /// Stretches of more than 15 pixels that two arrows without a common end share.
    pub shared: usize,
}

impl Layout {
    /// The figures of this map.
    pub fn measure(&self) -> Measure {
        let along = |point: &Point| match self.direction {
            Direction::Right => point.x,
            Direction::Down => point.y,
        };
        let mut measure =
            Measure { shapes: self.shapes.len(), edges: self.edges.len(), ..Measure::default() };
        let mut level: Vec<Stretch<'_>> = Vec::new();
        let mut upright: Vec<Stretch<'_>> = Vec::new();
        for (edge, drawn) in self.edges.iter().enumerate() {
            measure.bends += drawn.points.len().saturating_sub(2);
            if let ([first, ..], [.., last]) = (drawn.points.as_slice(), drawn.points.as_slice()) {
                measure.backward += usize::from(along(last) + 5 < along(first));
            }
            for pair in drawn.points.windows(2) {
                let [a, b] = pair else { continue };
                let ends = (drawn.from.as_str(), drawn.to.as_str());
                if a.y == b.y {
                    level.push(Stretch::new(edge, ends, a.y, a.x, b.x));
                } else {
                    upright.push(Stretch::new(edge, ends, a.x, a.y, b.y));
                }
            }
        }
        for row in &level {
            let crosses = |column: &&Stretch<'_>| {
                column.edge != row.edge
                    && row.low < column.at
                    && column.at < row.high
                    && column.low < row.at
                    && row.at < column.high
            };
            measure.crossings += upright.iter().filter(crosses).count();
        }
        measure.shared = shared(&mut level) + shared(&mut upright);
        measure
    }
}

/// A straight part of an arrow.
struct Stretch<'a> {
    edge: usize,
    ends: (&'a str, &'a str),
    /// The place across it.
    at: i64,
    low: i64,
    high: i64,
}

impl<'a> Stretch<'a> {
    fn new(edge: usize, ends: (&'a str, &'a str), at: i64, a: i64, b: i64) -> Self {
        Self { edge, ends, at, low: a.min(b), high: a.max(b) }
    }
}

fn shared(stretches: &mut [Stretch<'_>]) -> usize {
    stretches.sort_by_key(|stretch| (stretch.at, stretch.low));
    let mut count = 0;
    for (index, one) in stretches.iter().enumerate() {
        let same = stretches
            .iter()
            .skip(index + 1)
            .take_while(|other| other.at == one.at && other.low < one.high);
        let is_shared = |other: &&Stretch<'_>| {
            other.ends.0 != one.ends.0
                && other.ends.1 != one.ends.1
                && one.high.min(other.high) - other.low > 15
        };
        count += same.filter(is_shared).count();
    }
    count
}
