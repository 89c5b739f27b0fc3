//! The canonical form of a process: the one way a Gemba SOP is written.

use crate::decision::{Branch, Jump};
use crate::draft;
use crate::inline::{escape, escape_line, fold, lower};
use crate::outcome::CHECK;
use crate::{call, decision, resolve, seat, trigger, yaml};
use gemba_model::raci::Row;
use gemba_model::review::ReviewSource;
use gemba_model::signal::SignalRule;
use gemba_model::{Decision, FailureSignal, OwnerState, Process, Step, StepId, Target, Trigger};
use std::fmt::Write as _;

/// What stands for an owner that is a blank.
const BLANK: &str = "<the seat that answers for it>";

/// The canonical form of a process.
pub fn print(process: &Process) -> String {
    print_with(process, "")
}

/// The canonical form with more front matter lines, which say nothing here.
pub(crate) fn print_with(process: &Process, foreign: &str) -> String {
    let process = &canonical(process);
    let mut out = String::new();
    let lines = setting_lines(process);
    if !lines.is_empty() || !foreign.is_empty() {
        out.push_str("---\n");
        for line in lines {
            line_to(&mut out, &line);
        }
        out.push_str(foreign);
        out.push_str("---\n\n");
    }
    body(&mut out, process, &[]);
    out
}

/// The canonical form of several processes: the first has the front matter, each other one a list of
/// settings under its title.
pub fn print_all(processes: &[Process]) -> String {
    print_all_with(processes, "")
}

/// Several processes with more front matter lines.
pub(crate) fn print_all_with(processes: &[Process], foreign: &str) -> String {
    let Some((first, others)) = processes.split_first() else { return String::new() };
    let mut out = print_with(first, foreign);
    for process in others {
        let process = &canonical(process);
        out.push('\n');
        let mut lines = inline_settings(process);
        if lines.is_empty() {
            lines.push("owner: null".to_owned());
        }
        body(&mut out, process, &lines);
    }
    out
}

fn line_to(out: &mut String, line: &str) {
    out.push_str(line);
    out.push('\n');
}

fn setting_lines(process: &Process) -> Vec<String> {
    let mut lines = plain_settings(process);
    let triggers: Vec<String> = process.triggers.iter().map(trigger_value).collect();
    match triggers.as_slice() {
        [] => {}
        [one] if !one.starts_with('{') => lines.push(format!("trigger: {one}")),
        many => {
            lines.push("trigger:".to_owned());
            lines.extend(many.iter().map(|t| {
                format!(
                    "  - {}",
                    t.strip_prefix('{').and_then(|t| t.strip_suffix('}')).unwrap_or(t)
                )
            }));
        }
    }
    lines.extend(review_lines(process));
    if !process.raci.is_empty() {
        lines.push("raci:".to_owned());
        lines.extend(process.raci.iter().map(|row| format!("  {}", raci_row(process, row))));
    }
    lines
}

pub(crate) fn inline_settings(process: &Process) -> Vec<String> {
    let mut lines = plain_settings(process);
    let triggers: Vec<String> = process.triggers.iter().map(trigger_value).collect();
    if !triggers.is_empty() {
        lines.push(format!("trigger: [{}]", triggers.join(", ")));
    }
    lines.extend(review_lines(process));
    if !process.raci.is_empty() {
        let rows: Vec<String> = process.raci.iter().map(|row| raci_row(process, row)).collect();
        lines.push(format!("raci: {{{}}}", rows.join(", ")));
    }
    lines
}

