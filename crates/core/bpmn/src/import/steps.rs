//! The graph written down as steps: each in its place, with the ways out of it as decisions.

use super::facts::Facts;
use super::graph::{Graph, Spot};
use super::ways::{
    Context, Goal, apply, bears, condition, end_name, event_words, happy_end,
    is_condition_of_event_gateway, merged, whole_name,
};
use crate::codes::{self, called};
use crate::definitions::Ids;
use crate::markdown::{documentation, escaped};
use crate::scope::{Event, Kind, Scope, spoken, subject};
use crate::xml::{Element, folded};
use gemba_diag::Diagnostic;
use gemba_model::{
    Evidence, EvidenceKind, Procedure, SeatSource, Span, Step, StepId, StepKind, StepSeat,
};
use std::collections::{BTreeMap, BTreeSet};

/// How deep sub-processes are followed.
const MAX_DEPTH: usize = 12;

/// What the steps of all scopes share.
pub(crate) struct Reader<'a> {
    pub(crate) ids: &'a Ids<'a>,
    pub(crate) facts: &'a Facts,
    /// The name of the process in the ids of models made here.
    pub(crate) slug: String,
    /// Whether the model was made here.
    pub(crate) own: bool,
    /// The seat of whoever has no lane.
    pub(crate) pool_seat: Option<String>,
    pub(crate) taken: BTreeSet<String>,
    pub(crate) found: Vec<Diagnostic>,
    /// What goes wrong, as far as the flow says it.
    pub(crate) signals: Vec<(String, Span)>,
}

/// The steps of a scope and the names of the ends that are reached when all went well.
pub(crate) struct Written {
    pub(crate) steps: Vec<Step>,
    pub(crate) outcomes: Vec<(String, Span)>,
}

impl<'a> Reader<'a> {
    /// Writes a scope down.
    pub(crate) fn write(&mut self, container: &'a Element, depth: usize, prefix: &str) -> Written {
        let scope = Scope::of(container, self.ids);
        for flow in &scope.loose {
            let message =
                format!("the {} has no beginning or no end here: it leads nowhere", called(flow));
            self.found.push(codes::LOOSE_FLOW.of(flow, message));
        }
        for strange in &scope.strange {
            let message = format!("the {} has no place in an SOP", called(strange));
            self.found.push(codes::LEFT_OUT.of(strange, message));
        }
        let graph = Graph::of(&scope, &format!("Wait_{}_", self.slug));
        for row in &graph.rows {
            self.tell_row(&graph, row.at);
        }
        // Models made here have their nodes in the order of the SOP.
        let order = if self.own { (0..graph.spots.len()).collect() } else { graph.order() };
        let merged: BTreeMap<usize, usize> = merged(&graph);
        let bearers: Vec<usize> = order
            .iter()
            .copied()
            .filter(|n| bears(&graph, *n) && !merged.contains_key(n))
            .filter(|n| !is_condition_of_event_gateway(&graph, *n))
            .collect();
        let ids: Vec<StepId> = bearers.iter().map(|n| self.step_id(&graph, *n)).collect();
        let place: BTreeMap<usize, usize> =
            bearers.iter().enumerate().map(|(place, n)| (*n, place)).collect();
        self.tell_unreached(&graph, &bearers);
        let within = depth > 0;
        let mut steps = Vec::new();
        let happy = happy_end(&graph, &bearers, &merged);
        let mut outcomes = Vec::new();
        for (at, n) in bearers.iter().enumerate() {
            let Some(id) = ids.get(at).cloned() else { continue };
            let number = format!("{prefix}{}", at + 1);
            let mut step = self.step(&graph, *n, id, &number, depth);
            let ways = self.ways(&graph, *n, &merged);
            let last = at + 1 == bearers.len();
            let titles: Vec<String> = ways
                .iter()
                .map(|w| match w.goal {
                    Goal::Step(to) => self.title(&graph, to),
                    Goal::End(_) | Goal::Nowhere => String::new(),
                })
                .collect();
            let context =
                Context { ids: &ids, place: &place, at, last, within, happy: happy.as_deref() };
            apply(&mut step, &ways, &titles, &context);
            if within
                && !step.decisions.is_empty()
                && let Some(element) = graph.spot(*n).and_then(|s| s.element)
            {
                let message = format!(
                    "the ways out of the {} are within a sub-process and became words",
                    called(element)
                );
                self.found.push(codes::WAYS_WITHIN.of(element, message));
            }
            steps.push(step);
        }
        for (n, spot) in graph.spots.iter().enumerate() {
            if spot.kind == Kind::End && graph.n_in(n) > 0 {
                self.end(spot, happy.as_deref(), &mut outcomes);
            }
        }
        for sub in &scope.event_subs {
            let message = format!(
                "the {} begins whenever its event happens: it became a failure signal and words",
                called(sub)
            );
            self.found.push(codes::ON_THE_SIDE.of(sub, message));
        }
        Written { steps, outcomes }
    }

