//! A refusal as a model reads it: the code, what is wrong and why, and the call that comes next.

use gemba_app::{Error, error::Rejection};
use std::fmt;

/// Why a tool did not do what was asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Refusal {
    pub(crate) code: &'static str,
    pub(crate) why: String,
    pub(crate) next: String,
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { code, why, next } = self;
        let why = why.trim_end_matches('.');
        write!(f, "Refused ({code}): {why}. Next: {next}")
    }
}

impl Refusal {
    /// An argument that cannot be taken.
    pub(crate) fn argument(field: &'static str, message: impl Into<String>) -> Self {
        Error::Invalid { field, message: message.into() }.into()
    }

    /// Arguments that do not fit the tool's schema.
    pub(crate) fn arguments(tool: &'static str, error: &serde_json::Error) -> Self {
        Self::argument(tool, format!("the arguments do not fit {tool}: {error}"))
    }

    /// A failure that is nobody's fault in the conversation.
    pub(crate) fn machine() -> Self {
        Self {
            code: "APP0901",
            why: "the server failed and did not say whether it was done".to_owned(),
            next: "read the item again before you repeat this call".to_owned(),
        }
    }

    /// The same refusal with a better next call.
    pub(crate) fn with_next(self, next: impl Into<String>) -> Self {
        Self { next: next.into(), ..self }
    }
}

impl From<Error> for Refusal {
    fn from(error: Error) -> Self {
        if let Error::Store(source) = &error {
            tracing::error!(error = %gemba_app::error::chain(source), "a tool failed");
        }
        Self { code: error.code(), why: error.to_string(), next: next(&error).to_owned() }
    }
}

fn next(error: &Error) -> &'static str {
    match error {
        Error::NotSignedIn | Error::SignInFailed { .. } => "ask an admin for a token of your seat",
        Error::Unsigned { .. } => "sign the message with the secret of its trigger",
        Error::TooOften { .. } => "wait, then call again",
        Error::Forbidden { .. } => {
            "call get_my_seat to see what you may do, or ask the one who may"
        }
        Error::NotFound { what, .. } => match *what {
            "process" => "call find_process with a word of its title",
            "seat" => "call list_seats for the names of all seats",
            "work item" => "call list_work for the ids of open work",
            "run" => "call list_work with seat \"all\" for the runs that go on",
            "measurable" => "call list_measurables for the names",
            "revision" => "call get_sop without a revision for the one in force",
            _ => "check the name and call again",
        },
        Error::Invalid { .. } => "correct this argument and call again",
        Error::OutOfScope { .. } => {
            "call get_my_seat to see what you may do; an admin makes a token with this scope"
        }
        Error::Barred(bar) => bar.next(),
        Error::Taken { .. } => "choose another name and call again",
        Error::Changed { .. } => "read it again and repeat the call",
        Error::KeyReused => "call again with a new idempotency_key",
        Error::AnswerLost => "do not repeat it: list_work and get_work show what it did",
        Error::NotPublishable(_) | Error::UnboundSeats { .. } => {
            "ask the process's owner to mend and publish the document"
        }
        Error::NotPublished { .. } => {
            "ask the process's owner to publish it; find_process tells who"
        }
        Error::Retired { .. } => "call find_process for the process that took its place",
        Error::ApprovalNeeded { .. } => "ask a person who did not write it to approve it",
        Error::CallsItself { .. } => {
            "take the call out of one of the documents, or give it a way round"
        }
        Error::Store(_) | Error::Paper(_) => "try once more; if it fails again, tell an admin",
        Error::Rejected(rejection) => after(rejection),
    }
}

fn after(rejection: &Rejection) -> &'static str {
    match rejection {
        Rejection::RunEnded
        | Rejection::ItemNotOpen
        | Rejection::SameSeat
        | Rejection::NotDelegated
        | Rejection::TheirsAlready { .. }
        | Rejection::NotHandedUp => "call list_work for what is open now",
        Rejection::NothingToDo => "tell the process's owner that its SOP has no steps",
        Rejection::NotItsTurn { .. } => "call get_run to see whose turn it is",
        Rejection::NoSuchStep { .. } => "call get_run for the steps that are open",
        Rejection::WrongSeat => "call list_work for the work of your own seat",
        Rejection::ClaimedByOther { .. } => {
            "pick other work with list_work and state \"open\", or ask them to release it"
        }
        Rejection::NotClaimed => "nothing is needed; claim_work takes it",
        Rejection::BranchNeeded { .. } | Rejection::NoSuchBranch { .. } => {
            "call submit_work again with one of these as branch, and a reason"
        }
        Rejection::ValuesDecide { .. } => {
            "call submit_work again without a branch, or correct the value"
        }
        Rejection::RoundsUsed | Rejection::MayNotAllow => {
            "ask the process's owner to allow one more round, or to end the run"
        }
        Rejection::NothingHeld => "nothing is needed; call get_run to see whose turn it is",
        Rejection::WaitsForRun => "call get_run for the run that carries it out",
        Rejection::SamePerson { .. } => "leave it to another who holds the seat",
        Rejection::ChangedSinceShown => "call get_work again, look at it, then decide",
        Rejection::ReasonNeeded => "call submit_work again with a reason",
        Rejection::EvidenceMissing { .. } => "call submit_work again with this evidence",
        Rejection::EvidenceUnusable { .. } => "correct the evidence and call submit_work again",
        Rejection::LeaseLost => "call claim_work again; if another has it now, leave it to them",
        Rejection::MayNotSkip => "do the step, or ask the process's owner to skip it",
        Rejection::CancelReasonNeeded
        | Rejection::SkipReasonNeeded
        | Rejection::AllowReasonNeeded
        | Rejection::ReassignReasonNeeded => "call again with a reason",
        Rejection::PastMoment => "call again with a moment that is to come",
        Rejection::MayNotPrioritise => "ask the process's owner, or a manager",
        Rejection::TooLong { .. } => "shorten it and call again",
    }
}
