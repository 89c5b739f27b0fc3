//! What holds for every map.

mod differing;
mod drawing;
mod properties;
mod sample;
mod tables;
