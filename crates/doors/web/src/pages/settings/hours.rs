//! When the workspace works: the days, the close of work and the holidays by which deadlines are counted
//! and schedules fire, and how long before a deadline one is reminded.

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
    records::Hours,
    workspace::{self, HoursInput, Place, countries},
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
    kept: &Hours,
    seen: &str,
    fault: Option<&Fault>,
) -> Markup {
    let at = |name| Fault::at(fault, name);
    let lead = Some("deadlines and schedules count workdays on these");
    let days: Vec<String> = typed.days.iter().map(u8::to_string).collect();
    let place = Place::of(&typed.place);
    if !access::may(&visit.who, Act::Administer) {
        let names = DAYS.iter().filter(|(n, _)| days.iter().any(|day| day == n));
        let names: Vec<&str> = names.map(|(_, name)| *name).collect();
        let known = list::facts(&[
            ("Working days", html! { (names.join(", ")) }),
            ("Close of work", html! { (typed.close) }),
            (
                "Public holidays",
                html! { @match place { Some(place) => (place.name()), None => "None" } },
            ),
            (
                "Own holidays",
                html! { @if typed.holidays.is_empty() { "None" } @else { ul { @for line in typed.holidays.lines() { li { (line) } } } } },
            ),
            (
                "Reminder",
                html! { @if typed.remind.is_empty() { "None" } @else { (typed.remind) " before a deadline" } },
            ),
        ]);
        return layout::section("Working hours", lead, &html! { (known) (this_year(visit, kept)) });
    }
    let chosen: Vec<&str> = days.iter().map(String::as_str).collect();
    let choices = DAYS.map(|(value, label)| Choice::new(value, label));
    let names = places();
    let mut offered = vec![Choice::new("", "None: only the days below")];
    offered.extend(names.iter().map(|(code, name)| Choice::new(code, name)));
    let form = html! {
        form class="form" method="post" action="/settings/workspace/hours" {
            (field::error_summary(&Fault::all(fault)))
            (act::csrf(&visit.csrf))
            (act::hidden("seen", seen))
            (field::checkboxes(&Field::new("days", "Working days").error(at("days")), &choices, &chosen))
            (field::text(&Field::new("close", "Close of work").hint("When the working day ends, such as 17:00: a deadline in days ends then").error(at("close")), Input::Text, &typed.close))
            (field::select(&Field::new("place", "Public holidays of").hint("The days that the law names there, in every year. Half days, days decreed for one year and days of single towns go below").error(at("place")), &offered, &typed.place))
            (field::textarea(&Field::new("worked", "Public holidays on which you work").hint("A date on each line, such as 2026-12-26").error(at("worked")).optional(), &typed.worked, 3))
            (field::textarea(&Field::new("holidays", "Holidays of your own").hint("A date and a name on each line, such as 2026-12-24 Closed; or the content of a calendar file (.ics)").error(at("holidays")).optional(), &typed.holidays, 6))
            (field::text(&Field::new("remind", "Reminder before a deadline").hint("Such as 2 hours or 1 workday; nothing for no reminder. A step says otherwise in a line of its own (Remind: 3 days before)").error(at("remind")).optional(), Input::Text, &typed.remind))
            (act::buttons(&[act::button("Save the working hours", Weight::Primary)]))
        }
        (this_year(visit, kept))
    };
    layout::section("Working hours", lead, &form)
}

/// The codes and names of all countries and regions, as they are offered.
fn places() -> Vec<(&'static str, String)> {
    let mut names = Vec::new();
    for country in countries::all() {
        names.push((country.code, country.name.to_owned()));
        let regions = country.regions.iter();
        names.extend(regions.map(|r| (r.code, format!("{}, {}", country.name, r.name))));
    }
    names
}

/// The free days of this year and the next, as they are kept.
fn this_year(visit: &Visit, kept: &Hours) -> Markup {
    let year = visit.now.to_zoned(visit.zone.clone()).date().year();
    let days = |year| workspace::free_days(kept, year);
    let all = [(year, days(year)), (year + 1, days(year + 1))];
    html! {
        @for (year, days) in all.iter().filter(|(_, days)| !days.is_empty()) {
            details class="more" {
                summary { "Days off in " (year) " (" (days.len()) ")" }
                ul {
                    @for day in days {
                        li {
                            (day.date.strftime("%a, %-d %b").to_string()) ": " (day.name)
                            @if day.worked { span class="muted" { ", you work" } }
                            @else if !day.is_public { span class="muted" { ", your own" } }
                        }
                    }
                }
            }
        }
    }
}

pub(super) async fn change(Sent { visit, form }: Sent<Vec<(String, String)>>) -> Answer {
    let mut typed = HoursInput { days: Vec::new(), ..HoursInput::default() };
    let mut seen = None;
    for (name, value) in form {
        match name.as_str() {
            "days" => typed.days.extend(value.parse::<u8>()),
            "close" => typed.close = value,
            "holidays" => typed.holidays = value,
            "place" => typed.place = value,
            "worked" => typed.worked = value,
            "remind" => typed.remind = value,
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
