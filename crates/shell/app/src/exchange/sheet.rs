//! Sheets: Markdown that people read and that reads back exactly. A heading for each entry, its facts as
//! a list, and its words as a quotation.

use crate::{Error, Result};
use std::fmt::Write;

/// One entry of a sheet.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Entry {
    pub(super) title: String,
    pub(super) facts: Vec<(String, String)>,
    pub(super) words: String,
}

impl Entry {
    pub(super) fn new(title: &str) -> Self {
        Self { title: title.to_owned(), ..Self::default() }
    }

    /// The entry with this fact; one without a value is left out.
    pub(super) fn with(mut self, key: &str, value: impl Into<String>) -> Self {
        let value = value.into();
        if !value.is_empty() {
            self.facts.push((key.to_owned(), value));
        }
        self
    }

    /// The first fact with this key.
    pub(super) fn fact(&self, key: &str) -> Option<&str> {
        self.facts.iter().find(|(k, _)| k == key).map(|(_, value)| value.as_str())
    }

    /// Every fact with this key, in order.
    pub(super) fn all<'a>(&'a self, key: &'a str) -> impl Iterator<Item = &'a str> {
        self.facts.iter().filter(move |(k, _)| k == key).map(|(_, value)| value.as_str())
    }

    /// A fact that must be there.
    pub(super) fn needed(&self, sheet: &str, key: &str) -> Result<&str> {
        self.fact(key).ok_or_else(|| {
            let message = format!("{sheet}: \"{}\" has no line `- {key}: ...`", self.title);
            Error::invalid("files", message)
        })
    }
}

/// Text on one line.
fn escaped(text: &str) -> String {
    text.replace('\\', "\\\\").replace('\n', "\\n").replace('\r', "\\r")
}

fn plain(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        match c {
            '\\' => match chars.next() {
                Some('n') => out.push('\n'),
                Some('r') => out.push('\r'),
                Some(other) => out.push(other),
                None => out.push('\\'),
            },
            other => out.push(other),
        }
    }
    out
}

/// A sheet with this title, what is said about it, and its entries.
pub(super) fn print(title: &str, about: &str, entries: &[Entry]) -> String {
    let mut out = format!("# {}\n\n{about}\n", escaped(title));
    for entry in entries {
        // Writing to a string never fails.
        writeln!(out, "\n## {}", escaped(&entry.title)).unwrap_or_default();
        if !entry.facts.is_empty() {
            out.push('\n');
        }
        for (key, value) in &entry.facts {
            writeln!(out, "- {key}: {}", escaped(value)).unwrap_or_default();
        }
        if !entry.words.is_empty() {
            out.push('\n');
        }
        for line in entry.words.split('\n').filter(|_| !entry.words.is_empty()) {
            let line = line.replace('\\', "\\\\").replace('\r', "\\r");
            let space = if line.is_empty() { "" } else { " " };
            writeln!(out, ">{space}{line}").unwrap_or_default();
        }
    }
    out
}

/// The entries of a sheet. What stands outside of headings, facts and quotations is for people.
pub(super) fn entries(text: &str) -> Vec<Entry> {
    let mut entries: Vec<Entry> = Vec::new();
    let mut quoted = false;
    for line in text.lines() {
        if let Some(title) = line.strip_prefix("## ") {
            entries.push(Entry::new(&plain(title.trim())));
            quoted = false;
            continue;
        }
        let Some(entry) = entries.last_mut() else { continue };
        if let Some(words) = line.strip_prefix('>') {
            if quoted {
                entry.words.push('\n');
            }
            quoted = true;
            entry.words.push_str(&plain(words.strip_prefix(' ').unwrap_or(words)));
        } else if let Some((key, value)) =
            line.strip_prefix("- ").and_then(|fact| fact.split_once(": "))
        {
            entry.facts.push((key.trim().to_owned(), plain(value.trim())));
        }
    }
    entries
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whatever_is_written_reads_back_as_the_same() {
        let entry = |title: &str, value: &str, words: &str| Entry {
            words: words.to_owned(),
            ..Entry::new(title).with("Name", value).with("Name", "again").with("None", "")
        };
        let all = [
            entry("A", "x", ""),
            entry(
                "## B",
                "a: b: c",
                "# not a heading\n\n## nor this\n- Name: nor this\n> nor this",
            ),
            entry("back\\slash", "two\nlines \\n", "\\n is no line\r\n\\"),
            entry("", "- x", "one line"),
            Entry::new("nothing"),
        ];
        let text = print("A\nsheet", "For people.\n\n- Name: outside", &all);
        assert_eq!(entries(&text), all, "{text}");
        assert_eq!(print("A\nsheet", "For people.\n\n- Name: outside", &entries(&text)), text);
    }

    #[test]
    fn a_fact_that_is_missing_is_named() {
        let message = Entry::new("Sales").needed("team.md", "Slug").unwrap_err().to_string();
        assert_eq!(message, "team.md: \"Sales\" has no line `- Slug: ...`");
    }
}
