//! The binary as its users meet it: commands, exit codes, and what a crash leaves behind.
#![expect(
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

mod audit;
mod bad_input;
mod commands;
mod crash;
mod full_disk;
mod gemba;
mod log;
mod nodes;
mod played;
mod watching;
