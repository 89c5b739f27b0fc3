//! Models as processes: what people draw, as what an SOP says.

mod expressions;
mod facts;
mod graph;
mod steps;
mod ways;

use crate::codes::{self, called};
use crate::definitions::{Definitions, Ids};
use crate::markdown::{documentation, escaped};
use crate::scope::{self, Event, Kind, Scope, subject};
use crate::xml::{Element, folded};
pub(crate) use facts::{Facts, UNASSIGNED, whole};
use gemba_diag::Diagnostic;
use gemba_model::review::{Cadence, Review};
use gemba_model::{
    FailureSignal, Output, Owner, OwnerState, Process, Section, Slug, Span, Trigger, TriggerKind,
    ValueState,
};
use std::collections::BTreeSet;
use steps::{Reader, Written, add, span};
use ways::whole_name;

/// The most nodes and flows of a process that is read as an SOP: many times what people can survey.
const MAX_SIZE: usize = 4000;

/// The processes of a model, and what of it was simplified, named or left out.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Imported {
    /// One for each pool or process in which something is done, in the order of the file.
    pub processes: Vec<Process>,
    /// In words, each with the element's name and id, in the order of the file.
    pub findings: Vec<Diagnostic>,
}

/// Makes processes of a model. `name` is what a process is called that has no name.
pub fn to_processes(definitions: &Definitions, name: &str) -> Imported {
    let root = &definitions.root;
    let ids = definitions.ids();
    let facts = Facts::of(root, &ids);
    let participants: Vec<&Element> =
        root.parts_named("collaboration").flat_map(|c| c.parts_named("participant")).collect();
    let mut made = Imported::default();
    for pool in &participants {
        let has_process = pool.attr("processRef").is_some_and(|r| ids.find(r).is_some());
        if !has_process {
            let message = format!("the {} has no process: it is an outside party", called(pool));
            made.findings.push(codes::OUTSIDE.of(pool, message));
        }
    }
    for strange in root.parts().filter(|e| {
        matches!(e.local(), "choreography" | "conversation" | "globalChoreographyTask")
            || e.is("collaboration") && e.parts().any(|p| p.local().ends_with("onversation"))
    }) {
        let message = format!("the {} has no place in an SOP", called(strange));
        made.findings.push(codes::LEFT_OUT.of(strange, message));
    }
    for flow in root.walk().into_iter().filter(|e| {
        e.is("messageFlow")
            && facts.loose_messages.iter().any(|id| e.id().unwrap_or_default() == id)
    }) {
        let message = format!("the {} has an end at nobody with a name", called(flow));
        made.findings.push(codes::LEFT_OUT.of(flow, message));
    }
    let processes = definitions.processes();
    let mut slugs = BTreeSet::new();
    for process in &processes {
        let is_it = |p: &&&Element| {
            p.attr("processRef")
                .and_then(|r| ids.find(r))
                .is_some_and(|e| std::ptr::eq(e, *process))
        };
        let pool = participants.iter().find(is_it).copied();
        let title = title(process, pool, name, processes.len());
        let size = scope::size(process);
        if size > MAX_SIZE {
            let message = format!(
                "the {} has {size} elements; up to {MAX_SIZE} are read as an SOP",
                called(process)
            );
            made.findings.push(codes::TOO_LARGE.of(process, message));
            continue;
        }
        let slug = unique_slug(process, &title, &mut slugs);
        let pool_seat = pool
            .map(Element::title)
            .filter(|seat| !seat.is_empty() && *seat != title)
            .or_else(|| (pool.is_some() && participants.len() > 1).then(|| title.clone()))
            .filter(|_| process.part("laneSet").is_none());
        let mut reader = Reader {
            ids: &ids,
            facts: &facts,
            slug: slug.to_string(),
            own: root.attr("exporter") == Some("Gemba"),
            pool_seat,
            taken: BTreeSet::new(),
            found: Vec::new(),
            signals: Vec::new(),
        };
        let Written { steps, outcomes } = reader.write(process, 0, "");
        let (mut found, signals) = (reader.found, reader.signals);
        expressions::report(process, &mut found);
        if steps.is_empty() {
            let message = format!("there is nothing to do in the {}", called(process));
            found.push(codes::NOTHING.of(process, message));
            made.findings.append(&mut found);
            continue;
        }
        made.findings.append(&mut found);
        let mut made_process = Process {
            slug,
            title,
            function: None,
            owner: Owner::missing(),
            triggers: triggers(process, &ids, &facts),
            purpose: String::new(),
            steps,
            expected_output: outcomes.into_iter().map(|(text, span)| output(&text, span)).collect(),
            failure_signals: signals.into_iter().map(|(text, span)| signal(&text, span)).collect(),
            review: Review::NONE,
            raci: Vec::new(),
            cleanup: Vec::new(),
            sections: Vec::new(),
        };
        describe(&mut made_process, process, pool, &facts, &ids);
        made.processes.push(made_process);
    }
    made.findings.sort_by_key(|f| f.range.start);
    made
}

