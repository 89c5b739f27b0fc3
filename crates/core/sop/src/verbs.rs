//! The verbs with which instructions begin.

mod list;

use crate::lexicon::Lexicon;
use list::VERBS;

/// Words that may stand before the verb of an instruction.
const BEFORE: Lexicon = Lexicon::new(&[
    "then",
    "please",
    "always",
    "never",
    "don't",
    "also",
    "first",
    "next",
    "finally",
    "now",
    "optionally",
    "immediately",
    "manually",
    "again",
    "to",
    "and",
    "carefully",
    "only",
    "just",
    "not",
    "clearly",
    "regularly",
    "optional",
    "periodically",
    "briefly",
]);

/// Words that open the clause before an instruction.
const OPENING: Lexicon = Lexicon::new(&[
    "once", "when", "after", "before", "if", "in", "on", "at", "as", "for", "from", "using",
    "within", "with", "by", "during", "while", "under", "until",
]);

/// Whether a text begins as an instruction does: with a verb, perhaps after a short clause.
pub(crate) fn is_act(text: &str) -> bool {
    let text = crate::inline::without_sign(text);
    let mut words = text
        .split_whitespace()
        .map(|w| {
            w.trim_matches([
                '*', '_', '"', '“', '”', ',', ':', '.', '(', ')', '`', '!', '[', ']', ';',
            ])
        })
        .filter(|w| !w.is_empty());
    let mut first = words.next().unwrap_or_default();
    let mut steps = 0;
    if first.eq_ignore_ascii_case("do") {
        return true;
    }
    while BEFORE.has_any_case(first) && steps < 3 {
        first = words.next().unwrap_or_default();
        steps += 1;
    }
    if is_verb(&first.to_lowercase()) {
        return true;
    }
    // "Once signed, send it": the verb stands after the opening clause.
    OPENING.has_any_case(first)
        && text.split_once(", ").is_some_and(|(_, rest)| {
            let word = rest.split_whitespace().next().unwrap_or_default().to_lowercase();
            is_verb(&word) || BEFORE.has(&word)
        })
}

/// Whether a text begins with the act of a duty: "Removing the teammate from payroll".
pub(crate) fn is_duty(text: &str) -> bool {
    let mut words = text.split_whitespace();
    let first = words.next().unwrap_or_default().to_lowercase();
    let Some(stem) = first.strip_suffix("ing") else { return false };
    let doubled = stem.chars().rev().take(2).collect::<Vec<_>>();
    let single = match doubled.as_slice() {
        [a, b] if a == b => stem.get(..stem.len() - a.len_utf8()).unwrap_or(stem),
        _ => stem,
    };
    words.next().is_some() && (is_verb(stem) || is_verb(&format!("{stem}e")) || is_verb(single))
}

/// Whether a word is one of the verbs as it follows "she": "writes", "approves", "applies".
pub(crate) fn is_third_person(word: &str) -> bool {
    stem(word).is_some()
}

/// The plain form of a verb that follows "she"; any other word as it is.
pub(crate) fn plain(word: &str) -> String {
    stem(word).unwrap_or_else(|| word.to_owned())
}

fn stem(word: &str) -> Option<String> {
    let stem = word.strip_suffix('s')?;
    if word == "does" {
        return Some("do".to_owned());
    }
    if is_verb(stem) {
        return Some(stem.to_owned());
    }
    let shorter = stem.strip_suffix('e')?;
    if is_verb(shorter) {
        return Some(shorter.to_owned());
    }
    let changed = format!("{}y", shorter.strip_suffix('i')?);
    is_verb(&changed).then_some(changed)
}

/// Whether a word is one of the verbs in its plain form.
pub(crate) fn is_verb(word: &str) -> bool {
    listed(word) || word.split_once(['/', '-']).is_some_and(|(first, _)| listed(first))
}

/// The beginnings of the verbs as numbers, in the same order: comparing those is quick.
const BEGINNINGS: [u64; VERBS.len()] = beginnings();

#[expect(clippy::indexing_slicing, reason = "evaluated when compiled; both have the same length")]
const fn beginnings() -> [u64; VERBS.len()] {
    let mut all = [0; VERBS.len()];
    let mut at = 0;
    while at < all.len() {
        all[at] = beginning(VERBS[at].as_bytes());
        at += 1;
    }
    all
}

/// The first eight bytes as one number that sorts as they do.
const fn beginning(bytes: &[u8]) -> u64 {
    let (mut made, mut rest, mut taken) = (0_u64, bytes, 0);
    while taken < 8 {
        made <<= 8;
        if let [first, after @ ..] = rest {
            made |= u64::from_be_bytes([0, 0, 0, 0, 0, 0, 0, *first]);
            rest = after;
        }
        taken += 1;
    }
    made
}

/// Whether a word is in the list of verbs.
fn listed(word: &str) -> bool {
    let wanted = beginning(word.as_bytes());
    let from = BEGINNINGS.partition_point(|known| *known < wanted);
    let alike = BEGINNINGS.iter().skip(from).take_while(|known| **known == wanted).count();
    VERBS.iter().skip(from).take(alike).any(|verb| *verb == word)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_verbs_are_in_order() {
        assert!(VERBS.is_sorted());
    }

    #[test]
    fn duties_begin_with_a_gerund() {
        for text in ["Removing the access", "Scheduling it", "Running the report"] {
            assert!(is_duty(text), "{text}");
        }
        assert!(!is_duty("Pricing") && !is_duty("Nothing to do"));
    }

    #[test]
    fn instructions_begin_with_a_verb() {
        for text in [
            "Send it",
            "Then send it",
            "Once signed, file it",
            "**Review** it",
            "Review/approve it",
        ] {
            assert!(is_act(text), "{text}");
        }
        for text in ["The sender", "Severity 1", "Honesty", "Unresolved", ""] {
            assert!(!is_act(text), "{text}");
        }
    }
}
