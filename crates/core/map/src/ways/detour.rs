//! A second look at the ways: where another channel, an earlier turn or another way out of a diamond
//! crosses fewer edges, it is taken.

use super::course::Course;
use super::{Claims, Exit, Plan, Planner, Side, Way, gap};
use crate::graph::ShapeKind;
use std::collections::BTreeMap;
use std::ops::Range;

/// Larger maps are left as they are: nobody counts their crossings, and the look is at every pair.
const MOST_LINKS: usize = 1500;
/// How many ways are tried in all, so that a large map does not take long.
const MOST_TRIES: usize = 60_000;
/// How often all edges are looked at.
const ROUNDS: usize = 4;
/// How many channels on either side of the nearest one are tried, besides those at the map's edges.
const NEAR: usize = 6;
/// What a crossing costs; a straight part costs two, and a cell of length one.
const CROSSING: i64 = 4;

const BOTH: [Side; 2] = [Side::Before, Side::After];

/// What has been tried, and how everything runs now.
struct Look {
    courses: Vec<Course>,
    tries: usize,
}

/// What one edge or two cost: what crosses, and the whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Cost {
    crossings: usize,
    all: i64,
}

impl Cost {
    fn of(crossings: usize, courses: &[&Course]) -> Self {
        let own = courses.iter().map(|course| 2 * int(course.parts()) + course.length());
        Self { crossings, all: CROSSING * int(crossings) + own.sum::<i64>() }
    }

    fn is_less(self, other: Self) -> bool {
        self.crossings < other.crossings && self.all < other.all
    }
}

fn int(count: usize) -> i64 {
    crate::rect::int(count)
}

