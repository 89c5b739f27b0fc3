//! The rule SOP0411: an escalation names nobody.
#![doc = include_str!("../../../../../docs/codes/SOP0411.md")]

use super::{Document, Rule};

use gemba_diag::{Code, Diagnostic, Severity};

/// The entry of the rule table.
pub(crate) const RULE: Rule = Rule {
    code: Code("SOP0411"),
    name: "escalation-to-nobody",
    severity: Severity::Info,
    summary: "An escalation names nobody",
    page: include_str!("../../../../../docs/codes/SOP0411.md"),
};

pub(crate) fn check(document: &Document<'_>, found: &mut Vec<Diagnostic>) {
    for reading in document.readings {
        for passage in document.passages.iter().filter(|p| super::within(reading, p)) {
            // All phrases begin with the same word: most passages are passed by with one look.
            let escalates = passage.lower.contains("escalate");
            for phrase in NOBODY.iter().filter(|_| escalates) {
                let Some(at) = passage.lower.find(*phrase) else { continue };
                let after = passage.lower.get(at + phrase.len()..).unwrap_or_default();
                if after.is_empty() || after.starts_with(['.', ',', ';', '!']) {
                    found.push(
                        RULE.at(
                            passage.place(document.source, phrase),
                            "this escalation names nobody",
                        )
                        .with_help("name the seat, as in \"Escalate to the Finance lead\""),
                    );
                    break;
                }
            }
        }
    }
}

const NOBODY: [&str; 12] = [
    "escalate",
    "escalate it",
    "escalate the issue",
    "escalate the matter",
    "escalate as needed",
    "escalate if needed",
    "escalate if necessary",
    "escalate as appropriate",
    "escalate accordingly",
    "escalate to management",
    "escalate to leadership",
    "escalate internally",
];
