//! A small edit changes a map a little: what stays in place when one step comes or goes.

use super::properties::{build, seeds};
use super::sample;
use crate::{Direction, Layout, Options, ShapeKind, layout};
use gemba_model::Process;
use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::TestRunner;
use std::collections::BTreeMap;

/// Where each step stands: along the flow, and the row within its lane.
fn places(map: &Layout) -> BTreeMap<String, (i64, usize)> {
    let mut rows: BTreeMap<usize, Vec<i64>> = BTreeMap::new();
    for shape in &map.shapes {
        rows.entry(shape.lane).or_default().push(shape.rect.center().y);
    }
    for row in rows.values_mut() {
        row.sort_unstable();
        row.dedup();
    }
    map.shapes
        .iter()
        .filter(|shape| matches!(shape.kind, ShapeKind::Step(_)))
        .map(|shape| {
            let center = shape.rect.center();
            let row = rows[&shape.lane].iter().position(|y| *y == center.y).unwrap();
            (shape.id.clone(), (center.x, row))
        })
        .collect()
}

/// How many steps there are in both, how many of them changed their row, and how many pairs of
/// neighbours along the flow changed their order.
fn changes(before: &Layout, after: &Layout) -> (usize, usize, usize) {
    let (old, new) = (places(before), places(after));
    let both: Vec<_> = old.iter().filter_map(|(id, a)| Some((*a, *new.get(id)?))).collect();
    let rows = both.iter().filter(|(a, b)| a.1 != b.1).count();
    let mut along = both.clone();
    along.sort_by_key(|(a, _)| a.0);
    let order =
        along.windows(2).filter(|two| two[0].0.0 < two[1].0.0 && two[0].1.0 > two[1].1.0).count();
    (both.len(), rows, order)
}

fn lanes(map: &Layout) -> Vec<&str> {
    map.lanes.iter().map(|lane| lane.name.as_str()).collect()
}

fn with_one_more(process: &Process, at: usize) -> Process {
    let mut longer = process.clone();
    let mut step = sample::step(99, "One more step", "");
    // Done by whoever does the step before it, so that no lane comes with it.
    step.seat = at.checked_sub(1).and_then(|before| process.steps[before].seat.clone());
    longer.steps.insert(at, step);
    longer
}

#[test]
fn a_step_more_or_less_leaves_lanes_rows_and_order_as_they_are() {
    let mut runner = TestRunner::deterministic();
    let (mut steps, mut rows, mut order, mut maps) = (0, 0, 0, 0);
    for _ in 0..60 {
        let process = build(&seeds(6..24).new_tree(&mut runner).unwrap().current());
        for at in (1..process.steps.len()).step_by(3).chain([process.steps.len()]) {
            let longer = with_one_more(&process, at);
            for direction in [Direction::Right, Direction::Down] {
                let options = Options { direction, ..Options::default() };
                let (short, long) = (layout(&process, &options), layout(&longer, &options));
                assert_eq!(lanes(&short), lanes(&long));
                if direction == Direction::Right {
                    let (count, moved, turned) = changes(&short, &long);
                    steps += count;
                    rows += moved;
                    order += turned;
                    maps += 1;
                }
            }
        }
    }
    println!("{maps} edits, {steps} steps: {rows} changed rows, {order} changed places");
    // A row in two hundred; who shares a column with whom may change, but for one in a thousand at
    // most so that one overtakes the other.
    assert!(rows * 1000 / steps <= 5, "{rows} of {steps} steps changed their row");
    assert!(order * 1000 < steps, "{order} of {steps} steps changed their place");
}
