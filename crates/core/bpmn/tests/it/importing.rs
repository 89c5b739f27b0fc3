//! Models as processes: what people draw, as steps, decisions, triggers and seats.

use gemba_bpmn::{read, to_processes};
use gemba_model::{Process, Step, StepKind, Target};
use std::fmt::Write as _;

const HEAD: &str = "<definitions xmlns=\"http://www.omg.org/spec/BPMN/20100524/MODEL\" \
     xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\">";

fn imported(inner: &str) -> (Vec<Process>, Vec<String>) {
    let (definitions, _) = read(format!("{HEAD}{inner}</definitions>").as_bytes()).unwrap();
    let made = to_processes(&definitions, "order-handling.bpmn");
    let codes = made.findings.iter().map(|f| f.code.to_string()).collect();
    (made.processes, codes)
}

/// Flows as "a>b" or "a>b:name", in order.
fn flows(all: &str) -> String {
    let mut out = String::new();
    for (n, flow) in all.split_whitespace().enumerate() {
        let (ends, name) = flow.split_once(':').unwrap_or((flow, ""));
        let (from, to) = ends.split_once('>').unwrap();
        let name = name.replace('_', " ");
        let _written = write!(
            out,
            "<sequenceFlow id=\"f{n}\" name=\"{name}\" sourceRef=\"{from}\" targetRef=\"{to}\"/>"
        );
    }
    out
}

/// A step in a line: number, title, kind, seat, ways, parts.
pub(crate) fn told(step: &Step) -> String {
    let mut out = format!("{} {}", step.number, step.title);
    if step.kind != StepKind::Task {
        let _written = write!(out, " <{:?}>", step.kind);
    }
    if let Some(seat) = &step.seat {
        let _written = write!(out, " @{}", seat.name);
    }
    for decision in &step.decisions {
        let to = match &decision.target {
            Target::Step(id) => format!("#{id}"),
            Target::Loop(id) => format!("back #{id}"),
            Target::Next => "next".to_owned(),
            Target::End => "end".to_owned(),
            Target::Inline => "here".to_owned(),
            other => format!("{other:?}"),
        };
        let action = &decision.action;
        let action = if action.is_empty() { String::new() } else { format!(" ({action})") };
        let _written = write!(out, " | {} -> {to}{action}", decision.condition);
    }
    if let Some(due) = &step.due {
        let _written = write!(out, " due {due}");
    }
    for part in &step.steps {
        let _written = write!(out, " [{}]", told(part));
    }
    out
}

#[track_caller]
fn check(nodes: &str, all_flows: &str, steps: &[&str], codes: &[&str]) {
    let inner = format!("<process id=\"p\" name=\"Orders\">{nodes}{}</process>", flows(all_flows));
    let (processes, found) = imported(&inner);
    let lines: Vec<String> = processes.iter().flat_map(|p| &p.steps).map(told).collect();
    assert_eq!(lines, steps);
    assert_eq!(found, codes);
}

const A: &str = "<startEvent id=\"s\" name=\"Order comes in\"/><task id=\"a\" name=\"Check\"/>";
const BC: &str = "<task id=\"b\" name=\"Ship\"/><task id=\"c\" name=\"Refuse\"/><endEvent id=\"e\" name=\"Shipped\"/>";
/// Only the first of these.
const B: &str = "<task id=\"b\" name=\"Ship\"/><endEvent id=\"e\" name=\"Shipped\"/>";

#[test]
fn tasks_follow_each_other_in_the_order_of_the_flow() {
    check(
        &format!("<endEvent id=\"e\"/><userTask id=\"b\" name=\"Ship&#10;it\"/>{A}"),
        "b>e a>b s>a",
        &["1 Check", "2 Ship it"],
        &[],
    );
    check(
        "<task id=\"a\"/><task id=\"b\" name=\"Ship\"/>",
        "a>b",
        &["1 Unnamed task", "2 Ship"],
        &["BPM0209"],
    );
    check("<startEvent id=\"s\"/>", "", &[], &["BPM0201"]);
}

