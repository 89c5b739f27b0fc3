//! Processes to try the map on, built from a few words each.

use gemba_model::review::Review;
use gemba_model::{
    Decision, Output, Owner, OwnerState, Process, SeatSource, Slug, Span, Step, StepId, StepSeat,
    Target, Trigger, TriggerKind, ValueState,
};

/// A process without steps, owned by "Operations lead".
pub(crate) fn process(title: &str) -> Process {
    Process {
        slug: Slug::from_text(title, "process"),
        title: title.to_owned(),
        function: None,
        owner: Owner {
            state: OwnerState::Stated,
            seat: Some("Operations lead".to_owned()),
            ..Owner::missing()
        },
        triggers: Vec::new(),
        purpose: String::new(),
        steps: Vec::new(),
        expected_output: Vec::new(),
        failure_signals: Vec::new(),
        review: Review::NONE,
        raci: Vec::new(),
        cleanup: Vec::new(),
        sections: Vec::new(),
    }
}

/// Adds a trigger.
pub(crate) fn starts(mut process: Process, text: &str) -> Process {
    process.triggers.push(Trigger {
        kind: TriggerKind::Schedule,
        state: ValueState::Stated,
        text: text.to_owned(),
        rule: None,
        cue: None,
        span: None,
    });
    process
}

/// Adds an expected output.
pub(crate) fn yields(mut process: Process, text: &str) -> Process {
    process.expected_output.push(Output {
        text: text.to_owned(),
        checks: Vec::new(),
        span: Span::default(),
    });
    process
}

/// A step "s<number>" for a seat; an empty seat is nobody's.
pub(crate) fn step(number: usize, title: &str, seat: &str) -> Step {
    Step {
        id_stated: true,
        number: number.to_string(),
        label: format!("{number}."),
        seat: (!seat.is_empty()).then(|| StepSeat::new(seat, SeatSource::Label, None)),
        ..Step::new(id(number), title)
    }
}

/// The id of a step by its number.
pub(crate) fn id(number: usize) -> StepId {
    StepId::from_text(&format!("s{number}"), "s")
}

/// A branch; target 0 ends the run.
pub(crate) fn branch(from: usize, condition: &str, target: usize) -> Decision {
    Decision {
        outcome: None,
        id: gemba_model::slug(condition),
        condition: condition.to_owned(),
        action: String::new(),
        target: match target {
            0 => Target::End,
            to if to <= from => Target::Loop(id(to)),
            to => Target::Step(id(to)),
        },
        span: None,
    }
}

/// One step of a table: title, seat, and its branches as (condition, target).
pub(crate) type Row<'a> = (&'a str, &'a str, &'a [(&'a str, usize)]);

/// A process from a table.
pub(crate) fn table(title: &str, rows: &[Row<'_>]) -> Process {
    let mut process = process(title);
    for (index, (title, seat, branches)) in rows.iter().enumerate() {
        let mut step = step(index + 1, title, seat);
        step.decisions = branches.iter().map(|(c, to)| branch(index + 1, c, *to)).collect();
        process.steps.push(step);
    }
    process
}
