//! The way of a line around what stands between its ends: in right angles, with few corners, through
//! nothing.
//!
//! The lines that a way may take run beside each shape, which makes a grid; on it the cheapest way is
//! looked for as Dijkstra's algorithm does, where a corner costs as much as a detour.

use gemba_map::{Point, Rect};
use std::cmp::Reverse;
use std::collections::{BTreeSet, BinaryHeap};

/// How far from a shape a line runs, and another beside it.
const ROOM: i64 = 12;
const BESIDE: i64 = 22;
/// How near a line may come to a shape that it passes.
const NEAR: i64 = 4;
/// What a corner costs, in pixels of a detour.
const CORNER: i64 = 60;
/// How many times as much it costs to run on top of another line.
const SHARED: i64 = 4;
/// How far beyond its ends a way is looked for at first.
const FIELD: i64 = 240;
/// A grid with more points is not searched.
const MOST_POINTS: usize = 90_000;

/// The lines that have been drawn, and how much may still be searched.
#[derive(Debug)]
pub(super) struct Around {
    drawn: Vec<(Point, Point)>,
    /// So many points of grids in all, so that a large model does not take long.
    left: usize,
}

impl Default for Around {
    fn default() -> Self {
        Self { drawn: Vec::new(), left: 4_000_000 }
    }
}

impl Around {
    /// The corners of a way from one rectangle to another that runs through none of these, within the
    /// frame where there is one; `None` where none was found.
    pub(super) fn way(
        &mut self,
        from: &Rect,
        to: &Rect,
        shapes: &[Rect],
        frame: Option<&Rect>,
    ) -> Option<Vec<Point>> {
        let everything = || shapes.iter().chain([from, to]).copied().reduce(|a, b| both(&a, &b));
        let near = grown(&both(from, to), FIELD);
        for field in [Some(near), everything().map(|all| grown(&all, 2 * BESIDE))] {
            let field = match (field, frame) {
                (Some(_), Some(frame)) => grown(frame, -NEAR),
                (Some(field), None) => field,
                (None, _) => continue,
            };
            let inside: Vec<Rect> =
                shapes.iter().filter(|shape| shape.overlaps(&field)).copied().collect();
            if let Some(way) = self.search(from, to, &inside, &field) {
                self.drawn.extend(way.iter().copied().zip(way.iter().skip(1).copied()));
                return Some(way);
            }
        }
        None
    }

    fn search(
        &mut self,
        from: &Rect,
        to: &Rect,
        shapes: &[Rect],
        field: &Rect,
    ) -> Option<Vec<Point>> {
        let grid = Grid::of(from, to, shapes, field);
        let n = grid.xs.len() * grid.ys.len();
        if n == 0 || n > MOST_POINTS.min(self.left) {
            return None;
        }
        self.left -= n;
        let costs = grid.costs(from, to, shapes, &self.drawn);
        grid.cheapest(&grid.ports(from), &grid.ports(to), &costs)
    }
}

/// The four ways to go, each the opposite of the one two further.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Heading {
    Right,
    Down,
    Left,
    Up,
}

impl Heading {
    const ALL: [Self; 4] = [Self::Right, Self::Down, Self::Left, Self::Up];

    /// Its place among them.
    fn place(self) -> usize {
        match self {
            Self::Right => 0,
            Self::Down => 1,
            Self::Left => 2,
            Self::Up => 3,
        }
    }

    fn back(self) -> Self {
        match self {
            Self::Right => Self::Left,
            Self::Down => Self::Up,
            Self::Left => Self::Right,
            Self::Up => Self::Down,
        }
    }
}

/// Where a line may leave or reach a rectangle: the place on its border, the point of the grid before
/// it, and the way out.
#[derive(Debug, Clone, Copy)]
struct Port {
    at: Point,
    x: usize,
    y: usize,
    out: Heading,
}

/// The lines on which a way may run.
struct Grid {
    xs: Vec<i64>,
    ys: Vec<i64>,
}

