//! One function per thing one can do with Gemba, whatever the door.
//!
//! A function takes the [`App`], [`Who`] asks and an input; it opens a transaction through the one
//! access check ([`access`]), loads, lets core decide, writes what happened and answers with a view.
//! Boundary: nothing here names a database driver, a web framework or a clock; time and chance come
//! from the [`ports`].

pub mod absences;
pub mod access;
pub mod accounts;
pub mod agents;
pub mod approvals;
pub mod archive;
mod around;
pub mod attachments;
pub mod audit;
pub mod calls;
pub mod changes;
pub mod codes;
mod conditions;
pub mod coverage;
mod drafts;
pub mod error;
pub mod exchange;
pub mod feeds;
pub mod files;
pub mod first_day;
pub mod followed;
pub mod handbook;
pub mod history;
pub mod idempotency;
pub mod incidents;
pub mod inlets;
pub mod insight;
mod known;
pub mod last_run;
pub mod library;
pub mod live;
pub mod maps;
mod marks;
pub mod measurables;
pub mod merging;
pub mod models;
pub mod moving;
pub mod outbox;
pub mod ports;
pub mod prints;
pub mod processes;
pub mod proposals;
pub mod publishing;
pub mod reality;
pub mod records;
pub mod retirement;
pub mod reviews;
pub mod runs;
pub mod search;
pub mod seat_files;
pub mod seats;
pub mod signing;
pub mod skills;
pub mod suggestions;
pub mod tokens;
pub mod triggers;
pub mod upcoming;
pub mod upkeep;
pub mod work;
pub mod workspace;
pub mod writing;

pub use access::{Act, Principal, Who};
pub use error::Error;
pub use ports::App;

/// What every function here gives back.
pub type Result<T> = std::result::Result<T, Error>;
