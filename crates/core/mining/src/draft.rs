//! A draft of an SOP from what happened: the found model as numbered steps, each decision with the shares that were
//! seen, each step with the seat that mostly did it.
//!
//! The steps stand in the order of the model. Which step may follow which is read off the model as the positions of a
//! regular expression (V. M. Glushkov, "The abstract theory of automata", 1961), with a block of parallel steps as one
//! position; how often each way was taken is counted in the log. Nothing is invented: the owner, the trigger, the
//! expected output and the conditions are for the owner to write, and shares stand where the conditions will.

use crate::log::EventLog;
use crate::number::{NONE, id, ix, long, share};
use crate::time;
use crate::tree::Tree;
use gemba_model::review::Review;
use gemba_model::{
    Decision, Owner, Process, SeatSource, Slug, Step, StepId, StepKind, StepSeat, Target, flow,
};
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

/// Ways out of a step that fewer than this share of its cases take are left out, unless a step or the end is
/// reached no other way.
const SELDOM: f64 = 0.02;

/// What at least this share of the cases with a block of parallel steps have is a part of it; the rest is told in words.
const USUAL: f64 = 0.8;

/// Who did at least this share of a step's events has it as a seat.
const MOSTLY: f64 = 0.5;

/// A log and the model that was found in it as a process for its owner to edit.
///
/// Each step has the title of its activity, so that the log matches the draft step by step.
pub fn draft(log: &EventLog, tree: &Tree, title: &str) -> Process {
    without(SELDOM, log, tree, title)
}

/// A draft without the ways that fewer than a share take.
fn without(seldom: f64, log: &EventLog, tree: &Tree, title: &str) -> Process {
    let mut places = Places::of(tree);
    let seen = Seen::of(log, &places);
    places.part(log, &seen);
    let ways = seen.ways(&places, seldom);
    let ids = Ids::of(&places);
    let mut steps = Vec::with_capacity(places.all.len() + 1);
    let begin = decisions(&ways.begin, None, &places, &ids);
    if !begin.is_empty() {
        let mut step = Step::new(ids.begin.clone(), BEGIN);
        step.kind = StepKind::Decision;
        step.decisions = begin;
        steps.push(step);
    }
    for (at, place) in places.all.iter().enumerate() {
        let mut step = written(log, &seen, &ids, (at, place));
        step.decisions =
            ways.out.get(at).map(|own| decisions(own, Some(at), &places, &ids)).unwrap_or_default();
        if step.kind == StepKind::Task && step.decisions.len() > 1 {
            step.kind = StepKind::Decision;
        }
        steps.push(step);
    }
    for (at, step) in steps.iter_mut().enumerate() {
        step.number = (at + 1).to_string();
        for (part, below) in step.steps.iter_mut().enumerate() {
            below.number = format!("{}.{}", at + 1, part + 1);
        }
    }
    Process {
        slug: Slug::from_text(title, "process"),
        title: title.to_owned(),
        function: None,
        owner: Owner::missing(),
        triggers: Vec::new(),
        purpose: purpose(log),
        steps,
        expected_output: Vec::new(),
        failure_signals: Vec::new(),
        review: Review::NONE,
        raci: Vec::new(),
        sections: Vec::new(),
        cleanup: Vec::new(),
    }
}

/// The title of the step that a draft begins with where cases begin in more than one way.
const BEGIN: &str = "See how the case begins";

fn purpose(log: &EventLog) -> String {
    let cases = counted(log.cases(), "case");
    let when = log.span().map(|(from, to)| {
        let day = |at: i64| time::rfc3339(at).chars().take(10).collect::<String>();
        format!(" from {} to {}", day(from), day(to))
    });
    format!(
        "As it ran in {cases}{}. The shares say what was done, not what should be: write the condition in their place.",
        when.unwrap_or_default()
    )
}

fn counted(count: usize, what: &str) -> String {
    format!("{count} {what}{}", if count == 1 { "" } else { "s" })
}

/// A whole percentage; what is seldom but happens is not told as never, nor what is not always as always.
fn percent(part: u64, whole: u64) -> String {
    let exact = 100.0 * share(part) / share(whole.max(1));
    if part > 0 && exact < 1.0 {
        return "less than 1 %".to_owned();
    }
    let shown = if part < whole { exact.round().min(99.0) } else { exact };
    format!("{shown:.0} %")
}

