//! Publishing and sending for review: what stands in the way, and what will be in force.

use super::{
    editor::{doers, findings},
    processes::{count, starts},
};
use crate::{
    Site,
    gate::Sent,
    refusal::{Fault, Refusal},
    ui::{
        act::{self, Weight},
        badge::Tone,
        editor::{self, Place},
        field::{self, Choice, Field},
        icon::Icon,
        layout::{self, Part, Width},
        list, moment, notice,
    },
    visit::{Answer, Done, Visit, go},
};
use axum::{
    Router,
    extract::Path,
    http::StatusCode,
    routing::{get, post},
};
use gemba_app::{
    Error, processes,
    proposals::{self, Reviewer, Sending},
    publishing::{self, Basis, Preview, Publication},
    seats::{self, SeatView},
};
use gemba_diag::{Diagnostic, Severity};
use maud::{Markup, html};
use serde::{Deserialize, de::IgnoredAny};
use std::collections::BTreeMap;

/// The finding that the form for the owner mends.
const NO_OWNER: &str = "SOP0101";
/// What the names of the fields for seats begin with; the name in the document follows.
const SEAT: &str = "seat:";
/// The button that sends for review.
const REVIEW: &str = "review";

pub(super) fn router() -> Router<Site> {
    Router::new()
        .route("/processes/{slug}/publish", get(show))
        .route("/processes/{slug}/revisions", post(publish))
        .route("/processes/{slug}/owner", post(name_owner))
        .route("/processes/{slug}/missing-seats", post(add_seats))
}

/// What is typed to publish or to send for review.
#[derive(Debug, Default)]
struct Typed {
    /// The version of the draft that was on the page.
    version: Option<i64>,
    note: String,
    bindings: BTreeMap<String, String>,
    reviewer: String,
    for_review: bool,
}

impl Typed {
    fn of(form: Vec<(String, String)>) -> Self {
        let mut typed = Self::default();
        for (name, value) in form {
            match name.as_str() {
                "note" => typed.note = value,
                "draft_version" => typed.version = value.parse().ok(),
                "reviewer" => typed.reviewer = value,
                "act" => typed.for_review = value == REVIEW,
                other => {
                    let seat = other.strip_prefix(SEAT).filter(|_| !value.is_empty());
                    if let Some(seat) = seat {
                        typed.bindings.insert(seat.to_owned(), value);
                    }
                }
            }
        }
        typed
    }

    fn basis(&self) -> Basis {
        Basis::Draft { version: self.version }
    }

    fn publication(&self) -> Publication {
        let (bindings, note) = (self.bindings.clone(), self.note.clone());
        Publication { basis: self.basis(), bindings, note }
    }

    fn sending(&self) -> Sending {
        let (bindings, note) = (self.bindings.clone(), self.note.clone());
        Sending { basis: self.basis(), bindings, note, reviewer: self.reviewer.parse().ok() }
    }
}

async fn show(visit: Visit, Path(slug): Path<String>) -> Answer {
    page(&visit, &slug, &Typed::default(), None).await
}

async fn publish(
    Path(slug): Path<String>,
    Sent { visit, form }: Sent<Vec<(String, String)>>,
) -> Answer {
    let typed = Typed::of(form);
    let done = if typed.for_review {
        proposals::send(&visit.app, &visit.who, &slug, typed.sending())
            .await
            .map(|_| go(&format!("/processes/{slug}/proposal"), Done::SentForReview))
    } else {
        publishing::publish(&visit.app, &visit.who, &slug, typed.publication())
            .await
            .map(|_| go(&format!("/processes/{slug}"), Done::Published))
    };
    match done {
        Ok(onwards) => Ok(onwards),
        Err(error) => page(&visit, &slug, &typed, Some(&fault(error)?)).await,
    }
}

