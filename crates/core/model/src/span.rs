//! Where in the source a value was read.

use serde::{Deserialize, Serialize};

/// A half-open range of byte offsets into one source text.
///
/// A span is evidence, not identity: two processes that differ only in spans are the same process
/// (see [`crate::Process::without_spans`]).
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Hash, Serialize, Deserialize,
)]
pub struct Span {
    /// First byte.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
}

impl Span {
    /// A span from byte offsets; offsets beyond 4 GiB are clamped, as no accepted source is that long.
    pub fn new(start: usize, end: usize) -> Self {
        let clamp = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        Self { start: clamp(start), end: clamp(end.max(start)) }
    }

    /// The span as a range of `usize`, for slicing.
    pub fn range(self) -> std::ops::Range<usize> {
        let widen = |n: u32| usize::try_from(n).unwrap_or(usize::MAX);
        widen(self.start)..widen(self.end)
    }
}
