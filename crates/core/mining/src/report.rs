//! What was odd about a file that was read: counted, with the first place, and nothing left out silently.

use std::collections::BTreeMap;

/// Something odd in a log.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Trouble {
    /// Events that name no activity; they are left out.
    NoActivity,
    /// Events without a time; they stay behind the event before them.
    NoTime,
    /// Events with a time that cannot be read; they stay behind the event before them.
    BadTime,
    /// Times without an offset; they are taken as UTC.
    NoOffset,
    /// Times in which day and month could be the other way round.
    AmbiguousTime,
    /// Cases whose events did not stand in the order of time; they were put in order.
    Reordered,
    /// Cases with a name that an earlier case has; they are kept apart.
    RepeatedCase,
    /// Cases without a name.
    UnnamedCase,
    /// Cases without events; they are kept.
    EmptyCase,
    /// Events that belong to no case; they are left out.
    OutsideCase,
    /// Rows that name no case; they are left out.
    NoCase,
    /// Rows with more or fewer fields than there are columns.
    UnevenRow,
    /// Attributes without a key or a value; they are left out.
    BadAttribute,
    /// Values that are not of the type they are said to be; they are kept as they stand.
    BadValue,
    /// Attributes given more than once for one event; the last one counts.
    RepeatedAttribute,
    /// Attributes that stand behind what they should stand before.
    OutOfPlace,
    /// Elements that the format does not know; they are left out with all that is in them.
    UnknownElement,
    /// Relations to objects or events that are not in the log; they are left out.
    Dangling,
    /// Objects or events with an id that an earlier one has; they are left out.
    RepeatedId,
    /// Objects of the type that is the case without events; they are no cases.
    NoEvents,
}

impl Trouble {
    /// What is counted, in words.
    pub fn words(self) -> &'static str {
        match self {
            Self::NoActivity => "events without an activity, left out",
            Self::NoTime => "events without a time, kept behind the one before",
            Self::BadTime => "events with a time that cannot be read, kept behind the one before",
            Self::NoOffset => "times without an offset, taken as UTC",
            Self::AmbiguousTime => "times in which day and month could be the other way round",
            Self::Reordered => "cases put in the order of time",
            Self::RepeatedCase => "cases with the name of an earlier one, kept apart",
            Self::UnnamedCase => "cases without a name",
            Self::EmptyCase => "cases without events",
            Self::OutsideCase => "events that belong to no case, left out",
            Self::NoCase => "rows that name no case, left out",
            Self::UnevenRow => "rows with more or fewer fields than columns",
            Self::BadAttribute => "attributes without key or value, left out",
            Self::BadValue => "values that are not of their type, kept as they stand",
            Self::RepeatedAttribute => "attributes given twice for one event, the last one counts",
            Self::OutOfPlace => "elements that stand behind what they should stand before",
            Self::UnknownElement => "elements that the format does not know, left out",
            Self::Dangling => "relations to what is not in the log, left out",
            Self::RepeatedId => "objects or events with an id that is taken, left out",
            Self::NoEvents => "objects without events, which are no cases",
        }
    }

    /// The stable name.
    pub fn name(self) -> &'static str {
        match self {
            Self::NoActivity => "no_activity",
            Self::NoTime => "no_time",
            Self::BadTime => "bad_time",
            Self::NoOffset => "no_offset",
            Self::AmbiguousTime => "ambiguous_time",
            Self::Reordered => "reordered_cases",
            Self::RepeatedCase => "repeated_case_names",
            Self::UnnamedCase => "unnamed_cases",
            Self::EmptyCase => "empty_cases",
            Self::OutsideCase => "events_outside_cases",
            Self::NoCase => "rows_without_case",
            Self::UnevenRow => "uneven_rows",
            Self::BadAttribute => "bad_attributes",
            Self::BadValue => "bad_values",
            Self::RepeatedAttribute => "repeated_attributes",
            Self::OutOfPlace => "out_of_place",
            Self::UnknownElement => "unknown_elements",
            Self::Dangling => "dangling_relations",
            Self::RepeatedId => "repeated_ids",
            Self::NoEvents => "objects_without_events",
        }
    }
}

/// Where something stands in a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Place {
    /// Behind so many bytes.
    Byte(u64),
    /// In this line, from 1.
    Line(u64),
    /// In this case, from 1.
    Case(u64),
    /// At this event or object, from 1.
    Item(u64),
}

impl Place {
    /// In words.
    pub fn words(self) -> String {
        match self {
            Self::Byte(n) => format!("byte {n}"),
            Self::Line(n) => format!("line {n}"),
            Self::Case(n) => format!("case {n}"),
            Self::Item(n) => format!("item {n}"),
        }
    }
}

/// What was odd about a file that was read.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Report {
    found: BTreeMap<Trouble, (u64, Place)>,
    /// What the columns of a table were taken for: column, role.
    pub roles: Vec<(String, &'static str)>,
}

impl Report {
    pub(crate) fn count(&mut self, trouble: Trouble, place: Place) {
        self.found.entry(trouble).or_insert((0, place)).0 += 1;
    }

    /// Each trouble that there was: how often, and where first.
    pub fn troubles(&self) -> impl Iterator<Item = (Trouble, u64, Place)> {
        self.found.iter().map(|(trouble, (count, place))| (*trouble, *count, *place))
    }

    /// How often there was this trouble.
    pub fn of(&self, trouble: Trouble) -> u64 {
        self.found.get(&trouble).map_or(0, |(count, _)| *count)
    }

    /// Whether all was well.
    pub fn is_clean(&self) -> bool {
        self.found.is_empty()
    }
}

/// Why a file was not read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    /// It is not what it should be; says what is wrong and where.
    Malformed(String),
    /// It goes beyond what is read.
    TooLarge(String),
    /// It could not be read to its end.
    Unreadable(String),
    /// Whoever watched said to stop.
    Stopped,
}

impl std::fmt::Display for Refusal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Malformed(what) | Self::TooLarge(what) | Self::Unreadable(what) => {
                f.write_str(what)
            }
            Self::Stopped => f.write_str("it was stopped"),
        }
    }
}

impl std::error::Error for Refusal {}

impl From<std::io::Error> for Refusal {
    fn from(error: std::io::Error) -> Self {
        Self::Unreadable(format!("it cannot be read: {error}"))
    }
}

/// Is told how far a long piece of work is, and says whether to go on.
pub trait Watch {
    /// So much is done, in bytes read or in traces aligned.
    fn goes_on(&mut self, done: u64) -> bool;
}

/// Nobody watches: everything runs to its end.
#[derive(Debug, Clone, Copy, Default)]
pub struct Unwatched;

impl Watch for Unwatched {
    fn goes_on(&mut self, _done: u64) -> bool {
        true
    }
}

impl<F: FnMut(u64) -> bool> Watch for F {
    fn goes_on(&mut self, done: u64) -> bool {
        self(done)
    }
}
