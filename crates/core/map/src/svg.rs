//! A laid-out map as SVG.

use crate::difference::{Fate, kind_word};
use crate::graph::{EdgeKind, ShapeKind};
use crate::icon::{self, ICON};
use crate::layout::{Direction, Edge, Label, Layout, Shape};
use crate::overlay::{Overlay, StepMark, StepState};
use crate::rect::{Point, Rect, int};
use crate::size::{HEAD, LINE, NOTE_PADDING, PADDING, SIGN, SMALL, SMALL_LINE};
use crate::theme::{self, Role, paint};
use crate::{text, theme as t};
use gemba_model::StepKind;
use std::collections::BTreeMap;

/// How the colours get into the drawing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum SvgStyle {
    /// A file of its own: light or dark as the reader prefers.
    #[default]
    Standalone,
    /// A part of a page: the page's custom properties (`--map-line` and so on) rule.
    Inline,
    /// Light only, no style sheet: for printing and for turning into pixels.
    Print,
}

/// Draws a map. The same input always gives the same bytes.
pub fn svg(layout: &Layout, overlay: &Overlay, style: SvgStyle) -> String {
    let lanes_of = layout.shapes.iter().map(|shape| (shape.id.as_str(), shape.lane)).collect();
    let mut pen = Pen { out: String::new(), layout, overlay, style, lanes_of };
    pen.draw();
    pen.out
}

/// The names of the lanes alone, of the same size and in the same place as on the map: for a frame in
/// which they stay in sight while the map is moved. Empty where there are no lanes.
pub fn lane_names(layout: &Layout, style: SvgStyle) -> String {
    let overlay = Overlay::default();
    let lanes_of = BTreeMap::new();
    let mut pen = Pen { out: String::new(), layout, overlay: &overlay, style, lanes_of };
    // One more for the border.
    let width = layout.lanes.iter().map(|lane| lane.header.right() + 1).max().unwrap_or(0);
    let height = layout.lanes.iter().map(|lane| lane.header.bottom() + 1).max().unwrap_or(0);
    if layout.lanes.is_empty() {
        return String::new();
    }
    put!(
        pen.out,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"gemba-map\" aria-hidden=\"true\" \
         width=\"{width}\" height=\"{height}\" viewBox=\"0 0 {width} {height}\">"
    );
    for lane in &layout.lanes {
        pen.rect(lane.header, 0, &t::R_HEADER);
        pen.centered(lane.header.center(), &lane.lines, &t::R_SEAT);
    }
    pen.put("</svg>\n");
    pen.out
}

/// The style sheet that a page needs for maps of [`SvgStyle::Inline`]; it stands apart so that a page
/// may forbid styles within its markup.
pub fn page_sheet() -> String {
    theme::sheet(SvgStyle::Inline)
}

/// A text made safe for XML, without characters that may not be drawn.
pub(crate) fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            c if text::is_drawn(c) => out.push(c),
            _ => {}
        }
    }
    out
}

/// The most steps that the description reads out.
const MOST_READ: usize = 60;

struct Pen<'a> {
    out: String,
    layout: &'a Layout,
    overlay: &'a Overlay,
    style: SvgStyle,
    /// The lane of each shape, by id.
    lanes_of: BTreeMap<&'a str, usize>,
}

