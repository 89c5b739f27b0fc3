//! Writing a log of objects as XML of the second version.

use crate::ocel::{Attribute, Ocel};
use crate::time;
use crate::xml::escape;
use std::io::{self, Write};

/// Writes a log.
pub fn write(ocel: &Ocel, out: &mut dyn Write) -> io::Result<()> {
    let mut text = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<log>\n");
    for (what, types) in [("object", ocel.object_types()), ("event", ocel.event_types())] {
        put!(text, "  <{what}-types>\n");
        for (name, attributes) in types {
            put!(text, "    <{what}-type");
            named(&mut text, "name", name);
            text.push_str("><attributes>");
            for attribute in attributes {
                text.push_str("<attribute");
                named(&mut text, "name", attribute);
                text.push_str(" type=\"string\"/>");
            }
            put!(text, "</attributes></{what}-type>\n");
        }
        put!(text, "  </{what}-types>\n");
    }
    text.push_str("  <objects>\n");
    for object in &ocel.objects {
        text.push_str("    <object");
        named(&mut text, "id", &object.id);
        named(&mut text, "type", &object.kind);
        text.push_str(">\n");
        attributes(&mut text, &object.attributes, true);
        relations(&mut text, &object.objects);
        text.push_str("    </object>\n");
        out.write_all(text.as_bytes())?;
        text.clear();
    }
    text.push_str("  </objects>\n  <events>\n");
    for event in &ocel.events {
        text.push_str("    <event");
        named(&mut text, "id", &event.id);
        named(&mut text, "type", &event.kind);
        if let Some(time) = event.time {
            named(&mut text, "time", &time::rfc3339(time));
        }
        text.push_str(">\n");
        attributes(&mut text, &event.attributes, false);
        relations(&mut text, &event.objects);
        text.push_str("    </event>\n");
        out.write_all(text.as_bytes())?;
        text.clear();
    }
    text.push_str("  </events>\n</log>\n");
    out.write_all(text.as_bytes())
}

fn named(text: &mut String, name: &str, value: &str) {
    put!(*text, " {name}=\"");
    escape(text, value);
    text.push('"');
}

/// Attributes; those of objects say since when they hold, and 1970 means that they always did.
fn attributes(text: &mut String, all: &[Attribute], is_timed: bool) {
    text.push_str("      <attributes>");
    for attribute in all {
        text.push_str("<attribute");
        named(text, "name", &attribute.name);
        if is_timed {
            named(text, "time", &time::rfc3339(attribute.since.unwrap_or(0)));
        }
        text.push('>');
        escape(text, &attribute.value);
        text.push_str("</attribute>");
    }
    text.push_str("</attributes>\n");
}

fn relations(text: &mut String, all: &[(String, String)]) {
    text.push_str("      <objects>");
    for (object, qualifier) in all {
        text.push_str("<relationship");
        named(text, "object-id", object);
        named(text, "qualifier", qualifier);
        text.push_str("/>");
    }
    text.push_str("</objects>\n");
}
