//! The form that sets up a trigger which no document names, or changes it.

use super::{inlet, one::id, words};
use crate::{
    Site,
    gate::Sent,
    pages::{scorecard::number, settings::base},
    refusal::{Fault, Refusal},
    ui::{
        act::{self, Weight},
        field::{self, Choice, Field, Input},
        layout::{self, Part, Width},
    },
    visit::{Answer, Done, Visit, go},
};
use axum::{
    extract::{Path, Query, State},
    http::{HeaderMap, StatusCode},
};
use gemba_app::{
    Act, Error, access,
    inlets::{self, InletInput, SourceInput},
    measurables, processes,
    records::{Mapping, Question, Side, Source},
};
use gemba_model::Overlap;
use maud::{Markup, html};
use serde::Deserialize;

/// What is typed; which fields count depends on the kind.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Typed {
    kind: String,
    process: String,
    name: String,
    overlap: String,
    types: String,
    title: String,
    inputs: String,
    secret: String,
    measurable: String,
    side: String,
    limit: String,
    rearm: String,
    words: String,
    questions: String,
}

fn lines(text: &str) -> impl Iterator<Item = &str> {
    text.lines().map(str::trim).filter(|line| !line.is_empty())
}

impl Typed {
    fn input(&self) -> Result<InletInput, Fault> {
        let source = match self.kind.as_str() {
            "threshold" => {
                let rearm = Some(self.rearm.trim()).filter(|text| !text.is_empty());
                SourceInput::Threshold {
                    measurable: Some(self.measurable.clone()).filter(|slug| !slug.is_empty()),
                    side: if self.side == "below" { Side::Below } else { Side::Above },
                    limit: number("limit", &self.limit)?,
                    rearm: rearm.map(|text| number("rearm", text)).transpose()?,
                }
            }
            "request" => SourceInput::Request {
                words: self.words.trim().to_owned(),
                questions: lines(&self.questions)
                    .map(|line| {
                        let optional = line.strip_suffix('?').filter(|_| line.ends_with("??"));
                        Question {
                            label: optional.unwrap_or(line).to_owned(),
                            required: optional.is_none(),
                        }
                    })
                    .collect(),
            },
            _ => {
                let mut inputs = std::collections::BTreeMap::new();
                for line in lines(&self.inputs) {
                    let (name, pointer) = line.split_once('=').ok_or_else(|| {
                        Fault::new("inputs", format!("Write a name, = and a place, not “{line}”."))
                    })?;
                    inputs.insert(name.trim().to_owned(), pointer.trim().to_owned());
                }
                let title = Some(self.title.trim().to_owned()).filter(|title| !title.is_empty());
                SourceInput::Event {
                    types: lines(&self.types).map(str::to_owned).collect(),
                    mapping: Mapping { title, inputs },
                    secret: Some(self.secret.trim().to_owned()).filter(|s| !s.is_empty()),
                }
            }
        };
        let overlap = Overlap::of_word(&self.overlap)
            .ok_or_else(|| Fault::new("overlap", "Choose what becomes of what overlaps."))?;
        Ok(InletInput { name: self.name.clone(), overlap, source })
    }

    fn of(view: &inlets::InletView) -> Self {
        let inlet = &view.inlet;
        let base = Self {
            process: view.process.0.clone(),
            name: inlet.name.clone(),
            overlap: inlet.overlap.word().to_owned(),
            ..Self::default()
        };
        match &inlet.source {
            Source::Event(webhook) => {
                let inputs = webhook.mapping.inputs.iter();
                let inputs: Vec<String> = inputs.map(|(k, v)| format!("{k} = {v}")).collect();
                Self {
                    kind: "event".to_owned(),
                    types: webhook.types.join("\n"),
                    title: webhook.mapping.title.clone().unwrap_or_default(),
                    inputs: inputs.join("\n"),
                    ..base
                }
            }
            Source::Threshold(threshold) => Self {
                kind: "threshold".to_owned(),
                measurable: threshold.measurable.clone().unwrap_or_default(),
                side: match threshold.side {
                    Side::Above => "above".to_owned(),
                    Side::Below => "below".to_owned(),
                },
                limit: threshold.limit.to_string(),
                rearm: threshold.rearm.to_string(),
                ..base
            },
            Source::Request(form) => {
                let line = |q: &Question| {
                    if q.required { q.label.clone() } else { format!("{}?", q.label) }
                };
                Self {
                    kind: "request".to_owned(),
                    words: form.words.clone(),
                    questions: form.questions.iter().map(line).collect::<Vec<_>>().join("\n"),
                    ..base
                }
            }
        }
    }
}

