//! Checking the text of an SOP, and proposing it to the owner of the process.

use crate::{
    names,
    refusal::Refusal,
    tool::{Kind, Needs, Tool},
};
use gemba_app::{
    Act, App, Who,
    access::Scope,
    processes::{self, File},
    suggestions,
};
use gemba_diag::{Diagnostic, LineIndex, Severity};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::fmt::Write as _;

/// The most findings of one answer.
const MOST: usize = 30;

pub(crate) struct ProposeSopChange;

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Input {
    #[schemars(description = "Slug or title; left out for a new process")]
    process: Option<String>,
    #[schemars(description = "The whole SOP as Markdown")]
    text: String,
    #[schemars(description = "Why, in a sentence")]
    note: Option<String>,
    #[serde(default)]
    #[schemars(description = "Compile only: the findings come back, nothing is kept")]
    check_only: bool,
}

#[derive(Serialize, JsonSchema)]
pub(crate) struct Output {
    title: String,
    n_steps: usize,
    errors: usize,
    warnings: usize,
    findings: Vec<Finding>,
    kept: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    proposal: Option<String>,
}

#[derive(Serialize, JsonSchema)]
struct Finding {
    code: String,
    severity: &'static str,
    line: usize,
    message: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    help: Option<String>,
}

impl Tool for ProposeSopChange {
    const NAME: &'static str = "propose_sop_change";
    const TITLE: &'static str = "Check or propose an SOP";
    const DESCRIPTION: &'static str = "Compiles an SOP text and proposes it to the process's owner; without a process it \
        begins a new draft. Use it with check_only until no finding is left, then without. Never published by this. \
        Next: mend the findings, or tell your sponsor.";
    const KIND: Kind = Kind::Does;
    const NEEDS: Needs = Needs { act: Act::Write, scope: Some(Scope::Documents) };
    type Input = Input;
    type Output = Output;

    async fn call(app: &App, who: &Who, input: Input) -> Result<Output, Refusal> {
        let slug = match input.process.as_deref().filter(|p| !p.trim().is_empty()) {
            Some(process) => Some(names::process(app, who, process).await?.slug),
            None => None,
        };
        let name = slug.as_deref().unwrap_or("new");
        let checked = processes::check(app, who, &input.text, name).await?;
        let count = |severity| checked.diagnostics.iter().filter(|d| d.severity == severity).count();
        let mut output = Output {
            title: checked.process.title.clone(),
            n_steps: checked.process.steps.len(),
            errors: count(Severity::Error),
            warnings: count(Severity::Warning),
            findings: findings(&input.text, &checked.diagnostics),
            kept: false,
            proposal: None,
        };
        if input.check_only || output.errors > 0 {
            return Ok(output);
        }
        output.proposal = if let Some(slug) = slug {
            let note = input.note.unwrap_or_default();
            let id = suggestions::suggest(app, who, &slug, &input.text, &note).await?;
            Some(id.to_string())
        } else {
            let bytes = input.text.into_bytes();
            let file = File { name: format!("{}.md", checked.process.slug), bytes };
            let made = processes::import(app, who, vec![file]).await?;
            made.into_iter().flat_map(|file| file.slugs).next()
        };
        output.kept = true;
        Ok(output)
    }

    fn text(output: &Output) -> String {
        let Output { title, n_steps, errors, warnings, .. } = output;
        let mut text = format!("{title}: {n_steps} steps, {errors} errors, {warnings} warnings.");
        text.push_str(match (output.kept, errors) {
            (true, _) => " Kept for the owner to decide.",
            (false, 0) => " Nothing was kept.",
            (false, _) => " Not kept: mend the errors first.",
        });
        for finding in &output.findings {
            let Finding { code, line, message, .. } = finding;
            let help = finding.help.as_ref().map(|h| format!(" ({h})")).unwrap_or_default();
            // Writing to a string cannot fail.
            let _fine = write!(text, "\n- line {line}: {code} {message}{help}");
        }
        text
    }
}

fn findings(source: &str, all: &[Diagnostic]) -> Vec<Finding> {
    let lines = LineIndex::new(source);
    all.iter().take(MOST).map(|found| Finding::of(found, &lines)).collect()
}

impl Finding {
    fn of(found: &Diagnostic, lines: &LineIndex<'_>) -> Self {
        Self {
            code: found.code.to_string(),
            severity: match found.severity {
                Severity::Error => "error",
                Severity::Warning => "warning",
                Severity::Info => "info",
            },
            line: lines.position(found.range.start).line,
            message: found.message.clone(),
            help: found.help.clone(),
        }
    }
}
