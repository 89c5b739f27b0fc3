//! A number that something must not cross: "ad spend > 80% of budget", "response time > PT24H".
//!
//! The grammar: a measure, one of `>`, `>=`, `<`, `<=`, `=` with a space on either side, and an
//! amount: a length of time as [`Period`] prints it, or a decimal number with a unit behind it.

use crate::period::Period;
use crate::words::{self, Word};
use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

mod read;

/// How a measure stands to an amount.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Comparison {
    /// More than it.
    Above,
    /// It or more.
    AtLeast,
    /// Less than it.
    Below,
    /// It or less.
    AtMost,
    /// It exactly.
    Equal,
}

impl Comparison {
    /// All of them, longer signs first, so that the first that stands in a text is the one meant.
    const ALL: [Self; 5] = [Self::AtLeast, Self::AtMost, Self::Above, Self::Below, Self::Equal];

    /// The sign.
    pub fn sign(self) -> &'static str {
        match self {
            Self::Above => ">",
            Self::AtLeast => ">=",
            Self::Below => "<",
            Self::AtMost => "<=",
            Self::Equal => "=",
        }
    }

    /// The words: "more than".
    pub fn words(self) -> &'static str {
        match self {
            Self::Above => "more than",
            Self::AtLeast => "at least",
            Self::Below => "less than",
            Self::AtMost => "at most",
            Self::Equal => "exactly",
        }
    }

    /// Whether a number stands so to another.
    pub fn holds(self, number: &Number, to: &Number) -> bool {
        let order = number.value().cmp(&to.value());
        match self {
            Self::Above => order.is_gt(),
            Self::AtLeast => order.is_ge(),
            Self::Below => order.is_lt(),
            Self::AtMost => order.is_le(),
            Self::Equal => order.is_eq(),
        }
    }
}

/// A decimal number in its shortest form: "80", "0.5", "-3".
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Number(String);

impl Number {
    /// The number as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The number in parts of 10^-15, exactly: it has at most 15 digits in all.
    fn value(&self) -> i128 {
        const DIGITS: usize = 15;
        let (sign, bare) = self.0.strip_prefix('-').map_or((1, self.0.as_str()), |rest| (-1, rest));
        let (whole, part) = bare.split_once('.').unwrap_or((bare, ""));
        let digits = format!("{whole}{part:0<DIGITS$}");
        sign * digits.parse::<i128>().unwrap_or(0)
    }
}

impl fmt::Display for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A text is no plain decimal number of at most 15 digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NotANumber;

impl fmt::Display for NotANumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("not a decimal number")
    }
}

impl std::error::Error for NotANumber {}

impl FromStr for Number {
    type Err = NotANumber;
    /// Takes digits with commas between thousands and a decimal point.
    fn from_str(text: &str) -> Result<Self, NotANumber> {
        let (sign, bare) = text.strip_prefix('-').map_or(("", text), |rest| ("-", rest));
        let (whole, part) = bare.split_once('.').unwrap_or((bare, "0"));
        let grouped = whole.contains(',');
        let mut groups = whole.split(',');
        let first = groups.next().unwrap_or_default();
        let even =
            groups.all(|group| group.len() == 3) && (!grouped || (1..=3).contains(&first.len()));
        let whole = whole.replace(',', "");
        let digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
        if !even || !digits(&whole) || !digits(part) || whole.len() + part.len() > 15 {
            return Err(NotANumber);
        }
        let whole = whole.trim_start_matches('0');
        let part = part.trim_end_matches('0');
        let whole = if whole.is_empty() { "0" } else { whole };
        let sign = if whole == "0" && part.is_empty() { "" } else { sign };
        let point = if part.is_empty() { "" } else { "." };
        Ok(Self(format!("{sign}{whole}{point}{part}")))
    }
}

impl TryFrom<String> for Number {
    type Error = NotANumber;
    fn try_from(text: String) -> Result<Self, NotANumber> {
        text.parse()
    }
}

impl From<Number> for String {
    fn from(number: Number) -> Self {
        number.0
    }
}

/// What a measure is held against.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Amount {
    /// A length of time.
    Period(Period),
    /// So many of a unit; the unit may be empty.
    Number {
        /// How many.
        number: Number,
        /// Of what: "%", "% of budget", "USD", "open tickets".
        unit: String,
    },
}

