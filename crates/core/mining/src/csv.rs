//! Reading tables (RFC 4180 and its relatives): a row is an event, and columns have roles that are named or
//! guessed, and shown either way.

use crate::log::{Builder, Event, EventLog, Kind, MAX_EVENTS, NO_TIME, Pair};
use crate::number::{NONE, ix};
use crate::report::{Refusal, Trouble, Watch};
use crate::time;
use std::io::Read;

mod rows;
mod write;

pub(crate) use rows::Rows;
pub use write::write;

/// Which columns say what; what is not named is guessed.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Roles {
    /// The column of the case.
    pub case: Option<String>,
    /// The column of the activity.
    pub activity: Option<String>,
    /// The column of the time.
    pub timestamp: Option<String>,
    /// The column of who did it.
    pub resource: Option<String>,
    /// Whether `03/04/2020` is the third of April.
    pub day_first: bool,
}

/// Names by which columns are known, the likeliest first; compared in small letters without marks.
const CASES: [&str; 18] = [
    "caseconceptname",
    "caseid",
    "case",
    "casenumber",
    "caseno",
    "traceid",
    "trace",
    "processinstanceid",
    "processinstance",
    "instanceid",
    "ticketid",
    "ticketnumber",
    "ticket",
    "incidentid",
    "orderid",
    "requestid",
    "applicationid",
    "id",
];
const ACTIVITIES: [&str; 16] = [
    "conceptname",
    "activity",
    "activityname",
    "activityid",
    "event",
    "eventname",
    "task",
    "taskname",
    "step",
    "stepname",
    "action",
    "operation",
    "status",
    "state",
    "eventtype",
    "name",
];
const TIMES: [&str; 18] = [
    "timetimestamp",
    "timestamp",
    "completetimestamp",
    "endtimestamp",
    "completetime",
    "endtime",
    "datetime",
    "eventtime",
    "time",
    "date",
    "completedat",
    "finishedat",
    "createdat",
    "at",
    "starttimestamp",
    "starttime",
    "changedat",
    "startedat",
];
const RESOURCES: [&str; 14] = [
    "orgresource",
    "resource",
    "user",
    "username",
    "performer",
    "originator",
    "employee",
    "agent",
    "assignee",
    "actor",
    "doneby",
    "completedby",
    "person",
    "owner",
];

/// Which column is what.
struct Columns {
    names: Vec<String>,
    case: usize,
    activity: usize,
    timestamp: Option<usize>,
    resource: Option<usize>,
}

fn plain(name: &str) -> String {
    name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

impl Columns {
    fn of(names: Vec<String>, roles: &Roles) -> Result<Self, Refusal> {
        let plains: Vec<String> = names.iter().map(|name| plain(name)).collect();
        let named = |wanted: &Option<String>| -> Result<Option<usize>, Refusal> {
            let Some(wanted) = wanted else { return Ok(None) };
            let exact = names.iter().position(|name| name == wanted);
            let near =
                || names.iter().position(|name| name.trim().eq_ignore_ascii_case(wanted.trim()));
            exact.or_else(near).map(Some).ok_or_else(|| {
                let there = names.join(", ");
                Refusal::Malformed(format!("there is no column \"{wanted}\"; there are: {there}"))
            })
        };
        let mut taken = vec![
            named(&roles.case)?,
            named(&roles.activity)?,
            named(&roles.timestamp)?,
            named(&roles.resource)?,
        ];
        let known: [&[&str]; 4] = [&CASES, &ACTIVITIES, &TIMES, &RESOURCES];
        for (role, words) in known.iter().enumerate() {
            if taken.get(role).copied().flatten().is_some() {
                continue;
            }
            let free = |at: &usize| !taken.contains(&Some(*at));
            let whole =
                words.iter().find_map(|word| plains.iter().position(|p| p == word).filter(free));
            // Next best: a name that ends or begins with one of the first few words.
            let part = || {
                words.iter().take(8).filter(|word| word.len() >= 4).find_map(|word| {
                    let holds = |p: &String| p.ends_with(word) || p.starts_with(word);
                    plains.iter().enumerate().find(|(at, p)| holds(p) && free(at)).map(|(at, _)| at)
                })
            };
            let guess = whole.or_else(part);
            if let Some(slot) = taken.get_mut(role) {
                *slot = guess;
            }
        }
        let missing = |what: &str, flag: &str| {
            let there = names.join(", ");
            let text =
                format!("no column looks like the {what}; name it with {flag}. There are: {there}");
            Refusal::Malformed(text)
        };
        match taken.as_slice() {
            [case, activity, timestamp, resource] => Ok(Self {
                case: case.ok_or_else(|| missing("case", "--case"))?,
                activity: activity.ok_or_else(|| missing("activity", "--activity"))?,
                timestamp: *timestamp,
                resource: *resource,
                names,
            }),
            _ => Err(missing("case", "--case")),
        }
    }

    fn role(&self, at: usize) -> Option<&'static str> {
        match at {
            _ if at == self.case => Some("case"),
            _ if at == self.activity => Some("activity"),
            _ if Some(at) == self.timestamp => Some("timestamp"),
            _ if Some(at) == self.resource => Some("resource"),
            _ => None,
        }
    }
}

