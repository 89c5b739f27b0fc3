//! The editor: is what is written right?

pub(super) mod findings;

use crate::{
    Site,
    gate::Sent,
    refusal::Fault,
    ui::{
        act::{self, Weight},
        badge::Tone,
        editor::{self, Editor, Place},
        field,
        layout::{self, Part, Width},
        list, moment, notice, step,
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
    Error, Principal, maps,
    processes::{self, Checked, DraftView},
};
use gemba_model::Process;
use maud::{Markup, PreEscaped, html};
use serde::Deserialize;

use super::processes::{count, pieces, starts};

pub(super) fn router() -> Router<Site> {
    Router::new()
        .route("/processes/{slug}/edit", get(edit).post(save))
        .route("/processes/{slug}/check", post(check))
}

/// What the editor sends.
#[derive(Debug, Deserialize)]
struct Written {
    source: String,
    #[serde(default)]
    version: String,
    #[serde(default)]
    act: String,
}

/// What stands between the one who writes and a saved draft.
#[derive(Debug)]
enum Hurdle {
    /// Somebody saved in the meantime: this is theirs.
    Changed(Box<DraftView>),
    /// The text cannot be kept.
    Fault(Fault),
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
    if form.act == "check" {
        let checked = processes::check(&visit.who, &form.source, &slug)?;
        let draft = processes::draft(&visit.app, &visit.who, &slug).await?;
        // The version stays the one that was opened, so that checking never hides another's change.
        let opened = DraftView { version: form.version.parse().unwrap_or(0), ..draft };
        return Ok(page(&visit, &opened, &form.source, &checked, None));
    }
    let version = form.version.parse().unwrap_or(0);
    let source = form.source.clone();
    let error = match processes::save_draft(&visit.app, &visit.who, &slug, source, version).await {
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
    let checked = processes::check(&visit.who, &form.source, &slug)?;
    let hurdle = hurdle.unwrap_or_else(|| Hurdle::Changed(Box::new(stored.clone())));
    Ok(page(&visit, &stored, &form.source, &checked, Some(&hurdle)))
}

/// The live check: the content of the editor's side, for the text as it stands.
async fn check(Path(slug): Path<String>, Sent { visit, form }: Sent<Written>) -> Answer {
    let checked = processes::check(&visit.who, &form.source, &slug)?;
    Ok(Html(side(&form.source, &checked).into_string()).into_response())
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
    let acts = html! {
        (act::hidden("version", &draft.version.to_string()))
        button class="button primary" type="submit" data-save { "Save draft" }
        (act::value_button("Check", Weight::Secondary, "act", "check"))
        (act::value_button("Save and publish", Weight::Secondary, "act", "publish"))
        (act::link_button(&home, "Back to the process", Weight::Quiet))
    };
    let title = format!("Edit {}", draft.checked.process.title);
    let saved = html! { "Draft, saved by " (draft.by) " " (moment::time(draft.at, visit.now, &visit.zone)) };
    let fault = match hurdle {
        Some(Hurdle::Fault(fault)) => Some(fault),
        Some(Hurdle::Changed(_)) | None => None,
    };
    let body = html! {
        (crumbs(draft, &home))
        (layout::head(&title, None, &[saved], &[]))
        (field::error_summary(&Fault::all(fault)))
        @if let Some(Hurdle::Changed(stored)) = hurdle { (both(visit, stored)) }
        (editor::editor(&Editor {
            action: &format!("{home}/edit"),
            check: &format!("{home}/check"),
            draft: &format!("{account}/{}", draft.slug),
            csrf: &visit.csrf,
            label: "Text of the document",
            source,
            acts: &acts,
            side: &side(source, checked),
        }))
    };
    let status = match hurdle {
        None => StatusCode::OK,
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
    let words = html! { "You can read this draft. Its owner, managers and above may change it." };
    let body = html! {
        (crumbs(draft, &home))
        (layout::head(&title, None, &[html! { "Saved by " (draft.by) " " (moment::time(draft.at, visit.now, &visit.zone)) }], &[]))
        (notice::banner(Tone::Neutral, &words, None))
        div class="editor" {
            pre class="source" tabindex="0" { code { (draft.source) } }
            section class="editor-side" aria-label="Findings and map" { (side(&draft.source, &draft.checked)) }
        }
    };
    visit.page(&title, Some(Part::Processes), Width::Full, &body)
}

/// Findings, map and the five pieces of a text.
fn side(source: &str, checked: &Checked) -> Markup {
    let located = findings::located(source, &checked.diagnostics);
    let process = &checked.process;
    html! {
        (layout::section("Findings", Some(&findings::tally(&checked.diagnostics)),
            &editor::findings(&findings::shown(&located), Place::Here)))
        @if !process.steps.is_empty() {
            (layout::section("Map", None, &step::map("map", "Map of the text",
                &PreEscaped(maps::of_process(process)))))
        }
        (layout::section("What was understood", None, &understood(process)))
    }
}

/// The five pieces as they were read.
pub(super) fn understood(process: &Process) -> Markup {
    let owner = process.owner.named().map_or_else(
        || pieces([].into_iter(), "One seat answers for a process. Write it as `owner:`."),
        |name| html! { (name) },
    );
    let output = process.expected_output.iter().map(|o| o.text.as_str());
    let signals = process.failure_signals.iter().map(|s| s.text.as_str());
    list::facts(&[
        ("Owner", owner),
        ("Starts", starts(&process.triggers)),
        ("Steps", html! { (count(process.steps.len(), "step")) ", done by " (doers(process)) }),
        ("Expected output", pieces(output, "What a run must have produced.")),
        ("Failure signals", pieces(signals, "How one notices that it went wrong.")),
    ])
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
