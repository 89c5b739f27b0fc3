//! What somebody saw of a thing before they changed it, in a few characters: two who change one thing at
//! once do not overwrite each other unseen.

use crate::{Error, Result, accounts::hashed};
use serde::Serialize;

/// How many characters a mark has: enough that two states of one thing never share one by chance.
const LENGTH: usize = 24;

/// The mark of what is shown.
pub(crate) fn of<T: Serialize>(shown: &T) -> String {
    let text = serde_json::to_string(shown).unwrap_or_default();
    let mut mark = hashed(text.as_bytes());
    mark.truncate(LENGTH);
    mark
}

/// Refuses a change of what is not any more what was seen. Who says nothing of what they saw, has the
/// last word.
pub(crate) fn require<T: Serialize>(seen: Option<&str>, now: &T, what: &str) -> Result<()> {
    match seen {
        Some(seen) if seen != of(now) => Err(Error::Changed { what: what.to_owned() }),
        Some(_) | None => Ok(()),
    }
}
