//! Event logs: how fast they are read, counted, mined, aligned and searched for changes, on one core, and what
//! they take in memory; beside pm4py where a Python that has it is named, and beside rust4pm where it is asked for.
//!
//! What is compared in memory is measured in processes that do nothing else.

use crate::figures::{cpu_s, rounded, rss_peak_mb};
use gemba_logs::{Asked, read};
use gemba_mining::align::{Limits, align};
use gemba_mining::conform::{Method, conform};
use gemba_mining::{EventLog, Model, Unwatched, dfg, drift, miner, pnml, variants};
use serde_json::{Value, json};
use std::fmt::Write as _;
use std::fs;
use std::hint::black_box;
use std::path::{Path, PathBuf};
use std::process::Command;

/// What is measured.
pub(crate) struct Wanted<'a> {
    /// A log; one is made up where there is none.
    pub(crate) log: Option<&'a Path>,
    /// A Petri net to align with; else the model that is mined with a noise of 0.2.
    pub(crate) against: Option<&'a Path>,
    /// How many cases a log that is made up has.
    pub(crate) cases: usize,
    /// A Python that has pm4py.
    pub(crate) python: Option<&'a Path>,
    /// Whether rust4pm is measured too.
    pub(crate) rust4pm: bool,
    /// Whether this process only does everything once.
    pub(crate) alone: bool,
}

/// Ticks of the clock of processor time are a hundredth of a second: what is quick is done until so much is over.
const LEAST_S: f64 = 0.3;

pub(crate) fn run(wanted: &Wanted<'_>) -> Value {
    let folder = tempfile::tempdir().expect("a folder");
    let path = wanted.log.map_or_else(|| made_up(folder.path(), wanted.cases), Path::to_path_buf);
    if wanted.alone {
        return alone(&path, wanted.against);
    }
    let own = std::env::current_exe().expect("this program");
    let alone = {
        let mut command = Command::new(own);
        command.args(["mining", "--alone"]).arg(&path);
        command.args(
            wanted.against.map(|model| [Path::new("--against"), model]).into_iter().flatten(),
        );
        told(command)
    };
    let imported = || read(&path, &Asked::default(), &mut Unwatched).expect("a log");
    let (import, log) = repeated(imported);
    let (graph_and_variants, found) = repeated(|| {
        black_box(dfg(&log));
        variants(&log)
    });
    let (mined_0, _) = repeated(|| miner::of_variants(&log.activities, &found, 0.0));
    let (mined_20, tree) = repeated(|| miner::of_variants(&log.activities, &found, 0.2));
    let model = wanted.against.map_or_else(|| Model::of_tree(tree.clone()), net);
    let (aligned, all) = repeated(|| {
        align(&log.activities, &found, &model, Limits::default(), &mut Unwatched).expect("it runs")
    });
    let order = drift::order(&log);
    let (searched, changes) =
        repeated(|| drift::changes(order.iter().map(|case| log.trace(*case))).len());
    let ours = json!({
        "import_cpu_s": rounded(import),
        "import_peak_mb": alone.get("import_peak_mb"),
        "whole_cpu_s": alone.get("whole_cpu_s"),
        "whole_peak_mb": alone.get("whole_peak_mb"),
        "dfg_and_variants_cpu_ms": rounded(graph_and_variants * 1e3),
        "miner_0_cpu_ms": rounded(mined_0 * 1e3),
        "miner_20_cpu_ms": rounded(mined_20 * 1e3),
        "align_cpu_s": rounded(aligned),
        "align_by_blocks": model.is_by_blocks(),
        "align_not_proven": all.all.iter().filter(|one| !one.is_proven()).count(),
        "drift_cpu_us_per_event": rounded(searched * 1e6 / events(&log)),
        "drift_changes": changes,
    });
    json!({
        "bench": "mining",
        "log": wanted.log.map_or("made up".into(), |path| path.display().to_string()),
        "cases": log.cases(),
        "events": log.events(),
        "variants": found.all.len(),
        "gemba": ours,
        "pm4py": wanted.python.map(|python| of_pm4py(python, &path, wanted.against)),
        "rust4pm": wanted.rust4pm.then(|| {
            let mined = folder.path().join("model.pnml");
            fs::write(&mined, pnml::write(&model.net, "model")).expect("the folder can be written to");
            of_rust4pm(&path, wanted.against.unwrap_or(&mined))
        }),
    })
}

fn net(path: &Path) -> Model {
    let bytes = fs::read(path).expect("the model can be read");
    Model::of_net(pnml::read(bytes.as_slice()).expect("a Petri net"))
}

/// Everything once, from the file to the deviations: what the process took.
fn alone(path: &Path, against: Option<&Path>) -> Value {
    let log = read(path, &Asked::default(), &mut Unwatched).expect("a log");
    let (import_cpu_s, import_peak_mb) = (cpu_s(), rss_peak_mb(std::process::id()));
    black_box(dfg(&log));
    let found = variants(&log);
    let mined = || Model::of_tree(miner::of_variants(&log.activities, &found, 0.2));
    let model = against.map_or_else(mined, net);
    let method = Method::Align;
    let held = conform(&log.activities, &found, &model, method, Limits::default(), &mut Unwatched);
    json!({
        "import_cpu_s": import_cpu_s,
        "import_peak_mb": import_peak_mb,
        "fitness": held.expect("it runs").log,
        "whole_cpu_s": cpu_s(),
        "whole_peak_mb": rss_peak_mb(std::process::id()),
    })
}

