//! Models as different tools write them: prefixes, extensions, drawings, and what each leaves out.

use crate::importing::told;
use gemba_bpmn::{of_process, read, to_processes, write};

const MODEL: &str = "http://www.omg.org/spec/BPMN/20100524/MODEL";
const XSI: &str = "http://www.w3.org/2001/XMLSchema-instance";

/// What is read of a model: its processes with triggers, steps, handoffs and outputs, and the codes.
#[track_caller]
fn check(model: &str, expected: &str) {
    let model = model.replace("MODEL", MODEL).replace("XSI", XSI);
    let (definitions, report) = read(model.as_bytes()).unwrap();
    let made = to_processes(&definitions, "model.bpmn");
    let mut lines = Vec::new();
    for process in &made.processes {
        lines.push(format!("# {}", process.title));
        lines.extend(process.triggers.iter().map(|t| format!("{:?}: {}", t.kind, t.text)));
        for step in process.all_steps() {
            if !step.number.contains('.') {
                lines.push(told(step));
            }
            lines.extend(step.procedure.iter().map(|p| format!("{} calls {}", step.number, p.to)));
            lines
                .extend(step.evidence.iter().map(|e| format!("{} leaves {}", step.number, e.text)));
            lines.extend(step.handoff_to.iter().map(|to| format!("{} > {to}", step.number)));
        }
        lines.extend(process.expected_output.iter().map(|o| format!("= {}", o.text)));
        lines.extend(process.failure_signals.iter().map(|f| format!("! {}", f.text)));
        // And it can be drawn again.
        assert!(read(write(&of_process(process, &[])).as_bytes()).is_ok());
    }
    let codes = report.findings.iter().chain(&made.findings);
    lines.extend(codes.map(|f| format!("{} {}", f.code, f.message)));
    let expected: Vec<&str> = expected.lines().map(str::trim).filter(|l| !l.is_empty()).collect();
    assert_eq!(lines, expected, "\n{}", lines.join("\n"));
}

#[test]
fn a_model_written_by_hand_without_a_drawing() {
    check(
        r#"<definitions xmlns="MODEL" id="d" targetNamespace="x">
          <process id="leave" name="Leave request">
            <startEvent id="s" name="Somebody asks for leave"/>
            <task id="a" name="Ask for leave"/><task id="b" name="Approve the leave"/>
            <endEvent id="e" name="Leave is booked"/>
            <sequenceFlow id="1" sourceRef="s" targetRef="a"/><sequenceFlow id="2" sourceRef="a" targetRef="b"/>
            <sequenceFlow id="3" sourceRef="b" targetRef="e"/>
          </process></definitions>"#,
        r#"
            # Leave request
            Request: Somebody asks for leave
            1 Ask for leave
            2 Approve the leave <Approval>
            = Leave is booked
            BPM0107 7 elements are not on any diagram, the first is the start event "Somebody asks for leave" (s)
        "#,
    );
}

