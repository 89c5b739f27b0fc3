//! One document held against what a person found in it.

use crate::compare::{bare, same_condition, same_name, same_passage, same_start};
use gemba_model::{Decision, OwnerState, Process, Step, Target, TriggerKind};
use serde_json::Value;

/// Right among wanted, for each piece.
#[derive(Debug, Default, Clone, Copy)]
pub(crate) struct Count {
    pub(crate) right: usize,
    pub(crate) of: usize,
}

impl Count {
    fn add(&mut self, right: bool) {
        self.of += 1;
        self.right += usize::from(right);
    }

    pub(crate) fn plus(&mut self, other: Self) {
        self.right += other.right;
        self.of += other.of;
    }
}

/// The counts of one document, and what was missed in words.
#[derive(Debug, Default)]
pub(crate) struct Score {
    pub(crate) recall: Count,
    pub(crate) precision: Count,
    pub(crate) parts: Count,
    pub(crate) actors: Count,
    pub(crate) decisions: Count,
    pub(crate) targets: Count,
    pub(crate) handoffs: Count,
    pub(crate) trigger: Count,
    pub(crate) owner: Count,
    pub(crate) output: Count,
    pub(crate) failure: Count,
    /// How many decisions were read, wanted or not.
    pub(crate) decisions_read: usize,
    pub(crate) misses: Vec<String>,
}

/// A step as read, with the place it has among all.
struct Read<'a> {
    step: &'a Step,
    /// The seat that does it: its own, or that of the step it is a part of.
    seat: Option<[&'a str; 2]>,
    process: usize,
    top: bool,
}

/// What a person found at one step.
struct Wanted<'a> {
    value: &'a Value,
    n: &'a str,
    /// Which step was read for it.
    read: Option<usize>,
}

fn text<'a>(value: &'a Value, key: &str) -> &'a str {
    value.get(key).and_then(Value::as_str).unwrap_or_default()
}

fn list<'a>(value: &'a Value, key: &str) -> &'a [Value] {
    value.get(key).and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

pub(crate) fn score(truth: &Value, processes: &[Process]) -> Score {
    let mut read = Vec::new();
    for (process, one) in processes.iter().enumerate() {
        for step in &one.steps {
            gather(step, None, process, true, &mut read);
        }
    }
    let mut score = Score::default();
    let wanted = steps(truth, &read, &mut score);
    actors(&wanted, &read, &mut score);
    decisions(&wanted, &read, &mut score);
    trigger(truth, processes, &mut score);
    owner(truth, processes, &mut score);
    passages(truth, processes, &mut score);
    score
}

fn gather<'a>(
    step: &'a Step,
    above: Option<[&'a str; 2]>,
    process: usize,
    top: bool,
    read: &mut Vec<Read<'a>>,
) {
    let own = step.seat.as_ref().map(|seat| [seat.name.as_str(), seat.as_written()]);
    let seat = own.or(above);
    read.push(Read { step, seat, process, top });
    for part in &step.steps {
        gather(part, seat, process, false, read);
    }
}

