//! The editor: is what is written right?

mod acts;
pub(super) mod findings;
mod merge;
mod pieces;
mod side;

use crate::{
    Site,
    gate::Sent,
    refusal::Fault,
    ui::{
        badge::Tone,
        editor::{self, Editor, Place},
        field,
        layout::{self, Part, Width},
        moment, notice,
    },
    visit::{Answer, Done, Visit, go},
};
use axum::{
    Router,
    extract::Path,
    http::StatusCode,
    response::{Html, IntoResponse, Response},
    routing::{get, post},
};
use gemba_app::{
    Error, Principal,
    maps::Direction,
    processes::{self, Checked, DraftView},
    writing::{self, Changed, Spot},
};
use gemba_model::Process;
use jiff::SignedDuration;
use maud::{Markup, html};
use merge::Rival;
use serde::Deserialize;

use super::processes::count;

pub(super) fn router() -> Router<Site> {
    Router::new()
        .route("/processes/{slug}/edit", get(edit).post(save))
        .route("/processes/{slug}/check", post(check))
        .route("/processes/{slug}/change", post(change))
        .route("/processes/{slug}/draft", get(newer).post(keep))
        .route("/processes/{slug}/merge", post(merge::settle))
}

/// What the editor sends.
#[derive(Debug, Deserialize)]
struct Written {
    source: String,
    #[serde(default)]
    version: String,
    /// The stored text that this one was made from.
    #[serde(default)]
    base: String,
    #[serde(default)]
    act: String,
    /// The panes that the browser has already.
    #[serde(default)]
    have: String,
    /// The direction of the map that is in sight: `right` or `down`.
    #[serde(default)]
    map: String,
    /// The step that an act is about.
    #[serde(default)]
    at: String,
    /// The words for what an act puts in.
    #[serde(default)]
    words: String,
    /// Where a decision leads.
    #[serde(default)]
    to: String,
}

impl Written {
    /// The text with its line ends made plain, as it is kept.
    fn text(&self) -> String {
        self.source.replace("\r\n", "\n")
    }

    /// What was opened.
    fn opened(&self) -> Opened {
        let base = self.base.replace("\r\n", "\n");
        Opened { version: self.version.parse().unwrap_or(0), base }
    }

    /// The direction of the map that is in sight; `None` where it is not told.
    fn in_sight(&self) -> Option<Direction> {
        match self.map.as_str() {
            "right" => Some(Direction::Right),
            "down" => Some(Direction::Down),
            _ => None,
        }
    }

    /// The text after the act on a step that is asked for; `None` where it is another act.
    fn changed(&self, visit: &Visit, slug: &str) -> Option<gemba_app::Result<Changed>> {
        let change = acts::change_of(&self.act, &self.words, &self.at, &self.to)?;
        let spot = Spot::of(&self.at);
        Some(writing::change(&visit.who, &self.text(), slug, &spot, &change))
    }
}

/// The stored text that somebody opened: what they write is made from it.
#[derive(Debug)]
struct Opened {
    version: i64,
    base: String,
}

/// What there is to say above a text that is not saved.
#[derive(Debug)]
enum Hurdle {
    /// The text cannot be kept.
    Fault(Fault),
    /// Something was done to the text; it is not kept yet.
    Said(String),
}

async fn edit(visit: Visit, Path(slug): Path<String>) -> Answer {
    let draft = processes::draft(&visit.app, &visit.who, &slug).await?;
    if !draft.may_write {
        return Ok(reading(&visit, &draft));
    }
    let opened = Opened { version: draft.version, base: draft.source.clone() };
    Ok(page(&visit, &draft, &opened, &draft.source, &draft.checked, None))
}

