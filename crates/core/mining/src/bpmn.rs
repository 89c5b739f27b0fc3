//! BPMN models as nets, and process trees as BPMN models with a drawing.

mod draw;

use crate::align::Model;
use crate::net::Net;
use crate::report::Refusal;
use gemba_bpmn::Definitions;
use gemba_bpmn::xml::Element;
use std::collections::{BTreeMap, BTreeSet};

pub use draw::{graph, text};

/// The largest model.
const MAX_NODES: usize = 20_000;

/// The model that the first process of a file with steps is.
///
/// Tasks and calls are activities; events and gateways are silent. An inclusive gateway is read as ways that are
/// all gone or passed over; a sub-process that is drawn stands for what is in it.
///
/// # Errors
///
/// A file without steps, or with more than can be held, is refused.
pub fn model(definitions: &Definitions) -> Result<Model, Refusal> {
    let processes = definitions.processes();
    let has_steps = |process: &&&Element| process.walk().iter().any(|e| is_activity(e));
    let process = processes.iter().find(has_steps).ok_or_else(|| {
        Refusal::Malformed("the model has no process with a task in it".to_owned())
    })?;
    let mut work = Work::default();
    let (source, sink) = (work.net.place("source"), work.net.place("sink"));
    work.scope(process, source, sink)?;
    work.net.initial.push((source, 1));
    work.net.end.push((sink, 1));
    Ok(Model::of_net(work.net))
}

fn is_sub_process(element: &Element) -> bool {
    matches!(element.local(), "subProcess" | "transaction" | "adHocSubProcess")
}

fn is_activity(element: &Element) -> bool {
    let name = element.local();
    name == "task" || name.ends_with("Task") || name == "callActivity"
}

fn is_node(element: &Element) -> bool {
    let name = element.local();
    is_activity(element)
        || is_sub_process(element)
        || name.ends_with("Gateway")
        || name.ends_with("Event")
}

#[derive(Default)]
struct Work {
    net: Net,
}

/// A flow from one node to another, by their places in the scope.
struct Flow {
    from: usize,
    to: usize,
}

impl Work {
    /// Lays out what is in a process or sub-process between two places.
    fn scope(&mut self, scope: &Element, source: u32, sink: u32) -> Result<(), Refusal> {
        let nodes: Vec<&Element> = scope.parts().filter(|e| is_node(e)).collect();
        if self.net.transitions.len() + nodes.len() > MAX_NODES {
            return Err(Refusal::TooLarge(format!("the model has more than {MAX_NODES} nodes")));
        }
        let at: BTreeMap<&str, usize> =
            nodes.iter().enumerate().filter_map(|(n, e)| Some((e.id()?, n))).collect();
        let find = |reference: Option<&str>| {
            let reference = reference?.trim();
            let local = reference.rsplit(':').next().unwrap_or(reference);
            at.get(reference).or_else(|| at.get(local)).copied()
        };
        let flows: Vec<Flow> = scope
            .parts_named("sequenceFlow")
            .filter_map(|flow| {
                let (from, to) = (find(flow.attr("sourceRef"))?, find(flow.attr("targetRef"))?);
                Some(Flow { from, to })
            })
            .collect();
        let hosts: Vec<Option<usize>> =
            nodes.iter().map(|e| find(e.attr("attachedToRef"))).collect();
        // Where tokens wait before a node: at each flow of a gateway that waits for all, else at the node.
        let entry: Vec<u32> = nodes.iter().map(|e| self.net.place(e.title())).collect();
        let waits_for_all = |n: usize| {
            let name = nodes.get(n).map_or("", |e| e.local());
            let ins = flows.iter().filter(|flow| flow.to == n).count();
            ins > 1 && matches!(name, "parallelGateway" | "inclusiveGateway")
        };
        let place_of: Vec<u32> = flows
            .iter()
            .map(|flow| {
                if waits_for_all(flow.to) {
                    self.net.place("flow")
                } else {
                    entry.get(flow.to).copied().unwrap_or(sink)
                }
            })
            .collect();
        let outs = |n: usize| -> Vec<u32> {
            let own = flows.iter().zip(&place_of).filter(|(flow, _)| flow.from == n);
            own.map(|(_, place)| *place).collect()
        };
        let ins = |n: usize| -> Vec<u32> {
            let own = flows.iter().zip(&place_of).filter(|(flow, _)| flow.to == n);
            own.map(|(_, place)| *place).collect()
        };
        self.begin(&nodes, &flows, &hosts, &entry, source);
        for (n, node) in nodes.iter().enumerate() {
            let Some(own) = entry.get(n).copied() else { continue };
            let mut gives = outs(n);
            // What leads nowhere leads to the end.
            if gives.is_empty() {
                gives.push(sink);
            }
            let takes = if waits_for_all(n) { ins(n) } else { vec![own] };
            match node.local() {
                "exclusiveGateway" | "eventBasedGateway" | "complexGateway" => {
                    for place in gives {
                        self.net.transition(None, &[own], &[place]);
                    }
                }
                "inclusiveGateway" => {
                    self.net.transition(None, &takes, &gives);
                    if gives.len() > 1 {
                        self.pass_over(n, &nodes, &flows, &place_of);
                    }
                }
                name if name == "parallelGateway" || name.ends_with("Event") => {
                    self.net.transition(None, &takes, &gives);
                }
                _ => self.activity(node, n, own, &gives, &hosts, &entry)?,
            }
        }
        Ok(())
    }

