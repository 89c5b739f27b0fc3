//! The rule SOP0807: a secret stands in the text.
#![doc = include_str!("../../../../../docs/codes/SOP0807.md")]

use super::{Document, Rule};
use crate::passage::{head, tail};
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
const NAMES: [&str; 9] = [
    "password",
    "passwort",
    "passphrase",
    "secret",
    "api key",
    "api_key",
    "apikey",
    "access token",
    "access_token",
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
    found
}

/// Blocks between "-----BEGIN ... PRIVATE KEY-----" and their end.
fn keys(source: &str, found: &mut Vec<(Range<usize>, &'static str)>) {
    for (at, _) in source.match_indices("-----BEGIN ") {
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

fn is_token(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.')
}

/// The words of token characters that are long enough.
fn words(source: &str) -> Vec<(Range<usize>, &str)> {
    let mut found = Vec::new();
    let mut start = None;
    for (at, c) in source.char_indices().chain([(source.len(), ' ')]) {
        match (is_token(c), start) {
            (true, None) => start = Some(at),
            (false, Some(from)) => {
                if let Some(word) = source.get(from..at).filter(|w| w.len() > 19) {
                    found.push((from..at, word));
                }
                start = None;
            }
            (true, Some(_)) | (false, None) => {}
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

/// "password: x9Kq7mPz2LwT": a name, a mark and a value made by chance.
fn named(source: &str, found: &mut Vec<(Range<usize>, &'static str)>) {
    for (at, _) in source.match_indices([':', '=']) {
        if found.len() >= MAX_FOUND {
            return;
        }
        let before = tail(source.get(..at).unwrap_or_default(), 64);
        let line = before.rsplit('\n').next().unwrap_or_default();
        let tail_at = line.char_indices().rev().nth(24).map_or(0, |(n, _)| n);
        let name = line.get(tail_at..).unwrap_or_default().to_lowercase();
        let name = name.trim_end_matches([' ', '*', '`', '"', '\'', '_']);
        if !NAMES.iter().any(|n| name.ends_with(n)) {
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
