//! The rule SOP0601: the same thing is said with two amounts or times.
#![doc = include_str!("../../../../../docs/codes/SOP0601.md")]

use super::{Document, Rule};
use crate::lexicon::Lexicon;
use crate::passage::Passage;
use gemba_diag::{Code, Diagnostic, Severity};
use std::collections::BTreeMap;

/// The entry of the rule table.
pub(crate) const RULE: Rule = Rule {
    code: Code("SOP0601"),
    name: "amounts-differ",
    severity: Severity::Warning,
    summary: "The same thing is said with two amounts or times",
    page: include_str!("../../../../../docs/codes/SOP0601.md"),
};

pub(crate) fn check(document: &Document<'_>, found: &mut Vec<Diagnostic>) {
    // Two procedures in one document may have limits of their own.
    if document.readings.len() != 1 {
        return;
    }
    let mut said: BTreeMap<String, (String, &Passage<'_>, String)> = BTreeMap::new();
    for passage in document.passages.iter().filter(|p| !p.quoted) {
        // Amounts are numbers. Where a sentence ends is seen by the capital letter behind it.
        let text = passage.block.plain();
        let tells = counts(text) && (MEASURES.stands_in(text) || !text.is_ascii());
        let all = if tells { crate::inline::sentences(text) } else { Vec::new() };
        for sentence in all {
            let lower = crate::inline::fold(sentence).to_lowercase();
            let sentence = lower.trim_end_matches(['.', ':', ';', '!', '?']);
            if !counts(sentence) {
                continue;
            }
            // A sentence that is the same but for its amount speaks of the same case.
            let mut all: Vec<(String, String, String)> =
                sentence.split("; ").filter_map(bounds).collect();
            if CASES.said_in(sentence).is_none() {
                all.extend(limits(sentence).into_iter().chain(times(sentence)));
            }
            for (thing, amount, phrase) in all {
                match said.get(&thing) {
                    Some((known, at, first)) if *known != amount => {
                        found.push(
                            RULE.at(
                                passage.place(document.source, &phrase),
                                format!("here it is {phrase}, and elsewhere {first}"),
                            )
                            .with_related(at.place(document.source, first), format!("{first} here"))
                            .with_help("leave one of the two, or say when which of them holds"),
                        );
                    }
                    Some(_) => {}
                    None => {
                        said.insert(thing, (amount, passage, phrase));
                    }
                }
            }
        }
    }
}

/// What stands beside every number that is compared, as far as it is ASCII.
const MEASURES: Lexicon = Lexicon::new(&[
    "$", "%", " within ", "euro", "eur", "dollar", "usd", "pound", "gbp", "franc", "chf", "yen",
]);

fn counts(text: &str) -> bool {
    text.bytes().any(|b| b.is_ascii_digit())
}

/// Words that say that a number holds in some cases only.
const CASES: Lexicon = Lexicon::new(&[
    "if",
    "when",
    "unless",
    "otherwise",
    "where",
    "for",
    "per",
    "in case",
    "except",
    "depending",
    "until",
    "first",
    "second",
    "third",
    "initial",
    "final",
    "usually",
    "typically",
    "default",
    "example",
    "e.g",
    "option",
    "tier",
    "level",
    "priority",
    "severity",
    "urgent",
    "standard",
    "previously",
    "used to",
    "instead",
    "or",
    "new",
]);

/// What is called with an amount: "the refund limit is $500", "a refund limit of $500".
fn limits(sentence: &str) -> Vec<(String, String, String)> {
    let words: Vec<&str> = sentence.split(' ').collect();
    let mut found = Vec::new();
    for (at, word) in words.iter().enumerate() {
        let noun = word.trim_end_matches(':');
        let Some(kind) =
            at.checked_sub(1).and_then(|n| words.get(n)).filter(|_| LIMITS.contains(&noun))
        else {
            continue;
        };
        if !is_a_name(kind) {
            continue;
        }
        // More that names it belongs to it: "monthly travel budget".
        let before = at.checked_sub(2).and_then(|n| words.get(n)).copied().unwrap_or_default();
        let before = if is_a_name(before) { before } else { "" };
        let mut after = at + 1;
        if matches!(words.get(after), Some(&("of" | "is" | "was" | "at"))) {
            after += 1;
        } else if !word.ends_with(':') {
            continue;
        }
        let Some(amount) = words.get(after).map(|w| w.trim_end_matches(',')).filter(|w| money(w))
        else {
            continue;
        };
        // "A limit of $500 a day" and one of "$500 a week" are two limits.
        if words.get(after + 1).is_some_and(|next| {
            !matches!(*next, "and" | "must" | "is" | "needs" | "requires" | "without")
                && !words.get(after).is_some_and(|w| w.ends_with(','))
        }) {
            continue;
        }
        let thing = format!("{before} {kind} {noun}");
        found.push((thing, (*amount).to_owned(), (*amount).to_owned()));
    }
    found
}

const LIMITS: [&str; 12] = [
    "limit",
    "threshold",
    "cap",
    "maximum",
    "minimum",
    "budget",
    "fee",
    "deposit",
    "allowance",
    "ceiling",
    "charge",
    "penalty",
];

/// Whether a word names a thing and is no article, pronoun or measure.
fn is_a_name(word: &str) -> bool {
    const NONE: [&str; 26] = [
        "the", "a", "an", "this", "that", "our", "your", "their", "its", "his", "her", "any", "no",
        "each", "every", "of", "to", "is", "with", "above", "below", "over", "under", "same",
        "and", "by",
    ];
    word.chars().count() > 2
        && word.chars().all(|c| c.is_alphabetic() || c == '-')
        && !NONE.contains(&word)
}

/// Whether a word is an amount of money or a share.
fn money(word: &str) -> bool {
    let digits = word.trim_start_matches(['$', '€', '£']).trim_end_matches(['%', '€']);
    let marked = digits.len() != word.len();
    marked
        && digits.starts_with(|c: char| c.is_ascii_digit())
        && digits.ends_with(|c: char| c.is_ascii_digit())
        && digits.chars().all(|c| c.is_ascii_digit() || matches!(c, ',' | '.'))
}

/// A sentence that draws a line at one amount of money: "refunds above 500 euros need an approval".
fn bounds(sentence: &str) -> Option<(String, String, String)> {
    let words: Vec<&str> = sentence.split(' ').collect();
    let numbers =
        || words.iter().enumerate().filter(|(_, w)| w.bytes().any(|b| b.is_ascii_digit()));
    let (at, amount) = numbers().next().filter(|_| numbers().count() == 1)?;
    let amount = amount.trim_end_matches(',');
    let next =
        words.get(at + 1).map(|w| w.trim_end_matches(',')).filter(|w| CURRENCIES.contains(w));
    let plain = amount.chars().all(|c| c.is_ascii_digit() || matches!(c, ',' | '.'));
    if !(money(amount) || (plain && next.is_some())) {
        return None;
    }
    let before = words.get(at.saturating_sub(2)..at).unwrap_or_default();
    if !before.iter().any(|word| LINES.contains(word)) || !(4..=20).contains(&words.len()) {
        return None;
    }
    let rest = words.iter().enumerate().filter(|(n, _)| *n != at).map(|(_, w)| *w);
    let rest: Vec<&str> = rest.filter(|word| !IDLE.contains(word)).collect();
    (rest.len() >= 3).then(|| (rest.join(" "), amount.to_owned(), amount.to_owned()))
}

const CURRENCIES: [&str; 12] = [
    "euro", "euros", "eur", "dollar", "dollars", "usd", "pound", "pounds", "gbp", "francs", "chf",
    "yen",
];

/// Words before an amount at which something changes.
const LINES: [&str; 11] = [
    "above",
    "over",
    "below",
    "under",
    "than",
    "exceeding",
    "exceed",
    "exceeds",
    "to",
    "least",
    "most",
];

/// What is done within a time: "reply to the client within 2 days".
fn times(sentence: &str) -> Option<(String, String, String)> {
    let (act, rest) = sentence.split_once(" within ")?;
    let mut words = rest.split(' ');
    let (n, unit) = (words.next()?, words.next()?);
    let count: u32 = n.parse().ok()?;
    let one = unit.strip_suffix('s').unwrap_or(unit);
    // 24 hours and 1 day are the same to some and not to others: only the same unit is compared.
    if !matches!(one, "minute" | "hour" | "day" | "week") {
        return None;
    }
    // "Within 2 days of the order" counts from something else than "within 5 days of the invoice".
    let whole = words.next().is_none();
    let mut named: Vec<&str> = act.split(' ').filter(|word| !IDLE.contains(word)).collect();
    let plain = named.iter().all(|w| w.chars().all(|c| c.is_alphabetic() || c == '-'));
    // An act and what it is done to, at least, and no longer story.
    if !whole || !plain || !(2..=7).contains(&named.len()) {
        return None;
    }
    named.sort_unstable();
    named.dedup();
    // 24 hours and a day are the same; 48 hours and one day are not.
    let said = format!("within {n} {unit}");
    let (count, one) =
        if one == "hour" && count.is_multiple_of(24) { (count / 24, "day") } else { (count, one) };
    Some((format!("{} in {one}s", named.join(" ")), format!("{count} {one}"), said))
}

/// Words that say nothing about what is done.
const IDLE: [&str; 16] = [
    "the", "a", "an", "to", "is", "are", "be", "must", "should", "will", "shall", "of", "all",
    "then", "please", "always",
];
