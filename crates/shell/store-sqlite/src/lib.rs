//! The storage port on SQLite: one file, one writer, many readers.
//!
//! Writers share their waiting: transactions that finish while the disk is busy become durable
//! together (see [`mod@writer`]), and each learns of it only afterwards. Readers see the state at the
//! moment they began and never wait for the writer. Acts ahead of their turn read what was last read and
//! written (see [`mod@ahead`]) and hand what they decided to the writer.
//!
//! Boundary: this crate knows tables and SQL; what a row means is the business of others.

mod ahead;
mod fault;
mod file;
mod image;
mod migration;
mod reader;
mod store;
mod table;
mod tx;
mod writer;

#[cfg(test)]
mod chain;
#[cfg(test)]
mod tests;

pub use image::restore;
pub use store::SqliteStore;
