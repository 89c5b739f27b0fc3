//! The audit of the company's processes: what is exposed, and the product's first question: which seats
//! own recurring processes, and which seat has no documented process owner.

use crate::{
    Act, App, Result, Who,
    processes::{self, ProcessRow},
    records::{Holder, Trust},
    seats::{self, SeatView},
};
use gemba_model::OwnerState;
use gemba_store::Mode;
use std::collections::BTreeMap;

/// What may be wrong with a process, the worst first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Gap {
    /// No seat owns it.
    NoOwner,
    /// The document names a channel or a contact instead of a seat.
    OwnerIsNoSeat,
    /// The document names an owner that the team chart does not have.
    OwnerUnknown,
    /// Nobody sits on the owner's seat.
    OwnerVacant,
    /// Nothing starts it.
    NoTrigger,
    /// It does not say what a run must produce.
    NoOutput,
    /// It does not say how failure is noticed.
    NoFailureSignals,
    /// The document has errors.
    HasErrors,
    /// Its review is overdue.
    Stale,
    /// The owner has not verified it.
    Unverified,
    /// No revision is in force.
    NotPublished,
    /// It never ran.
    NeverRun,
}

impl Gap {
    /// All gaps, the worst first.
    pub const ALL: [Self; 12] = [
        Self::NoOwner,
        Self::OwnerIsNoSeat,
        Self::OwnerUnknown,
        Self::OwnerVacant,
        Self::NoTrigger,
        Self::NoOutput,
        Self::NoFailureSignals,
        Self::HasErrors,
        Self::Stale,
        Self::Unverified,
        Self::NotPublished,
        Self::NeverRun,
    ];

    /// The word in JSON.
    pub fn word(self) -> &'static str {
        match self {
            Self::NoOwner => "no_owner",
            Self::OwnerIsNoSeat => "owner_is_no_seat",
            Self::OwnerUnknown => "owner_unknown",
            Self::OwnerVacant => "owner_vacant",
            Self::NoTrigger => "no_trigger",
            Self::NoOutput => "no_expected_output",
            Self::NoFailureSignals => "no_failure_signals",
            Self::HasErrors => "has_errors",
            Self::NotPublished => "not_published",
            Self::Stale => "review_overdue",
            Self::Unverified => "unverified",
            Self::NeverRun => "never_run",
        }
    }

    /// What it says on the page.
    pub fn says(self) -> &'static str {
        match self {
            Self::NoOwner => "No owner",
            Self::OwnerIsNoSeat => "A channel or contact instead of an owner",
            Self::OwnerUnknown => "The owner is not on the team chart",
            Self::OwnerVacant => "The owner's seat is vacant",
            Self::NoTrigger => "No trigger",
            Self::NoOutput => "No expected output",
            Self::NoFailureSignals => "No failure signals",
            Self::HasErrors => "The document has errors",
            Self::NotPublished => "Not published",
            Self::Stale => "Review overdue",
            Self::Unverified => "Not verified by its owner",
            Self::NeverRun => "Never run",
        }
    }
}

/// A process and its gaps.
#[derive(Debug, Clone)]
pub struct ProcessGaps {
    /// The process.
    pub process: ProcessRow,
    /// What is wrong, the worst first.
    pub gaps: Vec<Gap>,
}

/// A part of the company.
#[derive(Debug, Clone)]
pub struct FunctionRow {
    /// Its name; none for processes that name no function.
    pub function: Option<String>,
    /// How many processes it has.
    pub n: usize,
    /// How many of them have no gap.
    pub n_sound: usize,
    /// How many have each gap.
    pub gaps: BTreeMap<Gap, usize>,
}

/// The whole audit.
#[derive(Debug, Clone)]
pub struct Coverage {
    /// By function.
    pub functions: Vec<FunctionRow>,
    /// Every process, the most exposed first.
    pub processes: Vec<ProcessGaps>,
    /// Seats that own no process, though a person or agent is on them.
    pub idle_seats: Vec<SeatView>,
    /// Vacant seats that own processes.
    pub vacant_owners: Vec<SeatView>,
}

/// A seat and the recurring processes that it owns.
#[derive(Debug, Clone)]
pub struct SeatOwnership {
    /// The seat.
    pub seat: SeatView,
    /// The processes it owns that recur: in force with any trigger, or drafts with one.
    pub recurring: Vec<ProcessRow>,
    /// The other processes it owns.
    pub other: Vec<ProcessRow>,
    /// Whether the seat does recurring work (steps of processes in force) in no process of its own.
    pub works_without_owning: bool,
}

