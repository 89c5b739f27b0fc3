//! From bytes or text to processes and findings.

use crate::check::{self, Document};
use crate::passage::Passage;
use crate::surroundings::Surroundings;
use crate::{block, front, process, recast, unfold};
use gemba_diag::Diagnostic;
use gemba_model::Process;
use gemba_model::net::{self, Verdict};
use std::borrow::Cow;

/// The largest source that is read.
pub const MAX_BYTES: usize = 1024 * 1024;

/// What a source says, and all that is wrong with it.
#[derive(Debug, Clone)]
pub struct Compiled {
    /// At least one process, maybe without steps.
    pub processes: Vec<Process>,
    /// All findings, in the order of the text.
    pub diagnostics: Vec<Diagnostic>,
}

/// Whether a finding says that the file is nothing that can be kept as a draft: empty, no text, not
/// UTF-8, too large. What a text says, however wrong, is worth keeping.
pub fn refuses_import(finding: &Diagnostic) -> bool {
    [check::empty::RULE, check::not_text::RULE, check::not_utf8::RULE, check::too_large::RULE]
        .iter()
        .any(|rule| rule.code == finding.code)
}

/// Whether a finding says that a procedure is called that is not known.
pub fn calls_unknown(finding: &Diagnostic) -> bool {
    finding.code == check::unknown_procedure::RULE.code
}

/// Reads a source; `file_name` gives the title where the text has none.
pub fn compile(source: &str, file_name: &str) -> Compiled {
    compile_in(source, file_name, &Surroundings::default())
}

/// Reads a source and holds it against what is known around it: seats, other processes, files, today.
pub fn compile_in(source: &str, file_name: &str, surroundings: &Surroundings) -> Compiled {
    let mut found = Vec::new();
    let oversize = source.len() > MAX_BYTES;
    let kept = if oversize { "" } else { source };
    if oversize {
        found.push(check::too_large::finding(source.len()));
    } else if source.trim_start_matches('\u{feff}').trim().is_empty() {
        found.push(check::empty::finding());
    } else if source.contains('\0') {
        found.push(check::not_text::finding(source.find('\0').unwrap_or(0)));
    }
    let front = front::read(kept);
    let text = unfold::unfold(kept);
    let mut tree = block::read(&text, front.body);
    tree.blocks = recast::recast(&text, tree.blocks);
    let seats: Vec<&str> = surroundings.names().collect();
    let mut readings = process::read(&text, &tree.blocks, &front.settings, file_name, &seats);
    for reading in &mut readings {
        surroundings.bind(file_name, &mut reading.process.steps);
    }
    if found.is_empty() {
        let verdicts: Vec<Verdict> =
            readings.iter().map(|reading| net::verdict(&reading.process)).collect();
        let document = Document {
            verdicts: &verdicts,
            source: kept,
            file_name,
            front: &front,
            tree: &tree,
            passages: &Passage::all(&tree.blocks, &readings),
            readings: &readings,
            surroundings,
        };
        check::all(&document, &mut found);
        check::ignore::apply(kept, &front, &tree.blocks, &mut found);
    }
    if matches!(text, Cow::Owned(_)) {
        // Within a line places may have moved: what is only told stays, what would be written does not.
        for finding in &mut found {
            finding.fix = None;
        }
    }
    found.sort_by(|a, b| {
        (a.range.start, a.severity, a.code, &a.message).cmp(&(
            b.range.start,
            b.severity,
            b.code,
            &b.message,
        ))
    });
    Compiled { processes: readings.into_iter().map(|r| r.process).collect(), diagnostics: found }
}

/// Reads bytes that may not be text; gives the text they were taken for, lossy where invalid.
pub fn compile_bytes(bytes: &[u8], file_name: &str) -> (String, Compiled) {
    compile_bytes_in(bytes, file_name, &Surroundings::default())
}

/// The same, held against what is known around it.
pub fn compile_bytes_in(
    bytes: &[u8],
    file_name: &str,
    surroundings: &Surroundings,
) -> (String, Compiled) {
    if bytes.len() > MAX_BYTES {
        let mut compiled = compile("", file_name);
        compiled.diagnostics = vec![check::too_large::finding(bytes.len())];
        return (String::new(), compiled);
    }
    match std::str::from_utf8(bytes) {
        Ok(text) => (text.to_owned(), compile_in(text, file_name, surroundings)),
        Err(error) => {
            let text = String::from_utf8_lossy(bytes).into_owned();
            let at = error.valid_up_to();
            let binary = bytes.contains(&0);
            let text_read = if binary { "" } else { &text };
            let mut compiled = compile_in(text_read, file_name, surroundings);
            if binary {
                compiled.diagnostics = vec![check::not_text::finding(at)];
            } else {
                compiled.diagnostics.insert(0, check::not_utf8::finding(at));
            }
            (text, compiled)
        }
    }
}
