//! RACI tables and bullets in a document: who does, answers for, is asked and is told, per step.
//!
//! Three shapes: letters in a matrix of tasks and roles; names under the columns Responsible,
//! Accountable, Consulted, Informed; and bullets "**Responsible:** ..." under a step. "S" (supports) of
//! RASCI does part of the work; "O" (omitted) of RACIO takes no part; a DRI answers for a row and, where
//! nobody else does it, does it.

use crate::block::{Block, Kind, Piece};
use crate::inline::fold;
use crate::labels;
use crate::outline::{Section, without_number};
use crate::seat;
use gemba_model::raci::Row;
use gemba_model::{Slug, Step};
use std::cell::LazyCell;
use std::collections::BTreeSet;

/// What a letter or a column says of a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part {
    Responsible,
    Accountable,
    Consulted,
    Informed,
    /// Answers for it and, where nobody is said to do it, does it.
    Directly,
    /// Takes no part.
    None,
}

/// What a document states, with the rows that belong to no step.
#[derive(Debug, Default)]
pub(crate) struct Stated {
    pub(crate) rows: Vec<Row>,
    pub(crate) strangers: Vec<String>,
    /// The strangers for a quick look-up.
    met: BTreeSet<String>,
}

/// A step with the words of its title as rows are matched by.
#[derive(Debug)]
struct Named<'a> {
    step: &'a Step,
    words: String,
}

impl<'a> Named<'a> {
    fn of(step: &'a Step) -> Self {
        Self { step, words: slug(&step.title) }
    }
}

/// Whether a table is a RACI table in either shape.
pub(crate) fn is_matrix(table: &Block) -> bool {
    table.kind == Kind::Table && (named_columns(table).is_some() || lettered(table))
}

/// The rows of all tables and bullets, matched to the steps.
pub(crate) fn of(sections: &[Section<'_>], steps: &[Step]) -> Stated {
    // Most documents hold nothing of RACI and need no names.
    let all = LazyCell::new(|| steps.iter().flat_map(Step::walk).map(Named::of).collect());
    let mut stated = Stated::default();
    for section in sections {
        for block in section.blocks {
            read(block, &all, &mut stated);
        }
    }
    stated
}

/// The steps with their words, made when a row first needs them.
type Lazy<'a, F> = LazyCell<Vec<Named<'a>>, F>;

fn read<'a, F: FnOnce() -> Vec<Named<'a>>>(
    block: &Block,
    steps: &Lazy<'a, F>,
    stated: &mut Stated,
) {
    match block.kind {
        Kind::Table => {
            let rows = match named_columns(block) {
                Some(columns) => named_rows(block, &columns),
                None if lettered(block) => lettered_rows(block),
                None => Vec::new(),
            };
            for (task, row) in rows {
                if let Some(step) = step_of(&task, steps) {
                    merge(stated, step, row);
                } else if stated.met.insert(task.title.clone()) {
                    stated.strangers.push(task.title.clone());
                    stated.rows.push(Row { title: task.title, ..row });
                }
            }
        }
        Kind::List(_) | Kind::Item(_) => {
            if block.kind == Kind::List(None)
                && let Some(row) = bullets(block)
                && let Some(step) = around(block, steps)
            {
                merge(stated, step, row);
            }
            for child in &block.children {
                read(child, steps, stated);
            }
        }
        _ => {}
    }
}

/// Puts a row to a step; what is said twice of it is joined.
fn merge(stated: &mut Stated, step: &Step, row: Row) {
    let known = stated.rows.iter_mut().find(|known| known.step == step.number);
    match known {
        Some(known) => {
            for (to, from) in [
                (&mut known.responsible, row.responsible),
                (&mut known.accountable, row.accountable),
                (&mut known.consulted, row.consulted),
                (&mut known.informed, row.informed),
            ] {
                for name in from {
                    add(to, &name);
                }
            }
        }
        None => {
            stated.rows.push(Row { step: step.number.clone(), title: step.title.clone(), ..row });
        }
    }
}

/// What the row of a table says of which task it is.
#[derive(Debug)]
struct Task {
    number: String,
    title: String,
}

/// The step that a row means: by number, by id, by title, then by a title that opens with the other.
fn step_of<'a>(task: &Task, steps: &[Named<'a>]) -> Option<&'a Step> {
    let words = slug(without_number(&task.title));
    let by = |holds: &dyn Fn(&Named<'a>) -> bool| steps.iter().find(|named| holds(named));
    let same = by(&|n| {
        n.words == words || n.step.id.as_str() == words || n.step.id.as_str() == task.title
    });
    let numbered = || {
        // A number beside another step's name would be the wrong row.
        let bare = task.title.is_empty() || words.is_empty();
        let number = task.number.trim_end_matches('.');
        if number.is_empty() {
            return None;
        }
        let named = by(&|n| n.step.number == number)?;
        (bare || akin(&named.words, &words) || same.is_none()).then_some(named.step)
    };
    same.map(|named| named.step).or_else(numbered).or_else(|| {
        let mut close = steps.iter().filter(|n| akin(&n.words, &words)).map(|n| n.step);
        let first = close.next();
        // Two steps that open so: the row names neither for certain.
        if close.next().is_some() { None } else { first }
    })
}

