//! The loops: each calls one app function with now.
