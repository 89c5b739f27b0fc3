//! Writing a log of objects as an SQLite database (OCEL 2.0).
//!
//! Names of columns differ in more than their case in SQLite, and those with `ocel_` before are the format's own: an
//! attribute whose name is taken in this way gets a line or a number behind.

use gemba_mining::ocel::{Attribute, Ocel};
use gemba_mining::time::rfc3339;
use rusqlite::{Connection, Transaction, params, params_from_iter};
use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::path::Path;

/// The tables that every such database has.
const TABLES: &str = "
    CREATE TABLE event_map_type (ocel_type TEXT PRIMARY KEY, ocel_type_map TEXT);
    CREATE TABLE object_map_type (ocel_type TEXT PRIMARY KEY, ocel_type_map TEXT);
    CREATE TABLE event (ocel_id TEXT PRIMARY KEY, ocel_type TEXT,
        FOREIGN KEY (ocel_type) REFERENCES event_map_type (ocel_type));
    CREATE TABLE object (ocel_id TEXT PRIMARY KEY, ocel_type TEXT,
        FOREIGN KEY (ocel_type) REFERENCES object_map_type (ocel_type));
    CREATE TABLE event_object (ocel_event_id TEXT, ocel_object_id TEXT, ocel_qualifier TEXT,
        FOREIGN KEY (ocel_event_id) REFERENCES event (ocel_id),
        FOREIGN KEY (ocel_object_id) REFERENCES object (ocel_id));
    CREATE TABLE object_object (ocel_source_id TEXT, ocel_target_id TEXT, ocel_qualifier TEXT,
        FOREIGN KEY (ocel_source_id) REFERENCES object (ocel_id),
        FOREIGN KEY (ocel_target_id) REFERENCES object (ocel_id));";

/// Writes a log of objects as a database. A file that is there is replaced once all is written.
///
/// # Errors
///
/// The file cannot be written, or a type has more attributes than a table has columns.
pub fn write_database(ocel: &Ocel, path: &Path) -> io::Result<()> {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(".part");
    let part = path.with_file_name(name);
    let removed = |path: &Path| match std::fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    };
    removed(&part)?;
    if let Err(error) = written(ocel, &part) {
        removed(&part)?;
        return Err(io::Error::other(error));
    }
    std::fs::rename(&part, path)
}

fn written(ocel: &Ocel, path: &Path) -> rusqlite::Result<()> {
    let mut connection = Connection::open(path)?;
    // Objects are related before they are all there; what a log relates to is in it.
    connection.pragma_update(None, "foreign_keys", false)?;
    let all = connection.transaction()?;
    all.execute_batch(TABLES)?;
    let of_objects = types(&all, "object", ocel.object_types())?;
    let of_events = types(&all, "event", ocel.event_types())?;
    {
        let mut own = all.prepare("INSERT INTO object VALUES (?1, ?2)")?;
        let mut related = all.prepare("INSERT INTO object_object VALUES (?1, ?2, ?3)")?;
        for object in &ocel.objects {
            own.execute(params![object.id, object.kind])?;
            for (other, qualifier) in &object.objects {
                related.execute(params![object.id, other, qualifier])?;
            }
            if let Some(table) = of_objects.get(object.kind.as_str()) {
                table.object(&all, &object.id, &object.attributes)?;
            }
        }
        let mut own = all.prepare("INSERT INTO event VALUES (?1, ?2)")?;
        let mut related = all.prepare("INSERT INTO event_object VALUES (?1, ?2, ?3)")?;
        for event in &ocel.events {
            own.execute(params![event.id, event.kind])?;
            for (object, qualifier) in &event.objects {
                related.execute(params![event.id, object, qualifier])?;
            }
            if let Some(table) = of_events.get(event.kind.as_str()) {
                let time = event.time.map(rfc3339);
                for values in table.rows(&event.attributes) {
                    table.insert(&all, &event.id, time.as_deref(), None, &values)?;
                }
            }
        }
    }
    all.commit()
}

/// The table of a type: its name and the place of each attribute among its columns.
struct Table<'a> {
    insert: String,
    columns: BTreeMap<&'a str, usize>,
    names: Vec<String>,
    is_object: bool,
}

