//! A value that a step asks for: a number within limits, a date, one of several words.
//!
//! The evidence of a step says which: "Evidence (number): invoice total in EUR, at least 0",
//! "Evidence (date): day of delivery", "Evidence (choice): outcome: won, lost or postponed". The name of
//! a value is what conditions and failure signals call it.

use crate::{
    Evidence, EvidenceKind, Process,
    limit::{Amount, Comparison, Limit, Number},
};
use jiff::civil::Date;
use std::fmt;

/// The most words to choose from.
const MOST_CHOICES: usize = 30;

/// A value that a step asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Field {
    /// What it is called: "invoice total".
    pub name: String,
    /// The same as one word, as expressions call it: "`invoice_total`".
    pub key: String,
    /// What it can be.
    pub shape: Shape,
}

/// What a value can be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Shape {
    /// A decimal number.
    Number {
        /// Of what; empty where nothing is said.
        unit: String,
        /// Within which it must be.
        limits: Vec<(Comparison, Number)>,
    },
    /// A day.
    Date,
    /// One of these words.
    Choice(Vec<String>),
}

/// Why a value is not what was asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unfit(String);

impl fmt::Display for Unfit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Unfit {}

impl Field {
    /// The value that evidence asks for; none where it asks for words, a link or a file.
    pub fn of(evidence: &Evidence) -> Option<Self> {
        let text = evidence.text.trim().trim_end_matches('.');
        let (name, shape) = match evidence.kind {
            EvidenceKind::Text | EvidenceKind::Link | EvidenceKind::File => return None,
            EvidenceKind::Date => (text, Shape::Date),
            EvidenceKind::Number => number(text),
            EvidenceKind::Choice => choice(text),
        };
        Some(Self { name: name.to_owned(), key: key(name), shape })
    }

    /// The value as it is kept: "12,000.50" is "12000.5", "Won" is "won".
    pub fn fit(&self, given: &str) -> Result<String, Unfit> {
        let given = given.trim();
        let name = &self.name;
        match &self.shape {
            Shape::Number { unit, limits } => {
                let number: Number = bare(given, unit).parse().map_err(|_refused| {
                    Unfit(format!("`{given}` is no number: give the {name} as 1234.5"))
                })?;
                for (comparison, limit) in limits {
                    if !comparison.holds(&number, limit) {
                        let must = comparison.words();
                        let unit = if unit.is_empty() { "" } else { &format!(" {unit}") };
                        let says = format!("the {name} must be {must} {limit}{unit}, not {number}");
                        return Err(Unfit(says));
                    }
                }
                Ok(number.as_str().to_owned())
            }
            Shape::Date => match given.parse::<Date>() {
                Ok(date) => Ok(date.to_string()),
                Err(_refused) => {
                    Err(Unfit(format!("`{given}` is no date: give the {name} as 2026-03-31")))
                }
            },
            Shape::Choice(words) => {
                let meant = words.iter().find(|word| word.to_lowercase() == given.to_lowercase());
                meant.cloned().ok_or_else(|| {
                    Unfit(format!(
                        "`{given}` is none of {}: choose one as the {name}",
                        words.join(", ")
                    ))
                })
            }
        }
    }

    /// Whether a limit speaks of this value; a unit that both name must be the same.
    pub fn is_meant_by(&self, limit: &Limit) -> bool {
        let (Shape::Number { unit: own, .. }, Amount::Number { unit, .. }) =
            (&self.shape, &limit.amount)
        else {
            return false;
        };
        let same = own.is_empty() || unit.is_empty() || own.eq_ignore_ascii_case(unit);
        same && key(&limit.measure) == self.key
    }
}

impl Limit {
    /// Whether a number is as this limit says.
    pub fn is_met_by(&self, number: &Number) -> bool {
        match &self.amount {
            Amount::Number { number: limit, .. } => self.comparison.holds(number, limit),
            Amount::Period(_) => false,
        }
    }
}

