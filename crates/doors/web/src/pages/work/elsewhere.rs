//! When a step is not done as written: handed to another seat, or left out with a reason.

use crate::{
    ui::{
        act::{Weight, button, buttons, csrf},
        field::{self, Choice, Field},
        layout::section,
        list::fold,
    },
    visit::Visit,
};
use gemba_app::work::{ItemState, WorkView};
use maud::{Markup, html};
use serde::Deserialize;

/// The form that hands a step to another seat, as it was sent.
#[derive(Debug, Clone, Default, Deserialize)]
pub(in crate::pages) struct Handing {
    #[serde(default)]
    pub(super) to: String,
    #[serde(default)]
    pub(super) handed_because: String,
}

/// The form that goes on without a step, as it was sent.
#[derive(Debug, Clone, Default, Deserialize)]
pub(in crate::pages) struct Skipping {
    #[serde(default)]
    pub(super) goes_on: String,
    #[serde(default)]
    pub(super) skipped_because: String,
}

/// The form that reports a problem, as it was sent.
#[derive(Debug, Clone, Default, Deserialize)]
pub(in crate::pages) struct Reporting {
    #[serde(default)]
    pub(super) problem: String,
}

/// What the one who looks may do instead of the step.
pub(super) fn forms(visit: &Visit, view: &WorkView, typed: &super::form::Typed) -> Markup {
    let row = &view.row;
    let is_open = ItemState::UNDONE.contains(&row.item.state);
    let may_skip = is_open && row.may_skip;
    if view.hand_to.is_empty() && !may_skip && !row.is_mine {
        return html! {};
    }
    let (handing, skipping) = (&typed.handing, &typed.skipping);
    let was_sent = typed.reported || !handing.to.is_empty() || !skipping.skipped_because.is_empty();
    let body = html! {
        div class="form" {
            (section("Report a problem", None, &report(visit, view, typed)))
            @if !view.hand_to.is_empty() { (section("Hand it to another seat", None, &hand(visit, view, handing))) }
            @if may_skip { (section("Go on without it", None, &skip(visit, view, skipping))) }
        }
    };
    fold("This step cannot be done as written", &body, was_sent)
}

fn report(visit: &Visit, view: &WorkView, typed: &super::form::Typed) -> Markup {
    let error = typed.reported.then_some("Say in a few words what is wrong");
    let what = Field::new("problem", "What is wrong?")
        .hint("The owner of the process is asked at once; the step stays open")
        .error(error);
    html! {
        form class="form" method="post" action={ "/work/" (view.row.item.id) "/problem" } {
            (csrf(&visit.csrf))
            (field::textarea(&what, "", 2))
            (buttons(&[button("Report it", Weight::Secondary)]))
        }
    }
}

fn hand(visit: &Visit, view: &WorkView, sent: &Handing) -> Markup {
    let choices: Vec<Choice<'_>> =
        view.hand_to.iter().map(|(slug, name)| Choice::new(slug, name)).collect();
    let seat = Field::new("to", "To which seat?");
    let why = Field::new("handed_because", "Why?")
        .hint("They read it, and so does the owner of the process");
    html! {
        form class="form" method="post" action={ "/work/" (view.row.item.id) "/assignment" } {
            (csrf(&visit.csrf))
            (field::select(&seat, &choices, &sent.to))
            (field::textarea(&why, &sent.handed_because, 2))
            (buttons(&[button("Hand over", Weight::Secondary)]))
        }
    }
}

fn skip(visit: &Visit, view: &WorkView, sent: &Skipping) -> Markup {
    let choices: Vec<Choice<'_>> =
        view.row.branches.iter().map(|branch| Choice::new(&branch.id, &branch.label)).collect();
    let branch = Field::new("goes_on", "Which way does the run go on?");
    let why = Field::new("skipped_because", "Why?")
        .hint("It stays on record: the step was skipped, by whom and why");
    html! {
        form class="form" method="post" action={ "/work/" (view.row.item.id) "/skip" } {
            (csrf(&visit.csrf))
            @if !choices.is_empty() { (field::select(&branch, &choices, &sent.goes_on)) }
            (field::textarea(&why, &sent.skipped_because, 2))
            (buttons(&[button("Skip this step", Weight::Danger)]))
        }
    }
}
