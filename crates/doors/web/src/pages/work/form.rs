//! The form in which a step is done: what is asked, what was typed, what is wrong with it.

use super::{
    elsewhere::{Handing, Skipping},
    sharing::Shared,
};
use crate::{
    gate::{Upload, Uploaded},
    refusal::{Refusal, sentence},
    ui::{
        act::{Weight, button, buttons, csrf, hidden},
        field::{self, Choice, Field, Input, error_summary},
        list::fold,
        prose::{line, prose},
    },
    visit::Visit,
};
use axum::http::StatusCode;
use gemba_app::{
    Error,
    approvals::Record,
    error::Rejection,
    files,
    work::{Completion, Given, WorkRow},
};
use gemba_model::{
    Decision, Evidence, EvidenceKind, Next, Step,
    field::{self as asked_value, Shape},
};
use maud::{Markup, html};

/// The name of the field for one more link, and for one more file.
const LINK: &str = "more-link";
const FILE: &str = "more-file";
/// The longest name of a file that is kept.
const LONGEST_NAME: usize = 200;

/// What was filled in for one piece of evidence: words, an address, or a file that is kept already.
#[derive(Debug, Clone, Default)]
struct Piece {
    value: String,
    name: Option<String>,
}

/// What was filled in.
#[derive(Debug, Default)]
pub(in crate::pages) struct Typed {
    branch: String,
    reason: String,
    note: String,
    parts: Vec<String>,
    evidence: Vec<Piece>,
    link: Piece,
    file: Piece,
    /// The digest of what was on record on the page.
    shown: String,
    /// Handing the step to another seat, where that was sent.
    pub(super) handing: Handing,
    /// Going on without the step, where that was sent.
    pub(super) skipping: Skipping,
    /// Giving it to a person or putting it aside, where that was sent.
    pub(super) shared: Shared,
    /// Whether a problem was to be reported without a word.
    pub(super) reported: bool,
}

/// What is wrong with what was filled in.
#[derive(Debug, Default)]
pub(in crate::pages) struct Problems {
    /// What concerns no field: the words and the code.
    pub(in crate::pages) whole: Option<(String, &'static str)>,
    fields: Vec<(String, String)>,
}

impl Problems {
    /// A refusal that concerns no field.
    pub(in crate::pages) fn whole(rejection: &Rejection) -> Self {
        let whole = Some((sentence(&rejection.to_string()), rejection.code()));
        Self { whole, fields: Vec::new() }
    }

    pub(in crate::pages) fn status(&self) -> StatusCode {
        if self.fields.is_empty() { StatusCode::CONFLICT } else { StatusCode::UNPROCESSABLE_ENTITY }
    }

    fn at(&self, name: &str) -> Option<&str> {
        self.fields.iter().find(|(field, _)| field == name).map(|(_, says)| says.as_str())
    }

    fn add(&mut self, field: impl Into<String>, says: impl Into<String>) {
        self.fields.push((field.into(), says.into()));
    }
}

/// The evidence that a step and its parts ask for.
fn asked(step: &Step) -> Vec<&Evidence> {
    step.walk().into_iter().flat_map(|part| &part.evidence).collect()
}

fn name_of(place: usize) -> String {
    format!("evidence-{place}")
}

impl Typed {
    /// Nothing but the wish to hand the step on.
    pub(super) fn handing(handing: Handing) -> Self {
        Self { handing, ..Self::default() }
    }

    /// Nothing but the wish to go on without the step.
    pub(super) fn skipping(skipping: Skipping) -> Self {
        Self { skipping, ..Self::default() }
    }

    /// Nothing but the wish to share it or to put it aside.
    pub(super) fn sharing(shared: Shared) -> Self {
        Self { shared, ..Self::default() }
    }

    /// Nothing but a problem that was reported without a word.
    pub(super) fn reporting() -> Self {
        Self { reported: true, ..Self::default() }
    }

