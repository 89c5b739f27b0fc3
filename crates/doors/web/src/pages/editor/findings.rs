//! The findings of a text, placed by line and ready to be shown.

use crate::{
    pages::processes::count,
    refusal::sentence,
    ui::{
        badge::Tone,
        editor::{Finding, Offer},
    },
};
use gemba_diag::{Diagnostic, Located, Severity};
use std::ops::Range;

/// A finding with its place, said as a sentence.
#[derive(Debug)]
pub(in crate::pages) struct Found {
    located: Located,
    chars: Range<usize>,
    mend: Option<Mend>,
}

/// The change that would settle a finding.
#[derive(Debug)]
struct Mend {
    title: String,
    value: String,
    chars: Range<usize>,
    text: String,
}

/// The findings with their lines, said as sentences.
pub(in crate::pages) fn located(source: &str, found: &[Diagnostic]) -> Vec<Found> {
    let all = Located::all(source, found);
    let said = |(one, diagnostic): (Located, &Diagnostic)| Found {
        located: Located {
            message: sentence(&one.message),
            help: one.help.as_deref().map(sentence),
            ..one
        },
        chars: units(source, &diagnostic.range),
        mend: diagnostic.fix.as_ref().map(|fix| Mend {
            title: fix.title.clone(),
            value: mend_act(diagnostic),
            chars: units(source, &fix.range),
            text: fix.replacement.clone(),
        }),
    };
    all.into_iter().zip(found).map(said).collect()
}

/// The value of the button that mends a finding: its code and the bytes it is about.
fn mend_act(found: &Diagnostic) -> String {
    format!("mend {} {} {}", found.code, found.range.start, found.range.end)
}

/// What a button's value asks to mend.
pub(super) fn mend_of(act: &str) -> Option<(&str, Range<usize>)> {
    let mut parts = act.strip_prefix("mend ")?.split(' ');
    let code = parts.next()?;
    let start = parts.next()?.parse().ok()?;
    Some((code, start..parts.next()?.parse().ok()?))
}

/// Bytes as the units in which a browser counts: those of UTF-16.
pub(super) fn units(source: &str, bytes: &Range<usize>) -> Range<usize> {
    let count = |at: usize| {
        let mut at = at.min(source.len());
        while !source.is_char_boundary(at) {
            at = at.saturating_sub(1);
        }
        let before = source.get(..at).unwrap_or_default();
        if before.is_ascii() { at } else { before.chars().map(char::len_utf16).sum() }
    };
    count(bytes.start)..count(bytes.end)
}

/// The findings as the page shows them, errors first.
pub(in crate::pages) fn shown(found: &[Found]) -> Vec<Finding<'_>> {
    let mut found: Vec<&Found> = found.iter().collect();
    found.sort_by_key(|one| rank(one.located.severity));
    found.into_iter().map(finding).collect()
}

fn rank(severity: Severity) -> u8 {
    match severity {
        Severity::Error => 0,
        Severity::Warning => 1,
        Severity::Info => 2,
    }
}

fn finding(one: &Found) -> Finding<'_> {
    Finding {
        tone: match one.located.severity {
            Severity::Error => Tone::Bad,
            Severity::Warning => Tone::Warn,
            Severity::Info => Tone::Neutral,
        },
        code: one.located.code.as_str(),
        line: u32::try_from(one.located.line).unwrap_or(0),
        from: one.chars.start,
        to: one.chars.end,
        message: &one.located.message,
        help: one.located.help.as_deref(),
        mend: one.mend.as_ref().map(|mend| Offer {
            title: &mend.title,
            value: &mend.value,
            from: mend.chars.start,
            to: mend.chars.end,
            text: &mend.text,
        }),
    }
}

/// How many there are of each kind: "1 error, 2 warnings".
pub(in crate::pages) fn tally(found: &[Diagnostic]) -> String {
    let n = |severity| found.iter().filter(|d| d.severity == severity).count();
    let kinds = [
        (n(Severity::Error), "error"),
        (n(Severity::Warning), "warning"),
        (n(Severity::Info), "note"),
    ];
    let said: Vec<String> =
        kinds.iter().filter(|(n, _)| *n > 0).map(|(n, noun)| count(*n, noun)).collect();
    if said.is_empty() { "nothing to mend".to_owned() } else { said.join(", ") }
}

#[cfg(test)]
mod tests {
    use super::*;
    use gemba_diag::Code;

    #[test]
    fn places_are_counted_as_a_browser_counts() {
        for (source, bytes, expected) in
            [("abc", 1..2, 1..2), ("äbc", 2..3, 1..2), ("🙂x", 4..5, 2..3), ("🙂x", 2..99, 0..3)]
        {
            assert_eq!(units(source, &bytes), expected, "{source}");
        }
    }

    #[test]
    fn the_value_of_a_mending_button_reads_back() {
        let found = Diagnostic::error(Code("SOP0101"), "m", 12..34);
        assert_eq!(mend_of(&mend_act(&found)), Some(("SOP0101", 12..34)));
        for other in ["", "check", "mend", "mend SOP0101", "mend SOP0101 1", "mend SOP0101 a b"] {
            assert_eq!(mend_of(other), None, "{other}");
        }
    }
}
