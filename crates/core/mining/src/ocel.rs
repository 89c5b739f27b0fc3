//! Logs of objects and events (OCEL 2.0, and its first version): an event belongs to any number of objects. Seen
//! from one type of object it is a log of cases.

mod json;
mod table;
mod xml;

use crate::log::{Builder, Event as Row, EventLog, Kind, NO_TIME, Pair};
use crate::number::{NONE, id, ix, long};
use crate::report::{Place, Refusal, Report, Trouble};
use crate::time;
use std::collections::{BTreeMap, BTreeSet};
use std::io::Read;

pub use json::{read as read_json, write as write_json};
pub use table::{is_one as is_table, read as read_table};
pub use xml::{read as read_xml, write as write_xml};

/// The most events, objects and relations of a log; it is held in memory as a whole.
pub const MAX_ITEMS: usize = 20_000_000;

/// The most bytes of a file, unpacked.
pub const MAX_BYTES: u64 = 1 << 30;

/// What a report says the type of object is that was taken as the case.
pub const CASE_TYPE: &str = "type of the cases";

/// Reads a file that must not be larger than the limit.
fn within(
    reader: impl Read,
    read: impl FnOnce(&mut dyn Read) -> Result<Ocel, Refusal>,
) -> Result<Ocel, Refusal> {
    let mut reader = reader.take(MAX_BYTES + 1);
    let found = read(&mut reader);
    if reader.limit() == 0 {
        return Err(Refusal::TooLarge(format!(
            "a log of objects is held in memory, and this one has more than {MAX_BYTES} bytes"
        )));
    }
    found
}

/// An attribute of an event or an object.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attribute {
    /// Its name.
    pub name: String,
    /// Its value as text.
    pub value: String,
    /// Since when it holds, in microseconds since 1970; `None` where it always did.
    pub since: Option<i64>,
}

/// An event.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Event {
    /// Its id.
    pub id: String,
    /// Its type: the activity.
    pub kind: String,
    /// When it happened, in microseconds since 1970.
    pub time: Option<i64>,
    /// Its attributes.
    pub attributes: Vec<Attribute>,
    /// The objects that it belongs to, by their ids, each with what it is to it.
    pub objects: Vec<(String, String)>,
}

/// An object.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Object {
    /// Its id.
    pub id: String,
    /// Its type.
    pub kind: String,
    /// Its attributes, in the order of time.
    pub attributes: Vec<Attribute>,
    /// The objects that it belongs to, by their ids, each with what it is to it.
    pub objects: Vec<(String, String)>,
}

/// A log of objects and events.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Ocel {
    /// The events, in the order of the file.
    pub events: Vec<Event>,
    /// The objects, in the order of the file.
    pub objects: Vec<Object>,
    /// What was odd about the file.
    pub report: Report,
}

/// What a log of objects holds, in numbers.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Counts {
    /// Events.
    pub events: u64,
    /// Objects.
    pub objects: u64,
    /// Relations between events and objects.
    pub relations: u64,
    /// Relations between objects.
    pub between_objects: u64,
    /// Attributes of objects that changed in the course of time.
    pub changes: u64,
    /// Events of each type.
    pub event_types: BTreeMap<String, u64>,
    /// Objects of each type.
    pub object_types: BTreeMap<String, u64>,
}

