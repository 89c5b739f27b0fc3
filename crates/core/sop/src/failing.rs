//! How a document says one notices that the process went wrong: troubleshooting, symptoms, escalation,
//! service levels, and conditions that speak of failure.

use crate::block::{Block, Kind};
use crate::inline::sentences;
use crate::labels;
use crate::lexicon::Lexicon;
use crate::outline::{Piece, Section};
use crate::settings::span;
use gemba_model::FailureSignal;
use gemba_model::signal::SignalRule;
use std::collections::BTreeSet;
use std::ops::Range;

/// Words that speak of failure wherever they stand in a condition.
const FAILS: Lexicon = Lexicon::new(&[
    "fail",
    "fails",
    "failed",
    "failing",
    "failure",
    "failures",
    "error",
    "errors",
    "unreachable",
    "unavailable",
    "unresponsive",
    "missing",
    "overdue",
    "late",
    "delayed",
    "slow",
    "stuck",
    "broken",
    "wrong",
    "incorrect",
    "nonconforming",
    "difficulty",
    "difficulties",
    "trouble",
    "rejected",
    "bounces",
    "expired",
    "corrupted",
    "poor",
    "breach",
    "breached",
]);

/// What is said not to be so, of which each speaks of something that should have been.
const NOT_DONE: Lexicon = Lexicon::new(&[
    "paid",
    "received",
    "updated",
    "showing",
    "shown",
    "displayed",
    "working",
    "available",
    "reachable",
    "sent",
    "completed",
    "complete",
    "done",
    "processed",
    "delivered",
    "visible",
    "responding",
    "resolved",
    "appearing",
    "clearing",
    "loading",
    "running",
    "successful",
    "returned",
    "met",
    "reconciled",
    "matching",
    "arrived",
    "credited",
    "recorded",
    "hear",
    "receive",
    "responded",
    "created",
    "acknowledged",
]);

/// Verbs that with "does not" say something does not work.
const NOT_DO: Lexicon = Lexicon::new(&[
    "show",
    "work",
    "appear",
    "load",
    "start",
    "respond",
    "arrive",
    "match",
    "reconcile",
    "balance",
    "complete",
    "reply",
    "answer",
    "succeed",
    "pass",
    "properly",
    "correctly",
    "clear",
    "update",
    "connect",
    "run",
    "return",
    "finish",
    "meet",
    "get",
]);

/// How a clause opens that says under which condition.
const CONDITION: Lexicon = Lexicon::new(&["if ", "in case ", "should ", "when "]);

