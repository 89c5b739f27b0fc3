//! Markdown SOP to Process and back.
//!
//! [`compile`] reads any Markdown and never fails: what is missing or contradictory comes back as
//! diagnostics beside what could be read. [`print()`] writes the canonical form, which reads back as
//! the same process.

mod act;
mod actor;
pub mod agent_sop;
mod aside;
mod block;
mod cadence;
mod call;
mod carrier;
mod cases;
mod cell;
mod check;
mod cleanup;
mod condition;
mod decision;
mod diagram;
mod draft;
pub mod edit;
mod ending;
mod failing;
mod fields;
mod foreign;
mod format;
mod front;
mod handoff;
mod headings;
mod html;
mod inline;
mod input;
mod labels;
mod lexicon;
mod listing;
mod matrix;
mod names;
mod near;
mod onward;
mod outcome;
mod outline;
mod owner;
mod parallel;
mod passage;
mod print;
mod process;
mod prose;
mod reader;
mod recast;
mod resolve;
mod reviewing;
mod roles;
mod rounds;
mod seat;
mod settings;
mod settle;
mod story;
mod surroundings;
mod table;
mod trigger;
mod unfold;
mod verbs;
mod when;
mod yaml;

pub use check::{Rule, conflict_code, rules};
pub use format::{Formatted, format};
pub use input::{
    Compiled, MAX_BYTES, calls_unknown, compile, compile_bytes, compile_bytes_in, compile_in,
    refuses_import,
};
pub use print::{canonical, print, print_all};
pub use settle::fix_all;
pub use surroundings::{Folder, Holder, KnownProcess, KnownSeat, Surroundings};