/// Whether one text opens with the other, at least two words of it.
fn akin(one: &str, other: &str) -> bool {
    let (short, long) = if one.len() <= other.len() { (one, other) } else { (other, one) };
    short.contains('-')
        && long.strip_prefix(short).is_some_and(|rest| rest.is_empty() || rest.starts_with('-'))
}

fn slug(text: &str) -> String {
    let made = Slug::from_text(text, "x").as_str().to_owned();
    let bare = made.strip_prefix("the-").unwrap_or(&made);
    if bare == "x" { String::new() } else { bare.to_owned() }
}

/// The innermost step around a block.
fn around<'a>(block: &Block, steps: &[Named<'a>]) -> Option<&'a Step> {
    let holds = |s: &&Step| {
        let span = s.span.range();
        span.start <= block.span.start && block.span.end <= span.end
    };
    steps.iter().rev().map(|named| named.step).find(holds)
}

/// What the name of a column says.
fn column(name: &str) -> Option<Part> {
    // Nearly every key begins with another letter.
    let first = name.bytes().find(u8::is_ascii_alphabetic)?;
    if !b"racisdo".contains(&first.to_ascii_lowercase()) {
        return None;
    }
    let key = labels::key(name);
    Some(match key.as_str() {
        "responsible" | "r" | "responsible (r)" | "r responsible" | "does" | "doer" => {
            Part::Responsible
        }
        "accountable" | "a" | "accountable (a)" | "approver" => Part::Accountable,
        "consulted" | "c" | "consult" | "consulted (c)" | "consults" => Part::Consulted,
        "informed" | "i" | "inform" | "informed (i)" | "informs" => Part::Informed,
        "support" | "supports" | "supporting" | "s" | "supportive" => Part::Responsible,
        "dri" | "directly responsible individual" => Part::Directly,
        "omitted" | "out of the loop" | "o" => Part::None,
        _ => return None,
    })
}

/// The parts of the columns of a table where at least two of them are of RACI.
fn named_columns(table: &Block) -> Option<Vec<Option<Part>>> {
    let head = table.children.first()?;
    let parts: Vec<Option<Part>> = head.children.iter().map(|c| column(c.plain())).collect();
    let known = parts.iter().flatten().count();
    // "Task | R | A" alone could be anything; words name their columns by themselves.
    let words =
        head.children.iter().filter(|c| c.plain().len() > 2 && column(c.plain()).is_some()).count();
    let first = parts.first().is_some_and(Option::is_none);
    (first && (words >= 2 || known >= 3)).then_some(parts)
}

fn named_rows(table: &Block, parts: &[Option<Part>]) -> Vec<(Task, Row)> {
    let rows = table.children.iter().skip(1);
    rows.filter_map(|cells| {
        let mut row = empty();
        for (cell, part) in cells.children.iter().zip(parts) {
            if let Some(part) = part {
                for name in names(cell) {
                    give(&mut row, *part, &name);
                }
            }
        }
        settle(&mut row);
        let task = task(&cells.children, parts)?;
        (row != empty()).then_some((task, row))
    })
    .collect()
}