#[test]
fn a_model_of_an_engine_with_forms_assignees_and_scripts() {
    check(
        r#"<?xml version="1.0" encoding="UTF-8"?>
        <bpmn:definitions xmlns:bpmn="MODEL" xmlns:camunda="http://camunda.org/schema/1.0/bpmn" xmlns:xsi="XSI" id="Definitions_0" targetNamespace="http://bpmn.io/schema/bpmn" exporter="Camunda Modeler" exporterVersion="5.30.0">
          <bpmn:process id="Process_0abc" name="Invoice receipt" isExecutable="true" camunda:historyTimeToLive="30">
            <bpmn:startEvent id="StartEvent_1" name="Invoice received" camunda:formKey="f"><bpmn:outgoing>Flow_1</bpmn:outgoing><bpmn:messageEventDefinition id="M1" messageRef="Message_1"/></bpmn:startEvent>
            <bpmn:userTask id="Activity_1" name="Approve invoice" camunda:candidateGroups="management"><bpmn:extensionElements><camunda:formData><camunda:formField id="approved" type="boolean"/></camunda:formData></bpmn:extensionElements><bpmn:incoming>Flow_1</bpmn:incoming><bpmn:outgoing>Flow_2</bpmn:outgoing></bpmn:userTask>
            <bpmn:exclusiveGateway id="Gateway_1" name="Approved?"><bpmn:incoming>Flow_2</bpmn:incoming></bpmn:exclusiveGateway>
            <bpmn:serviceTask id="Activity_2" name="Transfer the money" camunda:delegateExpression="${pay}"/>
            <bpmn:endEvent id="Event_1" name="Invoice paid"/><bpmn:endEvent id="Event_2" name="Invoice refused"/>
            <bpmn:boundaryEvent id="Event_3" name="Bank is down" attachedToRef="Activity_2"><bpmn:errorEventDefinition id="E1" errorRef="Error_1"/></bpmn:boundaryEvent>
            <bpmn:userTask id="Activity_3" name="Pay by hand" camunda:assignee="${initiator}"/>
            <bpmn:sequenceFlow id="Flow_1" sourceRef="StartEvent_1" targetRef="Activity_1"/>
            <bpmn:sequenceFlow id="Flow_2" sourceRef="Activity_1" targetRef="Gateway_1"/>
            <bpmn:sequenceFlow id="Flow_3" name="yes" sourceRef="Gateway_1" targetRef="Activity_2"><bpmn:conditionExpression xsi:type="bpmn:tFormalExpression">${approved}</bpmn:conditionExpression></bpmn:sequenceFlow>
            <bpmn:sequenceFlow id="Flow_4" name="no" sourceRef="Gateway_1" targetRef="Event_2"><bpmn:conditionExpression xsi:type="bpmn:tFormalExpression">${!approved}</bpmn:conditionExpression></bpmn:sequenceFlow>
            <bpmn:sequenceFlow id="Flow_5" sourceRef="Activity_2" targetRef="Event_1"/>
            <bpmn:sequenceFlow id="Flow_6" sourceRef="Event_3" targetRef="Activity_3"/>
            <bpmn:sequenceFlow id="Flow_7" sourceRef="Activity_3" targetRef="Event_1"/>
          </bpmn:process>
          <bpmn:message id="Message_1" name="invoice"/><bpmn:error id="Error_1" name="bank-down"/>
        </bpmn:definitions>"#,
        r#"
            # Invoice receipt
            Event: Invoice received
            1 Approve invoice <Approval> @management | the answer to "Approved" is yes -> next | the answer to "Approved" is no -> end (Invoice refused)
            2 Transfer the money <Decision> | otherwise -> end | Bank is down -> next
            3 Pay by hand
            = Invoice paid
            ! Bank is down
            BPM0107 15 elements are not on any diagram, the first is the start event "Invoice received" (StartEvent_1)
            BPM0207 the boundary event "Bank is down" (Event_3) at "Transfer the money" became a branch
        "#,
    );
}

