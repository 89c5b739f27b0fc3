//! Any text is read as holidays or refused, without a panic; what is read reads back as the same.

#![no_main]

use gemba_schedule::holidays;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let text = String::from_utf8_lossy(bytes);
    match holidays::read(&text) {
        Ok(days) => assert_eq!(holidays::read(&holidays::write(&days)), Ok(days)),
        Err(unreadable) => assert!(!unreadable.to_string().is_empty()),
    }
});
