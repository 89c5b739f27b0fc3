//! The storage port on SQLite.
