//! `gemba check`: what is missing or contradictory, for people, programs and code scanning.

mod folder;
mod watch;

use crate::{
    args::{Check, CheckFormat, Colour},
    failure::Failure,
    paths, terminal,
};
use folder::{Checked, Reader};
use gemba_diag::{
    Severity, Tally, diff,
    sarif::{self, FileFindings, RuleEntry},
    text,
};
use std::fmt::Write as _;
use std::process::ExitCode;

pub(super) fn run(args: &Check) -> Result<ExitCode, Failure> {
    known_codes(args)?;
    if args.watch {
        return watch::run(args);
    }
    let mut reader = Reader::default();
    let changed = if args.fix || args.diff { settle(args, &mut reader)? } else { 0 };
    let files = reader.read(args)?;
    let tally = print(args, &files);
    let wanting = args.diff && changed > 0;
    let found = tally.errors > 0 || (args.strict && tally.warnings > 0) || wanting;
    Ok(ExitCode::from(u8::from(found)))
}

/// A code that no rule has is a slip of the pen: it would quietly select nothing.
fn known_codes(args: &Check) -> Result<(), Failure> {
    for wanted in args.select.iter().chain(&args.ignore) {
        let wanted = wanted.to_ascii_uppercase();
        let known = rules().any(|rule| rule.id.starts_with(&wanted));
        if wanted.is_empty() || !known {
            return Err(Failure::Usage(format!("no rule has a code that begins with `{wanted}`")));
        }
    }
    Ok(())
}

/// Carries the fixes out, or shows what would change; gives how many files are concerned.
fn settle(args: &Check, reader: &mut Reader) -> Result<usize, Failure> {
    let mut changed = 0;
    for file in reader.read(args)? {
        let Some((made, n)) = reader.settled(&file, args) else { continue };
        changed += 1;
        if args.diff {
            terminal::print(&diff::unified(&file.path, &file.source, &made));
            continue;
        }
        paths::write(&file.place, made.as_bytes())?;
        terminal::say(&format!("{}: {}", file.path, counted(n, "fix", "fixes")));
    }
    Ok(changed)
}

/// Prints what was found, and how much.
fn print(args: &Check, files: &[Checked]) -> Tally {
    let mut tally = Tally::default();
    for file in files {
        tally.add(&file.diagnostics);
    }
    match args.format {
        // The change is the answer: the findings would be about a text that is not there yet.
        CheckFormat::Text if args.diff => {}
        CheckFormat::Text => print_text(args.color, files, tally),
        CheckFormat::Json => print_json(files),
        CheckFormat::Sarif => print_sarif(files),
    }
    tally
}

fn print_text(colour: Colour, files: &[Checked], tally: Tally) {
    let coloured = terminal::colours(colour);
    let many = files.iter().filter(|f| !f.diagnostics.is_empty()).count() > 1;
    for file in files.iter().filter(|f| !f.diagnostics.is_empty()) {
        if many {
            terminal::print(&heading(file, coloured));
        }
        terminal::print(&text::render(&file.path, &file.source, &file.diagnostics, coloured));
    }
    terminal::say(&tally.line());
    if let Some(first) = files.iter().flat_map(|f| &f.diagnostics).min_by_key(|d| d.severity) {
        terminal::say(&format!("`gemba explain {}` says more about a finding", first.code));
    }
}

/// The line above the findings of a file: its name and how many there are.
fn heading(file: &Checked, coloured: bool) -> String {
    let mut line = file.path.clone();
    for (severity, one, many) in [
        (Severity::Error, "error", "errors"),
        (Severity::Warning, "warning", "warnings"),
        (Severity::Info, "info", "infos"),
    ] {
        let n = file.diagnostics.iter().filter(|d| d.severity == severity).count();
        if n > 0 {
            // Writing to a String cannot fail.
            let _written = write!(line, " · {}", counted(n, one, many));
        }
    }
    if coloured { format!("\u{1b}[1;4m{line}\u{1b}[0m\n") } else { format!("{line}\n") }
}

fn counted(n: usize, one: &str, many: &str) -> String {
    format!("{n} {}", if n == 1 { one } else { many })
}

fn print_json(files: &[Checked]) {
    let each = files.iter().map(|f| (f.path.as_str(), f.source.as_str(), f.diagnostics.as_slice()));
    terminal::print_json(&gemba_wire::sop::report(each));
}

fn print_sarif(files: &[Checked]) {
    let rules: Vec<RuleEntry<'_>> = rules().collect();
    let findings: Vec<FileFindings<'_>> = files
        .iter()
        .map(|f| FileFindings { path: &f.path, source: &f.source, diagnostics: &f.diagnostics })
        .collect();
    terminal::print_json(&sarif::log("gemba", env!("CARGO_PKG_VERSION"), &rules, &findings));
}

/// The rules of all that is checked.
fn rules() -> impl Iterator<Item = RuleEntry<'static>> {
    let of_sops = gemba_sop::rules().iter().map(|rule| RuleEntry {
        id: rule.code.as_str(),
        name: rule.name,
        severity: rule.severity,
        summary: rule.summary,
        page: rule.page,
    });
    let of_models = gemba_bpmn::rules().iter().map(|rule| RuleEntry {
        id: rule.code.as_str(),
        name: rule.name,
        severity: rule.severity,
        summary: rule.summary,
        page: rule.page,
    });
    of_sops.chain(of_models)
}
