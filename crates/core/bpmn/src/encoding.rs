//! From bytes to text: byte order marks, the declared encoding, and what to do where both are wrong.

use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE};

/// How far into a file its encoding may be declared.
const DECLARATION: usize = 256;

/// A text and what was wrong with its bytes.
#[derive(Debug)]
pub(crate) struct Decoded {
    pub(crate) text: String,
    /// In words; `None` where all was well.
    pub(crate) trouble: Option<String>,
}

/// Reads the bytes as the text they are meant to be.
pub(crate) fn decode(bytes: &[u8]) -> Decoded {
    let (encoding, unknown) = encoding(bytes);
    let (text, _, had_errors) = encoding.decode(bytes);
    let trouble = if had_errors {
        Some(format!("some bytes are no {}: they were replaced by \u{fffd}", encoding.name()))
    } else {
        unknown.map(|name| format!("the encoding \"{name}\" is not known: it was read as UTF-8"))
    };
    Decoded { text: text.into_owned(), trouble }
}

fn encoding(bytes: &[u8]) -> (&'static Encoding, Option<String>) {
    if let Some((encoding, _)) = Encoding::for_bom(bytes) {
        return (encoding, None);
    }
    match bytes {
        [b'<', 0, ..] => return (UTF_16LE, None),
        [0, b'<', ..] => return (UTF_16BE, None),
        _ => {}
    }
    let Some(label) = declared(bytes) else { return (UTF_8, None) };
    match Encoding::for_label(label.as_bytes()) {
        // Tools that keep their text as UTF-16 say so in files that they write as UTF-8.
        Some(encoding) if encoding == UTF_16LE || encoding == UTF_16BE => (UTF_8, None),
        Some(encoding) => (encoding, None),
        None => (UTF_8, Some(label)),
    }
}

/// The encoding named in the XML declaration.
fn declared(bytes: &[u8]) -> Option<String> {
    let head = bytes.get(..DECLARATION.min(bytes.len()))?;
    let head = String::from_utf8_lossy(head);
    let (declaration, _) = head.trim_start().strip_prefix("<?xml")?.split_once("?>")?;
    let (_, rest) = declaration.split_once("encoding")?;
    let rest = rest.trim_start().strip_prefix('=')?.trim_start();
    let quote = rest.chars().next().filter(|c| matches!(c, '"' | '\''))?;
    let (label, _) = rest.get(1..)?.split_once(quote)?;
    Some(label.trim().to_owned())
}
