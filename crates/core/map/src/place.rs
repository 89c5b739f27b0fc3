//! Coordinates: how wide each column and channel is, how high each row, and where all of it lies.

use crate::graph::Graph;
use crate::layout::{Direction, Lane, Notation, Options};
use crate::order::Rows;
use crate::rect::{Rect, int};
use crate::route::Runs;
use crate::size::{Cell, Extent, FONT, LINE, MAX_LINES};
use crate::text;
use crate::ways::Side;
use std::collections::BTreeMap;

/// The distance between two tracks.
pub(crate) const TRACK: i64 = 12;
/// The distance of the first track from the shapes.
pub(crate) const CLEARANCE: i64 = 16;
/// The least width of a channel between columns.
const LEAST_CHANNEL: i64 = 26;
/// The least room between a row and the border of its lane.
const LEAST_GAP: i64 = 18;
/// The room around the whole map.
const MARGIN: i64 = 1;
/// The least and the most length of a lane's header along the flow when the flow runs to the right.
const HEADER: (i64, i64) = (124, 184);
/// The room beside a name in such a header.
const HEADER_PADDING: i64 = 28;
/// The width of the names when the flow runs down.
const NAME_WIDTH: i64 = 148;
/// The bar that holds the name of a pool or a lane in BPMN, where the name runs along the bar.
const BAR: i64 = 30;
/// The least and the most room across the flow that a name in such a bar asks for.
const BAR_NAME: (i64, i64) = (100, 320);

/// Where rows, columns and channels lie, along (columns) and across (rows) the flow.
#[derive(Debug)]
pub(crate) struct Placed {
    pub(crate) direction: Direction,
    pub(crate) width: i64,
    pub(crate) height: i64,
    pub(crate) lanes: Vec<Lane>,
    /// The frame around all lanes, with a name of its own.
    pub(crate) pool: Option<Lane>,
    /// The middle of each node, along and across.
    pub(crate) middles: Vec<(i64, i64)>,
    /// The first track of the channel before each column.
    first_tracks: Vec<i64>,
    /// The near edges of each row: before and after.
    row_sides: Vec<(i64, i64)>,
}

impl Placed {
    /// A rectangle in page terms.
    pub(crate) fn turned(&self, along: (i64, i64), across: (i64, i64)) -> Rect {
        match self.direction {
            Direction::Right => span(along, across),
            Direction::Down => span(across, along),
        }
    }

    /// A rectangle around a middle in page terms.
    pub(crate) fn around(&self, (along, across): (i64, i64), extent: &Extent) -> Rect {
        let at = |middle: i64, (low, high): (i64, i64)| (middle + low, middle + high);
        self.turned(at(along, extent.along), at(across, extent.across))
    }

    /// The place along the flow of a track in the channel before a column.
    pub(crate) fn channel(&self, column: usize, track: usize) -> i64 {
        self.first_tracks.get(column).copied().unwrap_or(0) + int(track) * TRACK
    }

    /// The place across the flow of a track at a side of a row.
    pub(crate) fn beside(&self, row: usize, side: Side, track: usize) -> i64 {
        let (before, after) = self.row_sides.get(row).copied().unwrap_or((0, 0));
        match side {
            Side::Before => before - CLEARANCE - int(track) * TRACK,
            Side::After => after + CLEARANCE + int(track) * TRACK,
        }
    }
}

fn span(x: (i64, i64), y: (i64, i64)) -> Rect {
    Rect { x: x.0, y: y.0, width: x.1 - x.0, height: y.1 - y.0 }
}

/// Places everything.
pub(crate) fn place(
    graph: &Graph,
    ranks: &[usize],
    rows: &Rows,
    cells: &[Cell],
    runs: &Runs,
    options: Options,
) -> Placed {
    let direction = options.direction;
    let heads = Heads::new(graph, options);
    let header = heads.pool + heads.lane;
    let columns = Columns::new(ranks, cells, runs, MARGIN + header);
    let bands = Bands::new(rows, cells, runs, &heads.least);
    let middles = ranks
        .iter()
        .zip(&rows.of)
        .map(|(rank, row)| {
            let along = columns.centers.get(*rank).copied().unwrap_or(0);
            (along, bands.centers.get(*row).copied().unwrap_or(0))
        })
        .collect();

    let mut placed = Placed {
        direction,
        width: 0,
        height: 0,
        lanes: Vec::new(),
        pool: None,
        middles,
        first_tracks: columns.first_tracks,
        row_sides: bands.row_sides,
    };
    placed.lanes = graph
        .lanes
        .iter()
        .zip(heads.names)
        .zip(&bands.lanes)
        .map(|((name, lines), band)| Lane {
            name: name.clone(),
            lines,
            rect: placed.turned((MARGIN + heads.pool, columns.end), *band),
            header: placed.turned((MARGIN + heads.pool, MARGIN + header), *band),
        })
        .collect();
    let across = bands.lanes.last().map_or(0, |band| band.1);
    if heads.pool > 0 {
        placed.pool = Some(Lane {
            name: graph.title.clone(),
            lines: vec![graph.title.clone()],
            rect: placed.turned((MARGIN, columns.end), (MARGIN, across)),
            header: placed.turned((MARGIN, MARGIN + heads.pool), (MARGIN, across)),
        });
    }
    let whole = placed.turned((0, columns.end + MARGIN), (0, across + MARGIN));
    placed.width = whole.width;
    placed.height = whole.height;
    placed
}

/// The names of the lanes and the room they take.
struct Heads {
    names: Vec<Vec<String>>,
    /// How long the bar of a pool is along the flow; 0 where there is none.
    pool: i64,
    /// How long the headers of the lanes are along the flow.
    lane: i64,
    /// How wide each lane is at least across the flow.
    least: Vec<i64>,
}

