//! What is different between two states of a process: in one line, on the map, step by step, in the RACI
//! matrix, word by word.

mod text;

use crate::{
    Site,
    gate::Sent,
    refusal::Refusal,
    ui::{
        act::{self, Weight},
        badge::{Tone, badge},
        field::{self, Choice, Field},
        layout::{self, Part, Width},
        list, moment, notice, step,
        table::{self, Column, Narrow},
    },
    visit::{Answer, Done, Visit, go},
};
use axum::{
    Router,
    extract::{Path, Query},
    routing::{get, post},
};
use gemba_app::{
    changes::{
        self, Changes, ChangesView, State,
        change::{Change, Column as Letter, ListChange, Part as Piece, StepChange},
    },
    last_run::{self, SinceLastRun},
    maps,
};
use maud::{Markup, html};
use serde::Deserialize;

pub(super) fn router() -> Router<Site> {
    Router::new()
        .route("/processes/{slug}/revisions/{number}/changes", get(of_revision))
        .route("/processes/{slug}/draft/changes", get(of_draft))
        .route("/processes/{slug}/seen", post(seen))
}

#[derive(Debug, Default, Deserialize)]
struct Look {
    #[serde(default)]
    from: String,
}

impl Look {
    fn from(&self, visit: &Visit) -> Result<Option<u32>, Refusal> {
        match self.from.as_str() {
            "" => Ok(None),
            number => number.parse().map(Some).map_err(|_none| Refusal::no_page(visit.here())),
        }
    }
}

async fn of_revision(
    visit: Visit,
    Path((slug, number)): Path<(String, String)>,
    Query(look): Query<Look>,
) -> Answer {
    let number: u32 = number.parse().map_err(|_none| Refusal::no_page(visit.here()))?;
    let from = look.from(&visit)?;
    let to = State::Revision(number);
    let view = changes::of(&visit.app, &visit.who, &slug, from, to).await?;
    Ok(page(&visit, &view))
}

async fn of_draft(visit: Visit, Path(slug): Path<String>, Query(look): Query<Look>) -> Answer {
    let from = look.from(&visit)?;
    let view = changes::of(&visit.app, &visit.who, &slug, from, State::Draft).await?;
    Ok(page(&visit, &view))
}

fn page(visit: &Visit, view: &ChangesView) -> axum::response::Response {
    let home = format!("/processes/{}", view.slug);
    let title = format!("Changes of {}", view.title);
    let lead = format!("{}, compared with {}", upper(&name(view.to)), name(view.from));
    let body = html! {
        (layout::breadcrumbs(&[("Processes", "/processes"), (view.title.as_str(), home.as_str())]))
        (layout::head(&title, Some(&lead), &[], &[act::link_button(&format!("{home}?view=history"), "See the history", Weight::Secondary)]))
        (chooser(view, &home))
        (differences(view))
    };
    visit.page(&title, Some(Part::Processes), Width::Wide, &body)
}

/// A state in words, as it stands within a sentence.
pub(super) fn name(state: State) -> String {
    match state {
        State::Revision(number) => format!("revision {number}"),
        State::Proposal => "the proposed revision".to_owned(),
        State::Draft => "the draft".to_owned(),
    }
}

fn upper(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}

/// What is compared with what: the older state can be chosen, without a script too.
fn chooser(view: &ChangesView, home: &str) -> Markup {
    let numbers: Vec<String> = view.revisions.iter().map(u32::to_string).collect();
    let labels: Vec<String> = numbers.iter().map(|n| format!("Revision {n}")).collect();
    let choices: Vec<Choice<'_>> =
        numbers.iter().zip(&labels).map(|(n, label)| Choice::new(n, label)).collect();
    let (chosen, action) = match (view.from, view.to) {
        (State::Revision(from), State::Revision(to)) => {
            (from.to_string(), format!("{home}/revisions/{to}/changes"))
        }
        (State::Revision(from), State::Draft | State::Proposal) => {
            (from.to_string(), format!("{home}/draft/changes"))
        }
        (State::Draft | State::Proposal, _) => (String::new(), format!("{home}/draft/changes")),
    };
    html! {
        @if choices.len() > 1 {
            form class="filters" method="get" action=(action) aria-label="What is compared" {
                (field::select(&Field::new("from", "Compare with"), &choices, &chosen))
                (act::button("Compare", Weight::Secondary))
            }
        }
    }
}

