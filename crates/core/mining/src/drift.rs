//! Drift: from which case on the process runs in another way, and what is other about it.
//!
//! Each case, in the order in which cases begin, says yes or no to simple questions: does the activity happen,
//! does one activity come right after another, does one come before another at all. Where the share of yes
//! differs most between the cases before and behind, measured against chance (the G-test), the cases are parted in two,
//! and each side is looked at again (binary segmentation). Near points are one change that takes its time, unless each
//! is clear and sharp. One setting serves all logs.

use crate::log::{EventLog, NO_TIME};
use crate::number::{id, ix, long, share};
use crate::table::{Table, fold, mix};

/// Each side of a change has at least so many cases.
pub const LEAST_CASES: usize = 60;
/// How far above chance a difference must be: twice the logarithm of how much likelier two shares are than one.
pub const THRESHOLD: f64 = 60.0;
/// The longest trace whose pairs that are far apart are looked at: their number grows with the square.
const MAX_FAR: usize = 64;
/// Two points nearer to each other than this may be one change that takes its time.
const GRADUAL: usize = 200;
/// How far from either end of its way a share must be to be on it.
const ON_WAY: f64 = 0.15;
/// How much a share must change at each of two near points for them to be two changes.
const CLEAR: f64 = 0.4;
/// How much of that must happen within so many cases of the point.
const SHARP: f64 = 0.8;
const NEAR: usize = 30;
/// How often all points are looked at again.
const ROUNDS: usize = 4;

/// A question that each case answers with yes or no.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Question {
    /// Does the activity happen?
    Happens(u32),
    /// Does the case begin with it?
    Begins(u32),
    /// Does it end with it?
    Ends(u32),
    /// Does the second come right after the first?
    Follows(u32, u32),
    /// Does the first come before the second, where both first happen?
    Before(u32, u32),
}

impl Question {
    fn code(self) -> (u64, u64) {
        match self {
            Self::Happens(a) => (0, u64::from(a)),
            Self::Begins(a) => (1, u64::from(a)),
            Self::Ends(a) => (2, u64::from(a)),
            Self::Follows(a, b) => (3, (u64::from(a) << 32) | u64::from(b)),
            Self::Before(a, b) => (4, (u64::from(a) << 32) | u64::from(b)),
        }
    }
}

/// A question that is answered otherwise since a change.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Difference {
    /// The question.
    pub question: Question,
    /// The share of cases that said yes before, from 0 to 1.
    pub before: f64,
    /// The share that says yes since.
    pub since: f64,
    /// How far above chance it is.
    pub strength: f64,
}

/// A change of the process.
#[derive(Debug, Clone, PartialEq)]
pub struct Change {
    /// The first case that is other, counted from 0 in the order in which cases begin.
    pub case: usize,
    /// What is other, the strongest first.
    pub differences: Vec<Difference>,
}

/// The changes in a row of cases, each its sequence of activities.
pub fn changes<'a>(traces: impl IntoIterator<Item = &'a [u32]>) -> Vec<Change> {
    let answers = Answers::of(traces);
    let mut points = Vec::new();
    answers.part(0, answers.cases, &mut points);
    points.sort_unstable();
    points = answers.settled(points);
    points = answers.merged(points);
    let at =
        |n: Option<usize>, other: usize| n.and_then(|n| points.get(n)).copied().unwrap_or(other);
    let all = points.iter().enumerate().map(|(n, point)| {
        let (from, to) = (at(n.checked_sub(1), 0), at(Some(n + 1), answers.cases));
        Change { case: *point, differences: answers.differences(from, *point, to) }
    });
    all.collect()
}

