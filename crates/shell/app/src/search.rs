//! Search over everything: what each thing is found by, and what somebody is looking for.
//!
//! What can be found is written in the transaction that changes it, by the functions at the end of this
//! file. [`prepare`] writes all of it anew where an older Gemba wrote less.

use crate::{
    Act, App, Error, Result, Who, attachments, drafts,
    processes::checked,
    records::{Account, Holder, ProcessRecord, Revision, Seat},
    runs,
    seats::Directory,
};
use gemba_model::{
    Process,
    id::{ProcessId, RunId},
};
use gemba_store::{
    Key, Mode, Record, RunFilter, RunState, SearchFilter, SearchRow, Tx, Versioned, all, insert,
    load, save,
    search::{matches, words},
};
use serde::{Deserialize, Serialize};
use std::ops::Range;

/// The most hits at once.
pub const MAX_LIMIT: u32 = 200;
/// The last hit that is shown; who looks further needs other words.
pub const MAX_OFFSET: u32 = 1_000;
/// The longest question, in characters.
pub const MAX_QUESTION: usize = 200;
/// How much of a text is shown around what was found, in characters.
const SHOWN: usize = 180;
/// How many processes and seats that are called what somebody looks for come before all else.
const NAMED: u32 = 12;
/// What the index holds; a higher number makes [`prepare`] write it anew.
const VERSION: u32 = 2;

/// The kinds of things that can be found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// A process.
    Process,
    /// A seat.
    Seat,
    /// A run.
    Run,
}

impl Kind {
    /// All kinds.
    pub const ALL: [Self; 3] = [Self::Process, Self::Seat, Self::Run];

    /// The word in JSON, addresses and the index.
    pub fn word(self) -> &'static str {
        match self {
            Self::Process => "process",
            Self::Seat => "seat",
            Self::Run => "run",
        }
    }

    /// The kind of a [`Self::word`].
    pub fn of_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.word() == word)
    }
}

/// What somebody asks.
#[derive(Debug, Clone, Default)]
pub struct Question {
    /// The words, as typed. Each may be the beginning of a word.
    pub text: String,
    /// Only of this kind.
    pub kind: Option<Kind>,
    /// Leave out so many of the best.
    pub offset: u32,
    /// At most this many; at least one.
    pub limit: u32,
}

/// What was found.
#[derive(Debug, Clone)]
pub struct Answer {
    /// The best first.
    pub hits: Vec<Hit>,
    /// Whether there are others behind them.
    pub more: bool,
}

/// One thing that was found.
#[derive(Debug, Clone)]
pub struct Hit {
    /// What it is.
    pub found: Found,
    /// Its title, with the words asked for marked.
    pub title: Vec<Piece>,
    /// Where else the words stand, marked; empty where all is in the title.
    pub excerpt: Vec<Piece>,
}

/// A piece of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Piece {
    /// The words, as they stand in the text.
    pub text: String,
    /// Whether they were asked for.
    pub hit: bool,
}

/// What a hit is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Found {
    /// A process.
    Process {
        /// The name in addresses.
        slug: String,
        /// The part of the company.
        function: Option<String>,
        /// The name of the seat that owns it.
        owner: Option<String>,
        /// Whether it is only a draft.
        draft: bool,
    },
    /// A seat.
    Seat {
        /// The name in addresses.
        slug: String,
        /// Who sits on it.
        holder: Option<String>,
    },
    /// A run.
    Run {
        /// The run.
        id: RunId,
        /// The title of its process.
        process: String,
        /// Where it stands.
        state: RunState,
    },
}

impl Found {
    /// Of which kind it is.
    pub fn kind(&self) -> Kind {
        match self {
            Self::Process { .. } => Kind::Process,
            Self::Seat { .. } => Kind::Seat,
            Self::Run { .. } => Kind::Run,
        }
    }
}

