//! How well ordinary SOPs are read, measured against documents that a person read.

use gemba_model::{OwnerState, Process, Step};
use gemba_sop::compile;
use serde_json::Value;
use std::path::{Path, PathBuf};

/// The least that is accepted, over all documents together.
const RECALL: f64 = 0.93;
const PRECISION: f64 = 0.85;

/// Where the documents are; they are not part of the repository.
fn corpus() -> Option<PathBuf> {
    let folder = std::env::var("GEMBA_CORPUS").map_or_else(
        |_| Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../../shared/corpus"),
        PathBuf::from,
    );
    let sops = folder.join("sops");
    if sops.is_dir() {
        return Some(sops);
    }
    assert!(std::env::var("CI").is_err(), "the corpus is missing: set GEMBA_CORPUS to its folder");
    println!("skipped: no corpus at {}; set GEMBA_CORPUS to its folder", folder.display());
    None
}

fn documents(folder: &Path) -> Vec<(String, String)> {
    let mut found: Vec<(String, String)> = std::fs::read_dir(folder)
        .expect("a folder")
        .filter_map(|entry| {
            let path = entry.expect("an entry").path();
            let name = path.file_name()?.to_str()?.to_owned();
            let is_sop = path.extension().is_some_and(|e| e == "md")
                && name.starts_with(|c: char| c.is_ascii_digit());
            is_sop.then(|| (name, std::fs::read_to_string(&path).expect("text")))
        })
        .collect();
    found.sort();
    found
}

/// Markup off, white space folded, small letters.
fn bare(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    // Links keep their words: "[words](target)" becomes "words".
    while let Some((words, target)) = rest.split_once("](") {
        out.push_str(words);
        rest = target.split_once(')').map_or("", |(_, after)| after);
    }
    out.push_str(rest);
    let kept: String =
        out.chars().filter(|c| !matches!(c, '*' | '_' | '`' | '[' | ']' | '\\')).collect();
    kept.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase()
}

fn opening(step: &Step) -> String {
    let text = bare(&step.text);
    let title = bare(&step.title);
    if text.starts_with(&title) { text } else { format!("{title} {text}") }
}

/// Whether a step begins as the reader wrote it down; a final mark of the few words does not count.
fn same_start(step: &Step, start: &str) -> bool {
    let wanted = bare(start);
    let wanted = wanted.trim_end_matches(['.', ':', ',', ';']);
    let mut got = opening(step);
    got = got.replace(['.', ':', ',', ';'], "");
    got.starts_with(&wanted.replace(['.', ':', ',', ';'], ""))
}

#[derive(Default)]
struct Tally {
    wanted: usize,
    got: usize,
    matched: usize,
    actors: usize,
    actors_right: usize,
    branches: usize,
    branches_right: usize,
    branches_got: usize,
    triggers: usize,
    owners: usize,
    documents: usize,
}

fn score(name: &str, truth: &Value, processes: &[Process], tally: &mut Tally) {
    let steps: Vec<&Step> = processes.iter().flat_map(|p| p.steps.iter()).collect();
    let mut used = vec![false; steps.len()];
    let mut matched = 0;
    let all = truth["steps"].as_array().expect("steps");
    let top: Vec<&Value> =
        all.iter().filter(|s| !s["n"].as_str().unwrap_or_default().contains('.')).collect();
    for want in &top {
        let start = want["text_start"].as_str().unwrap_or_default();
        let found =
            steps.iter().enumerate().find(|(at, step)| !used[*at] && same_start(step, start));
        let Some((at, step)) = found else {
            println!("  {name}: missed {:?} {start:?}", want["n"]);
            continue;
        };
        used[at] = true;
        matched += 1;
        if let Some(actor) = want["actor"].as_str() {
            tally.actors += 1;
            let seat = step.seat.as_ref().map(|s| bare(&s.name)).unwrap_or_default();
            let actor = bare(actor);
            let right = !seat.is_empty() && (seat.contains(&actor) || actor.contains(&seat));
            tally.actors_right += usize::from(right);
            if !right {
                println!("  {name}: actor of {start:?} is {actor:?}, read {seat:?}");
            }
        }
    }
    for (step, used) in steps.iter().zip(&used) {
        if !used {
            println!("  {name}: extra {:?}", step.title);
        }
    }
    let read: Vec<String> = steps
        .iter()
        .flat_map(|s| s.walk())
        .flat_map(|s| s.decisions.iter().map(|d| bare(&d.condition)))
        .collect();
    tally.branches_got += read.len();
    for want in all.iter().flat_map(|s| s["decision"].as_array().cloned().unwrap_or_default()) {
        tally.branches += 1;
        let wanted = bare(want["condition"].as_str().unwrap_or_default());
        let wanted = wanted.trim_start_matches("if ");
        let right = read
            .iter()
            .any(|got| got.contains(wanted) || (got.len() > 5 && wanted.contains(got.as_str())));
        tally.branches_right += usize::from(right);
        if !right {
            println!("  {name}: branch {wanted:?} not read");
        }
    }
    let kind = truth["trigger"]["kind"].as_str().unwrap_or_default();
    let kinds: Vec<String> = processes
        .iter()
        .flat_map(|p| p.triggers.iter())
        .map(|t| {
            serde_json::to_value(t.kind).expect("a word").as_str().unwrap_or_default().to_owned()
        })
        .collect();
    let right = kinds.first().is_some_and(|k| k == kind);
    tally.triggers += usize::from(right);
    if !right {
        println!("  {name}: trigger is {kind:?} {}, read {kinds:?}", truth["trigger"]["text"]);
    }
    let owner = processes.first().map(|p| p.owner.clone());
    let said = owner.as_ref().and_then(|o| o.seat.clone());
    let right = truth["owner"].as_str().map(bare) == said.as_deref().map(bare)
        || (truth["owner"].is_null()
            && owner
                .is_some_and(|o| matches!(o.state, OwnerState::Missing | OwnerState::Placeholder)));
    tally.owners += usize::from(right);
    if !right {
        println!("  {name}: owner is {}, read {said:?}", truth["owner"]);
    }
    println!("{name}: {} wanted, {} read, {matched} right", top.len(), steps.len());
    tally.wanted += top.len();
    tally.got += steps.len();
    tally.matched += matched;
    tally.documents += 1;
}

