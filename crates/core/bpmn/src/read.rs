//! From bytes to the model: nothing that stands in the file is dropped, and what is wrong with it is
//! listed.

use crate::codes::{self, Rule, called};
use crate::definitions::Definitions;
use crate::encoding;
use crate::xml::{Attribute, Declaration, Element, Node, Ns, folded, local};
use gemba_diag::Diagnostic;
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

/// The largest file that is read, in bytes.
pub const MAX_BYTES: usize = 32 * 1024 * 1024;
/// The most elements, words and comments of a file.
const MAX_NODES: u32 = 2_000_000;
/// How deep elements may lie in each other.
const MAX_DEPTH: usize = 256;
/// How many prefixes without a namespace are put up with.
const MAX_UNBOUND: usize = 16;
/// The most findings of one kind that are listed one by one.
const MAX_LISTED: usize = 100;

/// What was found while reading.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Report {
    /// The text of the file, which the findings point into.
    pub source: String,
    /// What was not understood, in the order of the file.
    pub findings: Vec<Diagnostic>,
}

/// Why a file cannot be taken as a model.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// The text of the file as far as it could be read.
    pub source: String,
    /// The reason.
    pub finding: Box<Diagnostic>,
}

/// Reads a BPMN file.
///
/// Broken XML, document types and files beyond the limits are refused. Everything else is kept as it
/// is, and what is wrong with it is in the report.
pub fn read(bytes: &[u8]) -> Result<(Definitions, Report), Refusal> {
    let refused = |source: String, rule: Rule, at: usize, message: String| {
        let end = source.get(at..).and_then(|rest| rest.chars().next()).map_or(0, char::len_utf8);
        Refusal { finding: Box::new(rule.at(at..at + end, message)), source }
    };
    if bytes.len() > MAX_BYTES {
        let message = format!("the file is larger than {} MiB", MAX_BYTES / (1024 * 1024));
        return Err(refused(String::new(), codes::TOO_LARGE, 0, message));
    }
    let decoded = encoding::decode(bytes);
    let mut source = decoded.text;
    if let Err(at) = depth(&source) {
        let message = format!("elements lie in each other deeper than {MAX_DEPTH}");
        return Err(refused(source, codes::TOO_LARGE, at, message));
    }
    let mut findings: Vec<Diagnostic> =
        decoded.trouble.map(|words| codes::BYTES.at(0..0, words)).into_iter().collect();
    let mut unbound: BTreeSet<String> = BTreeSet::new();
    let read = loop {
        let text = bound(&source, &unbound);
        let options = roxmltree::ParsingOptions { nodes_limit: MAX_NODES, ..Default::default() };
        match roxmltree::Document::parse_with_options(&text, options) {
            Ok(document) => break Ok(definitions(&document)),
            Err(roxmltree::Error::UnknownNamespace(prefix, _))
                if unbound.len() < MAX_UNBOUND && unbound.insert(prefix.clone()) =>
            {
                let message = format!(
                    "the prefix \"{prefix}\" has no namespace; it was given one of its own"
                );
                findings.push(codes::PREFIX.at(0..0, message));
            }
            Err(error) => break Err((error, text.into_owned())),
        }
    };
    let definitions = match read {
        Ok(definitions) => definitions,
        Err((error, text)) => {
            let (rule, message) = trouble(&error);
            let at = offset(&text, error.pos());
            return Err(refused(text, rule, at, message));
        }
    };
    if !unbound.is_empty() {
        source = bound(&source, &unbound).into_owned();
    }
    if !definitions.root.is("definitions") {
        let name = &definitions.root.name;
        let message = format!("the root element is \"{name}\", not the definitions of BPMN 2.0");
        let at = definitions.root.span.start;
        return Err(refused(source, codes::NO_MODEL, at, message));
    }
    findings.extend(check(&definitions));
    findings.sort_by_key(|f| f.range.start);
    Ok((definitions, Report { source, findings }))
}

fn trouble(error: &roxmltree::Error) -> (Rule, String) {
    match error {
        roxmltree::Error::DtdDetected => {
            let message = "the file declares a document type, which a model never needs";
            (codes::DOCTYPE, message.to_owned())
        }
        roxmltree::Error::NodesLimitReached => {
            (codes::TOO_LARGE, format!("the file has more than {MAX_NODES} elements"))
        }
        roxmltree::Error::NoRootNode => {
            (codes::NO_MODEL, "there is no element in the file".to_owned())
        }
        other => (codes::BROKEN, format!("the XML is broken: {other}")),
    }
}

