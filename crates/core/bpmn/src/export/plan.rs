//! A process as the nodes and flows of a BPMN model, not yet drawn.
//!
//! What the linters of modelling tools ask for holds by construction: one blank start at most, a join
//! of its own before what several flows lead to, a condition or the default on every way out of a
//! decision, a name on everything that has one to give.

use super::words::{Short, plain, short, time_words};
use gemba_map::{Graph, Link, Node, ShapeKind};
use gemba_model::{
    Branch, Next, Process, Routes, Step, StepKind, Target, Trigger, TriggerKind, flow,
};
use std::collections::BTreeMap;

/// What an element of the model is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum What {
    Start(Happening),
    /// A task: the name of the element.
    Task(&'static str),
    Call(Option<String>),
    /// A step with parts, which have a drawing of their own.
    Inside(Box<Plan>),
    Catch(Happening),
    Choice,
    Join,
    Fork,
    End,
}

/// What an event waits for, in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Happening {
    Blank,
    Timer(String),
    Message(String),
    Condition(String),
}

/// An element of the model.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Item {
    /// Unique in the model.
    pub(super) id: String,
    /// With the process before it: unique among all models.
    pub(super) full: String,
    pub(super) what: What,
    pub(super) lane: usize,
    pub(super) name: String,
    pub(super) documentation: String,
    pub(super) note: Option<String>,
}

/// A sequence flow.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Flow {
    pub(super) from: usize,
    pub(super) to: usize,
    pub(super) name: Option<String>,
    pub(super) condition: Option<String>,
    /// Whether it is taken where no condition holds.
    pub(super) is_default: bool,
}

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Plan {
    pub(super) slug: String,
    pub(super) title: String,
    pub(super) lanes: Vec<String>,
    pub(super) items: Vec<Item>,
    pub(super) flows: Vec<Flow>,
    /// What is noted at the pool: a short id and the words.
    pub(super) remarks: Vec<(&'static str, String)>,
}

impl Plan {
    pub(super) fn of(process: &Process, agents: &[String]) -> Self {
        let builder = Builder {
            process,
            agents,
            plan: Self {
                slug: process.slug.to_string(),
                title: plain(&process.title),
                ..Self::default()
            },
            ids: BTreeMap::new(),
            seats: BTreeMap::new(),
            within: false,
        };
        let mut plan = builder.build();
        plan.join();
        plan
    }

    /// The flow as a graph to lay out; nodes and links in the order of items and flows.
    pub(super) fn graph(&self) -> Graph {
        let nodes = self
            .items
            .iter()
            .map(|item| {
                let kind = match &item.what {
                    What::Start(_) => ShapeKind::Start,
                    What::Task(_) => ShapeKind::Step(StepKind::Task),
                    What::Call(_) | What::Inside(_) => ShapeKind::Step(StepKind::Call),
                    What::Catch(_) => ShapeKind::Event,
                    What::Choice => ShapeKind::Decision,
                    What::Join => ShapeKind::Join,
                    What::Fork => ShapeKind::Parallel,
                    What::End => ShapeKind::Outcome,
                };
                let mut node = Node::new(item.id.clone(), kind, item.lane, item.name.clone());
                node.note.clone_from(&item.note);
                node
            })
            .collect();
        let links = self
            .flows
            .iter()
            .map(|flow| {
                let mut link = Link::new(flow.from, flow.to);
                link.label.clone_from(&flow.name);
                link
            })
            .collect();
        Graph { title: self.title.clone(), lanes: self.lanes.clone(), nodes, links }
    }

    /// Puts a join before every step and end that several flows lead to.
    fn join(&mut self) {
        let mut counts = vec![0_usize; self.items.len()];
        for flow in &self.flows {
            if let Some(count) = counts.get_mut(flow.to) {
                *count += 1;
            }
        }
        let needs = |(at, item): (usize, &Item)| {
            let joins = matches!(item.what, What::Join | What::Fork);
            counts.get(at).copied().unwrap_or(0) > 1 && !joins
        };
        let needing: Vec<bool> = self.items.iter().enumerate().map(needs).collect();
        // Where each item comes to stand, and its join before it.
        let mut places = Vec::with_capacity(self.items.len());
        let mut items = Vec::new();
        for (item, needs) in self.items.drain(..).zip(&needing) {
            if *needs {
                let id = format!("Join_{}", item.id);
                items.push(Item {
                    full: full(&self.slug, &id),
                    id,
                    what: What::Join,
                    lane: item.lane,
                    name: String::new(),
                    documentation: String::new(),
                    note: None,
                });
            }
            places.push(items.len());
            items.push(item);
        }
        let place = |at: usize| places.get(at).copied().unwrap_or(0);
        for flow in &mut self.flows {
            let joined = needing.get(flow.to).copied().unwrap_or(false);
            flow.from = place(flow.from);
            flow.to = if joined { place(flow.to) - 1 } else { place(flow.to) };
        }
        for (at, _) in needing.iter().enumerate().filter(|(_, needs)| **needs) {
            self.flows.push(plain_flow(place(at) - 1, place(at)));
        }
        self.items = items;
    }
}

/// An id of a model with the process in it: "Step_invoicing_send-it".
pub(super) fn full(slug: &str, id: &str) -> String {
    match id.split_once('_') {
        Some((kind, rest)) => format!("{kind}_{slug}_{rest}"),
        None => format!("{id}_{slug}"),
    }
}

fn plain_flow(from: usize, to: usize) -> Flow {
    Flow { from, to, name: None, condition: None, is_default: false }
}

struct Builder<'a> {
    process: &'a Process,
    /// The seats that agents hold, in lower case.
    agents: &'a [String],
    plan: Plan,
    ids: BTreeMap<String, usize>,
    seats: BTreeMap<String, usize>,
    /// Whether the parts of a step are planned: they are drawn without lanes.
    within: bool,
}

