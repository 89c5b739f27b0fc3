//! How often a document is reviewed, in the words people use.

use gemba_model::review::Cadence;

/// The cadence of a text such as "every 6 months", "quarterly", "P1Y".
pub(crate) fn parse(text: &str) -> Option<Cadence> {
    let lower = text.trim().trim_end_matches('.').to_lowercase();
    if let Some(rest) = lower.strip_prefix('p') {
        if let Some(months) = rest.strip_suffix('m') {
            return Cadence::months(months.parse().ok()?);
        }
        if let Some(years) = rest.strip_suffix('y') {
            return Cadence::months(years.parse::<u16>().ok()?.checked_mul(12)?);
        }
    }
    let words: Vec<&str> = lower
        .split(|c: char| c.is_whitespace())
        .filter(|w| !matches!(*w, "every" | "each" | "a" | "per" | "once" | "one" | "in" | ""))
        .collect();
    let (count, unit) = match words.as_slice() {
        [unit] => (1, *unit),
        [count, unit] => (number(count)?, *unit),
        _ => return None,
    };
    let months: u16 = match unit.trim_end_matches('s') {
        "month" | "monthly" => 1,
        "quarter" | "quarterly" => 3,
        "half-year" | "half-yearly" | "semi-annually" | "semiannually" | "semi-annual"
        | "semiannual" | "biannually" | "biannual" => 6,
        "year" | "yearly" | "annually" | "annual" => 12,
        _ => return None,
    };
    Cadence::months(count.checked_mul(months)?)
}

fn number(word: &str) -> Option<u16> {
    match word {
        "two" | "other" | "second" => Some(2),
        "three" => Some(3),
        "four" => Some(4),
        "six" => Some(6),
        digits => digits.parse().ok(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cadences_in_many_words() {
        for (text, months) in [
            ("every 6 months", Some(6)),
            ("P6M", Some(6)),
            ("P1Y", Some(12)),
            ("quarterly", Some(3)),
            ("every half-year", Some(6)),
            ("once a year", Some(12)),
            ("3 months", Some(3)),
            ("every three years", Some(36)),
            ("every 200 months", None),
            ("now and then", None),
            ("", None),
        ] {
            assert_eq!(parse(text).map(Cadence::n_months), months, "{text}");
        }
        for months in 1..=120 {
            let cadence = Cadence::months(months);
            assert_eq!(cadence.and_then(|c| parse(&c.to_string())), cadence);
        }
    }
}
