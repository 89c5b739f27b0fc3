//! The storage port on PostgreSQL: one database, any number of nodes, none of them a leader.
//!
//! Writers of a workspace take turns across all nodes, by a lock that the database holds; within a
//! node they share their waiting: transactions that finish while the disk is busy become durable
//! together (see [`mod@writer`]). Readers see one state and wait for nobody. Every commit is announced
//! to all nodes (see [`mod@changes`]).
//!
//! Boundary: this crate knows tables and SQL; what a row means is the business of others.

mod address;
mod ahead;
mod cache;
mod changes;
mod connection;
mod fault;
mod migration;
mod reader;
mod session;
mod store;
mod table;
mod tls;
mod tx;
mod writer;

#[cfg(test)]
mod chain;
#[cfg(test)]
mod tests;

pub use store::PostgresStore;
