//! The product's first question: which seats own recurring processes, and what has no owner.

use crate::{
    refusal::Refusal,
    tool::{Kind, Needs, Tool},
};
use gemba_app::{
    Act, access::Scope, App, Who,
    coverage::{self, Ownership, SeatOwnership},
    processes::ProcessRow,
    records::Holder,
};
use gemba_model::OwnerState;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub(crate) struct ListSeats;

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Input {
    #[schemars(description = "Every seat if left out")]
    only: Option<Only>,
}

#[derive(Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
enum Only {
    All,
    Owning,
    Flagged,
}

#[derive(Serialize, JsonSchema)]
pub(crate) struct Output {
    n_seats: usize,
    n_owning_recurring: usize,
    n_owning_none: usize,
    seats: Vec<Row>,
    processes_without_owner: Vec<Orphan>,
}

#[derive(Serialize, JsonSchema)]
struct Row {
    slug: String,
    seat: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    function: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    holder: Option<String>,
    holder_kind: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    reports_to: Option<String>,
    owns_recurring: Vec<Owned>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    owns_other: Vec<Owned>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    flags: Vec<&'static str>,
}

#[derive(Serialize, JsonSchema)]
struct Owned {
    slug: String,
    title: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    triggers: Vec<String>,
    published: bool,
}

#[derive(Serialize, JsonSchema)]
struct Orphan {
    slug: String,
    title: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    function: Option<String>,
    triggers: Vec<String>,
    why: String,
}

impl Tool for ListSeats {
    const NAME: &'static str = "list_seats";
    const TITLE: &'static str = "List seats and what they own";
    const DESCRIPTION: &'static str = "The org chart in one answer: every seat with its holder, whom it reports to and the \
        recurring processes it owns; flags on seats that own none; and every process without a documented owner. \
        Use it for any question about seats, holders and process owners. Not for other faults of processes: that is list_gaps.";
    const KIND: Kind = Kind::Reads;
    const NEEDS: Needs = Needs { act: Act::Read, scope: Some(Scope::Company) };
    type Input = Input;
    type Output = Output;

    async fn call(app: &App, who: &Who, input: Input) -> Result<Output, Refusal> {
        let Ownership { seats, without_owner } = coverage::ownership(app, who).await?;
        let owning = seats.iter().filter(|s| !s.recurring.is_empty()).count();
        let n_seats = seats.len();
        let mut rows: Vec<Row> = seats.into_iter().map(Row::from).collect();
        let n_owning_none =
            rows.iter().filter(|r| r.owns_recurring.is_empty() && r.owns_other.is_empty()).count();
        match input.only.unwrap_or(Only::All) {
            Only::All => {}
            Only::Owning => rows.retain(|row| !row.owns_recurring.is_empty()),
            Only::Flagged => rows.retain(|row| !row.flags.is_empty()),
        }
        Ok(Output {
            n_seats,
            n_owning_recurring: owning,
            n_owning_none,
            seats: rows,
            processes_without_owner: without_owner.into_iter().map(Orphan::from).collect(),
        })
    }

    fn text(output: &Output) -> String {
        let orphans = &output.processes_without_owner;
        let mut lines = vec![format!(
            "{} seats: {} own recurring processes, {} own none. {} processes have no documented owner.",
            output.n_seats,
            output.n_owning_recurring,
            output.n_owning_none,
            orphans.len(),
        )];
        lines.extend(output.seats.iter().map(|row| format!("- {}", row.line())));
        if !orphans.is_empty() {
            lines.push("Processes without a documented owner:".to_owned());
        }
        lines.extend(orphans.iter().map(|o| format!("- {} ({}): {}", o.title, o.slug, o.why)));
        lines.join("\n")
    }
}

impl From<SeatOwnership> for Row {
    fn from(of: SeatOwnership) -> Self {
        let view = of.seat;
        let owns_none = of.recurring.is_empty() && of.other.is_empty();
        let vacant = view.seat.holder == Holder::Vacant;
        let flags = [
            (owns_none, "owns_no_process"),
            (of.works_without_owning, "works_without_owning"),
            (vacant && owns_none, "vacant"),
            (vacant && !owns_none, "vacant_owner"),
        ];
        Self {
            holder_kind: match view.seat.holder {
                Holder::Vacant => "vacant",
                Holder::Person { .. } => "person",
                Holder::Agent { .. } => "agent",
            },
            slug: view.seat.slug,
            seat: view.seat.name,
            function: view.seat.function,
            holder: view.holder,
            reports_to: view.reports_to,
            owns_recurring: of.recurring.into_iter().map(Owned::from).collect(),
            owns_other: of.other.into_iter().map(Owned::from).collect(),
            flags: flags.into_iter().filter(|(is, _)| *is).map(|(_, flag)| flag).collect(),
        }
    }
}

impl Row {
    fn line(&self) -> String {
        let holder = self.holder.as_ref().map(|h| format!(": {h}")).unwrap_or_default();
        let mut parts = vec![format!("{} ({}{holder})", self.seat, self.holder_kind)];
        parts.extend(self.reports_to.as_ref().map(|above| format!("reports to {above}")));
        let owned =
            [("owns", &self.owns_recurring), ("also owns, without a trigger", &self.owns_other)];
        for (says, owned) in owned.into_iter().filter(|(_, owned)| !owned.is_empty()) {
            let owned: Vec<String> = owned.iter().map(Owned::said).collect();
            parts.push(format!("{says}: {}", owned.join(", ")));
        }
        let line = parts.join("; ");
        if self.flags.is_empty() { line } else { format!("{line} [{}]", self.flags.join(", ")) }
    }
}

impl Owned {
    fn said(&self) -> String {
        let draft = if self.published { "" } else { ", draft" };
        if self.triggers.is_empty() {
            format!("{}{draft}", self.title)
        } else {
            format!("{} ({}{draft})", self.title, self.triggers.join("; "))
        }
    }
}

impl From<ProcessRow> for Owned {
    fn from(row: ProcessRow) -> Self {
        Self {
            slug: row.slug,
            title: row.summary.title,
            triggers: row.summary.triggers,
            published: row.revision.is_some(),
        }
    }
}

impl From<ProcessRow> for Orphan {
    fn from(row: ProcessRow) -> Self {
        let summary = row.summary;
        let named = summary.owner.unwrap_or_default();
        let why = match summary.owner_state {
            OwnerState::Missing => "the document names no owner".to_owned(),
            OwnerState::Placeholder => "the owner is a blank to be filled in".to_owned(),
            OwnerState::Channel => format!("`{named}` is a channel or contact, not a seat"),
            OwnerState::Stated | OwnerState::Implied => {
                format!("`{named}` is not a seat of the team chart")
            }
        };
        Self {
            slug: row.slug,
            title: summary.title,
            function: summary.function,
            triggers: summary.triggers,
            why,
        }
    }
}
