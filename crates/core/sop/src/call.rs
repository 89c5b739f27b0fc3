//! Steps that carry out another procedure, and steps that wait for something first.
//!
//! Both are read from the title and the text of a step, as Markdown, so that a printed step says the
//! same again.

use crate::block::{Block, Kind, Mark, Piece};
use crate::inline::{plain, sentences};
use crate::lexicon::Lexicon;
use gemba_model::Procedure;
use gemba_model::due::Due;

/// Verbs whose object is a procedure that is carried out.
const CARRIES_OUT: Lexicon = Lexicon::new(&[
    "follow", "complete", "perform", "execute", "run", "see", "start", "do", "use", "go", "refer",
    "work", "carry", "begin", "initiate", "continue",
]);

/// Words that name a procedure rather than a form, a page or a tool.
const PROCEDURES: Lexicon = Lexicon::new(&[
    "procedure",
    "process",
    "sop",
    "runbook",
    "playbook",
    "checklist",
    "workflow",
    "instructions",
    "steps",
    "guide",
    "protocol",
    "how-to",
    "guidance",
]);

/// The procedure that a step carries out as its main act, where a link says which.
pub(crate) fn of(title: &str, text: &str) -> Option<Procedure> {
    if !text.contains("](") && !text.contains("][") {
        return None;
    }
    let tree = crate::block::read(text, 0);
    let first = tree.blocks.first().filter(|b| b.kind == Kind::Para)?;
    // The title must be the sentence that holds the link, or say by itself no act of its own.
    let opening = first.plain().strip_prefix(title).map(|_| title);
    let (words, to, before) = link(first)?;
    let sentence =
        opening.unwrap_or_else(|| sentences(first.plain()).first().copied().unwrap_or(""));
    if !sentence.contains(&words) || (opening.is_none() && crate::verbs::is_act(title)) {
        return None;
    }
    // The link alone, or what a verb of carrying out has as its object.
    let alone = before.is_empty() && plain(&first.inline).trim_end_matches('.') == words;
    let acts = called(&before, sentence);
    let document = is_document(&to);
    let named = words
        .to_lowercase()
        .split(|c: char| !c.is_alphanumeric() && c != '-')
        .any(|w| PROCEDURES.has(w))
        || sentence.to_lowercase().split(|c: char| !c.is_alphanumeric()).any(|w| PROCEDURES.has(w));
    let calls = (alone || acts)
        && (document || named)
        && !to.starts_with("mailto:")
        && !to.starts_with('#');
    calls.then_some(Procedure { title: words, to })
}

/// The words of the first link of a paragraph, where it leads, and what stands before it.
fn link(para: &Block) -> Option<(String, String, String)> {
    let at = para.inline.iter().position(|i| matches!(i.piece, Piece::Open(Mark::Link(_))))?;
    let Piece::Open(Mark::Link(to)) = &para.inline.get(at)?.piece else { return None };
    let end = para.inline.iter().position(|i| matches!(i.piece, Piece::Close(Mark::Link(_))))?;
    let words = plain(para.inline.get(at..end)?);
    let before = plain(para.inline.get(..at)?);
    (!words.is_empty() && !to.is_empty()).then(|| (words, to.clone(), before))
}

/// Whether what stands before a link makes it what is to be carried out: "Follow the", "Once it is
/// over, you can start to follow the steps from".
fn called(before: &str, sentence: &str) -> bool {
    let clause = before.rsplit([',', ';', ':']).next().unwrap_or(before).to_lowercase();
    let mut words = clause.split_whitespace().filter(|w| {
        !matches!(*w, "then" | "please" | "you" | "can" | "should" | "must" | "now" | "to" | "and")
    });
    let Some(verb) = words.next() else { return false };
    if !CARRIES_OUT.has(verb) {
        return false;
    }
    // "See the form" sends to something to look at; a sentence that goes on has its own act.
    let small = |w: &str| {
        matches!(
            w,
            "the"
                | "our"
                | "a"
                | "an"
                | "this"
                | "these"
                | "steps"
                | "instructions"
                | "process"
                | "procedure"
                | "from"
                | "in"
                | "of"
                | "at"
                | "on"
                | "for"
                | "guidance"
                | "follow"
                | "through"
                | "out"
                | "with"
                | "full"
                | "standard"
                | "checklist"
                | "all"
                | "as"
                | "described"
                | "guide"
                | "by"
                | "using"
                | "runbook"
                | "playbook"
        )
    };
    words.all(small) && !sentence.is_empty()
}

/// Whether an address is a document beside this one rather than a place on the web.
fn is_document(to: &str) -> bool {
    let path = to.split(['#', '?']).next().unwrap_or_default();
    if path.is_empty() || path.contains("://") {
        return false;
    }
    let name = path.rsplit('/').next().unwrap_or_default();
    match name.rsplit_once('.') {
        Some((_, ext)) => matches!(ext, "md" | "mdx" | "markdown" | "html" | "htm" | "rst" | "txt"),
        None => true,
    }
}

/// How the clauses begin that say what must have happened first.
const WAITS: [&str; 5] =
    ["once ", "after ", "as soon as ", "upon completion of ", "upon receipt of "];

/// Clauses that begin alike and wait for nothing.
const IDLE: [&str; 6] =
    ["after all", "once again", "once you have read", "after that", "after this", "once more"];

