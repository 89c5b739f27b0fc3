//! The maps of small processes, as text.

use super::sample::{Row, process, starts, table, yields};
use crate::{EdgeKind, Layout, Options, dot, layout, mermaid};
use gemba_model::Process;
use std::collections::BTreeMap;

/// The lanes with their shapes in columns, then the edges.
fn sketch(map: &Layout) -> String {
    let mut out = String::new();
    for (index, lane) in map.lanes.iter().enumerate() {
        let mut shapes: Vec<_> = map.shapes.iter().filter(|s| s.lane == index).collect();
        shapes.sort_by_key(|shape| (shape.rect.center().x, shape.rect.y));
        let names: Vec<&str> = shapes.iter().map(|shape| shape.id.as_str()).collect();
        putln!(out, "{}: {}", lane.name, names.join(" "));
    }
    for edge in &map.edges {
        let arrow = match edge.kind {
            EdgeKind::Sequence => "->",
            EdgeKind::Branch => "?>",
            EdgeKind::Back => "<~",
            EdgeKind::Handoff => "=>",
        };
        let label = edge.label.as_ref().map(|l| format!(" [{}]", l.text)).unwrap_or_default();
        let bends = edge.points.len() - 2;
        putln!(out, "{} {arrow} {}{label}, {bends} bends", edge.from, edge.to);
    }
    out
}

fn check(process: &Process, expected: &str) {
    let drawn = sketch(&layout(process, &Options::default()));
    assert_eq!(drawn.trim(), expected.trim(), "\n{drawn}");
}

#[test]
fn a_process_without_steps_goes_from_start_to_end() {
    check(&process("Nothing"), "Operations lead: start end\nstart -> end, 0 bends");
}

