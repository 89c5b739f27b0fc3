//! A process as a swim-lane map.
//!
//! Lanes are seats, boxes are steps, diamonds are decisions, arrows between lanes are handoffs and
//! the dark shapes are outcomes. The way from a process to its picture is a row of small rooms:
//! `graph` (what is there; `read` takes it out of a process), `rank` (how far along), `order` (which
//! row of the lane), `wrap` (long rows broken into several), `ways` (how each edge travels), `size` (how much room each cell needs), `track`
//! (who runs where in a channel), `place` (coordinates), `route` (points and labels). [`layout`] runs
//! them all for a process, [`layout_graph`] for any flow and in either notation, and [`svg`] draws the
//! result. [`difference`] compares two processes and [`Graph::of_difference`] shows both in one map.
//! [`mermaid`] and [`dot`] write the same graph for other programs.
//!
//! Everything is an integer and every order is the document's, so the same process always gives the
//! same bytes and a small edit gives a small change.

/// Appends to a string, which cannot fail.
macro_rules! put {
    ($out:expr, $($arg:tt)*) => {
        std::fmt::Write::write_fmt(&mut $out, format_args!($($arg)*)).unwrap_or_default()
    };
}

/// Appends a line to a string.
macro_rules! putln {
    ($out:expr, $($arg:tt)*) => {{
        put!($out, $($arg)*);
        $out.push('\n');
    }};
}

mod difference;
mod dot;
mod graph;
mod icon;
mod layout;
mod measure;
mod merged;
mod mmd;
mod order;
mod overlay;
mod pages;
mod place;
mod rank;
mod read;
mod rect;
mod route;
mod size;
mod svg;
mod text;
mod theme;
mod told;
mod track;
mod ways;
mod wrap;

#[cfg(test)]
mod tests;

pub use difference::{Aspect, Counts, Difference, Fate, Replaced, StepDifference, difference};
pub use dot::dot;
pub use graph::{EdgeKind, Graph, Link, Node, ShapeKind};
pub use layout::{
    Direction, Edge, Label, Lane, Layout, Notation, Options, Shape, layout, layout_graph,
};
pub use measure::Measure;
pub use mmd::mermaid;
pub use overlay::{Overlay, StepMark, StepState};
pub use pages::{Continued, Page, Sheet, pages};
pub use rect::{Point, Rect};
pub use svg::{SvgStyle, lane_names, page_sheet, svg};
pub use told::Told;
