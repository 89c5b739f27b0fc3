//! How a run ends: with which outcome, whether its output is accepted, and what is cleaned up.

use crate::world::{World, asker, branch, calendar, id, process, say, step};
use gemba_engine::{By, Command, Now, command::Asker, decide};
use gemba_model::{Decision, Output, Process, Span, StepKind, Target};

fn output(text: &str) -> Output {
    Output { text: text.to_owned(), checks: Vec::new(), span: Span::default() }
}

/// check (bad: the run ends as refused) -> send (ends as late, or without a name).
fn judged(outputs: &[&str]) -> Process {
    let ending = |condition: &str, outcome: &str| Decision {
        outcome: Some(outcome.to_owned()),
        ..branch(condition, Target::End)
    };
    let mut check = step("check", "B");
    check.decisions = vec![ending("bad", "refused")];
    let mut send = step("send", "A");
    send.decisions = vec![ending("late", "Late")];
    let mut process = process(vec![check, send]);
    process.expected_output = outputs.iter().map(|text| output(text)).collect();
    process
}

#[track_caller]
fn check(process: &Process, story: &[(&str, &str)], outcome: Option<&str>) -> World {
    let mut world = World::new(process);
    for (line, expected) in story {
        assert_eq!(say(&mut world, line), *expected, "{line}");
    }
    assert_eq!(world.run.outcome.as_deref(), outcome);
    world
}

#[test]
fn the_end_has_the_name_that_the_document_gives_it() {
    check(&judged(&[]), &[("B: done check branch=bad because=x", "completed []")], Some("refused"));
    check(
        &judged(&[]),
        &[
            ("B: done check branch=otherwise because=x", "running [send/1]"),
            ("A: done send branch=late because=x", "completed []"),
        ],
        Some("Late"),
    );
    check(
        &judged(&[]),
        &[
            ("B: done check branch=otherwise because=x", "running [send/1]"),
            ("A: done send branch=otherwise because=x", "completed []"),
        ],
        None,
    );
    let mut last = step("stop", "A");
    last.kind = StepKind::End;
    last.outcome = Some("closed".to_owned());
    check(&process(vec![last]), &[("A: done stop", "completed []")], Some("closed"));
}

#[test]
fn an_output_is_accepted_only_where_the_outcome_has_one() {
    let refused = ("B: done check branch=bad because=x", "completed []");
    let on = ("B: done check branch=otherwise because=x", "running [send/1]");
    let sent = ("A: done send branch=otherwise because=x", "running [accept-output/1]");
    check(&judged(&["The thing is there"]), &[refused], Some("refused"));
    check(&judged(&["The thing is there"]), &[on, sent], None);
    let named = ["Refused: the client was told"];
    let told = ("B: done check branch=bad because=x", "running [accept-output/1]");
    check(&judged(&named), &[told], Some("refused"));
    let done = ("A: done send branch=otherwise because=x", "completed []");
    check(&judged(&named), &[on, done], None);
    // A colon alone makes no outcome.
    check(&judged(&["Note: it is there"]), &[on, sent], None);
}

#[test]
fn a_run_that_is_returned_and_ends_otherwise_has_the_later_outcome() {
    let both = ["Refused: the client was told", "The thing is there"];
    check(
        &judged(&both),
        &[
            ("B: done check branch=bad because=x", "running [accept-output/1]"),
            (
                "Owner: done accept-output branch=return-check because=look_again",
                "running [check/2]",
            ),
            ("B: done check branch=otherwise because=x", "running [send/1]"),
            ("A: done send branch=otherwise because=x", "running [accept-output/2]"),
            ("Owner: done accept-output branch=accept", "completed []"),
        ],
        None,
    );
}

#[test]
fn what_must_be_cleaned_up_is_done_before_the_run_is_ended() {
    let mut all = process(vec![step("make", "A"), step("send", "B")]);
    all.cleanup = vec![step("stop", "A"), step("tell", "B")];
    let world = check(
        &all,
        &[
            ("A: done stop", "RUN0202"),
            ("A: done make", "running [send/1]"),
            ("Manager: cancel a_duplicate", "ending [stop/1]"),
            ("B: done send", "RUN0202"),
            ("A: done stop", "ending [tell/1]"),
            ("Manager: skip tell because=nobody_knows_yet", "cancelled []"),
            ("Manager: cancel again", "RUN0101"),
        ],
        None,
    );
    let last = format!("{:?}", world.history.last());
    assert!(last.contains("a_duplicate"), "the first reason stays: {last}");
    // Whoever may end a run may end its clean-up too.
    check(
        &all,
        &[
            ("Manager: cancel why", "ending [stop/1]"),
            ("Manager: cancel why", "ending [stop/1]"),
            ("Manager: cancel now", "cancelled []"),
        ],
        None,
    );
    // What happens by itself leaves the clean-up alone.
    let mut world = World::new(&all);
    assert_eq!(say(&mut world, "Manager: cancel why"), "ending [stop/1]");
    let system = Asker { by: By::System, ..asker("Manager") };
    let at = "2026-01-01T00:00:00Z".parse().expect("a moment");
    let now = Now { at, calendar: &calendar() };
    let again = Command::Cancel { reason: "again".to_owned() };
    let mut fresh = || panic!("nothing opens");
    assert_eq!(decide(&world.plan, &world.run, &system, again, now, &mut fresh), Ok(Vec::new()));
    // A run that comes to its end cleans nothing up.
    let done = [("A: done make", "running [send/1]"), ("B: done send", "completed []")];
    check(&all, &done, None);
    assert_eq!(all.asked(&id("stop")).map(|step| step.title), Some("stop".to_owned()));
}
