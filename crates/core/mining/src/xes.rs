//! Reading XES (IEEE 1849): a stream of tags becomes columns; memory grows with the events alone.

use crate::log::{Builder, Event, EventLog, Kind, MAX_EVENTS, NO_TIME, Pair};
use crate::number::NONE;
use crate::report::{Place, Refusal, Trouble, Watch};
use crate::time;
use crate::xml::{Item, Scanner, Tag, unescape};
use std::io::Read;

/// The deepest nesting of elements.
const MAX_DEPTH: usize = 64;

/// The keys that have a column of their own.
pub(crate) const NAME: &str = "concept:name";
pub(crate) const TIMESTAMP: &str = "time:timestamp";
pub(crate) const RESOURCE: &str = "org:resource";

/// What an open element is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Frame {
    Log,
    Trace,
    Event,
    /// An attribute whose nested attributes count: its key.
    Attribute(u32),
    /// The values of a list: what is in it is in the list.
    Values(u32),
    /// Something that is left out with all that is in it.
    Skipped,
}

/// Reads a log.
///
/// # Errors
///
/// What is no XES, is malformed, or goes beyond the limits, is refused as a whole. What is odd and can be
/// mended is counted in the log's report.
pub fn read(mut reader: impl Read, watch: &mut dyn Watch) -> Result<EventLog, Refusal> {
    // One copy of what follows for every kind of reader.
    read_any(&mut reader, watch)
}

fn read_any(reader: &mut dyn Read, watch: &mut dyn Watch) -> Result<EventLog, Refusal> {
    let mut scanner = Scanner::new(reader)?;
    let mut into = Reading::default();
    loop {
        let position = scanner.position();
        into.place = Place::Byte(position);
        match scanner.next(watch)? {
            None => return into.finish(),
            Some(Item::Text(words)) => into.words(words)?,
            Some(Item::Start(tag, is_empty)) => into.start(&tag, is_empty)?,
            Some(Item::End(name)) => into.end(name)?,
        }
    }
}

struct Reading {
    builder: Builder,
    stack: Vec<Frame>,
    names: Vec<Vec<u8>>,
    place: Place,
    case: u32,
    event: Event,
    has_time: bool,
    pairs: Vec<Pair>,
    case_pairs: Vec<Pair>,
    log_pairs: Vec<Pair>,
    /// Whether there was a `log`.
    is_log: bool,
    /// How far along the order of the schema the log is: extensions, globals, classifiers, attributes,
    /// traces, events.
    rank: u8,
}

impl Default for Reading {
    fn default() -> Self {
        Self {
            builder: Builder::default(),
            stack: Vec::new(),
            names: Vec::new(),
            place: Place::Byte(0),
            case: NONE,
            event: Event { activity: NONE, time: NO_TIME, resource: NONE },
            has_time: false,
            pairs: Vec::new(),
            case_pairs: Vec::new(),
            log_pairs: Vec::new(),
            is_log: false,
            rank: 0,
        }
    }
}

fn malformed(what: &str) -> Refusal {
    Refusal::Malformed(what.to_owned())
}

impl Reading {
    fn count(&mut self, trouble: Trouble) {
        let place = self.place;
        self.builder.report().count(trouble, place);
    }

    /// The log is at this place of the schema's order; what should have come before is out of place.
    fn advance(&mut self, rank: u8) {
        if rank < self.rank {
            self.count(Trouble::OutOfPlace);
        }
        self.rank = self.rank.max(rank);
    }

    fn words(&mut self, words: &[u8]) -> Result<(), Refusal> {
        if words.trim_ascii().is_empty() {
            return Ok(());
        }
        if self.stack.is_empty() && !self.is_log {
            return Err(malformed("it is no XES: words stand where the log should begin"));
        }
        self.count(Trouble::UnknownElement);
        Ok(())
    }

