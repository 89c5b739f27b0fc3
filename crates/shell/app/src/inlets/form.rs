//! A form behind a link, for guests: what it asks, and that it is not sent too often.

use super::in_force;
use crate::{
    Act, App, Error, Result, Who,
    accounts::hashed,
    audit,
    records::{Inlet, Question, Source},
    triggers::{
        Brought,
        turn::{self, Armed, Happening},
    },
    workspace::{loaded, text},
};
use gemba_model::id::TriggerId;
use gemba_store::{Mode, OccurrenceKind, OccurrenceState, Tx, Versioned, save, unique};
use jiff::SignedDuration;
use std::collections::BTreeMap;

/// The most questions of a form.
const QUESTIONS: usize = 20;
/// The longest answer, in characters.
const MAX_ANSWER: usize = 2_000;
/// How often a form may be sent within an hour, by whomever.
const PER_HOUR: usize = 30;

/// What a guest sees.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked {
    /// The company.
    pub workspace: String,
    /// What the form is called.
    pub name: String,
    /// What is said above it.
    pub words: String,
    /// What is asked.
    pub questions: Vec<Question>,
}

pub(super) fn checked(questions: Vec<Question>) -> Result<Vec<Question>> {
    if questions.is_empty() || questions.len() > QUESTIONS {
        return Err(Error::invalid("questions", format!("ask 1 to {QUESTIONS} questions")));
    }
    let checked = |question: Question| {
        let label = text("questions", &question.label, 200)?;
        Ok(Question { label, ..question })
    };
    questions.into_iter().map(checked).collect()
}

/// The form behind a link; a link that was taken back is the link to nothing.
async fn behind(tx: &mut dyn Tx, secret: &str) -> Result<Versioned<Inlet>> {
    let gone = || Error::not_found("form", "behind this link");
    if secret.len() > 200 {
        return Err(gone());
    }
    let found = unique::<Inlet>(tx, "link", &hashed(secret.as_bytes())).await?;
    found.filter(|inlet| inlet.value.active).ok_or_else(gone)
}

/// What the form behind a link asks. Whoever has the link may look.
pub async fn asked(app: &App, secret: &str) -> Result<Asked> {
    let mut tx = app.open_for_identity(Mode::Read).await?;
    let inlet = behind(&mut *tx, secret).await?.value;
    let workspace = loaded(&mut *tx).await?.value.name;
    match inlet.source {
        Source::Request(form) => {
            let (name, words, questions) = (inlet.name, form.words, form.questions);
            Ok(Asked { workspace, name, words, questions })
        }
        Source::Event(_) | Source::Threshold(_) => Err(Error::not_found("form", inlet.id)),
    }
}

/// Sends the form behind a link, with an answer for each question in order; how its occurrence stands
/// comes back. A guest hears no more of it.
pub async fn guest(app: &App, secret: &str, answers: &[String]) -> Result<OccurrenceState> {
    let mut tx = app.open_for_identity(Mode::Read).await?;
    let name = behind(&mut *tx, secret).await?.value.name;
    drop(tx);
    let name = format!("A guest, by “{name}”");
    let who = Who { name, ..Who::system() };
    let mut tx = app.open(&who, Act::StartRun, Mode::Write).await?;
    let mut inlet = behind(&mut *tx, secret).await?;
    let now = app.now();
    let armed = Armed::of_inlet(&inlet.value);
    let title_of = inlet.value.name.clone();
    let Source::Request(form) = &mut inlet.value.source else {
        return Err(Error::not_found("form", armed.id));
    };
    let mut inputs = BTreeMap::new();
    let mut first = None;
    for (n, question) in form.questions.iter().enumerate() {
        let answer = answers.get(n).map(|answer| answer.trim()).unwrap_or_default();
        if answer.is_empty() && question.required {
            return Err(Error::invalid("answers", format!("answer “{}”", question.label)));
        }
        if answer.chars().count() > MAX_ANSWER {
            let message = format!("“{}” takes at most {MAX_ANSWER} characters", question.label);
            return Err(Error::invalid("answers", message));
        }
        if answer.is_empty() {
            continue;
        }
        let line = answer.lines().next().unwrap_or_default();
        first.get_or_insert_with(|| line.chars().take(100).collect::<String>());
        let plain = |c: char| if c.is_control() && c != '\n' { ' ' } else { c };
        inputs.insert(question.label.clone(), answer.chars().map(plain).collect());
    }
    let hour = SignedDuration::from_hours(1);
    form.sent.retain(|sent| now.duration_since(*sent) < hour);
    if form.sent.len() >= PER_HOUR {
        return Err(Error::TooOften { what: "this form" });
    }
    form.sent.push(now);
    save(&mut *tx, &inlet).await?;
    let happening = Happening {
        kind: OccurrenceKind::Request,
        cause: None,
        skip: None,
        because: Some("A guest sent the form.".to_owned()),
        brought: Brought {
            title: first.map(|first| format!("{title_of}: {first}")),
            inputs,
            ..Brought::default()
        },
    };
    let row = turn::happen(app, &mut *tx, &who, &armed, happening).await?;
    tx.commit().await?;
    Ok(row.map_or(OccurrenceState::Skipped, |row| row.state))
}

/// Makes another link for a form, which comes back, once; the one before works no longer.
pub(super) async fn new_link(app: &App, who: &Who, id: TriggerId) -> Result<String> {
    let mut tx = app.open(who, Act::Manage, Mode::Write).await?;
    let mut inlet = in_force(&mut *tx, id).await?;
    let secret = app.secret("ask");
    let Source::Request(form) = &mut inlet.value.source else {
        return Err(Error::not_found("form", id));
    };
    form.hash = hashed(secret.as_bytes());
    save(&mut *tx, &inlet).await?;
    audit::write(app, &mut *tx, who, "trigger.secret_changed", &id.to_string(), &()).await?;
    tx.commit().await?;
    Ok(secret)
}