#[test]
fn a_model_of_a_repository_with_default_prefix_and_lanes_by_drawing_only() {
    check(
        r#"<definitions xmlns="MODEL" xmlns:bpmndi="http://www.omg.org/spec/BPMN/20100524/DI" xmlns:omgdc="http://www.omg.org/spec/DD/20100524/DC" xmlns:signavio="http://www.signavio.com" exporter="Signavio Process Editor" id="sid-1" targetNamespace="http://www.signavio.com">
          <collaboration id="sid-c"><extensionElements><signavio:signavioDiagramMetaData metaKey="author" metaValue="x"/></extensionElements>
            <participant id="sid-p" name="Claims" processRef="sid-proc"><extensionElements/></participant></collaboration>
          <process id="sid-proc" name="Claims" processType="None">
            <laneSet id="sid-ls"><lane id="sid-l1" name="Clerk"/><lane id="sid-l2" name="Expert"/></laneSet>
            <startEvent id="sid-s" name=""><timerEventDefinition><timeCycle>every Monday</timeCycle></timerEventDefinition></startEvent>
            <task id="sid-a" name="Sort&#10;claims" completionQuantity="1" isForCompensation="false" startQuantity="1"/>
            <task id="sid-b" name="Judge claims"/><endEvent id="sid-e" name=""/>
            <sequenceFlow id="sid-1f" sourceRef="sid-s" targetRef="sid-a"/><sequenceFlow id="sid-2f" sourceRef="sid-a" targetRef="sid-b"/><sequenceFlow id="sid-3f" sourceRef="sid-b" targetRef="sid-e"/>
          </process>
          <bpmndi:BPMNDiagram><bpmndi:BPMNPlane bpmnElement="sid-c">
            <bpmndi:BPMNShape bpmnElement="sid-l1"><omgdc:Bounds x="30" y="0.0" width="600" height="100"/></bpmndi:BPMNShape>
            <bpmndi:BPMNShape bpmnElement="sid-l2"><omgdc:Bounds x="30" y="100.0" width="600" height="100"/></bpmndi:BPMNShape>
            <bpmndi:BPMNShape bpmnElement="sid-a"><omgdc:Bounds x="100" y="10" width="100" height="80"/></bpmndi:BPMNShape>
            <bpmndi:BPMNShape bpmnElement="sid-b"><omgdc:Bounds x="250" y="110" width="100" height="80"/></bpmndi:BPMNShape>
          </bpmndi:BPMNPlane></bpmndi:BPMNDiagram></definitions>"#,
        r#"
            # Claims
            Schedule: every Monday
            1 Sort claims @Clerk
            2 Judge claims @Expert
            BPM0107 6 elements are not on any diagram, the first is the participant "Claims" (sid-p)
        "#,
    );
}

#[test]
fn two_companies_that_send_each_other_messages() {
    check(
        r#"<semantic:definitions xmlns:semantic="MODEL" id="d">
          <semantic:collaboration id="c">
            <semantic:participant id="p1" name="Customer" processRef="buy"/><semantic:participant id="p2" name="Shop" processRef="sell"/><semantic:participant id="p3" name="Carrier"/>
            <semantic:messageFlow id="m1" name="Order" sourceRef="b1" targetRef="s2"/>
            <semantic:messageFlow id="m2" name="Goods" sourceRef="t2" targetRef="p3"/>
            <semantic:messageFlow id="m3" name="Bill" sourceRef="t2" targetRef="b2"/>
          </semantic:collaboration>
          <semantic:process id="buy"><semantic:startEvent id="s1"/><semantic:sendTask id="b1" name="Order goods"/><semantic:receiveTask id="b2" name="Wait for the bill"/><semantic:endEvent id="e1" name="Paid"/>
            <semantic:sequenceFlow id="f1" sourceRef="s1" targetRef="b1"/><semantic:sequenceFlow id="f2" sourceRef="b1" targetRef="b2"/><semantic:sequenceFlow id="f3" sourceRef="b2" targetRef="e1"/></semantic:process>
          <semantic:process id="sell"><semantic:laneSet id="l"><semantic:lane id="l1" name="Sales"><semantic:flowNodeRef>t1</semantic:flowNodeRef><semantic:flowNodeRef>s2</semantic:flowNodeRef></semantic:lane><semantic:lane id="l2" name="Warehouse"><semantic:flowNodeRef>t2</semantic:flowNodeRef></semantic:lane></semantic:laneSet>
            <semantic:startEvent id="s2"><semantic:messageEventDefinition/></semantic:startEvent><semantic:task id="t1" name="Check the order"/><semantic:task id="t2" name="Ship the goods"/><semantic:endEvent id="e2" name="Shipped"/>
            <semantic:sequenceFlow id="f4" sourceRef="s2" targetRef="t1"/><semantic:sequenceFlow id="f5" sourceRef="t1" targetRef="t2"/><semantic:sequenceFlow id="f6" sourceRef="t2" targetRef="e2"/></semantic:process>
        </semantic:definitions>"#,
        r#"
            # Customer
            1 Order goods @Customer
            1 > Sales
            2 Wait for the bill <Wait> @Customer
            = Paid
            # Shop
            Event: Order from Customer
            1 Check the order @Sales
            2 Ship the goods @Warehouse
            2 > Carrier
            2 > Customer
            = Shipped
            BPM0107 22 elements are not on any diagram, the first is the participant "Customer" (p1)
            BPM0211 the participant "Carrier" (p3) has no process: it is an outside party
        "#,
    );
}

