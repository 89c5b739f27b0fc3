//! Reads a log and aligns it with a Petri net by the library `process_mining` (rust4pm), and prints what that took.
//!
//! `gemba-bench-rust4pm LOG [MODEL.pnml]`. The last line on standard output is one JSON object. `cargo xtask bench
//! mining --rust4pm` runs it, on one thread, in a process of its own.

use process_mining::conformance::alignments::{AlignmentOptions, align_variants};
use process_mining::core::event_data::case_centric::utils::activity_projection::EventLogActivityProjection;
use process_mining::discovery::case_centric::dfg::discover_dfg;
use process_mining::{EventLog, Importable, PetriNet};
use serde_json::json;

/// The most states for one trace: what Gemba allows itself.
const MAX_STATES: usize = 4_000_000;

/// The processor time of this process so far, in seconds (Linux, clock ticks of 1/100 s).
fn cpu_s() -> f64 {
    let stat = std::fs::read_to_string("/proc/self/stat").expect("Linux");
    let after = stat.rsplit(')').next().expect("fields");
    let fields: Vec<&str> = after.split_whitespace().collect();
    let ticks = |at: usize| -> f64 { fields[at].parse().expect("a number") };
    (ticks(11) + ticks(12)) / 100.0
}

/// The most memory that this process had at once, in MiB (Linux).
fn peak_mb() -> f64 {
    let status = std::fs::read_to_string("/proc/self/status").expect("Linux");
    let line = status.lines().find(|line| line.starts_with("VmHWM:")).expect("a peak");
    let kb: f64 = line.split_whitespace().nth(1).expect("a number").parse().expect("a number");
    kb / 1024.0
}

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let log = EventLog::import_from_path(&arguments[0]).expect("a log");
    let (import_cpu_s, import_peak_mb) = (cpu_s(), peak_mb());
    let begun = cpu_s();
    let graph = discover_dfg(&log);
    let dfg_cpu_ms = (cpu_s() - begun) * 1e3;
    let begun = cpu_s();
    let projection: EventLogActivityProjection = (&log).into();
    let variants_cpu_ms = (cpu_s() - begun) * 1e3;
    let aligned = arguments.get(1).map(|model| {
        let net = PetriNet::import_from_path(model).expect("a Petri net");
        let options = AlignmentOptions { max_states: Some(MAX_STATES), ..Default::default() };
        let begun = cpu_s();
        let all = align_variants(&net, &projection, &options);
        let unsolved = all.iter().filter(|one| one.result.is_err()).count();
        (cpu_s() - begun, unsolved)
    });
    let found = json!({
        "import_cpu_s": import_cpu_s,
        "import_peak_mb": import_peak_mb,
        "dfg_cpu_ms": dfg_cpu_ms,
        "dfg_edges": graph.directly_follows_relations.len(),
        "variants_cpu_ms": variants_cpu_ms,
        "align_cpu_s": aligned.map(|(time, _)| time),
        "align_unsolved": aligned.map(|(_, unsolved)| unsolved),
    });
    println!("{found}");
}
