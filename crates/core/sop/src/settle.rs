//! Carrying out every certain fix of a document, again and again until there is none left.

use crate::{Surroundings, compile_in};
use gemba_diag::{Code, Fix};

/// The most rounds: a fix may make another finding possible, a pair of rules that undo each other not
/// keep it going for ever.
const MAX_ROUNDS: usize = 16;

/// The text with all fixes of the wanted codes carried out, and how many were.
///
/// Fixes that touch one another are carried out in different rounds; after each the text is read anew.
pub fn fix_all(
    source: &str,
    file_name: &str,
    surroundings: &Surroundings,
    wanted: impl Fn(Code) -> bool,
) -> (String, usize) {
    let mut text = source.to_owned();
    let mut count = 0;
    for _ in 0..MAX_ROUNDS {
        let found = compile_in(&text, file_name, surroundings).diagnostics;
        let fixes: Vec<&Fix> =
            found.iter().filter(|d| wanted(d.code)).filter_map(|d| d.fix.as_ref()).collect();
        let (made, n) = gemba_diag::apply(&text, fixes);
        if n == 0 || made == text {
            break;
        }
        text = made;
        count += n;
    }
    (text, count)
}
