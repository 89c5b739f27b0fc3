//! What can be carried out in a process or sub-process: its nodes and flows, found by their ids.

use crate::definitions::Ids;
use crate::read::is_sub_process;
use crate::xml::{Element, Ns, folded};
use std::collections::BTreeMap;

/// What an event is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Event {
    None,
    Message,
    Timer,
    Conditional,
    Signal,
    Error,
    Escalation,
    Terminate,
    Link,
    Compensation,
    Cancel,
    Several,
}

/// What a node is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Task,
    SubProcess,
    Call,
    Exclusive,
    Inclusive,
    Parallel,
    EventBased,
    Start,
    End,
    Catch,
    Throw,
    /// At the border of the node with this index.
    Boundary {
        host: Option<usize>,
    },
}

impl Kind {
    /// Whether it splits or joins and does nothing else.
    pub(crate) fn is_gateway(self) -> bool {
        matches!(self, Self::Exclusive | Self::Inclusive | Self::Parallel | Self::EventBased)
    }
}

/// A node of a process or sub-process.
#[derive(Debug, Clone)]
pub(crate) struct FlowNode<'a> {
    pub(crate) element: &'a Element,
    pub(crate) kind: Kind,
    pub(crate) event: Event,
}

/// A flow between two nodes of the same scope.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Flow<'a> {
    pub(crate) element: &'a Element,
    pub(crate) from: usize,
    pub(crate) to: usize,
}

/// The nodes and flows of one process or sub-process.
#[derive(Debug, Default)]
pub(crate) struct Scope<'a> {
    pub(crate) nodes: Vec<FlowNode<'a>>,
    pub(crate) flows: Vec<Flow<'a>>,
    /// Flows without a beginning or an end here.
    pub(crate) loose: Vec<&'a Element>,
    /// Sub-processes that are begun by an event and not by a flow.
    pub(crate) event_subs: Vec<&'a Element>,
    /// What no process can hold.
    pub(crate) strange: Vec<&'a Element>,
}

impl<'a> Scope<'a> {
    /// Reads the scope of a process or sub-process.
    pub(crate) fn of(container: &'a Element, ids: &Ids<'a>) -> Self {
        let mut scope = Scope::default();
        let mut by_id: BTreeMap<&str, usize> = BTreeMap::new();
        for element in container.parts() {
            if is_sub_process(element) && element.attr("triggeredByEvent") == Some("true") {
                scope.event_subs.push(element);
                continue;
            }
            let Some(kind) = kind(element) else {
                if matches!(
                    element.local(),
                    "choreographyTask" | "subChoreography" | "callChoreography"
                ) {
                    scope.strange.push(element);
                }
                continue;
            };
            if let Some(id) = element.id() {
                by_id.entry(id).or_insert(scope.nodes.len());
            }
            scope.nodes.push(FlowNode { element, kind, event: event(element, ids) });
        }
        for element in container.parts() {
            let end = |name: &str| {
                let reference = element.attr(name)?.trim();
                by_id.get(reference).or_else(|| by_id.get(crate::xml::local(reference))).copied()
            };
            if element.is("boundaryEvent")
                && let Some(at) = element.id().and_then(|id| by_id.get(id)).copied()
            {
                let host = end("attachedToRef");
                if let Some(node) = scope.nodes.get_mut(at) {
                    node.kind = Kind::Boundary { host };
                }
            }
            if element.is("sequenceFlow") {
                match (end("sourceRef"), end("targetRef")) {
                    (Some(from), Some(to)) => scope.flows.push(Flow { element, from, to }),
                    _ => scope.loose.push(element),
                }
            }
        }
        scope
    }
}

/// How many nodes and flows there are in a process and its sub-processes.
pub(crate) fn size(container: &Element) -> usize {
    let counts = |e: &&&Element| kind(e).is_some() || e.is("sequenceFlow");
    container.walk().iter().filter(counts).count()
}