    /// Reads the form. Files are kept at once, so that none has to be chosen again after a refusal.
    pub(in crate::pages) async fn read(
        upload: &Upload,
        step: &Step,
    ) -> Result<(Self, Problems), Refusal> {
        let mut problems = Problems::default();
        let mut evidence = Vec::new();
        for (place, piece) in asked(step).into_iter().enumerate() {
            let name = name_of(place);
            evidence.push(match piece.kind {
                EvidenceKind::File => kept(upload, &name, &mut problems).await?,
                EvidenceKind::Text
                | EvidenceKind::Link
                | EvidenceKind::Number
                | EvidenceKind::Date
                | EvidenceKind::Choice => {
                    Piece { value: upload.field(&name).to_owned(), name: None }
                }
            });
        }
        let parts = upload.fields.iter().filter(|(name, _)| name == "part");
        let typed = Self {
            branch: upload.field("branch").to_owned(),
            shown: upload.field("shown").to_owned(),
            reason: upload.field("reason").to_owned(),
            note: upload.field("note").to_owned(),
            parts: parts.map(|(_, id)| id.clone()).collect(),
            evidence,
            link: Piece { value: upload.field(LINK).to_owned(), name: None },
            file: kept(upload, FILE, &mut problems).await?,
            ..Self::default()
        };
        Ok((typed, problems))
    }

    /// The same for the application.
    pub(in crate::pages) fn completion(&self, step: &Step) -> Completion {
        let given = |kind, piece: &Piece| Given {
            kind,
            value: piece.value.clone(),
            name: piece.name.clone(),
        };
        let named = |asked: &Evidence, piece: &Piece| Given {
            name: asked_value::Field::of(asked).map(|f| f.key).or_else(|| piece.name.clone()),
            ..given(asked.kind, piece)
        };
        let pieces = asked(step).into_iter().zip(&self.evidence);
        let more = [given(EvidenceKind::Link, &self.link), given(EvidenceKind::File, &self.file)];
        let all = pieces.map(|(asked, piece)| named(asked, piece)).chain(more);
        Completion {
            branch: Some(self.branch.clone()),
            reason: Some(self.reason.clone()),
            note: Some(self.note.clone()),
            evidence: all.filter(|piece| !piece.value.trim().is_empty()).collect(),
            token: None,
            shown: Some(self.shown.clone()).filter(|shown| !shown.is_empty()),
        }
    }

    /// What a refusal says about which field.
    pub(in crate::pages) fn problems(&self, rejection: &Rejection, step: &Step) -> Problems {
        let mut problems = Problems::default();
        match rejection {
            Rejection::BranchNeeded { .. } | Rejection::NoSuchBranch { .. } => {
                problems.add("branch", "Choose which of these is the case.");
            }
            Rejection::ReasonNeeded => {
                problems.add("reason", "Say in a few words why: later it is the only trace.");
            }
            Rejection::EvidenceMissing { .. } => {
                for (place, (piece, given)) in asked(step).iter().zip(&self.evidence).enumerate() {
                    if given.value.trim().is_empty() {
                        problems.add(name_of(place), wanted(piece));
                    }
                }
            }
            Rejection::EvidenceUnusable { .. } => {
                let links = asked(step).into_iter().zip(&self.evidence).enumerate();
                let links = links
                    .filter(|(_, (piece, _))| piece.kind == EvidenceKind::Link)
                    .map(|(place, (_, given))| (name_of(place), given))
                    .chain([(LINK.to_owned(), &self.link)]);
                for (name, given) in links {
                    let web = ["https://", "http://"].iter().any(|w| given.value.starts_with(w));
                    if !given.value.is_empty() && !web {
                        problems.add(name, "Give the whole link: it begins with https://.");
                    }
                }
                for (place, (piece, given)) in asked(step).iter().zip(&self.evidence).enumerate() {
                    let unfit = asked_value::Field::of(piece)
                        .and_then(|field| field.fit(&given.value).err());
                    if let Some(unfit) = unfit.filter(|_| !given.value.trim().is_empty()) {
                        problems.add(name_of(place), sentence(&unfit.to_string()));
                    }
                }
            }
            Rejection::TooLong { what, .. } if matches!(*what, "reason" | "note") => {
                problems.add(*what, sentence(&rejection.to_string()));
            }
            Rejection::TooLong { .. }
            | Rejection::RunEnded
            | Rejection::WaitsForRun
            | Rejection::RoundsUsed
            | Rejection::NothingHeld
            | Rejection::MayNotAllow
            | Rejection::AllowReasonNeeded
            | Rejection::NothingToDo
            | Rejection::ItemNotOpen
            | Rejection::NotItsTurn { .. }
            | Rejection::NoSuchStep { .. }
            | Rejection::WrongSeat
            | Rejection::ClaimedByOther { .. }
            | Rejection::NotClaimed
            | Rejection::LeaseLost
            | Rejection::MayNotSkip
            | Rejection::SkipReasonNeeded
            | Rejection::ReassignReasonNeeded
            | Rejection::SameSeat
            | Rejection::ValuesDecide { .. }
            | Rejection::SamePerson { .. }
            | Rejection::ChangedSinceShown
            | Rejection::NotDelegated
            | Rejection::TheirsAlready { .. }
            | Rejection::PastMoment
            | Rejection::MayNotPrioritise
            | Rejection::NotHandedUp
            | Rejection::CancelReasonNeeded => {}
        }
        if problems.fields.is_empty() {
            return Problems::whole(rejection);
        }
        problems
    }

