//! The first-day audit: what happens here, how often, how bad when it goes wrong, who does it; and so
//! what to write down first.

use crate::{
    Act, App, Error, Result, Who, access, audit,
    library::{self, Cover, record_for},
    processes,
    records::{AuditAnswer, ProcessRecord, RevisionLine},
    workspace::text,
};
pub use gemba_library::{Consequence, FUNCTIONS, Frequency, Weight};
use gemba_model::{Slug, id::ProcessId};
use gemba_store::{Mode, Tx, Versioned, all, insert, save};
use jiff::{Timestamp, ToSpan};
use std::collections::BTreeMap;

/// How many weeks the growth of the coverage shows.
pub const WEEKS: usize = 8;
/// The most processes that a company adds to the library's own.
const MOST_OWN: usize = 200;

/// A process that the audit asks about.
#[derive(Debug, Clone)]
pub struct Question {
    /// Its name within the audit.
    pub slug: String,
    /// Its title.
    pub title: String,
    /// The part of the company.
    pub function: String,
    /// What to ask; none for a process that the company named itself.
    pub ask: Option<&'static str>,
    /// What was said, or what is usual.
    pub weight: Weight,
    /// Whether it happens here; none where nobody said.
    pub happens: Option<bool>,
    /// Who does it, as said.
    pub seat: String,
    /// How far the workspace is with it.
    pub cover: Cover,
}

/// One part of the company.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct FunctionRow {
    /// Its name.
    pub name: String,
    /// How many processes are asked about.
    pub n_asked: usize,
    /// How many of them somebody said something about.
    pub n_answered: usize,
    /// How many happen here.
    pub n_happening: usize,
    /// How many of those have a draft only.
    pub n_drafts: usize,
    /// How many of those have a revision in force.
    pub n_in_force: usize,
}

/// Where the audit stands.
#[derive(Debug, Clone)]
pub struct FirstDay {
    /// By function, in the order of asking.
    pub functions: Vec<FunctionRow>,
    /// What happens here, the most important first.
    pub ranked: Vec<Question>,
    /// How many of these are to be written down first.
    pub n_first: usize,
    /// How many of what happens here had a revision in force at the end of each of the last weeks.
    pub growth: Vec<usize>,
    /// Whether the one who asks may answer.
    pub may_answer: bool,
}

/// The questions about one part of the company.
#[derive(Debug, Clone)]
pub struct Asked {
    /// Its name.
    pub function: String,
    /// The questions.
    pub questions: Vec<Question>,
    /// The part that is asked about next.
    pub next: Option<String>,
}

/// What somebody says about one process.
#[derive(Debug, Clone)]
pub struct Said {
    /// The name of the process within the audit.
    pub slug: String,
    /// Whether it happens here.
    pub happens: bool,
    /// How often and how bad.
    pub weight: Weight,
    /// Who does it; may be empty.
    pub seat: String,
}

/// Everything that bears on the audit.
struct Known {
    answers: BTreeMap<String, Versioned<AuditAnswer>>,
    records: Vec<ProcessRecord>,
}

impl Known {
    async fn load(tx: &mut dyn Tx) -> Result<Self> {
        let answers = all::<AuditAnswer>(tx).await?;
        Ok(Self {
            answers: answers.into_iter().map(|a| (a.value.slug.clone(), a)).collect(),
            records: library::records(tx).await?,
        })
    }

    fn record(&self, slug: &str, title: &str, made: Option<ProcessId>) -> Option<&ProcessRecord> {
        self.records
            .iter()
            .find(|r| Some(r.id) == made && r.retired.is_none())
            .or_else(|| record_for(&self.records, slug, title))
    }