/// The byte of a position in lines and characters.
fn offset(text: &str, pos: roxmltree::TextPos) -> usize {
    let row = usize::try_from(pos.row).unwrap_or(1).saturating_sub(1);
    let column = usize::try_from(pos.col).unwrap_or(1).saturating_sub(1);
    let start: usize = text.split_inclusive('\n').take(row).map(str::len).sum();
    let line = text.get(start..).unwrap_or_default();
    start + line.char_indices().nth(column).map_or(0, |(at, _)| at)
}

/// The text with namespaces for prefixes that have none, declared at the root.
fn bound<'a>(source: &'a str, prefixes: &BTreeSet<String>) -> Cow<'a, str> {
    if prefixes.is_empty() {
        return Cow::Borrowed(source);
    }
    let Some(at) = root_name_end(source) else { return Cow::Borrowed(source) };
    let (head, tail) = source.split_at(at);
    let mut declared = head.to_owned();
    for prefix in prefixes {
        for part in [" xmlns:", prefix, "=\"urn:unbound:", prefix, "\""] {
            declared.push_str(part);
        }
    }
    Cow::Owned(declared + tail)
}

/// Where the name of the root element ends.
fn root_name_end(source: &str) -> Option<usize> {
    let mut at = 0;
    loop {
        let open = at + source.get(at..)?.find('<')?;
        let rest = source.get(open + 1..)?;
        at = match rest.chars().next()? {
            '?' => open + rest.find("?>")?,
            '!' if rest.starts_with("!--") => open + rest.find("-->")?,
            '!' => return None,
            _ => {
                let len = rest.find(|c: char| c.is_whitespace() || c == '>' || c == '/')?;
                return Some(open + 1 + len);
            }
        };
        at += 2;
    }
}

/// Refuses, before anything descends, what lies deeper than it may; gives the place.
fn depth(source: &str) -> Result<(), usize> {
    let mut depth = 0_usize;
    let mut at = 0;
    while let Some(found) = source.get(at..).and_then(|rest| rest.find('<')) {
        let open = at + found;
        let rest = source.get(open..).unwrap_or_default();
        let skip = |end: &str| rest.find(end).map_or(rest.len(), |n| n + end.len());
        let len = if rest.starts_with("<!--") {
            skip("-->")
        } else if rest.starts_with("<![CDATA[") {
            skip("]]>")
        } else if rest.starts_with("<?") {
            skip("?>")
        } else if rest.starts_with("</") {
            depth = depth.saturating_sub(1);
            skip(">")
        } else {
            let len = tag(rest);
            if !rest.get(..len).is_some_and(|t| t.ends_with("/>")) {
                depth += 1;
            }
            len
        };
        if depth > MAX_DEPTH {
            return Err(open);
        }
        at = open + len.max(1);
    }
    Ok(())
}

/// How long a start tag is; a `>` in a quoted value does not end it.
fn tag(text: &str) -> usize {
    let mut quote = None;
    for (at, byte) in text.bytes().enumerate() {
        match (quote, byte) {
            (None, b'>') => return at + 1,
            (None, b'"' | b'\'') => quote = Some(byte),
            (Some(open), byte) if open == byte => quote = None,
            _ => {}
        }
    }
    text.len()
}

fn definitions(document: &roxmltree::Document<'_>) -> Definitions {
    let mut made = Definitions::default();
    let mut rooted = false;
    for child in document.root().children() {
        if child.is_element() {
            made.root = element(child);
            rooted = true;
        } else if let Some(node) = other(child) {
            if rooted { made.after.push(node) } else { made.before.push(node) }
        }
    }
    made
}

