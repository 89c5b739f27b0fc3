//! From the words people use to a [`SignalRule`]; what they do not say exactly enough gives none.

use super::{Deadline, SignalRule};
use crate::limit::Limit;
use crate::words::{self, Word};

/// The longest "what", in words.
const MAX_WHAT: usize = 9;

pub(super) fn rule(sentence: &str) -> Option<SignalRule> {
    let words = words::of(sentence);
    let limit = || Limit::of_words(&words).map(SignalRule::Limit);
    missed(&words).or_else(limit).filter(|rule| rule.to_string().parse().as_ref() == Ok(rule))
}

/// "If the invoice is not paid within 30 days", "you do not hear back by Friday".
fn missed(words: &[Word<'_>]) -> Option<SignalRule> {
    let not = words.iter().position(|w| negates(&w.bare))?;
    let subject = subject(words.get(..not)?)?;
    let behind = words.get(not + 1..)?;
    let (act, deadline) = due(behind)?;
    what(&subject, act, deadline)
}

/// "Requests are answered within 24 hours", "we reply within one business day".
pub(super) fn promise(sentence: &str) -> Option<SignalRule> {
    let words = words::of(sentence);
    if words.iter().any(|w| negates(&w.bare) || matches!(w.bare.as_str(), "if" | "unless" | "when"))
    {
        return None;
    }
    let helper = |w: &&Word<'_>| {
        matches!(
            w.bare.as_str(),
            "must"
                | "should"
                | "will"
                | "shall"
                | "are"
                | "is"
                | "be"
                | "been"
                | "to"
                | "have"
                | "has"
        )
    };
    let first = words.iter().position(|w| helper(&w))?;
    let subject = subject(words.get(..first)?)?;
    let behind = words.get(first..)?;
    let skip = behind.iter().take_while(helper).count();
    let (act, deadline) = due(behind.get(skip..)?)?;
    what(&subject, act, deadline)
}

fn what(subject: &[Word<'_>], act: &[Word<'_>], deadline: Deadline) -> Option<SignalRule> {
    let mut said: Vec<Word<'_>> = subject.to_vec();
    said.extend(act.iter().filter(|w| !matches!(w.bare.as_str(), "been" | "be" | "yet")).cloned());
    if act.is_empty() || said.len() > MAX_WHAT || said.iter().any(|w| w.ends) {
        return None;
    }
    let what = words::joined(&said);
    let rule = SignalRule::Missed { what, deadline };
    // Words that are joints of the printed form could make it another rule.
    (rule.to_string().parse().as_ref() == Ok(&rule)).then_some(rule)
}

fn negates(word: &str) -> bool {
    word == "not" || word == "cannot" || word == "never" || word.ends_with("n't")
}

/// The words of the clause before a verb, without what opens the clause, helpers and pronouns.
fn subject<'a>(words: &[Word<'a>]) -> Option<Vec<Word<'a>>> {
    let from = words.iter().rposition(|w| w.ends).map_or(0, |at| at + 1);
    let mut rest = words.get(from..)?.to_vec();
    while let Some(first) = rest.first()
        && matches!(
            first.bare.as_str(),
            "if" | "when"
                | "whenever"
                | "where"
                | "unless"
                | "in"
                | "case"
                | "all"
                | "once"
                | "and"
        )
    {
        rest.remove(0);
    }
    while let Some(last) = rest.last()
        && matches!(
            last.bare.as_str(),
            "is" | "are"
                | "was"
                | "were"
                | "has"
                | "have"
                | "had"
                | "does"
                | "do"
                | "did"
                | "will"
                | "can"
                | "could"
        )
    {
        rest.pop();
    }
    if rest.iter().all(|w| words::pronoun(&w.bare)) {
        rest.clear();
    }
    Some(rest)
}

/// What is done, and by when: "paid within 30 days of the invoice date", "sent by the 5th".
fn due<'a, 'b>(words: &'a [Word<'b>]) -> Option<(&'a [Word<'b>], Deadline)> {
    for (at, word) in words.iter().enumerate() {
        let behind = words.get(at + 1..)?;
        match word.bare.as_str() {
            "within" => {
                let (used, period, None) = words::period(behind)? else { return None };
                let rest = behind.get(used..)?;
                let joint = ["of", "after", "from"].iter().find_map(|j| words::opens(rest, j));
                let over = behind.get(used - 1)?.ends;
                let anchor = match joint.filter(|_| !over) {
                    Some(n) => {
                        let anchor = words::clause(rest.get(n..)?);
                        (!anchor.is_empty()).then_some(anchor)
                    }
                    None => None,
                };
                return Some((words.get(..at)?, Deadline::Within { period, anchor }));
            }
            "by" if moment(behind) => {
                return Some((words.get(..at)?, Deadline::By(words::clause(behind))));
            }
            _ if word.ends => return None,
            _ => {}
        }
    }
    None
}

