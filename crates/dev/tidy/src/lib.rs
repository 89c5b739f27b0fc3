//! Tests about the repository itself; all of it is under `tests/`.
