//! One step in the making: from an item, a heading or a table row to a step whose jumps still wait
//! for the other steps to be known.

use crate::block::{Block, Kind, Mark, Piece, dedented};
use crate::decision::{self, Branch, Jump};
use crate::fields::Fields;
use crate::inline::{self, plain};
use crate::names::Names;
use crate::prose::{self, Prose};
use crate::verbs::is_act;
use crate::{actor, call, cell, handoff, headings, listing, outline, parallel, roles};
use gemba_model::{Decision, SeatSource, Span, Step, StepId, StepKind, StepSeat, Target};
use std::collections::BTreeSet;
use std::ops::Range;

/// The longest title; a longer first sentence is cut at a word and kept whole in the text.
const MAX_TITLE: usize = 120;

/// What a step is made from.
#[derive(Debug, Clone)]
pub(crate) struct Raw<'a> {
    /// The marker as typed.
    pub(crate) label: String,
    /// The paragraph or heading that opens it.
    pub(crate) head: Option<&'a Block>,
    /// What follows the head.
    pub(crate) body: Vec<&'a Block>,
    /// Parts found outside the body.
    pub(crate) children: Vec<Raw<'a>>,
    /// The seat that the surroundings name.
    pub(crate) seat: Option<StepSeat>,
    /// The deadline that a column beside it names.
    pub(crate) due: Option<String>,
    /// Where in the document it stands, for jumps: steps of one list share it.
    pub(crate) group: usize,
    pub(crate) span: Range<usize>,
}

/// A step with the jumps of its decisions still in words.
#[derive(Debug)]
pub(crate) struct Draft {
    pub(crate) step: Step,
    pub(crate) jumps: Vec<Jump>,
    pub(crate) parts: Vec<Draft>,
    pub(crate) group: usize,
}

/// The most steps, parts included, that a process has.
pub(crate) const MAX_STEPS: usize = 1_000;

/// How to read.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Style {
    /// The document is in the canonical form: a dash after the lead always names the seat.
    pub(crate) canonical: bool,
    /// The document says for whom it is written: what it merely orders is for them.
    pub(crate) reader: bool,
}

/// What the head of a step says.
#[derive(Debug, Default)]
struct Head {
    title: String,
    text: String,
    id: Option<String>,
    seat: Option<(String, Range<usize>)>,
    /// The plain sentences of it, for what they say of branches and hands.
    prose: Vec<String>,
}

