//! The editor: is what is written right?

mod acts;
pub(super) mod findings;
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
        list, moment, notice,
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
    processes::{self, Checked, DraftView},
    writing::{self, Changed},
};
use gemba_model::{Process, StepId};
use maud::{Markup, html};
use serde::Deserialize;

use super::processes::count;

pub(super) fn router() -> Router<Site> {
    Router::new()
        .route("/processes/{slug}/edit", get(edit).post(save))
        .route("/processes/{slug}/check", post(check))
        .route("/processes/{slug}/change", post(change))
}

/// What the editor sends.
#[derive(Debug, Deserialize)]
struct Written {
    source: String,
    #[serde(default)]
    version: String,
    #[serde(default)]
    act: String,
    /// The panes that the browser has already.
    #[serde(default)]
    have: String,
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

    /// The text after the act on a step that is asked for; `None` where it is another act.
    fn changed(&self, visit: &Visit, slug: &str) -> Option<gemba_app::Result<Changed>> {
        let change = acts::change_of(&self.act, &self.words, &self.to)?;
        let step = StepId::from_text(&self.at, "none");
        Some(writing::change(&visit.who, &self.text(), slug, &step, &change))
    }
}

/// What stands between the one who writes and a saved draft.
#[derive(Debug)]
enum Hurdle {
    /// Somebody saved in the meantime: this is theirs.
    Changed(Box<DraftView>),
    /// The text cannot be kept.
    Fault(Fault),
    /// Something was done to the text; it is not kept yet.
    Said(String),
}

async fn edit(visit: Visit, Path(slug): Path<String>) -> Answer {
    let draft = processes::draft(&visit.app, &visit.who, &slug).await?;
    Ok(if draft.may_write {
        page(&visit, &draft, &draft.source, &draft.checked, None)
    } else {
        reading(&visit, &draft)
    })
}

async fn save(Path(slug): Path<String>, Sent { visit, form }: Sent<Written>) -> Answer {
    let source = form.text();
    let version = form.version.parse().unwrap_or(0);
    if form.act == "check" {
        return again(&visit, &slug, version, &source, None).await;
    }
    if form.act == "mend-all" {
        let (made, n) = writing::mend_all(&visit.who, &source, &slug)?;
        let said = match n {
            0 => "There was nothing to fix that is certain.".to_owned(),
            n => format!("{} made. Look at them, then save the draft.", count(n, "change")),
        };
        return again(&visit, &slug, version, &made, Some(&said)).await;
    }
    if let Some((code, range)) = findings::mend_of(&form.act) {
        let made = writing::mend(&visit.who, &source, &slug, code, &range)?;
        let said = match made {
            Some(_) => "Fixed. Look at it, then save the draft.",
            None => "The text is another one since it was checked. It is checked again: see below.",
        };
        return again(&visit, &slug, version, &made.unwrap_or(source), Some(said)).await;
    }
    match form.changed(&visit, &slug) {
        Some(Ok(made)) => {
            let said = "Changed. Look at it, then save the draft.";
            return again(&visit, &slug, version, &made.text, Some(said)).await;
        }
        Some(Err(error)) => {
            let said = Fault::of(error)?.says;
            return again(&visit, &slug, version, &source, Some(&said)).await;
        }
        None => {}
    }
    let kept = source.clone();
    let error = match processes::save_draft(&visit.app, &visit.who, &slug, kept, version).await {
        Ok(_) if form.act == "publish" => {
            return Ok(go(&format!("/processes/{slug}/publish"), Done::Saved));
        }
        Ok(_) => return Ok(go(&format!("/processes/{slug}/edit"), Done::Saved)),
        Err(error) => error,
    };
    let hurdle = match error {
        Error::Changed { .. } => None,
        other => Some(Hurdle::Fault(Fault::of(other)?)),
    };
    let stored = processes::draft(&visit.app, &visit.who, &slug).await?;
    let checked = processes::check(&visit.who, &source, &slug)?;
    let hurdle = hurdle.unwrap_or_else(|| Hurdle::Changed(Box::new(stored.clone())));
    Ok(page(&visit, &stored, &source, &checked, Some(&hurdle)))
}

/// The editor with a text that is not kept yet. Its version stays the one that was opened, so that
/// looking at it never hides another's change.
async fn again(
    visit: &Visit,
    slug: &str,
    version: i64,
    source: &str,
    said: Option<&str>,
) -> Answer {
    let checked = processes::check(&visit.who, source, slug)?;
    let draft = processes::draft(&visit.app, &visit.who, slug).await?;
    let opened = DraftView { version, ..draft };
    let hurdle = said.map(|said| Hurdle::Said(said.to_owned()));
    Ok(page(visit, &opened, source, &checked, hurdle.as_ref()))
}

/// The live check: the panes of the editor's side, for the text as it stands.
async fn check(Path(slug): Path<String>, Sent { visit, form }: Sent<Written>) -> Answer {
    let source = form.text();
    let checked = processes::check(&visit.who, &source, &slug)?;
    let panes = side::panes(&source, &checked, Place::Here);
    let answer = html! {
        (editor::panes(&panes, &form.have))
        (editor::part("at", &acts::at(&checked.process), &form.have))
        (editor::part("to", &acts::to(&checked.process), &form.have))
    };
    Ok(Html(answer.into_string()).into_response())
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
    Ok(Html(answer.into_string()).into_response())
}

fn page(
    visit: &Visit,
    draft: &DraftView,
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
        Some(Hurdle::Changed(_) | Hurdle::Said(_)) | None => None,
    };
    let panes = side::panes(source, checked, Place::Here);
    let body = html! {
        (crumbs(draft, &home))
        (layout::head(&title, None, &[saved], &[]))
        (field::error_summary(&Fault::all(fault)))
        @if let Some(Hurdle::Changed(stored)) = hurdle { (both(visit, stored)) }
        (editor::editor(&Editor {
            action: &format!("{home}/edit"),
            check: &format!("{home}/check"),
            change: &format!("{home}/change"),
            draft: &format!("{account}/{}", draft.slug),
            csrf: &visit.csrf,
            label: "Text of the document",
            source,
            version: draft.version,
            tools: &acts::tools(&checked.process, |name, inner| editor::part(name, inner, "")),
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
        Some(Hurdle::Changed(_)) => StatusCode::CONFLICT,
        Some(Hurdle::Fault(_)) => StatusCode::UNPROCESSABLE_ENTITY,
    };
    visit.page_with(status, &title, Some(Part::Processes), Width::Full, &body)
}

fn crumbs(draft: &DraftView, home: &str) -> Markup {
    let title = draft.checked.process.title.as_str();
    layout::breadcrumbs(&[("Processes", "/processes"), (title, home)])
}

/// The text that somebody else saved, folded above the one that was typed.
fn both(visit: &Visit, stored: &DraftView) -> Markup {
    html! {
        (notice::banner(Tone::Bad, &html! {
            (stored.by) " saved this draft " (moment::time(stored.at, visit.now, &visit.zone))
            ", after you opened it. Nothing was overwritten: your text is in the editor. Open the text as \
             stored now, bring into yours what you want to keep of theirs, then save."
        }, None))
        (list::fold("The text as stored now", &html! {
            pre class="source" tabindex="0" { code { (stored.source) } }
        }, false))
    }
}

/// The draft for those who may read it only.
fn reading(visit: &Visit, draft: &DraftView) -> Response {
    let home = format!("/processes/{}", draft.slug);
    let title = format!("Draft of {}", draft.checked.process.title);
    let panes = side::panes(&draft.source, &draft.checked, Place::Below);
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
