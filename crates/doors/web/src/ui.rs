//! The design system: functions that give markup, one file per family.
//!
//! Nothing here knows a page or an app function. Nothing emits a script, an event handler or a
//! style attribute, so pages can forbid all three.

pub mod act;
pub mod badge;
pub mod chart;
pub mod editor;
pub mod field;
pub mod holder;
pub mod icon;
pub mod layout;
pub mod list;
pub mod moment;
pub mod notice;
pub mod prose;
pub mod step;
pub mod table;