/// Makes the draft of a step.
///
/// `left` is how many more steps may be made; parts beyond it are left out.
pub(crate) fn draft(
    source: &str,
    raw: &Raw<'_>,
    number: String,
    style: Style,
    left: &mut usize,
) -> Draft {
    *left = left.saturating_sub(1);
    let cell = raw.head.and_then(cell::parted);
    let (lead, under) =
        cell.as_ref().map_or((raw.head, &[][..]), |(first, rest)| (Some(first), rest));
    let bare = lead.filter(|_| !style.canonical).and_then(without_label);
    let opening = bare.as_ref().or(lead);
    let head = opening.map(|block| head(source, block, style)).unwrap_or_default();
    let mut texts: Vec<String> = Vec::new();
    if !head.text.is_empty() {
        texts.push(head.text);
    }
    let mut fields = Fields::default();
    let mut prose: Vec<Prose> = Vec::new();
    let mut said_in_head = 0;
    if let Some(block) = opening {
        if !style.canonical {
            fields.label(block);
        }
        let links = Prose::of(block).links;
        said_in_head = head.prose.len();
        prose.extend(head.prose.into_iter().map(|text| Prose {
            text,
            span: block.span.clone(),
            links: links.clone(),
        }));
    }
    let mut children: Vec<Raw<'_>> = Vec::new();
    let is_heading = raw.head.is_some_and(|head| matches!(head.kind, Kind::Heading(_)));
    // What the paragraphs after the head tell.
    let mut told: Vec<&str> = Vec::new();
    for block in under.iter().chain(raw.body.iter().copied()) {
        match block.kind {
            Kind::List(Some(_)) => children.extend(items(source, block, raw.group)),
            Kind::List(None) if has_checkboxes(block) => {
                children.extend(items(source, block, raw.group));
            }
            Kind::List(None) => {
                let lead = prose.last().map(|p| p.text.as_str()).unwrap_or_default();
                let mut parts = fields.cases(block, lead);
                if style.canonical {
                    parts.clear();
                } else if parts.is_empty()
                    && (is_checklist(block, lead) || (is_heading && told.is_empty() && acts(block)))
                {
                    parts.extend(0..block.children.len());
                }
                let made = items(source, block, raw.group).into_iter().enumerate();
                children.extend(made.filter(|(at, _)| parts.contains(at)).map(|(_, raw)| raw));
                let left = fields.take(source, block, &parts, &mut prose);
                if !left.trim().is_empty() {
                    texts.push(left);
                }
            }
            Kind::Table => {
                fields.table(block);
                told.clear();
                texts.push(outline::markdown(source, [block]));
            }
            _ => {
                if block.kind == Kind::Para {
                    fields.label(block);
                    told.push(block.plain());
                }
                prose::collect(block, &mut prose);
                let text = outline::markdown(source, [block]);
                if !text.trim().is_empty() {
                    texts.push(text);
                }
            }
        }
    }
    children.extend(raw.children.iter().cloned());
    let title = if head.title.is_empty() { format!("Step {number}") } else { head.title };
    let bounds = prose.iter().map(|p| p.text.as_str());
    let bullets = fields.branches.iter().filter_map(|(_, span)| source.get(span.clone()));
    let bound = bounds.chain(bullets).flat_map(inline::sentences).find_map(decision::bound);
    let at_most = fields.at_most.or(bound);
    let (decisions, jumps) = branches(&prose, fields.labelled, fields.branches);
    let mut parts: Vec<Draft> = Vec::new();
    for (n, child) in children.iter().enumerate() {
        if *left == 0 {
            break;
        }
        parts.push(draft(source, child, format!("{number}.{}", n + 1), style, left));
    }
    let stated = head.seat.map(|(name, span)| {
        StepSeat::new(name, SeatSource::Label, Some(Span::new(span.start, span.end)))
    });
    let labelled = fields.who.map(|(name, source)| StepSeat::new(name, source, None));
    let first = prose.first().map(|p| p.text.as_str()).unwrap_or_default();
    let spoken = if style.canonical { None } else { actor::of_label(first) }
        .map(|name| StepSeat::new(name, SeatSource::Label, None))
        .or_else(|| {
            let name = if style.canonical { None } else { actor::of_sentence(first) }?;
            Some(StepSeat::new(name, SeatSource::Sentence, None))
        });
    let mut seat = stated.or(labelled).or(spoken).or_else(|| raw.seat.clone());
    if seat.is_none() && !style.canonical {
        // What is merely ordered is for the reader, whoever else the text speaks of.
        let ordered = style.reader && is_act(&title);
        let later = prose.get(1).filter(|_| said_in_head > 1).map(|p| p.text.as_str());
        let found = later
            .into_iter()
            .chain(told.iter().copied().take(3))
            .filter(|_| !ordered)
            .flat_map(|text| inline::sentences(text).into_iter().take(3))
            .filter_map(actor::of_sentence)
            // A tool is written like a name: "PagerDuty can import messages".
            .find(|name| name.contains(' ') || actor::is_only_a_seat(name));
        seat = found
            .or_else(|| shared(&parts))
            .map(|name| StepSeat::new(name, SeatSource::Context, None));
    }
    let mut handoffs = fields.handoffs;
    for paragraph in &prose {
        for name in handoff::of(&paragraph.text, style.canonical) {
            let own = seat.as_ref().is_some_and(|s| {
                s.name.get(..name.len()).is_some_and(|head| head.eq_ignore_ascii_case(&name))
            });
            // Who is stated in full is not named again by a short form.
            let known = |known: &String| {
                known.eq_ignore_ascii_case(&name)
                    || (actor::is_short_form(&name) && roles::stands_for(&name, known))
            };
            if !own && !handoffs.iter().any(known) {
                handoffs.push(name);
            }
        }
    }
    if !style.canonical && handoffs.is_empty() {
        handoffs = handoff::addressed(&prose);
    }
    let text = texts.join("\n\n");
    let procedure = fields.calls.or_else(|| call::of(&title, &text));
    let wait_for = fields.wait_for.or_else(|| call::wait_for(&title, &text));
    let approves = fields.approval.as_ref().map(|_| StepKind::Approval);
    let kind = approves.or(fields.kind).unwrap_or_else(|| {
        let branching = decisions.iter().zip(&jumps);
        let branching =
            branching.filter(|(d, _)| !d.condition.eq_ignore_ascii_case(decision::ALWAYS));
        let kind = kind_of(&title, branching.map(|(_, jump)| jump), procedure.is_some());
        together(kind, &title, &text, parts.len())
    });
    let step = Step {
        id: StepId::from_text(
            head.id.as_deref().unwrap_or(&title),
            &format!("step-{}", number.replace('.', "-")),
        ),
        id_stated: head.id.is_some(),
        number,
        label: raw.label.clone(),
        title,
        text,
        kind,
        seat,
        decisions,
        handoff_to: handoffs,
        procedure,
        wait_for,
        approval: fields.approval,
        not_by: fields.not_by,
        unanswered: fields.unanswered,
        at_most,
        outcome: fields.outcome,
        due: fields.due.or_else(|| raw.due.clone()),
        remind: fields.remind,
        evidence: fields.evidence,
        consulted: fields.consulted,
        informed: fields.informed,
        steps: Vec::new(),
        span: Span::new(raw.span.start, raw.span.end),
    };
    Draft { step, jumps, parts, group: raw.group }
}

