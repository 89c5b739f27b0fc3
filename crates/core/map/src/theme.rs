//! The colours and strokes of a map, said once for light, dark, page and print.

use crate::svg::SvgStyle;

/// A colour with the name under which a page may replace it.
#[derive(Debug)]
pub(crate) struct Ink {
    pub(crate) name: &'static str,
    pub(crate) light: &'static str,
    pub(crate) dark: &'static str,
}

const fn ink(name: &'static str, light: &'static str, dark: &'static str) -> Ink {
    Ink { name, light, dark }
}

pub(crate) const PAGE: Ink = ink("map-page", "#ffffff", "#101718");
pub(crate) const LANE: Ink = ink("map-lane", "#f5f8f8", "#151e1f");
pub(crate) const HEADER: Ink = ink("map-header", "#e8f0ef", "#1b2829");
pub(crate) const FRAME: Ink = ink("map-frame", "#7d9090", "#5f7576");
pub(crate) const SURFACE: Ink = ink("map-surface", "#ffffff", "#1d2a2b");
pub(crate) const BORDER: Ink = ink("map-border", "#5c7778", "#87a1a2");
pub(crate) const TEXT: Ink = ink("map-text", "#14282a", "#e8f0f0");
pub(crate) const MUTED: Ink = ink("map-muted", "#4a6263", "#a9bebf");
pub(crate) const LINE: Ink = ink("map-line", "#4f6b6c", "#8faaab");
pub(crate) const ACCENT: Ink = ink("map-accent", "#0f6b6b", "#5cc4c0");
pub(crate) const TINT: Ink = ink("map-tint", "#e0f0ee", "#16383a");
pub(crate) const ON_ACCENT: Ink = ink("map-on-accent", "#ffffff", "#071516");
pub(crate) const DONE: Ink = ink("map-done", "#1a7340", "#56c785");
pub(crate) const LATE: Ink = ink("map-late", "#b3261e", "#ff8f80");
pub(crate) const CHANGED: Ink = ink("map-changed", "#8a5300", "#e5b04f");

pub(crate) const INKS: &[&Ink] = &[
    &PAGE, &LANE, &HEADER, &FRAME, &SURFACE, &BORDER, &TEXT, &MUTED, &LINE, &ACCENT, &TINT,
    &ON_ACCENT, &DONE, &LATE, &CHANGED,
];

/// The inks that are paper where a map is printed; all others are black.
const PAPER: [&Ink; 6] = [&PAGE, &LANE, &HEADER, &SURFACE, &TINT, &ON_ACCENT];

fn printed(ink: &Ink) -> &'static str {
    if PAPER.iter().any(|paper| paper.name == ink.name) { "#ffffff" } else { "#000000" }
}

/// How one kind of mark is painted.
#[derive(Debug)]
pub(crate) struct Role {
    class: &'static str,
    inks: &'static [(&'static str, &'static Ink)],
    plain: &'static [(&'static str, &'static str)],
}

macro_rules! roles {
    ($($name:ident = $class:literal { $($ink:literal: $value:expr),* ; $($key:literal: $plain:literal),* $(;)? })*) => {
        $(pub(crate) const $name: Role = Role {
            class: $class,
            inks: &[$(($ink, &$value)),*],
            plain: &[$(($key, $plain)),*],
        };)*
        const ROLES: &[&Role] = &[$(&$name),*];
    };
}

