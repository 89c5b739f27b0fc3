//! All rules: the one table of codes, and what each rule is given.

use crate::block::{Block, Kind, Mark, Piece, Tree};
use crate::front::Front;
use crate::near::nearest;
use crate::passage::{Passage, place_in};
use crate::process::Reading;
use crate::surroundings::Surroundings;
use gemba_diag::{Code, Diagnostic, Severity};
use gemba_model::net::{Fault, Verdict};
use gemba_model::raci::Conflict;
use gemba_model::{Process, Span, Step};
use std::ops::Range;

pub(crate) mod abbreviation;
pub(crate) mod agent_judges;
pub(crate) mod amounts_differ;
pub(crate) mod anchor;
pub(crate) mod approves_own;
pub(crate) mod checkbox;
pub(crate) mod circular_handoff;
pub(crate) mod comment_orders;
pub(crate) mod comment_steps;
pub(crate) mod count_differs;
pub(crate) mod dangling_jump;
pub(crate) mod deadline_order;
pub(crate) mod duplicate_id;
pub(crate) mod duplicate_title;
pub(crate) mod empty;
pub(crate) mod endless_loop;
pub(crate) mod escalation;
pub(crate) mod evidence_missing;
pub(crate) mod failure_missing;
pub(crate) mod failure_vague;
pub(crate) mod field_spelling;
pub(crate) mod file_missing;
pub(crate) mod front_matter;
pub(crate) mod front_too_large;
pub(crate) mod handoff_nobody;
pub(crate) mod handoff_self;
pub(crate) mod heading_space;
pub(crate) mod hidden_characters;
pub(crate) mod hidden_style;
pub(crate) mod ignore;
pub(crate) mod ignore_unclear;
pub(crate) mod ignore_unused;
pub(crate) mod left_over;
pub(crate) mod limit_vague;
pub(crate) mod link_elsewhere;
pub(crate) mod link_runs;
pub(crate) mod malformed_id;
pub(crate) mod many_states;
pub(crate) mod nested_deep;
pub(crate) mod no_denial;
pub(crate) mod no_steps;
pub(crate) mod nobody_accountable;
pub(crate) mod nobody_responsible;
pub(crate) mod not_text;
pub(crate) mod not_the_lane;
pub(crate) mod not_utf8;
pub(crate) mod numbering;
pub(crate) mod one_branch;
pub(crate) mod order;
pub(crate) mod output_missing;
pub(crate) mod output_unchecked;
pub(crate) mod output_vague;
pub(crate) mod overrides;
pub(crate) mod owner_channel;
pub(crate) mod owner_missing;
pub(crate) mod owner_placeholder;
pub(crate) mod owner_several;
pub(crate) mod owner_team;
pub(crate) mod passive;
pub(crate) mod past_date;
pub(crate) mod placeholder;
pub(crate) mod purpose_missing;
pub(crate) mod raci_stranger;
pub(crate) mod review_overdue;
pub(crate) mod review_unclear;
pub(crate) mod role_two_ways;
pub(crate) mod schedule_unclear;
pub(crate) mod seat_unknown;
pub(crate) mod seat_vacant;
pub(crate) mod secret;
pub(crate) mod several_accountable;
pub(crate) mod several_processes;
pub(crate) mod stands_still;
pub(crate) mod step_long;
pub(crate) mod step_vague;
pub(crate) mod title_long;
pub(crate) mod title_no_act;
pub(crate) mod too_deep;
pub(crate) mod too_large;
pub(crate) mod too_many_steps;
pub(crate) mod trigger_blank;
pub(crate) mod trigger_missing;
pub(crate) mod trigger_vague;
pub(crate) mod twice;
pub(crate) mod two_acts;
pub(crate) mod two_deadlines;
pub(crate) mod unknown_key;
pub(crate) mod unknown_procedure;
pub(crate) mod unreachable;
pub(crate) mod untitled;
pub(crate) mod vague_jump;
pub(crate) mod value_unclear;
pub(crate) mod wait_open;
pub(crate) mod wrong_number;
pub(crate) mod zero_width;

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
        trigger_vague::RULE,
        output_vague::RULE,
        output_unchecked::RULE,
        owner_team::RULE,
        purpose_missing::RULE,
        review_overdue::RULE,
        failure_vague::RULE,
        dangling_jump::RULE,
        vague_jump::RULE,
        unreachable::RULE,
        endless_loop::RULE,
        one_branch::RULE,
        wrong_number::RULE,
        no_denial::RULE,
        order::RULE,
        left_over::RULE,
        handoff_self::RULE,
        handoff_nobody::RULE,
        wait_open::RULE,
        stands_still::RULE,
        many_states::RULE,
        circular_handoff::RULE,
        duplicate_id::RULE,
        duplicate_title::RULE,
        untitled::RULE,
        numbering::RULE,
        title_long::RULE,
        title_no_act::RULE,
        nested_deep::RULE,
        step_long::RULE,
        two_acts::RULE,
        heading_space::RULE,
        malformed_id::RULE,
        checkbox::RULE,
        field_spelling::RULE,
        nobody_responsible::RULE,
        nobody_accountable::RULE,
        several_accountable::RULE,
        not_the_lane::RULE,
        raci_stranger::RULE,
        seat_unknown::RULE,
        seat_vacant::RULE,
        agent_judges::RULE,
        role_two_ways::RULE,
        approves_own::RULE,
        escalation::RULE,
        evidence_missing::RULE,
        value_unclear::RULE,
        several_processes::RULE,
        placeholder::RULE,
        anchor::RULE,
        file_missing::RULE,
        unknown_procedure::RULE,
        twice::RULE,
        past_date::RULE,
        amounts_differ::RULE,
        count_differs::RULE,
        deadline_order::RULE,
        two_deadlines::RULE,
        step_vague::RULE,
        limit_vague::RULE,
        passive::RULE,
        abbreviation::RULE,
        hidden_characters::RULE,
        zero_width::RULE,
        comment_orders::RULE,
        overrides::RULE,
        link_runs::RULE,
        hidden_style::RULE,
        secret::RULE,
        link_elsewhere::RULE,
        comment_steps::RULE,
        ignore_unused::RULE,
        ignore_unclear::RULE,
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
    pub(crate) source: &'a str,
    pub(crate) file_name: &'a str,
    /// Headings, paragraphs and cells, without code and quotes.
    pub(crate) passages: &'a [Passage<'a>],
    /// What is known around the document.
    pub(crate) surroundings: &'a Surroundings,
    pub(crate) front: &'a Front,
    pub(crate) tree: &'a Tree,
    pub(crate) readings: &'a [Reading],
    /// Whether each process is sound, in the same order.
    pub(crate) verdicts: &'a [Verdict],
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
    trigger_vague::check(document, found);
    output_vague::check(document, found);
    output_unchecked::check(document, found);
    owner_team::check(document, found);
    purpose_missing::check(document, found);
    review_overdue::check(document, found);
    failure_vague::check(document, found);
    dangling_jump::check(document, found);
    vague_jump::check(document, found);
    unreachable::check(document, found);
    endless_loop::check(document, found);
    one_branch::check(document, found);
    wrong_number::check(document, found);
    no_denial::check(document, found);
    order::check(document, found);
    left_over::check(document, found);
    handoff_self::check(document, found);
    handoff_nobody::check(document, found);
    wait_open::check(document, found);
    stands_still::check(document, found);
    many_states::check(document, found);
    circular_handoff::check(document, found);
    duplicate_id::check(document, found);
    duplicate_title::check(document, found);
    untitled::check(document, found);
    numbering::check(document, found);
    title_long::check(document, found);
    title_no_act::check(document, found);
    nested_deep::check(document, found);
    step_long::check(document, found);
    two_acts::check(document, found);
    heading_space::check(document, found);
    malformed_id::check(document, found);
    checkbox::check(document, found);
    field_spelling::check(document, found);
    nobody_responsible::check(document, found);
    nobody_accountable::check(document, found);
    several_accountable::check(document, found);
    not_the_lane::check(document, found);
    raci_stranger::check(document, found);
    seat_unknown::check(document, found);
    seat_vacant::check(document, found);
    agent_judges::check(document, found);
    role_two_ways::check(document, found);
    approves_own::check(document, found);
    escalation::check(document, found);
    evidence_missing::check(document, found);
    value_unclear::check(document, found);
    several_processes::check(document, found);
    placeholder::check(document, found);
    anchor::check(document, found);
    file_missing::check(document, found);
    unknown_procedure::check(document, found);
    twice::check(document, found);
    past_date::check(document, found);
    amounts_differ::check(document, found);
    count_differs::check(document, found);
    deadline_order::check(document, found);
    two_deadlines::check(document, found);
    step_vague::check(document, found);
    limit_vague::check(document, found);
    passive::check(document, found);
    abbreviation::check(document, found);
    hidden_characters::check(document, found);
    zero_width::check(document, found);
    comment_orders::check(document, found);
    overrides::check(document, found);
    link_runs::check(document, found);
    hidden_style::check(document, found);
    secret::check(document, found);
    link_elsewhere::check(document, found);
    comment_steps::check(document, found);
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