/// What the part from a point of the grid to the next one costs; `None` where something stands.
struct Costs {
    right: Vec<Option<i64>>,
    down: Vec<Option<i64>>,
}

impl Grid {
    fn of(from: &Rect, to: &Rect, shapes: &[Rect], field: &Rect) -> Self {
        let (mut xs, mut ys) = (BTreeSet::new(), BTreeSet::new());
        for shape in shapes.iter().chain([from, to]) {
            for off in [ROOM, BESIDE] {
                xs.extend([shape.x - off, shape.right() + off]);
                ys.extend([shape.y - off, shape.bottom() + off]);
            }
        }
        for end in [from, to] {
            xs.insert(end.center().x);
            ys.insert(end.center().y);
        }
        let within = |from: i64, to: i64| move |at: &i64| from <= *at && *at <= to;
        Self {
            xs: xs.into_iter().filter(within(field.x, field.right())).collect(),
            ys: ys.into_iter().filter(within(field.y, field.bottom())).collect(),
        }
    }

    /// The middles of the sides; of a long side, such as a pool's, every place that a line may come from.
    fn ports(&self, end: &Rect) -> Vec<Port> {
        let middle = end.center();
        let spot = |lines: &[i64], at: i64| lines.binary_search(&at).ok();
        let along = |lines: &[i64], from: i64, length: i64, middle: i64| -> Vec<i64> {
            let is_long = length > 250;
            let own = |at: &i64| {
                *at == middle || is_long && from + ROOM <= *at && *at <= from + length - ROOM
            };
            lines.iter().filter(|at| own(at)).copied().collect()
        };
        let mut ports = Vec::new();
        for x in along(&self.xs, end.x, end.width, middle.x) {
            for (out, border, beyond) in [
                (Heading::Down, end.bottom(), end.bottom() + ROOM),
                (Heading::Up, end.y, end.y - ROOM),
            ] {
                if let (Some(nx), Some(ny)) = (spot(&self.xs, x), spot(&self.ys, beyond)) {
                    ports.push(Port { at: Point { x, y: border }, x: nx, y: ny, out });
                }
            }
        }
        for y in along(&self.ys, end.y, end.height, middle.y) {
            for (out, border, beyond) in [
                (Heading::Right, end.right(), end.right() + ROOM),
                (Heading::Left, end.x, end.x - ROOM),
            ] {
                if let (Some(nx), Some(ny)) = (spot(&self.xs, beyond), spot(&self.ys, y)) {
                    ports.push(Port { at: Point { x: border, y }, x: nx, y: ny, out });
                }
            }
        }
        ports
    }

    fn at(&self, x: usize, y: usize) -> usize {
        y * self.xs.len() + x
    }

    fn costs(&self, from: &Rect, to: &Rect, shapes: &[Rect], drawn: &[(Point, Point)]) -> Costs {
        let n = self.xs.len() * self.ys.len();
        let mut costs = Costs { right: vec![None; n], down: vec![None; n] };
        for y in 0..self.ys.len() {
            for x in 0..self.xs.len() {
                let step = |lines: &[i64], at: usize| Some(lines.get(at + 1)? - lines.get(at)?);
                let at = self.at(x, y);
                put(&mut costs.right, at, step(&self.xs, x));
                put(&mut costs.down, at, step(&self.ys, y));
            }
        }
        for shape in shapes.iter().chain([from, to]) {
            self.over(&grown(shape, NEAR), |at, is_down| {
                put(if is_down { &mut costs.down } else { &mut costs.right }, at, None);
            });
        }
        for (a, b) in drawn {
            let is_down = a.x == b.x;
            let line = grown(&both(&point(*a), &point(*b)), 1);
            self.over(&line, |at, down| {
                if down == is_down {
                    let list = if down { &mut costs.down } else { &mut costs.right };
                    let dear = list.get(at).copied().flatten().map(|cost| cost * SHARED);
                    put(list, at, dear);
                }
            });
        }
        costs
    }

