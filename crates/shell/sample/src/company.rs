//! What the sample company is: its people, seats, figures and plan, read from the files of this crate.

use gemba_app::{
    Error, Result,
    first_day::{Consequence, Frequency},
    records::Direction,
};
use gemba_model::role::Role;
use serde::{Deserialize, de::DeserializeOwned};
use std::collections::BTreeMap;

macro_rules! sops {
    ($($slug:literal)*) => {
        /// Every SOP of the folder, by its slug.
        pub(crate) const SOPS: &[(&str, &str)] =
            &[$(($slug, include_str!(concat!("../processes/", $slug, ".md")))),*];
    };
}

sops! {
    "accounts-receivable-follow-up"
    "campaign-performance-review"
    "case-study-production"
    "client-complaint-handling"
    "client-reporting"
    "cold-prospect-research"
    "content-publishing"
    "contract-renewal"
    "daily-call-centre-performance-summary"
    "kpi-push-to-the-scorecard"
    "lead-intake"
    "leaver-offboarding"
    "monthly-data-quality-check"
    "monthly-invoicing"
    "monthly-newsletter"
    "morning-ad-account-scan"
    "new-hire-onboarding"
    "payroll"
    "project-kick-off"
    "pto-requests"
    "scope-change-management"
    "software-access-requests"
    "supplier-payment-run"
    "weekly-backup-verification"
}

#[derive(Debug, Deserialize)]
pub(crate) struct Company {
    pub(crate) name: String,
    pub(crate) time_zone: String,
    pub(crate) people: Vec<Person>,
    pub(crate) seats: Vec<Seat>,
    pub(crate) measurables: Vec<Measurable>,
    pub(crate) processes: Vec<Standing>,
    pub(crate) history_weeks: u32,
    pub(crate) history: BTreeMap<String, Pace>,
    pub(crate) slow_seats: BTreeMap<String, f64>,
    pub(crate) first_day: Vec<Answer>,
}

impl Company {
    /// Over how many weeks a process has run.
    pub(crate) fn weeks_of(&self, slug: &str) -> u32 {
        self.history.get(slug).and_then(|pace| pace.weeks).unwrap_or(self.history_weeks)
    }
}

#[derive(Debug, Deserialize)]
pub(crate) struct Person {
    pub(crate) name: String,
    pub(crate) email: String,
    pub(crate) role: Role,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Seat {
    pub(crate) name: String,
    pub(crate) function: String,
    pub(crate) reports_to: Option<String>,
    pub(crate) holder: Holder,
    pub(crate) purpose: String,
    pub(crate) aliases: Vec<String>,
    /// What its agent is there for.
    pub(crate) charter: Option<Charter>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Charter {
    pub(crate) mandate: String,
    pub(crate) edges: Vec<String>,
    pub(crate) metric: String,
}

#[derive(Debug, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub(crate) enum Holder {
    Person { name: String },
    Agent { name: String },
    Vacant,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Measurable {
    pub(crate) name: String,
    pub(crate) seat: String,
    pub(crate) unit: String,
    pub(crate) goal: f64,
    pub(crate) direction: Direction,
    /// Weekly, oldest first; the last one is of this week.
    pub(crate) values: Vec<Option<f64>>,
}

/// What was said on the first-day audit about a process of the library.
#[derive(Debug, Deserialize)]
pub(crate) struct Answer {
    pub(crate) process: String,
    pub(crate) happens: bool,
    pub(crate) often: Frequency,
    pub(crate) bad: Consequence,
    pub(crate) seat: String,
}

/// How a process stands.
#[derive(Debug, Deserialize)]
pub(crate) struct Standing {
    pub(crate) slug: String,
    pub(crate) state: State,
    pub(crate) reviewed_weeks_ago: Option<u32>,
    pub(crate) verified: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum State {
    Draft,
    Published,
}

/// How often a process runs, how long its steps take and which ways it goes.
#[derive(Debug, Deserialize)]
pub(crate) struct Pace {
    pub(crate) runs: u32,
    pub(crate) open_runs: u32,
    /// Over how many weeks, where it is not the weeks of the whole history.
    pub(crate) weeks: Option<u32>,
    pub(crate) branch_weights: BTreeMap<String, BTreeMap<String, u32>>,
    pub(crate) minutes: BTreeMap<String, [u32; 2]>,
}

/// What was said and what stayed open.
#[derive(Debug, Deserialize)]
pub(crate) struct Past {
    pub(crate) clients: Vec<String>,
    pub(crate) notes: Vec<String>,
    pub(crate) because: Vec<String>,
    pub(crate) processes: BTreeMap<String, Story>,
}

/// The past of one process.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Story {
    pub(crate) titles: Vec<String>,
    pub(crate) started_by: Starter,
    pub(crate) open: Vec<LeftOpen>,
    pub(crate) cancelled: Vec<String>,
    pub(crate) days_before: BTreeMap<String, [u32; 2]>,
    pub(crate) first_trigger: Option<String>,
    pub(crate) steps: BTreeMap<String, Vec<Words>>,
}

/// Who asks for a run.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Starter {
    /// The holder of the first step's seat.
    #[default]
    FirstSeat,
    /// Any colleague.
    Anybody,
}

/// A run that is still under way; the oldest comes first.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct LeftOpen {
    /// The step it stands at.
    pub(crate) at: String,
    /// When it began, where no schedule says so.
    #[serde(default)]
    pub(crate) days_ago: f64,
    /// Whether somebody is at it.
    #[serde(default)]
    pub(crate) claimed: bool,
}

/// What is said at a step when this branch is taken; without a branch: in all other cases.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Words {
    #[serde(rename = "if", default)]
    pub(crate) when: Option<String>,
    #[serde(default)]
    pub(crate) because: Vec<String>,
    #[serde(default)]
    pub(crate) left: Vec<String>,
}

fn read<T: DeserializeOwned>(field: &'static str, text: &str) -> Result<T> {
    serde_json::from_str(text).map_err(|e| Error::Invalid { field, message: e.to_string() })
}

pub(crate) fn company() -> Result<Company> {
    read("company.json", include_str!("../company.json"))
}

pub(crate) fn past() -> Result<Past> {
    read("history.json", include_str!("../history.json"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn the_table_of_sops_is_the_folder() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/processes");
        let found: BTreeSet<String> = std::fs::read_dir(folder)
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        let listed: BTreeSet<String> = SOPS.iter().map(|(slug, _)| format!("{slug}.md")).collect();
        assert_eq!(found, listed);
    }

    #[test]
    fn every_process_has_a_standing_and_every_open_run_a_place() {
        let (company, past) = (company().unwrap(), past().unwrap());
        let known: BTreeSet<&str> = company.processes.iter().map(|p| p.slug.as_str()).collect();
        assert_eq!(known, SOPS.iter().map(|(slug, _)| *slug).collect());
        for (slug, pace) in &company.history {
            let open = past.processes.get(slug).map_or(0, |story| story.open.len());
            assert_eq!(usize::try_from(pace.open_runs).unwrap(), open, "{slug}");
        }
        assert!(past.processes.keys().all(|slug| company.history.contains_key(slug)));
    }
}