fn plain_settings(process: &Process) -> Vec<String> {
    let mut lines = Vec::new();
    if gemba_model::Slug::from_text(&process.title, "process") != process.slug {
        lines.push(format!("slug: {}", process.slug));
    }
    match (process.owner.state, process.owner.seat.as_deref()) {
        (OwnerState::Missing, _) => {}
        (OwnerState::Stated | OwnerState::Implied | OwnerState::Channel, Some(name)) => {
            let key = if process.owner.state == OwnerState::Channel && !seat::is_channel(name) {
                "owner_slack"
            } else {
                "owner"
            };
            let value = match process.owner.several.as_slice() {
                [] => yaml::scalar(name),
                several => yaml::flow(several),
            };
            lines.push(format!("{key}: {value}"));
        }
        _ => lines.push(format!("owner: {}", yaml::scalar(BLANK))),
    }
    if let Some(function) = &process.function {
        lines.push(format!("function: {}", yaml::scalar(function)));
    }
    lines
}

fn review_lines(process: &Process) -> Vec<String> {
    let cadence = match (process.review.source, process.review.cadence) {
        (ReviewSource::Stated, Some(cadence)) if cadence.n_months() == 6 => {
            Some("review: every 6 months".to_owned())
        }
        (ReviewSource::Stated, Some(cadence)) => Some(format!("review: {cadence}")),
        _ => None,
    };
    let last = process.review.last.map(|day| format!("last_reviewed: {day}"));
    let next = process.review.next.map(|day| format!("next_review: {day}"));
    cadence.into_iter().chain(last).chain(next).collect()
}

/// A trigger as a flow value; the kind is written where the words alone would not give it.
fn trigger_value(it: &Trigger) -> String {
    let read = trigger::read(it.text.clone(), trigger::Said::Outright, None);
    if read.kind == it.kind && read.rule == it.rule {
        yaml::scalar(&it.text)
    } else {
        format!("{{{}: {}}}", trigger::word_of(it.kind), yaml::scalar(&it.text))
    }
}

fn raci_row(process: &Process, row: &Row) -> String {
    let step = process.all_steps().into_iter().find(|s| {
        (!row.step.is_empty() && s.number == row.step)
            || (row.step.is_empty() && s.title.eq_ignore_ascii_case(&row.title))
    });
    let key = step.map_or_else(
        || if row.title.is_empty() { row.step.clone() } else { row.title.clone() },
        |s| s.id.as_str().to_owned(),
    );
    let cells: Vec<String> = [
        ("responsible", &row.responsible),
        ("accountable", &row.accountable),
        ("consulted", &row.consulted),
        ("informed", &row.informed),
    ]
    .into_iter()
    .filter(|(_, names)| !names.is_empty())
    .map(|(word, names)| format!("{word}: {}", yaml::flow(names)))
    .collect();
    format!("{}: {{{}}}", yaml::scalar(&key), cells.join(", "))
}

fn body(out: &mut String, process: &Process, settings: &[String]) {
    line_to(out, &format!("# {}", heading(&process.title)));
    if !settings.is_empty() {
        out.push('\n');
        for line in settings {
            line_to(out, &format!("- {line}"));
        }
    }
    if !process.purpose.trim().is_empty() {
        out.push('\n');
        line_to(out, process.purpose.trim_end());
    }
    if !process.steps.is_empty() {
        out.push_str("\n## Steps\n");
        steps(out, process, &process.steps, 0);
    }
    after_steps(out, process);
}

/// What a document says after its steps.
pub(crate) fn after_steps(out: &mut String, process: &Process) {
    if !process.expected_output.is_empty() {
        out.push_str("\n## Expected output\n\n");
        for output in &process.expected_output {
            line_to(out, &hanging("- ", &output.text, 0));
            for check in &output.checks {
                line_to(out, &hanging(&format!("- {CHECK}"), check, 2));
            }
        }
    }
    if !process.failure_signals.is_empty() {
        out.push_str("\n## Failure signals\n\n");
        for signal in &process.failure_signals {
            line_to(out, &hanging("- ", &signal_text(signal), 0));
        }
    }
    for section in &process.sections {
        out.push('\n');
        line_to(out, &format!("## {}", heading(&section.title)));
        if !section.text.trim().is_empty() {
            out.push('\n');
            line_to(out, section.text.trim_end());
        }
    }
}

