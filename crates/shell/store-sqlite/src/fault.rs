//! How the driver's errors become the port's.

use gemba_store::Error;
use rusqlite::ErrorCode;
use std::error::Error as StdError;

/// The port's error for a driver that failed while it was `doing` something with a `what`.
pub(crate) fn failed(
    what: &'static str,
    doing: &'static str,
) -> impl Fn(rusqlite::Error) -> Error + Copy {
    move |error| match error {
        rusqlite::Error::FromSqlConversionFailure(..)
        | rusqlite::Error::IntegralValueOutOfRange(..)
        | rusqlite::Error::InvalidColumnType(..)
        | rusqlite::Error::Utf8Error(..) => Error::corrupt(what, error),
        other => broken(doing, other),
    }
}

/// The port's error for anything else that failed.
pub(crate) fn broken(
    doing: &'static str,
    source: impl Into<Box<dyn StdError + Send + Sync>>,
) -> Error {
    Error::Driver { doing, source: source.into() }
}

/// Whether another connection holds the lock.
pub(crate) fn busy(error: &rusqlite::Error) -> bool {
    matches!(error.sqlite_error_code(), Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked))
}

/// Whether the file itself is broken.
pub(crate) fn damaged(error: &rusqlite::Error) -> bool {
    error.sqlite_error_code() == Some(ErrorCode::DatabaseCorrupt)
}

/// Whether a row with the same key is there already.
pub(crate) fn taken(error: &rusqlite::Error) -> bool {
    use rusqlite::ffi::{SQLITE_CONSTRAINT_PRIMARYKEY, SQLITE_CONSTRAINT_UNIQUE};
    error.sqlite_error().is_some_and(|e| {
        [SQLITE_CONSTRAINT_PRIMARYKEY, SQLITE_CONSTRAINT_UNIQUE].contains(&e.extended_code)
    })
}
