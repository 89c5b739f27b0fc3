//! The flow of blocks down the pages: what stands where, and what it is for those who cannot see it.

use crate::{
    block::{Block, blocks},
    face::{Faces, Line, Run, Weight},
    photo::Photo,
    sheet::Sheet,
};
use krilla::image::Image;
use resvg::usvg;

/// A colour by its purpose.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ink {
    Text,
    Muted,
    Link,
    Line,
    Tint,
}

/// One thing drawn.
#[derive(Debug)]
pub(crate) enum Op {
    /// Words on a base line.
    Text { x: f32, y: f32, size: f32, weight: Weight, ink: Ink, text: String },
    /// Where words lead.
    Link { x: f32, y: f32, width: f32, height: f32, to: String },
    /// A filled rectangle.
    Fill { x: f32, y: f32, width: f32, height: f32, ink: Ink },
    /// A part of a drawing, put at a place in a scale.
    Drawing { number: usize, x: f32, y: f32, scale: f32, part: Part },
    /// A photograph or a picture of a screen.
    Photo { image: Image, x: f32, y: f32, width: f32, height: f32 },
}

/// A part of a drawing, in its own units.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Part {
    pub(crate) x: f32,
    pub(crate) y: f32,
    pub(crate) width: f32,
    pub(crate) height: f32,
}

/// What of a drawing is on one sheet, all in the drawing's units: its parts with their places, and
/// notes that end at their place, where they stand at its right end, or else begin there.
#[derive(Debug)]
pub(crate) struct Tile {
    pub(crate) pieces: Vec<(Part, f32, f32)>,
    pub(crate) notes: Vec<(String, f32, f32, bool)>,
}

/// What is drawn on a page; what belongs to no leaf is decoration.
#[derive(Debug)]
pub(crate) struct PageOps {
    pub(crate) sheet: Sheet,
    pub(crate) ops: Vec<(Option<usize>, Op)>,
}

/// What a part of the document is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Role {
    Part,
    Heading(u16, String),
    Paragraph,
    List,
    Item,
    Table,
    Row,
    HeadCell,
    Cell,
    /// With the words for those who cannot see it.
    Figure(String),
}

/// The document as a tree, for reading aloud and in order.
#[derive(Debug)]
pub(crate) struct Branch {
    pub(crate) role: Role,
    pub(crate) twigs: Vec<Twig>,
}

/// What is in a branch.
#[derive(Debug)]
pub(crate) enum Twig {
    Branch(Branch),
    /// What is drawn under this number.
    Leaf(usize),
}

/// A place that the outline leads to.
#[derive(Debug)]
pub(crate) struct Mark {
    pub(crate) level: u16,
    pub(crate) title: String,
    pub(crate) page: usize,
    pub(crate) y: f32,
}

/// How text is set.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Look {
    pub(crate) size: f32,
    pub(crate) leading: f32,
    pub(crate) ink: Ink,
}

pub(crate) const BODY: Look = Look { size: 9.5, leading: 13.5, ink: Ink::Text };
pub(crate) const SMALL: Look = Look { size: 8.5, leading: 12.0, ink: Ink::Muted };
const CELL: Look = Look { size: 8.5, leading: 12.0, ink: Ink::Text };
const PAD: f32 = 4.0;
/// How far each deeper list stands in.
const STEP_IN: f32 = 14.0;

/// All that is set.
#[derive(Debug, Default)]
pub(crate) struct Set {
    pub(crate) pages: Vec<PageOps>,
    pub(crate) branches: Vec<Twig>,
    pub(crate) marks: Vec<Mark>,
    pub(crate) drawings: Vec<usvg::Tree>,
    pub(crate) leaves: usize,
}

/// The hand that sets.
pub(crate) struct Flow<'f> {
    faces: &'f Faces,
    sheet: Sheet,
    y: f32,
    open: Vec<Branch>,
    set: Set,
}

impl<'f> Flow<'f> {
    pub(crate) fn new(faces: &'f Faces, sheet: Sheet) -> Self {
        let mut flow = Self { faces, sheet, y: 0.0, open: Vec::new(), set: Set::default() };
        flow.turn_page(sheet);
        flow
    }

    pub(crate) fn finish(mut self) -> Set {
        while !self.open.is_empty() {
            self.close();
        }
        self.set
    }

    /// Begins a page of this size.
    pub(crate) fn turn_page(&mut self, sheet: Sheet) {
        self.sheet = sheet;
        self.y = sheet.margin;
        self.set.pages.push(PageOps { sheet, ops: Vec::new() });
    }

