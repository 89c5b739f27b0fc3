//! The little YAML that front matter needs: reading to a plain value, writing scalars.

use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use std::fmt;

/// A value of front matter; numbers and truth values are kept as words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Value {
    Null,
    Text(String),
    List(Vec<Value>),
    Map(Vec<(String, Value)>),
}

impl Value {
    /// The words of a scalar.
    pub(crate) fn text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            Self::Null | Self::List(_) | Self::Map(_) => None,
        }
    }

    /// A scalar, or the scalars of a list.
    pub(crate) fn texts(&self) -> Vec<String> {
        match self {
            Self::Text(text) => vec![text.clone()],
            Self::List(items) => items.iter().filter_map(|i| i.text().map(str::to_owned)).collect(),
            Self::Null | Self::Map(_) => Vec::new(),
        }
    }
}

struct ValueVisitor;

impl<'de> Visitor<'de> for ValueVisitor {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }
    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }
    fn visit_none<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }
    fn visit_some<D: Deserializer<'de>>(self, from: D) -> Result<Value, D::Error> {
        Value::deserialize(from)
    }
    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Text(value.to_string()))
    }
    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(Value::Text(value.to_string()))
    }
    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(Value::Text(value.to_string()))
    }
    fn visit_f64<E>(self, value: f64) -> Result<Value, E> {
        Ok(Value::Text(value.to_string()))
    }
    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(Value::Text(value.to_owned()))
    }
    fn visit_string<E>(self, value: String) -> Result<Value, E> {
        Ok(Value::Text(value))
    }
    fn visit_seq<A: SeqAccess<'de>>(self, mut from: A) -> Result<Value, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = from.next_element()? {
            items.push(item);
        }
        Ok(Value::List(items))
    }
    fn visit_map<A: MapAccess<'de>>(self, mut from: A) -> Result<Value, A::Error> {
        let mut entries = Vec::new();
        while let Some((key, value)) = from.next_entry::<Value, Value>()? {
            let key = match key {
                Value::Text(key) => key,
                Value::Null | Value::List(_) | Value::Map(_) => String::new(),
            };
            entries.push((key, value));
        }
        Ok(Value::Map(entries))
    }
}

impl<'de> Deserialize<'de> for Value {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_any(ValueVisitor)
    }
}

/// Reads YAML without anchors, aliases or merge keys, within narrow limits; else one line on why not.
pub(crate) fn parse(text: &str) -> Result<Value, String> {
    if text.trim().is_empty() {
        return Ok(Value::Null);
    }
    let budget = serde_saphyr::budget! {
        max_anchors: 0,
        max_aliases: 0,
        max_merge_keys: 0,
        max_documents: 1,
        max_depth: 12,
        max_nodes: 5_000,
        max_events: 20_000,
    };
    let options = serde_saphyr::options! {
        budget: budget,
        with_snippet: false,
        leading_zero_numbers_as_strings: true,
        underscored_numbers_as_strings: true,
    };
    serde_saphyr::from_str_with_options::<Value>(text, options)
        .map_err(|error| crate::inline::fold(&error.to_string()).chars().take(160).collect())
}

/// A text as a YAML scalar that also stands inside a flow collection.
pub(crate) fn scalar(text: &str) -> String {
    let usual = |c: char| c.is_alphanumeric() || " .'/()–—-+%&$€@:".contains(c);
    let starts = text.chars().next().is_some_and(char::is_alphabetic);
    let word = text.to_ascii_lowercase();
    let reserved = ["true", "false", "null", "yes", "no", "on", "off", "y", "n", "nan", "inf"]
        .contains(&word.as_str());
    let numeric = word.parse::<f64>().is_ok();
    let tidy = text == text.trim() && text.chars().all(usual) && !text.contains(" -");
    // A colon is part of a word only between digits, as in a time of day.
    let colons =
        text.split(':').skip(1).all(|after| after.starts_with(|c: char| c.is_ascii_digit()));
    let tidy = tidy && colons;
    if starts && tidy && !reserved && !numeric {
        return text.to_owned();
    }
    let mut out = String::from("\"");
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            '\r' => out.push_str("\\r"),
            c if c.is_control() || matches!(c, '\u{85}' | '\u{2028}' | '\u{2029}' | '\u{feff}') => {
                out.push_str(&format_escape(c));
            }
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

fn format_escape(c: char) -> String {
    format!("\\u{:04X}", u32::from(c))
}

/// The list of texts as one flow value: a scalar where it is one.
pub(crate) fn flow(texts: &[String]) -> String {
    match texts {
        [one] => scalar(one),
        many => {
            let items: Vec<String> = many.iter().map(|t| scalar(t)).collect();
            format!("[{}]", items.join(", "))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_back() {
        for text in [
            "Accounting",
            "#channel",
            "a: b",
            "yes",
            "0",
            "1.5",
            "a, b",
            "\"q\" \\ x",
            "- a",
            "x # y",
            "naïve — x",
            "null",
            "~",
            "'a'",
            "a\tb",
            "{x}",
            "[y]",
            "@x",
            "don't",
            "e",
            "1e3",
            "0x10",
            "NaN",
            "Infinity",
            ".inf",
            "a -b",
        ] {
            assert_eq!(
                parse(&format!("k: {}", scalar(text))),
                Ok(Value::Map(vec![("k".to_owned(), Value::Text(text.to_owned()))])),
                "{text}"
            );
            assert_eq!(
                parse(&format!("k: [{}]", scalar(text))),
                Ok(Value::Map(vec![(
                    "k".to_owned(),
                    Value::List(vec![Value::Text(text.to_owned())])
                )])),
                "{text}"
            );
        }
    }

    #[test]
    fn anchors_and_deep_nesting_are_refused() {
        assert!(parse("a: &x 1\nb: *x").is_err());
        assert!(parse(&"[".repeat(5_000)).is_err());
        assert!(parse(&format!("{}{}", "[".repeat(40), "]".repeat(40))).is_err());
        assert!(parse("a: 1\n---\nb: 2").is_err());
    }
}
