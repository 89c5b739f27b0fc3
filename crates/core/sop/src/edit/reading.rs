//! A text as changes look at it: its steps in one row, each with its place, its mark and its level.

use super::mark::Mark;
use crate::compile;
use gemba_model::raci::Row;
use gemba_model::{Step, StepId, Target};
use std::ops::Range;

/// One step in the row of all.
#[derive(Debug, Clone)]
pub(super) struct Flat {
    /// The step without its parts, which are in the row themselves.
    pub(super) step: Step,
    /// The byte where its marker begins.
    pub(super) start: usize,
    end: usize,
    parent: Option<usize>,
    /// How many steps are within it, however deep.
    pub(super) n_below: usize,
    /// Which list of the document it is in: lists that begin to count anew are apart.
    list: usize,
}

/// By which of its names a step was spoken of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum By {
    Label,
    Number,
}

impl By {
    /// That name of a step.
    pub(super) fn word(self, step: &Flat) -> String {
        match self {
            Self::Label => bare(&step.step.label),
            Self::Number => step.step.number.clone(),
        }
    }
}

/// A text and the steps of one of its processes.
#[derive(Debug)]
pub(super) struct Reading {
    pub(super) source: String,
    pub(super) n_processes: usize,
    pub(super) steps: Vec<Flat>,
    raci: Vec<Row>,
    /// The other processes of the text, which a change leaves as they are.
    others: Vec<(Vec<Flat>, Vec<Row>)>,
}

impl Reading {
    /// The first process of a text.
    pub(super) fn of(source: &str, name: &str) -> Self {
        Self::of_nth(source, name, 0)
    }

    /// The process at this place in a text, counted from 0.
    pub(super) fn of_nth(source: &str, name: &str, nth: usize) -> Self {
        let processes = compile(source, name).processes;
        let (mut own, mut others) = (None, Vec::new());
        for (at, process) in processes.iter().enumerate() {
            let mut steps = Vec::new();
            flatten(&process.steps, None, &mut steps);
            count_lists(&mut steps);
            if at == nth {
                own = Some((steps, process.raci.clone()));
            } else {
                others.push((steps, process.raci.clone()));
            }
        }
        let (steps, raci) = own.unwrap_or_default();
        let n_processes = processes.len();
        Self { source: source.to_owned(), n_processes, steps, raci, others }
    }

    /// Whether the other processes of a text say what they said.
    fn same_others(&self, new: &Self) -> bool {
        let said = |flat: &Flat| {
            let Step { title, number, seat, decisions, .. } = flat.step.clone();
            let branches: Vec<_> =
                decisions.into_iter().map(|d| (d.condition, d.action, d.target)).collect();
            (title, number, seat.map(|seat| seat.name), branches)
        };
        self.others.len() == new.others.len()
            && self.others.iter().zip(&new.others).all(|((old, rows), (now, rows_now))| {
                old.len() == now.len()
                    && old.iter().zip(now).all(|(a, b)| said(a) == said(b))
                    && rows == rows_now
            })
    }

    pub(super) fn find(&self, id: &StepId) -> Option<usize> {
        self.steps.iter().position(|flat| flat.step.id == *id)
    }

    /// The step's bytes without the blank lines after it.
    pub(super) fn block(&self, step: &Flat) -> Range<usize> {
        let text = self.source.get(step.start..step.end).unwrap_or_default();
        step.start..step.start + text.trim_end().len()
    }

    pub(super) fn first_line(&self, step: &Flat) -> &str {
        let text = self.source.get(step.start..step.end).unwrap_or_default();
        text.lines().next().unwrap_or_default()
    }