    /// How much room is left on the page.
    pub(crate) fn left(&self) -> f32 {
        self.sheet.bottom() - self.y
    }

    pub(crate) fn sheet(&self) -> Sheet {
        self.sheet
    }

    /// Makes sure that so much fits on this page, or begins the next.
    pub(crate) fn need(&mut self, height: f32) {
        if self.left() < height && self.y > self.sheet.margin {
            self.turn_page(self.sheet);
        }
    }

    /// Leaves room, but none at the top of a page.
    pub(crate) fn gap(&mut self, height: f32) {
        if self.y > self.sheet.margin {
            self.y += height;
        }
    }

    pub(crate) fn within(&mut self, role: Role, body: impl FnOnce(&mut Self)) {
        self.open.push(Branch { role, twigs: Vec::new() });
        body(self);
        self.close();
    }

    fn close(&mut self) {
        if let Some(branch) = self.open.pop().filter(|b| !b.twigs.is_empty()) {
            self.twigs().push(Twig::Branch(branch));
        }
    }

    fn twigs(&mut self) -> &mut Vec<Twig> {
        match self.open.last_mut() {
            Some(branch) => &mut branch.twigs,
            None => &mut self.set.branches,
        }
    }

    fn leaf(&mut self) -> usize {
        let leaf = self.set.leaves;
        self.set.leaves += 1;
        self.twigs().push(Twig::Leaf(leaf));
        leaf
    }

    fn put(&mut self, leaf: Option<usize>, op: Op) {
        if let Some(page) = self.set.pages.last_mut() {
            page.ops.push((leaf, op));
        }
    }

    fn line(&mut self, leaf: usize, left: f32, line: &Line, look: Look) {
        let base = self.y + look.size;
        for piece in line {
            let ink = if piece.link.is_some() { Ink::Link } else { look.ink };
            let (x, text, weight) = (left + piece.x, piece.text.clone(), piece.weight);
            self.put(Some(leaf), Op::Text { x, y: base, size: look.size, weight, ink, text });
            if let Some(to) = &piece.link {
                let (y, width, height) = (self.y, piece.width, look.leading);
                self.put(Some(leaf), Op::Link { x, y, width, height, to: to.clone() });
            }
        }
        self.y += look.leading;
    }

    /// Lines of text, from a distance to the left margin.
    fn text(&mut self, runs: &[Run], look: Look, indent: f32) {
        let leaf = self.leaf();
        let lines = self.faces.lines(runs, look.size, self.sheet.room() - indent);
        for line in lines {
            self.need(look.leading);
            self.line(leaf, self.sheet.margin + indent, &line, look);
        }
    }

    /// A heading, never alone at the foot of a page; the outline leads to it.
    pub(crate) fn heading(&mut self, level: u16, text: &str, indent: f32) {
        let (look, before, keep) = match level {
            1 => (Look { size: 19.0, leading: 24.0, ink: Ink::Text }, 0.0, 60.0),
            2 => (Look { size: 13.0, leading: 17.0, ink: Ink::Text }, 16.0, 70.0),
            _ => (Look { size: 10.0, leading: 14.0, ink: Ink::Text }, 9.0, 48.0),
        };
        self.gap(before);
        self.need(keep);
        let mark = Mark {
            level,
            title: text.to_owned(),
            page: self.set.pages.len().saturating_sub(1),
            y: self.y,
        };
        self.set.marks.push(mark);
        self.within(Role::Heading(level, text.to_owned()), |flow| {
            flow.text(&[Run::bold(text)], look, indent);
        });
        self.gap(if level < 3 { 4.0 } else { 1.0 });
    }

    pub(crate) fn paragraph(&mut self, runs: &[Run], look: Look, indent: f32) {
        self.within(Role::Paragraph, |flow| flow.text(runs, look, indent));
        self.gap(3.0);
    }

    /// An item of a list with its marker before it.
    pub(crate) fn item(&mut self, marker: &str, runs: &[Run], indent: f32) {
        self.need(BODY.leading);
        self.within(Role::Item, |flow| {
            let deep =
                indent + STEP_IN.max(flow.faces.width(marker, Weight::Regular, BODY.size) + 5.0);
            if !marker.is_empty() {
                let leaf = flow.leaf();
                let mark = flow.faces.lines(&[Run::plain(marker)], BODY.size, STEP_IN * 4.0);
                if let Some(line) = mark.first() {
                    flow.line(leaf, flow.sheet.margin + indent, line, BODY);
                    flow.y -= BODY.leading;
                }
            }
            flow.text(runs, BODY, deep);
        });
        self.gap(1.5);
    }

