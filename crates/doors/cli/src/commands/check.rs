//! `gemba check`: what is missing or contradictory, for people, programs and code scanning.

use crate::{
    args::{Check, CheckFormat},
    failure::Failure,
    paths, terminal,
};
use gemba_diag::{
    Diagnostic, Tally,
    sarif::{self, FileFindings, RuleEntry},
    text,
};
use std::process::ExitCode;

struct Checked {
    path: String,
    source: String,
    diagnostics: Vec<Diagnostic>,
}

pub(super) fn run(args: &Check) -> Result<ExitCode, Failure> {
    let mut files = Vec::new();
    let mut tally = Tally::default();
    for path in paths::sops(&args.paths)? {
        let name = path.display().to_string();
        let (source, compiled) = gemba_sop::compile_bytes(&paths::read(&path)?, &name);
        tally.add(&compiled.diagnostics);
        files.push(Checked { path: name, source, diagnostics: compiled.diagnostics });
    }
    match args.format {
        CheckFormat::Text => print_text(&files, tally),
        CheckFormat::Json => print_json(&files),
        CheckFormat::Sarif => print_sarif(&files),
    }
    let found = tally.errors > 0 || (args.strict && tally.warnings > 0);
    Ok(ExitCode::from(u8::from(found)))
}

fn print_text(files: &[Checked], tally: Tally) {
    for file in files.iter().filter(|f| !f.diagnostics.is_empty()) {
        terminal::print(&text::render(
            &file.path,
            &file.source,
            &file.diagnostics,
            terminal::colours(),
        ));
    }
    terminal::say(&tally.line());
}

fn print_json(files: &[Checked]) {
    let each = files.iter().map(|f| (f.path.as_str(), f.source.as_str(), f.diagnostics.as_slice()));
    terminal::print_json(&gemba_wire::sop::report(each));
}

fn print_sarif(files: &[Checked]) {
    let rules: Vec<RuleEntry<'_>> = gemba_sop::rules()
        .iter()
        .map(|rule| RuleEntry {
            id: rule.code.as_str(),
            name: rule.name,
            severity: rule.severity,
            summary: rule.summary,
            page: rule.page,
        })
        .collect();
    let findings: Vec<FileFindings<'_>> = files
        .iter()
        .map(|f| FileFindings { path: &f.path, source: &f.source, diagnostics: &f.diagnostics })
        .collect();
    terminal::print_json(&sarif::log("gemba", env!("CARGO_PKG_VERSION"), &rules, &findings));
}
