//! The chart as nested lists: read as a tree where it is narrow or heard, drawn as one where it is wide.

use super::{address, holder_of, mark, processes};
use crate::ui::badge::Tone;
use gemba_app::{coverage::SeatOwnership, records::Holder};
use gemba_model::id::SeatId;
use maud::{Markup, html};

/// The whole chart: the lines of command first, seats outside any line after them.
pub(super) fn chart(seats: &[SeatOwnership]) -> Markup {
    let mut tops: Vec<&SeatOwnership> =
        seats.iter().filter(|s| above(s, seats).is_none()).collect();
    tops.sort_by(|a, b| a.seat.seat.name.cmp(&b.seat.seat.name));
    let (lines, alone): (Vec<_>, Vec<_>) =
        tops.into_iter().partition(|top| !below(top.seat.seat.id, seats).is_empty());
    html! {
        div class="scroll" role="region" aria-label="Team chart" tabindex="0" {
            @for top in &lines {
                ul class="chart" { (branch(top, seats, Shape::Spine)) }
            }
            @if !alone.is_empty() {
                @if !lines.is_empty() {
                    p class="muted small chart-note" { "Outside any line: they answer to nobody, and nobody answers to them." }
                }
                ul class="chart-alone" {
                    @for seat in &alone { li { (place(seat, seats)) } }
                }
            }
        }
    }
}

/// How the seats below one are laid out: one under the other until the first that has several, these
/// side by side, everything below them stacked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Shape {
    Spine,
    Stack,
}

fn branch(top: &SeatOwnership, seats: &[SeatOwnership], shape: Shape) -> Markup {
    let under = below(top.seat.seat.id, seats);
    let (class, next) = match (shape, under.len()) {
        (Shape::Spine, 0 | 1) => ("chart-spine", Shape::Spine),
        (Shape::Spine, _) => ("chart-fan", Shape::Stack),
        (Shape::Stack, _) => ("chart-stack", Shape::Stack),
    };
    html! {
        li {
            (place(top, seats))
            @if !under.is_empty() {
                ul class=(class) { @for seat in &under { (branch(seat, seats, next)) } }
            }
        }
    }
}

fn place(seat: &SeatOwnership, seats: &[SeatOwnership]) -> Markup {
    let view = &seat.seat;
    html! {
        div class="seat" {
            a class="seat-name" href=(address(&view.seat.slug)) { (view.seat.name) }
            div class="seat-facts" {
                (holder_of(view))
                @if !view.owns.is_empty() {
                    span class="muted small" { "owns " (processes(view.owns.len())) }
                }
            }
            (marks(seat, seats))
        }
    }
}

/// What is wrong with a seat, as badges.
pub(super) fn marks(seat: &SeatOwnership, seats: &[SeatOwnership]) -> Markup {
    let owns = seat.seat.owns.len();
    let (vacant, agent) = match seat.seat.seat.holder {
        Holder::Vacant => (true, false),
        Holder::Agent { .. } => (false, true),
        Holder::Person { .. } => (false, false),
    };
    html! {
        @if vacant && owns > 0 { (mark(Tone::Bad, "Nobody answers")) }
        @if !vacant && owns == 0 { (mark(Tone::Warn, "Owns no process")) }
        @if agent && !has_person_above(seat, seats) { (mark(Tone::Bad, "No person above")) }
    }
}

fn above<'a>(seat: &SeatOwnership, seats: &'a [SeatOwnership]) -> Option<&'a SeatOwnership> {
    let id = seat.seat.seat.reports_to?;
    seats.iter().find(|s| s.seat.seat.id == id)
}

fn below(id: SeatId, seats: &[SeatOwnership]) -> Vec<&SeatOwnership> {
    let mut under: Vec<_> = seats.iter().filter(|s| s.seat.seat.reports_to == Some(id)).collect();
    under.sort_by(|a, b| a.seat.seat.name.cmp(&b.seat.seat.name));
    under
}

/// Whether somewhere up the line sits a person: an agent's work must end with one who answers for it.
fn has_person_above(seat: &SeatOwnership, seats: &[SeatOwnership]) -> bool {
    // A line is at most as long as there are seats, so a circle would end too.
    let line = std::iter::successors(above(seat, seats), |at| above(at, seats)).take(seats.len());
    line.into_iter().any(|s| matches!(s.seat.seat.holder, Holder::Person { .. }))
}
