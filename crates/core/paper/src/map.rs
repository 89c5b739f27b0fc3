//! A map on sheets of paper.

use crate::{
    Error, Paper, Turn,
    face::Faces,
    flow::{Flow, Part, Tile},
    picture::tree,
    press::{Imprint, print},
    sheet::Sheet,
};
use gemba_map::{Direction, Layout, Options, Overlay, Rect, SvgStyle, layout, svg};
use gemba_model::Process;

/// The largest scale: a unit of the drawing is a pixel of 1/96 inch then.
const FULL: f32 = 0.75;
/// The scale below which the words of a map are too small on paper.
const READABLE: f32 = 0.42;
/// The scale of a map that must be cut.
const CUT: f32 = 0.55;
/// How many columns of a long row a sheet shows at a scale that can be read.
const NARROW_COLUMNS: usize = 7;
/// The room that a note about an arrow takes, in units of the drawing.
const NOTE_WIDTH: f32 = 70.0;
const NOTE_HEIGHT: f32 = 13.0;
/// What a heading above it takes.
const HEADING: f32 = 40.0;

/// A map as a PDF. Without a turn the sheet lies as it shows more.
pub fn map(
    process: &Process,
    overlay: &Overlay,
    paper: Paper,
    turn: Option<Turn>,
) -> Result<Vec<u8>, Error> {
    let faces = Faces::load()?;
    let (layout, turn) = better(process, paper, turn);
    let mut flow = Flow::new(&faces, Sheet::of(paper, turn).narrow());
    place(&mut flow, &layout, overlay)?;
    let imprint = Imprint { title: &layout.title, foot: "Process map", author: None };
    print(&faces, &flow.finish(), &imprint)
}

/// The direction of a map and the turn of a sheet that together show it largest.
pub(crate) fn better(process: &Process, paper: Paper, turn: Option<Turn>) -> (Layout, Turn) {
    let turns = match turn {
        Some(turn) => vec![turn],
        None => vec![Turn::Landscape, Turn::Portrait],
    };
    let [sideways, folded, down] =
        [(Direction::Right, 0), (Direction::Right, NARROW_COLUMNS), (Direction::Down, 0)]
            .map(|(direction, columns)| laid(process, direction, columns));
    let mut best: Option<(usize, f32, &Layout, Turn)> = None;
    for layout in [&sideways, &folded, &down] {
        for turn in &turns {
            let sheet = Sheet::of(paper, *turn).narrow();
            let (scale, n) = (scale_on(layout, sheet), sheets(layout, sheet));
            let is_better = best.is_none_or(|(fewest, largest, ..)| {
                // The way a map is read on a screen is left only where that gains something.
                n < fewest || (n == fewest && scale > largest * 1.1)
            });
            if is_better {
                best = Some((n, scale, layout, *turn));
            }
        }
    }
    match best {
        Some((_, _, layout, turn)) => (layout.clone(), turn),
        None => (sideways.clone(), Turn::Landscape),
    }
}

/// How many sheets a map takes.
fn sheets(layout: &Layout, sheet: Sheet) -> usize {
    if scale_on(layout, sheet) >= READABLE {
        return 1;
    }
    gemba_map::pages(layout, room(sheet.room(), sheet.bottom() - sheet.margin - HEADING)).len()
}

/// The room of a sheet in the units of a drawing that is cut.
fn room(width: f32, height: f32) -> gemba_map::Sheet {
    gemba_map::Sheet { width: whole(width / CUT), height: whole(height / CUT) }
}

fn laid(process: &Process, direction: Direction, columns: usize) -> Layout {
    layout(process, &Options { direction, columns, ..Options::default() })
}

/// How large a map can be on a sheet.
fn scale_on(layout: &Layout, sheet: Sheet) -> f32 {
    let length = |units: i64| length(units.max(1));
    let depth = sheet.bottom() - sheet.margin - HEADING;
    FULL.min(sheet.room() / length(layout.width)).min(depth / length(layout.height))
}

/// Puts a map where the flow stands: whole where its words can be read then, else cut onto several
/// sheets, each with the names of its lanes and marks where an arrow goes on.
pub(crate) fn place(flow: &mut Flow<'_>, layout: &Layout, overlay: &Overlay) -> Result<(), Error> {
    let drawing = tree(&svg(layout, overlay, SvgStyle::Print))?;
    let (width, height) = (drawing.size().width(), drawing.size().height());
    let sheet = flow.sheet();
    let depth = flow.left() - 8.0;
    let scale = FULL.min(sheet.room() / width).min(depth / height);
    let number = flow.keep(drawing);
    let alt = format!("Process map of {}. Its steps are listed in the text.", layout.title);
    if scale >= READABLE {
        flow.drawing(number, Part { x: 0.0, y: 0.0, width, height }, scale, &alt);
        return Ok(());
    }
    let parts = gemba_map::pages(layout, room(sheet.room(), depth));
    let first = flow.page();
    for (at, page) in parts.iter().enumerate() {
        if at > 0 {
            flow.turn_page(sheet);
        }
        let alt = format!("{alt} Part {} of {}.", at + 1, parts.len());
        flow.tile(number, &tile(layout, page, first), CUT, &alt);
    }
    Ok(())
}

