//! The elements of the model and their drawing.

use super::plan::{Flow, Happening, Item, Plan, What, full};
use crate::definitions::Definitions;
use crate::xml::{BPMN, BPMNDI, DC, DI, Declaration, Element, Ns};
use gemba_map::{Label, Layout, Notation, Options, Point, Rect, layout_graph};
use std::collections::{BTreeMap, BTreeSet};

/// Where the drawing begins; modelling tools do the same, so that nothing hides below their tools.
pub(crate) const LEFT: i64 = 160;
pub(crate) const TOP: i64 = 80;

pub(super) fn definitions(
    process: &str,
    documentation: &str,
    plan: &Plan,
    layout: &Layout,
) -> Definitions {
    let mut root = bpmn("definitions");
    for (prefix, address) in
        [("bpmn", BPMN), ("bpmndi", BPMNDI), ("dc", DC), ("di", DI), ("xsi", XSI)]
    {
        root.declared.push(Declaration { prefix: prefix.to_owned(), address: address.to_owned() });
    }
    let root = root
        .with("id", format!("Definitions_{process}"))
        .with("targetNamespace", "urn:gemba:bpmn")
        .with("exporter", "Gemba")
        .with("exporterVersion", env!("CARGO_PKG_VERSION"));
    let mut model = Model { root, messages: Vec::new() };
    model.collaboration(process, plan);
    model.process(process, documentation, plan);
    model.diagram(plan, layout);
    model.diagrams_within(plan);
    Definitions { root: model.root, ..Definitions::default() }
}

const XSI: &str = "http://www.w3.org/2001/XMLSchema-instance";

fn bpmn(name: &str) -> Element {
    Element::new(&format!("bpmn:{name}"), Ns::Bpmn)
}

fn bpmndi(name: &str) -> Element {
    Element::new(&format!("bpmndi:{name}"), Ns::BpmnDi)
}

/// The ids of the flows, made of what they join: they stay when other steps come and go.
fn flow_ids(plan: &Plan) -> Vec<String> {
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    let id = |at: usize| plan.items.get(at).map_or("", |i| i.id.as_str());
    plan.flows
        .iter()
        .map(|flow| {
            let base = format!("Flow_{}_to_{}", id(flow.from), id(flow.to));
            let count = seen.entry(base.clone()).or_default();
            *count += 1;
            let id = if *count == 1 { base } else { format!("{base}_{count}") };
            full(&plan.slug, &id)
        })
        .collect()
}

struct Model {
    root: Element,
    messages: Vec<(String, String)>,
}

impl Model {
    fn collaboration(&mut self, process: &str, plan: &Plan) {
        let mut collaboration = bpmn("collaboration").with("id", full(&plan.slug, "Collaboration"));
        collaboration.push(
            bpmn("participant")
                .with("id", full(&plan.slug, "Pool"))
                .with("name", plan.title.as_str())
                .with("processRef", process),
        );
        for (id, words) in &plan.remarks {
            let note = full(&plan.slug, id);
            let mut annotation = bpmn("textAnnotation").with("id", note.as_str());
            annotation.push(bpmn("text").holding(words.as_str()));
            collaboration.push(annotation);
            collaboration.push(
                bpmn("association")
                    .with("id", format!("Tie_{note}"))
                    .with("sourceRef", full(&plan.slug, "Pool"))
                    .with("targetRef", note),
            );
        }
        self.root.push(collaboration);
    }

    fn process(&mut self, id: &str, documentation: &str, plan: &Plan) {
        let mut process = bpmn("process")
            .with("id", id)
            .with("name", plan.title.as_str())
            .with("isExecutable", "false");
        if !documentation.is_empty() {
            process.push(markdown(documentation));
        }
        let mut lanes = bpmn("laneSet").with("id", full(&plan.slug, "Lanes"));
        for (n, name) in plan.lanes.iter().enumerate() {
            let mut lane = bpmn("lane").with("id", lane_id(plan, n)).with("name", name.as_str());
            for item in plan.items.iter().filter(|i| i.lane == n) {
                lane.push(bpmn("flowNodeRef").holding(item.full.as_str()));
            }
            lanes.push(lane);
        }
        process.push(lanes);
        self.fill(&mut process, plan);
        for (id, name) in std::mem::take(&mut self.messages) {
            self.root.push(bpmn("message").with("id", id).with("name", name));
        }
        self.root.push(process);
    }

    /// Puts the nodes, flows and notes of a plan into the process or sub-process that holds them.
    fn fill(&mut self, into: &mut Element, plan: &Plan) {
        let flows = flow_ids(plan);
        for (at, item) in plan.items.iter().enumerate() {
            into.push(self.node(at, item, plan, &flows));
        }
        for (flow, id) in plan.flows.iter().zip(&flows) {
            into.push(sequence(flow, id, plan));
        }
        for item in &plan.items {
            if let Some(note) = &item.note {
                let mut annotation = bpmn("textAnnotation").with("id", beside("Note", plan, item));
                annotation.push(bpmn("text").holding(note.as_str()));
                into.push(annotation);
                into.push(
                    bpmn("association")
                        .with("id", beside("Tie", plan, item))
                        .with("sourceRef", item.full.as_str())
                        .with("targetRef", beside("Note", plan, item)),
                );
            }
        }
    }

