//! Putting numbers on the scorecard.

use crate::{
    refusal::Refusal,
    tool::{Kind, Needs, Tool},
};
use gemba_app::{
    Act, access::Scope, App, Error, Who,
    measurables::{self, ScoreRow},
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

const MOST: usize = 50;

pub(crate) struct PushValues;

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Input {
    #[schemars(description = "1 to 50, e.g. [{\"measurable\":\"calls-answered\",\"value\":118}]")]
    values: Vec<Value>,
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Value {
    #[schemars(description = "Slug or name")]
    measurable: String,
    value: f64,
    #[schemars(description = "e.g. \"2026-W47\"; this week if left out")]
    week: Option<String>,
}

#[derive(Serialize, JsonSchema)]
pub(crate) struct Output {
    pushed: Vec<Pushed>,
}

#[derive(Serialize, JsonSchema)]
struct Pushed {
    measurable: String,
    week: String,
    value: f64,
}

impl Tool for PushValues {
    const NAME: &'static str = "push_values";
    const TITLE: &'static str = "Push scorecard values";
    const DESCRIPTION: &'static str = "Puts weekly values of your seat's measurables on the scorecard; a second value for the \
        same week replaces the first, so repeating is harmless. Use it as often as the number changes. Not for \
        evidence of a step: that goes with submit_work.";
    const KIND: Kind = Kind::Sets;
    const NEEDS: Needs = Needs { act: Act::Push, scope: Some(Scope::Numbers) };
    type Input = Input;
    type Output = Output;

    async fn call(app: &App, who: &Who, input: Input) -> Result<Output, Refusal> {
        let n = input.values.len();
        if n == 0 || n > MOST {
            let message = format!("one call takes 1 to {MOST} values, here are {n}");
            return Err(Refusal::argument("values", message));
        }
        let rows = measurables::scorecard(app, who).await?;
        // All names are known and all numbers are the asker's before the first one is kept.
        let mut checked = Vec::with_capacity(n);
        for value in &input.values {
            let row = find(&rows, &value.measurable)?;
            if !row.may_push {
                let act = "push values of this measurable";
                let refusal = Refusal::from(Error::Forbidden {
                    act,
                    help: "the seat it belongs to, managers and above may",
                });
                let why = format!("{} ({}, of {})", refusal.why, row.measurable.slug, row.seat.1);
                return Err(Refusal { why, ..refusal });
            }
            checked.push((row.measurable.slug.as_str(), value));
        }
        let mut pushed: Vec<Pushed> = Vec::with_capacity(n);
        for (slug, value) in checked {
            let week = value.week.as_deref().filter(|w| !w.trim().is_empty());
            let row = measurables::push(app, who, slug, value.value, week).await.map_err(|error| {
                let refusal = Refusal::from(error);
                let why = format!("{slug}: {}; {} of {n} values were kept", refusal.why, pushed.len());
                Refusal { why, ..refusal }
                    .with_next("correct it and send the whole list again: the same values are kept once")
            })?;
            pushed.push(Pushed { measurable: row.measurable, week: row.period, value: row.value });
        }
        Ok(Output { pushed })
    }

    fn text(output: &Output) -> String {
        let line = |p: &Pushed| format!("- {} {} = {}", p.measurable, p.week, p.value);
        let lines: Vec<String> = output.pushed.iter().map(line).collect();
        format!("Kept {} values:\n{}", lines.len(), lines.join("\n"))
    }
}

fn find<'a>(rows: &'a [ScoreRow], text: &str) -> Result<&'a ScoreRow, Refusal> {
    let wanted = text.trim().to_lowercase();
    let is = |row: &&ScoreRow| {
        row.measurable.slug == wanted || row.measurable.name.to_lowercase() == wanted
    };
    rows.iter().find(is).ok_or_else(|| {
        Refusal::from(Error::NotFound { what: "measurable", id: text.to_owned() })
    })
}
