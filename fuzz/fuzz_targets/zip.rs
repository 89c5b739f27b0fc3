//! Any bytes are refused or unpacked within the limits, with no name that leads elsewhere; what was
//! unpacked packs and unpacks as the same. Never a panic.

#![no_main]

use gemba_app::archive::{MAX_ENTRIES, MAX_TOTAL, pack, unpack};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let Ok(files) = unpack(bytes) else { return };
    assert!(files.len() <= MAX_ENTRIES);
    let total: usize = files.iter().map(|(_, content)| content.len()).sum();
    assert!(u64::try_from(total).is_ok_and(|total| total <= MAX_TOTAL));
    for (name, _) in &files {
        assert!(!name.starts_with('/') && name.split('/').all(|part| !["", ".", ".."].contains(&part)));
    }
    let again = pack(&files).expect("what was unpacked can be packed");
    // What packs well may be refused as a bomb; else it is the same.
    if let Ok(same) = unpack(&again) {
        assert_eq!(same, files);
    }
});
