//! A process as its document says it: map, steps, what belongs to it.

use crate::{
    pages::processes::{
        count,
        words::{self, step_path},
    },
    ui::{
        act::{self, Weight},
        badge::{Tone, badge},
        layout, list, moment,
        prose::{line, prose},
        step::{self, StepState, StepView},
        table::{self, Column, Narrow},
    },
    visit::Visit,
};
use gemba_app::{maps, processes::ProcessView, seats::SeatView, upcoming};
use gemba_model::{
    Decision, Process, Step, StepKind, Target, Trigger,
    raci::{self, Conflict},
};
use maud::{Markup, html};

/// The document beside what it comes to.
pub(super) fn view(visit: &Visit, view: &ProcessView, seats: &[SeatView]) -> Markup {
    layout::beside(
        &content(&view.process, seats),
        "The process in short",
        &panel(visit, view, seats),
    )
}

/// Map, steps and the other parts of a document.
pub(super) fn content(process: &Process, seats: &[SeatView]) -> Markup {
    let label = format!("Map of {}", process.title);
    html! {
        @if !process.steps.is_empty() {
            (step::both_maps("map", &label, &maps::shown(process, ""), None))
        }
        @if !process.purpose.trim().is_empty() { (layout::section("Why", None, &prose(&process.purpose))) }
        (layout::section("Steps", Some(&count(process.steps.len(), "step")), &steps(process, seats)))
        @for section in &process.sections {
            (layout::section(&section.title, None, &prose(&section.text)))
        }
    }
}

pub(in crate::pages) fn steps(process: &Process, seats: &[SeatView]) -> Markup {
    if process.steps.is_empty() {
        return html! { p class="muted" { "The document has no steps yet." } };
    }
    let views: Vec<StepView<'_>> = process
        .steps
        .iter()
        .map(|step| StepView {
            number: &step.number,
            id: step.id.as_str(),
            title: &step.title,
            state: StepState::Written,
            facts: facts(process, step, seats),
            body: body(process, step, seats),
        })
        .collect();
    step::steps(&views)
}

fn facts(process: &Process, step: &Step, seats: &[SeatView]) -> Vec<Markup> {
    let mut facts = Vec::new();
    match process.doer(step) {
        Some(name) => facts.push(seat_link(name, seats)),
        None => facts.push(badge(Tone::Warn, "Nobody is named")),
    }
    let kind = match step.kind {
        StepKind::Task | StepKind::Decision => None,
        StepKind::Approval => Some("Approval"),
        StepKind::Wait => Some("Waits"),
        StepKind::Call => Some("Another procedure"),
        StepKind::Parallel => Some("Parts may go on at the same time"),
        StepKind::End => Some("The run ends here"),
    };
    facts.extend(kind.map(|word| html! { (word) }));
    facts.extend(step.due.as_deref().map(|due| html! { "Due: " (due) }));
    facts
}

pub(in crate::pages) fn seat_link(name: &str, seats: &[SeatView]) -> Markup {
    let is = |text: &String| text.eq_ignore_ascii_case(name);
    let known = seats.iter().find(|v| is(&v.seat.name) || v.seat.aliases.iter().any(is));
    html! {
        @match known {
            Some(view) => a href={ "/seats/" (view.seat.slug) } { (name) },
            None => (name),
        }
    }
}

fn body(process: &Process, step: &Step, seats: &[SeatView]) -> Option<Markup> {
    let says = !step.text.trim().is_empty();
    let asks = [("Asked before", &step.consulted), ("Told after", &step.informed)];
    let lists = step.decisions.is_empty()
        && step.evidence.is_empty()
        && step.approval.is_none()
        && step.not_by.is_empty()
        && step.unanswered.is_none()
        && step.remind.is_none()
        && step.at_most.is_none()
        && step.outcome.is_none()
        && step.handoff_to.is_empty()
        && asks.iter().all(|(_, names)| names.is_empty());
    if !says && lists && step.steps.is_empty() {
        return None;
    }
    Some(html! {
        @if says { (prose(&step.text)) }
        @if !step.decisions.is_empty() {
            ul class="branches" {
                @for decision in &step.decisions { li { (branch(process, decision)) } }
            }
        }
        @if !lists {
            ul class="step-notes" {
                @if let Some(approval) = &step.approval {
                    li { span class="muted" { "Must say yes: " } (approval) }
                }
                @for who in &step.not_by {
                    li { span class="muted" { "Not done by whoever did: " } (who) }
                }
                @if let Some(what) = step.unanswered {
                    li { span class="muted" { "If not answered: " } (what) }
                }
                @if let Some(when) = &step.remind {
                    li { span class="muted" { "Reminder: " } (when) }
                }
                @if let Some(times) = step.at_most {
                    li { span class="muted" { "Sends the run back, in a row, at most: " } (times) " times" }
                }
                @if let Some(outcome) = &step.outcome {
                    li { span class="muted" { "The run ends as: " } (outcome) }
                }
                @for evidence in &step.evidence {
                    li { span class="muted" { "Evidence (" (evidence.kind.word()) "): " } (line(&evidence.text)) }
                }
                @if !step.handoff_to.is_empty() {
                    li { span class="muted" { "Handed off to: " } (names(&step.handoff_to, seats)) }
                }
                @for (label, people) in asks {
                    @if !people.is_empty() { li { span class="muted" { (label) ": " } (names(people, seats)) } }
                }
            }
        }
        @if !step.steps.is_empty() {
            ol class="substeps" {
                @for part in &step.steps {
                    li id={ "step-" (part.id) } {
                        span class="muted" { (part.number) " " } strong { (part.title) }
                        @if let Some(seat) = &part.seat { " " span class="muted small" { (seat_link(&seat.name, seats)) } }
                        @if let Some(due) = &part.due { " " span class="muted small" { "Due: " (due) } }
                        @if let Some(inner) = body(process, part, seats) { (inner) }
                    }
                }
            }
        }
    })
}

