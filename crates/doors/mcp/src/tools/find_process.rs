//! Finding a process by words, function or owner.

use crate::{
    page,
    refusal::Refusal,
    tool::{Kind, Needs, Tool},
};
use gemba_app::{
    Act, App, Who,
    processes::{self, ProcessRow},
    records::Trust,
    search, seats,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

pub(crate) struct FindProcess;

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Input {
    #[schemars(description = "Words of title, steps, function, owner or trigger, e.g. \"monthly invoice\"")]
    query: Option<String>,
    function: Option<String>,
    #[schemars(description = "Name or slug of the owner's seat")]
    owner: Option<String>,
    #[schemars(range(min = 1, max = 50))]
    limit: Option<u32>,
    cursor: Option<String>,
}

#[derive(Serialize, JsonSchema)]
pub(crate) struct Output {
    total: usize,
    processes: Vec<Row>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next_cursor: Option<String>,
}

#[derive(Serialize, JsonSchema)]
struct Row {
    slug: String,
    title: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    function: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    owner: Option<String>,
    triggers: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    revision: Option<u32>,
    verified: bool,
    review_overdue: bool,
    running: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    next_due: Option<String>,
}

impl From<ProcessRow> for Row {
    fn from(row: ProcessRow) -> Self {
        Self {
            slug: row.slug,
            title: row.summary.title,
            function: row.summary.function,
            owner: row.owner.map(|o| o.name),
            triggers: row.summary.triggers,
            revision: row.revision,
            verified: matches!(row.trust, Trust::Verified { .. }),
            review_overdue: row.review.overdue,
            running: row.running,
            next_due: row.next_due.map(|at| at.to_string()),
        }
    }
}

impl Tool for FindProcess {
    const NAME: &'static str = "find_process";
    const TITLE: &'static str = "Find a process";
    const DESCRIPTION: &'static str = "Finds processes (SOPs) by words, function or owner; all of them without arguments. \
        Use it for the slug that other tools take. Not for who owns what: that is list_seats. Next: get_sop.";
    const KIND: Kind = Kind::Reads;
    const NEEDS: Needs = Needs { act: Act::Read, scope: None };
    type Input = Input;
    type Output = Output;

    async fn call(app: &App, who: &Who, input: Input) -> Result<Output, Refusal> {
        let owner = match input.owner.as_deref().filter(|o| !o.trim().is_empty()) {
            Some(seat) => Some(seats::get(app, who, seat).await?.seat.id),
            None => None,
        };
        let asked = input.query.unwrap_or_default();
        // In the order of the index, which knows the whole text; what it leaves out stands behind.
        let mut order: BTreeMap<String, usize> = BTreeMap::new();
        if !asked.trim().is_empty() {
            let text = asked.chars().take(search::MAX_QUESTION).collect();
            let kind = Some(search::Kind::Process);
            let question = search::Question { text, kind, offset: 0, limit: search::MAX_LIMIT };
            for (at, hit) in search::find(app, who, &question).await?.hits.into_iter().enumerate() {
                if let search::Found::Process { slug, .. } = hit.found {
                    order.insert(slug, at);
                }
            }
        }
        let query = asked.to_lowercase();
        let words: Vec<&str> = query.split_whitespace().collect();
        let function = input.function.unwrap_or_default().trim().to_lowercase();
        let is_wanted = |row: &ProcessRow| {
            let within = row.summary.function.as_deref().unwrap_or_default().to_lowercase();
            let text = text_of(row);
            row.retired.is_none()
                && owner.is_none_or(|seat| row.owner.as_ref().is_some_and(|o| o.id == seat))
                && (function.is_empty() || within == function)
                && (order.contains_key(&row.slug) || words.iter().all(|word| text.contains(word)))
        };
        let mut rows = processes::list(app, who).await?;
        rows.retain(is_wanted);
        // A process whose title has all the words comes before one that only mentions them.
        let in_title = |row: &ProcessRow| {
            let title = row.summary.title.to_lowercase();
            words.iter().all(|word| title.contains(word))
        };
        rows.sort_by_key(|row| (!in_title(row), order.get(&row.slug).copied().unwrap_or(usize::MAX)));
        let total = rows.len();
        let (rows, next_cursor) = page::cut(rows, input.limit, input.cursor.as_deref())?;
        Ok(Output { total, processes: rows.into_iter().map(Row::from).collect(), next_cursor })
    }

    fn text(output: &Output) -> String {
        let line = |r: &Row| {
            let owner = r.owner.as_deref().unwrap_or("no owner");
            let revision = r.revision.map_or("not published".to_owned(), |n| format!("revision {n}"));
            format!("\n- {} | {} | {owner} | {revision}", r.slug, r.title)
        };
        let lines: String = output.processes.iter().map(line).collect();
        format!("{} processes found.{lines}", output.total)
    }
}

fn text_of(row: &ProcessRow) -> String {
    let summary = &row.summary;
    let mut text = format!("{} {}", row.slug, summary.title);
    let more = summary.function.iter().chain(&summary.owner).chain(&summary.triggers);
    for part in more.chain(row.owner.iter().map(|o| &o.name)) {
        text.push(' ');
        text.push_str(part);
    }
    text.to_lowercase()
}