#[test]
fn inclusive_gateways_and_conditions_at_flows() {
    check(
        r#"<bpmn2:definitions xmlns:bpmn2="MODEL" xmlns:xsi="XSI" id="d">
          <bpmn2:process id="p" name="Hiring"><bpmn2:startEvent id="s"/><bpmn2:userTask id="a" name="Sign the contract"/>
            <bpmn2:inclusiveGateway id="g" name="What is needed?"/>
            <bpmn2:userTask id="b" name="Order a laptop"/><bpmn2:userTask id="c" name="Book a desk"/><bpmn2:userTask id="d1" name="Order a car"/>
            <bpmn2:inclusiveGateway id="j"/><bpmn2:userTask id="w" name="Welcome the person"/><bpmn2:endEvent id="e"/>
            <bpmn2:sequenceFlow id="1" sourceRef="s" targetRef="a"/><bpmn2:sequenceFlow id="2" sourceRef="a" targetRef="g"/>
            <bpmn2:sequenceFlow id="3" sourceRef="g" targetRef="b" name="the person works at a screen"/>
            <bpmn2:sequenceFlow id="4" sourceRef="g" targetRef="c"><bpmn2:conditionExpression xsi:type="bpmn2:tFormalExpression">place == 'office'</bpmn2:conditionExpression></bpmn2:sequenceFlow>
            <bpmn2:sequenceFlow id="5" sourceRef="g" targetRef="d1" name="the person travels"/>
            <bpmn2:sequenceFlow id="6" sourceRef="b" targetRef="j"/><bpmn2:sequenceFlow id="7" sourceRef="c" targetRef="j"/><bpmn2:sequenceFlow id="8" sourceRef="d1" targetRef="j"/>
            <bpmn2:sequenceFlow id="9" sourceRef="j" targetRef="w"/><bpmn2:sequenceFlow id="10" sourceRef="w" targetRef="e"/>
          </bpmn2:process></bpmn2:definitions>"#,
        r#"
            # Hiring
            1 Sign the contract <Decision> | the person works at a screen -> next | otherwise -> #see-whether-this-holds-place-office
            2 Order a laptop
            3 See whether this holds: place == 'office' <Decision> | place == 'office' -> next | otherwise -> #see-whether-this-holds-the-person-travels
            4 Book a desk
            5 See whether this holds: the person travels <Decision> | the person travels -> next | otherwise -> #welcome-the-person
            6 Order a car
            7 Welcome the person
            BPM0107 19 elements are not on any diagram, the first is the start event s
            BPM0205 what may go on at once after the inclusive gateway "What is needed?" (g) is written in a row
            BPM0212 the sequence flow 4 has no name, only a condition for a machine: "place == 'office'"
        "#,
    );
}