/// The change from which on a model no longer says what happens, as a place in `changes`.
///
/// Since then fewer cases fit it, beyond chance, than between the change before and it, and no later change mended
/// that. `fits` says of each case, in the order of [`order`], whether it fits.
pub fn stale(fits: &[bool], changes: &[Change]) -> Option<usize> {
    let mut points: Vec<usize> = changes.iter().map(|change| change.case).collect();
    points.push(fits.len());
    let mut stale: Option<(usize, f64)> = None;
    let mut before = (0, points.first().copied().unwrap_or(0));
    for n in 0..changes.len() {
        let (Some(from), Some(to)) = (points.get(n).copied(), points.get(n + 1).copied()) else {
            break;
        };
        let fitting = |from: usize, to: usize| {
            fits.get(from..to).unwrap_or_default().iter().filter(|fits| **fits).count()
        };
        let rate = |from: usize, to: usize| {
            share(long(fitting(from, to))) / share(long((to - from).max(1)))
        };
        let (old, new) = (rate(before.0, before.1), rate(from, to));
        let (yes, all) =
            (fitting(before.0, before.1), fitting(before.0, before.1) + fitting(from, to));
        let is_other =
            strength(before.1 - before.0, yes, before.1 - before.0 + to - from, all) > THRESHOLD;
        match stale {
            None if is_other && new < old => stale = Some((n, old)),
            // As good as before it went stale: the process came back to what is written.
            Some((_, was)) if is_other && new > old && new >= was => stale = None,
            _ => {}
        }
        before = (from, to);
    }
    stale.map(|(n, _)| n)
}

/// The order in which the cases of a log begin; those without a time stay behind the one before them.
pub fn order(log: &EventLog) -> Vec<usize> {
    let mut last = NO_TIME;
    let mut keyed: Vec<(i64, usize)> = (0..log.cases())
        .map(|case| {
            let begin = log.times(case).iter().find(|time| **time != NO_TIME);
            last = begin.copied().unwrap_or(last);
            (last, case)
        })
        .collect();
    keyed.sort_by_key(|(begin, _)| *begin);
    keyed.into_iter().map(|(_, case)| case).collect()
}

/// For each question the cases that say yes.
struct Answers {
    cases: usize,
    questions: Vec<Question>,
    yes: Vec<Vec<u32>>,
}

/// The place where a row of cases is parted, and how strong the difference is there.
#[derive(Clone, Copy)]
struct Split {
    at: usize,
    strength: f64,
}

/// How a share goes on over three stretches of cases, seen from one of the two points between them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Course {
    /// It changes there clearly and at once.
    Clear,
    /// It changes there, and is between where it was and where it will be in the middle.
    OnTheWay,
    /// It changes too little, or too slowly.
    Vague,
}

impl Course {
    /// `step` is the change at the point, `near` how much of it happens close to the point.
    fn of([before, between, behind]: [f64; 3], step: f64, near: f64) -> Self {
        let way = (between - before) / (behind - before);
        if step.abs() < CLEAR || near * step.signum() < SHARP * step.abs() {
            Self::Vague
        } else if (ON_WAY..=1.0 - ON_WAY).contains(&way) {
            Self::OnTheWay
        } else {
            Self::Clear
        }
    }
}

