//! The event store: columns and names kept once, the events of a case in the order of time.
//!
//! **The order rule.** The events of a case are ordered by their time; ties, and events without a time,
//! keep the order of the file. Cases keep the order of the file.

use crate::number::{NONE, id, ix, long};
use crate::report::{Place, Report, Trouble};
use crate::table::Names;

/// The time of an event that has none.
pub(crate) const NO_TIME: i64 = i64::MIN;

/// The attributes of an event that say in which role something was done.
const ROLES: [&str; 2] = ["org:role", "org:group"];

/// The attribute that says when an event began.
const START: &str = "start_timestamp";

/// What type an attribute's value has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// A text.
    String,
    /// A moment.
    Date,
    /// A whole number.
    Int,
    /// A number with decimals.
    Float,
    /// True or false.
    Boolean,
    /// An identifier.
    Id,
    /// A list of attributes.
    List,
    /// A bag of attributes.
    Container,
}

/// What an attribute is: its name and type, and the attribute that it stands within.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Key {
    /// The name.
    pub name: String,
    /// The type.
    pub kind: Kind,
    /// The key of the attribute that it is nested in.
    pub within: Option<u32>,
}

/// An attribute of an event or a case: the ids of its key and of its value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pair {
    /// The key.
    pub key: u32,
    /// The value.
    pub value: u32,
}

/// An event that is given instead of read from a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Row<'a> {
    /// The case that it belongs to.
    pub case: &'a str,
    /// What was done.
    pub activity: &'a str,
    /// When, in microseconds since 1970.
    pub time: Option<i64>,
    /// Who did it.
    pub resource: Option<&'a str>,
    /// Whatever else is known of it: `org:role` for the seat, `start_timestamp` (RFC 3339) for when it was begun.
    pub attributes: &'a [(&'a str, &'a str)],
}

/// A stretch of the attributes.
#[derive(Debug, Clone, Copy, Default)]
struct Stretch {
    from: u32,
    count: u32,
}

/// A classifier that a log declares: the attributes that together name an activity.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Classifier {
    /// Its name.
    pub name: String,
    /// The keys, as they are written.
    pub keys: String,
}

/// An event log.
#[derive(Debug, Clone, Default)]
pub struct EventLog {
    /// The names of the activities.
    pub activities: Names,
    /// Everything else that is text: cases, resources, values of attributes.
    pub values: Names,
    keys: Vec<Key>,
    case_name: Vec<u32>,
    case_attributes: Vec<Stretch>,
    /// Where each case begins among the events, and the number of events.
    begins: Vec<u32>,
    activity: Vec<u32>,
    time: Vec<i64>,
    resource: Vec<u32>,
    event_attributes: Vec<Stretch>,
    pairs: Vec<Pair>,
    log_attributes: Stretch,
    /// The classifiers that the log declares.
    pub classifiers: Vec<Classifier>,
    /// What was odd about its file.
    pub report: Report,
}

impl EventLog {
    /// How many cases there are.
    pub fn cases(&self) -> usize {
        self.case_name.len()
    }

    /// How many events there are.
    pub fn events(&self) -> usize {
        self.activity.len()
    }

    /// Where the events of a case are.
    pub fn range(&self, case: usize) -> std::ops::Range<usize> {
        let at = |n: usize| self.begins.get(n).map_or(self.activity.len(), |begin| ix(*begin));
        at(case)..at(case + 1)
    }

    /// The name of a case; empty where it has none.
    pub fn case_name(&self, case: usize) -> &str {
        self.case_name.get(case).map_or("", |name| self.values.get(*name))
    }

    /// Whether a case has a name.
    pub fn has_name(&self, case: usize) -> bool {
        self.case_name.get(case).is_some_and(|name| *name != NONE)
    }

    /// The activities of a case, in order.
    pub fn trace(&self, case: usize) -> &[u32] {
        self.activity.get(self.range(case)).unwrap_or_default()
    }

    /// The times of a case, in order; [`None`] of [`EventLog::time`] is the smallest number here.
    pub(crate) fn times(&self, case: usize) -> &[i64] {
        self.time.get(self.range(case)).unwrap_or_default()
    }

