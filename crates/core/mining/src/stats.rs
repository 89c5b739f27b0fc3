//! A log in figures: counts, how long cases take, when it began and ended.

use crate::log::{EventLog, NO_TIME};
use crate::number::{figure, floor, long, share};

/// How long cases take, in microseconds from their first event to their last.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Durations {
    /// The shortest.
    pub min: f64,
    /// The mean.
    pub mean: f64,
    /// Half take no longer.
    pub median: f64,
    /// Nine of ten take no longer.
    pub p90: f64,
    /// Nineteen of twenty take no longer.
    pub p95: f64,
    /// The longest.
    pub max: f64,
}

/// How long the cases take; `None` where no case has a time.
pub fn durations(log: &EventLog) -> Option<Durations> {
    let mut all: Vec<i64> = (0..log.cases()).filter_map(|case| duration(log, case)).collect();
    all.sort_unstable();
    let sum: f64 = all.iter().map(|length| figure(*length)).sum();
    Some(Durations {
        min: quantile(&all, 0.0)?,
        mean: sum / share(long(all.len())),
        median: quantile(&all, 0.5)?,
        p90: quantile(&all, 0.9)?,
        p95: quantile(&all, 0.95)?,
        max: quantile(&all, 1.0)?,
    })
}

/// How long a case takes; `None` where none of its events has a time.
pub fn duration(log: &EventLog, case: usize) -> Option<i64> {
    let times = || log.times(case).iter().filter(|time| **time != NO_TIME);
    Some(times().next_back()? - times().next()?)
}

/// A quantile of sorted numbers, on the line between the two nearest (Hyndman and Fan's type 7).
pub fn quantile(sorted: &[i64], share: f64) -> Option<f64> {
    let last = sorted.len().checked_sub(1)?;
    let at = crate::number::share(long(last)) * share;
    let below = floor(at).min(last);
    let low = figure(*sorted.get(below)?);
    let high = sorted.get(below + 1).map_or(low, |next| figure(*next));
    Some(low + (high - low) * (at - crate::number::share(long(below))))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quantile_lies_on_the_line_between_its_neighbours() {
        for (numbers, share, expected) in [
            (&[][..], 0.5, None),
            (&[7], 0.9, Some(7.0)),
            (&[1, 2, 3, 4], 0.5, Some(2.5)),
            (&[1, 2, 3, 4], 0.0, Some(1.0)),
            (&[1, 2, 3, 4], 1.0, Some(4.0)),
            (&[0, 10, 20, 30, 40, 50, 60, 70, 80, 90, 100], 0.95, Some(95.0)),
        ] {
            assert_eq!(quantile(numbers, share), expected);
        }
    }
}
