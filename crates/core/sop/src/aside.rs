//! Conditions that stand in brackets behind what they are the condition of.

use crate::decision::{Branch, IDLE_AFTER, Jump, lower_first};
use crate::inline::fold;

/// How an aside in brackets says when what stands before it is done; the flag says whether the word is
/// dropped.
const ASIDES: [(&str, bool); 4] =
    [("only if ", true), ("if ", true), ("only for ", false), ("unless ", false)];

/// What an aside says of the words before it: "Legal reviews the contract (only for new vendors)".
pub(crate) fn of(before: &str, inner: &str) -> Option<Branch> {
    let inner = inner.trim();
    let lower = inner.to_lowercase();
    let (word, dropped) = ASIDES.into_iter().find(|(word, _)| lower.starts_with(word))?;
    let bare = inner.get(word.len()..)?.trim_end_matches(['.', '!']);
    let idle =
        |w: &&str| bare.strip_prefix(*w).is_some_and(|r| !r.starts_with(char::is_alphanumeric));
    let joined = [", ", ": ", "; "].iter().any(|mark| bare.contains(mark));
    let whole = (1..=15).contains(&bare.split_whitespace().count()) && !joined;
    if !whole || IDLE_AFTER.iter().any(idle) || before.trim().is_empty() {
        return None;
    }
    let condition = if dropped { bare } else { inner.trim_end_matches(['.', '!']) };
    let condition = condition.strip_prefix("only ").unwrap_or(condition);
    let condition = lower_first(condition.strip_prefix("Only ").unwrap_or(condition), dropped);
    Some(Branch { condition: fold(&condition), action: fold(before), jump: Jump::Inline })
}

/// "Ask the CFO (if it is over 5,000 euros)".
pub(crate) fn bracketed(text: &str) -> Option<Branch> {
    let (before, rest) = text.rsplit_once(" (")?;
    let (inner, _) = rest.split_once(')')?;
    of(before, inner)
}
