//! The editor: text on the left, what the checker found and the map on the right.

use super::{
    act::csrf,
    badge::{Tone, shape},
    prose::line,
};
use maud::{Markup, html};

/// One thing found in the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Finding<'a> {
    /// How bad it is: bad for an error, warn for a warning, neutral for information.
    pub tone: Tone,
    /// Its code.
    pub code: &'a str,
    /// The line, counted from 1; 0 for the whole text.
    pub line: u32,
    /// What is the matter.
    pub message: &'a str,
    /// What to do about it.
    pub help: Option<&'a str>,
}

/// Where the line of a finding is to be seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place<'a> {
    /// In the editor on this page.
    Here,
    /// In the editor at this address.
    At(&'a str),
    /// Nowhere: the text is not kept.
    Nowhere,
}

/// What was found, in the order given; without any, it says so.
pub fn findings(findings: &[Finding<'_>], place: Place<'_>) -> Markup {
    html! {
        @if findings.is_empty() {
            p class="cluster good" { (shape(Tone::Good)) "Nothing is missing or contradictory." }
        } @else {
            ul class="findings" { @for finding in findings { (one(finding, place)) } }
        }
    }
}

fn one(finding: &Finding<'_>, place: Place<'_>) -> Markup {
    let word = match finding.tone {
        Tone::Bad => "Error",
        Tone::Warn => "Warning",
        Tone::Neutral | Tone::Live | Tone::Good => "Note",
    };
    html! {
        li class={ "finding " (finding.tone.class()) } {
            div class="finding-head" {
                span class={ "cluster " (finding.tone.class()) } { (shape(finding.tone)) (word) }
                @if finding.line > 0 {
                    @match place {
                        Place::Here => a href="#source" data-line=(finding.line) { "Line " (finding.line) },
                        Place::At(href) => a href={ (href) "#line-" (finding.line) } { "Line " (finding.line) },
                        Place::Nowhere => span { "Line " (finding.line) },
                    }
                }
                a class="code" href={ "/codes/" (finding.code) } { (finding.code) }
            }
            p class="finding-message" { (line(finding.message)) }
            @if let Some(help) = finding.help { p class="finding-help" { (line(help)) } }
        }
    }
}

/// What the editor needs.
#[derive(Debug, Clone, Copy)]
pub struct Editor<'a> {
    /// Where the form is sent.
    pub action: &'a str,
    /// Where the text is checked while it is written; answers with the content of the side.
    pub check: &'a str,
    /// What unsaved text is kept under in the browser: account, process and revision.
    pub draft: &'a str,
    /// The token of the forms.
    pub csrf: &'a str,
    /// What the text is.
    pub label: &'a str,
    /// The text.
    pub source: &'a str,
    /// Hidden fields and the buttons; the one that saves carries `data-save`.
    pub acts: &'a Markup,
    /// Findings and map as they stand.
    pub side: &'a Markup,
}

/// Text on the left, findings and map on the right, stacked where it is narrow.
pub fn editor(editor: &Editor<'_>) -> Markup {
    html! {
        div class="editor" {
            form class="editor-text" method="post" action=(editor.action) data-editor
                data-check=(editor.check) data-check-into="editor-side" data-draft=(editor.draft) {
                (csrf(editor.csrf))
                div class="banner live" data-draft-offer hidden {
                    p { "Text that was not saved is kept in this browser." }
                    button class="button secondary compact" type="button" data-draft-restore {
                        "Bring it back"
                    }
                    button class="button quiet compact" type="button" data-draft-discard {
                        "Discard it"
                    }
                }
                label class="hush" for="source" { (editor.label) }
                textarea class="input" id="source" name="source" spellcheck="true"
                    autocomplete="off" { "\n" (editor.source) }
                p class="editor-stale" role="status" {
                    "The last check did not get through. Your text is kept in this browser."
                }
                div class="buttons" { (editor.acts) }
            }
            section class="editor-side" id="editor-side" aria-label="Findings and map" {
                (editor.side)
            }
        }
    }
}
