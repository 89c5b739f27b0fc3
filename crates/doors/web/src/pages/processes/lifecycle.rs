//! What can be done with the past of a process: an old revision effective again, the end, the return.

use crate::{
    gate::Sent,
    refusal::Fault,
    ui::{
        act::{self, Weight},
        field::{self, Field},
        layout,
    },
    visit::{Answer, Done, Visit, go},
};
use axum::extract::Path;
use gemba_app::{
    history::History,
    processes::{self, ProcessView},
    proposals::{self, Sending},
    publishing::{self, Basis, Publication},
    retirement,
};
use maud::{Markup, html};
use serde::{Deserialize, de::IgnoredAny};

use super::one;

/// Which old revision is to be effective again, and why.
#[derive(Debug, Deserialize)]
pub(super) struct Restored {
    number: u32,
    #[serde(default)]
    note: String,
    /// Whether a second person is asked first.
    #[serde(default)]
    act: String,
}

pub(super) async fn restore(
    Path(slug): Path<String>,
    Sent { visit, form }: Sent<Restored>,
) -> Answer {
    let basis = Basis::Revision { number: form.number };
    let note = form.note;
    let home = format!("/processes/{slug}");
    if form.act == "review" {
        let with = Sending { basis, note, ..Sending::default() };
        proposals::send(&visit.app, &visit.who, &slug, with).await?;
        return Ok(go(&format!("{home}/proposal"), Done::SentForReview));
    }
    let with = Publication { basis, note, ..Publication::default() };
    publishing::publish(&visit.app, &visit.who, &slug, with).await?;
    Ok(go(&home, Done::Restored))
}

/// The form that makes an old revision effective again; the first press opens it.
pub(super) fn restore_form(visit: &Visit, home: &str, history: &History, number: u32) -> Markup {
    let id = format!("note-{number}");
    let needs = history.needs_approval;
    if !(history.may_publish || history.may_propose) {
        return html! {};
    }
    html! {
        details class="ask" {
            summary class="button quiet compact" { "Make effective again" span class="hush" { ": revision " (number) } }
            form class="ask-box" method="post" action={ (home) "/restoration" } {
                (act::csrf(&visit.csrf))
                (act::hidden("number", &number.to_string()))
                p { "Its text is put in force as a new revision that says so. Nothing of the history changes." }
                div class="field" {
                    label for=(id) { "Why? " span class="optional" { "(optional)" } }
                    input class="input" type="text" id=(id) name="note" maxlength="400";
                }
                div class="buttons" {
                    @if history.may_publish && !needs { (act::value_button("Make it effective", Weight::Primary, "act", "publish")) }
                    @if history.may_propose { (act::value_button("Send it for review", Weight::Secondary, "act", "review")) }
                }
            }
        }
    }
}

#[derive(Debug, Default, Deserialize)]
pub(super) struct Ended {
    #[serde(default)]
    because: String,
}

pub(super) async fn retire(Path(slug): Path<String>, Sent { visit, form }: Sent<Ended>) -> Answer {
    match retirement::retire(&visit.app, &visit.who, &slug, &form.because).await {
        Ok(()) => Ok(go(&format!("/processes/{slug}"), Done::Retired)),
        Err(error) => {
            let fault = Fault::of(error)?;
            let view = processes::get(&visit.app, &visit.who, &slug).await?;
            one::history_with(&visit, &view, &fault).await
        }
    }
}

pub(super) async fn bring_back(
    Path(slug): Path<String>,
    Sent { visit, .. }: Sent<IgnoredAny>,
) -> Answer {
    retirement::bring_back(&visit.app, &visit.who, &slug).await?;
    Ok(go(&format!("/processes/{slug}"), Done::BroughtBack))
}

/// The end of a process; the way back stands above a process that came to it.
pub(super) fn end(
    visit: &Visit,
    view: &ProcessView,
    history: &History,
    fault: Option<&Fault>,
) -> Markup {
    let home = format!("/processes/{}", view.row.slug);
    if !history.may_publish || view.row.retired.is_some() {
        return html! {};
    }
    let because = Field::new("because", "Why does nothing run by it any more?")
        .hint("Name the process that took its place, where there is one.")
        .error(Fault::at(fault, "because"));
    layout::section(
        "Retire this process",
        None,
        &html! {
            details class="ask" open[fault.is_some()] {
                summary class="button danger" { "Retire" }
                form class="ask-box" method="post" action={ (home) "/retirement" } {
                    (act::csrf(&visit.csrf))
                    p { "No new run starts, its schedules stop, and it leaves the lists. It stays readable, runs that are going on come to their end, and it can be brought back." }
                    (field::textarea(&because, "", 2))
                    (act::button("Retire the process", Weight::Danger))
                }
            }
        },
    )
}