/// The passages that belong to the steps of a process and are no quotations.
pub(crate) fn within<'a>(
    document: &Document<'a>,
    reading: &Reading,
) -> impl Iterator<Item = &'a Passage<'a>> + use<'a> {
    let steps = &reading.process.steps;
    let first = steps.first().map_or(usize::MAX, |step| step.span.range().start);
    let last = steps.last().map_or(0..0, |step| step.span.range());
    // Passages stand in the order of the text: those of the other processes need no look.
    let from = document.passages.partition_point(|p| p.block.span.start < first);
    let mine = document.passages.get(from..).unwrap_or_default();
    let end = last.end;
    mine.iter().take_while(move |p| p.block.span.start < end).filter(move |passage| {
        let step = passage.step.map(|span| span.range().start);
        !passage.quoted && step.is_some_and(|start| first <= start && start <= last.start)
    })
}

/// Whether a step or one of its parts holds a passage.
pub(crate) fn holds(step: &Step, passage: &Passage<'_>) -> bool {
    passage.step == Some(step.span)
}

/// Where the title of a step stands; its first line where the title is not written as it reads.
pub(crate) fn title_place(document: &Document<'_>, step: &Step) -> Range<usize> {
    let span = step.span.range();
    let text = document.source.get(span.clone()).unwrap_or_default();
    let line = span.start..span.start + text.lines().next().unwrap_or_default().len();
    place_in(document.source, &line, &step.title)
}