/// The refusals that this page can show; they leave the document and the seats as they are.
fn fault(error: Error) -> Result<Fault, Refusal> {
    match error {
        Error::UnboundSeats { names } => {
            let says = format!("Say which seats are meant by: {}.", names.join(", "));
            Ok(Fault::new("seats", says))
        }
        Error::NotPublishable(found) => {
            let says = format!("Mend {} in the document first.", count(found.len(), "error"));
            Ok(Fault::new("errors", says))
        }
        Error::Changed { .. } => Ok(Fault::new(
            "draft",
            "The draft was changed since you opened this page. Look at what it says now, then go on.",
        )),
        other => Fault::of(other),
    }
}

/// The form that names the owner.
#[derive(Debug, Deserialize)]
struct Named {
    #[serde(default)]
    seat: String,
}

async fn name_owner(Path(slug): Path<String>, Sent { visit, form }: Sent<Named>) -> Answer {
    if form.seat.is_empty() {
        let fault = Fault::new("seat", "Choose the seat that answers for this process.");
        return page(&visit, &slug, &Typed::default(), Some(&fault)).await;
    }
    processes::assign_owner(&visit.app, &visit.who, &slug, &form.seat).await?;
    Ok(go(&format!("/processes/{slug}/publish"), Done::OwnerNamed))
}

async fn add_seats(Path(slug): Path<String>, Sent { visit, .. }: Sent<IgnoredAny>) -> Answer {
    publishing::create_missing_seats(&visit.app, &visit.who, &slug).await?;
    Ok(go(&format!("/processes/{slug}/publish"), Done::SeatsAdded))
}

async fn page(visit: &Visit, slug: &str, with: &Typed, fault: Option<&Fault>) -> Answer {
    let preview = publishing::preview(&visit.app, &visit.who, slug).await?;
    let seats = seats::list(&visit.app, &visit.who).await?;
    let reviewers = proposals::reviewers(&visit.app, &visit.who, slug).await?;
    let home = format!("/processes/{slug}");
    let process = &preview.draft.checked.process;
    let title = format!("Publish {}", process.title);
    let lead = lead(&preview);
    let body = html! {
        (layout::breadcrumbs(&[("Processes", "/processes"), (process.title.as_str(), home.as_str())]))
        (layout::head(&title, Some(&lead), &[], &[act::edit_link(&format!("{home}/edit"), "Open the draft")]))
        (field::error_summary(&Fault::all(fault)))
        @if let Some(proposal) = &preview.proposal {
            (notice::banner(Tone::Live, &html! {
                (proposal.by.name()) " sent a change for review " (moment::time(proposal.at, visit.now, &visit.zone)) ". "
                "Sending the draft again takes its place."
            }, Some(&act::link_button(&format!("{home}/proposal"), "Look at it", Weight::Secondary))))
        }
        @if preview.is_retired {
            (notice::empty_state(Icon::History, "This process is retired",
                "Nothing is published for a process by which nothing runs. Bring it back first.",
                Some(&act::link_button(&format!("{home}?view=history"), "See its history", Weight::Secondary))))
        } @else if preview.has_changes {
            (way(visit, &home, &preview, &Known { seats: &seats, reviewers: &reviewers }, with, fault))
        } @else {
            (notice::empty_state(Icon::Check, "Nothing to publish",
                "Change the draft first, then come back to publish what changed.",
                Some(&act::link_button(&format!("{home}/edit"), "Open the draft", Weight::Secondary))))
        }
        (in_force(visit, &preview))
    };
    let status = if fault.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    Ok(visit.page_with(status, &title, Some(Part::Processes), Width::Reading, &body))
}

/// What publishing would change.
fn lead(preview: &Preview) -> String {
    match preview.in_force {
        Some(number) if !preview.has_changes => {
            format!("Revision {number} is in force, and the draft says the same.")
        }
        Some(number) => format!(
            "Revision {} would replace revision {number}. Runs that are going on keep theirs.",
            preview.number
        ),
        None if preview.schedules.is_empty() => {
            "From then on runs follow this document; somebody starts each.".to_owned()
        }
        None => "From then on runs follow this document, and its schedule starts them.".to_owned(),
    }
}

