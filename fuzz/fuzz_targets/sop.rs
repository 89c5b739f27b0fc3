//! Any bytes are read without a panic, and formatting never loses a word or fails to settle.

#![no_main]

use gemba_sop::{Formatted, compile_bytes, format, print_all};

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let (source, compiled) = compile_bytes(bytes, "fuzz.md");
    assert!(!compiled.processes.is_empty());
    for found in &compiled.diagnostics {
        assert!(!found.message.is_empty());
    }
    let _printed = print_all(&compiled.processes);
    if let Formatted::Changed(text) = format(&source, "fuzz.md") {
        assert_eq!(format(&text, "fuzz.md"), Formatted::Same);
    }
});
