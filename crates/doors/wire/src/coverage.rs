//! The audit of the company: what is exposed, and which seats own what recurs.

use crate::{process::ProcessRow, seat::Seat};
use gemba_app::coverage as app;
use schemars::JsonSchema;
use serde::Serialize;
use std::collections::BTreeMap;

/// The whole audit.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Gaps {
    /// By part of the company.
    pub functions: Vec<FunctionGaps>,
    /// The processes that have a gap, the most exposed first.
    pub processes: Vec<ProcessGaps>,
    /// Seats that own no process, though a person or agent is on them.
    pub idle_seats: Vec<Seat>,
    /// Vacant seats that own processes.
    pub vacant_owners: Vec<Seat>,
}

/// A part of the company.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct FunctionGaps {
    /// Its name; null for processes that name none.
    pub function: Option<String>,
    /// How many processes it has.
    pub n_processes: usize,
    /// How many of them have no gap.
    pub n_sound: usize,
    /// How many have each gap, by the gap's word.
    pub gaps: BTreeMap<&'static str, usize>,
}

/// A process and what is missing.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct ProcessGaps {
    /// The process.
    pub process: ProcessRow,
    /// What is missing, the worst first.
    pub gaps: Vec<Gap>,
}

/// Something that is missing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Gap {
    /// The stable word: `no_owner`.
    pub gap: &'static str,
    /// In words.
    pub says: &'static str,
}

impl From<app::Gap> for Gap {
    fn from(gap: app::Gap) -> Self {
        Self { gap: gap.word(), says: gap.says() }
    }
}

impl From<&app::ProcessGaps> for ProcessGaps {
    fn from(entry: &app::ProcessGaps) -> Self {
        Self {
            process: (&entry.process).into(),
            gaps: entry.gaps.iter().copied().map(Gap::from).collect(),
        }
    }
}

impl From<&app::Coverage> for Gaps {
    fn from(coverage: &app::Coverage) -> Self {
        let functions = coverage.functions.iter().map(|row| FunctionGaps {
            function: row.function.clone(),
            n_processes: row.n,
            n_sound: row.n_sound,
            gaps: row.gaps.iter().map(|(gap, n)| (gap.word(), *n)).collect(),
        });
        Self {
            functions: functions.collect(),
            processes: coverage.processes.iter().map(ProcessGaps::from).collect(),
            idle_seats: coverage.idle_seats.iter().map(Seat::from).collect(),
            vacant_owners: coverage.vacant_owners.iter().map(Seat::from).collect(),
        }
    }
}

/// Which seats own recurring processes, and what has no documented owner.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Ownership {
    /// Every seat of the team chart, those that own the most recurring processes first.
    pub seats: Vec<SeatOwnership>,
    /// Processes without an owner on the team chart.
    pub without_owner: Vec<ProcessRow>,
}

/// A seat and the processes that it owns.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct SeatOwnership {
    /// The seat.
    pub seat: Seat,
    /// The processes it owns that recur: something starts them again and again.
    pub recurring: Vec<ProcessRow>,
    /// The other processes it owns.
    pub other: Vec<ProcessRow>,
    /// Whether it owns no process at all.
    pub owns_nothing: bool,
    /// Whether it does steps of processes in force while it owns none.
    pub works_without_owning: bool,
}

impl From<&app::SeatOwnership> for SeatOwnership {
    fn from(entry: &app::SeatOwnership) -> Self {
        Self {
            seat: (&entry.seat).into(),
            recurring: entry.recurring.iter().map(ProcessRow::from).collect(),
            other: entry.other.iter().map(ProcessRow::from).collect(),
            owns_nothing: entry.recurring.is_empty() && entry.other.is_empty(),
            works_without_owning: entry.works_without_owning,
        }
    }
}

impl From<&app::Ownership> for Ownership {
    fn from(ownership: &app::Ownership) -> Self {
        Self {
            seats: ownership.seats.iter().map(SeatOwnership::from).collect(),
            without_owner: ownership.without_owner.iter().map(ProcessRow::from).collect(),
        }
    }
}
