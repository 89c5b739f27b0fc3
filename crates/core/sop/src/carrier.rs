//! Where the steps of a process stand: chosen per section, from the plainest form to the loosest.

use crate::block::{Block, Kind};
use crate::draft::{self, Raw, has_checkboxes, items};
use crate::outline::{Piece, Section};
use crate::{actor, headings, listing, table};
use gemba_model::{SeatSource, StepSeat};
use std::collections::BTreeSet;
use std::ops::Range;

/// A section of which the steps begin after some blocks.
#[derive(Debug)]
pub(crate) struct Lead {
    pub(crate) section: usize,
    /// How many blocks stand before the steps.
    pub(crate) blocks: usize,
}

/// The steps of a process in the making, and the sections they take up.
#[derive(Debug, Default)]
pub(crate) struct Found<'a> {
    pub(crate) steps: Vec<Raw<'a>>,
    pub(crate) leads: Vec<Lead>,
    pub(crate) consumed: BTreeSet<usize>,
    /// The steps are written as Gemba writes them.
    pub(crate) canonical: bool,
}

/// Where the steps of a process stand, for many looks.
#[derive(Debug)]
pub(crate) struct Places {
    /// Where each step begins, in order, and how far those up to it reach.
    reach: Vec<(usize, usize)>,
}

impl Places {
    pub(crate) fn of(found: &Found<'_>) -> Self {
        let mut reach: Vec<(usize, usize)> =
            found.steps.iter().map(|step| (step.span.start, step.span.end)).collect();
        reach.sort_unstable();
        let mut far = 0;
        for (_, end) in &mut reach {
            far = far.max(*end);
            *end = far;
        }
        Self { reach }
    }

    /// Whether a step holds this place.
    pub(crate) fn hold(&self, span: &Range<usize>) -> bool {
        let begun = self.reach.partition_point(|(start, _)| *start <= span.start);
        let last = begun.checked_sub(1).and_then(|at| self.reach.get(at));
        last.is_some_and(|(_, far)| span.end <= *far)
    }
}

/// The sections that begin a process each; at least one.
pub(crate) fn parts(sections: &[Section<'_>]) -> Vec<usize> {
    let titles: Vec<usize> =
        sections.iter().enumerate().filter(|(_, s)| s.level == 1).map(|(n, _)| n).collect();
    let with_steps = |start: usize, end: usize| {
        sections
            .get(start..end)
            .is_some_and(|mine| mine.iter().any(|s| s.level == 2 && s.piece == Piece::Steps))
    };
    let ends = titles.iter().skip(1).copied().chain([sections.len()]);
    let separate = titles.len() > 1
        && titles.iter().zip(ends).filter(|(start, end)| with_steps(**start, *end)).count() > 1;
    if separate { titles } else { vec![0] }
}

/// Whether a block opens the steps of a section.
type Opens = fn(&Block) -> bool;

/// The steps of a process.
pub(crate) fn carriers<'a>(
    source: &'a str,
    sections: &'a [Section<'a>],
    title: Option<usize>,
) -> Found<'a> {
    let named = sections.iter().position(|s| s.level == 2 && s.piece == Piece::Steps);
    if let Some(section) = named.and_then(|at| sections.get(at).map(|s| (at, s))) {
        let mut found = Found::default();
        take_lists(source, section, is_numbered, &mut found);
        // What stands under the heading may be sub-headings or bullets.
        if !found.steps.is_empty() {
            // The heading alone is not the form: most people who write steps call them so.
            found.canonical = draft::in_form(&found.steps);
            return found;
        }
    }
    let context = listing::Context::new(sections, title);
    let over = Over { sections, parents: headings::parents(sections), title };
    let mut found = Found::default();
    let groups = headings::groups(sections, title);
    for (n, section) in sections.iter().enumerate() {
        if found.consumed.contains(&n) {
            continue;
        }
        if let Some(group) = groups.iter().find(|g| g.members.iter().any(|m| m.first == n)) {
            if let Some(member) = group.members.iter().find(|m| m.first == n) {
                found.steps.push(headings::step(source, sections, member, group));
                found.consumed.extend(member.first..member.end);
            }
            continue;
        }
        if context.excluded(n) {
            continue;
        }
        let seat = over.seat(n);
        let before = found.steps.len();
        if table::has_steps(section) {
            table::take(section, n, &mut found);
        } else if listing::bold_steps(section) {
            listing::take_bold(section, n, &mut found);
        } else if listing::lettered(section) {
            listing::take_lettered(source, section, n, &mut found);
        } else if listing::numbered_steps(&context, n, section) {
            take_lists(source, (n, section), is_numbered, &mut found);
        } else if section.piece != Piece::Output && section.blocks.iter().any(has_checkboxes) {
            take_lists(source, (n, section), has_checkboxes, &mut found);
        } else if Some(n) != title && listing::ordered(section) {
            listing::take_prose(section, n, &mut found);
        }
        give_seat(found.steps.get_mut(before..).unwrap_or_default(), seat.as_ref());
    }
    // A paragraph that orders something is a step beside others, not what carries a process.
    let alone = found.steps.len() < 2 && found.steps.iter().all(|s| s.label.is_empty());
    if alone {
        found = Found::default();
        loose(source, sections, &context, &over, &mut found);
    }
    found
}

/// The sections over each section, and the seats that their headings name.
struct Over<'a> {
    sections: &'a [Section<'a>],
    parents: Vec<Option<usize>>,
    title: Option<usize>,
}

