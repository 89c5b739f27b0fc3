//! What changed between two processes, step by step, in words.
//!
//! The same comparison serves two revisions of one document and a document beside what is really
//! done. It is pure and says everything once: a step was added, removed, moved or changed, and if
//! changed, in what.

use crate::text::clean;
use gemba_model::{Next, Process, Routes, Step, StepId, StepKind, flow, matching};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

/// What became of something on the way from the old process to the new one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum Fate {
    /// Nothing.
    #[default]
    Same,
    /// Only the new one has it.
    Added,
    /// Only the old one has it.
    Removed,
    /// It stands elsewhere among the others, otherwise unchanged.
    Moved,
    /// Something about it is different.
    Changed,
}

impl Fate {
    /// The fate in a word; empty where nothing happened.
    pub fn word(self) -> &'static str {
        match self {
            Self::Same => "",
            Self::Added => "added",
            Self::Removed => "removed",
            Self::Moved => "moved",
            Self::Changed => "changed",
        }
    }
}

/// Something that was replaced. An empty text means that there was or is nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Replaced {
    /// What the old process says.
    pub was: String,
    /// What the new process says.
    pub now: String,
}

impl Replaced {
    fn of(was: &str, now: &str) -> Option<Self> {
        let (was, now) = (clean(was), clean(now));
        (was != now).then_some(Self { was, now })
    }
}

impl fmt::Display for Replaced {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let quoted = |text: &str| {
            if text.is_empty() { "nothing".to_owned() } else { format!("\u{201c}{text}\u{201d}") }
        };
        write!(f, "was {}, is {}", quoted(&self.was), quoted(&self.now))
    }
}

/// One thing that is different about a step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Aspect {
    /// It stands elsewhere: the title of the step before it now, `None` for the first.
    Moved(Option<String>),
    /// Its title.
    Title(Replaced),
    /// The seat that does it.
    Seat(Replaced),
    /// What kind of act it is, in words.
    Kind(Replaced),
    /// Its instructions.
    Text(Replaced),
    /// When it is due.
    Due(Replaced),
    /// What must be left as proof.
    Evidence(Replaced),
    /// What it waits for.
    Wait(Replaced),
    /// The procedure it calls.
    Procedure(Replaced),
    /// The seats it is handed to.
    Handoff(Replaced),
    /// The seats asked before.
    Consulted(Replaced),
    /// The seats told after.
    Informed(Replaced),
    /// Its parts, as their titles in order.
    Parts(Replaced),
    /// What a part says beyond its title: the part's title.
    Part(String),
    /// A branch that was added: its condition.
    BranchAdded(String),
    /// A branch that was removed: its condition.
    BranchRemoved(String),
    /// A branch whose words are different.
    BranchReworded(Replaced),
    /// A branch that leads elsewhere: its condition, and where to.
    BranchLeads(String, Replaced),
}

impl Aspect {
    /// What it is about, in a word or two, for the map.
    pub fn word(&self) -> &'static str {
        match self {
            Self::Moved(_) => "moved",
            Self::Title(_) => "title",
            Self::Seat(_) => "seat",
            Self::Kind(_) => "kind",
            Self::Text(_) => "text",
            Self::Due(_) => "due",
            Self::Evidence(_) => "evidence",
            Self::Wait(_) => "wait",
            Self::Procedure(_) => "procedure",
            Self::Handoff(_) => "handoff",
            Self::Consulted(_) => "asked before",
            Self::Informed(_) => "told after",
            Self::Parts(_) | Self::Part(_) => "parts",
            Self::BranchAdded(_) => "branch added",
            Self::BranchRemoved(_) => "branch removed",
            Self::BranchReworded(_) | Self::BranchLeads(..) => "branches",
        }
    }
}

impl fmt::Display for Aspect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Moved(Some(before)) => write!(f, "moved: now after \u{201c}{before}\u{201d}"),
            Self::Moved(None) => f.write_str("moved: now the first step"),
            Self::Part(title) => write!(f, "parts: \u{201c}{title}\u{201d} says something else"),
            Self::BranchAdded(condition) => write!(f, "branch added: \u{201c}{condition}\u{201d}"),
            Self::BranchRemoved(condition) => {
                write!(f, "branch removed: \u{201c}{condition}\u{201d}")
            }
            Self::BranchLeads(condition, replaced) => {
                write!(f, "branch \u{201c}{condition}\u{201d} leads elsewhere: {replaced}")
            }
            Self::Title(replaced)
            | Self::Seat(replaced)
            | Self::Kind(replaced)
            | Self::Text(replaced)
            | Self::Due(replaced)
            | Self::Evidence(replaced)
            | Self::Wait(replaced)
            | Self::Procedure(replaced)
            | Self::Handoff(replaced)
            | Self::Consulted(replaced)
            | Self::Informed(replaced)
            | Self::Parts(replaced)
            | Self::BranchReworded(replaced) => write!(f, "{}: {replaced}", self.word()),
        }
    }
}