/// Reads a table as a log.
///
/// # Errors
///
/// Where no column looks like the case or the activity, where a named one is not there, and where the
/// table goes beyond the limits.
pub fn read(
    mut reader: impl Read,
    roles: &Roles,
    watch: &mut dyn Watch,
) -> Result<EventLog, Refusal> {
    // One copy of what follows for every kind of reader.
    read_any(&mut reader, roles, watch)
}

fn read_any(
    reader: &mut dyn Read,
    roles: &Roles,
    watch: &mut dyn Watch,
) -> Result<EventLog, Refusal> {
    let mut rows = Rows::new(reader, watch)?;
    if !rows.advance(watch)? {
        return Err(Refusal::Malformed("the table is empty".to_owned()));
    }
    let names = (0..rows.width()).map(|at| rows.text(at)).collect();
    let columns = Columns::of(names, roles)?;
    let mut builder = Builder::mixed();
    for (at, name) in columns.names.iter().enumerate() {
        let role = columns.role(at).unwrap_or(if name.starts_with(CASE) {
            "of the case"
        } else {
            "of the event"
        });
        builder.report().roles.push((name.clone(), role));
    }
    let keys: Vec<(bool, u32)> = columns
        .names
        .iter()
        .map(|name| {
            let of_case = name.strip_prefix(CASE);
            let key = of_case.unwrap_or(name);
            (of_case.is_some(), builder.key(Kind::String, key.as_bytes(), None))
        })
        .collect();
    // The case of each value that names one.
    let mut case_of: Vec<u32> = Vec::new();
    let (mut pairs, mut case_pairs) = (Vec::new(), Vec::new());
    while rows.advance(watch)? {
        let place = rows.place();
        if rows.width() != columns.names.len() {
            builder.report().count(Trouble::UnevenRow, place);
        }
        let name = rows.field(columns.case);
        let activity = rows.field(columns.activity);
        if name.trim_ascii().is_empty() {
            builder.report().count(Trouble::NoCase, place);
            continue;
        }
        if activity.trim_ascii().is_empty() {
            builder.report().count(Trouble::NoActivity, place);
            continue;
        }
        if builder.events() >= MAX_EVENTS {
            return Err(Refusal::TooLarge(format!("there are more than {MAX_EVENTS} events")));
        }
        let name = builder.value(name.trim_ascii());
        if case_of.len() <= ix(name) {
            case_of.resize(ix(name) + 1, NONE);
        }
        let known = case_of.get(ix(name)).copied().unwrap_or(NONE);
        let is_new = known == NONE;
        let case = if is_new { builder.begin_case() } else { known };
        if let Some(slot) = case_of.get_mut(ix(name)) {
            *slot = case;
        }
        let time = moment(&mut builder, &rows, columns.timestamp, roles.day_first);
        let activity = builder.activity(activity.trim_ascii());
        let resource = columns.resource.map_or(NONE, |at| {
            let field = rows.field(at);
            if field.trim_ascii().is_empty() { NONE } else { builder.value(field.trim_ascii()) }
        });
        pairs.clear();
        case_pairs.clear();
        for (at, (of_case, key)) in keys.iter().enumerate() {
            if columns.role(at).is_some() || (*of_case && !is_new) {
                continue;
            }
            let field = rows.field(at);
            if field.is_empty() {
                continue;
            }
            let pair = Pair { key: *key, value: builder.value(&field) };
            if *of_case { case_pairs.push(pair) } else { pairs.push(pair) }
        }
        if is_new {
            builder.name_case(case, name);
            builder.case_attributes(case, &case_pairs);
        }
        builder.event(case, Event { activity, time, resource }, &pairs);
    }
    Ok(builder.finish())
}

fn moment<R: Read>(
    builder: &mut Builder,
    rows: &Rows<R>,
    at: Option<usize>,
    day_first: bool,
) -> i64 {
    let field = at.map(|at| rows.field(at)).unwrap_or_default();
    let place = rows.place();
    if field.trim_ascii().is_empty() {
        builder.report().count(Trouble::NoTime, place);
        return NO_TIME;
    }
    let Some(read) = time::read(&field, day_first) else {
        builder.report().count(Trouble::BadTime, place);
        return NO_TIME;
    };
    if !read.has_offset {
        builder.report().count(Trouble::NoOffset, place);
    }
    if read.is_ambiguous {
        builder.report().count(Trouble::AmbiguousTime, place);
    }
    read.micros
}