fn names(names: &[String], seats: &[SeatView]) -> Markup {
    html! {
        @for (place, name) in names.iter().enumerate() {
            @if place > 0 { ", " }
            (seat_link(name, seats))
        }
    }
}

/// A branch as a sentence: the condition, what is done, where it leads.
fn branch(process: &Process, decision: &Decision) -> Markup {
    let otherwise = decision.condition.eq_ignore_ascii_case("otherwise");
    html! {
        @if otherwise { "Otherwise" } @else { "If " (line(&decision.condition)) }
        ": "
        @if !decision.action.trim().is_empty() {
            (line(&decision.action))
            @if decision.target == Target::Inline { "." } @else { ", then " }
        }
        @match &decision.outcome {
            Some(outcome) if decision.target == Target::End => { "the process ends as " (outcome) "." }
            Some(_) | None => (target(process, &decision.target)),
        }
    }
}

fn target(process: &Process, target: &Target) -> Markup {
    let step = |id: &gemba_model::StepId| {
        let found = process.step(id);
        let number = found.map_or("", |step| step.number.as_str());
        let title = found.map_or(id.as_str(), |step| step.title.as_str());
        html! { a href=(step_path(id.as_str())) { "step " (number) ", " (title) } }
    };
    html! {
        @match target {
            Target::Inline => {}
            Target::Next => "go on with the next step.",
            Target::Step(id) => { "go on with " (step(id)) "." }
            Target::Loop(id) => { "go back to " (step(id)) "." }
            Target::Section(title) => { "see the section " (title) "." }
            Target::Document(name) => { "go on by the document " (name) "." }
            Target::Dangling(words) => { (badge(Tone::Bad, "Leads nowhere")) " " (words) }
            Target::Vague(words) => { (words) },
            Target::End => "the process ends.",
        }
    }
}

fn panel(visit: &Visit, view: &ProcessView, seats: &[SeatView]) -> Markup {
    let process = &view.process;
    let row = &view.row;
    html! {
        (layout::section("Owner", None, &words::owner(row, seats)))
        (layout::section("Starts", None, &html! {
            (starts(&process.triggers))
            (next_runs(visit, view))
        }))
        (layout::section("Expected output", None, &pieces(
            process.expected_output.iter().map(|o| o.text.as_str()),
            "Nobody wrote down what a run must produce.",
        )))
        (layout::section("Failure signals", None, &pieces(
            process.failure_signals.iter().map(|s| s.text.as_str()),
            "Nobody wrote down how one notices that it failed.",
        )))
        (layout::section("Review", None, &html! {
            p {
                @match process.review.cadence {
                    Some(cadence) => { "Held against reality " (cadence.to_string()) "." }
                    None => "No rhythm is known for holding it against reality.",
                }
                @if let Some(at) = row.review.at {
                    @if row.review.overdue { " It was due " } @else { " Next " }
                    (moment::time(at, visit.now, &visit.zone)) "."
                }
            }
        }))
        (layout::section("The text", None, &html! {
            p { a href={ "/processes/" (row.slug) "/source.md" } { "Download as Markdown" } }
            p { (act::copyable(&row.slug, "the id")) }
        }))
    }
}

/// What starts a process, as written.
pub(in crate::pages) fn starts(triggers: &[Trigger]) -> Markup {
    pieces(triggers.iter().map(|t| t.text.as_str()), "Nobody wrote down what starts it.")
}