impl Answers {
    fn of<'a>(traces: impl IntoIterator<Item = &'a [u32]>) -> Self {
        let mut answers = Self { cases: 0, questions: Vec::new(), yes: Vec::new() };
        let mut table = Table::default();
        let mut firsts: Vec<u32> = Vec::new();
        let mut seen: Vec<u32> = Vec::new();
        for trace in traces {
            let case = id(answers.cases);
            let mut ask = |question| answers.ask(&mut table, question, case);
            if let (Some(first), Some(last)) = (trace.first(), trace.last()) {
                ask(Question::Begins(*first));
                ask(Question::Ends(*last));
            }
            firsts.clear();
            for activity in trace {
                if seen.len() <= ix(*activity) {
                    seen.resize(ix(*activity) + 1, u32::MAX);
                }
                if let Some(slot) = seen.get_mut(ix(*activity)).filter(|slot| **slot != case) {
                    *slot = case;
                    firsts.push(*activity);
                    ask(Question::Happens(*activity));
                }
            }
            for pair in trace.windows(2) {
                if let [a, b] = pair {
                    ask(Question::Follows(*a, *b));
                }
            }
            if firsts.len() <= MAX_FAR {
                for (n, a) in firsts.iter().enumerate() {
                    for b in firsts.iter().skip(n + 1) {
                        ask(Question::Before(*a, *b));
                    }
                }
            }
            answers.cases += 1;
        }
        answers
    }

    fn ask(&mut self, table: &mut Table, question: Question, case: u32) {
        let (kind, code) = question.code();
        let hash = fold(mix(kind, code));
        let questions = &self.questions;
        let at = table.find(hash, |at| questions.get(ix(at)) == Some(&question));
        let at = at.unwrap_or_else(|| {
            let new = id(self.questions.len());
            table.insert(hash, new);
            self.questions.push(question);
            self.yes.push(Vec::new());
            new
        });
        if let Some(yes) = self.yes.get_mut(ix(at)).filter(|yes| yes.last() != Some(&case)) {
            yes.push(case);
        }
    }

    /// The strongest difference between the cases before and behind a place in a stretch.
    fn split(&self, from: usize, to: usize) -> Option<Split> {
        let count = to - from;
        if count < 2 * LEAST_CASES {
            return None;
        }
        let mut best: Option<Split> = None;
        for yes in &self.yes {
            let begin = yes.partition_point(|case| ix(*case) < from);
            let own = yes.get(begin..).unwrap_or_default();
            let own = own.get(..own.partition_point(|case| ix(*case) < to)).unwrap_or_default();
            let sum = own.len();
            if sum == 0 || sum == count {
                continue;
            }
            let mut look = |before: usize, yes_before: usize| {
                let before = before.clamp(LEAST_CASES, count - LEAST_CASES);
                let least = best.map_or(THRESHOLD, |best| best.strength);
                // The cheaper bound first.
                if 2.0 * squares(before, yes_before, count, sum) <= least {
                    return;
                }
                let strength = strength(before, yes_before, count, sum);
                if best.is_none_or(|best| strength > best.strength) {
                    best = Some(Split { at: from + before, strength });
                }
            };
            for (n, case) in own.iter().enumerate() {
                let before = ix(*case) - from;
                // Between two that say yes the difference is largest at one of them.
                if (LEAST_CASES..=count - LEAST_CASES).contains(&before) {
                    look(before, n);
                }
                if (LEAST_CASES..=count - LEAST_CASES).contains(&(before + 1)) {
                    look(before + 1, n + 1);
                }
            }
            for edge in [LEAST_CASES, count - LEAST_CASES] {
                look(edge, own.partition_point(|case| ix(*case) < from + edge));
            }
        }
        best.filter(|best| best.strength > THRESHOLD)
    }

    fn part(&self, from: usize, to: usize, points: &mut Vec<usize>) {
        let mut open = vec![(from, to)];
        while let Some((from, to)) = open.pop() {
            if let Some(split) = self.split(from, to) {
                points.push(split.at);
                open.push((from, split.at));
                open.push((split.at, to));
            }
        }
    }

    /// Each point looked for again between its neighbours; one that is not found there is dropped.
    fn settled(&self, mut points: Vec<usize>) -> Vec<usize> {
        for _ in 0..ROUNDS {
            let mut new: Vec<usize> = Vec::with_capacity(points.len());
            for n in 0..points.len() {
                let from = new.last().copied().unwrap_or(0);
                let to = points.get(n + 1).copied().unwrap_or(self.cases);
                new.extend(self.split(from, to).map(|split| split.at));
            }
            if new == points {
                break;
            }
            points = new;
        }
        points
    }

    /// Points that are one change that takes its time, looked for again as one.
    fn merged(&self, mut points: Vec<usize>) -> Vec<usize> {
        let mut n = 0;
        while n + 1 < points.len() {
            let at = |n: Option<usize>, other: usize| {
                n.and_then(|n| points.get(n)).copied().unwrap_or(other)
            };
            let (a, b) = (at(Some(n), 0), at(Some(n + 1), 0));
            let (from, to) = (at(n.checked_sub(1), 0), at(Some(n + 2), self.cases));
            if b - a >= GRADUAL || !self.is_one(from, a, b, to) {
                n += 1;
                continue;
            }
            let one = self.split(from, to).map(|split| split.at);
            points.splice(n..n + 2, one);
            n = 0;
        }
        points
    }

    /// Whether two near points are one change. They are two where what changes most at each does so clearly and at
    /// once, and the cases between them are no mere mixture of those before and those behind.
    fn is_one(&self, from: usize, a: usize, b: usize, to: usize) -> bool {
        let mut most = [(0.0, Course::Vague), (0.0, Course::Vague)];
        for yes in &self.yes {
            let below = |place: usize| yes.partition_point(|case| ix(*case) < place);
            let [first, second, third, last] = [from, a, b, to].map(below);
            let rate = |yes: usize, all: usize| share(long(yes)) / share(long(all.max(1)));
            let stretches = [
                rate(second - first, a - from),
                rate(third - second, b - a),
                rate(last - third, to - b),
            ];
            let [before, between, behind] = stretches;
            let near = |at: usize| {
                let [begin, middle, end] = [at.saturating_sub(NEAR), at, at + NEAR].map(below);
                rate(end - middle, NEAR) - rate(middle - begin, NEAR)
            };
            let points = [
                (a, strength(a - from, second - first, b - from, third - first), between - before),
                (b, strength(b - a, third - second, to - a, last - second), behind - between),
            ];
            for (slot, (at, strength, step)) in most.iter_mut().zip(points) {
                if strength > slot.0 {
                    *slot = (strength, Course::of(stretches, step, near(at)));
                }
            }
        }
        most.iter().any(|(_, course)| *course == Course::Vague)
            || most.iter().all(|(_, course)| *course == Course::OnTheWay)
    }

    fn differences(&self, from: usize, at: usize, to: usize) -> Vec<Difference> {
        let mut found = Vec::new();
        for (question, yes) in self.questions.iter().zip(&self.yes) {
            let below = |place: usize| yes.partition_point(|case| ix(*case) < place);
            let (first, middle, last) = (below(from), below(at), below(to));
            let strength = strength(at - from, middle - first, to - from, last - first);
            if strength > THRESHOLD {
                found.push(Difference {
                    question: *question,
                    before: share(long(middle - first)) / share(long(at - from)),
                    since: share(long(last - middle)) / share(long(to - at)),
                    strength,
                });
            }
        }
        found.sort_by(|a, b| b.strength.total_cmp(&a.strength).then(a.question.cmp(&b.question)));
        found
    }
}