/// Finds the step read for each wanted one; every read step stands for one wanted step.
fn steps<'a>(truth: &'a Value, read: &[Read<'_>], score: &mut Score) -> Vec<Wanted<'a>> {
    let mut used = vec![false; read.len()];
    let mut wanted: Vec<Wanted<'_>> = Vec::new();
    for value in list(truth, "steps") {
        let (n, start) = (text(value, "n"), text(value, "text_start"));
        let top = !n.contains('.');
        let found = read.iter().enumerate().find(|(at, r)| {
            r.top == top && used.get(*at) == Some(&false) && same_start(r.step, start)
        });
        let found = found.map(|(at, _)| at);
        if let Some(mark) = found.and_then(|at| used.get_mut(at)) {
            *mark = true;
        } else {
            let what = if top { "step" } else { "part" };
            score.misses.push(format!("{what} {n} {start:?} not read"));
        }
        if top { &mut score.recall } else { &mut score.parts }.add(found.is_some());
        wanted.push(Wanted { value, n, read: found });
    }
    for (r, used) in read.iter().zip(&used).filter(|(r, _)| r.top) {
        score.precision.add(*used);
        if !used {
            score.misses.push(format!("step {} {:?} is none", r.step.number, r.step.title));
        }
    }
    wanted
}

fn actors(wanted: &[Wanted<'_>], read: &[Read<'_>], score: &mut Score) {
    for want in wanted {
        let Some(r) = want.read.and_then(|at| read.get(at)).filter(|r| r.top) else { continue };
        let start = text(want.value, "text_start");
        if let Some(actor) = want.value.get("actor").and_then(Value::as_str) {
            let right = r.seat.is_some_and(|names| names.iter().any(|n| same_name(n, actor)));
            score.actors.add(right);
            if !right {
                let got = r.seat.map_or("nobody", |[name, _]| name);
                score.misses.push(format!("actor of {start:?} is {actor:?}, read {got:?}"));
            }
        } else if let Some([name, _]) = r.seat {
            score.misses.push(format!("note: actor of {start:?} is nobody, read {name:?}"));
        }
        if let Some(to) = want.value.get("handoff_to").and_then(Value::as_str) {
            let all = r.step.walk();
            let mut names = all.iter().flat_map(|s| s.handoff_to.iter());
            let right = names.any(|name| same_name(name, to));
            score.handoffs.add(right);
            if !right {
                score.misses.push(format!("handoff of {start:?} to {to:?} not read"));
            }
        }
    }
}

fn decisions(wanted: &[Wanted<'_>], read: &[Read<'_>], score: &mut Score) {
    score.decisions_read = read.iter().map(|r| r.step.decisions.len()).sum();
    for want in wanted {
        for decision in list(want.value, "decision") {
            let condition = text(decision, "condition");
            let all = read
                .iter()
                .enumerate()
                .flat_map(|(at, r)| r.step.decisions.iter().map(move |d| (at, d)));
            let mut matching: Vec<(usize, &Decision)> =
                all.filter(|(_, d)| same_condition(&d.condition, condition)).collect();
            // The decision of the step itself, then the one that says it most exactly.
            let here = want.read;
            matching.sort_by_key(|(at, d)| {
                let far = here.is_none_or(|h| !within(read, h, *at));
                (far, d.condition.len().abs_diff(condition.len()))
            });
            let found = matching.first();
            score.decisions.add(found.is_some());
            let Some((at, found)) = found else {
                score.misses.push(format!("decision {:?} of {} not read", condition, want.n));
                continue;
            };
            let right = target_right(decision, found, *at, wanted, read);
            score.targets.add(right);
            if !right {
                let (kind, to) = (text(decision, "goto_kind"), text(decision, "goto"));
                let got = &found.target;
                score
                    .misses
                    .push(format!("decision {condition:?} leads {kind} {to:?}, read {got:?}"));
            }
        }
    }
}

/// Whether a read step is another or a part of it.
fn within(read: &[Read<'_>], outer: usize, inner: usize) -> bool {
    let steps = |at: usize| read.get(at).map(|r| r.step);
    match (steps(outer), steps(inner)) {
        (Some(outer), Some(inner)) => outer.walk().iter().any(|s| std::ptr::eq(*s, inner)),
        _ => false,
    }
}

fn target_right(
    wanted: &Value,
    found: &Decision,
    at: usize,
    all: &[Wanted<'_>],
    read: &[Read<'_>],
) -> bool {
    let goto = text(wanted, "goto");
    let to_wanted = |id: &gemba_model::StepId| {
        let Some(place) = all.iter().find(|w| w.n == goto).and_then(|w| w.read) else {
            return false;
        };
        let process = read.get(place).map(|r| r.process);
        read.iter().position(|r| Some(r.process) == process && r.step.id == *id) == Some(place)
    };
    // "Next" is right where the wanted step is the one after this step and its parts.
    let next_is_wanted = || {
        let place = all.iter().find(|w| w.n == goto).and_then(|w| w.read);
        place.is_some_and(|place| place > at && (at + 1..place).all(|n| within(read, at, n)))
    };
    match (text(wanted, "goto_kind"), &found.target) {
        // A branch that does all it does here may also say that the run ends or goes on.
        ("" | "absent", Target::Inline | Target::End | Target::Next | Target::Document(_))
        | ("nesting", Target::Inline)
        | ("dangling", Target::Dangling(_))
        | ("vague", Target::Vague(_)) => true,
        ("step" | "words" | "nesting", Target::Step(id) | Target::Loop(id)) => to_wanted(id),
        ("step" | "words" | "nesting", Target::Next) => next_is_wanted(),
        ("section", Target::Section(name)) => same_passage(name, goto),
        ("section", Target::Step(id) | Target::Loop(id)) => {
            read.iter().any(|r| r.step.id == *id && same_passage(&r.step.title, goto))
        }
        _ => false,
    }
}

fn kind_word(kind: TriggerKind) -> &'static str {
    match kind {
        TriggerKind::Schedule => "schedule",
        TriggerKind::Event => "event",
        TriggerKind::Threshold => "threshold",
        TriggerKind::Request => "request",
    }
}

fn trigger(truth: &Value, processes: &[Process], score: &mut Score) {
    let Some(wanted) = truth.get("trigger").filter(|t| t.is_object()) else { return };
    let kinds: Vec<&str> =
        processes.iter().flat_map(|p| &p.triggers).map(|t| kind_word(t.kind)).collect();
    let right = kinds.first() == Some(&text(wanted, "kind"));
    score.trigger.add(right);
    if !right {
        let (kind, words) = (text(wanted, "kind"), text(wanted, "text"));
        score.misses.push(format!("trigger is {kind} {words:?}, read {kinds:?}"));
    }
}

fn owner(truth: &Value, processes: &[Process], score: &mut Score) {
    let Some(owner) = processes.first().map(|p| &p.owner) else { return };
    let said = owner.seat.as_deref().map(bare);
    let wanted = truth.get("owner").and_then(Value::as_str);
    let right = match wanted {
        Some(name) => said.as_deref().is_some_and(|said| same_name(said, name)),
        None => matches!(owner.state, OwnerState::Missing | OwnerState::Placeholder),
    };
    score.owner.add(right);
    if !right {
        score.misses.push(format!("owner is {wanted:?}, read {said:?}"));
    }
}

fn passages(truth: &Value, processes: &[Process], score: &mut Score) {
    let outputs: Vec<&str> =
        processes.iter().flat_map(|p| &p.expected_output).map(|o| o.text.as_str()).collect();
    if let Some(wanted) = truth.get("expected_output").and_then(Value::as_str) {
        let right = outputs.iter().any(|read| same_passage(read, wanted));
        score.output.add(right);
        if !right {
            score.misses.push(format!("output {wanted:?} not among {outputs:?}"));
        }
    }
    let signals: Vec<&str> =
        processes.iter().flat_map(|p| &p.failure_signals).map(|f| f.text.as_str()).collect();
    for wanted in list(truth, "failure_signals").iter().filter_map(Value::as_str) {
        let right = signals.iter().any(|read| same_passage(read, wanted));
        score.failure.add(right);
        if !right {
            score.misses.push(format!("failure {wanted:?} not read"));
        }
    }
}