/// The seat that does all parts of a step, where it is one.
fn shared(parts: &[Draft]) -> Option<String> {
    let mut names = parts.iter().map(|part| part.step.seat.as_ref().map(|seat| &seat.name));
    let first = names.next()??;
    names.all(|name| name == Some(first)).then(|| first.clone())
}

/// A head without the marker that stands among its words: "B. Respond", "**Step 2:** Respond".
fn without_label(block: &Block) -> Option<Block> {
    let text = block.plain();
    let lettered = block.kind == Kind::Para && listing::letter(block).is_some();
    if lettered {
        return block.from(0, "B. ".len());
    }
    let step = text.get(.."step ".len()).is_some_and(|w| w.eq_ignore_ascii_case("step "));
    let (_, says_step) = headings::label(text).filter(|_| step && block.kind == Kind::Para)?;
    if !says_step {
        return None;
    }
    let first = block.inline.first()?;
    if first.piece == Piece::Open(Mark::Strong) {
        let close = block.inline.iter().position(|i| i.piece == Piece::Close(Mark::Strong))?;
        let label = plain(block.inline.get(..close)?);
        let alone = heading_title(&label).is_empty();
        let Some(Piece::Text(next)) = block.inline.get(close + 1).map(|i| &i.piece) else {
            return None;
        };
        let offset = next.len() - next.trim_start_matches([' ', ':', '.', '-', '–', '—']).len();
        return if alone { block.from(close + 1, offset) } else { None };
    }
    let Piece::Text(words) = &first.piece else { return None };
    let title = heading_title(words);
    let offset = words.find(title.as_str()).filter(|_| !title.is_empty())?;
    block.from(0, offset)
}

/// The kind of a step with so many parts, of which its words may say that they go on together.
pub(crate) fn together(kind: StepKind, title: &str, text: &str, parts: usize) -> StepKind {
    if kind == StepKind::Task && parts > 1 && parallel::said(title, text) {
        StepKind::Parallel
    } else {
        kind
    }
}

