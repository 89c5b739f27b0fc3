//! What really happened: event logs in, the actual process out, held against the documented one.
//!
//! [`xes`] and [`csv`] read a stream into an [`EventLog`], columns of interned values in the one order
//! there is: the events of a case by time, ties as in the file. What was odd is counted in its [`Report`].
//! Everything else is a function of a log or of its [`variants()`].

/// Appends to a string, which cannot fail.
macro_rules! put {
    ($out:expr, $($arg:tt)*) => {
        std::fmt::Write::write_fmt(&mut $out, format_args!($($arg)*)).unwrap_or_default()
    };
}

pub mod align;
pub mod blocks;
pub mod bpmn;
pub mod breach;
pub mod conform;
pub mod csv;
pub mod dfg;
pub mod difference;
pub mod draft;
pub mod drift;
pub mod follows;
mod language;
pub mod log;
pub mod matching;
pub mod miner;
pub mod net;
mod number;
pub mod ocel;
pub mod overlay;
pub mod performance;
pub mod picture;
#[cfg(test)]
mod play;
pub mod pnml;
pub mod replay;
pub mod report;
pub mod sop;
pub mod stats;
pub mod table;
pub mod terms;
mod text;
pub mod time;
pub mod tree;
pub mod variants;
pub mod work;
pub mod xes;
mod xml;

pub use align::Model;
pub use dfg::{Dfg, dfg};
pub use log::{EventLog, Row};
pub use net::Net;
pub use report::{Refusal, Report, Unwatched, Watch};
pub use tree::Tree;
pub use variants::{Variant, Variants, variants};
