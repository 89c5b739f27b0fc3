//! Seats: the team chart, and which seats own what recurs.

use super::file::Saved;
use crate::{
    answer::{Done, Given, Result},
    call::{Call, Sent},
    operation::Operation,
    page::part,
};
use axum::http::Method;
use gemba_app::{
    coverage, feeds,
    seat_files::{self, Form},
    seats,
};
use gemba_model::id::EntryId;
use gemba_wire::{
    Page,
    coverage::Ownership,
    page::ListQuery,
    seat::{CalendarLink, ExportQuery, NewCalendarLink, Seat, SeatInput, SeatSlug},
};

pub(super) fn operations() -> Vec<Operation> {
    use Operation as Op;
    vec![
        Op::new(Method::GET, "/seats", "list_seats", "All seats, by name", list),
        Op::new(Method::POST, "/seats", "create_seat", "Add a seat", create),
        Op::new(Method::GET, "/seats/{slug}", "get_seat", "A seat", one),
        Op::new(Method::PUT, "/seats/{slug}", "put_seat", "Change a seat or its holder", change),
        Op::new(
            Method::DELETE,
            "/seats/{slug}",
            "delete_seat",
            "Remove a seat that nothing needs, with its tokens",
            delete,
        ),
        Op::new(
            Method::GET,
            "/seats/{slug}/calendar-links",
            "list_calendar_links",
            "The links at which calendar programs read what is due for a seat, newest first",
            links,
        ),
        Op::new(
            Method::GET,
            "/seats/{slug}/export",
            "export_seat",
            "A seat for other agents: as agents-md or claude-md one page, as skills or sop-md an archive of its SOPs",
            export,
        ),
        // A kept answer would keep the secret in the clear.
        Op::new(
            Method::POST,
            "/seats/{slug}/calendar-links",
            "create_calendar_link",
            "Make a link to the calendar of a seat; it is shown this once",
            link,
        )
        .unkept(),
        Op::new(
            Method::DELETE,
            "/calendar-links/{id}",
            "revoke_calendar_link",
            "Take a link to a calendar back",
            unlink,
        ),
        Op::new(
            Method::GET,
            "/seat-ownership",
            "get_seat_ownership",
            "Which seats own recurring processes, and what has no documented owner",
            ownership,
        ),
    ]
}

async fn list(call: Call<(), ListQuery>) -> Result<Given<Page<Seat>>> {
    let seats = seats::list(&call.app, &call.who).await?;
    let page = part(seats, |view| view.seat.slug.clone(), &call.query)?;
    Ok(Given(page.map(|view| Seat::from(&view))))
}

async fn create(call: Call<(), (), Sent<SeatInput>>) -> Result<Given<SeatSlug>> {
    let slug = seats::create(&call.app, &call.who, call.input.0.into()).await?;
    Ok(Given(SeatSlug { slug }))
}

async fn one(call: Call<String>) -> Result<Given<Seat>> {
    let view = seats::get(&call.app, &call.who, &call.path).await?;
    Ok(Given(Seat::from(&view)))
}

async fn change(call: Call<String, (), Sent<SeatInput>>) -> Result<Given<SeatSlug>> {
    let slug = seats::change(&call.app, &call.who, &call.path, call.input.0.into()).await?;
    Ok(Given(SeatSlug { slug }))
}

async fn delete(call: Call<String>) -> Result<Done> {
    seats::delete(&call.app, &call.who, &call.path).await?;
    Ok(Done)
}

async fn export(call: Call<String, ExportQuery>) -> Result<Saved> {
    let form = Form::of(&call.query.form)?;
    let (name, bytes) = seat_files::download(&call.app, &call.who, &call.path, form).await?;
    Ok(Saved { name, bytes })
}

async fn ownership(call: Call) -> Result<Given<Ownership>> {
    let ownership = coverage::ownership(&call.app, &call.who).await?;
    Ok(Given(Ownership::from(&ownership)))
}

async fn links(call: Call<String, ListQuery>) -> Result<Given<Page<CalendarLink>>> {
    let all = feeds::list(&call.app, &call.who, &call.path).await?;
    let page = part(all, |feed| feed.id.to_string(), &call.query)?;
    Ok(Given(page.map(|feed| CalendarLink::from(&feed))))
}

async fn link(call: Call<String>) -> Result<Given<NewCalendarLink>> {
    let secret = feeds::create(&call.app, &call.who, &call.path).await?;
    Ok(Given(NewCalendarLink::of(call.app.courier().base(), &secret)))
}

async fn unlink(call: Call<EntryId>) -> Result<Done> {
    feeds::revoke(&call.app, &call.who, call.path).await?;
    Ok(Done)
}
