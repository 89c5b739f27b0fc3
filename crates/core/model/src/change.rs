//! What is different between two states of a process, in the terms of a process: steps that came, went,
//! moved or say something else, cells of the RACI matrix, owner, triggers, output, failure signals.
//!
//! Which steps are the same is said by [`crate::matching`]; a step whose id is only derived from a reworded title
//! is recognised by its words. Where it was read and how it is typed counts for nothing here.

use crate::matching::Matching;
use crate::{Decision, Process, Step, StepId, Target, raci};
use std::collections::{BTreeMap, BTreeSet};

/// An old and a new value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// What was said; empty where nothing was.
    pub old: String,
    /// What is said now; empty where nothing is.
    pub new: String,
}

impl Change {
    fn of(old: impl Into<String>, new: impl Into<String>) -> Option<Self> {
        let change = Self { old: old.into(), new: new.into() };
        (change.old != change.new).then_some(change)
    }
}

/// Entries of a list that went and came.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ListChange {
    /// What is no longer there.
    pub removed: Vec<String>,
    /// What is new.
    pub added: Vec<String>,
}

impl ListChange {
    fn of(old: &[String], new: &[String]) -> Self {
        let without = |list: &[String], other: &[String]| {
            list.iter().filter(|entry| !other.contains(entry)).cloned().collect()
        };
        Self { removed: without(old, new), added: without(new, old) }
    }

    /// Whether nothing came or went.
    pub fn is_empty(&self) -> bool {
        self.removed.is_empty() && self.added.is_empty()
    }
}

/// What a step says, part by part.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Part {
    /// Its title.
    Title,
    /// Its instructions.
    Text,
    /// What kind of act it is.
    Kind,
    /// The seat that does it.
    Seat,
    /// The branches that start at it, and where they lead.
    Decision,
    /// Whom the work is handed to.
    Handoff,
    /// When it must be done.
    Due,
    /// What must have happened before.
    Wait,
    /// Who must approve, and who may not do it.
    Approval,
    /// The procedure that it carries out.
    Procedure,
    /// What it must leave as proof.
    Evidence,
}

/// A part of a step that says something else.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PartChange {
    /// Which part.
    pub part: Part,
    /// What it said and says.
    pub change: Change,
}

/// What became of a step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StepChange {
    /// Its number before; none for a step that came.
    pub was: Option<String>,
    /// Its number now; none for a step that went.
    pub is: Option<String>,
    /// Its id where it is now, or else was.
    pub id: String,
    /// Its title now, or else before.
    pub title: String,
    /// Whether it stands elsewhere among the steps that stayed.
    pub moved: bool,
    /// The parts that say something else; empty for one that came or went.
    pub parts: Vec<PartChange>,
}

/// A column of the RACI matrix.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Column {
    /// Who does it.
    Responsible,
    /// Who answers for it.
    Accountable,
    /// Who is asked before.
    Consulted,
    /// Who is told after.
    Informed,
}

/// A cell of the RACI matrix that says something else. Rows of steps that came or went are not repeated
/// here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CellChange {
    /// The number of the step now.
    pub step: String,
    /// Its title now.
    pub title: String,
    /// The column.
    pub column: Column,
    /// The seats before and now, separated by commas.
    pub change: Change,
}

/// Everything that is different.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Changes {
    /// The title.
    pub title: Option<Change>,
    /// The part of the company.
    pub function: Option<Change>,
    /// The owner.
    pub owner: Option<Change>,
    /// The purpose.
    pub purpose: Option<Change>,
    /// The review cadence.
    pub review: Option<Change>,
    /// What starts it.
    pub triggers: ListChange,
    /// What a run must produce.
    pub expected_output: ListChange,
    /// How failure is noticed.
    pub failure_signals: ListChange,
    /// The steps that came, went, moved or say something else: in the new order, those that went where
    /// they stood.
    pub steps: Vec<StepChange>,
    /// The cells of the RACI matrix.
    pub raci: Vec<CellChange>,
    /// The other sections of the document, by their headings.
    pub sections: ListChange,
    /// Other sections that say something else, by their headings.
    pub reworded: Vec<String>,
}