impl Builder<'_> {
    fn build(mut self) -> Plan {
        let process = self.process;
        let lanes: Vec<usize> =
            process.steps.iter().map(|step| self.lane(process.doer(step))).collect();
        let first_lane = match lanes.first() {
            Some(lane) => *lane,
            None => self.lane(process.owner.named()),
        };
        let starts = self.starts(first_lane);
        // For each step the item it begins with and the one its ways leave from.
        let places: Vec<(usize, usize)> = process
            .steps
            .iter()
            .zip(&lanes)
            .enumerate()
            .map(|(index, (step, lane))| self.step(index, step, *lane))
            .collect();
        let last_lane = lanes.last().copied().unwrap_or(first_lane);
        let mut outcome = None;
        let first = self.goal(flow::first(process), &places, last_lane, &mut outcome);
        for start in starts {
            self.plan.flows.push(plain_flow(start, first));
        }
        for (index, (step, (_, exit))) in process.steps.iter().zip(&places).enumerate() {
            match flow::routes(process, index) {
                Routes::Straight(next) => {
                    let ends_early = step.kind == StepKind::End && index + 1 < process.steps.len();
                    let to = if ends_early {
                        let lane = lanes.get(index).copied().unwrap_or(first_lane);
                        self.stop(step, "", "End", lane)
                    } else {
                        self.goal(next, &places, last_lane, &mut outcome)
                    };
                    self.plan.flows.push(plain_flow(*exit, to));
                }
                Routes::Branches(branches) => {
                    let lane = lanes.get(index).copied().unwrap_or(first_lane);
                    let default = branches.iter().position(|b| flow::says_otherwise(&b.label));
                    for (nth, branch) in branches.iter().enumerate() {
                        let to = match ending(step, branch) {
                            Some(action) => self.stop(step, &branch.id, &action, lane),
                            None => self.goal(branch.to, &places, last_lane, &mut outcome),
                        };
                        let label = plain(&branch.label);
                        let is_default = default == Some(nth);
                        self.plan.flows.push(Flow {
                            from: *exit,
                            to,
                            name: Some(short(&label, Short::Label)),
                            condition: (!is_default).then_some(label),
                            is_default,
                        });
                    }
                }
            }
        }
        self.plan.remarks = self.remarks();
        self.plan
    }

    fn starts(&mut self, lane: usize) -> Vec<usize> {
        let triggers = &self.process.triggers;
        let is_blank = |t: &&Trigger| t.kind == TriggerKind::Request;
        let mut starts = Vec::new();
        let asked: Vec<String> = triggers
            .iter()
            .filter(is_blank)
            .map(|t| plain(&t.text))
            .filter(|t| !t.is_empty())
            .collect();
        if triggers.is_empty() || triggers.iter().any(|t| is_blank(&t)) {
            let words = if asked.is_empty() { "Start".to_owned() } else { asked.join(" / ") };
            starts.push(self.start(lane, &words, Happening::Blank));
        }
        for trigger in triggers.iter().filter(|t| !is_blank(t)) {
            let text = plain(&trigger.text);
            let words = if text.is_empty() { "Start".to_owned() } else { text };
            let happening = match trigger.kind {
                TriggerKind::Schedule => Happening::Timer(
                    trigger.rule.as_ref().map_or_else(|| words.clone(), ToString::to_string),
                ),
                TriggerKind::Threshold => Happening::Condition(words.clone()),
                TriggerKind::Event => Happening::Message(words.clone()),
                TriggerKind::Request => Happening::Blank,
            };
            starts.push(self.start(lane, &words, happening));
        }
        starts
    }

    fn start(&mut self, lane: usize, words: &str, happening: Happening) -> usize {
        let name = short(words, Short::Event);
        let documentation = if name == words { String::new() } else { words.to_owned() };
        self.item("Start", What::Start(happening), lane, name, documentation)
    }

    /// The items of a step: where it begins and where its ways leave.
    fn step(&mut self, index: usize, step: &Step, lane: usize) -> (usize, usize) {
        let title = plain(&step.title);
        let title = if title.is_empty() { format!("Step {}", index + 1) } else { title };
        let wait = step.wait_for.as_deref().map(plain).filter(|w| !w.is_empty()).map(|words| {
            let what = What::Catch(waits_for(&words));
            let name = short(&words, Short::Event);
            let documentation = if name == words { String::new() } else { words };
            self.item(&format!("Wait_{}", step.id), what, lane, name, documentation)
        });
        let (entry, mut exit) = if step.kind == StepKind::Parallel && step.steps.len() > 1 {
            self.together(step, lane, title.clone())
        } else {
            let at = self.one(step, lane, title.clone());
            (at, at)
        };
        self.note(entry, step);
        // The ways out of parts are those of their step.
        if self.within {
            return match wait {
                Some(wait) => {
                    self.plan.flows.push(plain_flow(wait, entry));
                    (wait, exit)
                }
                None => (entry, exit),
            };
        }
        if let Routes::Branches(branches) = flow::routes(self.process, index) {
            let name = question(&title, &branches);
            let id = format!("Decide_{}", step.id);
            let choice = self.item(&id, What::Choice, lane, name, String::new());
            self.plan.flows.push(plain_flow(exit, choice));
            exit = choice;
        }
        match wait {
            Some(wait) => {
                self.plan.flows.push(plain_flow(wait, entry));
                (wait, exit)
            }
            None => (entry, exit),
        }
    }

    /// Parts that may go on at the same time, between a fork and a merge.
    fn together(&mut self, step: &Step, lane: usize, title: String) -> (usize, usize) {
        let documentation = super::words::documentation(step, false);
        let fork = self.item(&format!("Fork_{}", step.id), What::Fork, lane, title, documentation);
        let mut parts = Vec::new();
        for part in &step.steps {
            let own = part.seat.as_ref().map(|s| s.name.clone());
            let lane = own.map_or(lane, |name| self.lane(Some(&name)));
            let title = plain(&part.title);
            let title = if title.is_empty() { format!("Part {}", part.number) } else { title };
            let at = self.one(part, lane, title);
            self.note(at, part);
            self.plan.flows.push(plain_flow(fork, at));
            parts.push(at);
        }
        let merge = self.item(
            &format!("Merge_{}", step.id),
            What::Fork,
            lane,
            String::new(),
            String::new(),
        );
        for part in parts {
            self.plan.flows.push(plain_flow(part, merge));
        }
        (fork, merge)
    }

    /// A step as one element, its parts within.
    fn one(&mut self, step: &Step, lane: usize, title: String) -> usize {
        let is_call = step.kind == StepKind::Call;
        let documentation = super::words::documentation(step, is_call);
        let what = self.what(step);
        let at = self.item(&format!("Step_{}", step.id), what, lane, title, documentation);
        if !step.steps.is_empty() && !is_call {
            let inside = self.inside(step);
            if let Some(item) = self.plan.items.get_mut(at) {
                item.what = What::Inside(Box::new(inside));
            }
        }
        at
    }

    /// The parts of a step, one after the other, as a drawing of their own.
    fn inside(&mut self, step: &Step) -> Plan {
        let plan = Plan { slug: self.plan.slug.clone(), ..Plan::default() };
        let outer = std::mem::replace(&mut self.plan, plan);
        let was_within = std::mem::replace(&mut self.within, true);
        let blank = What::Start(Happening::Blank);
        let mut last =
            self.item(&format!("Start_{}", step.id), blank, 0, "Start".to_owned(), String::new());
        for (index, part) in step.steps.iter().enumerate() {
            let (entry, exit) = self.step(index, part, 0);
            self.plan.flows.push(plain_flow(last, entry));
            last = exit;
        }
        let end = self.stop(step, "parts", "End", 0);
        self.plan.flows.push(plain_flow(last, end));
        self.within = was_within;
        std::mem::replace(&mut self.plan, outer)
    }

    /// Puts beside an item what stands beside a step.
    fn note(&mut self, at: usize, step: &Step) {
        let mut lines = Vec::new();
        // Where there are no lanes, who does it is said in words.
        if let Some(seat) = step.seat.as_ref().filter(|_| self.within) {
            lines.push(format!("By: {}", plain(&seat.name)));
        }
        lines.extend(step.due.iter().map(|due| format!("Due: {}", plain(due))));
        lines.extend(
            step.evidence
                .iter()
                .map(|e| format!("Evidence ({}): {}", e.kind.word(), plain(&e.text))),
        );
        if let Some(item) = self.plan.items.get_mut(at).filter(|_| !lines.is_empty()) {
            item.note = Some(lines.join("\n"));
        }
    }

    fn what(&self, step: &Step) -> What {
        let by_agent = self
            .process
            .doer(step)
            .is_some_and(|seat| self.agents.iter().any(|a| a.eq_ignore_ascii_case(seat)));
        match step.kind {
            StepKind::Call => What::Call(step.procedure.as_ref().map(|p| p.to.clone())),
            StepKind::Wait if step.steps.is_empty() => What::Catch(waits_for(&plain(&step.title))),
            // The seat that approves is asked, whoever gets the work next.
            StepKind::Approval | StepKind::Decision => What::Task("userTask"),
            _ if by_agent => What::Task("serviceTask"),
            _ if !step.handoff_to.is_empty() => What::Task("sendTask"),
            _ => What::Task("userTask"),
        }
    }

    fn stop(&mut self, step: &Step, branch: &str, words: &str, lane: usize) -> usize {
        let id = if branch.is_empty() {
            format!("End_{}", step.id)
        } else {
            format!("End_{}_{}", step.id, gemba_model::slug(branch))
        };
        let name = short(words, Short::Event);
        let documentation = if name == words { String::new() } else { words.to_owned() };
        self.item(&id, What::End, lane, name, documentation)
    }

    fn goal(
        &mut self,
        next: Next,
        places: &[(usize, usize)],
        lane: usize,
        outcome: &mut Option<usize>,
    ) -> usize {
        if let Next::Step(to) = next
            && let Some(place) = places.get(to)
        {
            return place.0;
        }
        *outcome.get_or_insert_with(|| {
            let outputs = self.process.expected_output.iter().map(|o| plain(&o.text));
            let words =
                outputs.into_iter().find(|t| !t.is_empty()).unwrap_or_else(|| "Done".to_owned());
            let name = short(&words, Short::Event);
            self.item("Outcome", What::End, lane, name, String::new())
        })
    }

    /// What the process must leave behind and how one sees that it failed, beside the whole.
    fn remarks(&self) -> Vec<(&'static str, String)> {
        let outputs: Vec<String> =
            self.process.expected_output.iter().map(|o| plain(&o.text)).collect();
        let signals: Vec<String> = self
            .process
            .failure_signals
            .iter()
            .map(|f| match &f.rule {
                Some(rule) => format!("{} (check: {rule})", plain(&f.text)),
                None => plain(&f.text),
            })
            .collect();
        [("Output", "Expected output", outputs), ("Signals", "Failure signals", signals)]
            .into_iter()
            .filter(|(_, _, texts)| !texts.is_empty())
            .map(|(id, head, texts)| {
                let lines = texts.join("\n• ");
                (id, format!("{head}:\n• {lines}"))
            })
            .collect()
    }

    fn lane(&mut self, name: Option<&str>) -> usize {
        if self.within {
            return 0;
        }
        let name = plain(name.unwrap_or(crate::import::UNASSIGNED));
        let lanes = &mut self.plan.lanes;
        *self.seats.entry(name.to_lowercase()).or_insert_with(|| {
            lanes.push(name);
            lanes.len() - 1
        })
    }

    fn item(
        &mut self,
        id: &str,
        what: What,
        lane: usize,
        name: String,
        documentation: String,
    ) -> usize {
        let count = self.ids.entry(id.to_owned()).or_default();
        *count += 1;
        let id = if *count == 1 { id.to_owned() } else { format!("{id}_{count}") };
        let full = full(&self.plan.slug, &id);
        self.plan.items.push(Item { id, full, what, lane, name, documentation, note: None });
        self.plan.items.len() - 1
    }
}