impl fmt::Display for Amount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Period(period) => period.fmt(f),
            Self::Number { number, unit } => {
                let gap = if unit.is_empty() || unit.starts_with('%') { "" } else { " " };
                write!(f, "{}{gap}{unit}", number.as_str())
            }
        }
    }
}

/// A measure and the amount it is held against.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Limit {
    /// What is measured, in the words of the text.
    pub measure: String,
    /// How.
    pub comparison: Comparison,
    /// Against what.
    pub amount: Amount,
}

impl Limit {
    /// The one limit that a sentence states, if it states one: "when ad spend crosses 80% of budget".
    pub fn said_in(sentence: &str) -> Option<Self> {
        Self::of_words(&words::of(sentence))
    }

    /// The same of words that have been read.
    pub(crate) fn of_words(words: &[Word<'_>]) -> Option<Self> {
        read::limit(words)
    }
}

impl fmt::Display for Limit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {} {}", self.measure, self.comparison.sign(), self.amount)
    }
}

/// A text is not of the form "measure > amount".
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NotALimit;

impl fmt::Display for NotALimit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("not a limit such as `days late > 5`")
    }
}

impl std::error::Error for NotALimit {}

impl FromStr for Limit {
    type Err = NotALimit;
    fn from_str(text: &str) -> Result<Self, NotALimit> {
        parsed(text).ok_or(NotALimit)
    }
}

fn parsed(text: &str) -> Option<Limit> {
    let found = Comparison::ALL
        .into_iter()
        .filter_map(|c| Some((text.find(&format!(" {} ", c.sign()))?, c)))
        .min_by_key(|(at, _)| *at);
    let (at, comparison) = found?;
    let measure = text.get(..at)?.trim();
    let amount = text.get(at + comparison.sign().len() + 2..)?.trim();
    if measure.is_empty() || measure.contains('\n') || amount.contains('\n') {
        return None;
    }
    Some(Limit { measure: measure.to_owned(), comparison, amount: amount_of(amount)? })
}

/// The amount that a text is: "P30D", "80% of budget", "10,000 USD", "5".
fn amount_of(text: &str) -> Option<Amount> {
    if let Ok(period) = text.parse() {
        return Some(Amount::Period(period));
    }
    let end = text
        .find(|c: char| !(c.is_ascii_digit() || matches!(c, '.' | ',' | '-')))
        .unwrap_or(text.len());
    let (number, unit) = text.split_at_checked(end)?;
    let number = number.parse().ok()?;
    Some(Amount::Number { number, unit: unit.trim().to_owned() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn limits_read_back_as_printed() {
        for (text, expected) in [
            ("ad spend > 80% of budget", "ad spend > 80% of budget"),
            ("days late >= 5", "days late >= 5"),
            ("response time > PT24H", "response time > PT24H"),
            ("age > 3 workdays", "age > 3 workdays"),
            ("price > 10,000.50 USD", "price > 10000.5 USD"),
            ("stock < 007 boxes", "stock < 7 boxes"),
            ("margin <= -0.0 %", "margin <= 0%"),
            ("failed checks = 0", "failed checks = 0"),
        ] {
            let limit: Limit = text.parse().unwrap();
            assert_eq!(limit.to_string(), expected);
            assert_eq!(expected.parse(), Ok(limit));
        }
    }

    #[test]
    fn numbers_are_compared_exactly() {
        let check = |a: &str, comparison: Comparison, b: &str, expected: bool| {
            let (one, two) = (a.parse().unwrap(), b.parse().unwrap());
            assert_eq!(comparison.holds(&one, &two), expected, "{a} {} {b}", comparison.sign());
        };
        check("10", Comparison::Above, "9", true);
        check("0.1", Comparison::Above, "0.09", true);
        check("-1", Comparison::Below, "-0.5", true);
        check("1,000", Comparison::Equal, "1000.0", true);
        check("99999999999999", Comparison::AtMost, "99999999999998", false);
        check("0.0000000000001", Comparison::AtLeast, "0", true);
    }

    #[test]
    fn what_is_no_limit_is_refused() {
        for text in [
            "",
            "> 5",
            "late > ",
            "late > often",
            "late>5",
            "late > 1,00",
            "a > 1.2.3",
            "a > 1234567890123456",
        ] {
            assert_eq!(text.parse::<Limit>(), Err(NotALimit), "{text}");
        }
    }
}
