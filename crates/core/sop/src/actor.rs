//! Who a sentence says does the work, and to whom it says the work goes.

use crate::inline::fold;
use crate::lexicon::Lexicon;
use crate::seat;

const MODALS: Lexicon = Lexicon::new(&[
    "will", "should", "must", "shall", "may", "can", "would", "needs", "need", "is", "are", "has",
]);

/// Verbs as they follow a subject.
const VERBS: Lexicon = Lexicon::new(&[
    "accepts",
    "adds",
    "approves",
    "approve",
    "archives",
    "assigns",
    "attests",
    "books",
    "calls",
    "checks",
    "check",
    "closes",
    "collects",
    "communicates",
    "compares",
    "completes",
    "conducts",
    "confirm",
    "confirms",
    "contacts",
    "creates",
    "decides",
    "decide",
    "defines",
    "deletes",
    "denies",
    "determines",
    "discuss",
    "documents",
    "drafts",
    "emails",
    "ensures",
    "enters",
    "escalates",
    "evaluates",
    "executes",
    "files",
    "fills",
    "follows",
    "forwards",
    "generates",
    "gives",
    "goes",
    "hands",
    "informs",
    "invites",
    "issues",
    "makes",
    "monitors",
    "moves",
    "notifies",
    "notify",
    "obtains",
    "opens",
    "orders",
    "passes",
    "pays",
    "picks",
    "places",
    "posts",
    "prepares",
    "processes",
    "provide",
    "provides",
    "publishes",
    "reaches",
    "receives",
    "records",
    "registers",
    "rejects",
    "releases",
    "removes",
    "reports",
    "requests",
    "responds",
    "returns",
    "reviews",
    "runs",
    "schedules",
    "sends",
    "sets",
    "shares",
    "signs",
    "starts",
    "submits",
    "updates",
    "verifies",
    "work",
]);

/// Nouns that name a seat even in small letters.
const ROLES: Lexicon = Lexicon::new(&[
    "manager",
    "managers",
    "lead",
    "leads",
    "team",
    "member",
    "members",
    "employee",
    "employees",
    "supervisor",
    "supervisors",
    "director",
    "directors",
    "officer",
    "owner",
    "owners",
    "engineer",
    "engineers",
    "developer",
    "developers",
    "designer",
    "admin",
    "administrator",
    "agent",
    "agents",
    "accountant",
    "reviewer",
    "reviewers",
    "coordinator",
    "specialist",
    "analyst",
    "buddy",
    "approver",
    "requester",
    "commander",
    "staff",
    "department",
    "teammate",
    "assistant",
    "experts",
]);

/// Words that open a clause before the subject.
const CLAUSE: [&str; 14] = [
    "if", "when", "once", "after", "before", "as", "assuming", "upon", "at", "in", "on", "for",
    "unless", "while",
];

const SMALL: [&str; 10] = ["of", "and", "the", "or", "for", "&", "on", "to", "in", "/"];

/// The subject of a sentence where it is a seat.
pub(crate) fn of_sentence(text: &str) -> Option<String> {
    let first = text.get(..crate::inline::sentence_end(text)).unwrap_or(text);
    subject(first).or_else(|| {
        // "Once it is signed, the PM sends it": the subject stands after the opening clause.
        let (opening, rest) = first.split_once(", ")?;
        let word = opening.split_whitespace().next()?.to_lowercase();
        let clause = [
            "if", "when", "once", "after", "before", "as", "assuming", "upon", "at", "in", "on",
            "for", "unless",
        ];
        (clause.contains(&word.as_str()) || word.starts_with(|c: char| c.is_ascii_digit()))
            .then(|| subject(rest))?
    })
}

fn subject(text: &str) -> Option<String> {
    let mut words: Vec<&str> = Vec::with_capacity(10);
    words.extend(text.split_whitespace().take(10));
    let verb = words.iter().enumerate().skip(1).find(|(at, word)| {
        let after_article = || *at == 1 && words.first().is_some_and(|w| is_article(w));
        (MODALS.has(word) || VERBS.has(word)) && !after_article()
    });
    let (at, _) = verb?;
    let said = words.get(..at)?;
    if said.iter().any(|w| w.ends_with([',', ':', '.', ';', ')']) && *w != "&") {
        return None;
    }
    let first = words.first().map(|w| w.to_lowercase()).unwrap_or_default();
    if CLAUSE.contains(&first.as_str()) {
        return None;
    }
    let name = seat::tidy(&said.join(" ")).replace(" and the ", " and ");
    is_a_seat(&name).then_some(name)
}

