//! The editor: text on the left, what was understood of it on the right.

use super::{
    act::{csrf, hidden},
    badge::{Tone, shape},
    prose::line,
};
use crate::assets;
use maud::{Markup, html};
use std::hash::{DefaultHasher, Hasher as _};

/// The id of the form that holds the text; buttons outside it name it.
pub const FORM: &str = "editor";

/// One thing found in the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Finding<'a> {
    /// How bad it is: bad for an error, warn for a warning, neutral for information.
    pub tone: Tone,
    /// Its code.
    pub code: &'a str,
    /// The line, counted from 1; 0 for the whole text.
    pub line: u32,
    /// Where it begins, in UTF-16 units.
    pub from: usize,
    /// Where it ends.
    pub to: usize,
    /// What is the matter.
    pub message: &'a str,
    /// What to do about it.
    pub help: Option<&'a str>,
    /// The change that would settle it.
    pub mend: Option<Offer<'a>>,
}

/// A change that would settle a finding.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Offer<'a> {
    /// What it does.
    pub title: &'a str,
    /// What the form says to ask for it.
    pub value: &'a str,
    /// Where the replaced text begins, in UTF-16 units.
    pub from: usize,
    /// Where it ends.
    pub to: usize,
    /// What is put there.
    pub text: &'a str,
}

/// Where the line of a finding is to be seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place<'a> {
    /// In the editor on this page, which can be changed.
    Here,
    /// In the text on this page, which can only be read.
    Below,
    /// In the editor at this address.
    At(&'a str),
    /// Nowhere: the text is not kept.
    Nowhere,
}

/// What was found, in the order given; without any, it says so.
pub fn findings(findings: &[Finding<'_>], place: Place<'_>) -> Markup {
    let certain = findings.iter().filter(|finding| finding.mend.is_some()).count();
    html! {
        @if findings.is_empty() {
            p class="cluster good" { (shape(Tone::Good)) "Nothing is missing or contradictory." }
        } @else {
            @if place == Place::Here && certain > 1 {
                p {
                    button class="button secondary compact" type="submit" form=(FORM) name="act"
                        value="mend-all" data-mend-all { "Fix all " (certain) " certain ones" }
                }
            }
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
        li class={ "finding " (finding.tone.class()) } data-from=(finding.from) data-to=(finding.to) {
            div class="finding-head" {
                span class={ "cluster " (finding.tone.class()) } { (shape(finding.tone)) (word) }
                @if finding.line > 0 {
                    @match place {
                        Place::Here | Place::Below => (line_link(finding.line)),
                        Place::At(href) => a href={ (href) "#line-" (finding.line) } { "Line " (finding.line) },
                        Place::Nowhere => span { "Line " (finding.line) },
                    }
                }
                a class="code" href={ "/codes/" (finding.code) } { (finding.code) }
            }
            p class="finding-message" { (line(finding.message)) }
            @if let Some(help) = finding.help { p class="finding-help" { (line(help)) } }
            @if let (Place::Here, Some(mend)) = (place, finding.mend) {
                p class="finding-mend" {
                    button class="button secondary compact" type="submit" form=(FORM) name="act"
                        value=(mend.value) data-mend=(mend.text) data-from=(mend.from) data-to=(mend.to) {
                        "Fix: " (mend.title)
                    }
                }
            }
        }
    }
}

/// The way to a line of the text on this page.
pub fn line_link(line: u32) -> Markup {
    html! { a href={ "#line-" (line) } { "Line " (line) } }
}

/// One part of the side: what the text comes to, seen in one way.
#[derive(Debug)]
pub struct Pane {
    /// Its short name, for the browser.
    pub name: &'static str,
    /// Its heading.
    pub title: &'static str,
    /// What stands beside the heading.
    pub note: String,
    /// What it shows.
    pub body: Markup,
}

impl Pane {
    fn inner(&self) -> Markup {
        html! {
            div class="section-head" {
                h2 id={ "pane-" (self.name) "-title" } { (self.title) }
                @if !self.note.is_empty() { span class="section-note" { (self.note) } }
            }
            (self.body)
        }
    }
}

/// The panes one below the other. Of one whose content the browser has already, told by `have`
/// ("map:0123456789abcdef" and so on), only the frame is sent.
pub fn panes(panes: &[Pane], have: &str) -> Markup {
    let known: Vec<&str> = have.split(' ').collect();
    html! {
        @for pane in panes {
            @let inner = pane.inner();
            @let hash = hash(&inner);
            @if known.contains(&format!("{}:{hash}", pane.name).as_str()) {
                section data-pane=(pane.name) data-same {}
            } @else {
                section class={ "section pane pane-" (pane.name) } id={ "pane-" (pane.name) }
                    data-pane=(pane.name) data-hash=(hash)
                    aria-labelledby={ "pane-" (pane.name) "-title" } { (inner) }
            }
        }
    }
}

/// A part of the form that follows the text, like a pane: only its frame where the browser has it.
pub fn part(name: &str, inner: &Markup, have: &str) -> Markup {
    let hash = hash(inner);
    let known = have.split(' ').any(|one| one == format!("{name}:{hash}"));
    html! {
        @if known { div data-pane=(name) data-same {} }
        @else { div class={ "part-" (name) } data-pane=(name) data-hash=(hash) { (inner) } }
    }
}

fn hash(markup: &Markup) -> String {
    let mut hasher = DefaultHasher::new();
    hasher.write(markup.0.as_bytes());
    format!("{:016x}", hasher.finish())
}

/// The most lines that are shown with numbers where there is no script.
const MAX_NUMBERED: usize = 3_000;

/// The text line by line, each with its number and the target of links to it.
pub fn numbered(source: &str) -> Markup {
    html! {
        ol class="source numbered" tabindex="0" aria-label="The text by lines" {
            @for (n, text) in source.lines().take(MAX_NUMBERED).enumerate() {
                li id={ "line-" (n + 1) } { code { (text) } }
            }
        }
    }
}

/// A key of the editor and what it does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Key {
    /// The keys as people name them, parted by spaces.
    pub keys: &'static str,
    /// What happens.
    pub does: &'static str,
}

/// The keys of the editor.
pub const KEYS: &[Key] = &[
    Key { keys: "Ctrl S", does: "Save the draft now" },
    Key { keys: "Ctrl .", does: "Fix what is found at the cursor" },
    Key { keys: "Ctrl J S", does: "Insert a step after this one; B instead of S: before" },
    Key {
        keys: "Ctrl J D",
        does: "Add a decision to the step; H: handoff, E: evidence, T: due time",
    },
    Key { keys: "Ctrl J \u{2191}", does: "Move the step up; \u{2193}: down" },
    Key { keys: "M", does: "On a box of the map: its menu; Enter goes to its line" },
    Key { keys: "F8", does: "Next finding" },
    Key { keys: "Ctrl F", does: "Search and replace" },
    Key { keys: "Ctrl Z", does: "Undo, also of fixes and insertions" },
    Key { keys: "Alt Click", does: "One more cursor" },
    Key { keys: "Tab", does: "Indent; Esc, then Tab, leaves the text" },
];

fn keys() -> Markup {
    html! {
        details class="fold" {
            summary { "Keys of the editor" }
            dl class="keys" data-help {
                @for key in KEYS {
                    dt { @for one in key.keys.split(' ') { kbd { (one) } } }
                    dd { (key.does) }
                }
            }
        }
    }
}

/// What the editor needs.
#[derive(Debug, Clone, Copy)]
pub struct Editor<'a> {
    /// Where the form is sent.
    pub action: &'a str,
    /// Where the text is checked while it is written; answers with the panes.
    pub check: &'a str,
    /// Where an act on a step is asked for; answers with the changed text.
    pub change: &'a str,
    /// Where the draft is kept while one writes.
    pub keep: &'a str,
    /// What unsaved text is kept under in the browser: account and process.
    pub draft: &'a str,
    /// The token of the forms.
    pub csrf: &'a str,
    /// What the text is.
    pub label: &'a str,
    /// The text.
    pub source: &'a str,
    /// The version of the stored text that this one was made from.
    pub version: i64,
    /// That stored text.
    pub base: &'a str,
    /// The acts on steps, above the text.
    pub tools: &'a Markup,
    /// What came of the last act; empty where there is nothing to say.
    pub said: &'a str,
    /// The buttons; the one that saves carries `data-save`.
    pub acts: &'a Markup,
    /// The panes as they stand.
    pub side: &'a Markup,
}

