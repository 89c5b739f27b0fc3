//! Names that must differ: the second of the same gets a number.

use std::collections::BTreeMap;

/// Names given so far, each with how often it was wanted.
#[derive(Debug, Default)]
pub(crate) struct Names {
    taken: BTreeMap<String, usize>,
}

impl Names {
    /// Marks a name as taken.
    pub(crate) fn reserve(&mut self, name: &str) {
        self.taken.entry(name.to_owned()).or_insert(1);
    }

    /// The wanted name, or the same with the next free number behind it.
    pub(crate) fn give(&mut self, wanted: &str) -> String {
        let Some(mut n) = self.taken.get(wanted).copied() else {
            self.reserve(wanted);
            return wanted.to_owned();
        };
        loop {
            n += 1;
            let tail = format!("-{n}");
            let keep: String =
                wanted.chars().take(gemba_model::slug::MAX_LEN - tail.len()).collect();
            let name = format!("{}{tail}", keep.trim_end_matches('-'));
            if !self.taken.contains_key(&name) {
                self.taken.insert(wanted.to_owned(), n);
                self.reserve(&name);
                return name;
            }
        }
    }
}