impl Pen<'_> {
    fn put(&mut self, text: &str) {
        self.out.push_str(text);
    }

    fn rect(&mut self, rect: Rect, radius: i64, role: &Role) {
        let paint = paint(role, self.style);
        let Rect { x, y, width, height } = rect;
        put!(
            self.out,
            "<rect x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{height}\" rx=\"{radius}\" {paint}/>"
        );
    }

    fn path(&mut self, data: &str, role: &Role) {
        let paint = paint(role, self.style);
        put!(self.out, "<path d=\"{data}\" {paint}/>");
    }

    fn text(&mut self, x: i64, y: i64, content: &str, role: &Role) {
        let paint = paint(role, self.style);
        let content = escape(content);
        put!(self.out, "<text x=\"{x}\" y=\"{y}\" {paint}>{content}</text>");
    }

    fn draw(&mut self) {
        let (width, height) = self.size();
        // Content of an image is hidden from assistive software, so a map with links is a group.
        let has_links = self.overlay.steps.values().any(|mark| mark.href.is_some());
        let role = if has_links { "group" } else { "img" };
        let family = match self.style {
            SvgStyle::Print => format!(" font-family=\"{}\"", t::FONTS),
            SvgStyle::Standalone | SvgStyle::Inline => String::new(),
        };
        let title = escape(&self.layout.title);
        put!(
            self.out,
            "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"gemba-map\" role=\"{role}\" \
             width=\"{width}\" height=\"{height}\" viewBox=\"0 0 {width} {height}\"{family}>\
             <title>{title}</title>"
        );
        let desc = escape(&self.description());
        putln!(self.out, "<desc>{desc}</desc>");
        // A page brings the style sheet itself: see `page_sheet`.
        let sheet = theme::sheet(self.style);
        if !sheet.is_empty() && self.style != SvgStyle::Inline {
            putln!(self.out, "<style>{sheet}</style>");
        }
        if self.style != SvgStyle::Inline {
            self.rect(Rect { x: 0, y: 0, width, height }, 0, &t::R_PAGE);
        }
        self.lanes();
        for edge in &self.layout.edges {
            self.edge(edge);
        }
        for shape in &self.layout.shapes {
            self.shape(shape);
        }
        for edge in &self.layout.edges {
            self.label(edge);
        }
        self.counts();
        self.legend();
        self.put("</svg>\n");
    }

    /// The width and height of the drawing with what stands below the map.
    fn size(&self) -> (i64, i64) {
        let Layout { width, height, .. } = self.layout;
        if self.overlay.legend.is_empty() {
            return (*width, *height);
        }
        let words = |(fate, meaning): &(Fate, String)| {
            text::width(fate.word(), SMALL) + text::width(meaning, SMALL) + 68
        };
        let legend: i64 = self.overlay.legend.iter().map(words).sum();
        ((*width).max(legend + 16), height + LEGEND)
    }

    fn description(&self) -> String {
        let is_step = |shape: &&Shape| matches!(shape.kind, ShapeKind::Step(_));
        let steps = self.layout.shapes.iter().filter(is_step).count();
        let decisions = self.layout.shapes.iter().filter(|s| s.kind == ShapeKind::Decision).count();
        let lanes: Vec<&str> = self.layout.lanes.iter().map(|lane| lane.name.as_str()).collect();
        let plural = |n: usize, word: &str| format!("{n} {word}{}", if n == 1 { "" } else { "s" });
        let mut text = format!(
            "Swim-lane map: {}, {}, {}: {}.",
            plural(steps, "step"),
            plural(decisions, "decision"),
            plural(lanes.len(), "lane"),
            lanes.join(", ")
        );
        for shape in self.layout.shapes.iter().filter(is_step).take(MOST_READ) {
            put!(text, " {}.", self.title_of(shape));
        }
        text
    }

    fn lanes(&mut self) {
        for (index, lane) in self.layout.lanes.iter().enumerate() {
            self.put("<g>");
            let title = escape(&lane.name);
            put!(self.out, "<title>{title}</title>");
            let role = if index % 2 == 0 { &t::R_LANE } else { &t::R_LANE_ALT };
            self.rect(lane.rect, 0, role);
            self.rect(lane.header, 0, &t::R_HEADER);
            let center = lane.header.center();
            self.centered(center, &lane.lines, &t::R_SEAT);
            self.put("</g>\n");
        }
    }

    fn centered(&mut self, center: Point, lines: &[String], role: &Role) {
        let top = center.y - int(lines.len()) * LINE / 2;
        for (nth, line) in lines.iter().enumerate() {
            self.text(center.x, top + int(nth) * LINE + 13, line, role);
        }
    }

    fn edge(&mut self, edge: &Edge) {
        let (line, arrow) = match (edge.fate, edge.kind) {
            (Fate::Added, _) => (&t::R_EDGE_ADDED, &t::R_ARROW_ADDED),
            (Fate::Removed, _) => (&t::R_EDGE_REMOVED, &t::R_ARROW_REMOVED),
            (Fate::Moved | Fate::Changed, _) => (&t::R_EDGE_CHANGED, &t::R_ARROW_CHANGED),
            (Fate::Same, EdgeKind::Sequence | EdgeKind::Branch) => (&t::R_EDGE, &t::R_ARROW),
            (Fate::Same, EdgeKind::Back) => (&t::R_BACK, &t::R_ARROW),
            (Fate::Same, EdgeKind::Handoff) => (&t::R_HANDOFF, &t::R_ARROW_HANDOFF),
        };
        let from = escape(&edge.from);
        let to = escape(&edge.to);
        put!(self.out, "<g data-from=\"{from}\" data-to=\"{to}\"");
        if let Some((step, branch)) = &edge.branch {
            let step = escape(step.as_str());
            let branch = escape(branch);
            put!(self.out, " data-branch-of=\"{step}\" data-branch=\"{branch}\"");
        }
        if edge.fate != Fate::Same {
            put!(self.out, " data-fate=\"{}\"", edge.fate.word());
        }
        self.put(">");
        if edge.kind == EdgeKind::Handoff {
            let to = self.lanes_of.get(edge.to.as_str());
            let lane = to.and_then(|lane| self.layout.lanes.get(*lane));
            let seat = escape(lane.map_or("", |lane| lane.name.as_str()));
            put!(self.out, "<title>Handoff to {seat}</title>");
        }
        self.path(&rounded(&edge.points, edge.kind == EdgeKind::Back), line);
        self.path(&arrow_head(&edge.points), arrow);
        self.put("</g>\n");
    }

    fn shape(&mut self, shape: &Shape) {
        let rect = shape.rect;
        let center = rect.center();
        match shape.kind {
            ShapeKind::Step(kind) => self.step(shape, kind),
            ShapeKind::Decision | ShapeKind::Join | ShapeKind::Parallel => {
                self.open_group(shape);
                let Point { x, y } = center;
                let (w, h) = (rect.width / 2, rect.height / 2);
                let data = format!("M{x} {}L{} {y}L{x} {}L{} {y}Z", y - h, x + w, y + h, x - w);
                self.path(&data, fated(shape.fate).unwrap_or(&t::R_DIAMOND));
                let sign = match shape.kind {
                    ShapeKind::Parallel => {
                        format!("M{} {y}H{}M{x} {}V{}", x - 8, x + 8, y - 8, y + 8)
                    }
                    ShapeKind::Join => String::new(),
                    _ => format!("M{} {}a4 4 0 1 1 5 4q-1 .5 -1 3M{x} {}v.5", x - 4, y - 4, y + 8),
                };
                if !sign.is_empty() {
                    self.path(&sign, &t::R_QUESTION);
                }
                self.beside(shape);
                self.put("</g>\n");
            }
            ShapeKind::Start | ShapeKind::Event | ShapeKind::Outcome | ShapeKind::Stop => {
                let (body, words) = match shape.kind {
                    ShapeKind::Start => (&t::R_START, &t::R_MIDDLE),
                    ShapeKind::Outcome => (&t::R_OUTCOME, &t::R_ON_ACCENT),
                    _ => (&t::R_STOP, &t::R_MIDDLE),
                };
                let (body, words) = match fated(shape.fate) {
                    Some(_) if shape.fate == Fate::Removed => (&t::R_REMOVED, &t::R_GONE_MIDDLE),
                    Some(role) => (role, &t::R_MIDDLE),
                    None => (body, words),
                };
                self.open_group(shape);
                self.rect(rect, 12, body);
                let mut middle = center;
                if let Some(trigger) = shape.trigger {
                    let at = Point { x: rect.x + PADDING, y: center.y - ICON / 2 };
                    self.path(&icon::trigger(trigger, at), &t::R_ICON_START);
                    middle.x += SIGN / 2;
                }
                self.centered(middle, &shape.lines, words);
                self.beside(shape);
                self.put("</g>\n");
            }
        }
    }

    fn open_group(&mut self, shape: &Shape) {
        let id = escape(&shape.id);
        put!(self.out, "<g data-shape=\"{id}\"");
        if let Some(step) = &shape.step {
            let step = escape(step.as_str());
            put!(self.out, " data-step=\"{step}\"");
        }
        if shape.fate != Fate::Same {
            put!(self.out, " data-fate=\"{}\"", shape.fate.word());
        }
        let title = escape(&self.title_of(shape));
        put!(self.out, "><title>{title}</title>");
    }

    /// A shape in words, with what became of it.
    fn title_of(&self, shape: &Shape) -> String {
        let mut title = self.layout.name_of(shape);
        let is_step = matches!(shape.kind, ShapeKind::Step(_));
        if let Some(mark) = self.mark(shape).filter(|_| is_step) {
            for extra in [mark.state.word().to_owned(), facts(mark)] {
                if !extra.is_empty() {
                    put!(title, ", {extra}");
                }
            }
        }
        let note = shape.note.as_ref().map(|note| note.text.as_str()).unwrap_or_default();
        for extra in [shape.fate.word(), note] {
            if !extra.is_empty() {
                put!(title, ", {extra}");
            }
        }
        title
    }

    fn mark(&self, shape: &Shape) -> Option<&StepMark> {
        shape.step.as_ref().and_then(|step| self.overlay.steps.get(step))
    }

    fn step(&mut self, shape: &Shape, kind: StepKind) {
        let mark = self.mark(shape).cloned().unwrap_or_default();
        let rect = shape.rect;
        self.open_group(shape);
        if let Some(href) = &mark.href {
            let href = escape(href);
            put!(self.out, "<a href=\"{href}\">");
        }
        let body = match mark.state {
            StepState::None => &t::R_BOX,
            StepState::Done => &t::R_BOX_DONE,
            StepState::Open => &t::R_BOX_OPEN,
            StepState::Late => &t::R_BOX_LATE,
        };
        self.rect(rect, 6, fated(shape.fate).unwrap_or(body));
        if kind == StepKind::Call {
            let (top, bottom) = (rect.y, rect.bottom());
            let data =
                format!("M{} {top}V{bottom}M{} {top}V{bottom}", rect.x + 5, rect.right() - 5);
            self.path(&data, &t::R_RULE);
        }
        let room = rect.width - 2 * PADDING;
        let facts = facts(&mark);
        let left = rect.x + PADDING;
        self.text(left, rect.y + HEAD, &text::cut(&shape.number, SMALL, room / 2), &t::R_SMALL);
        let mut used = text::width(&shape.number, SMALL).min(room / 2);
        let at = Point { x: left + used + 6, y: rect.y + HEAD - 10 };
        let sign = icon::act(kind, at);
        if !sign.is_empty() {
            self.path(&sign, &t::R_ICON);
            used += 6 + ICON;
            // What happened is more than what kind of act it is, where there is no room for both.
            let word = kind_word(kind);
            if used + 6 + text::width(word, SMALL) + 10 + text::width(&facts, SMALL) <= room {
                self.text(left + used + 6, rect.y + HEAD, word, &t::R_SMALL);
                used += 6 + text::width(word, SMALL);
            }
        }
        let rest = room - used - 10;
        if !facts.is_empty() && rest > 24 {
            let facts = text::cut(&facts, SMALL, rest);
            self.text(rect.right() - PADDING, rect.y + HEAD, &facts, &t::R_SMALL_END);
        }
        let block = int(shape.lines.len()) * LINE;
        let top = rect.y + HEAD + 4 + (rect.height - HEAD - 12 - block).max(0) / 2;
        for (nth, line) in shape.lines.iter().enumerate() {
            let role = if shape.fate == Fate::Removed { &t::R_GONE } else { &t::R_TITLE };
            self.text(left, top + int(nth) * LINE + 13, line, role);
        }
        self.badge(rect, mark.state);
        self.beside(shape);
        if mark.href.is_some() {
            self.put("</a>");
        }
        self.put("</g>\n");
    }

    /// What stands beside a shape: its name, a note, what became of it.
    fn beside(&mut self, shape: &Shape) {
        if let Some([from, to]) = shape.tether() {
            self.path(&format!("M{} {}L{} {}", from.x, from.y, to.x, to.y), &t::R_TETHER);
        }
        if let Some(note) = &shape.note {
            self.rect(note.rect, 3, &t::R_NOTE);
            self.words(note, NOTE_PADDING);
        }
        if let Some(label) = &shape.label {
            self.words(label, 0);
        }
        if let Some(role) = tag(shape.fate) {
            self.tag(shape.rect.right(), shape.rect.y - 2, shape.fate.word(), role);
        }
    }

    /// Words in the small font within their rectangle.
    fn words(&mut self, label: &Label, padding: i64) {
        let (x, y) = (label.rect.x + padding, label.rect.y + padding);
        for (nth, line) in label.lines.iter().enumerate() {
            self.text(x, y + int(nth) * SMALL_LINE + 11, line, &t::R_LABEL);
        }
    }

    /// A word on a coloured ground that ends at a place.
    fn tag(&mut self, right: i64, middle: i64, word: &str, role: &Role) {
        let width = text::width(word, SMALL) + 14;
        let rect = Rect { x: right - width, y: middle - 9, width, height: 18 };
        self.rect(rect, 9, role);
        self.text(rect.x + 7, middle + 4, word, &t::R_TAG);
    }

    /// What the marks of a comparison mean, in a row below the map.
    fn legend(&mut self) {
        let mut x = 8;
        let y = self.layout.height + LEGEND / 2;
        for (fate, meaning) in self.overlay.legend.clone() {
            let (Some(body), Some(role)) = (fated(fate), tag(fate)) else { continue };
            self.put("<g>");
            self.rect(Rect { x, y: y - 8, width: 24, height: 16 }, 4, body);
            let right = x + 30 + text::width(fate.word(), SMALL) + 14;
            self.tag(right, y, fate.word(), role);
            x = right + 6;
            if meaning != fate.word() {
                self.text(x, y + 4, &meaning, &t::R_LABEL);
                x += text::width(&meaning, SMALL);
            }
            x += 18;
            self.put("</g>\n");
        }
    }

    /// The sign of a state on the upper right corner: a shape, not only a colour.
    fn badge(&mut self, rect: Rect, state: StepState) {
        let (x, y) = (rect.right() - 4, rect.y - 2);
        match state {
            StepState::None => {}
            StepState::Done => {
                let circle = format!("M{} {y}a9 9 0 1 0 18 0a9 9 0 1 0 -18 0Z", x - 9);
                self.path(&circle, &t::R_BADGE_DONE);
                self.path(&format!("M{} {y}l3 3l5 -6", x - 4), &t::R_GLYPH);
            }
            StepState::Open => {
                let tag = Rect { x: rect.right() - 48, y: y - 9, width: 48, height: 18 };
                self.rect(tag, 9, &t::R_BADGE_OPEN);
                let dot = format!("M{} {y}a3 3 0 1 0 6 0a3 3 0 1 0 -6 0Z", tag.x + 8);
                self.path(&dot, &t::R_DOT);
                self.text(tag.x + 17, y + 4, StepState::Open.word(), &t::R_TAG);
            }
            StepState::Late => {
                let tag = Rect { x: rect.right() - 46, y: y - 9, width: 46, height: 18 };
                self.rect(tag, 3, &t::R_BADGE_LATE);
                self.path(&format!("M{} {}v5m0 3.5v.5", tag.x + 10, y - 4), &t::R_GLYPH);
                self.text(tag.x + 18, y + 4, StepState::Late.word(), &t::R_TAG);
            }
        }
    }

    fn label(&mut self, edge: &Edge) {
        let Some(label) = &edge.label else { return };
        self.put("<g>");
        let title = escape(&label.text);
        put!(self.out, "<title>{title}</title>");
        // Beside an upright line the words stand against it.
        let is_left = self.layout.direction == Direction::Down
            && edge.points.first().is_some_and(|start| label.rect.right() <= start.x);
        let (x, role) = if is_left {
            (label.rect.right(), &t::R_LABEL_END)
        } else {
            (label.rect.x, &t::R_LABEL)
        };
        for (nth, line) in label.lines.iter().enumerate() {
            self.text(x, label.rect.y + int(nth) * SMALL_LINE + 11, line, role);
        }
        self.put("</g>\n");
    }

    /// How often each edge was taken, on its longest stretch that has room.
    fn counts(&mut self) {
        let is_empty = self.overlay.branches.is_empty() && self.overlay.edges.is_empty();
        if is_empty {
            return;
        }
        let mut taken = Taken::default();
        self.layout.shapes.iter().for_each(|shape| taken.add(shape.rect));
        self.layout.edges.iter().filter_map(|e| e.label.as_ref()).for_each(|l| taken.add(l.rect));
        for edge in &self.layout.edges {
            let count = match &edge.branch {
                Some(branch) => self.overlay.branches.get(branch),
                None => self.overlay.edges.get(&(edge.from.clone(), edge.to.clone())),
            };
            let Some(count) = count else { continue };
            let words = short(*count);
            let width = text::width(&words, SMALL) + 12;
            let mut parts: Vec<(i64, Point, Point)> = edge
                .points
                .windows(2)
                .filter_map(|pair| {
                    let [a, b] = pair else { return None };
                    // The line and its head must stay in sight beside the count.
                    Some((length(*a, *b) - if a.y == b.y { width } else { 16 }, *a, *b))
                })
                .collect();
            parts.sort_by_key(|(spare, ..)| -spare);
            let on = parts
                .iter()
                .filter(|(spare, ..)| *spare >= 18)
                .flat_map(|(_, a, b)| ALONG.map(|part| plate(*a, *b, part, width, 0)));
            let beside = parts.iter().flat_map(|(_, a, b)| {
                ALONG
                    .into_iter()
                    .flat_map(|part| BESIDE.map(|side| plate(*a, *b, part, width, side)))
            });
            let spots: Vec<Rect> = on.chain(beside).collect();
            let free = spots.iter().find(|rect| taken.is_free(rect));
            if let Some(rect) = free.or(spots.first()).copied() {
                taken.add(rect);
                self.rect(rect, 8, &t::R_PILL);
                self.text(rect.center().x, rect.y + 12, &words, &t::R_COUNT);
            }
            self.put("\n");
        }
    }
}

