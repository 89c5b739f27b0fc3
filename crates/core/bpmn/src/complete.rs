//! A drawing for what has none: what is drawn stays where it is, the rest is laid out below it.

mod around;

use crate::definitions::{Definitions, Ids};
use crate::export::{LEFT, TOP, line, shape};
use crate::import::{Facts, whole};
use crate::read::{is_drawable, is_sub_process};
use crate::scope::{Kind, Scope};
use crate::xml::{Element, Node as Xml, Ns, folded, local};
use around::Around;
use gemba_map::{Graph, Link, Node, Notation, Options, Point, Rect, ShapeKind, layout_graph};
use gemba_model::StepKind;
use std::collections::{BTreeMap, BTreeSet};

/// The room between what is drawn and what is added.
const GAP: i64 = 80;

/// The same model with everything drawn that people look for on a diagram.
pub fn drawn(definitions: &Definitions) -> Definitions {
    let ids = definitions.ids();
    let mut pen = Pen {
        places: places(&definitions.root),
        labels: labels(&definitions.root),
        around: Around::default(),
        added: Vec::new(),
        hidden: BTreeSet::new(),
        next: 0,
    };
    pen.next = pen.places.values().map(|r| r.y + r.height).max().map_or(0, |low| low + GAP - TOP);
    let facts = Facts::of(&definitions.root, &ids);
    let collaboration = definitions.root.part("collaboration");
    let called: Vec<&str> = definitions
        .root
        .walk()
        .into_iter()
        .filter(|e| e.is("callActivity"))
        .filter_map(|e| e.attr("calledElement").map(local))
        .collect();
    let ends: Vec<&str> = collaboration
        .into_iter()
        .flat_map(|c| c.parts_named("messageFlow"))
        .flat_map(|flow| [flow.attr("sourceRef"), flow.attr("targetRef")])
        .flatten()
        .map(local)
        .collect();
    for process in definitions.processes() {
        let pool = collaboration.and_then(|c| {
            c.parts_named("participant").find(|p| {
                p.attr("processRef")
                    .and_then(|r| ids.find(r))
                    .is_some_and(|e| std::ptr::eq(e, process))
            })
        });
        // What is called from a step is shown by that step.
        let is_called = process.id().is_some_and(|id| called.contains(&id));
        if is_called && !pen.places.is_empty() {
            pen.hidden.extend(process.walk().into_iter().filter_map(Element::id));
            continue;
        }
        // A tool that draws a process without its pool wants none, and one that draws other things wants
        // none for a process with nothing in it; messages need one to reach.
        let is_reached = pool.and_then(Element::id).is_some_and(|id| ends.contains(&id));
        let is_empty = !process.parts().any(is_drawable) && !is_reached;
        if process.parts().any(|e| pen.is_drawn(e)) || (is_empty && !pen.places.is_empty()) {
            pen.hidden.extend(pool.and_then(Element::id));
        }
        let is_bare =
            !process.parts().any(|e| pen.is_drawn(e)) && !pool.is_some_and(|p| pen.is_drawn(p));
        if is_bare {
            pen.lay_out(process, pool, &ids, &facts);
        }
    }
    let hosts: Vec<&Element> = definitions.processes().into_iter().chain(collaboration).collect();
    for host in &hosts {
        pen.add_shapes(host);
    }
    for host in &hosts {
        pen.add_lines(host, &ids);
    }
    let mut made = definitions.clone();
    if !pen.added.is_empty() {
        let on = collaboration.or_else(|| definitions.processes().first().copied());
        let on = on.and_then(Element::id).unwrap_or_default().to_owned();
        put(&mut made.root, pen.added, &on);
    }
    made
}

struct Pen<'a> {
    /// Where what is drawn lies, without the offset of a new drawing.
    places: BTreeMap<&'a str, Rect>,
    /// Where words lie beside what they name.
    labels: Vec<Rect>,
    around: Around,
    added: Vec<Element>,
    /// What is left undrawn on purpose.
    hidden: BTreeSet<&'a str>,
    /// Where the next thing may begin, with the offset of a new drawing taken off.
    next: i64,
}

impl<'a> Pen<'a> {
    fn is_drawn(&self, element: &Element) -> bool {
        element.id().is_some_and(|id| self.places.contains_key(id))
    }

