//! Where the steps of a process stand.

use crate::block::Kind;
use crate::draft::{Raw, items};
use crate::outline::{Piece, Section, piece};

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
        sections.get(start..end).is_some_and(|mine| {
            mine.iter().any(|s| s.level == 2 && piece(&s.title) == Piece::Steps)
        })
    };
    let ends = titles.iter().skip(1).copied().chain([sections.len()]);
    let separate = titles.len() > 1
        && titles.iter().zip(ends).filter(|(start, end)| with_steps(**start, *end)).count() > 1;
    if separate { titles } else { vec![0] }
}

/// The steps of a process.
pub(crate) fn carriers<'a>(
    source: &str,
    sections: &'a [Section<'a>],
    _title: Option<usize>,
) -> Found<'a> {
    let mut found = Found::default();
    let canonical = sections.iter().position(|s| s.level == 2 && piece(&s.title) == Piece::Steps);
    found.canonical = canonical.is_some();
    for (n, section) in sections.iter().enumerate() {
        if canonical.is_some_and(|at| at != n) {
            continue;
        }
        let first = section.blocks.iter().position(|b| matches!(b.kind, Kind::List(Some(_))));
        let Some(first) = first else { continue };
        found.leads.push(Lead { section: n, blocks: first });
        for block in section.blocks.iter().skip(first) {
            match block.kind {
                Kind::List(Some(_)) => found.steps.extend(items(source, block, n)),
                _ => {
                    if let Some(last) = found.steps.last_mut() {
                        last.body.push(block);
                    }
                }
            }
        }
    }
    found
}
