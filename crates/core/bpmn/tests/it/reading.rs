//! Reading: what is refused, what is reported, what survives.

use gemba_bpmn::{read, write};
use std::collections::BTreeMap;

const HEAD: &str = "<definitions xmlns=\"http://www.omg.org/spec/BPMN/20100524/MODEL\" \
                    xmlns:bpmndi=\"http://www.omg.org/spec/BPMN/20100524/DI\">";

fn model(inner: &str) -> String {
    format!("{HEAD}<process id=\"p\">{inner}</process></definitions>")
}

/// The codes that reading gives, or the one it refuses with.
#[track_caller]
fn check(bytes: impl AsRef<[u8]>, expected: &[&str]) {
    let codes: Vec<String> = match read(bytes.as_ref()) {
        Ok((_, report)) => report.findings.iter().map(|f| f.code.to_string()).collect(),
        Err(refusal) => vec![refusal.finding.code.to_string()],
    };
    assert_eq!(codes, expected);
}

#[test]
fn what_is_no_model_is_refused_with_its_reason() {
    check("", &["BPM0001"]);
    check("<html/>", &["BPM0001"]);
    check("<definitions/>", &["BPM0001"]);
    check("plain words", &["BPM0002"]);
    check(HEAD, &["BPM0002"]);
    check(format!("<!DOCTYPE a [<!ENTITY b \"c\">]>{HEAD}</definitions>"), &["BPM0003"]);
    check(vec![b' '; 33 * 1024 * 1024], &["BPM0004"]);
    check(format!("{HEAD}{}", "<a>".repeat(300)), &["BPM0004"]);
    check(format!("{HEAD}{}", "<a>".repeat(300_000)), &["BPM0004"]);
}

#[test]
fn what_is_wrong_with_a_model_is_reported_and_kept() {
    let drawn = |id: &str| {
        format!(
            "<bpmndi:BPMNDiagram><bpmndi:BPMNPlane><bpmndi:BPMNShape bpmnElement=\"{id}\"/></bpmndi:BPMNPlane></bpmndi:BPMNDiagram>"
        )
    };
    let with = |inner: &str, ids: &[&str]| {
        let shapes: String = ids.iter().map(|id| drawn(id)).collect();
        model(inner).replace("</definitions>", &format!("{shapes}</definitions>"))
    };
    check(with("<task id=\"a\"/>", &["a"]), &[]);
    check(model("<task id=\"a\"/>"), &["BPM0107"]);
    check(with("<subProcess id=\"a\"><task id=\"b\"/></subProcess>", &["a"]), &[]);
    check(with("<thing id=\"a\"/>", &[]), &["BPM0103"]);
    check(with("<extensionElements><thing/></extensionElements>", &[]), &[]);
    check(with("<task id=\"a\"/><task id=\"a\"/>", &["a"]), &["BPM0105"]);
    check(with("<task name=\"x\"/>", &["p"]), &["BPM0106", "BPM0107"]);
    check(
        with(
            "<task id=\"a\"/><sequenceFlow id=\"f\" sourceRef=\"a\" targetRef=\"gone\"/>",
            &["a", "f"],
        ),
        &["BPM0104"],
    );
    check(with("<sequenceFlow id=\"f\"/>", &["f"]), &["BPM0104", "BPM0104"]);
    check(with("<task id=\"a\" x:y=\"1\"/>", &["a"]), &["BPM0102"]);
    let bytes: Vec<u8> = with("<task id=\"a\" name=\"#\"/>", &["a"])
        .bytes()
        .map(|b| if b == b'#' { 0xfc } else { b })
        .collect();
    check(bytes, &["BPM0101"]);
    check(
        format!("<?xml version=\"1.0\" encoding=\"klingon\"?>{HEAD}</definitions>"),
        &["BPM0101"],
    );
}

/// The name of the task that is read out of these bytes, twice: before and after writing.
#[track_caller]
fn name(bytes: &[u8], expected: &str) {
    let (definitions, _) = read(bytes).unwrap();
    let (again, _) = read(write(&definitions).as_bytes()).unwrap();
    for definitions in [definitions, again] {
        let tasks: Vec<&str> = definitions
            .root
            .walk()
            .into_iter()
            .filter(|e| e.is("task"))
            .filter_map(|e| e.attr("name"))
            .collect();
        assert_eq!(tasks, [expected]);
    }
}