    fn tell_row(&mut self, graph: &Graph<'a>, at: usize) {
        if let Some(element) = graph.spot(at).and_then(|s| s.element) {
            let message =
                format!("what may go on at once after the {} is written in a row", called(element));
            self.found.push(codes::IN_ORDER.of(element, message));
        }
    }

    /// A name for what has none is said, and what no start leads to.
    fn tell_unreached(&mut self, graph: &Graph<'a>, bearers: &[usize]) {
        let starts: Vec<usize> =
            (0..graph.spots.len()).filter(|n| graph.kind(*n) == Some(Kind::Start)).collect();
        if starts.is_empty() {
            return;
        }
        let mut seen = BTreeSet::new();
        let mut open = starts;
        while let Some(at) = open.pop() {
            if seen.insert(at) {
                open.extend(graph.leaving(at).iter().map(|l| l.to));
                open.extend(graph.border(at));
            }
        }
        for n in bearers.iter().filter(|n| !seen.contains(n)) {
            if let Some(element) = graph.spot(*n).and_then(|s| s.element) {
                let message = format!("no start leads to the {}", called(element));
                self.found.push(codes::UNREACHED.of(element, message));
            }
        }
    }

    fn end(&mut self, spot: &Spot<'a>, happy: Option<&str>, outcomes: &mut Vec<(String, Span)>) {
        let Some(element) = spot.element else { return };
        let span = span(element);
        match spot.event {
            Event::Error | Event::Escalation | Event::Cancel => {
                let words = end_name(spot, self.ids);
                if !words.is_empty() {
                    self.signals.push((words, span));
                }
            }
            _ => {
                let name = element.title();
                // "End" is what ends without a name are called.
                if !name.is_empty() && name != "End" && happy.is_none_or(|happy| happy == name) {
                    outcomes.push((name, span));
                }
            }
        }
    }

    fn step_id(&mut self, graph: &Graph<'a>, n: usize) -> StepId {
        let stated = graph.spot(n).and_then(|s| s.element).and_then(|e| self.stated_id(e));
        let wanted = match stated {
            Some(id) => StepId::from_text(id, "step"),
            None => StepId::from_text(&self.title(graph, n), "step"),
        };
        let mut id = wanted.clone();
        let mut count = 1;
        while !self.taken.insert(id.as_str().to_owned()) {
            count += 1;
            id = StepId::from_text(&format!("{count} {wanted}"), "step");
        }
        id
    }

