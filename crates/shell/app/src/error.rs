//! Everything that can be said instead of an answer; each door translates it once.

use crate::{access::Scope, agents::Bar};
use gemba_diag::Diagnostic;
pub use gemba_engine::Rejection;
use thiserror::Error;

/// Why there is no answer.
#[derive(Debug, Error)]
pub enum Error {
    /// Nobody is signed in, or the token is not known.
    #[error("sign in first")]
    NotSignedIn,
    /// E-mail and password do not belong together, or there were too many tries.
    #[error("{reason}")]
    SignInFailed {
        /// What to do.
        reason: String,
    },
    /// A message from outside does not prove where it comes from.
    #[error("the message is not signed as it must be: {reason}")]
    Unsigned {
        /// What is missing.
        reason: &'static str,
    },
    /// More often than is taken.
    #[error("{what} was sent too often; try again later")]
    TooOften {
        /// What.
        what: &'static str,
    },
    /// The one who asks may not do this.
    #[error("you may not {act}; {help}")]
    Forbidden {
        /// What was tried.
        act: &'static str,
        /// Who may.
        help: &'static str,
    },
    /// There is no such thing, or the one who asks may not know of it.
    #[error("there is no {what} `{id}`")]
    NotFound {
        /// The kind of thing.
        what: &'static str,
        /// What was asked for.
        id: String,
    },
    /// An input cannot be taken.
    #[error("{message}")]
    Invalid {
        /// The field.
        field: &'static str,
        /// What is wrong and what would be right.
        message: String,
    },
    /// The name is taken.
    #[error("{message}")]
    Taken {
        /// The field.
        field: &'static str,
        /// Which name.
        message: String,
    },
    /// It was changed in the meantime.
    #[error(
        "{what} was changed by somebody else since you opened it; read it again and repeat your change"
    )]
    Changed {
        /// What.
        what: String,
    },
    /// The run refuses.
    #[error(transparent)]
    Rejected(#[from] Rejection),
    /// The document has errors.
    #[error("the document has {} that must be mended before it can be published", count(.0.len()))]
    NotPublishable(Vec<Diagnostic>),
    /// The document names seats that the team chart does not have.
    #[error("the document names seats that the team chart does not have: {}", .names.join(", "))]
    UnboundSeats {
        /// The names.
        names: Vec<String>,
    },
    /// A run needs a published revision.
    #[error("`{slug}` has no published revision yet, so it cannot run")]
    NotPublished {
        /// The process.
        slug: String,
    },
    /// The process came to its end.
    #[error("`{slug}` is retired; bring it back before you change or run it")]
    Retired {
        /// The process.
        slug: String,
    },
    /// The workspace wants a second person's yes first.
    #[error("a second person approves every revision here; send `{slug}` for review first")]
    ApprovalNeeded {
        /// The process.
        slug: String,
    },
    /// Every run of the process would call itself, for ever.
    #[error(
        "every run of it would start another of itself, and none would end: {}",
        .path.join(" calls ")
    )]
    CallsItself {
        /// The titles of the processes that call each other, the first and the last the same.
        path: Vec<String>,
    },
    /// The token was not made for this.
    #[error("this token was not made for the scope `{}`", .scope.word())]
    OutOfScope {
        /// What it would need.
        scope: Scope,
    },
    /// A rule for agents bars it.
    #[error(transparent)]
    Barred(#[from] Bar),
    /// The same idempotency key came with another request.
    #[error("this idempotency key was used for another request")]
    KeyReused,
    /// The request under this idempotency key was done, and its answer was lost or is still to come.
    #[error("this request was done already, and its answer was not kept; look at what it did")]
    AnswerLost,
    /// The store failed.
    #[error("the store failed")]
    Store(#[source] gemba_store::Error),
    /// Something could not be put on paper.
    #[error(transparent)]
    Paper(#[from] gemba_paper::Error),
}

/// What kind of refusal an error is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Nobody is signed in.
    SignIn,
    /// The one who asks may not.
    Forbidden,
    /// It does not exist.
    Missing,
    /// The input must be another one.
    Unusable,
    /// It makes no sense now.
    Conflict,
    /// It came too often.
    TooOften,
    /// The machine failed.
    Failed,
}

impl Kind {
    /// The HTTP status that all doors give it (RFC 9110, section 15).
    pub fn http_status(self) -> u16 {
        match self {
            Self::SignIn => 401,
            Self::Forbidden => 403,
            Self::Missing => 404,
            Self::Unusable => 422,
            Self::Conflict => 409,
            Self::TooOften => 429,
            Self::Failed => 500,
        }
    }
}

/// An error with all its causes, for a log or an operator.
pub fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(source) = cause {
        text.push_str(": ");
        text.push_str(&source.to_string());
        cause = source.source();
    }
    text
}

fn count(n: usize) -> String {
    if n == 1 { "an error".to_owned() } else { format!("{n} errors") }
}

