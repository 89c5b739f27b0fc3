//! One trigger that is set up here: where its messages, values or guests come in, what became of each.

use super::{one::id, words};
use crate::{
    Site,
    gate::Sent,
    pages::settings::base,
    refusal::{Fault, Refusal},
    ui::{
        act::{self, Weight},
        badge::{Tone, badge},
        field::{self, Field, Input},
        layout::{self, Part, Width},
        list, moment, notice,
    },
    visit::{Answer, Done, Visit, go},
};
use axum::{
    extract::{Path, State},
    http::{HeaderMap, StatusCode},
};
use gemba_app::{
    inlets::{self, DryRun, InletView, message::Letter},
    records::{Side, Source, Threshold, Webhook},
};
use maud::{Markup, html};
use serde::Deserialize;

/// A message to be tried.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Tried {
    body: String,
}

/// A value to be pushed.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Typed {
    value: String,
}

/// The kind of a trigger, in words.
pub(super) fn kind(source: &Source) -> &'static str {
    match source {
        Source::Event(_) => "Messages",
        Source::Threshold(_) => "A threshold",
        Source::Request(_) => "A form for guests",
    }
}

/// Whether it is in force.
pub(super) fn state(view: &InletView) -> Markup {
    html! {
        @if !view.inlet.active { (badge(Tone::Neutral, "Taken away")) }
        @else if view.paused.is_some() { (badge(Tone::Warn, "Paused")) }
        @else { (badge(Tone::Good, "In force")) }
        @if view.n_waiting > 0 { " " (badge(Tone::Live, &format!("{} wait", view.n_waiting))) }
    }
}

/// What starts a run, in a line.
pub(super) fn rule(source: &Source) -> String {
    match source {
        Source::Event(webhook) if webhook.types.is_empty() => "Any message".to_owned(),
        Source::Event(webhook) => webhook.types.join(", "),
        Source::Threshold(threshold) => limit(threshold),
        Source::Request(form) => words::count(form.questions.len(), "question", "questions"),
    }
}

fn limit(threshold: &Threshold) -> String {
    let of = threshold.measurable.as_deref().unwrap_or("A value that is pushed here");
    let (side, back) = match threshold.side {
        Side::Above => ("more than", "or less"),
        Side::Below => ("less than", "or more"),
    };
    format!("{of}: {side} {}; counts again at {} {back}", threshold.limit, threshold.rearm)
}

/// What stands on the page of an inlet beside its occurrences.
pub(super) fn content(visit: &Visit, view: &InletView, headers: &HeaderMap, site: &Site) -> Markup {
    let home = format!("/triggers/{}", view.inlet.id);
    match &view.inlet.source {
        Source::Event(webhook) => html! {
            (layout::section("Where messages come in", None, &html! {
                p { (act::copyable(&format!("{}/hooks/{}", base(headers, site), view.inlet.id), "the address")) }
                p class="muted small" {
                    "Signed as Standard Webhooks says; plain JSON or a CloudEvent in either mode. "
                    "A message is taken once, by its source and id. What it says is data: it is shown and passed on, never obeyed."
                }
            }))
            (layout::section("What a run gets", None, &mapping(webhook)))
            @if view.inlet.active { (layout::section("Try a message", Some("nothing starts"), &try_form(visit, &home, "", None))) }
        },
        Source::Threshold(threshold) => layout::section(
            "The last value",
            None,
            &html! {
                @match &threshold.last {
                    Some(last) => p { (last.said) " " span class="muted small" { (moment::time(last.at, visit.now, &visit.zone)) } },
                    None => p class="muted" { "No value was looked at yet." },
                }
                @if threshold.measurable.is_none() && view.may_pause && view.inlet.active {
                    form class="form" method="post" action={ (home) "/values" } {
                        (act::csrf(&visit.csrf))
                        (field::text(&Field::new("value", "Value"), Input::Number, ""))
                        (act::buttons(&[act::button("Push the value", Weight::Secondary)]))
                    }
                }
            },
        ),
        Source::Request(form) => layout::section(
            "What a guest is asked",
            None,
            &html! {
                @if !form.words.is_empty() { p { (form.words) } }
                ul class="pieces" {
                    @for question in &form.questions {
                        li { (question.label) @if !question.required { span class="muted small" { " (optional)" } } }
                    }
                }
                p class="muted small" { "Whoever has the link may send it, at most thirty times an hour. A new link takes the old one back." }
            },
        ),
    }
}

