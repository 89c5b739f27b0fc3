//! A failure signal that a machine can check.
//!
//! The grammar, one form each:
//!
//! * a limit: `<measure> > <amount>`, as [`Limit`] has it: `days late > 5`, `duration > PT24H`;
//! * something that did not happen in time: `not <what> within <period>`, with ` of <anchor>` where the
//!   text says from when: `not invoice paid within P30D of invoice date`;
//! * something that did not happen by a moment: `not <what> by <moment>`: `not done by the 5th`.
//!
//! Printing gives that form; [`SignalRule::said_in`] reads the words people use for it.

use crate::limit::Limit;
use crate::period::Period;
use std::fmt;
use std::str::FromStr;

mod read;

/// A rule that says when a process went wrong.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SignalRule {
    /// A number crossed a limit.
    Limit(Limit),
    /// Something did not happen in time.
    Missed {
        /// What should have happened: "invoice paid".
        what: String,
        /// By when.
        deadline: Deadline,
    },
}

/// By when something should have happened.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Deadline {
    /// So long after something; after the start where nothing is said.
    Within {
        /// How long.
        period: Period,
        /// After what.
        anchor: Option<String>,
    },
    /// At a moment, in the words of the text.
    By(String),
}

impl SignalRule {
    /// The rule that a sentence states, if it states one.
    pub fn said_in(sentence: &str) -> Option<Self> {
        read::rule(sentence)
    }

    /// The rule that is broken where what a sentence promises is not done in time: "requests are
    /// answered within 24 hours" gives `not requests answered within PT24H`.
    pub fn promised_in(sentence: &str) -> Option<Self> {
        read::promise(sentence)
    }
}

impl fmt::Display for SignalRule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Limit(limit) => limit.fmt(f),
            Self::Missed { what, deadline: Deadline::By(moment) } => {
                write!(f, "not {what} by {moment}")
            }
            Self::Missed { what, deadline: Deadline::Within { period, anchor } } => {
                write!(f, "not {what} within {period}")?;
                match anchor {
                    Some(anchor) => write!(f, " of {anchor}"),
                    None => Ok(()),
                }
            }
        }
    }
}

/// A text is none of the forms of a rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NotASignalRule;

impl fmt::Display for NotASignalRule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(
            "not a rule such as `days late > 5`, `not paid within P30D` or `not done by the 5th`",
        )
    }
}

impl std::error::Error for NotASignalRule {}

impl FromStr for SignalRule {
    type Err = NotASignalRule;
    fn from_str(text: &str) -> Result<Self, NotASignalRule> {
        parsed(text.trim()).ok_or(NotASignalRule)
    }
}

fn parsed(text: &str) -> Option<SignalRule> {
    if text.contains('\n') {
        return None;
    }
    if let Some(rest) = text.strip_prefix("not ") {
        // The first joint that stands there decides, so that printing reads back as the same.
        let (within, by) = (rest.find(" within "), rest.find(" by "));
        if let Some(at) = within.filter(|at| by.is_none_or(|by| *at < by)) {
            let due = rest.get(at + " within ".len()..)?;
            let (period, anchor) = match due.split_once(" of ") {
                Some((period, anchor)) => (period, Some(anchor.trim().to_owned())),
                None => (due, None),
            };
            return missed(
                rest.get(..at)?,
                Deadline::Within { period: period.parse().ok()?, anchor },
            );
        }
        let at = by?;
        return missed(
            rest.get(..at)?,
            Deadline::By(rest.get(at + " by ".len()..)?.trim().to_owned()),
        );
    }
    text.parse().ok().map(SignalRule::Limit)
}

fn missed(what: &str, deadline: Deadline) -> Option<SignalRule> {
    let what = what.trim().to_owned();
    let told = match &deadline {
        Deadline::By(moment) => !moment.is_empty(),
        Deadline::Within { anchor, .. } => anchor.as_ref().is_none_or(|a| !a.is_empty()),
    };
    (!what.is_empty() && told).then_some(SignalRule::Missed { what, deadline })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rules_read_back_as_printed() {
        for text in [
            "days late > 5",
            "duration > PT24H",
            "not invoice paid within P30D of invoice date",
            "not answered within 2 workdays",
            "not done by the 5th of the month",
        ] {
            let rule: SignalRule = text.parse().unwrap();
            assert_eq!(rule.to_string(), text);
        }
        for text in
            ["", "late", "not ", "not done", "not done by", "not done within soon", "not  by x"]
        {
            assert_eq!(text.parse::<SignalRule>(), Err(NotASignalRule), "{text}");
        }
    }
}
