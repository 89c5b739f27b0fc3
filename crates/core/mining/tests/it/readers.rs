//! Files that are not as they should be.

use crate::corpus::{bytes, folder};
use gemba_mining::{Unwatched, csv, xes};
use proptest::prelude::*;

#[test]
fn a_broken_log_is_refused_with_the_reason_or_mended_and_counted() {
    for path in folder("malformed-xes") {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let (mut bad, mut said) = (false, String::new());
        match xes::read(bytes(&path).as_slice(), &mut Unwatched) {
            Ok(log) => {
                for (trouble, count, place) in log.report.troubles() {
                    bad = true;
                    said.push_str(&format!(" {count} {} from {}", trouble.words(), place.words()));
                }
            }
            Err(refusal) => {
                bad = true;
                said = refusal.to_string();
            }
        }
        // What the names of the files say is wrong is told; these two are not wrong after all: a list may
        // have attributes of its own, and globals come in any order.
        let is_wrong =
            ["Incorrect", "NoTZD", "Swapped", "NoAttributes"].iter().any(|w| name.contains(w));
        let is_right = ["classifierIncorrectKey", "global", "ValuesSwapped", "logNo"];
        let is_wrong = is_wrong && !is_right.iter().any(|w| name.contains(w));
        if is_wrong {
            assert!(bad, "{name}: nothing was said of it");
        }
        println!("{name}:{said}");
    }
}

/// Bytes that look a little like a log.
fn nearly(pieces: &'static [&'static str]) -> impl Strategy<Value = Vec<u8>> {
    let piece = prop_oneof![
        4 => proptest::sample::select(pieces).prop_map(|text| text.as_bytes().to_vec()),
        1 => proptest::collection::vec(any::<u8>(), 0..6),
    ];
    proptest::collection::vec(piece, 0..40).prop_map(|pieces| pieces.concat())
}

const XES: &[&str] = &[
    "<log>",
    "</log>",
    "<trace>",
    "</trace>",
    "<event>",
    "</event>",
    "<event/>",
    "<string key='concept:name' value='a'/>",
    "<date key='time:timestamp' value='2020-01-01T00:00:00Z'/>",
    "<list key='l'><values>",
    "</values></list>",
    "<!--",
    "-->",
    "<classifier name='c' keys='a b'/>",
    "<![CDATA[",
    "]]>",
    "&amp;",
    "&#x0;",
    "<int key=\"n\" value=\"1\">",
    "</int>",
];
const CSV: &[&str] = &[
    "case,activity,time\n",
    "1,a,2020-01-01\n",
    "\"",
    ",",
    "\n",
    "\r\n",
    ";",
    "2,\"b\"\"c\",x\n",
    "3,,\n",
];

proptest! {
    #[test]
    fn any_bytes_are_a_log_or_none(bytes in nearly(XES)) {
        if let Ok(log) = xes::read(bytes.as_slice(), &mut Unwatched) {
            let mut out = Vec::new();
            xes::write(&log, &mut out).unwrap();
            let again = xes::read(out.as_slice(), &mut Unwatched).unwrap();
            prop_assert_eq!(again.events(), log.events());
            prop_assert_eq!(again.cases(), log.cases());
            let mut twice = Vec::new();
            xes::write(&again, &mut twice).unwrap();
            prop_assert_eq!(String::from_utf8(out), String::from_utf8(twice));
        }
    }

    #[test]
    fn any_bytes_are_a_table_or_none(bytes in nearly(CSV)) {
        if let Ok(log) = csv::read(bytes.as_slice(), &csv::Roles::default(), &mut Unwatched) {
            let mut out = Vec::new();
            csv::write(&log, &mut out).unwrap();
            let again = csv::read(out.as_slice(), &csv::Roles::default(), &mut Unwatched).unwrap();
            prop_assert_eq!(again.events(), log.events());
            let mut twice = Vec::new();
            csv::write(&again, &mut twice).unwrap();
            prop_assert_eq!(out, twice);
        }
    }
}
