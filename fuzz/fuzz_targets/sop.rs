//! Any bytes are read without a panic, and what is formatted stays as it is and reads as the same.

#![no_main]

use gemba_sop::{Formatted, compile, compile_bytes, format, print_all};

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let (source, compiled) = compile_bytes(&gemba_fuzz::document(bytes), "fuzz.md");
    assert!(!compiled.processes.is_empty());
    for found in &compiled.diagnostics {
        assert!(!found.message.is_empty());
        assert!(found.range.start <= found.range.end);
    }
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
