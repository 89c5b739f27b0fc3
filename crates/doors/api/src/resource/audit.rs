//! The audit: what is exposed, and the log of what was done.

use crate::{
    answer::{Given, Result},
    call::Call,
    operation::Operation,
    page::limit,
};
use axum::http::Method;
use gemba_app::{audit, coverage};
use gemba_wire::{Page, audit::AuditLine, coverage::Gaps};
use schemars::JsonSchema;
use serde::Deserialize;

pub(super) fn operations() -> Vec<Operation> {
    use Operation as Op;
    vec![
        Op::new(
            Method::GET,
            "/audit",
            "list_audit_log",
            "What was done, by whom, newest first",
            log,
        ),
        Op::new(
            Method::GET,
            "/audit/gaps",
            "get_gaps",
            "What is missing: by function, by process, by seat",
            gaps,
        ),
    ]
}

/// Which lines of the log.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct LogQuery {
    /// Only about the thing with this id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String")]
    subject: Option<String>,
    /// At most this many, 1 to 200; 50 where nothing is said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "u32", range(min = 1, max = 200))]
    limit: Option<u32>,
    /// The `next_cursor` of the page before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String")]
    cursor: Option<i64>,
}

async fn log(call: Call<(), LogQuery>) -> Result<Given<Page<AuditLine>>> {
    let LogQuery { subject, limit: said, cursor } = call.query;
    let limit = limit(said)?;
    let before = cursor.unwrap_or(0);
    let rows = audit::log(&call.app, &call.who, subject.as_deref(), before, limit).await?;
    let page = Page::read(rows, |row| row.seq.to_string(), limit);
    Ok(Given(page.map(|row| AuditLine::from(&row))))
}

async fn gaps(call: Call) -> Result<Given<Gaps>> {
    let coverage = coverage::report(&call.app, &call.who).await?;
    Ok(Given(Gaps::from(&coverage)))
}