    /// The id of the step that an element was made of here.
    fn stated_id<'e>(&self, element: &'e Element) -> Option<&'e str> {
        let id = element.id()?;
        let rest = ["Step_", "Fork_"].iter().find_map(|kind| id.strip_prefix(kind))?;
        rest.strip_prefix(self.slug.as_str())?.strip_prefix('_')
    }

    /// How a step is called.
    pub(super) fn title(&self, graph: &Graph<'a>, n: usize) -> String {
        let Some(spot) = graph.spot(n) else { return "Step".to_owned() };
        if !spot.together.is_empty() {
            let own = spot.element.map(Element::title).unwrap_or_default();
            if !own.is_empty() {
                return own;
            }
            let names: Vec<String> =
                spot.together.iter().map(|inner| self.title(graph, *inner)).collect();
            return format!("At the same time: {}", names.join("; "));
        }
        if let Some(gateway) = spot.again {
            let asked = graph.leaving(n).iter().find(|l| l.flow.is_some()).copied();
            let said = asked.map(|l| condition(&l, None, &gateway.title())).unwrap_or_default();
            return format!("See whether this holds: {said}");
        }
        let Some(element) = spot.element else { return "Decide how to go on".to_owned() };
        let own = element.title();
        let about = spoken(&subject(element, self.ids));
        let words = |before: &str, otherwise: &str| {
            if own.is_empty() && about.is_empty() {
                otherwise.to_owned()
            } else {
                let said = if own.is_empty() { &about } else { &own };
                format!("{before}{said}")
            }
        };
        match spot.kind {
            Kind::Catch => match spot.event {
                _ if !own.is_empty() && self.stated_id(element).is_some() => own,
                _ if own.to_lowercase().starts_with("wait") => own,
                Event::Timer => words("Wait for the time: ", "Wait"),
                Event::Conditional => words("Wait until it holds: ", "Wait"),
                _ => words("Wait for: ", "Wait"),
            },
            Kind::Throw => match spot.event {
                Event::Message if own.is_empty() => words("Send: ", "Send the message"),
                Event::Signal if own.is_empty() => words("Announce: ", "Announce it"),
                Event::Escalation if own.is_empty() => words("Escalate: ", "Escalate"),
                Event::Compensation => words("Undo: ", "Undo what was done"),
                _ => words("", "Go on"),
            },
            Kind::Exclusive | Kind::Inclusive | Kind::Parallel => words("", "Decide how to go on"),
            Kind::EventBased => words("Wait for: ", "Wait for what happens first"),
            Kind::Task | Kind::SubProcess | Kind::Call => words("", &unnamed(element)),
            Kind::Start | Kind::End | Kind::Boundary { .. } => words("", "Event"),
        }
    }

    fn step(
        &mut self,
        graph: &Graph<'a>,
        n: usize,
        id: StepId,
        number: &str,
        depth: usize,
    ) -> Step {
        let title = self.title(graph, n);
        let mut step = blank(id, number, title);
        let Some(spot) = graph.spot(n) else { return step };
        if !spot.together.is_empty() {
            step.kind = StepKind::Parallel;
            for (k, inner) in spot.together.clone().into_iter().enumerate() {
                let id = self.step_id(graph, inner);
                let number = format!("{number}.{}", k + 1);
                let part = self.step(graph, inner, id, &number, depth + 1);
                step.steps.push(part);
            }
            step.seat = step.steps.iter().find_map(|part| part.seat.clone());
        }
        if let Some(element) = spot.element {
            step.span = span(element);
            self.describe(&mut step, spot, element);
            if step.seat.is_none() || spot.together.is_empty() {
                step.seat = self.seat(element).or(step.seat);
            }
            if spot.kind == Kind::SubProcess && depth < MAX_DEPTH {
                let inner = self.write(element, depth + 1, &format!("{number}."));
                step.steps = inner.steps;
                let outcomes: Vec<String> =
                    inner.outcomes.iter().map(|(name, _)| escaped(name)).collect();
                if !outcomes.is_empty() {
                    add(&mut step.text, &format!("It is done when: {}.", outcomes.join("; ")));
                }
                if element.is("transaction") || element.is("adHocSubProcess") {
                    let message =
                        format!("the {} is written like any other sub-process", called(element));
                    self.found.push(codes::LEFT_OUT.of(element, message));
                }
            }
            if spot.event == Event::Compensation {
                let message =
                    format!("compensation at the {} is written as a step", called(element));
                self.found.push(codes::LEFT_OUT.of(element, message));
            }
        }
        let wait = (0..graph.spots.len())
            .filter(|at| graph.leaving(*at).first().is_some_and(|l| l.to == n))
            .find_map(|at| graph.spot(at).filter(|s| s.waits)?.element);
        step.wait_for = wait.map(whole_name);
        // The clock that ends a step is its deadline, before one that only reminds.
        let mut borders = graph.border(n);
        borders.sort_by_key(|border| graph.runs_beside(*border));
        for border in borders {
            self.describe_border(graph, border, &mut step);
        }
        step
    }

    /// What the element says beside its name.
    fn describe(&mut self, step: &mut Step, spot: &Spot<'a>, element: &Element) {
        if element.title().is_empty() && !spot.kind.is_gateway() {
            let message =
                format!("the {} has no name: it is called \"{}\"", called(element), step.title);
            self.found.push(codes::UNNAMED.of(element, message));
        }
        let lower = step.title.to_lowercase();
        let approves = ["approve", "sign off"].iter().any(|word| {
            lower.strip_prefix(word).is_some_and(|rest| !rest.starts_with(char::is_alphanumeric))
        });
        step.kind = match spot.kind {
            _ if step.kind == StepKind::Parallel => StepKind::Parallel,
            Kind::Call => StepKind::Call,
            Kind::Catch | Kind::EventBased => StepKind::Wait,
            Kind::Task if element.is("receiveTask") => StepKind::Wait,
            _ if approves => StepKind::Approval,
            _ => StepKind::Task,
        };
        if let Some(called) = element.attr("calledElement").filter(|_| spot.kind == Kind::Call) {
            step.procedure = self.procedure(called, &step.title);
        }
        add(&mut step.text, &documentation(element));
        let id = element.id().unwrap_or_default();
        for note in self.facts.notes.get(id).cloned().unwrap_or_default() {
            take_note(step, &note, self.own);
        }
        for name in self.facts.leaves.get(id).into_iter().flatten() {
            step.evidence.push(Evidence { kind: EvidenceKind::File, text: name.clone() });
        }
        let needs: Vec<String> =
            self.facts.needs.get(id).into_iter().flatten().map(|n| escaped(n)).collect();
        if !needs.is_empty() {
            add(&mut step.text, &format!("Needs: {}.", needs.join("; ")));
        }
        for pool in self.facts.sends.get(id).into_iter().flatten() {
            if !step.handoff_to.contains(pool) {
                step.handoff_to.push(pool.clone());
            }
        }
        let gets: Vec<String> =
            self.facts.receives.get(id).into_iter().flatten().map(|n| escaped(n)).collect();
        if !gets.is_empty() {
            add(&mut step.text, &format!("Comes in: {}.", gets.join("; ")));
        }
        self.repeated(step, element);
    }

    /// What a call activity calls: a process of this model by its name, else what is written there.
    fn procedure(&self, called: &str, title: &str) -> Option<Procedure> {
        let id = crate::xml::local(called.trim());
        let here = self.ids.find(id).map(Element::title).filter(|name| !name.is_empty());
        let own = id.strip_prefix("Process_").filter(|_| self.own);
        let name = own.map(str::to_owned).or(here).unwrap_or_else(|| id.to_owned());
        if name.is_empty() || name.contains(['$', '#', '{', '=']) {
            return None;
        }
        let to = gemba_model::Slug::from_text(&name, "procedure").to_string();
        Some(Procedure { title: title.to_owned(), to })
    }

    fn repeated(&mut self, step: &mut Step, element: &Element) {
        let many = element.part("multiInstanceLoopCharacteristics");
        let Some(marker) = many.or_else(|| element.part("standardLoopCharacteristics")) else {
            return;
        };
        let until = ["completionCondition", "loopCondition", "loopCardinality"]
            .iter()
            .filter_map(|name| marker.part(name))
            .map(|e| folded(&e.text()))
            .find(|t| !t.is_empty());
        let how = match (many.is_some(), marker.attr("isSequential") == Some("true")) {
            (false, _) => "Repeat this until it is enough",
            (true, true) => "Do this for each case, one after the other",
            (true, false) => "Do this for each case; the cases may go on at the same time",
        };
        let sentence = match until {
            Some(words) => format!("{how} ({}).", escaped(&words)),
            None => format!("{how}."),
        };
        add(&mut step.text, &sentence);
        let message = format!("that the {} is repeated is said in its text", called(element));
        self.found.push(codes::REPEATED.of(element, message));
    }

    /// What a boundary event says about the step it sits on.
    fn describe_border(&mut self, graph: &Graph<'a>, border: usize, step: &mut Step) {
        let Some(spot) = graph.spot(border) else { return };
        let Some(element) = spot.element else { return };
        let words = event_words(spot, self.ids);
        let beside = if graph.runs_beside(border) { "; the step itself goes on" } else { "" };
        if spot.event == Event::Compensation {
            let message =
                format!("the {} undoes a step: it has no place in an SOP", called(element));
            self.found.push(codes::LEFT_OUT.of(element, message));
            return;
        }
        let message =
            format!("the {} at \"{}\" became a branch{beside}", called(element), step.title);
        self.found.push(codes::ON_THE_SIDE.of(element, message));
        match spot.event {
            Event::Timer if step.due.is_none() => {
                let about = spoken(&subject(element, self.ids));
                let own = element.title();
                let due = if about.is_empty() { own } else { about };
                step.due = Some(due).filter(|due| !due.is_empty());
            }
            Event::Error | Event::Escalation | Event::Cancel => {
                self.signals.push((words, span(element)));
            }
            _ => {}
        }
    }

    fn seat(&self, element: &Element) -> Option<StepSeat> {
        let lane = element.id().and_then(|id| self.facts.lanes.get(id)).cloned();
        let name =
            lane.or_else(|| performer(element, self.ids)).or_else(|| self.pool_seat.clone())?;
        let at = span(element);
        Some(StepSeat::new(name, SeatSource::Label, Some(at)))
    }
}