/// A heading's words; a final `#` would be taken for a closing mark.
pub(crate) fn heading(text: &str) -> String {
    let folded = fold(text);
    let escaped = escape(&folded);
    match escaped.strip_suffix('#') {
        Some(rest) => format!("{rest}\\#"),
        None => escaped,
    }
}

fn signal_text(signal: &FailureSignal) -> String {
    match &signal.rule {
        // What the words say by themselves is not said again.
        Some(rule)
            if SignalRule::said_in(&signal.text).is_some_and(|said| said.to_string() == *rule) =>
        {
            signal.text.clone()
        }
        Some(rule) => {
            let fence = if rule.contains('`') { "``" } else { "`" };
            let pad = if rule.starts_with('`') || rule.ends_with('`') { " " } else { "" };
            format!("{} (check: {fence}{pad}{rule}{pad}{fence})", signal.text)
        }
        None => signal.text.clone(),
    }
}

/// A text after a marker, its further lines under its first.
pub(crate) fn hanging(marker: &str, text: &str, indent: usize) -> String {
    let margin = " ".repeat(indent);
    let under = " ".repeat(indent + marker.chars().count());
    let mut out = String::new();
    for (n, line) in text.lines().enumerate() {
        if n == 0 {
            let _written = write!(out, "{margin}{marker}{line}");
        } else if line.is_empty() {
            out.push('\n');
        } else {
            let _written = write!(out, "\n{under}{line}");
        }
    }
    out
}

pub(crate) fn steps(out: &mut String, process: &Process, all: &[Step], indent: usize) {
    for (n, step) in all.iter().enumerate() {
        let marker = format!("{}. ", n + 1);
        let mut lead = format!("**{}**", escape(&step.title));
        if let Some(seat) = &step.seat {
            let _written = write!(lead, " — {}", escape(seat.as_written()));
        }
        if step.id_stated {
            let _written = write!(lead, " {{#{}}}", step.id);
        }
        out.push('\n');
        line_to(out, &hanging(&marker, &lead, indent));
        let under = indent + marker.chars().count();
        let margin = " ".repeat(under);
        if !step.text.trim().is_empty() {
            out.push('\n');
            line_to(
                out,
                &format!("{margin}{}", hanging("", &step.text, under).trim_start_matches(' ')),
            );
        }
        let bullets = bullets(process, step);
        if !bullets.is_empty() {
            out.push('\n');
            for bullet in bullets {
                line_to(out, &hanging("- ", &bullet, under));
            }
        }
        steps(out, process, &step.steps, under);
    }
}

