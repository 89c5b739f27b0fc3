//! Every change of every step of any text is made or refused, never a panic, and leaves a text whose
//! selection is within it.

#![no_main]

use gemba_sop::{
    compile_bytes,
    edit::{Change, change},
};

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let (source, compiled) = compile_bytes(&gemba_fuzz::document(bytes), "fuzz.md");
    let all = compiled.processes.iter().enumerate().take(2);
    let steps = all.flat_map(|(nth, process)| {
        let steps = process.all_steps();
        let last = steps.last().map(|step| step.id.clone());
        steps.into_iter().take(12).map(move |step| (nth, step, last.clone()))
    });
    for (nth, step, last) in steps {
        for wanted in [
            Change::Before(String::new()),
            Change::After(String::new()),
            Change::Up,
            Change::Down,
            Change::Decision { condition: String::new(), to: last.clone() },
            Change::Handoff(String::new()),
        ] {
            if let Ok(made) = change(&source, "fuzz.md", nth, &step.id, &wanted) {
                assert!(made.text.get(made.select).is_some());
            }
        }
    }
});
