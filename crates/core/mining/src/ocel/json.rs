//! Logs of objects as JSON: both versions of the format read, the second written.

use super::{Attribute, Event, MAX_BYTES, Object, Ocel, moment, since, within};
use crate::number::long;
use crate::report::{Place, Refusal, Report, Trouble};
use crate::time;
use serde::de::{MapAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::io::{self, Read, Write};

/// Reads a log.
///
/// # Errors
///
/// What is no such JSON is refused.
pub fn read(reader: impl Read) -> Result<Ocel, Refusal> {
    within(reader, read_any)
}

fn read_any(reader: &mut dyn Read) -> Result<Ocel, Refusal> {
    let mut bytes = Vec::new();
    reader.read_to_end(&mut bytes)?;
    if long(bytes.len()) > MAX_BYTES {
        // Said by whoever set the limit.
        return Err(Refusal::TooLarge(String::new()));
    }
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&bytes);
    let file: File = serde_json::from_slice(bytes)
        .map_err(|error| Refusal::Malformed(format!("it is no log of objects as JSON: {error}")))?;
    let mut ocel = Ocel::default();
    match file {
        File { events: Some(events), objects, .. } => {
            second(events, objects.unwrap_or_default(), &mut ocel);
        }
        File { old_events: Some(events), old_objects, .. } => {
            first(events, old_objects.unwrap_or_default(), &mut ocel);
        }
        _ => {
            return Err(Refusal::Malformed(
                "it is no log of objects: there are no events in it".into(),
            ));
        }
    }
    ocel.checked()
}

#[derive(Deserialize)]
struct File {
    events: Option<Vec<Item>>,
    objects: Option<Vec<Item>>,
    #[serde(rename = "ocel:events")]
    old_events: Option<Pairs>,
    #[serde(rename = "ocel:objects")]
    old_objects: Option<Pairs>,
}

/// An event or an object of the second version.
#[derive(Deserialize)]
struct Item {
    id: Value,
    #[serde(rename = "type")]
    kind: Option<Value>,
    time: Option<Value>,
    #[serde(default)]
    attributes: Vec<Value>,
    #[serde(default)]
    relationships: Vec<Value>,
}

/// The fields of an object in their order.
#[derive(Default)]
struct Pairs(Vec<(String, Value)>);

impl<'de> Deserialize<'de> for Pairs {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Fields;
        impl<'de> Visitor<'de> for Fields {
            type Value = Pairs;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Pairs, A::Error> {
                let mut pairs = Vec::new();
                while let Some(pair) = map.next_entry()? {
                    pairs.push(pair);
                }
                Ok(Pairs(pairs))
            }
        }
        deserializer.deserialize_map(Fields)
    }
}

/// A value as text: a text without its quotes.
fn text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Null => String::new(),
        other => other.to_string(),
    }
}

fn field(value: &Value, name: &str) -> Option<String> {
    value.get(name).filter(|value| !value.is_null()).map(text)
}

fn second(events: Vec<Item>, objects: Vec<Item>, ocel: &mut Ocel) {
    let report = &mut ocel.report;
    for (n, item) in events.into_iter().enumerate() {
        let place = Place::Item(long(n) + 1);
        let time = item.time.as_ref().and_then(|time| moment(&text(time), place, report));
        let Some(kind) = item.kind.as_ref().map(text).filter(|kind| !kind.is_empty()) else {
            report.count(Trouble::NoActivity, place);
            continue;
        };
        ocel.events.push(Event {
            id: text(&item.id),
            kind,
            time,
            attributes: attributes(&item.attributes, place, report),
            objects: relations(&item.relationships, place, report),
        });
    }
    for (n, item) in objects.into_iter().enumerate() {
        let place = Place::Item(long(n) + 1);
        ocel.objects.push(Object {
            id: text(&item.id),
            kind: item.kind.as_ref().map(text).unwrap_or_default(),
            attributes: attributes(&item.attributes, place, report),
            objects: relations(&item.relationships, place, report),
        });
    }
}

fn attributes(values: &[Value], place: Place, report: &mut Report) -> Vec<Attribute> {
    let mut all = Vec::with_capacity(values.len());
    for value in values {
        let (Some(name), Some(own)) = (field(value, "name"), value.get("value")) else {
            report.count(Trouble::BadAttribute, place);
            continue;
        };
        let since = field(value, "time").and_then(|time| since(&time, place, report));
        all.push(Attribute { name, value: text(own), since });
    }
    all
}

