//! The ways out of a step: gateways taken in, joins passed over, each way with its condition.

use super::expressions;
use super::graph::{Graph, Link, Spot};
use super::steps::{Reader, add};
use crate::codes::{self, called};
use crate::definitions::Ids;
use crate::export::CUT;
use crate::markdown::escaped;
use crate::scope::{Event, Kind, spoken, subject};
use crate::xml::{Element, folded};
use gemba_model::flow::{ALWAYS, OTHERWISE};
use gemba_model::{Decision, Step, StepId, StepKind, Target};
use std::collections::{BTreeMap, BTreeSet};

/// Where a way leads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Goal {
    /// To the step of this node.
    Step(usize),
    /// To an end, which has a name or none.
    End(String),
    /// Nowhere: a flow without an end, or a circle of gateways.
    Nowhere,
}

/// One way out of a step.
#[derive(Debug, Clone)]
pub(super) struct Way {
    pub(super) condition: String,
    pub(super) goal: Goal,
}

pub(super) struct Context<'c> {
    pub(super) ids: &'c [StepId],
    pub(super) place: &'c BTreeMap<usize, usize>,
    pub(super) at: usize,
    pub(super) last: bool,
    pub(super) within: bool,
    pub(super) happy: Option<&'c str>,
}

/// Whether a node becomes a step, by itself or with the step before it.
pub(super) fn bears(graph: &Graph<'_>, at: usize) -> bool {
    let Some(spot) = graph.spot(at).filter(|s| !s.absorbed && !s.waits) else { return false };
    match spot.kind {
        Kind::Task | Kind::SubProcess | Kind::Call => true,
        Kind::Catch | Kind::Throw => spot.event != Event::Link || graph.leaving(at).is_empty(),
        Kind::Exclusive | Kind::Inclusive | Kind::EventBased => graph.leaving(at).len() > 1,
        Kind::Parallel => !spot.together.is_empty(),
        Kind::Start | Kind::End | Kind::Boundary { .. } => false,
    }
}

/// Gateways that say which way a step before them goes, with that step.
pub(super) fn merged(graph: &Graph<'_>) -> BTreeMap<usize, usize> {
    let mut merged = BTreeMap::new();
    for (at, spot) in graph.spots.iter().enumerate() {
        let does = match spot.kind {
            Kind::Task | Kind::SubProcess | Kind::Call | Kind::Catch | Kind::Throw => true,
            Kind::Parallel => !spot.together.is_empty(),
            _ => false,
        };
        if !does || !bears(graph, at) || is_condition_of_event_gateway(graph, at) {
            continue;
        }
        if let [only] = graph.leaving(at).as_slice()
            && matches!(graph.kind(only.to), Some(Kind::Exclusive | Kind::Inclusive))
            && graph.n_in(only.to) == 1
            && graph.leaving(only.to).len() > 1
        {
            merged.insert(only.to, at);
        }
    }
    merged
}

/// Whether it is an event that an event-based gateway waits for: then it is a condition, no step.
pub(super) fn is_condition_of_event_gateway(graph: &Graph<'_>, at: usize) -> bool {
    let ins = graph.ins.get(at).map(Vec::as_slice).unwrap_or_default();
    let waits = |link: &usize| {
        graph.links.get(*link).is_some_and(|l| {
            graph.kind(l.from) == Some(Kind::EventBased) && graph.leaving(l.from).len() > 1
        })
    };
    let is_event = graph.kind(at) == Some(Kind::Catch)
        || graph.spot(at).and_then(|s| s.element).is_some_and(|e| e.is("receiveTask"));
    is_event
        && ins.len() == 1
        && ins.iter().all(waits)
        && graph.leaving(at).len() <= 1
        && graph.border(at).is_empty()
}

