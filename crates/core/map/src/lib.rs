//! A process as a swim-lane map.
