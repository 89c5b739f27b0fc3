//! Every answer that is no success, as RFC 9457 has it, and the one place where the application's
//! errors become statuses.

use crate::sop::Severity;
use gemba_app::error::{Error, Rejection};
use gemba_diag::Diagnostic;
use schemars::JsonSchema;
use serde::Serialize;

/// Why there is no other answer (RFC 9457).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Problem {
    /// The kind of problem, as a URI that ends with the code.
    #[serde(rename = "type")]
    pub kind: String,
    /// The kind of problem in a few words.
    pub title: String,
    /// The HTTP status.
    pub status: u16,
    /// What is wrong in this case, and what to do.
    pub detail: String,
    /// The stable code, explained by `gemba explain CODE`.
    pub code: String,
    /// Each thing that is wrong, where there are several or where a field is meant.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<ProblemItem>,
}

/// One thing that is wrong.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct ProblemItem {
    /// The field of the request.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String")]
    pub field: Option<String>,
    /// The value that is meant: a name without a seat, a branch that may be taken.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String")]
    pub value: Option<String>,
    /// The code of a finding in a document.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String")]
    pub code: Option<String>,
    /// How bad a finding is.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Severity")]
    pub severity: Option<Severity>,
    /// In words.
    pub message: String,
    /// What to do about it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String")]
    pub help: Option<String>,
}

impl ProblemItem {
    fn of_field(field: &str, message: impl Into<String>) -> Self {
        Self { field: Some(field.to_owned()), message: message.into(), ..Self::default() }
    }

    fn of_finding(finding: &Diagnostic) -> Self {
        Self {
            code: Some(finding.code.to_string()),
            severity: Some(finding.severity.into()),
            message: finding.message.clone(),
            help: finding.help.clone(),
            ..Self::default()
        }
    }
}

impl Problem {
    /// A problem with these words.
    pub fn new(status: u16, code: &str, title: &str, detail: impl Into<String>) -> Self {
        Self {
            kind: format!("urn:gemba:problem:{code}"),
            title: title.to_owned(),
            status,
            detail: detail.into(),
            code: code.to_owned(),
            errors: Vec::new(),
        }
    }

    /// No resource has this address.
    pub fn no_address(path: &str) -> Self {
        let detail =
            format!("there is nothing at `{path}`; /api/v1/openapi.json lists what there is");
        Self::new(404, "APP0202", "No such address", detail)
    }

    /// The resource does not know this method.
    pub fn no_method(method: &str, path: &str) -> Self {
        let detail = format!("`{path}` does not take {method}");
        Self::new(405, "APP0203", "Method not allowed", detail)
    }

    /// The request cannot be read: no JSON, an unknown field, a value of the wrong type.
    pub fn unreadable(detail: impl Into<String>) -> Self {
        Self::new(400, "APP0305", "The request cannot be read", detail)
    }

    /// The body is larger than is taken.
    pub fn too_large(limit: usize) -> Self {
        let detail = format!("the body of this request has at most {limit} bytes");
        Self::new(413, "APP0306", "The request is too large", detail)
    }

    /// The body is of another media type.
    pub fn wrong_media_type() -> Self {
        let detail = "send the body as JSON, with `Content-Type: application/json`";
        Self::new(415, "APP0307", "Wrong media type", detail)
    }

    /// A document that cannot be taken at all, by its worst finding.
    pub fn refused_document(findings: &[Diagnostic]) -> Self {
        let worst = findings.iter().min_by_key(|finding| finding.severity);
        let code = worst.map_or("APP0301", |finding| finding.code.as_str());
        let detail = worst.map_or("there is nothing in it", |finding| finding.message.as_str());
        Self::new(422, code, "The document cannot be taken", detail)
            .with(findings.iter().map(ProblemItem::of_finding).collect())
    }

    fn with(mut self, errors: Vec<ProblemItem>) -> Self {
        self.errors = errors;
        self
    }
}