    /// What was written, for the one who cannot send it any more.
    pub(in crate::pages) fn written(&self) -> Option<Markup> {
        let texts: Vec<&str> = [&self.reason, &self.note, &self.link.value]
            .into_iter()
            .chain(self.evidence.iter().filter(|piece| piece.name.is_none()).map(|p| &p.value))
            .map(|text| text.trim())
            .filter(|text| !text.is_empty())
            .collect();
        (!texts.is_empty()).then(|| {
            html! { div class="prose" { @for text in texts { blockquote { (text) } } } }
        })
    }
}

/// What to do about a piece of evidence that is missing.
fn wanted(piece: &Evidence) -> String {
    match piece.kind {
        EvidenceKind::Text => format!("Write down: {}.", piece.text),
        EvidenceKind::Link => format!("Give the link to: {}.", piece.text),
        EvidenceKind::File => format!("Choose the file: {}.", piece.text),
        EvidenceKind::Number => format!("Give the number: {}.", piece.text),
        EvidenceKind::Date => format!("Give the day: {}.", piece.text),
        EvidenceKind::Choice => format!("Choose one: {}.", piece.text),
    }
}

/// The file of a field: newly chosen, or kept from the try before.
async fn kept(upload: &Upload, name: &str, problems: &mut Problems) -> Result<Piece, Refusal> {
    let Some(Uploaded { name: file, bytes, .. }) = upload.files.iter().find(|f| f.field == name)
    else {
        let known = upload.field(&format!("{name}-name")).chars().take(LONGEST_NAME).collect();
        return Ok(Piece { value: upload.field(name).to_owned(), name: Some(known) });
    };
    match files::put(&upload.visit.app, &upload.visit.who, file, bytes).await {
        Ok(record) => Ok(Piece { value: record.digest, name: Some(record.name) }),
        Err(Error::Invalid { message, .. }) => {
            problems.add(name, sentence(&message));
            Ok(Piece::default())
        }
        Err(other) => Err(other.into()),
    }
}

/// What a step, or a part of it, tells to do: its words, and what to do in which case. Where the form of
/// the step stands below (`asked`), the cases that it lets choose from are not told twice.
pub(in crate::pages) fn instructions(row: &WorkRow, step: &Step, asked: bool) -> Markup {
    let cases = cases(row, step, asked);
    html! {
        @if !step.text.trim().is_empty() { (prose(&step.text)) }
        @if !cases.is_empty() {
            ul class="cases" { @for decision in cases { li { (case(row, decision)) } } }
        }
    }
}

fn cases<'s>(row: &WorkRow, step: &'s Step, asked: bool) -> Vec<&'s Decision> {
    let chosen_below = |decision: &Decision| {
        let idle = decision.action.trim().is_empty();
        asked
            && !row.values_decide
            && !row.branches.is_empty()
            && (idle || leads_to(row, decision).is_some())
    };
    step.decisions.iter().filter(|decision| !chosen_below(decision)).collect()
}

/// Where the run goes on in a case that is a branch.
fn leads_to(row: &WorkRow, decision: &Decision) -> Option<Next> {
    row.branches.iter().find(|branch| branch.id == decision.id).map(|branch| branch.to)
}