/// A step of the draft: an activity, or several that are done side by side.
#[derive(Debug)]
struct Place<'a> {
    /// The names of its activities, from left to right.
    names: Vec<&'a str>,
    /// The activities that are done beside those, only sometimes.
    seldom: Vec<&'a str>,
    /// Whether the model has them side by side.
    is_parallel: bool,
}

/// The steps of a model and which of them may follow which.
#[derive(Debug, Default)]
struct Places<'a> {
    all: Vec<Place<'a>>,
    follow: BTreeSet<(usize, usize)>,
    first: BTreeSet<usize>,
    last: BTreeSet<usize>,
}

/// The steps that a block may begin and end with, and whether it may be left out.
#[derive(Debug, Clone, Default)]
struct Ends {
    first: BTreeSet<usize>,
    last: BTreeSet<usize>,
    may_be_none: bool,
}

impl<'a> Places<'a> {
    fn of(tree: &'a Tree) -> Self {
        let mut places = Self::default();
        let ends = places.block(tree);
        places.first = ends.first;
        places.last = ends.last;
        places
    }

    fn block(&mut self, tree: &'a Tree) -> Ends {
        match tree {
            Tree::Silent => Ends { may_be_none: true, ..Ends::default() },
            Tree::Activity(name) => self
                .place(Place { names: vec![name], seldom: Vec::new(), is_parallel: false }, false),
            Tree::Parallel(_) => {
                let place = Place { names: tree.names(), seldom: Vec::new(), is_parallel: true };
                self.place(place, tree.shortest() == 0)
            }
            Tree::Sequence(parts) => {
                let mut whole = Ends { may_be_none: true, ..Ends::default() };
                for part in parts {
                    let next = self.block(part);
                    self.joined(&whole.last, &next.first);
                    if whole.may_be_none {
                        whole.first.extend(&next.first);
                    }
                    if !next.may_be_none {
                        whole.last.clear();
                    }
                    whole.last.extend(&next.last);
                    whole.may_be_none &= next.may_be_none;
                }
                whole
            }
            Tree::Choice(parts) => {
                let mut whole = Ends::default();
                for part in parts {
                    let one = self.block(part);
                    whole.first.extend(&one.first);
                    whole.last.extend(&one.last);
                    whole.may_be_none |= one.may_be_none;
                }
                whole
            }
            Tree::Loop(body, redo) => {
                let (mut body, redo) = (self.block(body), self.block(redo));
                self.joined(&body.last, &redo.first);
                self.joined(&redo.last, &body.first);
                if redo.may_be_none {
                    self.joined(&body.last, &body.first);
                }
                if body.may_be_none {
                    self.joined(&redo.last, &redo.first);
                    body.first.extend(&redo.first);
                    body.last.extend(&redo.last);
                }
                body
            }
        }
    }

    fn place(&mut self, place: Place<'a>, may_be_none: bool) -> Ends {
        let only = BTreeSet::from([self.all.len()]);
        self.all.push(place);
        Ends { first: only.clone(), last: only, may_be_none }
    }

    /// Parts the activities of each parallel step into those that are usual and the rest. One alone is no block.
    fn part(&mut self, log: &EventLog, seen: &Seen) {
        for (at, place) in self.all.iter_mut().enumerate().filter(|(_, place)| place.is_parallel) {
            let whole = seen.within.get(&at).copied().unwrap_or(0);
            let own = |name: &str| {
                let activity = log.activities.find(name);
                activity.and_then(|activity| seen.cases.get(&activity)).copied().unwrap_or(0)
            };
            let most = place.names.iter().map(|name| own(name)).max().unwrap_or(0);
            let is_usual = |name: &&str| {
                let times = own(name);
                times == most || share(times) >= USUAL * share(whole)
            };
            let (usual, seldom) = std::mem::take(&mut place.names).into_iter().partition(is_usual);
            place.names = usual;
            place.seldom = seldom;
            place.is_parallel = place.names.len() > 1;
        }
    }

