//! What people and agents do with Gemba, told through the application's own functions.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

mod agents;
mod answers;
mod approvals;
mod archive;
mod around;
mod attached;
mod calls;
mod drafts;
mod ends;
mod exchange;
mod feeds;
mod first_day;
mod found;
mod maps;
mod models;
mod outbox;
mod people;
mod reality;
mod revisions;
mod schedules;
mod seat_files;
mod sharing;
mod the_cycle;
mod time;
mod triggers;
mod values;
