//! To whom the sentences of a step say the work goes.

use crate::actor;
use crate::lexicon::Lexicon;

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
    "reports to ",
    "delegate to ",
    // From here on only where nobody states the handoffs outright.
    "tell ",
    "tells ",
    "inform ",
    "informs ",
    "alert ",
    "instruct ",
    "requests that ",
    "request that ",
    "loop in ",
    "reassign to ",
    "reassign back to ",
    "assigned to ",
    "respond to ",
]);

/// Verbs whose receiver follows a later "to".
const GIVES_TO: Lexicon = Lexicon::new(&[
    "report ",
    "reports ",
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
    "announces ",
    "present ",
    "presents ",
    "return ",
    "returns ",
    "hand ",
    "hands ",
    "route ",
    "reassign ",
    "deliver ",
    "delivers ",
    "submits ",
    "provides ",
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
    "reports",
    "tell",
    "tells",
    "delegate",
    "send",
    "sends",
    "forward",
    "forwards",
    "submit",
    "provide",
    "announce",
    "inform",
    "informs",
    "alert",
    "instruct",
    "requests",
    "request",
    "loop",
    "reassign",
    "assigned",
    "respond",
    "announces",
    "present",
    "presents",
    "return",
    "returns",
    "route",
    "deliver",
    "delivers",
    "submits",
    "provides",
]);

/// Phrases of which the receiver is often only told: they count where no bullet states the handoffs.
const LOOSE: Lexicon = Lexicon::new(&[
    "tell ",
    "tells ",
    "report ",
    "reports ",
    "inform ",
    "informs ",
    "alert ",
    "instruct ",
    "requests that ",
    "request that ",
    "loop in ",
    "respond to ",
    "present ",
    "presents ",
    "return ",
    "returns ",
    "hand ",
    "hands ",
    "route ",
    "announces ",
    "deliver ",
    "delivers ",
    "submits ",
    "provides ",
    "reassign ",
    "reassign to ",
    "reassign back to ",
    "assigned to ",
]);

/// The seats that the sentences of a paragraph hand the work to; in the canonical form only what plainly
/// says so counts, for there handoffs are stated.
pub(crate) fn of(text: &str, canonical: bool) -> Vec<String> {
    // Most paragraphs hold none of the verbs: one pass over their words spares the search.
    if !GIVING.has_word_of(text) {
        return Vec::new();
    }
    let counts = |phrase: &str| !canonical || !LOOSE.has(phrase);
    let mut found: Vec<String> = Vec::new();
    for (at, phrase) in words_at(text, &GIVES).into_iter().filter(|(_, p)| counts(p)) {
        if let Some(name) = text.get(at + phrase.len()..).and_then(actor::name_at) {
            found.push(name);
        }
    }
    for (at, _) in words_at(text, &GIVES_TO).into_iter().filter(|(_, p)| counts(p)) {
        let Some(rest) = text.get(at..) else { continue };
        let clause = rest.split(['.', ';']).next().unwrap_or_default();
        if let Some((_, after)) = clause.split_once(" to ")
            && let Some(name) = actor::name_at(after)
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_receiver_is_a_handoff() {
        for (text, expected) in [
            ("Notify the Delivery Lead about it.", vec!["Delivery Lead"]),
            ("Send the list to TTS Front Office for approval.", vec!["TTS Front Office"]),
            ("Send it to the printer.", vec![]),
        ] {
            assert_eq!(of(text, false), expected, "{text}");
        }
    }
}
