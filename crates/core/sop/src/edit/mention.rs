//! Where a text speaks of steps by number: "step 3", "steps 2 and 4", "Step 2.1".

use std::ops::Range;

/// The numbers that follow the word "step", each with its place.
pub(super) fn mentions(text: &str) -> Vec<(Range<usize>, &str)> {
    let mut found = Vec::new();
    let lower = text.to_ascii_lowercase();
    let mut from = 0;
    while let Some(at) = lower.get(from..).and_then(|rest| rest.find("step")).map(|at| at + from) {
        from = at + "step".len();
        let before = lower.get(..at).and_then(|b| b.chars().next_back());
        if before.is_some_and(char::is_alphanumeric) {
            continue;
        }
        let rest = lower.get(from..).unwrap_or_default();
        let plural = usize::from(rest.starts_with('s'));
        let mut here = from + plural;
        let space = blank(lower.get(here..).unwrap_or_default());
        if space == 0 {
            continue;
        }
        here += space;
        while let Some(number) = number(lower.get(here..).unwrap_or_default()) {
            let end = here + number;
            found.push((here..end, text.get(here..end).unwrap_or_default()));
            from = end;
            // One step is one number; several steps go on.
            let joint = joint(lower.get(end..).unwrap_or_default());
            if plural == 0 || joint == 0 {
                break;
            }
            here = end + joint;
        }
    }
    // A step of something else is not one of this list.
    found.retain(|(range, _)| !is_of_another(text.get(range.end..).unwrap_or_default()));
    found
}

fn blank(text: &str) -> usize {
    text.len() - text.trim_start_matches([' ', '\u{a0}']).len()
}

/// The length of a number or letter that stands alone.
fn number(text: &str) -> Option<usize> {
    let taken =
        text.len() - text.trim_start_matches(|c: char| c.is_ascii_digit() || c == '.').len();
    let taken = text.get(..taken).unwrap_or_default().trim_end_matches('.').len();
    let end = if taken > 0 {
        taken
    } else {
        text.chars().next().filter(char::is_ascii_lowercase).map(|_| 1)?
    };
    let after = text.get(end..).unwrap_or_default().chars().next();
    let alone =
        after.is_none_or(|c| !c.is_alphanumeric() && c != '-' && c != '_' || taken > 0 && c == '-');
    // "a" is a word more often than a letter.
    let word = taken == 0 && text.starts_with('a') && after == Some(' ');
    (alone && !word && !after.is_some_and(|c| taken > 0 && c.is_alphabetic())).then_some(end)
}

/// The length of what joins two numbers of a row.
fn joint(text: &str) -> usize {
    [
        " and ",
        ", and ",
        ", ",
        " or ",
        ", or ",
        " to ",
        " through ",
        "-",
        "\u{2013}",
        " - ",
        " \u{2013} ",
    ]
    .iter()
    .filter(|joint| text.starts_with(**joint))
    .map(|joint| joint.len())
    .max()
    .unwrap_or(0)
}

/// Whether the words after a number say that the step is another document's.
fn is_of_another(after: &str) -> bool {
    let lower = after.get(..60).unwrap_or(after).to_lowercase();
    ["of the ", "in the ", "from the "].iter().any(|joint| {
        lower.strip_prefix(' ').and_then(|l| l.strip_prefix(joint)).is_some_and(|rest| {
            let clause = rest.split(['.', ',', ';', '\n']).next().unwrap_or_default();
            ["sop", "procedure", "guide", "checklist", "runbook", "document", "process"]
                .iter()
                .any(|word| clause.split_whitespace().any(|w| w == *word))
                && !clause.contains("this ")
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_numbers_of_steps_are_found() {
        for (text, expected) in [
            ("go to step 3.", vec!["3"]),
            ("Go back to Step 12, then", vec!["12"]),
            ("see steps 2, 3 and 5 or 7.", vec!["2", "3", "5", "7"]),
            ("steps 2-4; steps 3\u{2013}5", vec!["2", "4", "3", "5"]),
            ("step 2.3 and 4 people", vec!["2.3"]),
            ("step b, then step a.", vec!["b", "a"]),
            ("the next step a person takes", vec![]),
            ("step 3rd, footstep 4, steps, step", vec![]),
            ("step 3 of the refund procedure, step 4", vec!["4"]),
            ("(step 3)", vec!["3"]),
            ("stepping 4", vec![]),
        ] {
            let found: Vec<&str> = mentions(text).into_iter().map(|(_, number)| number).collect();
            assert_eq!(found, expected, "{text}");
        }
    }
}
