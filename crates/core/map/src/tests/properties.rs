//! What holds for the map of any process, however tangled.

use super::sample;
use crate::{
    Direction, EdgeKind, Graph, Label, Layout, Link, Node, Notation, Options, Overlay, Point, Rect,
    Shape, ShapeKind, StepDifference, SvgStyle, layout, layout_graph, svg,
};
use gemba_model::{Process, StepKind};
use proptest::prelude::*;

const SEATS: [&str; 6] = ["", "Accounting", "accounting", "Delivery lead", "Agent", "Sales"];

const KINDS: [StepKind; 5] =
    [StepKind::Task, StepKind::Approval, StepKind::Wait, StepKind::Call, StepKind::End];

/// A step as numbers: title length, seat, kind, branches as (label length, target).
pub(super) type Seed = (usize, usize, usize, Vec<(usize, usize)>);

pub(super) fn seeds(steps: std::ops::Range<usize>) -> impl Strategy<Value = Vec<Seed>> {
    let branches = prop_oneof![
        4 => Just(Vec::new()),
        1 => prop::collection::vec((1..60usize, 0..44usize), 1..5),
    ];
    let kind = prop_oneof![6 => Just(0usize), 1 => 1..KINDS.len()];
    prop::collection::vec((1..150usize, 0..SEATS.len(), kind, branches), steps)
}

fn words_of(length: usize) -> String {
    "check all of the invoices again and incomprehensibilities too "
        .chars()
        .cycle()
        .take(length)
        .collect()
}

pub(super) fn build(seeds: &[Seed]) -> Process {
    let mut process = sample::process("Any");
    for (index, (title, seat, kind, branches)) in seeds.iter().enumerate() {
        let mut step = sample::step(index + 1, &words_of(*title), SEATS[*seat]);
        step.kind = KINDS[*kind];
        for (nth, (label, target)) in branches.iter().enumerate() {
            let target = if *target > seeds.len() { 0 } else { *target };
            let condition = format!("{nth} {}", words_of(*label));
            step.decisions.push(sample::branch(index + 1, &condition, target));
        }
        process.steps.push(step);
    }
    process
}

