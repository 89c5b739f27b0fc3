//! The settings at the top of a document: its front matter, or the settings list under a later title.

use crate::yaml::{self, Value};
use std::ops::Range;

/// The most bytes of front matter that are read.
pub(crate) const MAX_FRONT: usize = 64 * 1024;

/// The keys that are understood, others are kept but say nothing.
pub(crate) const KEYS: [&str; 18] = [
    "title",
    "slug",
    "owner",
    "process_owner",
    "owner_slack",
    "function",
    "department",
    "trigger",
    "triggers",
    "review",
    "review_in",
    "review_cycle",
    "last_reviewed",
    "next_review",
    "raci",
    "description",
    "name",
    "questions",
];

/// Whether a key says something here, in whatever spelling.
pub(crate) fn understood(key: &str) -> bool {
    KEYS.contains(&key)
        || crate::owner::KEYS.contains(&key)
        || crate::owner::CHANNELS.contains(&key)
        || crate::reviewing::CADENCE.contains(&key)
        || crate::reviewing::LAST.contains(&key)
        || crate::reviewing::NEXT.contains(&key)
}

/// One setting with the place of its key and value.
#[derive(Debug, Clone)]
pub(crate) struct Setting {
    pub(crate) key: String,
    pub(crate) value: Value,
    pub(crate) span: Range<usize>,
}

/// The settings of a document or process.
#[derive(Debug, Clone, Default)]
pub(crate) struct Settings {
    pub(crate) entries: Vec<Setting>,
}

impl Settings {
    /// The first of these keys that is set to something.
    pub(crate) fn get(&self, keys: &[&str]) -> Option<&Setting> {
        keys.iter()
            .find_map(|key| self.entries.iter().find(|e| e.key == *key && e.value != Value::Null))
    }

    /// The words of the first of these keys that is set.
    pub(crate) fn text(&self, keys: &[&str]) -> Option<String> {
        let text = self.get(keys)?.value.text()?;
        Some(crate::inline::fold(text)).filter(|t| !t.is_empty())
    }
}

/// What stands at the top of a source.
#[derive(Debug, Default)]
pub(crate) struct Front {
    pub(crate) settings: Settings,
    /// Where the document proper begins.
    pub(crate) body: usize,
    /// Why the front matter could not be read.
    pub(crate) fault: Option<(String, Range<usize>)>,
    pub(crate) too_large: Option<Range<usize>>,
}

/// The bytes between the fences and where the body begins, if the source opens with front matter.
fn fences(source: &str) -> Option<(Range<usize>, usize)> {
    let start = source.len() - source.trim_start_matches('\u{feff}').len();
    let mut at = start;
    let mut lines = source.get(start..)?.split_inclusive('\n');
    let first = lines.next()?;
    if first.trim_end() != "---" {
        return None;
    }
    at += first.len();
    let inner = at;
    for line in lines {
        if matches!(line.trim_end(), "---" | "...") {
            return Some((inner..at, at + line.len()));
        }
        at += line.len();
    }
    None
}

/// Reads the front matter of a source.
pub(crate) fn read(source: &str) -> Front {
    let bom = source.len() - source.trim_start_matches('\u{feff}').len();
    let Some((inner, body)) = fences(source) else {
        return Front { body: bom, ..Front::default() };
    };
    if inner.len() > MAX_FRONT {
        return Front { body, too_large: Some(inner), ..Front::default() };
    }
    let text = source.get(inner.clone()).unwrap_or_default();
    let looks_like_settings = text
        .lines()
        .find(|l| !l.trim().is_empty() && !l.trim_start().starts_with('#'))
        .is_none_or(|l| l.contains(':'));
    if !looks_like_settings {
        // A rule, a sentence and a rule: prose between two lines, not settings.
        return Front { body: bom, ..Front::default() };
    }
    let keys = keys(text, inner.start);
    match yaml::parse(text) {
        Ok(Value::Map(entries)) => {
            let entries = entries.into_iter().map(|(key, value)| {
                let span = keys
                    .iter()
                    .find(|(name, _)| *name == key)
                    .map_or(inner.clone(), |(_, span)| span.clone());
                Setting { key, value, span }
            });
            Front { settings: Settings { entries: entries.collect() }, body, ..Front::default() }
        }
        Ok(Value::Null) => Front { body, ..Front::default() },
        Ok(Value::Text(_) | Value::List(_)) => Front {
            body,
            fault: Some(("it is not a list of `key: value` lines".to_owned(), inner)),
            ..Front::default()
        },
        Err(reason) => Front { body, fault: Some((reason, inner)), ..Front::default() },
    }
}

/// The places of the top-level keys, each up to the end of its value.
fn keys(text: &str, start: usize) -> Vec<(String, Range<usize>)> {
    let mut found: Vec<(String, Range<usize>)> = Vec::new();
    let mut at = start;
    for line in text.split_inclusive('\n') {
        let end = at + line.trim_end().len();
        let opens = !line.starts_with([' ', '\t', '-', '#', '}', ']']) && line.contains(':');
        if opens {
            let key = line.split(':').next().unwrap_or_default().trim().trim_matches(['"', '\'']);
            found.push((key.to_owned(), at..end));
        } else if let Some((_, span)) = found.last_mut()
            && !line.trim().is_empty()
        {
            span.end = end;
        }
        at += line.len();
    }
    found
}

/// The front matter lines whose keys say nothing here, as written.
pub(crate) fn foreign(source: &str, front: &Front) -> String {
    let mut out = String::new();
    for entry in &front.settings.entries {
        if KEYS.contains(&entry.key.as_str())
            && !matches!(
                entry.key.as_str(),
                "title" | "name" | "description" | "questions" | "owner_slack"
            )
        {
            continue;
        }
        if let Some(text) = source.get(entry.span.clone()) {
            out.push_str(text);
            out.push('\n');
        }
    }
    out
}
