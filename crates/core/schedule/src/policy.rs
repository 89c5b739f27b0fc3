//! What becomes of one occurrence: on time or missed, alone or beside a run that goes on.

use crate::{Firing, WorkCalendar, next_after, next_n};
use gemba_model::{Misfire, Overlap, Recurrence};
use jiff::{SignedDuration, Timestamp};

/// How late an occurrence is still on time: longer than a restart takes, shorter than any rhythm.
pub const GRACE: SignedDuration = SignedDuration::from_secs(60);

/// What the misfire policy says about an occurrence.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Missed {
    /// It was not missed.
    OnTime,
    /// It was, and starts its run late.
    StartLate,
    /// It was, and starts none: this later one stands for it.
    StoodFor {
        /// The later one, due as well.
        by: Firing,
    },
    /// It was, and starts none: more were missed after it than are made up for.
    TooMany {
        /// How many are made up for.
        most: u16,
    },
    /// It was, and starts none.
    Skip,
    /// It was, and somebody is asked.
    Ask,
}

/// Whether an occurrence of a rule was missed, and what follows.
pub fn missed(
    rule: &Recurrence,
    due: Timestamp,
    now: Timestamp,
    calendar: &WorkCalendar,
    policy: Misfire,
) -> Missed {
    if now.duration_since(due) <= GRACE {
        return Missed::OnTime;
    }
    let is_due = |firing: &Firing| firing.at <= now;
    match policy {
        Misfire::All { most: None } => Missed::StartLate,
        Misfire::All { most: Some(most) } => {
            let later = next_n(rule, due, calendar, usize::from(most));
            let full = later.len() == usize::from(most) && later.last().is_none_or(is_due);
            if full { Missed::TooMany { most } } else { Missed::StartLate }
        }
        Misfire::OnceLate => match next_after(rule, due, calendar).filter(is_due) {
            Some(by) => Missed::StoodFor { by },
            None => Missed::StartLate,
        },
        Misfire::Skip => Missed::Skip,
        Misfire::Ask => Missed::Ask,
    }
}

/// What the overlap policy says about an occurrence whose turn it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Turn {
    /// It starts its run.
    Start,
    /// It waits.
    Wait,
    /// It starts none: a run before it goes on.
    Skip,
    /// It starts none: another waits already.
    Full,
    /// What goes on is ended, and it starts its run.
    EndOthers,
}

/// Whether it is the turn of an occurrence. What somebody asked for afterwards is never dropped and ends
/// nothing: it waits.
pub fn turn(policy: Overlap, others_run: bool, n_waiting: usize, asked_for: bool) -> Turn {
    if !others_run && n_waiting == 0 {
        return Turn::Start;
    }
    match policy {
        Overlap::AllowAll => Turn::Start,
        Overlap::Skip | Overlap::BufferOne | Overlap::CancelOther if asked_for => Turn::Wait,
        Overlap::Skip => Turn::Skip,
        Overlap::BufferOne if n_waiting > 0 => Turn::Full,
        Overlap::BufferOne | Overlap::BufferAll => Turn::Wait,
        Overlap::CancelOther => Turn::EndOthers,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::tz::TimeZone;

    #[track_caller]
    fn check(policy: Misfire, due: &str, now: &str, expected: &str) {
        let rule = "every day at 09:00".parse().unwrap();
        let berlin = WorkCalendar::usual(TimeZone::get("Europe/Berlin").unwrap());
        let got = missed(&rule, due.parse().unwrap(), now.parse().unwrap(), &berlin, policy);
        let got = match got {
            Missed::OnTime => "on time".to_owned(),
            Missed::StartLate => "late".to_owned(),
            Missed::StoodFor { by } => by.civil.to_string(),
            Missed::TooMany { most } => format!("more than {most}"),
            Missed::Skip => "skip".to_owned(),
            Missed::Ask => "ask".to_owned(),
        };
        assert_eq!(got, expected, "{policy:?} {due} {now}");
    }

    #[test]
    fn what_was_missed_follows_its_policy() {
        let (fifth, eighth) = ("2026-01-05T08:00:00Z", "2026-01-08T12:00:00Z");
        let (all, two) = (Misfire::All { most: None }, Misfire::All { most: Some(2) });
        for policy in [all, two, Misfire::OnceLate, Misfire::Skip, Misfire::Ask] {
            check(policy, fifth, fifth, "on time");
            check(policy, fifth, "2026-01-05T08:01:00Z", "on time");
        }
        check(all, fifth, eighth, "late");
        check(two, fifth, eighth, "more than 2");
        check(two, "2026-01-06T08:00:00Z", eighth, "more than 2");
        check(two, "2026-01-07T08:00:00Z", eighth, "late");
        check(two, "2026-01-08T08:00:00Z", eighth, "late");
        check(Misfire::OnceLate, fifth, eighth, "2026-01-06T09:00:00");
        check(Misfire::OnceLate, "2026-01-08T08:00:00Z", eighth, "late");
        check(Misfire::Skip, fifth, eighth, "skip");
        check(Misfire::Ask, fifth, eighth, "ask");
    }

    #[test]
    fn what_comes_due_beside_a_run_follows_its_policy() {
        use Overlap::{AllowAll, BufferAll, BufferOne, CancelOther, Skip};
        for policy in Overlap::ALL {
            assert_eq!(turn(policy, false, 0, false), Turn::Start);
        }
        for (policy, others_run, n_waiting, asked_for, expected) in [
            (AllowAll, true, 3, false, Turn::Start),
            (Skip, true, 0, false, Turn::Skip),
            (Skip, true, 0, true, Turn::Wait),
            (BufferOne, true, 0, false, Turn::Wait),
            (BufferOne, true, 1, false, Turn::Full),
            (BufferOne, false, 1, false, Turn::Full),
            (BufferOne, true, 1, true, Turn::Wait),
            (BufferAll, true, 7, false, Turn::Wait),
            (CancelOther, true, 0, false, Turn::EndOthers),
            (CancelOther, true, 0, true, Turn::Wait),
        ] {
            assert_eq!(turn(policy, others_run, n_waiting, asked_for), expected, "{policy:?}");
        }
    }
}
