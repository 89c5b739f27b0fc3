//! Headings that are the steps: "Step 1", "## 1.", "### 2.3", or simply acts in a row.

use crate::block::{Block, Kind};
use crate::draft::{Raw, items};
use crate::lexicon::Lexicon;
use crate::listing::{self, Context};
use crate::outline::Section;
use std::collections::{BTreeMap, BTreeSet};

/// One heading that is a step, with the sections up to the next.
#[derive(Debug)]
pub(crate) struct Member {
    pub(crate) first: usize,
    pub(crate) end: usize,
    pub(crate) label: String,
}

/// Headings that are the steps of one sequence.
#[derive(Debug)]
pub(crate) struct Group {
    pub(crate) members: Vec<Member>,
}

/// Level, heading above, and whether the word "step" is said: headings alike in these are one group.
type Key = (u8, Option<usize>, bool);

/// Headings that number the parts of a document rather than the steps of a process.
const DOCUMENT: Lexicon = Lexicon::new(&[
    "purpose",
    "scope",
    "overview",
    "summary",
    "introduction",
    "background",
    "definitions",
    "definition",
    "references",
    "reference",
    "roles",
    "responsibilities",
    "roles and responsibilities",
    "responsibility",
    "procedure",
    "procedures",
    "process",
    "process steps",
    "policy",
    "records",
    "revision history",
    "related documents",
    "related",
    "appendix",
    "attachments",
    "standards compliance",
    "artifact s",
    "artifacts",
    "abbreviations",
    "terms",
    "objective",
    "objectives",
    "applicability",
    "document control",
    "approval",
    "contacts",
    "prerequisites",
    "general",
    "general considerations",
    "compliance",
]);

/// Whether the words of a heading name a part of a document.
pub(crate) fn of_a_document(words: &str) -> bool {
    DOCUMENT.has(words)
}

/// The marker of a heading as typed, if it has one: "Step 3", "2.3", "4".
pub(crate) fn label(title: &str) -> Option<(String, bool)> {
    let trimmed = title.trim();
    let lower = trimmed.to_lowercase();
    for word in ["step ", "phase ", "stage "] {
        if let Some(rest) = lower.strip_prefix(word) {
            let number: String =
                rest.chars().take_while(|c| c.is_ascii_digit() || *c == '.').collect();
            let written =
                ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"];
            let first = rest.split(|c: char| !c.is_alphanumeric()).next().unwrap_or_default();
            if !number.is_empty() || written.contains(&first) {
                let shown = if number.is_empty() { first.to_owned() } else { number };
                return Some((format!("Step {}", shown.trim_end_matches('.')), true));
            }
        }
    }
    let rest = trimmed.trim_start_matches(|c: char| c.is_ascii_digit() || c == '.');
    let number = trimmed.get(..trimmed.len() - rest.len()).unwrap_or_default();
    let digits = number.chars().any(|c| c.is_ascii_digit());
    let marked = number.contains('.') || rest.starts_with([')', ':']);
    // "2024.05 figures" is no label: labels are short numbers.
    let short = number.split('.').all(|n| n.len() <= 2);
    (digits && marked && short && rest.starts_with([' ', ')', ':']))
        .then(|| (number.trim_end_matches('.').to_owned(), false))
}