fn both(process: &Process) -> [Layout; 2] {
    [Direction::Right, Direction::Down]
        .map(|direction| layout(process, &Options { direction, ..Options::default() }))
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

fn on_border(point: Point, rect: &Rect, kind: ShapeKind, notation: Notation) -> bool {
    let center = rect.center();
    let (dx, dy) = ((point.x - center.x).abs(), (point.y - center.y).abs());
    if kind.is_gateway() {
        return dx * rect.height + dy * rect.width == rect.width * rect.height / 2;
    }
    if kind.is_event() && notation == Notation::Bpmn {
        // Within a pixel.
        let radius = rect.width / 2;
        let far = dx * dx + dy * dy;
        return (radius - 1) * (radius - 1) <= far && far <= (radius + 1) * (radius + 1);
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
        if let Some(lane) = map.lanes.get(shape.lane) {
            assert!(lane.rect.contains(&shape.rect), "{} leaves its lane", shape.id);
            assert!(!lane.header.overlaps(&shape.rect), "{} covers a name", shape.id);
        }
        assert!(page.contains(&shape.rect), "{} leaves the page", shape.id);
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
    check_edges_of(map, Notation::Map);
}

fn check_edges_of(map: &Layout, notation: Notation) {
    let page = Rect { x: 0, y: 0, width: map.width, height: map.height };
    for edge in &map.edges {
        let shape =
            |id: &str| map.shapes.iter().find(|s| s.id == id).expect("an edge joins shapes");
        let (from, to) = (shape(&edge.from), shape(&edge.to));
        let (first, last) = (edge.points[0], edge.points[edge.points.len() - 1]);
        assert!(edge.points.len() >= 2, "{edge:?}");
        assert!(on_border(first, &from.rect, from.kind, notation), "{edge:?} leaves {from:?}");
        assert!(on_border(last, &to.rect, to.kind, notation), "{edge:?} reaches {to:?}");
        for pair in edge.points.windows(2) {
            let (a, b) = (pair[0], pair[1]);
            assert!((a.x == b.x) != (a.y == b.y), "not orthogonal: {edge:?}");
            assert!(page.contains(&Rect { x: a.x, y: a.y, width: 0, height: 0 }), "{edge:?}");
            for shape in &map.shapes {
                // An edge meets the slant of its own diamond or circle within the rectangle.
                let is_own = shape.id == edge.from || shape.id == edge.to;
                let is_slant =
                    shape.kind.is_gateway() || shape.kind.is_event() && notation == Notation::Bpmn;
                let inset = if is_own && is_slant { 13 } else { 0 };
                let rect = Rect {
                    x: shape.rect.x + inset,
                    y: shape.rect.y + inset,
                    width: shape.rect.width - 2 * inset,
                    height: shape.rect.height - 2 * inset,
                };
                assert!(!crosses(a, b, &rect), "{edge:?} passes through {shape:?}");
            }
            for label in words(map) {
                assert!(!crosses(a, b, &label.rect), "{edge:?} passes through {label:?}");
            }
            for lane in &map.lanes {
                assert!(!crosses(a, b, &lane.header), "{edge:?} passes through a name");
            }
        }
    }
}

/// All words that stand beside shapes and edges.
fn words(map: &Layout) -> Vec<&Label> {
    let beside = map.shapes.iter().flat_map(|shape| shape.label.iter().chain(&shape.note));
    map.edges.iter().filter_map(|edge| edge.label.as_ref()).chain(beside).collect()
}

fn check_words(map: &Layout) {
    let page = Rect { x: 0, y: 0, width: map.width, height: map.height };
    let labels = words(map);
    for (index, label) in labels.iter().enumerate() {
        assert!(page.contains(&label.rect), "{label:?} leaves the page");
        for lane in &map.lanes {
            assert!(!lane.header.overlaps(&label.rect), "{label:?} covers a name");
        }
        for shape in &map.shapes {
            assert!(!label.rect.overlaps(&shape.rect), "{label:?} covers {shape:?}");
        }
        for other in &labels[index + 1..] {
            assert!(!label.rect.overlaps(&other.rect), "{label:?} covers {other:?}");
        }
    }
}

fn check_labels(map: &Layout) {
    check_words(map);
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

/// The lanes tile the pool beside its header.
fn check_pool(map: &Layout) {
    let Some(pool) = &map.pool else { return };
    let (first, last) = (&map.lanes[0].rect, &map.lanes[map.lanes.len() - 1].rect);
    match map.direction {
        Direction::Right => {
            assert_eq!((pool.rect.y, pool.rect.bottom()), (first.y, last.bottom()));
            assert!(
                map.lanes.iter().all(|lane| lane.rect.x == pool.header.right()
                    && lane.rect.right() == pool.rect.right())
            );
            assert!(map.lanes.windows(2).all(|two| two[0].rect.bottom() == two[1].rect.y));
        }
        Direction::Down => {
            assert_eq!((pool.rect.x, pool.rect.right()), (first.x, last.right()));
            assert!(map.lanes.iter().all(|lane| lane.rect.y == pool.header.bottom()
                && lane.rect.bottom() == pool.rect.bottom()));
            assert!(map.lanes.windows(2).all(|two| two[0].rect.right() == two[1].rect.x));
        }
    }
}

const SHAPES: [ShapeKind; 9] = [
    ShapeKind::Step(StepKind::Task),
    ShapeKind::Step(StepKind::Call),
    ShapeKind::Decision,
    ShapeKind::Decision,
    ShapeKind::Parallel,
    ShapeKind::Join,
    ShapeKind::Start,
    ShapeKind::Event,
    ShapeKind::Outcome,
];

/// Any flow at all: lanes, shapes as (kind, lane, text length, note length), and edges as (from, to,
/// label length).
type Tangle = (usize, Vec<(usize, usize, usize, usize)>, Vec<(usize, usize, usize)>);

fn tangles() -> impl Strategy<Value = Tangle> {
    let note = prop_oneof![5 => Just(0usize), 1 => 1..90usize];
    let shapes = prop::collection::vec((0..SHAPES.len(), 0..4usize, 0..120usize, note), 1..26);
    let label = prop_oneof![1 => Just(0usize), 1 => 1..70usize];
    (0..4usize, shapes, prop::collection::vec((0..26usize, 0..26usize, label), 0..40))
}

fn tangled((lanes, shapes, edges): &Tangle) -> Graph {
    let filled = |length: usize| (length > 0).then(|| words_of(length));
    let mut graph = Graph {
        title: "Any".to_owned(),
        lanes: SEATS.iter().skip(3).take(*lanes).map(|name| (*name).to_owned()).collect(),
        ..Graph::default()
    };
    for (index, (kind, lane, text, note)) in shapes.iter().enumerate() {
        let mut node = Node::new(format!("n{index}"), SHAPES[*kind], *lane, words_of(*text));
        node.note = filled(*note);
        graph.nodes.push(node);
    }
    for (from, to, label) in edges {
        let link = Link { label: filled(*label), ..Link::new(*from, *to) };
        graph.links.push(link);
    }
    graph
}

/// Every direction and notation, with long rows as they are and broken into several.
fn all_ways(graph: &Graph) -> Vec<(Layout, Notation)> {
    let mut all = Vec::new();
    for direction in [Direction::Right, Direction::Down] {
        for notation in [Notation::Map, Notation::Bpmn] {
            for columns in [0, 4] {
                let options = Options { direction, notation, columns };
                all.push((layout_graph(graph, &options), notation));
            }
        }
    }
    all
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_flow_is_drawn_in_either_notation_without_anything_on_top_of_another(tangle in tangles()) {
        for graph in [tangled(&tangle), tangled(&tangle).ordered()] {
            for (map, notation) in all_ways(&graph) {
                check_shapes(&map);
                check_edges_of(&map, notation);
                check_words(&map);
                check_apart(&map);
                check_pool(&map);
            }
        }
    }
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
    fn a_step_added_at_the_end_leaves_the_lanes_in_order(seeds in seeds(1..30)) {
        let short = build(&seeds);
        let mut long = short.clone();
        long.steps.push(sample::step(99, "One more", "Sales"));
        let options = Options::default();
        let (a, b) = (layout(&short, &options), layout(&long, &options));
        let names = |map: &Layout| map.lanes.iter().map(|lane| lane.name.clone()).collect::<Vec<_>>();
        prop_assert!(names(&b).starts_with(&names(&a)));
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_map_of_two_processes_shows_every_step_of_both_without_overlaps(
        old in seeds(0..15),
        new in seeds(0..15),
        kept in 0..15usize,
    ) {
        let (old, other) = (build(&old), build(&new));
        let mut new = old.clone();
        new.steps.truncate(kept);
        new.steps.extend(other.steps.into_iter().skip(kept));
        let turn = usize::from(new.steps.len() > 3);
        new.steps.rotate_left(turn);
        let (graph, difference) = Graph::of_difference(&old, &new);
        let map = layout_graph(&graph, &Options::default());
        check_shapes(&map);
        check_edges(&map);
        check_words(&map);
        check_apart(&map);
        let is_step = |shape: &&Shape| matches!(shape.kind, ShapeKind::Step(_));
        prop_assert_eq!(map.shapes.iter().filter(is_step).count(), difference.steps.len());
        let told = |pick: fn(&StepDifference) -> Option<usize>| {
            let mut all: Vec<usize> = difference.steps.iter().filter_map(pick).collect();
            all.sort_unstable();
            all
        };
        prop_assert_eq!(told(|step| step.was), (0..old.steps.len()).collect::<Vec<_>>());
        prop_assert_eq!(told(|step| step.now), (0..new.steps.len()).collect::<Vec<_>>());
        prop_assert!(crate::difference(&old, &old).is_empty());
        // What is told in words is what the picture shows.
        let words = gemba_model::change::between(&old, &new).steps;
        let said: Vec<(bool, bool, bool, &str)> = words
            .iter()
            .filter(|step| step.moved || step.was.is_none() || step.is.is_none())
            .map(|step| (step.was.is_none(), step.is.is_none(), step.moved, step.id.as_str()))
            .collect();
        let shown = |step: &StepDifference| {
            let is_moved = step.aspects.iter().any(|a| matches!(a, crate::Aspect::Moved(..)));
            (step.was.is_none(), step.now.is_none(), is_moved, step.id.to_string())
        };
        let mut shown: Vec<_> = difference.steps.iter().map(shown).collect();
        shown.retain(|(added, removed, moved, _)| *added || *removed || *moved);
        let mut said: Vec<_> =
            said.into_iter().map(|(a, r, m, id)| (a, r, m, id.to_owned())).collect();
        shown.sort();
        said.sort();
        prop_assert_eq!(shown, said);
    }
}