/// Conditions, symptoms and promises of the running text; text of steps included.
pub(crate) fn of_text(sections: &[Section<'_>]) -> Vec<FailureSignal> {
    let mut found = Signals::default();
    let mut above: Vec<(u8, Piece)> = Vec::new();
    for section in sections {
        above.retain(|(level, _)| *level < section.level);
        let under_failure = above.iter().any(|(_, piece)| *piece == Piece::Failure);
        above.push((section.level, section.piece));
        // "### The banner is not showing" under troubleshooting, "## If an invoice is not paid".
        let asks = section.piece == Piece::Failure && section.words.starts_with("if ");
        if let Some(heading) = section.heading
            && (asks || (under_failure && speaks_of_failure(section.title)))
        {
            add(&mut found, section.title, &heading.span);
        }
        let promises = SERVICE.has_word_of(section.title)
            || section.words.contains("response time")
            || section.words.contains("service level");
        let before = found.all.len();
        for block in section.blocks {
            walk(block, promises, asks, &mut found);
        }
        // A section that announces failure and speaks of it in other words still says how.
        if section.piece == Piece::Failure && !asks && found.all.len() == before {
            for block in section.blocks.iter().filter(|b| b.kind == Kind::Para) {
                add(&mut found, block.plain(), &block.span);
            }
        }
    }
    found.all
}

/// Whether a section of signals is a list of them and nothing else: then all of it is taken.
pub(crate) fn is_list(blocks: &[Block]) -> bool {
    let mut lists = blocks.iter().filter(|b| b.kind != Kind::Rule);
    let all = lists.clone().all(|b| b.kind == Kind::List(None));
    all && lists.next().is_some()
}

/// Words of a heading under which promises stand.
const SERVICE: Lexicon =
    Lexicon::new(&["sla", "slas", "slo", "turnaround", "escalation", "escalations"]);

fn walk(block: &Block, promises: bool, asked: bool, found: &mut Signals) {
    match block.kind {
        Kind::Para => para(block, promises, asked, found),
        Kind::Table => table(block, found),
        Kind::List(_) | Kind::Item(_) | Kind::Quote => {
            for child in &block.children {
                walk(child, promises, asked, found);
            }
        }
        _ => {}
    }
}

fn para(block: &Block, promises: bool, asked: bool, found: &mut Signals) {
    let text = block.plain();
    for sentence in sentences(text) {
        if promises && let Some(rule) = SignalRule::promised_in(sentence) {
            found.push(signal(sentence, Some(&rule), &block.span));
            continue;
        }
        // Under a heading that is the signal, what follows says what to do then.
        if asked || !CONDITION.stands_in(sentence) {
            continue;
        }
        if CONDITION.opens(sentence) {
            let clause = clause(sentence);
            if speaks_of_failure(clause) {
                add(found, sentence, &block.span);
            }
        } else if let Some(at) = sentence.find(" if ") {
            let tail = sentence.get(at + 1..).unwrap_or_default();
            if speaks_of_failure(clause(tail)) && !tail.contains(" not only ") {
                add(found, tail.trim_end_matches('.'), &block.span);
            }
        }
    }
}

/// The clause up to its comma or colon; those in brackets do not count.
fn clause(sentence: &str) -> &str {
    let mut depth = 0_usize;
    let end = sentence.find(|c: char| {
        match c {
            '(' => depth += 1,
            ')' => depth = depth.saturating_sub(1),
            _ => {}
        }
        depth == 0 && matches!(c, ',' | ':' | ';' | '—')
    });
    sentence.get(..end.unwrap_or(sentence.len())).unwrap_or_default()
}

/// Whether a clause says that something is not as it should be; what whoever reads cannot do is a
/// branch, not a failure of the process.
fn speaks_of_failure(clause: &str) -> bool {
    let lower = clause.to_lowercase().replace('’', "'");
    let bare =
        lower.trim_start_matches("if ").trim_start_matches("in case ").trim_start_matches("when ");
    let reader = ["you can", "you do", "you are", "you don", "we can", "they can", "it can"];
    let own = reader.iter().any(|r| bare.starts_with(r));
    let hears = ["hear", "receive", "get", "difficult", "trouble"].iter().any(|w| bare.contains(w));
    if (own && !hears) || bare.contains("getting late") {
        return false;
    }
    if FAILS.has_word_of(bare) {
        return true;
    }
    let words: Vec<&str> = bare
        .split(|c: char| !(c.is_alphanumeric() || c == '\''))
        .filter(|w| !w.is_empty())
        .collect();
    words.iter().enumerate().any(|(at, word)| {
        let negates = *word == "not" || *word == "never" || word.ends_with("n't");
        let behind = words.get(at + 1..).unwrap_or_default();
        let next = behind.iter().find(|w| !matches!(**w, "been" | "be" | "yet" | "being" | "get"));
        // "If not available, ..." is a branch of what was said before.
        let told = at > 0 || word.ends_with("n't");
        negates && told && next.is_some_and(|next| NOT_DONE.has(next) || NOT_DO.has(next))
    })
}

/// What was found so far.
#[derive(Debug, Default)]
struct Signals {
    all: Vec<FailureSignal>,
    /// Their texts, for a quick look-up.
    said: BTreeSet<String>,
}

impl Signals {
    fn push(&mut self, signal: FailureSignal) {
        self.said.insert(signal.text.clone());
        self.all.push(signal);
    }
}

fn add(found: &mut Signals, text: &str, at: &Range<usize>) {
    if found.said.contains(text) {
        return;
    }
    let rule = SignalRule::said_in(text);
    found.push(signal(text, rule.as_ref(), at));
}

fn signal(text: &str, rule: Option<&SignalRule>, at: &Range<usize>) -> FailureSignal {
    FailureSignal { text: text.to_owned(), rule: rule.map(ToString::to_string), span: span(at) }
}

/// The rows of a table whose first columns name a symptom, or of one that promises times.
fn table(table: &Block, found: &mut Signals) {
    let Some(head) = table.children.first() else { return };
    let names: Vec<String> = head.children.iter().map(|c| labels::key(c.plain())).collect();
    let symptom = names.iter().position(|n| {
        matches!(
            n.as_str(),
            "symptom"
                | "symptoms"
                | "problem"
                | "failure"
                | "failure signal"
                | "failure mode"
                | "warning sign"
                | "red flag"
                | "what you see"
                | "error"
                | "issue"
        )
    });
    let answered = names.iter().any(|n| {
        [
            "cause",
            "fix",
            "action",
            "solution",
            "resolution",
            "remedy",
            "what to do",
            "response",
            "mitigation",
        ]
        .iter()
        .any(|w| n.contains(w))
    });
    if let Some(at) = symptom.filter(|_| answered || names.len() == 1) {
        for row in table.children.iter().skip(1) {
            if let Some(cell) = row.children.get(at).filter(|c| !c.plain().is_empty()) {
                add(found, cell.plain(), &row.span);
            }
        }
        return;
    }
    promised(table, &names, found);
}

/// "Severity | Response time", "P1 | 15 minutes": each row is a promise.
fn promised(table: &Block, names: &[String], found: &mut Signals) {
    let act = |name: &str| {
        Some(match name {
            n if n.contains("respon") => "answered",
            n if n.contains("resol") => "resolved",
            n if n.contains("acknowledg") => "acknowledged",
            _ => return None,
        })
    };
    let columns: Vec<(usize, &str)> = names
        .iter()
        .enumerate()
        .skip(1)
        .filter(|(_, n)| {
            n.contains("time") || n.contains("within") || n.contains("sla") || n.contains("target")
        })
        .filter_map(|(at, n)| Some((at, act(n)?)))
        .collect();
    for row in table.children.iter().skip(1) {
        let Some(what) = row.children.first().map(Block::plain).filter(|w| !w.is_empty()) else {
            continue;
        };
        for (at, act) in &columns {
            let Some(cell) = row.children.get(*at).map(Block::plain) else { continue };
            let within = cell.strip_prefix("within ").unwrap_or(cell);
            let sentence = format!("{what} is {act} within {within}");
            if let Some(rule) = SignalRule::promised_in(&sentence) {
                found.push(signal(&sentence, Some(&rule), &row.span));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    #[track_caller]
    fn check(text: &str, expected: &[&str]) {
        let process = crate::compile(text, "x.md").processes.swap_remove(0);
        let got: Vec<String> = process
            .failure_signals
            .iter()
            .map(|s| s.rule.as_ref().map_or(s.text.clone(), |rule| format!("{} [{rule}]", s.text)))
            .collect();
        assert_eq!(got, expected, "{text}");
    }

    #[test]
    fn failure_signals_are_read_where_people_put_them() {
        check(
            "# A\n\n1. Send it\n2. File it\n\nIf the banner doesn't show within 10 minutes, call IT.\n",
            &[
                "If the banner doesn't show within 10 minutes, call IT. [not banner show within PT10M]",
            ],
        );
        check(
            "# A\n\n1. Send it\n2. File it\n\n## If an invoice is not paid when expected\n\nCall the Chief of Staff.\n",
            &["If an invoice is not paid when expected"],
        );
        check(
            "# A\n\n1. Send it\n2. File it\n\n## Troubleshooting\n\n### Background\n\nX.\n\n### The banner is not showing\n\nWait.\n",
            &["The banner is not showing"],
        );
        check(
            "# A\n\n1. Send it\n2. File it\n\n| Symptom | Cause | Fix |\n|---|---|---|\n| Payment takes longer than 24 hours | Bank | Call |\n| No reply | Spam | Look |\n",
            &["Payment takes longer than 24 hours [Payment duration > PT24H]", "No reply"],
        );
        check(
            "# A\n\n1. Send it\n2. File it\n\n## Service levels\n\nRequests are answered within 24 hours.\n",
            &["Requests are answered within 24 hours. [not Requests answered within PT24H]"],
        );
        check(
            "# A\n\n1. Send it\n2. File it\n\n## Response times\n\n| Severity | Response time |\n|---|---|\n| P1 | 15 minutes |\n",
            &["P1 is answered within 15 minutes [not P1 answered within PT15M]"],
        );
        check(
            "# A\n\n1. Send it\n2. Ask again if things seem to be going slow.\n",
            &["if things seem to be going slow"],
        );
        check(
            "# A\n\n1. If you can't join the call, send a proxy.\n2. If it is not listed, add it.\n",
            &[],
        );
    }
}
