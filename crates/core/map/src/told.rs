//! A map in words: each step with where it leads, for those who do not see the drawing.

use crate::graph::{EdgeKind, ShapeKind};
use crate::layout::{Edge, Layout, Shape};
use gemba_model::{StepId, StepKind};
use std::collections::BTreeMap;

/// One step in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    /// The step; `None` for the start.
    pub step: Option<StepId>,
    /// What it is and who does it: "2 Check the terms, Finance lead, approval".
    pub text: String,
    /// Where it leads: "if it is wrong: back to 1 Draft".
    pub ways: Vec<String>,
}

impl Layout {
    /// The start and every step, in order, with where each leads.
    pub fn told(&self) -> Vec<Told> {
        let shapes: BTreeMap<&str, &Shape> =
            self.shapes.iter().map(|shape| (shape.id.as_str(), shape)).collect();
        let mut outs: BTreeMap<&str, Vec<&Edge>> = BTreeMap::new();
        for edge in &self.edges {
            outs.entry(edge.from.as_str()).or_default().push(edge);
        }
        let teller = Teller { layout: self, shapes, outs };
        self.shapes.iter().filter_map(|shape| teller.told(shape)).collect()
    }

    /// What a shape is in words: the number, the text, who does it and what kind of act it is.
    pub(crate) fn name_of(&self, shape: &Shape) -> String {
        let seat = self.lanes.get(shape.lane).map_or("", |lane| lane.name.as_str());
        match shape.kind {
            ShapeKind::Start => {
                format!("{}: {}", crate::icon::starts(shape.trigger), shape.text)
            }
            ShapeKind::Event => format!("Waits for: {}", shape.text),
            ShapeKind::Outcome => format!("Outcome: {}", shape.text),
            ShapeKind::Stop => format!("Ends: {}", shape.text),
            ShapeKind::Decision if shape.number.is_empty() => format!("Decision: {}", shape.text),
            ShapeKind::Decision => format!("Decision at step {}", shape.number),
            ShapeKind::Join => "Ways come together".to_owned(),
            ShapeKind::Parallel => "All ways at the same time".to_owned(),
            ShapeKind::Step(kind) => {
                let mut name = numbered(shape);
                if !seat.is_empty() {
                    put!(name, " ({seat})");
                }
                if kind != StepKind::Task {
                    put!(name, ", {}", crate::difference::kind_word(kind));
                }
                name
            }
        }
    }
}

fn numbered(shape: &Shape) -> String {
    format!("{} {}", shape.number, shape.text).trim().to_owned()
}

struct Teller<'a> {
    layout: &'a Layout,
    shapes: BTreeMap<&'a str, &'a Shape>,
    outs: BTreeMap<&'a str, Vec<&'a Edge>>,
}

impl Teller<'_> {
    fn told(&self, shape: &Shape) -> Option<Told> {
        if !matches!(shape.kind, ShapeKind::Start | ShapeKind::Step(_)) {
            return None;
        }
        let mut ways = Vec::new();
        for edge in self.outs.get(shape.id.as_str()).into_iter().flatten() {
            let Some(to) = self.shapes.get(edge.to.as_str()) else { continue };
            if to.kind == ShapeKind::Decision {
                let branches = self.outs.get(to.id.as_str()).into_iter().flatten();
                ways.extend(branches.filter_map(|branch| self.way(shape, branch)));
            } else {
                ways.extend(self.way(shape, edge));
            }
        }
        Some(Told { step: shape.step.clone(), text: self.layout.name_of(shape), ways })
    }

    fn way(&self, from: &Shape, edge: &Edge) -> Option<String> {
        let to = self.shapes.get(edge.to.as_str())?;
        let place = match to.kind {
            ShapeKind::Step(_) if edge.kind == EdgeKind::Back => {
                format!("back to {}", numbered(to))
            }
            ShapeKind::Step(_) => format!("on to {}", numbered(to)),
            ShapeKind::Stop if to.text == "End" => "the run ends".to_owned(),
            ShapeKind::Stop => format!("the run ends: {}", to.text),
            ShapeKind::Outcome => format!("done: {}", to.text),
            ShapeKind::Start
            | ShapeKind::Event
            | ShapeKind::Decision
            | ShapeKind::Join
            | ShapeKind::Parallel => self.layout.name_of(to),
        };
        let mut words = match &edge.label {
            Some(label) if label.text.eq_ignore_ascii_case("otherwise") => {
                format!("otherwise {place}")
            }
            Some(label) => format!("if {}: {place}", label.text),
            None => place,
        };
        if matches!(to.kind, ShapeKind::Step(_)) && to.lane != from.lane {
            let seat = self.layout.lanes.get(to.lane).map_or("", |lane| lane.name.as_str());
            put!(words, ", handed to {seat}");
        }
        Some(words)
    }
}

#[cfg(test)]
mod tests {
    use crate::tests::sample::{Row, starts, table, yields};
    use crate::{Options, layout};

    #[test]
    fn a_map_in_words_says_who_does_what_and_where_each_step_leads() {
        let rows: &[Row<'_>] = &[
            ("Draft", "Writer", &[]),
            ("Read", "Editor", &[("it is wrong", 1), ("it is void", 0)]),
            ("Print", "Printer", &[]),
        ];
        let process = yields(starts(table("Paper", rows), "every Monday"), "A paper");
        let told: Vec<String> = layout(&process, &Options::default())
            .told()
            .into_iter()
            .map(|told| format!("{} | {}", told.text, told.ways.join(" | ")))
            .collect();
        let expected = [
            "Starts on a schedule: every Monday | on to 1 Draft",
            "1 Draft (Writer) | on to 2 Read, handed to Editor",
            "2 Read (Editor) | if it is wrong: back to 1 Draft, handed to Writer | if it is void: \
             the run ends | otherwise on to 3 Print, handed to Printer",
            "3 Print (Printer) | done: A paper",
        ];
        assert_eq!(told, expected);
    }
}
