//! Where everything is: the finished map as plain data, and the run through the rooms.

use crate::difference::Fate;
use crate::graph::{EdgeKind, Graph, Link, Node, ShapeKind};
use crate::place::place;
use crate::rect::{Point, Rect};
use crate::size::Beside;
use crate::{rank, route, size, text, ways, wrap};
use gemba_model::{Process, StepId, TriggerKind};

/// Which way the flow runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Direction {
    /// Left to right; lanes are bands.
    #[default]
    Right,
    /// Top to bottom; lanes are columns. For narrow screens.
    Down,
}

/// How shapes look.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Notation {
    /// The map's own: words stand within their shapes, which grow with them.
    #[default]
    Map,
    /// As modellers of BPMN draw: events are circles of 36 and gateways diamonds of 50 pixels with
    /// their words outside, tasks are boxes of at least 100 by 80, a pool frames the lanes, and every
    /// text stands whole.
    Bpmn,
}

/// How a map is laid out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Options {
    /// Which way the flow runs.
    pub direction: Direction,
    /// How shapes look.
    pub notation: Notation,
    /// How many columns a long stretch of one seat's steps may have before the flow goes on in another
    /// row of its lane; 0 for any number. Only where the flow runs to the right, in the map's own
    /// notation.
    pub columns: usize,
}

impl Options {
    /// About as many columns as a wide screen shows at once.
    pub const COLUMNS: usize = 9;
}

impl Default for Options {
    fn default() -> Self {
        Self {
            direction: Direction::default(),
            notation: Notation::default(),
            columns: Self::COLUMNS,
        }
    }
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
    /// The index of its lane; of no meaning where there are no lanes.
    pub lane: usize,
    /// What kind of thing starts a run here: for starts.
    pub trigger: Option<TriggerKind>,
    /// The words where they stand outside, with their own place. `lines` is empty then.
    pub label: Option<Label>,
    /// A remark beside the shape.
    pub note: Option<Label>,
    /// What became of it, where two flows are compared.
    pub fate: Fate,
}

impl Shape {
    /// The line from the shape to its note.
    pub fn tether(&self) -> Option<[Point; 2]> {
        let (own, note) = (&self.rect, &self.note.as_ref()?.rect);
        let middle = |low: i64, high: i64| i64::midpoint(low, high);
        let x = middle(own.x.max(note.x), own.right().min(note.right()));
        let y = middle(own.y.max(note.y), own.bottom().min(note.bottom()));
        let [from, to] = if note.y >= own.bottom() {
            [(x, own.bottom()), (x, note.y)]
        } else if note.bottom() <= own.y {
            [(x, own.y), (x, note.bottom())]
        } else if note.x >= own.right() {
            [(own.right(), y), (note.x, y)]
        } else {
            [(own.x, y), (note.right(), y)]
        };
        Some([from, to].map(|(x, y)| Point { x, y }))
    }
}

/// Words at an edge or beside a shape.
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
    /// What became of it, where two flows are compared.
    pub fate: Fate,
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
    /// The frame around the lanes, where the notation has one and there are lanes.
    pub pool: Option<Lane>,
    /// The lanes, in order of first appearance. They tile the pool beside its header.
    pub lanes: Vec<Lane>,
    /// The shapes, in document order.
    pub shapes: Vec<Shape>,
    /// The edges, in document order of where they begin.
    pub edges: Vec<Edge>,
}

/// Lays a process out.
pub fn layout(process: &Process, options: &Options) -> Layout {
    layout_graph(&Graph::of(process), options)
}

/// Lays a flow out. Shapes come in the order of the nodes, edges in that of the links.
pub fn layout_graph(graph: &Graph, options: &Options) -> Layout {
    let graph = &fit(graph);
    let (mut ranks, mut rows) = rank::ranks(graph);
    if options.notation == Notation::Map && options.direction == Direction::Right {
        wrap::wrap(graph, &mut ranks, &mut rows, options.columns);
    }
    let rank::Ranks { of: ranks, across } = ranks;
    let plans = ways::ways(graph, &ranks, &across, &rows);
    let uses = size::uses(graph, &ranks, &rows, &plans);
    let (cells, signs) = size::sizes(graph, &plans, &uses, *options);
    let runs = route::runs(graph, &ranks, &rows, &plans, &signs, &uses);
    let placed = place(graph, &ranks, &rows, &cells, &runs, *options);
    let drawn = route::Routing {
        graph,
        ranks: &ranks,
        plans: &plans,
        cells: &cells,
        signs: &signs,
        runs: &runs,
        placed: &placed,
        notation: options.notation,
    };
    let edges = drawn.edges();
    let shapes = graph
        .nodes
        .iter()
        .zip(&cells)
        .zip(&placed.middles)
        .map(|((node, cell), middle)| {
            let turned = |extent: &size::Extent| placed.around(*middle, extent);
            let words = |text: &str, beside: &Option<Beside>| {
                beside.as_ref().map(|Beside { lines, room }| Label {
                    text: text.to_owned(),
                    lines: lines.clone(),
                    rect: turned(room),
                })
            };
            Shape {
                id: node.id.clone(),
                kind: node.kind,
                rect: turned(&cell.shape),
                lines: cell.lines.clone(),
                text: node.text.clone(),
                step: node.step.clone(),
                number: node.number.clone(),
                lane: node.lane,
                trigger: node.trigger,
                label: words(&node.text, &cell.label),
                fate: node.fate,
                note: words(node.note.as_deref().unwrap_or_default(), &cell.note),
            }
        })
        .collect();
    let has_lanes = graph.lanes.iter().any(|name| !name.is_empty());
    Layout {
        title: graph.title.clone(),
        direction: options.direction,
        width: placed.width,
        height: placed.height,
        pool: placed.pool.clone(),
        lanes: if has_lanes { placed.lanes.clone() } else { Vec::new() },
        shapes,
        edges,
    }
}

/// The same graph as the rooms expect it: every node in a lane, every link between nodes, every text
/// one line.
fn fit(graph: &Graph) -> Graph {
    let mut lanes: Vec<String> = graph.lanes.iter().map(|name| text::clean(name)).collect();
    if lanes.is_empty() {
        lanes.push(String::new());
    }
    let last = lanes.len() - 1;
    let node = |node: &Node| Node {
        lane: node.lane.min(last),
        text: text::clean(&node.text),
        number: text::clean(&node.number),
        note: node.note.as_deref().map(text::clean),
        ..node.clone()
    };
    let is_whole = |link: &&Link| link.from.max(link.to) < graph.nodes.len();
    let link = |link: &Link| Link { label: link.label.as_deref().map(text::clean), ..link.clone() };
    Graph {
        title: text::clean(&graph.title),
        nodes: graph.nodes.iter().map(node).collect(),
        links: graph.links.iter().filter(is_whole).map(link).collect(),
        lanes,
    }
}
