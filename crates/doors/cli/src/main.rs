//! The gemba binary: the composition root.

fn main() {}
