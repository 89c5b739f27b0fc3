//! Words that say that the parts of a step go on at the same time.

use crate::inline::sentences;
use crate::lexicon::Lexicon;

const TOGETHER: Lexicon = Lexicon::new(&[
    "in parallel",
    "at the same time",
    "simultaneously",
    "in any order",
    "concurrently",
    "at once",
]);

/// Words behind those above that speak of something else than the parts: "in parallel with step 3".
const OTHERS: [&str; 4] = ["with ", "as ", "to ", "while "];

/// Whether the title of a step, or the sentence that leads to its parts, says that they go on together.
pub(crate) fn said(title: &str, text: &str) -> bool {
    let leads = |sentence: &&str| {
        let lower = sentence.to_lowercase();
        sentence.trim_end().ends_with(':') || PARTS.said_in(&lower).is_some()
    };
    says(title) || sentences(text).into_iter().filter(leads).any(says)
}

/// What names the parts of a step.
const PARTS: Lexicon =
    Lexicon::new(&["following", "these", "steps", "parts", "tasks", "they", "all", "both"]);

fn says(sentence: &str) -> bool {
    let lower = sentence.to_lowercase();
    let Some(phrase) = TOGETHER.said_in(&lower) else { return false };
    let Some((before, after)) = lower.split_once(phrase) else { return false };
    let denied =
        before.split_whitespace().any(|w| matches!(w, "not" | "never" | "don't" | "cannot"));
    // "At once" is rather "now" where nothing is said of several.
    let now = phrase == "at once" && PARTS.said_in(before).is_none();
    let after = after.trim_start();
    !denied && !now && !OTHERS.iter().any(|w| after.starts_with(w))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_words_for_together() {
        for (title, text, expected) in [
            ("Do these in parallel", "", true),
            ("In parallel:", "", true),
            ("Prepare the desk", "Do the following at the same time:", true),
            ("Prepare the desk", "The parts can be done in any order.", true),
            ("Ask both at once", "", true),
            ("Call the client at once", "", false),
            ("Never open both doors at the same time", "", false),
            ("Prepare the desk in parallel with step 3", "", false),
            ("Prepare the desk", "Two machines run simultaneously here.", false),
            ("Prepare the desk", "", false),
        ] {
            assert_eq!(said(title, text), expected, "{title} {text}");
        }
    }
}