impl Ocel {
    /// Sets aside what cannot be: ids that are taken, relations to nothing. Readers end with it.
    fn checked(mut self) -> Result<Self, Refusal> {
        let relations = |lists: &[(String, String)]| lists.len();
        let all: usize = self.events.iter().map(|e| 1 + relations(&e.objects)).sum::<usize>()
            + self.objects.iter().map(|o| 1 + relations(&o.objects)).sum::<usize>();
        if all > MAX_ITEMS {
            return Err(Refusal::TooLarge(format!(
                "there are more than {MAX_ITEMS} events, objects and relations"
            )));
        }
        let mut known: BTreeSet<String> = BTreeSet::new();
        let report = &mut self.report;
        let mut n = 0;
        self.objects.retain(|object| {
            n += 1;
            let is_new = known.insert(object.id.clone());
            if !is_new {
                report.count(Trouble::RepeatedId, Place::Item(n));
            }
            is_new
        });
        let mut ids: BTreeSet<String> = BTreeSet::new();
        let mut n = 0;
        self.events.retain(|event| {
            n += 1;
            let is_new = ids.insert(event.id.clone());
            if !is_new {
                report.count(Trouble::RepeatedId, Place::Item(n));
            }
            is_new
        });
        for (n, event) in self.events.iter_mut().enumerate() {
            let place = Place::Item(long(n) + 1);
            if event.time.is_none() {
                report.count(Trouble::NoTime, place);
            }
            event.objects.retain(|(object, _)| {
                let is_there = known.contains(object);
                if !is_there {
                    report.count(Trouble::Dangling, place);
                }
                is_there
            });
        }
        for (n, object) in self.objects.iter_mut().enumerate() {
            object.objects.retain(|(other, _)| {
                let is_there = known.contains(other);
                if !is_there {
                    report.count(Trouble::Dangling, Place::Item(long(n) + 1));
                }
                is_there
            });
        }
        Ok(self)
    }

    /// What is in it, in numbers.
    pub fn counts(&self) -> Counts {
        let mut counts = Counts {
            events: long(self.events.len()),
            objects: long(self.objects.len()),
            ..Counts::default()
        };
        for event in &self.events {
            counts.relations += long(event.objects.len());
            *counts.event_types.entry(event.kind.clone()).or_default() += 1;
        }
        for object in &self.objects {
            counts.between_objects += long(object.objects.len());
            counts.changes += long(object.attributes.iter().filter(|a| a.since.is_some()).count());
            *counts.object_types.entry(object.kind.clone()).or_default() += 1;
        }
        counts
    }

    /// The types of the objects, each with the names of their attributes.
    pub fn object_types(&self) -> BTreeMap<&str, BTreeSet<&str>> {
        named(self.objects.iter().map(|o| (o.kind.as_str(), o.attributes.as_slice())))
    }

    /// The types of the events, each with the names of their attributes.
    pub fn event_types(&self) -> BTreeMap<&str, BTreeSet<&str>> {
        named(self.events.iter().map(|e| (e.kind.as_str(), e.attributes.as_slice())))
    }

    /// The type with the most relations to events.
    pub fn main_type(&self) -> Option<String> {
        let kinds: BTreeMap<&str, &str> =
            self.objects.iter().map(|o| (o.id.as_str(), o.kind.as_str())).collect();
        let mut sums: BTreeMap<&str, u64> = BTreeMap::new();
        for (object, _) in self.events.iter().flat_map(|event| &event.objects) {
            if let Some(kind) = kinds.get(object.as_str()) {
                *sums.entry(kind).or_default() += 1;
            }
        }
        let most = sums.iter().rev().max_by_key(|(_, sum)| **sum)?;
        Some((*most.0).to_owned())
    }