    /// Lets the scope begin: at one of its start events, or where none is, at everything nothing leads to.
    fn begin(
        &mut self,
        nodes: &[&Element],
        flows: &[Flow],
        hosts: &[Option<usize>],
        entry: &[u32],
        source: u32,
    ) {
        let places = |wanted: &dyn Fn(usize, &Element) -> bool| -> Vec<u32> {
            let all = nodes.iter().enumerate().filter(|(n, e)| wanted(*n, e));
            all.filter_map(|(n, _)| entry.get(n).copied()).collect()
        };
        let starts = places(&|_, e| e.is("startEvent"));
        if starts.is_empty() {
            let is_led_to = |n: usize| flows.iter().any(|flow| flow.to == n);
            let is_attached = |n: usize| hosts.get(n).copied().flatten().is_some();
            let free = places(&|n, _| !is_led_to(n) && !is_attached(n));
            if !free.is_empty() {
                self.net.transition(None, &[source], &free);
            }
        }
        for start in starts {
            self.net.transition(None, &[source], &[start]);
        }
    }

    /// An activity, or a sub-process with what is in it; events attached to it are other ways out of it.
    fn activity(
        &mut self,
        node: &Element,
        n: usize,
        own: u32,
        gives: &[u32],
        hosts: &[Option<usize>],
        entry: &[u32],
    ) -> Result<(), Refusal> {
        let behind = self.net.place(node.title());
        let is_drawn = is_sub_process(node) && node.parts().any(is_node);
        if is_drawn {
            let begin = self.net.place(node.title());
            self.net.transition(None, &[own], &[begin]);
            self.scope(node, begin, behind)?;
        } else {
            let name = node.title();
            let name = if name.is_empty() { node.id().unwrap_or("task").to_owned() } else { name };
            self.net.transition(Some(name), &[own], &[behind]);
        }
        if node.part("standardLoopCharacteristics").is_some()
            || node.part("multiInstanceLoopCharacteristics").is_some()
        {
            self.net.transition(None, &[behind], &[own]);
        }
        self.net.transition(None, &[behind], gives);
        for (other, host) in hosts.iter().enumerate() {
            if let (true, Some(place)) = (*host == Some(n), entry.get(other).copied()) {
                // Instead of it, or behind it.
                self.net.transition(None, &[own], &[place]);
                self.net.transition(None, &[behind], &[place]);
            }
        }
        Ok(())
    }

