//! The rule SOP0807: a secret stands in the text.
#![doc = include_str!("../../../../../docs/codes/SOP0807.md")]

use super::{Document, Rule};
use crate::passage::{head, places, tail};
use gemba_diag::{Code, Diagnostic, Severity};
use std::ops::Range;

/// The entry of the rule table.
pub(crate) const RULE: Rule = Rule {
    code: Code("SOP0807"),
    name: "secret",
    severity: Severity::Error,
    summary: "A secret stands in the text",
    page: include_str!("../../../../../docs/codes/SOP0807.md"),
};

pub(crate) fn check(document: &Document<'_>, found: &mut Vec<Diagnostic>) {
    for (range, kind) in secrets(document.source) {
        found.push(
            RULE.at(range, format!("this looks like {kind}"))
                .with_help("keep it in a vault, name the place here, and make a new one: this one is known")
                .concealing(),
        );
    }
}

/// The longest key that is blanked as one.
const MAX_KEY: usize = 16 * 1024;
/// A file with more secrets than this is a list of them.
const MAX_FOUND: usize = 1_000;

/// Tokens that say what they are: how they begin, how many token characters follow at least.
const SHAPES: [(&str, usize, &str); 20] = [
    ("AKIA", 16, "an AWS access key"),
    ("ASIA", 16, "an AWS access key"),
    ("ghp_", 30, "a GitHub token"),
    ("gho_", 30, "a GitHub token"),
    ("ghs_", 30, "a GitHub token"),
    ("ghu_", 30, "a GitHub token"),
    ("github_pat_", 30, "a GitHub token"),
    ("glpat-", 20, "a GitLab token"),
    ("xoxb-", 20, "a Slack token"),
    ("xoxp-", 20, "a Slack token"),
    ("xapp-", 20, "a Slack token"),
    ("sk_live_", 20, "a Stripe key"),
    ("rk_live_", 20, "a Stripe key"),
    ("sk-ant-", 20, "an API key"),
    ("sk-proj-", 20, "an API key"),
    ("AIza", 35, "a Google API key"),
    ("SG.", 40, "a SendGrid key"),
    ("npm_", 36, "an npm token"),
    ("pypi-", 40, "a PyPI token"),
    ("eyJhbGciOi", 40, "a signed token"),
];

/// Words after which a value is a secret.
const NAMES: [&str; 11] = [
    "password",
    "passwort",
    "passphrase",
    "secret",
    "api key",
    "api_key",
    "apikey",
    "access token",
    "access_token",
    "pw",
    "pwd",
];

/// The secrets of a text with what they look like.
fn secrets(source: &str) -> Vec<(Range<usize>, &'static str)> {
    let mut found = Vec::new();
    keys(source, &mut found);
    for (range, word) in words(source) {
        let shape = SHAPES.iter().find(|(start, length, _)| {
            word.strip_prefix(start).is_some_and(|rest| rest.len() >= *length && mixed(rest))
        });
        if let Some((_, _, kind)) = shape {
            found.push((range, *kind));
        }
    }
    named(source, &mut found);
    spoken(source, &mut found);
    addresses(source, &mut found);
    codes(source, &mut found);
    found
}

