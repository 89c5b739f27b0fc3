//! A map that is larger than a sheet of paper, cut into pages.
//!
//! Cuts run where no shape and no word is in the way: between columns along the flow and between
//! lanes, or else between rows, across it. Every page repeats the names of the lanes it shows, and
//! every arrow that leaves a page is marked with the page where it goes on.

use crate::layout::{Direction, Layout};
use crate::rect::{Point, Rect};

/// The room on a sheet in the map's pixels: what the printer leaves free, divided by the scale.
///
/// At a scale of 1 a pixel is 1/96 inch, so an A4 sheet on its side with margins of 10 mm has room for
/// 1047 by 718 pixels.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sheet {
    /// From left to right.
    pub width: i64,
    /// From top to bottom.
    pub height: i64,
}

/// The part of a map on one sheet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page {
    /// The place among the sheets that lie side by side, from the left.
    pub column: usize,
    /// The place among the sheets that lie below each other, from the top.
    pub row: usize,
    /// The part of the map it shows, without the names of the lanes, in the map's pixels.
    pub window: Rect,
    /// Where on the sheet the upper left corner of the window goes.
    pub at: Point,
    /// The names of the lanes it shows: the index of the lane and the place on the sheet.
    pub names: Vec<(usize, Rect)>,
    /// The arrows that go on elsewhere.
    pub continued: Vec<Continued>,
}

/// An arrow that crosses the border of a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Continued {
    /// The index of the edge.
    pub edge: usize,
    /// Where it crosses the border, in the map's pixels.
    pub at: Point,
    /// The index of the page where it goes on, or came from.
    pub page: usize,
    /// Whether the arrow leaves the page here; otherwise it comes in.
    pub leaves: bool,
}

/// The least room for the map beside the names: a smaller sheet is treated as if it had it.
const LEAST: i64 = 200;

/// Cuts a map into pages, row by row. A map that fits is one page; there is always at least one.
pub fn pages(layout: &Layout, sheet: Sheet) -> Vec<Page> {
    // Where the map begins beside the names of its lanes.
    let heads =
        layout.lanes.iter().map(|lane| &lane.header).chain(layout.pool.iter().map(|p| &p.header));
    let (names_x, names_y) = match layout.direction {
        Direction::Right => (heads.map(Rect::right).max().unwrap_or(0), 0),
        Direction::Down => (0, heads.map(Rect::bottom).max().unwrap_or(0)),
    };
    let lanes_x: Vec<i64> = layout.lanes.iter().map(|lane| lane.rect.x).collect();
    let lanes_y: Vec<i64> = layout.lanes.iter().map(|lane| lane.rect.y).collect();
    let (good_x, good_y) = match layout.direction {
        Direction::Right => (Vec::new(), lanes_y),
        Direction::Down => (lanes_x, Vec::new()),
    };
    let solid = solid(layout);
    let across = cuts(
        names_x..layout.width,
        (sheet.width - names_x).max(LEAST),
        &solid.iter().map(|rect| (rect.x, rect.right())).collect::<Vec<_>>(),
        &good_x,
    );
    let down = cuts(
        names_y..layout.height,
        (sheet.height - names_y).max(LEAST),
        &solid.iter().map(|rect| (rect.y, rect.bottom())).collect::<Vec<_>>(),
        &good_y,
    );
    let mut pages: Vec<Page> = Vec::new();
    for (row, (top, bottom)) in down.iter().enumerate() {
        for (column, (left, right)) in across.iter().enumerate() {
            let window = Rect { x: *left, y: *top, width: right - left, height: bottom - top };
            let at = Point { x: names_x, y: names_y };
            pages.push(Page {
                column,
                row,
                window,
                at,
                names: names(layout, &window, at),
                continued: Vec::new(),
            });
        }
    }
    mark(layout, &across, &down, &mut pages);
    pages
}

/// What no cut may run through.
fn solid(layout: &Layout) -> Vec<Rect> {
    let shapes = layout.shapes.iter().map(|shape| shape.rect);
    let words = layout.shapes.iter().flat_map(|shape| shape.label.iter().chain(&shape.note));
    let labels = layout.edges.iter().filter_map(|edge| edge.label.as_ref());
    shapes.chain(words.chain(labels).map(|label| label.rect)).collect()
}

/// Cuts a length into pieces of at most so much room, at the last good place, else at the last place
/// where nothing is in the way, else anywhere.
fn cuts(
    whole: std::ops::Range<i64>,
    room: i64,
    solid: &[(i64, i64)],
    good: &[i64],
) -> Vec<(i64, i64)> {
    let mut taken: Vec<(i64, i64)> = solid.to_vec();
    taken.sort_unstable();
    // The free stretches between what is solid, a little away from it.
    let mut free: Vec<(i64, i64)> = Vec::new();
    let mut end = whole.start;
    for (low, high) in taken {
        if low > end {
            free.push((end, low));
        }
        end = end.max(high);
    }
    free.push((end, whole.end.max(end)));
    let mut pieces = Vec::new();
    let mut start = whole.start;
    while whole.end - start > room {
        let last = start + room;
        // A page that is mostly empty is worse than a cut through a lane.
        let least = start + room / 3;
        let at_lane = good.iter().copied().filter(|at| *at > least && *at <= last).max();
        let middle = |(low, high): &(i64, i64)| {
            let at = i64::midpoint(*low, *high).min(last);
            (*low <= at && at > start && at > least).then_some(at)
        };
        let between = free.iter().filter_map(middle).filter(|at| *at <= last).max();
        let at = at_lane.or(between).unwrap_or(last);
        pieces.push((start, at));
        start = at;
    }
    pieces.push((start, whole.end));
    pieces
}