    /// Every part of the grid that runs through a rectangle, and whether it runs down.
    fn over(&self, rect: &Rect, mut see: impl FnMut(usize, bool)) {
        let range = |lines: &[i64], from: i64, to: i64| {
            // Lines strictly within, and parts that reach in.
            let first = lines.partition_point(|at| *at <= from);
            let end = lines.partition_point(|at| *at < to);
            (first..end, first.saturating_sub(1)..end)
        };
        let (xs, parts_right) = range(&self.xs, rect.x, rect.right());
        let (ys, parts_down) = range(&self.ys, rect.y, rect.bottom());
        for y in ys {
            for x in parts_right.clone() {
                see(self.at(x, y), false);
            }
        }
        for y in parts_down {
            for x in xs.clone() {
                see(self.at(x, y), true);
            }
        }
    }

    /// The corners of the cheapest way from one of the ports to one of the others.
    fn cheapest(&self, from: &[Port], to: &[Port], costs: &Costs) -> Option<Vec<Point>> {
        let n = self.xs.len() * self.ys.len() * 4;
        let state = |x: usize, y: usize, heading: Heading| self.at(x, y) * 4 + heading.place();
        let mut best: Vec<i64> = vec![i64::MAX; n];
        let mut before: Vec<usize> = vec![usize::MAX; n];
        let mut open = BinaryHeap::new();
        for port in from {
            let here = state(port.x, port.y, port.out);
            put(&mut best, here, 0);
            open.push(Reverse((0, here)));
        }
        let goal =
            |here: usize| to.iter().find(|port| state(port.x, port.y, port.out.back()) == here);
        while let Some(Reverse((cost, here))) = open.pop() {
            if best.get(here).is_none_or(|known| cost > *known) {
                continue;
            }
            if let Some(end) = goal(here) {
                return self.traced(here, &before, from, end);
            }
            let (cell, heading) = (here / 4, *Heading::ALL.get(here % 4)?);
            let (x, y) = (cell % self.xs.len(), cell / self.xs.len());
            for next in Heading::ALL {
                if next == heading.back() {
                    continue;
                }
                let moved = match next {
                    Heading::Right => get(&costs.right, cell).map(|cost| (x + 1, y, cost)),
                    Heading::Down => get(&costs.down, cell).map(|cost| (x, y + 1, cost)),
                    Heading::Left => x
                        .checked_sub(1)
                        .and_then(|x| get(&costs.right, self.at(x, y)).map(|cost| (x, y, cost))),
                    Heading::Up => y
                        .checked_sub(1)
                        .and_then(|y| get(&costs.down, self.at(x, y)).map(|cost| (x, y, cost))),
                };
                let Some((x, y, part)) = moved else { continue };
                let then = cost + part + if next == heading { 0 } else { CORNER };
                let there = state(x, y, next);
                if best.get(there).is_some_and(|known| then < *known) {
                    put(&mut best, there, then);
                    put(&mut before, there, here);
                    open.push(Reverse((then, there)));
                }
            }
        }
        None
    }

    /// The corners back from where the search ended.
    fn traced(&self, end: usize, before: &[usize], from: &[Port], to: &Port) -> Option<Vec<Point>> {
        let place = |state: usize| {
            let cell = state / 4;
            let (x, y) = (cell % self.xs.len(), cell / self.xs.len());
            Some((x, y, Point { x: *self.xs.get(x)?, y: *self.ys.get(y)? }))
        };
        let mut points = vec![to.at];
        let mut here = end;
        loop {
            let (x, y, point) = place(here)?;
            points.push(point);
            match before.get(here).copied() {
                Some(usize::MAX) | None => {
                    let out = Heading::ALL.get(here % 4);
                    let begin =
                        from.iter().find(|p| p.x == x && p.y == y && Some(&p.out) == out)?;
                    points.push(begin.at);
                    break;
                }
                Some(earlier) => here = earlier,
            }
        }
        points.reverse();
        Some(corners(&points))
    }
}

