//! `gemba log`: event logs in, figures and files out.

use crate::gemba::{file, said, told};
use serde_json::{Value, json};
use std::fmt::Write as _;

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

const OBJECTS: &str = r#"{"objectTypes": [], "eventTypes": [],
  "objects": [{"id": "o1", "type": "order"}, {"id": "i1", "type": "item"}, {"id": "i2", "type": "item"}],
  "events": [
    {"id": "e1", "type": "place", "time": "2020-01-01T00:00:00Z", "relationships": [
      {"objectId": "o1", "qualifier": ""}, {"objectId": "i1", "qualifier": ""}, {"objectId": "i2", "qualifier": ""}]},
    {"id": "e2", "type": "pay", "time": "2020-01-02T00:00:00Z", "relationships": [{"objectId": "o1", "qualifier": ""}]}]}"#;

#[test]
fn a_log_of_objects_is_seen_from_the_type_that_is_asked_for() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = file(folder.path(), "a.jsonocel", OBJECTS.as_bytes());
    let path = path.to_str().expect("a path");
    let cases = |args: &[&str]| {
        let found = json_of(&[&["log", "stats", path, "--json"], args].concat());
        (found["cases"].clone(), found["events"].clone())
    };
    assert_eq!(cases(&["--object-type", "order"]), (json!(1), json!(2)));
    assert_eq!(cases(&["--object-type", "item"]), (json!(2), json!(2)));
    let (out, code) = said(&["log", "stats", path, "--object-type", "box"]);
    assert!(code == 1 && out.contains("[LOG0001]") && out.contains("item, order"), "{out}");
    let mut last = path.to_owned();
    for ending in ["jsonocel", "xmlocel", "sqlite", "xml.gz", "json"] {
        let next = folder.path().join(format!("b.{ending}")).to_str().expect("a path").to_owned();
        let (out, code) = said(&["log", "convert", &last, "-o", &next]);
        assert!(code == 0 && out.contains("3 objects, 2 events"), "{ending}: {out}");
        last = next;
    }
    let (out, code) = said(&["log", "convert", path, "-o", "b.sqlite.gz"]);
    assert!(code == 2 && out.contains("names no format"), "{out}");
    let flat = folder.path().join("c.jsonocel").to_str().expect("a path").to_owned();
    let (out, code) = said(&["log", "convert", path, "-o", &flat, "--object-type", "item"]);
    assert!(code == 0 && out.contains("2 objects, 2 events"), "{out}");
    let of_csv = folder.path().join("d.csv").to_str().expect("a path").to_owned();
    let (out, code) = said(&["log", "convert", &flat, "-o", &of_csv]);
    assert!(code == 0 && out.contains("2 cases, 2 events"), "{out}");
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

const SOP: &str = "---\nowner: Boss\ntrigger: every day\n---\n\n# T\n\n## Steps\n\n1. **A**\n\n2. **B**\n\n3. **C**\n";

#[test]
fn a_log_is_held_against_what_is_written() {
    let folder = tempfile::tempdir().expect("a folder");
    let log = "case,activity,timestamp\n1,A,2020-01-01T10:00Z\n1,b,2020-01-01T11:00Z\n1,C,2020-01-01T12:00Z\n\
               2,A,2020-01-01T10:00Z\n2,C,2020-01-01T11:00Z\n2,D,2020-01-01T12:00Z\n";
    let log = file(folder.path(), "a.csv", log.as_bytes());
    let model = file(folder.path(), "a.md", SOP.as_bytes());
    let (log, model) = (log.to_str().expect("a path"), model.to_str().expect("a path"));
    let found = json_of(&["log", "conform", log, "--against", model, "--json"]);
    assert_eq!(found["method"], "align");
    assert_eq!(found["cases"], 2);
    assert_eq!(found["variants"], 2);
    assert_eq!(found["fitness"]["fitting_traces_percent"], json!(50.0));
    assert_eq!(found["fitness"]["log"], json!(1.0 - 2.0 / 12.0));
    assert_eq!(found["by_blocks"], true);
    assert_eq!(found["per_variant"][0]["activities"], json!(["A", "B", "C"]));
    assert_eq!(found["per_variant"][1]["cost"], 2);
    let kinds: Vec<(&Value, &Value)> = found["deviations"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|d| (&d["kind"], &d["activity"]))
        .collect();
    assert_eq!(kinds, [(&json!("skipped"), &json!("B")), (&json!("extra"), &json!("D"))]);
    let mapping = file(folder.path(), "m.json", b"{\"D\": \"B\"}");
    let mapping = mapping.to_str().expect("a path");
    let mapped =
        json_of(&["log", "conform", log, "--against", model, "--json", "--mapping", mapping]);
    assert_eq!(mapped["deviations"][0]["kind"], "wrong_order");
    let replayed =
        json_of(&["log", "conform", log, "--against", model, "--json", "--method", "replay"]);
    assert_eq!(replayed["method"], "replay");
    assert_eq!(replayed["fitness"]["fitting_traces_percent"], json!(50.0));
    let (page, code) = told(&["log", "conform", log, "--against", model]);
    assert!(code == 0 && page.contains("step skipped: B"), "{page}");
}

