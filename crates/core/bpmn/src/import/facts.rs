//! What stands around the flow: who does a step, what is noted at it, what it needs and leaves.

use crate::definitions::Ids;
use crate::xml::{Element, Ns, folded, local};
use std::collections::BTreeMap;

/// What the model says about its elements outside the flow, by the element's id.
#[derive(Debug, Default)]
pub(crate) struct Facts {
    /// The lane of a node.
    pub(crate) lanes: BTreeMap<String, String>,
    /// The annotations at an element.
    pub(crate) notes: BTreeMap<String, Vec<String>>,
    /// The annotations at nothing, by the id of the process they stand in.
    pub(crate) loose_notes: BTreeMap<String, Vec<String>>,
    /// The pools that an element sends messages to, and those it gets messages from.
    pub(crate) sends: BTreeMap<String, Vec<String>>,
    pub(crate) receives: BTreeMap<String, Vec<String>>,
    /// The message flows of which one end is nobody with a name.
    pub(crate) loose_messages: Vec<String>,
    /// The data that a step leaves, and that it needs.
    pub(crate) leaves: BTreeMap<String, Vec<String>>,
    pub(crate) needs: BTreeMap<String, Vec<String>>,
}

/// How the lane is called whose steps are nobody's.
pub(crate) const UNASSIGNED: &str = "Unassigned";

impl Facts {
    pub(crate) fn of(root: &Element, ids: &Ids<'_>) -> Self {
        let mut facts = Self::default();
        let places = places(root);
        for process in root.parts_named("process") {
            for set in process.parts_named("laneSet") {
                facts.read_lanes(set, "");
            }
            facts.guess_lanes(process, &places);
            facts.read_artifacts(process, ids, process.id().unwrap_or_default());
            for element in process.walk() {
                facts.read_data(element, ids);
            }
        }
        for collaboration in root.parts_named("collaboration") {
            facts.read_artifacts(collaboration, ids, "");
            facts.read_messages(root, collaboration, ids);
        }
        facts
    }

    fn read_lanes(&mut self, set: &Element, above: &str) {
        for lane in set.parts_named("lane") {
            let own = lane.title();
            let name = if own.is_empty() { above.to_owned() } else { own };
            for node in lane.parts_named("flowNodeRef") {
                let id = local(folded(&node.text()).as_str()).to_owned();
                if !name.is_empty() && name != UNASSIGNED {
                    self.lanes.insert(id, name.clone());
                }
            }
            // The inner lane is the one that says who.
            for child in lane.parts_named("childLaneSet") {
                self.read_lanes(child, &name);
            }
        }
    }

    /// Some tools do not say which nodes are in a lane, they only draw them there.
    fn guess_lanes(&mut self, process: &Element, places: &BTreeMap<&str, Place>) {
        let lanes: Vec<(&Element, &Place)> = process
            .walk()
            .into_iter()
            .filter(|e| e.is("lane") && !e.title().is_empty())
            .filter_map(|lane| Some((lane, places.get(lane.id()?)?)))
            .collect();
        for node in process.parts() {
            let Some(id) = node.id().filter(|id| !self.lanes.contains_key(*id)) else { continue };
            if node.is("sequenceFlow") || in_a_lane(process, id) {
                continue;
            }
            let Some(place) = places.get(id) else { continue };
            let around = lanes.iter().filter(|(_, lane)| lane.holds(place));
            let inner = around.min_by_key(|(_, lane)| lane.width.saturating_mul(lane.height));
            if let Some((lane, _)) = inner.filter(|(lane, _)| lane.title() != UNASSIGNED) {
                self.lanes.insert(id.to_owned(), lane.title());
            }
        }
    }

    /// Whether a lane without a name lists the node.
    fn read_artifacts(&mut self, container: &Element, ids: &Ids<'_>, process: &str) {
        let all = container.walk();
        let mut tied: Vec<&str> = Vec::new();
        for association in all.iter().filter(|e| e.is("association")) {
            let end = |name: &str| association.attr(name).and_then(|r| ids.find(r));
            let (Some(from), Some(to)) = (end("sourceRef"), end("targetRef")) else { continue };
            let (note, other) = if from.is("textAnnotation") { (from, to) } else { (to, from) };
            let (Some(note_id), Some(id)) = (note.id(), other.id()) else { continue };
            if note.is("textAnnotation") && !other.is("textAnnotation") {
                tied.push(note_id);
                push(&mut self.notes, id, note_text(note));
            }
        }
        for note in all.iter().filter(|e| e.is("textAnnotation")) {
            if note.id().is_none_or(|id| !tied.contains(&id)) {
                push(&mut self.loose_notes, process, note_text(note));
            }
        }
    }