    fn joined(&mut self, from: &BTreeSet<usize>, to: &BTreeSet<usize>) {
        self.follow.extend(from.iter().flat_map(|from| to.iter().map(|to| (*from, *to))));
    }
}

/// Where one goes after a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Goal {
    Place(usize),
    End,
}

/// What the log says of the steps.
#[derive(Debug, Default)]
struct Seen {
    /// How often each way was taken; `NONE` for the beginning.
    times: BTreeMap<(u32, Goal), u64>,
    /// For each activity, in how many cases it is.
    cases: BTreeMap<u32, u64>,
    /// For each step, in how many cases it is.
    within: BTreeMap<usize, u64>,
    /// For each activity, who did it how often.
    by: BTreeMap<u32, BTreeMap<u32, u64>>,
    /// How often each activity was done.
    events: BTreeMap<u32, u64>,
}

/// The ways of the draft: where to go at the beginning and from each step.
#[derive(Debug)]
struct Ways {
    begin: BTreeMap<Goal, u64>,
    out: Vec<BTreeMap<Goal, u64>>,
}

impl Seen {
    fn of(log: &EventLog, places: &Places<'_>) -> Self {
        let mut at_of: BTreeMap<u32, usize> = BTreeMap::new();
        for (at, place) in places.all.iter().enumerate() {
            for name in &place.names {
                if let Some(activity) = log.activities.find(name) {
                    at_of.entry(activity).or_insert(at);
                }
            }
        }
        let roles = log.roles();
        let mut seen = Self::default();
        for case in 0..log.cases() {
            let mut before = NONE;
            let mut own: BTreeSet<u32> = BTreeSet::new();
            for (event, activity) in log.range(case).zip(log.trace(case)) {
                let Some(at) = at_of.get(activity).copied() else { continue };
                own.insert(*activity);
                *seen.events.entry(*activity).or_default() += 1;
                let role = log.attributes(event).iter().find(|pair| roles.contains(&pair.key));
                let who = role.map(|pair| pair.value).or_else(|| log.resource_id(event));
                if let Some(who) = who.filter(|who| !is_nobody(log.values.get(*who))) {
                    *seen.by.entry(*activity).or_default().entry(who).or_default() += 1;
                }
                let is_within = places.all.get(at).is_some_and(|place| place.is_parallel);
                if before == id(at) && is_within {
                    continue;
                }
                *seen.times.entry((before, Goal::Place(at))).or_default() += 1;
                before = id(at);
            }
            if before != NONE {
                *seen.times.entry((before, Goal::End)).or_default() += 1;
            }
            let met: BTreeSet<usize> = own.iter().filter_map(|a| at_of.get(a).copied()).collect();
            for at in met {
                *seen.within.entry(at).or_default() += 1;
            }
            for activity in own {
                *seen.cases.entry(activity).or_default() += 1;
            }
        }
        seen
    }

    /// The ways that the model allows and cases take. Seldom ones are left out where a step is reached, and reaches
    /// the end, without them.
    fn ways(&self, places: &Places<'_>, seldom: f64) -> Ways {
        let count = places.all.len();
        let times = |from: u32, to: Goal| self.times.get(&(from, to)).copied().unwrap_or(0);
        let mut kept: BTreeSet<(u32, Goal)> = BTreeSet::new();
        let mut allowed: Vec<(u64, u32, Goal)> = Vec::new();
        for from in (0..count).map(id).chain([NONE]) {
            let goals: Vec<Goal> = if from == NONE {
                places.first.iter().copied().map(Goal::Place).collect()
            } else {
                let next = places.follow.range((ix(from), 0)..=(ix(from), usize::MAX));
                let end = places.last.contains(&ix(from)).then_some(Goal::End);
                next.map(|(_, to)| Goal::Place(*to)).chain(end).collect()
            };
            let all: u64 = goals.iter().map(|goal| times(from, *goal)).sum();
            for goal in goals {
                let own = times(from, goal);
                allowed.push((own, from, goal));
                if own > 0 && share(own) >= seldom * share(all) {
                    kept.insert((from, goal));
                }
            }
        }
        allowed.sort_by(|a, b| b.0.cmp(&a.0).then((a.1, a.2).cmp(&(b.1, b.2))));
        // A step that nothing leads to, then one that leads nowhere, gets the way that was taken most.
        loop {
            let met = reached(&kept);
            let leads = |from: u32, goal: Goal| {
                let is_new = matches!(goal, Goal::Place(to) if !met.contains(&id(to)));
                is_new && (from == NONE || met.contains(&from))
            };
            let Some((_, from, goal)) = allowed.iter().find(|(_, f, g)| leads(*f, *g)) else {
                break;
            };
            kept.insert((*from, *goal));
        }
        loop {
            let ending = reaching(&kept);
            let leads = |from: u32, goal: Goal| {
                let ends = matches!(goal, Goal::Place(to) if ending.contains(&id(to)));
                from != NONE && !ending.contains(&from) && (ends || goal == Goal::End)
            };
            let Some((_, from, goal)) = allowed.iter().find(|(_, f, g)| leads(*f, *g)) else {
                break;
            };
            kept.insert((*from, *goal));
        }
        let mut ways = Ways { begin: BTreeMap::new(), out: vec![BTreeMap::new(); count] };
        for (from, goal) in kept {
            let own = times(from, goal);
            ways.out.get_mut(ix(from)).unwrap_or(&mut ways.begin).insert(goal, own);
        }
        ways
    }
}

