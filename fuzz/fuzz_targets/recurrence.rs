//! Any text is read as a rhythm or refused without a panic; what is read, printed and read again is
//! the same.

#![no_main]

use gemba_model::Recurrence;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let document = gemba_fuzz::document(bytes);
    let text = String::from_utf8_lossy(&document);
    match text.parse::<Recurrence>() {
        Ok(rule) => {
            assert!(rule.period_days() > 0);
            let printed = rule.to_string();
            assert_eq!(printed.parse::<Recurrence>().as_ref(), Ok(&rule), "{printed}");
        }
        Err(error) => assert!(!error.reason.is_empty()),
    }
});