/// A note of one of the forms that models made here have, or else words for the text.
fn take_note(step: &mut Step, note: &str, own: bool) {
    for line in note.lines().map(str::trim).filter(|l| !l.is_empty()) {
        let lower = line.to_lowercase();
        let after = |head: &str| line.get(head.len()..).map(|rest| rest.trim().to_owned());
        let evidence = EvidenceKind::ALL
            .into_iter()
            .map(|kind| (format!("evidence ({}):", kind.word()), kind))
            .chain([("evidence:".to_owned(), EvidenceKind::Text)])
            .find(|(head, _)| lower.starts_with(head));
        if own && lower.starts_with("by:") && step.seat.is_none() {
            let name = after("by:").unwrap_or_default();
            step.seat = Some(StepSeat::new(name, SeatSource::Label, Some(step.span)));
        } else if lower.starts_with("due:") && step.due.is_none() {
            step.due = after("due:");
        } else if let Some((head, kind)) = evidence {
            let text = after(&head).unwrap_or_default();
            step.evidence.push(Evidence { kind, text });
        } else {
            add(&mut step.text, &escaped(line));
        }
    }
}

/// Who does it, as engines are told.
fn performer(element: &Element, ids: &Ids<'_>) -> Option<String> {
    let by_name = |name: &str| {
        element
            .attributes
            .iter()
            .find(|a| crate::xml::local(&a.name) == name && a.name.contains(':'))
            .map(|a| folded(&a.value))
            .filter(|v| !v.is_empty() && !v.contains(['$', '#', '{', '=']))
    };
    let resource = ["potentialOwner", "humanPerformer", "performer"]
        .iter()
        .filter_map(|name| element.part(name))
        .find_map(|p| {
            let referred = p.part("resourceRef").and_then(|r| ids.find(&r.text()));
            referred.map(Element::title).or_else(|| Some(p.title())).filter(|t| !t.is_empty())
        });
    resource.or_else(|| by_name("candidateGroups")).or_else(|| by_name("assignee"))
}

fn unnamed(element: &Element) -> String {
    format!("Unnamed {}", codes::spoken(element.local()))
}

/// A step that says nothing but its title.
fn blank(id: StepId, number: &str, title: String) -> Step {
    let id_stated = StepId::from_text(&title, "step") != id;
    Step { id_stated, number: number.to_owned(), ..Step::new(id, title) }
}

/// Adds a paragraph.
pub(crate) fn add(text: &mut String, more: &str) {
    if more.trim().is_empty() {
        return;
    }
    if !text.is_empty() {
        text.push_str("\n\n");
    }
    text.push_str(more.trim());
}

pub(crate) fn span(element: &Element) -> Span {
    Span::new(element.span.start, element.span.end)
}
