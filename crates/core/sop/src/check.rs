//! All rules: the one table of codes, and what each rule is given.

use crate::block::Tree;
use crate::front::Front;
use crate::process::Reading;
use gemba_diag::{Code, Diagnostic, Severity};
use gemba_model::raci::Conflict;
use gemba_model::{Process, Span, Step};
use std::ops::Range;

pub(crate) mod dangling_jump;
pub(crate) mod duplicate_id;
pub(crate) mod duplicate_title;
pub(crate) mod empty;
pub(crate) mod endless_loop;
pub(crate) mod failure_missing;
pub(crate) mod front_matter;
pub(crate) mod front_too_large;
pub(crate) mod no_steps;
pub(crate) mod nobody_accountable;
pub(crate) mod nobody_responsible;
pub(crate) mod not_text;
pub(crate) mod not_the_lane;
pub(crate) mod not_utf8;
pub(crate) mod one_branch;
pub(crate) mod output_missing;
pub(crate) mod owner_channel;
pub(crate) mod owner_missing;
pub(crate) mod owner_placeholder;
pub(crate) mod owner_several;
pub(crate) mod raci_stranger;
pub(crate) mod review_unclear;
pub(crate) mod schedule_unclear;
pub(crate) mod several_accountable;
pub(crate) mod several_processes;
pub(crate) mod too_deep;
pub(crate) mod too_large;
pub(crate) mod too_many_steps;
pub(crate) mod trigger_blank;
pub(crate) mod trigger_missing;
pub(crate) mod unknown_key;
pub(crate) mod unreachable;
pub(crate) mod untitled;
pub(crate) mod vague_jump;

/// One rule of the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rule {
    /// The stable code.
    pub code: Code,
    /// The short name.
    pub name: &'static str,
    /// How bad its findings are.
    pub severity: Severity,
    /// One line on what it finds.
    pub summary: &'static str,
    /// Its manual page, as Markdown.
    pub page: &'static str,
}

impl Rule {
    /// A finding of this rule.
    pub(crate) fn at(&self, range: Range<usize>, message: impl AsRef<str>) -> Diagnostic {
        Diagnostic::new(self.code, self.severity, message, range)
    }
}

/// All rules, by code.
pub fn rules() -> &'static [Rule] {
    const RULES: &[Rule] = &[
        empty::RULE,
        not_text::RULE,
        not_utf8::RULE,
        too_large::RULE,
        too_deep::RULE,
        front_matter::RULE,
        front_too_large::RULE,
        unknown_key::RULE,
        too_many_steps::RULE,
        owner_missing::RULE,
        owner_channel::RULE,
        trigger_missing::RULE,
        no_steps::RULE,
        output_missing::RULE,
        failure_missing::RULE,
        owner_placeholder::RULE,
        schedule_unclear::RULE,
        owner_several::RULE,
        trigger_blank::RULE,
        review_unclear::RULE,
        dangling_jump::RULE,
        vague_jump::RULE,
        unreachable::RULE,
        endless_loop::RULE,
        one_branch::RULE,
        duplicate_id::RULE,
        duplicate_title::RULE,
        untitled::RULE,
        nobody_responsible::RULE,
        nobody_accountable::RULE,
        several_accountable::RULE,
        not_the_lane::RULE,
        raci_stranger::RULE,
        several_processes::RULE,
    ];
    RULES
}

/// The code of a contradiction in a RACI row.
pub fn conflict_code(conflict: Conflict) -> Code {
    match conflict {
        Conflict::NobodyResponsible => nobody_responsible::RULE.code,
        Conflict::NobodyAccountable => nobody_accountable::RULE.code,
        Conflict::SeveralAccountable => several_accountable::RULE.code,
        Conflict::NotTheLane => not_the_lane::RULE.code,
    }
}

/// What the rules look at.
pub(crate) struct Document<'a> {
    pub(crate) front: &'a Front,
    pub(crate) tree: &'a Tree,
    pub(crate) readings: &'a [Reading],
}

/// Runs all rules that look at a document that could be read.
pub(crate) fn all(document: &Document<'_>, found: &mut Vec<Diagnostic>) {
    too_deep::check(document, found);
    front_matter::check(document, found);
    front_too_large::check(document, found);
    unknown_key::check(document, found);
    too_many_steps::check(document, found);
    owner_missing::check(document, found);
    owner_channel::check(document, found);
    trigger_missing::check(document, found);
    no_steps::check(document, found);
    output_missing::check(document, found);
    failure_missing::check(document, found);
    owner_placeholder::check(document, found);
    schedule_unclear::check(document, found);
    owner_several::check(document, found);
    trigger_blank::check(document, found);
    review_unclear::check(document, found);
    dangling_jump::check(document, found);
    vague_jump::check(document, found);
    unreachable::check(document, found);
    endless_loop::check(document, found);
    one_branch::check(document, found);
    duplicate_id::check(document, found);
    duplicate_title::check(document, found);
    untitled::check(document, found);
    nobody_responsible::check(document, found);
    nobody_accountable::check(document, found);
    several_accountable::check(document, found);
    not_the_lane::check(document, found);
    raci_stranger::check(document, found);
    several_processes::check(document, found);
}

/// The steps whose RACI row is contradictory in this way.
pub(crate) fn conflicting(process: &Process, conflict: Conflict) -> Vec<&Step> {
    let steps = process.steps.iter();
    if !process.raci.is_empty() {
        return steps
            .filter(|step| gemba_model::raci::conflicts(process, step).contains(&conflict))
            .collect();
    }
    // Without stated rows every row follows from the text: nothing in it but a gap can be wrong.
    match conflict {
        Conflict::NobodyResponsible => steps.filter(|s| process.doer(s).is_none()).collect(),
        Conflict::NobodyAccountable if process.owner.named().is_none() => steps.collect(),
        Conflict::NobodyAccountable | Conflict::SeveralAccountable | Conflict::NotTheLane => {
            Vec::new()
        }
    }
}

/// A place as a range; the start of the document where there is none.
pub(crate) fn place(span: Option<Span>) -> Range<usize> {
    span.map_or(0..0, Span::range)
}
