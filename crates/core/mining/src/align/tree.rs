//! Alignments block by block: the cost of each block on each stretch of its own events, by dynamic programming.
//!
//! A row holds, for a block and the events of its activities from one on, the cost of aligning the block with
//! each stretch that begins there. It depends on those events alone, so rows are kept across variants.

use super::{Aligned, Alignment, bump, counted};
use crate::number::{NONE, id, ix, long};
use crate::report::{Refusal, Watch};
use crate::table::{Names, Table, fold, mix};
use crate::tree::Tree;
use crate::variants::Variants;

/// More than any cost, and far from the end of the numbers.
const FAR: u32 = u32::MAX / 4;

/// So many costs are kept before the memory is begun anew.
const MAX_KEPT: usize = 48 * 1024 * 1024;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Silent,
    Leaf,
    Sequence,
    Choice,
    Parallel,
    Loop,
}

/// A block; its activities are leaves with consecutive numbers.
#[derive(Debug, Clone)]
struct Node {
    kind: Kind,
    parts: Vec<u32>,
    from: u32,
    to: u32,
}

impl Node {
    fn has(&self, leaf: u32) -> bool {
        self.from <= leaf && leaf < self.to
    }
}

struct Plan {
    nodes: Vec<Node>,
    leaves: Vec<String>,
}

impl Plan {
    /// Puts a block behind its parts and gives its place.
    fn add(&mut self, tree: &Tree) -> u32 {
        let from = id(self.leaves.len());
        let kind = match tree {
            Tree::Silent => Kind::Silent,
            Tree::Activity(name) => {
                self.leaves.push(name.clone());
                Kind::Leaf
            }
            Tree::Sequence(_) => Kind::Sequence,
            Tree::Choice(_) => Kind::Choice,
            Tree::Parallel(_) => Kind::Parallel,
            Tree::Loop(..) => Kind::Loop,
        };
        let parts = tree.parts().into_iter().map(|part| self.add(part)).collect();
        self.nodes.push(Node { kind, parts, from, to: id(self.leaves.len()) });
        id(self.nodes.len() - 1)
    }
}

pub(super) fn align(
    activities: &Names,
    variants: &Variants,
    tree: &Tree,
    watch: &mut dyn Watch,
) -> Result<Aligned, Refusal> {
    let mut plan = Plan { nodes: Vec::new(), leaves: Vec::new() };
    let root = plan.add(tree);
    let mut leaf_of = vec![NONE; activities.len()];
    for (leaf, name) in plan.leaves.iter().enumerate() {
        let slot = activities.find(name).and_then(|activity| leaf_of.get_mut(ix(activity)));
        if let Some(slot) = slot {
            *slot = id(leaf);
        }
    }
    let mut solver = Solver::new(&plan);
    let mut all = Vec::with_capacity(variants.all.len());
    for (done, variant) in variants.all.iter().enumerate() {
        if !watch.goes_on(long(done)) {
            return Err(Refusal::Stopped);
        }
        let (mut extra, mut events, mut activity_of) = (Vec::new(), Vec::new(), Vec::new());
        for activity in &variant.activities {
            let leaf = leaf_of.get(ix(*activity)).copied().unwrap_or(NONE);
            if leaf == NONE {
                bump(&mut extra, *activity);
            } else {
                events.push(leaf);
                if activity_of.len() <= ix(leaf) {
                    activity_of.resize(ix(leaf) + 1, NONE);
                }
                if let Some(slot) = activity_of.get_mut(ix(leaf)) {
                    *slot = *activity;
                }
            }
        }
        let foreign = variant.activities.len() - events.len();
        let (cost, told) = solver.solve(root, events);
        for (leaf, count) in told.extra.iter().enumerate().filter(|(_, count)| **count > 0) {
            for _ in 0..*count {
                bump(&mut extra, activity_of.get(leaf).copied().unwrap_or_default());
            }
        }
        let cost = u64::from(cost) + long(foreign);
        let extra = counted(&extra);
        all.push(Alignment { cost, at_least: cost, extra, skipped: counted(&told.skipped) });
    }
    Ok(Aligned { all, shortest: tree.shortest(), steps: plan.leaves })
}

/// The deviations of one alignment, by leaf.
#[derive(Default)]
struct Told {
    extra: Vec<u32>,
    skipped: Vec<u32>,
}

/// A row that is kept: of which block, for which events, and where its costs are.
#[derive(Debug, Clone, Copy)]
struct Row {
    node: u32,
    events: u32,
    costs: u32,
    length: u32,
}