    /// A log of events that stand mixed, such as another program keeps them: every one with its case.
    ///
    /// The order rule holds here as for files, and what is odd is counted in the report.
    pub fn of<'a>(rows: impl IntoIterator<Item = Row<'a>>) -> Self {
        let mut builder = Builder::mixed();
        let mut cases: std::collections::BTreeMap<&str, u32> = std::collections::BTreeMap::new();
        for (n, row) in rows.into_iter().enumerate() {
            let case = *cases.entry(row.case).or_insert_with(|| {
                let case = builder.begin_case();
                let name = builder.value(row.case.as_bytes());
                builder.name_case(case, name);
                case
            });
            let place = Place::Item(long(n) + 1);
            if row.activity.is_empty() {
                builder.report().count(Trouble::NoActivity, place);
                continue;
            }
            if row.time.is_none() {
                builder.report().count(Trouble::NoTime, place);
            }
            let activity = builder.activity(row.activity.as_bytes());
            let resource = row.resource.map_or(NONE, |who| builder.value(who.as_bytes()));
            let mut pairs = Vec::with_capacity(row.attributes.len());
            for (name, value) in row.attributes {
                let key = builder.key(Kind::String, name.as_bytes(), None);
                pairs.push(Pair { key, value: builder.value(value.as_bytes()) });
            }
            let time = row.time.unwrap_or(NO_TIME);
            builder.event(case, Event { activity, time, resource }, &pairs);
        }
        builder.finish()
    }

    /// The activity of an event, by its id.
    pub(crate) fn activity_id(&self, event: usize) -> Option<u32> {
        self.activity.get(event).copied()
    }

    /// The activity of an event.
    pub fn activity(&self, event: usize) -> &str {
        self.activity.get(event).map_or("", |id| self.activities.get(*id))
    }

    /// The time of an event in microseconds since 1970, where it has one.
    pub fn time(&self, event: usize) -> Option<i64> {
        self.time.get(event).copied().filter(|time| *time != NO_TIME)
    }

    /// Who did it.
    pub fn resource(&self, event: usize) -> Option<&str> {
        let id = self.resource.get(event).copied().filter(|id| *id != NONE)?;
        Some(self.values.get(id))
    }

    /// Who did it, by the id of the name.
    pub(crate) fn resource_id(&self, event: usize) -> Option<u32> {
        self.resource.get(event).copied().filter(|id| *id != NONE)
    }

    fn stretch(&self, at: Stretch) -> &[Pair] {
        self.pairs.get(ix(at.from)..ix(at.from) + ix(at.count)).unwrap_or_default()
    }

    /// The further attributes of an event.
    pub fn attributes(&self, event: usize) -> &[Pair] {
        self.event_attributes.get(event).map_or(&[], |at| self.stretch(*at))
    }

    /// The further attributes of a case.
    pub fn case_attributes(&self, case: usize) -> &[Pair] {
        self.case_attributes.get(case).map_or(&[], |at| self.stretch(*at))
    }

    /// The attributes of the log as a whole.
    pub fn log_attributes(&self) -> &[Pair] {
        self.stretch(self.log_attributes)
    }

    /// When each event began, where events say so; one that does not began when it ended.
    pub(crate) fn begins(&self) -> Option<Vec<i64>> {
        let is_begin = |key: &Key| key.name == START && key.within.is_none();
        let keys: Vec<u32> =
            (0..id(self.keys.len())).filter(|key| self.key(*key).is_some_and(is_begin)).collect();
        if keys.is_empty() {
            return None;
        }
        let begin = |event: usize| {
            let pair = self.attributes(event).iter().find(|pair| keys.contains(&pair.key))?;
            Some(crate::time::read(self.values.get(pair.value).as_bytes(), false)?.micros)
        };
        let all = self.time.iter().enumerate();
        Some(all.map(|(event, time)| begin(event).unwrap_or(*time)).collect())
    }

    /// The attributes that say in which role something was done.
    pub(crate) fn roles(&self) -> Vec<u32> {
        let is_role = |key: &Key| ROLES.contains(&key.name.as_str()) && key.within.is_none();
        (0..id(self.keys.len())).filter(|key| self.key(*key).is_some_and(is_role)).collect()
    }

    /// What an attribute is.
    pub fn key(&self, id: u32) -> Option<&Key> {
        self.keys.get(ix(id))
    }

    /// All that attributes can be.
    pub fn keys(&self) -> &[Key] {
        &self.keys
    }

    /// The first and the last moment.
    pub fn span(&self) -> Option<(i64, i64)> {
        let times = || self.time.iter().copied().filter(|time| *time != NO_TIME);
        Some((times().min()?, times().max()?))
    }

    /// The same log with these of its cases only.
    #[must_use]
    pub fn of_cases(mut self, is_kept: impl Fn(usize) -> bool) -> Self {
        let mut kept = Self::default();
        for case in (0..self.cases()).filter(|case| is_kept(*case)) {
            let (name, pairs) = (self.case_name.get(case), self.case_attributes.get(case));
            kept.case_name.push(name.copied().unwrap_or(NONE));
            kept.case_attributes.push(pairs.copied().unwrap_or_default());
            kept.begins.push(id(kept.activity.len()));
            let range = self.range(case);
            kept.activity.extend_from_slice(self.activity.get(range.clone()).unwrap_or_default());
            kept.time.extend_from_slice(self.time.get(range.clone()).unwrap_or_default());
            kept.resource.extend_from_slice(self.resource.get(range.clone()).unwrap_or_default());
            let pairs = self.event_attributes.get(range).unwrap_or_default();
            kept.event_attributes.extend_from_slice(pairs);
        }
        kept.begins.push(id(kept.activity.len()));
        self.case_name = kept.case_name;
        self.case_attributes = kept.case_attributes;
        self.begins = kept.begins;
        self.activity = kept.activity;
        self.time = kept.time;
        self.resource = kept.resource;
        self.event_attributes = kept.event_attributes;
        self
    }

    /// The same log with other names for its activities; those that get the same name become one.
    #[must_use]
    pub fn renamed(mut self, name: impl Fn(&str) -> String) -> Self {
        let mut names = Names::default();
        let new: Vec<u32> = self.activities.iter().map(|old| names.intern(&name(old))).collect();
        for activity in &mut self.activity {
            *activity = new.get(ix(*activity)).copied().unwrap_or(*activity);
        }
        self.activities = names;
        self
    }
}