pub(crate) fn bullets(process: &Process, step: &Step) -> Vec<String> {
    let mut lines: Vec<String> = step
        .decisions
        .iter()
        .skip(said_in_prose(step))
        .map(|decision| branch_line(&as_branch(process, step, decision)))
        .collect();
    let branching =
        step.decisions.iter().filter(|d| !d.condition.eq_ignore_ascii_case(decision::ALWAYS));
    let jumps: Vec<Jump> = branching.map(|d| as_branch(process, step, d).jump).collect();
    if let Some(procedure) = &step.procedure
        && call::of(&step.title, &step.text).as_ref() != Some(procedure)
    {
        lines.push(format!("Procedure: [{}](<{}>)", escape(&procedure.title), procedure.to));
    }
    if let Some(waits) = &step.wait_for
        && call::wait_for(&step.title, &step.text).as_ref() != Some(waits)
    {
        lines.push(format!("Wait for: {}", escape(waits)));
    }
    lines.extend(
        step.approval.iter().map(|approval| format!("Approval: {}", escape(&approval.to_string()))),
    );
    lines.extend(step.not_by.iter().map(|who| format!("Not by: {}", escape(who))));
    lines.extend(step.unanswered.iter().map(|what| format!("If not answered: {what}")));
    if let Some(n) = step.at_most {
        lines.push(format!("At most: {n} {}", if n == 1 { "time" } else { "times" }));
    }
    lines.extend(step.outcome.iter().map(|outcome| format!("Ends as: {}", escape(outcome))));
    // Who must approve says what kind it is.
    if step.approval.is_none()
        && draft::together(
            draft::kind_of(&step.title, &jumps, step.procedure.is_some()),
            &step.title,
            &step.text,
            step.steps.len(),
        ) != step.kind
    {
        lines.push(format!("Kind: {}", crate::fields::word_of(step.kind)));
    }
    for evidence in &step.evidence {
        lines.push(format!("Evidence ({}): {}", evidence.kind.word(), escape(&evidence.text)));
    }
    if let Some(due) = &step.due {
        lines.push(format!("Due: {}", escape(due)));
    }
    lines.extend(step.remind.iter().map(|when| format!("Remind: {}", escape(when))));
    if !step.consulted.is_empty() {
        lines.push(format!("Consult: {}", escape(&step.consulted.join(", "))));
    }
    if !step.informed.is_empty() {
        lines.push(format!("Inform: {}", escape(&step.informed.join(", "))));
    }
    lines.extend(step.handoff_to.iter().map(|name| format!("Hand off to {}.", escape(name))));
    lines
}

/// How many decisions at the front need no bullet, because reading the step's own words gives them.
fn said_in_prose(step: &Step) -> usize {
    let read = crate::process::prose_decisions(step);
    let same = |(a, b): &(&Decision, &Branch)| {
        a.condition == b.condition
            && (a.action == b.action || matches!(b.jump, Jump::To { hard: false, .. }))
    };
    let agreeing = step.decisions.iter().zip(&read).take_while(same).count();
    if agreeing == read.len() { agreeing } else { 0 }
}

/// A decision as the sentence that says it.
fn as_branch(process: &Process, step: &Step, decision: &Decision) -> Branch {
    let jump = match &decision.target {
        Target::Inline => Jump::Inline,
        Target::Next => Jump::Next,
        Target::End => match &decision.outcome {
            Some(outcome) => Jump::EndAs(outcome.clone()),
            None => Jump::End,
        },
        Target::Section(name) => Jump::Section(name.clone()),
        Target::Document(to) => Jump::Document(to.clone()),
        Target::Dangling(words) | Target::Vague(words) => {
            Jump::To { words: words.clone(), hard: true }
        }
        Target::Step(id) => Jump::To { words: jump_words("go to", process, step, id), hard: true },
        Target::Loop(id) => {
            Jump::To { words: jump_words("go back to", process, step, id), hard: true }
        }
    };
    Branch { condition: decision.condition.clone(), action: decision.action.clone(), jump }
}

fn jump_words(verb: &str, process: &Process, from: &Step, to: &StepId) -> String {
    let nested = from.number.contains('.');
    match process.step(to) {
        Some(step) if nested && !step.number.contains('.') => {
            format!("{verb} main step {}", step.number)
        }
        Some(step) => format!("{verb} step {}", step.number),
        None => format!("{verb} step {to}"),
    }
}

/// The bullet that says a branch; the first of the ways that reads back as the same.
pub(crate) fn branch_line(branch: &Branch) -> String {
    let tail = tail(branch);
    let condition = &branch.condition;
    let mut upper = condition.chars();
    let capital: String =
        upper.next().into_iter().flat_map(char::to_uppercase).chain(upper).collect();
    let plain_forms = [format!("{capital}, {tail}."), format!("If {condition}, {tail}.")];
    let starts_alone = condition == decision::ALWAYS
        || decision::sentence(&format!("{capital}, x")).is_some_and(|b| b.condition == *condition);
    let order: &[usize] = if starts_alone { &[0, 1] } else { &[1] };
    for at in order {
        let Some(form) = plain_forms.get(*at) else { continue };
        let one = crate::inline::sentences(form).len() == 1;
        let form_tail = format!("{}.", form.trim_end_matches('.'));
        if one && decision::sentence(&form_tail).is_some_and(|read| same_branch(&read, branch)) {
            return marked(form, branch);
        }
    }
    let lead =
        if condition == "otherwise" { "Otherwise".to_owned() } else { format!("If {condition}") };
    format!("**{}**, {}.", escape(&lead), marked(&tail, branch))
}

