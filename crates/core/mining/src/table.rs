//! Finding what was seen before: a table of ids by hash, and names kept once.
//!
//! The order of ids is that of first appearance and depends on the input alone.

use crate::number::{NONE, id, ix};
use std::borrow::Cow;

/// Ids by the hash of what they stand for. What that is, the caller keeps.
#[derive(Debug, Clone, Default)]
pub(crate) struct Table {
    /// Hash and id of each entry; `NONE` as id where there is none. A power of two, or empty.
    slots: Vec<(u32, u32)>,
    used: usize,
}

impl Table {
    /// The id under this hash for which `same` holds.
    pub(crate) fn find(&self, hash: u32, mut same: impl FnMut(u32) -> bool) -> Option<u32> {
        let mask = self.slots.len().checked_sub(1)?;
        let mut at = ix(hash) & mask;
        loop {
            let (tag, id) = *self.slots.get(at)?;
            if id == NONE {
                return None;
            }
            if tag == hash && same(id) {
                return Some(id);
            }
            at = (at + 1) & mask;
        }
    }

    /// Puts an id in that is not there.
    pub(crate) fn insert(&mut self, hash: u32, id: u32) {
        if (self.used + 1) * 2 > self.slots.len() {
            let bigger = (self.slots.len() * 2).max(16);
            let old = std::mem::replace(&mut self.slots, vec![(0, NONE); bigger]);
            for (tag, id) in old.into_iter().filter(|(_, id)| *id != NONE) {
                self.put(tag, id);
            }
        }
        self.used += 1;
        self.put(hash, id);
    }

    fn put(&mut self, hash: u32, id: u32) {
        let Some(mask) = self.slots.len().checked_sub(1) else { return };
        let mut at = ix(hash) & mask;
        while let Some(slot) = self.slots.get_mut(at) {
            if slot.1 == NONE {
                *slot = (hash, id);
                return;
            }
            at = (at + 1) & mask;
        }
    }
}

const FACTOR: u64 = 0x9e37_79b9_7f4a_7c15;

/// One more word in a hash.
pub(crate) fn mix(hash: u64, word: u64) -> u64 {
    let product = (hash ^ word).wrapping_mul(FACTOR);
    product ^ (product >> 29)
}

/// The end of a hash.
pub(crate) fn fold(hash: u64) -> u32 {
    let last = hash.wrapping_mul(FACTOR);
    u32::try_from(last >> 32).unwrap_or_default()
}

/// The hash of bytes.
pub(crate) fn hash_bytes(bytes: &[u8]) -> u32 {
    let mut hash = crate::number::long(bytes.len());
    let (words, rest) = bytes.as_chunks::<8>();
    for word in words {
        hash = mix(hash, u64::from_le_bytes(*word));
    }
    let mut last = [0_u8; 8];
    for (to, from) in last.iter_mut().zip(rest) {
        *to = *from;
    }
    fold(mix(hash, u64::from_le_bytes(last)))
}

/// The hash of ids.
pub(crate) fn hash_ids(ids: &[u32]) -> u32 {
    let mut hash = crate::number::long(ids.len());
    for id in ids {
        hash = mix(hash, u64::from(*id));
    }
    fold(hash)
}

/// Texts kept once, each under an id; ids count up from 0 in order of first appearance.
#[derive(Debug, Clone, Default)]
pub struct Names {
    text: String,
    ends: Vec<usize>,
    table: Table,
}

impl Names {
    /// How many there are.
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// The text under an id; empty for an id that is not there.
    pub fn get(&self, id: u32) -> &str {
        let at = ix(id);
        let Some(end) = self.ends.get(at) else { return "" };
        let start = at.checked_sub(1).and_then(|before| self.ends.get(before)).unwrap_or(&0);
        self.text.get(*start..*end).unwrap_or_default()
    }

    /// The texts in the order of their ids.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        (0..id(self.len())).map(|id| self.get(id))
    }

    /// The id of a text that is there.
    pub fn find(&self, text: &str) -> Option<u32> {
        self.found(hash_bytes(text.as_bytes()), text.as_bytes())
    }

    fn found(&self, hash: u32, bytes: &[u8]) -> Option<u32> {
        self.table.find(hash, |id| self.get(id).as_bytes() == bytes)
    }

    /// The id of a text, which is kept where it is new.
    pub fn intern(&mut self, text: &str) -> u32 {
        self.intern_bytes(text.as_bytes())
    }

    /// The id of bytes; those that are no UTF-8 are kept as replacement characters.
    pub(crate) fn intern_bytes(&mut self, bytes: &[u8]) -> u32 {
        let hash = hash_bytes(bytes);
        if let Some(id) = self.found(hash, bytes) {
            return id;
        }
        let text = match String::from_utf8_lossy(bytes) {
            Cow::Borrowed(text) => text,
            Cow::Owned(mended) => return self.intern(&mended),
        };
        let new = id(self.ends.len());
        self.text.push_str(text);
        self.ends.push(self.text.len());
        self.table.insert(hash, new);
        new
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_has_one_id_and_ids_count_up_in_order_of_appearance() {
        let mut names = Names::default();
        let ids: Vec<u32> = ["b", "a", "", "b", "a", "c"].map(|n| names.intern(n)).to_vec();
        assert_eq!(ids, [0, 1, 2, 0, 1, 3]);
        assert_eq!(names.iter().collect::<Vec<_>>(), ["b", "a", "", "c"]);
        assert_eq!(names.find("c"), Some(3));
        assert_eq!(names.find("d"), None);
    }

    #[test]
    fn a_hundred_thousand_names_are_all_found_again() {
        let mut names = Names::default();
        for n in 0..100_000_u32 {
            assert_eq!(names.intern(&format!("name {n}")), n);
        }
        for n in 0..100_000_u32 {
            assert_eq!(names.find(&format!("name {n}")), Some(n));
        }
    }

    #[test]
    fn bytes_that_are_no_text_are_mended_once() {
        let mut names = Names::default();
        assert_eq!(names.intern_bytes(b"a\xff"), names.intern_bytes(b"a\xff"));
        assert_eq!(names.get(0), "a\u{fffd}");
    }
}