/// Finds what has all the words, the best first. A question without a letter or digit finds nothing.
pub async fn find(app: &App, who: &Who, question: &Question) -> Result<Answer> {
    let mut tx = app.open(who, Act::Read, Mode::Read).await?;
    if question.text.chars().count() > MAX_QUESTION {
        let message = format!("a question has at most {MAX_QUESTION} characters");
        return Err(Error::invalid("q", message));
    }
    let limit = question.limit.clamp(1, MAX_LIMIT);
    let filter = SearchFilter {
        words: SearchFilter::words_of(&question.text),
        kinds: question.kind.map(|kind| kind.word().to_owned()).into_iter().collect(),
        offset: question.offset.min(MAX_OFFSET),
        limit: limit + 1,
    };
    let mut rows = if question.kind.is_none() {
        named_first(&mut *tx, &filter).await?
    } else {
        tx.search(&filter).await?
    };
    let shown = usize::try_from(limit).unwrap_or(usize::MAX);
    let more = rows.len() > shown && filter.offset + limit <= MAX_OFFSET;
    rows.truncate(shown);
    let directory = Directory::load(&mut *tx).await?;
    let mut hits = Vec::new();
    for row in rows {
        if let Some(found) = found(&mut *tx, &row, &directory).await? {
            let title = marked(&row.title, &filter.words);
            let mut rest = format!("{}\n{}", row.lines, row.text);
            if found.kind() == Kind::Seat {
                // Names, holder and function are no sentence: they are told apart.
                let parts: Vec<&str> =
                    rest.lines().filter(|part| !part.trim().is_empty()).collect();
                rest = parts.join(" · ");
            }
            hits.push(Hit { found, title, excerpt: excerpt(&row.title, &rest, &filter.words) });
        }
    }
    Ok(Answer { hits, more })
}

/// What a filter finds, with the processes and seats that are called so before all else. The runs of a
/// process bear its name too, and there may be thousands of them: who types a name means the thing.
async fn named_first(tx: &mut dyn Tx, filter: &SearchFilter) -> Result<Vec<SearchRow>> {
    let things = [Kind::Process, Kind::Seat].map(|kind| kind.word().to_owned()).to_vec();
    let best = SearchFilter { kinds: things, offset: 0, limit: NAMED, ..filter.clone() };
    let mut named = tx.search(&best).await?;
    named.retain(|row| is_named(&row.title, &filter.words));
    // The one that bears this name and no more comes first.
    named.sort_by_key(|row| words(&row.title).len() > filter.words.iter().map(Vec::len).sum());
    // Where the named ones would have stood is not known: all before the page is read with it.
    let all = SearchFilter { offset: 0, limit: filter.offset + filter.limit, ..filter.clone() };
    let mut rest = tx.search(&all).await?;
    rest.retain(|row| !named.iter().any(|n| (&n.kind, &n.id) == (&row.kind, &row.id)));
    let offset = usize::try_from(filter.offset).unwrap_or(usize::MAX);
    let limit = usize::try_from(filter.limit).unwrap_or(usize::MAX);
    Ok(named.into_iter().chain(rest).skip(offset).take(limit).collect())
}

/// Whether a title has all the words asked for.
fn is_named(title: &str, asked: &[Vec<String>]) -> bool {
    let places = matches(asked, &words(title));
    !places.is_empty() && places.iter().all(|at| !at.is_empty())
}

async fn found(tx: &mut dyn Tx, row: &SearchRow, directory: &Directory) -> Result<Option<Found>> {
    Ok(match Kind::of_word(&row.kind) {
        Some(Kind::Process) => load::<ProcessRecord>(tx, &row.id).await?.map(|p| {
            let owner = crate::seats::owner_of(&p.value, directory);
            Found::Process {
                function: p.value.summary().function.clone(),
                owner: owner.and_then(|id| directory.name(id)).map(str::to_owned),
                draft: p.value.published.is_none(),
                slug: p.value.slug,
            }
        }),
        Some(Kind::Seat) => match load::<Seat>(tx, &row.id).await? {
            Some(seat) => {
                Some(Found::Seat { holder: holder(tx, &seat.value).await?, slug: seat.value.slug })
            }
            None => None,
        },
        Some(Kind::Run) => match row.id.parse::<RunId>() {
            Ok(id) => tx.run(id).await?.map(|run| Found::Run {
                id,
                process: row.lines.clone(),
                state: run.state,
            }),
            Err(_other) => None,
        },
        None => None,
    })
}

