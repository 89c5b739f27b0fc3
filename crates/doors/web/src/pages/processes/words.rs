//! What is so about a process, in words: its state, its owner, what starts it.

use crate::ui::{
    badge::{Tone, badge},
    holder::{HolderKind, avatar},
};
use gemba_app::{
    processes::ProcessRow,
    records::{Holder, ProposalState, Trust},
    seats::SeatView,
};
use gemba_model::OwnerState;
use maud::{Markup, html};

/// How far a process can be trusted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::pages) enum Standing {
    /// It came to its end.
    Retired,
    /// Nothing is in force.
    Draft,
    /// Its review is overdue.
    Stale,
    /// The owner's holder does not stand behind it.
    Unverified,
    /// The owner's holder stands behind it.
    Verified,
}

pub(in crate::pages) fn standing(row: &ProcessRow) -> Standing {
    match &row.trust {
        _ if row.retired.is_some() => Standing::Retired,
        _ if row.revision.is_none() => Standing::Draft,
        _ if row.review.overdue => Standing::Stale,
        Trust::Unverified { .. } => Standing::Unverified,
        Trust::Verified { .. } => Standing::Verified,
    }
}

/// The states one can look for: the word in addresses, and in the list.
pub(in crate::pages) const STATES: [(&str, &str); 8] = [
    ("verified", "Verified"),
    ("unverified", "Unverified"),
    ("stale", "Review overdue"),
    ("draft", "Draft only"),
    ("changed", "Draft differs"),
    ("running", "Running"),
    ("review", "Change in review"),
    (RETIRED, "Retired"),
];

/// The state that is shown only where it is asked for.
pub(in crate::pages) const RETIRED: &str = "retired";

/// Whether a process is in the state of one of the words of [`STATES`].
pub(in crate::pages) fn is_in(row: &ProcessRow, word: &str) -> bool {
    match word {
        "verified" => standing(row) == Standing::Verified,
        "unverified" => standing(row) == Standing::Unverified,
        "stale" => standing(row) == Standing::Stale,
        "draft" => standing(row) == Standing::Draft,
        "changed" => row.revision.is_some() && row.has_changes,
        "running" => row.running > 0,
        "review" => row.proposal.as_ref().is_some_and(|p| p.state == ProposalState::InReview),
        RETIRED => standing(row) == Standing::Retired,
        _ => false,
    }
}

pub(in crate::pages) fn state(row: &ProcessRow) -> Markup {
    match standing(row) {
        Standing::Retired => badge(Tone::Neutral, "Retired"),
        Standing::Draft => badge(Tone::Neutral, "Draft only"),
        Standing::Stale => badge(Tone::Bad, "Review overdue"),
        Standing::Unverified => badge(Tone::Warn, "Unverified"),
        Standing::Verified => badge(Tone::Good, "Verified"),
    }
}

/// The part of the company, also where none is named.
pub(in crate::pages) fn function(row: &ProcessRow) -> &str {
    row.summary.function.as_deref().unwrap_or("No function named")
}

/// The owner's seat with who holds it; what is missing is said.
pub(in crate::pages) fn owner(row: &ProcessRow, seats: &[SeatView]) -> Markup {
    let Some(owner) = &row.owner else {
        let written = row.summary.owner.as_deref();
        return html! {
            @match (row.summary.owner_state, written) {
                (OwnerState::Channel, Some(channel)) => {
                    (badge(Tone::Bad, "No owner")) " " span class="muted small" { (channel) " is no seat" }
                }
                (OwnerState::Stated | OwnerState::Implied, Some(name)) => {
                    (badge(Tone::Bad, "No owner")) " "
                    span class="muted small" { (name) " is not on the team chart" }
                }
                _ => (badge(Tone::Bad, "No owner")),
            }
        };
    };
    let seat = seats.iter().find(|view| view.seat.id == owner.id);
    let holder = seat.and_then(|view| {
        let kind = match view.seat.holder {
            Holder::Vacant => return None,
            Holder::Person { .. } => HolderKind::Person,
            Holder::Agent { .. } => HolderKind::Agent,
        };
        Some((view.holder.as_deref()?, kind))
    });
    html! {
        span class="holder" {
            @if let Some((name, kind)) = holder { (avatar(name, kind)) }
            span {
                a href={ "/seats/" (owner.slug) } { (owner.name) }
                @match holder {
                    Some((name, kind)) => {
                        span class="muted small" {
                            " " (name) @if kind == HolderKind::Agent { ", an agent" }
                        }
                    }
                    None => { " " (badge(Tone::Bad, "Vacant")) }
                }
            }
        }
    }
}

/// What starts it, as the document says it.
pub(in crate::pages) fn triggers(row: &ProcessRow) -> String {
    if row.summary.triggers.is_empty() {
        "Nothing is said about what starts it".to_owned()
    } else {
        row.summary.triggers.join(" · ")
    }
}

/// A number with its noun.
pub(in crate::pages) fn count(n: usize, noun: &str) -> String {
    let ending = match (n, noun.ends_with('s')) {
        (1, _) => "",
        (_, true) => "es",
        (_, false) => "s",
    };
    format!("{n} {noun}{ending}")
}

/// The place of a step on the page of its process.
pub(in crate::pages) fn step_path(id: &str) -> String {
    format!("#step-{id}")
}