    fn put(&mut self, element: &'a Element, rect: Rect) {
        let Some(id) = element.id() else { return };
        let at = Rect { x: rect.x + LEFT, y: rect.y + TOP, ..rect };
        self.places.insert(id, at);
        let mut made = shape(id, &rect, None);
        if matches!(element.local(), "participant" | "lane") {
            made.set("isHorizontal", "true");
        } else if element.is("exclusiveGateway") {
            made.set("isMarkerVisible", "true");
        } else if is_sub_process(element) {
            made.set("isExpanded", "false");
        }
        self.added.push(made);
    }

    /// Draws a process of which nothing is drawn.
    fn lay_out(
        &mut self,
        process: &'a Element,
        pool: Option<&'a Element>,
        ids: &Ids<'a>,
        facts: &Facts,
    ) {
        let scope = Scope::of(process, ids);
        let lanes: Vec<&'a Element> = process
            .walk()
            .into_iter()
            .filter(|e| e.is("lane") && e.part("childLaneSet").is_none())
            .collect();
        let lane_of = |element: &Element| {
            let id = element.id().unwrap_or_default();
            let by_id = lanes.iter().position(|lane| {
                lane.parts_named("flowNodeRef").any(|r| local(&folded(&r.text())) == id)
            });
            by_id.or_else(|| {
                let name = facts.lanes.get(id)?;
                lanes.iter().position(|lane| lane.title() == *name)
            })
        };
        let mut graph =
            Graph { title: pool.map(Element::title).unwrap_or_default(), ..Graph::default() };
        if pool.is_some() || !lanes.is_empty() {
            graph.lanes = lanes.iter().map(|lane| lane.title()).collect();
            if graph.lanes.is_empty() {
                // A pool is framed where its lanes have names; this one is not drawn.
                graph.lanes.push(if graph.title.is_empty() {
                    "-".to_owned()
                } else {
                    graph.title.clone()
                });
            }
        }
        // Boundary events sit on their step; the others are placed.
        let mut place: BTreeMap<usize, usize> = BTreeMap::new();
        for (n, node) in scope.nodes.iter().enumerate() {
            let kind = match node.kind {
                Kind::Boundary { host: Some(_) } => continue,
                Kind::Task | Kind::SubProcess => ShapeKind::Step(StepKind::Task),
                Kind::Call => ShapeKind::Step(StepKind::Call),
                Kind::Exclusive | Kind::Inclusive | Kind::EventBased => ShapeKind::Decision,
                Kind::Parallel => ShapeKind::Parallel,
                Kind::Start => ShapeKind::Start,
                Kind::End => ShapeKind::Outcome,
                Kind::Catch | Kind::Throw | Kind::Boundary { host: None } => ShapeKind::Event,
            };
            place.insert(n, graph.nodes.len());
            let lane = lane_of(node.element).unwrap_or(0);
            graph.nodes.push(Node::new(n.to_string(), kind, lane, node.element.title()));
        }
        let stands = |n: usize| match scope.nodes.get(n).map(|node| node.kind) {
            Some(Kind::Boundary { host: Some(host) }) => place.get(&host).copied(),
            _ => place.get(&n).copied(),
        };
        let mut flows = Vec::new();
        for flow in &scope.flows {
            if let (Some(from), Some(to)) = (stands(flow.from), stands(flow.to)) {
                let mut link = Link::new(from, to);
                let name = flow.element.title();
                link.label = (!name.is_empty()).then_some(name);
                graph.links.push(link);
                flows.push(flow);
            }
        }
        if graph.nodes.is_empty() {
            return;
        }
        let options = Options { notation: Notation::Bpmn, ..Options::default() };
        let layout = layout_graph(&graph.ordered(), &options);
        let down = self.next;
        let moved = |rect: &Rect| Rect { y: rect.y + down, ..*rect };
        if let (Some(pool), Some(drawn)) = (pool, &layout.pool) {
            self.put(pool, moved(&drawn.rect));
        }
        for (lane, drawn) in lanes.iter().zip(&layout.lanes) {
            self.put(lane, moved(&drawn.rect));
        }
        for drawn in &layout.shapes {
            let node = drawn.id.parse().ok().and_then(|n: usize| scope.nodes.get(n));
            if let Some(node) = node {
                self.put(node.element, moved(&drawn.rect));
                if let (Some(label), Some(made)) = (&drawn.label, self.added.last_mut()) {
                    let rect = moved(&label.rect);
                    let label = gemba_map::Label { rect, ..label.clone() };
                    made.push(crate::export::labelled(&label));
                    self.labels.push(Rect { x: rect.x + LEFT, y: rect.y + TOP, ..rect });
                }
            }
        }
        self.add_boundaries(&scope);
        for (edge, flow) in layout.edges.iter().zip(flows) {
            let Some(id) = flow.element.id() else { continue };
            // What leaves from the border of a step is drawn when everything has its place.
            let kind = scope.nodes.get(flow.from).map(|n| n.kind);
            if matches!(kind, Some(Kind::Boundary { host: Some(_) })) {
                continue;
            }
            let points: Vec<Point> =
                edge.points.iter().map(|p| Point { x: p.x, y: p.y + down }).collect();
            let label =
                edge.label.as_ref().map(|l| gemba_map::Label { rect: moved(&l.rect), ..l.clone() });
            self.places.insert(id, Rect { x: 0, y: 0, width: 0, height: 0 });
            self.added.push(line(id, &points, label.as_ref()));
        }
        self.next += layout.height + GAP;
    }

