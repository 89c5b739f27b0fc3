//! What holds for every map.

mod differing;
mod drawing;
mod matching;
mod properties;
pub(crate) mod sample;
mod stability;
mod tables;
