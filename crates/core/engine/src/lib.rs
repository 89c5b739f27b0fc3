//! What a command means for a run: decide and apply.