    /// Puts boundary events on the lower border of their step, from the right.
    fn add_boundaries(&mut self, scope: &Scope<'a>) {
        let mut counts: BTreeMap<usize, i64> = BTreeMap::new();
        for node in &scope.nodes {
            let Kind::Boundary { host: Some(host) } = node.kind else { continue };
            let at = scope.nodes.get(host).and_then(|h| self.places.get(h.element.id()?)).copied();
            if let Some(step) = at.filter(|_| !self.is_drawn(node.element)) {
                let count = counts.entry(host).or_default();
                let x = step.x + step.width - 46 - *count * 44 - LEFT;
                *count += 1;
                let y = step.y + step.height - 18 - TOP;
                self.put(node.element, Rect { x, y, width: 36, height: 36 });
            }
        }
    }

    /// Puts what is still without a shape in a row below everything.
    fn add_shapes(&mut self, host: &'a Element) {
        let mut x = 0;
        let mut high = 0;
        for element in host.parts() {
            let is_line = matches!(element.local(), "sequenceFlow" | "messageFlow" | "association");
            if element.id().is_some_and(|id| self.hidden.contains(id)) {
                continue;
            }
            if is_line || !is_drawable(element) || self.is_drawn(element) || element.id().is_none()
            {
                continue;
            }
            let (width, height) = size(element);
            self.put(element, Rect { x, y: self.next, width, height });
            x += width + GAP / 2;
            high = high.max(height);
        }
        if high > 0 {
            self.next += high + GAP;
        }
    }

    /// Joins what is drawn by what is not, around what stands in between.
    fn add_lines(&mut self, host: &'a Element, ids: &Ids<'a>) {
        // What is drawn around other shapes rather than as one of them.
        let holds = |element: &&Element| {
            matches!(element.local(), "participant" | "lane" | "group")
                || is_sub_process(element) && element.parts().any(|part| self.is_drawn(part))
        };
        let (mut shapes, mut frames) = (self.labels.clone(), Vec::new());
        for (id, rect) in self.places.iter().filter(|(_, rect)| rect.width > 0) {
            match ids.find(id).filter(holds) {
                None => shapes.push(*rect),
                Some(element) if element.is("participant") => frames.push(*rect),
                Some(_) => {}
            }
        }
        for element in host.walk() {
            let is_line = matches!(element.local(), "sequenceFlow" | "messageFlow" | "association");
            let Some(id) = element.id().filter(|_| is_line && !self.is_drawn(element)) else {
                continue;
            };
            let end = |name: &str| {
                let found = element.attr(name).and_then(|r| ids.find(r))?;
                self.places.get(found.id()?).copied().filter(|r| r.width > 0)
            };
            if let (Some(from), Some(to)) = (end("sourceRef"), end("targetRef")) {
                // What flows within a pool stays within it.
                let frame = frames.iter().find(|pool| pool.contains(&from) && pool.contains(&to));
                let way = self.around.way(&from, &to, &others(&shapes, &from, &to), frame);
                let points = way.unwrap_or_else(|| between(&from, &to));
                let moved: Vec<Point> =
                    points.iter().map(|p| Point { x: p.x - LEFT, y: p.y - TOP }).collect();
                self.places.insert(id, Rect { x: 0, y: 0, width: 0, height: 0 });
                self.added.push(line(id, &moved, None));
            }
        }
    }
}

/// What a line between two shapes runs around: everything but these and what they lie in.
fn others(shapes: &[Rect], from: &Rect, to: &Rect) -> Vec<Rect> {
    let is_end = |shape: &Rect| shape.contains(from) || shape.contains(to);
    shapes.iter().filter(|shape| !is_end(shape)).copied().collect()
}