/// The answer to the product's first question.
#[derive(Debug, Clone)]
pub struct Ownership {
    /// Every seat, those that own processes first.
    pub seats: Vec<SeatOwnership>,
    /// Processes that no seat owns.
    pub without_owner: Vec<ProcessRow>,
}

fn gaps(row: &ProcessRow) -> Vec<Gap> {
    let summary = &row.summary;
    let is = |gap: Gap| match gap {
        Gap::NoOwner => {
            matches!(summary.owner_state, OwnerState::Missing | OwnerState::Placeholder)
        }
        Gap::OwnerIsNoSeat => summary.owner_state == OwnerState::Channel,
        Gap::OwnerUnknown => {
            row.owner.is_none()
                && matches!(summary.owner_state, OwnerState::Stated | OwnerState::Implied)
        }
        Gap::OwnerVacant => row.owner.as_ref().is_some_and(|o| o.vacant),
        Gap::NoTrigger => summary.triggers.is_empty(),
        Gap::NoOutput => !summary.has_output,
        Gap::NoFailureSignals => !summary.has_failure_signals,
        Gap::HasErrors => summary.n_errors > 0,
        Gap::NotPublished => row.revision.is_none(),
        Gap::Stale => row.review.overdue,
        Gap::Unverified => row.revision.is_some() && matches!(row.trust, Trust::Unverified { .. }),
        Gap::NeverRun => row.revision.is_some() && row.running + row.completed + row.cancelled == 0,
    };
    Gap::ALL.into_iter().filter(|gap| is(*gap)).collect()
}

/// The audit of all seats and of all processes that are not retired.
pub async fn report(app: &App, who: &Who) -> Result<Coverage> {
    let mut tx = app.open(who, Act::Read, Mode::Read).await?;
    let seats = seats::views(&mut *tx).await?;
    let mut processes: Vec<ProcessGaps> = processes::rows(app, &mut *tx)
        .await?
        .into_iter()
        .filter(|row| row.retired.is_none())
        .map(|process| ProcessGaps { gaps: gaps(&process), process })
        .collect();
    let mut functions: BTreeMap<(bool, Option<String>), FunctionRow> = BTreeMap::new();
    for entry in &processes {
        let function = entry.process.summary.function.clone();
        let row = functions
            .entry((function.is_none(), function.clone()))
            .or_insert_with(|| FunctionRow { function, n: 0, n_sound: 0, gaps: BTreeMap::new() });
        row.n += 1;
        row.n_sound += usize::from(entry.gaps.is_empty());
        for gap in &entry.gaps {
            *row.gaps.entry(*gap).or_default() += 1;
        }
    }
    processes.retain(|p| !p.gaps.is_empty());
    processes.sort_by(|a, b| (a.gaps.first(), b.gaps.len()).cmp(&(b.gaps.first(), a.gaps.len())));
    let is_vacant = |s: &SeatView| s.seat.holder == Holder::Vacant;
    Ok(Coverage {
        functions: functions.into_values().collect(),
        processes,
        idle_seats: seats.iter().filter(|s| !is_vacant(s) && s.owns.is_empty()).cloned().collect(),
        vacant_owners: seats.into_iter().filter(|s| is_vacant(s) && !s.owns.is_empty()).collect(),
    })
}

/// Which seats own recurring processes, and what has no documented owner.
pub async fn ownership(app: &App, who: &Who) -> Result<Ownership> {
    let mut tx = app.open(who, Act::Read, Mode::Read).await?;
    let mut rows = processes::rows(app, &mut *tx).await?;
    rows.retain(|row| row.retired.is_none());
    let mut seats: Vec<SeatOwnership> = seats::views(&mut *tx)
        .await?
        .into_iter()
        .map(|seat| {
            let owned =
                rows.iter().filter(|r| r.owner.as_ref().is_some_and(|o| o.id == seat.seat.id));
            let (recurring, other): (Vec<_>, Vec<_>) =
                owned.cloned().partition(|r| !r.summary.triggers.is_empty());
            let owns_nothing = recurring.is_empty() && other.is_empty();
            SeatOwnership {
                works_without_owning: owns_nothing && !seat.works_in.is_empty(),
                recurring,
                other,
                seat,
            }
        })
        .collect();
    seats.sort_by_key(|s| (std::cmp::Reverse(s.recurring.len()), std::cmp::Reverse(s.other.len())));
    Ok(Ownership { seats, without_owner: rows.into_iter().filter(|r| r.owner.is_none()).collect() })
}