/// The number and the title in the columns before the parts.
fn task(cells: &[Block], parts: &[Option<Part>]) -> Option<Task> {
    let own = parts.iter().take_while(|part| part.is_none()).count();
    let texts: Vec<String> =
        cells.iter().take(own).map(|c| fold(c.plain())).filter(|t| !t.is_empty()).collect();
    let first = texts.first()?;
    let number = |text: &str| {
        let bare = text.to_lowercase();
        let bare = bare.trim_start_matches("step ").trim_end_matches(['.', ')', ':']).to_owned();
        let digits = !bare.is_empty() && bare.chars().all(|c| c.is_ascii_digit() || c == '.');
        digits.then_some(bare)
    };
    if let Some(number) = number(first) {
        let title = texts.get(1).cloned().unwrap_or_default();
        return Some(Task { title: if title.is_empty() { first.clone() } else { title }, number });
    }
    // "1. Collect the hours" and "Step 2: Send" carry the number with them.
    let lead: String = first
        .trim_start_matches("Step ")
        .chars()
        .take_while(|c| c.is_ascii_digit() || *c == '.')
        .collect();
    let title = texts.iter().find(|t| number(t).is_none())?.clone();
    Some(Task { number: lead.trim_end_matches('.').to_owned(), title })
}

/// The letters of a cell: "A/R", "R, C", "**A**"; `None` where the cell holds anything else.
fn letters(text: &str) -> Option<Vec<Part>> {
    let bare = fold(text).replace(['*', '(', ')'], "");
    if bare.is_empty() || matches!(bare.as_str(), "-" | "–" | "—" | "." | "n/a" | "N/A") {
        return Some(Vec::new());
    }
    if bare == "DRI" {
        return Some(vec![Part::Directly]);
    }
    let mut found = Vec::new();
    for mark in bare.split(['/', ',', '&', ' ', '+', ';']).filter(|m| !m.is_empty()) {
        // "RA" and "AR" are two letters without a joint.
        if mark.len() > 2 {
            return None;
        }
        for letter in mark.chars() {
            found.push(match letter {
                'R' | 'r' | 'S' | 's' => Part::Responsible,
                'A' | 'a' => Part::Accountable,
                'C' | 'c' => Part::Consulted,
                'I' | 'i' => Part::Informed,
                'D' => Part::Directly,
                'O' | 'o' => Part::None,
                _ => return None,
            });
        }
    }
    Some(found)
}

/// Whether a table is a matrix of letters: all its cells but the first of a row are letters or empty,
/// and somebody does or answers for something.
fn lettered(table: &Block) -> bool {
    let Some((head, rows)) = table.children.split_first() else { return false };
    if head.children.len() < 3 && rows.len() < 2 || head.children.len() < 2 {
        return false;
    }
    let from = own_columns(table);
    let mut marks = 0_usize;
    let mut acts = false;
    for cell in rows.iter().flat_map(|row| row.children.iter().skip(from)) {
        let Some(found) = letters(cell.plain()) else { return false };
        marks += usize::from(!found.is_empty());
        acts |= found
            .iter()
            .any(|p| matches!(p, Part::Responsible | Part::Accountable | Part::Directly));
    }
    acts && marks >= rows.len().div_ceil(2).max(1)
}

/// How many columns stand before the roles: the task, and before it maybe a number.
fn own_columns(table: &Block) -> usize {
    let first = table.children.first().and_then(|head| head.children.first());
    let numbered = first.is_some_and(|c| {
        matches!(
            labels::key(c.plain()).as_str(),
            "#" | "no" | "nr" | "number" | "id" | "step #" | "step no"
        )
    });
    1 + usize::from(numbered)
}

fn lettered_rows(table: &Block) -> Vec<(Task, Row)> {
    let Some((head, rows)) = table.children.split_first() else { return Vec::new() };
    let from = own_columns(table);
    let parts = vec![None; from];
    rows.iter()
        .filter_map(|cells| {
            let mut row = empty();
            for (cell, role) in cells.children.iter().zip(&head.children).skip(from) {
                let name = fold(role.plain());
                for part in letters(cell.plain()).unwrap_or_default() {
                    if !seat::is_blank(&name) {
                        give(&mut row, part, &name);
                    }
                }
            }
            settle(&mut row);
            // A row without letters, mostly bold, names a phase.
            let task = task(&cells.children, &parts)?;
            (row != empty()).then_some((task, row))
        })
        .collect()
}

