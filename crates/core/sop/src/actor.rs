//! Who a sentence says does the work, and to whom it says the work goes.

mod words;

use crate::lexicon::Lexicon;
use crate::seat;
use words::{FUNCTIONS, is_role};

const MODALS: Lexicon = Lexicon::new(&[
    "will", "should", "must", "shall", "may", "can", "would", "needs", "need", "is", "are", "has",
]);

/// Words that open a clause before the subject.
const CLAUSE: [&str; 32] = [
    "if",
    "when",
    "once",
    "after",
    "before",
    "as",
    "assuming",
    "upon",
    "at",
    "in",
    "on",
    "for",
    "unless",
    "while",
    "within",
    "during",
    "based",
    "prior",
    "where",
    "following",
    "under",
    "to",
    "by",
    "from",
    "besides",
    "until",
    "with",
    "depending",
    "should",
    "since",
    "every",
    "each",
];

/// Words that open a sentence by themselves: "Secondly, the clerk files it".
const FIRST: Lexicon = Lexicon::new(&[
    "first",
    "firstly",
    "second",
    "secondly",
    "third",
    "thirdly",
    "then",
    "next",
    "finally",
    "afterwards",
    "lastly",
    "additionally",
    "ideally",
    "typically",
    "usually",
    "optionally",
]);

const SMALL: [&str; 10] = ["of", "and", "the", "or", "for", "&", "on", "to", "in", "/"];

/// The subject of a sentence where it is a seat, or else the one by whom it says a thing is done.
pub(crate) fn of_sentence(text: &str) -> Option<String> {
    let text = crate::inline::without_sign(text);
    let first = text.get(..crate::inline::sentence_end(text)).unwrap_or(text);
    mentioned(first)
        .or_else(|| subject(first))
        .or_else(|| {
            // "Once it is signed, the PM sends it": the subject stands after the opening clause.
            let (opening, main) = first.split_once(", ")?;
            if FIRST.has_any_case(opening) {
                return subject(main);
            }
            let (word, clause) = opening.split_once(' ')?;
            let counted = word.starts_with(|c: char| c.is_ascii_digit());
            if !(CLAUSE.contains(&word.to_lowercase().as_str()) || counted) {
                return None;
            }
            // "Once Sales has signed it, they send it": the one of whom the clause speaks.
            let pronoun = main.split(' ').next().unwrap_or_default();
            if matches!(pronoun, "they" | "he" | "she") {
                return subject(clause);
            }
            // The clause may hold commas of its own.
            let mains = first.match_indices(", ").take(5);
            mains.filter_map(|(at, joint)| first.get(at + joint.len()..)).find_map(subject)
        })
        .or_else(|| agent(first))
}

/// The one whose handle opens a sentence and acts in it: "@hiring-manager interviews each of them".
fn mentioned(text: &str) -> Option<String> {
    let handle = text.strip_prefix('@')?.split_whitespace().next()?;
    let plain = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_');
    let words: Vec<&str> = text.split_whitespace().take(4).collect();
    if !handle.chars().all(plain) || !is_predicate(&words, 1) {
        return None;
    }
    let name = seat::tidy(&handle.replace(['-', '_'], " "));
    (!seat::is_nobody(&name) && !seat::is_blank(&name)).then_some(name)
}

/// The seat for whom the list is that these words introduce: "The Payroll team is responsible for:",
/// "As the host, you:", "Project manager:", "Each day as the duty officer:".
pub(crate) fn of_lead(text: &str) -> Option<String> {
    let last = crate::inline::sentences(text).last().copied().unwrap_or_default();
    let bare = last.strip_suffix([':', ','])?.trim_end();
    if is_only_a_seat(&seat::tidy(bare)) {
        return Some(seat::tidy(bare));
    }
    if let Some((role, you)) = bare.strip_prefix("As ").and_then(|rest| rest.split_once(", "))
        && you.starts_with("you")
    {
        return name_at(role).filter(|name| names_a_role(name));
    }
    let after = bare.rsplit_once(" as ").map(|(_, role)| seat::tidy(role));
    of_sentence(last).or_else(|| after.filter(|name| is_a_seat(name)))
}

