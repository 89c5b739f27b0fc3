//! The delivery log: what was sent outside, what came of each try, and sending it again.

use super::{Room, channels};
use crate::{
    gate::Sent,
    refusal::Refusal,
    ui::{
        act::{self, Weight},
        badge::{Tone, badge},
        icon::Icon,
        layout::{self, Part, Tab, Width},
        list, moment, notice,
        table::{self, Column, Narrow},
    },
    visit::{Answer, Done, Visit, go},
};
use axum::{
    extract::{Path, Query},
    http::StatusCode,
};
use gemba_app::{
    Error,
    outbox::{self, DeliveryState, DeliveryView, Listing, Try},
};
use gemba_model::id::DeliveryId;
use maud::{Markup, html};
use serde::Deserialize;

/// How many deliveries stand on one page.
const PAGE: u32 = 50;

/// Which part of the log.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Look {
    channel: String,
    state: String,
    before: String,
}

fn id(text: &str) -> Result<DeliveryId, Refusal> {
    let missing = |_| Error::NotFound { what: "delivery", id: text.to_owned() };
    Ok(text.parse().map_err(missing)?)
}

fn state(state: DeliveryState) -> Markup {
    match state {
        DeliveryState::Waiting => badge(Tone::Live, "Waits"),
        DeliveryState::Sent => badge(Tone::Good, "Sent"),
        DeliveryState::Failed => badge(Tone::Bad, "Given up"),
        DeliveryState::Dropped => badge(Tone::Neutral, "Not sent"),
    }
}

/// Deliveries as a table.
pub(super) fn listing(visit: &Visit, all: &[DeliveryView]) -> Markup {
    let columns = [
        Column::text("News"),
        Column::text("Channel"),
        Column::text("Last answer"),
        Column::tight("State"),
    ];
    let rows: Vec<Vec<Markup>> = all
        .iter()
        .map(|one| {
            let home = format!("/settings/deliveries/{}", one.id);
            vec![
                html! { (table::row_link(&home, &one.news.says)) span class="under" { (one.news.kind.title()) ", " (moment::time(one.news.at, visit.now, &visit.zone)) } },
                html! { (one.channel.1) },
                html! {
                    @if let Some(last) = one.tries.last() { (said(last)) } @else { span class="muted" { "Not tried yet" } }
                    @if let Some(due) = one.due { span class="under" { "Next try " (moment::time(due, visit.now, &visit.zone)) } }
                },
                state(one.state),
            ]
        })
        .collect();
    table::table("Deliveries", &columns, &rows, Narrow::Stack)
}

fn said(one: &Try) -> String {
    match (one.status, one.said.trim()) {
        (Some(status), "") => status.to_string(),
        (Some(status), said) => format!("{status} {said}"),
        (None, said) => said.to_owned(),
    }
}

pub(super) async fn index(visit: Visit, Query(look): Query<Look>) -> Answer {
    let channel = if look.channel.is_empty() { None } else { Some(channels::id(&look.channel)?) };
    let before = if look.before.is_empty() { None } else { Some(id(&look.before)?) };
    let chosen = DeliveryState::of_word(&look.state);
    let listing_of = Listing { channel, state: chosen, before, limit: PAGE };
    let all = outbox::deliveries(&visit.app, &visit.who, listing_of).await?;
    let with = |state: &str, before: &str| {
        let fields = [("channel", look.channel.as_str()), ("state", state), ("before", before)];
        let set: Vec<String> = fields
            .into_iter()
            .filter(|(_, value)| !value.is_empty())
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        match set.join("&") {
            none if none.is_empty() => "/settings/deliveries".to_owned(),
            some => format!("/settings/deliveries?{some}"),
        }
    };
    let states = [
        ("All", None),
        ("Waiting", Some(DeliveryState::Waiting)),
        ("Given up", Some(DeliveryState::Failed)),
        ("Sent", Some(DeliveryState::Sent)),
        ("Not sent", Some(DeliveryState::Dropped)),
    ];
    let hrefs = states.map(|(_, state)| with(state.map_or("", DeliveryState::word), ""));
    let tabs: Vec<Tab<'_>> = states
        .iter()
        .zip(&hrefs)
        .map(|((label, state), href)| Tab { label, href, count: None, current: *state == chosen })
        .collect();
    let is_full = u32::try_from(all.len()).is_ok_and(|n| n >= PAGE);
    let next = all.last().filter(|_| is_full).map(|last| with(&look.state, &last.id.to_string()));
    let first = with(&look.state, "");
    let shown =
        if all.len() == 1 { "1 delivery".to_owned() } else { format!("{} deliveries", all.len()) };
    let body = html! {
        (layout::breadcrumbs(&[("Settings", "/settings"), ("Channels", Room::Channels.href())]))
        (layout::head("Deliveries", Some("What was told outside, each try, for thirty days."), &[], &[]))
        (layout::tabs("State of the deliveries", &tabs))
        @if all.is_empty() {
            (notice::empty_state(Icon::History, "Nothing here", "Each piece of news that a channel takes stands here, with what came of each try.", None))
        } @else {
            (listing(&visit, &all))
            (table::pager(&shown, before.map(|_| first.as_str()), next.as_deref()))
        }
    };
    Ok(visit.page_with(StatusCode::OK, "Deliveries", Some(Part::Settings), Width::Wide, &body))
}

