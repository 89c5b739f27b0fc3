//! Any bytes are refused or read as a log, whatever the format; what is read is written and read again with the
//! same cases and events. Never a panic.

#![no_main]

use gemba_mining::ocel::{Ocel, read_json, read_table, read_xml, write_json};
use gemba_mining::{EventLog, Refusal, Unwatched, csv, pnml, xes};
use libfuzzer_sys::fuzz_target;

fn size(log: &EventLog) -> (usize, usize) {
    (log.cases(), log.events())
}

fuzz_target!(|bytes: &[u8]| {
    let roles = csv::Roles::default();
    let read: [Result<EventLog, Refusal>; 2] =
        [xes::read(bytes, &mut Unwatched), csv::read(bytes, &roles, &mut Unwatched)];
    for log in read.into_iter().flatten() {
        let mut out = Vec::new();
        xes::write(&log, &mut out).expect("memory can be written to");
        let again = xes::read(out.as_slice(), &mut Unwatched).unwrap_or_else(|r| panic!("{r}"));
        assert_eq!(size(&again), size(&log));
        let mut out = Vec::new();
        write_json(&Ocel::of_log(&log), &mut out).expect("memory can be written to");
        let again = read_json(out.as_slice()).unwrap_or_else(|r| panic!("{r}"));
        assert_eq!(again.events.len(), log.events());
    }
    for objects in [read_json(bytes), read_xml(bytes), read_table(bytes, &mut Unwatched)].into_iter().flatten() {
        let mut out = Vec::new();
        write_json(&objects, &mut out).expect("memory can be written to");
        let again = read_json(out.as_slice()).unwrap_or_else(|r| panic!("{r}"));
        assert_eq!(again.counts(), objects.counts());
        if let Some(kind) = objects.main_type() {
            assert!(objects.cases(&kind).is_ok());
        }
    }
    if let Ok(net) = pnml::read(bytes) {
        let text = pnml::write(&net, "net");
        assert!(pnml::read(text.as_bytes()).is_ok());
    }
});