/// The end that the first way in the written order comes to.
pub(super) fn happy_end(
    graph: &Graph<'_>,
    bearers: &[usize],
    merged: &BTreeMap<usize, usize>,
) -> Option<String> {
    // Models made here say which end it is.
    let is_outcome = |s: &&Spot<'_>| {
        let id = s.element.and_then(Element::id);
        s.kind == Kind::End && id.is_some_and(|id| id.starts_with("Outcome_"))
    };
    if let Some(spot) = graph.spots.iter().find(is_outcome) {
        return spot.element.map(Element::title);
    }
    // In the written order the way that goes furthest comes first, so its end is met first.
    for n in bearers {
        let gateway = merged.iter().find(|(_, step)| *step == n).map(|(g, _)| *g);
        let leaving = graph.leaving(gateway.unwrap_or(*n));
        let [only] = leaving.as_slice() else { continue };
        if let Some(spot) = graph.spot(only.to).filter(|s| s.kind == Kind::End) {
            let fails = matches!(spot.event, Event::Error | Event::Escalation | Event::Cancel);
            if !fails {
                return Some(spot.element.map(Element::title).unwrap_or_default());
            }
        }
    }
    None
}

/// Turns the ways out of a step into its decisions and its kind.
pub(super) fn apply(step: &mut Step, ways: &[Way], titles: &[String], context: &Context<'_>) {
    let follow = context.at + 1;
    let leads_on = |goal: &Goal| match goal {
        Goal::Step(to) => context.place.get(to) == Some(&follow),
        Goal::End(_) => false,
        Goal::Nowhere => true,
    };
    match ways {
        [] if context.last || context.within => {}
        [] => step.kind = ended(step.kind),
        [Way { goal: Goal::End(name), condition }] if condition.is_empty() => {
            if !name.is_empty() && context.happy.is_some_and(|happy| happy != name) {
                add(&mut step.text, &format!("It ends as: {}.", escaped(name)));
            }
            if !context.last && !context.within {
                step.kind = ended(step.kind);
            }
        }
        [Way { goal, condition }] if condition.is_empty() && leads_on(goal) => {}
        _ => {
            let says_rest = |w: &Way| w.condition == OTHERWISE;
            let has_rest = ways.iter().any(says_rest);
            // After the last step nothing follows: an end is where it leads on.
            let ends_on = |goal: &Goal| context.last && matches!(goal, Goal::End(_));
            let any_on = ways.iter().any(|w| leads_on(&w.goal) || ends_on(&w.goal));
            for (n, way) in ways.iter().enumerate() {
                let is_last = n + 1 == ways.len();
                let mut condition = way.condition.clone();
                if condition.is_empty() {
                    let rest = if ways.len() == 1 { ALWAYS } else { OTHERWISE };
                    rest.clone_into(&mut condition);
                } else if is_last
                    && !has_rest
                    && !any_on
                    && ways.len() > 1
                    && !ways.iter().any(|w| w.condition.is_empty())
                {
                    // One of the ways is taken: the last is what remains.
                    OTHERWISE.clone_into(&mut condition);
                }
                let (target, mut action) = match &way.goal {
                    Goal::End(name) => {
                        let is_happy = context.happy == Some(name.as_str());
                        (Target::End, if is_happy { String::new() } else { name.clone() })
                    }
                    goal if leads_on(goal) => (Target::Next, String::new()),
                    Goal::Step(to) => match context.place.get(to) {
                        Some(to) => {
                            let id = context.ids.get(*to).cloned();
                            let target = match id {
                                Some(id) if *to <= context.at => Target::Loop(id),
                                Some(id) => Target::Step(id),
                                None => Target::Next,
                            };
                            (target, String::new())
                        }
                        None => (Target::Next, String::new()),
                    },
                    Goal::Nowhere => (Target::Next, String::new()),
                };
                let mut target = target;
                if context.within {
                    // The parts of a step are a checklist: a way among them is said, not walked.
                    action = match (&target, titles.get(n)) {
                        (Target::End, _) if action.is_empty() => "this is done".to_owned(),
                        (Target::End, _) => format!("this is done: {action}"),
                        (Target::Next, _) | (_, None) => "go on".to_owned(),
                        (_, Some(title)) => format!("the next part is \"{title}\""),
                    };
                    target = Target::Inline;
                }
                let id = unique(&step.decisions, &condition);
                step.decisions.push(Decision {
                    id,
                    condition,
                    action,
                    target,
                    outcome: None,
                    span: None,
                });
            }
            let leaves = step
                .decisions
                .iter()
                .any(|d| matches!(d.target, Target::End | Target::Step(_) | Target::Loop(_)));
            if leaves && step.kind == StepKind::Task {
                step.kind = StepKind::Decision;
            }
        }
    }
}