/// The places of the words asked for in a text, in order and without overlap.
fn places(text: &str, asked: &[Vec<String>]) -> Vec<Range<usize>> {
    let words = words(text);
    let mut places: Vec<Range<usize>> = Vec::new();
    let mut found: Vec<Range<usize>> = matches(asked, &words).into_iter().flatten().collect();
    found.sort_by_key(|r| (r.start, r.end));
    for range in found {
        let (Some(first), Some(last)) = (words.get(range.start), words.get(range.end - 1)) else {
            continue;
        };
        match places.last_mut() {
            Some(before) if first.at.start < before.end => {
                before.end = before.end.max(last.at.end);
            }
            _ => places.push(first.at.start..last.at.end),
        }
    }
    places
}

/// A text with the words asked for marked.
pub fn marked(text: &str, asked: &[Vec<String>]) -> Vec<Piece> {
    pieces(text, 0..text.len(), &places(text, asked))
}

fn pieces(text: &str, shown: Range<usize>, places: &[Range<usize>]) -> Vec<Piece> {
    let mut pieces: Vec<Piece> = Vec::new();
    let mut add = |range: Range<usize>, hit| {
        if let Some(text) = text.get(range).filter(|t| !t.is_empty()) {
            pieces.push(Piece { text: text.split_whitespace().collect::<Vec<_>>().join(" "), hit });
            // Words that a line end parted stay apart.
            if let Some(piece) = pieces.last_mut() {
                let (begins, ends) =
                    (text.starts_with(char::is_whitespace), text.ends_with(char::is_whitespace));
                piece.text = match (begins, ends, piece.text.is_empty()) {
                    (_, _, true) => " ".to_owned(),
                    (true, true, _) => format!(" {} ", piece.text),
                    (true, false, _) => format!(" {}", piece.text),
                    (false, true, _) => format!("{} ", piece.text),
                    (false, false, _) => std::mem::take(&mut piece.text),
                };
            }
        }
    };
    let mut at = shown.start;
    for place in places.iter().filter(|p| p.start >= shown.start && p.end <= shown.end) {
        add(at..place.start, false);
        add(place.clone(), true);
        at = place.end;
    }
    add(at..shown.end, false);
    pieces
}

/// The part of a text that shows the most of the words that the title lacks.
fn excerpt(title: &str, text: &str, asked: &[Vec<String>]) -> Vec<Piece> {
    let in_title = matches(asked, &words(title));
    let missing: Vec<Vec<String>> = asked
        .iter()
        .zip(&in_title)
        .filter(|(_, places)| places.is_empty())
        .map(|(word, _)| word.clone())
        .collect();
    let places = places(text, if missing.is_empty() { asked } else { &missing });
    let Some(best) = best_start(&places, text) else { return Vec::new() };
    let begin = word_boundary(text, best.saturating_sub(40));
    let end = text
        .get(begin..)
        .and_then(|t| t.char_indices().nth(SHOWN))
        .map_or(text.len(), |(length, _)| word_boundary(text, begin + length));
    let mut shown = pieces(text, begin..end, &places);
    if let Some(first) = shown.first_mut().filter(|_| begin > 0) {
        first.text = format!("… {}", first.text.trim_start());
    }
    if let Some(last) = shown.last_mut().filter(|_| end < text.len()) {
        last.text = format!("{} …", last.text.trim_end());
    }
    shown
}

/// The place from which the most others are near.
fn best_start(places: &[Range<usize>], text: &str) -> Option<usize> {
    let near = |place: &Range<usize>| {
        let lie = |other: &&Range<usize>| (place.start..place.start + SHOWN).contains(&other.start);
        // A word in different spellings counts once.
        let mut words: Vec<String> = places
            .iter()
            .filter(lie)
            .take(32)
            .filter_map(|p| text.get(p.clone()).map(str::to_lowercase))
            .collect();
        words.sort_unstable();
        words.dedup();
        words.len()
    };
    let firsts = places.iter().take(500);
    firsts.map(|p| (std::cmp::Reverse(near(p)), p.start)).min().map(|(_, start)| start)
}