/// Text on the left, what it comes to on the right; stacked where it is narrow.
pub fn editor(editor: &Editor<'_>) -> Markup {
    html! {
        div class="editor" data-editor {
            form class="editor-text" id=(FORM) method="post" action=(editor.action)
                data-check=(editor.check) data-change=(editor.change) data-keep-at=(editor.keep)
                data-draft=(editor.draft) {
                (csrf(editor.csrf))
                (hidden("version", &editor.version.to_string()))
                textarea name="base" hidden { "\n" (editor.base) }
                div class="banner live" data-draft-offer hidden {
                    p { "Text that was not saved is kept on this device" span data-draft-when {} "." }
                    button class="button secondary compact" type="button" data-draft-restore {
                        "Bring it back"
                    }
                    button class="button secondary compact" type="button" data-draft-compare {
                        "Compare"
                    }
                    button class="button quiet compact" type="button" data-draft-discard {
                        "Discard it"
                    }
                }
                div class="editor-trouble banner warn" role="status" data-trouble {}
                (editor.tools)
                p class="editor-said" role="status" data-said { (editor.said) }
                label class="hush" for="source" { (editor.label) }
                textarea class="input" id="source" name="source" spellcheck="true"
                    autocomplete="off" { "\n" (editor.source) }
                div class="buttons" { (editor.acts) }
                p class="muted small editor-foot" data-with-script hidden {
                    span data-state {}
                    span id="editor-leave" { "Tab indents. Press Esc, then Tab, to leave the text." }
                }
                noscript { (numbered(editor.source)) }
                (keys())
            }
            div class="editor-side" id="editor-side" { (editor.side) }
        }
        @if let Some(src) = assets::address("editor.js") { script src=(src) defer {} }
    }
}