    /// The log of cases that it is, seen from one type of object: each object of the type is a case, and an
    /// event that belongs to several of them is in each.
    ///
    /// # Errors
    ///
    /// A type that no object has is refused, with those that there are.
    pub fn cases(&self, kind: &str) -> Result<EventLog, Refusal> {
        let mut place: BTreeMap<&str, usize> = BTreeMap::new();
        let own: Vec<&Object> = self.objects.iter().filter(|object| object.kind == kind).collect();
        if own.is_empty() {
            let there: Vec<String> = self.counts().object_types.into_keys().collect();
            let there = there.join(", ");
            let text = format!(
                "there is no object of type \"{kind}\"; name one with --object-type: {there}"
            );
            return Err(Refusal::Malformed(text));
        }
        for (n, object) in own.iter().enumerate() {
            place.insert(&object.id, n);
        }
        let mut events: Vec<Vec<usize>> = vec![Vec::new(); own.len()];
        for (n, event) in self.events.iter().enumerate() {
            for (object, _) in &event.objects {
                let list = place.get(object.as_str()).and_then(|at| events.get_mut(*at));
                // Once, whatever it is to it.
                if let Some(list) = list.filter(|list| list.last() != Some(&n)) {
                    list.push(n);
                }
            }
        }
        let mut builder = Builder::default();
        *builder.report() = self.report.clone();
        builder.report().roles.push((kind.to_owned(), CASE_TYPE));
        for (n, (object, events)) in own.iter().zip(events).enumerate() {
            if events.is_empty() {
                builder.report().count(Trouble::NoEvents, Place::Item(long(n) + 1));
                continue;
            }
            let case = builder.begin_case();
            let name = builder.value(object.id.as_bytes());
            builder.name_case(case, name);
            let pairs = pairs(&mut builder, object.attributes.iter().filter(|a| a.since.is_none()));
            builder.case_attributes(case, &pairs);
            for event in events.into_iter().filter_map(|n| self.events.get(n)) {
                let activity = builder.activity(event.kind.as_bytes());
                let is_who =
                    |a: &&Attribute| matches!(a.name.as_str(), "org:resource" | "resource");
                let who = event.attributes.iter().find(is_who);
                let resource = who.map_or(NONE, |a| builder.value(a.value.as_bytes()));
                let time = event.time.unwrap_or(NO_TIME);
                let pairs = pairs_of_event(&mut builder, event);
                builder.event(case, Row { activity, time, resource }, &pairs);
            }
        }
        Ok(builder.finish())
    }

    /// A log of cases as one of objects: each case is an object of type "case".
    pub fn of_log(log: &EventLog) -> Self {
        let mut ocel = Self::default();
        let attributes = |pairs: &[Pair]| -> Vec<Attribute> {
            let all = pairs.iter().filter_map(|pair| {
                let name = log.key(pair.key)?.name.clone();
                Some(Attribute { name, value: log.values.get(pair.value).to_owned(), since: None })
            });
            all.collect()
        };
        for case in 0..log.cases() {
            // Names may repeat; ids may not.
            let number = case + 1;
            let object = format!("case {number}");
            let mut own = attributes(log.case_attributes(case));
            if log.has_name(case) {
                let value = log.case_name(case).to_owned();
                own.insert(0, Attribute { name: crate::xes::NAME.to_owned(), value, since: None });
            }
            for event in log.range(case) {
                let mut own = attributes(log.attributes(event));
                if let Some(who) = log.resource(event) {
                    let (name, value) = (crate::xes::RESOURCE.to_owned(), who.to_owned());
                    own.insert(0, Attribute { name, value, since: None });
                }
                ocel.events.push(Event {
                    id: format!("event {}", event + 1),
                    kind: log.activity(event).to_owned(),
                    time: log.time(event),
                    attributes: own,
                    objects: vec![(object.clone(), "case".to_owned())],
                });
            }
            let kind = "case".to_owned();
            ocel.objects.push(Object { id: object, kind, attributes: own, objects: Vec::new() });
        }
        ocel
    }
}

fn named<'a>(
    all: impl Iterator<Item = (&'a str, &'a [Attribute])>,
) -> BTreeMap<&'a str, BTreeSet<&'a str>> {
    let mut names: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for (kind, attributes) in all {
        names.entry(kind).or_default().extend(attributes.iter().map(|a| a.name.as_str()));
    }
    names
}

fn pairs<'a>(builder: &mut Builder, all: impl Iterator<Item = &'a Attribute>) -> Vec<Pair> {
    let pair = |a: &Attribute| Pair {
        key: builder.key(Kind::String, a.name.as_bytes(), None),
        value: builder.value(a.value.as_bytes()),
    };
    all.map(pair).collect()
}

fn pairs_of_event(builder: &mut Builder, event: &Event) -> Vec<Pair> {
    let is_other = |a: &&Attribute| !matches!(a.name.as_str(), "org:resource" | "resource");
    pairs(builder, event.attributes.iter().filter(is_other))
}

