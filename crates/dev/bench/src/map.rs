//! Laying out maps: how long it takes, and how good they are, on one core.

use crate::figures::{percentile_ms, rounded};
use gemba_map::{Direction, Layout, Measure, Options, Overlay, SvgStyle, layout, svg};
use gemba_model::Process;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// How many steps the made-up processes have.
const SIZES: [usize; 3] = [40, 200, 1000];
/// How many made-up processes of 20 steps the figures of quality are taken from.
const MADE_UP: u64 = 100;

pub(crate) fn run(folders: &[PathBuf], rounds: usize) -> serde_json::Value {
    let mut figures = serde_json::json!({ "bench": "map" });
    for steps in SIZES {
        let process = made_up(steps, 7);
        let mut laid: Vec<Duration> = Vec::new();
        let mut drawn: Vec<Duration> = Vec::new();
        for _ in 0..rounds.max(1) {
            let begun = Instant::now();
            let map = layout(&process, &Options::default());
            laid.push(begun.elapsed());
            std::hint::black_box(svg(&map, &Overlay::default(), SvgStyle::Inline));
            drawn.push(begun.elapsed());
        }
        put(&mut figures, &format!("layout_{steps}_ms"), percentile_ms(&mut laid, 0.5).into());
        let drawn = percentile_ms(&mut drawn, 0.5);
        put(&mut figures, &format!("layout_and_svg_{steps}_ms"), drawn.into());
    }
    let mut documents = Vec::new();
    for folder in folders {
        read(folder, &mut documents);
    }
    let random: Vec<Process> = (0..MADE_UP).map(|seed| made_up(20, seed)).collect();
    for (name, set) in [("documents", documents), ("made_up", random)] {
        for (word, direction) in [("right", Direction::Right), ("down", Direction::Down)] {
            let options = Options { direction, ..Options::default() };
            let maps: Vec<Layout> = set.iter().map(|process| layout(process, &options)).collect();
            let measures: Vec<Measure> = maps.iter().map(Layout::measure).collect();
            let each = |pick: fn(&Measure) -> usize| {
                mean(measures.iter().map(|m| i64::try_from(pick(m)).unwrap_or(i64::MAX)))
            };
            let of_maps = serde_json::json!({
                "maps": maps.len(),
                "shapes": each(|m| m.shapes),
                "crossings": each(|m| m.crossings),
                "bends": each(|m| m.bends),
                "backward": each(|m| m.backward),
                "shared": each(|m| m.shared),
                "area_kpx": mean(maps.iter().map(|m| m.width * m.height / 1000)),
            });
            put(&mut figures, &format!("{name}_{word}"), of_maps);
        }
    }
    figures
}

/// Adds a figure.
fn put(figures: &mut serde_json::Value, name: &str, value: serde_json::Value) {
    if let Some(figures) = figures.as_object_mut() {
        figures.insert(name.to_owned(), value);
    }
}

#[expect(clippy::as_conversions, reason = "counts far below 2^52")]
fn mean(values: impl ExactSizeIterator<Item = i64>) -> f64 {
    let count = values.len().max(1);
    rounded(values.sum::<i64>() as f64 / count as f64)
}

/// The processes of all SOPs below a folder.
fn read(folder: &Path, found: &mut Vec<Process>) {
    let entries = std::fs::read_dir(folder).expect("the folder can be read");
    let mut paths: Vec<PathBuf> = entries.filter_map(|e| Some(e.ok()?.path())).collect();
    paths.sort();
    for path in paths {
        if path.is_dir() {
            read(&path, found);
        } else if path.extension().is_some_and(|e| e == "md") {
            let text = std::fs::read_to_string(&path).expect("the SOP can be read");
            found.extend(gemba_sop::compile(&text, &path.display().to_string()).processes);
        }
    }
}

/// A process with so many steps, six seats, and a decision at every fourth step.
fn made_up(steps: usize, seed: u64) -> Process {
    let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    let mut pick = |below: usize| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        usize::try_from(state >> 33).unwrap_or(0) % below.max(1)
    };
    let seats = ["Sales", "Accounting", "Delivery lead", "Client", "Legal", "Operations"];
    let mut text = String::from("---\nowner: Operations\n---\n\n# Made up\n\n## Steps\n\n");
    let mut seat = 0;
    for step in 1..=steps {
        if pick(3) == 0 {
            seat = pick(seats.len());
        }
        let title = "check and file what came in for the client".split(' ').take(3 + pick(6));
        let title = title.collect::<Vec<_>>().join(" ");
        let doer = seats.get(seat).copied().unwrap_or_default();
        let mut lines = format!("{step}. **Step {step} {title}** ({doer})\n");
        if step % 4 == 0 {
            let back = 1 + step.saturating_sub(1 + pick(5));
            let ahead = (step + 1 + pick(4)).min(steps);
            writeln!(lines, "   - If it is wrong, go to step {back}").unwrap_or_default();
            writeln!(lines, "   - If it is urgent, go to step {ahead}").unwrap_or_default();
        }
        text.push_str(&lines);
    }
    let mut processes = gemba_sop::compile(&text, "made-up").processes;
    processes.pop().expect("a process")
}
