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

/// When each case began and ended: from the moment at which its first event was begun, where the log says so, to its
/// last; `None` where none of its events has a time.
pub fn spans(log: &EventLog) -> Vec<Option<(i64, i64)>> {
    let begins = log.begins();
    let span = |case: usize| {
        let of = |times: &[i64]| times.iter().copied().filter(|t| *t != NO_TIME).min();
        let begun = begins.as_ref().and_then(|begins| of(begins.get(log.range(case))?));
        let times = log.times(case);
        let last = times.iter().copied().filter(|time| *time != NO_TIME).max()?;
        Some((begun.into_iter().chain(of(times)).min()?, last))
    };
    (0..log.cases()).map(span).collect()
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
    use crate::log::Row;

    #[test]
    fn a_case_lasts_from_when_its_first_event_was_begun() {
        let begun = [("start_timestamp", "1970-01-01T00:00:01Z")];
        let event = |case, time, attributes| {
            let activity = "a";
            Row { case, activity, time, resource: None, attributes }
        };
        let log = EventLog::of([
            event("1", Some(5_000_000), &begun[..]),
            event("1", Some(9_000_000), &[]),
            event("2", Some(3), &[]),
            event("3", None, &[]),
        ]);
        assert_eq!(spans(&log), [Some((1_000_000, 9_000_000)), Some((3, 3)), None]);
        let some = log.of_cases(|case| case != 1);
        assert_eq!(spans(&some), [Some((1_000_000, 9_000_000)), None]);
        assert_eq!((some.cases(), some.events(), some.case_name(1)), (2, 3, "3"));
    }

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
