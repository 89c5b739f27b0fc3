//! Real logs against their golden values, and readers against whatever bytes there are.
#![expect(
    clippy::as_conversions,
    clippy::disallowed_methods,
    clippy::format_push_string,
    clippy::indexing_slicing,
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a test reads files and fails by panicking"
)]

mod corpus;
mod drifts;
mod golden;
mod models;
mod readers;