/// A step with which a run ends stays what it is where that says more.
pub(super) fn ended(kind: StepKind) -> StepKind {
    match kind {
        StepKind::Task | StepKind::Decision => StepKind::End,
        other => other,
    }
}

pub(super) fn unique(decisions: &[Decision], condition: &str) -> String {
    let base = gemba_model::Slug::from_text(condition, "case").to_string();
    let mut id = base.clone();
    let mut count = 1;
    while decisions.iter().any(|d| d.id == id) {
        count += 1;
        id = format!("{base}-{count}");
    }
    id
}

/// The condition of a way: what the flow is called, or what it computes, or that it is the rest.
pub(super) fn condition(link: &Link<'_>, default: Option<&str>, question: &str) -> String {
    let Some(flow) = link.flow else { return String::new() };
    let name = flow.title();
    let computed = flow.part("conditionExpression").map(|e| folded(&e.text())).unwrap_or_default();
    let is_default = default.is_some() && flow.id() == default;
    if is_default && (name.is_empty() || gemba_model::flow::says_otherwise(&name)) {
        return OTHERWISE.to_owned();
    }
    if name.is_empty() || name.ends_with(CUT) && !computed.is_empty() {
        return expressions::bare(&computed).to_owned();
    }
    let short = name.split_whitespace().count() <= 2 && name.chars().count() <= 12;
    let question = question.trim_end_matches('?').trim_end();
    let is_own = question == "Which case is it" || question.is_empty();
    if short && !is_own && !question.eq_ignore_ascii_case(&name) && computed != name {
        return format!("the answer to \"{question}\" is {name}");
    }
    name
}

/// What happens, as a condition.
pub(super) fn event_words(spot: &Spot<'_>, ids: &Ids<'_>) -> String {
    let Some(element) = spot.element else { return "it happens".to_owned() };
    let own = element.title();
    let about = subject(element, ids);
    let time = spoken(&about);
    if spot.event == Event::Timer && matches!(spot.kind, Kind::Boundary { .. }) {
        let lower = own.to_lowercase();
        let after = ["after ", "> "].iter().find_map(|word| lower.strip_prefix(word));
        let named = after.unwrap_or(&own);
        let is_length = named.starts_with(|c: char| c.is_ascii_digit());
        match (is_length, time.is_empty()) {
            (true, _) => return format!("it takes longer than {named}"),
            (false, false) if time == about => {}
            (false, false) if own.is_empty() => return format!("it takes longer than {time}"),
            (false, false) => return format!("{own}: it takes longer than {time}"),
            (false, true) => {}
        }
    }
    let said = if own.is_empty() { about.clone() } else { own };
    if !said.is_empty() {
        return match spot.event {
            Event::Timer if said == about && time != about => format!("{time} have passed"),
            Event::Timer if said.starts_with(['P', 'R']) && !said.contains(' ') => {
                format!("{said} have passed")
            }
            _ => said,
        };
    }
    match spot.event {
        Event::Timer => "the time has passed",
        Event::Message => "a message comes in",
        Event::Error => "it fails",
        Event::Escalation => "it is escalated",
        Event::Signal => "the signal is given",
        Event::Conditional => "the condition holds",
        Event::Cancel => "it is cancelled",
        _ => "it happens",
    }
    .to_owned()
}

/// The name, or the documentation where the name was cut to fit.
pub(crate) fn whole_name(element: &Element) -> String {
    let own = element.title();
    let whole = folded(&element.part("documentation").map(Element::text).unwrap_or_default());
    if own.ends_with(CUT) && !whole.is_empty() { whole } else { own }
}

pub(super) fn end_name(spot: &Spot<'_>, ids: &Ids<'_>) -> String {
    let Some(element) = spot.element else { return String::new() };
    let own = whole_name(element);
    // "End" is what ends without a name are called.
    if own == "End" {
        return String::new();
    }
    if own.is_empty() && spot.event != Event::None { subject(element, ids) } else { own }
}

