//! Why a command makes no sense now: a value with a code, never an error of the machine.

use gemba_model::{Evidence, StepId};
use std::fmt;

/// Why a command was refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Rejection {
    /// The run has come to its end or was ended.
    RunEnded,
    /// The plan has no step to begin with.
    NothingToDo,
    /// No open work item has this id: it was done, or never was of this run.
    ItemNotOpen,
    /// The step's turn has not come: these steps are open now.
    NotItsTurn {
        /// The step that was meant.
        step: StepId,
        /// What must be done first.
        open: Vec<StepId>,
    },
    /// The process has no such step.
    NoSuchStep {
        /// The step that was meant.
        step: StepId,
    },
    /// The work belongs to another seat.
    WrongSeat,
    /// Somebody else has taken it.
    ClaimedByOther {
        /// Who.
        name: String,
    },
    /// The claim under which the work was done is no longer the present one.
    LeaseLost,
    /// Only the process owner's seat and managers may go on without a step.
    MayNotSkip,
    /// Going on without a step needs a reason.
    SkipReasonNeeded,
    /// Handing work to another seat needs a reason.
    ReassignReasonNeeded,
    /// The seat has the work already.
    SameSeat,
    /// Nobody has taken it, so it cannot be given back.
    NotClaimed,
    /// The step has several ways out: say which.
    BranchNeeded {
        /// The branches, id and condition.
        branches: Vec<(String, String)>,
    },
    /// The step has no such branch.
    NoSuchBranch {
        /// What was said.
        branch: String,
        /// The branches, id and condition.
        branches: Vec<(String, String)>,
    },
    /// The values of the run decide here, and they decide otherwise.
    ValuesDecide {
        /// The branch they decide.
        branch: String,
        /// Its condition.
        label: String,
        /// What they are.
        because: String,
    },
    /// Whoever did that step may not do this one.
    SamePerson {
        /// Who.
        name: String,
        /// The step that they did.
        step: StepId,
    },
    /// What is on record changed since it was shown.
    ChangedSinceShown,
    /// The step waits for the run that carries out its procedure.
    WaitsForRun,
    /// The run stands still, for it went back as often as the document allows.
    RoundsUsed,
    /// The run does not stand still.
    NothingHeld,
    /// Only the process owner's seat and managers may let a run go round once more.
    MayNotAllow,
    /// Letting a run go round once more needs a reason.
    AllowReasonNeeded,
    /// A decision needs a reason.
    ReasonNeeded,
    /// Proof that the step asks for was not brought.
    EvidenceMissing {
        /// What is missing.
        missing: Vec<Evidence>,
    },
    /// Proof was brought in a form that cannot be.
    EvidenceUnusable {
        /// What is wrong with it.
        problem: String,
    },
    /// The work item was given to nobody, so it cannot be taken back.
    NotDelegated,
    /// They have it already.
    TheirsAlready {
        /// Who.
        name: String,
    },
    /// The moment lies in the past.
    PastMoment,
    /// Only the process owner's seat and managers say how urgent a run is.
    MayNotPrioritise,
    /// It is no approval that nobody gave in time and that is handed up.
    NotHandedUp,
    /// Ending a run needs a reason.
    CancelReasonNeeded,
    /// A text is longer than is kept.
    TooLong {
        /// What is too long.
        what: &'static str,
        /// The limit in characters.
        limit: usize,
    },
}

impl Rejection {
    /// The stable code, explained by `gemba explain CODE`.
    pub fn code(&self) -> &'static str {
        match self {
            Self::RunEnded => "RUN0101",
            Self::NothingToDo => "RUN0102",
            Self::CancelReasonNeeded => "RUN0103",
            Self::ItemNotOpen => "RUN0201",
            Self::NotItsTurn { .. } => "RUN0202",
            Self::WrongSeat => "RUN0203",
            Self::ClaimedByOther { .. } => "RUN0204",
            Self::BranchNeeded { .. } => "RUN0205",
            Self::NoSuchBranch { .. } => "RUN0206",
            Self::ReasonNeeded => "RUN0207",
            Self::EvidenceMissing { .. } => "RUN0208",
            Self::EvidenceUnusable { .. } => "RUN0209",
            Self::NotClaimed => "RUN0210",
            Self::NoSuchStep { .. } => "RUN0211",
            Self::TooLong { .. } => "RUN0212",
            Self::LeaseLost => "RUN0213",
            Self::MayNotSkip => "RUN0214",
            Self::SkipReasonNeeded => "RUN0215",
            Self::ReassignReasonNeeded => "RUN0216",
            Self::SameSeat => "RUN0217",
            Self::ValuesDecide { .. } => "RUN0218",
            Self::SamePerson { .. } => "RUN0219",
            Self::ChangedSinceShown => "RUN0220",
            Self::WaitsForRun => "RUN0221",
            Self::NotDelegated => "RUN0230",
            Self::TheirsAlready { .. } => "RUN0231",
            Self::PastMoment => "RUN0232",
            Self::MayNotPrioritise => "RUN0233",
            Self::NotHandedUp => "RUN0234",
            Self::RoundsUsed => "RUN0222",
            Self::NothingHeld => "RUN0223",
            Self::MayNotAllow => "RUN0224",
            Self::AllowReasonNeeded => "RUN0225",
        }
    }
}

