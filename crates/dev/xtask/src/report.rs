//! What `cargo ci` prints at the end: one line for each step, then what was left out and why.

use std::fmt::Write as _;
use std::time::Duration;

use crate::task::Outcome;

/// One step that has ended.
#[derive(Debug)]
pub(crate) struct Ended {
    pub(crate) name: String,
    pub(crate) took: Duration,
    pub(crate) outcome: Outcome,
}

/// Whether the whole run counts as good. Where nobody looks (`strict`), a suite that did not run
/// is as bad as one that failed.
pub(crate) fn is_good(steps: &[Ended], strict: bool) -> bool {
    steps.iter().all(|step| match step.outcome {
        Outcome::Passed => true,
        Outcome::Failed(_) => false,
        Outcome::NotRun { .. } => !strict,
    })
}

/// The table and the closing lines.
pub(crate) fn table(steps: &[Ended]) -> String {
    let width = steps.iter().map(|step| step.name.chars().count()).max().unwrap_or(0).max(4);
    let mut text = format!("{:<width$}  seconds  result\n", "step");
    let (mut passed, mut failed, mut skipped) = (0, 0, 0);
    let mut notes = String::new();
    for step in steps {
        let result = match &step.outcome {
            Outcome::Passed => {
                passed += 1;
                "ok"
            }
            Outcome::Failed(why) => {
                failed += 1;
                note(&mut notes, format_args!("failed: {}: {why}", step.name));
                "failed"
            }
            Outcome::NotRun { why, install } => {
                skipped += 1;
                let name = &step.name;
                note(
                    &mut notes,
                    format_args!("not run: {name}: {why}; what it needs comes with: {install}"),
                );
                "not run"
            }
        };
        note(
            &mut text,
            format_args!("{:<width$}  {:>7.1}  {result}", step.name, step.took.as_secs_f64()),
        );
    }
    text + &notes + &format!("steps: {passed} passed, {failed} failed, {skipped} skipped\n")
}

fn note(text: &mut String, line: std::fmt::Arguments<'_>) {
    // Writing into a String does not fail.
    writeln!(text, "{line}").unwrap_or_default();
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ended(name: &str, millis: u64, outcome: Outcome) -> Ended {
        Ended { name: name.to_owned(), took: Duration::from_millis(millis), outcome }
    }

    fn missing() -> Outcome {
        Outcome::NotRun {
            why: "needs chromium".to_owned(),
            install: "apt-get install chromium".to_owned(),
        }
    }

    #[test]
    fn the_table_names_what_did_not_run_and_the_line_that_helps() {
        let steps = [
            ended("formatting", 1_240, Outcome::Passed),
            ended("lints", 61_000, Outcome::Failed("`cargo clippy`: exit status: 101".to_owned())),
            ended("web/browser", 0, missing()),
        ];
        assert_eq!(
            table(&steps),
            "step         seconds  result\n\
             formatting       1.2  ok\n\
             lints           61.0  failed\n\
             web/browser      0.0  not run\n\
             failed: lints: `cargo clippy`: exit status: 101\n\
             not run: web/browser: needs chromium; \
             what it needs comes with: apt-get install chromium\n\
             steps: 1 passed, 1 failed, 1 skipped\n"
        );
    }

    #[test]
    fn a_suite_that_did_not_run_counts_only_where_nobody_looks() {
        let steps = [ended("a", 0, Outcome::Passed), ended("b", 0, missing())];
        assert!(is_good(&steps, false));
        assert!(!is_good(&steps, true));
    }

    #[test]
    fn a_failure_always_counts() {
        let steps = [ended("a", 0, Outcome::Failed("no".to_owned()))];
        assert!(!is_good(&steps, false));
    }
}
