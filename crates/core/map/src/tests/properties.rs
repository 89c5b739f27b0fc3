//! What holds for the map of any process, however tangled.

use super::sample;
use crate::{
    Direction, EdgeKind, Layout, Options, Overlay, Point, Rect, ShapeKind, SvgStyle, layout, svg,
};
use gemba_model::{Process, StepKind};
use proptest::prelude::*;

const SEATS: [&str; 6] = ["", "Accounting", "accounting", "Delivery lead", "Agent", "Sales"];

const KINDS: [StepKind; 5] =
    [StepKind::Task, StepKind::Approval, StepKind::Wait, StepKind::Call, StepKind::End];

/// A step as numbers: title length, seat, kind, branches as (label length, target).
type Seed = (usize, usize, usize, Vec<(usize, usize)>);

fn seeds(steps: std::ops::Range<usize>) -> impl Strategy<Value = Vec<Seed>> {
    let branches = prop_oneof![
        4 => Just(Vec::new()),
        1 => prop::collection::vec((1..60usize, 0..44usize), 1..5),
    ];
    let kind = prop_oneof![6 => Just(0usize), 1 => 1..KINDS.len()];
    prop::collection::vec((1..150usize, 0..SEATS.len(), kind, branches), steps)
}

fn words(length: usize) -> String {
    "check all of the invoices again and incomprehensibilities too "
        .chars()
        .cycle()
        .take(length)
        .collect()
}

fn build(seeds: &[Seed]) -> Process {
    let mut process = sample::process("Any");
    for (index, (title, seat, kind, branches)) in seeds.iter().enumerate() {
        let mut step = sample::step(index + 1, &words(*title), SEATS[*seat]);
        step.kind = KINDS[*kind];
        for (nth, (label, target)) in branches.iter().enumerate() {
            let target = if *target > seeds.len() { 0 } else { *target };
            let condition = format!("{nth} {}", words(*label));
            step.decisions.push(sample::branch(index + 1, &condition, target));
        }
        process.steps.push(step);
    }
    process
}

fn both(process: &Process) -> [Layout; 2] {
    [Direction::Right, Direction::Down].map(|direction| layout(process, &Options { direction }))
}

/// The room a stretch of an edge takes; a line has no width, so its inside is what it runs through.
fn crosses(a: Point, b: Point, rect: &Rect) -> bool {
    let (left, right) = (a.x.min(b.x), a.x.max(b.x));
    let (top, bottom) = (a.y.min(b.y), a.y.max(b.y));
    left < rect.right()
        && rect.x < right.max(left + 1)
        && top < rect.bottom()
        && rect.y < bottom.max(top + 1)
        && (left > rect.x || right > rect.x)
        && (top > rect.y || bottom > rect.y)
}

fn on_border(point: Point, rect: &Rect, kind: ShapeKind) -> bool {
    if kind == ShapeKind::Decision {
        let center = rect.center();
        let (dx, dy) = ((point.x - center.x).abs(), (point.y - center.y).abs());
        return dx * rect.height + dy * rect.width == rect.width * rect.height / 2;
    }
    let within = rect.x <= point.x
        && point.x <= rect.right()
        && rect.y <= point.y
        && point.y <= rect.bottom();
    let inside =
        rect.x < point.x && point.x < rect.right() && rect.y < point.y && point.y < rect.bottom();
    within && !inside
}

fn check_shapes(map: &Layout) {
    let page = Rect { x: 0, y: 0, width: map.width, height: map.height };
    for (index, shape) in map.shapes.iter().enumerate() {
        let lane = &map.lanes[shape.lane];
        assert!(lane.rect.contains(&shape.rect), "{} leaves its lane", shape.id);
        assert!(!lane.header.overlaps(&shape.rect), "{} covers a name", shape.id);
        for other in &map.shapes[index + 1..] {
            assert!(!shape.rect.overlaps(&other.rect), "{} and {}", shape.id, other.id);
        }
    }
    for (index, lane) in map.lanes.iter().enumerate() {
        assert!(page.contains(&lane.rect) && lane.rect.contains(&lane.header));
        for other in &map.lanes[index + 1..] {
            assert!(!lane.rect.overlaps(&other.rect), "{} and {}", lane.name, other.name);
        }
    }
}