/// The squared difference between two shares, by what chance would make of it; never less than half of
/// [`strength`].
fn squares(before: usize, yes_before: usize, count: usize, sum: usize) -> f64 {
    if before == 0 || before >= count || sum == 0 || sum >= count {
        return 0.0;
    }
    let [before, yes_before, count, sum] = [before, yes_before, count, sum].map(|n| share(long(n)));
    let mean = sum / count;
    let off = yes_before - before * mean;
    off * off * count / (before * (count - before)) / (mean * (1.0 - mean))
}

/// How much likelier two shares are than one (twice the logarithm, the statistic of the G-test).
fn strength(before: usize, yes_before: usize, count: usize, sum: usize) -> f64 {
    if before == 0 || before >= count || sum == 0 || sum >= count {
        return 0.0;
    }
    let [before, yes_before, count, sum] = [before, yes_before, count, sum].map(|n| share(long(n)));
    let cell = |seen: f64, row: f64, column: f64| {
        if seen > 0.0 { seen * (seen * count / (row * column)).ln() } else { 0.0 }
    };
    let behind = count - before;
    2.0 * (cell(yes_before, before, sum)
        + cell(before - yes_before, before, count - sum)
        + cell(sum - yes_before, behind, sum)
        + cell(behind - (sum - yes_before), behind, count - sum))
}