#[test]
fn where_time_goes_what_is_done_again_and_who_does_it_is_reported() {
    let folder = tempfile::tempdir().expect("a folder");
    let log = "case,activity,timestamp,resource\n1,a,2020-01-01T10:00Z,Ann\n1,b,2020-01-01T11:00Z,Bob\n\
               1,a,2020-01-01T14:00Z,Ann\n2,a,2020-01-01T10:00Z,Ann\n2,b,2020-01-01T10:00Z,Ann\n";
    let log = file(folder.path(), "a.csv", log.as_bytes());
    let log = log.to_str().expect("a path");
    let found = json_of(&["log", "stats", log, "--json"]);
    assert_eq!(found["bottlenecks"][0], json!({"from": "b", "to": "a", "share_of_waiting": 0.75}));
    assert_eq!(found["steps"][1]["waiting"]["max_s"], json!(3600.0));
    assert_eq!(found["steps"][1]["working"], Value::Null);
    assert_eq!(found["ways"][0]["waiting"]["median_s"], json!(1800.0));
    assert_eq!(found["rework"]["cases"], 1);
    assert_eq!(
        found["rework"]["ways_back"],
        json!([{"from": "b", "to": "a", "times": 1, "cases": 1}])
    );
    assert_eq!(found["resources"][0]["activities"], json!({"a": 3, "b": 1}));
    assert_eq!(found["handovers"][0], json!({"from": "Ann", "to": "Bob", "times": 1, "cases": 1}));
    let (page, code) = told(&["log", "stats", log]);
    assert_eq!(code, 0);
    for words in
        ["75.0 %  b -> a", "Done again, in one case", "Ways back", "Ann -> Bob", "mostly a"]
    {
        assert!(page.contains(words), "{words}: {page}");
    }
}

