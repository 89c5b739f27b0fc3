//! A process made into a model and read back is the same in what a run sees of it.

use gemba_bpmn::{of_process, read, to_processes, write};
use gemba_model::review::Review;
use gemba_model::{
    Decision, Next, Output, Owner, OwnerState, Process, Routes, SeatSource, Slug, Span, Step,
    StepId, StepKind, StepSeat, Target, Trigger, TriggerKind, ValueState, flow,
};
use proptest::prelude::*;

fn id(n: usize) -> StepId {
    StepId::from_text(&format!("step {n}"), "x")
}

fn step(n: usize, seat: usize, kind: StepKind, decisions: Vec<Decision>, waits: bool) -> Step {
    let seat = (seat > 0).then(|| StepSeat::new(format!("Seat {seat}"), SeatSource::Label, None));
    let part = |k: usize| Step { number: format!("{}.{k}", n + 1), ..plain(100 + n * 10 + k) };
    Step {
        seat,
        kind,
        decisions,
        wait_for: waits.then(|| format!("thing {n} is there & \"done\"")),
        steps: match kind {
            StepKind::Parallel => vec![part(1), Step { wait_for: None, ..nested(n, part(2)) }],
            StepKind::Task if n % 2 == 1 => vec![part(1), nested(n, part(2)), part(3)],
            _ => Vec::new(),
        },
        ..plain(n)
    }
}

/// A part that has parts, a seat and something to wait for.
fn nested(n: usize, part: Step) -> Step {
    let inner = Step { number: format!("{}.1", part.number), ..plain(1000 + n) };
    Step {
        steps: vec![inner],
        seat: Some(StepSeat::new("Somebody else".to_owned(), SeatSource::Label, None)),
        wait_for: Some(format!("part {n} may begin")),
        ..part
    }
}

fn plain(n: usize) -> Step {
    Step {
        id: id(n),
        id_stated: true,
        number: (n + 1).to_string(),
        label: String::new(),
        title: format!("Do thing {n} <now>"),
        text: format!("With care, *{n}*."),
        kind: StepKind::Task,
        seat: None,
        decisions: Vec::new(),
        handoff_to: Vec::new(),
        procedure: None,
        wait_for: None,
        approval: None,
        not_by: Vec::new(),
        unanswered: None,
        remind: None,
        at_most: None,
        outcome: None,
        due: n.is_multiple_of(3).then(|| format!("{n} days")),
        evidence: Vec::new(),
        consulted: Vec::new(),
        informed: Vec::new(),
        steps: Vec::new(),
        span: Span::default(),
    }
}

fn process(steps: Vec<Step>, triggers: Vec<TriggerKind>) -> Process {
    Process {
        slug: Slug::from_text("Some work", "x"),
        title: "Some work".to_owned(),
        function: Some("Finance".to_owned()),
        owner: Owner {
            state: OwnerState::Stated,
            seat: Some("Boss".to_owned()),
            ..Owner::missing()
        },
        triggers: triggers
            .into_iter()
            .enumerate()
            .map(|(n, kind)| Trigger {
                kind,
                state: ValueState::Stated,
                text: format!("when {n} comes"),
                rule: None,
                cue: None,
                span: None,
            })
            .collect(),
        purpose: "Why it is done.".to_owned(),
        steps,
        expected_output: vec![Output {
            text: "It is done".to_owned(),
            checks: Vec::new(),
            span: Span::default(),
        }],
        failure_signals: Vec::new(),
        review: Review::NONE,
        raci: Vec::new(),
        cleanup: Vec::new(),
        sections: Vec::new(),
    }
}