/// Blocks between "-----BEGIN ... PRIVATE KEY-----" and their end.
fn keys(source: &str, found: &mut Vec<(Range<usize>, &'static str)>) {
    for at in places(source, "-----BEGIN ") {
        let rest = head(source.get(at..).unwrap_or_default(), MAX_KEY);
        if rest.lines().next().is_some_and(|line| line.trim_end().ends_with("PRIVATE KEY-----")) {
            let end = rest.find("-----END ").and_then(|end| {
                let tail = rest.get(end..)?;
                Some(end + tail.find('\n').unwrap_or(tail.len()))
            });
            found.push((at..at + end.unwrap_or(rest.len()), "a private key"));
        }
    }
}

fn is_token(b: u8) -> bool {
    matches!(b, b'a'..=b'z' | b'-' | b'.' | b'A'..=b'Z' | b'0'..=b'9' | b'_')
}

/// The words of token characters that are long enough.
fn words(source: &str) -> Vec<(Range<usize>, &str)> {
    let mut found = Vec::new();
    let mut from = 0;
    for (at, b) in source.bytes().enumerate().chain([(source.len(), b' ')]) {
        if !is_token(b) {
            if at > from + 19
                && let Some(word) = source.get(from..at)
            {
                found.push((from..at, word));
            }
            from = at + 1;
        }
    }
    found
}

/// Whether a word is made by chance: letters and digits, hardly the same one again and again.
fn mixed(word: &str) -> bool {
    let digits = word.chars().any(|c| c.is_ascii_digit());
    let letters = word.chars().any(|c| c.is_ascii_alphabetic());
    let mut kinds: Vec<char> = word.chars().collect();
    kinds.sort_unstable();
    kinds.dedup();
    digits && letters && kinds.len() > 6
}

/// Whether a value is one, rather than a word of the sentence or a blank.
fn is_value(value: &str) -> bool {
    let marks = value.chars().any(|c| !c.is_alphanumeric() && !matches!(c, '.' | '-' | '_' | '/'));
    let digits = value.chars().any(|c| c.is_ascii_digit());
    let letters = value.chars().any(char::is_alphabetic);
    let blank = value.starts_with(['<', '[', '{', '$', '(', '%', '*', '#', '/']);
    (6..=200).contains(&value.len()) && digits && letters && !blank && (marks || value.len() > 7)
}

/// "The password is hunter2-Kx9": the same in a sentence.
fn spoken(source: &str, found: &mut Vec<(Range<usize>, &'static str)>) {
    for name in ["assword is ", "assphrase is ", "asswort ist ", "password "] {
        for at in places(source, name).take(MAX_FOUND) {
            let start = at + name.len();
            let rest = head(source.get(start..).unwrap_or_default(), 300);
            let value = rest.split(char::is_whitespace).next().unwrap_or_default();
            let inner = value.trim_start_matches(['`', '"', '\'', '“', '‘']);
            let from = start + (value.len() - inner.len());
            let inner = inner.trim_end_matches(['.', ',', ';', ')', '`', '"', '\'', '”', '’', '!']);
            let kinds =
                inner.chars().any(char::is_uppercase) || inner.contains(['!', '#', '$', '-']);
            let known = found.iter().any(|(range, _)| range.contains(&from));
            if is_value(inner) && kinds && !known && !inner.contains("://") {
                found.push((from..from + inner.len(), "a password"));
            }
        }
    }
}

/// `postgres://admin:x9Kq7mPz@db.example.com`: an address that holds a name and its password.
fn addresses(source: &str, found: &mut Vec<(Range<usize>, &'static str)>) {
    let mark = "://";
    for at in places(source, mark).take(MAX_FOUND) {
        let start = at + mark.len();
        let rest = head(source.get(start..).unwrap_or_default(), 300);
        let end =
            rest.find(|c: char| c.is_whitespace() || "/`\"'<>)".contains(c)).unwrap_or(rest.len());
        let Some((login, _)) = rest.get(..end).unwrap_or_default().rsplit_once('@') else {
            continue;
        };
        let Some((name, word)) = login.split_once(':') else { continue };
        let lower = word.to_lowercase();
        let blank = word.starts_with(['<', '[', '{', '$', '*', '%'])
            || ["password", "pass", "secret", "pwd", "xxx", "..."].iter().any(|w| lower == *w)
            || (word == name && word.chars().all(char::is_alphabetic));
        if word.len() > 4 && !blank {
            let from = start + name.len() + 1;
            found.push((from..from + word.len(), "a password in an address"));
        }
    }
}

/// What a code of numbers opens.
const OPENS: [&str; 9] = [
    "door code",
    "alarm code",
    "safe code",
    "gate code",
    "entry code",
    "key code",
    "access code",
    "lock code",
    "pin",
];

/// The furthest a code may stand behind what it opens.
const REACH: usize = 40;

/// "The door code is 8812", "PIN 4821": four to eight digits behind what they open.
fn codes(source: &str, found: &mut Vec<(Range<usize>, &'static str)>) {
    // Such numbers are rarer than the words before them.
    for (from, digits) in numbers(source).filter(|(_, n)| (4..=8).contains(n)).take(MAX_FOUND) {
        let after = source.get(from + digits..).unwrap_or_default();
        let number = after.starts_with(char::is_alphanumeric)
            || after.starts_with(['-', '/', '.'])
                && after.get(1..).is_some_and(|r| r.starts_with(|c: char| c.is_ascii_digit()));
        if number {
            continue;
        }
        let before = tail(source.get(..from).unwrap_or_default(), REACH).to_ascii_lowercase();
        let opens = |name: &&str| {
            places(&before, name).any(|at| {
                let whole = before.get(..at).is_some_and(|b| !b.ends_with(char::is_alphanumeric));
                let rest = before.get(at + name.len()..).unwrap_or_default();
                let bare = rest.trim_start_matches([':', '=', '*', '`', ' ']);
                let bare = bare.strip_prefix("is ").unwrap_or(bare);
                whole
                    && rest.starts_with([':', '=', ' ', '*'])
                    && bare.trim_start_matches(['*', '`', ' ']).is_empty()
            })
        };
        if OPENS.iter().any(opens) {
            found.push((from..from + digits, "a code that opens something"));
        }
    }
}

/// The runs of digits of a text: where each begins, and how long it is.
fn numbers(source: &str) -> impl Iterator<Item = (usize, usize)> {
    let bytes = source.as_bytes();
    let begins = bytes.iter().enumerate().filter(|(_, b)| b.is_ascii_digit()).map(|(at, _)| at);
    let first = move |at: &usize| {
        let before = at.checked_sub(1).and_then(|before| bytes.get(before));
        !before.is_some_and(u8::is_ascii_digit)
    };
    begins.filter(first).filter_map(move |at| {
        let length = bytes.get(at..)?.iter().take_while(|b| b.is_ascii_digit()).count();
        Some((at, length))
    })
}

/// "password: x9Kq7mPz2LwT": a name, a mark and a value made by chance.
fn named(source: &str, found: &mut Vec<(Range<usize>, &'static str)>) {
    for (at, _) in source.bytes().enumerate().filter(|(_, b)| matches!(b, b':' | b'=')) {
        if found.len() >= MAX_FOUND {
            return;
        }
        let before = tail(source.get(..at).unwrap_or_default(), 64);
        let line = before.rsplit('\n').next().unwrap_or_default();
        let tail_at = line.char_indices().rev().nth(24).map_or(0, |(n, _)| n);
        let name = line.get(tail_at..).unwrap_or_default();
        let name = name.trim_end_matches([' ', '*', '`', '"', '\'', '_']);
        let ends = |n: &&str| {
            let from = name.len().checked_sub(n.len());
            from.and_then(|from| name.get(from..)).is_some_and(|end| end.eq_ignore_ascii_case(n))
        };
        if !NAMES.iter().any(ends) {
            continue;
        }
        let after = head(source.get(at + 1..).unwrap_or_default(), 300);
        let line = after.split('\n').next().unwrap_or_default();
        let value = line.trim_start_matches([' ', '`', '"', '\'', '*']);
        let start = at + 1 + (line.len() - value.len());
        let length = value
            .find(|c: char| c.is_whitespace() || matches!(c, '`' | '"' | '\'' | ','))
            .unwrap_or(value.len());
        let value = value.get(..length).unwrap_or_default().trim_end_matches(['.', ')', '*', ';']);
        let blank = value.starts_with(['<', '[', '{', '$', '(', '%']) || value.contains("://");
        let known = found.iter().any(|(range, _)| range.contains(&start));
        if (8..=200).contains(&value.len()) && mixed(value) && !blank && !known {
            found.push((start..start + value.len(), "a password or key with its value"));
        }
    }
}