/// What the forms choose from.
struct Known<'a> {
    seats: &'a [SeatView],
    reviewers: &'a [Reviewer],
}

/// What stands in the way, or else the buttons.
fn way(
    visit: &Visit,
    home: &str,
    preview: &Preview,
    known: &Known<'_>,
    with: &Typed,
    fault: Option<&Fault>,
) -> Markup {
    let seats = known.seats;
    let draft = &preview.draft;
    let owner_missing = draft.checked.process.owner.named().is_none();
    let owner_asked = owner_missing && draft.may_publish;
    let errors: Vec<Diagnostic> = draft
        .checked
        .diagnostics
        .iter()
        .filter(|d| d.severity == Severity::Error)
        .filter(|d| !(owner_asked && d.code.as_str() == NO_OWNER))
        .cloned()
        .collect();
    html! {
        @if !draft.may_publish && !draft.may_write {
            (notice::banner(Tone::Neutral, &html! {
                "Managers, admins and owners publish. Ask one of them when what stands below is right."
            }, None))
        } @else if !draft.may_publish {
            (notice::banner(Tone::Neutral, &html! {
                "Managers, admins and owners publish. Send it for review when what stands below is right."
            }, None))
        } @else if preview.needs_approval {
            (notice::banner(Tone::Neutral, &html! {
                "A second person approves every revision here. Send it for review; once somebody who did not "
                "write it has approved it, it can be published."
            }, None))
        }
        @if owner_asked {
            // The summary of a refusal leads to what must be mended first.
            div id=[errors.is_empty().then_some("errors")] { (owner_form(visit, home, seats, fault)) }
        }
        @if !errors.is_empty() {
            @let located = findings::located(&draft.source, &errors);
            @let edit = format!("{home}/edit");
            section class="section" id="errors" {
                div class="section-head" {
                    h2 { "What must be mended in the document" }
                    span class="section-note" { (findings::tally(&errors)) }
                }
                (editor::findings(&findings::shown(&located), Place::At(&edit)))
            }
        }
        @if !draft.unbound.is_empty() && draft.may_publish {
            (missing_seats(visit, home, &draft.unbound))
        } @else if !draft.unbound.is_empty() {
            (layout::section("Seats that the team chart does not have", None, &html! { p { (draft.unbound.join(", ")) } }))
        }
        @if (draft.may_publish || draft.may_write) && errors.is_empty() && !owner_missing {
            (publish_form(visit, home, preview, known, with, fault))
        }
    }
}

fn seat_choices<'s>(first: &'s str, seats: &'s [SeatView]) -> Vec<Choice<'s>> {
    let mut choices = vec![Choice::new("", first)];
    choices.extend(seats.iter().map(|view| Choice::new(&view.seat.slug, &view.seat.name)));
    choices
}

fn owner_form(visit: &Visit, home: &str, seats: &[SeatView], fault: Option<&Fault>) -> Markup {
    let field = Field::new("seat", "Which seat answers for this process?")
        .hint("Exactly one. It is written into the document as its owner.")
        .error(Fault::at(fault, "seat"));
    layout::section(
        "Nobody owns this process yet",
        None,
        &html! {
            @if seats.is_empty() {
                p { "The team chart has no seats yet. " a href="/seats/new" { "Add the first seat" } ", then come back." }
            } @else {
                form class="form" method="post" action={ (home) "/owner" } {
                    (act::csrf(&visit.csrf))
                    (field::select(&field, &seat_choices("Choose a seat", seats), ""))
                    (act::buttons(&[act::button("Name the owner", Weight::Primary)]))
                }
            }
        },
    )
}

fn missing_seats(visit: &Visit, home: &str, names: &[String]) -> Markup {
    let label = match names {
        [_] => "Add the missing seat".to_owned(),
        many => format!("Add the {} missing seats", many.len()),
    };
    let note = count(names.len(), "name");
    layout::section(
        "Seats that the team chart does not have",
        Some(&note),
        &html! {
            div id="seats" class="stack" {
                p {
                    "The document names " strong { (names.join(", ")) } ". "
                    "Add them to the team chart, vacant for now, or say below which of the seats you have is meant."
                }
                (act::act(&format!("{home}/missing-seats"), &visit.csrf, &label, Weight::Secondary))
            }
        },
    )
}

