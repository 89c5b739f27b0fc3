//! The counts of all documents together, as a table for people and an object for programs.

use crate::score::{Count, Score, score};
use crate::truth::Corpus;
use gemba_sop::compile;
use serde_json::{Map, Value, json};
use std::fmt::Write as _;

/// One piece that is measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Figure {
    /// Top-level steps of the truth that were read.
    StepsRecall,
    /// Top-level steps read that are of the truth.
    StepsPrecision,
    /// Parts of steps that were read as parts.
    Parts,
    /// Seats of the top-level steps read.
    Actors,
    /// Decisions of the truth that were read.
    Decisions,
    /// Targets among the decisions found.
    Targets,
    /// Receivers of the top-level steps read.
    Handoffs,
    /// The kind of the first trigger.
    TriggerKind,
    /// The owner, or that none is said.
    Owner,
    /// The expected output, where one is said.
    Output,
    /// Failure signals.
    Failure,
}

impl Figure {
    /// All of them, in the order of the table.
    pub const ALL: [Self; 11] = [
        Self::StepsRecall,
        Self::StepsPrecision,
        Self::Parts,
        Self::Actors,
        Self::Decisions,
        Self::Targets,
        Self::Handoffs,
        Self::TriggerKind,
        Self::Owner,
        Self::Output,
        Self::Failure,
    ];

    /// The name in the object.
    pub fn key(self) -> &'static str {
        match self {
            Self::StepsRecall => "steps_recall",
            Self::StepsPrecision => "steps_precision",
            Self::Parts => "parts_recall",
            Self::Actors => "actors_right",
            Self::Decisions => "decisions_found",
            Self::Targets => "targets_right",
            Self::Handoffs => "handoffs_found",
            Self::TriggerKind => "trigger_kind_right",
            Self::Owner => "owner_right",
            Self::Output => "output_found",
            Self::Failure => "failure_found",
        }
    }

    fn words(self) -> &'static str {
        match self {
            Self::StepsRecall => "top-level steps, recall",
            Self::StepsPrecision => "top-level steps, precision",
            Self::Parts => "sub-steps found",
            Self::Actors => "actors right",
            Self::Decisions => "decisions found",
            Self::Targets => "targets right, of those found",
            Self::Handoffs => "handoffs found",
            Self::TriggerKind => "trigger kind right",
            Self::Owner => "owner right",
            Self::Output => "output found",
            Self::Failure => "failure signals found",
        }
    }

    fn of(self, score: &Score) -> Count {
        match self {
            Self::StepsRecall => score.recall,
            Self::StepsPrecision => score.precision,
            Self::Parts => score.parts,
            Self::Actors => score.actors,
            Self::Decisions => score.decisions,
            Self::Targets => score.targets,
            Self::Handoffs => score.handoffs,
            Self::TriggerKind => score.trigger,
            Self::Owner => score.owner,
            Self::Output => score.output,
            Self::Failure => score.failure,
        }
    }
}

/// What was right, document by document.
#[derive(Debug)]
pub struct Report {
    scores: Vec<(String, Score)>,
}

impl Report {
    /// Reads every document that has a truth and holds it against it.
    ///
    /// # Errors
    ///
    /// One line where no document of the corpus has a truth.
    pub fn of(corpus: &Corpus) -> Result<Self, String> {
        let scores: Vec<(String, Score)> = corpus
            .documents
            .iter()
            .filter_map(|document| {
                let truth = document.truth.as_ref()?;
                let processes = compile(&document.source, &document.name).processes;
                Some((document.name.clone(), score(truth, &processes)))
            })
            .collect();
        if scores.is_empty() {
            return Err("no document has a truth to be held against".to_owned());
        }
        Ok(Self { scores })
    }

    /// How much of a piece was right, from 0 to 1; 1 where nothing was wanted.
    pub fn share(&self, figure: Figure) -> f64 {
        let Count { right, of } = self.count(figure);
        let float = |n: usize| f64::from(u32::try_from(n).unwrap_or(u32::MAX));
        if of == 0 { 1.0 } else { float(right) / float(of) }
    }

    fn count(&self, figure: Figure) -> Count {
        let mut all = Count::default();
        for (_, score) in &self.scores {
            all.plus(figure.of(score));
        }
        all
    }

    /// Every miss, a line each, under the name of its document.
    pub fn misses(&self) -> String {
        let mut out = String::new();
        for (name, score) in &self.scores {
            let _written = writeln!(out, "{name}");
            for miss in &score.misses {
                let _written = writeln!(out, "  {miss}");
            }
        }
        out
    }

    /// The figures as a table.
    pub fn table(&self) -> String {
        let mut out = format!("{} documents\n", self.scores.len());
        for figure in Figure::ALL {
            let Count { right, of } = self.count(figure);
            let (words, share) = (figure.words(), self.share(figure));
            let _written = writeln!(out, "{words:<32}{share:>6.3}   {right} of {of}");
        }
        let read: usize = self.scores.iter().map(|(_, score)| score.decisions_read).sum();
        let _written = writeln!(out, "{:<32}{read:>6}", "decisions read in all");
        out
    }

    /// The figures as one object, each rounded to three places.
    pub fn json(&self) -> Value {
        let mut object = Map::new();
        object.insert("corpus".to_owned(), json!("sops"));
        object.insert("documents".to_owned(), json!(self.scores.len()));
        for figure in Figure::ALL {
            let Count { right, of } = self.count(figure);
            let share = (self.share(figure) * 1_000.0).round() / 1_000.0;
            object
                .insert(figure.key().to_owned(), json!({"share": share, "right": right, "of": of}));
        }
        Value::Object(object)
    }
}