/// Where on a stretch a count is tried, in sixths from its beginning: the middle first.
const ALONG: [i64; 5] = [3, 2, 4, 1, 5];
/// On which sides of it, where it has no room on the line.
const BESIDE: [i64; 2] = [1, -1];

/// The plate of a count at so many sixths of a stretch, on the line or beside it.
fn plate(a: Point, b: Point, sixths: i64, width: i64, side: i64) -> Rect {
    let x = a.x + (b.x - a.x) * sixths / 6;
    let y = a.y + (b.y - a.y) * sixths / 6;
    let (dx, dy) = if a.y == b.y { (0, 12 * side) } else { ((width / 2 + 4) * side, 0) };
    Rect { x: x - width / 2 + dx, y: y - 8 + dy, width, height: 16 }
}

/// The height of the row that explains the marks of a comparison.
const LEGEND: i64 = 40;

/// How the border of something with a fate is painted.
fn fated(fate: Fate) -> Option<&'static Role> {
    match fate {
        Fate::Same => None,
        Fate::Added => Some(&t::R_ADDED),
        Fate::Removed => Some(&t::R_REMOVED),
        Fate::Moved => Some(&t::R_MOVED),
        Fate::Changed => Some(&t::R_CHANGED),
    }
}

/// How the word for a fate is painted.
fn tag(fate: Fate) -> Option<&'static Role> {
    match fate {
        Fate::Same => None,
        Fate::Added => Some(&t::R_TAG_ADDED),
        Fate::Removed => Some(&t::R_TAG_REMOVED),
        Fate::Moved => Some(&t::R_TAG_MOVED),
        Fate::Changed => Some(&t::R_TAG_CHANGED),
    }
}

