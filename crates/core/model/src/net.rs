//! The flow of a process as a workflow net, and whether it is sound.
//!
//! A workflow net is a Petri net with one place where a run begins and one where it ends. It is sound
//! if from every state that a run can come to it can still end, if nothing is left over when it ends,
//! and if every step can happen (van der Aalst, "The Application of Petri Nets to Workflow
//! Management", Journal of Circuits, Systems and Computers 8(1), 1998).
//!
//! A step is a transition, and so is each of its branches. The parts of a parallel step are done at
//! the same time: one transition begins them all, one waits for all of them. Parts of any other step
//! are done with it, as [`crate::flow`] says.

mod explore;

use crate::flow;
use crate::{Decision, Process, Step, StepId, StepKind, Target};
use std::collections::{BTreeMap, BTreeSet};

/// Why a process is not sound. Each names the shortest way there, as positions among
/// [`Process::all_steps`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fault {
    /// A run that goes this way goes round for ever: `path` leads into the circle, `circle` is it.
    NeverEnds {
        /// The steps up to the circle.
        path: Vec<usize>,
        /// The steps of the circle, once.
        circle: Vec<usize>,
    },
    /// A run that goes this way stands still: what it waits for never comes.
    Stuck {
        /// The steps up to there.
        path: Vec<usize>,
        /// The step whose parts do not all come to their end.
        waits: Option<usize>,
    },
    /// A run that goes this way does something twice or ends while parts are still being done.
    LeftOver {
        /// The steps up to there.
        path: Vec<usize>,
        /// The parallel step whose parts are left.
        left: Option<usize>,
    },
    /// No run ever comes to this step.
    Dead {
        /// The step.
        step: usize,
    },
}

/// What was found about a process.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Verdict {
    /// What is wrong, at most one of each kind but the last.
    pub faults: Vec<Fault>,
    /// Whether there were too many states to look at all of them; then what was found is true, but
    /// more may be wrong.
    pub limited: bool,
}

/// Whether a process is sound.
pub fn verdict(process: &Process) -> Verdict {
    Net::of(process).map(|net| explore::explore(&net)).unwrap_or_default()
}

type Place = usize;

#[derive(Debug)]
struct Transition {
    from: Vec<Place>,
    to: Vec<Place>,
    /// The step that it does, by position.
    step: usize,
    /// Whether it is the step itself, not the silent end of its parts.
    shown: bool,
}

#[derive(Debug)]
struct Net {
    transitions: Vec<Transition>,
    /// The transitions of which each place is the first that they take from.
    takers: Vec<Vec<usize>>,
    /// The parallel step that each place lies in, if any.
    inside: Vec<Option<usize>>,
    source: Place,
    sink: Place,
    n_steps: usize,
    /// The positions of the steps that are transitions.
    acting: Vec<usize>,
}

#[derive(Default)]
struct Builder<'a> {
    /// The place before each step or part that a jump can lead to.
    entries: BTreeMap<&'a StepId, Place>,
    positions: BTreeMap<&'a StepId, usize>,
    inside: Vec<Option<usize>>,
    transitions: Vec<Transition>,
    sink: Place,
}

impl Builder<'_> {
    fn place(&mut self, inside: Option<usize>) -> Place {
        self.inside.push(inside);
        self.inside.len() - 1
    }

    fn position(&self, step: &Step) -> usize {
        self.positions.get(&step.id).copied().unwrap_or_default()
    }

    fn leads(&self, target: &Target, follow: Place) -> Place {
        match target {
            Target::End => self.sink,
            Target::Step(id) | Target::Loop(id) => self.entries.get(id).copied().unwrap_or(follow),
            Target::Inline
            | Target::Next
            | Target::Section(_)
            | Target::Document(_)
            | Target::Dangling(_)
            | Target::Vague(_) => follow,
        }
    }

    /// The ways out of a place: by these decisions, or on to what follows.
    fn exits(
        &mut self,
        from: Place,
        follow: Place,
        decisions: Vec<&Decision>,
        step: (usize, bool),
    ) {
        let mut ids = BTreeSet::new();
        let decided: Vec<(&Decision, Place)> = decisions
            .into_iter()
            .filter(|d| ids.insert(&d.id))
            .map(|d| (d, self.leads(&d.target, follow)))
            .collect();
        let mut ways: Vec<Place> = decided.iter().map(|(_, to)| *to).collect();
        if decided.is_empty() || flow::goes_on(&decided, &follow) {
            ways.push(follow);
        }
        let (step, shown) = step;
        for to in ways {
            self.transitions.push(Transition { from: vec![from], to: vec![to], step, shown });
        }
    }
}

/// Whether the parts of a step are done at the same time.
fn parallel(step: &Step) -> bool {
    step.kind == StepKind::Parallel && step.steps.len() > 1
}

impl Net {
    /// The net of a process; nothing for one without steps.
    fn of(process: &Process) -> Option<Self> {
        let all = process.all_steps();
        let mut make = Builder {
            positions: all.iter().enumerate().rev().map(|(at, step)| (&step.id, at)).collect(),
            ..Builder::default()
        };
        make.sink = make.place(None);
        // First all places, so that a jump forwards finds its own.
        let mut tops: Vec<(Place, Vec<(Place, Place)>)> = Vec::new();
        let mut acting = Vec::new();
        for top in &process.steps {
            let before = make.place(None);
            for step in top.walk() {
                make.entries.entry(&step.id).or_insert(before);
            }
            let at = make.position(top);
            acting.push(at);
            let mut parts = Vec::new();
            for part in top.steps.iter().filter(|_| parallel(top)) {
                let (open, done) = (make.place(Some(at)), make.place(Some(at)));
                parts.push((open, done));
                // A jump to a part begins that part alone.
                for step in part.walk() {
                    make.entries.insert(&step.id, open);
                }
                acting.push(make.position(part));
            }
            tops.push((before, parts));
        }
        for (at, top) in process.steps.iter().enumerate() {
            let (before, parts) = tops.get(at)?;
            let next = tops.get(at + 1).map(|(before, _)| *before);
            let follow = next.filter(|_| top.kind != StepKind::End).unwrap_or(make.sink);
            let step = make.position(top);
            if parts.is_empty() {
                make.exits(*before, follow, flow::routing_decisions(top), (step, true));
                continue;
            }
            let begun = parts.iter().map(|(open, _)| *open).collect();
            make.transitions.push(Transition { from: vec![*before], to: begun, step, shown: true });
            for (part, (open, done)) in top.steps.iter().zip(parts) {
                let own = make.position(part);
                make.exits(*open, *done, flow::routing_decisions(part), (own, true));
            }
            let (from, joined) = (parts.iter().map(|(_, done)| *done).collect(), make.place(None));
            make.transitions.push(Transition { from, to: vec![joined], step, shown: false });
            let away = |d: &Decision| d.target.routes() && d.target != Target::Next;
            let leaves = top.decisions.iter().any(away);
            let decisions = if leaves { top.decisions.iter().collect() } else { Vec::new() };
            make.exits(joined, follow, decisions, (step, false));
        }
        let source = tops.first().map(|(before, _)| *before)?;
        let mut takers = vec![Vec::new(); make.inside.len()];
        for (n, transition) in make.transitions.iter().enumerate() {
            takers.get_mut(*transition.from.first()?)?.push(n);
        }
        Some(Self {
            transitions: make.transitions,
            takers,
            inside: make.inside,
            source,
            sink: make.sink,
            n_steps: all.len(),
            acting,
        })
    }
}

#[cfg(test)]
mod tests;