/// Participles that make a subject the one who acts: "is required to".
const TASKED: Lexicon = Lexicon::new(&[
    "required",
    "expected",
    "supposed",
    "tasked",
    "responsible",
    "allowed",
    "assigned",
    "asked",
    "need",
    "needed",
]);

/// The seat before the colon of "Manager: announce the departure".
pub(crate) fn of_label(text: &str) -> Option<String> {
    let (label, rest) = text.split_once(": ")?;
    let name = seat::tidy(label);
    (is_only_a_seat(&name) && !rest.trim().is_empty()).then_some(name)
}

/// A name without its short form in brackets: "Quality Manager (QM)".
pub(crate) fn bare_name(name: &str) -> &str {
    match name.split_once(" (") {
        Some((full, short)) if short.strip_suffix(')').is_some_and(is_short_form) => full,
        _ => name,
    }
}

/// Whether the word behind a name of `at` words is what its bearer does.
pub(crate) fn acts_at(words: &[&str], at: usize) -> bool {
    let word = |n: usize| words.get(n).map(|w| w.to_lowercase()).unwrap_or_default();
    is_predicate(words, at) || is_of_third_person(&word(at), &word(at + 1))
}

/// The words that may be the verb of a subject of `at` words.
fn is_predicate(words: &[&str], at: usize) -> bool {
    let Some(word) = words.get(at) else { return false };
    let lower = word.trim_end_matches([',', ':', '.']).to_lowercase();
    let later = |n: usize| words.get(at + n).copied().unwrap_or_default();
    if MODALS.has(&lower) {
        // "The steward is named", "the lead will be told": things happen to these.
        let be = matches!(lower.as_str(), "is" | "are");
        let done = |word: &str| word.ends_with("ed") && !TASKED.has(word);
        let passive = (be && done(later(1)))
            || (matches!(later(1), "be" | "been") && (done(later(2)) || later(2) == "told"));
        return !passive;
    }
    // "PM to hold the exit interview".
    if lower == "to" {
        return crate::verbs::is_verb(later(1))
            && words.get(..at).is_some_and(|said| is_only_a_seat(&seat::tidy(&said.join(" "))));
    }
    if is_role(&lower) || FUNCTIONS.has(&lower) || word.starts_with(char::is_uppercase) {
        return false;
    }
    // "Security reviews are done": what a form of "be" follows is no verb.
    let next = words.get(at + 1).map(|w| w.to_lowercase()).unwrap_or_default();
    if next.starts_with(['-', '–', '—']) {
        return false;
    }
    if matches!(next.as_str(), "is" | "are" | "was" | "were" | "will" | "must" | "should") {
        return false;
    }
    let before = words.get(at.wrapping_sub(1)).map(|w| w.to_lowercase()).unwrap_or_default();
    let several = (before.ends_with('s') && is_role(&before))
        || words.get(..at).is_some_and(|w| w.contains(&"and"));
    // What ends the sentence is rather a noun: "Automated alerts".
    let ends = words.len() <= at + 1;
    (!ends && crate::verbs::is_third_person(&lower))
        || (several && crate::verbs::is_verb(&lower))
        || (is_of_third_person(&lower, &next) && after_a_role(words.get(..at).unwrap_or_default()))
}

/// Whether a word that is in no list has the form of a verb with its object: "photographs the". No noun
/// is followed by an article.
fn is_of_third_person(word: &str, next: &str) -> bool {
    let article = matches!(
        next,
        "the"
            | "a"
            | "an"
            | "it"
            | "them"
            | "each"
            | "every"
            | "all"
            | "any"
            | "both"
            | "this"
            | "these"
            | "its"
            | "his"
            | "her"
            | "their"
    );
    let form = word.len() > 3
        && word.ends_with('s')
        && !["ss", "us", "is"].iter().any(|e| word.ends_with(e));
    article && form && word.chars().all(|c| c.is_alphabetic() || c == '-')
}

fn after_a_role(words: &[&str]) -> bool {
    let name = seat::tidy(&words.join(" "));
    names_a_role(&name) || is_function(&name)
}

/// Words between a subject and its verb that are no part of either.
const SAID_BESIDE: Lexicon = Lexicon::new(&[
    "also",
    "then",
    "first",
    "next",
    "either",
    "always",
    "never",
    "usually",
    "now",
    "immediately",
    "promptly",
    "finally",
    "only",
    "again",
    "typically",
    "normally",
    "manually",
    "jointly",
]);

