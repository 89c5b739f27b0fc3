//! BPMN models read as processes, judged by the same rules as SOPs, with every finding at its element.

use gemba_bpmn::{Definitions, Imported};
use gemba_diag::{Code, Diagnostic};
use gemba_model::{Process, Span, Step};
use gemba_sop::Surroundings;
use std::ops::Range;

/// A model as it was read.
#[derive(Debug, Clone, Default)]
pub struct Model {
    /// The text of the file, which spans and findings point into.
    pub source: String,
    /// One for each pool or process in which something is done.
    pub processes: Vec<Process>,
    /// What was not understood, what was simplified, and what the rules of SOPs find.
    pub diagnostics: Vec<Diagnostic>,
    /// The model itself; `None` where the file cannot be taken at all.
    pub definitions: Option<Definitions>,
}

/// Whether a file of this name is taken for a model.
pub fn is_model(name: &str) -> bool {
    let lower = name.to_lowercase();
    [".bpmn", ".bpmn20.xml", ".bpmn2"].iter().any(|ending| lower.ends_with(ending))
}

/// Reads a file; `name` gives the title where the model has none.
pub fn read(bytes: &[u8], name: &str) -> Model {
    read_in(bytes, name, &Surroundings::default())
}

/// The same, held against what is known around it.
pub fn read_in(bytes: &[u8], name: &str, around: &Surroundings) -> Model {
    let (definitions, report) = match gemba_bpmn::read(bytes) {
        Ok(read) => read,
        Err(refusal) => {
            return Model {
                source: refusal.source,
                diagnostics: vec![*refusal.finding],
                ..Model::default()
            };
        }
    };
    let Imported { processes, findings } = gemba_bpmn::to_processes(&definitions, name);
    let mut diagnostics = report.findings;
    diagnostics.extend(findings);
    for process in &processes {
        diagnostics.extend(judged(process, around));
    }
    diagnostics.sort_by_key(|d| d.range.start);
    Model { source: report.source, processes, diagnostics, definitions: Some(definitions) }
}

/// The processes of a model as the SOPs they become: each with the slug it wants and its text.
pub fn texts(processes: &[Process]) -> Vec<(String, String)> {
    processes.iter().map(|p| (p.slug.to_string(), gemba_sop::print(p))).collect()
}

/// What the rules find in the SOP that a process becomes, each finding moved to the element it is about.
///
/// The ranges of changes and of other places are those of a text that is not there, so they are left out.
fn judged(process: &Process, around: &Surroundings) -> Vec<Diagnostic> {
    let text = gemba_sop::print(process);
    let compiled = gemba_sop::compile_in(&text, process.slug.as_str(), around);
    let Some(read) = compiled.processes.first() else { return Vec::new() };
    let whole = process.steps.first().map_or(0..0, |s| s.span.range());
    compiled
        .diagnostics
        .into_iter()
        .map(|found| {
            let at = place(&read.steps, &process.steps, &found.range);
            let message = match at {
                Some(step) => format!("{} (\"{}\")", found.message, step.title),
                None => format!("{} (process \"{}\")", found.message, process.title),
            };
            let range = at.map_or_else(|| whole.clone(), |step| step.span.range());
            let mut moved =
                Diagnostic::new(Code(found.code.as_str()), found.severity, message, range);
            moved.help = found.help;
            moved
        })
        .collect()
}

/// The step of the model that stands where the finding is in the text.
fn place<'a>(read: &[Step], own: &'a [Step], range: &Range<usize>) -> Option<&'a Step> {
    let holds = |span: &Span| span.range().contains(&range.start);
    let at = read.iter().position(|step| holds(&step.span))?;
    let (read, own) = (read.get(at)?, own.get(at)?);
    Some(place(&read.steps, &own.steps, range).unwrap_or(own))
}