/// What kind of act the words say a step is.
pub(crate) fn kind_of<'a>(
    title: &str,
    jumps: impl IntoIterator<Item = &'a Jump>,
    calls: bool,
) -> StepKind {
    let mut lower = title.to_lowercase();
    // "The Office manager approves the refund" is the same act as "Approve the refund".
    if ["approves", "approve ", "signs off", "sign off", "wait"].iter().any(|w| lower.contains(w)) {
        lower = crate::act::of(title);
    }
    let begins = |words: &[&str]| {
        words.iter().any(|w| {
            lower.strip_prefix(w).is_some_and(|rest| !rest.starts_with(char::is_alphanumeric))
        })
    };
    if begins(&["wait until", "wait for"]) || call::waits(title) {
        StepKind::Wait
    } else if begins(&["approve", "sign off"]) {
        StepKind::Approval
    } else if matches!(lower.as_str(), "end" | "end the process" | "the process ends") {
        StepKind::End
    } else if jumps.into_iter().any(|j| matches!(j, Jump::End | Jump::EndAs(_) | Jump::To { .. })) {
        StepKind::Decision
    } else if calls {
        StepKind::Call
    } else {
        StepKind::Task
    }
}

/// Whether bullets are parts of the step whose last words are `lead`: "Do the following:", then acts
/// alone.
fn is_checklist(list: &Block, lead: &str) -> bool {
    // What several do at the same time is told of each: "IT creates the account".
    let several = parallel::said(lead, "");
    let told = |text: &str| actor::of_label(text).or_else(|| actor::of_sentence(text)).is_some();
    let acts = |item: &Block| {
        let para = item.children.first().filter(|b| b.kind == Kind::Para).map(Block::plain);
        let said = |p: &str| is_act(p) || (several && told(p));
        para.is_some_and(|p| said(p) && decision::sentence(p).is_none())
    };
    lead.ends_with(':') && list.children.len() > 1 && list.children.iter().all(acts)
}

/// Whether all bullets are acts, most of them without a condition.
fn acts(list: &Block) -> bool {
    let text =
        |item: &Block| item.children.first().map(|p| p.plain().to_owned()).unwrap_or_default();
    let said: Vec<String> = list.children.iter().map(text).collect();
    let sure = said.iter().filter(|text| decision::sentence(text).is_none()).count();
    said.len() > 1 && sure * 2 > said.len() && said.iter().all(|text| is_act(text))
}

/// The items of a list as steps in the making.
pub(crate) fn items<'a>(source: &str, list: &'a Block, group: usize) -> Vec<Raw<'a>> {
    list.children
        .iter()
        .enumerate()
        .map(|(at, item)| {
            let (head, body) = match item.children.split_first() {
                Some((first, rest)) if first.kind == Kind::Para => (Some(first), rest),
                _ => (None, item.children.as_slice()),
            };
            // The author's own count goes before the bullet's mark.
            let counted = head.and_then(|h| headings::label(h.plain())).filter(|(_, step)| *step);
            Raw {
                due: None,
                label: counted.map_or_else(|| marker(source, list, item, at), |(label, _)| label),
                head,
                body: body.iter().collect(),
                children: Vec::new(),
                seat: None,
                group,
                span: item.span.clone(),
            }
        })
        .collect()
}

/// The marker of an item as typed, "3.", "-", "- [ ]"; in raw HTML what the reader of the page sees.
fn marker(source: &str, list: &Block, item: &Block, at: usize) -> String {
    let text = source.get(item.span.clone()).unwrap_or_default().trim_start();
    let end = text.find(char::is_whitespace).unwrap_or(text.len()).min(12);
    let typed = text.get(..end).unwrap_or_default();
    let mark = match list.kind {
        Kind::List(Some(first)) if typed.starts_with('<') => {
            format!("{}.", first.saturating_add(u64::try_from(at).unwrap_or(0)))
        }
        _ if typed.starts_with('<') => "-".to_owned(),
        // "**1\\. Log it**": the marks around a number are none of it.
        Kind::List(Some(_)) => typed.replace(['*', '_', '\\'], ""),
        _ => typed.to_owned(),
    };
    if matches!(item.kind, Kind::Item(Some(_))) { format!("{mark} [ ]") } else { mark }
}

