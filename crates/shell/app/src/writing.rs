//! Changing a text that is being written and not kept yet: its findings mended, steps put in and moved.
//!
//! Nothing here keeps anything: a text comes in, a text goes out, and the one who writes saves it or does
//! not. What is mended is what was found in the workspace as it is, so that is read.

use crate::{Act, App, Error, Result, Who, access, around, processes::check};
use gemba_diag::apply;
use gemba_model::StepId;
pub use gemba_sop::edit::{Assigned, Change, Changed};
use gemba_store::Mode;
use std::ops::Range;

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

/// The text with a step put in, moved or given something, every jump still meaning the same step.
pub fn change(
    who: &Who,
    source: &str,
    name: &str,
    step: &StepId,
    change: &Change,
) -> Result<Changed> {
    access::require(who, Act::Read)?;
    gemba_sop::edit::change(source, name, step, change)
        .map_err(|refused| Error::invalid("at", refused.says()))
}

/// The text in which these seats answer for the steps, are asked before and told after.
pub fn assign(who: &Who, source: &str, name: &str, asked: &[Assigned]) -> Result<String> {
    access::require(who, Act::Read)?;
    gemba_sop::edit::assign(source, name, asked)
        .map_err(|refused| Error::invalid("raci", refused.says()))
}