    pub(crate) fn list<'t>(&mut self, items: impl Iterator<Item = &'t [Run]>, indent: f32) {
        self.within(Role::List, |flow| items.for_each(|runs| flow.item("•", runs, indent)));
        self.gap(3.0);
    }

    /// Markdown.
    pub(crate) fn prose(&mut self, text: &str, indent: f32) {
        let all = blocks(text);
        let mut rest = all.as_slice();
        while let Some((first, after)) = rest.split_first() {
            rest = after;
            match first {
                Block::Paragraph(runs) => self.paragraph(runs, BODY, indent),
                Block::Code(lines) => {
                    for line in lines {
                        self.paragraph(&[Run::plain(line.clone())], SMALL, indent + STEP_IN);
                    }
                }
                Block::Table(rows) => self.table(rows, &[], indent),
                Block::Item(..) => {
                    let n = 1 + after.iter().take_while(|b| matches!(b, Block::Item(..))).count();
                    let items = all.get(all.len() - after.len() - 1..).unwrap_or_default();
                    self.within(Role::List, |flow| {
                        for block in items.iter().take(n) {
                            if let Block::Item(depth, marker, runs) = block {
                                let places = u16::try_from(depth.saturating_sub(1)).unwrap_or(0);
                                flow.item(marker, runs, indent + STEP_IN * f32::from(places));
                            }
                        }
                    });
                    self.gap(3.0);
                    rest = after.get(n - 1..).unwrap_or_default();
                }
            }
        }
    }

    /// A table; the first row is its head and comes again on each page. The shares say how wide the
    /// columns are; none makes them equal.
    pub(crate) fn table(&mut self, rows: &[Vec<Vec<Run>>], shares: &[f32], indent: f32) {
        let columns = rows.iter().map(Vec::len).max().unwrap_or(0);
        let Some((head, body)) = rows.split_first().filter(|_| columns > 0) else { return };
        let share = |at: usize| shares.get(at).copied().unwrap_or(1.0);
        let all: f32 = (0..columns).map(share).sum();
        let room = self.sheet.room() - indent;
        let widths: Vec<f32> = (0..columns).map(|at| room * share(at) / all).collect();
        self.within(Role::Table, |flow| {
            flow.row(head, &widths, indent, true, None);
            for row in body {
                flow.row(row, &widths, indent, false, Some(head));
            }
        });
        self.gap(6.0);
    }

    fn cells(&self, row: &[Vec<Run>], widths: &[f32]) -> (Vec<Vec<Line>>, f32) {
        let lines: Vec<Vec<Line>> = row
            .iter()
            .zip(widths)
            .map(|(cell, width)| self.faces.lines(cell, CELL.size, (width - 2.0 * PAD).max(8.0)))
            .collect();
        let most = lines.iter().map(Vec::len).max().unwrap_or(0).max(1);
        let most = f32::from(u16::try_from(most).unwrap_or(u16::MAX));
        (lines, most * CELL.leading + 2.0 * PAD)
    }

    fn row(
        &mut self,
        row: &[Vec<Run>],
        widths: &[f32],
        indent: f32,
        is_head: bool,
        again: Option<&[Vec<Run>]>,
    ) {
        let (lines, height) = self.cells(row, widths);
        if self.left() < height && self.y > self.sheet.margin {
            self.turn_page(self.sheet);
            if let Some(head) = again {
                let (lines, height) = self.cells(head, widths);
                self.ground(height, indent, widths);
                self.draw_row(&lines, height, widths, indent, None);
            }
        }
        if is_head {
            self.ground(height, indent, widths);
        }
        self.open.push(Branch { role: Role::Row, twigs: Vec::new() });
        self.draw_row(&lines, height, widths, indent, Some(is_head));
        self.close();
    }

    fn ground(&mut self, height: f32, indent: f32, widths: &[f32]) {
        let (x, y, width) = (self.sheet.margin + indent, self.y, widths.iter().sum());
        self.put(None, Op::Fill { x, y, width, height, ink: Ink::Tint });
    }

    /// Cells side by side; a head that comes again is decoration.
    fn draw_row(
        &mut self,
        cells: &[Vec<Line>],
        height: f32,
        widths: &[f32],
        indent: f32,
        is_head: Option<bool>,
    ) {
        let top = self.y;
        let mut x = self.sheet.margin + indent;
        // A cell longer than a page goes on on the next.
        for (lines, width) in cells.iter().zip(widths) {
            self.y = top + PAD;
            match is_head {
                Some(is_head) => {
                    let role = if is_head { Role::HeadCell } else { Role::Cell };
                    self.open.push(Branch { role, twigs: Vec::new() });
                    let leaf = self.leaf();
                    for line in lines {
                        if self.left() > 0.0 {
                            self.line(leaf, x + PAD, line, CELL);
                        }
                    }
                    self.close();
                }
                None => {
                    for piece in lines.iter().flatten() {
                        let (size, ink) = (CELL.size, CELL.ink);
                        let (text, weight) = (piece.text.clone(), piece.weight);
                        let (x, y) = (x + PAD + piece.x, self.y + CELL.size);
                        self.put(None, Op::Text { x, y, size, weight, ink, text });
                    }
                }
            }
            x += width;
        }
        self.y = top + height;
        let (x, width) = (self.sheet.margin + indent, widths.iter().sum());
        self.put(None, Op::Fill { x, y: self.y - 0.5, width, height: 0.5, ink: Ink::Line });
    }

    /// Names and values in a frame.
    pub(crate) fn facts(&mut self, facts: &[(&str, Vec<Run>)]) {
        let rows: Vec<Vec<Vec<Run>>> =
            facts.iter().map(|(name, value)| vec![vec![Run::bold(*name)], value.clone()]).collect();
        let room = self.sheet.room();
        let widths = [96.0, room - 96.0];
        let (x, y) = (self.sheet.margin, self.y);
        self.put(None, Op::Fill { x, y, width: room, height: 0.5, ink: Ink::Line });
        self.within(Role::Table, |flow| {
            for row in &rows {
                flow.row(row, &widths, 0.0, false, None);
            }
        });
        self.gap(6.0);
    }

    /// A photograph as wide as the text at most, and as high as half a page.
    pub(crate) fn photo(&mut self, photo: &Photo, indent: f32, alt: &str) {
        let high = (self.sheet.bottom() - self.sheet.margin) * 0.5;
        let (width, height) = photo.size(self.sheet.room() - indent, high);
        self.need(height);
        let (x, y, image) = (self.sheet.margin + indent, self.y, photo.image.clone());
        self.within(Role::Figure(alt.to_owned()), |flow| {
            let leaf = flow.leaf();
            flow.put(Some(leaf), Op::Photo { image, x, y, width, height });
        });
        self.y += height + 6.0;
    }

    /// A part of a drawing at the place where the flow stands, in the middle of the line.
    pub(crate) fn drawing(&mut self, number: usize, part: Part, scale: f32, alt: &str) {
        let (width, height) = (part.width * scale, part.height * scale);
        let x = self.sheet.margin + ((self.sheet.room() - width) / 2.0).max(0.0);
        let y = self.y;
        self.within(Role::Figure(alt.to_owned()), |flow| {
            let leaf = flow.leaf();
            flow.put(Some(leaf), Op::Drawing { number, x, y, scale, part });
        });
        self.y += height + 6.0;
    }

    /// Parts of a drawing in their places below where the flow stands.
    pub(crate) fn tile(&mut self, number: usize, tile: &Tile, scale: f32, alt: &str) {
        let (left, top) = (self.sheet.margin, self.y);
        self.within(Role::Figure(alt.to_owned()), |flow| {
            let leaf = flow.leaf();
            for (part, x, y) in &tile.pieces {
                let (x, y) = (left + x * scale, top + y * scale);
                flow.put(Some(leaf), Op::Drawing { number, x, y, scale, part: *part });
            }
            for (text, x, y, is_right) in &tile.notes {
                let (size, weight, ink) = (6.0, Weight::Regular, Ink::Muted);
                let wide = flow.faces.width(text, weight, size);
                let x = left + x * scale + if *is_right { -wide - 2.0 } else { 2.0 };
                let y = top + y * scale - 2.0;
                flow.put(Some(leaf), Op::Text { x, y, size, weight, ink, text: text.clone() });
            }
        });
        self.y = self.sheet.bottom();
    }

    /// Which page it is, from 0.
    pub(crate) fn page(&self) -> usize {
        self.set.pages.len().saturating_sub(1)
    }

    /// Keeps a drawing; its number comes back.
    pub(crate) fn keep(&mut self, drawing: usvg::Tree) -> usize {
        self.set.drawings.push(drawing);
        self.set.drawings.len() - 1
    }
}