impl Over<'_> {
    /// The seat that the heading of a section names, or else that of one above it.
    fn seat(&self, n: usize) -> Option<StepSeat> {
        let mut at = Some(n);
        for _ in 0..6 {
            let here = at.filter(|at| Some(*at) != self.title)?;
            let title = self.sections.get(here)?.title;
            let seat = listing::seat_of_heading(title).or_else(|| listing::seat_as_heading(title));
            if seat.is_some() {
                return seat;
            }
            at = self.parents.get(here).copied().flatten();
        }
        None
    }
}

/// Bullets, and failing them headings, where nothing plainer carries the steps.
fn loose<'a>(
    source: &'a str,
    sections: &'a [Section<'a>],
    context: &listing::Context,
    over: &Over<'_>,
    found: &mut Found<'a>,
) {
    // Where nearly all headings are acts, the bullets under them say how.
    if let Some(group) = headings::all_acting(sections, context) {
        take_headings(source, sections, &group, found);
        return;
    }
    for (n, section) in sections.iter().enumerate() {
        if context.excluded(n) || !listing::bullet_steps(section) {
            continue;
        }
        let before = found.steps.len();
        take_lists(source, (n, section), is_list, found);
        let seat = over.seat(n);
        give_seat(found.steps.get_mut(before..).unwrap_or_default(), seat.as_ref());
    }
    if found.steps.is_empty()
        && let Some(group) = headings::acting(sections, context)
    {
        take_headings(source, sections, &group, found);
    }
    if found.steps.is_empty() && !listing::holds_diagram(source, sections) {
        // What is an output, or how one sees that it failed, is nothing to do.
        let told = |s: &Section<'_>| matches!(s.piece, Piece::Output | Piece::Failure);
        let kept = sections.iter().enumerate();
        for (n, section) in kept.filter(|(n, s)| !context.excluded(*n) && !told(s)) {
            let before = found.steps.len();
            listing::take_prose(section, n, found);
            let seat = over.seat(n);
            give_seat(found.steps.get_mut(before..).unwrap_or_default(), seat.as_ref());
        }
        // One sentence that tells what somebody does is not yet a process.
        if found.steps.len() < 2 {
            *found = Found::default();
        }
    }
}

/// Takes headings that are acts; what introduces the first may say who does them all.
fn take_headings<'a>(
    source: &'a str,
    sections: &'a [Section<'a>],
    group: &headings::Group,
    found: &mut Found<'a>,
) {
    let before = found.steps.len();
    for member in &group.members {
        found.steps.push(headings::step(source, sections, member, group));
        found.consumed.extend(member.first..member.end);
    }
    let first = group.members.first().map_or(0, |member| member.first);
    let lead = first.checked_sub(1).and_then(|at| sections.get(at)).and_then(|s| s.blocks.last());
    let seat = lead.filter(|b| b.kind == Kind::Para).and_then(|b| actor::of_lead(b.plain()));
    let seat = seat.map(|name| StepSeat::new(name, SeatSource::Context, None));
    give_seat(found.steps.get_mut(before..).unwrap_or_default(), seat.as_ref());
}

fn give_seat(steps: &mut [Raw<'_>], seat: Option<&StepSeat>) {
    for step in steps {
        if step.seat.is_none() {
            step.seat = seat.cloned();
        }
    }
}

fn is_numbered(block: &Block) -> bool {
    matches!(block.kind, Kind::List(Some(_)))
}

fn is_list(block: &Block) -> bool {
    matches!(block.kind, Kind::List(_))
}

/// Takes the lists of a section as one sequence; what stands between them belongs to the step before.
fn take_lists<'a>(
    source: &str,
    (n, section): (usize, &Section<'a>),
    opens: Opens,
    found: &mut Found<'a>,
) {
    let Some(first) = section.blocks.iter().position(opens) else { return };
    found.leads.push(Lead { section: n, blocks: first });
    let mut counted = Counted { group: n * 1_000, last: 0, lazy: true };
    for (at, block) in section.blocks.iter().enumerate().skip(first) {
        if opens(block) {
            if let Kind::List(Some(start)) = block.kind {
                counted.next(source, block, start);
            }
            let before = found.steps.len();
            found.steps.extend(items(source, block, counted.group));
            let lead = at.checked_sub(1).and_then(|at| section.blocks.get(at));
            let seat =
                lead.filter(|b| b.kind == Kind::Para).and_then(|b| actor::of_lead(b.plain()));
            let seat = seat.map(|name| StepSeat::new(name, SeatSource::Context, None));
            give_seat(found.steps.get_mut(before..).unwrap_or_default(), seat.as_ref());
        } else if let Some(last) = found.steps.last_mut()
            && block.kind != Kind::Rule
        {
            last.body.push(block);
        }
    }
}

/// How far the numbers of the lists of a section have come.
struct Counted {
    /// The list that jumps are looked up in.
    group: usize,
    last: u64,
    /// So far every item is typed "1.": the author leaves the counting to the reader.
    lazy: bool,
}

impl Counted {
    /// A list that goes on with the next number is the same; one that begins again is another, unless
    /// the author never counts.
    fn next(&mut self, source: &str, list: &Block, start: u64) {
        let typed = |item: &Block| source.get(item.span.clone()).unwrap_or_default().trim_start();
        let lazy = list.children.iter().all(|item| typed(item).starts_with("1."));
        let lazy = lazy && (list.children.len() > 1 || self.lazy);
        let goes_on = self.last == 0 || start > self.last || (start == 1 && lazy && self.lazy);
        if !goes_on {
            self.group += 1;
        }
        self.lazy = lazy;
        let length = u64::try_from(list.children.len()).unwrap_or(0);
        self.last = start.saturating_add(length).saturating_sub(1);
    }
}
