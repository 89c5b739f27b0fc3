//! From the outline of a document to its processes: which part says what.

use crate::block::{Block, Kind};
use crate::decision::Branch;
use crate::draft::{self, Style};
use crate::front::{Setting, Settings};
use crate::inline::fold;
use crate::outline::{self, Piece, Section, markdown};
use crate::prose::{self, Prose};
use crate::roles::Roles;
use crate::yaml::{self, Value};
use crate::{
    carrier, cleanup, diagram, failing, handoff, matrix, outcome, owner, reader, resolve,
    reviewing, settings, story, when,
};
use gemba_model::raci::Row;
use gemba_model::review::Review;
use gemba_model::signal::SignalRule;
use gemba_model::{FailureSignal, Owner, OwnerState, Process, SeatSource, Slug, Step, StepSeat};
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

/// A process as read, with what the checks need to know besides.
#[derive(Debug)]
pub(crate) struct Reading {
    pub(crate) process: Process,
    pub(crate) notes: Notes,
}

/// What the process itself has no place for.
#[derive(Debug, Default)]
pub(crate) struct Notes {
    /// Where findings about the whole process point.
    pub(crate) title: Range<usize>,
    pub(crate) settings: Settings,
    /// Ids that two steps state, with the place of the second.
    pub(crate) twice: Vec<(String, Range<usize>)>,
    /// RACI rows for steps that do not exist.
    pub(crate) strangers: Vec<String>,
    /// Whether this process has settings of its own.
    pub(crate) untitled: bool,
    /// Whether steps were left out because there are too many.
    pub(crate) too_many: bool,
}

impl Notes {
    /// Whether the owner setting is a list of several.
    pub(crate) fn owner_list(&self) -> bool {
        let entry = self.settings.get(&owner::KEYS);
        entry.is_some_and(|e| matches!(&e.value, Value::List(items) if items.len() > 1))
    }
}

/// Reads all processes of a document.
///
/// `seats` are the seats of the workspace, where they are known.
pub(crate) fn read(
    source: &str,
    blocks: &[Block],
    front: &Settings,
    name: &str,
    seats: &[&str],
) -> Vec<Reading> {
    let sections = outline::sections(blocks);
    let starts = carrier::parts(&sections);
    let mut readings = Vec::new();
    for (n, start) in starts.iter().enumerate() {
        let end = starts.get(n + 1).copied().unwrap_or(sections.len());
        // What stands before the first title belongs to the first process.
        let from = if n == 0 { 0 } else { *start };
        let Some(mine) = sections.get(from..end) else { continue };
        readings.push(one(source, mine, front, name, n == 0, Around { seats, cleaning: false }));
    }
    let mut names = crate::names::Names::default();
    for reading in &mut readings {
        let made = names.give(reading.process.slug.as_str());
        reading.process.slug = Slug::from_text(&made, "process");
    }
    readings
}

/// The steps of a text that is nothing else; what it says of a clean-up is not read.
pub(crate) fn steps_of(source: &str) -> Vec<Step> {
    let tree = crate::block::read(source, 0);
    let sections = outline::sections(&tree.blocks);
    let around = Around { seats: &[], cleaning: true };
    one(source, &sections, &Settings::default(), "clean-up", true, around).process.steps
}

/// What is known beside the text of a process.
#[derive(Debug, Clone, Copy)]
struct Around<'a> {
    /// The seats of the workspace.
    seats: &'a [&'a str],
    /// The text is a clean-up, which has none of its own.
    cleaning: bool,
}