fn fault(error: Error) -> Result<Fault, Refusal> {
    match error {
        Error::NotFound { what: "process", .. } => {
            Ok(Fault::new("process", "Choose the process that it starts."))
        }
        Error::NotFound { what: "measurable", .. } => {
            Ok(Fault::new("measurable", "Choose a measurable of the scorecard."))
        }
        other => Fault::of(other),
    }
}

pub(super) async fn fresh(visit: Visit, Query(mut typed): Query<Typed>) -> Answer {
    if !["event", "threshold", "request"].contains(&typed.kind.as_str()) {
        "event".clone_into(&mut typed.kind);
    }
    Overlap::default().word().clone_into(&mut typed.overlap);
    page(&visit, None, &typed, None).await
}

pub(super) async fn create(
    State(site): State<Site>,
    headers: HeaderMap,
    Sent { visit, form }: Sent<Typed>,
) -> Answer {
    let made = match form.input() {
        Ok(input) => {
            inlets::create(&visit.app, &visit.who, &form.process, input).await.map_err(fault)
        }
        Err(fault) => Err(Ok(fault)),
    };
    match made {
        Ok(made) => {
            let home = format!("/triggers/{}", made.id);
            Ok(match made.secret {
                Some(secret) => {
                    inlet::shown(&visit, form.name.trim(), &home, &secret, &base(&headers, &site))
                }
                None => go(&home, Done::Created),
            })
        }
        Err(fault) => page(&visit, None, &form, Some(fault?)).await,
    }
}

pub(super) async fn edit(visit: Visit, Path(path): Path<String>) -> Answer {
    let view = inlets::get(&visit.app, &visit.who, id(&path)?).await?;
    page(&visit, Some(&path), &Typed::of(&view), None).await
}

pub(super) async fn change(Path(path): Path<String>, Sent { visit, form }: Sent<Typed>) -> Answer {
    let id = id(&path)?;
    let done = match form.input() {
        Ok(input) => inlets::change(&visit.app, &visit.who, id, input).await.map_err(fault),
        Err(fault) => Err(Ok(fault)),
    };
    match done {
        Ok(()) => Ok(go(&format!("/triggers/{id}"), Done::Saved)),
        Err(fault) => page(&visit, Some(&path), &form, Some(fault?)).await,
    }
}

async fn page(visit: &Visit, of: Option<&str>, typed: &Typed, fault: Option<Fault>) -> Answer {
    access::require(&visit.who, Act::Manage)?;
    let known = processes::list(&visit.app, &visit.who).await?;
    let choices: Vec<Choice<'_>> = std::iter::once(Choice::new("", "Choose a process"))
        .chain(
            known
                .iter()
                .filter(|row| row.revision.is_some() && row.retired.is_none())
                .map(|row| Choice::new(&row.slug, &row.summary.title)),
        )
        .collect();
    let fault = fault.as_ref();
    let (title, lead) = match typed.kind.as_str() {
        "threshold" => (
            "Start a run when a number crosses a limit",
            "One crossing starts one run; the next counts when the number has come back.",
        ),
        "request" => ("Let guests ask for a run", "They get a link to a form, without an account."),
        _ => (
            "Start runs by messages from outside",
            "Another program sends a signed message for each run.",
        ),
    };
    let action = of.map_or_else(|| "/triggers/new".to_owned(), |id| format!("/triggers/{id}/edit"));
    let overlaps = Overlap::ALL.map(|policy| {
        let (label, hint) = words::overlap(policy);
        Choice { value: policy.word(), label, hint: Some(hint) }
    });
    let at = |name| Fault::at(fault, name);
    let body = html! {
        (layout::breadcrumbs(&[("Runs", "/runs"), ("Triggers", "/triggers")]))
        (layout::head(title, Some(lead), &[], &[]))
        form class="form" method="post" action=(action) {
            (field::error_summary(&Fault::all(fault)))
            (act::csrf(&visit.csrf))
            (act::hidden("kind", &typed.kind))
            @if of.is_some() { (act::hidden("process", &typed.process)) }
            @else { (field::select(&Field::new("process", "Process").error(at("process")), &choices, &typed.process)) }
            (field::text(&Field::new("name", "Name").hint("What it is called in lists: \"Orders of the shop\"").error(at("name")), Input::Text, &typed.name))
            @match typed.kind.as_str() {
                "threshold" => (threshold_fields(visit, typed, fault).await?),
                "request" => (request_fields(typed, fault)),
                _ => (event_fields(typed, fault, of.is_none())),
            }
            (field::radios(&Field::new("overlap", "An earlier run of it still goes on").error(at("overlap")), &overlaps, Some(&typed.overlap)))
            (act::buttons(&[
                act::button(if of.is_some() { "Save" } else { "Set it up" }, Weight::Primary),
                act::link_button("/triggers", "Cancel", Weight::Quiet),
            ]))
        }
    };
    let status = fault.map_or(StatusCode::OK, |_| StatusCode::UNPROCESSABLE_ENTITY);
    Ok(visit.page_with(status, title, Some(Part::Runs), Width::Reading, &body))
}