/// A moment; what cannot be read is counted, and one without an offset is taken as UTC.
fn moment(text: &str, place: Place, report: &mut Report) -> Option<i64> {
    let Some(read) = time::read(text.as_bytes(), false) else {
        report.count(Trouble::BadTime, place);
        return None;
    };
    if !read.has_offset {
        report.count(Trouble::NoOffset, place);
    }
    Some(read.micros)
}

/// Since when a value holds: that it holds since 1970 is how the format says that it always did.
fn since(text: &str, place: Place, report: &mut Report) -> Option<i64> {
    moment(text, place, report).filter(|micros| *micros != 0)
}

/// Puts a log together from rows, as databases keep it.
#[derive(Debug, Default)]
pub struct Rows {
    ocel: Ocel,
    events: BTreeMap<String, u32>,
    objects: BTreeMap<String, u32>,
}

impl Rows {
    /// An event of a type.
    pub fn event(&mut self, name: &str, kind: &str) {
        self.events.entry(name.to_owned()).or_insert(id(self.ocel.events.len()));
        let (id, kind) = (name.to_owned(), kind.to_owned());
        self.ocel.events.push(Event { id, kind, ..Event::default() });
    }

    /// An object of a type.
    pub fn object(&mut self, name: &str, kind: &str) {
        self.objects.entry(name.to_owned()).or_insert(id(self.ocel.objects.len()));
        let (id, kind) = (name.to_owned(), kind.to_owned());
        self.ocel.objects.push(Object { id, kind, ..Object::default() });
    }

    fn place(&self) -> Place {
        Place::Item(long(self.ocel.events.len() + self.ocel.objects.len()))
    }

    /// When an event happened.
    pub fn time(&mut self, event: &str, text: &str) {
        let place = self.place();
        let time = moment(text, place, &mut self.ocel.report);
        if let Some(event) = self.event_mut(event) {
            event.time = time;
        }
    }

    fn event_mut(&mut self, name: &str) -> Option<&mut Event> {
        let at = self.events.get(name)?;
        self.ocel.events.get_mut(ix(*at))
    }

    fn object_mut(&mut self, name: &str) -> Option<&mut Object> {
        let at = self.objects.get(name)?;
        self.ocel.objects.get_mut(ix(*at))
    }

    /// An attribute of an event.
    pub fn of_event(&mut self, event: &str, name: &str, value: &str) {
        if let Some(event) = self.event_mut(event) {
            let (name, value) = (name.to_owned(), value.to_owned());
            event.attributes.push(Attribute { name, value, since: None });
        }
    }

    /// An attribute of an object; with a time, one that changed then.
    pub fn of_object(&mut self, object: &str, name: &str, value: &str, changed: Option<&str>) {
        let place = self.place();
        let since = changed.and_then(|text| moment(text, place, &mut self.ocel.report));
        if let Some(object) = self.object_mut(object) {
            let (name, value) = (name.to_owned(), value.to_owned());
            object.attributes.push(Attribute { name, value, since });
        }
    }

    /// That an event belongs to an object.
    pub fn relation(&mut self, event: &str, object: &str, qualifier: &str) {
        let place = self.place();
        let pair = (object.to_owned(), qualifier.to_owned());
        match self.event_mut(event) {
            Some(event) => event.objects.push(pair),
            None => self.ocel.report.count(Trouble::Dangling, place),
        }
    }

    /// That an object belongs to another.
    pub fn between(&mut self, from: &str, to: &str, qualifier: &str) {
        let place = self.place();
        let pair = (to.to_owned(), qualifier.to_owned());
        match self.object_mut(from) {
            Some(object) => object.objects.push(pair),
            None => self.ocel.report.count(Trouble::Dangling, place),
        }
    }

    /// The log.
    ///
    /// # Errors
    ///
    /// A log beyond the limits is refused.
    pub fn finish(self) -> Result<Ocel, Refusal> {
        self.ocel.checked()
    }
}

#[cfg(test)]
mod tests;
