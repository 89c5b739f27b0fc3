//! What holds for models of all kinds.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, reason = "tests")]

mod both_ways;
mod corpus;
mod importing;
mod reading;