/// Whether these words name a moment, so that "by" is no "by whom".
fn moment(words: &[Word<'_>]) -> bool {
    let rest = match words {
        [first, rest @ ..]
            if matches!(first.bare.as_str(), "the" | "this" | "next" | "its" | "their") =>
        {
            rest
        }
        all => all,
    };
    rest.first().is_some_and(|w| {
        matches!(
            w.bare.as_str(),
            "end"
                | "close"
                | "cob"
                | "eod"
                | "noon"
                | "midnight"
                | "deadline"
                | "due"
                | "tomorrow"
                | "today"
                | "monday"
                | "tuesday"
                | "wednesday"
                | "thursday"
                | "friday"
                | "saturday"
                | "sunday"
                | "january"
                | "february"
                | "march"
                | "april"
                | "june"
                | "july"
                | "august"
                | "september"
                | "october"
                | "november"
                | "december"
                | "day"
                | "first"
                | "last"
                | "agreed"
                | "start"
                | "following"
        ) || w.bare.starts_with(|c: char| c.is_ascii_digit())
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn what_is_read_from_any_sentence_reads_back(words in proptest::collection::vec(prop_oneof![
            Just("If"), Just("the"), Just("invoice"), Just("is"), Just("not"), Just("paid,"), Just("within"),
            Just("30"), Just("days"), Just("of"), Just("by"), Just("Friday"), Just("more than"), Just("5%"),
            Just(">"), Just("="), Just("of budget"), Just("takes longer than"), Just("it"), Just("-3.50"),
            Just("$1,000"), Just("workdays"), Just("é"), Just("("), Just("T+1"), Just("exceeds"),
        ], 0..14)) {
            let text = words.join(" ");
            for rule in [rule(&text), promise(&text)].into_iter().flatten() {
                prop_assert_eq!(rule.to_string().parse(), Ok(rule.clone()), "{} from {}", rule, text);
            }
            if let Some(limit) = Limit::said_in(&text) {
                prop_assert_eq!(limit.to_string().parse(), Ok(limit.clone()), "{} from {}", limit, text);
            }
        }
    }

    #[track_caller]
    fn check(got: Option<SignalRule>, text: &str, expected: &str) {
        if let Some(rule) = &got {
            assert_eq!(rule.to_string().parse().as_ref(), Ok(rule), "{text}");
        }
        assert_eq!(got.map_or("-".to_owned(), |r| r.to_string()), expected, "{text}");
    }

    #[test]
    fn rules_are_read_from_what_people_call_failure() {
        for (text, expected) in [
            (
                "If the invoice is not paid within 30 days of the invoice date, call the client",
                "not invoice paid within P30D of invoice date",
            ),
            ("The banner doesn't show within 10 minutes", "not banner show within PT10M"),
            ("If you do not hear back within two business days", "not hear back within 2 workdays"),
            (
                "The report was not sent by the 5th of the month",
                "not report sent by 5th of the month",
            ),
            ("If it isn't done by end of day, escalate", "not done by end of day"),
            ("If it takes more than 30 minutes to resolve", "duration > PT30M"),
            ("More than 5% of invoices are corrected", "-"),
            ("If an invoice is not paid when expected", "-"),
            ("If the work was not checked by a manager", "-"),
            ("", "-"),
        ] {
            check(rule(text), text, expected);
        }
    }

    #[test]
    fn a_promise_is_broken_when_it_is_not_kept_in_time() {
        for (text, expected) in [
            ("Requests are answered within 24 hours", "not Requests answered within PT24H"),
            (
                "Critical incidents must be acknowledged within 15 minutes of the alert.",
                "not Critical incidents acknowledged within PT15M of alert",
            ),
            ("We will reply within one business day.", "not reply within 1 workday"),
            ("If requests are answered within 24 hours", "-"),
            ("Answers come quickly", "-"),
        ] {
            check(promise(text), text, expected);
        }
    }
}
