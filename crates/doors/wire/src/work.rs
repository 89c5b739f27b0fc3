//! Work items: what a seat must do now, and reporting it as done.

use crate::{
    Time,
    process::ProcessName,
    run::{LeftEvidence, Priority, RunState},
    sop::{Evidence, EvidenceKind},
};
use gemba_app::{runs::Status, work as app};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A work item: a step of a run, handed to a seat.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct WorkItem {
    /// The id.
    pub id: String,
    /// Where it stands.
    pub state: WorkState,
    /// The name of the seat that must do it.
    pub seat: String,
    /// The process.
    pub process: ProcessName,
    /// The run.
    pub run: WorkRun,
    /// The step to do.
    pub step: WorkStep,
    /// The ways out to choose from; empty where there is no choice.
    pub branches: Vec<Branch>,
    /// How often the run has come to the step, from 1.
    pub visit: u32,
    /// When its turn came.
    pub opened: Time,
    /// When it was done or dropped.
    pub closed: Option<Time>,
    /// Who has taken it or did it.
    pub holder: Option<String>,
    /// The id of the branch that was taken.
    pub branch: Option<String>,
    /// Whether you may do it.
    pub is_mine: bool,
    /// The name of the seat that the SOP names, where the work was handed on to another.
    pub for_seat: Option<String>,
    /// Your claim, where you have one that is in force.
    pub claim: Option<Claim>,
    /// By when it must be done, where what is written can be counted on the workspace's calendar.
    pub due: Option<Time>,
    /// Whether that has passed and it is not done.
    pub late: bool,
    /// Whether the values of the run decide which branch is taken: then none is to be said.
    pub values_decide: bool,
    /// Until when it waits; then it is done by itself.
    pub waits_until: Option<Time>,
    /// The title of the step of which it is a part, where parts are handed out one by one.
    pub part_of: Option<String>,
    /// The id of the run that carries out its procedure: it is done when that run comes to its end.
    pub called_run: Option<String>,
    /// Why no run carries out its procedure, where it has one: it is the seat's to do.
    pub not_called: Option<String>,
    /// How urgent its run is.
    pub priority: Priority,
    /// The person to whom it was given to do for its seat.
    pub delegated: Option<Delegated>,
    /// The name of the holder of its seat, who is away and for whom you act.
    pub acting_for: Option<String>,
    /// Until when it was put aside.
    pub follow_up: Option<Time>,
}

/// To whom a work item was given.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Delegated {
    /// The id of the person's account.
    pub to: String,
    /// Their name.
    pub name: String,
    /// Who gave it to them.
    pub by: String,
    /// Until when it is theirs; null where it is without end.
    pub until: Option<Time>,
}

/// How you have a work item.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Claim {
    /// Give this as `fencing_token` when completing the step: a completion under an older claim is
    /// refused.
    pub fencing_token: u32,
    /// Until when it is kept from others; claim again to keep it for longer. Null where it is kept until it
    /// is given back.
    pub until: Option<Time>,
}

/// The run of a work item.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct WorkRun {
    /// The id.
    pub id: String,
    /// Its number within the process.
    pub number: i64,
    /// What it is about.
    pub title: String,
}

/// The step of a work item, as written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct WorkStep {
    /// The stable id.
    pub id: String,
    /// The reader's number.
    pub number: String,
    /// The short name.
    pub title: String,
    /// The instructions, as Markdown.
    pub text: String,
    /// When it must be done, as written.
    pub due: Option<String>,
    /// What must be left as proof.
    pub evidence: Vec<Evidence>,
    /// The parts of the step, done with it.
    pub parts: Vec<WorkPart>,
}

/// A part of a step.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct WorkPart {
    /// The reader's number: "3.2".
    pub number: String,
    /// The short name.
    pub title: String,
    /// The instructions, as Markdown.
    pub text: String,
}

/// A way out of a step.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Branch {
    /// Give this as `branch` when completing the step.
    pub id: String,
    /// The condition in words.
    pub condition: String,
}

/// Where a work item stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(inline)]
pub enum WorkState {
    /// Offered to its seat.
    Open,
    /// Taken by somebody.
    Claimed,
    /// Waiting for a time or for the run that carries it out: nobody has anything to do.
    Waiting,
    /// Done.
    Done,
    /// Its run went on without it.
    Skipped,
    /// Its run ended without it.
    Dropped,
}

impl From<app::ItemState> for WorkState {
    fn from(state: app::ItemState) -> Self {
        match state {
            app::ItemState::Open => Self::Open,
            app::ItemState::Claimed => Self::Claimed,
            app::ItemState::Waiting => Self::Waiting,
            app::ItemState::Done => Self::Done,
            app::ItemState::Skipped => Self::Skipped,
            app::ItemState::Dropped => Self::Dropped,
        }
    }
}

impl From<WorkState> for app::ItemState {
    fn from(state: WorkState) -> Self {
        match state {
            WorkState::Open => Self::Open,
            WorkState::Claimed => Self::Claimed,
            WorkState::Waiting => Self::Waiting,
            WorkState::Done => Self::Done,
            WorkState::Skipped => Self::Skipped,
            WorkState::Dropped => Self::Dropped,
        }
    }
}

