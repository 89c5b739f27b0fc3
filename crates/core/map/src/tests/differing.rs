//! What is said to have changed between two small processes.

use super::sample::{Row, branch, process, starts, step, table, yields};
use crate::{Fate, Graph, difference};
use gemba_model::{Process, Step};

/// The steps with what became of them, one a line; then the whole in a line.
fn told(old: &Process, new: &Process) -> String {
    let difference = difference(old, new);
    let mut out = String::new();
    for step in difference.steps.iter().filter(|step| step.fate != Fate::Same) {
        putln!(out, "{} {}: {}", step.number, step.title, step.fate.word());
        for aspect in &step.aspects {
            putln!(out, "  {aspect}");
        }
    }
    putln!(out, "{}", difference.summary());
    out
}

fn check(old: &Process, new: &Process, expected: &str) {
    let found = told(old, new);
    assert_eq!(found.trim(), expected.trim(), "\n{found}");
}

/// The same steps with ids derived from their titles.
fn derived(mut process: Process) -> Process {
    for step in &mut process.steps {
        step.id_stated = false;
        step.id = gemba_model::StepId::from_text(&step.title, "step");
    }
    process
}

fn steps(titles: &[&str]) -> Process {
    let mut process = process("Pay");
    process.steps = titles.iter().enumerate().map(|(i, t)| step(i + 1, t, "Clerk")).collect();
    process
}

fn change(act: fn(&mut Step)) -> Process {
    let mut process = steps(&["Read the invoice", "Check it", "Pay it"]);
    act(&mut process.steps[1]);
    process
}