/// Elements within elements are taken in by descending; [`depth`] has seen to it that this ends soon.
fn element(node: roxmltree::Node<'_, '_>) -> Element {
    let text = node.document().input_text();
    let range = node.range();
    let written = text.get(range.start + 1..range.end).unwrap_or_default();
    let name_len =
        written.find(|c: char| c.is_whitespace() || c == '>' || c == '/').unwrap_or(written.len());
    let name = written.get(..name_len).unwrap_or(node.tag_name().name()).to_owned();
    let above: Vec<(Option<&str>, &str)> = node
        .parent_element()
        .map(|p| p.namespaces().map(|n| (n.name(), n.uri())).collect())
        .unwrap_or_default();
    let declared = node
        .namespaces()
        .filter(|n| n.name() != Some("xml") && !above.contains(&(n.name(), n.uri())))
        .map(|n| Declaration {
            prefix: n.name().unwrap_or_default().to_owned(),
            address: n.uri().to_owned(),
        })
        .collect();
    let attributes = node
        .attributes()
        .map(|a| Attribute {
            name: text.get(a.range_qname()).unwrap_or(a.name()).to_owned(),
            value: a.value().to_owned(),
        })
        .collect();
    let children = node
        .children()
        .filter_map(|c| if c.is_element() { Some(Node::Element(element(c))) } else { other(c) })
        .collect();
    let ns = Ns::of(node.tag_name().namespace());
    let start = range.start;
    let span = start..start + tag(text.get(range).unwrap_or_default());
    Element { name, ns, declared, attributes, children, span }
}

fn other(node: roxmltree::Node<'_, '_>) -> Option<Node> {
    if node.is_text() {
        return node.text().map(|t| Node::Text(t.to_owned()));
    }
    if node.is_comment() {
        return node.text().map(|t| Node::Comment(t.to_owned()));
    }
    let pi = node.pi()?;
    Some(Node::Instruction(pi.target.to_owned(), pi.value.unwrap_or_default().to_owned()))
}

/// What is wrong with a model that could be read.
fn check(definitions: &Definitions) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    let mut seen: BTreeMap<&str, usize> = BTreeMap::new();
    let all = understood(&definitions.root);
    for element in all.iter().filter(|e| e.id().is_some()) {
        *seen.entry(element.id().unwrap_or_default()).or_default() += 1;
    }
    let known = |reference: &str| {
        let reference = reference.trim();
        seen.contains_key(reference) || seen.contains_key(local(reference))
    };
    let drawn: BTreeSet<&str> = all
        .iter()
        .filter(|e| e.ns == Ns::BpmnDi)
        .filter_map(|e| e.attr("bpmnElement"))
        .map(local)
        .collect();
    let mut told: BTreeSet<&str> = BTreeSet::new();
    let mut undrawn: Vec<&Element> = Vec::new();
    for element in all {
        if element.ns == Ns::Bpmn && !ELEMENTS.contains(&element.local()) {
            let message =
                format!("BPMN 2.0 has no element \"{}\": it is kept as it is", element.local());
            found.push(codes::UNKNOWN.of(element, message));
        }
        if let Some(id) = element.id() {
            let count = seen.get(id).copied().unwrap_or(0);
            if count > 1 && told.insert(id) {
                let message = format!("the id \"{id}\" is given {count} times");
                found.push(codes::TWICE.of(element, message));
            }
        } else if element.ns == Ns::Bpmn && is_drawable(element) {
            let message = format!("the {} has no id", called(element));
            found.push(codes::NO_ID.of(element, message));
        }
        found.extend(dangling(element, &known));
        let is_drawn = element.id().is_some_and(|id| drawn.contains(id));
        if element.ns == Ns::Bpmn && is_drawable(element) && !is_drawn {
            undrawn.push(element);
        }
    }
    // A sub-process that is drawn closed need not show what is in it.
    if !drawn.is_empty() {
        let hidden = in_sub_processes(&definitions.root);
        undrawn.retain(|e| e.id().is_none_or(|id| !hidden.contains(id)));
    }
    if let Some(first) = undrawn.first() {
        let message = match undrawn.len() {
            1 => format!("the {} is not on any diagram", called(first)),
            n => format!("{n} elements are not on any diagram, the first is the {}", called(first)),
        };
        found.push(codes::NOT_DRAWN.of(first, message));
    }
    limited(found)
}

/// The ids of what lies in sub-processes.
fn in_sub_processes(root: &Element) -> BTreeSet<&str> {
    let mut ids = BTreeSet::new();
    let mut open = vec![(root, false)];
    while let Some((element, within)) = open.pop() {
        if within {
            ids.extend(element.id());
        }
        let inner = within || is_sub_process(element);
        open.extend(element.elements().map(|e| (e, inner)));
    }
    ids
}

