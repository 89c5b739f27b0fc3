//! When two ways of saying something count as the same: markup, white space and case do not matter.

use gemba_model::Step;

/// Markup off, white space folded, small letters.
pub(crate) fn bare(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    // Links keep their words: "[words](target)" becomes "words".
    while let Some((words, target)) = rest.split_once("](") {
        out.push_str(words);
        rest = target.split_once(')').map_or("", |(_, after)| after);
    }
    out.push_str(rest);
    let marks = |c: &char| !matches!(c, '*' | '_' | '`' | '[' | ']' | '\\');
    let kept: String = out.chars().filter(marks).collect();
    kept.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase()
}

/// The same without the marks that end clauses.
fn unmarked(text: &str) -> String {
    text.replace(['.', ':', ',', ';'], "")
}

/// Whether a step begins as the reader wrote it down.
pub(crate) fn same_start(step: &Step, start: &str) -> bool {
    let (text, title) = (bare(&step.text), bare(&step.title));
    let opening = if text.starts_with(&title) { text } else { format!("{title} {text}") };
    unmarked(&opening).starts_with(unmarked(&bare(start)).trim_end())
}

/// Whether one names the other, in full or in part.
pub(crate) fn same_name(read: &str, wanted: &str) -> bool {
    let (read, wanted) = (bare(read), bare(wanted));
    !read.is_empty() && !wanted.is_empty() && (read.contains(&wanted) || wanted.contains(&read))
}

/// Whether a condition is the wanted one, in full or its greater part.
pub(crate) fn same_condition(read: &str, wanted: &str) -> bool {
    let (read, wanted) = (bare(read), bare(wanted));
    let wanted = wanted.trim_start_matches("if ");
    read.contains(wanted) || (read.len() > 5 && wanted.contains(read.as_str()))
}

/// Whether a passage is the wanted one: one holds the other, or most of its words.
pub(crate) fn same_passage(read: &str, wanted: &str) -> bool {
    let (read, wanted) = (bare(read), bare(wanted));
    if read.contains(&wanted) || (read.len() > 12 && wanted.contains(&read)) {
        return true;
    }
    let words = |text: &str| -> Vec<String> {
        text.split(|c: char| !c.is_alphanumeric())
            .filter(|w| w.len() > 2)
            .map(str::to_owned)
            .collect()
    };
    let (read, wanted) = (words(&read), words(&wanted));
    let kept = wanted.iter().filter(|w| read.contains(w)).count();
    !wanted.is_empty() && kept * 10 >= wanted.len() * 7
}