#[test]
fn names_survive_in_every_encoding_and_with_every_character() {
    let text = |encoding: &str, name: &str| {
        format!(
            "<?xml version=\"1.0\" encoding=\"{encoding}\"?>\n{}",
            model(&format!("<task name=\"{name}\"/>"))
        )
    };
    name(
        text("UTF-8", "Prüfung &#10;&lt;A&amp;B&gt; &quot;x&quot;&#9;'").as_bytes(),
        "Prüfung \n<A&B> \"x\"\t'",
    );
    let latin: Vec<u8> =
        text("ISO-8859-1", "Prüfung").chars().map(|c| u8::try_from(c).unwrap()).collect();
    name(&latin, "Prüfung");
    let wide: Vec<u8> = text("UTF-16", "日本").encode_utf16().flat_map(u16::to_le_bytes).collect();
    name(&wide, "日本");
    let marked: Vec<u8> = [0xfe, 0xff]
        .into_iter()
        .chain(text("UTF-16", "日本").encode_utf16().flat_map(u16::to_be_bytes))
        .collect();
    name(&marked, "日本");
    name(text("UTF-16", "kept in UTF-8 all the same").as_bytes(), "kept in UTF-8 all the same");
    name(format!("\u{feff}{}", text("UTF-8", "a")).as_bytes(), "a");
}

#[test]
fn nothing_is_dropped_and_the_white_space_stays() {
    let source = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<!-- by hand -->\n\
         <definitions xmlns=\"http://www.omg.org/spec/BPMN/20100524/MODEL\" xmlns:t=\"urn:t\" id=\"d\">\n\
         \x20 <?keep this?>\n\
         \x20 <t:any t:deep=\"1\"><t:er xmlns=\"urn:u\"><plain /></t:er></t:any>\n\
         \x20 <process id=\"p\"><documentation>a &lt;b&gt; &amp; c</documentation></process>\n\
         </definitions>\n";
    let (definitions, _) = read(source.as_bytes()).unwrap();
    assert_eq!(write(&definitions), source);
}

