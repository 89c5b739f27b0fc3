//! `gemba token`: bearer tokens of seats.

use crate::{args::Token, failure::Failure, terminal, world};
use gemba_app::{
    Who,
    access::Scope,
    tokens::{self, NewToken},
};
use std::{collections::BTreeSet, process::ExitCode};

pub(super) fn run(command: Token) -> Result<ExitCode, Failure> {
    let who = Who::operator();
    match command {
        Token::Create { seat, name, days, scopes, data } => {
            let scopes = known(&scopes)?;
            let app = world::open_existing(&data)?;
            let new = NewToken { seat, name, days, scopes };
            let made = world::block_on(async { Ok(tokens::make(&app, &who, new).await?) })?;
            terminal::say(&format!(
                "Token {} for the seat {}. It is shown this once; keep it like a password.",
                made.id, made.seat
            ));
            terminal::print(&made.secret);
        }
        Token::Rotate { id, overlap, data } => {
            let parsed =
                id.parse().map_err(|e| Failure::Usage(format!("`{id}` is no token: {e}")))?;
            let app = world::open_existing(&data)?;
            let made =
                world::block_on(async { Ok(tokens::rotate(&app, &who, parsed, overlap).await?) })?;
            terminal::say(&format!(
                "Token {} takes its place for the seat {}; the old secret works for {overlap} hours more.",
                made.id, made.seat
            ));
            terminal::print(&made.secret);
        }
        Token::List { data } => {
            let app = world::open_existing(&data)?;
            let all = world::block_on(async { Ok(tokens::list(&app, &who).await?) })?;
            for view in all {
                let token = view.token;
                let used = token.used.map_or("never used".to_owned(), |t| format!("used {t}"));
                let end = token.expires.map_or("no end".to_owned(), |t| format!("until {t}"));
                let scopes: Vec<&str> = token.scopes.iter().map(|scope| scope.word()).collect();
                terminal::print(&format!(
                    "{}  {}...  {}  {}  {used}  {end}  {}",
                    token.id,
                    token.prefix,
                    view.seat,
                    token.name,
                    scopes.join(",")
                ));
            }
        }
        Token::Revoke { id, data } => {
            let parsed =
                id.parse().map_err(|e| Failure::Usage(format!("`{id}` is no token: {e}")))?;
            let app = world::open_existing(&data)?;
            world::block_on(async { Ok(tokens::revoke(&app, &who, parsed).await?) })?;
            terminal::say("The token works no more.");
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// The scopes of these words; none where none is said.
fn known(words: &[String]) -> Result<Option<BTreeSet<Scope>>, Failure> {
    if words.is_empty() {
        return Ok(None);
    }
    let scope = |word: &String| {
        let known = Scope::of_word(word.trim());
        known.ok_or_else(|| {
            let all: Vec<&str> = Scope::ALL.iter().map(|scope| scope.word()).collect();
            Failure::Usage(format!("`{word}` is no scope; write some of {}", all.join(", ")))
        })
    };
    words.iter().map(scope).collect::<Result<_, _>>().map(Some)
}
