//! When the workspace works: the days, the close of work and the holidays on which deadlines are counted.

use super::{Space, space_with};
use crate::{
    gate::Sent,
    refusal::Fault,
    ui::{
        act::{self, Weight},
        field::{self, Choice, Field, Input},
        layout, list,
    },
    visit::{Answer, Done, Visit, go},
};
use axum::response::Redirect;
use gemba_app::{
    Act, Error, access,
    workspace::{self, HoursInput},
};
use maud::{Markup, html};

const DAYS: [(&str, &str); 7] = [
    ("1", "Monday"),
    ("2", "Tuesday"),
    ("3", "Wednesday"),
    ("4", "Thursday"),
    ("5", "Friday"),
    ("6", "Saturday"),
    ("7", "Sunday"),
];

/// The part of the page about working hours.
pub(super) fn section(
    visit: &Visit,
    typed: &HoursInput,
    seen: &str,
    fault: Option<&Fault>,
) -> Markup {
    let at = |name| Fault::at(fault, name);
    let lead = Some("deadlines such as \u{201c}2 business days\u{201d} are counted on these");
    let days: Vec<String> = typed.days.iter().map(u8::to_string).collect();
    if !access::may(&visit.who, Act::Administer) {
        let names = DAYS.iter().filter(|(n, _)| days.iter().any(|day| day == n));
        let names: Vec<&str> = names.map(|(_, name)| *name).collect();
        let known = list::facts(&[
            ("Working days", html! { (names.join(", ")) }),
            ("Close of work", html! { (typed.close) }),
            (
                "Holidays",
                html! { @if typed.holidays.is_empty() { "None" } @else { ul { @for line in typed.holidays.lines() { li { (line) } } } } },
            ),
        ]);
        return layout::section("Working hours", lead, &known);
    }
    let chosen: Vec<&str> = days.iter().map(String::as_str).collect();
    let choices = DAYS.map(|(value, label)| Choice::new(value, label));
    let form = html! {
        form class="form" method="post" action="/settings/workspace/hours" {
            (field::error_summary(&Fault::all(fault)))
            (act::csrf(&visit.csrf))
            (act::hidden("seen", seen))
            (field::checkboxes(&Field::new("days", "Working days").error(at("days")), &choices, &chosen))
            (field::text(&Field::new("close", "Close of work").hint("When the working day ends, such as 17:00: a deadline in days ends then").error(at("close")), Input::Text, &typed.close))
            (field::textarea(&Field::new("holidays", "Holidays").hint("A date and a name on each line, such as 2026-12-25 Christmas Day; or the content of a calendar file (.ics)").error(at("holidays")).optional(), &typed.holidays, 6))
            (act::buttons(&[act::button("Save the working hours", Weight::Primary)]))
        }
    };
    layout::section("Working hours", lead, &form)
}

pub(super) async fn change(Sent { visit, form }: Sent<Vec<(String, String)>>) -> Answer {
    let mut typed = HoursInput { days: Vec::new(), close: String::new(), holidays: String::new() };
    let mut seen = None;
    for (name, value) in form {
        match name.as_str() {
            "days" => typed.days.extend(value.parse::<u8>()),
            "close" => typed.close = value,
            "holidays" => typed.holidays = value,
            "seen" => seen = Some(value),
            _ => {}
        }
    }
    let said = seen.as_deref();
    match workspace::set_hours_seen(&visit.app, &visit.who, &typed, said).await {
        Ok(()) => Ok(go("/settings/workspace", Done::Saved)),
        Err(error) => {
            let fault = match error {
                Error::Changed { .. } => Fault::overtaken("days"),
                other => Fault::of(other)?,
            };
            let space = workspace::get(&visit.app, &visit.who).await?;
            let mark = workspace::hours_mark(&space.hours);
            space_with(&visit, &Space::of(space), None, &typed, &mark, Some(fault)).await
        }
    }
}

/// An address that only takes a form leads to the settings when it is opened.
pub(super) async fn back() -> Redirect {
    Redirect::to("/settings/workspace")
}
