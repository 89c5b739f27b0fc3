//! Steps that stand in the rows of a table.

use crate::block::{Block, Kind};
use crate::carrier::{Found, Lead};
use crate::draft::Raw;
use crate::outline::Section;
use crate::seat;
use gemba_model::{SeatSource, Span, StepSeat};

/// Which column of a step table says what.
struct Columns {
    step: Option<usize>,
    who: Option<usize>,
    what: usize,
    when: Option<usize>,
    /// Whether the column of deadlines is called so, and holds nothing else.
    plain_due: bool,
}

fn columns(table: &Block) -> Option<Columns> {
    let header = table.children.first()?;
    let names: Vec<String> = header.children.iter().map(|c| c.plain().to_lowercase()).collect();
    let at = |words: &[&str]| {
        names.iter().position(|n| words.contains(&n.trim_matches(['*', '.', ':', ' '])))
    };
    let step = at(&["step", "steps", "#", "no", "nr", "number", "step #", "step no", "seq"]);
    let who = at(&[
        "who",
        "responsible",
        "role",
        "actor",
        "performed by",
        "owner",
        "responsibility",
        "by whom",
        "responsible party",
    ]);
    let what = at(&[
        "what",
        "action",
        "actions",
        "task",
        "tasks",
        "activity",
        "activities",
        "description",
        "instruction",
        "instructions",
        "procedure",
        "you do",
        "what to do",
        "details",
    ]);
    let due =
        at(&["due", "due date", "due by", "deadline", "by when", "target date", "time limit"]);
    let when = due.or_else(|| at(&["when", "timing", "timeframe", "time frame", "timeline"]));
    let (step, what) = match (step, who, what) {
        (Some(_), _, Some(what)) | (None, Some(_), Some(what)) => (step, what),
        (Some(step), Some(_), None) => (None, step),
        // "You do | When | What happens": what is done comes first, then when.
        (None, None, Some(0)) if when.is_some() => (None, 0),
        _ => return None,
    };
    Some(Columns { step, who, what, when, plain_due: due.is_some() })
}

/// The deadline in a cell. Under "When" there may also stand what a step waits for.
fn deadline(cell: &str, certain: bool) -> Option<String> {
    let words = cell.trim().trim_end_matches('.');
    if seat::is_blank(words) || words.is_empty() {
        return None;
    }
    let lower = words.to_lowercase();
    let opens =
        ["by ", "within ", "before ", "no later than ", "at the latest", "t-", "t+", "d+", "day "];
    let said = certain
        || gemba_model::due::Due::said_in(words).is_some()
        || opens.iter().any(|word| lower.starts_with(word))
        || (lower.starts_with("on ") && lower.contains(|c: char| c.is_ascii_digit()));
    said.then(|| words.to_owned())
}

fn is_step_table(block: &Block) -> bool {
    // A row of two is a lookup, not a sequence; "role and responsibility" has no act in a row.
    block.kind == Kind::Table
        && !crate::matrix::is_matrix(block)
        && block.children.len() > 2
        && columns(block).is_some_and(|c| {
            if c.step.is_none() && c.who.is_none() {
                return acts_in_turn(block, &c);
            }
            c.step.is_some()
                || block.children.first().is_some_and(|h| h.children.len() > 2)
                || c.what == 0
                || acts_in_turn(block, &c)
        })
}

/// Whether a table says in nearly every row what somebody does, so that its rows are a sequence and no
/// lookup.
fn acts_in_turn(table: &Block, columns: &Columns) -> bool {
    let rows = table.children.iter().skip(1);
    let said: Vec<&str> =
        rows.filter_map(|row| row.children.get(columns.what)).map(Block::plain).collect();
    let does = |text: &&&str| {
        let first = text.split_whitespace().next().unwrap_or_default().to_lowercase();
        crate::verbs::is_act(text) || crate::verbs::is_third_person(&first)
    };
    let acting = said.iter().filter(does).count();
    said.len() > 1 && acting * 4 >= said.len() * 3
}

/// Whether a section has a table of steps.
pub(crate) fn has_steps(section: &Section<'_>) -> bool {
    section.blocks.iter().any(is_step_table)
}

/// Takes the rows of a section's step tables.
pub(crate) fn take<'a>(section: &Section<'a>, n: usize, found: &mut Found<'a>) {
    let Some(first) = section.blocks.iter().position(is_step_table) else { return };
    found.leads.push(Lead { section: n, blocks: first });
    for block in section.blocks.iter().skip(first) {
        let columns = if is_step_table(block) { columns(block) } else { None };
        let Some(columns) = columns else {
            if let Some(last) = found.steps.last_mut() {
                last.body.push(block);
            }
            continue;
        };
        for row in block.children.iter().skip(1) {
            let Some(what) = row.children.get(columns.what) else { continue };
            if what.plain().is_empty() {
                continue;
            }
            let cell = |at: Option<usize>| at.and_then(|at| row.children.get(at));
            let who = cell(columns.who).map(|c| (c.plain().to_owned(), c.span.clone()));
            let seat = who.filter(|(name, _)| !seat::is_blank(name)).map(|(name, span)| {
                StepSeat::new(name, SeatSource::Table, Some(Span::new(span.start, span.end)))
            });
            found.steps.push(Raw {
                due: cell(columns.when).and_then(|c| deadline(c.plain(), columns.plain_due)),
                label: cell(columns.step).map(Block::plain).unwrap_or_default().to_owned(),
                head: Some(what),
                body: Vec::new(),
                children: Vec::new(),
                seat,
                group: n * 1_000,
                span: row.span.clone(),
            });
        }
    }
}