/// The section over each section: the nearest heading before it of a higher rank.
pub(crate) fn parents(sections: &[Section<'_>]) -> Vec<Option<usize>> {
    let mut open: Vec<(u8, usize)> = Vec::new();
    let mut found = Vec::with_capacity(sections.len());
    for (n, section) in sections.iter().enumerate() {
        while open.last().is_some_and(|(level, _)| *level >= section.level) {
            open.pop();
        }
        found.push(open.last().map(|(_, at)| *at));
        if section.heading.is_some() {
            open.push((section.level, n));
        }
    }
    found
}

/// The groups of headings that are steps.
pub(crate) fn groups(sections: &[Section<'_>], title: Option<usize>) -> Vec<Group> {
    let parents = parents(sections);
    let mut candidates: Vec<(Key, Vec<Member>)> = Vec::new();
    let mut known: BTreeMap<Key, usize> = BTreeMap::new();
    for (n, section) in sections.iter().enumerate() {
        if Some(n) == title || section.heading.is_none() {
            continue;
        }
        let Some((label, says_step)) = label(section.title) else { continue };
        let above = if says_step { None } else { parents.get(n).copied().flatten() };
        let key = (section.level, above, says_step);
        let end = (n + 1..sections.len())
            .find(|at| sections.get(*at).is_some_and(|s| s.level <= section.level))
            .unwrap_or(sections.len());
        let member = Member { first: n, end, label };
        let next = candidates.len();
        let at = *known.entry(key).or_insert(next);
        match candidates.get_mut(at) {
            Some((_, members)) => members.push(member),
            None => candidates.push((key, vec![member])),
        }
    }
    let document = |members: &[Member]| {
        members.iter().filter_map(|m| sections.get(m.first)).any(|s| DOCUMENT.has(&s.words))
    };
    let mut kept: Vec<(Key, Vec<Member>)> = candidates
        .into_iter()
        .filter(|((_, _, says_step), members)| {
            *says_step || (members.len() > 1 && !document(members))
        })
        .filter(|((_, above, _), _)| {
            above.and_then(|at| sections.get(at)).is_none_or(|s| !listing::is_aside(s))
        })
        .collect();
    // Where one group stands under "Process steps" or the like, other numbered groups are something else.
    let named = |above: Option<usize>| {
        above.and_then(|at| sections.get(at)).is_some_and(|s| listing::names_a_procedure(s))
    };
    if kept.iter().any(|((_, above, _), _)| named(*above)) {
        kept.retain(|((_, above, says_step), _)| *says_step || named(*above));
    }
    // A group within a member of another group is its sub-steps.
    let firsts: BTreeSet<usize> =
        kept.iter().flat_map(|(_, members)| members.iter().map(|m| m.first)).collect();
    let over = |n: usize| parents.get(n).copied().flatten();
    kept.retain(|(_, members)| {
        !members.iter().all(|m| {
            std::iter::successors(over(m.first), |at| over(*at)).any(|at| firsts.contains(&at))
        })
    });
    kept.into_iter().map(|(_, members)| Group { members }).collect()
}

/// Sibling headings that each name an act, where nothing else carries steps.
pub(crate) fn acting(sections: &[Section<'_>], context: &Context) -> Option<Group> {
    let deepest = sections.iter().map(|s| s.level).max().unwrap_or(0);
    for level in 2..=deepest {
        let members: Vec<Member> = sections
            .iter()
            .enumerate()
            .filter(|(n, s)| s.level == level && !context.excluded(*n) && listing::acts(s.title))
            .map(|(n, _)| {
                let end = (n + 1..sections.len())
                    .find(|at| sections.get(*at).is_some_and(|s| s.level <= level))
                    .unwrap_or(sections.len());
                Member { first: n, end, label: String::new() }
            })
            .collect();
        if members.len() > 2 {
            return Some(Group { members });
        }
    }
    None
}

/// The same, where nearly all headings of their level are acts.
pub(crate) fn all_acting(sections: &[Section<'_>], context: &Context) -> Option<Group> {
    let group = acting(sections, context)?;
    let level = group.members.first().and_then(|m| sections.get(m.first)).map(|s| s.level)?;
    let beside =
        sections.iter().enumerate().filter(|(n, s)| s.level == level && !context.excluded(*n));
    (group.members.len() * 5 >= beside.count() * 4).then_some(group)
}

/// The step that a heading and what stands under it make.
pub(crate) fn step<'a>(
    source: &str,
    sections: &'a [Section<'a>],
    member: &Member,
    group: &Group,
) -> Raw<'a> {
    let own_group = group.members.first().map_or(0, |m| m.first * 1_000 + 999);
    let mine = sections.get(member.first..member.end).unwrap_or_default();
    let mut raw = Raw {
        due: None,
        label: member.label.clone(),
        head: mine.first().and_then(|s| s.heading),
        body: Vec::new(),
        children: Vec::new(),
        seat: None,
        group: own_group,
        span: 0..0,
    };
    for (n, section) in mine.iter().enumerate() {
        let seat = if n == 0 { None } else { listing::seat_of_heading(section.title) };
        // A heading under a step that is numbered, or is an act itself, is a part.
        let acts = seat.is_none() && listing::acts(section.title);
        let numbered = n > 0 && (label(section.title).is_some() || acts);
        let at = raw.children.len();
        if numbered {
            raw.children.push(part(section, own_group + member.first));
            continue;
        }
        if n > 0
            && let Some(heading) = section.heading
        {
            raw.body.push(heading);
        }
        collect(source, section.blocks, seat.is_some(), own_group + member.first, &mut raw);
        for child in raw.children.iter_mut().skip(at) {
            if child.seat.is_none() {
                child.seat.clone_from(&seat);
            }
        }
    }
    let start = mine.first().and_then(|s| s.heading).map_or(0, |h| h.span.start);
    let end =
        mine.iter().rev().find_map(|s| s.blocks.last().or(s.heading)).map_or(start, |b| b.span.end);
    raw.span = start..end;
    raw
}

/// A numbered heading under a step heading: a part with the blocks under it.
fn part<'a>(section: &Section<'a>, group: usize) -> Raw<'a> {
    let start = section.heading.map_or(0, |h| h.span.start);
    let end = section.blocks.last().or(section.heading).map_or(start, |b| b.span.end);
    Raw {
        due: None,
        label: label(section.title).map(|(l, _)| l).unwrap_or_default(),
        head: section.heading,
        body: section.blocks.iter().collect(),
        children: Vec::new(),
        seat: None,
        group,
        span: start..end,
    }
}

/// Sorts the blocks under a step heading into parts and text; under a seat's heading bullets are parts.
fn collect<'a>(source: &str, blocks: &'a [Block], bullets: bool, group: usize, raw: &mut Raw<'a>) {
    let mut lettered = false;
    for block in blocks {
        match block.kind {
            Kind::Para if listing::letter(block).is_some() => {
                lettered = true;
                raw.children.push(listing::lettered_step(block, group));
            }
            Kind::List(Some(_)) if lettered => {
                if let Some(last) = raw.children.last_mut() {
                    last.body.push(block);
                }
            }
            Kind::List(Some(_)) => raw.children.extend(items(source, block, group)),
            Kind::List(None) if bullets && !lettered => {
                raw.children.extend(items(source, block, group));
            }
            _ if lettered => {
                if let Some(last) = raw.children.last_mut() {
                    last.body.push(block);
                }
            }
            _ => raw.body.push(block),
        }
    }
}
