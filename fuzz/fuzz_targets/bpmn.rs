//! Any bytes are refused or read as a model; what is read is written and read again as the same, drawn,
//! and made into processes that are made into models. Never a panic.

#![no_main]

use gemba_bpmn::{drawn, of_process, read, to_processes, write};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let model = gemba_fuzz::model(bytes);
    let Ok((definitions, report)) = read(&model) else { return };
    assert!(report.findings.iter().all(|f| f.range.end <= report.source.len()));
    let text = write(&definitions);
    let (again, _) = read(text.as_bytes()).unwrap_or_else(|r| panic!("{}", r.finding.message));
    assert_eq!(write(&again), text);
    let (_, report) = read(write(&drawn(&definitions)).as_bytes())
        .unwrap_or_else(|r| panic!("{}", r.finding.message));
    assert!(report.source.len() >= text.len());
    for process in to_processes(&definitions, "model.bpmn").processes {
        let made = write(&of_process(&process, &[]));
        assert!(read(made.as_bytes()).is_ok());
    }
});
