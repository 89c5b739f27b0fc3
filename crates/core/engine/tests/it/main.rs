//! The rules of runs as tables, and their laws as properties.
#![expect(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test fails by panicking"
)]

mod acceptance;
mod approvals;
mod calls;
mod ends;
mod laws;
mod parts;
mod people;
mod rounds;
mod rules;
mod stored;
mod time;
mod values;
mod world;
