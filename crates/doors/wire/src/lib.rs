//! Public JSON shapes, once.
