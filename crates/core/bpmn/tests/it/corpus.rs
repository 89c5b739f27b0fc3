//! Models that nobody here drew: read and written without loss.

use gemba_bpmn::{Definitions, read, write, xml::Element};
use std::path::{Path, PathBuf};

/// The corpus beside the checkout, where there is one.
fn folder() -> Option<PathBuf> {
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../../shared/corpus");
    let root = std::env::var_os("GEMBA_CORPUS").map_or(beside, PathBuf::from);
    Some(root.join("bpmn")).filter(|path| path.is_dir())
}

/// Every model of the corpus by its file name.
pub(crate) fn models() -> Vec<(String, Vec<u8>)> {
    let mut found = Vec::new();
    let mut open: Vec<PathBuf> = folder().into_iter().collect();
    while let Some(path) = open.pop() {
        for entry in std::fs::read_dir(path).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                open.push(path);
            } else if path.extension().is_some_and(|e| e == "bpmn") {
                let name = path.file_name().unwrap().to_string_lossy().into_owned();
                found.push((name, std::fs::read(&path).unwrap()));
            }
        }
    }
    found.sort();
    found
}

/// The same without the places it was read from.
pub(crate) fn placeless(mut definitions: Definitions) -> Definitions {
    fn clear(element: &mut Element) {
        element.span = 0..0;
        for node in &mut element.children {
            if let gemba_bpmn::xml::Node::Element(inner) = node {
                clear(inner);
            }
        }
    }
    clear(&mut definitions.root);
    definitions
}

#[test]
fn what_was_read_is_written_and_read_again_as_the_same() {
    for (name, bytes) in models() {
        let (first, _) = read(&bytes).unwrap_or_else(|r| panic!("{name}: {}", r.finding.message));
        let text = write(&first);
        let (again, _) = read(text.as_bytes()).unwrap();
        assert!(placeless(first) == placeless(again.clone()), "{name}");
        assert_eq!(write(&again), text, "{name}");
    }
}

#[test]
fn a_model_cut_off_anywhere_is_refused_or_read_and_never_a_panic() {
    for (name, bytes) in models() {
        let step = bytes.len() / 60 + 1;
        for end in (0..bytes.len()).step_by(step) {
            if let Ok((definitions, _)) = read(&bytes[..end]) {
                panic!("{name} cut at {end} was read: {}", write(&definitions).len());
            }
        }
    }
}