prop_compose! {
    fn any_step(n: usize, all: usize)(
        seat in 0..4_usize,
        kind in prop_oneof![
            6 => Just(StepKind::Task), 1 => Just(StepKind::Wait), 1 => Just(StepKind::Call),
            1 => Just(StepKind::Parallel), 1 => Just(StepKind::End),
        ],
        ways in prop::collection::vec((0..5_u8, 0..all), 0..4),
        waits in prop::bool::weighted(0.2),
    ) -> Step {
        let decisions: Vec<Decision> = ways.into_iter().enumerate().map(|(k, (how, to))| {
            let target = match how {
                0 => Target::Next,
                1 => Target::End,
                _ if to <= n => Target::Loop(id(to)),
                _ => Target::Step(id(to)),
            };
            let condition = format!("case {k} of {n} holds");
            Decision { outcome: None, id: format!("case-{k}-of-{n}-holds"), condition, action: String::new(), target, span: None }
        }).collect();
        let kind = match kind {
            StepKind::End if decisions.is_empty() => StepKind::End,
            StepKind::End => StepKind::Task,
            kind => kind,
        };
        step(n, seat, kind, decisions, waits)
    }
}

fn any_process() -> impl Strategy<Value = Process> {
    let kinds = prop_oneof![
        Just(TriggerKind::Schedule),
        Just(TriggerKind::Event),
        Just(TriggerKind::Threshold),
        Just(TriggerKind::Request)
    ];
    (1..9_usize)
        .prop_flat_map(|n| (0..n).map(move |at| any_step(at, n)).collect::<Vec<_>>())
        .prop_flat_map(move |steps| {
            (Just(steps), prop::collection::vec(kinds.clone(), 0..3))
                .prop_map(|(steps, triggers)| process(steps, triggers))
        })
}

/// What models are made of, whole and broken.
const PARTS: [&str; 30] = [
    "<startEvent id=\"s\"/>",
    "<task id=\"a\" name=\"Check\"/>",
    "<task id=\"b\"/>",
    "<subProcess id=\"u\"><task id=\"i\"/><sequenceFlow sourceRef=\"i\" targetRef=\"i\"/></subProcess>",
    "<exclusiveGateway id=\"g\" default=\"f\"/>",
    "<exclusiveGateway id=\"h\"/>",
    "<parallelGateway id=\"x\"/>",
    "<parallelGateway id=\"y\"/>",
    "<eventBasedGateway id=\"e\"/>",
    "<intermediateCatchEvent id=\"c\"><timerEventDefinition/></intermediateCatchEvent>",
    "<boundaryEvent id=\"d\" attachedToRef=\"a\"><errorEventDefinition/></boundaryEvent>",
    "<boundaryEvent id=\"d\" attachedToRef=\"d\"/>",
    "<endEvent id=\"z\" name=\"Done\"/>",
    "<sequenceFlow id=\"f\" sourceRef=\"s\" targetRef=\"a\"/>",
    "<sequenceFlow sourceRef=\"a\" targetRef=\"g\"/>",
    "<sequenceFlow sourceRef=\"a\" targetRef=\"x\"/>",
    "<sequenceFlow sourceRef=\"g\" targetRef=\"a\"/>",
    "<sequenceFlow sourceRef=\"g\" targetRef=\"h\"/>",
    "<sequenceFlow sourceRef=\"h\" targetRef=\"g\"/>",
    "<sequenceFlow sourceRef=\"x\" targetRef=\"a\"/>",
    "<sequenceFlow sourceRef=\"x\" targetRef=\"b\"/>",
    "<sequenceFlow sourceRef=\"x\" targetRef=\"y\"/>",
    "<sequenceFlow sourceRef=\"a\" targetRef=\"y\"/>",
    "<sequenceFlow sourceRef=\"b\" targetRef=\"y\"/>",
    "<sequenceFlow sourceRef=\"y\" targetRef=\"z\"/>",
    "<sequenceFlow sourceRef=\"y\" targetRef=\"x\"/>",
    "<sequenceFlow sourceRef=\"e\" targetRef=\"c\"/>",
    "<sequenceFlow sourceRef=\"c\" targetRef=\"b\"/>",
    "<sequenceFlow sourceRef=\"d\" targetRef=\"b\"/>",
    "<sequenceFlow id=\"q\"/>",
];

