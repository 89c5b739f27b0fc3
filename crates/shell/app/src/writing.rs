//! Changing a text that is being written and not kept yet: its findings mended, steps put in and moved.
//!
//! Nothing here keeps anything: a text comes in, a text goes out, and the one who writes saves it or does
//! not. What is mended is what was found in the workspace as it is, so that is read.

use crate::{Act, App, Error, Result, Who, access, around, processes::check};
use gemba_diag::apply;
use gemba_model::StepId;
pub use gemba_sop::edit::{Assigned, Change, Changed};
use gemba_store::Mode;
use std::{fmt, ops::Range};

/// The text with one finding mended; `None` where the text has no such finding with a fix any more.
pub async fn mend(
    app: &App,
    who: &Who,
    source: &str,
    name: &str,
    code: &str,
    range: &Range<usize>,
) -> Result<Option<String>> {
    let found = check(app, who, source, name).await?.diagnostics;
    let found = found.iter().find(|d| d.code.as_str() == code && d.range == *range);
    Ok(found.and_then(|d| d.fix.as_ref()).map(|fix| apply(source, [fix]).0))
}

/// The text with everything mended for which the change is certain, and how many changes that were.
pub async fn mend_all(app: &App, who: &Who, source: &str, name: &str) -> Result<(String, usize)> {
    let mut tx = app.open(who, Act::Read, Mode::Read).await?;
    let around = around::of(app, &mut *tx).await?;
    Ok(gemba_sop::fix_all(source, name, &around, |_any| true))
}

/// A step of a text that may hold several processes: "collect-hours", or "2.collect-hours" for one of the
/// second process.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Spot {
    /// Which process of the text, counted from 0.
    pub nth: usize,
    /// The step.
    pub step: StepId,
}

impl Spot {
    /// What its word means.
    pub fn of(word: &str) -> Self {
        let later =
            word.split_once('.').and_then(|(n, step)| Some((n.parse::<usize>().ok()?, step)));
        match later {
            Some((n, step)) if n > 0 => Self { nth: n - 1, step: StepId::from_text(step, "none") },
            _ => Self { nth: 0, step: StepId::from_text(word, "none") },
        }
    }
}

impl fmt::Display for Spot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.nth {
            0 => write!(f, "{}", self.step),
            nth => write!(f, "{}.{}", nth + 1, self.step),
        }
    }
}

/// The text with a step put in, moved or given something, every jump still meaning the same step.
pub fn change(
    who: &Who,
    source: &str,
    name: &str,
    spot: &Spot,
    change: &Change,
) -> Result<Changed> {
    access::require(who, Act::Read)?;
    gemba_sop::edit::change(source, name, spot.nth, &spot.step, change)
        .map_err(|refused| Error::invalid("at", refused.says()))
}

/// The text in which these seats answer for the steps, are asked before and told after.
pub fn assign(who: &Who, source: &str, name: &str, asked: &[Assigned]) -> Result<String> {
    access::require(who, Act::Read)?;
    gemba_sop::edit::assign(source, name, asked)
        .map_err(|refused| Error::invalid("raci", refused.says()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_step_is_named_with_the_place_of_its_process_where_that_is_not_the_first() {
        for (word, nth, step, again) in [
            ("collect", 0, "collect", "collect"),
            ("2.collect", 1, "collect", "2.collect"),
            ("1.collect", 0, "collect", "collect"),
            ("0.collect", 0, "0-collect", "0-collect"),
            ("", 0, "none", "none"),
            (
                "99999999999999999999999.a",
                0,
                "99999999999999999999999-a",
                "99999999999999999999999-a",
            ),
        ] {
            let spot = Spot::of(word);
            assert_eq!((spot.nth, spot.step.as_str()), (nth, step), "{word}");
            assert_eq!(spot.to_string(), again);
        }
    }
}
