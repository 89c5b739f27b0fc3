//! Who answers for each step, is asked before and told after, written into a text.
//!
//! What a step says in its own bullets ("Inform: Sales") stays there; the rest becomes rows of the RACI
//! table of the text, or of a new one at its end. Then the text is read again: unless the matrix is what
//! was asked for and every step is what it was, the change is refused.

use super::reading::Reading;
use super::{Refused, applied, bullet};
use crate::block::{self, Block};
use crate::{compile, matrix, yaml};
use gemba_model::raci::{self, Row};
use gemba_model::{Process, StepId};
use std::ops::Range;

/// What is asked for one step. Who does it is said in the step itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Assigned {
    /// The step, one of the first level.
    pub step: StepId,
    /// The seats that answer for it: empty for the owner of the process.
    pub accountable: Vec<String>,
    /// The seats that are asked before.
    pub consulted: Vec<String>,
    /// The seats that are told after.
    pub informed: Vec<String>,
}

/// Writes who has part in the steps into a text with one process. Steps that are not named keep theirs.
pub fn assign(source: &str, name: &str, asked: &[Assigned]) -> Result<String, Refused> {
    let process = only(source, name)?;
    let wanted = wanted(&process, asked)?;
    if raci::matrix(&process) == wanted {
        return Ok(source.to_owned());
    }
    let text = say_in_steps(source, name, &process, &wanted)?;
    let text = say_in_table(&text, name, &wanted)?;
    let (old, new) = (Reading::of(source, name), Reading::of(&text, name));
    let places: Vec<usize> = (0..old.steps.len()).collect();
    let holds = old.keeps_in(&new, &places)
        && new.steps.len() == old.steps.len()
        && only(&text, name).is_ok_and(|now| raci::matrix(&now) == wanted);
    if holds { Ok(text) } else { Err(Refused::Unsure) }
}

fn only(source: &str, name: &str) -> Result<Process, Refused> {
    let mut processes = compile(source, name).processes;
    match processes.len() {
        1 => processes.pop().ok_or(Refused::Form),
        _ => Err(Refused::Form),
    }
}

/// The whole matrix as it shall be.
fn wanted(process: &Process, asked: &[Assigned]) -> Result<Vec<Row>, Refused> {
    let mut rows = raci::matrix(process);
    let owner: Vec<String> = process.owner.named().map(str::to_owned).into_iter().collect();
    for one in asked {
        let at = process.steps.iter().position(|step| step.id == one.step);
        let row = at.and_then(|at| rows.get_mut(at)).ok_or(Refused::NoStep)?;
        row.accountable =
            if one.accountable.is_empty() { owner.clone() } else { one.accountable.clone() };
        row.consulted.clone_from(&one.consulted);
        row.informed.clone_from(&one.informed);
    }
    Ok(rows)
}

/// The key of a step's bullet, and what it says of whom.
const KEYS: [&str; 2] = ["Consult", "Inform"];

/// Changes the bullets of the steps: those that are there, and new ones where no row of a table says it.
fn say_in_steps(
    source: &str,
    name: &str,
    process: &Process,
    wanted: &[Row],
) -> Result<String, Refused> {
    let mut text = source.to_owned();
    for (step, row) in process.steps.iter().zip(wanted) {
        let stated = process.raci.iter().find(|stated| stated.step == step.number);
        let pairs = [
            (&step.consulted, &row.consulted, stated.map(|s| &s.consulted)),
            (&step.informed, &row.informed, stated.map(|s| &s.informed)),
        ];
        for (key, (own, wanted, stated)) in KEYS.into_iter().zip(pairs) {
            let in_table = stated.is_some_and(|names| !names.is_empty());
            if own == wanted || own.is_empty() && in_table {
                continue;
            }
            if !own.is_empty() {
                text = without(&text, name, &step.id, key)?;
            }
            if !wanted.is_empty() {
                let old = Reading::of(&text, name);
                let at = old.find(&step.id).ok_or(Refused::NoStep)?;
                let line = format!("{key}: {}", wanted.join(", "));
                text = bullet(&old, at, &line, &line)?.text;
            }
        }
    }
    Ok(text)
}