    fn push(&mut self, frame: Frame, tag: &Tag<'_>) -> Result<(), Refusal> {
        if self.stack.len() >= MAX_DEPTH {
            return Err(Refusal::TooLarge(format!("elements are nested deeper than {MAX_DEPTH}")));
        }
        self.stack.push(frame);
        // Names are kept for what is deep or rare alone: a file is mostly attributes that are their own end.
        let depth = self.stack.len();
        if self.names.len() < depth {
            self.names.resize(depth, Vec::new());
        }
        if let Some(name) = self.names.get_mut(depth - 1) {
            name.clear();
            name.extend_from_slice(tag.name());
        }
        Ok(())
    }

    fn start(&mut self, tag: &Tag<'_>, is_empty: bool) -> Result<(), Refusal> {
        let frame = self.frame(tag)?;
        if is_empty {
            self.leave(frame);
            return Ok(());
        }
        self.push(frame, tag)
    }

    /// What an element is, by where it stands. What it says is taken here; what ends with it, in `leave`.
    fn frame(&mut self, tag: &Tag<'_>) -> Result<Frame, Refusal> {
        let Some(parent) = self.stack.last().copied() else {
            if tag.name() != b"log" {
                let name = String::from_utf8_lossy(tag.name()).into_owned();
                return Err(malformed(&format!(
                    "it is no XES: it begins with <{name}>, not with <log>"
                )));
            }
            if self.is_log {
                return Err(malformed("it is no well-formed XML: there are two roots"));
            }
            self.is_log = true;
            return Ok(Frame::Log);
        };
        if parent == Frame::Skipped {
            return Ok(Frame::Skipped);
        }
        if let Some(kind) = kind(tag.name()) {
            return Ok(self.attribute(parent, kind, tag));
        }
        Ok(match (parent, tag.name()) {
            (Frame::Log, b"trace") => {
                self.case = self.builder.begin_case();
                self.case_pairs.clear();
                self.advance(4);
                Frame::Trace
            }
            (Frame::Log | Frame::Trace, b"event") => {
                if self.builder.events() >= MAX_EVENTS {
                    return Err(Refusal::TooLarge(format!(
                        "there are more than {MAX_EVENTS} events"
                    )));
                }
                self.event = Event { activity: NONE, time: NO_TIME, resource: NONE };
                self.has_time = false;
                self.pairs.clear();
                if parent == Frame::Log {
                    self.count(Trouble::OutsideCase);
                    self.advance(5);
                    Frame::Skipped
                } else {
                    Frame::Event
                }
            }
            (Frame::Log, b"extension" | b"global" | b"classifier") => {
                self.advance(match tag.name() {
                    b"extension" => 0,
                    b"global" => 1,
                    _ => 2,
                });
                let needed: &[&[u8]] = match tag.name() {
                    b"extension" => &[b"name", b"prefix", b"uri"],
                    b"classifier" => &[b"name", b"keys"],
                    _ => &[],
                };
                if needed.iter().any(|name| tag.raw(name).is_none()) {
                    self.count(Trouble::BadAttribute);
                } else if tag.name() == b"classifier" && tag.raw(b"scope") != Some(b"trace") {
                    let text = |name: &[u8]| tag.text(name).unwrap_or_default();
                    self.builder.classifier(&text(b"name"), &text(b"keys"));
                }
                Frame::Skipped
            }
            (Frame::Attribute(key), b"values") => Frame::Values(key),
            _ => {
                self.count(Trouble::UnknownElement);
                Frame::Skipped
            }
        })
    }

