//! The rule SOP0805: a link runs code or holds its target in itself.
#![doc = include_str!("../../../../../docs/codes/SOP0805.md")]

use super::{Document, Rule};

use gemba_diag::{Code, Diagnostic, Severity};

/// The entry of the rule table.
pub(crate) const RULE: Rule = Rule {
    code: Code("SOP0805"),
    name: "link-runs-code",
    severity: Severity::Error,
    summary: "A link runs code or holds its target in itself",
    page: include_str!("../../../../../docs/codes/SOP0805.md"),
};

pub(crate) fn check(document: &Document<'_>, found: &mut Vec<Diagnostic>) {
    super::each_link(document, |target, range| {
        let bare: String =
            target.chars().filter(|c| !c.is_whitespace() && !c.is_control()).collect();
        let lower = bare.to_ascii_lowercase();
        if let Some(scheme) = SCHEMES.iter().find(|scheme| lower.starts_with(**scheme)) {
            found.push(
                RULE.at(range, format!("this link leads to `{scheme}`"))
                    .with_help("link to an https address or to a file"),
            );
        }
    });
}

const SCHEMES: [&str; 3] = ["javascript:", "vbscript:", "data:"];
