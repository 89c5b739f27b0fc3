//! Comments that silence a finding, with their reason: `<!-- gemba-ignore SOP0508: why -->`.

use super::{ignore_unclear, ignore_unused};
use crate::block::{Block, Kind, Piece};
use crate::front::Front;
use gemba_diag::{Code, Diagnostic, Severity};
use std::ops::Range;

/// How a comment begins that silences.
const WORD: &str = "gemba-ignore";

/// Findings that follow from what stands around the document: a comment may wait for them.
const AROUND: [&str; 9] = [
    "SOP0117", "SOP0406", "SOP0407", "SOP0408", "SOP0503", "SOP0504", "SOP0505", "SOP0506",
    "SOP0507",
];

/// One code in a comment.
struct Silence {
    code: Code,
    place: Range<usize>,
    /// The lines whose findings it silences; all of them where it stands in the front matter.
    lines: Option<[usize; 2]>,
    used: bool,
}

/// Leaves out what comments silence, and says which comments silence nothing or cannot.
pub(crate) fn apply(source: &str, front: &Front, blocks: &[Block], found: &mut Vec<Diagnostic>) {
    if !source.contains(WORD) {
        return;
    }
    let starts: Vec<usize> =
        std::iter::once(0).chain(source.match_indices('\n').map(|(at, _)| at + 1)).collect();
    let line_of = |at: usize| starts.partition_point(|start| *start <= at).saturating_sub(1);
    let mut code_places = Vec::new();
    gather_code(blocks, &mut code_places);
    let mut silences: Vec<Silence> = Vec::new();
    let mut unclear = Vec::new();
    for comment in comments(source, front) {
        if code_places.iter().any(|place| place.contains(&comment.place.start)) {
            continue;
        }
        let lines = (!comment.in_front).then(|| {
            let line = line_of(comment.place.start);
            [line, described(source, &starts, line, &comment.place)]
        });
        read(&comment, lines, &mut silences, &mut unclear);
    }
    found.retain(|finding| {
        let line = line_of(finding.range.start);
        let mut silent = false;
        for silence in silences.iter_mut().filter(|s| s.code == finding.code) {
            if silence.lines.is_none_or(|lines| lines.contains(&line)) {
                silence.used = true;
                silent = true;
            }
        }
        !silent
    });
    found.append(&mut unclear);
    for silence in silences.iter().filter(|s| !s.used && !AROUND.contains(&s.code.as_str())) {
        found.push(ignore_unused::finding(silence.code, silence.place.clone()));
    }
}

struct Comment<'a> {
    /// What follows the word.
    text: &'a str,
    place: Range<usize>,
    in_front: bool,
}

fn comments<'a>(source: &'a str, front: &Front) -> Vec<Comment<'a>> {
    let mut found = Vec::new();
    for (at, _) in source.match_indices(WORD) {
        let before = source.get(..at).unwrap_or_default();
        let after = source.get(at + WORD.len()..).unwrap_or_default();
        if after.starts_with(|c: char| c.is_alphanumeric() || c == '-') {
            continue;
        }
        if at < front.body {
            let line = before.rsplit('\n').next().unwrap_or_default();
            if line.trim() == "#" {
                let text = after.lines().next().unwrap_or_default();
                let start = at - (line.len() - line.find('#').unwrap_or(0));
                let end = at + WORD.len() + text.trim_end().len();
                found.push(Comment { text, place: start..end, in_front: true });
            }
            continue;
        }
        let opened = before.trim_end();
        let Some(start) = opened.strip_suffix("<!--").map(str::len) else { continue };
        let Some(length) = after.find("-->") else { continue };
        let text = after.get(..length).unwrap_or_default();
        let place = start..at + WORD.len() + length + 3;
        found.push(Comment { text, place, in_front: false });
    }
    found
}

/// The line that a comment speaks of: its own where words stand before or behind it, else the next
/// that is no such comment and not empty.
fn described(source: &str, starts: &[usize], line: usize, place: &Range<usize>) -> usize {
    let text = |n: usize| {
        let start = starts.get(n)?;
        let end = starts.get(n + 1).copied().unwrap_or(source.len());
        source.get(*start..end)
    };
    let start = starts.get(line).copied().unwrap_or(0);
    let before = source.get(start..place.start).unwrap_or_default();
    let behind = source.get(place.end..).unwrap_or_default().lines().next().unwrap_or_default();
    if !before.trim().is_empty() || !behind.trim().is_empty() {
        return line;
    }
    let last = starts.partition_point(|start| *start < place.end).saturating_sub(1);
    let is_one = |text: &str| text.trim_start().starts_with("<!--") && text.contains(WORD);
    (last + 1..starts.len())
        .find(|n| text(*n).is_some_and(|t| !t.trim().is_empty() && !is_one(t)))
        .unwrap_or(line)
}

/// Reads "SOP0508, SOP0310: the reason".
fn read(
    comment: &Comment<'_>,
    lines: Option<[usize; 2]>,
    silences: &mut Vec<Silence>,
    unclear: &mut Vec<Diagnostic>,
) {
    let place = || comment.place.clone();
    let (codes, reason) = comment.text.split_once(':').unwrap_or((comment.text, ""));
    if reason.trim().is_empty() {
        unclear.push(ignore_unclear::finding(place(), "it gives no reason"));
        return;
    }
    for word in codes.split([',', ' ', '\t', '\n', '\r']).filter(|w| !w.is_empty()) {
        let rule = super::rules().iter().find(|rule| rule.code.as_str() == word);
        match rule {
            None => {
                let said: String = word.chars().take(40).collect();
                let message = format!("there is no code \"{said}\"");
                unclear.push(ignore_unclear::finding(place(), message));
            }
            Some(rule) if rule.severity == Severity::Error => {
                let message = format!("{word} is an error, which cannot be silenced");
                unclear.push(ignore_unclear::finding(place(), message));
            }
            // A text that deceives its readers could silence what says so.
            Some(_) if word.starts_with("SOP08") || word.starts_with("SOP09") => {
                let message = format!("{word} cannot be silenced from within the document");
                unclear.push(ignore_unclear::finding(place(), message));
            }
            Some(rule) => {
                silences.push(Silence { code: rule.code, place: place(), lines, used: false });
            }
        }
    }
    if codes.trim().is_empty() {
        unclear.push(ignore_unclear::finding(place(), "it names no code"));
    }
}

/// The places of code, in which a comment is an example.
fn gather_code(blocks: &[Block], places: &mut Vec<Range<usize>>) {
    for block in blocks {
        if block.kind == Kind::Code {
            places.push(block.span.clone());
        }
        let inline = block.inline.iter().filter(|part| matches!(part.piece, Piece::Code(_)));
        places.extend(inline.map(|part| part.span.clone()));
        gather_code(&block.children, places);
    }
}