fn one(
    source: &str,
    sections: &[Section<'_>],
    front: &Settings,
    name: &str,
    first: bool,
    around: Around<'_>,
) -> Reading {
    let title_at = sections.iter().position(|s| s.level == 1).or_else(|| {
        // Without a first-level heading, a lone opening heading names the document.
        let opening = sections.iter().position(|s| s.heading.is_some())?;
        let level = sections.get(opening)?.level;
        let lone = sections.iter().filter(|s| s.heading.is_some() && s.level <= level).count() == 1;
        (lone && sections.len() > 2).then_some(opening)
    });
    let title_at = if first { title_at } else { Some(0) };
    let own = title_at.and_then(|at| sections.get(at)).and_then(|s| own_settings(source, s));
    let settings = own.clone().unwrap_or_else(|| front.clone());
    let heading = title_at.and_then(|at| sections.get(at)).map(|s| s.title.to_owned());
    let stated = settings.text(&["title"]).or_else(|| settings.text(&["name"]));
    let labelled = || {
        let opening = sections.iter().take(2);
        let labels = opening.flat_map(|s| crate::labels::of(s.blocks));
        let mut titles = labels.filter(|l| TITLES.contains(&l.key.as_str()) && l.value.len() > 2);
        titles.next().map(|label| label.value)
    };
    let given = heading.filter(|t| !t.is_empty()).or(stated).or_else(labelled);
    let untitled = given.is_none();
    let title = given.unwrap_or_else(|| spoken_name(name));
    let found = carrier::carriers(source, sections, title_at);
    let intro = found.steps.first().map_or(usize::MAX, |s| s.span.start);
    let before = sections.iter().flat_map(|s| s.blocks).filter(|b| b.span.start < intro);
    let reader = if found.canonical { None } else { reader::of(before) };
    let style = Style { canonical: found.canonical, reader: reader.is_some() };
    let mut left = draft::MAX_STEPS;
    let mut drafts: Vec<draft::Draft> = Vec::new();
    for (n, raw) in found.steps.iter().enumerate() {
        if left == 0 {
            break;
        }
        drafts.push(draft::draft(source, raw, (n + 1).to_string(), style, &mut left));
    }
    if drafts.is_empty() {
        drafts = diagram::steps(source, sections);
    }
    let roles = Roles::of(sections, around.seats);
    if !found.canonical {
        for draft in &mut drafts {
            roles.seat(draft);
        }
    }
    if let Some(name) = reader {
        for draft in drafts.iter_mut().filter(|d| d.step.seat.is_none()) {
            draft.step.seat = Some(StepSeat::new(name.clone(), SeatSource::Context, None));
        }
    }
    for draft in &mut drafts {
        roles.name(draft);
    }
    if !found.canonical {
        handoff::by_change_of_doer(&mut drafts);
    }
    let too_many = left == 0;
    let mut twice = Vec::new();
    duplicates(&drafts, &mut BTreeSet::new(), &mut twice);
    let names: Vec<&str> = sections.iter().map(|s| s.title).collect();
    let steps = resolve::resolve(drafts, &names);
    let mut purpose = Vec::new();
    let mut outputs = Vec::new();
    let mut failures = Vec::new();
    let mut others: Vec<(u8, gemba_model::Section)> = Vec::new();
    let mut leads: BTreeMap<usize, usize> = BTreeMap::new();
    for lead in &found.leads {
        leads.entry(lead.section).or_insert(lead.blocks);
    }
    for (n, section) in sections.iter().enumerate() {
        let skip = usize::from(own.is_some() && title_at == Some(n));
        let blocks = section.blocks.get(skip..).unwrap_or_default();
        let opening = Some(n) == title_at || section.heading.is_none();
        if let Some(lead) = leads.get(&n) {
            let text = markdown(source, blocks.iter().take(lead.saturating_sub(skip)));
            let said = !found.canonical && !opening && section.piece != Piece::Steps;
            if said && let Some(heading) = section.heading {
                // The heading gives way to "Steps"; its words stay.
                purpose.push(format!("**{}**", heading_source(source, heading)));
            }
            if !text.is_empty() {
                purpose.push(text);
            }
            others.clear_open();
            continue;
        }
        if found.consumed.contains(&n) {
            others.clear_open();
            continue;
        }
        if opening {
            let text = markdown(source, blocks);
            if !text.is_empty() {
                purpose.push(text);
            }
            continue;
        }
        match section.piece {
            Piece::Output if outputs.is_empty() || criteria(section) => {
                let read = outcome::of_section(source, blocks, criteria(section));
                if outputs.is_empty() {
                    outputs = read;
                } else if let Some(last) = outputs.last_mut() {
                    // Criteria after the outputs say how to look at them.
                    last.checks.extend(read.into_iter().map(|output| output.text));
                }
                others.clear_open();
            }
            Piece::Failure if found.canonical && failures.is_empty() => {
                failures = values(source, blocks).iter().map(failure).collect();
                others.clear_open();
            }
            Piece::Failure if failures.is_empty() && failing::is_list(blocks) => {
                failures = values(source, blocks).iter().map(failure).collect();
                others.clear_open();
            }
            Piece::Steps | Piece::Output | Piece::Failure | Piece::Other => {
                add_section(source, section, blocks, &mut others);
            }
        }
    }
    // The canonical form says owner and trigger in its front matter. Who writes "**Pack** — Packer" without
    // one says them as everybody does.
    let outright = found.canonical && !settings.entries.is_empty();
    let story = story::read(sections, &found, title_at, outright);
    let owner = owner::of_settings(&settings).or(story.owner).unwrap_or_else(Owner::missing);
    let mut triggers = settings::triggers(&settings);
    if triggers.is_empty() && !outright {
        let (outright, described) = when::of_description(&settings);
        triggers = match (outright, story.triggers.is_empty()) {
            (true, _) | (_, true) => described,
            (false, false) => story.triggers,
        };
    }
    let (mut raci, mut strangers) = raci(&settings, &steps);
    // A setting says it outright; a table beside it adds the rows that the setting leaves out.
    let tables = matrix::of(sections, &steps);
    let mut stated: BTreeSet<(String, String)> =
        raci.iter().map(|row| (row.step.clone(), row.title.clone())).collect();
    raci.extend(
        tables.rows.into_iter().filter(|r| stated.insert((r.step.clone(), r.title.clone()))),
    );
    let mut unknown: BTreeSet<String> = strangers.iter().cloned().collect();
    strangers.extend(tables.strangers.into_iter().filter(|title| unknown.insert(title.clone())));
    let rules: Vec<&gemba_model::Recurrence> =
        triggers.iter().filter_map(|t| t.rule.as_ref()).collect();
    let said = reviewing::read(&settings, sections, outright);
    let review = Review { last: said.last, next: said.next, ..Review::of(said.cadence, rules) };
    let slug = settings
        .text(&["slug"])
        .and_then(|s| Slug::parse(&s))
        .unwrap_or_else(|| Slug::from_text(&title, "process"));
    let title_span = title_at
        .and_then(|at| sections.get(at))
        .and_then(|s| s.heading)
        .map_or(0..0, |h| h.span.start..trimmed_end(source, &h.span));
    let sections_kept: Vec<gemba_model::Section> =
        others.into_iter().map(|(_, section)| section).collect();
    let cleanup = if around.cleaning { Vec::new() } else { cleanup::of(&sections_kept, &steps) };
    let process = Process {
        slug,
        title,
        function: settings.text(&["function", "department"]),
        owner: owner_or_missing(owner),
        triggers,
        purpose: purpose.join("\n\n"),
        steps,
        expected_output: if outputs.is_empty() { story.outputs } else { outputs },
        failure_signals: if failures.is_empty() { story.failures } else { failures },
        review,
        raci,
        sections: sections_kept,
        cleanup,
    };
    Reading {
        process,
        notes: Notes { title: title_span, settings, twice, strangers, untitled, too_many },
    }
}

/// What a table or a line before the text may call the title of a document without a heading for it.
const TITLES: [&str; 5] =
    ["title", "sop title", "document title", "procedure title", "process title"];

fn owner_or_missing(owner: Owner) -> Owner {
    match owner.state {
        OwnerState::Missing => Owner::missing(),
        OwnerState::Stated
        | OwnerState::Implied
        | OwnerState::Channel
        | OwnerState::Placeholder => owner,
    }
}

fn trimmed_end(source: &str, span: &Range<usize>) -> usize {
    span.start + source.get(span.clone()).unwrap_or_default().trim_end().len()
}

/// A file name as a title: "monthly-invoicing.md" as "Monthly invoicing".
fn spoken_name(name: &str) -> String {
    let base = name.rsplit(['/', '\\']).next().unwrap_or(name);
    let stem = base.rsplit_once('.').map_or(base, |(stem, _)| stem);
    let spaced = fold(&stem.replace(['-', '_'], " "));
    let mut chars = spaced.chars();
    match chars.next() {
        Some(first) => first.to_uppercase().chain(chars).collect(),
        None => "Untitled process".to_owned(),
    }
}

/// The list of settings under a later title: every item is "key: value" of a known key.
fn own_settings(source: &str, section: &Section<'_>) -> Option<Settings> {
    let list = section.blocks.first().filter(|b| b.kind == Kind::List(None))?;
    let mut entries = Vec::new();
    for item in &list.children {
        let text = crate::block::dedented(source, &item.span);
        let text = text.trim_start_matches(['-', '*', '+', ' ']);
        let (key, _) = text.split_once(':')?;
        let known = [
            "owner",
            "owner_slack",
            "slug",
            "function",
            "trigger",
            "review",
            "last_reviewed",
            "next_review",
            "raci",
        ];
        if !known.contains(&key) {
            return None;
        }
        let Ok(Value::Map(read)) = yaml::parse(text) else { return None };
        entries.extend(read.into_iter().map(|(key, value)| Setting {
            key,
            value,
            span: item.span.clone(),
        }));
    }
    Some(Settings { entries })
}

/// Keeps the sections that are none of the five pieces, deeper ones within the one above.
trait OpenSections {
    fn clear_open(&mut self);
}

impl OpenSections for Vec<(u8, gemba_model::Section)> {
    fn clear_open(&mut self) {
        if let Some((level, _)) = self.last_mut() {
            *level = u8::MAX;
        }
    }
}

fn add_section(
    source: &str,
    section: &Section<'_>,
    blocks: &[Block],
    others: &mut Vec<(u8, gemba_model::Section)>,
) {
    let text = markdown(source, blocks);
    if let Some((level, open)) = others.last_mut()
        && section.level > *level
    {
        let marks = "#".repeat(usize::from(section.level.max(3)));
        let words = section.heading.map(|h| heading_source(source, h)).unwrap_or_default();
        for part in [format!("{marks} {words}"), text] {
            if !part.trim().is_empty() {
                if !open.text.is_empty() {
                    open.text.push_str("\n\n");
                }
                open.text.push_str(&part);
            }
        }
        return;
    }
    let mut title = section.title.to_owned();
    if title.is_empty() {
        "Notes".clone_into(&mut title);
    }
    if matches!(outline::piece(&title), Piece::Steps) {
        title.push_str(" (notes)");
    }
    others.push((section.level, gemba_model::Section { title, text }));
}

fn heading_source(source: &str, heading: &Block) -> String {
    let first = heading.inline.first().map_or(heading.span.start, |i| i.span.start);
    let last = heading.inline.iter().map(|i| i.span.end).max().unwrap_or(first);
    fold(source.get(first..last).unwrap_or_default())
}

/// The values of a section: one per bullet, and one per paragraph.
fn values(source: &str, blocks: &[Block]) -> Vec<(String, Range<usize>)> {
    let mut found = Vec::new();
    for block in blocks {
        match block.kind {
            Kind::List(_) => {
                for item in &block.children {
                    let text = markdown(source, &item.children);
                    if !text.trim().is_empty() {
                        found.push((text, item.span.clone()));
                    }
                }
            }
            Kind::Rule => {}
            _ => {
                let text = markdown(source, [block]);
                if !text.trim().is_empty() {
                    found.push((text, block.span.clone()));
                }
            }
        }
    }
    found
}

/// Whether a section of outputs holds what to check rather than what there is.
fn criteria(section: &Section<'_>) -> bool {
    matches!(
        section.words.as_str(),
        "acceptance criteria" | "acceptance checks" | "definition of done" | "done criteria"
    )
}

fn failure((text, span): &(String, Range<usize>)) -> FailureSignal {
    let span = settings::span(span);
    let parted = text.rsplit_once(" (check: ").and_then(|(before, check)| {
        let inner = check.strip_suffix(')')?;
        let bare = inner.strip_prefix("``").and_then(|i| i.strip_suffix("``"));
        let rule = bare.or_else(|| inner.strip_prefix('`').and_then(|i| i.strip_suffix('`')))?;
        Some((before.to_owned(), rule.trim().to_owned()))
    });
    if let Some((text, rule)) = parted {
        return FailureSignal { text, rule: Some(rule), span };
    }
    let rule = SignalRule::said_in(text).map(|rule| rule.to_string());
    FailureSignal { text: text.clone(), rule, span }
}

/// The RACI rows with the steps their ids name, and the ids that name none.
fn raci(settings: &Settings, steps: &[Step]) -> (Vec<Row>, Vec<String>) {
    let all: Vec<&Step> = steps.iter().flat_map(Step::walk).collect();
    let mut strangers = Vec::new();
    let rows = settings::raci(settings).into_iter().map(|mut row| {
        let named = all.iter().find(|s| s.id.as_str() == row.step || s.number == row.step);
        if let Some(step) = named {
            row.step.clone_from(&step.number);
            row.title.clone_from(&step.title);
        } else {
            strangers.push(row.step.clone());
            row.title = std::mem::take(&mut row.step);
        }
        row
    });
    let rows = rows.collect();
    (rows, strangers)
}

fn duplicates(
    drafts: &[draft::Draft],
    seen: &mut BTreeSet<String>,
    twice: &mut Vec<(String, Range<usize>)>,
) {
    for draft in drafts {
        if draft.step.id_stated {
            let id = draft.step.id.as_str().to_owned();
            if !seen.insert(id.clone()) {
                twice.push((id, draft.step.span.range()));
            }
        }
        duplicates(&draft.parts, seen, twice);
    }
}

/// The branches that the title and the text of a step say by themselves.
pub(crate) fn prose_decisions(step: &Step) -> Vec<Branch> {
    let tree = crate::block::read(&step.text, 0);
    let mut paragraphs = vec![Prose::new(step.title.clone(), 0..0)];
    for block in &tree.blocks {
        prose::collect(block, &mut paragraphs);
    }
    prose::branches(&paragraphs).into_iter().map(|(branch, _)| branch).collect()
}
