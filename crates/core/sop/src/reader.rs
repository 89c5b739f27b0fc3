//! For whom a document is written: the seat that does what nobody else is said to do.

use crate::actor;
use crate::block::{Block, Kind};
use crate::inline::sentences;
use crate::lexicon::Lexicon;

/// Nouns for the document or what it describes.
const DOCUMENT: Lexicon = Lexicon::new(&[
    "process",
    "procedure",
    "page",
    "guide",
    "checklist",
    "sop",
    "document",
    "runbook",
    "playbook",
    "workflow",
    "instructions",
    "task",
    "section",
    "steps",
]);

/// What may stand for them.
const PRONOUNS: Lexicon = Lexicon::new(&["it", "they", "this"]);

/// What stands between the document and the one it is for.
const FOR: Lexicon = Lexicon::new(&[
    " is for ",
    " are for ",
    " is intended for ",
    " is written for ",
    " is aimed at ",
    " is used by ",
    " is owned and run by ",
    " is followed by ",
]);

/// Participles of what is done by somebody.
const DONE_BY: Lexicon = Lexicon::new(&[
    "actioned by ",
    "performed by ",
    "carried out by ",
    "executed by ",
    "completed by ",
    "handled by ",
    "undertaken by ",
    "run by ",
    "done by ",
]);

/// What somebody is said to do with the document.
const FOLLOWS: Lexicon = Lexicon::new(&[
    " follow the checklist",
    " follow this",
    " follow these",
    " follow the steps",
    " follows this",
    " follows these",
    " complete the following steps",
    " take the following steps",
    " completes the following steps",
    " do the following",
]);

/// The seat for which these paragraphs are written.
pub(crate) fn of<'a>(blocks: impl IntoIterator<Item = &'a Block>) -> Option<String> {
    let paragraphs = blocks.into_iter().filter(|b| b.kind == Kind::Para);
    paragraphs.flat_map(|b| sentences(b.plain())).find_map(named)
}

fn named(sentence: &str) -> Option<String> {
    let lower = sentence.to_lowercase();
    if lower.len() != sentence.len() {
        return None;
    }
    let after = |at: usize, word: &str| sentence.get(at + word.len()..).and_then(role_at);
    if let Some(rest) = sentence.strip_prefix("As ")
        && let Some((role, you)) = rest.split_once(", ")
        && you.starts_with("you")
    {
        return role_at(role);
    }
    for (at, word) in FOR.first_places(&lower) {
        if of_document(lower.get(..at).unwrap_or_default()) {
            return after(at, word);
        }
    }
    for (at, word) in DONE_BY.first_places(&lower) {
        if of_document(lower.get(..at).unwrap_or_default()) {
            return after(at, word);
        }
    }
    let named = FOLLOWS.stands_in(&lower).then(|| actor::of_sentence(sentence)).flatten();
    named.filter(|name| !name.contains(" and "))
}

/// Whether the words speak of the document or of the work it describes. A pronoun does where the
/// sentence has named it before: "This used to be another task, it is now done by ...".
fn of_document(before: &str) -> bool {
    let said = |text: &str, nouns: &Lexicon| {
        text.split(|c: char| !c.is_alphanumeric()).any(|w| nouns.has(w))
    };
    let clause = before.rsplit(", ").next().unwrap_or(before);
    clause.split_whitespace().count() < 10
        && said(before, &DOCUMENT)
        && (said(clause, &DOCUMENT) || said(clause, &PRONOUNS))
}

/// The role with which a text begins: "Sales teammates who ...", "owner of a campaign".
fn role_at(text: &str) -> Option<String> {
    let name = actor::name_at(text)?;
    let bare = name.split(" of ").next().unwrap_or(&name);
    actor::is_only_a_seat(bare).then_some(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_seat_a_document_is_for_is_named_in_so_many_words() {
        for (text, expected) in [
            ("This guide is for account managers who renew contracts.", Some("account managers")),
            (
                "Once a developer task, it is now expected to be actioned by a content designer (from Marketing).",
                Some("content designer"),
            ),
            ("The manager should follow the checklist below.", Some("manager")),
            ("As the facilitator, you keep the time.", Some("facilitator")),
            ("This page is for reference.", None),
            ("The report is read by all.", None),
            ("First name an owner. This is done by the IC.", None),
            ("This process is for new products.", None),
        ] {
            let found = sentences(text).into_iter().find_map(named);
            assert_eq!(found.as_deref(), expected, "{text}");
        }
    }
}
