//! `gemba show`: what a SOP says.

use crate::world::SystemClock;
use crate::{args::Show, failure::Failure, paths, terminal};
use gemba_app::models::{self, Model};
use gemba_app::ports::{self, Clock};
use gemba_app::upcoming::{self, WorkCalendar};
use gemba_bpmn::Definitions;
use gemba_diag::Diagnostic;
use gemba_model::{Process, Step};
use jiff::Timestamp;
use jiff::tz::TimeZone;
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
    let zone = ports::zone(&args.zone).map_err(|_unknown| {
        Failure::Usage(format!("`{}` is no time zone; write for example Europe/Berlin", args.zone))
    })?;
    let document = read(&args.file)?;
    let calendar = WorkCalendar::usual(zone.clone());
    let now = SystemClock.now();
    let next = |process: &Process| upcoming::of(process, now, &calendar);
    if args.json {
        let Document { path, source, processes, diagnostics, .. } = &document;
        let local = |process: &Process| -> Vec<Vec<String>> {
            let each = next(process).into_iter();
            each.map(|times| times.iter().map(|at| rfc3339(*at, &zone)).collect()).collect()
        };
        let shown = gemba_wire::sop::document(path, source, processes, diagnostics, local);
        terminal::print_json(&shown);
    } else {
        let pages: Vec<String> =
            document.processes.iter().map(|p| page(p, &next(p), &zone)).collect();
        terminal::print(&pages.join("\n"));
    }
    Ok(ExitCode::SUCCESS)
}

/// An instant as RFC 3339 with the offset of the zone.
fn rfc3339(at: Timestamp, zone: &TimeZone) -> String {
    at.to_zoned(zone.clone()).strftime("%Y-%m-%dT%H:%M:%S%:z").to_string()
}

fn page(process: &Process, next: &[Vec<Timestamp>], zone: &TimeZone) -> String {
    let mut out = format!("{}\n", process.title);
    let mut line = |name: &str, value: &str| {
        let value = if value.is_empty() { "not said" } else { value };
        // Writing to a string cannot fail.
        let _fine = writeln!(out, "  {name:<16}{value}");
    };
    line("Owner", process.owner.seat.as_deref().unwrap_or_default());
    line("Function", process.function.as_deref().unwrap_or_default());
    if process.triggers.is_empty() {
        line("Trigger", "");
    }
    for (n, trigger) in process.triggers.iter().enumerate() {
        line(if n == 0 { "Trigger" } else { "" }, &trigger.text);
        // What the words come to is worth a line where it is not what they are.
        if let Some(rule) = trigger.normalised().filter(|rule| *rule != trigger.text) {
            line("", &format!("= {rule}"));
        }
        for (n, at) in next.get(n).into_iter().flatten().enumerate() {
            let shown = at.to_zoned(zone.clone()).strftime("%a %Y-%m-%d %H:%M %Z");
            line("", &format!("{}{shown}", if n == 0 { "next  " } else { "      " }));
        }
    }
    let cadence = process.review.cadence.map(|c| c.to_string());
    let last = process.review.last.map(|day| format!("last on {day}"));
    let due = process.review.due().map(|day| format!("due on {day}"));
    let review: Vec<String> = cadence.into_iter().chain(last).chain(due).collect();
    line("Review", &review.join(", "));
    if process.expected_output.is_empty() {
        line("Expected output", "");
    }
    for (n, output) in process.expected_output.iter().enumerate() {
        line(if n == 0 { "Expected output" } else { "" }, &output.text);
        for check in &output.checks {
            line("", &format!("check: {check}"));
        }
    }
    if process.failure_signals.is_empty() {
        line("Failure signals", "");
    }
    for (n, signal) in process.failure_signals.iter().enumerate() {
        line(if n == 0 { "Failure signals" } else { "" }, &signal.text);
        if let Some(rule) = &signal.rule {
            line("", &format!("= {rule}"));
        }
    }
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
