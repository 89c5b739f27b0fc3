//! What an import does with a file before anything is stored: read it, refuse it or take its processes,
//! each with a usable slug and a draft that is one process again.

#![no_main]

use gemba_model::{Slug, flow, raci, slug::MAX_LEN};
use gemba_sop::{Compiled, compile, compile_bytes, print, refuses_import};

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let (source, Compiled { processes, diagnostics }) =
        compile_bytes(&gemba_fuzz::document(bytes), "folder/fuzz file.md");
    if diagnostics.iter().any(refuses_import) {
        return;
    }
    let single = processes.len() == 1;
    let mut slugs: Vec<&Slug> = Vec::new();
    for process in &processes {
        assert!(Slug::parse(process.slug.as_str()).is_some(), "{}", process.slug);
        assert!(process.slug.as_str().len() <= MAX_LEN);
        assert!(!slugs.contains(&&process.slug), "{} twice", process.slug);
        slugs.push(&process.slug);
        let draft = if single { source.clone() } else { print(process) };
        let read = compile(&draft, process.slug.as_str());
        assert!(!read.diagnostics.iter().any(refuses_import));
        assert_eq!(read.processes.len(), 1, "{draft}");
        for process in &read.processes {
            summarized(process);
        }
    }
});

/// What the summary of a draft, its map and its matrix look at.
fn summarized(process: &gemba_model::Process) {
    assert!(!process.title.is_empty());
    assert_eq!(raci::matrix(process).len(), process.steps.len());
    assert_eq!(flow::reachable(process).len(), process.steps.len());
    assert_eq!(flow::can_end(process).len(), process.steps.len());
    let _seats = process.seat_names();
    for index in 0..process.steps.len() {
        for (next, _) in flow::routes(process, index).all() {
            if let flow::Next::Step(to) = next {
                assert!(to < process.steps.len());
            }
        }
    }
}