fn publish_form(
    visit: &Visit,
    home: &str,
    preview: &Preview,
    known: &Known<'_>,
    with: &Typed,
    fault: Option<&Fault>,
) -> Markup {
    let seats = known.seats;
    let note = Field::new("note", "What changed, and why?")
        .hint("One sentence for those who run it and those who read the history.")
        .error(Fault::at(fault, "note"));
    let note = if preview.number == 1 { note.optional() } else { note };
    let label = format!("Publish revision {}", preview.number);
    let unbound = &preview.draft.unbound;
    let choices = seat_choices("Choose a seat", seats);
    let chosen = |name: &str| with.bindings.get(name).map_or("", String::as_str);
    let asked = Field::new("reviewer", "Who should look at it?")
        .hint("For sending it for review. Who wrote the change cannot approve it.")
        .error(Fault::at(fault, "reviewer"));
    let ids: Vec<String> = known.reviewers.iter().map(|r| r.account.to_string()).collect();
    let mut people = vec![Choice::new("", "The owner's holder and managers")];
    people.extend(ids.iter().zip(known.reviewers).map(|(id, r)| Choice::new(id, &r.name)));
    let may_publish = preview.draft.may_publish && !preview.needs_approval;
    let may_send = preview.draft.may_write;
    let weight = if may_publish { Weight::Secondary } else { Weight::Primary };
    html! {
        form class="form" method="post" action={ (home) "/revisions" } id="draft" {
            (act::csrf(&visit.csrf))
            (act::hidden("draft_version", &preview.draft.version.to_string()))
            @for name in unbound.iter().filter(|_| !seats.is_empty()) {
                @let id = format!("{SEAT}{name}");
                @let label = format!("Which seat is \"{name}\"?");
                (field::select(&Field::new(&id, &label), &choices, chosen(name)))
            }
            (field::textarea(&note, &with.note, 2))
            @if may_send { (field::select(&asked, &people, &with.reviewer)) }
            div class="buttons" {
                @if may_publish { (act::value_button(&label, Weight::Primary, "act", "publish")) }
                @if may_send { (act::value_button("Send for review", weight, "act", REVIEW)) }
                @if preview.in_force.is_some() {
                    (act::link_button(&format!("{home}/draft/changes"), "See what changed", Weight::Quiet))
                }
            }
        }
    }
}

/// What will be so once it is published.
fn in_force(visit: &Visit, preview: &Preview) -> Markup {
    let process = &preview.draft.checked.process;
    let owner = process.owner.named().unwrap_or("Nobody yet");
    let schedule = html! {
        @for (rule, next) in &preview.schedules {
            p class="muted small" { "By schedule " (rule.to_string()) @if !next.is_empty() { ", next" } }
            ul class="pieces small" { @for at in next { li { (moment::exact_time(*at, &visit.zone)) } } }
        }
        @if preview.schedules.is_empty() && !process.triggers.is_empty() {
            p class="muted small" { "No schedule: somebody starts each run." }
        }
    };
    let number = preview.in_force.filter(|_| !preview.has_changes).unwrap_or(preview.number);
    let title = format!("What revision {number} says");
    layout::section(
        &title,
        None,
        &list::facts(&[
            ("Owner", html! { (owner) }),
            ("Starts", html! { (starts(&process.triggers)) (schedule) }),
            ("Steps", html! { (count(process.steps.len(), "step")) }),
            ("Seats", html! { (doers(process)) }),
            (
                "Review",
                html! { @match process.review.cadence { Some(cadence) => (cadence.to_string()), None => "No rhythm is known" } },
            ),
            ("Findings", html! { (findings::tally(&preview.draft.checked.diagnostics)) }),
        ]),
    )
}
