//! What is kept of the workspace itself: its name, its zone, its rules, when it works.

use gemba_model::period::{Period, Unit};
use gemba_store::{Key, Record};
use jiff::{Timestamp, civil::Date};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// The workspace: one company.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Workspace {
    /// The company's name.
    pub name: String,
    /// The IANA name of the zone in which its times are meant.
    pub zone: String,
    /// Since when.
    pub created: Timestamp,
    /// Whether every revision needs a second person's yes before it is in force.
    #[serde(default)]
    pub second_person: bool,
    /// When it works.
    #[serde(default)]
    pub hours: Hours,
}

/// The working days and hours on which deadlines are counted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hours {
    /// The days of the week on which it works, Monday is 1.
    pub days: Vec<u8>,
    /// The close of work, in minutes since midnight.
    pub close: u16,
    /// Dates on which it does not work, with their names.
    #[serde(default)]
    pub holidays: BTreeMap<Date, String>,
    /// The country or region whose public holidays it keeps: "DE-BY".
    #[serde(default)]
    pub place: Option<String>,
    /// Public holidays of that place on which it works all the same.
    #[serde(default)]
    pub worked: BTreeSet<Date>,
    /// How long before a deadline one is reminded of it, where its step says nothing.
    #[serde(default = "a_workday")]
    pub remind: Option<Period>,
}

fn a_workday() -> Option<Period> {
    Period::new(1, Unit::Workdays)
}

impl Default for Hours {
    fn default() -> Self {
        Self {
            days: vec![1, 2, 3, 4, 5],
            close: 17 * 60,
            holidays: BTreeMap::new(),
            place: None,
            worked: BTreeSet::new(),
            remind: a_workday(),
        }
    }
}

impl Workspace {
    /// The id of the only one.
    pub const ID: &'static str = "workspace";
}

impl Record for Workspace {
    const KIND: &'static str = "workspace";
    fn id(&self) -> String {
        Self::ID.to_owned()
    }
    fn keys(&self) -> Vec<Key> {
        Vec::new()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_workspace_stored_before_it_had_hours_still_reads() {
        let stored = r#"{"name":"Acme","zone":"UTC","created":"2026-01-05T08:00:00Z"}"#;
        let read: Workspace = serde_json::from_str(stored).unwrap();
        assert_eq!((read.second_person, read.hours.close), (false, 17 * 60));
        assert_eq!(read.hours.days, [1, 2, 3, 4, 5]);
        let stored = r#"{"days":[1,2],"close":900,"holidays":{"2026-12-25":"Christmas"}}"#;
        let hours: Hours = serde_json::from_str(stored).unwrap();
        assert_eq!((hours.close, hours.remind), (900, a_workday()));
        assert_eq!((hours.place, hours.worked.len()), (None, 0));
        let written = serde_json::to_string(&read).unwrap();
        assert_eq!(serde_json::from_str::<Workspace>(&written).unwrap(), read);
    }
}