roles! {
    R_PAGE = "page" { "fill": PAGE; }
    R_LANE = "lane" { "fill": LANE, "stroke": FRAME; "stroke-width": "1", "shape-rendering": "crispEdges" }
    R_LANE_ALT = "lane-alt" { "fill": PAGE, "stroke": FRAME; "stroke-width": "1", "shape-rendering": "crispEdges" }
    R_HEADER = "lane-head" { "fill": HEADER, "stroke": FRAME; "stroke-width": "1", "shape-rendering": "crispEdges" }
    R_SEAT = "seat" { "fill": TEXT; "font-size": "13px", "font-weight": "500", "text-anchor": "middle" }
    R_BOX = "box" { "fill": SURFACE, "stroke": BORDER; "stroke-width": "1.25" }
    R_ICON = "icon" { "stroke": MUTED; "stroke-width": "1.25", "fill": "none", "stroke-linejoin": "round", "stroke-linecap": "round" }
    R_ICON_START = "icon-start" { "stroke": ACCENT; "stroke-width": "1.5", "fill": "none", "stroke-linejoin": "round", "stroke-linecap": "round" }
    R_RULE = "rule" { "stroke": BORDER; "stroke-width": "1.25", "fill": "none" }
    R_START = "start" { "fill": TINT, "stroke": ACCENT; "stroke-width": "1.25" }
    R_OUTCOME = "outcome" { "fill": ACCENT, "stroke": ACCENT; "stroke-width": "1.25" }
    R_STOP = "stop" { "fill": SURFACE, "stroke": LINE; "stroke-width": "2.5" }
    R_DIAMOND = "diamond" { "fill": TINT, "stroke": ACCENT; "stroke-width": "1.5" }
    R_QUESTION = "question" { "stroke": ACCENT; "stroke-width": "2", "fill": "none", "stroke-linecap": "round", "stroke-linejoin": "round" }
    R_TITLE = "title" { "fill": TEXT; "font-size": "13px", "font-weight": "500" }
    R_MIDDLE = "middle" { "fill": TEXT; "font-size": "13px", "font-weight": "500", "text-anchor": "middle" }
    R_ON_ACCENT = "on-accent" { "fill": ON_ACCENT; "font-size": "13px", "font-weight": "500", "text-anchor": "middle" }
    R_SMALL = "small" { "fill": MUTED; "font-size": "11px" }
    R_SMALL_END = "small-end" { "fill": MUTED; "font-size": "11px", "text-anchor": "end" }
    R_LABEL = "label" { "fill": TEXT; "font-size": "11px" }
    R_LABEL_END = "label-end" { "fill": TEXT; "font-size": "11px", "text-anchor": "end" }
    R_EDGE = "edge" { "stroke": LINE; "stroke-width": "1.5", "fill": "none" }
    R_HANDOFF = "handoff" { "stroke": ACCENT; "stroke-width": "2", "fill": "none" }
    R_BACK = "back" { "stroke": LINE; "stroke-width": "1.5", "stroke-dasharray": "6 4", "fill": "none" }
    R_ARROW = "arrow" { "fill": LINE; }
    R_ARROW_HANDOFF = "arrow-handoff" { "fill": ACCENT; }
    R_PILL = "pill" { "fill": PAGE, "stroke": LINE; "stroke-width": "1" }
    R_COUNT = "count" { "fill": TEXT; "font-size": "11px", "text-anchor": "middle" }
    R_BOX_DONE = "box-done" { "fill": SURFACE, "stroke": DONE; "stroke-width": "1.5" }
    R_BOX_OPEN = "box-open" { "fill": TINT, "stroke": ACCENT; "stroke-width": "3" }
    R_BOX_LATE = "box-late" { "fill": SURFACE, "stroke": LATE; "stroke-width": "3" }
    R_BADGE_DONE = "badge-done" { "fill": DONE, "stroke": SURFACE; "stroke-width": "1.5" }
    R_BADGE_OPEN = "badge-open" { "fill": ACCENT, "stroke": SURFACE; "stroke-width": "1.5" }
    R_BADGE_LATE = "badge-late" { "fill": LATE, "stroke": SURFACE; "stroke-width": "1.5" }
    R_ADDED = "added" { "fill": SURFACE, "stroke": DONE; "stroke-width": "2.5" }
    R_REMOVED = "removed" { "fill": PAGE, "stroke": LATE; "stroke-width": "1.5", "stroke-dasharray": "5 4" }
    R_MOVED = "moved" { "fill": SURFACE, "stroke": ACCENT; "stroke-width": "2.5", "stroke-dasharray": "10 3" }
    R_CHANGED = "changed" { "fill": SURFACE, "stroke": CHANGED; "stroke-width": "2.5" }
    R_EDGE_ADDED = "edge-added" { "stroke": DONE; "stroke-width": "2.5", "fill": "none" }
    R_EDGE_REMOVED = "edge-removed" { "stroke": LATE; "stroke-width": "1.25", "stroke-dasharray": "2 4", "fill": "none" }
    R_EDGE_CHANGED = "edge-changed" { "stroke": CHANGED; "stroke-width": "2.5", "fill": "none" }
    R_ARROW_ADDED = "arrow-added" { "fill": DONE; }
    R_ARROW_REMOVED = "arrow-removed" { "fill": LATE; }
    R_ARROW_CHANGED = "arrow-changed" { "fill": CHANGED; }
    R_TAG_ADDED = "tag-added" { "fill": DONE, "stroke": SURFACE; "stroke-width": "1.5" }
    R_TAG_REMOVED = "tag-removed" { "fill": LATE, "stroke": SURFACE; "stroke-width": "1.5" }
    R_TAG_MOVED = "tag-moved" { "fill": ACCENT, "stroke": SURFACE; "stroke-width": "1.5" }
    R_TAG_CHANGED = "tag-changed" { "fill": CHANGED, "stroke": SURFACE; "stroke-width": "1.5" }
    R_GONE = "gone" { "fill": MUTED; "font-size": "13px", "font-weight": "500", "text-decoration": "line-through" }
    R_GONE_MIDDLE = "gone-middle" { "fill": MUTED; "font-size": "13px", "font-weight": "500", "text-decoration": "line-through", "text-anchor": "middle" }
    R_NOTE = "note" { "fill": HEADER; "stroke-width": "0" }
    R_TETHER = "tether" { "stroke": LINE; "stroke-width": "1", "stroke-dasharray": "2 2", "fill": "none" }
    R_GLYPH = "glyph" { "stroke": ON_ACCENT; "stroke-width": "2", "fill": "none", "stroke-linecap": "round", "stroke-linejoin": "round" }
    R_DOT = "dot" { "fill": ON_ACCENT; }
    R_TAG = "tag" { "fill": ON_ACCENT; "font-size": "11px" }
}

