//! The way on as a sentence says it without a condition, or for both cases at once.

use crate::condition::split_condition;
use crate::decision::{ALWAYS, Branch, Jump, lower_first};

/// A sentence that names a condition and what there is otherwise, in its two parts: "If it fits, go to
/// step 4, otherwise go to step 5".
pub(crate) fn both_ways(sentence: &str) -> (&str, Option<&str>) {
    let opens =
        |word: &str| sentence.get(..word.len()).is_some_and(|w| w.eq_ignore_ascii_case(word));
    if !["if ", "when ", "in case ", "where "].iter().any(|word| opens(word)) {
        return (sentence, None);
    }
    let joints = [", otherwise", "; otherwise", ", else", "; else", "; if "];
    let parted = joints.iter().find_map(|joint| {
        let (before, after) = sentence.split_once(joint)?;
        let manner = ["known", "stated", "agreed", "noted", "specified", "where"];
        let idle = manner.iter().any(|word| after.trim_start().starts_with(word));
        let whole = joint.ends_with(' ') || after.starts_with([' ', ',', ':']);
        let from = before.len() + joint.len() - joint.trim_start_matches([',', ';', ' ']).len();
        let said = split_condition(before).is_some();
        (whole && !idle && said).then(|| Some((before, sentence.get(from..)?)))?
    });
    parted.map_or((sentence, None), |(before, after)| (before, Some(after)))
}

/// Verbs of a sentence that says no more than where the work goes on.
const GOES_ON: [&str; 12] = [
    "go back to ",
    "go to ",
    "return to ",
    "proceed to ",
    "proceed directly to ",
    "skip to ",
    "skip ahead to ",
    "jump to ",
    "continue with ",
    "continue at ",
    "move on to ",
    "loop back to ",
];

/// A sentence without a condition that says where the work goes on, and nothing else: "Then go back to
/// step 2", "The process ends here".
pub(crate) fn onward(text: &str) -> Option<Branch> {
    let bare = text.trim().trim_end_matches(['.', '!']).trim_end();
    let mut rest = bare;
    for opening in ["Then ", "Then, ", "then ", "Finally, ", "Afterwards, ", "After that, "] {
        rest = rest.strip_prefix(opening).unwrap_or(rest);
    }
    let lower = rest.to_lowercase();
    let ends = ["the process ends", "the procedure ends", "this procedure ends", "end the process"];
    let ended = ends.iter().find_map(|words| lower.strip_prefix(words));
    let jump = if ended.is_some_and(|after| matches!(after, "" | " here")) {
        Jump::End
    } else {
        let object = GOES_ON.iter().find_map(|verb| lower.strip_prefix(verb))?;
        if !names_a_step(object) {
            return None;
        }
        Jump::To { words: lower_first(rest, false), hard: true }
    };
    Some(Branch {
        condition: ALWAYS.to_owned(),
        action: String::new(),
        jump: Jump::Onward(Box::new(jump)),
    })
}

/// Whether words are a step by its number and no more, but for its title: "step 4", "step 2.1 (Pack)".
pub(crate) fn names_a_step(object: &str) -> bool {
    let object = object.strip_prefix("the ").unwrap_or(object);
    let Some(after) = object.strip_prefix("step ") else { return false };
    let rest = after.trim_start_matches(|c: char| c.is_ascii_digit() || c == '.');
    let numbered = rest.len() < after.len();
    let rest = rest.strip_prefix(|c: char| c.is_ascii_lowercase()).unwrap_or(rest);
    numbered
        && (rest.is_empty()
            || [" (", ": ", " \"", " “", " –", " —"].iter().any(|w| rest.starts_with(w)))
}