/// The events of one block within the trace at hand.
#[derive(Debug, Default)]
struct Own {
    /// The leaves.
    events: Vec<u32>,
    /// The hash of the events from each one on.
    hashes: Vec<u32>,
    /// For each part, how many of the events before each one are the part's.
    before: Vec<Vec<u32>>,
    /// The row from each event on, where it was made.
    rows: Vec<u32>,
}

struct Solver<'a> {
    plan: &'a Plan,
    own: Vec<Own>,
    table: Table,
    rows: Vec<Row>,
    events: Vec<u32>,
    costs: Vec<u32>,
    /// The row of a leaf: 1 for no event, then the number of events less one.
    leaf: Vec<u32>,
}

fn at(costs: &[u32], place: usize) -> u32 {
    costs.get(place).copied().unwrap_or(FAR)
}

impl<'a> Solver<'a> {
    fn new(plan: &'a Plan) -> Self {
        let own = plan.nodes.iter().map(|_| Own::default()).collect();
        let (table, rows, events, costs) = (Table::default(), Vec::new(), Vec::new(), Vec::new());
        Self { plan, own, table, rows, events, costs, leaf: vec![1] }
    }

    fn node(&self, node: u32) -> &'a Node {
        const NOTHING: &Node = &Node { kind: Kind::Silent, parts: Vec::new(), from: 0, to: 0 };
        self.plan.nodes.get(ix(node)).unwrap_or(NOTHING)
    }

    fn own(&self, node: u32) -> &Own {
        const NOTHING: &Own =
            &Own { events: Vec::new(), hashes: Vec::new(), before: Vec::new(), rows: Vec::new() };
        self.own.get(ix(node)).unwrap_or(NOTHING)
    }

    /// The cost of a trace and one way to it.
    fn solve(&mut self, root: u32, events: Vec<u32>) -> (u32, Told) {
        if self.costs.len() > MAX_KEPT {
            (self.table, self.rows) = (Table::default(), Vec::new());
            (self.events, self.costs) = (Vec::new(), Vec::new());
        }
        while self.leaf.len() <= events.len() {
            self.leaf.push(id(self.leaf.len()) - 1);
        }
        let length = events.len();
        self.project(root, events);
        let cost = self.cost(root, 0, length);
        let mut told = Told::default();
        if cost > 0 {
            self.tell(root, 0, length, &mut told);
        }
        (cost, told)
    }

    /// Gives each block its own events of the trace.
    fn project(&mut self, node: u32, events: Vec<u32>) {
        let plan = self.node(node);
        let mut before = Vec::with_capacity(plan.parts.len());
        for part in &plan.parts {
            let inner = self.node(*part);
            let mut counts = Vec::with_capacity(events.len() + 1);
            let mut own = Vec::new();
            counts.push(0);
            for event in &events {
                if inner.has(*event) {
                    own.push(*event);
                }
                counts.push(id(own.len()));
            }
            before.push(counts);
            self.project(*part, own);
        }
        let mut hash = u64::from(node) + 1;
        let mut hashes = vec![fold(hash); events.len() + 1];
        for (slot, event) in hashes.iter_mut().zip(&events).rev() {
            hash = mix(hash, u64::from(*event) + 1);
            *slot = fold(hash);
        }
        let rows = vec![NONE; events.len() + 1];
        if let Some(slot) = self.own.get_mut(ix(node)) {
            *slot = Own { events, hashes, before, rows };
        }
    }

    /// The cost of a block on its own events from one to before another.
    fn cost(&mut self, node: u32, from: usize, to: usize) -> u32 {
        let row = self.row(node, from);
        at(self.costs_of(row), to - from)
    }

    /// The costs of a row; of a leaf's the one that all leaves share.
    fn costs_of(&self, row: u32) -> &[u32] {
        match self.rows.get(ix(row)) {
            None => &self.leaf,
            Some(row) => {
                self.costs.get(ix(row.costs)..ix(row.costs + row.length)).unwrap_or_default()
            }
        }
    }

    /// Makes the row of a block from one of its events on, or finds it.
    fn row(&mut self, node: u32, from: usize) -> u32 {
        if self.node(node).kind == Kind::Leaf {
            return NONE;
        }
        let own = self.own(node);
        let made = own.rows.get(from).copied().unwrap_or(NONE);
        if made != NONE {
            return made;
        }
        let hash = own.hashes.get(from).copied().unwrap_or_default();
        let rest = own.events.get(from..).unwrap_or_default();
        let known = self.table.find(hash, |row| {
            self.rows.get(ix(row)).is_some_and(|row| {
                let events = ix(row.events)..ix(row.events) + rest.len();
                row.node == node
                    && ix(row.length) == rest.len() + 1
                    && self.events.get(events) == Some(rest)
            })
        });
        let row = if let Some(row) = known {
            row
        } else {
            let rest = rest.to_vec();
            let costs = self.compute(node, from, rest.len());
            let new = Row {
                node,
                events: id(self.events.len()),
                costs: id(self.costs.len()),
                length: id(costs.len()),
            };
            self.events.extend_from_slice(&rest);
            self.costs.extend_from_slice(&costs);
            let row = id(self.rows.len());
            self.rows.push(new);
            self.table.insert(hash, row);
            row
        };
        if let Some(slot) = self.own.get_mut(ix(node)).and_then(|own| own.rows.get_mut(from)) {
            *slot = row;
        }
        row
    }

    /// How many events of a part stand before an event of its block.
    fn before(&self, node: u32, part: usize, event: usize) -> usize {
        let own = self.own(node);
        own.before.get(part).and_then(|counts| counts.get(event)).map_or(0, |count| ix(*count))
    }

    fn compute(&mut self, node: u32, from: usize, length: usize) -> Vec<u32> {
        let plan = self.node(node);
        match plan.kind {
            // Silent blocks have no events of their own, and the rows of leaves are not kept.
            Kind::Silent | Kind::Leaf => vec![0; length + 1],
            Kind::Choice => {
                let mut costs = vec![FAR; length + 1];
                self.each_part(
                    node,
                    from,
                    length,
                    |best, cost, foreign| *best = (*best).min(cost + foreign),
                    &mut costs,
                );
                costs
            }
            Kind::Parallel => {
                let mut costs = vec![0; length + 1];
                self.each_part(node, from, length, |sum, cost, _| *sum += cost, &mut costs);
                costs
            }
            Kind::Sequence => self.sequence(node, from, length).pop().unwrap_or_default(),
            Kind::Loop => self.repeated(node, from, length).0,
        }
    }

    /// Takes in, for each stretch, the cost of each part on its own events and the number of the others.
    fn each_part(
        &mut self,
        node: u32,
        from: usize,
        length: usize,
        take: fn(&mut u32, u32, u32),
        into: &mut [u32],
    ) {
        for (n, part) in self.node(node).parts.iter().enumerate() {
            let first = self.before(node, n, from);
            let row = self.row(*part, first);
            let (costs, own) = (self.costs_of(row), self.own(node));
            let before =
                own.before.get(n).and_then(|counts| counts.get(from..)).unwrap_or_default();
            for ((slot, before), to) in into.iter_mut().zip(before).zip(0..=id(length)) {
                let inside = ix(*before) - first;
                take(slot, at(costs, inside), to - id(inside));
            }
        }
    }

    /// For each part of a sequence, the cost of all parts up to it on each stretch; before them the cost of
    /// none.
    fn sequence(&mut self, node: u32, from: usize, length: usize) -> Vec<Vec<u32>> {
        let mut first = vec![FAR; length + 1];
        if let Some(slot) = first.first_mut() {
            *slot = 0;
        }
        let mut all = vec![first];
        for n in 0..self.node(node).parts.len() {
            let begins = all.last().cloned().unwrap_or_default();
            let next = self.appended(node, n, from, length, &begins);
            all.push(next);
        }
        all
    }

    /// The cost of doing a part behind what costs so much up to each event: the cheapest place to begin it,
    /// where the events of others in between are extra.
    ///
    /// Where it begins matters only by how many of its own events come before, so the places are taken together
    /// by that number.
    fn appended(
        &mut self,
        node: u32,
        n: usize,
        from: usize,
        length: usize,
        begins: &[u32],
    ) -> Vec<u32> {
        let part = self.node(node).parts.get(n).copied().unwrap_or_default();
        let first = self.before(node, n, from);
        let inside: Vec<usize> =
            (0..=length).map(|to| self.before(node, n, from + to) - first).collect();
        let most = inside.last().copied().unwrap_or(0);
        // For each number of own events before: the cheapest beginning, less the foreign events before it.
        let mut best = vec![i64::from(FAR); most + 1];
        let mut rows = vec![NONE; most + 1];
        let mut ends = vec![FAR; length + 1];
        let mut settled = i64::from(FAR);
        let mut last = usize::MAX;
        for (to, own) in inside.iter().copied().enumerate() {
            let foreign = i64::from(id(to - own));
            if own != last {
                // All beginnings with fewer events of its own are known by now.
                settled = i64::from(FAR);
                for (began, cost) in best.iter().enumerate().take(own) {
                    if *cost < i64::from(FAR) {
                        let row = rows.get(began).copied().unwrap_or(NONE);
                        settled =
                            settled.min(cost + i64::from(at(self.costs_of(row), own - began)));
                    }
                }
                last = own;
            }
            let begin = at(begins, to);
            let slot = best.get(own).copied().unwrap_or(i64::from(FAR));
            if begin < FAR && i64::from(begin) - foreign < slot {
                if slot >= i64::from(FAR) {
                    let row = self.row(part, first + own);
                    if let Some(slot) = rows.get_mut(own) {
                        *slot = row;
                    }
                }
                if let Some(slot) = best.get_mut(own) {
                    *slot = i64::from(begin) - foreign;
                }
            }
            let own_best = best.get(own).copied().unwrap_or(i64::from(FAR));
            let mut cheapest = settled;
            if own_best < i64::from(FAR) {
                let row = rows.get(own).copied().unwrap_or(NONE);
                cheapest = cheapest.min(own_best + i64::from(at(self.costs_of(row), 0)));
            }
            if let Some(slot) = ends.get_mut(to) {
                *slot = u32::try_from(cheapest + foreign).unwrap_or(FAR).min(FAR);
            }
        }
        ends
    }

    /// The cost of a loop on each stretch: with its body done last, and with its redo done last.
    ///
    /// Both depend on each other, event by event; each round ends behind where it began or costs at least as
    /// much, so one pass over the events in order is enough.
    fn repeated(&mut self, node: u32, from: usize, length: usize) -> (Vec<u32>, Vec<u32>) {
        let mut bodies = Rounds::new(self, node, 0, from, length);
        let mut redos = Rounds::new(self, node, 1, from, length);
        let (mut done, mut again) = (vec![FAR; length + 1], vec![FAR; length + 1]);
        for to in 0..=length {
            let mut begin = if to == 0 { 0 } else { redos.end(self, to) };
            bodies.begin(self, to, begin);
            let mut end = bodies.end(self, to);
            redos.begin(self, to, end);
            // A redo without events may lead to a cheaper beginning here.
            let renewed = redos.end(self, to);
            if renewed < begin {
                begin = renewed;
                bodies.begin(self, to, begin);
                end = end.min(bodies.end(self, to));
                redos.begin(self, to, end);
            }
            if let (Some(done), Some(again)) = (done.get_mut(to), again.get_mut(to)) {
                (*done, *again) = (end, begin);
            }
        }
        (done, again)
    }

    /// Tells the deviations of a block on a stretch of its events.
    fn tell(&mut self, node: u32, from: usize, to: usize, told: &mut Told) {
        let plan = self.node(node);
        match plan.kind {
            Kind::Silent => {}
            Kind::Leaf => match to - from {
                0 => bump(&mut told.skipped, plan.from),
                more => {
                    for _ in 1..more {
                        bump(&mut told.extra, plan.from);
                    }
                }
            },
            Kind::Choice => {
                let wanted = self.cost(node, from, to);
                for (n, part) in plan.parts.iter().enumerate() {
                    let (first, last) = (self.before(node, n, from), self.before(node, n, to));
                    let foreign = id(to - from - (last - first));
                    if self.cost(*part, first, last) + foreign == wanted {
                        self.foreign(node, n, from, to, told);
                        self.tell(*part, first, last, told);
                        return;
                    }
                }
            }
            Kind::Parallel => {
                for (n, part) in plan.parts.iter().enumerate() {
                    let (first, last) = (self.before(node, n, from), self.before(node, n, to));
                    self.tell(*part, first, last, told);
                }
            }
            Kind::Sequence => {
                let all = self.sequence(node, from, to - from);
                let mut end = to;
                for n in (0..plan.parts.len()).rev() {
                    let (Some(begins), Some(ends)) = (all.get(n), all.get(n + 1)) else { return };
                    let wanted = at(ends, end - from);
                    let begin = (from..=end).rev().find(|begin| {
                        self.joins(node, n, *begin, end, at(begins, begin - from), wanted)
                    });
                    let Some(begin) = begin else { return };
                    self.tell_part(node, n, begin, end, told);
                    end = begin;
                }
            }
            Kind::Loop => {
                let (done, again) = self.repeated(node, from, to - from);
                let mut end = to;
                loop {
                    let wanted = at(&done, end - from);
                    // The earliest: a round without events must not lead back to where it came from.
                    let begin = (from..=end).find(|begin| {
                        self.joins(node, 0, *begin, end, at(&again, begin - from), wanted)
                    });
                    let Some(begin) = begin else { return };
                    self.tell_part(node, 0, begin, end, told);
                    end = begin;
                    if end == from && at(&again, 0) == 0 {
                        return;
                    }
                    let wanted = at(&again, end - from);
                    let begin = (from..=end).find(|begin| {
                        self.joins(node, 1, *begin, end, at(&done, begin - from), wanted)
                    });
                    let Some(begin) = begin else { return };
                    self.tell_part(node, 1, begin, end, told);
                    end = begin;
                }
            }
        }
    }

    /// Whether a part on a stretch, behind what costs so much, comes to what is wanted.
    fn joins(
        &mut self,
        node: u32,
        n: usize,
        begin: usize,
        end: usize,
        cost: u32,
        wanted: u32,
    ) -> bool {
        if cost > wanted {
            return false;
        }
        let part = self.node(node).parts.get(n).copied().unwrap_or_default();
        let (first, last) = (self.before(node, n, begin), self.before(node, n, end));
        let foreign = id(end - begin - (last - first));
        cost + foreign <= wanted && cost + foreign + self.cost(part, first, last) == wanted
    }

    fn tell_part(&mut self, node: u32, n: usize, begin: usize, end: usize, told: &mut Told) {
        let part = self.node(node).parts.get(n).copied().unwrap_or_default();
        self.foreign(node, n, begin, end, told);
        let (first, last) = (self.before(node, n, begin), self.before(node, n, end));
        self.tell(part, first, last, told);
    }

    /// Tells the events of a stretch that are not a part's: they are extra.
    fn foreign(&self, node: u32, n: usize, begin: usize, end: usize, told: &mut Told) {
        let part = self.node(node).parts.get(n).map(|part| self.node(*part));
        let events = self.own(node).events.get(begin..end).unwrap_or_default();
        for event in events.iter().filter(|event| part.is_none_or(|part| !part.has(**event))) {
            bump(&mut told.extra, *event);
        }
    }
}

