//! Values that steps ask for: held against what was asked, kept in the run, watched by failure signals.

use crate::world::{World, process, say, step};
use gemba_engine::{Event, Run};
use gemba_model::{Evidence, EvidenceKind, FailureSignal, Process, Span};

fn paying() -> Process {
    let number = |text: &str| Evidence { kind: EvidenceKind::Number, text: text.to_owned() };
    let mut read = step("read", "A");
    read.evidence =
        vec![number("invoice total in EUR, between 0 and 50,000"), number("days late, at least 0")];
    let mut check = step("check", "B");
    check.evidence = vec![number("invoice total in EUR")];
    let mut process = process(vec![read, check]);
    let signal = |rule: &str| FailureSignal {
        text: rule.to_owned(),
        rule: Some(rule.to_owned()),
        span: Span::default(),
    };
    process.failure_signals =
        vec![signal("margin < 5 %"), signal("invoice total > 20000 EUR"), signal("days late > 3")];
    process
}

fn told(run: &Run) -> String {
    let values: Vec<String> =
        run.values.iter().map(|(key, value)| format!("{key}={}", value.value)).collect();
    format!("{} raised {:?}", values.join(" "), run.raised)
}

#[test]
fn a_value_outside_its_limits_is_refused_and_the_refusal_says_which() {
    let mut world = World::new(&paying());
    for (line, expected) in [
        ("A: done read", "RUN0208"),
        ("A: done read number=days_late:2", "RUN0208"),
        ("A: done read number=days_late:2 number=invoice_total:60000", "RUN0209"),
        ("A: done read number=days_late:-1 number=invoice_total:6", "RUN0209"),
        ("A: done read number=days_late:x number=invoice_total:6", "RUN0209"),
        ("A: done read number=days_late:1 number=invoice_total:6 number=days_late:2", "RUN0209"),
        ("A: done read number=days_late:1 number=weight:6", "RUN0209"),
        ("A: done read number=Days_Late:2 number=the_invoice_total:12,000.50", "running [check/1]"),
    ] {
        assert_eq!(say(&mut world, line), expected, "{line}");
    }
    assert_eq!(told(&world.run), "days_late=2 invoice_total=12000.5 raised {}");
}

#[test]
fn the_latest_value_counts_and_a_signal_comes_true_once() {
    let mut world = World::new(&paying());
    say(&mut world, "A: done read number=days_late:4 number=invoice_total:20000");
    assert_eq!(told(&world.run), "days_late=4 invoice_total=20000 raised {2}");
    say(&mut world, "B: done check number=invoice_total:20,000.01");
    assert_eq!(told(&world.run), "days_late=4 invoice_total=20000.01 raised {1, 2}");
    let raised = |event: &&Event| matches!(event, Event::SignalRaised { .. });
    assert_eq!(world.history.iter().filter(raised).count(), 2);
    assert_eq!(Run::replay(&world.history), world.run);
}