impl Planner<'_> {
    /// Looks at every edge that crosses another, in order, alone and together with another that
    /// leaves the same diamond, and gives it a better way if there is one.
    pub(super) fn improve(&mut self) {
        let count = self.plans.len();
        if count > MOST_LINKS {
            return;
        }
        let course = |index: usize| match self.plan(index) {
            Some(plan) => self.course(index, plan),
            None => Course::default(),
        };
        let mut look = Look { courses: (0..count).map(course).collect(), tries: 0 };
        for _ in 0..ROUNDS {
            let mut is_better = false;
            for index in 0..count {
                is_better |= self.improve_one(index, &mut look);
            }
            for links in self.outs.clone() {
                for (nth, first) in links.iter().enumerate() {
                    for second in links.iter().skip(nth + 1) {
                        is_better |= self.improve_two(*first, *second, &mut look);
                    }
                }
            }
            if !is_better || look.tries > MOST_TRIES {
                break;
            }
        }
        self.unite(&mut look);
    }

    /// Edges that go around to one target by one channel enter it in one way, unless that crosses more:
    /// what runs together does not part again.
    fn unite(&mut self, look: &mut Look) {
        let mut first: BTreeMap<(usize, usize, Side), usize> = BTreeMap::new();
        for index in 0..self.plans.len() {
            let (Some(plan), Some(link)) = (self.plan(index), self.graph.links.get(index)) else {
                continue;
            };
            let Way::Around { side, row, .. } = plan.way else { continue };
            let leader = *first.entry((link.to, row, side)).or_insert(index);
            if leader != index && !self.follow(index, leader, look) {
                self.follow(leader, index, look);
            }
        }
    }

    /// Enters the target as another edge to it does, if it does not already and nothing more crosses.
    fn follow(&mut self, index: usize, leader: usize, look: &mut Look) -> bool {
        let (Some(own), Some(other)) = (self.plan(index), self.plan(leader)) else { return false };
        let (Way::Around { side, row, by, into: now }, Way::Around { into, .. }) =
            (own.way, other.way)
        else {
            return false;
        };
        let plan = Plan { exit: own.exit, way: Way::Around { side, row, by, into } };
        if now == into {
            return true;
        }
        if self.returns(index) {
            return false;
        }
        self.release(index, own);
        let course = self.course(index, plan);
        let before = look.courses.get(index).map_or(0, |old| crossings_of(look, old, &[index]));
        let is_free = self.may_take(index, plan) && crossings_of(look, &course, &[index]) <= before;
        if is_free {
            self.settle(index, plan, course, look);
        } else {
            self.take(index, own);
        }
        is_free
    }

    pub(super) fn plan(&self, index: usize) -> Option<Plan> {
        self.plans.get(index).copied().flatten()
    }

    fn improve_one(&mut self, index: usize, look: &mut Look) -> bool {
        let (Some(now), Some(course)) = (self.plan(index), look.courses.get(index)) else {
            return false;
        };
        let crossings = crossings(&look.courses, course, &[index]);
        if crossings == 0 || is_fixed(now.way) || look.tries > MOST_TRIES {
            return false;
        }
        let mut cost = Cost::of(crossings, &[course]);
        self.release(index, now);
        let mut best = None;
        for plan in self.others(index, now, &self.exits(index, now.exit)) {
            look.tries += 1;
            if !self.may_take(index, plan) {
                continue;
            }
            let course = self.course(index, plan);
            let then = Cost::of(crossings_of(look, &course, &[index]), &[&course]);
            if then.is_less(cost) || best.is_some() && then.all < cost.all {
                cost = then;
                best = Some((plan, course));
            }
        }
        let is_better = best.is_some();
        if let Some((plan, course)) = best {
            self.settle(index, plan, course, look);
        } else {
            self.take(index, now);
        }
        is_better
    }

    /// Two ways out of one diamond change places or take ways that neither could take alone.
    fn improve_two(&mut self, first: usize, second: usize, look: &mut Look) -> bool {
        let (Some(a), Some(b)) = (self.plan(first), self.plan(second)) else { return false };
        let (Some(course_a), Some(course_b)) = (look.courses.get(first), look.courses.get(second))
        else {
            return false;
        };
        let both = [first, second];
        let now = crossings(&look.courses, course_a, &both)
            + crossings(&look.courses, course_b, &both)
            + course_a.crossings(course_b);
        let is_fixed = is_fixed(a.way) || is_fixed(b.way);
        if now == 0 || is_fixed || !self.leaves_diamond(first) || look.tries > MOST_TRIES {
            return false;
        }
        let mut cost = Cost::of(now, &[course_a, course_b]);
        self.release(first, a);
        self.release(second, b);
        let mut exits = self.exits(first, a.exit);
        exits.extend(self.exits(second, b.exit));
        exits.push(Exit::Middle);
        exits.extend(BOTH.into_iter().flat_map(|side| [Exit::Corner(side), Exit::Slot(side)]));
        exits.sort_unstable();
        exits.dedup();
        let used: Vec<Exit> = self.siblings(first, &both).map(|(_, plan)| plan.exit).collect();
        exits.retain(|exit| matches!(exit, Exit::Slot(_)) || !used.contains(exit));
        let mut best = None;
        let seconds: Vec<(Plan, Course, usize)> = self
            .others(second, b, &exits)
            .into_iter()
            .filter(|plan| self.may_take(second, *plan))
            .map(|plan| (plan, self.course(second, plan)))
            .map(|(plan, course)| {
                let crossings = crossings_of(look, &course, &both);
                (plan, course, crossings)
            })
            .collect();
        for plan_a in self.others(first, a, &exits) {
            if !self.may_take(first, plan_a) {
                continue;
            }
            let course_a = self.course(first, plan_a);
            let own = crossings_of(look, &course_a, &both);
            if own >= now {
                continue;
            }
            self.take(first, plan_a);
            for (plan_b, course_b, theirs) in &seconds {
                look.tries += 1;
                if own + theirs >= now
                    || is_contrary(plan_a.exit, plan_b.exit)
                    || !self.may_take(second, *plan_b)
                {
                    continue;
                }
                let crossings = own + theirs + course_a.crossings(course_b);
                let then = Cost::of(crossings, &[&course_a, course_b]);
                if then.is_less(cost) || best.is_some() && then.all < cost.all {
                    cost = then;
                    best = Some(((plan_a, course_a.clone()), (*plan_b, course_b.clone())));
                }
            }
            self.release(first, plan_a);
        }
        let is_better = best.is_some();
        if let Some(((plan_a, course_a), (plan_b, course_b))) = best {
            self.settle(first, plan_a, course_a, look);
            self.settle(second, plan_b, course_b, look);
        } else {
            self.take(first, a);
            self.take(second, b);
        }
        is_better
    }

    fn settle(&mut self, index: usize, plan: Plan, course: Course, look: &mut Look) {
        self.take(index, plan);
        if let Some(slot) = look.courses.get_mut(index) {
            *slot = course;
        }
        self.set(index, plan.exit, plan.way);
    }

    /// The other edges that leave the same shape, but for these.
    fn siblings<'a>(
        &'a self,
        index: usize,
        but: &'a [usize],
    ) -> impl Iterator<Item = (usize, Plan)> + 'a {
        let from = self.graph.links.get(index).map(|link| link.from);
        let links = from.and_then(|from| self.outs.get(from)).into_iter().flatten();
        links
            .filter(move |other| !but.contains(other))
            .filter_map(|other| Some((*other, self.plan(*other)?)))
    }

    fn leaves_diamond(&self, index: usize) -> bool {
        let from = self.graph.links.get(index).map(|link| link.from);
        let kind = from.and_then(|from| self.graph.nodes.get(from)).map(|node| node.kind);
        kind.is_some_and(ShapeKind::is_gateway)
    }

    /// The ways out that an edge has: its own, and those that no other edge of its diamond uses.
    fn exits(&self, index: usize, now: Exit) -> Vec<Exit> {
        let mut exits = vec![now];
        if !self.leaves_diamond(index) {
            return exits;
        }
        let used: Vec<Exit> = self.siblings(index, &[index]).map(|(_, plan)| plan.exit).collect();
        if !used.contains(&Exit::Middle) {
            exits.push(Exit::Middle);
        }
        for side in BOTH {
            if !used.contains(&Exit::Slot(side)) && !used.contains(&Exit::Corner(side)) {
                exits.extend([Exit::Corner(side), Exit::Slot(side)]);
            }
        }
        exits
    }

    /// The ways that an edge could take by these ways out: those ahead first, then those through other
    /// channels, nearer ones first.
    fn others(&self, index: usize, now: Plan, exits: &[Exit]) -> Vec<Plan> {
        let mut plans = Vec::new();
        let Some((link, from, to)) = self.link(index) else { return plans };
        let next = from.column + 1;
        let returns = self.returns(index);
        if !link.is_back() && next <= to.column {
            for exit in exits.iter().copied() {
                match exit {
                    Exit::Middle | Exit::Slot(_) if from.row != to.row => {
                        // All in between would do as well; the two ends read best.
                        plans.push(Plan { exit, way: Way::Turn(next) });
                        plans.push(Plan { exit, way: Way::Turn(to.column) });
                    }
                    Exit::Corner(side)
                        if side == towards(from.row, to.row) && from.row != to.row =>
                    {
                        plans.push(Plan { exit, way: Way::Drop });
                    }
                    Exit::Middle | Exit::Slot(_) | Exit::Corner(_) => {}
                }
            }
        }
        // What leads ahead another way does not take to going around.
        if !link.is_back() && !matches!(now.way, Way::Around { .. }) {
            return plans;
        }
        let last = self.rows.starts.last().copied().unwrap_or(1);
        let own = match now.way {
            Way::Around { side, row, .. } => gap(row, side),
            Way::Straight | Way::Turn(_) | Way::Drop | Way::Across => {
                gap(to.row, towards(to.row, from.row))
            }
        };
        let near = (1..=NEAR).flat_map(|far| [own.checked_sub(far), Some(own + far)]).flatten();
        let mut gaps: Vec<usize> = vec![own, gap(to.row, Side::Before), gap(to.row, Side::After)];
        gaps.extend(near.chain([0, last]));
        let mut tried: Vec<usize> = Vec::new();
        for at in gaps {
            if at > last || tried.contains(&at) {
                continue;
            }
            tried.push(at);
            // From above it takes the channel before a row, from below the one after it.
            let (side, row) =
                if at <= to.row { (Side::Before, at) } else { (Side::After, at.saturating_sub(1)) };
            let needed = if at <= from.row { Side::Before } else { Side::After };
            for exit in exits.iter().copied() {
                let by = match exit {
                    Exit::Corner(own) if own != needed => continue,
                    Exit::Corner(_) => None,
                    Exit::Middle | Exit::Slot(_) => Some(next),
                };
                for into in [false, true].into_iter().filter(|into| *into || !returns) {
                    plans.push(Plan { exit, way: Way::Around { side, row, by, into } });
                }
            }
        }
        plans
    }

    /// Whether all that a way needs for itself is free.
    fn may_take(&self, index: usize, plan: Plan) -> bool {
        let Some((_, from, to)) = self.link(index) else { return false };
        if let Way::Around { by, into, .. } = plan.way {
            // Both in one column or channel would run on top of each other.
            let is_folded =
                if into { by == Some(to.column) } else { by.is_none() && from.column == to.column };
            if is_folded {
                return false;
            }
        }
        let Claims { rows, columns, gaps } = self.claims(index, plan);
        rows.iter().all(|(row, columns)| self.row_is_free(*row, columns.clone()))
            && columns.iter().all(|(column, rows)| self.column_is_free(*column, rows.clone()))
            && gaps.iter().all(|(column, gaps)| self.gaps_are_free(*column, gaps.clone()))
    }

    /// Claims what a way needs for itself.
    pub(super) fn take(&mut self, index: usize, plan: Plan) {
        let Claims { rows, columns, gaps } = self.claims(index, plan);
        self.by_row.extend(pairs(rows));
        self.by_column.extend(pairs(columns));
        self.gaps.extend(pairs(gaps));
    }

    /// Gives back what a way claimed.
    fn release(&mut self, index: usize, plan: Plan) {
        let Claims { rows, columns, gaps } = self.claims(index, plan);
        for cell in pairs(rows) {
            self.by_row.remove(&cell);
        }
        for cell in pairs(columns) {
            self.by_column.remove(&cell);
        }
        for cell in pairs(gaps) {
            self.gaps.remove(&cell);
        }
    }
}