/// What became of one top-level step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StepDifference {
    /// Its index among the steps of the old process.
    pub was: Option<usize>,
    /// Its index among the steps of the new process.
    pub now: Option<usize>,
    /// Its id: in the new process, or in the old one if it was removed.
    pub id: StepId,
    /// Its number there.
    pub number: String,
    /// Its title there.
    pub title: String,
    /// The seat that does it there; empty where nobody is named.
    pub seat: String,
    /// What became of it.
    pub fate: Fate,
    /// What is different, if it was moved or changed.
    pub aspects: Vec<Aspect>,
}

impl StepDifference {
    /// What is different in a few words, each once: "moved, title, seat".
    pub fn summary(&self) -> String {
        let mut words: Vec<&str> = Vec::new();
        for aspect in &self.aspects {
            if !words.contains(&aspect.word()) {
                words.push(aspect.word());
            }
        }
        words.join(", ")
    }
}

/// How many steps met which fate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Counts {
    /// Steps that only the new process has.
    pub added: usize,
    /// Steps that only the old process has.
    pub removed: usize,
    /// Steps that stand elsewhere and are otherwise the same.
    pub moved: usize,
    /// Steps with something different.
    pub changed: usize,
}

/// What is different between two processes, as far as a map shows it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Difference {
    /// Every step of either, in the order of the new process; a removed one stands where it stood.
    pub steps: Vec<StepDifference>,
    /// What starts the process, if that is different.
    pub start: Option<Replaced>,
    /// What it leaves behind, if that is different.
    pub outcome: Option<Replaced>,
    /// The seat that answers for it, if that is different.
    pub owner: Option<Replaced>,
}

impl Difference {
    /// Whether a map of the two would show nothing.
    pub fn is_empty(&self) -> bool {
        let is_same = |step: &StepDifference| step.fate == Fate::Same;
        self.steps.iter().all(is_same)
            && self.start.is_none()
            && self.outcome.is_none()
            && self.owner.is_none()
    }

    /// How many steps met which fate.
    pub fn counts(&self) -> Counts {
        let mut counts = Counts::default();
        for step in &self.steps {
            match step.fate {
                Fate::Same => {}
                Fate::Added => counts.added += 1,
                Fate::Removed => counts.removed += 1,
                Fate::Moved => counts.moved += 1,
                Fate::Changed => counts.changed += 1,
            }
        }
        counts
    }

    /// The whole in one line: "2 steps added, 1 moved; owner changed".
    pub fn summary(&self) -> String {
        let Counts { added, removed, moved, changed } = self.counts();
        let fates =
            [(added, "added"), (removed, "removed"), (moved, "moved"), (changed, "changed")];
        let mut steps: Vec<String> = Vec::new();
        for (count, word) in fates.into_iter().filter(|(count, _)| *count > 0) {
            let noun = match (steps.is_empty(), count) {
                (true, 1) => " step",
                (true, _) => " steps",
                (false, _) => "",
            };
            steps.push(format!("{count}{noun} {word}"));
        }
        let pieces = [
            (self.owner.is_some(), "owner changed"),
            (self.start.is_some(), "trigger changed"),
            (self.outcome.is_some(), "expected output changed"),
        ];
        let pieces =
            pieces.into_iter().filter(|(is_so, _)| *is_so).map(|(_, word)| word.to_owned());
        let steps = (!steps.is_empty()).then(|| steps.join(", "));
        let parts: Vec<String> = steps.into_iter().chain(pieces).collect();
        if parts.is_empty() { "no step differs".to_owned() } else { parts.join("; ") }
    }
}

/// What changed from the old process to the new one.
///
/// Which steps are the same and which moved is [`gemba_model::matching`]'s to say.
pub fn difference(old: &Process, new: &Process) -> Difference {
    Differ::new(old, new).differ()
}

/// The pairs of top-level steps that are the same, as indices into the old and the new process, in
/// the order of the new one.
pub(crate) fn pairs(old: &Process, new: &Process) -> Vec<(usize, usize)> {
    matching::pairs(&old.steps, &new.steps)
}

struct Differ<'a> {
    old: &'a Process,
    new: &'a Process,
    pairs: Vec<(usize, usize)>,
    /// The new steps by their old index.
    now: BTreeMap<usize, usize>,
    old_routes: Vec<Routes>,
    new_routes: Vec<Routes>,
}

