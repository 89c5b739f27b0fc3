//! The scorecard: the numbers that seats answer for.

use crate::{
    refusal::Refusal,
    tool::{Kind, Needs, Tool},
};
use gemba_app::{
    Act, access::Scope, App, Who,
    measurables::{self, ScoreRow, Standing},
    records::Direction,
    seats,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// How many of the weeks are told where nothing is asked.
const WEEKS: u32 = 4;
const MOST_WEEKS: u32 = 13;

pub(crate) struct ListMeasurables;

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Input {
    #[schemars(description = "Name or slug; every seat if left out")]
    seat: Option<String>,
    #[schemars(range(min = 1, max = 13), description = "How many of the latest weeks, 4 if left out")]
    weeks: Option<u32>,
}

#[derive(Serialize, JsonSchema)]
pub(crate) struct Output {
    measurables: Vec<Row>,
}

#[derive(Serialize, JsonSchema)]
struct Row {
    slug: String,
    name: String,
    seat: String,
    unit: String,
    goal: f64,
    better: &'static str,
    latest: &'static str,
    may_push: bool,
    weeks: Vec<WeekRow>,
}

#[derive(Serialize, JsonSchema)]
struct WeekRow {
    week: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    value: Option<f64>,
    standing: &'static str,
}

impl Tool for ListMeasurables {
    const NAME: &'static str = "list_measurables";
    const TITLE: &'static str = "List measurables";
    const DESCRIPTION: &'static str = "The scorecard: each number with its seat, goal and latest weeks (the last one is this \
        week), and whether you may push it. Use it before push_values, or for how the company does.";
    const KIND: Kind = Kind::Reads;
    const NEEDS: Needs = Needs { act: Act::Read, scope: Some(Scope::Numbers) };
    type Input = Input;
    type Output = Output;

    async fn call(app: &App, who: &Who, input: Input) -> Result<Output, Refusal> {
        let weeks = input.weeks.unwrap_or(WEEKS);
        if !(1..=MOST_WEEKS).contains(&weeks) {
            let message = format!("weeks is {weeks}, but the scorecard keeps 1 to {MOST_WEEKS}");
            return Err(Refusal::argument("weeks", message));
        }
        let seat = match input.seat.as_deref().filter(|s| !s.trim().is_empty()) {
            Some(text) => Some(seats::get(app, who, text).await?.seat.id),
            None => None,
        };
        let n = usize::try_from(weeks).unwrap_or(usize::MAX);
        let rows = measurables::scorecard(app, who).await?;
        let wanted = rows.into_iter().filter(|r| seat.is_none_or(|seat| r.measurable.seat == seat));
        Ok(Output { measurables: wanted.map(|r| row(r, n)).collect() })
    }

    fn text(output: &Output) -> String {
        if output.measurables.is_empty() {
            return "There are no measurables here.".to_owned();
        }
        let line = |r: &Row| {
            let weeks: Vec<String> = r
                .weeks
                .iter()
                .map(|w| format!("{} {}", w.week, w.value.map_or("-".to_owned(), |v| v.to_string())))
                .collect();
            let yours = if r.may_push { ", yours to push" } else { "" };
            let Row { slug, name, seat, goal, unit, better, latest, .. } = r;
            let weeks = weeks.join(", ");
            format!("- {slug} | {name} | {seat}{yours} | goal {goal} {unit} or {better} | {latest} | {weeks}")
        };
        output.measurables.iter().map(line).collect::<Vec<_>>().join("\n")
    }
}

fn row(row: ScoreRow, n: usize) -> Row {
    let skipped = row.weeks.len().saturating_sub(n);
    Row {
        slug: row.measurable.slug,
        name: row.measurable.name,
        seat: row.seat.1,
        unit: row.measurable.unit,
        goal: row.measurable.goal,
        better: match row.measurable.direction {
            Direction::Up => "higher",
            Direction::Down => "lower",
        },
        latest: word(row.latest),
        may_push: row.may_push,
        weeks: row
            .weeks
            .into_iter()
            .skip(skipped)
            .map(|w| WeekRow { week: w.period, value: w.value, standing: word(w.standing) })
            .collect(),
    }
}

fn word(standing: Standing) -> &'static str {
    match standing {
        Standing::OnTrack => "on_track",
        Standing::OffTrack => "off_track",
        Standing::Pending => "pending",
        Standing::Missing => "missing",
    }
}
