//! Server-rendered pages.

pub mod assets;
pub mod ui;