#[test]
fn a_gateway_after_a_step_says_which_way_the_step_goes() {
    let split = "<exclusiveGateway id=\"g\" name=\"In stock?\"/>";
    check(
        &format!("{A}{split}{BC}<endEvent id=\"r\" name=\"Refused\"/>"),
        "s>a a>g g>b:yes g>c:no b>e c>r",
        &[
            "1 Check <Decision> | the answer to \"In stock\" is yes -> next | the answer to \"In stock\" is no -> #refuse",
            "2 Ship <End>",
            "3 Refuse",
        ],
        &[],
    );
    // The ways meet again, so that the first must jump over the second.
    check(
        &format!("{A}{split}{BC}<exclusiveGateway id=\"j\"/><task id=\"d\" name=\"File it\"/>"),
        "s>a a>g g>b:it_is_there g>c b>j c>j j>d d>e",
        &[
            "1 Check <Decision> | it is there -> next | otherwise -> #refuse",
            "2 Ship <Decision> | always -> #file-it",
            "3 Refuse",
            "4 File it",
        ],
        &[],
    );
    check(
        &format!("{A}<exclusiveGateway id=\"g\"/>{BC}"),
        "s>a a>g g>b g>c b>e c>e",
        &[
            "1 Check <Decision> | the next thing is \"Ship\" -> next | the next thing is \"Refuse\" -> #refuse",
            "2 Ship <End>",
            "3 Refuse",
        ],
        &[],
    );
}

#[test]
fn a_flow_against_the_order_is_a_loop() {
    check(
        &format!(
            "{A}<exclusiveGateway id=\"j\"/><exclusiveGateway id=\"g\" name=\"Complete?\"/>{B}"
        ),
        "s>j j>a a>g g>j:no g>b:yes b>e",
        &[
            "1 Check <Decision> | the answer to \"Complete\" is no -> back #check | the answer to \"Complete\" is yes -> next",
            "2 Ship",
        ],
        &[],
    );
}

#[test]
fn parallel_work_becomes_the_parts_of_one_step_or_a_row() {
    let and = "<parallelGateway id=\"x\" name=\"Prepare\"/><parallelGateway id=\"y\"/>";
    check(
        &format!("{A}{and}{BC}"),
        "s>a a>x x>b x>c b>y c>y y>e",
        &["1 Check", "2 Prepare <Parallel> [2.1 Ship] [2.2 Refuse]"],
        &[],
    );
    check(
        &format!("{A}{and}{BC}<task id=\"d\" name=\"Tell\"/>"),
        "s>a a>x x>b x>c b>e c>d d>e",
        &["1 Check", "2 Ship", "3 Refuse", "4 Tell"],
        &["BPM0205"],
    );
    // Several flows out of a step are the same without the gateway.
    check(&format!("{A}{BC}"), "s>a a>b a>c b>e c>e", &["1 Check", "2 Ship", "3 Refuse"], &[]);
}

#[test]
fn events_are_triggers_waits_branches_and_outcomes() {
    let wait = "<intermediateCatchEvent id=\"w\" name=\"Payment\"><messageEventDefinition/></intermediateCatchEvent>";
    check(
        &format!("{A}{wait}{B}"),
        "s>a a>w w>b b>e",
        &["1 Check", "2 Wait for: Payment <Wait>", "3 Ship"],
        &[],
    );
    let first = "<eventBasedGateway id=\"g\"/>\
         <intermediateCatchEvent id=\"w\" name=\"Payment comes\"><messageEventDefinition/></intermediateCatchEvent>\
         <intermediateCatchEvent id=\"t\"><timerEventDefinition><timeDuration>P7D</timeDuration></timerEventDefinition></intermediateCatchEvent>";
    check(
        &format!("{A}{first}{BC}"),
        "s>a a>g g>w g>t w>b t>c b>e c>e",
        &[
            "1 Check",
            "2 Wait for what happens first <Wait> | Payment comes -> next | 7 days have passed -> #refuse",
            "3 Ship <End>",
            "4 Refuse",
        ],
        &[],
    );
    let join = "<inclusiveGateway id=\"g\" name=\"What is needed?\"/><inclusiveGateway id=\"j\"/><task id=\"d\" name=\"Tell\"/>";
    check(
        &format!("{A}{join}{BC}"),
        "s>a a>g g>b:box g>j:nothing g>c:bag b>j c>j j>d d>e",
        &[
            "1 Check <Decision> | the answer to \"What is needed\" is box -> next | otherwise -> #see-whether-this-holds-the-answer-to-what-is-needed-is-bag",
            "2 Ship",
            "3 See whether this holds: the answer to \"What is needed\" is bag <Decision> | the answer to \"What is needed\" is bag -> next | otherwise -> #tell",
            "4 Refuse",
            "5 Tell",
        ],
        &["BPM0205"],
    );
    let late = "<boundaryEvent id=\"t\" attachedToRef=\"a\" name=\"2 days\"><timerEventDefinition/></boundaryEvent>";
    check(
        &format!("{A}{late}{BC}"),
        "s>a a>b b>e t>c c>e",
        &[
            "1 Check <Decision> | otherwise -> next | it takes longer than 2 days -> #refuse due 2 days",
            "2 Ship <End>",
            "3 Refuse",
        ],
        &["BPM0207"],
    );
}

