//! The rule SOP0115: the owner is a team, not a seat.
#![doc = include_str!("../../../../../docs/codes/SOP0115.md")]

use super::{Document, Rule};

use gemba_diag::{Code, Diagnostic, Severity};

/// The entry of the rule table.
pub(crate) const RULE: Rule = Rule {
    code: Code("SOP0115"),
    name: "owner-team",
    severity: Severity::Warning,
    summary: "The owner is a team, not a seat",
    page: include_str!("../../../../../docs/codes/SOP0115.md"),
};

pub(crate) fn check(document: &Document<'_>, found: &mut Vec<Diagnostic>) {
    for reading in document.readings {
        let owner = &reading.process.owner;
        let name = owner.named().unwrap_or_default();
        if is_team(name) && document.surroundings.seat(name).is_none() {
            found.push(
                RULE.at(super::place(owner.span), format!("the owner \"{name}\" is a team"))
                    .with_help("name the one seat in it that answers for the process"),
            );
        }
    }
}

/// Whether a name is that of several people.
fn is_team(name: &str) -> bool {
    let lower = name.to_lowercase();
    // "Head of the finance department" is one seat.
    let (front, _) =
        lower.split_once(" of ").or_else(|| lower.split_once(" for ")).unwrap_or(("", ""));
    if crate::actor::names_a_role(front) || matches!(front, "head" | "chief" | "chair" | "vp") {
        return false;
    }
    let last = lower.split_whitespace().next_back().unwrap_or_default();
    let all = matches!(lower.as_str(), "everyone" | "everybody" | "all" | "all employees" | "we");
    all || matches!(
        last,
        "team"
            | "teams"
            | "department"
            | "departments"
            | "dept"
            | "group"
            | "committee"
            | "staff"
            | "crew"
            | "squad"
            | "management"
    )
}