/// One of the five pieces, or that it is missing.
pub(super) fn pieces<'t>(texts: impl ExactSizeIterator<Item = &'t str>, missing: &str) -> Markup {
    html! {
        @if texts.len() == 0 { p { (badge(Tone::Warn, "Missing")) } p class="muted small" { (line(missing)) } }
        @else { ul class="pieces" { @for text in texts { li { (line(text)) } } } }
    }
}

fn next_runs(visit: &Visit, view: &ProcessView) -> Markup {
    let in_force = !view.triggers.is_empty();
    let mut next: Vec<_> = view.triggers.iter().flat_map(|t| t.next.iter().copied()).collect();
    if !in_force {
        // Nothing is published, or it starts by no schedule: what the text would start.
        next.extend(view.upcoming.iter().flatten().copied());
    }
    next.sort_unstable();
    next.dedup();
    html! {
        @if !next.is_empty() {
            p class="muted small" {
                @if in_force { "Next runs" } @else { "Once published, the next runs" }
            }
            ul class="pieces small" {
                @for at in next.iter().take(upcoming::TIMES) { li { (moment::exact_time(*at, &visit.zone)) } }
            }
            @for view in &view.triggers {
                p class="small" {
                    a href={ "/triggers/" (view.trigger.id) } { "What became of “" (view.trigger.rule) "”" }
                }
            }
        }
    }
}

/// The full-width map.
pub(super) fn map(view: &ProcessView) -> Markup {
    let label = format!("Map of {}", view.process.title);
    let home = format!("/processes/{}", view.row.slug);
    let file = format!("{home}/map.svg");
    html! {
        (step::both_maps("map", &label, &maps::shown(&view.process, &home), Some(&file)))
        p class="map-note" {
            "Lanes are seats, boxes are steps, diamonds are decisions; an arrow into another lane is a handoff. "
            "Download as "
            a href={ "/processes/" (view.row.slug) "/map.svg" } { "SVG" } ", "
            a href={ "/processes/" (view.row.slug) "/map.png" } { "PNG" } ", "
            a href={ "/processes/" (view.row.slug) "/map.pdf" } { "PDF" } " or "
            a href={ "/processes/" (view.row.slug) "/map.bpmn" } { "BPMN 2.0 for a modelling tool" } "."
        }
    }
}

/// Who does what, with what is contradictory.
pub(super) fn matrix(view: &ProcessView, seats: &[SeatView]) -> Markup {
    let process = &view.process;
    let columns = [
        Column::text("Step"),
        Column::text("Responsible"),
        Column::text("Accountable"),
        Column::text("Consulted"),
        Column::text("Informed"),
    ];
    let mut conflicts = 0;
    let rows: Vec<Vec<Markup>> = view
        .raci
        .iter()
        .zip(&process.steps)
        .map(|(row, step)| {
            let wrong = raci::conflicts(process, step);
            conflicts += wrong.len();
            let title = html! {
                a href={ "/processes/" (view.row.slug) (step_path(step.id.as_str())) } { (row.step) " " (row.title) }
                @for conflict in wrong { div class="under" { (badge(Tone::Bad, conflict_words(conflict))) } }
            };
            let mut cells = vec![title];
            for people in [&row.responsible, &row.accountable, &row.consulted, &row.informed] {
                cells.push(names(people, seats));
            }
            cells
        })
        .collect();
    let note = if conflicts == 0 {
        "Each step has somebody who does it and exactly one seat that answers for it.".to_owned()
    } else {
        format!("{} to mend in the document.", count(conflicts, "contradiction"))
    };
    html! {
        p {
            (note)
            span class="muted" { " The responsible seat does the step, the accountable one answers for it, the consulted are asked before and the informed told after." }
        }
        (table::table("Who does what", &columns, &rows, Narrow::Stack))
        @if view.may_write && !process.steps.is_empty() {
            (act::buttons(&[act::link_button(
                &format!("/processes/{}/raci", view.row.slug), "Change the table", Weight::Secondary)]))
        }
    }
}

/// A contradiction of the matrix in a few words.
pub(in crate::pages) fn conflict_words(conflict: Conflict) -> &'static str {
    match conflict {
        Conflict::NobodyResponsible => "Nobody does it",
        Conflict::NobodyAccountable => "Nobody answers for it",
        Conflict::SeveralAccountable => "More than one answers for it",
        Conflict::NotTheLane => "The step's text names another seat",
    }
}

/// A document's frozen or written text.
pub(super) fn source(text: &str) -> Markup {
    list::fold(
        "The text as written",
        &html! { pre class="source" tabindex="0" { code { (text) } } },
        false,
    )
}
