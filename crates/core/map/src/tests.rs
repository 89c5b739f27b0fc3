//! What holds for every map.

mod drawing;
mod properties;
mod sample;
mod tables;
