//! What is missing, stale or exposed in the company's processes.

use crate::{
    page,
    refusal::Refusal,
    rows::Named,
    tool::{Kind, Needs, Tool},
};
use gemba_app::{
    Act, access::Scope, App, Who,
    coverage::{self, Gap},
    seats::SeatView,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub(crate) struct ListGaps;

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Input {
    #[schemars(description = "Only processes with this gap, e.g. \"no_owner\" or \"review_overdue\"")]
    gap: Option<String>,
    function: Option<String>,
    #[schemars(range(min = 1, max = 50))]
    limit: Option<u32>,
    cursor: Option<String>,
}

#[derive(Serialize, JsonSchema)]
pub(crate) struct Output {
    functions: Vec<FunctionRow>,
    total: usize,
    processes: Vec<Row>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next_cursor: Option<String>,
    idle_seats: Vec<String>,
    vacant_owners: Vec<VacantOwner>,
}

#[derive(Serialize, JsonSchema)]
struct FunctionRow {
    #[serde(skip_serializing_if = "Option::is_none")]
    function: Option<String>,
    processes: usize,
    without_gaps: usize,
}

#[derive(Serialize, JsonSchema)]
struct Row {
    slug: String,
    title: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    function: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    owner: Option<String>,
    gaps: Vec<&'static str>,
}

#[derive(Serialize, JsonSchema)]
struct VacantOwner {
    seat: String,
    owns: Vec<Named>,
}

impl Tool for ListGaps {
    const NAME: &'static str = "list_gaps";
    const TITLE: &'static str = "List gaps";
    const DESCRIPTION: &'static str = "The audit: processes without owner, trigger, expected output or failure signals, with \
        errors, unpublished, unverified, overdue for review or never run, the worst first; plus seats that own nothing \
        and vacant seats that own something. Use it to see what to mend. Next: get_sop.";
    const KIND: Kind = Kind::Reads;
    const NEEDS: Needs = Needs { act: Act::Read, scope: Some(Scope::Company) };
    type Input = Input;
    type Output = Output;

    async fn call(app: &App, who: &Who, input: Input) -> Result<Output, Refusal> {
        let gap = input.gap.as_deref().map(of_word).transpose()?;
        let function = input.function.unwrap_or_default().trim().to_lowercase();
        let coverage = coverage::report(app, who).await?;
        let rows: Vec<Row> = coverage
            .processes
            .into_iter()
            .filter(|p| gap.is_none_or(|gap| p.gaps.contains(&gap)))
            .map(|p| Row {
                slug: p.process.slug,
                title: p.process.summary.title,
                function: p.process.summary.function,
                owner: p.process.owner.map(|o| o.name),
                gaps: p.gaps.into_iter().map(Gap::word).collect(),
            })
            .filter(|row| {
                let within = row.function.as_deref().unwrap_or_default().to_lowercase();
                function.is_empty() || within == function
            })
            .collect();
        let total = rows.len();
        let (processes, next_cursor) = page::cut(rows, input.limit, input.cursor.as_deref())?;
        let vacant = |s: SeatView| VacantOwner { seat: s.seat.name, owns: Named::all(&s.owns) };
        Ok(Output {
            functions: coverage
                .functions
                .into_iter()
                .map(|f| FunctionRow {
                    function: f.function,
                    processes: f.n,
                    without_gaps: f.n_sound,
                })
                .collect(),
            total,
            processes,
            next_cursor,
            idle_seats: coverage.idle_seats.into_iter().map(|s| s.seat.name).collect(),
            vacant_owners: coverage.vacant_owners.into_iter().map(vacant).collect(),
        })
    }

    fn text(output: &Output) -> String {
        let mut lines = vec![format!("{} processes have gaps.", output.total)];
        for row in &output.processes {
            let owner = row.owner.as_deref().unwrap_or("no owner");
            lines.push(format!("- {} ({}) | {owner} | {}", row.title, row.slug, row.gaps.join(", ")));
        }
        lines.extend(output.next_cursor.as_ref().map(|cursor| format!("More with cursor {cursor}")));
        if !output.idle_seats.is_empty() {
            lines.push(format!("Seats that own nothing: {}", output.idle_seats.join(", ")));
        }
        for vacant in &output.vacant_owners {
            let owns: Vec<&str> = vacant.owns.iter().map(|p| p.title.as_str()).collect();
            lines.push(format!("Vacant, but owns: {}: {}", vacant.seat, owns.join(", ")));
        }
        lines.join("\n")
    }
}

fn of_word(word: &str) -> Result<Gap, Refusal> {
    let wanted = word.trim();
    Gap::ALL.into_iter().find(|gap| gap.word() == wanted).ok_or_else(|| {
        let all: Vec<&str> = Gap::ALL.into_iter().map(Gap::word).collect();
        Refusal::argument("gap", format!("`{word}` is no gap"))
            .with_next(format!("call again with one of these: {}", all.join(", ")))
    })
}
