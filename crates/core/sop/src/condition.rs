//! Where a condition ends in its sentence, and what it means after the sentence before.

use crate::inline::fold;
use crate::lexicon::Lexicon;

/// The condition and what follows, parted at the first comma, colon or "then" that is not in brackets
/// and does not go on with "or" or "and".
pub(crate) fn split_condition(text: &str) -> Option<(&str, &str)> {
    let mut depth = 0_usize;
    // The first comma, for want of one behind which a clause begins.
    let mut fallback: Option<(&str, &str)> = None;
    let (mut commas, mut listed) = (0, false);
    let mut quoted = false;
    for (at, c) in text.char_indices() {
        match c {
            '(' | '[' => depth += 1,
            ')' | ']' => depth = depth.saturating_sub(1),
            '"' => quoted = !quoted,
            '“' => quoted = true,
            '”' => quoted = false,
            '→' if depth == 0 && !quoted => {
                return Some((text.get(..at)?.trim(), text.get(at + c.len_utf8()..)?));
            }
            ',' | ':' | ';' | ' ' | '—' if depth == 0 && !quoted => {
                let after = text.get(at + c.len_utf8()..)?;
                if c == ' '
                    && let Some(rest) =
                        ["-> ", "=> ", "--> "].iter().find_map(|arrow| after.strip_prefix(arrow))
                {
                    return Some((text.get(..at)?.trim(), rest));
                }
                if c == ' ' {
                    if after.starts_with("then ") {
                        return Some((text.get(..at)?.trim(), after));
                    }
                    continue;
                }
                let spaced = after.starts_with(char::is_whitespace);
                let goes_on =
                    ["or ", "and ", "nor "].iter().any(|w| after.trim_start().starts_with(w));
                listed |= spaced && goes_on && fallback.is_some();
                if spaced && !goes_on && !after.trim().is_empty() {
                    let parts = (text.get(..at)?.trim(), after);
                    commas += 1;
                    if c != ',' || commas > 6 || begins_clause(after) {
                        // Only the things of a list put off the clause: "a, b, or c, the PM ...".
                        let first = fallback.filter(|_| c != ',' || !listed);
                        return Some(first.unwrap_or(parts));
                    }
                    fallback.get_or_insert(parts);
                }
            }
            _ => {}
        }
    }
    fallback
}

/// Words with which the clause after a condition begins besides verbs and names.
const CLAUSE_OPENS: Lexicon = Lexicon::new(&[
    "the", "a", "an", "you", "we", "they", "it", "he", "she", "then", "please", "this", "these",
    "all", "no", "there", "do", "don't", "your", "our", "their", "its", "that", "those", "each",
    "every", "if", "unless", "only", "i", "one", "both", "make", "simply", "also", "instead",
    "either", "nothing", "everyone", "always", "never",
]);

/// Whether a text begins as a clause does, rather than as one more thing of a list.
fn begins_clause(text: &str) -> bool {
    let first = text.split_whitespace().next().unwrap_or_default();
    let bare = first.trim_matches(|c: char| !c.is_alphanumeric());
    first.starts_with(char::is_uppercase)
        || CLAUSE_OPENS.has_any_case(bare)
        || crate::verbs::is_act(text.get(..crate::inline::sentence_end(text)).unwrap_or(text))
        || crate::actor::of_sentence(text).is_some()
        // A list of things goes on with "and" or "or" before the clause comes.
        || !text.contains(", ")
}

/// Conditions that take all their sense from the sentence before.
pub(crate) fn affirms(condition: &str) -> bool {
    matches!(
        condition.to_lowercase().as_str(),
        "so" | "yes" | "this is the case" | "that is the case"
    )
}

/// Conditions whose subject stands in the sentence before: "it is listed".
pub(crate) fn points_back(condition: &str) -> bool {
    let lower = condition.to_lowercase();
    let mut words = lower.split_whitespace();
    let first = words.next().unwrap_or_default();
    words.count() <= 2 && matches!(first, "it" | "they" | "this" | "that")
}

/// Words before "if" with which something is found out.
const CHECKS: [&str; 14] = [
    "check",
    "checks",
    "verify",
    "verifies",
    "see",
    "determine",
    "determines",
    "ask",
    "asks",
    "confirm",
    "confirms",
    "find out",
    "decides",
    "test",
];

/// What a sentence finds out: the words after its "if" or "whether".
pub(crate) fn checked(before: &str) -> Option<String> {
    let bare = before.trim().trim_end_matches(['.', '!', '?', ':']).trim_end();
    let lower = bare.to_lowercase();
    if lower.len() != bare.len() {
        return None;
    }
    let whether = lower.rfind(" whether ").map(|at| at + " whether ".len());
    let if_clause = || {
        let at = lower.rfind(" if ")?;
        let verb = lower.get(..at)?;
        CHECKS.iter().any(|w| verb.ends_with(w)).then_some(at + " if ".len())
    };
    Some(fold(bare.get(whether.or_else(if_clause)?..)?))
}

/// What a sentence says or asks, without its final mark.
pub(crate) fn said(before: &str) -> Option<String> {
    let bare = before.trim().trim_end_matches(['.', '!', '?', ':']).trim_end();
    // "Check the fridge: is it above 7 °C?": the question is what stands behind the colon.
    let asked = before.trim_end().ends_with('?').then(|| bare.rsplit_once(": ")).flatten();
    let bare = asked.map_or(bare, |(_, question)| question);
    (!bare.is_empty()).then(|| fold(bare))
}
