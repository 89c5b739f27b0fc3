//! How well ordinary SOPs are read, measured against documents that a person read.

use gemba_corpus::{Corpus, Figure, Report};
use gemba_sop::compile;

/// The least that is accepted, over all documents together.
const LEAST: [(Figure, f64); 6] = [
    (Figure::StepsRecall, 0.97),
    (Figure::StepsPrecision, 0.93),
    (Figure::Actors, 0.85),
    (Figure::Decisions, 0.85),
    (Figure::Targets, 0.9),
    (Figure::Owner, 1.0),
];

/// The documents, which are not part of the repository.
fn corpus() -> Option<Corpus> {
    let folder = Corpus::folder();
    if folder.is_dir() {
        return Some(Corpus::read(&folder).expect("documents"));
    }
    assert!(std::env::var("CI").is_err(), "the corpus is missing: set GEMBA_CORPUS to its folder");
    println!("skipped: no corpus at {}; set GEMBA_CORPUS to its folder", folder.display());
    None
}

#[test]
fn ordinary_sops_are_read_as_a_person_reads_them() {
    let Some(corpus) = corpus() else { return };
    let report = Report::of(&corpus).expect("documents with a truth");
    println!("{}{}", report.misses(), report.table());
    for (figure, least) in LEAST {
        assert!(report.share(figure) >= least, "{} is below {least}", figure.key());
    }
}

#[test]
fn every_ordinary_sop_has_steps_and_could_be_published_with_an_owner() {
    let Some(corpus) = corpus() else { return };
    let mut without = Vec::new();
    for document in corpus.documents {
        let (name, source) = (document.name, document.source);
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
    let Some(corpus) = corpus() else { return };
    for document in corpus.documents {
        let (name, source) = (document.name, document.source);
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
        let reprinted = gemba_sop::print_all(&again);
        for (first, second) in printed.lines().zip(reprinted.lines()) {
            assert_eq!(second, first, "{name}");
        }
        assert_eq!(reprinted.len(), printed.len(), "{name}");
    }
}