async fn save(Path(slug): Path<String>, Sent { visit, form }: Sent<Written>) -> Answer {
    let (source, opened) = (form.text(), form.opened());
    if form.act == "check" {
        return again(&visit, &slug, opened, &source, None).await;
    }
    if form.act == "compare" {
        let stored = processes::draft(&visit.app, &visit.who, &slug).await?;
        let rival = Rival { base: &opened.base, mine: &source };
        return Ok(merge::page(&visit, &stored, rival, &Vec::new(), None));
    }
    if form.act == "mend-all" {
        let (made, n) = writing::mend_all(&visit.app, &visit.who, &source, &slug).await?;
        let said = match n {
            0 => "There was nothing to fix that is certain.".to_owned(),
            n => format!("{} made. Look at them, then save the draft.", count(n, "change")),
        };
        return again(&visit, &slug, opened, &made, Some(&said)).await;
    }
    if let Some((code, range)) = findings::mend_of(&form.act) {
        let made = writing::mend(&visit.app, &visit.who, &source, &slug, code, &range).await?;
        let said = match made {
            Some(_) => "Fixed. Look at it, then save the draft.",
            None => "The text is another one since it was checked. It is checked again: see below.",
        };
        return again(&visit, &slug, opened, &made.unwrap_or(source), Some(said)).await;
    }
    match form.changed(&visit, &slug) {
        Some(Ok(made)) => {
            let said = "Changed. Look at it, then save the draft.";
            return again(&visit, &slug, opened, &made.text, Some(said)).await;
        }
        Some(Err(error)) => {
            let said = Fault::of(error)?.says;
            return again(&visit, &slug, opened, &source, Some(&said)).await;
        }
        None => {}
    }
    let (kept, version) = (source.clone(), opened.version);
    let error = match processes::save_draft(&visit.app, &visit.who, &slug, kept, version).await {
        Ok(_) if form.act == "publish" => {
            return Ok(go(&format!("/processes/{slug}/publish"), Done::Saved));
        }
        Ok(_) => return Ok(go(&format!("/processes/{slug}/edit"), Done::Saved)),
        Err(error) => error,
    };
    let stored = processes::draft(&visit.app, &visit.who, &slug).await?;
    if let Error::Changed { .. } = error {
        let rival = Rival { base: &opened.base, mine: &source };
        return Ok(merge::page(&visit, &stored, rival, &Vec::new(), None));
    }
    let hurdle = Hurdle::Fault(Fault::of(error)?);
    let checked = processes::check(&visit.app, &visit.who, &source, &slug).await?;
    Ok(page(&visit, &stored, &opened, &source, &checked, Some(&hurdle)))
}

/// The editor with a text that is not kept yet. What was opened stays what it was, so that looking at
/// the text never hides another's change.
async fn again(
    visit: &Visit,
    slug: &str,
    opened: Opened,
    source: &str,
    said: Option<&str>,
) -> Answer {
    let checked = processes::check(&visit.app, &visit.who, source, slug).await?;
    let draft = processes::draft(&visit.app, &visit.who, slug).await?;
    let hurdle = said.map(|said| Hurdle::Said(said.to_owned()));
    Ok(page(visit, &draft, &opened, source, &checked, hurdle.as_ref()))
}

/// Keeps the draft while one writes: what became of it, in words and for the script.
async fn keep(Path(slug): Path<String>, Sent { visit, form }: Sent<Written>) -> Answer {
    let version = form.opened().version;
    match processes::save_draft(&visit.app, &visit.who, &slug, form.text(), version).await {
        Ok(draft) => Ok(part(StatusCode::OK, merge::kept(&visit, draft.version, draft.at))),
        Err(Error::Changed { .. }) => {
            let stored = processes::draft(&visit.app, &visit.who, &slug).await?;
            Ok(part(StatusCode::CONFLICT, merge::overtaken(&visit, &stored)))
        }
        Err(error) => {
            let says = Fault::of(error)?.says;
            Ok(part(StatusCode::UNPROCESSABLE_ENTITY, html! { p { (says) } }))
        }
    }
}

/// Which version of the draft is stored, and whose it is.
async fn newer(visit: Visit, Path(slug): Path<String>) -> Answer {
    let stored = processes::draft(&visit.app, &visit.who, &slug).await?;
    Ok(part(StatusCode::OK, merge::overtaken(&visit, &stored)))
}

fn part(status: StatusCode, body: Markup) -> Response {
    (status, Html(body.into_string())).into_response()
}

/// The live check: the panes of the editor's side, for the text as it stands.
async fn check(Path(slug): Path<String>, Sent { visit, form }: Sent<Written>) -> Answer {
    let source = form.text();
    let checked = processes::check(&visit.app, &visit.who, &source, &slug).await?;
    let panes = side::panes(&visit, &source, &checked, Place::Here, form.in_sight());
    let answer = html! {
        (editor::panes(&panes, &form.have))
        (editor::part("at", &acts::at(&checked), &form.have))
        (editor::part("to", &acts::to(&checked), &form.have))
    };
    Ok(part(StatusCode::OK, answer))
}

/// An act on a step while one writes: the changed text and what of it to select, or why not.
async fn change(Path(slug): Path<String>, Sent { visit, form }: Sent<Written>) -> Answer {
    let (text, select, said) = match form.changed(&visit, &slug) {
        Some(Ok(made)) => {
            let select = findings::units(&made.text, &made.select);
            (made.text, select, String::new())
        }
        Some(Err(error)) => (form.text(), 0..0, Fault::of(error)?.says),
        None => (form.text(), 0..0, String::new()),
    };
    let answer = html! {
        textarea data-changed data-from=(select.start) data-to=(select.end) data-said=(said) { "\n" (text) }
    };
    Ok(part(StatusCode::OK, answer))
}