/// A count in at most four characters or so.
fn short(count: u64) -> String {
    match count {
        0..10_000 => count.to_string(),
        10_000..1_000_000 => format!("{}k", count / 1000),
        _ => format!("{}M", count / 1_000_000),
    }
}

/// The places that are in use, by the square they lie in, so that looking one up is quick.
#[derive(Default)]
struct Taken {
    squares: BTreeMap<(i64, i64), Vec<Rect>>,
}

impl Taken {
    fn squares(rect: &Rect) -> impl Iterator<Item = (i64, i64)> + use<> {
        let (columns, rows) =
            (rect.x / 256..=rect.right() / 256, rect.y / 256..=rect.bottom() / 256);
        columns.flat_map(move |x| rows.clone().map(move |y| (x, y)))
    }

    fn add(&mut self, rect: Rect) {
        for square in Self::squares(&rect) {
            self.squares.entry(square).or_default().push(rect);
        }
    }

    fn is_free(&self, rect: &Rect) -> bool {
        Self::squares(rect)
            .filter_map(|square| self.squares.get(&square))
            .flatten()
            .all(|other| !other.overlaps(rect))
    }
}

/// How often and how long.
fn facts(mark: &StepMark) -> String {
    let count = mark.count.map(|count| format!("{count}\u{d7}"));
    let note = mark.note.as_deref().map(text::clean).filter(|note| !note.is_empty());
    let parts: Vec<String> = count.into_iter().chain(note).collect();
    parts.join(" \u{b7} ")
}

