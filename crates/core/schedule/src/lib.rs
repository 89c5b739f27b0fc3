//! When a trigger fires next.