/// The keys of the dates that the steps of a process ask for.
pub fn dates(process: &Process) -> Vec<String> {
    let steps = process.all_steps();
    let fields = steps.iter().flat_map(|step| step.evidence.iter().filter_map(Field::of));
    fields.filter(|field| field.shape == Shape::Date).map(|field| field.key).collect()
}

/// The name of a value as one word: small letters and digits with lines between, no article before.
pub fn key(name: &str) -> String {
    let lower = name.to_lowercase();
    let words = lower.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    let mut key = String::new();
    for word in words {
        if key.is_empty() && matches!(word, "the" | "a" | "an") {
            continue;
        }
        if !key.is_empty() || word.starts_with(|c: char| c.is_ascii_digit()) {
            key.push('_');
        }
        key.push_str(word);
    }
    key
}

/// A number as people type it: without its unit, a sign for money or spaces between thousands.
fn bare(given: &str, unit: &str) -> String {
    let lower = given.to_lowercase();
    let given = match lower.strip_suffix(&unit.to_lowercase()) {
        Some(rest) if !unit.is_empty() => given.get(..rest.len()).unwrap_or(given),
        _ => given,
    };
    given.chars().filter(|c| !c.is_whitespace() && !matches!(c, '$' | '€' | '£' | '\'')).collect()
}

/// "invoice total in EUR, between 0 and 10,000".
fn number(text: &str) -> (&str, Shape) {
    let (head, range) = match text.rsplit_once(", ") {
        Some((head, range)) if !limits(range).0.is_empty() => (head, range),
        _ => (text, ""),
    };
    let (limits, of_range) = limits(range);
    let (name, unit) = head.rsplit_once(" in ").unwrap_or((head, of_range));
    (name.trim(), Shape::Number { unit: unit.trim().to_owned(), limits })
}

/// "between 0 and 100 %", "1 to 5", "at least 3", "more than 0", with the unit behind the last number.
fn limits(range: &str) -> (Vec<(Comparison, Number)>, &str) {
    let none = (Vec::new(), "");
    let amount = |text: &str| text.trim().parse::<Number>().ok();
    let split = |text: &'_ str| text.find(|c: char| !(c.is_ascii_digit() || ".,-".contains(c)));
    let last = |text: &'static str| range.trim().strip_prefix(text).map(str::trim);
    let one = |text: &'static str, comparison| {
        let rest = last(text)?;
        let (number, unit) = rest.split_at_checked(split(rest).unwrap_or(rest.len()))?;
        Some((vec![(comparison, amount(number)?)], unit.trim()))
    };
    let phrases = [
        ("at least ", Comparison::AtLeast),
        ("from ", Comparison::AtLeast),
        ("at most ", Comparison::AtMost),
        ("up to ", Comparison::AtMost),
        ("more than ", Comparison::Above),
        ("above ", Comparison::Above),
        ("less than ", Comparison::Below),
        ("below ", Comparison::Below),
    ];
    let two = || {
        let rest = last("between ").or_else(|| last("from ")).unwrap_or(range.trim());
        let (low, high) = [" and ", " to ", "–"].iter().find_map(|word| rest.split_once(word))?;
        let high = high.trim();
        let (number, unit) = high.split_at_checked(split(high).unwrap_or(high.len()))?;
        let both = vec![(Comparison::AtLeast, amount(low)?), (Comparison::AtMost, amount(number)?)];
        Some((both, unit.trim()))
    };
    two().or_else(|| phrases.iter().find_map(|(phrase, c)| one(phrase, *c))).unwrap_or(none)
}

