//! Any message from outside is refused or read within its limits, and what a mapping takes out of it is
//! short and on one line. Never a panic.

#![no_main]

use gemba_app::inlets::message::Letter;
use gemba_app::records::Mapping;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: (String, String, String, String, Vec<u8>)| {
    let (content_type, name, value, pointer, body) = input;
    let attributes = [("specversion", "1.0"), ("id", "1"), ("source", "s"), ("type", "t")];
    let mut attributes: std::collections::BTreeMap<String, String> =
        attributes.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect();
    attributes.insert(name, value);
    let letter = Letter { content_type, attributes, id: "m".to_owned(), body };
    let Ok(message) = letter.read() else { return };
    assert!(!message.id.is_empty() && !message.source.is_empty() && !message.kind.is_empty());
    let title = Some(format!("a {{{pointer}}} b"));
    let mapped = Mapping { title, inputs: [("x".to_owned(), pointer)].into() }.apply(&message);
    let texts = mapped.title.iter().chain(mapped.inputs.values());
    assert!(texts.clone().all(|text| text.chars().count() <= 2_000 && !text.chars().any(char::is_control)));
});
