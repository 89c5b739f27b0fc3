//! The scorecard: measurables and their weekly values.

use crate::{
    answer::{Done, Given, Result},
    call::{Call, Sent},
    operation::Operation,
    page::part,
};
use axum::http::Method;
use gemba_app::{Error, measurables};
use gemba_wire::{
    Page,
    measurable::{Measurable, MeasurableInput, MeasurableSlug, PushedValue, ValueInput, Week},
    page::ListQuery,
};

pub(super) fn operations() -> Vec<Operation> {
    use Operation as Op;
    let (get, post) = (Method::GET, Method::POST);
    vec![
        Op::new(get.clone(), "/measurables", "get_scorecard", "The scorecard, by seat", list),
        Op::new(post.clone(), "/measurables", "create_measurable", "Add a measurable", create),
        Op::new(
            Method::PUT,
            "/measurables/{slug}",
            "put_measurable",
            "Change a measurable; its values stay",
            change,
        ),
        Op::new(
            Method::DELETE,
            "/measurables/{slug}",
            "delete_measurable",
            "Take a measurable off the scorecard",
            delete,
        ),
        Op::new(
            get,
            "/measurables/{slug}/values",
            "list_values",
            "The last thirteen weeks of a measurable, oldest first",
            values,
        ),
        Op::new(
            post,
            "/measurables/{slug}/values",
            "push_value",
            "Push the value of a week; a second one for the same week replaces the first",
            push,
        ),
    ]
}

async fn list(call: Call<(), ListQuery>) -> Result<Given<Page<Measurable>>> {
    let rows = measurables::scorecard(&call.app, &call.who).await?;
    let page = part(rows, |row| row.measurable.slug.clone(), &call.query)?;
    Ok(Given(page.map(|row| Measurable::from(&row))))
}

async fn create(call: Call<(), (), Sent<MeasurableInput>>) -> Result<Given<MeasurableSlug>> {
    let slug = measurables::create(&call.app, &call.who, call.input.0.into()).await?;
    Ok(Given(MeasurableSlug { slug }))
}

async fn change(call: Call<String, (), Sent<MeasurableInput>>) -> Result<Done> {
    measurables::change(&call.app, &call.who, &call.path, call.input.0.into()).await?;
    Ok(Done)
}

async fn delete(call: Call<String>) -> Result<Done> {
    measurables::delete(&call.app, &call.who, &call.path).await?;
    Ok(Done)
}

async fn values(call: Call<String, ListQuery>) -> Result<Given<Page<Week>>> {
    let mut rows = measurables::scorecard(&call.app, &call.who).await?.into_iter();
    let row = rows
        .find(|row| row.measurable.slug == call.path)
        .ok_or(Error::NotFound { what: "measurable", id: call.path })?;
    let page = part(row.weeks, |week| week.period.clone(), &call.query)?;
    Ok(Given(page.map(|week| Week::from(&week))))
}

async fn push(call: Call<String, (), Sent<ValueInput>>) -> Result<Given<PushedValue>> {
    let ValueInput { value, period } = call.input.0;
    let slug = &call.path;
    let row = measurables::push(&call.app, &call.who, slug, value, period.as_deref()).await?;
    Ok(Given(PushedValue::from(&row)))
}
