//! What the running text of a document says about owner, trigger, output and failure.

use crate::carrier::{Found, Places};
use crate::outline::Section;
use crate::{failing, outcome, owner, when};
use gemba_model::{FailureSignal, Output, Owner, Trigger};
use std::ops::Range;

/// What was read between the lines.
#[derive(Debug, Default)]
pub(crate) struct Story {
    pub(crate) owner: Option<Owner>,
    pub(crate) triggers: Vec<Trigger>,
    pub(crate) outputs: Vec<Output>,
    pub(crate) failures: Vec<FailureSignal>,
}

/// Reads the text of a process; a document that says these things outright has nothing between the lines.
pub(crate) fn read(
    sections: &[Section<'_>],
    found: &Found<'_>,
    title: Option<usize>,
    outright: bool,
) -> Story {
    if outright {
        return Story::default();
    }
    let places = Places::of(found);
    let within = |span: &Range<usize>| places.hold(span);
    Story {
        owner: owner::of_text(sections, &within),
        triggers: when::triggers(sections, found, title),
        outputs: outcome::of_text(sections, found),
        failures: failing::of_text(sections),
    }
}