#[test]
fn a_process_does_not_differ_from_itself() {
    let rows: &[Row<'_>] = &[("Read", "A", &[("wrong", 1), ("void", 0)]), ("Pay", "B", &[])];
    let same = yields(starts(table("Pay", rows), "daily"), "All paid");
    check(&same, &same, "no step differs");
    assert!(difference(&same, &same).is_empty());
}

#[test]
fn each_thing_that_changes_about_a_step_is_told_in_words() {
    let old = steps(&["Read the invoice", "Check it", "Pay it"]);
    let told = |act: fn(&mut Step), expected: &str| {
        let expected = format!("2 {}\n{expected}\n1 step changed", "Check it: changed");
        let new = change(act);
        let expected = expected.replace("2 Check it", &format!("2 {}", new.steps[1].title));
        check(&old, &new, &expected);
    };
    told(
        |s| s.title = "Check all".into(),
        "  title: was \u{201c}Check it\u{201d}, is \u{201c}Check all\u{201d}",
    );
    told(
        |s| s.seat = None,
        "  seat: was \u{201c}Clerk\u{201d}, is \u{201c}Operations lead\u{201d}",
    );
    told(|s| s.text = "Twice.".into(), "  text: was nothing, is \u{201c}Twice.\u{201d}");
    told(|s| s.due = Some("Friday".into()), "  due: was nothing, is \u{201c}Friday\u{201d}");
    told(
        |s| s.kind = gemba_model::StepKind::Approval,
        "  kind: was \u{201c}task\u{201d}, is \u{201c}approval\u{201d}",
    );
    told(|s| s.wait_for = Some("a call".into()), "  wait: was nothing, is \u{201c}a call\u{201d}");
    told(
        |s| s.consulted = vec!["CFO".into()],
        "  asked before: was nothing, is \u{201c}CFO\u{201d}",
    );
    told(|s| s.informed = vec!["CEO".into()], "  told after: was nothing, is \u{201c}CEO\u{201d}");
    told(|s| s.handoff_to = vec!["Bank".into()], "  handoff: was nothing, is \u{201c}Bank\u{201d}");
    told(|s| s.steps = vec![step(7, "Sum", "")], "  parts: was nothing, is \u{201c}Sum\u{201d}");
    told(
        |s| s.decisions.push(branch(2, "it is void", 0)),
        "  branch added: \u{201c}it is void\u{201d}\n  branch added: \u{201c}otherwise\u{201d}",
    );
}

#[test]
fn steps_are_added_removed_and_moved() {
    let old = steps(&["Read", "Check", "Pay", "File"]);
    let mut new = old.clone();
    new.steps.remove(1);
    new.steps.swap(1, 2);
    new.steps.insert(0, step(9, "Open the post", "Clerk"));
    let expected = "
9 Open the post: added
2 Check: removed
4 File: moved
  moved: now after \u{201c}Read\u{201d}
1 step added, 1 removed, 1 moved";
    check(&old, &new, expected);
}

#[test]
fn a_derived_id_gives_way_to_a_title_that_is_much_alike() {
    let old = derived(steps(&["Check the invoice total", "Pay the supplier"]));
    let new = derived(steps(&["Check the invoice total twice", "Call the bank about fraud"]));
    let expected = "
2 Call the bank about fraud: added
1 Check the invoice total twice: changed
  title: was \u{201c}Check the invoice total\u{201d}, is \u{201c}Check the invoice total twice\u{201d}
2 Pay the supplier: removed";
    let mut lines: Vec<String> = told(&old, &new).lines().map(str::to_owned).collect();
    lines.pop();
    lines.sort();
    let mut wanted: Vec<&str> = expected.trim().lines().collect();
    wanted.sort_unstable();
    assert_eq!(lines, wanted);
}

#[test]
fn two_ids_that_were_written_are_two_steps_however_alike_their_titles() {
    let old = steps(&["Check it"]);
    let mut new = old.clone();
    new.steps[0].id = super::sample::id(8);
    check(
        &old,
        &new,
        "1 Check it: added\n1 Check it: removed\n1 step added, 1 removed"
            .replace(
                "1 Check it: added\n1 Check it: removed",
                "1 Check it: removed\n1 Check it: added",
            )
            .as_str(),
    );
}

#[test]
fn branches_are_matched_by_their_id_and_then_by_where_they_lead() {
    let old: &[Row<'_>] =
        &[("Read", "A", &[("wrong", 1), ("late", 3)]), ("Pay", "A", &[]), ("File", "A", &[])];
    let new: &[Row<'_>] =
        &[("Read", "A", &[("wrong", 0), ("too late", 3)]), ("Pay", "A", &[]), ("File", "A", &[])];
    let expected = "
1 Read: changed
  branch \u{201c}wrong\u{201d} leads elsewhere: was \u{201c}Read\u{201d}, is \u{201c}the end\u{201d}
  branches: was \u{201c}late\u{201d}, is \u{201c}too late\u{201d}
1 step changed";
    check(&table("Pay", old), &table("Pay", new), expected);
}

#[test]
fn a_step_put_after_a_decision_is_no_change_of_its_branches() {
    let rows: &[Row<'_>] = &[("Read", "A", &[("wrong", 1)]), ("Pay", "A", &[])];
    let old = table("Pay", rows);
    let mut new = old.clone();
    new.steps.insert(1, step(9, "Sign", "A"));
    check(&old, &new, "9 Sign: added\n1 step added");
}

#[test]
fn the_owner_the_trigger_and_the_output_are_compared_too() {
    let old = yields(starts(steps(&["Pay"]), "daily"), "Paid");
    let mut new = yields(starts(steps(&["Pay"]), "weekly"), "All paid");
    new.owner.seat = Some("CFO".to_owned());
    check(&old, &new, "owner changed; trigger changed; expected output changed");
}

/// The shapes and edges of the map of both that met a fate.
fn fates(old: &Process, new: &Process) -> String {
    let (graph, _) = Graph::of_difference(old, new);
    let mut out = String::new();
    putln!(out, "lanes: {}", graph.lanes.join(", "));
    for node in graph.nodes.iter().filter(|node| node.fate != Fate::Same) {
        let note = node.note.as_deref().map(|note| format!(" ({note})")).unwrap_or_default();
        putln!(out, "{}: {}{note}", node.id, node.fate.word());
    }
    for link in graph.links.iter().filter(|link| link.fate != Fate::Same) {
        let id = |index: usize| graph.nodes[index].id.as_str();
        putln!(out, "{} -> {}: {}", id(link.from), id(link.to), link.fate.word());
    }
    out
}

#[test]
fn the_map_of_both_keeps_what_was_removed_at_its_old_place() {
    let old: &[Row<'_>] = &[
        ("Read", "Clerk", &[("wrong", 1), ("void", 0)]),
        ("Stamp", "Registry", &[]),
        ("Pay", "Clerk", &[]),
    ];
    let old = table("Pay", old);
    let mut new = old.clone();
    new.steps.remove(1);
    new.steps[0].decisions.remove(1);
    new.steps[1].title = "Pay by card".to_owned();
    let expected = "
lanes: Clerk, Registry
step:s1: changed (branch removed)
was:stop:s1:void: removed
was:step:s2: removed
step:s3: changed (title)
decision:s1 -> was:stop:s1:void: removed
decision:s1 -> was:step:s2: removed
was:step:s2 -> step:s3: removed
";
    let found = fates(&old, &new);
    assert_eq!(found.trim(), expected.trim(), "\n{found}");
    let (graph, _) = Graph::of_difference(&old, &new);
    let ids: Vec<&str> = graph.nodes.iter().map(|node| node.id.as_str()).collect();
    let at = |id: &str| ids.iter().position(|other| *other == id).unwrap();
    assert!(at("decision:s1") < at("was:step:s2") && at("was:step:s2") < at("step:s3"), "{ids:?}");
}

#[test]
fn the_map_of_a_process_and_itself_is_its_map() {
    let rows: &[Row<'_>] = &[("Read", "A", &[("wrong", 1), ("void", 0)]), ("Pay", "B", &[])];
    let process = yields(starts(table("Pay", rows), "daily"), "All paid");
    let (graph, _) = Graph::of_difference(&process, &process);
    assert_eq!(graph, Graph::of(&process));
}