#[test]
fn boundary_events_that_end_a_step_or_run_beside_it() {
    check(
        r#"<bpmn:definitions xmlns:bpmn="MODEL" id="d"><bpmn:process id="p" name="Support"><bpmn:startEvent id="s" name="Ticket opened"/>
            <bpmn:userTask id="a" name="Answer the ticket"/>
            <bpmn:boundaryEvent id="t1" attachedToRef="a" cancelActivity="false"><bpmn:timerEventDefinition><bpmn:timeDuration>PT4H</bpmn:timeDuration></bpmn:timerEventDefinition></bpmn:boundaryEvent>
            <bpmn:boundaryEvent id="t2" attachedToRef="a"><bpmn:timerEventDefinition><bpmn:timeDuration>P3D</bpmn:timeDuration></bpmn:timerEventDefinition></bpmn:boundaryEvent>
            <bpmn:userTask id="r" name="Remind the agent"/><bpmn:userTask id="x" name="Take the ticket over"/>
            <bpmn:endEvent id="e" name="Ticket closed"/><bpmn:endEvent id="e2"/>
            <bpmn:sequenceFlow id="1" sourceRef="s" targetRef="a"/><bpmn:sequenceFlow id="2" sourceRef="a" targetRef="e"/>
            <bpmn:sequenceFlow id="3" sourceRef="t1" targetRef="r"/><bpmn:sequenceFlow id="4" sourceRef="r" targetRef="e2"/>
            <bpmn:sequenceFlow id="5" sourceRef="t2" targetRef="x"/><bpmn:sequenceFlow id="6" sourceRef="x" targetRef="e"/>
          </bpmn:process></bpmn:definitions>"#,
        r#"
            # Support
            Request: Ticket opened
            1 Answer the ticket <Decision> | otherwise -> end | it takes longer than 4 hours -> next | it takes longer than 3 days -> #take-the-ticket-over due 3 days
            2 Remind the agent <Decision> | always -> back #answer-the-ticket
            3 Take the ticket over
            = Ticket closed
            BPM0107 14 elements are not on any diagram, the first is the start event "Ticket opened" (s)
            BPM0207 the boundary event t1 at "Answer the ticket" became a branch; the step itself goes on
            BPM0207 the boundary event t2 at "Answer the ticket" became a branch
        "#,
    );
}

#[test]
fn sub_processes_open_closed_and_begun_by_events() {
    check(
        r#"<bpmn:definitions xmlns:bpmn="MODEL" id="d"><bpmn:process id="p" name="Month end"><bpmn:startEvent id="s"/>
            <bpmn:subProcess id="a" name="Close the books"><bpmn:startEvent id="as"/><bpmn:task id="a1" name="Post accruals"/><bpmn:task id="a2" name="Lock the period"/><bpmn:endEvent id="ae" name="Period locked"/>
              <bpmn:sequenceFlow id="a3" sourceRef="as" targetRef="a1"/><bpmn:sequenceFlow id="a4" sourceRef="a1" targetRef="a2"/><bpmn:sequenceFlow id="a5" sourceRef="a2" targetRef="ae"/></bpmn:subProcess>
            <bpmn:callActivity id="b" name="Report" calledElement="reporting"/>
            <bpmn:subProcess id="c" name="Correct" triggeredByEvent="true"><bpmn:startEvent id="cs" name="A booking is wrong"><bpmn:signalEventDefinition/></bpmn:startEvent><bpmn:task id="c1" name="Reverse it"/><bpmn:sequenceFlow id="c2" sourceRef="cs" targetRef="c1"/></bpmn:subProcess>
            <bpmn:endEvent id="e" name="Reported"/>
            <bpmn:sequenceFlow id="1" sourceRef="s" targetRef="a"/><bpmn:sequenceFlow id="2" sourceRef="a" targetRef="b"/><bpmn:sequenceFlow id="3" sourceRef="b" targetRef="e"/>
          </bpmn:process></bpmn:definitions>"#,
        r#"
            # Month end
            1 Close the books [1.1 Post accruals] [1.2 Lock the period]
            2 Report <Call>
            2 calls reporting
            = Reported
            ! A booking is wrong
            BPM0107 18 elements are not on any diagram, the first is the start event s
            BPM0207 the sub process "Correct" (c) begins whenever its event happens: it became a failure signal and words
        "#,
    );
}