impl fmt::Display for Rejection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let list = |branches: &[(String, String)]| {
            branches
                .iter()
                .map(|(id, label)| format!("`{id}` ({label})"))
                .collect::<Vec<_>>()
                .join(", ")
        };
        match self {
            Self::RunEnded => f.write_str("this run has ended, nothing in it can change any more"),
            Self::NothingToDo => f.write_str("the process has no step to begin with"),
            Self::ItemNotOpen => f.write_str(
                "this work item is not open: it was done already, or its run went another way",
            ),
            Self::NotItsTurn { step, open } => {
                let open: Vec<&str> = open.iter().map(StepId::as_str).collect();
                write!(f, "it is not the turn of step `{step}`: first do {}", open.join(", "))
            }
            Self::NoSuchStep { step } => write!(f, "the process has no step `{step}`"),
            Self::WrongSeat => f.write_str("this step belongs to a seat that you do not hold"),
            Self::ClaimedByOther { name } => write!(f, "{name} has taken this work item"),
            Self::LeaseLost => f.write_str(
                "the time for which this work item was yours has passed: claim it again, and if \
                 another has it now, leave it to them",
            ),
            Self::MayNotSkip => f.write_str(
                "only the seat that owns the process and managers may go on without a step",
            ),
            Self::SkipReasonNeeded => f.write_str("say why the run goes on without this step"),
            Self::ReassignReasonNeeded => f.write_str("say why another seat does this step"),
            Self::SameSeat => f.write_str("this seat has the work item already"),
            Self::NotClaimed => {
                f.write_str("nobody has taken this work item, there is nothing to give back")
            }
            Self::BranchNeeded { branches } => {
                write!(f, "say which branch was taken: {}", list(branches))
            }
            Self::NoSuchBranch { branch, branches } => {
                write!(f, "there is no branch `{branch}` here; there are {}", list(branches))
            }
            Self::ValuesDecide { branch, label, because } => write!(
                f,
                "the values decide here: {because}, so the branch is `{branch}` ({label}); leave the \
                 branch out, or correct the value",
            ),
            Self::SamePerson { name, step } => write!(
                f,
                "{name} did `{step}`, and whoever did that may not do this: somebody else must",
            ),
            Self::ChangedSinceShown => f.write_str(
                "what is on record changed since it was shown: look at it again, then decide",
            ),
            Self::WaitsForRun => f.write_str(
                "another run carries out this step, and it is done when that run comes to its end",
            ),
            Self::NotDelegated => {
                f.write_str("this work item was given to nobody, there is nothing to take back")
            }
            Self::TheirsAlready { name } => write!(f, "{name} has this work item already"),
            Self::PastMoment => f.write_str("this moment has passed: say one that is to come"),
            Self::MayNotPrioritise => f.write_str(
                "only the seat that owns the process and managers say how urgent a run is",
            ),
            Self::NotHandedUp => f.write_str(
                "this is no approval that nobody gave in time and that the document hands up",
            ),
            Self::RoundsUsed => f.write_str(
                "the run went back as often as the document allows: the seat that owns the process lets it \
                 go round once more, or ends it",
            ),
            Self::NothingHeld => f.write_str("the run does not stand still, nothing is to be allowed"),
            Self::MayNotAllow => f.write_str(
                "only the seat that owns the process and managers may let a run go round once more",
            ),
            Self::AllowReasonNeeded => f.write_str("say why the run goes round once more"),
            Self::ReasonNeeded => f.write_str("say in a few words why this branch was taken"),
            Self::EvidenceMissing { missing } => {
                let missing: Vec<String> =
                    missing.iter().map(|e| format!("{} ({})", e.text, e.kind.word())).collect();
                write!(f, "the step asks for evidence that is missing: {}", missing.join("; "))
            }
            Self::EvidenceUnusable { problem } => f.write_str(problem),
            Self::CancelReasonNeeded => f.write_str("say why the run ends before its end"),
            Self::TooLong { what, limit } => {
                write!(f, "the {what} is longer than {limit} characters")
            }
        }
    }
}

impl std::error::Error for Rejection {}
