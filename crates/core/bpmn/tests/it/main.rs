//! What holds for models of all kinds.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, reason = "tests")]

mod both_ways;
#[expect(clippy::disallowed_methods, reason = "it reads models that people drew")]
mod corpus;
mod importing;
mod reading;
mod tools;
