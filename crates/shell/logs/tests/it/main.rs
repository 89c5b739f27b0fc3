//! Logs of objects in each format, from files.
#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a test reads files and fails by panicking"
)]

use gemba_logs::{Asked, Error, read, read_objects, write_database};
use gemba_mining::Unwatched;
use gemba_mining::ocel::{Attribute, Event, Object, Ocel, write_json, write_xml};
use serde_json::Value;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

fn corpus() -> Option<PathBuf> {
    let beside = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../../../shared/corpus"));
    let root = std::env::var_os("GEMBA_CORPUS").map_or(beside, PathBuf::from).join("ocel");
    if !root.is_dir() {
        println!("skipped: no corpus at {}; set GEMBA_CORPUS to its folder", root.display());
        return None;
    }
    Some(root)
}

fn types(value: &Value) -> BTreeMap<String, u64> {
    let all = value.as_object().unwrap().iter();
    all.map(|(name, count)| (name.clone(), count.as_u64().unwrap())).collect()
}

#[track_caller]
fn check(objects: &Ocel, told: &Value) {
    let counts = objects.counts();
    for (found, key) in [
        (counts.events, "events"),
        (counts.objects, "objects"),
        (counts.relations, "relations"),
        (counts.between_objects, "o2o"),
        (counts.changes, "object_changes"),
    ] {
        assert_eq!(Some(found), told.get(key).and_then(Value::as_u64), "{key}");
    }
    assert_eq!(counts.event_types, types(told.get("event_types").unwrap()));
    assert_eq!(counts.object_types, types(told.get("object_types").unwrap()));
}

#[test]
fn logs_of_objects_hold_what_the_golden_file_says() {
    let Some(root) = corpus() else { return };
    let golden: Value =
        serde_json::from_slice(&fs::read(root.join("golden.json")).unwrap()).unwrap();
    for entry in fs::read_dir(&root).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let Some(told) = golden.get(&name) else { continue };
        let objects = read_objects(&path, &mut Unwatched).unwrap().unwrap();
        check(&objects, told);
        let mut out = Vec::new();
        write_json(&objects, &mut out).unwrap();
        check(&gemba_mining::ocel::read_json(out.as_slice()).unwrap(), told);
        let mut out = Vec::new();
        write_xml(&objects, &mut out).unwrap();
        check(&gemba_mining::ocel::read_xml(out.as_slice()).unwrap(), told);
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("b.sqlite");
        write_database(&objects, &path).unwrap();
        check(&read_objects(&path, &mut Unwatched).unwrap().unwrap(), told);
    }
}

/// A database with one order of two items, and a field that changed.
fn database(folder: &Path) -> PathBuf {
    let path = folder.join("a.sqlite");
    let connection = rusqlite::Connection::open(&path).unwrap();
    connection
        .execute_batch(
            "CREATE TABLE event (ocel_id TEXT, ocel_type TEXT);
             CREATE TABLE object (ocel_id TEXT, ocel_type TEXT);
             CREATE TABLE event_object (ocel_event_id TEXT, ocel_object_id TEXT, ocel_qualifier TEXT);
             CREATE TABLE object_object (ocel_source_id TEXT, ocel_target_id TEXT, ocel_qualifier TEXT);
             CREATE TABLE event_map_type (ocel_type TEXT, ocel_type_map TEXT);
             CREATE TABLE object_map_type (ocel_type TEXT, ocel_type_map TEXT);
             CREATE TABLE \"event_Pla\"\"ce\" (ocel_id TEXT, ocel_time TIMESTAMP, resource TEXT);
             CREATE TABLE object_Order (ocel_id TEXT, ocel_time TIMESTAMP, ocel_changed_field TEXT, Price REAL);
             INSERT INTO event VALUES ('e1', 'Place'), ('e2', 'Place');
             INSERT INTO object VALUES ('o1', 'Order');
             INSERT INTO event_object VALUES ('e1', 'o1', 'of'), ('e2', 'o1', 'of'), ('e9', 'o1', 'of');
             INSERT INTO event_map_type VALUES ('Place', 'Pla\"ce'), ('Gone', 'Gone');
             INSERT INTO object_map_type VALUES ('Order', 'Order');
             INSERT INTO \"event_Pla\"\"ce\" VALUES ('e1', '2020-01-02 00:00:00', 'Ann'), ('e2', '2020-01-01 00:00:00', NULL);
             INSERT INTO object_Order VALUES ('o1', '1970-01-01 00:00:00', NULL, 1.5), ('o1', '2020-01-03 00:00:00', 'Price', 2.0);",
        )
        .unwrap();
    path
}

