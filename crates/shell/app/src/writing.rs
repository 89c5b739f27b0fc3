//! Changing a text that is being written and not kept yet: its findings mended, steps put in and moved.
//!
//! Nothing here reads or keeps anything: a text comes in, a text goes out, and the one who writes
//! saves it or does not.

use crate::{Act, Error, Result, Who, access, processes::checked};
use gemba_diag::apply;
use gemba_model::StepId;
use gemba_sop::Surroundings;
pub use gemba_sop::edit::{Change, Changed};
use std::ops::Range;

/// The text with one finding mended; `None` where the text has no such finding with a fix any more.
pub fn mend(
    who: &Who,
    source: &str,
    name: &str,
    code: &str,
    range: &Range<usize>,
) -> Result<Option<String>> {
    access::require(who, Act::Read)?;
    let found = checked(source, name).diagnostics;
    let found = found.iter().find(|d| d.code.as_str() == code && d.range == *range);
    Ok(found.and_then(|d| d.fix.as_ref()).map(|fix| apply(source, [fix]).0))
}

/// The text with everything mended for which the change is certain, and how many changes that were.
pub fn mend_all(who: &Who, source: &str, name: &str) -> Result<(String, usize)> {
    access::require(who, Act::Read)?;
    Ok(gemba_sop::fix_all(source, name, &Surroundings::default(), |_any| true))
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
