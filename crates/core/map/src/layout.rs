//! Where everything is: the finished map as plain data, and the run through the rooms.

use crate::graph::{EdgeKind, ShapeKind, graph};
use crate::place::place;
use crate::rect::{Point, Rect};
use crate::{order, rank, route, size, text, ways};
use gemba_model::{Process, StepId};

/// Which way the flow runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Direction {
    /// Left to right; lanes are bands.
    #[default]
    Right,
    /// Top to bottom; lanes are columns. For narrow screens.
    Down,
}

/// How a map is laid out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Options {
    /// Which way the flow runs.
    pub direction: Direction,
}

/// A seat's band of the map.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lane {
    /// The seat's name, or "Unassigned".
    pub name: String,
    /// The name broken into lines that fit the header.
    pub lines: Vec<String>,
    /// The whole band.
    pub rect: Rect,
    /// The part of it that holds the name.
    pub header: Rect,
}

/// A box, diamond or end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shape {
    /// The name that edges refer to, unique on the map.
    pub id: String,
    /// What it stands for.
    pub kind: ShapeKind,
    /// Where it is; a diamond touches the middles of its borders.
    pub rect: Rect,
    /// The text broken into lines that fit.
    pub lines: Vec<String>,
    /// The whole text.
    pub text: String,
    /// The step it belongs to: for boxes and diamonds.
    pub step: Option<StepId>,
    /// The step's number as the reader knows it.
    pub number: String,
    /// The index of its lane.
    pub lane: usize,
}

/// The words at an edge.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Label {
    /// The whole text.
    pub text: String,
    /// The text broken into lines that fit.
    pub lines: Vec<String>,
    /// Where it is.
    pub rect: Rect,
}

/// An arrow.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edge {
    /// The id of the shape it leaves.
    pub from: String,
    /// The id of the shape it reaches.
    pub to: String,
    /// Its corners; every stretch is level or upright.
    pub points: Vec<Point>,
    /// The condition, at branches.
    pub label: Option<Label>,
    /// What it stands for.
    pub kind: EdgeKind,
    /// The step and the branch it draws.
    pub branch: Option<(StepId, String)>,
}

/// A map, ready to be drawn.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Layout {
    /// The title of the process.
    pub title: String,
    /// Which way the flow runs.
    pub direction: Direction,
    /// From the left to the right border.
    pub width: i64,
    /// From the upper to the lower border.
    pub height: i64,
    /// The lanes, in order of first appearance.
    pub lanes: Vec<Lane>,
    /// The shapes, in document order.
    pub shapes: Vec<Shape>,
    /// The edges, in document order of where they begin.
    pub edges: Vec<Edge>,
}

/// Lays a process out.
#[expect(clippy::trivially_copy_pass_by_ref, reason = "options will grow")]
pub fn layout(process: &Process, options: &Options) -> Layout {
    let graph = graph(process);
    let ranks = rank::ranks(&graph);
    let rows = order::rows(&graph, &ranks);
    let plans = ways::ways(&graph, &ranks, &rows);
    let (cells, signs) = size::sizes(&graph, &plans, options.direction);
    let runs = route::runs(&graph, &ranks, &rows, &plans, &signs);
    let placed = place(&graph, &ranks, &rows, &cells, &runs, options.direction);
    let drawn = route::Routing {
        graph: &graph,
        plans: &plans,
        cells: &cells,
        signs: &signs,
        runs: &runs,
        placed: &placed,
    };
    let turned = |along: (i64, i64), across: (i64, i64)| placed.turned(along, across);
    let shapes = graph
        .nodes
        .iter()
        .zip(&cells)
        .zip(&placed.middles)
        .map(|((node, cell), (along, across))| Shape {
            id: node.id.clone(),
            kind: node.kind,
            rect: turned(
                (along + cell.shape.along.0, along + cell.shape.along.1),
                (across + cell.shape.across.0, across + cell.shape.across.1),
            ),
            lines: cell.lines.clone(),
            text: node.text.clone(),
            step: node.step.clone(),
            number: node.number.clone(),
            lane: node.lane,
        })
        .collect();
    let edges = drawn.edges();
    Layout {
        title: text::clean(&process.title),
        direction: options.direction,
        width: placed.width,
        height: placed.height,
        lanes: placed.lanes.clone(),
        shapes,
        edges,
    }
}
