//! What `gemba fmt` does: the canonical form, unless a word would be lost.

use crate::{cadence, compile, fields, front, print};
use std::collections::BTreeMap;

/// The outcome of formatting a source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Formatted {
    /// The source is in the canonical form already.
    Same,
    /// The canonical form.
    Changed(String),
    /// The canonical form has no place for these words, so the source is left alone.
    WouldLose {
        /// The words, in alphabetical order; none where the form does not settle.
        words: Vec<String>,
    },
}

/// Formats a source; text is never lost: where the canonical form would leave a word out, the source
/// stays as it is.
pub fn format(source: &str, file_name: &str) -> Formatted {
    let compiled = compile(source, file_name);
    let made = written(source, &compiled.processes);
    // Numbers and seats settle on the second reading.
    let again = compile(&made, file_name);
    let mut settled = written(&made, &again.processes);
    let third = compile(&settled, file_name);
    let fourth = written(&settled, &third.processes);
    if fourth != settled {
        settled = fourth;
        let last = compile(&settled, file_name);
        if written(&settled, &last.processes) != settled {
            return Formatted::WouldLose { words: Vec::new() };
        }
    }
    if settled == source {
        return Formatted::Same;
    }
    let lost = lost(source, &settled);
    if lost.is_empty() { Formatted::Changed(settled) } else { Formatted::WouldLose { words: lost } }
}

fn written(source: &str, processes: &[gemba_model::Process]) -> String {
    let front = front::read(source);
    let foreign = front::foreign(source, &front);
    let kept: Vec<gemba_model::Process> = processes
        .iter()
        .map(|process| {
            let mut process = process.clone();
            keep_ids(&mut process.steps);
            process
        })
        .collect();
    print::print_all_with(&kept, &foreign)
}

/// Once formatted, an id is written down, so that it stays when the lead is reworded.
fn keep_ids(steps: &mut [gemba_model::Step]) {
    for step in steps {
        step.id_stated = true;
        keep_ids(&mut step.steps);
    }
}

/// The words of `before` that `after` says less often.
fn lost(before: &str, after: &str) -> Vec<String> {
    let kept = words(after);
    words(&stripped(before))
        .into_iter()
        .filter(|(word, count)| kept.get(word).is_none_or(|n| n < count))
        .filter(|(word, _)| !is_number(word))
        .map(|(word, _)| word)
        .collect()
}

/// A source without what is numbering (the markers of lists and headings) and without what the
/// canonical form says in other words.
fn stripped(source: &str) -> String {
    let mut out = String::with_capacity(source.len());
    for line in source.lines().filter(|line| !said_otherwise(line)) {
        let bare = line.trim_start_matches(['#', ' ', '*', '\t']);
        let lower = bare.to_lowercase();
        let rest = match lower.strip_prefix("step ") {
            Some(rest) if rest.starts_with(|c: char| c.is_ascii_digit()) => {
                bare.get(bare.len() - rest.len()..).unwrap_or(bare)
            }
            _ => line,
        };
        out.push_str(rest);
        out.push('\n');
    }
    out
}

/// Whether a line is a setting that was understood and has one canonical spelling: a kind that the
/// title tells already is not repeated, and a cadence is written one way.
fn said_otherwise(line: &str) -> bool {
    let line = line.trim();
    let kind = line.strip_prefix("- Kind:").map(str::trim);
    let review = line.strip_prefix("review:").map(str::trim);
    kind.is_some_and(|word| fields::kind_word(word).is_some())
        || review.is_some_and(|words| cadence::parse(words).is_some())
}

fn is_number(word: &str) -> bool {
    word.chars().all(|c| c.is_ascii_digit())
}

/// How often each word stands in a text; case and punctuation do not count.
fn words(text: &str) -> BTreeMap<String, usize> {
    let mut counts = BTreeMap::new();
    for word in text.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()) {
        *counts.entry(word.to_lowercase()).or_insert(0) += 1;
    }
    counts
}
