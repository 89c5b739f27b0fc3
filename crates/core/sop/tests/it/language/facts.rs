//! What was read, one fact a line: the words in which a chapter of the reference claims things.
//!
//! To make a new field of the model claimable, add a line to the function of its noun.

use gemba_model::raci::matrix;
use gemba_model::{Process, Step, Target};

/// Every step with its parts, as "NUMBER TITLE".
pub(super) fn steps(processes: &[Process]) -> Vec<String> {
    let each = processes.iter().flat_map(Process::all_steps);
    each.map(|step| format!("{} {}", step.number, step.title)).collect()
}

/// Everything that was read; a second process begins with its own `title` line.
pub(super) fn all(processes: &[Process]) -> Vec<String> {
    processes.iter().flat_map(of_process).collect()
}

fn of_process(process: &Process) -> Vec<String> {
    let mut facts = vec![format!("title: {}", process.title), format!("slug: {}", process.slug)];
    facts.extend(process.function.iter().map(|name| format!("function: {name}")));
    let owner = process.owner.seat.as_deref().unwrap_or_default();
    facts.push(format!("owner: {} {owner}", word(&process.owner.state)).trim_end().to_owned());
    facts.extend(process.owner.several.iter().map(|name| format!("owner also: {name}")));
    for trigger in &process.triggers {
        let (kind, state) = (word(&trigger.kind), word(&trigger.state));
        facts.push(format!("trigger: {kind} {state} \"{}\"", trigger.text));
        facts.extend(trigger.normalised().iter().map(|rule| format!("trigger rule: {rule}")));
    }
    if !process.purpose.is_empty() {
        facts.push(format!("purpose: {}", one_line(&process.purpose)));
    }
    for step in process.all_steps() {
        facts.extend(of_step(process, step));
    }
    for output in &process.expected_output {
        facts.push(format!("output: {}", one_line(&output.text)));
        facts
            .extend(output.checks.iter().map(|check| format!("output check: {}", one_line(check))));
    }
    for signal in &process.failure_signals {
        facts.push(format!("failure: {}", one_line(&signal.text)));
        facts.extend(signal.rule.iter().map(|rule| format!("failure rule: {rule}")));
    }
    let cadence = process.review.cadence.map(gemba_model::review::Cadence::iso);
    let source = word(&process.review.source);
    facts.push(format!("review: {} {source}", cadence.as_deref().unwrap_or("-")));
    facts.extend(process.review.last.iter().map(|day| format!("reviewed last: {day}")));
    facts.extend(process.review.next.iter().map(|day| format!("review due: {day}")));
    for row in matrix(process) {
        let names = |names: &[String]| {
            if names.is_empty() { "-".to_owned() } else { names.join(", ") }
        };
        facts.push(format!(
            "raci {}: R {} | A {} | C {} | I {}",
            row.step,
            names(&row.responsible),
            names(&row.accountable),
            names(&row.consulted),
            names(&row.informed)
        ));
    }
    for step in &process.cleanup {
        let seat = step.seat.as_ref().map_or("-", |seat| seat.name.as_str());
        facts.push(format!("clean-up {}: {} ({seat})", step.number, step.title));
    }
    facts.extend(process.sections.iter().map(|section| format!("section: {}", section.title)));
    facts
}

fn of_step(process: &Process, step: &Step) -> Vec<String> {
    let is = format!("step {}", step.number);
    let mut facts = vec![
        format!("{is}: {}", step.title),
        format!("{is} id: {}", step.id),
        format!("{is} kind: {}", word(&step.kind)),
    ];
    if !step.label.is_empty() {
        facts.push(format!("{is} label: {}", step.label));
    }
    if !step.text.is_empty() {
        facts.push(format!("{is} text: {}", one_line(&step.text)));
    }
    if let Some(seat) = &step.seat {
        facts.push(format!("{is} seat: {} ({})", seat.name, word(&seat.source)));
        facts.extend(seat.written.iter().map(|name| format!("{is} seat written: {name}")));
    }
    for decision in &step.decisions {
        let to = target(process, &decision.target);
        facts.push(format!("{is} branch: {} -> {to}", decision.condition));
        let outcome = decision.outcome.iter();
        facts.extend(outcome.map(|name| format!("{is} branch ends as: {name}")));
        if !decision.action.is_empty() {
            facts.push(format!("{is} branch action: {}", one_line(&decision.action)));
        }
    }
    facts.extend(step.handoff_to.iter().map(|name| format!("{is} hand off: {name}")));
    facts.extend(step.procedure.iter().map(|p| format!("{is} calls: {} ({})", p.title, p.to)));
    facts.extend(step.wait_for.iter().map(|what| format!("{is} waits for: {what}")));
    facts.extend(step.approval.iter().map(|approval| format!("{is} approval: {approval}")));
    facts.extend(step.at_most.iter().map(|n| format!("{is} at most: {n}")));
    facts.extend(step.outcome.iter().map(|outcome| format!("{is} ends as: {outcome}")));
    facts.extend(step.not_by.iter().map(|who| format!("{is} not by: {who}")));
    facts.extend(step.unanswered.iter().map(|what| format!("{is} if not answered: {what}")));
    facts.extend(step.due.iter().map(|due| format!("{is} due: {due}")));
    facts.extend(step.remind.iter().map(|when| format!("{is} remind: {when}")));
    for evidence in &step.evidence {
        facts.push(format!("{is} evidence: {} {}", evidence.kind.word(), evidence.text));
    }
    facts.extend(step.consulted.iter().map(|name| format!("{is} consult: {name}")));
    facts.extend(step.informed.iter().map(|name| format!("{is} inform: {name}")));
    facts
}

fn target(process: &Process, target: &Target) -> String {
    let number = |id| process.step(id).map_or_else(|| "?".to_owned(), |step| step.number.clone());
    match target {
        Target::Inline => "inline".to_owned(),
        Target::Next => "next".to_owned(),
        Target::End => "end".to_owned(),
        Target::Step(id) => format!("step {}", number(id)),
        Target::Loop(id) => format!("loop {}", number(id)),
        Target::Section(words) => format!("section {words}"),
        Target::Document(words) => format!("document {words}"),
        Target::Dangling(words) => format!("dangling {words}"),
        Target::Vague(words) => format!("vague {words}"),
    }
}

/// The word that JSON has for a value.
fn word(value: &impl serde::Serialize) -> String {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(word)) => word,
        other => format!("{other:?}"),
    }
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
