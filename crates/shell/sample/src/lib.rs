//! The sample company, made through the functions everybody uses.