impl<'a> Reader<'a> {
    /// The ways out of a node, its gateway taken in, joins passed over.
    pub(super) fn ways(
        &mut self,
        graph: &Graph<'a>,
        n: usize,
        merged: &BTreeMap<usize, usize>,
    ) -> Vec<Way> {
        let gateway = merged.iter().find(|(_, step)| **step == n).map(|(gateway, _)| *gateway);
        let mut ways = match gateway {
            Some(gateway) => self.split(graph, gateway, merged),
            None if graph.kind(n).is_some_and(Kind::is_gateway) && graph.leaving(n).len() > 1 => {
                self.split(graph, n, merged)
            }
            None => graph
                .leaving(n)
                .iter()
                .map(|l| Way { condition: String::new(), goal: self.goal(graph, l.to, merged) })
                .collect(),
        };
        for border in graph.border(n) {
            let Some(spot) = graph.spot(border).filter(|s| s.event != Event::Compensation) else {
                continue;
            };
            let condition = event_words(spot, self.ids);
            let goal = graph
                .leaving(border)
                .first()
                .map_or(Goal::Nowhere, |l| self.goal(graph, l.to, merged));
            if goal != Goal::Nowhere {
                ways.push(Way { condition, goal });
            }
        }
        ways
    }

    /// The ways out of a gateway, each with its condition.
    fn split(&mut self, graph: &Graph<'a>, at: usize, merged: &BTreeMap<usize, usize>) -> Vec<Way> {
        let Some(spot) = graph.spot(at) else { return Vec::new() };
        let question = spot.element.or(spot.again).map(Element::title).unwrap_or_default();
        let default = spot.element.and_then(|e| e.attr("default"));
        if let Some(element) = spot.element.filter(|_| spot.kind == Kind::Inclusive) {
            let message =
                format!("of the ways out of the {} several may be taken", called(element));
            self.found.push(codes::SEVERAL_WAYS.of(element, message));
        }
        let leaving = graph.leaving(at);
        let mut ways: Vec<Way> = Vec::new();
        for link in &leaving {
            let by_event = spot.kind == Kind::EventBased;
            let goal = if by_event {
                // The event is the condition; what follows it is where the way leads.
                let after = graph.leaving(link.to);
                match after.as_slice() {
                    [] => Goal::End(String::new()),
                    [one] => self.goal(graph, one.to, merged),
                    _ => Goal::Step(link.to),
                }
            } else {
                self.goal(graph, link.to, merged)
            };
            let mut condition = condition(link, default, &question);
            if by_event && let Some(event) = graph.spot(link.to) {
                condition = event_words(event, self.ids);
            }
            if condition.is_empty() {
                let said_elsewhere = leaving
                    .iter()
                    .all(|l| l.to == link.to || !self::condition(l, None, "").is_empty());
                condition = match &goal {
                    _ if said_elsewhere && leaving.len() > 1 => OTHERWISE.to_owned(),
                    Goal::Step(to) => format!("the next thing is \"{}\"", self.title(graph, *to)),
                    Goal::End(name) if !name.is_empty() => format!("it ends as \"{name}\""),
                    Goal::End(_) | Goal::Nowhere => "nothing is left to do".to_owned(),
                };
            }
            ways.push(Way { condition, goal });
        }
        ways
    }

    /// Where a flow leads in the end: gateways that only join are passed over.
    fn goal(&self, graph: &Graph<'a>, from: usize, merged: &BTreeMap<usize, usize>) -> Goal {
        let mut at = from;
        let mut seen = BTreeSet::new();
        while seen.insert(at) {
            let Some(spot) = graph.spot(at) else { return Goal::Nowhere };
            if spot.kind == Kind::End {
                return Goal::End(end_name(spot, self.ids));
            }
            if bears(graph, at) {
                return Goal::Step(merged.get(&at).copied().unwrap_or(at));
            }
            match graph.leaving(at).as_slice() {
                [] => return Goal::End(String::new()),
                [one, ..] => at = one.to,
            }
        }
        Goal::Nowhere
    }
}
