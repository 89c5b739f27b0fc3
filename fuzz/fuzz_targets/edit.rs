//! Every change of every step of any text is made or refused, never a panic, and leaves a text whose
//! selection is within it.

#![no_main]

use gemba_sop::{
    compile_bytes,
    edit::{Change, change},
};

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let (source, compiled) = compile_bytes(&gemba_fuzz::document(bytes), "fuzz.md");
    let Some(process) = compiled.processes.first() else { return };
    let steps = process.all_steps();
    let last = steps.last().map(|step| step.id.clone());
    for step in steps.iter().take(12) {
        for wanted in [
            Change::Before(String::new()),
            Change::After(String::new()),
            Change::Up,
            Change::Down,
            Change::Decision { condition: String::new(), to: last.clone() },
            Change::Handoff(String::new()),
        ] {
            if let Ok(made) = change(&source, "fuzz.md", &step.id, &wanted) {
                assert!(made.text.get(made.select).is_some());
            }
        }
    }
});
