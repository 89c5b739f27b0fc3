//! The words of an SOP as they stand on a diagram: without marks, and short where there is little room.

use gemba_model::Step;
use std::fmt::Write as _;

/// Where words have to fit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Short {
    /// Below an event.
    Event,
    /// Beside a gateway.
    Question,
    /// At a flow.
    Label,
}

impl Short {
    fn most(self) -> usize {
        match self {
            Self::Event => 80,
            Self::Question | Self::Label => 60,
        }
    }
}

/// The words as far as they fit, cut between words.
pub(super) fn short(words: &str, room: Short) -> String {
    if words.chars().count() <= room.most() {
        return words.to_owned();
    }
    let mut out = String::new();
    for word in words.split(' ') {
        if out.chars().count() + 1 + word.chars().count() >= room.most() {
            break;
        }
        if !out.is_empty() {
            out.push(' ');
        }
        out.push_str(word);
    }
    if out.is_empty() {
        out = words.chars().take(room.most() - 1).collect();
    }
    format!("{}{CUT}", out.trim_end_matches([',', ';', ':', '.', '-', '(']).trim_end())
}

/// What stands where words were cut.
pub(crate) const CUT: char = '…';

/// Markdown as one line of plain words: marks of emphasis and code are dropped, links keep their words.
pub(super) fn plain(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let after = rest.get(c.len_utf8()..).unwrap_or_default();
        match c {
            '\\' if after.starts_with(|n: char| n.is_ascii_punctuation()) => {
                let mut letters = after.chars();
                out.extend(letters.next());
                rest = letters.as_str();
            }
            '*' | '`' => rest = after,
            '!' if after.starts_with('[') => rest = after,
            '[' => {
                if let Some((words, behind)) = link(after) {
                    out.push_str(&plain(words));
                    rest = behind;
                } else {
                    out.push(c);
                    rest = after;
                }
            }
            '<' if after.starts_with("br") => {
                out.push(' ');
                rest = after.split_once('>').map_or("", |(_, behind)| behind);
            }
            c if allowed(c) => {
                out.push(c);
                rest = after;
            }
            _ => rest = after,
        }
    }
    out.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A control character has no place in XML and none on a diagram.
fn allowed(c: char) -> bool {
    !c.is_control() || c.is_whitespace()
}

/// The words of a link whose opening bracket was passed, and what follows the link.
fn link(text: &str) -> Option<(&str, &str)> {
    let (words, behind) = text.split_once(']')?;
    let (_, behind) = behind.strip_prefix('(')?.split_once(')')?;
    (!words.contains('[')).then_some((words, behind))
}

/// Whether words speak of a time to wait.
pub(super) fn time_words(lower: &str) -> bool {
    const UNITS: [&str; 12] = [
        "minute", "minutes", "hour", "hours", "day", "days", "workdays", "week", "weeks", "month",
        "months", "o'clock",
    ];
    let words: Vec<&str> = lower
        .split(|c: char| !c.is_alphanumeric() && c != '\'')
        .filter(|w| !w.is_empty())
        .collect();
    words.iter().any(|w| UNITS.contains(w))
        || words.iter().any(|w| {
            matches!(
                *w,
                "monday" | "tuesday" | "wednesday" | "thursday" | "friday" | "saturday" | "sunday"
            )
        })
}

/// The instructions of a step as Markdown: its text, its parts as a list, whom it asks and tells.
pub(super) fn documentation(step: &Step, with_parts: bool) -> String {
    let mut pieces: Vec<String> = Vec::new();
    let text = step.text.trim();
    if !text.is_empty() {
        pieces.push(text.to_owned());
    }
    let mut lines = Vec::new();
    let inline = step.decisions.iter().filter(|d| !d.target.routes() && !d.action.is_empty());
    for decision in inline.filter(|d| !text.contains(d.action.as_str())) {
        lines.push(format!("- If {}, {}.", decision.condition, decision.action));
    }
    if !step.consulted.is_empty() {
        lines.push(format!("- Consult: {}", step.consulted.join(", ")));
    }
    if !step.informed.is_empty() {
        lines.push(format!("- Inform: {}", step.informed.join(", ")));
    }
    lines.extend(step.handoff_to.iter().map(|name| format!("- Hand off to {name}.")));
    if !lines.is_empty() {
        pieces.push(lines.join("\n"));
    }
    if with_parts && !step.steps.is_empty() {
        let mut list = String::new();
        parts(&mut list, &step.steps, 0);
        pieces.push(list.trim_end().to_owned());
    }
    pieces.join("\n\n")
}

/// The parts of a step as a numbered list.
fn parts(out: &mut String, steps: &[Step], indent: usize) {
    for (n, step) in steps.iter().enumerate() {
        let margin = " ".repeat(indent);
        let seat = step.seat.as_ref().map(|s| format!(" — {}", s.name)).unwrap_or_default();
        let marker = format!("{}. ", n + 1);
        let _written = writeln!(out, "{margin}{marker}**{}**{seat}", step.title);
        let under = indent + marker.chars().count();
        for line in documentation(step, false).lines() {
            let _written =
                writeln!(out, "{}{line}", " ".repeat(if line.is_empty() { 0 } else { under }));
        }
        parts(out, &step.steps, under);
    }
}