    /// The library's processes, then those that the company named itself.
    fn questions(&self) -> Vec<Question> {
        let of_library = gemba_library::all().iter().map(|entry| {
            let answer = self.answers.get(entry.slug).map(|a| &a.value);
            Question {
                slug: entry.slug.to_owned(),
                title: entry.title.to_owned(),
                function: entry.function.to_owned(),
                ask: Some(entry.question),
                weight: answer.map_or(entry.usual, |a| a.weight),
                happens: answer.map(|a| a.happens),
                seat: answer.map(|a| a.seat.clone()).unwrap_or_default(),
                cover: self.cover(entry.slug, entry.title, answer),
            }
        });
        let own = self.answers.values().map(|a| &a.value).filter(|a| {
            // What was named before the library had it is asked about once.
            gemba_library::find(&a.slug).is_none()
        });
        let own = own.map(|answer| Question {
            slug: answer.slug.clone(),
            title: answer.title.clone(),
            function: answer.function.clone(),
            ask: None,
            weight: answer.weight,
            happens: Some(answer.happens),
            seat: answer.seat.clone(),
            cover: self.cover(&answer.slug, &answer.title, Some(answer)),
        });
        of_library.chain(own).collect()
    }

    fn cover(&self, slug: &str, title: &str, answer: Option<&AuditAnswer>) -> Cover {
        Cover::of(self.record(slug, title, answer.and_then(|a| a.process)))
    }
}

/// Where the audit stands: coverage by function, and what to write down first.
pub async fn overview(app: &App, who: &Who) -> Result<FirstDay> {
    let mut tx = app.open(who, Act::Read, Mode::Read).await?;
    let known = Known::load(&mut *tx).await?;
    let questions = known.questions();
    let functions = FUNCTIONS.iter().map(|name| function_row(name, &questions)).collect();
    let happening: Vec<Question> =
        questions.into_iter().filter(|q| q.happens == Some(true)).collect();
    let weights: Vec<Weight> = happening.iter().map(|q| q.weight).collect();
    let first = gemba_library::rank(&weights);
    let ranked: Vec<Question> =
        first.order.iter().filter_map(|at| happening.get(*at).cloned()).collect();
    let growth = growth(app, &mut *tx, &known, &ranked).await?;
    let may_answer = access::may(who, Act::Manage);
    Ok(FirstDay { functions, ranked, n_first: first.n_first, growth, may_answer })
}

fn function_row(name: &str, questions: &[Question]) -> FunctionRow {
    let mut row = FunctionRow { name: name.to_owned(), ..FunctionRow::default() };
    for question in questions.iter().filter(|q| q.function == name) {
        row.n_asked += 1;
        row.n_answered += usize::from(question.happens.is_some());
        if question.happens == Some(true) {
            row.n_happening += 1;
            row.n_drafts += usize::from(matches!(question.cover, Cover::Draft(_)));
            row.n_in_force += usize::from(matches!(question.cover, Cover::InForce(_)));
        }
    }
    row
}

/// When each process first had a revision, counted at the end of each week.
async fn growth(
    app: &App,
    tx: &mut dyn Tx,
    known: &Known,
    ranked: &[Question],
) -> Result<Vec<usize>> {
    let mut since: Vec<Timestamp> = Vec::new();
    for question in ranked {
        let Cover::InForce(slug) = &question.cover else { continue };
        let Some(record) = known.records.iter().find(|r| r.slug == *slug) else { continue };
        let revisions = RevisionLine::of(tx, record.id).await?;
        since.extend(revisions.iter().map(|revision| revision.at).min());
    }
    let now = app.now();
    let mut weeks = Vec::with_capacity(WEEKS);
    for back in (0..i64::try_from(WEEKS).unwrap_or(0)).rev() {
        let end = now.checked_sub((back * 7 * 24).hours()).unwrap_or(now);
        weeks.push(since.iter().filter(|at| **at <= end).count());
    }
    Ok(weeks)
}

/// The questions about one part of the company.
pub async fn function(app: &App, who: &Who, name: &str) -> Result<Asked> {
    let at = FUNCTIONS
        .iter()
        .position(|function| Slug::from_text(function, "function").as_str() == name)
        .ok_or_else(|| Error::not_found("function", name))?;
    let mut tx = app.open(who, Act::Read, Mode::Read).await?;
    let known = Known::load(&mut *tx).await?;
    let function = FUNCTIONS.get(at).copied().unwrap_or_default().to_owned();
    let questions =
        known.questions().into_iter().filter(|question| question.function == function).collect();
    let next = FUNCTIONS.get(at + 1).map(|next| Slug::from_text(next, "function").to_string());
    Ok(Asked { function, questions, next })
}