fn types<'a>(
    all: &Transaction<'_>,
    what: &str,
    types: BTreeMap<&'a str, BTreeSet<&'a str>>,
) -> rusqlite::Result<BTreeMap<&'a str, Table<'a>>> {
    let mut taken = BTreeSet::from(["map_type".to_owned(), "object".to_owned()]);
    let mut found = BTreeMap::new();
    for (kind, attributes) in types {
        let plain: String = kind.chars().filter(char::is_ascii_alphanumeric).collect();
        let plain = free(&plain, &mut taken);
        let name = format!("\"{what}_{plain}\"");
        let mut used: BTreeSet<String> = BTreeSet::new();
        let names: Vec<String> = attributes
            .iter()
            .map(|attribute| {
                let is_own = attribute.to_lowercase().starts_with("ocel_") || attribute.is_empty();
                let own = if is_own { format!("_{attribute}") } else { (*attribute).to_owned() };
                // A statement ends at a NUL, so no name of a column can hold one.
                free(&own.replace('\0', "\u{fffd}"), &mut used)
            })
            .collect();
        let quoted = |name: &String| format!(", \"{}\" TEXT", name.replace('"', "\"\""));
        let columns: String = names.iter().map(quoted).collect();
        let is_object = what == "object";
        let changed = if is_object { ", ocel_changed_field TEXT" } else { "" };
        all.execute_batch(&format!(
            "CREATE TABLE {name} (ocel_id TEXT, ocel_time TIMESTAMP{changed}{columns},
             FOREIGN KEY (ocel_id) REFERENCES {what} (ocel_id));"
        ))?;
        all.execute(&format!("INSERT INTO {what}_map_type VALUES (?1, ?2)"), [kind, &plain])?;
        let marks = vec!["?"; names.len() + if is_object { 3 } else { 2 }].join(", ");
        let columns = attributes.into_iter().enumerate().map(|(at, name)| (name, at)).collect();
        let insert = format!("INSERT INTO {name} VALUES ({marks})");
        found.insert(kind, Table { insert, columns, names, is_object });
    }
    Ok(found)
}

/// A name that none has yet, whatever its case.
fn free(name: &str, taken: &mut BTreeSet<String>) -> String {
    let mut own = name.to_owned();
    let mut n = 1;
    while !taken.insert(own.to_lowercase()) {
        n += 1;
        own = format!("{name}{n}");
    }
    own
}

impl Table<'_> {
    /// Attributes as rows, one wherever no name comes twice.
    fn rows<'b>(&self, all: impl IntoIterator<Item = &'b Attribute>) -> Vec<Vec<Option<&'b str>>> {
        let mut rows = vec![vec![None; self.names.len()]];
        for attribute in all {
            let Some(at) = self.columns.get(attribute.name.as_str()).copied() else { continue };
            let row = rows.iter().position(|row| row.get(at).is_some_and(Option::is_none));
            let row = row.unwrap_or_else(|| {
                rows.push(vec![None; self.names.len()]);
                rows.len() - 1
            });
            if let Some(slot) = rows.get_mut(row).and_then(|row| row.get_mut(at)) {
                *slot = Some(attribute.value.as_str());
            }
        }
        rows
    }

    /// What an object always was, and a row for each change.
    fn object(
        &self,
        all: &Transaction<'_>,
        object: &str,
        attributes: &[Attribute],
    ) -> rusqlite::Result<()> {
        let always = rfc3339(0);
        for values in self.rows(attributes.iter().filter(|a| a.since.is_none())) {
            self.insert(all, object, Some(&always), None, &values)?;
        }
        for attribute in attributes {
            let Some(since) = attribute.since else { continue };
            let at = self.columns.get(attribute.name.as_str()).copied();
            let name = at.and_then(|at| self.names.get(at));
            for values in self.rows([attribute]) {
                self.insert(all, object, Some(&rfc3339(since)), name, &values)?;
            }
        }
        Ok(())
    }

    fn insert(
        &self,
        all: &Transaction<'_>,
        id: &str,
        time: Option<&str>,
        changed: Option<&String>,
        values: &[Option<&str>],
    ) -> rusqlite::Result<()> {
        let mut row = vec![Some(id), time];
        if self.is_object {
            row.push(changed.map(String::as_str));
        }
        row.extend(values);
        all.prepare_cached(&self.insert)?.execute(params_from_iter(row))?;
        Ok(())
    }
}
