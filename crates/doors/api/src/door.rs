//! What all requests share: the application, how one comes in, whose turn it is under a key.

use crate::answer::Result;
use axum::http::{HeaderMap, header::AUTHORIZATION};
use gemba_app::{App, Error, Who, tokens};
use std::hash::{DefaultHasher, Hash, Hasher};
use tokio::sync::Mutex;

/// How one comes in.
#[derive(Debug)]
pub(crate) enum Entry {
    /// By the bearer token of the request.
    Token,
    /// Everybody is this one.
    Known(Who),
}

/// Requests under different keys may share a turn; it only costs them a little time.
const TURNS: usize = 64;

/// What all requests share.
#[derive(Debug)]
pub(crate) struct Door {
    pub(crate) app: App,
    entry: Entry,
    turns: [Mutex<()>; TURNS],
    nobody: Mutex<()>,
}

impl Door {
    pub(crate) fn new(app: App, entry: Entry) -> Self {
        let turns = std::array::from_fn(|_| Mutex::new(()));
        Self { app, entry, turns, nobody: Mutex::new(()) }
    }

    /// Who asks.
    pub(crate) async fn identify(&self, headers: &HeaderMap) -> Result<Who> {
        match &self.entry {
            Entry::Known(who) => Ok(who.clone()),
            Entry::Token => {
                let secret = bearer(headers).ok_or(Error::NotSignedIn)?;
                Ok(tokens::bearer(&self.app, secret).await?)
            }
        }
    }

    /// Held while a request under an idempotency key is answered, so that the same request sent twice
    /// at once is done once.
    pub(crate) fn turn(&self, key: &str) -> &Mutex<()> {
        let mut hasher = DefaultHasher::new();
        key.hash(&mut hasher);
        let turns = u64::try_from(TURNS).unwrap_or(1);
        let at = usize::try_from(hasher.finish() % turns).unwrap_or(0);
        self.turns.get(at).unwrap_or(&self.nobody)
    }
}

fn bearer(headers: &HeaderMap) -> Option<&str> {
    let said = headers.get(AUTHORIZATION)?.to_str().ok()?;
    let (scheme, secret) = said.trim().split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| secret.trim())
}