fn share(part: usize, whole: usize) -> f64 {
    let float = |n: usize| f64::from(u32::try_from(n).expect("a small number"));
    if whole == 0 { 1.0 } else { float(part) / float(whole) }
}

#[test]
fn top_level_steps_are_found_in_ordinary_sops() {
    let Some(folder) = corpus() else { return };
    let mut tally = Tally::default();
    for (name, source) in documents(&folder) {
        let truth = folder.join("truth").join(name.replace(".md", ".json"));
        let Ok(truth) = std::fs::read_to_string(truth) else { continue };
        let truth: Value = serde_json::from_str(&truth).expect("json");
        score(&name, &truth, &compile(&source, &name).processes, &mut tally);
    }
    let (recall, precision) = (share(tally.matched, tally.wanted), share(tally.matched, tally.got));
    println!("steps: recall {recall:.3}, precision {precision:.3}");
    println!("actors right: {}/{}", tally.actors_right, tally.actors);
    println!(
        "branches found: {}/{} of {} read",
        tally.branches_right, tally.branches, tally.branches_got
    );
    println!("trigger kinds right: {}/{}", tally.triggers, tally.documents);
    println!("owners right: {}/{}", tally.owners, tally.documents);
    assert!(tally.documents > 0 && recall >= RECALL, "recall {recall:.3}");
    assert!(precision >= PRECISION, "precision {precision:.3}");
}

#[test]
fn every_ordinary_sop_has_steps_and_could_be_published_with_an_owner() {
    let Some(folder) = corpus() else { return };
    let mut without = Vec::new();
    for (name, source) in documents(&folder) {
        let compiled = compile(&source, &name);
        let count: usize = compiled.processes.iter().map(|p| p.steps.len()).sum();
        let refusals: Vec<String> = compiled
            .diagnostics
            .iter()
            .filter(|d| d.severity == gemba_diag::Severity::Error)
            .filter(|d| !matches!(d.code.as_str(), "SOP0101" | "SOP0102" | "SOP0107"))
            .map(|d| format!("{}: {}", d.code, d.message))
            .collect();
        println!("{name}: {count} steps, {} processes {refusals:?}", compiled.processes.len());
        if count == 0 {
            without.push(name);
        }
    }
    assert!(without.len() < 3, "{without:?}");
}

#[test]
fn every_ordinary_sop_formats_without_loss_and_for_good() {
    let Some(folder) = corpus() else { return };
    for (name, source) in documents(&folder) {
        match gemba_sop::format(&source, &name) {
            gemba_sop::Formatted::Same => println!("{name}: same"),
            gemba_sop::Formatted::WouldLose { words } => println!("{name}: would lose {words:?}"),
            gemba_sop::Formatted::Changed(text) => {
                println!("{name}: changed");
                assert_eq!(gemba_sop::format(&text, &name), gemba_sop::Formatted::Same, "{name}");
            }
        }
        let first = compile(&source, &name).processes;
        let printed = gemba_sop::print_all(&first);
        let again = compile(&printed, &name).processes;
        assert_eq!(gemba_sop::print_all(&again), printed, "{name}");
    }
}
