//! API tokens of seats.

use crate::{
    answer::{Done, Given, Result},
    call::{Call, Sent},
    operation::Operation,
    page::part,
};
use axum::http::Method;
use gemba_app::tokens;
use gemba_model::id::TokenId;
use gemba_wire::{
    Page,
    page::ListQuery,
    token::{CreatedToken, RotationInput, Token, TokenInput},
};

pub(super) fn operations() -> Vec<Operation> {
    use Operation as Op;
    vec![
        Op::new(Method::GET, "/tokens", "list_tokens", "All tokens, newest first", list),
        // A kept answer would keep the secret in the clear.
        Op::new(
            Method::POST,
            "/tokens",
            "create_token",
            "Make a token for a seat; its secret is shown this once",
            create,
        )
        .unkept(),
        Op::new(
            Method::POST,
            "/tokens/{id}/rotation",
            "rotate_token",
            "Make a new secret for what a token does; the old one works on for the hours that are said",
            rotate,
        )
        .unkept(),
        Op::new(
            Method::DELETE,
            "/tokens/{id}",
            "revoke_token",
            "Take a token back; it stops working at once",
            revoke,
        ),
    ]
}

async fn list(call: Call<(), ListQuery>) -> Result<Given<Page<Token>>> {
    let all = tokens::list(&call.app, &call.who).await?;
    let page = part(all, |view| view.token.id.to_string(), &call.query)?;
    Ok(Given(page.map(|view| Token::from(&view))))
}

async fn create(call: Call<(), (), Sent<TokenInput>>) -> Result<Given<CreatedToken>> {
    let created = tokens::make(&call.app, &call.who, call.input.0.into()).await?;
    Ok(Given(CreatedToken::from(created)))
}

async fn rotate(call: Call<TokenId, (), Sent<RotationInput>>) -> Result<Given<CreatedToken>> {
    let RotationInput { overlap_hours } = call.input.0;
    let created = tokens::rotate(&call.app, &call.who, call.path, overlap_hours).await?;
    Ok(Given(CreatedToken::from(created)))
}

async fn revoke(call: Call<TokenId>) -> Result<Done> {
    tokens::revoke(&call.app, &call.who, call.path).await?;
    Ok(Done)
}
