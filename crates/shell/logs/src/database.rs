//! Logs of objects that are SQLite databases: a table each for events, objects and relations, and one for each type
//! with its attributes.

mod write;

use crate::Error;
use gemba_mining::ocel::{MAX_ITEMS, Ocel, Rows};
use gemba_mining::{Refusal, Watch};
use rusqlite::types::ValueRef;
use rusqlite::{Connection, OpenFlags};
use std::collections::BTreeSet;
use std::fs::File;
use std::path::Path;

pub use write::write_database;

/// Reads a log. It is opened to be read alone, and nothing but its tables is looked at.
pub(crate) fn read(path: &Path, watch: &mut dyn Watch) -> Result<Ocel, Error> {
    // Whether it is there and may be read is the system's word, not the driver's.
    File::open(path)?;
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags).map_err(|e| wrong(&e))?;
    Ok(Reading { connection, watch }.read()?)
}

fn wrong(error: &rusqlite::Error) -> Refusal {
    Refusal::Malformed(format!("it is no log of objects as a database: {error}"))
}

struct Reading<'a> {
    connection: Connection,
    watch: &'a mut dyn Watch,
}

impl Reading<'_> {
    fn read(&mut self) -> Result<Ocel, Refusal> {
        let mut tables = BTreeSet::new();
        // A view could say anything, and take forever to say it.
        let sql = "SELECT name FROM sqlite_master WHERE type = 'table' AND sql NOT LIKE 'CREATE VIRTUAL%'";
        self.each(sql, &mut |row| {
            tables.insert(row.text(0));
        })?;
        if !tables.contains("event") || !tables.contains("object") {
            return Err(Refusal::Malformed(
                "it is no log of objects: it has no tables \"event\" and \"object\"".to_owned(),
            ));
        }
        let mut rows = Rows::default();
        self.each("SELECT ocel_id, ocel_type FROM object", &mut |row| {
            rows.object(&row.text(0), &row.text(1));
        })?;
        self.each("SELECT ocel_id, ocel_type FROM event", &mut |row| {
            rows.event(&row.text(0), &row.text(1));
        })?;
        for table in self.types("object_map_type", "object_", &tables)? {
            self.each(&format!("SELECT * FROM {table}"), &mut |row| of_object(&mut rows, row))?;
        }
        for table in self.types("event_map_type", "event_", &tables)? {
            self.each(&format!("SELECT * FROM {table}"), &mut |row| of_event(&mut rows, row))?;
        }
        if tables.contains("event_object") {
            let sql = "SELECT ocel_event_id, ocel_object_id, ocel_qualifier FROM event_object";
            self.each(sql, &mut |row| {
                rows.relation(&row.text(0), &row.text(1), &row.text(2));
            })?;
        }
        if tables.contains("object_object") {
            let sql = "SELECT ocel_source_id, ocel_target_id, ocel_qualifier FROM object_object";
            self.each(sql, &mut |row| {
                rows.between(&row.text(0), &row.text(1), &row.text(2));
            })?;
        }
        rows.finish()
    }

    /// The tables of the types, quoted.
    fn types(
        &mut self,
        map: &str,
        before: &str,
        tables: &BTreeSet<String>,
    ) -> Result<Vec<String>, Refusal> {
        let mut named = BTreeSet::new();
        if tables.contains(map) {
            self.each(&format!("SELECT ocel_type_map FROM {map}"), &mut |row| {
                named.insert(format!("{before}{}", row.text(0)));
            })?;
        }
        let quoted = |name: &String| format!("\"{}\"", name.replace('"', "\"\""));
        Ok(named.iter().filter(|name| tables.contains(*name)).map(quoted).collect())
    }

    fn each(&mut self, sql: &str, take: &mut dyn FnMut(&Row<'_>)) -> Result<(), Refusal> {
        let mut statement = self.connection.prepare(sql).map_err(|e| wrong(&e))?;
        let columns: Vec<String> = statement.column_names().map(str::to_owned).collect();
        let mut rows = statement.query([]).map_err(|e| wrong(&e))?;
        let mut count = 0_usize;
        while let Some(row) = rows.next().map_err(|e| wrong(&e))? {
            count += 1;
            if count > MAX_ITEMS {
                return Err(Refusal::TooLarge(format!("a table has more than {MAX_ITEMS} rows")));
            }
            if !self.watch.goes_on(0) {
                return Err(Refusal::Stopped);
            }
            take(&Row { row, columns: &columns });
        }
        Ok(())
    }
}

/// A row, and the names of its columns.
struct Row<'a> {
    row: &'a rusqlite::Row<'a>,
    columns: &'a [String],
}

impl Row<'_> {
    /// A field as text; empty for one that is null or not there.
    fn text(&self, at: usize) -> String {
        self.field(at).unwrap_or_default()
    }

    fn field(&self, at: usize) -> Option<String> {
        match self.row.get_ref(at).ok()? {
            ValueRef::Null => None,
            ValueRef::Integer(number) => Some(number.to_string()),
            ValueRef::Real(number) => Some(number.to_string()),
            ValueRef::Text(bytes) | ValueRef::Blob(bytes) => {
                Some(String::from_utf8_lossy(bytes).into_owned())
            }
        }
    }

    fn named(&self, name: &str) -> Option<String> {
        self.field(self.columns.iter().position(|column| column.eq_ignore_ascii_case(name))?)
    }

    /// The attributes: what is neither id nor time.
    fn attributes(&self) -> impl Iterator<Item = (&str, String)> {
        let own = self.columns.iter().enumerate();
        let own = own.filter(|(_, column)| {
            !column.get(..5).is_some_and(|start| start.eq_ignore_ascii_case("ocel_"))
        });
        own.filter_map(|(at, column)| Some((column.as_str(), self.field(at)?)))
    }
}

fn of_event(rows: &mut Rows, row: &Row<'_>) {
    let event = row.named("ocel_id").unwrap_or_default();
    if let Some(time) = row.named("ocel_time") {
        rows.time(&event, &time);
    }
    for (name, value) in row.attributes() {
        rows.of_event(&event, name, &value);
    }
}

/// A row that names a field says what it changed to, and when; any other says how the object began.
fn of_object(rows: &mut Rows, row: &Row<'_>) {
    let object = row.named("ocel_id").unwrap_or_default();
    let changed = row.named("ocel_changed_field").filter(|field| !field.is_empty());
    let time = row.named("ocel_time");
    for (name, value) in row.attributes() {
        match &changed {
            None => rows.of_object(&object, name, &value, None),
            Some(field) if field.eq_ignore_ascii_case(name) => {
                rows.of_object(&object, name, &value, time.as_deref());
            }
            Some(_) => {}
        }
    }
}