fn case(row: &WorkRow, decision: &Decision) -> Markup {
    let Decision { condition, action, .. } = decision;
    let otherwise = gemba_model::flow::says_otherwise(condition);
    let idle = action.trim().is_empty();
    html! {
        @if otherwise { "Otherwise" } @else { "If " (line(condition)) }
        @if !idle { ", " (line(action)) }
        @if let Some(to) = leads_to(row, decision) {
            @if idle { ": " } @else { "; then " }
            @match to {
                Next::Step(index) => { "step " (index + 1) }
                Next::End => "the run ends",
            }
        }
    }
}

/// The form of a step that the one who looks may do.
pub(in crate::pages) fn step_form(
    visit: &Visit,
    row: &WorkRow,
    typed: &Typed,
    problems: &Problems,
    record: Option<&Record>,
) -> Markup {
    let step = &row.step;
    let errors: Vec<(&str, &str)> =
        problems.fields.iter().map(|(field, says)| (field.as_str(), says.as_str())).collect();
    // A value that the run has already is there to be confirmed or corrected.
    let known = |piece: &Evidence| {
        let asked = asked_value::Field::of(piece);
        let value = asked.and_then(|asked| row.values.get(&asked.key).cloned());
        Piece { value: value.unwrap_or_default(), name: None }
    };
    html! {
        form class="form" method="post" action={ "/work/" (row.item.id) "/completion" }
            enctype="multipart/form-data" {
            (error_summary(&errors))
            (csrf(&visit.csrf))
            @if let Some(record) = record { (hidden("shown", &record.digest)) }
            (parts(row, &typed.parts))
            (branches(row, typed, problems))
            @for (place, piece) in asked(step).into_iter().enumerate() {
                (evidence(piece, &name_of(place), typed.evidence.get(place).unwrap_or(&known(piece)), problems))
            }
            (field::textarea(&Field::new("note", "Note").hint("What the next one should know").error(problems.at("note")).optional(), &typed.note, 2))
            @let open = [&typed.link, &typed.file].iter().any(|piece| !piece.value.is_empty());
            (fold("Leave a link or a file", &html! { div class="form" {
                (field::text(&Field::new(LINK, "Link").error(problems.at(LINK)).optional(), Input::Url, &typed.link.value))
                (file(&Field::new(FILE, "File").error(problems.at(FILE)).optional(), FILE, &typed.file))
            } }, open || [LINK, FILE].iter().any(|name| problems.at(name).is_some())))
            (buttons(&[button("Complete step", Weight::Primary)]))
        }
    }
}

/// The parts of a step as a list to tick off; ticking is for oneself.
fn parts(row: &WorkRow, ticked: &[String]) -> Markup {
    let parts: Vec<&Step> = row.step.walk().into_iter().skip(1).collect();
    html! {
        @if !parts.is_empty() {
            fieldset class="field" {
                legend { "Parts of this step" }
                @for part in parts {
                    @let id = format!("part-{}", part.id);
                    div class="pick" {
                        input type="checkbox" id=(id) name="part" value=(part.id.as_str())
                            checked[ticked.iter().any(|t| t == part.id.as_str())];
                        label for=(id) { (line(&part.title)) }
                        @if !part.text.trim().is_empty() || !cases(row, part, true).is_empty() {
                            div class="hint" { (instructions(row, part, true)) }
                        }
                    }
                }
            }
        }
    }
}

fn branches(row: &WorkRow, typed: &Typed, problems: &Problems) -> Markup {
    if row.branches.is_empty() {
        return html! {};
    }
    if row.values_decide {
        return html! { p class="muted" { "Which way the run goes on is found from the values: nobody chooses." } };
    }
    let all = row.step.walk();
    let decision = |id: &str| {
        let mut decisions = all.iter().flat_map(|part| &part.decisions);
        decisions.find(|decision| decision.id == id)
    };
    let hints: Vec<String> = row
        .branches
        .iter()
        .map(|branch| {
            let action = decision(&branch.id).map_or("", |d| d.action.trim());
            let after = match branch.to {
                Next::Step(index) => format!("Then step {}.", index + 1),
                Next::End => "Then the run ends.".to_owned(),
            };
            if action.is_empty() { after } else { format!("{} {after}", sentence(action)) }
        })
        .collect();
    let labels: Vec<String> =
        row.branches.iter().map(|b| sentence(&b.label).trim_end_matches('.').to_owned()).collect();
    let choices: Vec<Choice<'_>> = row
        .branches
        .iter()
        .zip(labels.iter().zip(&hints))
        .map(|(branch, (label, hint))| Choice { value: &branch.id, label, hint: Some(hint) })
        .collect();
    let which = Field::new("branch", "What is the case?").error(problems.at("branch"));
    let why = Field::new("reason", "Why?")
        .hint("A few words: what did you see that says so?")
        .error(problems.at("reason"));
    html! {
        @if choices.len() > MOST_IN_VIEW {
            (listed(&which, &choices, &typed.branch))
        } @else {
            (field::radios(&which, &choices, Some(typed.branch.as_str()).filter(|b| !b.is_empty())))
        }
        (field::textarea(&why, &typed.reason, 2))
    }
}