/// Bullets "**Responsible:** Sales" of a step: a list of which at least two items are parts.
fn bullets(list: &Block) -> Option<Row> {
    let mut row = empty();
    let mut known = 0_usize;
    for item in &list.children {
        let para = item.children.first().filter(|b| b.kind == Kind::Para)?;
        let Some((key, value)) = para.plain().split_once(':') else { continue };
        let Some(part) = column(key).filter(|_| key.trim().len() > 2) else { continue };
        known += 1;
        for name in split(value) {
            give(&mut row, part, &name);
        }
    }
    settle(&mut row);
    // Who is consulted and told is a field of the step; a row says who does it or answers for it.
    (known > 1 && !row.responsible.is_empty()).then_some(row)
}

fn empty() -> Row {
    Row {
        step: String::new(),
        title: String::new(),
        responsible: Vec::new(),
        accountable: Vec::new(),
        consulted: Vec::new(),
        informed: Vec::new(),
    }
}

fn give(row: &mut Row, part: Part, name: &str) {
    match part {
        Part::Responsible => add(&mut row.responsible, name),
        Part::Accountable | Part::Directly => add(&mut row.accountable, name),
        Part::Consulted => add(&mut row.consulted, name),
        Part::Informed => add(&mut row.informed, name),
        Part::None => {}
    }
}

fn add(names: &mut Vec<String>, name: &str) {
    if !names.iter().any(|known| known.eq_ignore_ascii_case(name)) {
        names.push(name.to_owned());
    }
}

/// Where only the one who answers is named, that one does it.
fn settle(row: &mut Row) {
    if row.responsible.is_empty() {
        row.responsible.clone_from(&row.accountable);
    }
}

/// The names of a cell: its lines, and what marks part within them.
fn names(cell: &Block) -> Vec<String> {
    let lines = cell.inline.split(|i| i.piece == Piece::Break);
    lines.flat_map(|line| split(&crate::inline::plain(line))).collect()
}

