//! Who is away: listed, written down, taken away.

use crate::{
    answer::{Done, Given, Result},
    call::{Call, Sent},
    operation::Operation,
    page::part,
};
use axum::http::Method;
use gemba_app::absences;
use gemba_wire::{
    Page,
    absence::{Absence, AbsenceInput},
    page::ListQuery,
};

pub(super) fn operations() -> Vec<Operation> {
    use Operation as Op;
    vec![
        Op::new(
            Method::GET,
            "/absences",
            "list_absences",
            "Who is away now or will be, and who acts for them",
            list,
        ),
        Op::new(
            Method::PUT,
            "/absences/{person}",
            "set_absence",
            "Write down that a person (id, e-mail address or name) is away, and who acts for them",
            set,
        ),
        Op::new(
            Method::DELETE,
            "/absences/{person}",
            "end_absence",
            "Take the absence of a person away: they are back, or do not go",
            end,
        ),
    ]
}

async fn list(call: Call<(), ListQuery>) -> Result<Given<Page<Absence>>> {
    let all = absences::list(&call.app, &call.who).await?;
    let page = part(all, |one| one.absence.account.to_string(), &call.query)?;
    Ok(Given(page.map(|one| Absence::from(&one))))
}

async fn set(call: Call<String, (), Sent<AbsenceInput>>) -> Result<Done> {
    let input = call.input.0.into();
    absences::set(&call.app, &call.who, Some(&call.path), &input).await?;
    Ok(Done)
}

async fn end(call: Call<String>) -> Result<Done> {
    absences::end(&call.app, &call.who, Some(&call.path)).await?;
    Ok(Done)
}
