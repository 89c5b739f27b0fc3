//! The rule SOP0109: two seats are named as the owner.
#![doc = include_str!("../../../../../docs/codes/SOP0109.md")]

use super::{Document, Rule};
use gemba_diag::{Code, Diagnostic, Severity};

/// The entry of the rule table.
pub(crate) const RULE: Rule = Rule {
    code: Code("SOP0109"),
    name: "owner-several",
    severity: Severity::Error,
    summary: "Two seats are named as the owner",
    page: include_str!("../../../../../docs/codes/SOP0109.md"),
};

pub(crate) fn check(document: &Document<'_>, found: &mut Vec<Diagnostic>) {
    for reading in document.readings {
        let process = &reading.process;
        let name = process.owner.named().unwrap_or_default();
        let listed = !process.owner.several.is_empty();
        let several = listed
            || [",", ";", " and ", " / ", " & "].iter().any(|joint| {
                // "Research and Development" is one seat; two seats are a list, or two roles.
                let parts = name.split_once(joint);
                parts.is_some_and(|(one, other)| match *joint {
                    "," => !narrows(one, other),
                    " and " | " & " => reading.notes.owner_list() || two_roles(one, other),
                    _ => true,
                })
            });
        if several {
            found.push(
                RULE.at(
                    super::place(process.owner.span),
                    format!("the owner \"{name}\" names more than one seat"),
                )
                .with_help("name one seat as the owner; others can do steps"),
            );
        }
    }
}

/// Whether what follows a comma says more of the one seat: "Vice President, Sales", "Office manager,
/// backed up by the sales lead".
fn narrows(one: &str, other: &str) -> bool {
    let other = other.trim();
    let first = other.split_whitespace().next().unwrap_or_default();
    let stands_in = ["backed", "deputy", "deputised", "reporting", "represented", "in", "with"];
    let field = !other.contains(' ') && crate::actor::names_a_role(one);
    stands_in.contains(&first) || (field && !crate::actor::names_a_role(other))
}

/// Whether these are two seats rather than one person's two titles, as in "Founder and CEO".
fn two_roles(one: &str, other: &str) -> bool {
    let title = |name: &str| {
        let last = name.split_whitespace().next_back().unwrap_or_default().to_lowercase();
        TITLES.contains(&last.as_str())
    };
    let role = crate::actor::names_a_role;
    role(one) && role(other) && !title(one) && !title(other)
}

/// What people are beside the seat they hold.
const TITLES: [&str; 9] = [
    "founder",
    "co-founder",
    "cofounder",
    "president",
    "chair",
    "chairman",
    "partner",
    "owner",
    "vp",
];