fn split(text: &str) -> Vec<String> {
    text.split([',', ';'])
        .flat_map(|part| part.split(" / "))
        .flat_map(|part| {
            // "Sales and Legal" are two where each is written as a name.
            let halves: Vec<&str> = part.split(" and ").collect();
            let each =
                halves.len() == 2 && halves.iter().all(|h| crate::actor::is_a_seat(h.trim()));
            if each { halves } else { vec![part] }
        })
        .map(|name| seat::tidy(name.trim().trim_start_matches("and ")))
        .filter(|name| !seat::is_blank(name) && !seat::is_nobody(name))
        .filter(|name| !matches!(name.to_lowercase().as_str(), "none" | "n/a" | "na" | "nobody"))
        .collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    fn rows(text: &str) -> Vec<String> {
        let process = crate::compile(text, "x.md").processes.swap_remove(0);
        process
            .raci
            .iter()
            .map(|row| {
                format!(
                    "{} {}: R {} A {} C {} I {}",
                    row.step,
                    row.title,
                    row.responsible.join("+"),
                    row.accountable.join("+"),
                    row.consulted.join("+"),
                    row.informed.join("+")
                )
            })
            .collect()
    }

    const STEPS: &str =
        "# A\n\n1. **Collect the hours**\n2. **Check the hours**\n3. **Send the invoice**\n\n";

    #[track_caller]
    fn check(more: &str, expected: &[&str]) {
        assert_eq!(rows(&format!("{STEPS}{more}")), expected, "{more}");
    }

    #[test]
    fn tables_in_all_shapes_are_matched_to_the_steps() {
        check(
            "## RACI\n\n| Task | Clerk | Controller | CFO |\n|---|---|---|---|\n| **Preparation** | | | |\n| Collect the hours | R | A | |\n| Check the Hours | A/R | C | I |\n| Send the invoice | **R** | A | C, I |\n",
            &[
                "1 Collect the hours: R Clerk A Controller C  I ",
                "2 Check the hours: R Clerk A Clerk C Controller I CFO",
                "3 Send the invoice: R Clerk A Controller C CFO I CFO",
            ],
        );
        check(
            "## RACI\n\n| Step | Responsible | Accountable | Consulted | Informed |\n|---|---|---|---|---|\n| 1 | Clerk, Assistant | Controller | - | CFO<br>Sales Lead |\n| 3. Send the invoice | Sales and Legal | TBD | n/a | |\n",
            &[
                "1 Collect the hours: R Clerk+Assistant A Controller C  I CFO+Sales Lead",
                "3 Send the invoice: R Sales and Legal A  C  I ",
            ],
        );
        check(
            "## RASCI\n\n| # | Activity | Clerk | Aide | CFO |\n|---|---|---|---|---|\n| 1 | Collect hours | R | S | A |\n| 2 | Check the hours | DRI | O | I |\n",
            &[
                "1 Collect the hours: R Clerk+Aide A CFO C  I ",
                "2 Check the hours: R Clerk A Clerk C  I CFO",
            ],
        );
        check(
            "## RACI\n\n| Task | R | A | C | I |\n|---|---|---|---|---|\n| Send the invoice to clients | Clerk | CFO | | |\n| Buy a boat | Clerk | CFO | | |\n",
            &["3 Send the invoice: R Clerk A CFO C  I ", " Buy a boat: R Clerk A CFO C  I "],
        );
    }

    #[test]
    fn bullets_under_a_step_are_its_row() {
        let text = "# A\n\n## Step 1: Collect\n\nGet them.\n\n- **Responsible:** Clerk\n- **Accountable:** CFO\n- **Informed:** Sales Lead, Legal Lead\n\n## Step 2: Send\n\nSend.\n";
        assert_eq!(rows(text), ["1 Collect: R Clerk A CFO C  I Sales Lead+Legal Lead"]);
    }

    #[test]
    fn other_tables_are_no_matrix() {
        check("## Sizes\n\n| Size | Cost | Time |\n|---|---|---|\n| S | 1 | 2 |\n", &[]);
        check("## Grades\n\n| Pupil | Math | Art |\n|---|---|---|\n| Ann | B | A |\n", &[]);
        check("## Roles\n\n| Role | Responsible |\n|---|---|\n| Clerk | Data |\n", &[]);
    }

    #[test]
    fn a_row_for_no_step_is_reported() {
        let text = format!(
            "{STEPS}| Task | Clerk | CFO |\n|---|---|---|\n| Collect the hours | R | A |\n| Fly to the moon | R | A |\n"
        );
        let codes: Vec<&str> =
            crate::compile(&text, "x.md").diagnostics.iter().map(|d| d.code.as_str()).collect();
        assert!(codes.contains(&"SOP0405"), "{codes:?}");
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        /// Any matrix: what is written in letters is what is read, for every step and role.
        #[test]
        fn letters_are_read_as_written(cells in proptest::collection::vec(
            proptest::collection::vec(prop::sample::select(vec!["", "R", "A", "C", "I", "A/R", "R, C", "-"]), 4), 3
        )) {
            let roles = ["Clerk", "Controller", "Sales Lead", "CFO"];
            let titles = ["Collect the hours", "Check the hours", "Send the invoice"];
            let mut text = format!("{STEPS}## RACI\n\n| Task | {} |\n|---|---|---|---|---|\n", roles.join(" | "));
            for (title, cells) in titles.iter().zip(&cells) {
                text = format!("{text}| {title} | {} |\n", cells.join(" | "));
            }
            let process = crate::compile(&text, "x.md").processes.swap_remove(0);
            let marks = cells.iter().flatten().filter(|c| !c.is_empty() && **c != "-").count();
            let acts = cells.iter().flatten().any(|c| c.contains('R') || c.contains('A'));
            if !acts || marks < 2 {
                prop_assert!(process.raci.is_empty());
                return Ok(());
            }
            for (title, cells) in titles.iter().zip(&cells) {
                let having = |letter: char| -> Vec<&str> {
                    roles.iter().zip(cells).filter(|(_, c)| c.contains(letter)).map(|(r, _)| *r).collect()
                };
                let row = process.raci.iter().find(|row| row.title == *title);
                let empty = cells.iter().all(|c| c.is_empty() || *c == "-");
                prop_assert_eq!(row.is_none(), empty, "{}", text);
                if let Some(row) = row {
                    prop_assert_eq!(&row.accountable, &having('A'));
                    prop_assert_eq!(&row.consulted, &having('C'));
                    prop_assert_eq!(&row.informed, &having('I'));
                    let does = if having('R').is_empty() { having('A') } else { having('R') };
                    prop_assert_eq!(&row.responsible, &does);
                }
            }
            // Printing keeps them.
            let printed = crate::print(&process);
            let again = crate::compile(&printed, "x.md").processes.swap_remove(0);
            prop_assert_eq!(again.raci, process.raci, "{}", printed);
        }
    }
}
