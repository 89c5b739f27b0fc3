//! `gemba show` and `gemba raci`: what a SOP says.

use crate::{args::Show, failure::Failure, paths, terminal};
use gemba_app::models::{self, Model};
use gemba_bpmn::Definitions;
use gemba_diag::Diagnostic;
use gemba_model::{Process, Step, raci::Row};
use std::fmt::Write as _;
use std::path::Path;
use std::process::ExitCode;

/// A SOP or a BPMN model that was read.
pub(super) struct Document {
    pub(super) path: String,
    pub(super) source: String,
    pub(super) processes: Vec<Process>,
    pub(super) diagnostics: Vec<Diagnostic>,
    /// The BPMN model it was read from, where it was one.
    pub(super) model: Option<Definitions>,
}

pub(super) fn read(path: &Path) -> Result<Document, Failure> {
    let name = path.display().to_string();
    if models::is_model(&name) {
        let Model { source, processes, diagnostics, definitions } =
            models::read(&paths::read(path)?, &name);
        return Ok(Document { path: name, source, processes, diagnostics, model: definitions });
    }
    let (source, compiled) = gemba_sop::compile_bytes(&paths::read(path)?, &name);
    Ok(Document {
        path: name,
        source,
        processes: compiled.processes,
        diagnostics: compiled.diagnostics,
        model: None,
    })
}

pub(super) fn show(args: &Show) -> Result<ExitCode, Failure> {
    let document = read(&args.file)?;
    if args.json {
        let Document { path, source, processes, diagnostics, model: _ } = &document;
        terminal::print_json(&gemba_wire::sop::document(path, source, processes, diagnostics));
    } else {
        let pages: Vec<String> = document.processes.iter().map(page).collect();
        terminal::print(&pages.join("\n"));
    }
    Ok(ExitCode::SUCCESS)
}

fn page(process: &Process) -> String {
    let mut out = format!("{}\n", process.title);
    let mut line = |name: &str, value: &str| {
        let value = if value.is_empty() { "not said" } else { value };
        // Writing to a string cannot fail.
        let _fine = writeln!(out, "  {name:<16}{value}");
    };
    line("Owner", process.owner.seat.as_deref().unwrap_or_default());
    line("Function", process.function.as_deref().unwrap_or_default());
    let triggers: Vec<&str> = process.triggers.iter().map(|t| t.text.as_str()).collect();
    line("Trigger", &triggers.join("; "));
    let cadence = process.review.cadence.map(|c| c.to_string()).unwrap_or_default();
    line("Review", &cadence);
    let outputs: Vec<&str> = process.expected_output.iter().map(|o| o.text.as_str()).collect();
    line("Expected output", &outputs.join("; "));
    let signals: Vec<&str> = process.failure_signals.iter().map(|s| s.text.as_str()).collect();
    line("Failure signals", &signals.join("; "));
    out.push_str("  Steps\n");
    for step in process.all_steps() {
        out.push_str(&step_line(process, step));
    }
    out
}

fn step_line(process: &Process, step: &Step) -> String {
    let depth = step.number.matches('.').count();
    let seat = process.doer(step).map(|s| format!(" — {s}")).unwrap_or_default();
    let mut out = format!("  {}{:<5}{}{seat}\n", "  ".repeat(depth + 1), step.number, step.title);
    for decision in &step.decisions {
        let _fine = writeln!(out, "  {}     ? {}", "  ".repeat(depth + 1), decision.condition);
    }
    out
}

pub(super) fn raci(args: &Show) -> Result<ExitCode, Failure> {
    let document = read(&args.file)?;
    if args.json {
        terminal::print_json(&gemba_wire::raci::Raci::of_all(&document.processes));
        return Ok(ExitCode::SUCCESS);
    }
    for process in &document.processes {
        terminal::print(&table(&process.title, &gemba_model::raci::matrix(process)));
    }
    Ok(ExitCode::SUCCESS)
}

fn table(title: &str, rows: &[Row]) -> String {
    let head = ["Step", "Responsible", "Accountable", "Consulted", "Informed"].map(str::to_owned);
    let mut cells = vec![head];
    cells.extend(rows.iter().map(|row| {
        [
            format!("{} {}", row.step, row.title),
            row.responsible.join(", "),
            row.accountable.join(", "),
            row.consulted.join(", "),
            row.informed.join(", "),
        ]
    }));
    let mut widths = [0_usize; 5];
    for row in &cells {
        for (width, cell) in widths.iter_mut().zip(row) {
            *width = (*width).max(cell.chars().count());
        }
    }
    let mut out = format!("{title}\n");
    for row in &cells {
        let padded: Vec<String> =
            row.iter().zip(widths).map(|(cell, width)| format!("{cell:<width$}")).collect();
        out.push_str(padded.join("  ").trim_end());
        out.push('\n');
    }
    out
}