#[test]
fn a_database_of_objects_is_read_as_cases() {
    let folder = tempfile::tempdir().unwrap();
    let path = database(folder.path());
    let objects = read_objects(&path, &mut Unwatched).unwrap().unwrap();
    let counts = objects.counts();
    assert_eq!((counts.events, counts.objects, counts.relations, counts.changes), (2, 1, 2, 1));
    let log = read(&path, &Asked::default(), &mut Unwatched).unwrap();
    let who: Vec<Option<&str>> = log.range(0).map(|event| log.resource(event)).collect();
    assert_eq!((log.cases(), who), (1, vec![None, Some("Ann")]));
}

/// What is in a log, whatever its order.
fn sorted(log: &Ocel) -> (Vec<String>, Vec<String>) {
    let sorted = |mut all: Vec<String>| {
        all.sort();
        all
    };
    let own = |attributes: &[Attribute], objects: &[(String, String)]| {
        let all: Vec<String> = attributes.iter().map(|a| format!("{a:?}")).collect();
        let mut objects = objects.to_vec();
        objects.sort();
        format!("{:?} {objects:?}", sorted(all))
    };
    let events = log
        .events
        .iter()
        .map(|e| format!("{} {} {:?} {}", e.id, e.kind, e.time, own(&e.attributes, &e.objects)));
    let objects = log
        .objects
        .iter()
        .map(|o| format!("{} {} {}", o.id, o.kind, own(&o.attributes, &o.objects)));
    (sorted(events.collect()), sorted(objects.collect()))
}

#[test]
fn what_is_written_into_a_database_is_read_back() {
    let attribute = |name: &str, value: &str, since| Attribute {
        name: name.to_owned(),
        value: value.to_owned(),
        since,
    };
    let object = |id: &str, kind: &str, attributes: Vec<Attribute>| Object {
        id: id.to_owned(),
        kind: kind.to_owned(),
        attributes,
        objects: vec![("o1".to_owned(), "of \"it\"".to_owned())],
    };
    // Types that are one without their marks or their case, a name with a mark, a value that comes twice.
    let objects = vec![
        object(
            "o1",
            "Order",
            vec![
                attribute("Price\"", "1", None),
                attribute("Price\"", "2", None),
                attribute("Price\"", "3", Some(86_400_000_000)),
            ],
        ),
        object("o2", "order", vec![attribute("state", "", Some(5))]),
        object("o3", "or-der", Vec::new()),
        object("o4", "", Vec::new()),
    ];
    let events = vec![
        Event {
            id: "e1".to_owned(),
            kind: "map type".to_owned(),
            time: Some(1_577_836_800_000_000),
            attributes: vec![attribute("who", "Ann", None), attribute("who", "Bob", None)],
            objects: vec![("o1".to_owned(), String::new()), ("o1".to_owned(), String::new())],
        },
        Event { id: "e2".to_owned(), kind: "object".to_owned(), ..Event::default() },
    ];
    let mut log = Ocel { events, objects, ..Ocel::default() };
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.sqlite");
    for _ in 0..2 {
        write_database(&log, &path).unwrap();
        let read = read_objects(&path, &mut Unwatched).unwrap().unwrap();
        assert_eq!(sorted(&read), sorted(&log));
    }
    // What SQLite has no two names for gets another, and no value is lost.
    log.events[0].attributes = vec![
        attribute("n", "1", None),
        attribute("N", "2", None),
        attribute("ocel_id", "3", None),
        attribute("cut\0off", "4", None),
    ];
    write_database(&log, &path).unwrap();
    let read = read_objects(&path, &mut Unwatched).unwrap().unwrap();
    let mut values: Vec<&str> =
        read.events[0].attributes.iter().map(|a| a.value.as_str()).collect();
    values.sort_unstable();
    assert_eq!(values, ["1", "2", "3", "4"]);
    assert!(write_database(&log, folder.path()).is_err());
}

#[test]
fn what_is_no_log_of_objects_is_refused_in_every_format() {
    let folder = tempfile::tempdir().unwrap();
    for name in ["a.json", "a.xml", "a.db"] {
        let path = folder.path().join(name);
        assert!(
            matches!(read(&path, &Asked::default(), &mut Unwatched), Err(Error::File(_))),
            "{name}"
        );
        fs::write(&path, b"neither this nor that, but long enough to be looked at twice").unwrap();
        let found = read(&path, &Asked::default(), &mut Unwatched);
        assert!(matches!(found, Err(Error::Refused(_))), "{name}");
    }
    let path = database(folder.path());
    let asked = Asked { object_type: Some("Item".to_owned()), ..Asked::default() };
    let refused = read(&path, &asked, &mut Unwatched).unwrap_err().to_string();
    assert!(refused.contains("--object-type: Order"), "{refused}");
}