fn is_article(word: &str) -> bool {
    matches!(word.to_lowercase().as_str(), "the" | "a" | "an" | "your" | "our" | "their" | "each")
}

/// Whether a phrase names a seat: its last word is a role, or every word is capitalised.
pub(crate) fn is_a_seat(name: &str) -> bool {
    if name.is_empty() || seat::is_nobody(name) || seat::is_blank(name) || seat::is_channel(name) {
        return false;
    }
    let last = name.split_whitespace().next_back().unwrap_or_default().to_lowercase();
    let role = ROLES.has(&last);
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

/// Phrases after which the receiver is named.
const GIVES: Lexicon = Lexicon::new(&[
    "hand off to ",
    "hands off to ",
    "hand over to ",
    "handed over to ",
    "hand it to ",
    "notify ",
    "notifies ",
    "escalate to ",
    "escalates to ",
    "pass it to ",
    "assign it to ",
    "reach out to ",
    "report to ",
    "delegate to ",
]);

/// Verbs whose receiver follows a later "to".
const GIVES_TO: Lexicon = Lexicon::new(&[
    "send ",
    "sends ",
    "forward ",
    "forwards ",
    "pass ",
    "passes ",
    "delegate ",
    "assign ",
    "submit ",
    "provide ",
    "escalate ",
    "announce ",
]);

/// The first words of the phrases above.
const GIVING: Lexicon = Lexicon::new(&[
    "hand",
    "hands",
    "handed",
    "notify",
    "notifies",
    "escalate",
    "escalates",
    "pass",
    "passes",
    "assign",
    "reach",
    "report",
    "delegate",
    "send",
    "sends",
    "forward",
    "forwards",
    "submit",
    "provide",
    "announce",
]);

/// The seats that the sentences of a paragraph hand the work to.
pub(crate) fn handoffs(text: &str) -> Vec<String> {
    // Most paragraphs hold none of the verbs: one pass over their words spares the search.
    if !GIVING.has_word_of(text) {
        return Vec::new();
    }
    let mut found: Vec<String> = Vec::new();
    for (at, phrase) in words_at(text, &GIVES) {
        if let Some(name) = text.get(at + phrase.len()..).and_then(receiver) {
            found.push(name);
        }
    }
    for (at, _) in words_at(text, &GIVES_TO) {
        let Some(rest) = text.get(at..) else { continue };
        let clause = rest.split(['.', ';']).next().unwrap_or_default();
        if let Some((_, after)) = clause.split_once(" to ")
            && let Some(name) = receiver(after)
        {
            found.push(name);
        }
    }
    let mut once: Vec<String> = Vec::new();
    for name in found {
        if !once.contains(&name) {
            once.push(name);
        }
    }
    once
}

/// The first place of each phrase, where it begins a word.
fn words_at(text: &str, phrases: &Lexicon) -> Vec<(usize, &'static str)> {
    let mut places = phrases.first_places(text);
    places.retain(|(at, _)| {
        text.get(..*at).is_some_and(|before| !before.ends_with(char::is_alphanumeric))
    });
    places
}

/// The seat at the start of a text.
fn receiver(text: &str) -> Option<String> {
    let mut words: Vec<&str> = Vec::new();
    for word in text.split_whitespace().take(6) {
        let bare = word.trim_end_matches([',', '.', ';', ':', ')', '!', '?']);
        let small = matches!(
            bare.to_lowercase().as_str(),
            "for"
                | "to"
                | "with"
                | "about"
                | "that"
                | "via"
                | "by"
                | "in"
                | "on"
                | "at"
                | "if"
                | "when"
                | "and"
                | "or"
                | "as"
                | "from"
                | "so"
                | "of"
                | "who"
                | "which"
        );
        if small {
            break;
        }
        words.push(bare);
        if bare.len() < word.len() {
            break;
        }
    }
    let name = seat::tidy(&fold(&words.join(" ")));
    is_a_seat(&name).then_some(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_subject_is_the_seat() {
        for (text, expected) in [
            ("The PM compares the request.", Some("PM")),
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

    #[test]
    fn the_receiver_is_a_handoff() {
        for (text, expected) in [
            ("Notify the Delivery Lead about it.", vec!["Delivery Lead"]),
            ("Send the list to TTS Front Office for approval.", vec!["TTS Front Office"]),
            ("Send it to the printer.", vec![]),
        ] {
            assert_eq!(handoffs(text), expected, "{text}");
        }
    }
}