fn same_branch(read: &Branch, wanted: &Branch) -> bool {
    match (&read.jump, &wanted.jump) {
        (Jump::Inline, Jump::Document(_)) => {
            read.condition == wanted.condition && fold(&read.action) == fold(&tail(wanted))
        }
        (Jump::To { words, .. }, Jump::To { words: other, .. }) => {
            read.condition == wanted.condition && read.action == wanted.action && words == other
        }
        _ => read == wanted,
    }
}

/// The Markdown of a plain sentence: escaped, with the address of a document as a link.
fn marked(plain: &str, branch: &Branch) -> String {
    if let Jump::Document(to) = &branch.jump
        && let Some((before, after)) = plain.rsplit_once(to.as_str())
    {
        return format!("{}[{}](<{to}>){after}", escape_line(before), escape(to));
    }
    escape_line(plain)
}

/// What follows the condition, as plain words.
fn tail(branch: &Branch) -> String {
    let jump = match &branch.jump {
        Jump::Inline => return branch.action.clone(),
        Jump::Onward(jump) => return tail(&Branch { jump: (**jump).clone(), ..branch.clone() }),
        Jump::Next => "continue".to_owned(),
        Jump::End => "end the process".to_owned(),
        Jump::EndAs(outcome) => format!("end the process as {outcome}"),
        Jump::To { words, .. } => words.clone(),
        Jump::Section(name) | Jump::Anchor { words: name, .. } => format!("see section \"{name}\""),
        Jump::Document(to) => format!("see {to}"),
    };
    if branch.action.is_empty() { jump } else { format!("{}, then {jump}", branch.action) }
}

/// Whether writing a branch again would say every word of the text it was read from.
pub(crate) fn branch_words_kept(branch: &Branch, text: &str) -> bool {
    let kept = lower(&format!("if {} {}", branch.condition, tail(branch)));
    let idle = [
        "to", "the", "next", "step", "with", "process", "back", "go", "ends", "here", "stop",
        "proceed", "run", "on", "then", "else", "and", "move", "please", "they", "you", "can",
    ];
    let text = lower(text);
    let telling = |word: &&str| !idle.contains(word);
    let kept = sorted_words(&kept, telling);
    let mut rest = kept.as_slice();
    sorted_words(&text, telling).into_iter().all(|word| {
        let at = rest.partition_point(|known| *known < word);
        let known = rest.get(at) == Some(&word);
        rest = rest.get(at + 1..).unwrap_or_default();
        known
    })
}

/// The words of a text that tell something, in the order of the alphabet, each as often as it stands there.
fn sorted_words(lower: &str, telling: impl Fn(&&str) -> bool) -> Vec<&str> {
    let words = lower.split(|c: char| !c.is_alphanumeric());
    let mut words: Vec<&str> = words.filter(|w| !w.is_empty()).filter(telling).collect();
    words.sort_unstable();
    words
}