fn mapping(webhook: &Webhook) -> Markup {
    let title = webhook.mapping.title.as_deref().unwrap_or("Its number, as in any run");
    let mut facts = vec![("What it is about", html! { (title) })];
    for (name, pointer) in &webhook.mapping.inputs {
        facts.push((name, html! { code { (pointer) } }));
    }
    list::facts(&facts)
}

/// What can be done about it.
pub(super) fn acts(visit: &Visit, view: &InletView) -> Markup {
    let home = format!("/triggers/{}", view.inlet.id);
    if !view.may_change || !view.inlet.active {
        return html! {};
    }
    let (label, question) = match &view.inlet.source {
        Source::Event(_) => ("New secret", "The present one is valid for a day longer."),
        Source::Request(_) => ("New link", "The present link stops working at once."),
        Source::Threshold(_) => ("", ""),
    };
    html! {
        (layout::section("Change it", None, &html! {
            (act::buttons(&[
                act::edit_link(&format!("{home}/edit"), "Edit"),
                html! { @if !label.is_empty() { (act::ask_act(&format!("{home}/secret"), &visit.csrf, label, question, label)) } },
                act::ask_act(&format!("{home}/removal"), &visit.csrf, "Take it away",
                    "It starts no run any more. What it started stays.", "Take the trigger away"),
            ]))
        }))
    }
}

/// A secret that was made: this answer is the only place where it can be read.
pub(super) fn shown(
    visit: &Visit,
    name: &str,
    home: &str,
    secret: &str,
    base: &str,
) -> axum::response::Response {
    let is_link = !secret.starts_with("whsec_");
    let body = html! {
        (layout::breadcrumbs(&[("Runs", "/runs"), ("Triggers", "/triggers"), (name, home)]))
        @if is_link {
            (layout::head("The link for guests", None, &[], &[]))
            (notice::banner(Tone::Warn, &html! { "Copy the link now: it is not shown again. Whoever has it may send the form." }, None))
            p { (act::copyable(&format!("{base}/ask/{secret}"), "the link")) }
        } @else {
            (layout::head("The secret of the webhook", None, &[], &[]))
            (notice::banner(Tone::Warn, &html! { "Copy the secret now: it is not shown again. Whoever has it can start runs." }, None))
            p { (act::copyable(secret, "the secret")) }
        }
        (act::buttons(&[act::link_button(home, "To the trigger", Weight::Secondary)]))
    };
    visit.page_with(StatusCode::OK, "New secret", Some(Part::Runs), Width::Reading, &body)
}

pub(super) async fn secret(
    Path(path): Path<String>,
    State(site): State<Site>,
    headers: HeaderMap,
    Sent { visit, .. }: Sent<Vec<(String, String)>>,
) -> Answer {
    let id = id(&path)?;
    let secret = inlets::renew(&visit.app, &visit.who, id, None).await?;
    let view = inlets::get(&visit.app, &visit.who, id).await?;
    let home = format!("/triggers/{id}");
    Ok(shown(&visit, &view.inlet.name, &home, &secret, &base(&headers, &site)))
}

pub(super) async fn remove(
    Path(path): Path<String>,
    Sent { visit, .. }: Sent<Vec<(String, String)>>,
) -> Answer {
    inlets::delete(&visit.app, &visit.who, id(&path)?).await?;
    Ok(go("/triggers", Done::Removed))
}

