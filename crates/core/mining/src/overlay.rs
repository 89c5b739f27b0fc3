//! The map of a process with what really happens drawn on it: counts, times, and what is in one of the two only.

use crate::conform::Kind;
use crate::difference::{Beside, Side, StepBeside};
use gemba_map::{EdgeKind, Fate, Graph, Link, Node, Overlay, ShapeKind, StepMark};
use gemba_model::{Process, StepKind};
use std::collections::BTreeMap;

/// What is drawn: of a way or a deviation that fewer cases of a hundred have, the map says nothing.
pub const LEAST_PERCENT: u64 = 5;

/// The map of a process beside what happens. `note` says a few words about a step, such as how long it takes; the
/// steps of the process and of `beside` have the same names.
pub fn drawn(
    process: &Process,
    beside: &Beside,
    note: impl Fn(&StepBeside) -> Option<String>,
) -> (Graph, Overlay) {
    let mut drawing = Drawing {
        graph: Graph::of(process),
        overlay: Overlay::default(),
        boxes: BTreeMap::new(),
        least: (beside.cases * LEAST_PERCENT).div_ceil(100).max(1),
    };
    drawing.steps(process, beside, note);
    drawing.strangers(beside);
    if beside.cases > 0 {
        drawing.ways(beside);
    }
    drawing.legend();
    (drawing.graph.ordered(), drawing.overlay)
}

struct Drawing {
    graph: Graph,
    overlay: Overlay,
    /// The box of each step, by its name.
    boxes: BTreeMap<String, usize>,
    /// What fewer cases have is not drawn.
    least: u64,
}

impl Drawing {
    fn steps(
        &mut self,
        process: &Process,
        beside: &Beside,
        note: impl Fn(&StepBeside) -> Option<String>,
    ) {
        let of: BTreeMap<&str, &StepBeside> =
            beside.steps.iter().map(|step| (step.name.as_str(), step)).collect();
        for (at, node) in self.graph.nodes.iter_mut().enumerate() {
            let (ShapeKind::Step(_), Some(id)) = (node.kind, &node.step) else { continue };
            let Some(step) = process.step(id) else { continue };
            self.boxes.insert(step.title.clone(), at);
            // The parts of a step are within its box.
            for part in &step.steps {
                self.boxes.entry(part.title.clone()).or_insert(at);
            }
            let own = of.get(step.title.as_str()).copied();
            let parts =
                || step.steps.iter().filter_map(|part| of.get(part.title.as_str()).copied());
            let all = || own.into_iter().chain(parts());
            let times = all().map(|step| step.times).max();
            let Some(times) = times.filter(|_| beside.cases > 0) else { continue };
            if times == 0 {
                node.fate = Fate::Removed;
                continue;
            }
            let note = own.and_then(&note);
            let mark = StepMark { count: Some(times), note, ..StepMark::default() };
            self.overlay.steps.insert(id.clone(), mark);
            let deviating =
                |kind| all().filter_map(|step| step.deviations.get(&kind)).max().copied();
            if deviating(Kind::WrongOrder).is_some_and(|cases| cases >= self.least) {
                node.fate = Fate::Moved;
            } else if let Some(cases) =
                deviating(Kind::WrongSeat).filter(|cases| *cases >= self.least)
            {
                node.fate = Fate::Changed;
                node.note = Some(format!("other seat: {cases}"));
            }
        }
    }

    /// What happens and is not written, in the lane of what it mostly comes after.
    fn strangers(&mut self, beside: &Beside) {
        let strangers = beside.steps.iter().filter(|step| step.side == Side::Real);
        for (n, step) in strangers.filter(|step| step.cases >= self.least).enumerate() {
            let before = beside.ways.iter().find_map(|way| {
                let from = way.from.as_ref().filter(|_| way.to.as_ref() == Some(&step.name))?;
                self.boxes.get(from)
            });
            let lane = before.and_then(|at| self.graph.nodes.get(*at)).map_or(0, |node| node.lane);
            let text = format!("{} ({}\u{d7})", step.name, step.times);
            let kind = ShapeKind::Step(StepKind::Task);
            let mut node = Node::new(format!("real:{n}"), kind, lane, text);
            node.fate = Fate::Added;
            self.boxes.insert(step.name.clone(), self.graph.nodes.len());
            self.graph.nodes.push(node);
        }
    }

