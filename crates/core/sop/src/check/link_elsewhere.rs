//! The rule SOP0808: a link shows one address and leads to another.
#![doc = include_str!("../../../../../docs/codes/SOP0808.md")]

use super::{Document, Rule};
use crate::block::{Mark, Piece};
use gemba_diag::{Code, Diagnostic, Severity};

/// The entry of the rule table.
pub(crate) const RULE: Rule = Rule {
    code: Code("SOP0808"),
    name: "link-elsewhere",
    severity: Severity::Warning,
    summary: "A link shows one address and leads to another",
    page: include_str!("../../../../../docs/codes/SOP0808.md"),
};

pub(crate) fn check(document: &Document<'_>, found: &mut Vec<Diagnostic>) {
    super::each_block(document, |block| {
        let mut open: Option<(&str, usize)> = None;
        let mut words = String::new();
        for part in &block.inline {
            match &part.piece {
                Piece::Open(Mark::Link(target)) => {
                    open = Some((target, part.span.start));
                    words.clear();
                }
                Piece::Close(Mark::Link(_)) => {
                    if let Some((target, start)) = open.take()
                        && let (Some(shown), Some(real)) = (host(&words), host(target))
                        && shown != real
                        && !real.ends_with(&format!(".{shown}"))
                    {
                        let end = part.span.end.max(start);
                        found.push(
                            RULE.at(start..end, format!("this shows {shown} and leads to {real}"))
                                .with_help("show the address that it leads to"),
                        );
                    }
                }
                Piece::Text(text) | Piece::Code(text) => words.push_str(text),
                _ => {}
            }
        }
    });
}

/// The host of an https or http address, without "www.".
fn host(address: &str) -> Option<String> {
    let lower = address.trim().to_ascii_lowercase();
    let rest = lower.strip_prefix("https://").or_else(|| lower.strip_prefix("http://"))?;
    let host = rest.split(['/', '?', '#', ':', ' ']).next()?;
    let host = host.rsplit('@').next()?;
    host.contains('.').then(|| host.strip_prefix("www.").unwrap_or(host).to_owned())
}
