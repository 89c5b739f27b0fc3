//! The responsibility matrix: `gemba raci --json`.

use gemba_model::{
    Process,
    raci::{self, Conflict},
};
use schemars::JsonSchema;
use serde::Serialize;

/// Who does, answers for, is asked before and is told after, per step.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Raci {
    /// One row per step.
    pub rows: Vec<RaciRow>,
    /// What is contradictory in them.
    pub conflicts: Vec<RaciConflict>,
}

/// The row of one step.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct RaciRow {
    /// The reader's number of the step.
    pub step: String,
    /// The step's title.
    pub title: String,
    /// The seats that do it.
    pub responsible: Vec<String>,
    /// The seat that answers for it; several, joined by commas, are a conflict.
    pub accountable: Option<String>,
    /// The seats asked before.
    pub consulted: Vec<String>,
    /// The seats told after.
    pub informed: Vec<String>,
}

impl From<raci::Row> for RaciRow {
    fn from(row: raci::Row) -> Self {
        Self {
            step: row.step,
            title: row.title,
            responsible: row.responsible,
            accountable: Some(row.accountable.join(", ")).filter(|names| !names.is_empty()),
            consulted: row.consulted,
            informed: row.informed,
        }
    }
}

/// A contradiction in a row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct RaciConflict {
    /// The kind of contradiction.
    pub code: &'static str,
    /// The reader's number of the step.
    pub step: String,
    /// In words.
    pub message: String,
}

impl Raci {
    /// The matrix of a process and its contradictions.
    pub fn of(process: &Process) -> Self {
        let conflicts = process.steps.iter().flat_map(|step| {
            let found = raci::conflicts(process, step).into_iter();
            found.map(|conflict| RaciConflict {
                code: code(conflict),
                step: step.number.clone(),
                message: format!("step {} \"{}\": {}", step.number, step.title, says(conflict)),
            })
        });
        Self {
            conflicts: conflicts.collect(),
            rows: raci::matrix(process).into_iter().map(RaciRow::from).collect(),
        }
    }

    /// The matrices of several processes of one document, one below the other.
    pub fn of_all(processes: &[Process]) -> Self {
        let mut all = Self { rows: Vec::new(), conflicts: Vec::new() };
        for one in processes.iter().map(Self::of) {
            all.rows.extend(one.rows);
            all.conflicts.extend(one.conflicts);
        }
        all
    }
}

fn says(conflict: Conflict) -> &'static str {
    match conflict {
        Conflict::NobodyResponsible => "nobody does it",
        Conflict::NobodyAccountable => "nobody answers for it",
        Conflict::SeveralAccountable => "more than one seat answers for it",
        Conflict::NotTheLane => "the matrix names another seat than the step's own text",
    }
}

/// The same codes as the findings of the checks.
fn code(conflict: Conflict) -> &'static str {
    match conflict {
        Conflict::NobodyResponsible => "SOP0401",
        Conflict::NobodyAccountable => "SOP0402",
        Conflict::SeveralAccountable => "SOP0403",
        Conflict::NotTheLane => "SOP0404",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn the_matrix_has_the_fields_of_the_contract() {
        let process = crate::sop::tests::process();
        let json = serde_json::to_value(Raci::of(&process)).expect("plain data");
        let expected = json!({"rows": [
            {"step": "1", "title": "first", "responsible": ["Accounting"],
             "accountable": "Accounting", "consulted": [], "informed": []},
            {"step": "2", "title": "second", "responsible": ["Sales"],
             "accountable": "Accounting", "consulted": [], "informed": []},
        ], "conflicts": []});
        assert_eq!(json, expected);
    }

    #[test]
    fn each_contradiction_has_its_code() {
        let mut process = crate::sop::tests::process();
        process.owner = gemba_model::Owner::missing();
        let row = |step: &str, responsible: &[&str], accountable: &[&str]| raci::Row {
            step: step.to_owned(),
            title: String::new(),
            responsible: responsible.iter().map(|&s| s.to_owned()).collect(),
            accountable: accountable.iter().map(|&s| s.to_owned()).collect(),
            consulted: Vec::new(),
            informed: Vec::new(),
        };
        process.raci = vec![row("2", &["Finance"], &["A", "B"])];
        let raci = Raci::of(&process);
        let found: Vec<(&str, &str)> =
            raci.conflicts.iter().map(|c| (c.step.as_str(), c.code)).collect();
        let expected = [("1", "SOP0401"), ("1", "SOP0402"), ("2", "SOP0403"), ("2", "SOP0404")];
        assert_eq!(found, expected);
        assert_eq!(raci.rows[0].accountable, None);
        assert_eq!(raci.rows[1].accountable.as_deref(), Some("A, B"));
    }
}
