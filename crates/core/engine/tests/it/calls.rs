//! Procedures that a step carries out as a run of its own: what the step does while it waits, and when it
//! is done.

use crate::world::{World, branch, id, process, say, step};
use gemba_engine::{Call, Command, Completion, Event, Given, Which};
use gemba_model::{
    Evidence, EvidenceKind, Procedure, Process, Step, StepKind, Target,
    id::{RunId, WorkItemId},
};

fn calling(name: &str, seat: &str, to: &str) -> Step {
    let procedure = Some(Procedure { title: to.to_owned(), to: to.to_owned() });
    Step { kind: StepKind::Call, procedure, ..step(name, seat) }
}

fn child() -> RunId {
    RunId::new(1, 7)
}

fn item(world: &World) -> WorkItemId {
    world.run.open.first().expect("a step is open").item
}

fn begun(process: &Process) -> World {
    let mut world = World::new(process);
    let call = Call::Begun { item: item(&world), run: child() };
    world.send("Manager", Command::Call(call)).expect("the step is open");
    world
}

fn number(name: &str, value: &str) -> Given {
    Given { kind: EvidenceKind::Number, value: value.to_owned(), name: Some(name.to_owned()) }
}

fn returned(world: &mut World, values: Vec<Given>, with: Completion) -> Option<&'static str> {
    let call = Call::Returned { run: child(), outcome: None, values, with };
    world.send("Manager", Command::Call(call)).err().map(|rejection| rejection.code())
}

#[test]
fn only_a_call_of_a_document_of_its_own_is_a_run_of_its_own() {
    let check = |step: Step, expected: Option<&str>| {
        let world = World::new(&process(vec![step.clone()]));
        let planned = world.plan.step(&step.id).expect("it is planned");
        assert_eq!(planned.calls.as_deref(), expected, "{step:?}");
        assert_eq!(world.plan.calls(), expected.is_some());
    };
    check(calling("refund", "A", "refunds.md"), Some("refunds.md"));
    check(calling("refund", "A", "https://example.com/refunds"), None);
    check(calling("refund", "A", "#refunds"), None);
    check(Step { kind: StepKind::Task, ..calling("refund", "A", "refunds.md") }, None);
    check(step("refund", "A"), None);
    let mut deciding = calling("refund", "A", "refunds.md");
    deciding.kind = StepKind::Decision;
    check(deciding, Some("refunds.md"));
}

#[test]
fn while_its_run_goes_on_a_step_can_be_skipped_and_handed_on_and_nothing_else() {
    let mut world = begun(&process(vec![calling("refund", "A", "r.md"), step("tell", "B")]));
    for (line, expected) in [
        ("A: claim refund", "RUN0221"),
        ("A: done refund", "RUN0221"),
        ("A: release refund", "RUN0210"),
        ("A: hand refund to=B because=away", "running [refund/1]"),
        ("Manager: skip refund because=paid_already", "running [tell/1]"),
    ] {
        assert_eq!(say(&mut world, line), expected, "{line}");
    }
}

#[test]
fn a_step_is_done_with_its_run_and_takes_over_its_values() {
    let mut call = calling("refund", "A", "r.md");
    let text = "amount in EUR, at least 0".to_owned();
    call.evidence = vec![Evidence { kind: EvidenceKind::Number, text }];
    let mut world = begun(&process(vec![call, step("tell", "B")]));
    let values = vec![number("amount", "12.5"), number("days", "3")];
    let with = Completion { evidence: vec![number("amount", "12.5")], ..Completion::default() };
    assert_eq!(returned(&mut world, values, with), None);
    let values: Vec<(&str, &str)> =
        world.run.values.iter().map(|(key, value)| (key.as_str(), value.value.as_str())).collect();
    assert_eq!(values, [("amount", "12.5"), ("days", "3")]);
    assert!(world.run.open.iter().all(|open| open.step == id("tell")));
    assert_eq!(world.run.done.get(&id("refund")), Some(&1));
    let again = Call::Returned {
        run: child(),
        outcome: None,
        values: Vec::new(),
        with: Completion::default(),
    };
    let refused = world.send("Manager", Command::Call(again)).expect_err("it returned already");
    assert_eq!(refused.code(), "RUN0201");
}

#[test]
fn what_a_run_does_not_bring_is_asked_of_the_seat() {
    let mut proof = calling("refund", "A", "r.md");
    proof.evidence = vec![Evidence { kind: EvidenceKind::Link, text: "the receipt".to_owned() }];
    let mut choice = calling("refund", "A", "r.md");
    choice.decisions = vec![branch("too late", Target::End)];
    for (call, line) in [
        (proof, "A: done refund link=https://x"),
        (choice, "A: done refund branch=otherwise because=paid"),
    ] {
        let mut world = begun(&process(vec![call, step("tell", "B")]));
        assert_eq!(returned(&mut world, Vec::new(), Completion::default()), None);
        assert!(world.run.open.iter().all(|open| open.step == id("refund")));
        assert_eq!(say(&mut world, line), "running [tell/1]");
    }
}

#[test]
fn a_run_that_never_began_or_was_ended_leaves_the_step_to_its_seat() {
    let two = || process(vec![calling("refund", "A", "r.md"), step("tell", "B")]);
    let mut world = World::new(&two());
    let call = Call::NotMade { item: item(&world), why: "not published".to_owned() };
    world.send("Manager", Command::Call(call)).expect("the step is open");
    assert_eq!(world.run.open.first().and_then(|o| o.uncalled.as_deref()), Some("not published"));
    assert_eq!(say(&mut world, "A: done refund"), "running [tell/1]");

    let mut world = begun(&two());
    let call = Call::Ended { run: child(), reason: "a duplicate".to_owned() };
    world.send("Manager", Command::Call(call)).expect("the step waits");
    let told = world.run.open.first().and_then(|open| open.uncalled.as_deref());
    assert_eq!(told, Some("its run was ended early: a duplicate"));
    assert_eq!(say(&mut world, "A: done refund"), "running [tell/1]");
}

#[test]
fn a_value_that_a_run_brings_makes_a_failure_signal_true() {
    let mut call = calling("refund", "A", "r.md");
    let text = "amount in EUR".to_owned();
    call.evidence = vec![Evidence { kind: EvidenceKind::Number, text }];
    let mut all = process(vec![call]);
    all.failure_signals = vec![gemba_model::FailureSignal {
        text: "amount is above 100 EUR".to_owned(),
        rule: Some("amount > 100 EUR".to_owned()),
        span: gemba_model::Span::default(),
    }];
    let mut world = begun(&all);
    let with = Completion { evidence: vec![number("amount", "101")], ..Completion::default() };
    assert_eq!(returned(&mut world, vec![number("amount", "101")], with), None);
    let raised = world.history.iter().filter(|e| matches!(e, Event::SignalRaised { .. })).count();
    assert_eq!(raised, 1);
    assert!(!world.run.open.iter().any(|open| Which::Step(id("refund")).is(open)));
}