pub(super) async fn push(Path(path): Path<String>, Sent { visit, form }: Sent<Typed>) -> Answer {
    let id = id(&path)?;
    let home = format!("/triggers/{id}");
    let pushed = match crate::pages::scorecard::number("value", &form.value) {
        Ok(value) => inlets::push(&visit.app, &visit.who, id, value).await.map_err(Fault::of),
        Err(fault) => Err(Ok(fault)),
    };
    match pushed {
        Ok(_) => Ok(go(&home, Done::Looked)),
        Err(fault) => {
            let fault = fault?;
            let body = html! {
                (layout::breadcrumbs(&[("Runs", "/runs"), ("Triggers", "/triggers"), ("The trigger", &home)]))
                (layout::head("Push a value", None, &[], &[]))
                form class="form" method="post" action={ (home) "/values" } {
                    (field::error_summary(&Fault::all(Some(&fault))))
                    (act::csrf(&visit.csrf))
                    (field::text(&Field::new("value", "Value").error(Some(&fault.says)), Input::Number, &form.value))
                    (act::buttons(&[act::button("Push the value", Weight::Primary)]))
                }
            };
            let status = StatusCode::UNPROCESSABLE_ENTITY;
            Ok(visit.page_with(status, "Push a value", Some(Part::Runs), Width::Reading, &body))
        }
    }
}

fn try_form(visit: &Visit, home: &str, body: &str, fault: Option<&Fault>) -> Markup {
    let message = Field::new("body", "A message as its sender would send it")
        .hint("JSON, or a whole CloudEvent")
        .error(Fault::at(fault, "body"));
    html! {
        form class="form" method="post" action={ (home) "/dry-run" } {
            (field::error_summary(&Fault::all(fault)))
            (act::csrf(&visit.csrf))
            (field::textarea(&message, body, 8))
            (act::buttons(&[act::button("See what it would do", Weight::Secondary)]))
        }
    }
}

pub(super) async fn dry_run(Path(path): Path<String>, Sent { visit, form }: Sent<Tried>) -> Answer {
    let id = id(&path)?;
    let view = inlets::get(&visit.app, &visit.who, id).await?;
    let home = format!("/triggers/{id}");
    let is_event = form.body.contains("\"specversion\"");
    let media = if is_event { "application/cloudevents+json" } else { "application/json" };
    let letter = Letter {
        content_type: media.to_owned(),
        id: "dry_run".to_owned(),
        body: form.body.clone().into_bytes(),
        ..Letter::default()
    };
    let tried = inlets::dry_run(&visit.app, &visit.who, id, &letter).await;
    let (tried, fault) = match tried {
        Ok(tried) => (Some(tried), None),
        Err(error) => (None, Some(Fault::of(error).map_err(|refusal: Refusal| refusal)?)),
    };
    let body = html! {
        (layout::breadcrumbs(&[("Runs", "/runs"), ("Triggers", "/triggers"), (&view.inlet.name, &home)]))
        (layout::head("What a message would do", Some("Nothing was started."), &[], &[]))
        @if let Some(tried) = &tried { (would_do(tried)) }
        (layout::section("Try another", None, &try_form(&visit, &home, &form.body, fault.as_ref())))
    };
    let status = fault.map_or(StatusCode::OK, |_| StatusCode::UNPROCESSABLE_ENTITY);
    Ok(visit.page_with(status, "What a message would do", Some(Part::Runs), Width::Reading, &body))
}

fn would_do(tried: &DryRun) -> Markup {
    let mut facts = vec![
        ("Source", html! { (tried.message.source) }),
        ("Id", html! { (tried.message.id) }),
        ("Type", html! { (tried.message.kind) }),
    ];
    if let Some(title) = &tried.mapped.title {
        facts.push(("The run is about", html! { (title) }));
    }
    html! {
        @match &tried.held {
            None => (notice::banner(Tone::Good, &html! { "It would start a run." }, None)),
            Some(reason) => (notice::banner(Tone::Warn, &html! { "It would start no run. " (reason) }, None)),
        }
        (list::facts(&facts))
        (words::inputs(&tried.mapped.inputs))
        @if !tried.mapped.missing.is_empty() {
            p { (badge(Tone::Warn, "Missing")) " The message has nothing at " (tried.mapped.missing.join(", ")) "." }
        }
    }
}
