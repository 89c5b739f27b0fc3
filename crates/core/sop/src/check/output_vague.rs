//! The rule SOP0113: an expected output does not say what there is.
#![doc = include_str!("../../../../../docs/codes/SOP0113.md")]

use super::{Document, Rule};

use gemba_diag::{Code, Diagnostic, Severity};

/// The entry of the rule table.
pub(crate) const RULE: Rule = Rule {
    code: Code("SOP0113"),
    name: "output-vague",
    severity: Severity::Warning,
    summary: "An expected output does not say what there is",
    page: include_str!("../../../../../docs/codes/SOP0113.md"),
};

pub(crate) fn check(document: &Document<'_>, found: &mut Vec<Diagnostic>) {
    for reading in document.readings {
        for output in &reading.process.expected_output {
            let words = crate::outline::words(&output.text);
            if VAGUE.contains(&words.as_str()) || is_idle(&words) {
                found.push(
                    RULE.at(
                        output.span.range(),
                        format!("\"{}\" does not say what there is then", output.text.trim()),
                    )
                    .with_help("name the thing and its state, as in \"All invoices are sent\""),
                );
            }
        }
    }
}

/// Whether words say that something is over, or somebody glad, and not what there is: "the work is done",
/// "a happy customer".
fn is_idle(words: &str) -> bool {
    let bare = ["the ", "a ", "an ", "all "].iter().find_map(|w| words.strip_prefix(w));
    match bare.unwrap_or(words).split(' ').collect::<Vec<_>>().as_slice() {
        [thing, verb, state] => {
            ["work", "job", "task", "tasks", "process", "procedure"].contains(thing)
                && ["is", "are", "was", "gets"].contains(verb)
                && ["done", "finished", "complete", "completed", "over", "ok"].contains(state)
        }
        [feeling, somebody] => {
            ["happy", "satisfied", "pleased", "glad"].contains(feeling)
                && ["customer", "customers", "client", "clients", "people", "users"]
                    .contains(somebody)
        }
        _ => false,
    }
}

const VAGUE: [&str; 26] = [
    "done",
    "all done",
    "it is done",
    "everything is done",
    "finished",
    "everything is finished",
    "complete",
    "completed",
    "successfully completed",
    "completed successfully",
    "successful completion",
    "the process is complete",
    "the process is completed",
    "the process is done",
    "the process is finished",
    "the process was completed",
    "process completed",
    "the task is done",
    "success",
    "everything works",
    "everything is fine",
    "everything is ok",
    "everything is in order",
    "as expected",
    "a good result",
    "good quality",
];
