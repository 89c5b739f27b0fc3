//! Changes that are suggested for a process, and what its owner makes of them.

use crate::{
    answer::{Done, Given, Result},
    call::{Call, Sent},
    operation::Operation,
    page::part,
};
use axum::http::Method;
use gemba_app::suggestions;
use gemba_model::id::EntryId;
use gemba_wire::{
    Page,
    page::ListQuery,
    suggestion::{DismissalInput, KeptSuggestion, Suggestion, SuggestionInput},
};

pub(super) fn operations() -> Vec<Operation> {
    use Operation as Op;
    vec![
        Op::new(
            Method::GET,
            "/processes/{slug}/suggestions",
            "list_suggestions",
            "The changes that were suggested for a process, open ones first",
            list,
        ),
        Op::new(
            Method::POST,
            "/processes/{slug}/suggestions",
            "suggest_change",
            "Suggest a changed text for a process that you do not write",
            suggest,
        ),
        Op::new(
            Method::PUT,
            "/processes/{slug}/suggestions/{id}/adoption",
            "take_suggestion",
            "Make a suggestion the draft of its process",
            take,
        ),
        Op::new(
            Method::PUT,
            "/processes/{slug}/suggestions/{id}/dismissal",
            "dismiss_suggestion",
            "Put a suggestion away, with a word on why",
            dismiss,
        ),
    ]
}

async fn list(call: Call<String, ListQuery>) -> Result<Given<Page<Suggestion>>> {
    let all = suggestions::list(&call.app, &call.who, &call.path).await?;
    let page = part(all, |view| view.suggestion.id.to_string(), &call.query)?;
    Ok(Given(page.map(|view| Suggestion::from(&view))))
}

async fn suggest(call: Call<String, (), Sent<SuggestionInput>>) -> Result<Given<KeptSuggestion>> {
    let SuggestionInput { source, note } = call.input.0;
    let id = suggestions::suggest(&call.app, &call.who, &call.path, &source, &note).await?;
    Ok(Given(KeptSuggestion { id: id.to_string() }))
}

async fn take(call: Call<(String, EntryId)>) -> Result<Done> {
    let (slug, id) = &call.path;
    suggestions::take(&call.app, &call.who, slug, *id).await?;
    Ok(Done)
}

async fn dismiss(call: Call<(String, EntryId), (), Sent<DismissalInput>>) -> Result<Done> {
    let (slug, id) = &call.path;
    suggestions::dismiss(&call.app, &call.who, slug, *id, &call.input.0.note).await?;
    Ok(Done)
}