/// Whether a value is what systems write where nobody is named.
fn is_nobody(name: &str) -> bool {
    let plain = name.trim().to_ascii_lowercase();
    matches!(
        plain.as_str(),
        "" | "-" | "?" | "empty" | "n/a" | "na" | "nan" | "nil" | "none" | "null" | "unknown"
    )
}

/// The steps that are met from the beginning.
fn reached(kept: &BTreeSet<(u32, Goal)>) -> BTreeSet<u32> {
    let mut met = BTreeSet::new();
    let mut open = vec![NONE];
    while let Some(from) = open.pop() {
        for (_, goal) in kept.range((from, Goal::Place(0))..=(from, Goal::End)) {
            if let Goal::Place(to) = goal
                && met.insert(id(*to))
            {
                open.push(id(*to));
            }
        }
    }
    met
}

/// The steps from which the end is reached.
fn reaching(kept: &BTreeSet<(u32, Goal)>) -> BTreeSet<u32> {
    let mut into: BTreeMap<Goal, Vec<u32>> = BTreeMap::new();
    for (from, goal) in kept {
        into.entry(*goal).or_default().push(*from);
    }
    let mut ending = BTreeSet::new();
    let mut open = vec![Goal::End];
    while let Some(to) = open.pop() {
        for from in into.get(&to).into_iter().flatten() {
            if ending.insert(*from) {
                open.push(Goal::Place(ix(*from)));
            }
        }
    }
    ending
}

/// The ids of the steps of a draft, each its own.
struct Ids {
    begin: StepId,
    all: Vec<StepId>,
    parts: BTreeMap<(usize, usize), StepId>,
}

impl Ids {
    fn of(places: &Places<'_>) -> Self {
        let mut taken: BTreeSet<StepId> = BTreeSet::new();
        let mut free = |text: &str| {
            let mut own = StepId::from_text(text, "step");
            let mut n = 1;
            while !taken.insert(own.clone()) {
                n += 1;
                own = StepId::from_text(&format!("{text} {n}"), "step");
            }
            own
        };
        let begin = free(BEGIN);
        let mut ids = Self { begin, all: Vec::new(), parts: BTreeMap::new() };
        for (at, place) in places.all.iter().enumerate() {
            ids.all.push(free(&place.title()));
            if place.is_parallel {
                for (part, name) in place.names.iter().enumerate() {
                    ids.parts.insert((at, part), free(name));
                }
            }
        }
        ids
    }

    fn of_place(&self, at: usize) -> StepId {
        self.all.get(at).unwrap_or(&self.begin).clone()
    }
}

impl Place<'_> {
    fn title(&self) -> String {
        match self.names.as_slice() {
            [] => String::new(),
            [only] => (*only).to_owned(),
            [first, second] => format!("{first} and {second}, in any order"),
            [first, second, third] => format!("{first}, {second} and {third}, in any order"),
            more => format!("{} steps in any order", more.len()),
        }
    }
}

