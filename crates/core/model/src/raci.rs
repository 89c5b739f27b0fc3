//! Who does, answers for, is asked and is told, per step.

use crate::{Process, Step};
use serde::{Deserialize, Serialize};

/// One row of the matrix.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Row {
    /// The reader's number of the step.
    pub step: String,
    /// The step's title.
    pub title: String,
    /// The seats that do it.
    pub responsible: Vec<String>,
    /// The seats that answer for it; in order exactly one.
    pub accountable: Vec<String>,
    /// The seats asked before.
    pub consulted: Vec<String>,
    /// The seats told after.
    pub informed: Vec<String>,
}

/// What is contradictory in a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Conflict {
    /// Nobody does it.
    NobodyResponsible,
    /// Nobody answers for it.
    NobodyAccountable,
    /// More than one answers for it.
    SeveralAccountable,
    /// The matrix says someone else does it than the step's own text.
    NotTheLane,
}

/// The matrix of the top-level steps: what a stated row says, and else what follows from the text: the
/// step's seat does it, the owner answers for it, the others as named.
pub fn matrix(process: &Process) -> Vec<Row> {
    process.steps.iter().map(|step| row(process, step)).collect()
}

fn row(process: &Process, step: &Step) -> Row {
    let stated = stated_row(process, step);
    let said = |pick: fn(&Row) -> &Vec<String>| stated.map(pick).filter(|v| !v.is_empty()).cloned();
    Row {
        step: step.number.clone(),
        title: step.title.clone(),
        responsible: said(|r| &r.responsible)
            .unwrap_or_else(|| process.doer(step).map(str::to_owned).into_iter().collect()),
        accountable: said(|r| &r.accountable)
            .unwrap_or_else(|| process.owner.named().map(str::to_owned).into_iter().collect()),
        consulted: said(|r| &r.consulted).unwrap_or_else(|| step.consulted.clone()),
        informed: said(|r| &r.informed).unwrap_or_else(|| step.informed.clone()),
    }
}

/// The stated row of a step: by its number or, where the table names steps, by its title.
fn stated_row<'a>(process: &'a Process, step: &Step) -> Option<&'a Row> {
    process.raci.iter().find(|row| {
        (!row.step.is_empty() && row.step == step.number)
            || (!row.title.is_empty() && row.title.eq_ignore_ascii_case(&step.title))
    })
}

/// The contradictions of a step's row.
pub fn conflicts(process: &Process, step: &Step) -> Vec<Conflict> {
    let row = row(process, step);
    let mut found = Vec::new();
    if row.responsible.is_empty() {
        found.push(Conflict::NobodyResponsible);
    }
    match row.accountable.len() {
        0 => found.push(Conflict::NobodyAccountable),
        1 => {}
        _ => found.push(Conflict::SeveralAccountable),
    }
    if let (Some(seat), Some(stated)) = (&step.seat, stated_row(process, step)) {
        let named = stated.responsible.iter().any(|r| r.eq_ignore_ascii_case(&seat.name));
        if !stated.responsible.is_empty() && !named {
            found.push(Conflict::NotTheLane);
        }
    }
    found
}