fn pairs(ranges: Vec<(usize, Range<usize>)>) -> impl Iterator<Item = (usize, usize)> {
    ranges.into_iter().flat_map(|(line, range)| range.map(move |at| (line, at)))
}

/// Whether an edge keeps its way: it could not be shorter.
fn is_fixed(way: Way) -> bool {
    match way {
        Way::Straight | Way::Across => true,
        Way::Turn(_) | Way::Drop | Way::Around { .. } => false,
    }
}

/// The side of one row on which another lies.
fn towards(from: usize, to: usize) -> Side {
    if to < from { Side::Before } else { Side::After }
}

/// Whether two edges of one diamond cannot leave it so.
fn is_contrary(one: Exit, other: Exit) -> bool {
    match one {
        Exit::Middle | Exit::Corner(_) => one == other,
        Exit::Slot(_) => false,
    }
}

/// How often a course crosses the edges other than these.
fn crossings(all: &[Course], course: &Course, but: &[usize]) -> usize {
    all.iter()
        .enumerate()
        .filter(|(other, _)| !but.contains(other))
        .map(|(_, theirs)| course.crossings(theirs))
        .sum()
}

fn crossings_of(look: &Look, course: &Course, but: &[usize]) -> usize {
    crossings(&look.courses, course, but)
}
