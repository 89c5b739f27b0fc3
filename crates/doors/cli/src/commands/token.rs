//! `gemba token`: bearer tokens of seats.

use crate::{args::Token, failure::Failure, terminal, world};
use gemba_app::{Who, tokens};
use std::process::ExitCode;

pub(super) fn run(command: Token) -> Result<ExitCode, Failure> {
    let who = Who::operator();
    match command {
        Token::Create { seat, name, data } => {
            let app = world::open_existing(&data)?;
            let made =
                world::block_on(async { Ok(tokens::create(&app, &who, &seat, &name).await?) })?;
            terminal::say(&format!(
                "Token {} for the seat {}. It is shown this once; keep it like a password.",
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
                terminal::print(&format!(
                    "{}  {}...  {}  {}  {used}",
                    token.id, token.prefix, view.seat, token.name
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
