//! The contract shapes, field by field.

use super::*;
use gemba_diag::Code;
use gemba_model::{
    Decision, FailureSignal, Output, Owner, Procedure, Process, SeatSource as Source, Slug, Span,
    Step, StepId, StepKind as Kind, StepSeat, Target, Trigger, TriggerKind as Starts,
    ValueState as Sure,
    review::{Cadence, Review},
};
use serde_json::{Value, json};

const SOURCE: &str = "owner: Accounting\nfirst\nsecond\npart\n";

fn span(line: usize) -> Span {
    let at = LineIndex::new(SOURCE).start(line);
    Span::new(at, at + 1)
}

fn step(id: &str, number: &str, line: usize) -> Step {
    Step {
        number: number.to_owned(),
        label: format!("{number}."),
        span: span(line),
        ..Step::new(StepId::from_text(id, "x"), id)
    }
}

pub(crate) fn process() -> Process {
    let decision = |condition: &str, target| Decision {
        id: condition.to_owned(),
        condition: condition.to_owned(),
        action: String::new(),
        target,
        outcome: None,
        span: None,
    };
    let seat = StepSeat::new("Sales", Source::Label, None);
    let second = Step {
        kind: Kind::Decision,
        seat: Some(seat),
        decisions: vec![
            decision("again", Target::Loop(StepId::from_text("first", "x"))),
            decision("unclear", Target::Vague("the usual way".to_owned())),
        ],
        handoff_to: vec!["Delivery lead".to_owned()],
        procedure: Some(Procedure {
            title: "the refund procedure".to_owned(),
            to: "refunds.md".to_owned(),
        }),
        wait_for: Some("the call is over".to_owned()),
        steps: vec![step("part", "2.1", 4)],
        ..step("second", "2", 3)
    };
    Process {
        slug: Slug::from_text("invoicing", "x"),
        title: "Invoicing".to_owned(),
        function: None,
        owner: Owner {
            state: model::OwnerState::Stated,
            seat: Some("Accounting".to_owned()),
            span: Some(span(1)),
            ..Owner::missing()
        },
        triggers: vec![Trigger {
            kind: Starts::Schedule,
            state: Sure::Stated,
            text: "monthly".to_owned(),
            rule: "monthly on the 1st".parse().ok(),
            cue: None,
            span: None,
        }],
        purpose: String::new(),
        steps: vec![step("first", "1", 2), second],
        expected_output: vec![Output {
            text: "sent".to_owned(),
            checks: vec!["it is in the inbox".to_owned()],
            span: span(3),
        }],
        failure_signals: vec![FailureSignal { text: "late".to_owned(), rule: None, span: span(4) }],
        review: Review::of(Cadence::months(3), []),
        raci: Vec::new(),
        cleanup: Vec::new(),
        sections: Vec::new(),
    }
}

fn shown() -> Value {
    let found = [Diagnostic::warning(Code("SOP0103"), "no trigger", 0..5)];
    serde_json::to_value(document("a.md", SOURCE, &[process()], &found, |_| {
        vec![vec!["2026-12-01T09:00:00Z"]]
    }))
    .expect("plain data")
}

#[track_caller]
fn check(pointer: &str, expected: &Value) {
    assert_eq!(shown().pointer(pointer), Some(expected), "{pointer}");
}

#[test]
fn a_document_has_the_fields_of_the_contract() {
    check("/path", &json!("a.md"));
    check("/processes/0/function", &Value::Null);
    check("/processes/0/cleanup", &json!([]));
    check(
        "/processes/0/owner",
        &json!({"state": "stated", "seat": "Accounting", "several": [], "line": 1}),
    );
    check(
        "/processes/0/triggers/0",
        &json!({"kind": "schedule", "state": "stated", "text": "monthly", "line": null,
                "rule": "monthly on the 1st at 09:00", "next": ["2026-12-01T09:00:00Z"]}),
    );
    check(
        "/processes/0/expected_output",
        &json!([{"text": "sent", "checks": ["it is in the inbox"], "line": 3}]),
    );
    check("/processes/0/failure_signals", &json!([{"text": "late", "rule": null, "line": 4}]));
    check(
        "/processes/0/review",
        &json!({"cadence": "P3M", "source": "stated", "last": null, "next": null}),
    );
    check(
        "/diagnostics",
        &json!([{"code": "SOP0103", "severity": "warning", "message": "no trigger", "help": null,
                 "line": 1, "column": 1, "end_line": 1, "end_column": 6}]),
    );
}

#[test]
fn a_step_has_the_fields_of_the_contract() {
    check(
        "/processes/0/steps/0",
        &json!({"id": "first", "number": "1", "label": "1.", "title": "first", "text": "",
                "line": 2, "kind": "task", "seat": "Accounting", "seat_source": "owner",
                "decisions": [], "handoff_to": [], "procedure": null, "wait_for": null, "approval": null, "not_by": [],
                "at_most": null, "outcome": null, "if_not_answered": null, "due": null, "remind": null,
                "evidence": [], "steps": []}),
    );
    check("/processes/0/steps/1/seat_source", &json!("label"));
    check(
        "/processes/0/steps/1/procedure",
        &json!({"title": "the refund procedure", "to": "refunds.md"}),
    );
    check("/processes/0/steps/1/wait_for", &json!("the call is over"));
    check("/processes/0/steps/1/steps/0/seat", &json!("Sales"));
    check("/processes/0/steps/1/steps/0/seat_source", &json!("context"));
    check(
        "/processes/0/steps/1/decisions/0/target",
        &json!({"kind": "loop", "step": "1", "text": null}),
    );
    check(
        "/processes/0/steps/1/decisions/1/target",
        &json!({"kind": "vague", "step": null, "text": "the usual way"}),
    );
}

#[test]
fn a_finding_is_what_the_findings_crate_says() {
    let found = [Diagnostic::error(Code("SOP0101"), "no owner", 2..4).with_help("name one")];
    let ours = serde_json::to_value(findings(SOURCE, &found)).expect("plain data");
    let theirs = serde_json::to_value(Located::all(SOURCE, &found)).expect("plain data");
    assert_eq!(ours, theirs);
}

#[test]
fn a_report_counts_what_it_lists() {
    let found = [Diagnostic::error(Code("SOP0101"), "no owner", 2..4)];
    let files = [("a.md", SOURCE, found.as_slice()), ("b.md", "", &[])];
    let json = serde_json::to_value(report(files)).expect("plain data");
    assert_eq!(json["summary"], json!({"files": 2, "errors": 1, "warnings": 0, "infos": 0}));
    assert_eq!(json["files"][0]["path"], "a.md");
    assert_eq!(json["files"][1]["diagnostics"], json!([]));
}