    /// Lets each way out of an inclusive gateway be passed over, up to the one where the ways come together.
    fn pass_over(&mut self, split: usize, nodes: &[&Element], flows: &[Flow], place_of: &[u32]) {
        for (at, _) in flows.iter().enumerate().filter(|(_, flow)| flow.from == split) {
            let Some(from) = place_of.get(at).copied() else { continue };
            // The first inclusive gateway on the way, and the flow that the way comes in by.
            let mut seen = BTreeSet::from([at]);
            let mut open = vec![at];
            let mut first = 0;
            while let Some(next) = open.get(first).copied() {
                first += 1;
                let Some(to) = flows.get(next).map(|flow| flow.to) else { continue };
                let ins = flows.iter().filter(|flow| flow.to == to).count();
                let is_join = ins > 1 && nodes.get(to).is_some_and(|e| e.is("inclusiveGateway"));
                if is_join {
                    if let Some(place) = place_of.get(next).copied().filter(|place| *place != from)
                    {
                        self.net.transition(None, &[from], &[place]);
                    }
                    break;
                }
                for (more, flow) in flows.iter().enumerate() {
                    if flow.from == to && seen.insert(more) {
                        open.push(more);
                    }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A model of nodes (element, id, name) and flows between them.
    fn read(nodes: &[(&str, &str)], flows: &[(&str, &str)]) -> Option<String> {
        let mut text = String::from(
            "<definitions xmlns='http://www.omg.org/spec/BPMN/20100524/MODEL'><process id='p'>",
        );
        for (element, id) in nodes {
            text.push_str(&["<", element, " id='", id, "' name='", id, "'/>"].concat());
        }
        for (from, to) in flows {
            let flow =
                ["<sequenceFlow id='", from, to, "' sourceRef='", from, "' targetRef='", to, "'/>"];
            text.push_str(&flow.concat());
        }
        text.push_str("</process></definitions>");
        let (definitions, _) = gemba_bpmn::read(text.as_bytes()).unwrap();
        model(&definitions).unwrap().tree.map(|tree| tree.to_string())
    }

    #[test]
    fn a_model_made_of_blocks_is_a_tree() {
        let found = read(
            &[
                ("startEvent", "s"),
                ("task", "a"),
                ("exclusiveGateway", "x"),
                ("userTask", "b"),
                ("exclusiveGateway", "y"),
                ("parallelGateway", "f"),
                ("task", "c"),
                ("callActivity", "d"),
                ("parallelGateway", "j"),
                ("endEvent", "e"),
            ],
            &[
                ("s", "a"),
                ("a", "x"),
                ("x", "b"),
                ("x", "y"),
                ("b", "y"),
                ("y", "f"),
                ("f", "c"),
                ("f", "d"),
                ("c", "j"),
                ("d", "j"),
                ("j", "e"),
            ],
        );
        assert_eq!(found.as_deref(), Some("->( 'a', X( tau, 'b' ), +( 'c', 'd' ) )"));
    }

    #[test]
    fn the_ways_of_an_inclusive_gateway_may_be_passed_over() {
        let found = read(
            &[
                ("startEvent", "s"),
                ("inclusiveGateway", "f"),
                ("task", "a"),
                ("task", "b"),
                ("inclusiveGateway", "j"),
                ("endEvent", "e"),
            ],
            &[("s", "f"), ("f", "a"), ("f", "b"), ("a", "j"), ("b", "j"), ("j", "e")],
        );
        assert_eq!(found.as_deref(), Some("+( X( tau, 'a' ), X( tau, 'b' ) )"));
    }

    #[test]
    fn a_model_without_events_begins_at_what_nothing_leads_to() {
        assert_eq!(
            read(&[("task", "a"), ("task", "b")], &[("a", "b")]).as_deref(),
            Some("->( 'a', 'b' )")
        );
    }
}
