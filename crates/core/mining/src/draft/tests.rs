//! Drafts of small logs, and what holds for a draft of any.

use super::*;
use crate::align::Limits;
use crate::conform::{Method, conform};
use crate::log::Row;
use crate::play::{played, trees};
use crate::{Unwatched, miner, sop, variants};
use gemba_model::flow::{Next, Routes, reachable, routes};
use proptest::prelude::*;

/// A log of traces, each so often; an activity may have `@` and who did it.
fn log_of(traces: &[(&str, usize)]) -> EventLog {
    let mut rows: Vec<(String, String, Option<String>)> = Vec::new();
    for (number, (trace, times)) in traces.iter().enumerate() {
        for again in 0..*times {
            for event in trace.split_whitespace() {
                let (name, who) = event.split_once('@').unwrap_or((event, ""));
                let who = (!who.is_empty()).then(|| who.to_owned());
                rows.push((format!("{number}-{again}"), name.to_owned(), who));
            }
        }
    }
    EventLog::of(rows.iter().map(|(case, activity, who)| Row {
        case,
        activity,
        resource: who.as_deref(),
        ..Row::default()
    }))
}

fn lines(process: &Process) -> Vec<String> {
    let target = |target: &Target| match target {
        Target::Next => "next".to_owned(),
        Target::End => "end".to_owned(),
        Target::Step(id) | Target::Loop(id) => id.to_string(),
        other => format!("{other:?}"),
    };
    let line = |step: &Step| {
        let seat = step.seat.as_ref().map_or(String::new(), |seat| format!(" by {}", seat.name));
        let parts: Vec<&str> = step.steps.iter().map(|part| part.title.as_str()).collect();
        let parts = if parts.is_empty() { String::new() } else { format!(" {parts:?}") };
        let ways = step.decisions.iter();
        let ways: Vec<String> =
            ways.map(|d| format!("; {} -> {}", d.condition, target(&d.target))).collect();
        let ways = ways.concat();
        format!("{}{seat}{parts}{ways}", step.title)
    };
    process.steps.iter().map(line).collect()
}

#[track_caller]
fn check(traces: &[(&str, usize)], wanted: &[&str]) {
    let log = log_of(traces);
    let process = draft(&log, &miner::discover(&log, 0.0), "Orders");
    assert_eq!(lines(&process), wanted);
}

#[test]
fn a_draft_has_the_steps_in_order_with_the_seats_and_the_share_of_each_way() {
    check(
        &[("take@Ann check@Bob send@Bob", 2), ("take@Ann check@Eve send@-", 1)],
        &["take by Ann", "check by Bob", "send by Bob"],
    );
    check(
        &[("take pay send", 6), ("take ask send", 2), ("take ask", 2)],
        &[
            r#"take; "ask" is called for (40 %) -> ask; otherwise -> next"#,
            "pay; always -> send",
            "ask; nothing more is to be done (50 %) -> end; otherwise -> next",
            "send",
        ],
    );
    // What begins in two ways begins with a look; what is done again goes back.
    check(
        &[("call note", 3), ("write note", 1)],
        &[
            r#"See how the case begins; "write" is called for (25 %) -> write; otherwise -> next"#,
            "call; always -> note",
            "write",
            "note",
        ],
    );
    check(
        &[("draft review send", 3), ("draft review draft review send", 1)],
        &[
            "draft",
            r#"review; "draft" is called for again (20 %) -> draft; otherwise -> next"#,
            "send",
        ],
    );
}

#[test]
fn what_is_done_side_by_side_is_one_step_of_what_is_usual() {
    check(
        &[("a b c d", 9), ("a c b d", 9), ("a b c x d", 1), ("a x c b d", 1)],
        &["a", r#"b and c, in any order ["b", "c"]"#, "d"],
    );
    let log = log_of(&[("a b c d", 9), ("a c b d", 9), ("a b c x d", 1), ("a x c b d", 1)]);
    let process = draft(&log, &miner::discover(&log, 0.0), "Orders");
    assert_eq!(process.steps[1].text, "Sometimes beside it: x (10 %).");
}

#[test]
fn seldom_ways_are_left_out_unless_a_step_needs_them() {
    check(&[("a b c", 300), ("a c", 1), ("a b", 1)], &["a", "b", "c"]);
    check(
        &[("a b", 300), ("a x b", 1)],
        &[r#"a; "b" is called for (99 %) -> b; otherwise -> next"#, "x", "b"],
    );
}

#[test]
fn nothing_is_a_draft_without_steps() {
    let process = draft(&EventLog::default(), &Tree::Silent, "Nothing");
    assert!(process.steps.is_empty());
    assert_eq!(process.owner, Owner::missing());
}

fn has_parallel(tree: &Tree) -> bool {
    matches!(tree, Tree::Parallel(_)) || tree.parts().into_iter().any(has_parallel)
}

proptest! {
    /// In every draft each step is reached and leads to the end; one without parallel steps that leaves no way
    /// out fits the whole log.
    #[test]
    fn every_step_of_a_draft_is_reached_and_the_log_fits(tree in trees()) {
        let traces: Vec<String> = played(&tree, 2, 40).into_iter().map(|t| t.join(" ")).collect();
        let told: Vec<(&str, usize)> = traces.iter().map(|trace| (trace.as_str(), 1)).collect();
        let log = log_of(&told);
        let found = miner::discover(&log, 0.0);
        for seldom in [0.0, SELDOM, 1.0] {
            let process = without(seldom, &log, &found, "Played");
            prop_assert!(reachable(&process).iter().all(|is_met| *is_met));
            for at in 0..process.steps.len() {
                let mut met = BTreeSet::from([at]);
                let mut open = vec![at];
                let mut ends = false;
                while let Some(at) = open.pop() {
                    let all = routes(&process, at);
                    let next: Vec<Next> = match &all {
                        Routes::Straight(next) => vec![*next],
                        Routes::Branches(branches) => branches.iter().map(|b| b.to).collect(),
                    };
                    for next in next {
                        match next {
                            Next::End => ends = true,
                            Next::Step(to) => if met.insert(to) { open.push(to) },
                        }
                    }
                }
                prop_assert!(ends, "step {} never ends: {:?}", at + 1, lines(&process));
            }
        }
        if !has_parallel(&found) && log.cases() > 0 {
            let process = without(0.0, &log, &found, "Played");
            let all = process.all_steps().into_iter().map(|step| step.title.clone());
            let seen: BTreeSet<String> = all.filter(|title| title != BEGIN).collect();
            let model = sop::model(&process, &seen);
            let fits = conform(
                &log.activities,
                &variants(&log),
                &model,
                Method::Align,
                Limits::default(),
                &mut Unwatched,
            );
            let fits = fits.unwrap();
            prop_assert!(fits.deviations.is_empty(), "{:?} in {:?}", fits.deviations, lines(&process));
        }
    }
}