fn relations(values: &[Value], place: Place, report: &mut Report) -> Vec<(String, String)> {
    let mut all = Vec::with_capacity(values.len());
    for value in values {
        match field(value, "objectId") {
            Some(object) => all.push((object, field(value, "qualifier").unwrap_or_default())),
            None => report.count(Trouble::BadAttribute, place),
        }
    }
    all
}

fn first(events: Pairs, objects: Pairs, ocel: &mut Ocel) {
    let report = &mut ocel.report;
    let mapped = |value: &Value, name: &str| -> Vec<Attribute> {
        let all = value.get(name).and_then(Value::as_object).into_iter().flatten();
        all.map(|(name, value)| Attribute { name: name.clone(), value: text(value), since: None })
            .collect()
    };
    for (n, (id, value)) in events.0.into_iter().enumerate() {
        let place = Place::Item(long(n) + 1);
        let time = field(&value, "ocel:timestamp").and_then(|time| moment(&time, place, report));
        let Some(kind) = field(&value, "ocel:activity").filter(|kind| !kind.is_empty()) else {
            report.count(Trouble::NoActivity, place);
            continue;
        };
        let objects = value.get("ocel:omap").and_then(Value::as_array).into_iter().flatten();
        let objects = objects.map(|object| (text(object), String::new())).collect();
        ocel.events.push(Event {
            id,
            kind,
            time,
            attributes: mapped(&value, "ocel:vmap"),
            objects,
        });
    }
    for (id, value) in objects.0 {
        let kind = field(&value, "ocel:type").unwrap_or_default();
        let attributes = mapped(&value, "ocel:ovmap");
        ocel.objects.push(Object { id, kind, attributes, objects: Vec::new() });
    }
}

/// Writes a log as JSON of the second version.
pub fn write(ocel: &Ocel, out: &mut dyn Write) -> io::Result<()> {
    let types = |names: BTreeMap<&str, BTreeSet<&str>>| -> Vec<Value> {
        let all = names.into_iter().map(|(name, attributes)| {
            let attributes = attributes.iter().map(|name| json!({"name": name, "type": "string"}));
            json!({"name": name, "attributes": attributes.collect::<Vec<_>>()})
        });
        all.collect()
    };
    let of_objects = types(ocel.object_types());
    let of_events = types(ocel.event_types());
    let related = |all: &[(String, String)]| -> Vec<Value> {
        all.iter().map(|(id, qualifier)| json!({"objectId": id, "qualifier": qualifier})).collect()
    };
    writeln!(out, "{{\n\"objectTypes\": {},", Value::from(of_objects))?;
    writeln!(out, "\"eventTypes\": {},\n\"objects\": [", Value::from(of_events))?;
    for (n, object) in ocel.objects.iter().enumerate() {
        let attributes = object.attributes.iter().map(|a| {
            json!({"name": a.name, "time": time::rfc3339(a.since.unwrap_or(0)), "value": a.value})
        });
        let shown = json!({
            "id": object.id,
            "type": object.kind,
            "attributes": attributes.collect::<Vec<_>>(),
            "relationships": related(&object.objects),
        });
        let comma = if n + 1 < ocel.objects.len() { "," } else { "" };
        writeln!(out, "{shown}{comma}")?;
    }
    writeln!(out, "],\n\"events\": [")?;
    for (n, event) in ocel.events.iter().enumerate() {
        let attributes = event.attributes.iter().map(|a| json!({"name": a.name, "value": a.value}));
        let mut shown = json!({
            "id": event.id,
            "type": event.kind,
            "attributes": attributes.collect::<Vec<_>>(),
            "relationships": related(&event.objects),
        });
        if let (Some(time), Some(fields)) = (event.time, shown.as_object_mut()) {
            fields.insert("time".to_owned(), Value::String(time::rfc3339(time)));
        }
        let comma = if n + 1 < ocel.events.len() { "," } else { "" };
        writeln!(out, "{shown}{comma}")?;
    }
    writeln!(out, "]\n}}")
}
