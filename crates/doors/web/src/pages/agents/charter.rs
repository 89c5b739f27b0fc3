//! The form in which a manager says what the agent of a seat is there for.

use super::Slug;
use crate::{
    gate::Sent,
    refusal::Fault,
    ui::{
        act::{self, Weight},
        field::{self, Choice, Field, Input},
        layout::{self, Part, Width},
    },
    visit::{Answer, Done, Visit, go},
};
use axum::{extract::Path, http::StatusCode};
use gemba_app::{
    Act, Error, access, accounts,
    agents::{self, CharterInput},
    records::Level,
};
use gemba_model::role::Role;
use maud::html;
use serde::Deserialize;

/// What is typed into the form.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Typed {
    mandate: String,
    edges: String,
    metric: String,
    switch: String,
}

pub(super) async fn show(visit: Visit, Path(slug): Slug) -> Answer {
    access::require(&visit.who, Act::Manage)?;
    let view = agents::readiness(&visit.app, &visit.who, &slug).await?;
    let view = view.ok_or_else(|| Error::NotFound { what: "agent", id: slug.clone() })?;
    let charter = view.seat.charter.unwrap_or_default();
    let typed = Typed {
        mandate: charter.mandate,
        edges: charter.edges.join("\n"),
        metric: charter.metric,
        switch: charter.switch.map(|account| account.to_string()).unwrap_or_default(),
    };
    page(&visit, &slug, &typed, None).await
}

pub(super) async fn save(Path(slug): Slug, Sent { visit, form }: Sent<Typed>) -> Answer {
    let input = CharterInput {
        mandate: form.mandate.clone(),
        edges: form.edges.lines().map(str::to_owned).collect(),
        metric: form.metric.clone(),
        switch: Some(form.switch.clone()),
        level: Level::Act,
    };
    match agents::charter(&visit.app, &visit.who, &slug, input).await {
        Ok(()) => Ok(go(&format!("/seats/{slug}"), Done::Saved)),
        Err(error) => page(&visit, &slug, &form, Some(Fault::of(error)?)).await,
    }
}

async fn page(visit: &Visit, slug: &str, typed: &Typed, fault: Option<Fault>) -> Answer {
    let view = agents::readiness(&visit.app, &visit.who, slug).await?;
    let view = view.ok_or_else(|| Error::NotFound { what: "agent", id: slug.to_owned() })?;
    let people = accounts::list(&visit.app, &visit.who).await?;
    let ids: Vec<(String, &str)> = people
        .iter()
        .filter(|one| one.active && one.role >= Role::Member)
        .map(|one| (one.id.to_string(), one.name.as_str()))
        .collect();
    let holders: Vec<Choice<'_>> = std::iter::once(Choice::new("", "Its sponsor"))
        .chain(ids.iter().map(|(id, name)| Choice::new(id, name)))
        .collect();
    let at = |name| Fault::at(fault.as_ref(), name);
    let title = format!("What {} is there for", view.name);
    let back = format!("/seats/{slug}");
    let body = html! {
        (layout::breadcrumbs(&[("Team", "/seats"), (&view.seat.name, &back)]))
        (layout::head(&title, Some("An agent acts when all of this is there, and a person above its seat answers for it."), &[], &[]))
        form class="form" method="post" action={ "/seats/" (slug) "/charter" } {
            (field::error_summary(&Fault::all(fault.as_ref())))
            (act::csrf(&visit.csrf))
            (field::textarea(&Field::new("mandate", "Mandate").hint("What it is there to do, in a sentence or two").error(at("mandate")), &typed.mandate, 3))
            (field::textarea(&Field::new("edges", "It never").hint("One per line: what it does not do whoever asks, \"Never pays anybody\"").error(at("edges")), &typed.edges, 4))
            (field::text(&Field::new("metric", "Business metric").hint("The number by which you see whether it is worth it: \"Invoices sent on the day\", not calls or tokens").error(at("metric")), Input::Text, &typed.metric))
            (field::select(&Field::new("switch", "Who holds its switch").hint("They can stop it at any moment, as the people above its seat and managers can").error(at("switch")), &holders, &typed.switch))
            (act::buttons(&[act::button("Save the charter", Weight::Primary), act::link_button(&back, "Cancel", Weight::Quiet)]))
        }
    };
    let status = fault.as_ref().map_or(StatusCode::OK, |_| StatusCode::UNPROCESSABLE_ENTITY);
    Ok(visit.page_with(status, &title, Some(Part::Team), Width::Reading, &body))
}
