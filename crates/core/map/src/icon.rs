//! The little signs in a map: what starts a run, and what kind of act a step is.

use crate::rect::Point;
use gemba_model::{StepKind, TriggerKind};

/// The side of the square an icon fits in.
pub(crate) const ICON: i64 = 12;

/// The sign of a kind of trigger: a clock, an envelope, a gauge, a hand.
pub(crate) fn trigger(kind: TriggerKind, Point { x, y }: Point) -> String {
    match kind {
        TriggerKind::Schedule => clock(x, y),
        TriggerKind::Event => format!("M{x} {}h12v8h-12zl6 5l6 -5", y + 2),
        TriggerKind::Threshold => {
            format!("M{} {}a5.2 5.2 0 1 1 9 0M{} {}l2.4 -3.6", x + 1, y + 10, x + 6, y + 8)
        }
        TriggerKind::Request => format!(
            "M{} {}v-4a1 1 0 0 1 2 0v3.5v-4.5a1 1 0 0 1 2 0v4.5v-3.5a1 1 0 0 1 2 0v5a3.5 3.5 0 0 1 \
             -3.5 3.5q-2 0 -3 -1.5l-2 -3q-.3 -1 .7 -1.2q.6 0 1.8 1.7",
            x + 3,
            y + 7
        ),
    }
}

/// The sign of a kind of act; empty for what is plain.
pub(crate) fn act(kind: StepKind, Point { x, y }: Point) -> String {
    match kind {
        StepKind::Task | StepKind::Decision | StepKind::End => String::new(),
        StepKind::Approval => {
            format!("M{} {}a5 5 0 1 0 .01 0zm-2.2 5l1.7 1.7l3 -3.4", x + 6, y + 1)
        }
        StepKind::Wait => format!(
            "M{} {}h8m-8 10h8m-7 -10q0 3 3 5q-3 2 -3 5m6 -10q0 3 -3 5q3 2 3 5",
            x + 2,
            y + 1
        ),
        StepKind::Call => format!("M{} {}v6h6m-3 -3l5 -5m-3.5 0h3.5v3.5", x + 2, y + 4),
        StepKind::Parallel => format!("M{} {}v8m4 -8v8", x + 4, y + 2),
    }
}

fn clock(x: i64, y: i64) -> String {
    format!("M{} {}a5 5 0 1 0 .01 0zm0 2.2v2.8l2 1.3", x + 6, y + 1)
}

/// How a run of this kind starts, in words.
pub(crate) fn starts(kind: Option<TriggerKind>) -> &'static str {
    match kind {
        Some(TriggerKind::Schedule) => "Starts on a schedule",
        Some(TriggerKind::Event) => "Starts on an event",
        Some(TriggerKind::Threshold) => "Starts at a threshold",
        Some(TriggerKind::Request) => "Starts on request",
        None => "Starts",
    }
}