#[test]
fn a_clock_at_a_step_is_its_deadline_and_says_what_follows() {
    for (name, about, condition, due) in [
        ("2 days", "", "it takes longer than 2 days", "2 days"),
        ("After 2 days", "", "it takes longer than 2 days", "After 2 days"),
        ("", "P3D", "it takes longer than 3 days", "3 days"),
        ("", "P1DT1H", "it takes longer than 1 day 1 hour", "1 day 1 hour"),
        ("Too late", "PT30M", "Too late: it takes longer than 30 minutes", "30 minutes"),
        ("Friday noon", "", "Friday noon", "Friday noon"),
        ("", "R3/PT1H", "R3/PT1H have passed", "R3/PT1H"),
        ("", "P3X", "P3X have passed", "P3X"),
    ] {
        let late = format!(
            "<boundaryEvent id=\"t\" attachedToRef=\"a\" name=\"{name}\"><timerEventDefinition>\
             <timeDuration>{about}</timeDuration></timerEventDefinition></boundaryEvent>"
        );
        check(
            &format!("{A}{late}{BC}"),
            "s>a a>b b>e t>c c>e",
            &[
                &format!(
                    "1 Check <Decision> | otherwise -> next | {condition} -> #refuse due {due}"
                ),
                "2 Ship <End>",
                "3 Refuse",
            ],
            &["BPM0207"],
        );
    }
}

#[test]
fn what_is_more_than_an_sop_can_say_is_said_in_the_report() {
    check(
        &format!("{A}<inclusiveGateway id=\"g\"/>{BC}"),
        "s>a a>g g>b:big g>c:late b>e c>e",
        &[
            "1 Check <Decision> | big -> next | otherwise -> #see-whether-this-holds-late",
            "2 Ship",
            "3 See whether this holds: late <Decision> | late -> next | otherwise -> end",
            "4 Refuse",
        ],
        &["BPM0205"],
    );
    // Where a case has no words, or is the rest of the others, one way is chosen.
    check(
        &format!("{A}<inclusiveGateway id=\"g\" default=\"f3\"/>{BC}"),
        "s>a a>g g>b:big g>c b>e c>e",
        &["1 Check <Decision> | big -> next | otherwise -> #refuse", "2 Ship <End>", "3 Refuse"],
        &["BPM0204"],
    );
    check(
        "<startEvent id=\"s\"/><task id=\"a\" name=\"Call\"><standardLoopCharacteristics/></task>",
        "s>a",
        &["1 Call"],
        &["BPM0206"],
    );
    check(
        &format!("{A}{BC}<sequenceFlow id=\"x\" sourceRef=\"b\"/>"),
        "s>a a>b",
        &["1 Check", "2 Ship <End>", "3 Refuse"],
        &["BPM0203", "BPM0202"],
    );
    let inner = "<subProcess id=\"a\" name=\"Pack\"><startEvent id=\"i\"/><exclusiveGateway id=\"g\"/><task id=\"b\" name=\"Box\"/><task id=\"c\" name=\"Bag\"/>";
    check(
        &format!(
            "{inner}{}</subProcess>",
            "<sequenceFlow id=\"1\" sourceRef=\"i\" targetRef=\"b\"/><sequenceFlow id=\"2\" sourceRef=\"b\" targetRef=\"g\"/><sequenceFlow id=\"3\" name=\"small\" sourceRef=\"g\" targetRef=\"c\"/><sequenceFlow id=\"4\" name=\"big\" sourceRef=\"g\" targetRef=\"b\"/>"
        ),
        "",
        &[
            "1 Pack [1.1 Box | small -> here (go on) | big -> here (the next part is \"Box\")] [1.2 Bag]",
        ],
        &["BPM0208"],
    );
    check("<transaction id=\"a\" name=\"Pay\"/>", "", &["1 Pay"], &["BPM0210"]);
}