/// "outcome: won, lost or postponed", "outcome (won, lost)".
fn choice(text: &str) -> (&str, Shape) {
    let bracketed = text.strip_suffix(')').and_then(|text| text.split_once('('));
    let (name, words) = text.split_once(':').or(bracketed).unwrap_or((text, ""));
    let words = words.replace(" or ", ",");
    let mut found: Vec<String> = Vec::new();
    for word in words.split([',', ';', '|', '/']).map(str::trim).filter(|word| !word.is_empty()) {
        if found.len() < MOST_CHOICES && !found.iter().any(|f| f.eq_ignore_ascii_case(word)) {
            found.push(word.to_owned());
        }
    }
    (name.trim(), Shape::Choice(found))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn field(kind: EvidenceKind, text: &str) -> Field {
        Field::of(&Evidence { kind, text: text.to_owned() }).unwrap()
    }

    #[test]
    fn what_is_asked_for_is_read() {
        use EvidenceKind::{Choice, Date, Number};

        let check = |kind, text, name: &str, shape: &str| {
            let field = field(kind, text);
            let told = match &field.shape {
                Shape::Number { unit, limits } => {
                    let limits: Vec<String> =
                        limits.iter().map(|(c, n)| format!("{} {n}", c.sign())).collect();
                    format!("{} [{unit}]", limits.join(" "))
                }
                Shape::Date => "date".to_owned(),
                Shape::Choice(words) => words.join("|"),
            };
            assert_eq!((field.key.as_str(), told.trim()), (name, shape), "{text}");
        };
        check(Number, "the invoice total in EUR, at least 0", "invoice_total", ">= 0 [EUR]");
        check(Number, "days of leave, 1 to 30", "days_of_leave", ">= 1 <= 30 []");
        check(Number, "share, between 0 and 100 %", "share", ">= 0 <= 100 [%]");
        check(Number, "errors, less than 1,000.", "errors", "< 1000 []");
        check(Number, "hours worked, approved", "hours_worked_approved", "[]");
        check(Number, "temperature, from -5 to 8", "temperature", ">= -5 <= 8 []");
        check(Number, "2nd reading, above 3 bar", "_2nd_reading", "> 3 [bar]");
        check(Number, "score", "score", "[]");
        check(Number, "", "", "[]");
        check(Date, "Day of delivery.", "day_of_delivery", "date");
        check(Choice, "outcome: won, lost or postponed", "outcome", "won|lost|postponed");
        check(Choice, "Outcome (yes, no)", "outcome", "yes|no");
        check(Choice, "a verdict: ok, OK", "verdict", "ok");
        check(Choice, "verdict", "verdict", "");
    }

    #[test]
    fn a_value_is_kept_in_one_form_or_refused_with_the_reason() {
        use EvidenceKind::{Choice, Date, Number};

        let check = |kind, text, given: &str, expected: Result<&str, &str>| {
            let fit = field(kind, text).fit(given).map_err(|unfit| unfit.to_string());
            assert_eq!(fit.as_deref().map_err(String::as_str), expected, "{text}: {given}");
        };
        let total = "total in EUR, between 0 and 10,000";
        check(Number, total, " 12.50 ", Ok("12.5"));
        check(Number, total, "€ 9,999.00", Ok("9999"));
        check(Number, total, "10 000 eur", Ok("10000"));
        check(Number, total, "10000.01", Err("the total must be at most 10000 EUR, not 10000.01"));
        check(Number, total, "-0.01", Err("the total must be at least 0 EUR, not -0.01"));
        check(Number, total, "many", Err("`many` is no number: give the total as 1234.5"));
        check(
            Date,
            "start",
            "2026-02-29",
            Err("`2026-02-29` is no date: give the start as 2026-03-31"),
        );
        check(Date, "start", "2026-02-28", Ok("2026-02-28"));
        check(Choice, "outcome: won, lost", "WON", Ok("won"));
        check(
            Choice,
            "outcome: won, lost",
            "so",
            Err("`so` is none of won, lost: choose one as the outcome"),
        );
    }

    #[test]
    fn a_limit_speaks_of_the_value_with_its_name_and_unit() {
        let check = |asked: &str, limit: &str, expected| {
            let limit: Limit = limit.parse().unwrap();
            assert_eq!(field(EvidenceKind::Number, asked).is_meant_by(&limit), expected, "{limit}");
        };
        check("invoice total in EUR", "the invoice total > 10 EUR", true);
        check("invoice total in EUR", "Invoice Total > 10", true);
        check("invoice total", "invoice total > 10 USD", true);
        check("invoice total in EUR", "invoice total > 10 USD", false);
        check("invoice total", "invoice > 10", false);
        check("invoice total", "invoice total > PT3H", false);
    }
}
