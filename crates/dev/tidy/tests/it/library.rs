//! The library is what it says: every SOP complete, clean and in the canonical form.

use gemba_library::{FUNCTIONS, all, find};
use gemba_model::{Process, StepKind, raci};
use gemba_sop::{Formatted, compile, format};

fn each(check: impl Fn(&str, &Process)) {
    for entry in all() {
        let compiled = compile(entry.source, entry.slug);
        assert_eq!(compiled.processes.len(), 1, "{}", entry.slug);
        compiled.processes.iter().for_each(|process| check(entry.slug, process));
    }
}

#[test]
fn there_are_thirty_two_processes_in_six_functions() {
    assert_eq!(all().len(), 32);
    let n: Vec<usize> = FUNCTIONS
        .iter()
        .map(|function| all().iter().filter(|e| e.function == *function).count())
        .collect();
    assert_eq!(n, [7, 6, 5, 5, 5, 4]);
    assert!(all().iter().all(|entry| find(entry.slug) == Some(entry)));
    assert_eq!(find("nothing"), None);
}

#[test]
fn every_sop_is_without_a_finding() {
    for entry in all() {
        let found: Vec<String> = compile(entry.source, entry.slug)
            .diagnostics
            .iter()
            .map(|d| format!("{} {}: {}", entry.slug, d.code, d.message))
            .collect();
        assert_eq!(found, Vec::<String>::new());
    }
}

#[test]
fn every_sop_is_in_the_canonical_form() {
    for entry in all() {
        assert_eq!(format(entry.source, entry.slug), Formatted::Same, "{}", entry.slug);
    }
}

#[test]
fn the_table_says_what_the_texts_say() {
    for entry in all() {
        let compiled = compile(entry.source, entry.slug);
        let process = compiled.processes.first().expect("a process");
        assert_eq!(process.title, entry.title);
        assert_eq!(process.slug.as_str(), entry.slug);
        assert_eq!(process.function.as_deref(), Some(entry.function));
        assert!(entry.question.ends_with('?'), "{}", entry.question);
    }
}

#[test]
fn every_sop_answers_the_five_questions_and_can_be_run() {
    each(|slug, process| {
        assert!(process.owner.named().is_some(), "{slug} has no owner");
        assert!(!process.triggers.is_empty(), "{slug} has no trigger");
        let n = process.steps.len();
        assert!((6..=20).contains(&n), "{slug} has {n} steps");
        assert!(process.expected_output.len() >= 3, "{slug} says too little about its output");
        assert!(process.failure_signals.len() >= 3, "{slug} says too little about failure");
        assert!(process.failure_signals.iter().any(|s| s.rule.is_some()), "{slug} has no rule");
        assert!(process.review.cadence.is_some(), "{slug} has no review");
    });
}

#[test]
fn every_sop_has_decisions_handoffs_deadlines_and_evidence() {
    each(|slug, process| {
        let decides = process.steps.iter().filter(|s| s.decisions.len() > 1).count();
        assert!(decides >= 3, "{slug} decides {decides} times");
        let handoffs = process.steps.iter().filter(|s| !s.handoff_to.is_empty()).count();
        assert!(handoffs >= 1, "{slug} is never handed over");
        for step in &process.steps {
            assert!(step.seat.is_some(), "{slug} {}: nobody does it", step.number);
            let proves = !step.evidence.is_empty();
            let waits = step.kind == StepKind::Wait;
            let routes = !step.decisions.is_empty();
            assert!(proves || waits || routes, "{slug} {}: leaves no evidence", step.number);
            let timed = step.due.is_some() || step.evidence.is_empty();
            assert!(timed, "{slug} {}: has no deadline", step.number);
        }
    });
}

#[test]
fn every_raci_row_has_one_who_answers_and_one_who_does() {
    each(|slug, process| {
        for row in raci::matrix(process) {
            assert_eq!(row.accountable.len(), 1, "{slug} {}", row.step);
            assert!(!row.responsible.is_empty(), "{slug} {}", row.step);
        }
        for step in &process.steps {
            assert_eq!(raci::conflicts(process, step), [], "{slug} {}", step.number);
        }
    });
}