    fn attribute(&mut self, parent: Frame, kind: Kind, tag: &Tag<'_>) -> Frame {
        let (mut key, mut value) = (None, None);
        for (name, raw) in tag.attributes() {
            match name {
                b"key" => key = Some(raw),
                b"value" => value = Some(raw),
                _ => {}
            }
        }
        let is_bag = matches!(kind, Kind::List | Kind::Container);
        let (Some(key), Some(value)) = (key, value.or(is_bag.then_some(b""))) else {
            self.count(Trouble::BadAttribute);
            return Frame::Skipped;
        };
        let (key, value) = (unescape(key), unescape(value));
        match parent {
            Frame::Event => self.of_event(kind, &key, &value),
            Frame::Trace if key.as_ref() == NAME.as_bytes() => {
                let name = self.builder.value(&value);
                self.builder.name_case(self.case, name);
                Frame::Attribute(self.builder.key(kind, &key, None))
            }
            Frame::Log | Frame::Trace => {
                if parent == Frame::Log {
                    self.advance(3);
                }
                let pair = self.pair(kind, &key, &value, None);
                let pairs =
                    if parent == Frame::Log { &mut self.log_pairs } else { &mut self.case_pairs };
                pairs.push(pair);
                Frame::Attribute(pair.key)
            }
            Frame::Attribute(within) | Frame::Values(within) => {
                let pair = self.pair(kind, &key, &value, Some(within));
                let owner = self
                    .stack
                    .iter()
                    .rev()
                    .find(|frame| matches!(frame, Frame::Event | Frame::Trace | Frame::Log));
                match owner {
                    Some(Frame::Event) => self.pairs.push(pair),
                    Some(Frame::Trace) => self.case_pairs.push(pair),
                    _ => self.log_pairs.push(pair),
                }
                Frame::Attribute(pair.key)
            }
            Frame::Skipped => Frame::Skipped,
        }
    }

    fn of_event(&mut self, kind: Kind, key: &[u8], value: &[u8]) -> Frame {
        if key == NAME.as_bytes() {
            if self.event.activity != NONE {
                self.count(Trouble::RepeatedAttribute);
            }
            self.event.activity = self.builder.activity(value);
        } else if key == TIMESTAMP.as_bytes() {
            if self.has_time {
                self.count(Trouble::RepeatedAttribute);
            }
            self.has_time = true;
            match time::read(value, false) {
                Some(read) => {
                    if !read.has_offset {
                        self.count(Trouble::NoOffset);
                    }
                    self.event.time = read.micros;
                }
                None => self.count(Trouble::BadTime),
            }
        } else if key == RESOURCE.as_bytes() {
            if self.event.resource != NONE {
                self.count(Trouble::RepeatedAttribute);
            }
            if kind != Kind::String {
                self.count(Trouble::BadValue);
            }
            self.event.resource = self.builder.value(value);
        } else {
            let pair = self.pair(kind, key, value, None);
            self.pairs.push(pair);
            return Frame::Attribute(pair.key);
        }
        Frame::Attribute(self.builder.key(kind, key, None))
    }

    fn pair(&mut self, kind: Kind, key: &[u8], value: &[u8], within: Option<u32>) -> Pair {
        if !fits(kind, value) {
            self.count(Trouble::BadValue);
        }
        Pair { key: self.builder.key(kind, key, within), value: self.builder.value(value) }
    }

    fn end(&mut self, name: &[u8]) -> Result<(), Refusal> {
        let is_it = self.names.get(self.stack.len().wrapping_sub(1)).is_some_and(|own| own == name);
        match self.stack.pop() {
            Some(frame) if is_it => {
                self.leave(frame);
                Ok(())
            }
            _ => {
                let name = String::from_utf8_lossy(name).into_owned();
                let what =
                    format!("</{name}> ends what was not begun (near {})", self.place.words());
                Err(malformed(&format!("it is no well-formed XML: {what}")))
            }
        }
    }

    fn leave(&mut self, frame: Frame) {
        match frame {
            Frame::Event => self.leave_event(),
            Frame::Trace => {
                let pairs = std::mem::take(&mut self.case_pairs);
                self.builder.case_attributes(self.case, &pairs);
                self.case_pairs = pairs;
            }
            Frame::Log | Frame::Attribute(_) | Frame::Values(_) | Frame::Skipped => {}
        }
    }

