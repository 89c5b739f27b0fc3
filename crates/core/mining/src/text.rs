//! From the bytes of a file to UTF-8, piece by piece: what its first bytes say its encoding is.

use encoding_rs::{CoderResult, Decoder, Encoding, UTF_8, UTF_16BE, UTF_16LE};
use std::io::{self, Read};

/// How far into a file its encoding may be declared.
const HEAD: usize = 512;
const PIECE: usize = 64 * 1024;

/// A reader that gives UTF-8, whatever the file is in. UTF-8 itself passes through as it is.
pub(crate) struct Utf8<R> {
    inner: R,
    decoder: Option<Decoder>,
    raw: Vec<u8>,
    /// What is decoded and not yet given.
    ready: Vec<u8>,
    given: usize,
    is_over: bool,
}

impl<R: Read> Utf8<R> {
    pub(crate) fn new(mut inner: R) -> io::Result<Self> {
        let mut head = Vec::with_capacity(HEAD);
        inner.by_ref().take(crate::number::long(HEAD)).read_to_end(&mut head)?;
        let (encoding, skip) = match Encoding::for_bom(&head) {
            Some((encoding, length)) => (encoding, length),
            None => (declared(&head), 0),
        };
        let decoder = (encoding != UTF_8).then(|| encoding.new_decoder_without_bom_handling());
        let head = head.get(skip..).unwrap_or_default().to_vec();
        let mut new =
            Self { inner, decoder, raw: Vec::new(), ready: Vec::new(), given: 0, is_over: false };
        match &new.decoder {
            None => new.ready = head,
            Some(_) => new.decode(&head, false),
        }
        Ok(new)
    }

    fn decode(&mut self, bytes: &[u8], is_last: bool) {
        let Some(decoder) = &mut self.decoder else { return };
        let room = decoder.max_utf8_buffer_length(bytes.len()).unwrap_or(PIECE * 4);
        self.ready.resize(room, 0);
        self.given = 0;
        let (result, _, written, _) = decoder.decode_to_utf8(bytes, &mut self.ready, is_last);
        debug_assert!(matches!(result, CoderResult::InputEmpty), "the room is enough for all");
        self.ready.truncate(written);
    }
}

impl<R: Read> Read for Utf8<R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        loop {
            let left = self.ready.get(self.given..).unwrap_or_default();
            if !left.is_empty() {
                let count = left.len().min(out.len());
                for (to, from) in out.iter_mut().zip(left) {
                    *to = *from;
                }
                self.given += count;
                return Ok(count);
            }
            if self.decoder.is_none() {
                return self.inner.read(out);
            }
            if self.is_over {
                return Ok(0);
            }
            let mut raw = std::mem::take(&mut self.raw);
            raw.resize(PIECE, 0);
            let count = self.inner.read(&mut raw)?;
            self.is_over = count == 0;
            self.decode(raw.get(..count).unwrap_or_default(), self.is_over);
            self.raw = raw;
        }
    }
}

/// The encoding that an XML declaration names, or that the first bytes give away.
fn declared(head: &[u8]) -> &'static Encoding {
    match head {
        [b'<', 0, ..] => return UTF_16LE,
        [0, b'<', ..] => return UTF_16BE,
        _ => {}
    }
    let text = String::from_utf8_lossy(head);
    let label = || {
        let (declaration, _) = text.trim_start().strip_prefix("<?xml")?.split_once("?>")?;
        let (_, rest) = declaration.split_once("encoding")?;
        let rest = rest.trim_start().strip_prefix('=')?.trim_start();
        let quote = rest.chars().next().filter(|c| matches!(c, '"' | '\''))?;
        let (label, _) = rest.get(1..)?.split_once(quote)?;
        Encoding::for_label(label.trim().as_bytes())
    };
    // Tools that keep their text as UTF-16 say so in files that they write as UTF-8.
    label().filter(|it| *it != UTF_16LE && *it != UTF_16BE).unwrap_or(UTF_8)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(bytes: &[u8], expected: &str) {
        let mut text = String::new();
        Utf8::new(bytes).and_then(|mut utf8| utf8.read_to_string(&mut text)).unwrap();
        assert_eq!(text, expected);
    }

    #[test]
    fn files_in_other_encodings_are_read_as_what_they_say() {
        check(b"\xef\xbb\xbfa", "a");
        check(
            b"<?xml version='1.0' encoding='ISO-8859-1'?><a>\xe9</a>",
            "<?xml version='1.0' encoding='ISO-8859-1'?><a>é</a>",
        );
        check(b"\xff\xfe<\0a\0", "<a");
        check(b"<?xml encoding=\"UTF-16\"?>a", "<?xml encoding=\"UTF-16\"?>a");
        check(b"", "");
    }

    #[test]
    fn a_long_text_in_another_encoding_is_whole() {
        let mut bytes = b"<?xml version='1.0' encoding='ISO-8859-1'?>".to_vec();
        bytes.extend(std::iter::repeat_n(0xe9, 300_000));
        let mut text = String::new();
        Utf8::new(bytes.as_slice()).and_then(|mut utf8| utf8.read_to_string(&mut text)).unwrap();
        assert_eq!(text.chars().filter(|c| *c == 'é').count(), 300_000);
    }
}
