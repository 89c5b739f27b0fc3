//! The SOP language, tested from outside.

mod canonical;
mod rules;
mod score;