/// The ways out of every step: where to, and under which words.
fn ways(process: &Process) -> Vec<Vec<(String, Next)>> {
    (0..process.steps.len())
        .map(|n| match flow::routes(process, n) {
            Routes::Straight(next) => vec![(String::new(), next)],
            Routes::Branches(all) => all.into_iter().map(|b| (b.label, b.to)).collect(),
        })
        .map(|ways: Vec<(String, Next)>| {
            // Cases that all lead to the next thing decide nothing.
            let first = ways.first().map(|way| way.1);
            if ways.iter().all(|way| Some(way.1) == first) {
                first.into_iter().map(|to| (String::new(), to)).collect()
            } else {
                ways
            }
        })
        .collect()
}

fn seats(process: &Process) -> Vec<Option<&str>> {
    process.steps.iter().map(|s| process.doer(s)).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(192))]
    #[test]
    fn steps_seats_order_and_branches_survive_a_model(process in any_process()) {
        let text = write(&of_process(&process, &[]));
        let (definitions, report) = read(text.as_bytes()).unwrap();
        prop_assert_eq!(&report.findings, &[]);
        let made = to_processes(&definitions, "x");
        prop_assert_eq!(made.processes.len(), 1);
        let again = &made.processes[0];
        let names = |p: &Process| -> Vec<(String, String, String)> {
            p.all_steps().iter().map(|s| (s.number.clone(), s.id.to_string(), s.title.clone())).collect()
        };
        prop_assert_eq!(names(&process), names(again), "{}", text);
        prop_assert_eq!(seats(&process), seats(again));
        prop_assert_eq!(ways(&process), ways(again), "{}", text);
        let waits = |p: &Process| p.all_steps().iter().map(|s| (s.wait_for.clone(), s.due.clone(), s.text.clone())).collect::<Vec<_>>();
        // A step without a seat is in the lane of the one who does it.
        let doers = |p: &Process| {
            let parts = p.steps.iter().flat_map(|s| s.steps.iter().filter(|_| s.kind != StepKind::Parallel));
            parts.flat_map(Step::walk).map(|s| s.seat.as_ref().map(|seat| seat.name.clone())).collect::<Vec<_>>()
        };
        prop_assert_eq!(waits(&process), waits(again));
        prop_assert_eq!(doers(&process), doers(again));
        let told = |p: &Process| {
            let mut told: Vec<_> = p.triggers.iter().map(|t| (t.kind, t.text.clone())).collect();
            told.sort();
            told
        };
        prop_assert_eq!(told(&process), told(again));
        prop_assert_eq!((&process.title, &process.slug, &process.function, &process.purpose, process.owner.named()),
            (&again.title, &again.slug, &again.function, &again.purpose, again.owner.named()));
    }

    #[test]
    fn elements_in_any_order_never_panic_and_are_kept(picked in prop::collection::vec(0..PARTS.len(), 0..40)) {
        let inner: String = picked.into_iter().filter_map(|n| PARTS.get(n)).copied().collect();
        let text = format!(
            "<definitions xmlns=\"http://www.omg.org/spec/BPMN/20100524/MODEL\"><process id=\"p\">{inner}</process></definitions>"
        );
        let (definitions, _) = read(text.as_bytes()).unwrap();
        let written = write(&definitions);
        prop_assert_eq!(write(&read(written.as_bytes()).unwrap().0), written);
        prop_assert!(read(write(&gemba_bpmn::drawn(&definitions)).as_bytes()).is_ok());
        for process in to_processes(&definitions, "x").processes {
            prop_assert!(read(write(&of_process(&process, &[])).as_bytes()).is_ok());
        }
    }

    #[test]
    fn shuffled_and_cut_models_never_panic(process in any_process(), cuts in prop::collection::vec((0..6000_usize, 0..6000_usize, 0..200_usize), 1..6)) {
        let mut text: Vec<char> = write(&of_process(&process, &[])).chars().collect();
        for (from, to, len) in cuts {
            let (from, to) = (from % text.len(), to % text.len());
            let piece: Vec<char> = text.iter().skip(from).take(len).copied().collect();
            text.splice(to..to, piece);
        }
        if let Ok((definitions, _)) = read(text.iter().collect::<String>().as_bytes()) {
            let _made = to_processes(&definitions, "x");
            let _drawn = gemba_bpmn::drawn(&definitions);
        }
    }
}
