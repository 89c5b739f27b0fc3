//! Who is away, and who acts for them meanwhile.

use super::{Room, room, status};
use crate::{
    gate::Sent,
    refusal::Fault,
    ui::{
        act::{self, Weight},
        badge::{Tone, badge},
        field::{self, Choice, Field, Input},
        icon::Icon,
        layout, list, moment, notice,
    },
    visit::{Answer, Done, Visit, go},
};
use axum::response::Redirect;
use gemba_app::{
    Act,
    absences::{self, AbsenceInput, AbsenceView},
    access, accounts,
    records::Account,
};
use gemba_model::{id::AccountId, role::Role};
use maud::{Markup, html};
use serde::Deserialize;

/// What is typed about an absence.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Typed {
    person: String,
    from: String,
    until: String,
    deputy: String,
}

pub(super) async fn show(visit: Visit) -> Answer {
    let own = visit.who.account();
    let all = absences::list(&visit.app, &visit.who).await?;
    let mine = all.iter().find(|view| Some(view.absence.account) == own);
    let typed = mine.map_or_else(Typed::default, |view| Typed {
        person: view.absence.account.to_string(),
        from: view.absence.from.to_string(),
        until: view.absence.until.to_string(),
        deputy: view.absence.deputy.to_string(),
    });
    page(&visit, &typed, None).await
}

pub(super) async fn set(Sent { visit, form }: Sent<Typed>) -> Answer {
    let (from, until, deputy) = (form.from.clone(), form.until.clone(), form.deputy.clone());
    let input = AbsenceInput { from, until, deputy };
    match absences::set(&visit.app, &visit.who, Some(&form.person), &input).await {
        Ok(()) => Ok(go(Room::Away.href(), Done::Saved)),
        Err(error) => page(&visit, &form, Some(Fault::of(error)?)).await,
    }
}

/// The form by which somebody is back.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Back {
    person: String,
}

pub(super) async fn end(Sent { visit, form }: Sent<Back>) -> Answer {
    absences::end(&visit.app, &visit.who, Some(&form.person)).await?;
    Ok(go(Room::Away.href(), Done::Back))
}

/// An address that only takes a form leads to the page when it is opened.
pub(super) async fn back() -> Redirect {
    Redirect::to(Room::Away.href())
}

async fn page(visit: &Visit, typed: &Typed, fault: Option<Fault>) -> Answer {
    let all = absences::list(&visit.app, &visit.who).await?;
    let accounts = accounts::list(&visit.app, &visit.who).await?;
    let workers: Vec<&Account> =
        accounts.iter().filter(|one| one.active && one.role >= Role::Member).collect();
    let content = html! {
        p class="lead" { "Whoever is away names somebody who acts for them: the steps of their seats come to that person as well, and whatever is done says for whom. Nothing else changes hands." }
        @if access::may(&visit.who, Act::Work) {
            (layout::section("Write down an absence", None, &form(visit, typed, &workers, fault.as_ref())))
        }
        (layout::section("Away now or soon", None, &listed(visit, &all)))
    };
    Ok(room(visit, Room::Away, status(fault.as_ref()), &content))
}

fn form(visit: &Visit, typed: &Typed, workers: &[&Account], fault: Option<&Fault>) -> Markup {
    let at = |name| Fault::at(fault, name);
    let own = visit.who.account().map(|id| id.to_string()).unwrap_or_default();
    let for_others = access::may(&visit.who, Act::Manage);
    let ask = if for_others { "Who acts for them?" } else { "Who acts for you?" };
    let ids: Vec<String> = workers.iter().map(|one| one.id.to_string()).collect();
    let person = if typed.person.is_empty() { &own } else { &typed.person };
    let of = |skip: &str| -> Vec<Choice<'_>> {
        let all = ids.iter().zip(workers).filter(|(id, _)| id.as_str() != skip);
        all.map(|(id, one)| Choice::new(id, &one.name)).collect()
    };
    // Whoever chooses for others may name themselves.
    let deputies = of(if for_others { "" } else { &own });
    if workers.len() < 2 {
        return html! { p class="muted" { "Nobody else here does work, so nobody can act for you. An admin adds people under People." } };
    }
    html! {
        form class="form" method="post" action=(Room::Away.href()) {
            (field::error_summary(&Fault::all(fault)))
            (act::csrf(&visit.csrf))
            @if for_others {
                (field::select(&Field::new("person", "Who is away?").error(at("person")), &of(""), person))
            }
            (field::text(&Field::new("from", "First day").hint("Today where it stays empty").error(at("from")).optional(), Input::Date, &typed.from))
            (field::text(&Field::new("until", "Last day").error(at("until")), Input::Date, &typed.until))
            (field::select(&Field::new("deputy", ask).hint("They see the work of the seats under My work, and do it as if it were theirs").error(at("deputy")), &deputies, &typed.deputy))
            (act::buttons(&[act::button("Save the absence", Weight::Primary)]))
        }
    }
}

fn listed(visit: &Visit, all: &[AbsenceView]) -> Markup {
    if all.is_empty() {
        let why = "An absence that is written down stands here, so that all see who acts for whom.";
        return notice::empty_state(Icon::Team, "Nobody is away", why, None);
    }
    let today = visit.now.to_zoned(visit.zone.clone()).date();
    let rows = all.iter().map(|view| {
        let AbsenceView { absence, name, deputy, seats, is_now } = view;
        html! {
            (list::facts(&[
                ("Who", html! { strong { (name) } " " @if *is_now { (badge(Tone::Live, "Away")) } @else { (badge(Tone::Neutral, "To come")) } }),
                ("From", moment::day(absence.from, today)),
                ("Until", moment::day(absence.until, today)),
                ("Acts for them", html! { (deputy) }),
                ("Seats", html! { @if seats.is_empty() { span class="muted" { "None" } } @else { (seats.join(", ")) } }),
            ]))
            @if may_end(visit, absence.account) {
                form method="post" action="/settings/away/end" {
                    (act::csrf(&visit.csrf))
                    (act::hidden("person", &absence.account.to_string()))
                    (act::button(if *is_now { "Back again" } else { "Take it away" }, Weight::Secondary))
                }
            }
        }
    });
    list::cards(&rows.collect::<Vec<_>>())
}

fn may_end(visit: &Visit, account: AccountId) -> bool {
    access::may(&visit.who, Act::Manage)
        || (access::may(&visit.who, Act::Work) && visit.who.account() == Some(account))
}