#[test]
fn steps_without_a_seat_are_the_owners_or_nobodys() {
    let rows: &[Row<'_>] = &[("Collect", "", &[]), ("Book", "Accounting", &[])];
    let owned = table("Owned", rows);
    let expected = "
Operations lead: start step:s1
Accounting: step:s2 end
start -> step:s1, 0 bends
step:s1 => step:s2, 0 bends
step:s2 -> end, 0 bends";
    check(&owned, expected);
    let mut nobodys = owned;
    nobodys.owner = gemba_model::Owner::missing();
    check(&nobodys, &expected.replace("Operations lead", "Unassigned"));
}

#[test]
fn a_decision_loops_back_jumps_ahead_and_ends() {
    let rows: &[Row<'_>] = &[
        ("Draft", "Writer", &[]),
        ("Read", "Writer", &[("it is wrong", 1), ("it is urgent", 4), ("it is void", 0)]),
        ("Polish", "Writer", &[]),
        ("Print", "Printer", &[]),
    ];
    let expected = "
Writer: start step:s1 step:s2 decision:s2 step:s3 stop:s2:it-is-void
Printer: step:s4 end
start -> step:s1, 0 bends
step:s1 -> step:s2, 0 bends
step:s2 -> decision:s2, 0 bends
decision:s2 <~ step:s1 [it is wrong], 2 bends
decision:s2 ?> step:s4 [it is urgent], 1 bends
decision:s2 ?> stop:s2:it-is-void [it is void], 3 bends
decision:s2 ?> step:s3 [otherwise], 0 bends
step:s3 => step:s4, 2 bends
step:s4 -> end, 0 bends";
    check(&table("Paper", rows), expected);
}

fn check_crossings(rows: &[Row<'_>], expected: usize) {
    let map = layout(&table("Paper", rows), &Options::default());
    assert_eq!(map.measure().crossings, expected, "\n{}", sketch(&map));
}

#[test]
fn a_loop_does_not_cross_the_handoff_that_leaves_where_it_arrives() {
    let rows: &[Row<'_>] = &[
        ("Draft", "Writer", &[]),
        ("Read", "Reader", &[("it is wrong", 1)]),
        ("Print", "Printer", &[]),
    ];
    check_crossings(rows, 0);
}

#[test]
fn a_loop_goes_round_the_handoffs_between_it_and_its_target() {
    let rows: &[Row<'_>] = &[
        ("Agree", "Seller", &[]),
        ("Estimate", "Maker", &[]),
        ("Price", "Accountant", &[("it is low", 4)]),
        ("Allow", "Director", &[("it is declined", 2)]),
        ("Write", "Seller", &[]),
        ("Read", "Reader", &[("a number is wrong", 5), ("it is late", 2)]),
        ("Present", "Seller", &[("they ask for less", 2)]),
    ];
    check_crossings(rows, 2);
}

#[test]
fn two_ways_out_of_a_decision_change_places_rather_than_cross() {
    let rows: &[Row<'_>] = &[
        ("Ask", "Seller", &[]),
        ("Judge", "Seller", &[("it is small", 4), ("it is large", 5)]),
        ("Weigh", "Seller", &[]),
        ("Note", "Clerk", &[]),
        ("Sign", "Director", &[("it is wrong", 2)]),
    ];
    check_crossings(rows, 0);
}

#[test]
fn a_title_that_the_text_goes_on_with_ends_with_an_ellipsis() {
    let title = "The project manager updates the spreadsheet of all projects as needed";
    let check = |text: &str, expected: &str| {
        let mut process = table("Paper", &[(title, "", &[])]);
        process.steps[0].text = text.to_owned();
        let map = layout(&process, &Options::default());
        let shown: Vec<&str> = map.shapes.iter().map(|shape| shape.text.as_str()).collect();
        assert!(shown.contains(&expected), "{text}: {shown:?}");
    };
    check("", title);
    check("Do it on Monday.", title);
    check(&format!("{title}."), title);
    check(&format!("{title} (for all of them)."), &format!("{title}\u{2026}"));
    let marked = title.replace("spreadsheet", "**spreadsheet**");
    check(&format!("{marked} and *soon*"), &format!("{title}\u{2026}"));
}

#[test]
fn edges_that_run_together_to_a_step_enter_it_together() {
    let rows: &[Row<'_>] = &[
        ("Draft", "Writer", &[]),
        ("Read", "Reader", &[("it is wrong", 1), ("it is late", 1)]),
        ("Sign", "Reader", &[("it is void", 1)]),
        ("Print", "Printer", &[]),
    ];
    let map = layout(&table("Paper", rows), &Options::default());
    let ends: Vec<_> = map
        .edges
        .iter()
        .filter(|edge| edge.kind == EdgeKind::Back)
        .map(|edge| (edge.points[edge.points.len() - 2], edge.points[edge.points.len() - 1]))
        .collect();
    assert_eq!(ends.len(), 3);
    assert!(ends.iter().all(|end| end.1 == ends[0].1), "{}", sketch(&map));
}

#[test]
fn mermaid_holds_lanes_branches_and_nothing_unquoted() {
    let rows: &[Row<'_>] =
        &[("Say \"yes\" <b>", "A & B", &[("it ends; --> here", 0)]), ("End", "end", &[])];
    let process = yields(starts(table("A \"title\"", rows), "daily"), "All {done}");
    let expected = r#"---
title: "A \"title\""
---
flowchart LR
  subgraph lane_0["A #38; B"]
    n_start(["daily"])
    n_step__s1["1. Say #34;yes#34; #60;b#62;"]
    n_decision__s1{"?"}
    n_stop__s1__it_ends_here(["End"])
  end
  subgraph lane_1["end"]
    n_step__s2["2. End"]
    n_end(["All #123;done#125;"])
  end
  n_start --> n_step__s1
  n_step__s1 --> n_decision__s1
  n_decision__s1 -->|"it ends#59; --#62; here"| n_stop__s1__it_ends_here
  n_decision__s1 -->|"otherwise"| n_step__s2
  n_step__s2 --> n_end
"#;
    assert_eq!(mermaid(&process), expected);
}

#[test]
fn dot_holds_lanes_branches_and_nothing_unquoted() {
    let rows: &[Row<'_>] = &[("Say \"yes\" \\", "A", &[("no\" ]", 1), ("void", 0)])];
    let expected = r#"digraph process {
  label="A \"title\"";
  rankdir=LR;
  node [fontname="sans-serif"];
  edge [fontname="sans-serif"];
  subgraph cluster_0 {
    label="A";
    n_start [shape=oval, label="Start"];
    n_step__s1 [shape=box, style=rounded, label="1. Say \"yes\" \\"];
    n_decision__s1 [shape=diamond, label="?"];
    n_stop__s1__void [shape=oval, peripheries=2, label="End"];
  }
  n_start -> n_step__s1;
  n_step__s1 -> n_decision__s1;
  n_decision__s1 -> n_step__s1 [label="no\" ]", style=dashed, constraint=false];
  n_decision__s1 -> n_stop__s1__void [label="void"];
}
"#;
    assert_eq!(dot(&table("A \"title\"", rows)), expected);
}

#[test]
fn kinds_of_steps_and_arrows_are_told_apart_in_mermaid_and_dot() {
    use gemba_model::StepKind;
    let rows: &[Row<'_>] = &[("Do", "A", &[]), ("Say yes", "B", &[]), ("Call", "B", &[])];
    let mut process = table("Kinds", rows);
    let kinds = [StepKind::Approval, StepKind::Wait, StepKind::Call, StepKind::Parallel];
    let mermaids = ["{{\"1. Do\"}}", ">\"1. Do\"]", "[[\"1. Do\"]]", "[/\"1. Do\"/]"];
    let dots = ["shape=octagon", "shape=cds", "peripheries=2, label=\"1", "shape=parallelogram"];
    for ((kind, in_mermaid), in_dot) in kinds.into_iter().zip(mermaids).zip(dots) {
        process.steps[0].kind = kind;
        assert!(mermaid(&process).contains(in_mermaid), "{}", mermaid(&process));
        assert!(dot(&process).contains(in_dot), "{}", dot(&process));
    }
    assert!(mermaid(&process).contains("n_step__s1 ==> n_step__s2"));
    assert!(dot(&process).contains("n_step__s1 -> n_step__s2 [penwidth=2]"));
}

/// How many steps stand in each row, from the top, each row read from the left: the steps must come
/// in the order of the document.
fn lines(steps: usize, columns: usize) -> Vec<usize> {
    let rows: Vec<Row<'_>> = vec![("Tick it off", "Clerk", &[]); steps];
    let map = layout(&table("Checklist", &rows), &Options { columns, ..Options::default() });
    let mut lines: BTreeMap<i64, Vec<(i64, usize)>> = BTreeMap::new();
    for (index, shape) in map.shapes.iter().enumerate() {
        lines.entry(shape.rect.center().y).or_default().push((shape.rect.x, index));
    }
    let mut order = Vec::new();
    for line in lines.values_mut() {
        line.sort_unstable();
        order.extend(line.iter().map(|(_, index)| *index));
    }
    assert!(order.is_sorted(), "{order:?}");
    lines.values().map(Vec::len).collect()
}

#[test]
fn a_long_row_of_one_seat_goes_on_in_the_next_row_as_text_does() {
    // The start and the end are of the row too.
    assert_eq!(lines(60, 9), [9, 9, 9, 9, 9, 9, 8]);
    assert_eq!(lines(12, 9), [9, 5]);
    assert_eq!(lines(11, 9), [13], "too short to be worth it");
    assert_eq!(lines(60, 0), [62], "where one row is asked for");
}

#[test]
fn a_long_row_is_broken_where_no_branch_is_on_its_way_and_not_before_a_diamond() {
    let mut rows: Vec<Row<'_>> = vec![("Tick it off", "Clerk", &[]); 14];
    // The eighth column is the seventh step, its diamond the next.
    rows[6] = ("Check", "Clerk", &[("it is wrong", 10)]);
    let map = layout(&table("Checklist", &rows), &Options { columns: 8, ..Options::default() });
    let row = |id: &str| {
        map.shapes.iter().find(|shape| shape.id == id).map(|shape| shape.rect.center().y)
    };
    assert_eq!(row("start"), row("step:s6"));
    assert_ne!(row("step:s6"), row("step:s7"));
    assert_eq!(row("step:s7"), row("step:s10"));
}