/// Calls `look` with every block of the document that has words, code left out.
pub(crate) fn each_block<'a>(document: &Document<'a>, mut look: impl FnMut(&'a Block)) {
    document.passages.iter().for_each(|passage| look(passage.block));
}

/// Calls `look` with the target and the place of every link.
pub(crate) fn each_link<'a>(document: &Document<'a>, mut look: impl FnMut(&'a str, Range<usize>)) {
    each_block(document, |block| {
        for part in &block.inline {
            if let Piece::Open(Mark::Link(target)) = &part.piece {
                look(target, part.span.clone());
            }
        }
    });
}

/// A text with the words that are slips of the pen written as they were meant; nothing where none is.
pub(crate) fn respelled(text: &str, words: &[&str]) -> Option<String> {
    let known = |word: &str| words.iter().any(|w| w.eq_ignore_ascii_case(word));
    let mut changed = false;
    let mut out: Vec<&str> = Vec::new();
    for word in text.split(' ') {
        let meant = (!known(word)).then(|| nearest(word, words.iter().copied())).flatten();
        changed |= meant.is_some();
        out.push(meant.unwrap_or(word));
    }
    changed.then(|| out.join(" "))
}

/// Calls `look` with everything that makes a process unsound.
pub(crate) fn each_fault<'a>(
    document: &Document<'a>,
    mut look: impl FnMut(&'a Process, &'a Fault),
) {
    for (reading, verdict) in document.readings.iter().zip(document.verdicts) {
        verdict.faults.iter().for_each(|fault| look(&reading.process, fault));
    }
}

/// The numbers of steps in the order in which a run comes to them: "1 -> 2 -> 4".
pub(crate) fn way(process: &Process, path: &[usize]) -> String {
    let all = process.all_steps();
    let mut numbers: Vec<&str> = Vec::new();
    for step in path.iter().filter_map(|at| all.get(*at)) {
        // The branches of a step are several transitions in a row.
        if numbers.last() != Some(&step.number.as_str()) {
            numbers.push(&step.number);
        }
    }
    match numbers.len() {
        0..=12 => numbers.join(" -> "),
        n => {
            let (first, last) = numbers.split_at_checked(6).unwrap_or((&numbers, &[]));
            let last = last.get(n - 12..).unwrap_or(last);
            format!("{} -> ... -> {}", first.join(" -> "), last.join(" -> "))
        }
    }
}

/// Calls `look` with every paragraph and the list right behind it.
pub(crate) fn each_list<'a>(document: &Document<'a>, mut look: impl FnMut(&'a Block, &'a Block)) {
    let mut open: Vec<&'a [Block]> = vec![&document.tree.blocks];
    while let Some(blocks) = open.pop() {
        for pair in blocks.windows(2) {
            if let [para, list] = pair
                && para.kind == Kind::Para
                && matches!(list.kind, Kind::List(_))
            {
                look(para, list);
            }
        }
        open.extend(blocks.iter().filter(|b| b.kind != Kind::Quote).map(|b| b.children.as_slice()));
    }
}