fn event_fields(typed: &Typed, fault: Option<&Fault>, is_new: bool) -> Markup {
    let types = Field::new("types", "Types of messages that start a run")
        .hint("One a line, as the sender calls them: order.paid. Empty: every message.")
        .optional()
        .error(Fault::at(fault, "types"));
    let title = Field::new("title", "What the run is about")
        .hint("Words, with places of the message in braces: Order {/data/number}")
        .optional()
        .error(Fault::at(fault, "title"));
    let inputs = Field::new("inputs", "What the run gets")
        .hint("One a line, a name and a place: customer = /data/customer/name")
        .optional()
        .error(Fault::at(fault, "inputs"));
    let secret = Field::new("secret", "Secret of the sender")
        .hint(
            "Only where the sender made one (whsec_…). Otherwise one is made here and shown once.",
        )
        .optional()
        .error(Fault::at(fault, "secret"));
    html! {
        (field::textarea(&types, &typed.types, 3))
        (field::text(&title, Input::Text, &typed.title))
        (field::textarea(&inputs, &typed.inputs, 4))
        // A secret that was typed is not sent back to the page.
        @if is_new { (field::text(&secret, Input::NewPassword, "")) }
    }
}

async fn threshold_fields(
    visit: &Visit,
    typed: &Typed,
    fault: Option<&Fault>,
) -> Result<Markup, Refusal> {
    let rows = measurables::scorecard(&visit.app, &visit.who).await?;
    let choices: Vec<Choice<'_>> =
        std::iter::once(Choice::new("", "A value that is pushed to the trigger"))
            .chain(rows.iter().map(|row| Choice::new(&row.measurable.slug, &row.measurable.name)))
            .collect();
    let sides = [
        Choice::new("above", "It is more than the limit"),
        Choice::new("below", "It is less than the limit"),
    ];
    let side = if typed.side == "below" { "below" } else { "above" };
    let at = |name| Fault::at(fault, name);
    Ok(html! {
        (field::select(&Field::new("measurable", "Number").error(at("measurable")), &choices, &typed.measurable))
        (field::radios(&Field::new("side", "A run starts when").error(at("side")), &sides, Some(side)))
        (field::text(&Field::new("limit", "Limit").error(at("limit")), Input::Number, &typed.limit))
        (field::text(&Field::new("rearm", "Counts again at").hint("How far the number must come back before the next crossing counts. Empty: the limit itself.").optional().error(at("rearm")), Input::Number, &typed.rearm))
    })
}

fn request_fields(typed: &Typed, fault: Option<&Fault>) -> Markup {
    let at = |name| Fault::at(fault, name);
    html! {
        (field::textarea(&Field::new("words", "What a guest is told").optional().error(at("words")), &typed.words, 3))
        (field::textarea(&Field::new("questions", "What is asked").hint("One question a line. With ?? at its end it may stay open.").error(at("questions")), &typed.questions, 6))
    }
}