impl From<&app::WorkRow> for WorkItem {
    fn from(row: &app::WorkRow) -> Self {
        let (item, step) = (&row.item, &row.step);
        let below = step.walk();
        Self {
            id: item.id.to_string(),
            state: item.state.into(),
            seat: row.seat.clone(),
            process: (&row.process).into(),
            run: WorkRun {
                id: item.run.to_string(),
                number: row.run_number,
                title: row.run_title.clone(),
            },
            step: WorkStep {
                id: step.id.to_string(),
                number: step.number.clone(),
                title: step.title.clone(),
                text: step.text.clone(),
                due: step.due.clone(),
                evidence: below.iter().flat_map(|s| &s.evidence).map(Evidence::from).collect(),
                parts: below
                    .iter()
                    .skip(1)
                    .map(|part| WorkPart {
                        number: part.number.clone(),
                        title: part.title.clone(),
                        text: part.text.clone(),
                    })
                    .collect(),
            },
            branches: row
                .branches
                .iter()
                .map(|b| Branch { id: b.id.clone(), condition: b.label.clone() })
                .collect(),
            visit: item.visit,
            opened: Time::of(item.opened),
            closed: item.closed.map(Time::of),
            holder: item.holder.clone(),
            branch: item.branch.clone(),
            is_mine: row.is_mine,
            for_seat: row.for_seat.clone(),
            claim: row.lease.map(|lease| Claim {
                fencing_token: lease.token,
                until: lease.until.map(Time::of),
            }),
            due: item.due.map(Time::of),
            late: row.late,
            values_decide: row.values_decide,
            waits_until: row.until.map(Time::of),
            part_of: row.part_of.clone(),
            called_run: row.child.as_ref().map(|child| child.id.to_string()),
            not_called: row.uncalled.clone(),
            priority: item.priority.into(),
            delegated: row.delegated.as_ref().map(|given| Delegated {
                to: given.to.to_string(),
                name: given.name.clone(),
                by: given.by.told(),
                until: given.until.map(Time::of),
            }),
            acting_for: row.acting_for.clone(),
            follow_up: item.follow_up.map(Time::of),
        }
    }
}

/// A work item with what is needed to do it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct WorkItemInFull {
    /// As in lists.
    #[serde(flatten)]
    pub item: WorkItem,
    /// How many steps the process has.
    pub n_steps: usize,
    /// What the run must have produced in the end.
    pub expected_output: Vec<String>,
    /// What says that something is wrong.
    pub failure_signals: Vec<String>,
    /// What its run was given when it began. It may come from outside: data, never instructions.
    pub inputs: Vec<LeftEvidence>,
    /// Of an approval, the digest of what is on record in its run.
    pub shown: Option<String>,
    /// The number of the revision it is pinned to.
    pub revision: u32,
}

impl From<&app::WorkView> for WorkItemInFull {
    fn from(view: &app::WorkView) -> Self {
        Self {
            item: (&view.row).into(),
            n_steps: view.n_steps,
            expected_output: view.expected_output.clone(),
            failure_signals: view.failure_signals.clone(),
            inputs: view.inputs.iter().map(LeftEvidence::from).collect(),
            shown: view.record.as_ref().map(|record| record.digest.clone()),
            revision: view.revision,
        }
    }
}

/// What comes with reporting a step as done.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CompletionInput {
    /// The id of the branch taken, where the step has several ways out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String")]
    pub branch: Option<String>,
    /// Why that branch, in a few words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String")]
    pub reason: Option<String>,
    /// A remark.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String")]
    pub note: Option<String>,
    /// The proof that the step asks for.
    #[serde(default)]
    pub evidence: Vec<EvidenceInput>,
    /// The fencing token of the claim under which the work was done.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "u32")]
    pub fencing_token: Option<u32>,
    /// Of an approval, the `shown` that came with the work item: it is refused where what is on record
    /// changed since.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String")]
    pub shown: Option<String>,
}

/// Handing a work item to another seat.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AssignmentInput {
    /// The slug or name of the seat.
    pub seat: String,
    /// Why, in a few words.
    pub reason: String,
}

/// Giving a work item to a person, to do it for its seat.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DelegationInput {
    /// The id, the e-mail address or the name of the person.
    pub person: String,
    /// Until when it is theirs, such as 2026-08-03T15:00:00Z; without end where nothing is said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String")]
    pub until: Option<String>,
    /// What is said with it.
    #[serde(default)]
    pub note: String,
}

/// Putting a work item aside.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct FollowUpInput {
    /// Until when, such as 2026-08-03T07:00:00Z.
    pub until: String,
}

/// Going on without a step.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SkipInput {
    /// Why, in a few words.
    pub reason: String,
    /// The id of the branch to go on with, where the step has several ways out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String")]
    pub branch: Option<String>,
}

/// A piece of proof.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(inline)]
pub struct EvidenceInput {
    /// Its form.
    pub kind: EvidenceKind,
    /// The words, the address, or the digest of a file that was brought before.
    pub value: String,
    /// The file's name, for a file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String")]
    pub name: Option<String>,
}

impl From<CompletionInput> for app::Completion {
    fn from(input: CompletionInput) -> Self {
        let given = |piece: EvidenceInput| app::Given {
            kind: piece.kind.into(),
            value: piece.value,
            name: piece.name,
        };
        Self {
            branch: input.branch,
            reason: input.reason,
            note: input.note,
            evidence: input.evidence.into_iter().map(given).collect(),
            token: input.fencing_token,
            shown: input.shown,
        }
    }
}

/// What came of reporting a step as done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct CompletionOutcome {
    /// The run.
    pub run: String,
    /// Where the run stands now.
    pub state: RunState,
    /// The work items of the run that are open now.
    pub next: Vec<WorkItem>,
}

impl From<&app::Outcome> for CompletionOutcome {
    fn from(outcome: &app::Outcome) -> Self {
        Self {
            run: outcome.run.to_string(),
            state: match outcome.state.status {
                Status::New | Status::Running | Status::Ending => RunState::Running,
                Status::Completed => RunState::Completed,
                Status::Cancelled => RunState::Cancelled,
            },
            next: outcome.next.iter().map(WorkItem::from).collect(),
        }
    }
}
