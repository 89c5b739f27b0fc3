//! `gemba raci`: who does, answers for, is asked and is told, as a table.

use super::show;
use crate::{args::Raci, failure::Failure, terminal};
use gemba_model::Process;
use gemba_model::raci::{self, Row};
use std::process::ExitCode;

/// The widest a column gets before its words go on in the next line.
const WIDEST: [usize; 5] = [44, 26, 26, 26, 26];

pub(super) fn raci(args: &Raci) -> Result<ExitCode, Failure> {
    let document = show::read(&args.file)?;
    if args.json {
        terminal::print_json(&gemba_wire::raci::Raci::of_all(&document.processes));
        return Ok(ExitCode::SUCCESS);
    }
    let tables: Vec<String> = document.processes.iter().map(page).collect();
    terminal::print(&tables.join("\n"));
    Ok(ExitCode::SUCCESS)
}

fn page(process: &Process) -> String {
    let mut out = table(&process.title, &raci::matrix(process));
    let conflicts = gemba_wire::raci::Raci::of(process).conflicts;
    if !conflicts.is_empty() {
        out.push('\n');
    }
    for conflict in conflicts {
        out.push_str(&["! ", conflict.code, " ", &conflict.message, "\n"].concat());
    }
    out
}

/// The rows under ruled headings; a step that nobody does or answers for shows a dash.
fn table(title: &str, rows: &[Row]) -> String {
    let head =
        ["Step", "Responsible", "Accountable", "Consulted", "Informed"].map(str::to_owned).to_vec();
    let mut cells = vec![head];
    cells.extend(rows.iter().map(|row| {
        let names = |names: &[String]| {
            if names.is_empty() { "-".to_owned() } else { names.join(", ") }
        };
        let step = [row.step.as_str(), row.title.as_str()].join(" ");
        vec![
            step.trim().to_owned(),
            names(&row.responsible),
            names(&row.accountable),
            names(&row.consulted),
            names(&row.informed),
        ]
    }));
    let wrapped: Vec<Vec<Vec<String>>> = cells
        .iter()
        .map(|row| row.iter().zip(WIDEST).map(|(cell, most)| wrap(cell, most)).collect())
        .collect();
    let widths: Vec<usize> = (0..WIDEST.len())
        .map(|column| {
            let lines = wrapped.iter().filter_map(|row| row.get(column)).flatten();
            lines.map(|line| line.chars().count()).max().unwrap_or(0)
        })
        .collect();
    let rule: Vec<String> = widths.iter().map(|width| "-".repeat(*width)).collect();
    let mut out = format!("{title}\n\n");
    for (n, row) in wrapped.iter().enumerate() {
        let height = row.iter().map(Vec::len).max().unwrap_or(0);
        for line in 0..height {
            let parts: Vec<String> = row
                .iter()
                .zip(&widths)
                .map(|(cell, width)| {
                    let text = cell.get(line).map_or("", String::as_str);
                    format!("{text:<width$}")
                })
                .collect();
            out.push_str(parts.join("  ").trim_end());
            out.push('\n');
        }
        if n == 0 {
            out.push_str(&rule.join("  "));
            out.push('\n');
        }
    }
    out
}

/// A text in lines of at most this many characters, broken between words; a longer word keeps its line.
fn wrap(text: &str, most: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split_whitespace() {
        match lines.last_mut() {
            Some(line) if line.chars().count() + 1 + word.chars().count() <= most => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_matrix_is_a_table_with_its_contradictions_below() {
        let text = "---\nowner: Controller\n---\n# Invoicing\n\n## Steps\n\n\
                    1. **Collect the hours of every project that is still open** — Clerk\n\n   - Inform: Sales\n\n\
                    2. **Send them** — Clerk\n\n## RACI\n\n\
                    | Task | Clerk | CFO | Board |\n|---|---|---|---|\n| Send them | R | A | A |\n";
        let process = gemba_sop::compile(text, "x.md").processes.swap_remove(0);
        let lines = [
            "Invoicing",
            "",
            "Step                                          Responsible  Accountable  Consulted  Informed",
            "--------------------------------------------  -----------  -----------  ---------  --------",
            "1 Collect the hours of every project that is  Clerk        Controller   -          Sales",
            "still open",
            "2 Send them                                   Clerk        CFO, Board   -          -",
            "",
            "! SOP0403 step 2 \"Send them\": more than one seat answers for it",
            "",
        ];
        assert_eq!(page(&process), lines.join("\n"));
    }
}