impl Heads {
    fn new(graph: &Graph, options: Options) -> Self {
        let wrapped = |room: i64| -> Vec<Vec<String>> {
            graph.lanes.iter().map(|name| text::wrap(name, FONT, room, MAX_LINES)).collect()
        };
        let high = |lines: &Vec<String>| int(lines.len().max(1)) * LINE + 20;
        let is_open = graph.lanes.iter().all(String::is_empty);
        match (options.notation, options.direction) {
            _ if is_open => {
                Self { names: wrapped(0), pool: 0, lane: 0, least: vec![0; graph.lanes.len()] }
            }
            (Notation::Map, Direction::Right) => {
                // No word of a name is broken that a wider header holds whole.
                let words = graph.lanes.iter().flat_map(|name| name.split(' '));
                let widest = words.map(|word| text::width(word, FONT)).max().unwrap_or(0);
                let lane = (widest + HEADER_PADDING).clamp(HEADER.0, HEADER.1);
                let names = wrapped(lane - HEADER_PADDING);
                Self { least: names.iter().map(high).collect(), names, pool: 0, lane }
            }
            (Notation::Map, Direction::Down) => {
                let names = wrapped(NAME_WIDTH);
                let lane = names.iter().map(high).max().unwrap_or(0);
                Self { least: vec![NAME_WIDTH + 28; names.len()], names, pool: 0, lane }
            }
            (Notation::Bpmn, _) => {
                let least =
                    |name: &String| (text::width(name, FONT) + 20).clamp(BAR_NAME.0, BAR_NAME.1);
                Self {
                    names: graph.lanes.iter().map(|name| vec![name.clone()]).collect(),
                    pool: BAR,
                    lane: BAR,
                    least: graph.lanes.iter().map(least).collect(),
                }
            }
        }
    }
}

/// Where the columns lie along the flow.
struct Columns {
    /// Where the middle of every shape of each column lies.
    centers: Vec<i64>,
    first_tracks: Vec<i64>,
    end: i64,
}

impl Columns {
    fn new(ranks: &[usize], cells: &[Cell], runs: &Runs, start: i64) -> Self {
        let count = ranks.iter().max().map_or(0, |last| last + 1);
        let mut widths: Vec<(i64, i64)> = vec![(0, 0); count];
        for (rank, cell) in ranks.iter().zip(cells) {
            if let Some(width) = widths.get_mut(*rank) {
                width.0 = width.0.min(cell.cell.along.0);
                width.1 = width.1.max(cell.cell.along.1);
            }
        }
        let mut at = start;
        let mut columns =
            Self { centers: Vec::with_capacity(count), first_tracks: Vec::new(), end: 0 };
        for (column, (low, high)) in widths.iter().chain([&(0, 0)]).enumerate() {
            let tracks = int(runs.channels.get(&column).copied().unwrap_or(0));
            let used = (tracks - 1).max(0) * TRACK;
            let is_edge = column == 0 || column == count;
            let least = if is_edge && tracks == 0 { LEAST_CHANNEL / 2 } else { LEAST_CHANNEL };
            // Where nothing turns, an arrow of some length is all that is needed.
            let channel = if tracks == 0 { least } else { used + 2 * CLEARANCE };
            columns.first_tracks.push(at + (channel - used) / 2);
            at += channel;
            if column < count {
                columns.centers.push(at - low);
                at += high - low;
            }
        }
        columns.end = at;
        columns
    }
}

/// Where lanes and rows lie across the flow.
struct Bands {
    lanes: Vec<(i64, i64)>,
    centers: Vec<i64>,
    row_sides: Vec<(i64, i64)>,
}

impl Bands {
    fn new(rows: &Rows, cells: &[Cell], runs: &Runs, least_lane: &[i64]) -> Self {
        let count = rows.starts.last().copied().unwrap_or(0);
        let mut extents: Vec<(i64, i64)> = vec![(-24, 24); count];
        for (row, cell) in rows.of.iter().zip(cells) {
            if let Some(extent) = extents.get_mut(*row) {
                extent.0 = extent.0.min(cell.cell.across.0);
                extent.1 = extent.1.max(cell.cell.across.1);
            }
        }
        let gap = |tracks: &BTreeMap<(usize, Side), usize>, row: usize, side: Side| {
            let tracks = int(tracks.get(&(row, side)).copied().unwrap_or(0));
            if tracks == 0 { LEAST_GAP } else { (tracks - 1) * TRACK + 2 * CLEARANCE }
        };
        let mut bands = Self { lanes: Vec::new(), centers: Vec::new(), row_sides: Vec::new() };
        let mut at = MARGIN;
        for (bounds, least) in rows.starts.windows(2).zip(least_lane) {
            let [first, end] = bounds else { continue };
            let own = *first..*end;
            let need: i64 = own
                .clone()
                .map(|row| {
                    let (low, high) = extents.get(row).copied().unwrap_or((0, 0));
                    gap(&runs.beside, row, Side::Before) + high - low
                        + gap(&runs.beside, row, Side::After)
                })
                .sum();
            let start = at;
            at += (least - need).max(0) / 2;
            for row in own {
                let (low, high) = extents.get(row).copied().unwrap_or((0, 0));
                at += gap(&runs.beside, row, Side::Before);
                bands.row_sides.push((at, at + high - low));
                bands.centers.push(at - low);
                at += high - low + gap(&runs.beside, row, Side::After);
            }
            at = at.max(start + least);
            bands.lanes.push((start, at));
        }
        bands
    }
}
