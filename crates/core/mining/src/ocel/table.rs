//! Logs of objects as a table of the first version: a row an event, a column of ids for each type of object.

use super::{Attribute, Event, Object, Ocel, moment, within};
use crate::csv::Rows;
use crate::number::long;
use crate::report::{Place, Refusal, Trouble, Watch};
use std::collections::BTreeSet;
use std::io::Read;

/// The beginning of the names of columns that hold the ids of objects.
const TYPE: &str = "ocel:type:";

/// Whether the first line of a table says that it is such a log.
pub fn is_one(head: &[u8]) -> bool {
    let line = head.split(|byte| *byte == b'\n').next().unwrap_or_default();
    String::from_utf8_lossy(line).contains("ocel:eid")
        && String::from_utf8_lossy(line).contains(TYPE)
}

/// Reads a log.
///
/// # Errors
///
/// A table without the columns of the format is refused.
pub fn read(reader: impl Read, watch: &mut dyn Watch) -> Result<Ocel, Refusal> {
    within(reader, |reader| read_any(reader, watch))
}

fn read_any(reader: &mut dyn Read, watch: &mut dyn Watch) -> Result<Ocel, Refusal> {
    let mut rows = Rows::new(reader, watch)?;
    if !rows.advance(watch)? {
        return Err(Refusal::Malformed("the table is empty".to_owned()));
    }
    let names: Vec<String> = (0..rows.width()).map(|at| rows.text(at)).collect();
    let column = |name: &str| {
        names.iter().position(|other| other == name).ok_or_else(|| {
            Refusal::Malformed(format!("it is no log of objects: there is no column \"{name}\""))
        })
    };
    let (id, activity, time) =
        (column("ocel:eid")?, column("ocel:activity")?, column("ocel:timestamp")?);
    let mut ocel = Ocel::default();
    let mut known: BTreeSet<String> = BTreeSet::new();
    while rows.advance(watch)? {
        let place = Place::Item(long(ocel.events.len()) + 1);
        let kind = rows.text(activity);
        if kind.is_empty() {
            ocel.report.count(Trouble::NoActivity, place);
            continue;
        }
        let mut event = Event { id: rows.text(id), kind, ..Event::default() };
        let text = rows.text(time);
        if !text.is_empty() {
            event.time = moment(&text, place, &mut ocel.report);
        }
        for (at, name) in names.iter().enumerate() {
            let text = rows.text(at);
            if text.is_empty() || [id, activity, time].contains(&at) {
                continue;
            }
            let Some(kind) = name.strip_prefix(TYPE) else {
                event.attributes.push(Attribute { name: name.clone(), value: text, since: None });
                continue;
            };
            for object in listed(&text) {
                if known.insert(object.clone()) {
                    let (id, kind) = (object.clone(), kind.to_owned());
                    ocel.objects.push(Object { id, kind, ..Object::default() });
                }
                event.objects.push((object, String::new()));
            }
        }
        ocel.events.push(event);
    }
    ocel.checked()
}

/// The ids in `['1','2']`, `["1"]` or `1, 2`.
fn listed(text: &str) -> Vec<String> {
    let inner = text.trim().trim_start_matches('[').trim_end_matches(']');
    let parts = inner.split(',').map(|part| part.trim().trim_matches(['\'', '"']).to_owned());
    parts.filter(|part| !part.is_empty()).collect()
}
