//! cargo demo, cargo ci, cargo xtask bench.

fn main() {}
