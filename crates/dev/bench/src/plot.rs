//! A plot of what was measured, as SVG.

use std::fmt::Write as _;

const WIDTH: f64 = 720.0;
const HEIGHT: f64 = 360.0;
const LEFT: f64 = 64.0;
const RIGHT: f64 = 16.0;
const TOP: f64 = 44.0;
const BOTTOM: f64 = 52.0;
/// Told apart also by those who do not see all colours (Okabe and Ito 2008).
const COLOURS: [&str; 3] = ["#0072b2", "#d55e00", "#007a5a"];

/// A line of the plot.
#[derive(Debug)]
pub(crate) struct Line {
    pub(crate) name: String,
    pub(crate) points: Vec<(f64, f64)>,
}

/// The lines over one another, from zero on both axes.
pub(crate) fn svg(title: &str, x: &str, y: &str, lines: &[Line]) -> String {
    let all = || lines.iter().flat_map(|line| &line.points);
    let (most_x, step_x) = scale(all().map(|(x, _)| *x).fold(0.0, f64::max));
    let (most_y, step_y) = scale(all().map(|(_, y)| *y).fold(0.0, f64::max) * 1.15);
    let at_x = |x: f64| LEFT + x / most_x * (WIDTH - LEFT - RIGHT);
    let at_y = |y: f64| HEIGHT - BOTTOM - y / most_y * (HEIGHT - TOP - BOTTOM);
    let mut out = format!(
        r##"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{title}" font-family="sans-serif" font-size="12" fill="#222">
<rect width="{WIDTH}" height="{HEIGHT}" fill="#fff"/>
<text x="{LEFT}" y="18" font-size="14">{title}</text>
"##
    );
    let mut put = |line: String| {
        // Writing into a string does not fail.
        let _fine = writeln!(out, "{line}");
    };
    for at in marks(most_y, step_y) {
        let (here, end) = (at_y(at), WIDTH - RIGHT);
        put(format!(
            r##"<path d="M{LEFT} {here:.1}H{end}" stroke="#ccc"/><text x="{:.1}" y="{:.1}" text-anchor="end">{at}</text>"##,
            LEFT - 8.0,
            here + 4.0
        ));
    }
    for at in marks(most_x, step_x) {
        put(format!(
            r#"<text x="{:.1}" y="{:.1}" text-anchor="middle">{at}</text>"#,
            at_x(at),
            HEIGHT - BOTTOM + 18.0
        ));
    }
    put(format!(
        r#"<text x="{:.1}" y="{:.1}" text-anchor="end">{x}</text><text x="8" y="{:.1}">{y}</text>"#,
        WIDTH - RIGHT,
        HEIGHT - 12.0,
        TOP - 8.0
    ));
    let mut legend = WIDTH - RIGHT;
    for (line, colour) in lines.iter().zip(COLOURS.iter().cycle()) {
        let path: Vec<String> =
            line.points.iter().map(|(x, y)| format!("{:.1} {:.1}", at_x(*x), at_y(*y))).collect();
        put(format!(
            r#"<path d="M{}" fill="none" stroke="{colour}" stroke-width="2"/>"#,
            path.join("L")
        ));
        for (x, y) in &line.points {
            let (x, y) = (at_x(*x), at_y(*y));
            put(format!(r#"<circle cx="{x:.1}" cy="{y:.1}" r="3" fill="{colour}"/>"#));
        }
        put(format!(
            r#"<text x="{legend:.1}" y="{:.1}" text-anchor="end" fill="{colour}">{}</text>"#,
            TOP - 8.0,
            line.name
        ));
        #[expect(clippy::as_conversions, reason = "the length of a name")]
        let width = line.name.chars().count() as f64 * 6.5 + 20.0;
        legend -= width;
    }
    out + "</svg>\n"
}

/// A round end of an axis for this largest value, and the distance of its marks.
fn scale(most: f64) -> (f64, f64) {
    let rough = (most / 5.0).max(f64::MIN_POSITIVE);
    let ten = 10_f64.powf(rough.log10().floor());
    let step = [1.0, 2.0, 2.5, 5.0, 10.0].map(|n| n * ten).into_iter().find(|step| *step >= rough);
    let step = step.unwrap_or(ten * 10.0);
    ((most / step).ceil().max(1.0) * step, step)
}

fn marks(most: f64, step: f64) -> Vec<f64> {
    let mut all = Vec::new();
    let mut at = 0.0;
    while at <= most + step / 2.0 {
        all.push((at * 1_000.0).round() / 1_000.0);
        at += step;
    }
    all
}