    fn leave_event(&mut self) {
        if self.event.activity == NONE {
            self.by_classifier();
        }
        if self.event.activity == NONE {
            self.count(Trouble::NoActivity);
            return;
        }
        if !self.has_time {
            self.count(Trouble::NoTime);
        }
        let pairs = std::mem::take(&mut self.pairs);
        self.builder.event(self.case, self.event, &pairs);
        self.pairs = pairs;
    }

    /// An event without a name is what the first classifier makes of its attributes, where it has them all.
    fn by_classifier(&mut self) {
        let Some(keys) = self.builder.classifiers().first().map(|c| c.keys.clone()) else { return };
        let mut words = Vec::new();
        for key in keys.split_whitespace() {
            let pair = self.pairs.iter().find(|pair| self.builder.key_name(pair.key) == key);
            let Some(pair) = pair else { return };
            words.push(self.builder.value_text(pair.value).to_owned());
        }
        if !words.is_empty() {
            self.event.activity = self.builder.activity(words.join("+").as_bytes());
        }
    }

    fn finish(mut self) -> Result<EventLog, Refusal> {
        if !self.stack.is_empty() {
            return Err(malformed("it is cut off: it ends before the log does"));
        }
        if !self.is_log {
            return Err(malformed("it is no XES: there is no <log> in it"));
        }
        let pairs = std::mem::take(&mut self.log_pairs);
        self.builder.log_attributes(&pairs);
        Ok(self.builder.finish())
    }
}

fn kind(name: &[u8]) -> Option<Kind> {
    Some(match name {
        b"string" => Kind::String,
        b"date" => Kind::Date,
        b"int" => Kind::Int,
        b"float" => Kind::Float,
        b"boolean" => Kind::Boolean,
        b"id" => Kind::Id,
        b"list" => Kind::List,
        b"container" => Kind::Container,
        _ => return None,
    })
}

/// Whether a value is of its type.
fn fits(kind: Kind, value: &[u8]) -> bool {
    match kind {
        Kind::String | Kind::List | Kind::Container => true,
        Kind::Date => time::read(value, false).is_some_and(|read| read.has_offset),
        Kind::Int => {
            let digits = value.strip_prefix(b"-").or(value.strip_prefix(b"+")).unwrap_or(value);
            !digits.is_empty() && digits.iter().all(u8::is_ascii_digit)
        }
        Kind::Float => {
            std::str::from_utf8(value).is_ok_and(|text| text.trim().parse::<f64>().is_ok())
        }
        Kind::Boolean => matches!(value, b"true" | b"false" | b"1" | b"0" | b"True" | b"False"),
        Kind::Id => !value.is_empty() && !value.iter().any(u8::is_ascii_whitespace),
    }
}

mod write;