impl<'a> Differ<'a> {
    fn new(old: &'a Process, new: &'a Process) -> Self {
        let pairs = pairs(old, new);
        let routes = |process: &Process| {
            (0..process.steps.len()).map(|i| flow::routes(process, i)).collect()
        };
        Self {
            now: pairs.iter().copied().collect(),
            pairs,
            old,
            new,
            old_routes: routes(old),
            new_routes: routes(new),
        }
    }

    fn differ(&self) -> Difference {
        let was: BTreeMap<usize, usize> =
            self.pairs.iter().map(|(was, now)| (*now, *was)).collect();
        let moved = matching::moved(&self.pairs);
        // Removed steps stand after the step that they followed.
        let mut gone: BTreeMap<Option<usize>, Vec<usize>> = BTreeMap::new();
        let mut before = None;
        for index in 0..self.old.steps.len() {
            match self.now.get(&index) {
                Some(now) => before = Some(*now),
                None => gone.entry(before).or_default().push(index),
            }
        }
        let mut steps = Vec::new();
        let mut removed = |after: Option<usize>, steps: &mut Vec<StepDifference>| {
            let here = gone.remove(&after).unwrap_or_default();
            steps.extend(here.into_iter().filter_map(|was| self.step(Some(was), None, false)));
        };
        removed(None, &mut steps);
        for now in 0..self.new.steps.len() {
            steps.extend(self.step(was.get(&now).copied(), Some(now), moved.contains(&now)));
            removed(Some(now), &mut steps);
        }
        let triggers = |process: &Process| {
            let texts = process.triggers.iter().map(|trigger| clean(&trigger.text));
            texts.collect::<Vec<_>>().join(" / ")
        };
        let outputs = |process: &Process| {
            let texts = process.expected_output.iter().map(|output| clean(&output.text));
            texts.collect::<Vec<_>>().join(" / ")
        };
        let owner = |process: &Process| process.owner.named().unwrap_or_default().to_owned();
        Difference {
            steps,
            start: Replaced::of(&triggers(self.old), &triggers(self.new)),
            outcome: Replaced::of(&outputs(self.old), &outputs(self.new)),
            owner: Replaced::of(&owner(self.old), &owner(self.new)),
        }
    }

    fn step(
        &self,
        was: Option<usize>,
        now: Option<usize>,
        is_moved: bool,
    ) -> Option<StepDifference> {
        let (process, index) = match (now, was) {
            (Some(now), _) => (self.new, now),
            (None, was) => (self.old, was?),
        };
        let step = process.steps.get(index)?;
        let mut aspects = Vec::new();
        let fate = match (was, now) {
            (Some(was), Some(now)) => {
                aspects = self.aspects(was, now)?;
                let fate = match (aspects.is_empty(), is_moved) {
                    (true, false) => Fate::Same,
                    (true, true) => Fate::Moved,
                    (false, _) => Fate::Changed,
                };
                if is_moved {
                    let before = now.checked_sub(1).and_then(|index| self.new.steps.get(index));
                    aspects.insert(0, Aspect::Moved(before.map(|step| clean(&step.title))));
                }
                fate
            }
            (None, _) => Fate::Added,
            (Some(_), None) => Fate::Removed,
        };
        Some(StepDifference {
            was,
            now,
            id: step.id.clone(),
            number: clean(&step.number),
            title: clean(&step.title),
            seat: clean(process.doer(step).unwrap_or_default()),
            fate,
            aspects,
        })
    }

    fn aspects(&self, was: usize, now: usize) -> Option<Vec<Aspect>> {
        let (old, new) = (self.old.steps.get(was)?, self.new.steps.get(now)?);
        let mut found: Vec<Aspect> = Vec::new();
        let mut see = |aspect: fn(Replaced) -> Aspect, was: &str, now: &str| {
            found.extend(Replaced::of(was, now).map(aspect));
        };
        see(Aspect::Title, &old.title, &new.title);
        let doers = [(self.old, old), (self.new, new)];
        let [before, after] = doers.map(|(process, step)| process.doer(step).unwrap_or_default());
        if before.to_lowercase() != after.to_lowercase() {
            see(Aspect::Seat, before, after);
        }
        see(Aspect::Kind, kind_word(old.kind), kind_word(new.kind));
        see(Aspect::Text, &old.text, &new.text);
        let or_empty = |text: &Option<String>| text.clone().unwrap_or_default();
        see(Aspect::Due, &or_empty(&old.due), &or_empty(&new.due));
        see(Aspect::Evidence, &evidence(old), &evidence(new));
        see(Aspect::Wait, &or_empty(&old.wait_for), &or_empty(&new.wait_for));
        let procedure =
            |step: &Step| step.procedure.as_ref().map(|p| p.title.clone()).unwrap_or_default();
        see(Aspect::Procedure, &procedure(old), &procedure(new));
        see(Aspect::Handoff, &old.handoff_to.join(", "), &new.handoff_to.join(", "));
        see(Aspect::Consulted, &old.consulted.join(", "), &new.consulted.join(", "));
        see(Aspect::Informed, &old.informed.join(", "), &new.informed.join(", "));
        found.extend(parts(old, new));
        found.extend(self.branches(was, now)?);
        Some(found)
    }