/// The beginning of the word at a place, or of the next one where the place is within a long word.
fn word_boundary(text: &str, at: usize) -> usize {
    let at = (0..=at.min(text.len())).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
    let before = text.get(..at).and_then(|t| t.rfind(char::is_whitespace)).map_or(0, |i| i + 1);
    if at - before < 40 && text.is_char_boundary(before) { before } else { at }
}

/// Which index is written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct SearchIndex {
    version: u32,
}

impl Record for SearchIndex {
    const KIND: &'static str = "search_index";
    fn id(&self) -> String {
        Self::KIND.to_owned()
    }
    fn keys(&self) -> Vec<Key> {
        Vec::new()
    }
}

/// Makes everything findable that is not yet, because an older Gemba kept it; whether it had to.
pub async fn prepare(app: &App) -> Result<bool> {
    let who = Who::system();
    let mut tx = app.open(&who, Act::Manage, Mode::Read).await?;
    let known = load::<SearchIndex>(&mut *tx, SearchIndex::KIND).await?;
    drop(tx);
    if known.as_ref().is_some_and(|k| k.value.version == VERSION) {
        return Ok(false);
    }
    let mut tx = app.open(&who, Act::Manage, Mode::Write).await?;
    tx.clear_search().await?;
    for record in all::<ProcessRecord>(&mut *tx).await? {
        refresh(&mut *tx, &record).await?;
    }
    for seat in all::<Seat>(&mut *tx).await? {
        put_seat(&mut *tx, &seat.value).await?;
    }
    let mut before = None;
    loop {
        let filter = RunFilter { before, limit: 500, ..RunFilter::default() };
        let page = tx.runs(&filter).await?;
        let Some(last) = page.last() else { break };
        before = Some(last.id);
        for run in page {
            let process = load::<ProcessRecord>(&mut *tx, &run.process.to_string()).await?;
            let process = process.map(|p| p.value.summary().title.clone()).unwrap_or_default();
            put_run(&mut *tx, run.id, &runs::state_of(&run)?.title, &process).await?;
        }
    }
    match load::<SearchIndex>(&mut *tx, SearchIndex::KIND).await? {
        Some(known) => {
            let now = Versioned { value: SearchIndex { version: VERSION }, ..known };
            save(&mut *tx, &now).await?;
        }
        None => insert(&mut *tx, &SearchIndex { version: VERSION }).await?,
    }
    tx.commit().await?;
    Ok(true)
}

/// Makes a process findable by what is true of it now: what is in force, or else the draft.
/// What was retired is not found.
pub(crate) async fn refresh(tx: &mut dyn Tx, record: &Versioned<ProcessRecord>) -> Result<()> {
    if record.value.retired.is_some() {
        return Ok(tx.delete_search(Kind::Process.word(), &record.value.id.to_string()).await?);
    }
    let in_force = match &record.value.published {
        Some(p) => load::<Revision>(tx, &p.revision).await?.map(|r| r.value.compiled),
        None => None,
    };
    let process = if let Some(process) = in_force {
        process
    } else {
        let draft = drafts::of(tx, record).await?;
        checked(&draft.text, &record.value.slug).process
    };
    put_process(tx, record.value.id, &process).await
}

/// Makes a process findable by what it says.
pub(crate) async fn put_process(tx: &mut dyn Tx, id: ProcessId, process: &Process) -> Result<()> {
    let steps = process.all_steps();
    let lines: Vec<&str> = steps.iter().map(|step| step.title.as_str()).collect();
    let mut text: Vec<&str> = vec![process.purpose.as_str()];
    for step in &steps {
        text.push(&step.text);
        text.extend(step.decisions.iter().flat_map(|d| [d.condition.as_str(), d.action.as_str()]));
        text.extend(step.evidence.iter().map(|e| e.text.as_str()));
        text.extend(step.due.as_deref());
    }
    text.extend(process.expected_output.iter().map(|o| o.text.as_str()));
    text.extend(process.failure_signals.iter().map(|s| s.text.as_str()));
    text.extend(process.triggers.iter().map(|t| t.text.as_str()));
    text.extend(process.sections.iter().flat_map(|s| [s.title.as_str(), s.text.as_str()]));
    text.extend(process.function.as_deref());
    text.extend(process.seat_names());
    let attached = attachments::of(tx, id).await?;
    text.extend(attached.iter().flat_map(|a| [a.value.title.as_str(), a.value.summary.as_str()]));
    text.retain(|part| !part.trim().is_empty());
    let row = SearchRow {
        kind: Kind::Process.word().to_owned(),
        id: id.to_string(),
        title: process.title.clone(),
        lines: lines.join("\n"),
        text: text.join("\n"),
    };
    Ok(tx.put_search(&row).await?)
}

