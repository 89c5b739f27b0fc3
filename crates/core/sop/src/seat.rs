//! What a name is: a seat, a channel, a blank to fill in, or nobody in particular.

use crate::inline::fold;

/// Words that stand for whoever reads.
const NOBODY: [&str; 28] = [
    "you",
    "we",
    "they",
    "it",
    "he",
    "she",
    "i",
    "this",
    "that",
    "these",
    "those",
    "there",
    "everyone",
    "someone",
    "anyone",
    "everybody",
    "anybody",
    "somebody",
    "all",
    "who",
    "which",
    "what",
    "none",
    "nobody",
    "n/a",
    "na",
    "one",
    "people",
];

/// Whether a text is a blank to be filled in.
pub(crate) fn is_blank(text: &str) -> bool {
    let text = text.trim().trim_matches(['*', '_', '`', '"', '\'']).trim();
    if text.chars().all(|c| matches!(c, '\\' | '_' | '.' | '-' | '?' | '…' | ' ')) {
        return true;
    }
    let lower = text.to_lowercase();
    if matches!(
        lower.as_str(),
        "tbd"
            | "tba"
            | "tbc"
            | "todo"
            | "xx"
            | "xxx"
            | "n/a"
            | "na"
            | "none"
            | "name"
            | "role"
            | "owner"
            | "to be defined"
            | "to be decided"
            | "to be determined"
    ) {
        return true;
    }
    let unescaped = lower.replace('\\', "");
    let inner = unescaped.trim();
    let wrapped = |open: char, close: char| inner.starts_with(open) && inner.ends_with(close);
    wrapped('<', '>')
        || (wrapped('[', ']') && !inner.contains("]("))
        || (wrapped('{', '}'))
        || ["enter ", "insert ", "your ", "fill in", "name of"].iter().any(|w| inner.starts_with(w))
}

/// Whether a name is a chat channel, a mailbox, an account or an address rather than a seat.
pub(crate) fn is_channel(text: &str) -> bool {
    let text = text.trim().trim_matches('`');
    let address = text.contains('@') && text.contains('.') && !text.contains(' ');
    text.starts_with('#')
        || (text.starts_with('@') && !text.contains(' '))
        || address
        || text.starts_with("http://")
        || text.starts_with("https://")
        || text.starts_with("mailto:")
        || text.to_lowercase().starts_with("slack channel")
        || [
            "mailing list",
            "mailbox",
            "inbox",
            "slack channel",
            "teams channel",
            "distribution list",
        ]
        .iter()
        .any(|kind| text.to_lowercase().ends_with(kind))
}

/// Whether the words name nobody in particular.
pub(crate) fn is_nobody(text: &str) -> bool {
    NOBODY.contains(&text.trim().to_lowercase().as_str())
}

/// The names of a list in words: "A, B and C"; "and" parts only where every part is capitalised or
/// the list has commas, so that "Research and Development" stays whole only by hand.
pub(crate) fn names(text: &str) -> Vec<String> {
    text.split([',', ';'])
        .map(|part| fold(part.trim().trim_end_matches('.')))
        .map(|part| part.strip_prefix("and ").map_or(part.clone(), str::to_owned))
        .filter(|part| !part.is_empty())
        .collect()
}

/// A name without its article and final punctuation.
pub(crate) fn tidy(text: &str) -> String {
    let folded = fold(text.trim_matches(['*', '_', '`', '"', '“', '”']));
    let bare = folded.trim_end_matches(['.', ',', ':', ';', '!', '?']);
    for article in [
        "the ", "The ", "a ", "A ", "an ", "An ", "your ", "Your ", "our ", "Our ", "their ",
        "Their ",
    ] {
        if let Some(rest) = bare.strip_prefix(article) {
            return rest.trim().to_owned();
        }
    }
    bare.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blanks_are_told_from_names() {
        for blank in [
            "",
            "<role>",
            "[NAME]",
            "\\<enter role of owner\\>",
            "TBD",
            "___",
            "INSERT NAME",
            "**\\_**",
            "*\\<enter role\\>*",
        ] {
            assert!(is_blank(blank), "{blank}");
        }
        for name in ["Accounting", "Head of [x](y)", "Owner relations", "QMO"] {
            assert!(!is_blank(name), "{name}");
        }
    }

    #[test]
    fn channels_are_told_from_seats() {
        for channel in ["#ops", "bills@example.org", "@team-ops", "https://example.org/x"] {
            assert!(is_channel(channel), "{channel}");
        }
        assert!(!is_channel("Head of C# teams") && !is_channel("Accounting"));
    }
}