    fn branches(&self, was: usize, now: usize) -> Option<Vec<Aspect>> {
        let ways = |routes: &Routes| -> Vec<(String, String, Next)> {
            let named = |(next, branch): (Next, Option<&flow::Branch>)| {
                branch.map(|branch| (branch.id.clone(), clean(&branch.label), next))
            };
            routes.all().into_iter().filter_map(named).collect()
        };
        let old = ways(self.old_routes.get(was)?);
        let mut new = ways(self.new_routes.get(now)?);
        let mut found = Vec::new();
        let mut open = Vec::new();
        for (id, label, to) in old {
            let Some(at) = new.iter().position(|(other, ..)| *other == id) else {
                open.push((label, to));
                continue;
            };
            let (_, new_label, new_to) = new.remove(at);
            found.extend(Replaced::of(&label, &new_label).map(Aspect::BranchReworded));
            if !self.is_same_way((was, to), (now, new_to)) {
                let leads = Replaced { was: place(self.old, to), now: place(self.new, new_to) };
                found.push(Aspect::BranchLeads(new_label, leads));
            }
        }
        for (label, to) in open {
            let same = new.iter().position(|(.., next)| self.is_same_way((was, to), (now, *next)));
            if let Some(at) = same {
                let (_, new_label, _) = new.remove(at);
                found.extend(Replaced::of(&label, &new_label).map(Aspect::BranchReworded));
            } else {
                found.push(Aspect::BranchRemoved(label));
            }
        }
        found.extend(new.into_iter().map(|(_, label, _)| Aspect::BranchAdded(label)));
        Some(found)
    }

    /// Whether two ways lead to the same place. Going on with what comes next is the same way,
    /// whatever was put in between.
    fn is_same_way(&self, (was, old): (usize, Next), (now, new): (usize, Next)) -> bool {
        match (old, new) {
            (Next::End, Next::End) => true,
            (Next::Step(old), Next::Step(new)) => {
                self.now.get(&old) == Some(&new) || (old == was + 1 && new == now + 1)
            }
            (Next::End, Next::Step(_)) | (Next::Step(_), Next::End) => false,
        }
    }
}

/// Where a way leads, in words.
fn place(process: &Process, next: Next) -> String {
    match next {
        Next::End => "the end".to_owned(),
        Next::Step(index) => {
            process.steps.get(index).map(|step| clean(&step.title)).unwrap_or_default()
        }
    }
}

/// What is different about the parts of a step.
fn parts(old: &Step, new: &Step) -> Vec<Aspect> {
    let titles = |step: &Step| {
        let titles = step.walk().into_iter().skip(1).map(|part| clean(&part.title));
        titles.collect::<Vec<_>>().join(" \u{b7} ")
    };
    if let Some(replaced) = Replaced::of(&titles(old), &titles(new)) {
        return vec![Aspect::Parts(replaced)];
    }
    let pairs = old.walk().into_iter().zip(new.walk()).skip(1);
    let is_other = |(a, b): &(&Step, &Step)| {
        let seats = |step: &Step| step.seat.as_ref().map(|seat| seat.name.to_lowercase());
        clean(&a.text) != clean(&b.text) || a.due != b.due || seats(a) != seats(b)
    };
    let mut seen = BTreeSet::new();
    pairs
        .filter(is_other)
        .map(|(_, part)| clean(&part.title))
        .filter(|title| seen.insert(title.clone()))
        .map(Aspect::Part)
        .collect()
}

fn evidence(step: &Step) -> String {
    let words = step.evidence.iter().map(|proof| format!("{} ({})", proof.text, proof.kind.word()));
    words.collect::<Vec<_>>().join(", ")
}

/// What kind of act a step is, in words.
pub(crate) fn kind_word(kind: StepKind) -> &'static str {
    match kind {
        StepKind::Task => "task",
        StepKind::Decision => "decision",
        StepKind::Approval => "approval",
        StepKind::Wait => "wait",
        StepKind::Call => "procedure",
        StepKind::Parallel => "in parallel",
        StepKind::End => "end",
    }
}