impl From<&Error> for Problem {
    fn from(error: &Error) -> Self {
        let title = match error {
            Error::NotSignedIn => "Not signed in",
            Error::SignInFailed { .. } => "Sign-in failed",
            Error::Unsigned { .. } => "Not signed",
            Error::TooOften { .. } => "Too often",
            Error::Forbidden { .. } => "Not allowed",
            Error::NotFound { .. } => "Not found",
            Error::Invalid { .. } => "The input cannot be taken",
            Error::Taken { .. } => "The name is taken",
            Error::Changed { .. } => "Changed in the meantime",
            Error::Rejected(_) => "The run refuses",
            Error::NotPublishable(_) => "The document has errors",
            Error::UnboundSeats { .. } => "The document names unknown seats",
            Error::NotPublished { .. } => "Not published",
            Error::Retired { .. } => "The process is retired",
            Error::ApprovalNeeded { .. } => "A second person approves first",
            Error::CallsItself { .. } => "Every run of it would call itself",
            Error::OutOfScope { .. } => "Outside what the token is for",
            Error::Barred(bar) => bar.title(),
            Error::KeyReused => "Idempotency key reused",
            Error::AnswerLost => "Done, and not answered",
            Error::Store(_) | Error::Paper(_) => "Internal error",
        };
        Self::new(error.kind().http_status(), error.code(), title, error.to_string())
            .with(items(error))
    }
}

fn items(error: &Error) -> Vec<ProblemItem> {
    let value = |field: &str, value: &str, message: &str| ProblemItem {
        value: Some(value.to_owned()),
        ..ProblemItem::of_field(field, message)
    };
    match error {
        Error::Invalid { field, message } | Error::Taken { field, message } => {
            vec![ProblemItem::of_field(field, message)]
        }
        Error::NotPublishable(findings) => findings.iter().map(ProblemItem::of_finding).collect(),
        Error::UnboundSeats { names } => names
            .iter()
            .map(|name| value("bindings", name, "the team chart has no seat of this name"))
            .collect(),
        Error::Rejected(
            Rejection::BranchNeeded { branches } | Rejection::NoSuchBranch { branches, .. },
        ) => branches.iter().map(|(id, condition)| value("branch", id, condition)).collect(),
        Error::Rejected(Rejection::ReasonNeeded | Rejection::CancelReasonNeeded) => {
            vec![ProblemItem::of_field("reason", error.to_string())]
        }
        Error::Rejected(Rejection::EvidenceMissing { missing }) => missing
            .iter()
            .map(|evidence| value("evidence", evidence.kind.word(), &evidence.text))
            .collect(),
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use gemba_app::access::Scope;

    #[track_caller]
    fn check(error: &Error, status: u16, code: &str) {
        let problem = Problem::from(error);
        assert_eq!((problem.status, problem.code.as_str()), (status, code), "{error}");
        assert!(problem.kind.ends_with(code) && !problem.detail.ends_with('.'));
    }

    #[test]
    fn each_error_has_its_status_and_keeps_its_code() {
        let text = String::new;
        check(&Error::NotSignedIn, 401, "APP0101");
        check(&Error::SignInFailed { reason: text() }, 401, "APP0102");
        check(&Error::Forbidden { act: "x", help: "y" }, 403, "APP0103");
        check(&Error::NotFound { what: "run", id: text() }, 404, "APP0201");
        check(&Error::Invalid { field: "name", message: text() }, 422, "APP0301");
        check(&Error::Taken { field: "name", message: text() }, 409, "APP0302");
        check(&Error::Changed { what: text() }, 409, "APP0303");
        check(&Error::KeyReused, 422, "APP0304");
        check(&Error::AnswerLost, 409, "APP0308");
        check(&Error::NotPublishable(Vec::new()), 422, "APP0401");
        check(&Error::UnboundSeats { names: Vec::new() }, 422, "APP0402");
        check(&Error::NotPublished { slug: text() }, 409, "APP0403");
        check(&Error::Retired { slug: text() }, 409, "APP0404");
        check(&Error::ApprovalNeeded { slug: text() }, 409, "APP0405");
        check(&Error::CallsItself { path: Vec::new() }, 422, "APP0406");
        check(&Error::OutOfScope { scope: Scope::Work }, 403, "APP0420");
        check(&Rejection::WrongSeat.into(), 403, "RUN0203");
        check(&Rejection::RunEnded.into(), 409, "RUN0101");
        check(&Rejection::ReasonNeeded.into(), 422, "RUN0207");
        check(&Rejection::WaitsForRun.into(), 409, "RUN0221");
    }

    #[test]
    fn the_branches_to_choose_from_are_listed() {
        let branches = vec![("yes".to_owned(), "the client agrees".to_owned())];
        let problem = Problem::from(&Error::from(Rejection::BranchNeeded { branches }));
        let json = serde_json::to_value(&problem.errors).expect("plain data");
        let expected = serde_json::json!([
            {"field": "branch", "value": "yes", "message": "the client agrees"}
        ]);
        assert_eq!(json, expected);
    }
}
