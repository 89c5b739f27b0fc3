//! Who is away, and who acts for them meanwhile.

use crate::Time;
use gemba_app::absences as app;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The absence of a person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Absence {
    /// The id of the person's account.
    pub id: String,
    /// Their name.
    pub name: String,
    /// The first day.
    pub from: String,
    /// The last day.
    pub until: String,
    /// Whether they are away now.
    pub is_now: bool,
    /// The name of the one who acts for them.
    pub deputy: String,
    /// The names of the seats they hold.
    pub seats: Vec<String>,
    /// Who wrote it down.
    pub set_by: String,
    /// When.
    pub set: Time,
}

impl From<&app::AbsenceView> for Absence {
    fn from(view: &app::AbsenceView) -> Self {
        Self {
            id: view.absence.account.to_string(),
            name: view.name.clone(),
            from: view.absence.from.to_string(),
            until: view.absence.until.to_string(),
            is_now: view.is_now,
            deputy: view.deputy.clone(),
            seats: view.seats.clone(),
            set_by: view.absence.by.clone(),
            set: Time::of(view.absence.at),
        }
    }
}

/// That somebody is away.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AbsenceInput {
    /// The first day, such as 2026-08-03; today where nothing is said.
    #[serde(default)]
    pub from: String,
    /// The last day.
    pub until: String,
    /// Who acts for them: the id, the e-mail address or the name of an account.
    pub deputy: String,
}

impl From<AbsenceInput> for app::AbsenceInput {
    fn from(input: AbsenceInput) -> Self {
        let AbsenceInput { from, until, deputy } = input;
        Self { from, until, deputy }
    }
}