impl Error {
    pub(crate) fn invalid(field: &'static str, message: impl Into<String>) -> Self {
        Self::Invalid { field, message: message.into() }
    }

    #[expect(clippy::needless_pass_by_value, reason = "ids are copied, texts are borrowed")]
    pub(crate) fn not_found(what: &'static str, id: impl ToString) -> Self {
        Self::NotFound { what, id: id.to_string() }
    }

    /// What kind of refusal it is, for the doors to give it their status.
    pub fn kind(&self) -> Kind {
        match self {
            Self::NotSignedIn | Self::SignInFailed { .. } | Self::Unsigned { .. } => Kind::SignIn,
            Self::TooOften { .. } => Kind::TooOften,
            Self::Barred(bar) => bar.kind(),
            Self::Forbidden { .. }
            | Self::OutOfScope { .. }
            | Self::Rejected(
                Rejection::WrongSeat
                | Rejection::MayNotSkip
                | Rejection::MayNotPrioritise
                | Rejection::MayNotAllow
                | Rejection::SamePerson { .. },
            ) => Kind::Forbidden,
            Self::NotFound { .. } | Self::Rejected(Rejection::NoSuchStep { .. }) => Kind::Missing,
            Self::Invalid { .. }
            | Self::NotPublishable(_)
            | Self::UnboundSeats { .. }
            | Self::CallsItself { .. }
            | Self::KeyReused
            | Self::Rejected(
                Rejection::BranchNeeded { .. }
                | Rejection::NoSuchBranch { .. }
                | Rejection::ReasonNeeded
                | Rejection::EvidenceMissing { .. }
                | Rejection::EvidenceUnusable { .. }
                | Rejection::CancelReasonNeeded
                | Rejection::SkipReasonNeeded
                | Rejection::AllowReasonNeeded
                | Rejection::ReassignReasonNeeded
                | Rejection::PastMoment
                | Rejection::TooLong { .. },
            ) => Kind::Unusable,
            Self::Taken { .. }
            | Self::Changed { .. }
            | Self::NotPublished { .. }
            | Self::Retired { .. }
            | Self::ApprovalNeeded { .. }
            | Self::AnswerLost
            | Self::Rejected(
                Rejection::RunEnded
                | Rejection::NothingToDo
                | Rejection::ItemNotOpen
                | Rejection::NotItsTurn { .. }
                | Rejection::ClaimedByOther { .. }
                | Rejection::LeaseLost
                | Rejection::SameSeat
                | Rejection::NotDelegated
                | Rejection::TheirsAlready { .. }
                | Rejection::NotHandedUp
                | Rejection::ValuesDecide { .. }
                | Rejection::ChangedSinceShown
                | Rejection::WaitsForRun
                | Rejection::RoundsUsed
                | Rejection::NothingHeld
                | Rejection::NotClaimed,
            ) => Kind::Conflict,
            Self::Store(_) | Self::Paper(_) => Kind::Failed,
        }
    }

    /// The stable code, explained by `gemba explain CODE`.
    pub fn code(&self) -> &'static str {
        match self {
            Self::NotSignedIn => "APP0101",
            Self::SignInFailed { .. } => "APP0102",
            Self::Forbidden { .. } => "APP0103",
            Self::Unsigned { .. } => "APP0104",
            Self::TooOften { .. } => "APP0105",
            Self::NotFound { .. } => "APP0201",
            Self::Invalid { .. } => "APP0301",
            Self::Taken { .. } => "APP0302",
            Self::Changed { .. } => "APP0303",
            Self::KeyReused => "APP0304",
            Self::AnswerLost => "APP0308",
            Self::NotPublishable(_) => "APP0401",
            Self::UnboundSeats { .. } => "APP0402",
            Self::NotPublished { .. } => "APP0403",
            Self::Retired { .. } => "APP0404",
            Self::ApprovalNeeded { .. } => "APP0405",
            Self::CallsItself { .. } => "APP0406",
            Self::OutOfScope { .. } => "APP0420",
            Self::Barred(bar) => bar.code(),
            Self::Store(_) | Self::Paper(_) => "APP0901",
            Self::Rejected(rejection) => rejection.code(),
        }
    }
}

/// Whether the end of something that was done ahead of its turn is the end of it: it was done, or the
/// machine failed. A refusal is to be found again in turn before anybody hears of it.
pub(crate) fn counts<T>(done: &crate::Result<T>) -> bool {
    match done {
        Ok(_) => true,
        Err(Error::Store(error)) => !matches!(error, gemba_store::Error::Overtaken),
        Err(_) => false,
    }
}

impl From<gemba_store::Error> for Error {
    fn from(error: gemba_store::Error) -> Self {
        match error {
            gemba_store::Error::Conflict { kind, .. } => {
                Self::Changed { what: format!("the {kind}") }
            }
            gemba_store::Error::Duplicate { kind, key, value } => Self::Taken {
                field: "name",
                message: format!("another {kind} has the {key} `{value}`"),
            },
            other => Self::Store(other),
        }
    }
}