fn title(process: &Element, pool: Option<&Element>, name: &str, n_processes: usize) -> String {
    let of_pool = pool.map(Element::title).unwrap_or_default();
    let own = process.title();
    // Modelling tools name a process after the pool, or not at all.
    if !own.is_empty() {
        return own;
    }
    match (of_pool.is_empty(), n_processes) {
        (true, _) => spoken_name(name),
        (false, _) => of_pool,
    }
}

/// A file name as a title: "order-handling.bpmn" as "Order handling".
fn spoken_name(name: &str) -> String {
    let base = name.rsplit(['/', '\\']).next().unwrap_or(name);
    let stem = base.rsplit_once('.').map_or(base, |(stem, _)| stem);
    let spaced = folded(&stem.replace(['-', '_'], " "));
    let mut letters = spaced.chars();
    match letters.next() {
        Some(first) => first.to_uppercase().chain(letters).collect(),
        None => "Untitled process".to_owned(),
    }
}

fn unique_slug(process: &Element, title: &str, taken: &mut BTreeSet<String>) -> Slug {
    // Models made here carry the name of the process in its id.
    let own = process.id().and_then(|id| id.strip_prefix("Process_")).and_then(Slug::parse);
    let wanted = own.unwrap_or_else(|| Slug::from_text(title, "process"));
    let mut slug = wanted.clone();
    let mut count = 1;
    while !taken.insert(slug.to_string()) {
        count += 1;
        slug = Slug::from_text(&format!("{wanted}-{count}"), "process");
    }
    slug
}

fn triggers(process: &Element, ids: &Ids<'_>, facts: &Facts) -> Vec<Trigger> {
    let scope = Scope::of(process, ids);
    let mut found: Vec<Trigger> = Vec::new();
    for node in scope.nodes.iter().filter(|n| n.kind == Kind::Start) {
        let own = whole_name(node.element);
        let about = subject(node.element, ids);
        let comes: Vec<String> =
            node.element.id().and_then(|id| facts.receives.get(id)).cloned().unwrap_or_default();
        let said = [own.as_str(), about.as_str(), comes.first().map_or("", String::as_str)]
            .into_iter()
            .find(|text| !text.is_empty() && *text != "Start")
            .unwrap_or_default()
            .to_owned();
        let kind = match node.event {
            Event::Timer => TriggerKind::Schedule,
            Event::Conditional => TriggerKind::Threshold,
            Event::None if comes.is_empty() => TriggerKind::Request,
            _ => TriggerKind::Event,
        };
        if said.is_empty() {
            continue;
        }
        let rule = match kind {
            TriggerKind::Schedule => said.parse().ok().or_else(|| about.parse().ok()),
            _ => None,
        };
        let place = span(node.element);
        let texts: Vec<&str> = match kind {
            TriggerKind::Request => said.split(" / ").collect(),
            _ => vec![said.as_str()],
        };
        for text in texts {
            if !found.iter().any(|t| t.text == text) {
                found.push(Trigger {
                    kind,
                    state: ValueState::Stated,
                    text: text.to_owned(),
                    rule: rule.clone(),
                    cue: None,
                    span: Some(place),
                });
            }
        }
    }
    found
}

/// What is said of the process as a whole: its documentation, the notes of its pool, its event
/// sub-processes.
fn describe(
    made: &mut Process,
    process: &Element,
    pool: Option<&Element>,
    facts: &Facts,
    ids: &Ids<'_>,
) {
    let mut words = documentation(process);
    if let Some(more) = pool.map(documentation) {
        add(&mut words, &more);
    }
    let mut rest = String::new();
    let mut head = true;
    for line in words.lines() {
        let field = line.split_once(": ").filter(|_| head);
        match field {
            Some(("Owner", value)) => {
                made.owner = Owner {
                    state: OwnerState::Stated,
                    seat: Some(folded(value)),
                    span: Some(span(process)),
                    ..Owner::missing()
                };
            }
            Some(("Function", value)) => made.function = Some(folded(value)),
            Some(("Review", value)) => {
                made.review = Review::of(cadence(value.trim()), Vec::new());
            }
            _ => {
                head = head && line.trim().is_empty();
                rest.push_str(line);
                rest.push('\n');
            }
        }
    }
    sections(made, rest.trim());
    let of_pool = pool.and_then(Element::id).and_then(|id| facts.notes.get(id));
    let loose = process.id().and_then(|id| facts.loose_notes.get(id));
    let starts_and_ends = process
        .parts()
        .filter(|e| e.is("startEvent") || e.is("endEvent"))
        .filter_map(|e| facts.notes.get(e.id()?));
    let mut notes = String::new();
    for note in of_pool.into_iter().chain(loose).chain(starts_and_ends).flatten() {
        take_remark(made, note, process, &mut notes);
    }
    for sub in process.parts().filter(|e| e.attr("triggeredByEvent") == Some("true")) {
        event_sub(made, sub, ids, &mut notes);
    }
    if !notes.is_empty() {
        made.sections.push(Section { title: "Notes".to_owned(), text: notes });
    }
}