    fn ways(&mut self, beside: &Beside) {
        let start = self.graph.nodes.iter().position(|node| node.kind == ShapeKind::Start);
        let end = self.graph.nodes.iter().position(|node| node.kind == ShapeKind::Outcome);
        let mut real: BTreeMap<(usize, usize), u64> = BTreeMap::new();
        for way in &beside.ways {
            let from = way.from.as_ref().map_or(start, |name| self.boxes.get(name).copied());
            let to = way.to.as_ref().map_or(end, |name| self.boxes.get(name).copied());
            let (Some(from), Some(to)) = (from, to) else { continue };
            let is_new = [from, to]
                .iter()
                .any(|at| self.graph.nodes.get(*at).is_some_and(|n| n.fate == Fate::Added));
            match way.side {
                Side::Both => self.taken(from, to, way.times),
                Side::Written => self.never(from, to),
                // Where the ways of the document could not be told, only what is new for sure is drawn.
                Side::Real if way.cases >= self.least && (beside.is_whole || is_new) => {
                    *real.entry((from, to)).or_default() += way.times;
                }
                Side::Real => {}
            }
        }
        for ((from, to), times) in real.into_iter().filter(|((from, to), _)| from != to) {
            self.graph.links.push(Link {
                kind: EdgeKind::Branch,
                label: Some(format!("{times}\u{d7}")),
                fate: Fate::Added,
                ..Link::new(from, to)
            });
        }
    }

    fn taken(&mut self, from: usize, to: usize, times: u64) {
        let id = |at: usize| self.graph.nodes.get(at).map(|node| node.id.clone());
        if let (Some(from), Some(to)) = (id(from), id(to)) {
            *self.overlay.edges.entry((from, to)).or_default() += times;
        }
    }

    /// A straight way that no case took. What a decision leads to may be reached over its other branches.
    fn never(&mut self, from: usize, to: usize) {
        let is_it = |link: &&mut Link| link.from == from && link.to == to && link.branch.is_none();
        if let Some(link) = self.graph.links.iter_mut().find(is_it) {
            link.fate = Fate::Removed;
        }
    }

    /// Only of what is there.
    fn legend(&mut self) {
        let words = [
            (Fate::Removed, "in the document only"),
            (Fate::Added, "in reality only"),
            (Fate::Moved, "in another place than written"),
            (Fate::Changed, "done by another seat"),
        ];
        let nodes = self.graph.nodes.iter().map(|node| node.fate);
        let there: Vec<Fate> = nodes.chain(self.graph.links.iter().map(|link| link.fate)).collect();
        let some = words.into_iter().filter(|(fate, _)| there.contains(fate));
        self.overlay.legend = some.map(|(fate, words)| (fate, words.to_owned())).collect();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::align::Limits;
    use crate::conform::{Method, conform};
    use crate::difference::beside;
    use crate::log::{EventLog, Row};
    use crate::report::Unwatched;
    use crate::sop::{self, tests};
    use crate::variants::variants;
    use std::collections::BTreeSet;

    fn fates(cases: &[&str]) -> (Vec<(String, Fate)>, Vec<String>) {
        let process = tests::process(["a", "b", "c"].map(tests::step).to_vec());
        let names: Vec<(String, Vec<String>)> = cases
            .iter()
            .enumerate()
            .map(|(n, case)| (n.to_string(), case.chars().map(String::from).collect()))
            .collect();
        let rows = names.iter().flat_map(|(case, events)| {
            events.iter().zip(0..).map(move |(activity, n)| Row {
                case,
                activity,
                time: Some(n * 60_000_000),
                ..Row::default()
            })
        });
        let log = EventLog::of(rows);
        let model = sop::model(&process, &BTreeSet::new());
        let found = variants(&log);
        let limits = Limits::default();
        let held = conform(&log.activities, &found, &model, Method::Align, limits, &mut Unwatched)
            .unwrap();
        let (graph, overlay) =
            drawn(&process, &beside(&log, &model, &held), |step| Some(step.times.to_string()));
        let nodes = graph.nodes.iter().filter(|node| node.fate != Fate::Same);
        let legend = overlay.legend.iter().map(|(_, words)| words.clone()).collect();
        (nodes.map(|node| (node.text.clone(), node.fate)).collect(), legend)
    }

    #[test]
    fn what_goes_as_written_has_no_marks() {
        assert_eq!(fates(&["abc", "abc"]), (vec![], vec![]));
        assert_eq!(fates(&[]), (vec![], vec![]));
    }

    #[test]
    fn what_is_in_one_of_the_two_only_is_told() {
        let (nodes, legend) = fates(&["axc", "axc"]);
        let told: Vec<(&str, Fate)> = nodes.iter().map(|(name, fate)| (&**name, *fate)).collect();
        assert_eq!(told, [("b", Fate::Removed), ("x (2\u{d7})", Fate::Added)]);
        assert_eq!(legend, ["in the document only", "in reality only"]);
    }

    #[test]
    fn a_step_in_another_place_is_told() {
        let (nodes, legend) = fates(&["acb", "acb"]);
        assert!(nodes.iter().any(|(_, fate)| *fate == Fate::Moved), "{nodes:?}");
        assert!(legend.contains(&"in another place than written".to_owned()), "{legend:?}");
    }

    #[test]
    fn a_single_case_of_many_is_not_drawn() {
        let mut cases = vec!["abc"; 40];
        cases.push("abxc");
        assert_eq!(fates(&cases), (vec![], vec![]));
    }
}
