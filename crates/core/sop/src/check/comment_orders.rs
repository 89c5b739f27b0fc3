//! The rule SOP0803: a comment that readers do not see gives orders.
#![doc = include_str!("../../../../../docs/codes/SOP0803.md")]

use super::{Document, Rule};
use crate::passage::says;
use gemba_diag::{Code, Diagnostic, Severity};

/// The entry of the rule table.
pub(crate) const RULE: Rule = Rule {
    code: Code("SOP0803"),
    name: "comment-orders",
    severity: Severity::Warning,
    summary: "A comment that readers do not see gives orders",
    page: include_str!("../../../../../docs/codes/SOP0803.md"),
};

pub(crate) fn check(document: &Document<'_>, found: &mut Vec<Diagnostic>) {
    let mut at = 0;
    while let Some((start, length)) = comment(document.source, at) {
        let text = document.source.get(start..start + length).unwrap_or_default();
        let inside = text.trim_start_matches("<!--").trim_start_matches(|c| "[]/:#( ".contains(c));
        let lower = inside.to_lowercase();
        let orders = ORDERS.iter().any(|phrase| says(&lower, phrase));
        // "Agents must" is an order; a comment may well say for whom a section is.
        let speaks = AGENTS
            .iter()
            .any(|name| MUST.iter().any(|word| says(&lower, &format!("{name} {word}"))))
            || AGENTS.iter().any(|name| is_addressed(&lower, name))
            || lower
                .strip_prefix("system:")
                .is_some_and(|rest| rest.split_whitespace().count() > 3);
        if orders || speaks {
            found.push(
                RULE.at(start..start + length, "this comment gives orders that readers do not see")
                    .with_help("write it into the text, where it is read over, or take it out"),
            );
        }
        at = start + length;
    }
}

/// The next comment: HTML, or a link that is never used, as in `[//]: # (words)`.
pub(super) fn comment(source: &str, from: usize) -> Option<(usize, usize)> {
    let rest = source.get(from..)?;
    let html = rest.find("<!--");
    let link = rest.find("[//]: #").filter(|at| html.is_none_or(|html| *at < html));
    let start = link.or(html)?;
    let inner = rest.get(start..)?;
    let end = if link.is_some() { inner.find('\n') } else { inner.find("-->").map(|at| at + 3) };
    Some((from + start, end.unwrap_or(inner.len())))
}

/// Orders that no comment for writers needs.
const ORDERS: [&str; 12] = [
    "do not tell",
    "don't tell",
    "do not mention",
    "do not reveal",
    "without asking",
    "without approval",
    "always approve",
    "system prompt",
    "ignore previous",
    "ignore all previous",
    "ignore the above",
    "disregard",
];

/// "Agents: also send it there", "note to AI: ...", "if you are a language model".
fn is_addressed(lower: &str, name: &str) -> bool {
    let inside = lower;
    let note = ["note to ", "note for ", "to ", "for ", "dear "].iter();
    let opened = std::iter::once(inside)
        .chain(note.filter_map(|word| inside.strip_prefix(word)))
        .map(|text| text.strip_prefix("ai ").filter(|rest| rest.starts_with("ag")).unwrap_or(text))
        .filter_map(|text| text.strip_prefix(name))
        .any(|rest| rest.starts_with([':', ',']) && rest.split_whitespace().count() > 3);
    let told = ["if you are an ", "if you are a ", "if you're an ", "if you're a "];
    opened || told.iter().any(|word| says(lower, &format!("{word}{name}")))
}

const AGENTS: [&str; 11] = [
    "agent",
    "agents",
    "assistant",
    "assistants",
    "language model",
    "llm",
    "ai assistant",
    "ai assistants",
    "chatgpt",
    "claude",
    "ai",
];

const MUST: [&str; 5] = ["must", "should", "shall", "always", "never"];