/// Whether it is a sub-process of any kind.
pub(crate) fn is_sub_process(element: &Element) -> bool {
    element.ns == Ns::Bpmn
        && matches!(element.local(), "subProcess" | "adHocSubProcess" | "transaction")
}

/// The elements whose meaning is ours to know: all but what lies in extensions.
fn understood(root: &Element) -> Vec<&Element> {
    let mut all = Vec::new();
    let mut open = vec![root];
    while let Some(element) = open.pop() {
        if element.is("extensionElements") || matches!(element.ns, Ns::Other(_)) {
            continue;
        }
        all.push(element);
        let below: Vec<&Element> = element.elements().collect();
        open.extend(below.into_iter().rev());
    }
    all
}

/// The references of an element that lead nowhere.
fn dangling(element: &Element, known: &impl Fn(&str) -> bool) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    let of_flow =
        element.is("sequenceFlow") || element.is("messageFlow") || element.is("association");
    for attribute in &element.attributes {
        let name = attribute.name.as_str();
        if !REFERENCES.contains(&name) || attribute.value.trim().is_empty() {
            continue;
        }
        if !known(&attribute.value) {
            let value = &attribute.value;
            let message = format!(
                "{name} of the {} leads to \"{value}\", which is not here",
                called(element)
            );
            found.push(codes::DANGLING.of(element, message));
        }
    }
    if of_flow {
        for name in ["sourceRef", "targetRef"] {
            if element.attr(name).is_none_or(|value| value.trim().is_empty()) {
                found.push(
                    codes::DANGLING.of(element, format!("the {} has no {name}", called(element))),
                );
            }
        }
    }
    if element.ns == Ns::Bpmn && TEXT_REFERENCES.contains(&element.local()) {
        let value = folded(&element.text());
        if !value.is_empty() && element.elements().next().is_none() && !known(&value) {
            let message = format!("{} leads to \"{value}\", which is not here", element.local());
            found.push(codes::DANGLING.of(element, message));
        }
    }
    found
}

/// Long lists of the same finding are cut, with a word on how many there are.
fn limited(found: Vec<Diagnostic>) -> Vec<Diagnostic> {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    let mut kept = Vec::new();
    let mut cut: BTreeMap<&str, (usize, Diagnostic)> = BTreeMap::new();
    for finding in found {
        let count = counts.entry(finding.code.as_str()).or_default();
        *count += 1;
        if *count <= MAX_LISTED {
            kept.push(finding);
        } else {
            cut.entry(finding.code.as_str()).or_insert((0, finding)).0 += 1;
        }
    }
    kept.extend(cut.into_values().map(|(n, mut finding)| {
        finding.message = format!("{} (and {} more like it)", finding.message, n - 1);
        finding
    }));
    kept
}

/// Whether it must be on a diagram to be seen.
pub(crate) fn is_drawable(element: &Element) -> bool {
    let name = element.local();
    if name.starts_with("global") {
        return false;
    }
    name.ends_with("Task")
        || name.ends_with("Gateway")
        || is_sub_process(element)
        || matches!(
            name,
            "task"
                | "callActivity"
                | "startEvent"
                | "endEvent"
                | "intermediateCatchEvent"
                | "intermediateThrowEvent"
                | "boundaryEvent"
                | "sequenceFlow"
                | "lane"
                | "participant"
                | "messageFlow"
                | "textAnnotation"
                | "dataObjectReference"
                | "dataStoreReference"
        )
}

/// Attributes that name another element of the same file.
const REFERENCES: [&str; 14] = [
    "sourceRef",
    "targetRef",
    "attachedToRef",
    "default",
    "processRef",
    "bpmnElement",
    "dataObjectRef",
    "dataStoreRef",
    "messageRef",
    "signalRef",
    "errorRef",
    "escalationRef",
    "activityRef",
    "categoryValueRef",
];

/// Elements whose words name another element of the same file.
const TEXT_REFERENCES: [&str; 5] =
    ["flowNodeRef", "incoming", "outgoing", "sourceRef", "targetRef"];