/// Whether a list holds checkboxes.
pub(crate) fn has_checkboxes(list: &Block) -> bool {
    list.children.iter().any(|item| matches!(item.kind, Kind::Item(Some(_))))
}

/// Reads the paragraph or heading that opens a step.
fn head(source: &str, block: &Block, style: Style) -> Head {
    let raw = source.get(block.span.clone()).unwrap_or_default();
    // The end of an exported cell is a tag.
    let raw = if block.kind == Kind::Cell { raw.split("</t").next().unwrap_or(raw) } else { raw };
    let end = block.span.start + raw.trim_end().len();
    if let Some(found) = bold_lead(source, block, end, style) {
        return found;
    }
    let whole = block.plain();
    if matches!(block.kind, Kind::Heading(_)) {
        let title = heading_title(whole);
        let text = if inline::loses_markup(&block.inline) {
            content(source, block)
        } else {
            String::new()
        };
        return Head { title: shorten(&title).0, text, prose: vec![title], ..Head::default() };
    }
    let (whole, id) = stated_id(whole);
    let cut = inline::sentence_end(whole);
    let (first, rest) = whole.split_at_checked(cut).unwrap_or((whole, ""));
    let (title, shortened) = shorten(first.trim_end_matches(['.', ':']).trim_end());
    let id_text = id.map(str::to_owned);
    let mut text = String::new();
    if shortened || block.mangled || inline::loses_markup(before_cut(block, first)) {
        text = dedented(source, &block.span);
    } else if !rest.trim().is_empty() {
        text = match source_cut(block, first) {
            Some(at) => dedented(source, &(at..end)),
            None => dedented(source, &block.span),
        };
    }
    if id_text.is_some() {
        text = stated_id(&text).0.to_owned();
    }
    Head {
        title,
        text: text.trim().to_owned(),
        id: id_text,
        seat: None,
        prose: vec![whole.to_owned()],
    }
}

/// The words of a heading after "Step 3:" or a number.
pub(crate) fn heading_title(text: &str) -> String {
    let trimmed = text.trim();
    let lower = trimmed.to_lowercase();
    if let Some(rest) = lower.strip_prefix("step ") {
        let number = rest.trim_start_matches(|c: char| c.is_ascii_digit() || c == '.');
        if number.len() < rest.len() {
            let title = trimmed
                .get(trimmed.len() - number.len().min(trimmed.len())..)
                .unwrap_or_default()
                .trim_start_matches([' ', ':', '.', ')', '-', '–', '—']);
            return title.trim_end_matches(':').to_owned();
        }
    }
    outline::without_number(trimmed).trim_end_matches(':').to_owned()
}

/// The source of a heading without its marks.
fn content(source: &str, block: &Block) -> String {
    let first = block.inline.first().map_or(block.span.start, |i| i.span.start);
    let last = block.inline.iter().map(|i| i.span.end).max().unwrap_or(first);
    source.get(first..last).unwrap_or_default().trim().to_owned()
}

fn shorten(title: &str) -> (String, bool) {
    if title.chars().count() <= MAX_TITLE {
        return (title.to_owned(), false);
    }
    let cut: String = title.chars().take(MAX_TITLE).collect();
    let at = cut.rfind(' ').filter(|at| *at > MAX_TITLE / 2).unwrap_or(cut.len());
    let short = cut.get(..at).unwrap_or(&cut).trim_end_matches([',', ';', ':', '.', '(', ' ']);
    (short.to_owned(), true)
}

/// A final `{#id}` and what stands before it.
fn stated_id(text: &str) -> (&str, Option<&str>) {
    let trimmed = text.trim_end();
    let Some(open) = trimmed.rfind("{#") else { return (text, None) };
    let (before, tail) = trimmed.split_at_checked(open).unwrap_or((trimmed, ""));
    let id = tail.strip_prefix("{#").and_then(|t| t.strip_suffix('}'));
    match id {
        Some(id) if gemba_model::Slug::parse(id).is_some() && !before.ends_with('\\') => {
            (before.trim_end(), Some(id))
        }
        _ => (text, None),
    }
}

