//! One function per thing one can do.