    fn node(&mut self, at: usize, item: &Item, plan: &Plan, flows: &[String]) -> Element {
        let name = match &item.what {
            What::Start(_) => "startEvent",
            What::Task(name) => name,
            What::Call(_) => "callActivity",
            What::Inside(_) => "subProcess",
            What::Catch(_) => "intermediateCatchEvent",
            What::Choice | What::Join => "exclusiveGateway",
            What::Fork => "parallelGateway",
            What::End => "endEvent",
        };
        let mut node = bpmn(name).with("id", item.full.as_str());
        if !item.name.is_empty() {
            node.set("name", item.name.as_str());
        }
        let out = plan.flows.iter().zip(flows).filter(|(f, _)| f.from == at);
        if let Some((_, id)) = out.into_iter().find(|(f, _)| f.is_default) {
            node.set("default", id.as_str());
        }
        if let What::Call(Some(to)) = &item.what {
            let called = gemba_model::Slug::from_text(to.trim_end_matches(".md"), "procedure");
            node.set("calledElement", format!("Process_{called}"));
        }
        if !item.documentation.is_empty() {
            node.push(markdown(&item.documentation));
        }
        for (flow, id) in plan.flows.iter().zip(flows) {
            if flow.to == at {
                node.push(bpmn("incoming").holding(id.as_str()));
            }
        }
        for (flow, id) in plan.flows.iter().zip(flows) {
            if flow.from == at {
                node.push(bpmn("outgoing").holding(id.as_str()));
            }
        }
        if let What::Start(happening) | What::Catch(happening) = &item.what {
            let is_start = matches!(item.what, What::Start(_));
            if let Some(definition) = self.definition(plan, item, happening, is_start) {
                node.push(definition);
            }
        }
        if let What::Inside(inside) = &item.what {
            self.fill(&mut node, inside);
        }
        node
    }

    fn definition(
        &mut self,
        plan: &Plan,
        item: &Item,
        happening: &Happening,
        cycle: bool,
    ) -> Option<Element> {
        let formal = |name: &str, words: &str| {
            bpmn(name).with("xsi:type", "bpmn:tFormalExpression").holding(words)
        };
        let id = beside("When", plan, item);
        Some(match happening {
            Happening::Blank => return None,
            Happening::Timer(words) => {
                let name = if cycle { "timeCycle" } else { "timeDuration" };
                let mut made = bpmn("timerEventDefinition").with("id", id);
                made.push(formal(name, words));
                made
            }
            Happening::Condition(words) => {
                let mut made = bpmn("conditionalEventDefinition").with("id", id);
                made.push(formal("condition", words));
                made
            }
            Happening::Message(words) => {
                // One message may be waited for at several places.
                let known = self.messages.iter().find(|(_, name)| name == words);
                let message = if let Some((id, _)) = known {
                    id.clone()
                } else {
                    let id = beside("Message", plan, item);
                    self.messages.push((id.clone(), words.clone()));
                    id
                };
                bpmn("messageEventDefinition").with("id", id).with("messageRef", message)
            }
        })
    }

    fn diagram(&mut self, plan: &Plan, layout: &Layout) {
        let mut plane = bpmndi("BPMNPlane")
            .with("id", full(&plan.slug, "Plane"))
            .with("bpmnElement", full(&plan.slug, "Collaboration"));
        if let Some(pool) = &layout.pool {
            plane.push(
                shape(&full(&plan.slug, "Pool"), &pool.rect, None).with("isHorizontal", "true"),
            );
        }
        for (n, lane) in layout.lanes.iter().enumerate() {
            plane.push(shape(&lane_id(plan, n), &lane.rect, None).with("isHorizontal", "true"));
        }
        drawing(&mut plane, plan, layout);
        for (element, place, tie) in remarks(plan, layout) {
            plane.push(shape(&element, &place, None));
            plane.push(line(&format!("Tie_{element}"), &tie, None));
        }
        let mut diagram = bpmndi("BPMNDiagram").with("id", full(&plan.slug, "Diagram"));
        diagram.push(plane);
        self.root.push(diagram);
    }

    /// A drawing of its own for the parts of each step, to which a closed sub-process leads.
    fn diagrams_within(&mut self, plan: &Plan) {
        for item in &plan.items {
            let What::Inside(inside) = &item.what else { continue };
            let options = Options { notation: Notation::Bpmn, ..Options::default() };
            let layout = layout_graph(&inside.graph(), &options);
            let mut plane = bpmndi("BPMNPlane")
                .with("id", beside("Plane", plan, item))
                .with("bpmnElement", item.full.as_str());
            drawing(&mut plane, inside, &layout);
            let mut diagram = bpmndi("BPMNDiagram").with("id", beside("Diagram", plan, item));
            diagram.push(plane);
            self.root.push(diagram);
            self.diagrams_within(inside);
        }
    }
}

