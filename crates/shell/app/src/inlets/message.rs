//! A message from outside as an event: `CloudEvents` 1.0 in structured and binary mode, or plain JSON as
//! Standard Webhooks sends it. Whatever it says is data of a stranger: it is copied, never obeyed.

use crate::{Error, Result, records::Mapping};
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// The most bytes of a message.
pub const MAX_BYTES: usize = 256 * 1024;
/// The most levels of a message's data, one inside the other.
const MAX_DEPTH: usize = 32;
/// The longest source and id, in characters.
const MAX_NAME: usize = 300;
/// The longest value that a run gets, in characters.
const MAX_VALUE: usize = 2_000;
/// The longest title, in characters.
const MAX_TITLE: usize = 200;

/// A message before it is read.
#[derive(Debug, Clone, Default)]
pub struct Letter {
    /// The header `content-type`.
    pub content_type: String,
    /// The headers that begin with `ce-`, without that, in lower case.
    pub attributes: BTreeMap<String, String>,
    /// The header `webhook-id`: the id of a message that says no other.
    pub id: String,
    /// The body.
    pub body: Vec<u8>,
}

/// A message that was read.
#[derive(Debug, Clone, PartialEq)]
pub struct Message {
    /// Which one it is, among those of its source.
    pub id: String,
    /// Where it comes from.
    pub source: String,
    /// What happened, as its sender calls it.
    pub kind: String,
    /// The whole event, as a mapping looks at it: id, source, type, subject, time, data.
    pub event: Value,
}

fn wrong<T>(message: impl Into<String>) -> Result<T> {
    Err(Error::invalid("body", message))
}

impl Letter {
    /// Reads the message; total on any bytes.
    pub fn read(&self) -> Result<Message> {
        if self.body.len() > MAX_BYTES {
            return wrong(format!("a message has at most {MAX_BYTES} bytes"));
        }
        let media = self.content_type.split(';').next().unwrap_or_default().trim();
        let media = media.to_ascii_lowercase();
        let parsed: std::result::Result<Value, _> = serde_json::from_slice(&self.body);
        let is_json = media.is_empty() || media == "application/json" || media.ends_with("+json");
        if !is_json {
            return wrong("a message is JSON: application/json or application/cloudevents+json");
        }
        let Ok(body) = parsed else { return wrong("the body is no JSON") };
        if depth(&body) > MAX_DEPTH {
            return wrong(format!("the body has more than {MAX_DEPTH} levels"));
        }
        if media == "application/cloudevents-batch+json" {
            return wrong("send one event at a time");
        }
        if media == "application/cloudevents+json" {
            return structured(body);
        }
        if self.attributes.contains_key("specversion") {
            return self.binary(body);
        }
        let kind = body.get("type").and_then(Value::as_str).unwrap_or("message").to_owned();
        let event = json!({ "id": self.id, "source": "webhook", "type": kind, "data": body });
        named(event)
    }

    fn binary(&self, body: Value) -> Result<Message> {
        let mut event = serde_json::Map::new();
        for (name, value) in &self.attributes {
            event.insert(name.clone(), Value::String(value.clone()));
        }
        event.insert("data".to_owned(), body);
        structured(Value::Object(event))
    }
}

fn structured(event: Value) -> Result<Message> {
    match event.get("specversion").and_then(Value::as_str) {
        Some("1.0") => named(event),
        Some(_) => wrong("CloudEvents are read in version 1.0"),
        None => wrong("a CloudEvent has `specversion`, `id`, `source` and `type`"),
    }
}

fn named(event: Value) -> Result<Message> {
    let text = |name: &str| {
        let text = event.get(name).and_then(Value::as_str).unwrap_or_default();
        let fine = !text.is_empty() && text.chars().count() <= MAX_NAME;
        if fine && !text.chars().any(char::is_control) {
            Ok(text.to_owned())
        } else {
            wrong(format!("`{name}` is a text of 1 to {MAX_NAME} characters"))
        }
    };
    Ok(Message { id: text("id")?, source: text("source")?, kind: text("type")?, event })
}

