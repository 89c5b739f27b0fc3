//! Writing XES: what was read, in the order of time.

use super::{NAME, RESOURCE, TIMESTAMP};
use crate::log::{EventLog, Kind, Pair};
use crate::time;
use crate::xml::escape;
use std::io::{self, Write};

/// The standard extensions, by the prefix of their keys.
const EXTENSIONS: [(&str, &str); 6] = [
    ("Concept", "concept"),
    ("Time", "time"),
    ("Organizational", "org"),
    ("Lifecycle", "lifecycle"),
    ("Cost", "cost"),
    ("Identity", "identity"),
];

/// Writes a log.
pub fn write(log: &EventLog, out: &mut dyn Write) -> io::Result<()> {
    let mut text = String::from(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
         <log xes.version=\"1849.2016\" xes.features=\"nested-attributes\" \
         xmlns=\"http://www.xes-standard.org/\">\n",
    );
    for (name, prefix) in EXTENSIONS {
        let begin = format!("{prefix}:");
        let is_used = matches!(prefix, "concept" | "time" | "org")
            || log.keys().iter().any(|key| key.name.starts_with(&begin));
        if is_used {
            let uri = format!("http://www.xes-standard.org/{prefix}.xesext");
            put!(text, "\t<extension name=\"{name}\" prefix=\"{prefix}\" uri=\"{uri}\"/>\n");
        }
    }
    for classifier in &log.classifiers {
        text.push_str("\t<classifier name=\"");
        escape(&mut text, &classifier.name);
        text.push_str("\" keys=\"");
        escape(&mut text, &classifier.keys);
        text.push_str("\"/>\n");
    }
    attributes(&mut text, log, log.log_attributes(), "\t");
    for case in 0..log.cases() {
        text.push_str("\t<trace>\n");
        if log.has_name(case) {
            plain(&mut text, "string", NAME, log.case_name(case), "\t\t");
        }
        attributes(&mut text, log, log.case_attributes(case), "\t\t");
        for event in log.range(case) {
            text.push_str("\t\t<event>\n");
            plain(&mut text, "string", NAME, log.activity(event), "\t\t\t");
            if let Some(time) = log.time(event) {
                plain(&mut text, "date", TIMESTAMP, &time::rfc3339(time), "\t\t\t");
            }
            if let Some(resource) = log.resource(event) {
                plain(&mut text, "string", RESOURCE, resource, "\t\t\t");
            }
            attributes(&mut text, log, log.attributes(event), "\t\t\t");
            text.push_str("\t\t</event>\n");
        }
        text.push_str("\t</trace>\n");
        out.write_all(text.as_bytes())?;
        text.clear();
    }
    text.push_str("</log>\n");
    out.write_all(text.as_bytes())
}

fn tag(kind: Kind) -> &'static str {
    match kind {
        Kind::String => "string",
        Kind::Date => "date",
        Kind::Int => "int",
        Kind::Float => "float",
        Kind::Boolean => "boolean",
        Kind::Id => "id",
        Kind::List => "list",
        Kind::Container => "container",
    }
}

fn open(text: &mut String, tag: &str, key: &str, value: Option<&str>, indent: &str) {
    text.push_str(indent);
    text.push('<');
    text.push_str(tag);
    text.push_str(" key=\"");
    escape(text, key);
    text.push('"');
    if let Some(value) = value {
        text.push_str(" value=\"");
        escape(text, value);
        text.push('"');
    }
}

fn plain(text: &mut String, tag: &str, key: &str, value: &str, indent: &str) {
    open(text, tag, key, Some(value), indent);
    text.push_str("/>\n");
}

/// Writes attributes; those that are nested stand behind the one that they are nested in.
fn attributes(text: &mut String, log: &EventLog, pairs: &[Pair], indent: &str) {
    let mut at = 0;
    while at < pairs.len() {
        at = attribute(text, log, pairs, at, None, indent);
    }
}

/// Writes the attribute at a place with what is nested in it, and gives the place behind both.
fn attribute(
    text: &mut String,
    log: &EventLog,
    pairs: &[Pair],
    at: usize,
    within: Option<u32>,
    indent: &str,
) -> usize {
    let Some(pair) = pairs.get(at) else { return at + 1 };
    let Some(key) = log.key(pair.key) else { return at + 1 };
    let is_bag = matches!(key.kind, Kind::List | Kind::Container);
    let value = (!is_bag).then(|| log.values.get(pair.value));
    // One whose own attribute stands nowhere before it is written where it stands.
    debug_assert!(within.is_none() || key.within == within, "what is nested stands behind its own");
    open(text, tag(key.kind), &key.name, value, indent);
    let nested = |at: usize| {
        let next = pairs.get(at).and_then(|pair| log.key(pair.key));
        next.is_some_and(|next| next.within == Some(pair.key))
    };
    let mut next = at + 1;
    if !nested(next) {
        text.push_str("/>\n");
        return next;
    }
    text.push_str(">\n");
    let deeper = format!("{indent}\t");
    if key.kind == Kind::List {
        put!(*text, "{deeper}<values>\n");
    }
    while nested(next) {
        next = attribute(text, log, pairs, next, Some(pair.key), &deeper);
    }
    if key.kind == Kind::List {
        put!(*text, "{deeper}</values>\n");
    }
    put!(*text, "{indent}</{}>\n", tag(key.kind));
    next
}
