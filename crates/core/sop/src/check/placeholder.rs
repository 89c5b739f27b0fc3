//! The rule SOP0502: a blank was left in the text.
#![doc = include_str!("../../../../../docs/codes/SOP0502.md")]

use super::{Document, Rule};
use crate::block::Piece;
use crate::lexicon::Lexicon;
use crate::passage::head;
use gemba_diag::{Code, Diagnostic, Severity};

/// The entry of the rule table.
pub(crate) const RULE: Rule = Rule {
    code: Code("SOP0502"),
    name: "placeholder-left",
    severity: Severity::Warning,
    summary: "A blank was left in the text",
    page: include_str!("../../../../../docs/codes/SOP0502.md"),
};

pub(crate) fn check(document: &Document<'_>, found: &mut Vec<Diagnostic>) {
    for passage in document.readings.iter().flat_map(|r| super::within(document, r)) {
        let angled = passage.block.inline.iter().find_map(|part| match &part.piece {
            Piece::Html => angled(document.source.get(part.span.clone())?),
            _ => None,
        });
        let Some(blank) = blank(passage.block.plain()).or(angled) else { continue };
        found.push(
            RULE.at(passage.place(document.source, &blank), format!("\"{blank}\" is a blank"))
                .with_help("fill it in, or say who does and when"),
        );
    }
}

/// Last words of what stands in brackets for somebody to fill in.
const BLANKS: [&str; 26] = [
    "name",
    "names",
    "date",
    "number",
    "amount",
    "address",
    "email",
    "role",
    "title",
    "company",
    "client",
    "customer",
    "person",
    "team",
    "department",
    "product",
    "phone",
    "channel",
    "url",
    "tool",
    "time",
    "day",
    "month",
    "year",
    "location",
    "manager",
];

/// What one of stands in every text with a blank.
const SIGNS: Lexicon =
    Lexicon::new(&["tbd", "tbc", "todo", "fixme", "xxx", "__", "lorem ipsum", "["]);

const WORDS: [&str; 6] = ["TBD", "TBC", "TODO", "FIXME", "XXX", "XXXX"];

/// "<account number>", which Markdown takes for HTML: two words and more that are no attributes, or one
/// that is no element.
fn angled(html: &str) -> Option<String> {
    let inner = html.strip_prefix('<')?.strip_suffix('>')?;
    let word =
        |w: &str| !w.is_empty() && w.chars().all(|c| c.is_alphabetic() || matches!(c, '_' | '-'));
    let words: Vec<&str> = inner.split(' ').collect();
    let last = words.last()?.rsplit(['_', '-']).next()?.to_lowercase();
    let named = BLANKS.contains(&last.as_str()) && !matches!(last.as_str(), "time" | "address");
    ((1..=4).contains(&words.len()) && words.iter().all(|w| word(w)) && named)
        .then(|| html.to_owned())
}

/// The first blank of a text.
fn blank(text: &str) -> Option<String> {
    if !SIGNS.stands_in(text) {
        return None;
    }
    let mut words = text.split_whitespace().peekable();
    while let Some(word) = words.next() {
        let bare = word.trim_matches(|c: char| !c.is_alphanumeric() && c != '_');
        // "Identify any TODO items" speaks of blanks and is none.
        let thing = |next: &&str| {
            ["item", "list", "note", "comment"]
                .iter()
                .any(|noun| next.to_lowercase().starts_with(noun))
        };
        if WORDS.contains(&bare) && !words.peek().is_some_and(thing) {
            return Some(bare.to_owned());
        }
        if bare.len() > 3 && bare.chars().all(|c| c == '_') {
            return Some(bare.to_owned());
        }
    }
    let lower = text.to_lowercase();
    if let Some(at) = lower.find("lorem ipsum") {
        return text.get(at..at + "lorem ipsum".len()).map(str::to_owned);
    }
    for (at, _) in text.match_indices('[') {
        let rest = head(text.get(at..).unwrap_or_default(), 80);
        let Some(inner) = rest.get(1..).and_then(|r| r.split_once(']')).map(|(inner, _)| inner)
        else {
            continue;
        };
        let capitals = inner.len() > 2
            && inner.chars().all(|c| c.is_ascii_uppercase() || matches!(c, ' ' | '_' | '-'))
            && inner.chars().any(char::is_alphabetic);
        let asked = ["insert ", "enter ", "your ", "fill in"]
            .iter()
            .any(|w| inner.to_lowercase().starts_with(w));
        // "[account number]": a name for what is not there.
        let lower = inner.to_lowercase();
        let named = (1..=4).contains(&lower.split(' ').count())
            && lower
                .split(' ')
                .all(|w| !w.is_empty() && w.chars().all(|c| c.is_alphabetic() || c == '\''))
            && lower.split(' ').next_back().is_some_and(|last| BLANKS.contains(&last));
        if (capitals || asked || named) && inner.len() < 60 {
            return Some(format!("[{inner}]"));
        }
    }
    None
}
