//! The findings of a text, placed by line and ready to be shown.

use crate::{
    pages::processes::count,
    refusal::sentence,
    ui::{badge::Tone, editor::Finding},
};
use gemba_diag::{Diagnostic, Located, Severity};

/// The findings with their lines, said as sentences.
pub(in crate::pages) fn located(source: &str, found: &[Diagnostic]) -> Vec<Located> {
    let said = |one: Located| Located {
        message: sentence(&one.message),
        help: one.help.as_deref().map(sentence),
        ..one
    };
    Located::all(source, found).into_iter().map(said).collect()
}

/// The findings as the page shows them, errors first.
pub(in crate::pages) fn shown(located: &[Located]) -> Vec<Finding<'_>> {
    let mut found: Vec<&Located> = located.iter().collect();
    found.sort_by_key(|one| rank(one.severity));
    found.into_iter().map(finding).collect()
}

fn rank(severity: Severity) -> u8 {
    match severity {
        Severity::Error => 0,
        Severity::Warning => 1,
        Severity::Info => 2,
    }
}

fn finding(one: &Located) -> Finding<'_> {
    Finding {
        tone: match one.severity {
            Severity::Error => Tone::Bad,
            Severity::Warning => Tone::Warn,
            Severity::Info => Tone::Neutral,
        },
        code: one.code.as_str(),
        line: u32::try_from(one.line).unwrap_or(0),
        message: &one.message,
        help: one.help.as_deref(),
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
