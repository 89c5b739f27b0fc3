//! Small figures: sparklines, trails of weeks and bars, each also there as words.

use super::badge::Tone;
use maud::{Markup, html};

const WIDTH: f64 = 112.0;
const HEIGHT: f64 = 28.0;
const INSET: f64 = 3.0;

/// The course of a measurable, oldest first; a gap stays a gap. The words name first, last, goal.
pub fn sparkline(values: &[Option<f64>], goal: Option<f64>, unit: &str) -> Markup {
    let known = || values.iter().flatten().copied().filter(|value| value.is_finite());
    let low = known().chain(goal).fold(f64::INFINITY, f64::min);
    let high = known().chain(goal).fold(f64::NEG_INFINITY, f64::max);
    let y = |value: f64| {
        let spread = high - low;
        let share = if spread > 0.0 { (value - low) / spread } else { 0.5 };
        HEIGHT - INSET - share * (HEIGHT - 2.0 * INSET)
    };
    let points = placed(values);
    html! {
        svg class="spark" viewBox="0 0 112 28" width="112" height="28" aria-hidden="true"
            focusable="false" {
            @if known().next().is_some() {
                @if let Some(goal) = goal {
                    line class="goal" x1="0" x2="112" y1=(round(y(goal))) y2=(round(y(goal))) {}
                }
                path class="path" d=(line(&points, y)) {}
                @if let Some((x, value)) = points.iter().rev().find_map(|(x, v)| v.map(|v| (x, v))) {
                    circle class="last" cx=(round(*x)) cy=(round(y(value))) r="2.5" {}
                }
            }
        }
        span class="hush" { (in_words(values, goal, unit)) }
    }
}

/// Each value with its place from left to right.
fn placed(values: &[Option<f64>]) -> Vec<(f64, Option<f64>)> {
    let gaps = u32::try_from(values.len().saturating_sub(1)).unwrap_or(u32::MAX).max(1);
    let step = (WIDTH - 2.0 * INSET) / f64::from(gaps);
    let mut x = INSET;
    let mut points = Vec::with_capacity(values.len());
    for value in values {
        points.push((x, value.filter(|value| value.is_finite())));
        x += step;
    }
    points
}

fn line(points: &[(f64, Option<f64>)], y: impl Fn(f64) -> f64) -> String {
    let mut path = String::new();
    let mut pen_down = false;
    for (x, value) in points {
        let Some(value) = value else {
            pen_down = false;
            continue;
        };
        path.push(if pen_down { 'L' } else { 'M' });
        path.push_str(&round(*x));
        path.push(' ');
        path.push_str(&round(y(*value)));
        pen_down = true;
    }
    path
}

fn round(value: f64) -> String {
    format!("{value:.1}")
}

/// A figure without needless decimals.
fn plain(value: f64) -> String {
    let text = format!("{value:.2}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

fn in_words(values: &[Option<f64>], goal: Option<f64>, unit: &str) -> String {
    let mut known = values.iter().flatten().copied();
    let Some(first) = known.next() else { return "No values yet".to_owned() };
    let last = known.next_back().unwrap_or(first);
    let goal = goal.map(|goal| format!(", goal {}{unit}", plain(goal))).unwrap_or_default();
    format!("From {}{unit} to {}{unit}{goal}", plain(first), plain(last))
}

/// How one week went.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Week {
    /// The goal was met.
    On,
    /// It was missed.
    Off,
    /// The week is not over or its value not in.
    Pending,
    /// Nothing was recorded.
    None,
}

/// Weeks side by side, oldest first: full, notched, dashed or a dot, so that shape alone tells.
pub fn trail(weeks: &[Week]) -> Markup {
    let on = weeks.iter().filter(|week| **week == Week::On).count();
    let off = weeks.iter().filter(|week| **week == Week::Off).count();
    html! {
        svg class="trail" viewBox={ "0 0 " (weeks.len() * 15) " 14" } width=(weeks.len() * 15)
            height="14" preserveAspectRatio="xMinYMid" aria-hidden="true" focusable="false" {
            @for (place, week) in weeks.iter().enumerate() {
                @let x = place * 15;
                @match week {
                    Week::On => { rect class="on" x=(x) y="1" width="12" height="12" rx="2" {} }
                    Week::Off => { path class="off" d={ "M" (x) " 2h12l-6 10.5z" } {} }
                    Week::Pending => {
                        rect class="pending" x={ (x) ".5" } y="1.5" width="11" height="11" rx="2" {}
                    }
                    Week::None => { circle class="none" cx=(x + 6) cy="7" r="2" {} }
                }
            }
        }
        span class="hush" { (on) " of " (on + off) " weeks on track" }
    }
}

/// The weeks of a measurable as columns, oldest first, with the line of the goal; made to stand beside
/// a table of the same figures.
pub fn course(weeks: &[(Option<f64>, Week)], goal: f64) -> Markup {
    const COLUMN: usize = 48;
    const TALL: f64 = 140.0;
    let known = || weeks.iter().filter_map(|(value, _)| *value).chain([goal, 0.0]);
    let low = known().filter(|v| v.is_finite()).fold(0.0, f64::min);
    let high = known().filter(|v| v.is_finite()).fold(0.0, f64::max);
    let spread = if high > low { high - low } else { 1.0 };
    let y = |value: f64| 4.0 + (high - value) / spread * (TALL - 8.0);
    let width = weeks.len() * COLUMN;
    html! {
        svg class="course" viewBox={ "0 0 " (width) " 140" } preserveAspectRatio="none"
            aria-hidden="true" focusable="false" {
            @for (place, (value, week)) in weeks.iter().enumerate() {
                @if let Some(value) = value.filter(|v| v.is_finite()) {
                    rect class=(if *week == Week::On { "on" } else { "off" }) x=(place * COLUMN + 6)
                        width=(COLUMN - 12) y=(round(y(value.max(0.0))))
                        height=(round((y(value.min(0.0)) - y(value.max(0.0))).max(1.0))) {}
                }
            }
            line class="base" x1="0" x2=(width) y1=(round(y(0.0))) y2=(round(y(0.0))) {}
            line class="goal" x1="0" x2=(width) y1=(round(y(goal))) y2=(round(y(goal))) {}
        }
    }
}

/// One bar.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Bar<'a> {
    /// What it stands for.
    pub label: &'a str,
    /// Its length.
    pub value: f64,
    /// The value with its unit.
    pub shown: &'a str,
    /// How to read it.
    pub tone: Tone,
}