#[expect(clippy::as_conversions, reason = "a count far below 2^52")]
fn events(log: &EventLog) -> f64 {
    log.events().max(1) as f64
}

fn now() -> f64 {
    cpu_s().expect("the system tells the processor time")
}

/// The processor time of one round of something that may be quick.
fn repeated<T>(mut work: impl FnMut() -> T) -> (f64, T) {
    let begun = now();
    let mut rounds = 0.0;
    loop {
        let made = black_box(work());
        rounds += 1.0;
        let spent = now() - begun;
        if spent >= LEAST_S {
            return (spent / rounds, made);
        }
    }
}

/// The same steps in pm4py, with its own defaults.
const SCRIPT: &str = r#"
import json, sys, time, warnings
warnings.filterwarnings("ignore")
import pm4py
from pm4py.objects.log.importer.xes import importer
from pm4py.objects.petri_net.importer import importer as nets
def cpu(work):
    begun = time.process_time()
    made = work()
    return round(time.process_time() - begun, 4), made
found = {"version": pm4py.__version__}
parse = lambda: importer.apply(sys.argv[1], variant=importer.Variants.ITERPARSE, parameters={"show_progress_bar": False})
found["import_cpu_s"], log = cpu(parse)
frame = pm4py.convert_to_dataframe(log)
a, _ = cpu(lambda: pm4py.discover_dfg(frame))
b, _ = cpu(lambda: pm4py.discover_performance_dfg(frame))
c, _ = cpu(lambda: pm4py.get_variants(frame))
found["dfg_and_variants_cpu_ms"] = round((a + b + c) * 1e3, 1)
s, _ = cpu(lambda: pm4py.discover_process_tree_inductive(frame, noise_threshold=0.0))
found["miner_0_cpu_ms"] = round(s * 1e3, 1)
s, tree = cpu(lambda: pm4py.discover_process_tree_inductive(frame, noise_threshold=0.2))
found["miner_20_cpu_ms"] = round(s * 1e3, 1)
net = nets.apply(sys.argv[2]) if len(sys.argv) > 2 else pm4py.convert_to_petri_net(tree)
from pm4py.algo.conformance.alignments.petri_net import algorithm
found["align_cpu_s"], _ = cpu(lambda: algorithm.apply_log(log, *net, parameters={"show_progress_bar": False}))
print(json.dumps(found))
"#;

fn of_pm4py(python: &Path, log: &Path, against: Option<&Path>) -> Value {
    let mut command = Command::new(python);
    command.arg("-c").arg(SCRIPT).arg(log).args(against);
    told(command)
}

/// What rust4pm takes, on one thread.
fn of_rust4pm(log: &Path, model: &Path) -> Value {
    let manifest = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../oracles/rust4pm/Cargo.toml");
    let mut command = Command::new("cargo");
    command.args(["run", "--release", "--quiet", "--manifest-path", manifest, "--"]);
    command.arg(log).arg(model).env("RAYON_NUM_THREADS", "1");
    told(command)
}

/// The JSON on the last line that a program prints.
fn told(mut command: Command) -> Value {
    let told = command.output().expect("it starts");
    let out = String::from_utf8_lossy(&told.stdout);
    let last = out.lines().last().unwrap_or_default();
    serde_json::from_str(last).unwrap_or_else(|_| {
        eprintln!("{}", String::from_utf8_lossy(&told.stderr));
        Value::Null
    })
}

/// A log of cases that go different ways: two steps in any order, a choice, and a step that is done again.
fn made_up(folder: &Path, cases: usize) -> PathBuf {
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    let mut pick = move |below: u64| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state >> 33) % below
    };
    let mut text = String::from("<log xes.version=\"1.0\">\n");
    for case in 0..cases {
        let mut names = vec!["receive"];
        names.extend(if pick(2) == 0 { ["check", "price"] } else { ["price", "check"] });
        for _ in 0..pick(4) {
            names.extend(["ask back", "answer"]);
        }
        names.push(if pick(10) < 7 { "accept" } else { "refuse" });
        if pick(20) == 0 {
            names.swap(1, 2);
            names.insert(1, "refuse");
        }
        names.push("file");
        let mut put = |line: std::fmt::Arguments<'_>| text.write_fmt(line).unwrap_or_default();
        put(format_args!("<trace><string key=\"concept:name\" value=\"{case}\"/>\n"));
        for (n, name) in names.iter().enumerate() {
            put(format_args!(
                "<event><string key=\"concept:name\" value=\"{name}\"/>\
                 <date key=\"time:timestamp\" value=\"20{:02}-{:02}-{:02}T{:02}:{:02}:00.000+00:00\"/>\
                 <string key=\"org:resource\" value=\"r{}\"/><int key=\"amount\" value=\"{}\"/></event>\n",
                10 + case / 336 % 80,
                case / 28 % 12 + 1,
                case % 28 + 1,
                8 + n / 60 % 12,
                n % 60,
                pick(20),
                pick(1000),
            ));
        }
        put(format_args!("</trace>\n"));
    }
    text.push_str("</log>\n");
    let path = folder.join("made-up.xes");
    fs::write(&path, text).expect("the folder can be written to");
    path
}