/// The most events of a log.
pub const MAX_EVENTS: usize = 1 << 30;

/// Puts a log together, event by event.
#[derive(Debug, Default)]
pub(crate) struct Builder {
    log: EventLog,
    /// The case of each event, where they come mixed.
    row_case: Vec<u32>,
    is_mixed: bool,
    /// Ids of keys by kind and name and what they stand within.
    key_table: crate::table::Table,
}

/// An event that is being read.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Event {
    pub(crate) activity: u32,
    pub(crate) time: i64,
    pub(crate) resource: u32,
}

impl Builder {
    /// For files in which the events of all cases stand mixed.
    pub(crate) fn mixed() -> Self {
        Self { is_mixed: true, ..Self::default() }
    }

    pub(crate) fn report(&mut self) -> &mut Report {
        &mut self.log.report
    }

    pub(crate) fn activity(&mut self, name: &[u8]) -> u32 {
        self.log.activities.intern_bytes(name)
    }

    pub(crate) fn value(&mut self, text: &[u8]) -> u32 {
        self.log.values.intern_bytes(text)
    }

    pub(crate) fn value_text(&self, id: u32) -> &str {
        self.log.values.get(id)
    }

    pub(crate) fn classifier(&mut self, name: &str, keys: &str) {
        self.log.classifiers.push(Classifier { name: name.to_owned(), keys: keys.to_owned() });
    }

    pub(crate) fn classifiers(&self) -> &[Classifier] {
        &self.log.classifiers
    }

    pub(crate) fn key_name(&self, id: u32) -> &str {
        self.log.keys.get(ix(id)).map_or("", |key| key.name.as_str())
    }

    pub(crate) fn key(&mut self, kind: Kind, name: &[u8], within: Option<u32>) -> u32 {
        let hash = crate::table::hash_bytes(name);
        let keys = &self.log.keys;
        let found = self.key_table.find(hash, |id| {
            keys.get(ix(id)).is_some_and(|key| {
                key.kind == kind && key.within == within && key.name.as_bytes() == name
            })
        });
        if let Some(key) = found {
            return key;
        }
        let new = id(keys.len());
        let name = String::from_utf8_lossy(name).into_owned();
        self.log.keys.push(Key { name, kind, within });
        self.key_table.insert(hash, new);
        new
    }

    fn keep(&mut self, pairs: &[Pair]) -> Stretch {
        let from = id(self.log.pairs.len());
        self.log.pairs.extend_from_slice(pairs);
        Stretch { from, count: id(pairs.len()) }
    }

    pub(crate) fn log_attributes(&mut self, pairs: &[Pair]) {
        self.log.log_attributes = self.keep(pairs);
    }

    pub(crate) fn events(&self) -> usize {
        self.log.activity.len()
    }

    /// Begins a case and gives its number. Its name and attributes may follow.
    pub(crate) fn begin_case(&mut self) -> u32 {
        let case = id(self.log.case_name.len());
        self.log.case_name.push(NONE);
        self.log.case_attributes.push(Stretch::default());
        if !self.is_mixed {
            self.log.begins.push(id(self.log.activity.len()));
        }
        case
    }