/// What is on one sheet of a map.
fn tile(layout: &Layout, page: &gemba_map::Page, first: usize) -> Tile {
    let mut pieces = vec![(part(&page.window), length(page.at.x), length(page.at.y))];
    for (lane, place) in &page.names {
        if let Some(lane) = layout.lanes.get(*lane) {
            // The name stands in the middle of its header; what is cut off is cut off at both ends.
            let header = &lane.header;
            let x = header.x + (header.width - place.width) / 2;
            let y = header.y + (header.height - place.height) / 2;
            let shown = Rect { x, y, width: place.width, height: place.height };
            pieces.push((part(&shown), length(place.x), length(place.y)));
        }
    }
    let mut notes: Vec<(String, f32, f32, bool)> = Vec::new();
    for mark in &page.continued {
        let x = length(mark.at.x - page.window.x + page.at.x);
        let y = length(above(layout, page, mark) - page.window.y + page.at.y);
        let other = first + mark.page + 1;
        let words =
            if mark.leaves { format!("to page {other}") } else { format!("from page {other}") };
        let is_right = mark.at.x >= page.window.right();
        // Of arrows that run close together one is marked: words upon words cannot be read.
        let is_near = |(_, at_x, at_y, right): &(String, f32, f32, bool)| {
            *right == is_right && (at_x - x).abs() < NOTE_WIDTH && (at_y - y).abs() < NOTE_HEIGHT
        };
        if !notes.iter().any(is_near) {
            notes.push((words, x, y, is_right));
        }
    }
    Tile { pieces, notes }
}

/// Where the note about an arrow stands: on its line, or above the shapes that it would lie on.
fn above(layout: &Layout, page: &gemba_map::Page, mark: &gemba_map::Continued) -> i64 {
    let is_right = mark.at.x >= page.window.right();
    let left = mark.at.x - if is_right { whole(NOTE_WIDTH) } else { 0 };
    let meets = |rect: &&Rect, y: i64| {
        rect.x < left + whole(NOTE_WIDTH)
            && left < rect.right()
            && rect.y < y
            && y - whole(NOTE_HEIGHT) < rect.bottom()
    };
    let mut y = mark.at.y;
    // Shapes lie beside one another here at most in a few rows.
    for _ in 0..3 {
        match layout.shapes.iter().map(|shape| &shape.rect).find(|rect| meets(rect, y)) {
            Some(rect) if rect.y - whole(NOTE_HEIGHT) > page.window.y => y = rect.y,
            Some(_) => return mark.at.y,
            None => break,
        }
    }
    y
}

fn part(rect: &Rect) -> Part {
    Part {
        x: length(rect.x),
        y: length(rect.y),
        width: length(rect.width),
        height: length(rect.height),
    }
}

/// Units of a drawing, which stays far below what a 32-bit float counts exactly.
#[expect(clippy::as_conversions, reason = "drawings are below 2^24 units")]
fn length(units: i64) -> f32 {
    units as f32
}

#[expect(clippy::as_conversions, reason = "a sheet is a few thousand units")]
fn whole(units: f32) -> i64 {
    units.floor() as i64
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::flow::Op;
    use gemba_testkit::read;
    use std::fmt::Write as _;

    #[test]
    fn a_note_about_an_arrow_stands_above_the_shape_that_it_would_lie_on() {
        let text = "---\nowner: Sales\ntrigger: on request\n---\n\n# Two\n\n1. **Draft it** \u{2014} Sales\n2. **Send it** \u{2014} Sales\n";
        let layout = laid(&read(text), Direction::Right, 0);
        let send = layout.shapes.iter().find(|shape| shape.text == "Send it").unwrap().rect;
        let at = |x: i64| {
            let window = Rect { x: 0, y: 0, width: x, height: layout.height };
            let page = gemba_map::Page {
                column: 0,
                row: 0,
                window,
                at: gemba_map::Point { x: 0, y: 0 },
                names: Vec::new(),
                continued: Vec::new(),
            };
            let at = gemba_map::Point { x, y: send.y + send.height / 2 };
            above(&layout, &page, &gemba_map::Continued { edge: 0, at, page: 1, leaves: true })
        };
        assert_eq!(at(send.right() + 4), send.y);
        assert_eq!(at(layout.width + 400), send.y + send.height / 2);
    }

    /// Every drawing on every page ends before the margin.
    #[test]
    fn a_map_that_is_cut_stays_within_the_margins_of_every_sheet() {
        let mut text = String::from("---\nowner: Sales\ntrigger: on request\n---\n\n# Long\n\n");
        for n in 1..=40 {
            let seat = ["Sales", "Accounting", "Delivery lead", "Legal", "People"][n % 5];
            let back = if n % 4 == 0 {
                format!(
                    "   - If it is wrong, go back to step {}.\n   - Otherwise, continue.\n",
                    n - 3
                )
            } else {
                String::new()
            };
            write!(
                text,
                "{n}. **Do the thing with number {n}** \u{2014} {seat} {{#s{n}}}\n\n{back}\n"
            )
            .unwrap();
        }
        let process = read(&text);
        let faces = Faces::load().unwrap();
        for paper in Paper::ALL {
            for turn in [Turn::Portrait, Turn::Landscape] {
                for direction in [Direction::Right, Direction::Down] {
                    let layout = laid(&process, direction, 0);
                    let sheet = Sheet::of(paper, turn).narrow();
                    let mut flow = Flow::new(&faces, sheet);
                    place(&mut flow, &layout, &Overlay::default()).unwrap();
                    let set = flow.finish();
                    assert!(set.pages.len() > 1, "{paper:?} {turn:?} {direction:?}");
                    for (_, op) in set.pages.iter().flat_map(|page| &page.ops) {
                        let Op::Drawing { x, y, scale, part, .. } = op else { continue };
                        let (right, low) = (x + part.width * scale, y + part.height * scale);
                        assert!(
                            right <= sheet.width - sheet.margin + 0.5,
                            "{paper:?} {turn:?} {right}"
                        );
                        assert!(low <= sheet.bottom() + 0.5, "{paper:?} {turn:?} {low}");
                    }
                }
            }
        }
    }
}
