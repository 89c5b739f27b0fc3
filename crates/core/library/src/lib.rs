//! The processes most companies have, each as a complete SOP, and what to document first.
//!
//! An [`Entry`] is one process of the library: its text, the question that finds out whether it
//! happens here, and how often it usually does and how bad it usually is when it goes wrong. [`rank`]
//! says in which order a company should write its processes down. Boundary: the texts are data here;
//! reading them is the reader's job.

mod entries;
mod rank;

pub use entries::{Entry, all, find};
pub use rank::{Consequence, First, Frequency, MOST_FIRST, Weight, is_first, rank};

/// The parts of a company, in the order in which the library asks about them.
pub const FUNCTIONS: [&str; 6] = [
    "Revenue and sales",
    "Finance",
    "Delivery and operations",
    "Marketing",
    "People",
    "Systems and data",
];