/// Makes a seat findable by its names, its holder and what it is there for.
pub(crate) async fn put_seat(tx: &mut dyn Tx, seat: &Seat) -> Result<()> {
    let holder = holder(tx, seat).await?;
    let lines: Vec<&str> =
        seat.aliases.iter().map(String::as_str).chain(holder.as_deref()).collect();
    let text: Vec<&str> = seat.function.as_deref().into_iter().chain([&*seat.purpose]).collect();
    let row = SearchRow {
        kind: Kind::Seat.word().to_owned(),
        id: seat.id.to_string(),
        title: seat.name.clone(),
        lines: lines.join("\n"),
        text: text.join("\n"),
    };
    Ok(tx.put_search(&row).await?)
}

/// A seat that is gone is not found.
pub(crate) async fn forget_seat(tx: &mut dyn Tx, seat: &Seat) -> Result<()> {
    Ok(tx.delete_search(Kind::Seat.word(), &seat.id.to_string()).await?)
}

/// Makes a run findable by what it is about.
pub(crate) async fn put_run(tx: &mut dyn Tx, id: RunId, title: &str, process: &str) -> Result<()> {
    let row = SearchRow {
        kind: Kind::Run.word().to_owned(),
        id: id.to_string(),
        title: title.to_owned(),
        lines: process.to_owned(),
        text: String::new(),
    };
    Ok(tx.put_search(&row).await?)
}

async fn holder(tx: &mut dyn Tx, seat: &Seat) -> Result<Option<String>> {
    Ok(match &seat.holder {
        Holder::Vacant => None,
        Holder::Agent { name } => Some(name.clone()),
        Holder::Person { account } => {
            load::<Account>(tx, &account.to_string()).await?.map(|a| a.value.name)
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(pieces: &[Piece]) -> String {
        pieces
            .iter()
            .map(|p| if p.hit { format!("[{}]", p.text) } else { p.text.clone() })
            .collect()
    }

    #[test]
    fn the_words_asked_for_are_marked_where_they_begin_a_word() {
        let check = |text: &str, asked: &str, expected: &str| {
            let asked = SearchFilter::words_of(asked);
            assert_eq!(shown(&marked(text, &asked)), expected, "{text}");
        };
        check("Monthly invoicing", "inv", "Monthly [invoicing]");
        check("Überprüfung <b>", "uber b", "[Überprüfung] <[b]>");
        check("an e-mail to all", "e-mail", "an [e-mail] to all");
        check("an e-mail", "mail e-mail", "an [e-mail]");
        check("nothing", "else", "nothing");
    }

    #[test]
    fn an_excerpt_shows_what_the_title_lacks() {
        let check = |title: &str, text: &str, asked: &str, expected: &str| {
            let asked = SearchFilter::words_of(asked);
            assert_eq!(shown(&excerpt(title, text, &asked)), expected, "{text}");
        };
        check("Payroll", "Collect hours\nPay all", "payroll hours", "Collect [hours] Pay all");
        check("Payroll", "Nothing of it", "payroll", "");
        let long = format!("{} the needle {}", "hay ".repeat(80), "hay ".repeat(80));
        let asked = SearchFilter::words_of("needle");
        let text = shown(&excerpt("Barn", &long, &asked));
        assert!(text.starts_with("… hay") && text.ends_with("hay …"), "{text}");
        assert!(text.contains("the [needle] hay") && text.chars().count() < 200, "{text}");
        let unbroken = "ä".repeat(5_000);
        assert!(!excerpt("x", &unbroken, &SearchFilter::words_of("ä")).is_empty());
    }
}
