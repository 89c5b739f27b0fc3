//! What the running text of a document says about owner, trigger, output and failure.

use crate::carrier::Found;
use crate::front::Settings;
use crate::outline::Section;
use gemba_model::{FailureSignal, Output, Owner, Trigger};

/// What was read between the lines.
#[derive(Debug, Default)]
pub(crate) struct Story {
    pub(crate) owner: Option<Owner>,
    pub(crate) triggers: Vec<Trigger>,
    pub(crate) outputs: Vec<Output>,
    pub(crate) failures: Vec<FailureSignal>,
}

/// Reads the text of a process; a document in the canonical form says these things outright.
pub(crate) fn read(
    _source: &str,
    _sections: &[Section<'_>],
    _found: &Found<'_>,
    _title: Option<usize>,
    _canonical: bool,
) -> Story {
    Story::default()
}

/// The trigger that a description of the front matter says.
pub(crate) fn of_description(_settings: &Settings) -> Vec<Trigger> {
    Vec::new()
}