/// A difference in words, with the names of the activities.
pub fn in_words(log: &EventLog, difference: &Difference) -> String {
    let name = |activity: u32| log.activities.get(activity);
    let what = match difference.question {
        Question::Happens(a) => format!("\"{}\" now happens", name(a)),
        Question::Begins(a) => format!("\"{}\" now comes first", name(a)),
        Question::Ends(a) => format!("\"{}\" now comes last", name(a)),
        Question::Follows(a, b) => format!("\"{}\" now comes right after \"{}\"", name(b), name(a)),
        Question::Before(a, b) => format!("\"{}\" now comes before \"{}\"", name(a), name(b)),
    };
    let percent = |share: f64| format!("{:.0} %", share * 100.0);
    let (since, before) = (percent(difference.since), percent(difference.before));
    format!("{what} in {since} of cases, was {before}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn traces(parts: &[(usize, &[&[u32]])]) -> Vec<Vec<u32>> {
        let mut all = Vec::new();
        for (count, kinds) in parts {
            all.extend(kinds.iter().cycle().take(*count).map(|kind| kind.to_vec()));
        }
        all
    }

    fn found(traces: &[Vec<u32>]) -> Vec<Change> {
        changes(traces.iter().map(Vec::as_slice))
    }

    #[test]
    fn a_step_that_moves_is_dated_and_named() {
        let all = traces(&[(300, &[&[0, 1, 2, 3]]), (200, &[&[0, 2, 1, 3]])]);
        let found = found(&all);
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].case, 300);
        let moved =
            found[0].differences.iter().find(|d| d.question == Question::Before(2, 1)).unwrap();
        assert!((moved.before - 0.0).abs() < 1e-9 && (moved.since - 1.0).abs() < 1e-9);
    }

    #[test]
    fn a_change_that_takes_its_time_is_one_change() {
        let (old, new): (&[u32], &[u32]) = (&[0, 1, 2], &[0, 2, 1]);
        let all =
            traces(&[(300, &[old]), (60, &[old, new, old]), (60, &[new, old, new]), (300, &[new])]);
        let found = found(&all);
        assert_eq!(found.len(), 1);
        assert!((300..=420).contains(&found[0].case), "{}", found[0].case);
    }

    #[test]
    fn several_changes_are_each_found_where_they_are() {
        let all = traces(&[(250, &[&[0, 1, 2]]), (250, &[&[0, 2]]), (250, &[&[0, 1, 2, 3]])]);
        let found: Vec<usize> = found(&all).iter().map(|change| change.case).collect();
        assert_eq!(found, [250, 500]);
    }

    #[test]
    fn changes_that_come_soon_after_each_other_are_told_apart() {
        let all = traces(&[(250, &[&[0, 1, 2]]), (70, &[&[0, 2]]), (250, &[&[0, 2, 3]])]);
        let found: Vec<usize> = found(&all).iter().map(|change| change.case).collect();
        assert_eq!(found, [250, 320]);
    }

    #[test]
    fn the_bound_of_the_strength_is_one() {
        for count in [10_usize, 61, 400] {
            for before in (1..count).step_by(7) {
                for sum in (1..count).step_by(5) {
                    for yes in sum.saturating_sub(count - before)..=before.min(sum) {
                        let bound = 2.0 * squares(before, yes, count, sum);
                        let exact = strength(before, yes, count, sum);
                        assert!(
                            exact <= bound + 1e-6,
                            "{before} {yes} {count} {sum}: {exact} {bound}"
                        );
                    }
                }
            }
        }
    }

    #[test]
    fn a_model_is_stale_since_the_change_from_which_on_fewer_cases_fit_it() {
        let change = |case| Change { case, differences: Vec::new() };
        let fits = |parts: &[(usize, bool)]| -> Vec<bool> {
            parts.iter().flat_map(|(count, fits)| vec![*fits; *count]).collect()
        };
        let both = [change(200), change(400)];
        for (parts, expected) in [
            (&[(200, true), (400, false)][..], Some(0)),
            (&[(400, true), (200, false)], Some(1)),
            (&[(200, true), (200, false), (200, true)], None),
            (&[(600, true)], None),
            (&[(600, false)], None),
            (&[(200, false), (400, true)], None),
        ] {
            assert_eq!(stale(&fits(parts), &both), expected, "{parts:?}");
        }
        assert_eq!(stale(&[], &[]), None);
    }

    #[test]
    fn a_process_that_stays_what_it_is_has_no_change() {
        let all = traces(&[(1000, &[&[0, 1, 2], &[0, 2, 1], &[0, 2]])]);
        assert!(found(&all).is_empty());
        assert!(found(&traces(&[(110, &[&[0, 1]])])).is_empty());
        assert!(found(&[]).is_empty());
    }
}