fn page(
    visit: &Visit,
    draft: &DraftView,
    opened: &Opened,
    source: &str,
    checked: &Checked,
    hurdle: Option<&Hurdle>,
) -> Response {
    let home = format!("/processes/{}", draft.slug);
    let account = match &visit.who.principal {
        Principal::Person { account } => account.to_string(),
        Principal::Token { .. } | Principal::Operator | Principal::System => "other".to_owned(),
    };
    let title = format!("Edit {}", draft.checked.process.title);
    let saved = html! { "Draft, saved by " (draft.by) " " (moment::time(draft.at, visit.now, &visit.zone)) };
    let fault = match hurdle {
        Some(Hurdle::Fault(fault)) => Some(fault),
        Some(Hurdle::Said(_)) | None => None,
    };
    let panes = side::panes(visit, source, checked, Place::Here, None);
    let body = html! {
        (crumbs(draft, &home))
        (layout::head(&title, None, &[saved], &[]))
        (field::error_summary(&Fault::all(fault)))
        @if let Some(other) = beside(visit, draft) { (other) }
        (editor::editor(&Editor {
            action: &format!("{home}/edit"),
            check: &format!("{home}/check"),
            change: &format!("{home}/change"),
            keep: &format!("{home}/draft"),
            draft: &format!("{account}/{}", draft.slug),
            csrf: &visit.csrf,
            label: "Text of the document",
            source,
            version: opened.version,
            base: &opened.base,
            tools: &acts::tools(checked, |name, inner| editor::part(name, inner, "")),
            acts: &acts::keeping(&home),
            said: match hurdle {
                Some(Hurdle::Said(said)) => said,
                Some(_) | None => "",
            },
            side: &editor::panes(&panes, ""),
        }))
        (acts::menu())
    };
    let status = match hurdle {
        None | Some(Hurdle::Said(_)) => StatusCode::OK,
        Some(Hurdle::Fault(_)) => StatusCode::UNPROCESSABLE_ENTITY,
    };
    visit.page_with(status, &title, Some(Part::Processes), Width::Full, &body)
}

fn crumbs(draft: &DraftView, home: &str) -> Markup {
    let title = draft.checked.process.title.as_str();
    layout::breadcrumbs(&[("Processes", "/processes"), (title, home)])
}

/// For how long after a save its writer may still be writing.
const STILL_WRITING: SignedDuration = SignedDuration::from_mins(5);

/// Who else is probably writing this very moment.
fn beside(visit: &Visit, draft: &DraftView) -> Option<Markup> {
    let is_other = draft.by != visit.who.name;
    let is_now = visit.now.duration_since(draft.at) < STILL_WRITING && draft.version > 1;
    (is_other && is_now).then(|| {
        let words = html! {
            (draft.by) " is editing this: last saved " (moment::time(draft.at, visit.now, &visit.zone))
            ". You can write too; where you both change the same place you will be asked."
        };
        notice::banner(Tone::Live, &words, None)
    })
}

/// The draft for those who may read it only.
fn reading(visit: &Visit, draft: &DraftView) -> Response {
    let home = format!("/processes/{}", draft.slug);
    let title = format!("Draft of {}", draft.checked.process.title);
    let panes = side::panes(visit, &draft.source, &draft.checked, Place::Below, None);
    let words = html! { "You can read this draft. Its owner, managers and above may change it." };
    let body = html! {
        (crumbs(draft, &home))
        (layout::head(&title, None, &[html! { "Saved by " (draft.by) " " (moment::time(draft.at, visit.now, &visit.zone)) }], &[]))
        (notice::banner(Tone::Neutral, &words, None))
        div class="editor" {
            div { (editor::numbered(&draft.source)) }
            div class="editor-side" { (editor::panes(&panes, "")) }
        }
    };
    visit.page(&title, Some(Part::Processes), Width::Full, &body)
}

/// The seats that do the steps.
pub(super) fn doers(process: &Process) -> String {
    let mut names: Vec<&str> = Vec::new();
    for name in process.steps.iter().filter_map(|step| process.doer(step)) {
        if !names.iter().any(|known| known.eq_ignore_ascii_case(name)) {
            names.push(name);
        }
    }
    if names.is_empty() { "nobody named".to_owned() } else { names.join(", ") }
}