/// What the early end of a branch says; `None` where the branch does not end the run early.
fn ending(step: &Step, branch: &Branch) -> Option<String> {
    let decisions = step.walk().into_iter().flat_map(|s| &s.decisions);
    let decision = decisions.into_iter().find(|d| d.id == branch.id)?;
    let ends = branch.to == Next::End && decision.target == Target::End;
    ends.then(|| {
        let action = plain(&decision.action);
        let outcome = decision.outcome.as_deref().map(plain);
        match (action.is_empty(), outcome) {
            (true, None) => "End".to_owned(),
            (true, Some(outcome)) => format!("End: {outcome}"),
            (false, None) => action,
            (false, Some(outcome)) => format!("{action}; end: {outcome}"),
        }
    })
}

/// The decision as a question: of two ways the one that is not the rest, else the step itself.
fn question(title: &str, branches: &[Branch]) -> String {
    let said: Vec<String> = branches
        .iter()
        .filter(|b| !flow::says_otherwise(&b.label))
        .map(|b| plain(&b.label))
        .collect();
    let words = match said.as_slice() {
        [one] => one.as_str(),
        _ if title.ends_with('?') => title,
        _ => "Which case is it",
    };
    let words = words.trim_end_matches(['.', ':', ';', ',', '?']).trim_end();
    let mut letters = words.chars();
    let capital: String = letters.next().into_iter().flat_map(char::to_uppercase).collect();
    format!("{}?", short(&format!("{capital}{}", letters.as_str()), Short::Question))
}

fn waits_for(words: &str) -> Happening {
    let lower = words.to_lowercase();
    if time_words(&lower) {
        Happening::Timer(words.to_owned())
    } else if lower.contains("until") || lower.contains("once") {
        Happening::Condition(words.to_owned())
    } else {
        Happening::Message(words.to_owned())
    }
}