pub use write::write;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::Unwatched;

    fn of(text: &str) -> Result<EventLog, Refusal> {
        read(text.as_bytes(), &mut Unwatched)
    }

    #[track_caller]
    fn check(text: &str, cases: &[&[&str]], troubles: &[(Trouble, u64)]) {
        let log = of(text).unwrap();
        let found: Vec<Vec<&str>> = (0..log.cases())
            .map(|case| log.range(case).map(|event| log.activity(event)).collect())
            .collect();
        assert_eq!(found, cases);
        let counted: Vec<_> = log.report.troubles().map(|(t, n, _)| (t, n)).collect();
        assert_eq!(counted, troubles);
    }

    fn event(name: &str, time: &str) -> String {
        format!(
            "<event><string key='concept:name' value='{name}'/><date key='time:timestamp' value='{time}'/></event>"
        )
    }

    fn trace(name: &str, events: &[String]) -> String {
        format!("<trace><string key='concept:name' value='{name}'/>{}</trace>", events.concat())
    }

    #[test]
    fn the_events_of_a_case_are_in_the_order_of_time_and_ties_in_that_of_the_file() {
        let (early, late) = ("2020-01-01T10:00:00Z", "2020-01-01T11:00:00Z");
        let all = [event("b", late), event("c", late), event("a", early)];
        let text = format!("<log>{}</log>", trace("1", &all));
        check(&text, &[&["a", "b", "c"]], &[(Trouble::Reordered, 1)]);
    }

    #[test]
    fn an_event_without_a_time_stays_behind_the_one_before_it() {
        let nameless = "<event><string key='concept:name' value='x'/></event>".to_owned();
        let all =
            [event("b", "2020-01-02T10:00:00Z"), nameless, event("a", "2020-01-01T10:00:00Z")];
        let text = format!("<log>{}</log>", trace("1", &all));
        check(&text, &[&["a", "b", "x"]], &[(Trouble::NoTime, 1), (Trouble::Reordered, 1)]);
    }

    #[test]
    fn cases_with_one_name_are_kept_apart() {
        let one = trace("1", &[event("a", "2020-01-01T10:00:00Z")]);
        let text = format!("<x:log xmlns:x='y'>{one}{one}<trace/></x:log>");
        check(
            &text,
            &[&["a"], &["a"], &[]],
            &[(Trouble::RepeatedCase, 1), (Trouble::UnnamedCase, 1), (Trouble::EmptyCase, 1)],
        );
    }

    #[test]
    fn a_nameless_event_is_what_the_classifier_makes_of_it() {
        let text = "<log><classifier name='c' keys='task step'/><trace><string key='concept:name' value='1'/>\
                    <event><string key='step' value='done'/><string key='task' value='a&amp;b'/>\
                    <date key='time:timestamp' value='2020-01-01'/></event><event/></trace></log>";
        check(text, &[&["a&b+done"]], &[(Trouble::NoActivity, 1), (Trouble::NoOffset, 1)]);
    }

    #[test]
    fn attributes_are_kept_with_what_is_nested_in_them() {
        let text = "<log><trace><string key='concept:name' value='1'/><event>\
                    <string key='concept:name' value='a'/><int key='cost' value='5'><string key='unit' value='EUR'/></int>\
                    <list key='l'><values><float key='v' value='1.5'/></values></list></event></trace></log>";
        let log = of(text).unwrap();
        let told: Vec<String> = log
            .attributes(0)
            .iter()
            .map(|pair| {
                let key = log.key(pair.key).unwrap();
                let within = key.within.and_then(|id| log.key(id)).map_or("", |k| k.name.as_str());
                format!("{within}/{}:{:?}={}", key.name, key.kind, log.values.get(pair.value))
            })
            .collect();
        assert_eq!(told, ["/cost:Int=5", "cost/unit:String=EUR", "/l:List=", "l/v:Float=1.5"]);
    }

    #[test]
    fn what_is_no_log_is_refused_with_the_reason() {
        for (text, reason) in [
            ("", "no <log>"),
            ("x", "words stand"),
            ("<trace/>", "begins with <trace>"),
            ("<log><trace></log>", "ends what was not begun"),
            ("<log><trace>", "cut off"),
            ("<log/><log/>", "two roots"),
            ("<log></log></log>", "ends what was not begun"),
        ] {
            let refusal = of(text).unwrap_err().to_string();
            assert!(refusal.contains(reason), "{text}: {refusal}");
        }
        let deep = format!("<log>{}", "<string key='a' value='b'>".repeat(100));
        assert!(matches!(of(&deep), Err(Refusal::TooLarge(_))));
    }

    #[test]
    fn reading_stops_where_the_watcher_says_so() {
        let mut said = 0;
        let mut watch = |_: u64| {
            said += 1;
            false
        };
        assert!(matches!(read("<log/>".as_bytes(), &mut watch), Err(Refusal::Stopped)));
        assert_eq!(said, 1);
    }
}
