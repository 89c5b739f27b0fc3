//! A seat as files for agents that work elsewhere: what one can save, and the files themselves.

use super::super::small;
use super::address;
use crate::{
    ui::layout,
    visit::{Answer, Visit},
};
use axum::{
    extract::Path,
    http::{HeaderName, header},
    response::IntoResponse,
};
use gemba_app::{
    seat_files::{self, Form},
    seats::SeatView,
};
use maud::{Markup, html};

/// What is offered, as one section of the page of a seat.
pub(super) fn section(seat: &SeatView) -> Markup {
    let offers = Form::ALL.map(|form| {
        let words = match form {
            Form::AgentsMd => ("AGENTS.md", "one page for coding agents"),
            Form::ClaudeMd => ("CLAUDE.md", "the same page for Claude Code"),
            Form::Skills => ("Agent Skills", "one folder with a SKILL.md for each SOP"),
            Form::SopMd => ("Agent SOPs", "one .sop.md for each SOP"),
        };
        (form, words)
    });
    layout::section(
        "For other agents",
        None,
        &html! {
            p class="small" { "What this seat is and works by, as files:" }
            ul class="small" {
                @for (form, (name, said)) in &offers {
                    li { a href={ (address(&seat.seat.slug)) "/export/" (form.word()) } download { (name) } ": " (said) }
                }
            }
        },
    )
}

/// The file.
pub(super) async fn save(visit: Visit, Path((slug, form)): Path<(String, String)>) -> Answer {
    let form = Form::of(&form)?;
    let (name, bytes) = seat_files::download(&visit.app, &visit.who, &slug, form).await?;
    let media =
        if form.file().is_some() { "text/markdown; charset=utf-8" } else { "application/zip" };
    let headers: [(HeaderName, String); 3] = [
        (header::CONTENT_TYPE, media.to_owned()),
        (header::CONTENT_DISPOSITION, small::attachment(&name)),
        (header::CACHE_CONTROL, "private, no-store".to_owned()),
    ];
    Ok((headers, bytes).into_response())
}