/// Keeps what somebody said about processes that the audit asks about.
pub async fn answer(app: &App, who: &Who, said: Vec<Said>) -> Result<()> {
    let mut tx = app.open(who, Act::Manage, Mode::Write).await?;
    let mut known = Known::load(&mut *tx).await?;
    let asked = known.questions();
    for said in said {
        let question = asked
            .iter()
            .find(|q| q.slug == said.slug)
            .ok_or_else(|| Error::not_found("process of the audit", &said.slug))?;
        let seat =
            if said.seat.trim().is_empty() { String::new() } else { text("seat", &said.seat, 80)? };
        let before = known.answers.remove(&said.slug);
        let value = AuditAnswer {
            slug: said.slug,
            title: question.title.clone(),
            function: question.function.clone(),
            happens: said.happens,
            weight: said.weight,
            seat,
            process: before.as_ref().and_then(|b| b.value.process),
            by: who.name.clone(),
            at: app.now(),
        };
        match before {
            Some(before) if same(&before.value, &value) => {}
            Some(Versioned { version, .. }) => {
                save(&mut *tx, &Versioned { value, version }).await?;
            }
            None => insert(&mut *tx, &value).await?,
        }
    }
    tx.commit().await?;
    Ok(())
}

/// Whether two answers say the same, whoever gave them.
fn same(one: &AuditAnswer, other: &AuditAnswer) -> bool {
    (one.happens, one.weight, &one.seat) == (other.happens, other.weight, &other.seat)
}

/// Adds a process of the company's own to the questions about a function.
pub async fn add(app: &App, who: &Who, function: &str, title: &str) -> Result<()> {
    let title = text("title", title, 120)?;
    let mut tx = app.open(who, Act::Manage, Mode::Write).await?;
    let known = Known::load(&mut *tx).await?;
    let slug = Slug::from_text(&title, "process").to_string();
    let taken = known.questions().iter().any(|q| q.slug == slug);
    if taken {
        return Err(Error::invalid("title", "the audit asks about a process of this name already"));
    }
    if known.answers.len() >= gemba_library::all().len() + MOST_OWN {
        return Err(Error::invalid("title", format!("the audit takes {MOST_OWN} own processes")));
    }
    let function = FUNCTIONS
        .iter()
        .find(|name| **name == function)
        .ok_or_else(|| Error::not_found("function", function))?;
    let answer = AuditAnswer {
        slug,
        title,
        function: (*function).to_owned(),
        happens: true,
        weight: Weight { frequency: Frequency::Weekly, consequence: Consequence::Medium },
        seat: String::new(),
        process: None,
        by: who.name.clone(),
        at: app.now(),
    };
    insert(&mut *tx, &answer).await?;
    tx.commit().await?;
    Ok(())
}

/// A draft that was made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Made {
    /// The title of the process.
    pub title: String,
    /// The name of the process in addresses.
    pub slug: String,
}

/// Makes a draft of each of these processes that has none: from the library, or a blank one for a
/// process of the company's own. Whoever was said to do it becomes the owner.
pub async fn draft(app: &App, who: &Who, slugs: &[String]) -> Result<Vec<Made>> {
    let mut tx = app.open(who, Act::Manage, Mode::Write).await?;
    let mut known = Known::load(&mut *tx).await?;
    let asked = known.questions();
    let mut made = Vec::new();
    for slug in slugs {
        let question = asked
            .iter()
            .find(|q| q.slug == *slug)
            .ok_or_else(|| Error::not_found("process of the audit", slug))?;
        if question.cover != Cover::Nothing {
            continue;
        }
        let process = if let Some(entry) = gemba_library::find(slug) {
            library::add(app, &mut *tx, who, entry, &question.seat).await?
        } else {
            let blank = processes::blank(&question.title, &question.seat, &question.function);
            processes::add_text(app, &mut *tx, who, &question.title, blank).await?
        };
        if let Some(mut answer) = known.answers.remove(slug) {
            answer.value.process = Some(processes::find(&mut *tx, &process).await?.value.id);
            save(&mut *tx, &answer).await?;
        }
        made.push(Made { title: question.title.clone(), slug: process });
    }
    if !made.is_empty() {
        let slugs: Vec<&str> = made.iter().map(|m| m.slug.as_str()).collect();
        audit::write(app, &mut *tx, who, "audit.drafted", "first-day", &slugs).await?;
    }
    tx.commit().await?;
    Ok(made)
}