/// The fonts, best first.
pub(crate) const FONTS: &str = "Inter, system-ui, -apple-system, 'Segoe UI', Roboto, \
     'Helvetica Neue', 'DejaVu Sans', Arial, sans-serif";

/// The attributes that paint a role.
pub(crate) fn paint(role: &Role, style: SvgStyle) -> String {
    if style != SvgStyle::Print {
        return format!("class=\"{}\"", role.class);
    }
    let inks = role.inks.iter().map(|(key, ink)| (*key, ink.light));
    let pairs: Vec<String> = inks
        .chain(role.plain.iter().copied())
        .map(|(key, value)| format!("{key}=\"{}\"", value.trim_end_matches("px")))
        .collect();
    pairs.join(" ")
}

/// The style sheet; empty for print, where every mark carries its own colours.
pub(crate) fn sheet(style: SvgStyle) -> String {
    let mut css = String::new();
    if style == SvgStyle::Print {
        return css;
    }
    let set = |css: &mut String, pick: fn(&Ink) -> &'static str| {
        for ink in INKS {
            put!(*css, "--{}:{};", ink.name, pick(ink));
        }
    };
    if style == SvgStyle::Standalone {
        css.push_str(".gemba-map{");
        set(&mut css, |ink| ink.light);
        css.push_str("}@media (prefers-color-scheme:dark){.gemba-map{");
        set(&mut css, |ink| ink.dark);
        css.push_str("}}");
    }
    put!(css, ".gemba-map{{font-family:{FONTS}}}");
    for role in ROLES {
        put!(css, ".gemba-map .{}{{", role.class);
        for (key, ink) in role.inks {
            put!(css, "{key}:var(--{},{});", ink.name, ink.light);
        }
        for (key, value) in role.plain {
            put!(css, "{key}:{value};");
        }
        css.push('}');
    }
    // Ink on paper is black, whatever the screen shows.
    css.push_str("@media print{.gemba-map{");
    set(&mut css, printed);
    css.push_str("}}");
    css.push_str(
        ".gemba-map a:focus-visible{outline:2px solid;outline-offset:2px}\
         .gemba-map a:hover .title{text-decoration:underline}",
    );
    css
}