/// The points at which a line turns, with its ends.
fn corners(points: &[Point]) -> Vec<Point> {
    let mut made: Vec<Point> = Vec::new();
    for (n, point) in points.iter().enumerate() {
        let turns = match (made.last(), points.get(n + 1)) {
            (Some(a), Some(b)) => {
                !(a.x == point.x && b.x == point.x || a.y == point.y && b.y == point.y)
            }
            _ => true,
        };
        if turns && made.last() != Some(point) {
            made.push(*point);
        }
    }
    made
}

fn put<T>(list: &mut [T], at: usize, value: T) {
    if let Some(slot) = list.get_mut(at) {
        *slot = value;
    }
}

fn get(list: &[Option<i64>], at: usize) -> Option<i64> {
    list.get(at).copied().flatten()
}

fn point(at: Point) -> Rect {
    Rect { x: at.x, y: at.y, width: 0, height: 0 }
}

fn grown(rect: &Rect, by: i64) -> Rect {
    Rect {
        x: rect.x - by,
        y: rect.y - by,
        width: rect.width + 2 * by,
        height: rect.height + 2 * by,
    }
}

/// The smallest rectangle that holds two.
fn both(a: &Rect, b: &Rect) -> Rect {
    let (x, y) = (a.x.min(b.x), a.y.min(b.y));
    Rect { x, y, width: a.right().max(b.right()) - x, height: a.bottom().max(b.bottom()) - y }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rect(x: i64, y: i64, width: i64, height: i64) -> Rect {
        Rect { x, y, width, height }
    }

    /// A way from the first of these to the second, past the others: in right angles, through none.
    #[track_caller]
    fn check(shapes: &[Rect], frame: Option<&Rect>, corners: Option<usize>) {
        let [from, to, others @ ..] = shapes else { panic!("two ends") };
        let way = Around::default().way(from, to, others, frame);
        assert_eq!(way.as_ref().map(Vec::len), corners, "{way:?}");
        let way = way.unwrap_or_default();
        for (a, b) in way.iter().zip(way.iter().skip(1)) {
            assert!((a.x == b.x) != (a.y == b.y), "{way:?}");
            let line = both(&point(*a), &point(*b));
            let line = Rect { width: line.width.max(1), height: line.height.max(1), ..line };
            assert!(others.iter().all(|shape| !line.overlaps(shape)), "{way:?}");
            assert!(frame.is_none_or(|frame| frame.contains(&line)), "{way:?}");
        }
    }

    #[test]
    fn a_line_runs_straight_where_nothing_stands_and_around_what_does() {
        let (above, below) = (rect(0, 0, 100, 80), rect(0, 400, 100, 80));
        check(&[above, below], None, Some(2));
        check(&[above, rect(300, 400, 100, 80)], None, Some(3));
        // Something in the middle, a wall with a gap, a wall without one within the frame.
        check(&[above, below, rect(0, 200, 100, 80)], None, Some(4));
        let gap = [above, below, rect(-400, 200, 480, 40), rect(130, 200, 480, 40)];
        check(&gap, None, Some(4));
        let wall = [above, below, rect(-400, 200, 1000, 40)];
        check(&wall, Some(&rect(-300, -100, 700, 700)), None);
        check(&wall, None, Some(4));
    }

    #[test]
    fn two_lines_do_not_run_on_top_of_each_other() {
        let (above, below, middle) =
            (rect(0, 0, 100, 80), rect(0, 400, 100, 80), rect(0, 200, 100, 80));
        let mut around = Around::default();
        let first = around.way(&above, &below, &[middle], None).unwrap();
        let second = around.way(&above, &below, &[middle], None).unwrap();
        assert_ne!(first, second);
    }

    #[test]
    fn a_pool_is_reached_wherever_the_line_comes_from() {
        let (task, pool) = (rect(700, 0, 100, 80), rect(0, 200, 1000, 60));
        check(&[task, pool], None, Some(2));
        check(&[pool, task], None, Some(2));
    }
}