impl Changes {
    /// Whether the two say the same.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// How many steps came.
    pub fn n_added(&self) -> usize {
        self.steps.iter().filter(|step| step.was.is_none()).count()
    }

    /// How many steps went.
    pub fn n_removed(&self) -> usize {
        self.steps.iter().filter(|step| step.is.is_none()).count()
    }

    /// How many steps moved.
    pub fn n_moved(&self) -> usize {
        self.steps.iter().filter(|step| step.moved).count()
    }

    /// How many steps say something else.
    pub fn n_changed(&self) -> usize {
        self.steps.iter().filter(|step| !step.parts.is_empty()).count()
    }

    /// All of it in one line: "2 steps added, 1 moved, owner changed".
    pub fn summary(&self) -> String {
        let counts = [
            (self.n_added(), "added"),
            (self.n_removed(), "removed"),
            (self.n_moved(), "moved"),
            (self.n_changed(), "changed"),
        ];
        let mut said: Vec<String> = Vec::new();
        for (n, what) in counts.into_iter().filter(|(n, _)| *n > 0) {
            let noun = match (said.is_empty(), n) {
                (true, 1) => " step",
                (true, _) => " steps",
                (false, _) => "",
            };
            said.push(format!("{n}{noun} {what}"));
        }
        let others = [
            (self.title.is_some(), "title changed"),
            (self.function.is_some(), "function changed"),
            (self.owner.is_some(), "owner changed"),
            (self.purpose.is_some(), "purpose changed"),
            (!self.triggers.is_empty(), "triggers changed"),
            (!self.expected_output.is_empty(), "expected output changed"),
            (!self.failure_signals.is_empty(), "failure signals changed"),
            (!self.raci.is_empty(), "RACI changed"),
            (self.review.is_some(), "review changed"),
            (!self.sections.is_empty() || !self.reworded.is_empty(), "other sections changed"),
        ];
        said.extend(others.into_iter().filter(|(is, _)| *is).map(|(_, what)| what.to_owned()));
        if said.is_empty() {
            "Nothing but the wording of the text".to_owned()
        } else {
            said.join(", ")
        }
    }
}

/// What is different in `new`.
pub fn between(old: &Process, new: &Process) -> Changes {
    let texts = |list: Vec<&str>| list.into_iter().map(squeezed).collect::<Vec<_>>();
    let triggers = |p: &Process| texts(p.triggers.iter().map(|t| t.text.as_str()).collect());
    let outputs = |p: &Process| texts(p.expected_output.iter().map(|o| o.text.as_str()).collect());
    let signals = |p: &Process| texts(p.failure_signals.iter().map(|s| s.text.as_str()).collect());
    let headings = |p: &Process| p.sections.iter().map(|s| s.title.clone()).collect::<Vec<_>>();
    let cadence = |p: &Process| p.review.cadence.map(|c| c.to_string()).unwrap_or_default();
    let owner = |p: &Process| p.owner.seat.clone().unwrap_or_default();
    let reworded = new.sections.iter().filter(|section| {
        let before = old.sections.iter().find(|s| s.title == section.title);
        before.is_some_and(|before| squeezed(&before.text) != squeezed(&section.text))
    });
    let matching = Matching::of(old, new);
    Changes {
        title: Change::of(&old.title, &new.title),
        function: Change::of(
            old.function.clone().unwrap_or_default(),
            new.function.clone().unwrap_or_default(),
        ),
        owner: Change::of(owner(old), owner(new)),
        purpose: Change::of(squeezed(&old.purpose), squeezed(&new.purpose)),
        review: Change::of(cadence(old), cadence(new)),
        triggers: ListChange::of(&triggers(old), &triggers(new)),
        expected_output: ListChange::of(&outputs(old), &outputs(new)),
        failure_signals: ListChange::of(&signals(old), &signals(new)),
        steps: steps(old, new, &matching),
        raci: cells(old, new, &matching.was),
        sections: ListChange::of(&headings(old), &headings(new)),
        reworded: reworded.map(|section| section.title.clone()).collect(),
    }
}