fn check_edges(map: &Layout) {
    let page = Rect { x: 0, y: 0, width: map.width, height: map.height };
    for edge in &map.edges {
        let shape =
            |id: &str| map.shapes.iter().find(|s| s.id == id).expect("an edge joins shapes");
        let (from, to) = (shape(&edge.from), shape(&edge.to));
        let (first, last) = (edge.points[0], edge.points[edge.points.len() - 1]);
        assert!(edge.points.len() >= 2, "{edge:?}");
        assert!(on_border(first, &from.rect, from.kind), "{edge:?} leaves {from:?}");
        assert!(on_border(last, &to.rect, to.kind), "{edge:?} reaches {to:?}");
        for pair in edge.points.windows(2) {
            let (a, b) = (pair[0], pair[1]);
            assert!((a.x == b.x) != (a.y == b.y), "not orthogonal: {edge:?}");
            assert!(page.contains(&Rect { x: a.x, y: a.y, width: 0, height: 0 }), "{edge:?}");
            for shape in &map.shapes {
                assert!(!crosses(a, b, &shape.rect), "{edge:?} passes through {shape:?}");
            }
            for label in map.edges.iter().filter_map(|e| e.label.as_ref()) {
                assert!(!crosses(a, b, &label.rect), "{edge:?} passes through {label:?}");
            }
            for lane in &map.lanes {
                assert!(!crosses(a, b, &lane.header), "{edge:?} passes through a name");
            }
        }
    }
}

fn check_labels(map: &Layout) {
    let labels: Vec<_> = map.edges.iter().filter_map(|edge| edge.label.as_ref()).collect();
    for (index, label) in labels.iter().enumerate() {
        for shape in &map.shapes {
            assert!(!label.rect.overlaps(&shape.rect), "{label:?} covers {shape:?}");
        }
        for other in &labels[index + 1..] {
            assert!(!label.rect.overlaps(&other.rect), "{label:?} covers {other:?}");
        }
    }
    for edge in &map.edges {
        let is_branch = matches!(edge.kind, EdgeKind::Branch | EdgeKind::Back);
        assert_eq!(edge.label.is_some(), is_branch, "{edge:?}");
        assert_eq!(edge.branch.is_some(), is_branch, "{edge:?}");
    }
}

/// Edges to different targets never run on top of each other.
fn check_apart(map: &Layout) {
    let stretches: Vec<_> = map
        .edges
        .iter()
        .flat_map(|edge| edge.points.windows(2).map(move |pair| (edge, pair[0], pair[1])))
        .collect();
    for (index, (edge, a, b)) in stretches.iter().enumerate() {
        for (other, c, d) in &stretches[index + 1..] {
            if edge.to == other.to || edge.from == other.from {
                continue;
            }
            let level = a.y == b.y
                && c.y == d.y
                && a.y == c.y
                && a.x.min(b.x) < c.x.max(d.x)
                && c.x.min(d.x) < a.x.max(b.x);
            let upright = a.x == b.x
                && c.x == d.x
                && a.x == c.x
                && a.y.min(b.y) < c.y.max(d.y)
                && c.y.min(d.y) < a.y.max(b.y);
            assert!(!level && !upright, "{edge:?} runs on {other:?}");
        }
    }
}

/// The order in which the steps stand along the flow.
fn order(map: &Layout, steps: usize) -> Vec<String> {
    let mut found: Vec<(i64, String)> = map
        .shapes
        .iter()
        .filter(|shape| matches!(shape.kind, ShapeKind::Step(_)))
        .take(steps)
        .map(|shape| (shape.rect.x, shape.id.clone()))
        .collect();
    found.sort();
    found.into_iter().map(|(_, id)| id).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn shapes_stay_in_their_lanes_and_off_each_other(seeds in seeds(0..40)) {
        both(&build(&seeds)).iter().for_each(check_shapes);
    }

    #[test]
    fn edges_are_orthogonal_touch_their_shapes_and_pass_through_nothing(seeds in seeds(0..40)) {
        both(&build(&seeds)).iter().for_each(check_edges);
    }

    #[test]
    fn edges_between_different_shapes_never_run_on_top_of_each_other(seeds in seeds(0..40)) {
        both(&build(&seeds)).iter().for_each(check_apart);
    }

    #[test]
    fn labels_cover_nothing(seeds in seeds(0..40)) {
        both(&build(&seeds)).iter().for_each(check_labels);
    }

    #[test]
    fn the_same_process_gives_the_same_bytes(seeds in seeds(0..20)) {
        let draw = || {
            let map = layout(&build(&seeds), &Options::default());
            svg(&map, &Overlay::default(), SvgStyle::Standalone)
        };
        prop_assert_eq!(draw(), draw());
    }

    #[test]
    fn a_step_added_at_the_end_leaves_the_others_in_order(seeds in seeds(1..30)) {
        let short = build(&seeds);
        let mut long = short.clone();
        long.steps.push(sample::step(99, "One more", "Sales"));
        let options = Options::default();
        let (a, b) = (layout(&short, &options), layout(&long, &options));
        prop_assert_eq!(order(&a, seeds.len()), order(&b, seeds.len()));
        let names = |map: &Layout| map.lanes.iter().map(|lane| lane.name.clone()).collect::<Vec<_>>();
        prop_assert!(names(&b).starts_with(&names(&a)));
    }
}
