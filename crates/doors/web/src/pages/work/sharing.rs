//! When a step is done by another person, or later: given to them, taken back, put aside, taken up again.

use super::{form::Problems, form::Typed, step};
use crate::{
    gate::Sent,
    refusal::{Fault, Refusal},
    ui::{
        act::{Weight, act, button, buttons, csrf},
        badge::Tone,
        field::{self, Choice, Field, Input},
        layout::section,
        list::fold,
        moment,
        notice::banner,
    },
    visit::{Answer, Done, Visit, go},
};
use axum::{extract::Path, http::StatusCode};
use gemba_app::{
    Error,
    work::{self, Delegation, ItemState, WorkRow, WorkView},
};
use gemba_model::id::WorkItemId;
use jiff::{Timestamp, ToSpan, civil::Date};
use maud::{Markup, html};
use serde::Deserialize;

/// The form that gives a step to a person, as it was sent.
#[derive(Debug, Clone, Default, Deserialize)]
pub(in crate::pages) struct Giving {
    #[serde(default)]
    person: String,
    #[serde(default)]
    given_until: String,
    #[serde(default)]
    given_note: String,
}

/// The form that puts a step aside, as it was sent.
#[derive(Debug, Clone, Default, Deserialize)]
pub(in crate::pages) struct Aside {
    #[serde(default)]
    aside_until: String,
}

/// What was sent of both, and what is wrong with it.
#[derive(Debug, Default)]
pub(in crate::pages) struct Shared {
    giving: Giving,
    aside: Aside,
    fault: Option<Fault>,
    was_sent: bool,
}

pub(super) async fn give(Path(given): Path<String>, sent: Sent<Giving>) -> Answer {
    let (visit, id, giving) = (sent.visit, step::id(&given)?, sent.form);
    let done = match day("given_until", &giving.given_until, 1, &visit) {
        Ok(until) => {
            let (to, note) = (giving.person.clone(), giving.given_note.clone());
            work::delegate(&visit.app, &visit.who, id, Delegation { to, until, note }).await
        }
        Err(error) => Err(error),
    };
    let sent = Shared { giving, was_sent: true, ..Shared::default() };
    after(&visit, id, done, Done::GivenToPerson, sent).await
}

pub(super) async fn take_back(
    Path(given): Path<String>,
    sent: Sent<Vec<(String, String)>>,
) -> Answer {
    let (visit, id) = (sent.visit, step::id(&given)?);
    let done = work::take_back(&visit.app, &visit.who, id).await;
    after(&visit, id, done, Done::TakenBack, Shared::default()).await
}

pub(super) async fn defer(Path(given): Path<String>, sent: Sent<Aside>) -> Answer {
    let (visit, id, aside) = (sent.visit, step::id(&given)?, sent.form);
    let done = match day("aside_until", &aside.aside_until, 0, &visit) {
        Ok(None) => Err(Error::Invalid {
            field: "aside_until",
            message: "say on which day it comes back".to_owned(),
        }),
        Ok(until) => work::defer(&visit.app, &visit.who, id, until).await,
        Err(error) => Err(error),
    };
    let sent = Shared { aside, was_sent: true, ..Shared::default() };
    after(&visit, id, done, Done::PutAside, sent).await
}

pub(super) async fn take_up(
    Path(given): Path<String>,
    sent: Sent<Vec<(String, String)>>,
) -> Answer {
    let (visit, id) = (sent.visit, step::id(&given)?);
    let done = work::defer(&visit.app, &visit.who, id, None).await;
    after(&visit, id, done, Done::TakenUp, Shared::default()).await
}

/// Back to the step, or the step again with the reason why not beside what was sent.
async fn after(
    visit: &Visit,
    id: WorkItemId,
    done: Result<(), Error>,
    word: Done,
    sent: Shared,
) -> Answer {
    let (problems, fault) = match done {
        Ok(()) => return Ok(go(&format!("/work/{id}"), word)),
        Err(Error::Rejected(rejection)) => (Problems::whole(&rejection), None),
        Err(other) => (Problems::default(), Some(Fault::of(other)?)),
    };
    let status = match &fault {
        Some(_) => StatusCode::UNPROCESSABLE_ENTITY,
        None => problems.status(),
    };
    let typed = Typed::sharing(Shared { fault, ..sent });
    let view = work::get(&visit.app, &visit.who, id).await.map_err(Refusal::from)?;
    Ok(step::page(visit, &view, status, &typed, &problems))
}