    fn read_messages(&mut self, root: &Element, collaboration: &Element, ids: &Ids<'_>) {
        let pool_of = |id: &str| -> Option<String> {
            let find = |p: &&Element| {
                p.id() == Some(id)
                    || p.attr("processRef").and_then(|r| ids.find(r)).is_some_and(|process| {
                        process.id() == Some(id)
                            || process.walk().iter().any(|e| e.id() == Some(id))
                    })
            };
            let pool = collaboration.parts_named("participant").find(find)?;
            Some(pool.title()).filter(|title| !title.is_empty())
        };
        for flow in root.walk().into_iter().filter(|e| e.is("messageFlow")) {
            let end = |name: &str| flow.attr(name).map(|r| local(r.trim()));
            let (Some(from), Some(to)) = (end("sourceRef"), end("targetRef")) else { continue };
            // Who is in a lane is named by it: a seat and no whole company.
            let party = |id: &str| self.lanes.get(id).cloned().or_else(|| pool_of(id));
            let (receiver, sender) = (party(to), party(from));
            if receiver.is_none() || sender.is_none() {
                self.loose_messages.push(flow.id().unwrap_or_default().to_owned());
            }
            if let Some(pool) = receiver {
                push(&mut self.sends, from, pool);
            }
            if let Some(pool) = sender {
                let title = flow.title();
                let words = if title.is_empty() { pool } else { format!("{title} from {pool}") };
                push(&mut self.receives, to, words);
            }
        }
    }

    fn read_data(&mut self, element: &Element, ids: &Ids<'_>) {
        let Some(id) = element.id() else { return };
        for (name, end, into) in [
            ("dataOutputAssociation", "targetRef", &mut self.leaves),
            ("dataInputAssociation", "sourceRef", &mut self.needs),
        ] {
            for association in element.parts_named(name) {
                for reference in association.parts_named(end) {
                    let Some(data) = ids.find(&folded(&reference.text())) else { continue };
                    let is_data = matches!(
                        data.local(),
                        "dataObjectReference" | "dataStoreReference" | "dataObject"
                    );
                    let state = data.part("dataState").map(Element::title).unwrap_or_default();
                    let title = data.title();
                    if is_data && !title.is_empty() {
                        let words =
                            if state.is_empty() { title } else { format!("{title} ({state})") };
                        push(into, id, words);
                    }
                }
            }
        }
    }
}

fn push(map: &mut BTreeMap<String, Vec<String>>, key: &str, value: String) {
    let values = map.entry(key.to_owned()).or_default();
    if !value.is_empty() && !values.contains(&value) {
        values.push(value);
    }
}

/// The words of an annotation; its line breaks mean something.
fn note_text(note: &Element) -> String {
    let text = note.part("text").map(Element::text).unwrap_or_default();
    let lines: Vec<String> = text.lines().map(folded).collect();
    lines.join("\n").trim().to_owned()
}

/// A rectangle of a diagram in whole units.
struct Place {
    x: i64,
    y: i64,
    width: i64,
    height: i64,
}

impl Place {
    fn holds(&self, other: &Self) -> bool {
        let (x, y) = (other.x + other.width / 2, other.y + other.height / 2);
        x >= self.x && x <= self.x + self.width && y >= self.y && y <= self.y + self.height
    }
}

fn places(root: &Element) -> BTreeMap<&str, Place> {
    let mut found = BTreeMap::new();
    for shape in root.walk().into_iter().filter(|e| e.ns == Ns::BpmnDi && e.local() == "BPMNShape")
    {
        let bounds = shape.elements().find(|e| e.ns == Ns::Dc && e.local() == "Bounds");
        let (Some(id), Some(bounds)) = (shape.attr("bpmnElement"), bounds) else { continue };
        let number = |name: &str| whole(bounds.attr(name)?);
        if let (Some(x), Some(y), Some(width), Some(height)) =
            (number("x"), number("y"), number("width"), number("height"))
        {
            found.entry(local(id)).or_insert(Place { x, y, width, height });
        }
    }
    found
}

/// The whole part of a number; `None` beyond what a drawing can hold.
pub(crate) fn whole(text: &str) -> Option<i64> {
    let text = text.trim();
    let whole = text.split_once('.').map_or(text, |(whole, _)| whole);
    let number: i64 = if whole.is_empty() || whole == "-" { 0 } else { whole.parse().ok()? };
    (number.abs() < 10_000_000).then_some(number)
}

/// Whether a lane of the process names this node as its own.
fn in_a_lane(process: &Element, id: &str) -> bool {
    process
        .parts_named("laneSet")
        .flat_map(Element::walk)
        .any(|e| e.is("flowNodeRef") && folded(&e.text()) == id)
}