/// A step as it was done: in how many cases, and by whom.
fn done(log: &EventLog, seen: &Seen, id: StepId, name: &str) -> Step {
    let mut step = Step::new(id, name);
    let Some(activity) = log.activities.find(name) else { return step };
    let count = |of: &BTreeMap<u32, u64>| of.get(&activity).copied().unwrap_or(0);
    let within = percent(count(&seen.cases), long(log.cases()));
    let mut said = format!("Done in {within} of cases");
    let by = seen.by.get(&activity).into_iter().flatten();
    if let Some((who, times)) = by.max_by(|a, b| a.1.cmp(b.1).then(b.0.cmp(a.0))) {
        let name = log.values.get(*who);
        let events = count(&seen.events);
        if share(*times) >= MOSTLY * share(events) {
            step.seat = Some(StepSeat::new(name, SeatSource::Label, None));
            said = format!("{said}, {} of the times by {name}", percent(*times, events));
        }
    }
    step.text = format!("{said}.");
    step
}

fn written(log: &EventLog, seen: &Seen, ids: &Ids, (at, place): (usize, &Place<'_>)) -> Step {
    let own = ids.of_place(at);
    let mut step = if place.is_parallel {
        let mut step = Step::new(own, place.title());
        step.kind = StepKind::Parallel;
        for (part, name) in place.names.iter().enumerate() {
            let id = ids.parts.get(&(at, part)).unwrap_or(&ids.begin).clone();
            step.steps.push(done(log, seen, id, name));
        }
        step
    } else {
        done(log, seen, own, &place.title())
    };
    if !place.seldom.is_empty() {
        let whole = seen.within.get(&at).copied().unwrap_or(0);
        let each = place.seldom.iter().map(|name| {
            let activity = log.activities.find(name);
            let times = activity.and_then(|activity| seen.cases.get(&activity)).copied();
            format!("{name} ({})", percent(times.unwrap_or(0), whole))
        });
        if !step.text.is_empty() {
            step.text.push(' ');
        }
        step.text.push_str("Sometimes beside it: ");
        step.text.push_str(&each.collect::<Vec<_>>().join(", "));
        step.text.push('.');
    }
    step
}

/// The ways out of a step: the ones taken most first, the one to the next step last.
fn decisions(
    ways: &BTreeMap<Goal, u64>,
    from: Option<usize>,
    places: &Places<'_>,
    ids: &Ids,
) -> Vec<Decision> {
    let next = from.map_or(0, |from| from + 1);
    let next = if next < places.all.len() { Goal::Place(next) } else { Goal::End };
    let target = |goal: Goal| match goal {
        Goal::End => Target::End,
        Goal::Place(to) if from.is_some_and(|from| to <= from) => Target::Loop(ids.of_place(to)),
        Goal::Place(to) => Target::Step(ids.of_place(to)),
    };
    let decision = |condition: String, target: Target| Decision {
        id: StepId::from_text(&condition, "way").as_str().to_owned(),
        condition,
        action: String::new(),
        target,
        outcome: None,
        span: None,
    };
    if let (1, Some((only, _))) = (ways.len(), ways.first_key_value()) {
        let elsewhere = (*only != next).then(|| decision(flow::ALWAYS.to_owned(), target(*only)));
        return elsewhere.into_iter().collect();
    }
    let whole = ways.values().sum();
    let mut all: Vec<(Goal, u64)> = ways.iter().map(|(goal, times)| (*goal, *times)).collect();
    all.sort_by_key(|(goal, times)| (*goal == next, Reverse(*times), *goal));
    let ways = all.into_iter().map(|(goal, times)| {
        if goal == next {
            return decision(flow::OTHERWISE.to_owned(), Target::Next);
        }
        let what = match goal {
            Goal::End => "nothing more is to be done".to_owned(),
            Goal::Place(to) => {
                let title = places.all.get(to).map(Place::title).unwrap_or_default();
                let again = from.is_some_and(|from| to <= from);
                format!("\"{title}\" is called for{}", if again { " again" } else { "" })
            }
        };
        let part = if times == 0 { "not seen".to_owned() } else { percent(times, whole) };
        decision(format!("{what} ({part})"), target(goal))
    });
    ways.collect()
}

#[cfg(test)]
mod tests;