/// The text without a step's bullets of this key.
fn without(text: &str, name: &str, step: &StepId, key: &str) -> Result<String, Refused> {
    let old = Reading::of(text, name);
    let flat = old.find(step).and_then(|at| old.steps.get(at)).ok_or(Refused::NoStep)?;
    let block = old.block(flat);
    let mut edits = Vec::new();
    for start in old.line_starts(block) {
        let line = text.get(start..).and_then(|rest| rest.lines().next()).unwrap_or_default();
        let bare = line.trim_start().trim_start_matches(['-', '*', '+']).trim_start();
        if bare.strip_prefix(key).is_some_and(|rest| rest.starts_with(':')) {
            let before = text.get(..start).unwrap_or_default();
            let after = text.get(start + line.len()..).unwrap_or_default();
            // A bullet that stood alone takes one of the two empty lines around it along.
            let alone = before.ends_with("\n\n") && (after.starts_with("\n\n") || after.len() < 2);
            let from = if alone { start - 1 } else { start };
            edits.push((from..(start + line.len() + 1).min(text.len()), String::new()));
        }
    }
    if edits.is_empty() {
        return Err(Refused::Form);
    }
    Ok(applied(text, edits, usize::MAX, 0..0).0)
}

/// Writes the rows that only a table or a setting can say.
fn say_in_table(text: &str, name: &str, wanted: &[Row]) -> Result<String, Refused> {
    let process = only(text, name)?;
    if raci::matrix(&process) == wanted {
        return Ok(text.to_owned());
    }
    let owner = process.owner.named();
    let rows: Vec<(StepId, Row)> = process
        .steps
        .iter()
        .zip(wanted)
        .filter_map(|(step, row)| {
            let is_stated = process.raci.iter().any(|stated| stated.step == step.number);
            let is_owners =
                matches!(row.accountable.as_slice(), [one] if Some(one.as_str()) == owner);
            // What the step's own bullets say is not said twice.
            let own = |said: &[String], wanted: &Vec<String>| {
                if said.is_empty() { wanted.clone() } else { Vec::new() }
            };
            (is_stated || !is_owners).then(|| {
                let row = Row {
                    consulted: own(&step.consulted, &row.consulted),
                    informed: own(&step.informed, &row.informed),
                    ..row.clone()
                };
                (step.id.clone(), row)
            })
        })
        .collect();
    let (place, made) = if let Some(place) = setting(text) {
        (place, as_setting(&rows))
    } else if let Some(place) = table(text) {
        (place, as_table(&rows))
    } else {
        let end = text.trim_end().len();
        (end..text.len(), format!("\n\n## RACI\n\n{}\n", as_table(&rows)))
    };
    Ok(applied(text, vec![(place, made)], usize::MAX, 0..0).0)
}

/// The lines of the setting `raci:` in the front matter.
fn setting(text: &str) -> Option<Range<usize>> {
    let body = text.strip_prefix("---\n")?;
    let front = body.get(..body.find("\n---")? + 1)?;
    let mut at = "---\n".len();
    let mut found: Option<Range<usize>> = None;
    for line in front.split_inclusive('\n') {
        let is_inner = line.starts_with([' ', '\t']) || line.trim().is_empty();
        match &mut found {
            Some(range) if is_inner => range.end = at + line.trim_end_matches('\n').len(),
            Some(_) => break,
            None if line.starts_with("raci:") => {
                found = Some(at..at + line.trim_end_matches('\n').len());
            }
            None => {}
        }
        at += line.len();
    }
    found
}

fn as_setting(rows: &[(StepId, Row)]) -> String {
    let line = |(step, row): &(StepId, Row)| {
        let cells: Vec<String> = [
            ("responsible", &row.responsible),
            ("accountable", &row.accountable),
            ("consulted", &row.consulted),
            ("informed", &row.informed),
        ]
        .into_iter()
        .filter(|(_, names)| !names.is_empty())
        .map(|(word, names)| format!("{word}: {}", yaml::flow(names)))
        .collect();
        format!("  {}: {{{}}}", yaml::scalar(step.as_str()), cells.join(", "))
    };
    let lines: Vec<String> =
        std::iter::once("raci:".to_owned()).chain(rows.iter().map(line)).collect();
    lines.join("\n")
}

/// Where the first RACI table of the text stands.
fn table(text: &str) -> Option<Range<usize>> {
    fn first(blocks: &[Block]) -> Option<&Block> {
        blocks.iter().find_map(|block| {
            if matrix::is_matrix(block) { Some(block) } else { first(&block.children) }
        })
    }
    let tree = block::read(text, 0);
    let found = first(&tree.blocks)?.span.clone();
    let length = text.get(found.clone()).unwrap_or_default().trim_end().len();
    Some(found.start..found.start + length)
}