/// The length of an arrow head.
const ARROW: i64 = 9;

/// A point on the way from one point to another, so far from the first.
fn towards(from: Point, to: Point, distance: i64) -> Point {
    Point {
        x: from.x + (to.x - from.x).signum() * distance,
        y: from.y + (to.y - from.y).signum() * distance,
    }
}

fn length(a: Point, b: Point) -> i64 {
    (a.x - b.x).abs() + (a.y - b.y).abs()
}

/// The line of an edge with soft corners, up to the arrow head. Lines with dashes are drawn from their
/// end, so that the dashes of those that run together fall on each other.
fn rounded(points: &[Point], is_reversed: bool) -> String {
    let mut path: Vec<Point> = points.to_vec();
    if let [.., before, end] = points
        && let Some(last) = path.last_mut()
    {
        *last = towards(*end, *before, ARROW - 2);
    }
    if is_reversed {
        path.reverse();
    }
    let mut data = String::new();
    let Some(first) = path.first() else { return data };
    put!(data, "M{} {}", first.x, first.y);
    for triple in path.windows(3) {
        let [a, b, c] = triple else { continue };
        let radius = 6.min(length(*a, *b) / 2).min(length(*b, *c) / 2);
        let (enter, leave) = (towards(*b, *a, radius), towards(*b, *c, radius));
        put!(data, "L{} {}Q{} {} {} {}", enter.x, enter.y, b.x, b.y, leave.x, leave.y);
    }
    if let Some(last) = path.last() {
        put!(data, "L{} {}", last.x, last.y);
    }
    data
}

fn arrow_head(points: &[Point]) -> String {
    let [.., before, end] = points else { return String::new() };
    let back = towards(*end, *before, ARROW);
    let (dx, dy) = if before.y == end.y { (0, 4) } else { (4, 0) };
    format!("M{} {}L{} {}L{} {}Z", end.x, end.y, back.x + dx, back.y + dy, back.x - dx, back.y - dy)
}
