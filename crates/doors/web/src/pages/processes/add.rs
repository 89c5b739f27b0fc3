//! New processes: one by its title, many from files.

use crate::{
    gate::{Sent, Upload, Uploaded},
    pages::editor::findings,
    refusal::{Fault, Refusal},
    ui::{
        act::{self, Weight},
        badge::{Tone, badge},
        editor,
        field::{self, Field, Input},
        layout::{self, Part, Width},
        list, notice,
    },
    visit::{Answer, Done, Visit, go},
};
use axum::http::StatusCode;
use gemba_app::{
    Act, access, archive,
    exchange::{self, Outcome, Restored, Source},
    processes::{self, Imported, MAX_FILES},
};
use maud::{Markup, html};
use serde::Deserialize;

use super::count;

/// How many files of an import have their findings listed; the others are named.
const LISTED: usize = 200;

#[derive(Debug, Default, Deserialize)]
pub(super) struct Fresh {
    title: String,
}

pub(super) async fn fresh(visit: Visit) -> Answer {
    access::require(&visit.who, Act::Write)?;
    Ok(fresh_page(&visit, &Fresh::default(), None))
}

fn fresh_page(visit: &Visit, form: &Fresh, fault: Option<&Fault>) -> axum::response::Response {
    let title = Field::new("title", "Title")
        .hint("What the company does, in a few words: \"Monthly invoicing\".")
        .error(Fault::at(fault, "title"));
    let body = html! {
        (layout::breadcrumbs(&[("Processes", "/processes")]))
        (layout::head("New process", Some("You get a draft that shows where everything goes, and write it in the editor. Nothing runs by it before it is published."), &[], &[]))
        (field::error_summary(&Fault::all(fault)))
        form class="form" method="post" action="/processes/new" {
            (act::csrf(&visit.csrf))
            (field::text(&title, Input::Text, &form.title))
            (act::buttons(&[
                act::button("Write the draft", Weight::Primary),
                act::link_button("/library", "Start from the library", Weight::Secondary),
                act::link_button("/processes/import", "Import a document instead", Weight::Quiet),
            ]))
        }
    };
    let status = if fault.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    visit.page_with(status, "New process", Some(Part::Processes), Width::Reading, &body)
}

pub(super) async fn create(Sent { visit, form }: Sent<Fresh>) -> Answer {
    match processes::create(&visit.app, &visit.who, &form.title).await {
        Ok(slug) => Ok(go(&format!("/processes/{slug}/edit"), Done::Created)),
        Err(error) => Ok(fresh_page(&visit, &form, Some(&Fault::of(error)?))),
    }
}

pub(super) async fn choose(visit: Visit) -> Answer {
    access::require(&visit.who, Act::Write)?;
    Ok(choose_page(&visit, None))
}

fn choose_page(visit: &Visit, fault: Option<&Fault>) -> axum::response::Response {
    let hint = format!(
        "Markdown files and BPMN 2.0 models, up to {MAX_FILES} at once, or a .zip of them, or of an exported workspace. Numbered lists, \"Step 1\" headings, \
         checklists and tables of steps are understood, and what people draw in a modelling tool.",
    );
    let files = Field::new("files", "Documents").hint(&hint).error(Fault::at(fault, "files"));
    let folder = Field::new("folder", "Or a whole folder")
        .hint("All documents in it and in the folders below are taken; what is no document is left out and named.");
    let body = html! {
        (layout::breadcrumbs(&[("Processes", "/processes")]))
        (layout::head("Import documents", Some("Each document becomes a draft. What it leaves open is listed, and nothing runs by it before it is published."), &[], &[]))
        (field::error_summary(&Fault::all(fault)))
        form class="form" method="post" action="/processes/import" enctype="multipart/form-data" {
            (act::csrf(&visit.csrf))
            (field::files(&files, ".md,.markdown,.txt,.bpmn,.zip,text/markdown,text/plain,application/zip"))
            (field::folder(&folder))
            (act::buttons(&[act::button("Import documents", Weight::Primary)]))
        }
    };
    let status = if fault.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    visit.page_with(status, "Import documents", Some(Part::Processes), Width::Reading, &body)
}

pub(super) async fn import(upload: Upload) -> Answer {
    let Upload { visit, files, .. } = upload;
    if files.is_empty() {
        access::require(&visit.who, Act::Write)?;
        let fault = Fault::new("files", "Choose at least one document.");
        return Ok(choose_page(&visit, Some(&fault)));
    }
    match taken(&visit, files).await {
        Ok(done) => Ok(result_page(&visit, &done)),
        Err(error) => match Fault::of(error) {
            Ok(fault) => Ok(choose_page(&visit, Some(&fault.beside(&[("title", "files")])))),
            Err(refusal) => Err::<_, Refusal>(refusal),
        },
    }
}

