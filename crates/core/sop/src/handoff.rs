//! To whom the sentences of a step say the work goes.

use crate::draft::Draft;
use crate::lexicon::Lexicon;
use crate::prose::Prose;
use crate::{actor, seat};
use gemba_model::SeatSource;

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
    "requests their ",
    "request their ",
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
    "requests their ",
    "request their ",
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
        let Some((_, after)) = clause.split_once(" to ") else { continue };
        match actor::name_at(after) {
            Some(name) => found.push(name),
            None if !canonical => {
                // A mailbox is cut by its full stop, so it is looked for in the whole sentence.
                let whole = rest.split_once(" to ").map(|(_, after)| after).unwrap_or_default();
                found.extend(addresses(whole));
                found.extend(the_owner(after));
            }
            None => {}
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

/// The mailboxes with which a text begins: "bills@example.org and office@example.org".
fn addresses(text: &str) -> Vec<String> {
    let words = text.split_whitespace().filter(|word| !matches!(*word, "and" | "or" | "&"));
    let bare = words.map(|word| word.trim_matches([',', '.', ';', ':', '(', ')', '<', '>', '`']));
    let mailbox = |word: &&str| {
        let parts = word.split_once('@');
        parts.is_some_and(|(name, host)| !name.is_empty() && host.contains('.'))
    };
    bare.take_while(mailbox).take(5).map(str::to_owned).collect()
}

/// "Present the drafts to owner": whoever the business belongs to, where no more is said.
fn the_owner(text: &str) -> Option<String> {
    let bare = text.trim_start_matches("the ").trim_end_matches([')', '!']).trim_end();
    (bare == "owner").then(|| bare.to_owned())
}

/// To whom the message goes that a step sends: "Notify the others", then "To: Payroll, Tech Ops".
pub(crate) fn addressed(prose: &[Prose]) -> Vec<String> {
    let opening = prose.first().map(|p| p.text.as_str()).unwrap_or_default();
    if !SENDING.has_word_of(opening) {
        return Vec::new();
    }
    let to = prose.iter().skip(1).find_map(|p| p.text.strip_prefix("To: "));
    let names = to.map(seat::names).unwrap_or_default();
    names.into_iter().filter(|name| actor::name_at(name).as_ref() == Some(name)).take(10).collect()
}

/// Words of a step that sends a message.
const SENDING: Lexicon = Lexicon::new(&[
    "notify",
    "notifies",
    "inform",
    "informs",
    "send",
    "sends",
    "email",
    "emails",
    "e-mail",
    "e-mails",
    "mail",
    "mails",
    "message",
    "tell",
    "tells",
    "write",
    "writes",
    "announce",
    "announces",
    "alert",
    "alerts",
]);

/// Where a document keeps a column or a label for who does each step, work that goes on with somebody
/// else is handed to them, though no word says so.
pub(crate) fn by_change_of_doer(drafts: &mut [Draft]) {
    let next: Vec<Option<(String, usize)>> =
        drafts.iter().map(|d| stated_doer(d).map(|name| (name.to_owned(), d.group))).collect();
    for (draft, next) in drafts.iter_mut().zip(next.into_iter().skip(1)) {
        let Some((to, group)) = next else { continue };
        let Some(from) = stated_doer(draft) else { continue };
        let same = {
            let (from, to) = (from.to_lowercase(), to.to_lowercase());
            from.contains(&to) || to.contains(&from)
        };
        let ends = draft.step.decisions.iter().zip(&draft.jumps).any(|(decision, jump)| {
            decision.condition.eq_ignore_ascii_case(crate::decision::ALWAYS)
                && *jump == crate::decision::Jump::End
        });
        if group == draft.group && !same && !ends && draft.step.handoff_to.is_empty() {
            draft.step.handoff_to.push(to);
        }
    }
}

/// Who a table or a label says does a step.
fn stated_doer(draft: &Draft) -> Option<&str> {
    let seat = draft.step.seat.as_ref()?;
    matches!(seat.source, SeatSource::Table | SeatSource::Label).then_some(seat.name.as_str())
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
            (
                "Send it to bills@example.org and office@example.org.",
                vec!["bills@example.org", "office@example.org"],
            ),
            ("Present the drafts to owner.", vec!["owner"]),
            ("The employee requests their supervisor for budget approval.", vec!["supervisor"]),
        ] {
            assert_eq!(of(text, false), expected, "{text}");
        }
    }
}