/// A cadence as models made here say it: "P3M".
fn cadence(text: &str) -> Option<Cadence> {
    Cadence::months(text.strip_prefix('P')?.strip_suffix('M')?.parse().ok()?)
}

/// Second-level headings in the documentation are sections of the document.
fn sections(made: &mut Process, words: &str) {
    let mut text = String::new();
    for line in words.lines() {
        if let Some(title) = line.strip_prefix("## ") {
            place(made, &std::mem::take(&mut text));
            made.sections.push(Section { title: folded(title), text: String::new() });
        } else {
            text.push_str(line);
            text.push('\n');
        }
    }
    place(made, &text);
}

fn place(made: &mut Process, text: &str) {
    let text = text.trim().to_owned();
    match made.sections.last_mut() {
        Some(section) => section.text = text,
        None => made.purpose = text,
    }
}

/// A note at the pool: what the process leaves, how it fails, or words.
fn take_remark(made: &mut Process, note: &str, process: &Element, notes: &mut String) {
    let mut lines = note.lines();
    let first = lines.next().unwrap_or_default().trim();
    let (head, after) = first.split_once(':').unwrap_or((first, ""));
    let texts: Vec<String> = std::iter::once(after)
        .chain(lines)
        .map(|l| folded(l.trim().trim_start_matches(['•', '-', '*'])))
        .filter(|l| !l.is_empty())
        .collect();
    let at = span(process);
    match head.trim().to_lowercase().as_str() {
        "expected output" if !texts.is_empty() => {
            made.expected_output = texts.iter().map(|t| output(t, at)).collect();
        }
        "failure signals" if !texts.is_empty() => {
            made.failure_signals = texts.iter().map(|t| signal(t, at)).collect();
        }
        _ => add(notes, &escaped(note)),
    }
}

/// A sub-process that begins whenever its event happens: a failure signal, and what is done then.
fn event_sub(made: &mut Process, sub: &Element, ids: &Ids<'_>, notes: &mut String) {
    let scope = Scope::of(sub, ids);
    let start = scope.nodes.iter().find(|n| n.kind == Kind::Start);
    let said =
        start
            .map(|n| {
                if n.element.title().is_empty() {
                    subject(n.element, ids)
                } else {
                    n.element.title()
                }
            })
            .filter(|words| !words.is_empty());
    let name = sub.title();
    let words = said.or_else(|| (!name.is_empty()).then(|| name.clone()));
    let Some(words) = words else { return };
    made.failure_signals.push(signal(&words, span(sub)));
    let tasks: Vec<String> = scope
        .nodes
        .iter()
        .filter(|n| matches!(n.kind, Kind::Task | Kind::SubProcess | Kind::Call))
        .map(|n| n.element.title())
        .filter(|t| !t.is_empty())
        .map(|t| format!("- {}", escaped(&t)))
        .collect();
    let mut text = format!("Whenever this happens: {}", escaped(&words));
    if !name.is_empty() && name != words {
        text = format!("{text} ({})", escaped(&name));
    }
    add(notes, &text);
    if !tasks.is_empty() {
        add(notes, &tasks.join("\n"));
    }
}

fn output(text: &str, span: Span) -> Output {
    Output { text: escaped(text), checks: Vec::new(), span }
}

fn signal(text: &str, span: Span) -> FailureSignal {
    let parted = text
        .rsplit_once(" (check: ")
        .and_then(|(before, rule)| Some((before, rule.strip_suffix(')')?)));
    match parted {
        Some((before, rule)) => {
            FailureSignal { text: escaped(before), rule: Some(rule.to_owned()), span }
        }
        None => FailureSignal { text: escaped(text), rule: None, span },
    }
}