    pub(super) fn mark(&self, step: &Flat) -> Mark<'_> {
        Mark::of(self.first_line(step))
    }

    /// What stands before the marker on its line.
    pub(super) fn indent(&self, step: &Flat) -> &str {
        let before = self.source.get(..step.start).unwrap_or_default();
        let line = before.rfind('\n').map_or(0, |at| at + 1);
        before.get(line..).unwrap_or_default()
    }

    /// The steps of the same list and level, in order.
    pub(super) fn siblings(&self, at: usize) -> Vec<usize> {
        let Some(own) = self.steps.get(at) else { return Vec::new() };
        let alike = |flat: &Flat| flat.parent == own.parent && flat.list == own.list;
        (0..self.steps.len()).filter(|n| self.steps.get(*n).is_some_and(alike)).collect()
    }

    /// The step before or after in the same list.
    pub(super) fn neighbour(&self, at: usize, after: bool) -> Option<usize> {
        let row = self.siblings(at);
        let place = row.iter().position(|n| *n == at)?;
        let beside = if after { place + 1 } else { place.checked_sub(1)? };
        row.get(beside).copied()
    }

    /// What stands between two steps of the list that this one is in: a line break or an empty line.
    pub(super) fn gap(&self, at: usize) -> &'static str {
        let Some(own) = self.steps.get(at) else { return "\n\n" };
        let pair = match (self.neighbour(at, true), self.neighbour(at, false)) {
            (Some(next), _) => self.steps.get(next).map(|next| (own, next)),
            (None, Some(before)) => self.steps.get(before).map(|before| (before, own)),
            (None, None) => None,
        };
        let is_row = self.first_line(own).starts_with('|');
        let is_loose = match pair {
            Some((first, second)) => {
                let between = self.source.get(self.block(first).end..second.start);
                between.is_some_and(|between| between.matches('\n').count() > 1)
            }
            None => self.source.get(self.block(own)).is_some_and(|text| text.contains('\n')),
        };
        if is_loose && !is_row { "\n\n" } else { "\n" }
    }

    /// Where the lines of a range begin.
    pub(super) fn line_starts(&self, range: Range<usize>) -> Vec<usize> {
        let text = self.source.get(range.clone()).unwrap_or_default();
        let breaks = text.match_indices('\n').map(|(at, _)| range.start + at + 1);
        std::iter::once(range.start).chain(breaks).collect()
    }

    /// The innermost step that holds a byte.
    pub(super) fn innermost(&self, byte: usize) -> Option<usize> {
        let holds = |flat: &Flat| flat.start <= byte && byte < flat.end;
        (0..self.steps.len()).rev().find(|n| self.steps.get(*n).is_some_and(holds))
    }

    /// Whether a byte is within the marker and number of a step.
    pub(super) fn is_its_mark(&self, at: usize, byte: usize) -> bool {
        self.steps.get(at).is_some_and(|flat| {
            let mark = self.mark(flat);
            mark.number.is_some_and(|n| byte < flat.start + mark.before.len() + n.word().len())
        })
    }

    /// The step that a number means where it stands in a step, or beside all of them.
    pub(super) fn meant(&self, from: Option<usize>, word: &str) -> Option<(usize, By)> {
        let word = word.to_lowercase();
        let labelled = |n: &usize| {
            self.steps.get(*n).is_some_and(|flat| bare(&flat.step.label).to_lowercase() == word)
        };
        let mut level = from;
        while let Some(at) = level {
            if let Some(found) = self.siblings(at).into_iter().find(labelled) {
                return Some((found, By::Label));
            }
            level = self.steps.get(at).and_then(|flat| flat.parent);
        }
        let top: Vec<usize> = (0..self.steps.len())
            .filter(|n| self.steps.get(*n).is_some_and(|flat| flat.parent.is_none()))
            .filter(labelled)
            .collect();
        if from.is_none()
            && let [only] = top.as_slice()
        {
            return Some((*only, By::Label));
        }
        let one_list = self.steps.iter().all(|flat| flat.parent.is_some() || flat.list == 0);
        let numbered = || self.steps.iter().position(|flat| flat.step.number == word);
        (one_list || word.contains('.')).then(numbered)?.map(|at| (at, By::Number))
    }

    /// Whether another reading has every step of this one, as it was, at these places.
    pub(super) fn has_places_in(&self, new: &Self, places: &[usize]) -> bool {
        let top = places.iter().max().map_or(0, |at| at + 1);
        let room = top.max(self.steps.len());
        (new.steps.len() == room || new.steps.len() == room + 1)
            && self.steps.iter().zip(places).all(|(old, place)| {
                new.steps.get(*place).is_some_and(|new| {
                    let parent = old.parent.and_then(|at| places.get(at)).copied();
                    blurred(&old.step.title) == blurred(&new.step.title)
                        && old.step.seat.as_ref().map(|s| &s.name)
                            == new.step.seat.as_ref().map(|s| &s.name)
                        && parent == new.parent
                })
            })
    }

    /// Whether every jump and every row of the matrix means the same step in another reading.
    pub(super) fn same_as(&self, new: &Self, places: &[usize]) -> bool {
        let row_of = |reading: &Self, row: &Row| {
            reading.steps.iter().position(|flat| flat.step.number == row.step)
        };
        let rows = self.raci.len() == new.raci.len()
            && self.raci.iter().zip(&new.raci).all(|(old, now)| {
                row_of(self, old).and_then(|at| places.get(at)).copied() == row_of(new, now)
            });
        self.keeps_in(new, places) && rows && self.same_others(new)
    }

    /// Whether every step is there in another reading and every jump means the same step.
    pub(super) fn keeps_in(&self, new: &Self, places: &[usize]) -> bool {
        let same_target = |old: &Target, now: &Target| match (old, now) {
            (Target::Step(a) | Target::Loop(a), Target::Step(b) | Target::Loop(b)) => {
                self.find(a).and_then(|at| places.get(at)).copied() == new.find(b)
            }
            // A number that meant nothing may come to mean something; that is for the author to see.
            (Target::Dangling(_), _) => true,
            (a, b) => a == b,
        };
        let jumps = self.steps.iter().zip(places).all(|(old, place)| {
            new.steps.get(*place).is_some_and(|now| {
                old.step.decisions.iter().all(|old| {
                    now.step.decisions.iter().any(|now| {
                        now.condition == old.condition && same_target(&old.target, &now.target)
                    })
                })
            })
        });
        self.has_places_in(new, places) && jumps
    }
}