/// How large it is drawn.
fn size(element: &Element) -> (i64, i64) {
    let name = element.local();
    match name {
        "participant" => (600, 60),
        "lane" => (600, 120),
        "dataObjectReference" => (36, 50),
        "dataStoreReference" => (50, 50),
        "textAnnotation" => {
            let words = element.part("text").map(Element::text).unwrap_or_default();
            let lines: i64 =
                words.lines().map(|l| i64::try_from(l.chars().count()).unwrap_or(0) / 26 + 1).sum();
            (200, lines.max(1) * 15 + 15)
        }
        _ if name.ends_with("Event") => (36, 36),
        _ if name.ends_with("Gateway") => (50, 50),
        _ => (100, 80),
    }
}

/// A line from one rectangle to another, with one step where they do not face each other.
fn between(from: &Rect, to: &Rect) -> Vec<Point> {
    let middle = |r: &Rect| (r.x + r.width / 2, r.y + r.height / 2);
    let ((ax, ay), (bx, by)) = (middle(from), middle(to));
    let points = if to.y >= from.y + from.height || from.y >= to.y + to.height {
        let down = to.y > from.y;
        let (start, end) =
            if down { (from.y + from.height, to.y) } else { (from.y, to.y + to.height) };
        let half = i64::midpoint(start, end);
        vec![(ax, start), (ax, half), (bx, half), (bx, end)]
    } else {
        let right = to.x > from.x;
        let (start, end) =
            if right { (from.x + from.width, to.x) } else { (from.x, to.x + to.width) };
        let half = i64::midpoint(start, end);
        vec![(start, ay), (half, ay), (half, by), (end, by)]
    };
    let mut made: Vec<Point> = Vec::new();
    for (x, y) in points {
        let point = Point { x, y };
        if made.last() != Some(&point) {
            made.push(point);
        }
    }
    made
}

/// Where the words of what is drawn already lie.
fn labels(root: &Element) -> Vec<Rect> {
    let drawn = root.walk().into_iter().filter(|e| e.ns == Ns::BpmnDi && e.local() == "BPMNLabel");
    drawn.map(extent).filter(|rect| rect.width > 0).collect()
}

/// The bounds that a part of a diagram states.
fn extent(drawn: &Element) -> Rect {
    let bounds = drawn.elements().find(|e| e.ns == Ns::Dc && e.local() == "Bounds");
    let number = |name: &str| bounds.and_then(|b| whole(b.attr(name)?)).unwrap_or(0);
    Rect { x: number("x"), y: number("y"), width: number("width"), height: number("height") }
}

/// What is drawn already, by the element it shows; a line has no extent here.
fn places(root: &Element) -> BTreeMap<&str, Rect> {
    let mut found = BTreeMap::new();
    for drawn in root.walk().into_iter().filter(|e| e.ns == Ns::BpmnDi) {
        let Some(id) = drawn.attr("bpmnElement").map(local) else { continue };
        if matches!(drawn.local(), "BPMNShape" | "BPMNEdge") {
            found.entry(id).or_insert_with(|| extent(drawn));
        }
    }
    found
}

/// Puts the new shapes on the first diagram, which is made where there is none.
fn put(root: &mut Element, added: Vec<Element>, on: &str) {
    for (prefix, address) in
        [("bpmndi", crate::xml::BPMNDI), ("dc", crate::xml::DC), ("di", crate::xml::DI)]
    {
        let is_there = |d: &crate::xml::Declaration| d.prefix == prefix && d.address == address;
        if !root.declared.iter().any(is_there) {
            root.declared.retain(|d| d.prefix != prefix);
            root.declared.push(crate::xml::Declaration {
                prefix: prefix.to_owned(),
                address: address.to_owned(),
            });
        }
    }
    let is_diagram = |e: &Element| e.ns == Ns::BpmnDi && e.local() == "BPMNDiagram";
    let plane = root
        .children
        .iter_mut()
        .filter_map(|node| match node {
            Xml::Element(e) if is_diagram(e) => Some(e),
            _ => None,
        })
        .flat_map(|diagram| diagram.children.iter_mut())
        .find_map(|node| match node {
            Xml::Element(e) if e.ns == Ns::BpmnDi && e.local() == "BPMNPlane" => Some(e),
            _ => None,
        });
    if let Some(plane) = plane {
        for element in added {
            plane.push(element);
        }
        return;
    }
    let mut plane =
        Element::new("bpmndi:BPMNPlane", Ns::BpmnDi).with("id", "Plane").with("bpmnElement", on);
    for element in added {
        plane.push(element);
    }
    let mut diagram = Element::new("bpmndi:BPMNDiagram", Ns::BpmnDi).with("id", "Diagram");
    diagram.push(plane);
    root.push(diagram);
}
