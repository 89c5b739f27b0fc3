//! The rule SOP0006: the front matter cannot be read.
#![doc = include_str!("../../../../../docs/codes/SOP0006.md")]

use super::{Document, Rule};
use gemba_diag::{Code, Diagnostic, Severity};

/// The entry of the rule table.
pub(crate) const RULE: Rule = Rule {
    code: Code("SOP0006"),
    name: "front-matter",
    severity: Severity::Error,
    summary: "The front matter cannot be read",
    page: include_str!("../../../../../docs/codes/SOP0006.md"),
};

pub(crate) fn check(document: &Document<'_>, found: &mut Vec<Diagnostic>) {
    if let Some((reason, range)) = &document.front.fault {
        let made = RULE.at(range.clone(), format!("the front matter cannot be read: {reason}"));
        let text = document.source.get(range.clone()).unwrap_or_default();
        let quoted = quoted(text);
        let reads = matches!(crate::yaml::parse(&quoted), Ok(crate::yaml::Value::Map(_)));
        found.push(if reads && quoted != text {
            made.with_fix(range.clone(), quoted, "quote the values that hold a mark of YAML")
        } else {
            made.with_help("write one `key: value` per line and quote values with a colon")
        });
    }
}

/// The same lines with quotes round the values that YAML would take for something else.
fn quoted(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 16);
    for line in text.split_inclusive('\n') {
        let body = line.trim_end();
        let end = line.get(body.len()..).unwrap_or_default();
        let parted = body.split_once(": ").filter(|(key, value)| {
            let plain = !key.is_empty() && key.chars().all(|c| c.is_alphanumeric() || c == '_');
            let marked = value.contains(": ")
                || value.ends_with(':')
                || value.contains(" #")
                || value.starts_with(['@', '`', '%', '*', '&', '!', '|', '>', '?', ',']);
            plain && marked && !value.contains(['"', '\\'])
        });
        match parted {
            Some((key, value)) => {
                out.push_str(key);
                out.push_str(": \"");
                out.push_str(value.trim());
                out.push('"');
                out.push_str(end);
            }
            None => out.push_str(line),
        }
    }
    out
}