/// What must have happened before a step is begun: the clause that opens its sentence, or the words behind
/// "wait for" where the step is to wait.
pub(crate) fn wait_for(title: &str, text: &str) -> Option<String> {
    clause(title).or_else(|| waited(title, text)).or_else(|| {
        // A bold lead names the step; its first sentence says when.
        let act = crate::verbs::is_act(title) || crate::verbs::is_duty(title);
        if act || WAITS.iter().all(|w| !has(text, w)) {
            return None;
        }
        let opening = text.lines().next().unwrap_or_default();
        clause(sentences(opening).first()?)
    })
}

/// Whether the act of a step is to wait: "Wait for the reply", "The clerk waits 3 days".
pub(crate) fn waits(title: &str) -> bool {
    let act = crate::act::of(title);
    let Some(rest) = act.strip_prefix("wait ") else { return false };
    ["for ", "until "].iter().any(|joint| rest.starts_with(joint))
        || Due::said_in(long(rest)).is_some()
}

/// What is waited for: "the reply", "3 days", "Monday 09:00".
fn waited(title: &str, text: &str) -> Option<String> {
    if !waits(title) {
        return None;
    }
    let at = title.to_ascii_lowercase().find("wait")?;
    let (_, rest) = title.get(at..)?.split_once(' ')?;
    let rest = ["for ", "until "].iter().find_map(|joint| rest.strip_prefix(joint)).unwrap_or(rest);
    let rest = long(rest.trim_end_matches(['.', ':', ';', '!']));
    let cut = [", then ", ", and ", " and then "].iter().filter_map(|joint| rest.find(joint)).min();
    let words = rest.get(..cut.unwrap_or(rest.len()))?.trim();
    // Time alone would pass by whatever else is to be done.
    let more = cut.is_some() || text.lines().any(|line| !line.trim().is_empty());
    let plain = !words.is_empty() && !words.contains(['*', '`', '[', '_', '\\', '<']);
    (plain && !(more && Due::said_in(words).is_some())).then(|| words.to_owned())
}

/// A length of time without the words that say that it is the shortest.
fn long(words: &str) -> &str {
    let leads = ["for ", "at least ", "another ", "a further "];
    leads.iter().fold(words, |rest, lead| rest.strip_prefix(lead).unwrap_or(rest))
}

fn has(text: &str, word: &str) -> bool {
    text.get(..word.len()).is_some_and(|head| head.eq_ignore_ascii_case(word))
}

fn clause(sentence: &str) -> Option<String> {
    let word = WAITS.iter().find(|w| has(sentence, w))?;
    if IDLE.iter().any(|w| has(sentence, w)) {
        return None;
    }
    let rest = sentence.get(word.len()..)?;
    let mut depth = 0_usize;
    for (at, c) in rest.char_indices() {
        match c {
            '(' | '[' => depth += 1,
            ')' | ']' => depth = depth.saturating_sub(1),
            ',' if depth == 0 => {
                let (clause, after) = (rest.get(..at)?, rest.get(at + 1..)?);
                let goes_on = ["or ", "and "].iter().any(|w| after.trim_start().starts_with(w));
                let plain = !clause.contains(['*', '`', '[', '_', '\\', '<']);
                if !goes_on && plain && clause.split_whitespace().count() > 1 {
                    let keep = if word.starts_with("upon") {
                        sentence.get("upon ".len()..word.len())?
                    } else {
                        ""
                    };
                    return Some(format!("{keep}{clause}"));
                }
            }
            _ => {}
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clause_that_opens_a_step_is_what_it_waits_for() {
        for (title, text, expected) in [
            ("Once the call is over, thank everyone", "", Some("the call is over")),
            ("After signing, file it", "", None),
            ("After the contract is signed, file it", "", Some("the contract is signed")),
            ("Filing", "As soon as it is signed, file it. Then rest.", Some("it is signed")),
            ("After that, file it", "", None),
            ("If it is signed, file it", "", None),
            ("File it", "", None),
            ("Wait 3 days", "", Some("3 days")),
            ("Wait at least 24 hours", "", Some("24 hours")),
            ("Wait for 2 business days", "", Some("2 business days")),
            ("Wait until Monday 09:00", "", Some("Monday 09:00")),
            ("The clerk waits for the Customer's reply", "", Some("the Customer's reply")),
            ("Wait for the payment, then ship it", "", Some("the payment")),
            ("Wait 3 days, then call the customer", "", None),
            ("Wait for 3 days, then call the customer", "", None),
            ("Wait for 3 days", "Call the customer.", None),
            ("Wait for the reply", "It comes by mail.", Some("the reply")),
            ("Wait tables", "", None),
        ] {
            assert_eq!(wait_for(title, text).as_deref(), expected, "{title}");
        }
    }

    #[test]
    fn a_link_that_is_the_act_is_a_procedure() {
        let called = |title: &str, text: &str| of(title, text).map(|p| p.to);
        for (title, text, expected) in [
            (
                "Follow the refund procedure",
                "Follow the [refund procedure](refunds.md).",
                Some("refunds.md"),
            ),
            ("Rotate the key", "[Rotate the key](rotate.md)", Some("rotate.md")),
            (
                "Once the call is over, you can start to follow the steps from After an Incident",
                "Once the call is over, you can start to follow the steps from [After an Incident](../after.md).",
                Some("../after.md"),
            ),
            ("Fill in the form", "Fill in the [form](https://forms.example.org/x).", None),
            ("Send the report", "Send the [report](report.md) to Sales.", None),
            ("See the overview", "See the [overview](#overview).", None),
            (
                "Follow the runbook",
                "Follow the [runbook](https://wiki.example.org/x).",
                Some("https://wiki.example.org/x"),
            ),
        ] {
            assert_eq!(called(title, text).as_deref(), expected, "{title}");
        }
    }
}