/// How many levels a value has; a text or number has one. `serde_json` reads at most 128.
fn depth(value: &Value) -> usize {
    match value {
        Value::Array(items) => 1 + items.iter().map(depth).max().unwrap_or(0),
        Value::Object(fields) => 1 + fields.values().map(depth).max().unwrap_or(0),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => 1,
    }
}

/// What a run gets from a message.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Mapped {
    /// What it is about.
    pub title: Option<String>,
    /// Its inputs.
    pub inputs: BTreeMap<String, String>,
    /// The pointers that lead to nothing in this message.
    pub missing: Vec<String>,
}

/// A value as text on one line, without what could hide in it; nothing for null.
fn shown(value: &Value, limit: usize) -> Option<String> {
    let text = match value {
        Value::Null => return None,
        Value::String(text) => text.clone(),
        Value::Bool(_) | Value::Number(_) | Value::Array(_) | Value::Object(_) => value.to_string(),
    };
    let plain = text.chars().map(|c| if c.is_control() { ' ' } else { c });
    Some(plain.take(limit).collect::<String>().trim().to_owned())
}

impl Mapping {
    /// Refuses what leads nowhere in any message.
    pub(crate) fn check(&self) -> Result<()> {
        if self.inputs.len() > 20 {
            return Err(Error::invalid("inputs", "a run gets at most 20 inputs"));
        }
        let pointers = self.inputs.values().cloned();
        for pointer in pointers.chain(pieces(self.title.as_deref()).filter_map(Piece::pointer)) {
            if !pointer.starts_with('/') || pointer.len() > MAX_NAME {
                let message = format!("`{pointer}` is no place; write for example /data/customer");
                return Err(Error::invalid("inputs", message));
            }
        }
        Ok(())
    }

    /// Takes what it names out of a message.
    pub fn apply(&self, message: &Message) -> Mapped {
        let mut mapped = Mapped::default();
        let at = |pointer: &str, limit| {
            message.event.pointer(pointer).and_then(|value| shown(value, limit))
        };
        for (name, pointer) in &self.inputs {
            match at(pointer, MAX_VALUE) {
                Some(value) => {
                    mapped.inputs.insert(name.clone(), value);
                }
                None => mapped.missing.push(pointer.clone()),
            }
        }
        let mut title = String::new();
        for piece in pieces(self.title.as_deref()) {
            match piece {
                Piece::Words(words) => title.push_str(words),
                Piece::Place(pointer) => match at(pointer, MAX_TITLE) {
                    Some(value) => title.push_str(&value),
                    None => mapped.missing.push(pointer.to_owned()),
                },
            }
        }
        let title: String = title.trim().chars().take(MAX_TITLE).collect();
        mapped.title = Some(title).filter(|title| !title.is_empty());
        mapped
    }
}

/// A piece of a title.
#[derive(Debug, Clone, Copy)]
enum Piece<'a> {
    Words(&'a str),
    Place(&'a str),
}

impl Piece<'_> {
    fn pointer(self) -> Option<String> {
        match self {
            Self::Words(_) => None,
            Self::Place(pointer) => Some(pointer.to_owned()),
        }
    }
}