/// Bars as a table: the drawing is beside the figures, so nobody reads it alone.
pub fn bar_chart(title: &str, unit: &str, bars: &[Bar<'_>]) -> Markup {
    let longest = bars.iter().map(|bar| bar.value).fold(0.0, f64::max);
    let length = |value: f64| if longest > 0.0 { value.max(0.0) / longest * 100.0 } else { 0.0 };
    html! {
        table class="bars" {
            caption { (title) }
            thead class="hush" {
                tr { th scope="col" { "Name" } td {} th scope="col" { (unit) } }
            }
            tbody {
                @for bar in bars {
                    tr class=(bar.tone.class()) {
                        th scope="row" { (bar.label) }
                        td {
                            svg viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true"
                                focusable="false" {
                                rect x="0" y="0" width=(round(length(bar.value))) height="10" {}
                            }
                        }
                        td class="number" { (bar.shown) }
                    }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_gap_lifts_the_pen() {
        let points = placed(&[Some(1.0), Some(2.0), None, Some(1.0)]);
        let path = line(&points, |value| value);
        assert_eq!(path.matches('M').count(), 2, "{path}");
        assert_eq!(path.matches('L').count(), 1, "{path}");
    }

    #[test]
    fn a_sparkline_is_also_there_as_words() {
        let check = |values: &[Option<f64>], goal, expected: &str| {
            assert_eq!(in_words(values, goal, " %"), expected);
        };
        check(&[], None, "No values yet");
        check(&[None, Some(40.0), Some(52.5)], Some(50.0), "From 40 % to 52.5 %, goal 50 %");
        check(&[Some(3.0)], None, "From 3 % to 3 %");
    }

    #[test]
    fn columns_stand_on_zero_whatever_the_sign() {
        let out =
            course(&[(Some(5.0), Week::On), (None, Week::None), (Some(-5.0), Week::Off)], 5.0);
        let out = out.into_string();
        assert_eq!(out.matches("<rect").count(), 2, "{out}");
        assert!(out.contains("y=\"4.0\" height=\"66.0\""), "{out}");
        assert!(out.contains("y=\"70.0\" height=\"66.0\""), "{out}");
        assert!(!course(&[], 0.0).into_string().contains("NaN"));
    }

    #[test]
    fn no_value_draws_a_number_that_is_none() {
        for values in
            [vec![], vec![None], vec![Some(f64::NAN)], vec![Some(1.0)], vec![Some(0.0); 13]]
        {
            let out = sparkline(&values, Some(0.0), "").into_string();
            assert!(!out.contains("inf") && !out.contains("\"NaN"), "{out}");
        }
        let bars = [Bar { label: "a", value: 0.0, shown: "0", tone: Tone::Neutral }];
        assert!(!bar_chart("t", "runs", &bars).into_string().contains("NaN"));
    }
}
