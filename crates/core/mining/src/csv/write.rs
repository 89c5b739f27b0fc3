//! Writing tables.

use super::CASE;
use crate::log::{EventLog, Pair};
use crate::number::{id, ix};
use crate::time;
use crate::xes::{NAME, RESOURCE, TIMESTAMP};
use memchr::memchr2;

/// Writes a log as a table: a row an event, the columns in the order in which they first appear.
pub fn write(log: &EventLog, out: &mut dyn std::io::Write) -> std::io::Result<()> {
    let mut has_case_key = vec![false; log.keys().len()];
    let mut has_key = has_case_key.clone();
    let mark = |flags: &mut Vec<bool>, pairs: &[Pair]| {
        for pair in pairs {
            if let Some(flag) = flags.get_mut(ix(pair.key)) {
                *flag = true;
            }
        }
    };
    for case in 0..log.cases() {
        mark(&mut has_case_key, log.case_attributes(case));
        for event in log.range(case) {
            mark(&mut has_key, log.attributes(event));
        }
    }
    let used = |flags: &[bool]| -> Vec<u32> {
        (0..id(flags.len())).filter(|key| flags.get(ix(*key)) == Some(&true)).collect()
    };
    let (case_keys, keys) = (used(&has_case_key), used(&has_key));
    let mut row = String::new();
    let put = |row: &mut String, text: &str| {
        if !row.is_empty() {
            row.push(',');
        }
        field(row, text);
    };
    put(&mut row, "case:concept:name");
    for name in [NAME, TIMESTAMP, RESOURCE] {
        put(&mut row, name);
    }
    let path = |key: u32| path(log, key);
    for key in &keys {
        put(&mut row, &path(*key));
    }
    for key in &case_keys {
        put(&mut row, &format!("{CASE}{}", path(*key)));
    }
    row.push('\n');
    out.write_all(row.as_bytes())?;
    let value = |pairs: &[Pair], key: u32| {
        pairs.iter().find(|pair| pair.key == key).map_or("", |pair| log.values.get(pair.value))
    };
    for case in 0..log.cases() {
        for event in log.range(case) {
            row.clear();
            // A first field that is empty would look like no field.
            field(&mut row, log.case_name(case));
            row.push(',');
            field(&mut row, log.activity(event));
            row.push(',');
            field(&mut row, &log.time(event).map(time::rfc3339).unwrap_or_default());
            row.push(',');
            field(&mut row, log.resource(event).unwrap_or_default());
            for key in &keys {
                row.push(',');
                field(&mut row, value(log.attributes(event), *key));
            }
            for key in &case_keys {
                row.push(',');
                field(&mut row, value(log.case_attributes(case), *key));
            }
            row.push('\n');
            out.write_all(row.as_bytes())?;
        }
    }
    Ok(())
}

/// The name of a key with those that it is nested in before it.
fn path(log: &EventLog, key: u32) -> String {
    let mut parts = Vec::new();
    let mut next = Some(key);
    while let Some(key) = next.and_then(|key| log.key(key)) {
        parts.push(key.name.as_str());
        next = key.within;
    }
    parts.reverse();
    parts.join("/")
}

fn field(row: &mut String, text: &str) {
    let is_plain = memchr2(b'"', b'\n', text.as_bytes()).is_none()
        && memchr2(b',', b'\r', text.as_bytes()).is_none()
        && memchr2(b';', b'\t', text.as_bytes()).is_none();
    if is_plain && text.trim().len() == text.len() {
        row.push_str(text);
        return;
    }
    row.push('"');
    for (n, part) in text.split('"').enumerate() {
        if n > 0 {
            row.push_str("\"\"");
        }
        row.push_str(part);
    }
    row.push('"');
}