/// The names of the lanes beside a window, as boxes on the sheet.
fn names(layout: &Layout, window: &Rect, at: Point) -> Vec<(usize, Rect)> {
    let name = |(index, lane): (usize, &crate::layout::Lane)| {
        let (own, head) = (&lane.rect, &lane.header);
        match layout.direction {
            Direction::Right => {
                let (low, high) = (own.y.max(window.y), own.bottom().min(window.bottom()));
                let y = at.y + low - window.y;
                (low < high)
                    .then(|| (index, Rect { x: head.x, y, width: head.width, height: high - low }))
            }
            Direction::Down => {
                let (low, high) = (own.x.max(window.x), own.right().min(window.right()));
                let x = at.x + low - window.x;
                (low < high)
                    .then(|| (index, Rect { x, y: head.y, width: high - low, height: head.height }))
            }
        }
    };
    layout.lanes.iter().enumerate().filter_map(name).collect()
}

/// Marks the arrows that go from one page to another.
fn mark(layout: &Layout, across: &[(i64, i64)], down: &[(i64, i64)], pages: &mut [Page]) {
    let place = |pieces: &[(i64, i64)], at: i64| {
        pieces.iter().position(|(_, end)| at < *end).unwrap_or(pieces.len().saturating_sub(1))
    };
    for (edge, drawn) in layout.edges.iter().enumerate() {
        for pair in drawn.points.windows(2) {
            let [a, b] = pair else { continue };
            let is_level = a.y == b.y;
            let (pieces, from, to) = if is_level { (across, a.x, b.x) } else { (down, a.y, b.y) };
            let other = if is_level { place(down, a.y) } else { place(across, a.x) };
            let (first, last) = (place(pieces, from), place(pieces, to));
            let steps: Vec<(usize, usize)> = if first <= last {
                (first..last).map(|at| (at, at + 1)).collect()
            } else {
                (last..first).rev().map(|at| (at + 1, at)).collect()
            };
            for (here, next) in steps {
                let border = pieces.get(here.min(next)).map_or(0, |piece| piece.1);
                let at = if is_level {
                    Point { x: border, y: a.y }
                } else {
                    Point { x: a.x, y: border }
                };
                let index = |piece: usize| {
                    if is_level {
                        other * across.len() + piece
                    } else {
                        piece * across.len() + other
                    }
                };
                for (page, elsewhere, leaves) in
                    [(index(here), index(next), true), (index(next), index(here), false)]
                {
                    if let Some(page) = pages.get_mut(page) {
                        page.continued.push(Continued { edge, at, page: elsewhere, leaves });
                    }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Sheet, pages, solid};
    use crate::tests::sample::{Row, table};
    use crate::{Direction, Options, layout};

    const A4: Sheet = Sheet { width: 1047, height: 718 };

    fn long(steps: usize) -> gemba_model::Process {
        let seats = ["Sales", "Accounting", "Legal", "Delivery lead", "Client", "Bank", "Board"];
        let branches: [&[(&str, usize)]; 3] = [&[], &[("it is wrong", 1)], &[("it is void", 0)]];
        let rows: Vec<Row<'_>> = (0..steps)
            .map(|i| ("Check it all", seats[i * 5 % seats.len()], branches[i % branches.len()]))
            .collect();
        table("Long", &rows)
    }

    #[test]
    fn a_map_that_fits_is_one_page() {
        let map = layout(&long(2), &Options::default());
        let whole = pages(&map, Sheet { width: map.width, height: map.height });
        assert_eq!(whole.len(), 1);
        assert_eq!(whole[0].window.right(), map.width);
        assert_eq!(whole[0].names.len(), map.lanes.len());
        assert!(whole[0].continued.is_empty());
        assert_eq!(pages(&layout(&long(0), &Options::default()), A4).len(), 1);
    }

    #[test]
    fn the_pages_tile_the_map_fit_the_sheet_and_cut_no_shape_and_no_word() {
        for direction in [Direction::Right, Direction::Down] {
            let map = layout(&long(30), &Options { direction, ..Options::default() });
            let pages = pages(&map, A4);
            assert!(pages.len() > 2, "{}", pages.len());
            for page in &pages {
                assert!(page.at.x + page.window.width <= A4.width, "{page:?}");
                assert!(page.at.y + page.window.height <= A4.height, "{page:?}");
                assert!(!page.names.is_empty());
            }
            for rect in solid(&map) {
                let whole = pages.iter().filter(|page| page.window.contains(&rect)).count();
                assert_eq!(whole, 1, "{rect:?}");
            }
            let area: i64 = pages.iter().map(|p| p.window.width * p.window.height).sum();
            let at = pages[0].at;
            assert_eq!(area, (map.width - at.x) * (map.height - at.y));
        }
    }

    #[test]
    fn an_arrow_that_leaves_a_page_comes_in_on_the_page_it_names() {
        let map = layout(&long(30), &Options::default());
        let pages = pages(&map, A4);
        let mut count = 0;
        for (index, page) in pages.iter().enumerate() {
            for mark in &page.continued {
                count += 1;
                let there = &pages[mark.page].continued;
                assert!(
                    there.iter().any(|other| other.edge == mark.edge
                        && other.at == mark.at
                        && other.page == index
                        && other.leaves != mark.leaves),
                    "{mark:?}"
                );
            }
        }
        assert!(count > 4);
    }
}
