//! The rule SOP0703: a step says what is done, but not by whom.
#![doc = include_str!("../../../../../docs/codes/SOP0703.md")]

use super::{Document, Rule};

use gemba_diag::{Code, Diagnostic, Severity};

/// The entry of the rule table.
pub(crate) const RULE: Rule = Rule {
    code: Code("SOP0703"),
    name: "passive-doer",
    severity: Severity::Info,
    summary: "A step says what is done, but not by whom",
    page: include_str!("../../../../../docs/codes/SOP0703.md"),
};

pub(crate) fn check(document: &Document<'_>, found: &mut Vec<Diagnostic>) {
    for reading in document.readings {
        for step in &reading.process.steps {
            let lower = step.title.to_lowercase();
            let words: Vec<&str> = lower.split_whitespace().collect();
            let passive = words.windows(2).take(6).any(|pair| {
                let [auxiliary, participle] = pair else { return false };
                let auxiliary = matches!(*auxiliary, "is" | "are" | "gets" | "be");
                let bare = participle.trim_end_matches([',', '.', ';', ':']);
                let done = bare.ends_with("ed") && bare.len() > 4 || IRREGULAR.contains(&bare);
                auxiliary && done
            });
            let opens = words
                .first()
                .is_some_and(|w| matches!(*w, "the" | "an" | "a" | "all" | "each" | "every"));
            if step.seat.is_none() && opens && passive && !done_by_somebody(&lower) {
                found.push(
                    RULE.at(
                        super::title_place(document, step),
                        format!("step {} does not say who does it", step.number),
                    )
                    .with_help(
                        "write what to do, and the seat: `**Send the invoices** — Accounting`",
                    ),
                );
            }
        }
    }
}

/// Whether somebody is named who does it: "by the committee", not "by bank transfer" or "by the 5th".
fn done_by_somebody(lower: &str) -> bool {
    let after = lower.split_once(" by ").map(|(_, after)| after).unwrap_or_default();
    ["the ", "a ", "an ", "our ", "your ", "their "]
        .iter()
        .find_map(|article| after.strip_prefix(article))
        .is_some_and(|rest| {
            !rest.starts_with(|c: char| c.is_ascii_digit()) && !rest.starts_with("end")
        })
}

const IRREGULAR: [&str; 14] = [
    "sent", "paid", "made", "done", "written", "given", "taken", "kept", "put", "set", "told",
    "brought", "built", "drawn",
];
