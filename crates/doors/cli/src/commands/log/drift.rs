//! `gemba log drift`: when the process changed, what is other since, and since when a document is stale.

use super::conform::held;
use crate::args::{Drifting, Source};
use crate::failure::Failure;
use crate::terminal;
use gemba_mining::conform::Method;
use gemba_mining::drift::{
    Change, Difference, LEAST_CASES, Question, changes, in_words, order, stale,
};
use gemba_mining::{EventLog, time};
use serde_json::{Value, json};
use std::fmt::Write as _;
use std::process::ExitCode;

pub(super) fn run(source: &Source, args: &Drifting) -> Result<ExitCode, Failure> {
    let (log, fits) = match &args.against {
        None => (super::read(source)?, None),
        Some(model) => {
            let all = held(source, &args.names, model, Method::Align)?;
            let is_fit = |variant: &u32| {
                let at = usize::try_from(*variant).ok();
                let one = at.and_then(|at| all.conformance.per_variant.get(at));
                one.is_some_and(|one| one.cost == 0)
            };
            let fits: Vec<bool> = all.variants.of_case.iter().map(is_fit).collect();
            (all.log, Some(fits))
        }
    };
    let order = order(&log);
    let changes = changes(order.iter().map(|case| log.trace(*case)));
    let fits: Option<Vec<bool>> = fits
        .map(|fits| order.iter().map(|case| fits.get(*case).copied().unwrap_or(false)).collect());
    let stale = fits.as_deref().and_then(|fits| stale(fits, &changes));
    let found = Found { log: &log, order, changes, fits, stale };
    if args.json {
        terminal::print_json(&found.json());
    } else {
        terminal::print(&found.page());
    }
    Ok(ExitCode::SUCCESS)
}

struct Found<'a> {
    log: &'a EventLog,
    order: Vec<usize>,
    changes: Vec<Change>,
    /// Whether each case fits the model, in the order of the cases; none without a model.
    fits: Option<Vec<bool>>,
    /// The change since which the model is stale.
    stale: Option<usize>,
}

impl Found<'_> {
    /// When a case began, and what it is called.
    fn begin(&self, place: usize) -> (Option<String>, &str) {
        let Some(case) = self.order.get(place).copied() else { return (None, "") };
        let first = self.log.range(case).find_map(|event| self.log.time(event));
        (first.map(time::rfc3339), self.log.case_name(case))
    }

    fn since(&self, change: &Change) -> Option<String> {
        self.begin(change.case).0
    }

    /// The share of the cases of each stretch between changes that fit the model.
    fn shares(&self) -> Option<Vec<(usize, usize, f64)>> {
        let fits = self.fits.as_ref()?;
        let mut from = 0;
        let ends = self.changes.iter().map(|change| change.case).chain([fits.len()]);
        let shares = ends.map(|to| {
            let all = fits.get(from..to).unwrap_or_default();
            let fitting = all.iter().filter(|fits| **fits).count();
            let one = (from, to, percent(fitting, all.len()));
            from = to;
            one
        });
        Some(shares.collect())
    }

    fn json(&self) -> Value {
        let changes = self.changes.iter().map(|change| {
            json!({
                "case": change.case + 1,
                "case_name": self.begin(change.case).1,
                "since": self.since(change),
                "differences": change.differences.iter().map(|it| self.difference(it)).collect::<Vec<_>>(),
            })
        });
        let periods = self.shares().map(|all| {
            let all = all.into_iter().map(|(from, to, share)| {
                json!({"from": self.begin(from).0, "cases": to - from, "fitting_traces_percent": share})
            });
            all.collect::<Vec<_>>()
        });
        json!({
            "cases": self.log.cases(),
            "changes": changes.collect::<Vec<_>>(),
            "periods": periods,
            "stale_since": self.stale.and_then(|n| self.changes.get(n)).and_then(|it| self.since(it)),
            "import": super::report(self.log),
        })
    }

    fn difference(&self, it: &Difference) -> Value {
        let name = |activity: u32| self.log.activities.get(activity);
        let (kind, activities) = match it.question {
            Question::Happens(a) => ("happens", vec![name(a)]),
            Question::Begins(a) => ("begins", vec![name(a)]),
            Question::Ends(a) => ("ends", vec![name(a)]),
            Question::Follows(a, b) => ("follows", vec![name(a), name(b)]),
            Question::Before(a, b) => ("before", vec![name(a), name(b)]),
        };
        json!({
            "kind": kind,
            "activities": activities,
            "before": it.before,
            "since": it.since,
            "strength": it.strength,
            "text": in_words(self.log, it),
        })
    }

    fn page(&self) -> String {
        let mut out = String::new();
        // Writing to a string cannot fail.
        let mut line = |text: String| {
            let _fine = writeln!(out, "{text}");
        };
        if self.changes.is_empty() {
            let few = self.log.cases() < 2 * LEAST_CASES;
            line(if few {
                format!(
                    "{} cases are too few to say: a change shows from {LEAST_CASES} cases before and behind it.",
                    self.log.cases()
                )
            } else {
                format!("The process did not change in {} cases.", self.log.cases())
            });
        }
        for change in &self.changes {
            let (since, name) = self.begin(change.case);
            let since = since.unwrap_or_else(|| "without a date".to_owned());
            line(format!("Since {since} (case {}, \"{name}\")", change.case + 1));
            for it in change.differences.iter().take(ROWS) {
                line(format!("  {}", in_words(self.log, it)));
            }
            if change.differences.len() > ROWS {
                line(format!("  and {} more", change.differences.len() - ROWS));
            }
        }
        for (from, to, share) in self.shares().unwrap_or_default() {
            let begin = self.begin(from).0.unwrap_or_default();
            line(format!("As written: {share:.1} % of the {} cases from {begin}", to - from));
        }
        if let Some(change) = self.stale.and_then(|n| self.changes.get(n)) {
            let since = self.since(change).unwrap_or_default();
            line(format!("What is written no longer says what happens since {since}."));
        }
        out
    }
}

#[expect(clippy::as_conversions, reason = "counts of cases stay far below 2^53")]
fn percent(part: usize, all: usize) -> f64 {
    part as f64 * 100.0 / all.max(1) as f64
}

const ROWS: usize = 10;
