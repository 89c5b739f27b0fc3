//! How the driver's errors become the port's.

use gemba_store::Error;
use std::error::Error as StdError;
use tokio_postgres::Error as Fault;

/// The port's error for a driver that failed while it was `doing` something.
pub(crate) fn failed(doing: &'static str) -> impl Fn(Fault) -> Error + Copy {
    move |error| broken(doing, error)
}

/// The port's error for anything else that failed.
pub(crate) fn broken(
    doing: &'static str,
    source: impl Into<Box<dyn StdError + Send + Sync>>,
) -> Error {
    Error::Driver { doing, source: source.into() }
}
