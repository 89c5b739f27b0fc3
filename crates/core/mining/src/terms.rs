//! What a document says of each step besides the order: which seats do it, and by when.

use crate::follows::causes;
use crate::matching::plain;
use crate::net::Net;
use gemba_model::due::{Anchor, Due};
use gemba_model::{Process, Step, field};
use std::collections::{BTreeMap, BTreeSet};

/// What is said of one step.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Term {
    /// The seats that do it, as written; empty where nobody is named.
    pub seats: BTreeSet<String>,
    /// By when it is done, where the words give a rule.
    pub(crate) due: Option<Due>,
    /// The step that the deadline is counted from, where it is another.
    pub(crate) since: Option<String>,
    /// The steps with whose end its turn comes.
    pub(crate) causes: BTreeSet<String>,
}

/// What a document says of its steps, by their titles.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Terms {
    pub(crate) of: BTreeMap<String, Term>,
    /// Every seat that the document names, and what else it is written as: plain name, name.
    pub(crate) seats: BTreeMap<String, String>,
}

impl Terms {
    /// What a process says of its steps. `net` is the same process as a net.
    ///
    /// A part without a seat of its own is the work of the seat that has the step, a step without one the owner's.
    /// Two steps of one title are one here: either's seats may do it, and a deadline counts where both say it.
    pub fn of(process: &Process, net: &Net) -> Self {
        let mut terms = Self::default();
        for name in process.seat_names() {
            terms.seats.entry(plain(name)).or_insert_with(|| name.to_owned());
            if let Some(written) = process.also_written(name) {
                terms.seats.entry(plain(written)).or_insert_with(|| name.to_owned());
            }
        }
        for step in &process.steps {
            terms.gather(process, step, process.owner.named());
        }
        for (name, causes) in causes(net) {
            if let Some(term) = terms.of.get_mut(&name) {
                term.causes = causes;
            }
        }
        terms
    }

    /// What is said of the step of this title.
    pub fn step(&self, title: &str) -> Option<&Term> {
        self.of.get(title)
    }

    fn gather(&mut self, process: &Process, step: &Step, above: Option<&str>) {
        let own = step.seat.as_ref().map(|seat| seat.name.as_str()).or(above);
        let asked = step.approval.iter().flat_map(|approval| &approval.seats);
        let mut seats: BTreeSet<String> = asked.cloned().collect();
        if seats.is_empty() {
            seats.extend(own.map(str::to_owned));
        }
        let due =
            step.due.as_deref().and_then(|text| Due::said_among(text, &field::dates(process)));
        let since = match &due {
            Some(Due::After { anchor: Anchor::Step(number), .. }) => titled(process, number),
            _ => None,
        };
        match self.of.get_mut(&step.title) {
            None => {
                let term = Term { seats, due, since, causes: BTreeSet::new() };
                self.of.insert(step.title.clone(), term);
            }
            Some(other) => {
                other.seats.extend(seats);
                if other.due != due || other.since != since {
                    other.due = None;
                }
            }
        }
        for part in &step.steps {
            self.gather(process, part, own);
        }
    }
}

fn titled(process: &Process, number: &str) -> Option<String> {
    let is_it = |step: &&Step| step.number.trim_end_matches('.') == number;
    process.all_steps().into_iter().find(is_it).map(|step| step.title.clone())
}