/// The elements of the semantic model, as the schema of BPMN 2.0 names them.
const ELEMENTS: [&str; 187] = [
    "activationCondition",
    "activity",
    "adHocSubProcess",
    "artifact",
    "assignment",
    "association",
    "auditing",
    "baseElement",
    "baseElementWithMixedContent",
    "boundaryEvent",
    "businessRuleTask",
    "callActivity",
    "callChoreography",
    "callConversation",
    "callableElement",
    "cancelEventDefinition",
    "catchEvent",
    "category",
    "categoryValue",
    "categoryValueRef",
    "childLaneSet",
    "choreography",
    "choreographyActivity",
    "choreographyRef",
    "choreographyTask",
    "collaboration",
    "compensateEventDefinition",
    "completionCondition",
    "complexBehaviorDefinition",
    "complexGateway",
    "condition",
    "conditionExpression",
    "conditionalEventDefinition",
    "conversation",
    "conversationAssociation",
    "conversationLink",
    "conversationNode",
    "correlationKey",
    "correlationProperty",
    "correlationPropertyBinding",
    "correlationPropertyRef",
    "correlationPropertyRetrievalExpression",
    "correlationSubscription",
    "dataAssociation",
    "dataInput",
    "dataInputAssociation",
    "dataInputRefs",
    "dataObject",
    "dataObjectReference",
    "dataOutput",
    "dataOutputAssociation",
    "dataOutputRefs",
    "dataPath",
    "dataState",
    "dataStore",
    "dataStoreReference",
    "definitions",
    "documentation",
    "endEvent",
    "endPoint",
    "endPointRef",
    "error",
    "errorEventDefinition",
    "errorRef",
    "escalation",
    "escalationEventDefinition",
    "event",
    "eventBasedGateway",
    "eventDefinition",
    "eventDefinitionRef",
    "exclusiveGateway",
    "expression",
    "extension",
    "extensionElements",
    "flowElement",
    "flowNode",
    "flowNodeRef",
    "formalExpression",
    "from",
    "gateway",
    "globalBusinessRuleTask",
    "globalChoreographyTask",
    "globalConversation",
    "globalManualTask",
    "globalScriptTask",
    "globalTask",
    "globalUserTask",
    "group",
    "humanPerformer",
    "implicitThrowEvent",
    "import",
    "inMessageRef",
    "inclusiveGateway",
    "incoming",
    "innerParticipantRef",
    "inputDataItem",
    "inputSet",
    "inputSetRefs",
    "interface",
    "interfaceRef",
    "intermediateCatchEvent",
    "intermediateThrowEvent",
    "ioBinding",
    "ioSpecification",
    "itemDefinition",
    "lane",
    "laneSet",
    "linkEventDefinition",
    "loopCardinality",
    "loopCharacteristics",
    "loopCondition",
    "loopDataInputRef",
    "loopDataOutputRef",
    "manualTask",
    "message",
    "messageEventDefinition",
    "messageFlow",
    "messageFlowAssociation",
    "messageFlowRef",
    "messagePath",
    "monitoring",
    "multiInstanceLoopCharacteristics",
    "operation",
    "operationRef",
    "optionalInputRefs",
    "optionalOutputRefs",
    "outMessageRef",
    "outerParticipantRef",
    "outgoing",
    "outputDataItem",
    "outputSet",
    "outputSetRefs",
    "parallelGateway",
    "participant",
    "participantAssociation",
    "participantMultiplicity",
    "participantRef",
    "partitionElement",
    "partnerEntity",
    "partnerRole",
    "performer",
    "potentialOwner",
    "process",
    "property",
    "receiveTask",
    "relationship",
    "rendering",
    "resource",
    "resourceAssignmentExpression",
    "resourceParameter",
    "resourceParameterBinding",
    "resourceRef",
    "resourceRole",
    "rootElement",
    "script",
    "scriptTask",
    "sendTask",
    "sequenceFlow",
    "serviceTask",
    "signal",
    "signalEventDefinition",
    "source",
    "sourceRef",
    "standardLoopCharacteristics",
    "startEvent",
    "subChoreography",
    "subConversation",
    "subProcess",
    "supportedInterfaceRef",
    "supports",
    "target",
    "targetRef",
    "task",
    "terminateEventDefinition",
    "text",
    "textAnnotation",
    "throwEvent",
    "timeCycle",
    "timeDate",
    "timeDuration",
    "timerEventDefinition",
    "to",
    "transaction",
    "transformation",
    "userTask",
    "whileExecutingInputRefs",
    "whileExecutingOutputRefs",
];
