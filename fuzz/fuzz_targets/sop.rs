//! Any bytes are read without a panic, and what is formatted stays as it is and reads as the same.

#![no_main]

use gemba_sop::{
    Folder, Formatted, Holder, KnownProcess, KnownSeat, Surroundings, compile, compile_bytes_in,
    fix_all, format, print_all,
};

/// A workspace, so that the rules about it have something to say.
fn surroundings() -> Surroundings {
    let seat =
        |name: &str, holder| KnownSeat { name: name.to_owned(), aliases: Vec::new(), holder };
    let process = KnownProcess { slug: "a".to_owned(), title: "A".to_owned(), file: None };
    let files = ["fuzz.md", "other.md"].map(str::to_owned).into();
    Surroundings {
        seats: Some(vec![seat("Sales", Holder::Agent), seat("Accounting", Holder::Vacant)]),
        processes: Some(vec![process]),
        folders: vec![Folder { path: String::new(), files }],
        today: "2026-11-25".parse().ok(),
    }
}

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let around = surroundings();
    let document = gemba_fuzz::document(bytes);
    let (source, compiled) = compile_bytes_in(&document, "fuzz.md", &around);
    assert!(!compiled.processes.is_empty());
    for found in &compiled.diagnostics {
        assert!(!found.message.is_empty());
        assert!(found.range.start <= found.range.end);
        if let Some(fix) = &found.fix {
            assert!(source.get(fix.range.clone()).is_some(), "a fix replaces text: {found:?}");
        }
    }
    // Fixes end: whatever they make can be read again.
    let (_fixed, _n) = fix_all(&source, "fuzz.md", &around, |_| true);
    for process in &compiled.processes {
        let ids: Vec<_> = process.all_steps().into_iter().map(|step| &step.id).collect();
        let mut once = ids.clone();
        once.sort_unstable();
        once.dedup();
        assert_eq!(once.len(), ids.len(), "ids are unique: {ids:?}");
    }
    let _printed = print_all(&compiled.processes);
    if let Formatted::Changed(text) = format(&source, "fuzz.md") {
        assert_eq!(format(&text, "fuzz.md"), Formatted::Same);
        // The form is complete: what it says is what its own reading prints.
        let read = compile(&text, "fuzz.md").processes;
        let again = compile(&print_all(&read), "fuzz.md").processes;
        let bare = |all: Vec<gemba_model::Process>| {
            all.into_iter().map(gemba_model::Process::without_spans).collect::<Vec<_>>()
        };
        assert_eq!(bare(again), bare(read));
    }
});
