//! Small logs of objects in each format.

use super::*;
use crate::report::Unwatched;

fn shown(ocel: &Ocel) -> String {
    let counts = ocel.counts();
    let Counts { events, objects, relations, between_objects, changes, .. } = counts;
    format!("{events} {objects} {relations} {between_objects} {changes}")
}

const SECOND: &str = r#"{"objectTypes": [], "eventTypes": [],
  "objects": [
    {"id": "o1", "type": "order", "attributes": [
      {"name": "n", "time": "1970-01-01T00:00:00Z", "value": 5}, {"name": "n", "time": "2020-01-01T00:00:00Z", "value": 6}],
      "relationships": [{"objectId": "i1", "qualifier": "has"}, {"objectId": "gone", "qualifier": "has"}]},
    {"id": "i1", "type": "item"}, {"id": "i1", "type": "item"}],
  "events": [
    {"id": "e2", "type": "pack", "time": "2020-01-02T00:00:00Z", "relationships": [
      {"objectId": "o1", "qualifier": "a"}, {"objectId": "o1", "qualifier": "b"}, {"objectId": "i1", "qualifier": ""}]},
    {"id": "e1", "type": "place", "time": "2020-01-01T00:00:00Z", "attributes": [{"name": "resource", "value": "Ann"}],
      "relationships": [{"objectId": "o1", "qualifier": "a"}]}]}"#;

const FIRST: &str = r#"{"ocel:global-log": {}, "ocel:events": {
    "e2": {"ocel:activity": "pack", "ocel:timestamp": "2020-01-02 00:00:00", "ocel:omap": ["o1", "i1"], "ocel:vmap": {"x": 1}},
    "e1": {"ocel:activity": "place", "ocel:timestamp": "2020-01-01 00:00:00", "ocel:omap": ["o1"], "ocel:vmap": {}}},
  "ocel:objects": {"o1": {"ocel:type": "order", "ocel:ovmap": {}}, "i1": {"ocel:type": "item", "ocel:ovmap": {}}}}"#;

const OLD_XML: &str = "<log><global scope='log'/><events><event><string key='id' value='e1'/>\
    <string key='activity' value='place'/><date key='timestamp' value='2020-01-01T00:00:00Z'/>\
    <list key='omap'><string key='object-id' value='o1'/></list>\
    <list key='vmap'><string key='x' value='1'/></list></event></events>\
    <objects><object><string key='id' value='o1'/><string key='type' value='order'/>\
    <list key='ovmap'><string key='y' value='2'/></list></object></objects></log>";

const NEW_XML: &str = "<log><objects><object id='o1' type='order'><attributes>\
    <attribute name='n' time='1970-01-01T00:00:00Z'>5 &amp; more</attribute><attribute name='n' time='2020-01-01T00:00:00Z'>6</attribute>\
    </attributes><objects><relationship object-id='i1' qualifier='has'/></objects></object><object id='i1' type='item'/></objects>\
    <events><event id='e1' type='place' time='2020-01-01T00:00:00Z'><attributes><attribute name='who'>Ann</attribute></attributes>\
    <objects><relationship object-id='o1' qualifier='a'/></objects></event></events></log>";

#[test]
fn each_format_is_read_as_what_it_holds() {
    let second = read_json(SECOND.as_bytes()).unwrap();
    assert_eq!(shown(&second), "2 2 4 1 1");
    let troubles: Vec<(Trouble, u64)> = second.report.troubles().map(|(t, n, _)| (t, n)).collect();
    assert_eq!(troubles, [(Trouble::Dangling, 1), (Trouble::RepeatedId, 1)]);
    assert_eq!(shown(&read_json(FIRST.as_bytes()).unwrap()), "2 2 3 0 0");
    assert_eq!(shown(&read_xml(OLD_XML.as_bytes()).unwrap()), "1 1 1 0 0");
    let new = read_xml(NEW_XML.as_bytes()).unwrap();
    assert_eq!(shown(&new), "1 2 1 1 1");
    assert_eq!(new.objects[0].attributes[0].value, "5 & more");
    let table = "ocel:eid,ocel:activity,ocel:timestamp,ocel:type:items,ocel:type:orders,x\n\
                 1,place,2020-01-01T00:00Z,\"['a','b']\",['o'],5\n2,pay,2020-01-02T00:00Z, ,\"[\"\"o\"\"]\",\n";
    assert!(table::is_one(table.as_bytes()));
    let read = read_table(table.as_bytes(), &mut Unwatched).unwrap();
    assert_eq!(shown(&read), "2 3 4 0 0");
}

#[test]
fn seen_from_one_type_of_object_it_is_a_log_of_cases() {
    let ocel = read_json(SECOND.as_bytes()).unwrap();
    assert_eq!(ocel.main_type().as_deref(), Some("order"));
    let log = ocel.cases("order").unwrap();
    let names: Vec<&str> = log.range(0).map(|event| log.activity(event)).collect();
    assert_eq!((log.cases(), names), (1, vec!["place", "pack"]));
    assert_eq!(log.resource(0), Some("Ann"));
    let refused = ocel.cases("other").unwrap_err().to_string();
    assert!(refused.contains("item, order"), "{refused}");
}

#[test]
fn what_is_written_is_read_back() {
    let mut ocel = read_json(SECOND.as_bytes()).unwrap();
    ocel.report = Report::default();
    let mut out = Vec::new();
    write_json(&ocel, &mut out).unwrap();
    assert_eq!(read_json(out.as_slice()).unwrap(), ocel);
    let mut out = Vec::new();
    write_xml(&ocel, &mut out).unwrap();
    assert_eq!(read_xml(out.as_slice()).unwrap(), ocel);
    let log = ocel.cases("order").unwrap();
    let mut out = Vec::new();
    write_json(&Ocel::of_log(&log), &mut out).unwrap();
    let again = read_json(out.as_slice()).unwrap().cases("case").unwrap();
    assert_eq!((again.cases(), again.events()), (log.cases(), log.events()));
    assert_eq!(again.span(), log.span());
}

#[test]
fn xml_keeps_spaces_marks_and_what_is_empty() {
    let attribute = |name: &str, value: &str, since| Attribute {
        name: name.to_owned(),
        value: value.to_owned(),
        since,
    };
    let values = ["", "  ", " a < b & \"c\"\n]]>", "\u{1F600}"];
    let object = Object {
        id: "o <1>".to_owned(),
        kind: "a \"b\"".to_owned(),
        attributes: values.map(|value| attribute("n & m", value, Some(5_000_000))).to_vec(),
        objects: vec![("o <1>".to_owned(), String::new())],
    };
    let event = Event {
        id: "e".to_owned(),
        kind: "pay".to_owned(),
        time: Some(-1_500_000),
        attributes: values.map(|value| attribute("", value, None)).to_vec(),
        objects: vec![("o <1>".to_owned(), "is & was".to_owned())],
    };
    let ocel = Ocel { events: vec![event], objects: vec![object], report: Report::default() };
    let mut out = Vec::new();
    write_xml(&ocel, &mut out).unwrap();
    assert_eq!(read_xml(out.as_slice()).unwrap(), ocel);
}

#[test]
fn what_is_no_log_of_objects_is_refused() {
    for text in ["", "{}", "[]", "{\"events\": 5}", "x"] {
        assert!(read_json(text.as_bytes()).is_err(), "{text}");
    }
    for text in ["", "<a/>", "<log>", "<log/>", "<log><events></log></events>"] {
        assert!(read_xml(text.as_bytes()).is_err(), "{text}");
    }
    assert!(read_table("a,b\n".as_bytes(), &mut Unwatched).is_err());
}
