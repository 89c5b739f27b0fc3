//! The calendar of a seat: links for calendar programs, and the calendar behind one.

use super::address;
use crate::{
    Site,
    gate::Sent,
    pages::settings::base,
    ui::{
        act::{self, Weight},
        badge::Tone,
        icon::Icon,
        layout::{self, Part, Width},
        moment, notice,
        table::{self, Column, Narrow},
    },
    visit::{Answer, Done, Visit, go},
};
use axum::{
    extract::{Path, State},
    http::{HeaderMap, HeaderName, StatusCode, header},
    response::{IntoResponse, Response},
};
use gemba_app::{Error, feeds, records::Feed, seats};
use maud::{Markup, html};

/// The calendar behind a link; no session is asked for.
pub(super) async fn feed(State(site): State<Site>, Path(file): Path<String>) -> Response {
    let secret = file.strip_suffix(".ics").unwrap_or(&file);
    match feeds::calendar(&site.app, secret).await {
        Ok(text) => {
            let headers: [(HeaderName, &str); 3] = [
                (header::CONTENT_TYPE, "text/calendar; charset=utf-8"),
                (header::CONTENT_DISPOSITION, "inline; filename=\"gemba.ics\""),
                (header::CACHE_CONTROL, "private, max-age=300"),
            ];
            (headers, text).into_response()
        }
        Err(Error::NotFound { .. }) => {
            (StatusCode::NOT_FOUND, "This link does not work.\n").into_response()
        }
        Err(_failed) => (StatusCode::INTERNAL_SERVER_ERROR, "Something failed; try again later.\n")
            .into_response(),
    }
}

pub(super) async fn show(visit: Visit, Path(slug): Path<String>) -> Answer {
    let all = feeds::list(&visit.app, &visit.who, &slug).await?;
    let seat = seats::get(&visit.app, &visit.who, &slug).await?.seat;
    let home = address(&seat.slug);
    let body = html! {
        (layout::breadcrumbs(&[("Team", "/seats"), (&seat.name, &home)]))
        (layout::head(&format!("The calendar of {}", seat.name), Some("Deadlines of its work, reviews of what it owns, and the runs that schedules will start."), &[], &[]))
        @if all.is_empty() {
            (notice::empty_state(Icon::Calendar, "No link yet", "A calendar program (of a phone, of Outlook, Google or Apple) reads the calendar at a secret link, and reads it again by itself.", None))
        } @else { (listing(&visit, &home, &all)) }
        (act::act(&format!("{home}/calendar"), &visit.csrf, "Make a link", Weight::Primary))
    };
    let title = format!("Calendar of {}", seat.name);
    Ok(visit.page_with(StatusCode::OK, &title, Some(Part::Team), Width::Reading, &body))
}

fn listing(visit: &Visit, home: &str, all: &[Feed]) -> Markup {
    let columns =
        [Column::text("Made"), Column::tight("Last read"), Column::tight("Take back").hushed()];
    let rows: Vec<Vec<Markup>> = all
        .iter()
        .map(|feed| {
            vec![
                html! { (moment::time(feed.created, visit.now, &visit.zone)) " by " (feed.by) },
                feed.used.map_or_else(
                    || html! { span class="muted" { "Never" } },
                    |used| moment::time(used, visit.now, &visit.zone),
                ),
                act::ask_act(
                    &format!("{home}/calendar/{}/removal", feed.id),
                    &visit.csrf,
                    "Take it back",
                    "Programs that read the calendar at this link find nothing any more.",
                    "Take the link back",
                ),
            ]
        })
        .collect();
    table::table("Links to the calendar", &columns, &rows, Narrow::Stack)
}

pub(super) async fn create(
    Path(slug): Path<String>,
    State(site): State<Site>,
    headers: HeaderMap,
    Sent { visit, .. }: Sent<Vec<(String, String)>>,
) -> Answer {
    let secret = feeds::create(&visit.app, &visit.who, &slug).await?;
    let seat = seats::get(&visit.app, &visit.who, &slug).await?.seat;
    let home = address(&seat.slug);
    let calendar = format!("{home}/calendar");
    let link = format!("{}/calendar/{secret}.ics", base(&headers, &site));
    let body = html! {
        (layout::breadcrumbs(&[("Team", "/seats"), (&seat.name, &home), ("Calendar", &calendar)]))
        (layout::head("The link to the calendar", None, &[], &[]))
        (notice::banner(Tone::Warn, &html! { "Copy the link now: it is not shown again. Whoever has it reads what is due for " (seat.name) "." }, None))
        p { (act::copyable(&link, "the link")) }
        p class="muted" { "In your calendar program choose to subscribe to a calendar (\"from URL\", \"from the Internet\") and paste it." }
        (act::buttons(&[act::link_button(&calendar, "Back to the links", Weight::Secondary)]))
    };
    Ok(visit.page_with(StatusCode::OK, "New link", Some(Part::Team), Width::Reading, &body))
}

pub(super) async fn remove(
    Path((slug, id)): Path<(String, String)>,
    Sent { visit, .. }: Sent<Vec<(String, String)>>,
) -> Answer {
    let missing = |_| Error::NotFound { what: "calendar link", id: id.clone() };
    feeds::revoke(&visit.app, &visit.who, id.parse().map_err(missing)?).await?;
    Ok(go(&format!("{}/calendar", address(&slug)), Done::Removed))
}