fn subject(text: &str) -> Option<String> {
    let bare = without_asides(text);
    let mut words: Vec<&str> = Vec::with_capacity(12);
    words.extend(bare.split_whitespace().take(12));
    let first = words.first().map(|w| w.to_lowercase()).unwrap_or_default();
    if CLAUSE.contains(&first.as_str()) {
        return None;
    }
    for at in 1..words.len() {
        let after_article = at == 1 && words.first().is_some_and(|w| is_article(w));
        if after_article || !is_predicate(&words, at) {
            continue;
        }
        let said = words.get(..at)?;
        // "Both" and "also" are no part of a name.
        let said = match said {
            [both, rest @ ..] if both.eq_ignore_ascii_case("both") => rest,
            [rest @ .., also] if SAID_BESIDE.has(also) => rest,
            all => all,
        };
        if said.iter().any(|w| w.ends_with([',', ':', '.', ';', ')'])) {
            return None;
        }
        let begins = said.first().map(|w| w.to_lowercase()).unwrap_or_default();
        // "Triage and tag issues", "Update the managers' page" order something.
        // The "Head of Marketing" is somebody.
        let headed = said.get(1) == Some(&"of") && is_role(&begins);
        let orders = (crate::verbs::is_verb(&begins) && !headed) || begins.ends_with("ing");
        if said.len() > 2 && orders {
            return None;
        }
        let name = seat::tidy(&said.join(" "));
        let name = name.replace(" and the ", " and ").replace(" or the ", " or ");
        let state = words.get(at).is_some_and(|w| matches!(*w, "is" | "are" | "has" | "have"));
        if is_a_seat(&name) && (!state || names_a_role(&name)) || is_function(&name) {
            return Some(name);
        }
    }
    None
}

/// A text without what stands in brackets.
fn without_asides(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut depth = 0_usize;
    for c in text.chars() {
        match c {
            '(' => depth += 1,
            ')' => depth = depth.saturating_sub(1),
            _ if depth == 0 => out.push(c),
            _ => {}
        }
    }
    out
}

/// "The report is reviewed by the CFO": who does what is said to be done.
fn agent(text: &str) -> Option<String> {
    let bare = without_asides(text);
    let (before, after) = bare.split_once(" by ")?;
    let said = before.split_whitespace().rev().take(4);
    let passive = said.skip(1).any(|w| matches!(w, "is" | "are" | "be" | "been" | "being"));
    let done = before.ends_with("ed") || before.ends_with("done") || before.ends_with("made");
    (passive && done && !crate::verbs::is_act(text)).then(|| name_at(after))?
}

/// The seat with whose name a text begins: the longest that is one.
pub(crate) fn name_at(text: &str) -> Option<String> {
    let mut words: Vec<&str> = Vec::new();
    for word in text.split_whitespace().take(8) {
        let bare = word.trim_end_matches([',', '.', ';', ':', ')', '!', '?']);
        if STOPS.has_any_case(bare) || word.starts_with('(') {
            break;
        }
        words.push(bare);
        if bare.len() < word.len() {
            break;
        }
    }
    (1..=words.len()).rev().find_map(|count| {
        let name = seat::tidy(&words.get(..count)?.join(" "));
        (is_a_seat(&name) || is_function(&name)).then_some(name)
    })
}

/// Words that end a name.
const STOPS: Lexicon = Lexicon::new(&[
    "who", "that", "which", "when", "if", "for", "to", "with", "in", "on", "at", "from", "via",
    "as", "so", "by", "about", "once", "before", "after", "has", "have", "is", "are", "will",
    "should", "must", "your", "during", "using", "within", "whose", "wishing", "looking",
    "needing", "working",
]);

fn is_function(name: &str) -> bool {
    // "It" is nobody; "IT" is a function.
    let short = name.len() == 2 && name.chars().any(|c| c.is_ascii_lowercase());
    name.starts_with(char::is_uppercase) && !short && FUNCTIONS.has(&name.to_lowercase())
}

