//! What fits where somebody types the argument of a prompt or a part of an address.

use crate::resources;
use gemba_app::{App, Who, processes, runs, work};
use rmcp::{
    ErrorData,
    model::{CompleteRequestParams, CompleteResult, CompletionInfo},
};

/// The most that the protocol allows.
const MOST: usize = CompletionInfo::MAX_VALUES;
/// How many rows are looked through.
const LOOKED_AT: u32 = 200;

/// Values of an argument that have what was typed in them; those that begin with it first.
pub(crate) async fn complete(
    app: &App,
    who: &Who,
    request: &CompleteRequestParams,
) -> Result<CompleteResult, ErrorData> {
    let known = candidates(app, who, request).await.map_err(|e| resources::failed(&e))?;
    let values = fitting(known, &request.argument.value);
    let total = u32::try_from(values.len()).unwrap_or(u32::MAX);
    let more = values.len() > MOST;
    let shown: Vec<String> = values.into_iter().take(MOST).collect();
    let info = CompletionInfo::with_pagination(shown, Some(total), more)
        .map_err(|message| ErrorData::internal_error(message, None))?;
    Ok(CompleteResult::new(info))
}

/// All values of an argument, by its name: arguments of prompts and parts of addresses are called alike.
async fn candidates(
    app: &App,
    who: &Who,
    request: &CompleteRequestParams,
) -> Result<Vec<String>, gemba_app::Error> {
    Ok(match request.argument.name.as_str() {
        "process" => {
            let rows = processes::list(app, who).await?;
            rows.into_iter().filter(|row| row.revision.is_some()).map(|row| row.slug).collect()
        }
        "revision" => {
            let given = request.context.as_ref().and_then(|c| c.arguments.as_ref());
            let slug = given.and_then(|arguments| arguments.get("process"));
            let rows = processes::list(app, who).await?;
            let row = rows.into_iter().find(|row| Some(&row.slug) == slug);
            let newest = row.and_then(|row| row.revision).unwrap_or_default();
            (1..=newest).rev().map(|number| number.to_string()).collect()
        }
        "work" => {
            let listing = work::Listing {
                mine: !who.seats.is_empty(),
                limit: LOOKED_AT,
                ..work::Listing::default()
            };
            let rows = work::list(app, who, listing).await?;
            rows.into_iter().map(|row| row.item.id.to_string()).collect()
        }
        "run" => {
            let listing = runs::Listing { limit: LOOKED_AT, ..runs::Listing::default() };
            let rows = runs::list(app, who, listing).await?;
            rows.into_iter().map(|row| row.id.to_string()).collect()
        }
        _ => Vec::new(),
    })
}

fn fitting(mut known: Vec<String>, typed: &str) -> Vec<String> {
    let typed = typed.to_lowercase();
    known.retain(|value| value.to_lowercase().contains(&typed));
    // A stable sort: within both parts the order stays.
    known.sort_by_key(|value| !value.to_lowercase().starts_with(&typed));
    known
}

#[cfg(test)]
mod tests {
    use super::fitting;

    #[test]
    fn what_begins_like_it_comes_before_what_only_has_it() {
        let known = ["monthly-invoicing", "invoice-check", "hiring"].map(ToOwned::to_owned);
        for (typed, expected) in [
            ("INVOI", vec!["invoice-check", "monthly-invoicing"]),
            ("", vec!["monthly-invoicing", "invoice-check", "hiring"]),
            ("nothing", vec![]),
        ] {
            assert_eq!(fitting(known.to_vec(), typed), expected, "{typed}");
        }
    }
}