fn kind(element: &Element) -> Option<Kind> {
    if element.ns != Ns::Bpmn {
        return None;
    }
    Some(match element.local() {
        "task" | "userTask" | "manualTask" | "serviceTask" | "scriptTask" | "sendTask"
        | "receiveTask" | "businessRuleTask" => Kind::Task,
        "subProcess" | "adHocSubProcess" | "transaction" => Kind::SubProcess,
        "callActivity" => Kind::Call,
        "exclusiveGateway" => Kind::Exclusive,
        "inclusiveGateway" | "complexGateway" => Kind::Inclusive,
        "parallelGateway" => Kind::Parallel,
        "eventBasedGateway" => Kind::EventBased,
        "startEvent" => Kind::Start,
        "endEvent" => Kind::End,
        "intermediateCatchEvent" => Kind::Catch,
        "intermediateThrowEvent" => Kind::Throw,
        "boundaryEvent" => Kind::Boundary { host: None },
        _ => return None,
    })
}

/// The definitions of an event: its own, and those it refers to.
fn event_definitions<'a>(element: &'a Element, ids: &Ids<'a>) -> Vec<&'a Element> {
    let own = element.parts().filter(|e| e.local().ends_with("EventDefinition"));
    let referred =
        element.parts_named("eventDefinitionRef").filter_map(|e| ids.find(&folded(&e.text())));
    own.chain(referred).collect()
}

fn event(element: &Element, ids: &Ids<'_>) -> Event {
    let definitions = event_definitions(element, ids);
    match definitions.as_slice() {
        [] => Event::None,
        [one] => match one.local() {
            "messageEventDefinition" => Event::Message,
            "timerEventDefinition" => Event::Timer,
            "conditionalEventDefinition" => Event::Conditional,
            "signalEventDefinition" => Event::Signal,
            "errorEventDefinition" => Event::Error,
            "escalationEventDefinition" => Event::Escalation,
            "terminateEventDefinition" => Event::Terminate,
            "linkEventDefinition" => Event::Link,
            "compensateEventDefinition" => Event::Compensation,
            "cancelEventDefinition" => Event::Cancel,
            _ => Event::Several,
        },
        _ => Event::Several,
    }
}

/// What the definition of an event says: the name of its message, signal or error, its time, its
/// condition.
pub(crate) fn subject(element: &Element, ids: &Ids<'_>) -> String {
    for definition in event_definitions(element, ids) {
        let named = ["messageRef", "signalRef", "errorRef", "escalationRef"]
            .iter()
            .filter_map(|name| definition.attr(name))
            .filter_map(|reference| ids.find(reference))
            .map(Element::title)
            .find(|title| !title.is_empty());
        let said = ["timeDate", "timeDuration", "timeCycle", "condition"]
            .iter()
            .filter_map(|name| definition.part(name))
            .map(|part| folded(&part.text()))
            .find(|text| !text.is_empty());
        let own = definition.title();
        if let Some(words) = named.or(said).or_else(|| (!own.is_empty()).then_some(own)) {
            return words;
        }
    }
    String::new()
}

/// A length of time in words: "3 days" for "P3D" (ISO 8601); other words as they are.
pub(crate) fn spoken(text: &str) -> String {
    lengths(text.trim()).unwrap_or_else(|| text.to_owned())
}

fn lengths(text: &str) -> Option<String> {
    let mut rest = text.strip_prefix('P')?;
    let mut said: Vec<String> = Vec::new();
    let mut in_day = false;
    while !rest.is_empty() {
        if let Some(time) = rest.strip_prefix('T').filter(|_| !in_day) {
            in_day = true;
            rest = time;
            continue;
        }
        let digits = rest.len() - rest.trim_start_matches(|c: char| c.is_ascii_digit()).len();
        let (number, after) = rest.split_at_checked(digits)?;
        let count: u32 = number.parse().ok()?;
        let mut letters = after.chars();
        let unit = match (letters.next()?, in_day) {
            ('Y', false) => "year",
            ('M', false) => "month",
            ('W', false) => "week",
            ('D', false) => "day",
            ('H', true) => "hour",
            ('M', true) => "minute",
            ('S', true) => "second",
            _ => return None,
        };
        said.push(format!("{count} {unit}{}", if count == 1 { "" } else { "s" }));
        rest = letters.as_str();
    }
    (!said.is_empty()).then(|| said.join(" "))
}
