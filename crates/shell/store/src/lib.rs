//! The storage port: traits, records, the in-memory reference, the contract suite.