/// Everything that is different, from the line that sums it up to the words of the text.
pub(super) fn differences(view: &ChangesView) -> Markup {
    let said = &view.changes;
    let has_words = view.text.iter().any(|block| !block.is_same);
    if said.is_empty() && !has_words {
        return notice::banner(Tone::Good, &html! { "The two say the same, to the letter." }, None);
    }
    html! {
        (layout::section("In short", None, &html! { div class="stack" { p { (upper(&said.summary())) "." } (other_parts(said)) } }))
        @if !said.steps.is_empty() {
            (layout::section("Steps", None, &html! { ul class="changes" { @for step in &said.steps { (step_change(step)) } } }))
        }
        @if !view.old.steps.is_empty() || !view.new.steps.is_empty() {
            @let label = format!("Map of what changed in {}", view.title);
            (layout::section("Map", Some("both states in one map"), &step::drawn("changes-map", &label, &maps::of_difference(&view.old, &view.new), None)))
        }
        @if !said.raci.is_empty() { (layout::section("RACI", None, &raci(said))) }
        @if has_words { (layout::section("Text", None, &text::compared(view))) }
    }
}

/// What is different besides the steps, as names and values.
fn other_parts(said: &Changes) -> Markup {
    let single = [
        ("Title", &said.title),
        ("Function", &said.function),
        ("Owner", &said.owner),
        ("Purpose", &said.purpose),
        ("Review", &said.review),
    ];
    let lists = [
        ("Starts", &said.triggers),
        ("Expected output", &said.expected_output),
        ("Failure signals", &said.failure_signals),
        ("Other sections", &said.sections),
    ];
    let mut shown: Vec<(&str, Markup)> = Vec::new();
    for (label, change) in single {
        if let Some(change) = change {
            shown.push((label, was_is(change)));
        }
    }
    for (label, list) in lists.into_iter().filter(|(_, list)| !list.is_empty()) {
        shown.push((label, came_went(list)));
    }
    if !said.reworded.is_empty() {
        shown.push(("Sections reworded", html! { (said.reworded.join(", ")) }));
    }
    html! { @if !shown.is_empty() { (list::facts(&shown)) } }
}

fn came_went(list: &ListChange) -> Markup {
    html! {
        ul class="pieces" {
            @for text in &list.removed { li { (gone(text)) } }
            @for text in &list.added { li { (come(text)) } }
        }
    }
}

/// What was said, struck; the sign is read out too.
fn gone(text: &str) -> Markup {
    html! { del { span class="hush" { "Removed: " } (text) } }
}

fn come(text: &str) -> Markup {
    html! { ins { span class="hush" { "Added: " } (text) } }
}

/// An old and a new value: in one line where they share words, one after the other where they do not.
fn was_is(change: &Change) -> Markup {
    let (old, new) = changes::text::words(&change.old, &change.new);
    let shares = old.iter().any(|piece| !piece.differs);
    html! {
        @if shares {
            (in_one(&old, &new))
        } @else {
            @if !change.old.is_empty() { del { span class="hush" { "Was: " } (change.old) } " " }
            @if !change.new.is_empty() { ins { span class="hush" { "Is now: " } (change.new) } }
            @if change.new.is_empty() { span class="muted small" { "Nothing is said any more" } }
        }
    }
}

/// Two texts in one: the words they share once, and between them what went and what came.
fn in_one(old: &[text::Piece], new: &[text::Piece]) -> Markup {
    let mut rest = new.iter().peekable();
    html! {
        @for piece in old {
            @if piece.differs {
                (gone(&piece.text))
            } @else {
                @while let Some(come_in) = rest.next_if(|new| new.differs) { (come(&come_in.text)) }
                (piece.text)
                @let _shared = rest.next();
            }
        }
        @for piece in rest { (come(&piece.text)) }
    }
}

