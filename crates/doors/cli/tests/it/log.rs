//! `gemba log`: event logs in, figures and files out.

use crate::gemba::{file, said, told};
use serde_json::{Value, json};

const LOG: &str = "<log><trace><string key='concept:name' value='1'/>\
    <event><string key='concept:name' value='a'/><date key='time:timestamp' value='2020-01-01T10:00:00Z'/></event>\
    <event><string key='concept:name' value='c'/><date key='time:timestamp' value='2020-01-03T10:00:00Z'/></event>\
    <event><string key='concept:name' value='b'/><date key='time:timestamp' value='2020-01-02T10:00:00Z'/></event>\
    </trace></log>";

fn json_of(args: &[&str]) -> Value {
    let (out, code) = told(args);
    assert_eq!(code, 0, "{args:?}");
    serde_json::from_str(&out).expect("JSON")
}

#[test]
fn a_log_is_counted_in_the_order_of_time() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = file(folder.path(), "a.xes", LOG.as_bytes());
    let found = json_of(&["log", "stats", path.to_str().expect("a path"), "--json"]);
    assert_eq!(found["cases"], 1);
    assert_eq!(found["events"], 3);
    assert_eq!(found["variants"], 1);
    assert_eq!(found["activities"], json!({"a": 1, "b": 1, "c": 1}));
    assert_eq!(found["start_activities"], json!({"a": 1}));
    assert_eq!(found["end_activities"], json!({"c": 1}));
    assert_eq!(found["dfg"], json!([["a", "b", 1], ["b", "c", 1]]));
    assert_eq!(found["case_duration"]["max_s"], json!(172_800.0));
    assert_eq!(found["first"], "2020-01-01T10:00:00+00:00");
    assert_eq!(found["last"], "2020-01-03T10:00:00+00:00");
    assert_eq!(found["import"]["found"]["reordered_cases"]["count"], 1);
}

#[test]
fn a_log_goes_from_format_to_format_and_stays_what_it_is() {
    let folder = tempfile::tempdir().expect("a folder");
    let first = file(folder.path(), "a.xes", LOG.as_bytes());
    let mut last = first.to_str().expect("a path").to_owned();
    let figures = |path: &str| {
        let mut found = json_of(&["log", "stats", path, "--json"]);
        found["import"] = Value::Null;
        found
    };
    let expected = figures(&last);
    for ending in ["csv", "xes.gz", "xes"] {
        let next = folder.path().join(format!("b.{ending}")).to_str().expect("a path").to_owned();
        let (said, code) = said(&["log", "convert", &last, "-o", &next]);
        assert_eq!(code, 0, "{said}");
        assert_eq!(figures(&next), expected, "{ending}");
        last = next;
    }
}

#[test]
fn what_is_no_log_is_refused_with_its_code() {
    let folder = tempfile::tempdir().expect("a folder");
    for (name, content, words) in [
        ("cut.xes", "<log><trace>", "cut off"),
        ("other.xes", "<a/>", "begins with <a>"),
        ("table.csv", "x,y\n1,2\n", "--case"),
        ("empty.csv", "", "empty"),
    ] {
        let path = file(folder.path(), name, content.as_bytes());
        let (said, code) = said(&["log", "stats", path.to_str().expect("a path")]);
        assert_eq!(code, 1, "{name}: {said}");
        assert!(said.contains("[LOG0001]") && said.contains(words), "{name}: {said}");
    }
    let path = file(folder.path(), "a.txt", b"");
    let (_, code) = said(&["log", "stats", path.to_str().expect("a path")]);
    assert_eq!(code, 2);
}