fn pieces(title: Option<&str>) -> impl Iterator<Item = Piece<'_>> {
    title.unwrap_or_default().split('{').enumerate().flat_map(|(n, part)| {
        let (place, words) = match part.split_once('}') {
            Some((place, words)) if n > 0 => (Some(Piece::Place(place)), words),
            _ => (None, part),
        };
        place.into_iter().chain((!words.is_empty()).then_some(Piece::Words(words)))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(content_type: &str, attributes: &[(&str, &str)], body: &str, expected: &str) {
        let letter = Letter {
            content_type: content_type.to_owned(),
            attributes: attributes
                .iter()
                .map(|(k, v)| ((*k).to_owned(), (*v).to_owned()))
                .collect(),
            id: "msg_1".to_owned(),
            body: body.as_bytes().to_vec(),
        };
        let got = match letter.read() {
            Ok(m) => format!("{} {} {} {}", m.source, m.id, m.kind, m.event["data"]),
            Err(error) => error.to_string(),
        };
        assert_eq!(got, expected);
    }

    #[test]
    fn a_message_is_read_in_each_mode() {
        let event =
            r#"{"specversion":"1.0","id":"7","source":"/shop","type":"order.paid","data":{"n":1}}"#;
        let cloud = "application/cloudevents+json; charset=utf-8";
        check(cloud, &[], event, r#"/shop 7 order.paid {"n":1}"#);
        let headers = [("specversion", "1.0"), ("id", "8"), ("source", "/shop"), ("type", "a")];
        check("application/json", &headers, "[1]", "/shop 8 a [1]");
        let plain = r#"{"type":"paid","data":1}"#;
        check("application/json", &[], plain, r#"webhook msg_1 paid {"data":1,"type":"paid"}"#);
        check("", &[], "3", "webhook msg_1 message 3");
        check(
            "text/plain",
            &[],
            "3",
            "a message is JSON: application/json or application/cloudevents+json",
        );
        check("application/cloudevents-batch+json", &[], "[]", "send one event at a time");
        check(cloud, &[], "{}", "a CloudEvent has `specversion`, `id`, `source` and `type`");
        check(cloud, &[], r#"{"specversion":"0.3"}"#, "CloudEvents are read in version 1.0");
        check(
            cloud,
            &[],
            r#"{"specversion":"1.0","id":"","source":"a","type":"b"}"#,
            "`id` is a text of 1 to 300 characters",
        );
        check("application/json", &[], "{", "the body is no JSON");
        let deep = format!("{}1{}", "[".repeat(40), "]".repeat(40));
        check("application/json", &[], &deep, "the body has more than 32 levels");
        let deeper = "[".repeat(100_000);
        check("application/json", &[], &deeper, "the body is no JSON");
        let long = format!("\"{}\"", "x".repeat(MAX_BYTES));
        check("application/json", &[], &long, "a message has at most 262144 bytes");
    }

    #[test]
    fn a_mapping_takes_what_it_names_and_says_what_is_missing() {
        let event = json!({"type": "x", "data": {"no": 7, "who": "Ada\u{7}\nL", "gone": null, "more": [1, 2]}});
        let (id, source) = ("1".to_owned(), "s".to_owned());
        let message = Message { id, source, kind: "x".to_owned(), event };
        let check = |title: &str, inputs: &[(&str, &str)], expected: (&str, &str, &[&str])| {
            let inputs = inputs.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect();
            let mapped = Mapping { title: Some(title.to_owned()), inputs }.apply(&message);
            let inputs: Vec<String> =
                mapped.inputs.iter().map(|(name, value)| format!("{name}={value}")).collect();
            let got = (mapped.title.unwrap_or_default(), inputs.join(","), mapped.missing);
            let missing: Vec<String> = expected.2.iter().map(|s| (*s).to_owned()).collect();
            assert_eq!(got, (expected.0.to_owned(), expected.1.to_owned(), missing));
        };
        check("Order {/data/no} of {/data/who}!", &[], ("Order 7 of Ada  L!", "", &[]));
        check(
            "{/data/gone}",
            &[("a", "/data/more"), ("b", "/x")],
            ("", "a=[1,2]", &["/x", "/data/gone"]),
        );
        check("a } b { c", &[], ("a } b  c", "", &[]));
    }

    #[test]
    fn a_mapping_that_leads_nowhere_is_refused() {
        let mapping = |title: &str, pointer: &str| Mapping {
            title: Some(title.to_owned()),
            inputs: BTreeMap::from([("a".to_owned(), pointer.to_owned())]),
        };
        assert!(mapping("{/data/a} b", "/data").check().is_ok());
        assert!(mapping("{data}", "/data").check().is_err());
        assert!(mapping("x", "data.a").check().is_err());
    }
}
