//! What people and agents do with Gemba, told through the application's own functions.
#![expect(clippy::expect_used, clippy::indexing_slicing, reason = "a test fails by panicking")]

mod answers;
mod people;
mod schedules;
mod the_cycle;