#[test]
fn a_condition_for_a_machine_is_said_as_plainly_as_it_can_be_and_reported() {
    let check = |name: &str, condition: &str, attributes: &str, expected: (&str, bool)| {
        let (processes, codes) = imported(&format!(
            "<process id=\"p\"><startEvent id=\"s\"/>{A}<exclusiveGateway id=\"g\" default=\"z\"/>{BC}{}\
             <sequenceFlow id=\"x\" name=\"{name}\" sourceRef=\"g\" targetRef=\"b\">\
             <conditionExpression {attributes}>{condition}</conditionExpression></sequenceFlow>\
             <sequenceFlow id=\"z\" sourceRef=\"g\" targetRef=\"c\"/></process>",
            flows("s>a a>g b>c"),
        ));
        assert_eq!(processes[0].steps[0].decisions[0].condition, expected.0);
        assert_eq!(codes.contains(&"BPM0212".to_owned()), expected.1, "{condition}: {codes:?}");
    };
    check("", "${amount &gt; 500}", "", ("amount > 500", true));
    check("", "#{approved}", "", ("approved", true));
    check("", "= amount &gt; 500", "", ("amount > 500", true));
    check("", "${a} ${b}", "", ("${a} ${b}", true));
    check("", "order.status == 'late' &amp;&amp; x", "", ("order.status == 'late' && x", true));
    check("", "late", "language=\"http://www.java.com/java\"", ("late", true));
    check("", "the order is late", "", ("the order is late", false));
    check("the order is late", "${late}", "", ("the order is late", false));
    check("", "", "", ("the next thing is \"Ship\"", false));
}

#[test]
fn pools_lanes_messages_notes_and_data_are_seats_handoffs_and_evidence() {
    let (processes, codes) = imported(
        "<collaboration id=\"c\"><participant id=\"x\" name=\"Customer\"/>\
           <participant id=\"y\" name=\"Shop\" processRef=\"p\"/>\
           <messageFlow id=\"m\" sourceRef=\"a\" targetRef=\"x\"/>\
           <messageFlow id=\"n\" name=\"Order\" sourceRef=\"x\" targetRef=\"s\"/></collaboration>\
         <process id=\"p\"><laneSet><lane id=\"l\" name=\"Sales\"><flowNodeRef>a</flowNodeRef></lane></laneSet>\
           <startEvent id=\"s\"/><userTask id=\"a\" name=\"Confirm\"><documentation>Within the *day*.</documentation>\
           <dataOutputAssociation><targetRef>d</targetRef></dataOutputAssociation></userTask>\
           <dataObjectReference id=\"d\" name=\"Confirmation\"/>\
           <textAnnotation id=\"t\"><text>Due: 4 hours</text></textAnnotation>\
           <association id=\"o\" sourceRef=\"t\" targetRef=\"a\"/>\
           <sequenceFlow id=\"f\" sourceRef=\"s\" targetRef=\"a\"/></process>",
    );
    assert_eq!(codes, ["BPM0211"]);
    let [process] = processes.as_slice() else { panic!("{processes:?}") };
    assert_eq!(process.title, "Shop");
    assert_eq!(process.triggers[0].text, "Order from Customer");
    let step = &process.steps[0];
    assert_eq!(told(step), "1 Confirm @Sales due 4 hours");
    assert_eq!(step.text, "Within the \\*day\\*.");
    assert_eq!(step.handoff_to, ["Customer"]);
    assert_eq!(step.evidence[0].text, "Confirmation");
}

#[test]
fn circles_of_gateways_and_flows_to_nowhere_end() {
    let gates = "<exclusiveGateway id=\"g\"/><exclusiveGateway id=\"h\"/>";
    check(&format!("{A}{gates}"), "s>a a>g g>h h>g", &["1 Check"], &[]);
    check(
        &format!("{A}{gates}"),
        "s>a a>g g>h g>a h>g",
        &[
            "1 Check",
            "2 Decide how to go on <Decision> | the next thing is \"Decide how to go on\" -> back #decide-how-to-go-on | otherwise -> back #check",
        ],
        &[],
    );
}

#[test]
fn a_process_that_nobody_could_survey_is_refused() {
    let task = "<task name=\"Check\"/>";
    check(&task.repeat(4001), "", &[], &["BPM0004"]);
}