#[test]
fn a_model_whose_references_carry_prefixes_and_whose_process_has_no_start() {
    check(
        r#"<ns0:definitions xmlns:ns0="MODEL" xmlns:tns="urn:x" targetNamespace="urn:x" id="d">
          <ns0:process id="p"><ns0:task id="a" name="Get in"/><ns0:task id="b" name="Get out"/>
          <ns0:sequenceFlow id="1" sourceRef="tns:a" targetRef="tns:b"/></ns0:process></ns0:definitions>"#,
        r#"
            # Model
            1 Get in
            2 Get out
            BPM0107 3 elements are not on any diagram, the first is the task "Get in" (a)
        "#,
    );
}

#[test]
fn data_stores_notes_groups_and_links() {
    check(
        r#"<bpmn:definitions xmlns:bpmn="MODEL" id="d"><bpmn:process id="p" name="Archive"><bpmn:startEvent id="s"/>
            <bpmn:task id="a" name="Scan"><bpmn:dataOutputAssociation id="o"><bpmn:targetRef>st</bpmn:targetRef></bpmn:dataOutputAssociation></bpmn:task>
            <bpmn:dataStoreReference id="st" name="Archive system"/>
            <bpmn:intermediateThrowEvent id="l1" name="A"><bpmn:linkEventDefinition name="A"/></bpmn:intermediateThrowEvent>
            <bpmn:intermediateCatchEvent id="l2" name="A"><bpmn:linkEventDefinition name="A"/></bpmn:intermediateCatchEvent>
            <bpmn:task id="b" name="Shred"/><bpmn:endEvent id="e"><bpmn:terminateEventDefinition/></bpmn:endEvent>
            <bpmn:sequenceFlow id="1" sourceRef="s" targetRef="a"/><bpmn:sequenceFlow id="2" sourceRef="a" targetRef="l1"/><bpmn:sequenceFlow id="3" sourceRef="l2" targetRef="b"/><bpmn:sequenceFlow id="4" sourceRef="b" targetRef="e"/>
            <bpmn:group id="g"/><bpmn:textAnnotation id="n"><bpmn:text>Only after ten years</bpmn:text></bpmn:textAnnotation><bpmn:association id="as" sourceRef="b" targetRef="n"/>
          </bpmn:process></bpmn:definitions>"#,
        r"
            # Archive
            1 Scan
            1 leaves Archive system
            2 Shred
            BPM0107 12 elements are not on any diagram, the first is the start event s
        ",
    );
}

#[test]
fn work_in_parallel_repeated_and_decided_by_rules() {
    check(
        r#"<definitions xmlns="MODEL" id="d"><process id="p" name="Order"><startEvent id="s" name="Stock is below 10"><conditionalEventDefinition/></startEvent>
            <businessRuleTask id="a" name="Choose the supplier"/><parallelGateway id="f"/>
            <manualTask id="b" name="Clear the shelf"/><userTask id="c" name="Order goods"><multiInstanceLoopCharacteristics isSequential="true"/></userTask>
            <parallelGateway id="j"/><scriptTask id="x" name="Update the list"/><endEvent id="e" name="Stock is full"/>
            <sequenceFlow id="1" sourceRef="s" targetRef="a"/><sequenceFlow id="2" sourceRef="a" targetRef="f"/><sequenceFlow id="3" sourceRef="f" targetRef="b"/><sequenceFlow id="4" sourceRef="f" targetRef="c"/>
            <sequenceFlow id="5" sourceRef="b" targetRef="j"/><sequenceFlow id="6" sourceRef="c" targetRef="j"/><sequenceFlow id="7" sourceRef="j" targetRef="x"/><sequenceFlow id="8" sourceRef="x" targetRef="e"/>
          </process></definitions>"#,
        r#"
            # Order
            Threshold: Stock is below 10
            1 Choose the supplier
            2 At the same time: Clear the shelf; Order goods <Parallel> [2.1 Clear the shelf] [2.2 Order goods]
            3 Update the list
            = Stock is full
            BPM0107 16 elements are not on any diagram, the first is the start event "Stock is below 10" (s)
            BPM0206 that the user task "Order goods" (c) is repeated is said in its text
        "#,
    );
}