pub(super) async fn show(visit: Visit, Path(path): Path<String>) -> Answer {
    let view = outbox::delivery(&visit.app, &visit.who, id(&path)?).await?;
    let base = visit.app.courier().base().to_owned();
    let event = outbox::cloud_event(&view.news, &base);
    let text = serde_json::to_string_pretty(&event).unwrap_or_default();
    let happenings: Vec<list::Happening> = view
        .tries
        .iter()
        .rev()
        .map(|one| list::Happening {
            tone: match one.status {
                Some(200..=299) => Tone::Good,
                Some(_) => Tone::Bad,
                None => Tone::Neutral,
            },
            what: html! { (said(one)) },
            when: html! { (moment::exact_time(one.at, &visit.zone)) @if one.took_ms > 0 { ", " (one.took_ms) " ms" } },
            more: None,
        })
        .collect();
    let content = html! {
        (layout::section("Tries", Some("the last one first"), &html! {
            @if happenings.is_empty() { p class="muted" { "It was not tried yet." } } @else { (list::timeline(&happenings)) }
        }))
        (layout::section("The event", Some("as a webhook gets it"), &html! {
            pre class="snippet" role="region" aria-label="The event as JSON" tabindex="0" { code { (text) } }
        }))
    };
    let panel = html! {
        (layout::section("About", None, &list::facts(&[
            ("Channel", html! { a href={ "/settings/channels/" (view.channel.0) } { (view.channel.1) } }),
            ("News", html! { (view.news.kind.title()) }),
            ("Happened", moment::time(view.news.at, visit.now, &visit.zone)),
            ("Next try", html! { @match view.due { Some(due) => (moment::time(due, visit.now, &visit.zone)), None => "None" } }),
            ("About it", html! { a href=(view.news.path) { "Open the page" } }),
        ])))
        (act::buttons(&[act::act(&format!("/settings/deliveries/{}/again", view.id), &visit.csrf, "Send it again", Weight::Secondary)]))
        p class="muted small" { "It is sent under the same id, so that a receiver can tell that it had it already." }
    };
    let body = html! {
        (layout::breadcrumbs(&[("Settings", "/settings"), ("Channels", Room::Channels.href()), ("Deliveries", "/settings/deliveries")]))
        (layout::head(&view.news.says, None, &[state(view.state)], &[]))
        (layout::beside(&content, "About this delivery", &panel))
    };
    Ok(visit.page_with(StatusCode::OK, "Delivery", Some(Part::Settings), Width::Wide, &body))
}

/// A form has no page of its own.
pub(super) async fn back(_visit: Visit, Path(path): Path<String>) -> Answer {
    let home = format!("/settings/deliveries/{}", id(&path)?);
    Ok(axum::response::IntoResponse::into_response(axum::response::Redirect::to(&home)))
}

pub(super) async fn again(
    Path(path): Path<String>,
    Sent { visit, .. }: Sent<Vec<(String, String)>>,
) -> Answer {
    let id = id(&path)?;
    outbox::replay(&visit.app, &visit.who, id).await?;
    Ok(go(&format!("/settings/deliveries/{id}"), Done::OnItsWay))
}