fn as_table(rows: &[(StepId, Row)]) -> String {
    let cell = |words: &str| words.replace('|', "\\|");
    let line = |(_, row): &(StepId, Row)| {
        let names = [&row.responsible, &row.accountable, &row.consulted, &row.informed]
            .map(|names| cell(&names.join(", ")));
        format!("| {} | {} |", cell(&row.title), names.join(" | "))
    };
    let head =
        ["| Step | Responsible | Accountable | Consulted | Informed |", "|---|---|---|---|---|"];
    let lines: Vec<String> =
        head.into_iter().map(str::to_owned).chain(rows.iter().map(line)).collect();
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    const SOP: &str = "# T

- owner: Lead

## Steps

1. **Collect** — Clerk

   - Evidence (text): who
   - Inform: Sales

2. **Check** — Lead

   Look at them all.

3. **Send** — Clerk
";

    fn asked(step: &str, accountable: &str, consulted: &str, informed: &str) -> Assigned {
        let names =
            |text: &str| text.split(", ").filter(|n| !n.is_empty()).map(str::to_owned).collect();
        Assigned {
            step: StepId::from_text(step, "x"),
            accountable: names(accountable),
            consulted: names(consulted),
            informed: names(informed),
        }
    }

    #[track_caller]
    fn check(source: &str, asked: &[Assigned], expected: &str) {
        assert_eq!(assign(source, "t.md", asked).as_deref(), Ok(expected), "{asked:?}");
    }

    #[test]
    fn who_is_asked_and_told_becomes_a_bullet_of_the_step_and_goes_with_it() {
        check(SOP, &[asked("collect", "", "", "Sales")], SOP);
        check(
            SOP,
            &[asked("collect", "", "Legal", "Sales, Board")],
            &SOP.replace(
                "   - Inform: Sales\n",
                "   - Consult: Legal\n   - Inform: Sales, Board\n",
            ),
        );
        check(SOP, &[asked("collect", "", "", "")], &SOP.replace("   - Inform: Sales\n", ""));
        let told = SOP.replace("them all.\n", "them all.\n\n   - Inform: Sales\n");
        check(SOP, &[asked("check", "", "", "Sales")], &told);
        check(&told, &[asked("check", "", "", "")], SOP);
    }

    #[test]
    fn another_than_the_owner_who_answers_becomes_a_row_of_a_table() {
        let head =
            "| Step | Responsible | Accountable | Consulted | Informed |\n|---|---|---|---|---|\n";
        let one = format!("{SOP}\n## RACI\n\n{head}| Send | Clerk | Board |  |  |\n");
        check(SOP, &[asked("send", "Board", "", "")], &one);
        let two = one.replace("| Send", "| Collect | Clerk | Board |  |  |\n| Send");
        check(&one, &[asked("collect", "Board", "", "Sales")], &two);
        let told = one.replace("Send** — Clerk\n", "Send** — Clerk\n\n   - Inform: Sales\n");
        check(&one, &[asked("send", "", "", "Sales")], &told.replace("Board", "Lead"));
        let letters = format!(
            "{SOP}\n## Who\n\n| | Clerk | Board |\n|---|---|---|\n| Send | R | A |\n\nAs agreed.\n"
        );
        let named = format!("{SOP}\n## Who\n\n{head}| Send | Clerk | Lead |  |  |\n\nAs agreed.\n");
        check(&letters, &[asked("send", "Lead", "", "")], &named);
    }

    #[test]
    fn rows_in_the_front_matter_stay_there() {
        let front = "---\nowner: Lead\nraci:\n  check: {responsible: Lead, accountable: Board}\nfunction: Finance\n---\n\n";
        let text = format!("{front}{}", SOP.replace("- owner: Lead\n\n", ""));
        let expected = text.replace(
            "accountable: Board}",
            "accountable: Board}\n  send: {responsible: Clerk, accountable: Sales}",
        );
        check(&text, &[asked("send", "Sales", "", "")], &expected);
    }

    #[test]
    fn what_cannot_be_written_for_certain_is_refused() {
        let refused = |source: &str, asked: Assigned| assign(source, "t.md", &[asked]);
        assert_eq!(refused(SOP, asked("nothing", "", "", "")), Err(Refused::NoStep));
        let two = format!("{SOP}\n{}", SOP.replace("# T", "# Other"));
        assert_eq!(refused(&two, asked("send", "Board", "", "")), Err(Refused::Form));
        let twice = SOP.replace("**Check**", "**Send**");
        assert_eq!(refused(&twice, asked("send", "Board", "", "")), Err(Refused::Unsure));
        let odd = asked("send", "", "a; b", "");
        assert_eq!(refused(SOP, odd), Err(Refused::Unsure));
    }
}