/// The beginning of the names of columns that say something of the case.
const CASE: &str = "case:";

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::{Place, Unwatched};

    #[track_caller]
    fn check(text: &str, cases: &[&[&str]], troubles: &[(Trouble, u64)]) -> EventLog {
        let log = read(text.as_bytes(), &Roles::default(), &mut Unwatched).unwrap();
        let found: Vec<Vec<&str>> = (0..log.cases())
            .map(|case| log.range(case).map(|event| log.activity(event)).collect())
            .collect();
        assert_eq!(found, cases);
        let counted: Vec<_> = log.report.troubles().map(|(t, n, _)| (t, n)).collect();
        assert_eq!(counted, troubles);
        log
    }

    #[test]
    fn rows_are_gathered_by_case_and_put_in_the_order_of_time() {
        let text = "Case ID,Activity,Timestamp\n2,a,2020-01-01T10:00Z\n1,x,2020-01-01T09:00Z\n\
                    2,c,2020-01-03T10:00Z\n\n2,b,2020-01-02T10:00Z\n";
        check(text, &[&["a", "b", "c"], &["x"]], &[(Trouble::Reordered, 1)]);
    }

    #[test]
    fn quotes_hold_marks_lines_and_quotes() {
        let text = "case;activity;timestamp;note\r\n1;\"a;\"\"b\"\"\";2020-01-01T10:00Z;\"two\nlines\"\r\n\
                    1;c;2020-01-02T10:00Z;";
        let log = check(text, &[&["a;\"b\"", "c"]], &[]);
        assert_eq!(log.attributes(0).len(), 1);
        assert_eq!(log.values.get(log.attributes(0)[0].value), "two\nlines");
    }

    #[test]
    fn what_is_odd_is_counted_with_its_line() {
        let text = "case,activity,time\n1,a,03/04/2020\n,b,2020-01-01\n1,,2020-01-01\n1,c,soon\n1,d\n1,e,,9\n";
        let log = check(
            text,
            &[&["a", "c", "d", "e"]],
            &[
                (Trouble::NoActivity, 1),
                (Trouble::NoTime, 2),
                (Trouble::BadTime, 1),
                (Trouble::NoOffset, 1),
                (Trouble::AmbiguousTime, 1),
                (Trouble::NoCase, 1),
                (Trouble::UnevenRow, 2),
            ],
        );
        let places: Vec<Place> = log.report.troubles().map(|(_, _, place)| place).collect();
        assert_eq!(places[0], Place::Line(4));
        assert_eq!(places[2], Place::Line(5));
    }

    #[track_caller]
    fn guessed(header: &str, expected: [&str; 4]) {
        let names: Vec<String> = header.split(',').map(str::to_owned).collect();
        let columns = Columns::of(names.clone(), &Roles::default()).unwrap();
        let name = |at: Option<usize>| at.map_or("", |at| names[at].as_str());
        let found =
            [Some(columns.case), Some(columns.activity), columns.timestamp, columns.resource];
        assert_eq!(found.map(name), expected);
    }

    #[test]
    fn the_roles_of_columns_are_guessed_from_their_names() {
        guessed(
            "org:group,org:resource,concept:name,time:timestamp,lifecycle:transition,case:concept:name",
            ["case:concept:name", "concept:name", "time:timestamp", "org:resource"],
        );
        guessed(
            "Case ID,Activity,Complete Timestamp,Resource",
            ["Case ID", "Activity", "Complete Timestamp", "Resource"],
        );
        guessed("ticket_id,status,changed_at,user", ["ticket_id", "status", "changed_at", "user"]);
        guessed("Order ID,Event,Date", ["Order ID", "Event", "Date", ""]);
        guessed("id,name,at", ["id", "name", "at", ""]);
    }

    #[test]
    fn a_table_without_a_column_for_the_case_says_what_there_is() {
        let none = read("a,b\n1,2".as_bytes(), &Roles::default(), &mut Unwatched).unwrap_err();
        assert!(none.to_string().contains("--case. There are: a, b"), "{none}");
        let roles = Roles { case: Some("c".to_owned()), ..Roles::default() };
        let named = read("a,b\n1,2".as_bytes(), &roles, &mut Unwatched).unwrap_err();
        assert!(named.to_string().contains("no column \"c\""), "{named}");
        let roles = Roles {
            case: Some("a".to_owned()),
            activity: Some("B".to_owned()),
            ..Roles::default()
        };
        assert_eq!(read("a,b\n1,2".as_bytes(), &roles, &mut Unwatched).unwrap().events(), 1);
    }

    #[test]
    fn what_is_written_is_read_back() {
        let text = "case:concept:name,concept:name,time:timestamp,org:resource,n,case:k\n\
                    \"1,2\",\"say \"\"a\"\"\",2020-01-01T10:00:00+00:00,me,\" x\",v\n\
                    \"1,2\",b,2020-01-01T11:00:00.500+00:00,,,v\n";
        let log = read(text.as_bytes(), &Roles::default(), &mut Unwatched).unwrap();
        let mut out = Vec::new();
        write(&log, &mut out).unwrap();
        assert_eq!(String::from_utf8(out).unwrap(), text);
    }
}