#[test]
fn pools_without_a_drawing_are_laid_out_one_below_the_other() {
    let process = |id: &str, lanes: bool| {
        let lane_set = if lanes {
            format!(
                "<laneSet><lane id=\"{id}l\" name=\"L\"><flowNodeRef>{id}a</flowNodeRef></lane>\
                 <lane id=\"{id}m\" name=\"M\"><flowNodeRef>{id}b</flowNodeRef></lane></laneSet>"
            )
        } else {
            String::new()
        };
        format!(
            "<process id=\"{id}\">{lane_set}<startEvent id=\"{id}s\"/><task id=\"{id}a\" name=\"A\"/>\
             <exclusiveGateway id=\"{id}g\"/><task id=\"{id}b\" name=\"B\"/><endEvent id=\"{id}e\"/>\
             <sequenceFlow id=\"{id}1\" sourceRef=\"{id}s\" targetRef=\"{id}a\"/>\
             <sequenceFlow id=\"{id}2\" sourceRef=\"{id}a\" targetRef=\"{id}g\"/>\
             <sequenceFlow id=\"{id}3\" sourceRef=\"{id}g\" targetRef=\"{id}a\"/>\
             <sequenceFlow id=\"{id}4\" sourceRef=\"{id}g\" targetRef=\"{id}b\"/>\
             <sequenceFlow id=\"{id}5\" sourceRef=\"{id}b\" targetRef=\"{id}e\"/></process>"
        )
    };
    let pools = ["x", "y", "z"]
        .map(|id| format!("<participant id=\"{id}p\" name=\"Pool {id}\" processRef=\"{id}\"/>"));
    let source = format!(
        "{HEAD}<collaboration id=\"c\">{}<participant id=\"o\" name=\"Outside\"/>\
         <messageFlow id=\"m1\" sourceRef=\"xa\" targetRef=\"ya\"/>\
         <messageFlow id=\"m2\" sourceRef=\"zb\" targetRef=\"o\"/>\
         <messageFlow id=\"m3\" sourceRef=\"xa\" targetRef=\"zb\"/>\
         <messageFlow id=\"m4\" sourceRef=\"o\" targetRef=\"xb\"/></collaboration>{}{}{}</definitions>",
        pools.concat(),
        process("x", true),
        process("y", false),
        process("z", true)
    );
    let (definitions, _report) = read(source.as_bytes()).unwrap();
    let made = gemba_bpmn::drawn(&definitions);
    let mut places: BTreeMap<String, [i64; 4]> = BTreeMap::new();
    for shape in made.root.walk().into_iter().filter(|e| e.local() == "BPMNShape") {
        let bounds = shape.elements().find(|e| e.local() == "Bounds").unwrap();
        let number = |name| bounds.attr(name).unwrap().parse::<i64>().unwrap();
        let place = ["x", "y", "width", "height"].map(number);
        places.insert(shape.attr("bpmnElement").unwrap().to_owned(), place);
    }
    let meet = |a: [i64; 4], b: [i64; 4]| {
        a[0] < b[0] + b[2] && b[0] < a[0] + a[2] && a[1] < b[1] + b[3] && b[1] < a[1] + a[3]
    };
    let pools = ["xp", "yp", "zp", "o"];
    for (n, pool) in pools.iter().enumerate() {
        for other in &pools[n + 1..] {
            assert!(!meet(places[*pool], places[*other]), "{pool} and {other}: {places:?}");
        }
    }
    for id in ["x", "y", "z"] {
        let nodes = ["s", "a", "g", "b", "e"].map(|node| places[&format!("{id}{node}")]);
        let pool = places[&format!("{id}p")];
        for (n, node) in nodes.iter().enumerate() {
            assert!(nodes[n + 1..].iter().all(|other| !meet(*node, *other)), "{places:?}");
            assert!(node[0] > pool[0] && node[0] + node[2] < pool[0] + pool[2]);
            assert!(
                node[1] > pool[1] && node[1] + node[3] < pool[1] + pool[3],
                "{node:?} {pool:?} {places:#?}"
            );
        }
    }
    let lines: Vec<_> = made.root.walk().into_iter().filter(|e| e.local() == "BPMNEdge").collect();
    assert_eq!(lines.len(), 3 * 5 + 4);
    // No message runs through what it does not join.
    let ends = BTreeMap::from([
        ("m1", ["xa", "ya"]),
        ("m2", ["zb", "o"]),
        ("m3", ["xa", "zb"]),
        ("m4", ["o", "xb"]),
    ]);
    for line in lines {
        let id = line.attr("bpmnElement").unwrap();
        let Some(ends) = ends.get(id) else { continue };
        let points: Vec<[i64; 2]> = line
            .elements()
            .filter(|e| e.local() == "waypoint")
            .map(|p| ["x", "y"].map(|name| p.attr(name).unwrap().parse().unwrap()))
            .collect();
        for (name, place) in &places {
            if pools.contains(&name.as_str())
                || name.ends_with(['l', 'm'])
                || ends.contains(&name.as_str())
            {
                continue;
            }
            for (a, b) in points.iter().zip(&points[1..]) {
                let (x, y) = (a[0].min(b[0]), a[1].min(b[1]));
                let part = [x, y, (a[0] - b[0]).abs().max(1), (a[1] - b[1]).abs().max(1)];
                assert!(!meet(part, *place), "{id} runs through {name}: {points:?} {place:?}");
            }
        }
    }
}

#[test]
fn a_pool_with_nothing_in_it_is_drawn_only_where_something_needs_it() {
    let drawing = "<bpmndi:BPMNDiagram><bpmndi:BPMNPlane><bpmndi:BPMNShape bpmnElement=\"a\"/></bpmndi:BPMNPlane></bpmndi:BPMNDiagram>";
    let check = |messages: &str, drawing: &str, expected: bool| {
        let inner = format!(
            "<collaboration id=\"c\"><participant id=\"empty\" processRef=\"e\"/>{messages}</collaboration>\
             <process id=\"e\"/><process id=\"f\"><task id=\"a\"/></process>{drawing}</definitions>"
        );
        let (definitions, _report) = read(format!("{HEAD}{inner}").as_bytes()).unwrap();
        let made = write(&gemba_bpmn::drawn(&definitions));
        assert_eq!(made.contains("bpmnElement=\"empty\""), expected, "{made}");
    };
    check("", drawing, false);
    check("<messageFlow id=\"m\" sourceRef=\"a\" targetRef=\"empty\"/>", drawing, true);
    check("", "", true);
}
