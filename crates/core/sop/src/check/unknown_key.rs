//! The rule SOP0008: a front matter key says nothing here.
#![doc = include_str!("../../../../../docs/codes/SOP0008.md")]

use super::{Document, Rule};
use crate::front::KEYS;
use crate::near::nearest;
use gemba_diag::{Code, Diagnostic, Severity};

/// The entry of the rule table.
pub(crate) const RULE: Rule = Rule {
    code: Code("SOP0008"),
    name: "unknown-key",
    severity: Severity::Info,
    summary: "A front matter key says nothing here",
    page: include_str!("../../../../../docs/codes/SOP0008.md"),
};

/// Keys that only a SOP has.
const OURS: [&str; 7] = ["owner", "trigger", "triggers", "raci", "review", "function", "slug"];

/// What generators of web pages ask for.
const SITES: [&str; 16] = [
    "cSpell",
    "id",
    "keywords",
    "lang",
    "layout",
    "nav_order",
    "parent",
    "permalink",
    "redirect_from",
    "section",
    "sidebar",
    "sidebar_label",
    "sidebar_position",
    "tags",
    "template",
    "weight",
];

pub(crate) fn check(document: &Document<'_>, found: &mut Vec<Diagnostic>) {
    // Front matter that has none of our keys belongs to another tool.
    let ours = document.front.settings.get(&OURS).is_some();
    for entry in &document.front.settings.entries {
        if !crate::front::understood(&entry.key) {
            let made = RULE.at(entry.span.clone(), format!("`{}` says nothing here", entry.key));
            let free = KEYS.into_iter().filter(|key| document.front.settings.get(&[key]).is_none());
            let start = entry.span.start;
            let key = start..start + entry.key.len();
            let written = document.source.get(key.clone()) == Some(entry.key.as_str());
            let meant = nearest(&entry.key, free).filter(|_| written);
            if meant.is_none() && (!ours || SITES.contains(&entry.key.as_str())) {
                continue;
            }
            found.push(match meant {
                Some(meant) => made.with_fix(key, meant, format!("write `{meant}`")),
                None => made.with_help(
                    "known keys are title, slug, owner, function, trigger, review and raci",
                ),
            });
        }
    }
}