/// Draws the nodes, flows and notes of a plan.
fn drawing(plane: &mut Element, plan: &Plan, layout: &Layout) {
    for (item, drawn) in plan.items.iter().zip(&layout.shapes) {
        let mut made = shape(&item.full, &drawn.rect, drawn.label.as_ref());
        match item.what {
            What::Choice | What::Join => made.set("isMarkerVisible", "true"),
            What::Inside(_) => made.set("isExpanded", "false"),
            _ => {}
        }
        plane.push(made);
        if let Some(note) = &drawn.note {
            plane.push(shape(&beside("Note", plan, item), &note.rect, None));
        }
    }
    for (edge, id) in layout.edges.iter().zip(flow_ids(plan)) {
        plane.push(line(&id, &edge.points, edge.label.as_ref()));
    }
    for (item, drawn) in plan.items.iter().zip(&layout.shapes) {
        if let Some(tether) = drawn.tether() {
            plane.push(line(&beside("Tie", plan, item), &tether, None));
        }
    }
}

/// How wide the notes below the pool are, what a letter takes there at most, and a line.
const REMARK: i64 = 360;
const LETTER: i64 = 7;
const LINE: i64 = 15;
/// The room between the pool and its notes, and between them.
const GAP: i64 = 40;

/// The notes of the pool below it, side by side, each with the line that ties it.
fn remarks(plan: &Plan, layout: &Layout) -> Vec<(String, Rect, [Point; 2])> {
    let Some(pool) = layout.pool.as_ref().map(|pool| pool.rect) else { return Vec::new() };
    let bottom = pool.y + pool.height;
    let mut x = pool.x + 30;
    plan.remarks
        .iter()
        .map(|(id, words)| {
            let per_line = (REMARK - 20) / LETTER;
            let lines: i64 = words
                .lines()
                .map(|l| i64::try_from(l.chars().count()).unwrap_or(0) / per_line + 1)
                .sum();
            let rect = Rect { x, y: bottom + GAP, width: REMARK, height: lines * LINE + 15 };
            let at = x + GAP;
            let tie = [Point { x: at, y: bottom }, Point { x: at, y: rect.y }];
            x += REMARK + GAP;
            (full(&plan.slug, id), rect, tie)
        })
        .collect()
}

fn lane_id(plan: &Plan, n: usize) -> String {
    full(&plan.slug, &format!("Lane_{}", n + 1))
}

/// The id of what belongs to an item.
fn beside(what: &str, plan: &Plan, item: &Item) -> String {
    full(&plan.slug, &format!("{what}_{}", item.id))
}

fn markdown(text: &str) -> Element {
    bpmn("documentation").with("textFormat", "text/markdown").holding(text)
}

fn sequence(flow: &Flow, id: &str, plan: &Plan) -> Element {
    let end = |at: usize| plan.items.get(at).map_or("", |i| i.full.as_str());
    let mut made = bpmn("sequenceFlow").with("id", id);
    if let Some(name) = &flow.name {
        made.set("name", name.as_str());
    }
    made.set("sourceRef", end(flow.from));
    made.set("targetRef", end(flow.to));
    if let Some(condition) = &flow.condition {
        made.push(
            bpmn("conditionExpression")
                .with("xsi:type", "bpmn:tFormalExpression")
                .holding(condition.as_str()),
        );
    }
    made
}

/// A shape of the diagram.
pub(crate) fn shape(element: &str, rect: &Rect, label: Option<&Label>) -> Element {
    let mut made =
        bpmndi("BPMNShape").with("id", format!("{element}_di")).with("bpmnElement", element);
    made.push(bounds(rect));
    if let Some(label) = label {
        made.push(labelled(label));
    }
    made
}

/// An edge of the diagram.
pub(crate) fn line(element: &str, points: &[Point], label: Option<&Label>) -> Element {
    let mut made =
        bpmndi("BPMNEdge").with("id", format!("{element}_di")).with("bpmnElement", element);
    let mut seen: BTreeSet<usize> = BTreeSet::new();
    for (n, point) in points.iter().enumerate() {
        // A corner in the middle of a straight line is none.
        let is_straight = n > 0
            && points.get(n - 1).zip(points.get(n + 1)).is_some_and(|(a, b)| {
                (a.x == point.x && b.x == point.x) || (a.y == point.y && b.y == point.y)
            });
        if !is_straight && seen.insert(n) {
            made.push(
                Element::new("di:waypoint", Ns::Di)
                    .with("x", (point.x + LEFT).to_string())
                    .with("y", (point.y + TOP).to_string()),
            );
        }
    }
    if let Some(label) = label {
        made.push(labelled(label));
    }
    made
}

/// The place of the words of a shape or an edge.
pub(crate) fn labelled(label: &Label) -> Element {
    let mut made = bpmndi("BPMNLabel");
    made.push(bounds(&label.rect));
    made
}

fn bounds(rect: &Rect) -> Element {
    Element::new("dc:Bounds", Ns::Dc)
        .with("x", (rect.x + LEFT).to_string())
        .with("y", (rect.y + TOP).to_string())
        .with("width", rect.width.to_string())
        .with("height", rect.height.to_string())
}