/// Whether steps are written in the canonical form: one opens as "**Lead** — Seat" or "**Lead** {#id}",
/// or each of them is a lead alone or a lead and a name, whatever kind of name it is.
pub(crate) fn in_form(steps: &[Raw<'_>]) -> bool {
    let rests: Vec<Option<String>> = steps.iter().map(after_lead).collect();
    let marked = |rest: &str| {
        let (rest, id) = stated_id(rest);
        let name = rest.trim_start().strip_prefix('—').map(str::trim);
        id.is_some()
            || name.is_some_and(|name| actor::looks_like_a_seat(name) || actor::is_a_seat(name))
    };
    let plain = |rest: &Option<String>| {
        rest.as_deref().map(str::trim).is_some_and(|rest| {
            rest.is_empty() || rest.strip_prefix('—').is_some_and(|name| is_a_name(name.trim()))
        })
    };
    rests.iter().flatten().any(|rest| marked(rest)) || rests.iter().all(plain)
}

/// Whether words can be what somebody or something is called: few, capital first, and no sentence.
fn is_a_name(words: &str) -> bool {
    words.chars().next().is_some_and(char::is_uppercase)
        && words.chars().all(|c| c.is_alphanumeric() || " -'&/".contains(c))
        && words.split_whitespace().count() <= 3
}

/// What stands behind the bold lead of a step, in its paragraph; nothing where it has no such lead.
fn after_lead(raw: &Raw<'_>) -> Option<String> {
    let inline = &raw.head?.inline;
    let first = inline.first()?;
    let close = inline.iter().position(|i| i.piece == Piece::Close(Mark::Strong))?;
    let rest = inline.get(close + 1..).unwrap_or_default();
    (first.piece == Piece::Open(Mark::Strong)).then(|| plain(rest))
}

/// "**Lead**", "**Lead** — Seat {#id}", "**Lead**. More words."
fn bold_lead(source: &str, block: &Block, end: usize, style: Style) -> Option<Head> {
    let first = block.inline.first()?;
    if first.piece != Piece::Open(Mark::Strong) {
        return None;
    }
    let close = block.inline.iter().position(|i| i.piece == Piece::Close(Mark::Strong))?;
    let inside = block.inline.get(1..close)?;
    let lead = plain(inside);
    let rest = source.get(first.span.end..end)?;
    let (rest, id) = stated_id(rest);
    let rest_end = first.span.end + rest.len();
    let ends = lead.ends_with(['.', ':', '!', '?']);
    let parted = rest.trim_end().is_empty()
        || rest.starts_with(['.', ':', '\n', '\r'])
        || [" —", " –", " - ", " ("].iter().any(|w| rest.starts_with(w));
    if !(ends || parted) || lead.is_empty() {
        return None;
    }
    let bare = lead.trim_end_matches(['.', ':']).trim_end();
    let title = if style.canonical { bare.to_owned() } else { heading_title(bare) };
    if title.is_empty() || (!style.canonical && shorten(&title).1) {
        return None;
    }
    let prose = vec![title.clone()];
    let mut head = Head { title, id: id.map(str::to_owned), prose, ..Head::default() };
    let after = rest.trim_start();
    if let Some(name) = after.strip_prefix('—').map(str::trim)
        && !name.contains('\n')
        && !name.is_empty()
        && (style.canonical || actor::looks_like_a_seat(name) || actor::is_a_seat(name))
    {
        let start =
            rest_end - rest.trim_end().len() + rest.trim_end().len() - name.len().min(rest.len());
        let span = start..rest_end;
        let from = block.inline.get(close + 1..).unwrap_or_default();
        let said = plain(from);
        let said = said.trim_start_matches(['—', ' ']);
        let said = if id.is_some() { stated_id(said).0 } else { said };
        head.seat = Some((said.to_owned(), span));
        return Some(head);
    }
    let from = first.span.end + (rest.len() - after.len());
    let text = dedented(source, &(from..rest_end.max(from)));
    let text = text.trim_start_matches(['.', ':']).trim();
    text.clone_into(&mut head.text);
    let after = block.inline.get(close + 1..).map(plain).unwrap_or_default();
    let after = after.trim_start_matches(['.', ':', ' ']);
    if !after.is_empty() {
        head.prose.push(stated_id(after).0.to_owned());
    }
    if block.mangled || inline::loses_markup(inside) {
        head.text = dedented(source, &block.span);
    }
    Some(head)
}

/// The inline pieces that make up the first sentence.
fn before_cut<'a>(block: &'a Block, first: &str) -> &'a [crate::block::Inline] {
    let wanted = first.chars().filter(|c| !c.is_whitespace()).count();
    let mut seen = 0;
    for (at, part) in block.inline.iter().enumerate() {
        if let Piece::Text(text) | Piece::Code(text) = &part.piece {
            seen += text.chars().filter(|c| !c.is_whitespace()).count();
        }
        if seen >= wanted {
            return block.inline.get(..=at).unwrap_or_default();
        }
    }
    &block.inline
}

