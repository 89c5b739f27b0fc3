//! Maps and SOPs on paper: a map as PNG or PDF, a whole document as a typeset, tagged PDF.
//!
//! The same input gives the same bytes on every machine: the typefaces are within the program and no
//! time is written. Boundary: bytes come out, nothing is read or written.

mod block;
mod document;
mod face;
mod flow;
mod map;
mod photo;
mod picture;
mod press;
mod sheet;

pub use document::{About, Extra, document};
pub use map::map;
pub use picture::png;
pub use sheet::{Paper, Turn};

/// Why there is no file.
#[derive(Debug, thiserror::Error)]
#[error("cannot put this on paper: {0}")]
pub struct Error(pub(crate) String);

impl Error {
    #[expect(clippy::needless_pass_by_value, reason = "it is what `map_err` hands over")]
    fn new(why: impl ToString) -> Self {
        Self(why.to_string())
    }
}