/// The rounds of one part of a loop while its events are gone through in order.
struct Rounds {
    part: u32,
    n: usize,
    node: u32,
    from: usize,
    first: usize,
    /// For each number of own events before: the cheapest beginning less the foreign events before it, and
    /// the row from there.
    best: Vec<(i64, u32)>,
    /// The cheapest end by beginnings with fewer own events, and for how many it holds.
    settled: (i64, usize),
}

impl Rounds {
    fn new(solver: &Solver<'_>, node: u32, n: usize, from: usize, length: usize) -> Self {
        let part = solver.node(node).parts.get(n).copied().unwrap_or_default();
        let first = solver.before(node, n, from);
        let most = solver.before(node, n, from + length) - first;
        let best = vec![(i64::from(FAR), NONE); most + 1];
        Self { part, n, node, from, first, best, settled: (i64::from(FAR), usize::MAX) }
    }

    fn inside(&self, solver: &Solver<'_>, to: usize) -> usize {
        solver.before(self.node, self.n, self.from + to) - self.first
    }

    /// A round may begin here at this cost.
    fn begin(&mut self, solver: &mut Solver<'_>, to: usize, cost: u32) {
        let own = self.inside(solver, to);
        let less = i64::from(cost) - i64::from(id(to - own));
        let Some((best, row)) = self.best.get(own).copied() else { return };
        if cost < FAR && less < best {
            let row = if row == NONE { solver.row(self.part, self.first + own) } else { row };
            if let Some(slot) = self.best.get_mut(own) {
                *slot = (less, row);
            }
        }
    }

    /// The cheapest round that ends here.
    fn end(&mut self, solver: &Solver<'_>, to: usize) -> u32 {
        let own = self.inside(solver, to);
        if self.settled.1 != own {
            let mut cheapest = i64::from(FAR);
            for (began, (cost, row)) in self.best.iter().enumerate().take(own) {
                if *cost < i64::from(FAR) {
                    cheapest =
                        cheapest.min(cost + i64::from(at(solver.costs_of(*row), own - began)));
                }
            }
            self.settled = (cheapest, own);
        }
        let mut cheapest = self.settled.0;
        if let Some((cost, row)) = self.best.get(own).filter(|(cost, _)| *cost < i64::from(FAR)) {
            cheapest = cheapest.min(cost + i64::from(at(solver.costs_of(*row), 0)));
        }
        u32::try_from(cheapest + i64::from(id(to - own))).unwrap_or(FAR).min(FAR)
    }
}
