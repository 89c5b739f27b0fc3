//! TestApp, personas, builders, fake clock, seeded ids.
