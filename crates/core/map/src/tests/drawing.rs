//! What the drawing says, and that it says it safely.
#![expect(clippy::string_slice, reason = "a test may panic")]

use super::sample::{Row, id, process, table};
use crate::theme::{
    ACCENT, BORDER, CHANGED, DONE, FRAME, HEADER, INKS, Ink, LANE, LATE, LINE, MUTED, ON_ACCENT,
    PAGE, SURFACE, TEXT, TINT,
};
use crate::{Direction, Graph, Options, Overlay, StepMark, StepState, SvgStyle, layout, svg, text};
use gemba_model::Process;

const STYLES: [SvgStyle; 3] = [SvgStyle::Standalone, SvgStyle::Inline, SvgStyle::Print];

fn draw(process: &Process, overlay: &Overlay, style: SvgStyle) -> String {
    svg(&layout(process, &Options::default()), overlay, style)
}

/// A strict little reader: every tag closes, every attribute is quoted, nothing is loose.
fn check_well_formed(xml: &str) {
    let mut open: Vec<&str> = Vec::new();
    let mut rest = xml;
    while let Some(start) = rest.find('<') {
        let text = &rest[..start];
        assert!(!text.contains('>'), "loose > in {text:?}");
        check_references(text);
        let end = start + rest[start..].find('>').expect("a tag ends");
        let tag = &rest[start + 1..end];
        rest = &rest[end + 1..];
        if let Some(name) = tag.strip_prefix('/') {
            assert_eq!(open.pop(), Some(name));
            continue;
        }
        let (tag, is_empty) = tag.strip_suffix('/').map_or((tag, false), |tag| (tag, true));
        let (name, attributes) = tag.split_once(' ').unwrap_or((tag, ""));
        assert_eq!(attributes.matches('"').count() % 2, 0, "{tag}");
        let mut names: Vec<&str> = Vec::new();
        for pair in attributes.split_inclusive("\" ").map(str::trim_end) {
            if pair.is_empty() {
                continue;
            }
            let (key, value) = pair.split_once("=\"").expect("key and value");
            assert!(value.ends_with('"'), "{tag}");
            check_references(value);
            assert!(!names.contains(&key), "{key} twice in {tag}");
            names.push(key);
        }
        if !is_empty {
            open.push(name);
        }
    }
    assert!(open.is_empty(), "{open:?}");
    assert!(xml.chars().all(|c| c == '\n' || !c.is_control()));
}

fn check_references(text: &str) {
    for (at, _) in text.match_indices('&') {
        let name = text[at + 1..].split(';').next().unwrap_or_default();
        assert!(["amp", "lt", "gt", "quot", "#39"].contains(&name), "{text:?}");
    }
}

fn nasty() -> Process {
    let rows: &[Row<'_>] = &[
        ("</text><script>alert(1)</script>", "A\" onload=\"x", &[("1 < 2 & \"3\"", 0)]),
        ("\u{0}\u{1b}[31m\u{202e}red\u{ffff}", "'seat'", &[]),
    ];
    table("<![CDATA[ & ]]>", rows)
}

#[test]
fn untrusted_words_never_become_markup() {
    let mut overlay = Overlay::default();
    let mark = StepMark {
        state: StepState::Late,
        count: Some(3),
        note: Some("<i>2 h</i>\u{7}".to_owned()),
        href: Some("/a?b=\"c\"&d='e'".to_owned()),
    };
    overlay.steps.insert(id(1), mark);
    for style in STYLES {
        for marks in [&overlay, &Overlay::default()] {
            let drawn = draw(&nasty(), marks, style);
            check_well_formed(&drawn);
            assert!(!drawn.contains("<script") && !drawn.contains("onload=\"x"), "{drawn}");
        }
    }
}

