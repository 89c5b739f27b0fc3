//! `gemba check`: what is missing or contradictory, for people, programs and code scanning.

use crate::{
    args::{Check, CheckFormat},
    failure::Failure,
    paths, terminal,
};
use gemba_diag::{
    Diagnostic, Located, Tally,
    sarif::{self, FileFindings, RuleEntry},
    text,
};
use serde::Serialize;
use std::process::ExitCode;

struct Checked {
    path: String,
    source: String,
    diagnostics: Vec<Diagnostic>,
}

#[derive(Serialize)]
struct Report {
    files: Vec<File>,
    summary: Tally,
}

#[derive(Serialize)]
struct File {
    path: String,
    diagnostics: Vec<Located>,
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
        CheckFormat::Json => print_json(files, tally),
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

fn print_json(files: Vec<Checked>, summary: Tally) {
    let files = files
        .into_iter()
        .map(|f| File { diagnostics: Located::all(&f.source, &f.diagnostics), path: f.path })
        .collect();
    terminal::print_json(&Report { files, summary });
}

fn print_sarif(files: &[Checked]) {
    let rules: Vec<RuleEntry<'_>> = gemba_sop::rules()
        .iter()
        .map(|rule| RuleEntry {
            code: rule.code,
            name: rule.name,
            severity: rule.severity,
            help: rule.page,
        })
        .collect();
    let findings: Vec<FileFindings<'_>> = files
        .iter()
        .map(|f| FileFindings { path: &f.path, source: &f.source, diagnostics: &f.diagnostics })
        .collect();
    terminal::print_json(&sarif::log("gemba", env!("CARGO_PKG_VERSION"), &rules, &findings));
}
