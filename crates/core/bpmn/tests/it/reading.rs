//! Reading: what is refused, what is reported, what survives.

use gemba_bpmn::{read, write};

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