/// Imports what was sent: documents as they are, archives by what is in them.
async fn taken(visit: &Visit, sent: Vec<Uploaded>) -> gemba_app::Result<Outcome> {
    // Nothing is unpacked for those who may not import.
    access::require(&visit.who, Act::Write)?;
    let mut files = Vec::new();
    let (inside, sent): (Vec<_>, Vec<_>) = sent.into_iter().partition(|f| f.field == "folder");
    let inside = inside.into_iter().map(|f| Source::within(f.name, f.bytes)).collect();
    files.extend(exchange::unwrapped(inside));
    for Uploaded { name, bytes, .. } in sent {
        if archive::is_zip(&bytes) {
            let inside = exchange::unpacked(&bytes)?.into_iter();
            files.extend(inside.map(|f| Source { name: format!("{name}/{}", f.name), ..f }));
        } else {
            files.push(Source { path: name.clone(), name, bytes, chosen: true });
        }
    }
    exchange::import(&visit.app, &visit.who, files).await
}

/// How many of each were restored with the folder of a workspace.
fn restored_words(restored: Restored) -> Markup {
    let Restored { seats, measurables, processes, in_force, attachments } = restored;
    html! {
        "New from the exported workspace: " (count(processes, "process")) ", " (in_force) " of them in force, "
        (count(seats, "seat")) ", " (count(measurables, "measurable")) " and " (count(attachments, "attachment")) "."
    }
}

fn result_page(visit: &Visit, outcome: &Outcome) -> axum::response::Response {
    let done = &outcome.documents;
    let refused = done.iter().filter(|file| file.refused).count();
    let title = if refused > 0 { "Nothing was imported" } else { "Imported" };
    let made: usize = done.iter().map(|file| file.slugs.len()).sum();
    let words = match (refused, done.len()) {
        (0, n) => {
            html! { (count(made, "process")) " from " (count(n, "file")) ". Each is a draft: open it, mend what is listed, and publish it." }
        }
        (_, 1) => html! { "The file could not be taken. The reason stands below." },
        (n, all) => {
            html! { (n) " of " (all) " files could not be taken, so none was. Take them away or mend them, and import again." }
        }
    };
    let words = outcome.restored.map_or(words, restored_words);
    let tone = if refused > 0 { Tone::Bad } else { Tone::Good };
    // Those that were refused first: they are why the page is here.
    let (bad, good): (Vec<_>, Vec<_>) = done.iter().partition(|file| file.refused);
    let body = html! {
        (layout::breadcrumbs(&[("Processes", "/processes"), ("Import documents", "/processes/import")]))
        (layout::head(title, None, &[], &[
            act::link_button("/processes/import", "Import more", Weight::Secondary),
            act::link_button("/processes", "See all processes", Weight::Secondary),
        ]))
        (notice::banner(tone, &words, None))
        @if !outcome.notes.is_empty() {
            (layout::section("What else there is to know", None, &html! {
                ul { @for note in &outcome.notes { li { strong { (note.about) } ": " (note.message) } } }
            }))
        }
        @for (place, file) in bad.into_iter().chain(good).enumerate() { (file_result(file, place < LISTED)) }
    };
    let status = if refused > 0 { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    visit.page_with(status, title, Some(Part::Processes), Width::Reading, &body)
}

fn file_result(file: &Imported, listed: bool) -> Markup {
    let located = findings::located(&file.source, &file.diagnostics);
    let tally = findings::tally(&file.diagnostics);
    list::card(&html! {
        div class="section-head" {
            h2 { (file.file) }
            @if file.refused { (badge(Tone::Bad, "Refused")) } @else { span class="section-note" { (tally) } }
        }
        @if !file.slugs.is_empty() {
            ul {
                @for slug in &file.slugs {
                    li { a href={ "/processes/" (slug) } { (slug) } " · " a href={ "/processes/" (slug) "/edit" } { "Edit" } }
                }
            }
        }
        @if listed && !located.is_empty() {
            @let edit = file.slugs.first().map(|slug| format!("/processes/{slug}/edit"));
            @let single = edit.as_deref().filter(|_| file.slugs.len() == 1);
            @let place = single.map_or(editor::Place::Nowhere, editor::Place::At);
            (list::fold("What was found", &editor::findings(&findings::shown(&located), place), file.refused))
        }
    })
}
