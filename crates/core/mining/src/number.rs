//! Between the widths of numbers: ids are `u32`, places in memory `usize`, figures `f64`.

/// An id as a place.
pub(crate) fn ix(id: u32) -> usize {
    usize::try_from(id).unwrap_or(usize::MAX)
}

/// A place as an id; what does not fit is the id of nothing.
pub(crate) fn id(place: usize) -> u32 {
    u32::try_from(place).unwrap_or(NONE)
}

/// The id of nothing.
pub(crate) const NONE: u32 = u32::MAX;

/// A count as a `u64`.
pub(crate) fn long(count: usize) -> u64 {
    u64::try_from(count).unwrap_or(u64::MAX)
}

/// A whole number as a figure; exact below 2^53.
#[expect(clippy::as_conversions, reason = "counts and microseconds stay far below 2^53")]
pub(crate) fn figure(number: i64) -> f64 {
    number as f64
}

/// A count as a figure.
pub(crate) fn share(count: u64) -> f64 {
    figure(i64::try_from(count).unwrap_or(i64::MAX))
}

/// A figure cut to the whole number below it; 0 for what is negative or no number.
#[expect(clippy::as_conversions, reason = "a cast from a float saturates")]
pub(crate) fn floor(figure: f64) -> usize {
    figure as usize
}