/// Of more cases than these one chooses from a list that opens: all in view would push the rest of the
/// form off the screen.
const MOST_IN_VIEW: usize = 7;

/// Many cases, each with what follows, as a list in which none is chosen at first.
fn listed(which: &Field<'_>, choices: &[Choice<'_>], chosen: &str) -> Markup {
    let labels: Vec<String> = choices
        .iter()
        .map(|c| c.hint.map_or_else(|| c.label.to_owned(), |then| format!("{}: {then}", c.label)))
        .collect();
    let options = choices.iter().zip(&labels).map(|(c, label)| Choice::new(c.value, label));
    let none = Choice::new("", "Choose the case");
    field::select(which, &std::iter::once(none).chain(options).collect::<Vec<_>>(), chosen)
}

fn evidence(piece: &Evidence, name: &str, given: &Piece, problems: &Problems) -> Markup {
    if let Some(asked) = asked_value::Field::of(piece) {
        return value(&asked, name, given, problems);
    }
    let hint = match piece.kind {
        EvidenceKind::Link => "Evidence, as a link",
        EvidenceKind::File => "Evidence, as a file of at most 10 MiB",
        EvidenceKind::Text | EvidenceKind::Number | EvidenceKind::Date | EvidenceKind::Choice => {
            "Evidence, in words"
        }
    };
    let label = sentence(&piece.text);
    let label = label.trim_end_matches('.');
    let field = Field::new(name, label).hint(hint).error(problems.at(name));
    match piece.kind {
        EvidenceKind::Link => field::text(&field, Input::Url, &given.value),
        EvidenceKind::File => file(&field, name, given),
        EvidenceKind::Text | EvidenceKind::Number | EvidenceKind::Date | EvidenceKind::Choice => {
            field::textarea(&field, &given.value, 2)
        }
    }
}

/// A value that the step asks for: a number, a day, or one of several words.
fn value(asked: &asked_value::Field, name: &str, given: &Piece, problems: &Problems) -> Markup {
    let label = sentence(&asked.name);
    let label = label.trim_end_matches('.');
    let field = Field::new(name, label).error(problems.at(name));
    match &asked.shape {
        Shape::Number { unit, limits } => {
            let within: Vec<String> =
                limits.iter().map(|(c, limit)| format!("{} {limit}", c.words())).collect();
            let unit = if unit.is_empty() { "A number" } else { unit };
            let hint = [&[unit.to_owned()], within.as_slice()].concat().join(", ");
            field::text(&field.hint(&hint), Input::Text, &given.value)
        }
        Shape::Date => field::text(&field.hint("A day"), Input::Date, &given.value),
        Shape::Choice(words) => {
            let choices: Vec<Choice<'_>> = std::iter::once(Choice::new("", "Choose one"))
                .chain(words.iter().map(|word| Choice::new(word, word)))
                .collect();
            field::select(&field, &choices, &given.value)
        }
    }
}

/// A file to choose; one that was chosen before is kept unless another is chosen.
fn file(field: &Field<'_>, name: &str, given: &Piece) -> Markup {
    html! {
        (field::file(field))
        @if !given.value.is_empty() {
            (hidden(name, &given.value))
            (hidden(&format!("{name}-name"), given.name.as_deref().unwrap_or_default()))
            p class="small muted" {
                "Kept: " a href={ "/files/" (given.value) } { (given.name.as_deref().filter(|n| !n.is_empty()).unwrap_or("the file")) }
                ". Choose another to replace it."
            }
        }
    }
}
