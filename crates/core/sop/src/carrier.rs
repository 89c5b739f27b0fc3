//! Where the steps of a process stand: chosen per section, from the plainest form to the loosest.

use crate::block::{Block, Kind};
use crate::draft::{Raw, has_checkboxes, items};
use crate::outline::{Piece, Section};
use crate::{headings, listing, table};

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
    pub(crate) consumed: Vec<usize>,
    /// The document has a section "Steps", which alone holds them.
    pub(crate) canonical: bool,
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
    let canonical = sections.iter().position(|s| s.level == 2 && s.piece == Piece::Steps);
    if let Some(section) = canonical.and_then(|at| sections.get(at).map(|s| (at, s))) {
        let mut found = Found { canonical: true, ..Found::default() };
        take_lists(source, section, is_numbered, &mut found);
        // The heading alone is not the form: what stands under it may be sub-headings or bullets.
        if !found.steps.is_empty() {
            return found;
        }
    }
    let context = listing::Context::new(sections, title);
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
        let seat = listing::seat_of_heading(section.title);
        let before = found.steps.len();
        if table::has_steps(section) {
            table::take(section, n, &mut found);
        } else if listing::bold_steps(section) {
            listing::take_bold(section, n, &mut found);
        } else if listing::lettered(section) {
            listing::take_lettered(source, section, n, &mut found);
        } else if listing::numbered_steps(&context, n, section) {
            take_lists(source, (n, section), is_numbered, &mut found);
        } else if section.blocks.iter().any(has_checkboxes) {
            take_lists(source, (n, section), has_checkboxes, &mut found);
        }
        give_seat(found.steps.get_mut(before..).unwrap_or_default(), seat.as_ref());
    }
    if found.steps.is_empty() {
        loose(source, sections, &context, &mut found);
    }
    found
}

/// Bullets, and failing them headings, where nothing plainer carries the steps.
fn loose<'a>(
    source: &'a str,
    sections: &'a [Section<'a>],
    context: &listing::Context,
    found: &mut Found<'a>,
) {
    for (n, section) in sections.iter().enumerate() {
        if context.excluded(n) || !listing::bullet_steps(section) {
            continue;
        }
        let before = found.steps.len();
        take_lists(source, (n, section), is_list, found);
        let seat = listing::seat_of_heading(section.title);
        give_seat(found.steps.get_mut(before..).unwrap_or_default(), seat.as_ref());
    }
    if found.steps.is_empty()
        && let Some(group) = headings::acting(sections, context)
    {
        for member in &group.members {
            found.steps.push(headings::step(source, sections, member, &group));
            found.consumed.extend(member.first..member.end);
        }
    }
}

fn give_seat(steps: &mut [Raw<'_>], seat: Option<&gemba_model::StepSeat>) {
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
    let mut group = n * 1_000;
    let mut last_number = 0;
    for block in section.blocks.iter().skip(first) {
        if opens(block) {
            if let Kind::List(Some(start)) = block.kind {
                // A list that begins again below what was reached is another list.
                if start != 1 && start <= last_number {
                    group += 1;
                }
                last_number =
                    start.saturating_add(u64::try_from(block.children.len()).unwrap_or(0));
                last_number = last_number.saturating_sub(1);
            }
            found.steps.extend(items(source, block, group));
        } else if let Some(last) = found.steps.last_mut()
            && block.kind != Kind::Rule
        {
            last.body.push(block);
        }
    }
}