/// A text with each run of white space as one space.
fn squeezed(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn steps(old: &Process, new: &Process, matching: &Matching) -> Vec<StepChange> {
    let (old_steps, new_steps) = (old.all_steps(), new.all_steps());
    let kept: BTreeSet<usize> = matching.was.values().copied().collect();
    let mut gone: Vec<(usize, StepChange)> = old_steps
        .iter()
        .enumerate()
        .filter(|(was, _)| !kept.contains(was))
        .map(|(was, step)| {
            let change = StepChange {
                was: Some(step.number.clone()),
                is: None,
                id: step.id.to_string(),
                title: step.title.clone(),
                moved: false,
                parts: Vec::new(),
            };
            (was, change)
        })
        .collect();
    gone.reverse();
    let mut changes = Vec::new();
    for (is, step) in new_steps.iter().enumerate() {
        let before = matching.was.get(&is).and_then(|was| Some((*was, *old_steps.get(*was)?)));
        let Some((was, before)) = before else {
            changes.push(StepChange {
                was: None,
                is: Some(step.number.clone()),
                id: step.id.to_string(),
                title: step.title.clone(),
                moved: false,
                parts: Vec::new(),
            });
            continue;
        };
        let is_moved = matching.moved.contains(&is);
        while let Some((_, change)) = gone.pop_if(|(at, _)| *at < was && !is_moved) {
            changes.push(change);
        }
        let change = StepChange {
            was: Some(before.number.clone()),
            is: Some(step.number.clone()),
            id: step.id.to_string(),
            title: step.title.clone(),
            moved: is_moved,
            parts: parts((old, before), (new, step)),
        };
        if change.moved || !change.parts.is_empty() {
            changes.push(change);
        }
    }
    changes.extend(gone.into_iter().rev().map(|(_, change)| change));
    changes
}

fn parts(
    (old_process, old): (&Process, &Step),
    (new_process, new): (&Process, &Step),
) -> Vec<PartChange> {
    let seat = |s: &Step| s.seat.as_ref().map(|seat| seat.name.clone()).unwrap_or_default();
    let procedure = |s: &Step| s.procedure.as_ref().map(|p| p.to.clone()).unwrap_or_default();
    let evidence = |s: &Step| {
        let pieces = s.evidence.iter().map(|e| format!("{} ({})", e.text, e.kind.word()));
        pieces.collect::<Vec<_>>().join("; ")
    };
    // A branch that leads to the same step says the same, whatever that step is called by now.
    let leads = |s: &Step| {
        let said = s.decisions.iter().map(|d| decision_words(d, &by_id));
        said.chain(bounds(s)).collect::<Vec<_>>()
    };
    let decided = leads(old) != leads(new);
    let decisions = |process: &Process, s: &Step| {
        let titled = |id: &StepId| process.step(id).map_or_else(|| by_id(id), |s| s.title.clone());
        let said = s.decisions.iter().map(|d| decision_words(d, &titled)).chain(bounds(s));
        said.filter(|_| decided).collect::<Vec<_>>().join("; ")
    };
    let said = [
        (Part::Title, old.title.clone(), new.title.clone()),
        (Part::Kind, kind_words(old), kind_words(new)),
        (Part::Seat, seat(old), seat(new)),
        (Part::Text, squeezed(&old.text), squeezed(&new.text)),
        (Part::Decision, decisions(old_process, old), decisions(new_process, new)),
        (Part::Handoff, old.handoff_to.join(", "), new.handoff_to.join(", ")),
        (Part::Wait, wait(old), wait(new)),
        (Part::Due, due(old), due(new)),
        (Part::Approval, approval(old), approval(new)),
        (Part::Procedure, procedure(old), procedure(new)),
        (Part::Evidence, evidence(old), evidence(new)),
    ];
    said.into_iter()
        .filter_map(|(part, old, new)| {
            Change::of(old, new).map(|change| PartChange { part, change })
        })
        .collect()
}

fn approval(step: &Step) -> String {
    let approval = step.approval.iter().map(ToString::to_string);
    let barred = step.not_by.iter().map(|who| format!("not by {who}"));
    let unanswered = step.unanswered.iter().map(|what| format!("if not answered: {what}"));
    approval.chain(barred).chain(unanswered).collect::<Vec<_>>().join("; ")
}

fn due(step: &Step) -> String {
    let remind = step.remind.iter().map(|when| format!("remind: {when}"));
    step.due.iter().cloned().chain(remind).collect::<Vec<_>>().join("; ")
}

/// How often a step may send the run back, and what the end is called that it leads to.
fn bounds(step: &Step) -> Vec<String> {
    let back = step.at_most.map(|times| format!("goes back at most {times} times in a row"));
    let end = step.outcome.as_ref().map(|outcome| format!("the run ends as {outcome}"));
    back.into_iter().chain(end).collect()
}

fn wait(step: &Step) -> String {
    step.wait_for.clone().unwrap_or_default()
}

fn kind_words(step: &Step) -> String {
    use crate::StepKind as Kind;
    match step.kind {
        Kind::Task => "task",
        Kind::Decision => "decision",
        Kind::Approval => "approval",
        Kind::Wait => "wait",
        Kind::Call => "procedure",
        Kind::Parallel => "parallel",
        Kind::End => "end",
    }
    .to_owned()
}

fn by_id(id: &StepId) -> String {
    id.to_string()
}

/// A branch in words: the condition, what is done, where it leads.
fn decision_words(decision: &Decision, name: &dyn Fn(&StepId) -> String) -> String {
    let leads = match &decision.target {
        Target::Inline => String::new(),
        Target::Next => "go on".to_owned(),
        Target::Step(id) => format!("go to “{}”", name(id)),
        Target::Loop(id) => format!("go back to “{}”", name(id)),
        Target::Section(name) | Target::Document(name) => format!("see {name}"),
        Target::Dangling(words) | Target::Vague(words) => words.clone(),
        Target::End => match &decision.outcome {
            Some(outcome) => format!("the run ends as {outcome}"),
            None => "the run ends".to_owned(),
        },
    };
    let said = [decision.condition.as_str(), decision.action.as_str(), leads.as_str()];
    squeezed(&said.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(", "))
}

fn cells(old: &Process, new: &Process, pairs: &BTreeMap<usize, usize>) -> Vec<CellChange> {
    let (old_rows, new_rows) = (raci::matrix(old), raci::matrix(new));
    // The matrix has the top-level steps; the pairs know all steps.
    let place = |process: &Process| {
        let mut at = 0;
        let tops = process.steps.iter().map(|step| {
            let here = at;
            at += step.walk().len();
            here
        });
        tops.collect::<Vec<usize>>()
    };
    let (old_places, new_places) = (place(old), place(new));
    let mut changes = Vec::new();
    for (row, is) in new_rows.iter().zip(&new_places) {
        let before = pairs
            .get(is)
            .and_then(|was| old_places.iter().position(|place| place == was))
            .and_then(|top| old_rows.get(top));
        let Some(before) = before else { continue };
        let columns = [
            (Column::Responsible, &before.responsible, &row.responsible),
            (Column::Accountable, &before.accountable, &row.accountable),
            (Column::Consulted, &before.consulted, &row.consulted),
            (Column::Informed, &before.informed, &row.informed),
        ];
        for (column, was, now) in columns {
            if let Some(change) = Change::of(was.join(", "), now.join(", ")) {
                let (step, title) = (row.step.clone(), row.title.clone());
                changes.push(CellChange { step, title, column, change });
            }
        }
    }
    changes
}