/// The same process as its canonical form says it: numbers and markers as printed, every seat of a
/// step stated after its lead, what was implied stated.
pub fn canonical(process: &Process) -> Process {
    let mut made = process.clone();
    for (n, step) in made.steps.iter_mut().enumerate() {
        number(step, n + 1, "");
    }
    let places: Vec<Place> = made.all_steps().into_iter().map(Place::of).collect();
    for step in &mut made.steps {
        point(step, &places);
    }
    if made.owner.state == OwnerState::Implied {
        made.owner.state = OwnerState::Stated;
    }
    if !made.owner.several.is_empty() {
        made.owner.seat = Some(made.owner.several.join(", "));
    }
    for trigger in &mut made.triggers {
        // Said in passing, "monthly" names no day; stated, it means the first.
        let stated =
            trigger::read(trigger.text.clone(), trigger::Said::Outright, Some(trigger.kind));
        trigger.state = stated.state;
        trigger.rule = stated.rule;
        trigger.cue = stated.cue;
    }
    let numbers: Vec<(String, String, String)> = process
        .all_steps()
        .iter()
        .zip(made.all_steps())
        .map(|(old, new)| (old.number.clone(), new.number.clone(), new.title.clone()))
        .collect();
    for row in &mut made.raci {
        let found = numbers.iter().find(|(old, _, title)| {
            (!row.step.is_empty() && *old == row.step)
                || (row.step.is_empty() && title.eq_ignore_ascii_case(&row.title))
        });
        if let Some((_, new, title)) = found {
            row.step.clone_from(new);
            row.title.clone_from(title);
        }
    }
    let rules: Vec<gemba_model::Recurrence> =
        made.triggers.iter().filter_map(|t| t.rule.clone()).collect();
    let stated =
        if made.review.source == ReviewSource::Stated { made.review.cadence } else { None };
    made.review = gemba_model::review::Review {
        last: made.review.last,
        next: made.review.next,
        ..gemba_model::review::Review::of(stated, &rules)
    };
    for signal in &mut made.failure_signals {
        if signal.rule.is_none() {
            signal.rule = SignalRule::said_in(&signal.text).map(|rule| rule.to_string());
        }
    }
    made
}

fn number(step: &mut Step, n: usize, above: &str) {
    step.number = if above.is_empty() { n.to_string() } else { format!("{above}.{n}") };
    step.label = format!("{n}.");
    // What the words say of themselves is so for whoever reads them.
    if step.procedure.is_none() {
        step.procedure = call::of(&step.title, &step.text);
    }
    if step.wait_for.is_none() {
        step.wait_for = call::wait_for(&step.title, &step.text);
    }
    if let Some(seat) = &mut step.seat {
        seat.source = gemba_model::SeatSource::Label;
    }
    let above = step.number.clone();
    for (n, part) in step.steps.iter_mut().enumerate() {
        number(part, n + 1, &above);
    }
}

/// A step as the decisions of others name it.
struct Place {
    id: StepId,
    /// The title in small letters.
    title: String,
    depth: usize,
}

impl Place {
    fn of(step: &Step) -> Self {
        let depth = step.number.matches('.').count();
        Self { id: step.id.clone(), title: step.title.to_lowercase(), depth }
    }
}

/// A jump to this or an earlier step is a loop, any other is not; an act in the very words of a later
/// step is that step, as it is for whoever reads it.
fn point(step: &mut Step, places: &[Place]) {
    let here = places.iter().position(|place| place.id == step.id).unwrap_or(0);
    let depth = step.number.matches('.').count();
    for decision in &mut step.decisions {
        match &decision.target {
            Target::Step(id) | Target::Loop(id) => {
                if let Some(at) = places.iter().position(|known| known.id == *id) {
                    let id = id.clone();
                    decision.target = if at <= here { Target::Loop(id) } else { Target::Step(id) };
                }
            }
            Target::Inline => {
                let later = places.iter().skip(here + 1).filter(|p| p.depth == depth);
                let action = fold(&decision.action.to_lowercase());
                if let Some(id) = resolve::titled(&action, later.map(|p| (&p.id, &*p.title))) {
                    decision.target = Target::Step(id.clone());
                }
            }
            Target::Next
            | Target::End
            | Target::Section(_)
            | Target::Document(_)
            | Target::Dangling(_)
            | Target::Vague(_) => {}
        }
    }
    for part in &mut step.steps {
        point(part, places);
    }
}