/// When a day begins that lies so many days after the one that was typed; nothing where none was.
fn day(
    field: &'static str,
    text: &str,
    later: i64,
    visit: &Visit,
) -> Result<Option<Timestamp>, Error> {
    let text = text.trim();
    if text.is_empty() {
        return Ok(None);
    }
    let unclear = || Error::Invalid { field, message: "write a day such as 2026-08-03".to_owned() };
    let date: Date = text.parse().map_err(|_unread| unclear())?;
    let date = date.checked_add(later.days()).map_err(|_end| unclear())?;
    let begins = date.to_zoned(visit.zone.clone()).map_err(|_end| unclear())?;
    Ok(Some(begins.timestamp()))
}

/// Who else has it, for whom it is done, and until when it rests.
pub(super) fn standing(visit: &Visit, row: &WorkRow) -> Markup {
    if !ItemState::UNDONE.contains(&row.item.state) {
        return html! {};
    }
    let to = |what: &str| format!("/work/{}/{what}", row.item.id);
    let when = |at| moment::time(at, visit.now, &visit.zone);
    html! {
        @if let Some(given) = &row.delegated {
            @let until = html! { @if let Some(until) = given.until { ", until " (when(until)) } };
            @if row.is_given {
                @let back = act(&to("delegation/end"), &visit.csrf, "Return it to the seat", Weight::Secondary);
                (banner(Tone::Live, &html! { (given.by.told()) " gave you this step: you do it for " strong { (row.seat) } (until) "." }, Some(&back)))
            } @else {
                @let back = row.may_take_back.then(|| act(&to("delegation/end"), &visit.csrf, "Take it back", Weight::Secondary));
                (banner(Tone::Neutral, &html! { (given.by.told()) " gave this step to " strong { (given.name) } ", who does it for " (row.seat) (until) "." }, back.as_ref()))
            }
        }
        @if let Some(away) = &row.acting_for {
            (banner(Tone::Live, &html! { "You act for " strong { (away) } ", who is away and holds " (row.seat) ". What you do here says so." }, None))
        }
        @if let Some(until) = row.item.follow_up.filter(|_| row.is_aside) {
            @let again = row.is_mine.then(|| act(&to("follow-up/end"), &visit.csrf, "Take it up again", Weight::Secondary));
            (banner(Tone::Neutral, &html! { "Put aside: it comes back " (when(until)) ", or earlier when its deadline comes." }, again.as_ref()))
        }
    }
}

/// The forms: giving it to a person, putting it aside.
pub(super) fn forms(visit: &Visit, view: &WorkView, sent: &Shared) -> Markup {
    let row = &view.row;
    let is_open = ItemState::UNDONE.contains(&row.item.state);
    let rests = is_open && row.is_mine && !row.taken_by_other && !row.is_aside;
    if view.give_to.is_empty() && !rests {
        return html! {};
    }
    let body = html! {
        div class="form" {
            @if !view.give_to.is_empty() { (section("Give it to a person", None, &give_form(visit, view, sent))) }
            @if rests { (section("Put it aside", None, &aside_form(visit, row, sent))) }
        }
    };
    let title = match (view.give_to.is_empty(), rests) {
        (true, _) => "Put it aside",
        (false, true) => "Give it to a person, or put it aside",
        (false, false) => "Give it to a person",
    };
    fold(title, &body, sent.was_sent)
}

fn give_form(visit: &Visit, view: &WorkView, sent: &Shared) -> Markup {
    let people: Vec<(String, &str)> =
        view.give_to.iter().map(|(id, name)| (id.to_string(), name.as_str())).collect();
    let choices: Vec<Choice<'_>> = people.iter().map(|(id, name)| Choice::new(id, name)).collect();
    let at = |name| Fault::at(sent.fault.as_ref(), name);
    let who = Field::new("person", "To whom?")
        .hint("They do it for the seat, and the seat goes on answering for it")
        .error(at("person"));
    let until = Field::new("given_until", "Until")
        .hint("The last day on which it is theirs; then it is the seat's alone again")
        .error(at("given_until"))
        .optional();
    let note = Field::new("given_note", "What should they know?").optional();
    html! {
        form class="form" method="post" action={ "/work/" (view.row.item.id) "/delegation" } {
            (csrf(&visit.csrf))
            (field::select(&who, &choices, &sent.giving.person))
            (field::text(&until, Input::Date, &sent.giving.given_until))
            (field::textarea(&note, &sent.giving.given_note, 2))
            (buttons(&[button("Give it", Weight::Secondary)]))
        }
    }
}

fn aside_form(visit: &Visit, row: &WorkRow, sent: &Shared) -> Markup {
    let until = Field::new("aside_until", "Comes back on")
        .hint("Until then it stands apart under My work. Its deadline stays as it is.")
        .error(Fault::at(sent.fault.as_ref(), "aside_until"));
    html! {
        form class="form" method="post" action={ "/work/" (row.item.id) "/follow-up" } {
            (csrf(&visit.csrf))
            (field::text(&until, Input::Date, &sent.aside.aside_until))
            (buttons(&[button("Put it aside", Weight::Secondary)]))
        }
    }
}