/// Words without the numbers of the steps that they speak of, which follow their steps.
fn blurred(words: &str) -> String {
    let (mut out, mut at) = (String::with_capacity(words.len()), 0);
    for (range, _) in super::mention::mentions(words) {
        out.push_str(words.get(at..range.start).unwrap_or_default());
        out.push('#');
        at = range.end;
    }
    out.push_str(words.get(at..).unwrap_or_default());
    out
}

/// How one step speaks of another.
pub(super) fn word_for(from: &Flat, to: &Flat) -> String {
    let label = bare(&to.step.label);
    let same = from.parent == to.parent && from.list == to.list;
    if same && !label.is_empty() { label } else { to.step.number.clone() }
}

fn flatten(steps: &[Step], parent: Option<usize>, flat: &mut Vec<Flat>) {
    for step in steps {
        let at = flat.len();
        let span = step.span.range();
        let own = Step { steps: Vec::new(), ..step.clone() };
        flat.push(Flat {
            step: own,
            start: span.start,
            end: span.end,
            parent,
            n_below: 0,
            list: 0,
        });
        flatten(&step.steps, Some(at), flat);
        let below = flat.len() - at - 1;
        if let Some(own) = flat.get_mut(at) {
            own.n_below = below;
        }
    }
}

/// Tells lists apart: one that begins to count anew is another.
fn count_lists(steps: &mut [Flat]) {
    let mut last: Vec<(Option<usize>, Option<u32>, usize)> = Vec::new();
    for flat in steps {
        let number: Option<u32> = bare(&flat.step.label).parse().ok();
        match last.iter_mut().find(|(parent, ..)| *parent == flat.parent) {
            Some((_, before, list)) => {
                // "1. 1. 1." is one list; "1. 2. 1." is two.
                if matches!((*before, number), (Some(b), Some(n)) if n < b) {
                    *list += 1;
                }
                flat.list = *list;
                *before = number.or(*before);
            }
            None => last.push((flat.parent, number, 0)),
        }
    }
}

/// "Step 3:", "3.", "### 2.3" as "3", "3", "2.3"; nothing for a bullet.
fn bare(label: &str) -> String {
    let lower = label.to_lowercase();
    let bare = lower.trim_start_matches(['#', ' ', '*', '-', '+', '[', ']', 'x']);
    let bare = bare.strip_prefix("step").unwrap_or(bare);
    bare.trim_matches([' ', '.', ')', ':', '(', '*', '-']).to_owned()
}
