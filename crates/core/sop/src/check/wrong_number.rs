//! The rule SOP0206: a reference names one step by number and another by title.
#![doc = include_str!("../../../../../docs/codes/SOP0206.md")]

use super::{Document, Rule};

use gemba_diag::{Code, Diagnostic, Severity};

/// The entry of the rule table.
pub(crate) const RULE: Rule = Rule {
    code: Code("SOP0206"),
    name: "number-and-title-differ",
    severity: Severity::Warning,
    summary: "A reference names one step by number and another by title",
    page: include_str!("../../../../../docs/codes/SOP0206.md"),
};

pub(crate) fn check(document: &Document<'_>, found: &mut Vec<Diagnostic>) {
    for reading in document.readings {
        let steps = &reading.process.steps;
        let telling = super::within(document, reading).filter(|p| p.lower.contains("step "));
        let mut telling = telling.peekable();
        if telling.peek().is_none() {
            continue;
        }
        let titles: Vec<String> = steps.iter().map(|s| s.title.to_lowercase()).collect();
        let acts: Vec<String> = steps.iter().map(|s| crate::act::of(&s.title)).collect();
        for passage in telling {
            wrong_way(document, steps, passage, found);
            for (digits, rest) in references(&passage.lower).into_iter().take(200) {
                let named = |n: usize| {
                    let known = [titles.get(n), acts.get(n)];
                    known.into_iter().flatten().find(|t| t.len() > 5 && begins(rest, t))
                };
                let Some(real) = (0..steps.len()).find(|n| named(*n).is_some()) else { continue };
                let said = steps.iter().position(|s| s.number == digits || label(s) == digits);
                let twice = titles.iter().filter(|t| titles.get(real) == Some(t)).count() > 1;
                let (Some(step), false) = (steps.get(real), twice || said == Some(real)) else {
                    continue;
                };
                if said.is_some_and(|at| named(at).is_some()) {
                    continue;
                }
                let phrase = format!("step {digits}");
                let place = passage.place(document.source, &phrase);
                let made = RULE.at(
                    place.clone(),
                    format!(
                        "step {digits} is not \"{}\"; that is step {}",
                        step.title, step.number
                    ),
                );
                let made = made.with_related(super::title_place(document, step), "the step named");
                // Certain only where the number stands once in the passage, as written.
                let certain =
                    passage.lower.matches(&phrase).count() == 1 && place.len() == phrase.len();
                found.push(if certain {
                    let digits = place.end - digits.len()..place.end;
                    made.with_fix(digits, step.number.clone(), "write the number of the step named")
                } else {
                    made.with_help("write the number of the step named")
                });
            }
        }
    }
}

/// "Go back to step 4" in step 2, "skip ahead to step 1" in step 3: one of the two is a slip.
fn wrong_way(
    document: &Document<'_>,
    steps: &[gemba_model::Step],
    passage: &crate::passage::Passage<'_>,
    found: &mut Vec<Diagnostic>,
) {
    let Some(here) = steps.iter().position(|step| super::holds(step, passage)) else { return };
    let back = ["back to step ", "return to step ", "returns to step "];
    let ahead = ["ahead to step ", "forward to step ", "skip to step ", "skips to step "];
    for (phrase, backwards) in back.map(|p| (p, true)).into_iter().chain(ahead.map(|p| (p, false)))
    {
        for at in crate::passage::places(&passage.lower, phrase).take(20) {
            let rest = passage.lower.get(at + phrase.len()..).unwrap_or_default();
            let length = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
            let digits = rest.get(..length).unwrap_or_default();
            // "Step 2.1" and "step 2b" are parts of steps.
            let part = rest.get(length..).is_some_and(|r| {
                r.starts_with(char::is_alphabetic)
                    || r.strip_prefix('.')
                        .is_some_and(|r| r.starts_with(|c: char| c.is_ascii_digit()))
            });
            let there = steps.iter().position(|s| s.number == digits && label(s) == digits);
            let Some(there) = there.filter(|_| !part) else { continue };
            if (backwards && there > here) || (!backwards && there < here) {
                let words = format!("{phrase}{digits}");
                let (way, is) = if backwards { ("back", "after") } else { ("on", "before") };
                let own = steps.get(here).map(|s| s.number.as_str()).unwrap_or_default();
                found.push(
                    RULE.at(
                        passage.place(document.source, &words),
                        format!("\"{words}\" leads {way}, but step {digits} comes {is} step {own}"),
                    )
                    .with_help("write the number of the step that is meant"),
                );
            }
        }
    }
}

/// The number typed before a step, bare.
fn label(step: &gemba_model::Step) -> &str {
    step.label.trim_matches(|c: char| !c.is_ascii_digit())
}

/// Each "step N" of a text with the number and what follows it.
fn references(lower: &str) -> Vec<(&str, &str)> {
    let mut found = Vec::new();
    for (at, word) in lower.match_indices("step ") {
        let Some(rest) = lower.get(at + word.len()..) else { continue };
        let length = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
        if let Some((digits, after)) = rest.split_at_checked(length)
            && (1..=3).contains(&length)
        {
            found.push((digits, after));
        }
    }
    found
}

/// Whether a title follows a number: ", collect the hours", ' ("Collect the hours")'.
fn begins(rest: &str, title: &str) -> bool {
    let marks = [' ', ',', ':', '(', '"', '“', '–', '—', '-'];
    let bare = rest.trim_start_matches(marks);
    let parted = rest.len() > bare.len() + 1;
    if !parted {
        return false;
    }
    let mention = bare.split([')', '"', '”', '.', ';', '\n']).next();
    let mention = mention.unwrap_or_default().trim_end();
    // The first words of a title name it too, where they are all that is said.
    let short = mention.split(' ').count() > 1
        && title.strip_prefix(mention).is_some_and(|rest| rest.starts_with([' ', ',']));
    short || bare.strip_prefix(title).is_some_and(|t| !t.starts_with(char::is_alphanumeric))
}