/// Whether the last word of a name is that of a role, or the whole is an abbreviation.
pub(crate) fn names_a_role(name: &str) -> bool {
    let last = name.split_whitespace().next_back().unwrap_or_default();
    is_role(&last.to_lowercase()) || (last == name && is_short_form(name))
}

/// Whether a name is an abbreviation: "PM", "QMO", "CS&S".
pub(crate) fn is_short_form(name: &str) -> bool {
    (2..=6).contains(&name.len())
        && name.chars().filter(char::is_ascii_uppercase).count() >= 2
        && name
            .chars()
            .all(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || matches!(c, '&' | '/'))
}

/// Whether a text is nothing but the name of a seat, as a heading or a label may be.
pub(crate) fn is_only_a_seat(text: &str) -> bool {
    let few = text.split_whitespace().count() <= 5;
    few && is_a_seat(text) && (names_a_role(text) || is_short_form(text)) || is_function(text)
}

fn is_article(word: &str) -> bool {
    matches!(word.to_lowercase().as_str(), "the" | "a" | "an" | "your" | "our" | "their" | "each")
}

/// Small words that may stand within a name.
const WITHIN: Lexicon =
    Lexicon::new(&["of", "and", "the", "or", "for", "&", "on", "to", "in", "/", "a"]);

/// Words before a name that make it no particular one.
const QUANTITIES: Lexicon = Lexicon::new(&[
    "most", "some", "many", "all", "any", "no", "other", "such", "several", "few", "every", "both",
    "more", "this", "these", "those", "that", "another", "if", "when",
]);

/// Whether a phrase names a seat: its last word is a role, or every word is capitalised.
pub(crate) fn is_a_seat(name: &str) -> bool {
    if name.is_empty() || seat::is_nobody(name) || seat::is_blank(name) || seat::is_channel(name) {
        return false;
    }
    // "Most teams" are no one's seat.
    let first = name.split_whitespace().next().unwrap_or_default();
    if QUANTITIES.has_any_case(first) || name.contains(['<', '>', '[', ']', '{', '}']) {
        return false;
    }
    let words = || name.split_whitespace();
    let joins = |w: &str| WITHIN.has_any_case(w);
    // "Notification that your manager": a clause, not a name. "going out of office": an act.
    let clause = words().any(|w| STOPS.has(w) && !joins(w)) || words().last().is_some_and(joins);
    if clause || (words().count() > 2 && first.ends_with("ing") && words().any(|w| w == "of")) {
        return false;
    }
    let last = name.split_whitespace().next_back().unwrap_or_default().to_lowercase();
    let role = is_role(&last);
    if role && name.split_whitespace().count() <= 5 {
        return true;
    }
    looks_like_a_seat(name)
        && (name.split_whitespace().count() > 1
            || name.chars().filter(|c| c.is_uppercase()).count() > 1)
}

/// Whether a phrase is written as names are: a few words, all but the small ones capitalised.
pub(crate) fn looks_like_a_seat(name: &str) -> bool {
    let words: Vec<&str> = name.split_whitespace().collect();
    (1..=6).contains(&words.len())
        && !name.ends_with(['.', '!', '?', ':', ';', ','])
        && words.iter().all(|w| {
            SMALL.contains(&w.to_lowercase().as_str())
                || w.chars().next().is_some_and(|c| c.is_uppercase() || c == '(')
        })
        && !seat::is_nobody(name)
        && !seat::is_blank(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_subject_is_the_seat() {
        for (text, expected) in [
            ("The PM compares the request.", Some("PM")),
            ("@hiring-manager interviews each of them", Some("hiring manager")),
            ("@recruiter must send the offer", Some("recruiter")),
            ("@types packages", None),
            ("The clerk photographs the damage", Some("clerk")),
            ("Sales figures are sent", None),
            ("A Delivery Manager approves the time off.", Some("Delivery Manager")),
            ("TTS PeopleOps will send the list.", Some("TTS PeopleOps")),
            ("The team member confirms with their PM", Some("team member")),
            ("Once signed, the QMO files it.", Some("QMO")),
            ("You should tell Sales.", None),
            ("Send the list.", None),
            ("It is late.", None),
        ] {
            assert_eq!(of_sentence(text).as_deref(), expected, "{text}");
        }
    }
}