/// Where in the source the first sentence of a paragraph ends, if not within markup.
fn source_cut(block: &Block, first: &str) -> Option<usize> {
    let wanted = first.chars().filter(|c| !c.is_whitespace()).count();
    let mut seen = 0;
    let mut open: Vec<usize> = Vec::new();
    for (at, part) in block.inline.iter().enumerate() {
        match &part.piece {
            Piece::Open(_) => open.push(part.span.end),
            Piece::Close(_) => {
                open.pop();
            }
            Piece::Text(text) | Piece::Code(text) => {
                let here = text.chars().filter(|c| !c.is_whitespace()).count();
                if seen + here < wanted {
                    seen += here;
                    continue;
                }
                let mut left = wanted - seen;
                let mut offset = 0;
                for (byte, c) in text.char_indices() {
                    if left == 0 {
                        break;
                    }
                    if !c.is_whitespace() {
                        left -= 1;
                    }
                    offset = byte + c.len_utf8();
                }
                if offset == text.len() {
                    let closers = block
                        .inline
                        .get(at + 1..)?
                        .iter()
                        .take_while(|p| matches!(p.piece, Piece::Close(_)))
                        .count();
                    if closers < open.len() {
                        return None;
                    }
                    return Some(open.first().copied().unwrap_or(part.span.end));
                }
                let verbatim =
                    text.len() == part.span.len() && matches!(part.piece, Piece::Text(_));
                return (open.is_empty() && verbatim).then_some(part.span.start + offset);
            }
            Piece::Break | Piece::Html => {}
        }
    }
    None
}

/// The branches of a step: those its sentences say, then those its bullets state; one per condition.
fn branches(
    prose: &[Prose],
    labelled: Vec<(Branch, Range<usize>)>,
    stated: Vec<(Branch, Range<usize>)>,
) -> (Vec<Decision>, Vec<Jump>) {
    let mut said: BTreeSet<String> = stated.iter().map(|(b, _)| prose::key(b)).collect();
    let mut all: Vec<(Branch, Range<usize>)> = prose::branches(prose)
        .into_iter()
        .chain(labelled)
        .filter(|(branch, _)| said.insert(prose::key(branch)))
        .collect();
    all.extend(stated);
    let mut names = Names::default();
    let mut decisions = Vec::new();
    let mut jumps = Vec::new();
    for (branch, span) in all {
        let id = gemba_model::Slug::from_text(&branch.condition, "branch");
        let outcome = match &branch.jump {
            Jump::EndAs(name) => Some(name.clone()),
            _ => None,
        };
        decisions.push(Decision {
            outcome,
            id: names.give(id.as_str()),
            condition: branch.condition,
            action: branch.action,
            target: Target::Inline,
            span: Some(Span::new(span.start, span.end)),
        });
        jumps.push(branch.jump);
    }
    (decisions, jumps)
}