    pub(crate) fn name_case(&mut self, case: u32, name: u32) {
        if let Some(slot) = self.log.case_name.get_mut(ix(case)) {
            *slot = name;
        }
    }

    pub(crate) fn case_attributes(&mut self, case: u32, pairs: &[Pair]) {
        let kept = self.keep(pairs);
        if let Some(slot) = self.log.case_attributes.get_mut(ix(case)) {
            *slot = kept;
        }
    }

    /// Puts an event into the case that was begun last, or into this one where they come mixed.
    pub(crate) fn event(&mut self, case: u32, event: Event, pairs: &[Pair]) {
        self.log.activity.push(event.activity);
        self.log.time.push(event.time);
        self.log.resource.push(event.resource);
        let kept = self.keep(pairs);
        self.log.event_attributes.push(kept);
        if self.is_mixed {
            self.row_case.push(case);
        }
    }

    /// The log, with every case in the order of time.
    pub(crate) fn finish(mut self) -> EventLog {
        if self.is_mixed {
            self.gather();
        }
        self.order();
        self.look_over_cases();
        let mut log = self.log;
        log.pairs.shrink_to_fit();
        log
    }

    /// Puts the events of each case together, in the order of the file.
    fn gather(&mut self) {
        let log = &mut self.log;
        let mut begins = vec![0_u32; log.case_name.len()];
        for case in &self.row_case {
            if let Some(count) = begins.get_mut(ix(*case)) {
                *count += 1;
            }
        }
        let mut sum = 0;
        for begin in &mut begins {
            sum += std::mem::replace(begin, sum);
        }
        let mut next = begins.clone();
        let mut order = vec![0_u32; log.activity.len()];
        for (event, case) in self.row_case.iter().enumerate() {
            let Some(at) = next.get_mut(ix(*case)) else { continue };
            if let Some(slot) = order.get_mut(ix(*at)) {
                *slot = id(event);
            }
            *at += 1;
        }
        log.begins = begins;
        self.row_case = Vec::new();
        permute(&mut log.activity, &order);
        permute(&mut log.time, &order);
        permute(&mut log.resource, &order);
        permute(&mut log.event_attributes, &order);
    }

    fn order(&mut self) {
        for case in 0..self.log.cases() {
            let range = self.log.range(case);
            let times = self.log.time.get(range.clone()).unwrap_or_default();
            if times.is_sorted() {
                continue;
            }
            // An event without a time stays behind the one before it.
            let mut last = NO_TIME;
            let mut keyed: Vec<(i64, u32)> = Vec::with_capacity(times.len());
            for (n, time) in times.iter().enumerate() {
                last = if *time == NO_TIME { last } else { *time };
                keyed.push((last, id(n)));
            }
            if keyed.is_sorted_by_key(|(time, _)| *time) {
                continue;
            }
            self.log.report.count(Trouble::Reordered, Place::Case(long(case) + 1));
            keyed.sort_by_key(|(time, _)| *time);
            let order: Vec<u32> = keyed.into_iter().map(|(_, n)| n).collect();
            reorder(&mut self.log.activity, &range, &order);
            reorder(&mut self.log.time, &range, &order);
            reorder(&mut self.log.resource, &range, &order);
            reorder(&mut self.log.event_attributes, &range, &order);
        }
    }

    fn look_over_cases(&mut self) {
        let mut seen = vec![false; self.log.values.len()];
        for case in 0..self.log.cases() {
            let place = Place::Case(long(case) + 1);
            if self.log.range(case).is_empty() {
                self.log.report.count(Trouble::EmptyCase, place);
            }
            let name = self.log.case_name.get(case).copied().unwrap_or(NONE);
            match seen.get_mut(ix(name)) {
                None => self.log.report.count(Trouble::UnnamedCase, place),
                Some(true) => self.log.report.count(Trouble::RepeatedCase, place),
                Some(first) => *first = true,
            }
        }
    }
}

fn permute<T: Copy>(column: &mut Vec<T>, order: &[u32]) {
    *column = order.iter().filter_map(|at| column.get(ix(*at)).copied()).collect();
}

fn reorder<T: Copy>(column: &mut [T], range: &std::ops::Range<usize>, order: &[u32]) {
    let Some(part) = column.get_mut(range.clone()) else { return };
    let old: Vec<T> = part.to_vec();
    for (slot, from) in part.iter_mut().zip(order) {
        if let Some(value) = old.get(ix(*from)) {
            *slot = *value;
        }
    }
}
