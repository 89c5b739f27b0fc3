//! The rules of runs as tables, and their laws as properties.
#![expect(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test fails by panicking"
)]

mod laws;
mod rules;
mod stored;
mod world;