#[test]
fn another_seat_and_a_missed_deadline_are_told() {
    let folder = tempfile::tempdir().expect("a folder");
    let log = "case,activity,timestamp,resource\n1,Check it,2020-01-01T10:00Z,Sales\n\
               1,Pay it,2020-01-05T10:00Z,ann\n2,Check it,2020-01-01T10:00Z,Accounting\n\
               2,Pay it,2020-01-01T11:00Z,bob\n";
    let sop = "---\nowner: Accounting\ntrigger: every day\n---\n\n# T\n\n## Steps\n\n1. **Check it**\n\n\
               2. **Pay it** — Sales\n\n   - Due: 2 days after the start\n";
    let path = |name: &str, text: &str| {
        file(folder.path(), name, text.as_bytes()).to_str().expect("a path").to_owned()
    };
    let (log, sop) = (path("a.csv", log), path("a.md", sop));
    let seats = path("s.json", r#"{"ann": ["Accounting", "Sales"], "bob": "Accounting"}"#);
    let args = ["log", "conform", &log, "--against", &sop, "--json", "--zone", "Europe/Berlin"];
    let deviations = |args: &[&str]| -> Vec<String> {
        let found = json_of(args);
        let all = found["deviations"].as_array().expect("a list").iter();
        all.map(|d| format!("{} {} {}", d["kind"], d["activity"], d["cases"])).collect()
    };
    let (late, check) = (r#""too_late" "Pay it" 1"#, r#""wrong_seat" "Check it" 1"#);
    // A resource that is called like no seat is judged once its seats are told.
    let found = deviations(&args);
    assert!(
        found.len() == 2 && [late, check].iter().all(|d| found.contains(&(*d).to_owned())),
        "{found:?}"
    );
    let found = deviations(&[&args[..], &["--seats", &seats]].concat());
    assert!(
        found.len() == 3 && found.contains(&r#""wrong_seat" "Pay it" 1"#.to_owned()),
        "{found:?}"
    );
    let (said, code) = said(&args);
    assert!(code == 0 && said.contains("ann") && said.contains("--seats"), "{said}");
    let (page, _) = told(&args[..5]);
    assert!(page.contains("done by Sales (1) instead of Accounting"), "{page}");
}

#[test]
fn what_is_no_model_is_refused_with_its_code() {
    let folder = tempfile::tempdir().expect("a folder");
    let log = file(folder.path(), "a.xes", LOG.as_bytes());
    for (name, content) in [
        ("a.pnml", "<pnml><net><place id='p'/></net></pnml>"),
        ("a.bpmn", "<definitions xmlns='http://www.omg.org/spec/BPMN/20100524/MODEL'/>"),
        ("a.md", "# T\n"),
    ] {
        let model = file(folder.path(), name, content.as_bytes());
        let (log, model) = (log.to_str().expect("a path"), model.to_str().expect("a path"));
        let (said, code) = said(&["log", "conform", log, "--against", model]);
        assert_eq!(code, 1, "{name}: {said}");
        assert!(said.contains("[LOG0002]"), "{name}: {said}");
    }
}

#[test]
fn the_process_that_is_found_is_drawn_and_fits_the_log() {
    let folder = tempfile::tempdir().expect("a folder");
    let log = "case,activity,timestamp\n1,A,2020-01-01T10:00Z\n1,B,2020-01-01T11:00Z\n1,C,2020-01-01T12:00Z\n\
               2,A,2020-01-01T10:00Z\n2,C,2020-01-01T11:00Z\n2,B,2020-01-01T12:00Z\n3,A,2020-01-02T10:00Z\n";
    let log = file(folder.path(), "a.csv", log.as_bytes());
    let log = log.to_str().expect("a path");
    let out = |name: &str| folder.path().join(name).to_str().expect("a path").to_owned();
    for model in ["m.pnml", "m.bpmn"] {
        let (said, code) = said(&["log", "discover", log, "-o", &out(model)]);
        assert_eq!(code, 0, "{said}");
        let held = json_of(&["log", "conform", log, "--against", &out(model), "--json"]);
        assert_eq!(held["fitness"]["fitting_traces_percent"], json!(100.0), "{model}");
    }
    for (name, kind) in [("m.svg", "model"), ("d.svg", "dfg")] {
        let (said, code) = said(&["log", "discover", log, "-o", &out(name), "--kind", kind]);
        assert_eq!(code, 0, "{said}");
        let drawn = std::fs::read_to_string(out(name)).expect("a picture");
        assert!(drawn.starts_with("<svg") && drawn.contains(">A"), "{drawn}");
    }
    let read = |name: &str, kind: &str| -> Value {
        let (said, code) = said(&["log", "discover", log, "-o", &out(name), "--kind", kind]);
        assert_eq!(code, 0, "{said}");
        serde_json::from_slice(&std::fs::read(out(name)).expect("a file")).expect("JSON")
    };
    assert_eq!(read("m.json", "model")["text"], "->( 'A', X( tau, +( 'B', 'C' ) ) )");
    assert_eq!(read("d.json", "dfg")["edges"].as_array().map(Vec::len), Some(4));
    let (_, code) = said(&["log", "discover", log, "-o", &out("d.bpmn"), "--kind", "dfg"]);
    assert_eq!(code, 2);
    let (_, code) = said(&["log", "discover", log, "-o", &out("d.svg"), "--noise", "7"]);
    assert_eq!(code, 2);
}

#[test]
fn a_draft_of_an_sop_comes_from_a_log_and_the_log_fits_it() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut table = "case,activity,timestamp,resource\n".to_owned();
    let ways = [
        "Take the order@Sales, Check it@Back office, Send it@Back office",
        "Take the order@Sales, Ask the customer@Sales, Check it@Back office, Send it@Back office",
        "Take the order@Sales, Check it@Back office, Turn it down@Sales",
        "Take the order@Sales, Check it@Back office, Ask the customer@Sales, Check it@Back office, Send it@Back office",
    ];
    for (case, way) in ways.iter().cycle().take(40).enumerate() {
        for (at, event) in way.split(", ").enumerate() {
            let (activity, who) = event.split_once('@').expect("an activity and who did it");
            let day = case % 28 + 1;
            writeln!(table, "{case},{activity},2026-01-{day:02}T{at:02}:00:00Z,{who}")
                .expect("memory can be written to");
        }
    }
    let log = file(folder.path(), "orders.csv", table.as_bytes());
    let log = log.to_str().expect("a path");
    let sop = folder.path().join("orders.md").to_str().expect("a path").to_owned();
    let (out, code) = said(&["log", "discover", log, "-o", &sop]);
    assert_eq!(code, 0, "{out}");
    let text = std::fs::read_to_string(&sop).expect("a draft");
    for line in [
        "# orders\n",
        "As it ran in 40 cases from 2026-01-01 to 2026-01-28.",
        "**Check it** — Back office\n",
        "- If \"Turn it down\" is called for (20 %), go to step",
    ] {
        assert!(text.contains(line), "{line} is not in\n{text}");
    }
    // What is missing is said: a draft has steps and no more. Its branches and jumps are as they should be.
    let found = json_of(&["show", &sop, "--json"]);
    let codes = found["diagnostics"].as_array().expect("findings").iter();
    let codes: Vec<&str> = codes.filter_map(|finding| finding["code"].as_str()).collect();
    assert!(codes.contains(&"SOP0101"), "{codes:?}");
    assert!(codes.iter().all(|code| !code.starts_with("SOP02")), "{codes:?}");
    let held = json_of(&["log", "conform", log, "--against", &sop, "--json"]);
    assert_eq!(held["fitness"]["log"], json!(1.0), "{held}");
}

#[test]
fn a_step_that_moved_is_dated_and_named_and_the_document_is_stale_since() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut log = "case,activity,timestamp\n".to_owned();
    for case in 0..400 {
        let (second, third) = if case < 250 { ("B", "C") } else { ("C", "B") };
        let day = format!("{}-{:02}-{:02}", 2020 + case / 336, case / 28 % 12 + 1, case % 28 + 1);
        for (hour, name) in [(8, "A"), (9, second), (10, third)] {
            log.extend([
                case.to_string().as_str(),
                ",",
                name,
                ",",
                &day,
                &format!("T{hour:02}:00:00Z\n"),
            ]);
        }
    }
    let log = file(folder.path(), "a.csv", log.as_bytes());
    let model = file(folder.path(), "a.md", SOP.as_bytes());
    let (log, model) = (log.to_str().expect("a path"), model.to_str().expect("a path"));
    let found = json_of(&["log", "drift", log, "--against", model, "--json"]);
    assert_eq!(found["changes"].as_array().map(Vec::len), Some(1));
    assert_eq!(found["changes"][0]["case"], 251);
    assert_eq!(found["changes"][0]["since"], "2020-09-27T08:00:00+00:00");
    assert_eq!(found["stale_since"], found["changes"][0]["since"]);
    assert_eq!(found["periods"][0]["fitting_traces_percent"], json!(100.0));
    assert_eq!(found["periods"][1]["fitting_traces_percent"], json!(0.0));
    let (page, code) = told(&["log", "drift", log]);
    assert!(
        code == 0 && page.contains("\"C\" now comes before \"B\" in 100 % of cases, was 0 %"),
        "{page}"
    );
    let short = file(folder.path(), "b.xes", LOG.as_bytes());
    let (page, code) = told(&["log", "drift", short.to_str().expect("a path")]);
    assert!(code == 0 && page.contains("too few"), "{page}");
}