#[test]
fn a_map_says_what_it_is_and_names_its_steps() {
    let rows: &[Row<'_>] = &[("Draft", "Writer", &[]), ("Print", "Printer", &[])];
    let drawn = draw(&table("Paper", rows), &Overlay::default(), SvgStyle::Standalone);
    for part in [
        "role=\"img\"",
        "<title>Paper</title>",
        "<desc>Swim-lane map: 2 steps, 0 decisions, 2 lanes: Writer, Printer. 1 Draft (Writer). 2 Print (Printer).</desc>",
        "data-step=\"s1\"",
        "<title>2 Print (Printer)</title>",
        "@media (prefers-color-scheme:dark)",
    ] {
        assert!(drawn.contains(part), "{part}\n{drawn}");
    }
}

#[test]
fn links_make_the_map_a_group_as_images_hide_their_content() {
    let mut overlay = Overlay::default();
    let mark = StepMark { href: Some("/steps/s1".to_owned()), ..StepMark::default() };
    overlay.steps.insert(id(1), mark);
    let drawn = draw(&table("One", &[("Do it", "", &[])]), &overlay, SvgStyle::Inline);
    assert!(drawn.contains("role=\"group\"") && drawn.contains("<a href=\"/steps/s1\">"));
}

#[test]
fn print_carries_its_own_colours_and_inline_leaves_them_to_the_page() {
    let process = process("Nothing");
    let print = draw(&process, &Overlay::default(), SvgStyle::Print);
    for part in ["<style", "var(", "@media", "class=\"box"] {
        assert!(!print.contains(part), "{part}\n{print}");
    }
    let inline = draw(&process, &Overlay::default(), SvgStyle::Inline);
    assert!(!inline.contains("<style") && !inline.contains("style="));
    let sheet = crate::page_sheet();
    assert!(sheet.contains("var(--map-line,#") && !sheet.contains("prefers-color-scheme"));
    assert!(sheet.contains("@media print"));
    assert!(!inline.contains("{--map"), "the page's own values would be overruled");
}

#[test]
fn every_state_has_a_sign_beside_its_colour() {
    let process = table("One", &[("Do it", "", &[])]);
    let marks = |state: StepState| {
        let mut overlay = Overlay::default();
        overlay.steps.insert(id(1), StepMark { state, ..StepMark::default() });
        draw(&process, &overlay, SvgStyle::Print).matches("<path").count()
    };
    let plain = marks(StepState::None);
    for state in [StepState::Done, StepState::Open, StepState::Late] {
        assert!(marks(state) > plain, "{state:?}");
    }
}

#[test]
fn counts_appear_on_the_edges_they_count() {
    let rows: &[Row<'_>] = &[("Read", "", &[("wrong", 1)]), ("Print", "", &[])];
    let mut overlay = Overlay::default();
    overlay.branches.insert((id(1), "wrong".to_owned()), 4711);
    overlay.edges.insert(("step:s2".to_owned(), "end".to_owned()), 815);
    let drawn = draw(&table("Paper", rows), &overlay, SvgStyle::Standalone);
    assert!(drawn.contains(">4711</text>") && drawn.contains(">815</text>"), "{drawn}");
}

#[test]
fn words_stay_within_their_boxes() {
    let title = "W".repeat(300) + " and many ordinary words after it, one by one, until it is full";
    let process = table("Wide", &[(title.as_str(), title.as_str(), &[(title.as_str(), 1)])]);
    for direction in [Direction::Right, Direction::Down] {
        let map = layout(&process, &Options { direction, ..Options::default() });
        let check = |lines: &[String], size: i64, width: i64| {
            assert!((1..=8).contains(&lines.len()), "{lines:?}");
            assert!(lines.iter().all(|line| text::width(line, size) <= width), "{lines:?}");
        };
        map.shapes
            .iter()
            .filter(|s| !s.lines.is_empty())
            .for_each(|s| check(&s.lines, 13, s.rect.width));
        map.lanes.iter().for_each(|lane| check(&lane.lines, 13, lane.header.width));
        map.edges
            .iter()
            .filter_map(|e| e.label.as_ref())
            .for_each(|l| check(&l.lines, 11, l.rect.width));
    }
}

/// The luminance of a colour as the accessibility guidelines define it.
fn luminance(hex: &str) -> f64 {
    let channel = |at: usize| {
        let value = f64::from(u8::from_str_radix(&hex[at..at + 2], 16).expect("hex")) / 255.0;
        if value <= 0.04045 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
    };
    0.2126 * channel(1) + 0.7152 * channel(3) + 0.0722 * channel(5)
}

fn contrast(a: &str, b: &str) -> f64 {
    let (a, b) = (luminance(a), luminance(b));
    (a.max(b) + 0.05) / (a.min(b) + 0.05)
}

#[test]
fn words_and_lines_stand_out_in_light_and_dark() {
    let check = |front: &Ink, back: &Ink, least: f64| {
        for (front_hex, back_hex) in [(front.light, back.light), (front.dark, back.dark)] {
            let found = contrast(front_hex, back_hex);
            assert!(found >= least, "{} on {}: {found:.2}", front.name, back.name);
        }
    };
    for back in [&PAGE, &LANE, &SURFACE, &TINT, &HEADER] {
        check(&TEXT, back, 4.5);
    }
    check(&MUTED, &SURFACE, 4.5);
    check(&MUTED, &TINT, 4.5);
    for back in [&ACCENT, &DONE, &LATE, &CHANGED] {
        check(&ON_ACCENT, back, 4.5);
    }
    for line in [&LINE, &ACCENT, &BORDER, &FRAME, &DONE, &LATE, &CHANGED] {
        for back in [&PAGE, &LANE] {
            check(line, back, 3.0);
        }
    }
    for line in [&ACCENT, &LATE, &BORDER] {
        check(line, &SURFACE, 3.0);
    }
    assert!(INKS.iter().all(|ink| ink.light.len() == 7 && ink.dark.len() == 7));
}

#[test]
fn a_difference_is_drawn_with_signs_words_and_a_legend() {
    let old = table("Pay", &[("Read", "A", &[]), ("Stamp", "A", &[]), ("Pay", "A", &[])]);
    let mut new = old.clone();
    new.steps.remove(1);
    new.steps[1].title = "Pay by card".to_owned();
    new.steps.push(super::sample::step(9, "File", "A"));
    let (graph, _) = Graph::of_difference(&old, &new);
    let map = crate::layout_graph(&graph, &Options::default());
    for style in STYLES {
        let drawn = svg(&map, &Overlay::of_revisions(), style);
        check_well_formed(&drawn);
        for part in [
            "data-fate=\"removed\"",
            "<title>2 Stamp (A), removed</title>",
            "<title>3 Pay by card (A), changed, title</title>",
            ">added</text>",
            ">moved</text>",
        ] {
            assert!(drawn.contains(part), "{part}\n{drawn}");
        }
    }
}
