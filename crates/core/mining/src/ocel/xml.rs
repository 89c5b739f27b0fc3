//! Logs of objects as XML: both versions of the format.

mod write;

use super::{Attribute, Event, Object, Ocel, moment, since, within};
use crate::number::long;
use crate::report::{Place, Refusal, Trouble, Unwatched};
use crate::xml::{Item, Scanner, Tag, unescape};
use std::io::Read;

pub use write::write;

const MAX_DEPTH: usize = 64;

/// What the element at hand belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum Owner {
    #[default]
    None,
    Event,
    Object,
}

/// Reads a log.
///
/// # Errors
///
/// What is no such XML is refused.
pub fn read(reader: impl Read) -> Result<Ocel, Refusal> {
    within(reader, read_any)
}

fn malformed(what: &str) -> Refusal {
    Refusal::Malformed(what.to_owned())
}

fn read_any(reader: &mut dyn Read) -> Result<Ocel, Refusal> {
    let mut scanner = Scanner::new(reader)?;
    let mut into = Reading::default();
    let mut path: Vec<Vec<u8>> = Vec::new();
    loop {
        match scanner.next(&mut Unwatched)? {
            None => break,
            Some(Item::Text(words)) => into.words(&path, words),
            Some(Item::Start(tag, is_empty)) => {
                if path.is_empty() && tag.name() != b"log" {
                    return Err(malformed("it is no log of objects: it does not begin with <log>"));
                }
                into.start(&path, &tag);
                if is_empty {
                    into.end(&path, tag.name());
                } else if path.len() >= MAX_DEPTH {
                    return Err(Refusal::TooLarge(format!(
                        "elements are nested deeper than {MAX_DEPTH}"
                    )));
                } else {
                    path.push(tag.name().to_vec());
                }
            }
            Some(Item::End(name)) => {
                if path.pop().as_deref() != Some(name) {
                    return Err(malformed(
                        "it is no well-formed XML: a tag ends that was not begun",
                    ));
                }
                into.end(&path, name);
            }
        }
    }
    if !path.is_empty() {
        return Err(malformed("it is cut off: it ends before the log does"));
    }
    if !into.has_events {
        return Err(malformed("it is no log of objects: there are no events in it"));
    }
    let mut ocel = into.ocel;
    let report = &mut ocel.report;
    let mut n = 0;
    ocel.events.retain(|event| {
        n += 1;
        if event.kind.is_empty() {
            report.count(Trouble::NoActivity, Place::Item(n));
        }
        !event.kind.is_empty()
    });
    ocel.checked()
}

#[derive(Default)]
struct Reading {
    ocel: Ocel,
    owner: Owner,
    has_events: bool,
    /// The attribute whose value comes as words.
    waiting: Option<(String, Option<i64>)>,
}

impl Reading {
    fn place(&self) -> Place {
        Place::Item(long(match self.owner {
            Owner::Object => self.ocel.objects.len(),
            Owner::Event | Owner::None => self.ocel.events.len(),
        }))
    }

    fn start(&mut self, path: &[Vec<u8>], tag: &Tag<'_>) {
        let above = path.last().map_or(&b""[..], Vec::as_slice);
        let value = |name: &[u8]| tag.text(name);
        match (above, tag.name()) {
            (b"log", b"events") => self.has_events = true,
            (b"events", b"event") => {
                self.owner = Owner::Event;
                let id = value(b"id").unwrap_or_default();
                let kind = value(b"type").unwrap_or_default();
                self.ocel.events.push(Event { id, kind, ..Event::default() });
                if let Some(text) = value(b"time") {
                    self.time(&text);
                }
            }
            // Within an event or an object, `objects` holds relations.
            (b"objects", b"object") if self.owner == Owner::None => {
                self.owner = Owner::Object;
                let (id, kind) =
                    (value(b"id").unwrap_or_default(), value(b"type").unwrap_or_default());
                self.ocel.objects.push(Object { id, kind, ..Object::default() });
            }
            (_, b"relationship" | b"object" | b"relobj") if value(b"object-id").is_some() => {
                let object = value(b"object-id").unwrap_or_default();
                self.relate(object, value(b"qualifier").unwrap_or_default());
            }
            (b"attributes", b"attribute") if self.owner != Owner::None => {
                let place = self.place();
                let since = value(b"time").and_then(|t| since(&t, place, &mut self.ocel.report));
                match value(b"name") {
                    Some(name) => self.waiting = Some((name, since)),
                    None => self.ocel.report.count(Trouble::BadAttribute, place),
                }
            }
            // The first version: everything is a key and a value.
            (_, b"string" | b"date" | b"float" | b"int" | b"boolean") => {
                if let (Some(key), Some(text)) = (value(b"key"), value(b"value")) {
                    self.old(above, &key, text);
                }
            }
            _ => {}
        }
    }

    fn relate(&mut self, object: String, qualifier: String) {
        let list = match self.owner {
            Owner::Event => self.ocel.events.last_mut().map(|e| &mut e.objects),
            Owner::Object => self.ocel.objects.last_mut().map(|o| &mut o.objects),
            Owner::None => None,
        };
        if let Some(list) = list {
            list.push((object, qualifier));
        }
    }

    fn time(&mut self, text: &str) {
        let place = self.place();
        let time = moment(text, place, &mut self.ocel.report);
        if let Some(event) = self.ocel.events.last_mut() {
            event.time = time;
        }
    }

    fn attribute(&mut self, name: String, value: String, since: Option<i64>) {
        let list = match self.owner {
            Owner::Event => self.ocel.events.last_mut().map(|e| &mut e.attributes),
            Owner::Object => self.ocel.objects.last_mut().map(|o| &mut o.attributes),
            Owner::None => None,
        };
        if let Some(list) = list {
            list.push(Attribute { name, value, since });
        }
    }

    fn old(&mut self, above: &[u8], key: &str, text: String) {
        match (self.owner, above, key) {
            (Owner::Event, b"event", "id") => {
                if let Some(event) = self.ocel.events.last_mut() {
                    event.id = text;
                }
            }
            (Owner::Event, b"event", "activity") => {
                if let Some(event) = self.ocel.events.last_mut() {
                    event.kind = text;
                }
            }
            (Owner::Event, b"event", "timestamp") => self.time(&text),
            (Owner::Object, b"object", "id") => {
                if let Some(object) = self.ocel.objects.last_mut() {
                    object.id = text;
                }
            }
            (Owner::Object, b"object", "type") => {
                if let Some(object) = self.ocel.objects.last_mut() {
                    object.kind = text;
                }
            }
            (Owner::Event, _, "object-id") => self.relate(text, String::new()),
            (Owner::Event | Owner::Object, b"list", key) => {
                self.attribute(key.to_owned(), text, None);
            }
            _ => {}
        }
    }

    fn words(&mut self, path: &[Vec<u8>], words: &[u8]) {
        if path.last().is_none_or(|name| name != b"attribute") {
            return;
        }
        if let Some((name, since)) = self.waiting.take() {
            let value = String::from_utf8_lossy(&unescape(words)).into_owned();
            self.attribute(name, value, since);
        }
    }

    fn end(&mut self, path: &[Vec<u8>], name: &[u8]) {
        if name == b"attribute"
            && let Some((name, since)) = self.waiting.take()
        {
            self.attribute(name, String::new(), since);
        }
        let is_top = path.len() == 2;
        if is_top && matches!(name, b"event" | b"object") {
            self.owner = Owner::None;
        }
    }
}