fn step_change(step: &StepChange) -> Markup {
    let (tone, word) = match (&step.was, &step.is) {
        (None, _) => (Tone::Good, "Added"),
        (_, None) => (Tone::Bad, "Removed"),
        _ if step.parts.is_empty() => (Tone::Live, "Moved"),
        _ if step.moved => (Tone::Warn, "Moved and changed"),
        _ => (Tone::Warn, "Changed"),
    };
    let number = step.is.as_ref().or(step.was.as_ref()).map_or("", String::as_str);
    html! {
        li {
            div class="changes-head" {
                (badge(tone, word))
                strong { "Step " (number) ", " (step.title) }
                @if let (true, Some(was)) = (step.moved, &step.was) {
                    span class="muted small" { "it was step " (was) }
                }
            }
            @if !step.parts.is_empty() {
                (list::facts(&step.parts.iter().map(|part| (part_name(part.part), was_is(&part.change))).collect::<Vec<_>>()))
            }
        }
    }
}

fn part_name(part: Piece) -> &'static str {
    match part {
        Piece::Title => "Title",
        Piece::Text => "Instructions",
        Piece::Kind => "Kind",
        Piece::Seat => "Done by",
        Piece::Decision => "Decision",
        Piece::Handoff => "Handed off to",
        Piece::Due => "Due",
        Piece::Wait => "Waits until",
        Piece::Approval => "Approval",
        Piece::Procedure => "Procedure",
        Piece::Evidence => "Evidence",
    }
}

fn raci(said: &Changes) -> Markup {
    let columns =
        [Column::text("Step"), Column::text("Column"), Column::text("Before"), Column::text("Now")];
    let or_nobody = |seats: &str| html! { @if seats.is_empty() { span class="muted" { "Nobody" } } @else { (seats) } };
    let rows: Vec<Vec<Markup>> = said
        .raci
        .iter()
        .map(|cell| {
            let letter = match cell.column {
                Letter::Responsible => "R, does it",
                Letter::Accountable => "A, answers for it",
                Letter::Consulted => "C, is asked before",
                Letter::Informed => "I, is told after",
            };
            vec![
                html! { (cell.step) ". " (cell.title) },
                html! { (letter) },
                html! { del { (or_nobody(&cell.change.old)) } },
                html! { ins { (or_nobody(&cell.change.new)) } },
            ]
        })
        .collect();
    table::table("Cells of the RACI matrix that changed", &columns, &rows, Narrow::Stack)
}

// What changed since somebody last ran it ---------------------------------------------------------

/// What one has to know before one runs it again; nothing where nothing changed.
pub(super) fn since_notice(visit: &Visit, slug: &str, since: Option<&SinceLastRun>) -> Markup {
    let Some(since) = since else { return html! {} };
    let href = format!("/processes/{slug}/revisions/{}/changes?from={}", since.to, since.from);
    let acts = html! {
        div class="buttons" {
            (act::link_button(&href, "See what changed", Weight::Secondary))
            form class="inline" method="post" action={ "/processes/" (slug) "/seen" } {
                (act::csrf(&visit.csrf))
                (act::hidden("revision", &since.to.to_string()))
                (act::hidden("back", visit.here()))
                (act::button("I have seen it", Weight::Quiet))
            }
        }
    };
    notice::banner(
        Tone::Live,
        &html! {
            "Changed since your last run " (moment::time(since.at, visit.now, &visit.zone))
            " (revision " (since.from) " to " (since.to) "): " (since.changes.summary()) "."
        },
        Some(&acts),
    )
}

/// What changed in the revision in force since the visitor last ran the process.
pub(super) async fn since_last_run(visit: &Visit, slug: &str) -> gemba_app::Result<Markup> {
    let since = last_run::of_process(&visit.app, &visit.who, slug).await?;
    Ok(since_notice(visit, slug, since.as_ref()))
}

#[derive(Debug, Deserialize)]
struct Seen {
    revision: u32,
    #[serde(default)]
    back: String,
}

async fn seen(Path(slug): Path<String>, Sent { visit, form }: Sent<Seen>) -> Answer {
    last_run::seen(&visit.app, &visit.who, &slug, form.revision).await?;
    let back = crate::visit::inner(&form.back);
    let home = format!("/processes/{slug}");
    Ok(go(if back == "/" { &home } else { back }, Done::Seen))
}
