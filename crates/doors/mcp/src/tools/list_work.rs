//! The work that waits, oldest first.

use crate::{
    page,
    refusal::Refusal,
    tool::{Kind, Needs, Tool},
};
use gemba_app::{
    Act, access::Scope, App, Who,
    work::{self, ItemState, Listing, WorkRow},
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub(crate) struct ListWork;

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Input {
    #[schemars(description = "Name or slug, or \"all\"; your own if left out")]
    seat: Option<String>,
    #[schemars(description = "Open and claimed if left out")]
    state: Option<State>,
    #[schemars(range(min = 1, max = 50))]
    limit: Option<u32>,
    cursor: Option<String>,
}

#[derive(Clone, Copy, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
enum State {
    Open,
    Claimed,
    Waiting,
    Done,
    Skipped,
    Dropped,
}

#[derive(Serialize, JsonSchema)]
pub(crate) struct Output {
    work: Vec<Row>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next_cursor: Option<String>,
}

#[derive(Serialize, JsonSchema)]
struct Row {
    work: String,
    step: String,
    process: String,
    run: String,
    run_title: String,
    seat: String,
    state: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    holder: Option<String>,
    since: String,
    yours: bool,
}

impl From<&WorkRow> for Row {
    fn from(row: &WorkRow) -> Self {
        Self {
            work: row.item.id.to_string(),
            step: row.step.title.clone(),
            process: row.process.0.clone(),
            run: row.item.run.to_string(),
            run_title: row.run_title.clone(),
            seat: row.seat.clone(),
            state: row.item.state.word().to_owned(),
            holder: row.item.holder.clone(),
            since: row.item.opened.to_string(),
            yours: row.is_mine,
        }
    }
}

impl Tool for ListWork {
    const NAME: &'static str = "list_work";
    const TITLE: &'static str = "List work";
    const DESCRIPTION: &'static str = "Work items (steps whose turn it is), oldest first. Use it to see what to do next, \
        or with seat \"all\" what the company is at. Not for what a step asks for: that is get_work. \
        Next: get_work with an id.";
    const KIND: Kind = Kind::Reads;
    const NEEDS: Needs = Needs { act: Act::Read, scope: Some(Scope::Work) };
    type Input = Input;
    type Output = Output;

    async fn call(app: &App, who: &Who, input: Input) -> Result<Output, Refusal> {
        let limit = page::limit(input.limit)?;
        let seat = input.seat.filter(|s| !s.trim().is_empty());
        let all = seat.as_deref().is_some_and(|s| s.eq_ignore_ascii_case("all"));
        let after = match input.cursor.as_deref() {
            None | Some("") => None,
            Some(text) => Some(text.parse().map_err(|_no_id| page::unknown_cursor(text))?),
        };
        let listing = Listing {
            // Who holds no seat would otherwise see nothing and believe that nothing waits.
            mine: seat.is_none() && !who.seats.is_empty(),
            seat: seat.filter(|_| !all),
            states: input.state.map(wanted).into_iter().collect(),
            after,
            limit: limit + 1,
        };
        let rows = work::list(app, who, listing).await?;
        let size = usize::try_from(limit).unwrap_or(usize::MAX);
        let work: Vec<Row> = rows.iter().take(size).map(Row::from).collect();
        let more = rows.len() > work.len();
        let next_cursor = work.last().filter(|_| more).map(|row| row.work.clone());
        Ok(Output { work, next_cursor })
    }

    fn text(output: &Output) -> String {
        if output.work.is_empty() {
            return "No work waits here. With seat \"all\" you see the work of every seat.".to_owned();
        }
        let line = |r: &Row| {
            let holder = r.holder.as_ref().map(|h| format!(" by {h}")).unwrap_or_default();
            let yours = if r.yours { ", yours" } else { "" };
            format!(
                "- {} | {} | {} ({}) | {} | {}{holder}{yours}",
                r.work, r.step, r.run_title, r.run, r.seat, r.state
            )
        };
        let mut text = output.work.iter().map(line).collect::<Vec<_>>().join("\n");
        if let Some(cursor) = &output.next_cursor {
            text.push_str("\nMore with cursor ");
            text.push_str(cursor);
        }
        text
    }
}

fn wanted(state: State) -> ItemState {
    match state {
        State::Open => ItemState::Open,
        State::Claimed => ItemState::Claimed,
        State::Waiting => ItemState::Waiting,
        State::Done => ItemState::Done,
        State::Skipped => ItemState::Skipped,
        State::Dropped => ItemState::Dropped,
    }
}
