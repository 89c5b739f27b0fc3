//! The chain of the audit log: each line is hashed together with the hash of the line before it, so a
//! line that was changed, taken out or put in between later does not fit any more.
//!
//! The form of what is hashed is written down in `docs/audit-log.md` and never changes; a new form
//! would carry another [`FORM`].

use crate::{Error, Kept, NewAudit, Table, Tx};
use sha2::{Digest, Sha256};
use std::fmt::Write as _;

/// The name of the form, the first bytes of whatever is hashed.
pub const FORM: &str = "gemba.audit.1";

/// What stands before the first line.
pub const START: &str = "0000000000000000000000000000000000000000000000000000000000000000";

/// How many lines are read at a time.
const PAGE: u32 = 1_000;

/// The hash of a line, in 64 hexadecimal digits.
///
/// SHA-256 over the name of the form, the hash of the line before as its digits, the number and the time in microseconds since 1970 as eight bytes each,
/// and actor, action, subject and detail, each as its length in bytes and its UTF-8. Numbers are
/// big-endian. The length before each text keeps two different lines from being written alike.
pub fn hash(before: &str, seq: i64, entry: &NewAudit) -> String {
    let mut digest = Sha256::new();
    digest.update(FORM);
    digest.update(before);
    digest.update(seq.to_be_bytes());
    digest.update(entry.at.as_microsecond().to_be_bytes());
    for text in [&entry.actor, &entry.action, &entry.subject, &entry.detail] {
        digest.update(u64::try_from(text.len()).unwrap_or(u64::MAX).to_be_bytes());
        digest.update(text);
    }
    digest.finalize().iter().fold(String::with_capacity(64), |mut hex, byte| {
        // Writing to a string cannot fail.
        let _written = write!(hex, "{byte:02x}");
        hex
    })
}

/// What reading the whole log showed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verdict {
    /// How many lines fit, from the first on.
    pub lines: u64,
    /// The last line that fits: its number and hash; nothing where there is none.
    pub head: Option<(i64, String)>,
    /// The first line that does not fit.
    pub fault: Option<Misfit>,
}

/// A line that does not fit, by its number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Misfit {
    /// The number of the line; of one that is missing, the number that it had.
    pub seq: i64,
    /// What is wrong with it.
    pub why: Wrong,
}

/// What is wrong with a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wrong {
    /// It is not there, and later ones are.
    Missing,
    /// Its content, or that of what stood before it, is not what was hashed.
    Changed,
    /// It cannot be read.
    Unreadable,
    /// It is there, and its hash is not the one that was noted.
    NotAsNoted,
    /// It was noted, and the log ends before it.
    CutOff,
}

impl Wrong {
    /// In words, after "line 7".
    pub fn words(self) -> &'static str {
        match self {
            Self::Missing => "is missing: it was taken out",
            Self::Changed => "is not what was written: it or the hash of it was changed",
            Self::Unreadable => "cannot be read",
            Self::NotAsNoted => "is not the one that was noted: the log was written anew",
            Self::CutOff => "was noted and is gone: the end of the log was cut off",
        }
    }
}

/// Reads the whole log in order and stops at the first line that does not fit its hash.
///
/// A chain says nothing about what is cut off at its end or about a log that was written anew from
/// the start: for that, give the number and hash of a line that was noted elsewhere.
pub async fn verify(tx: &mut dyn Tx, noted: Option<(i64, &str)>) -> Result<Verdict, Error> {
    let mut verdict = Verdict { lines: 0, head: None, fault: None };
    let (mut after, mut before, mut limit) = (None, START.to_owned(), PAGE);
    let mut expected = 1;
    loop {
        let page = match tx.kept(Table::Audit, after.as_ref(), limit).await {
            // One by one from here on, so that the one that cannot be read is named.
            Err(Error::Corrupt { .. }) if limit > 1 => {
                limit = 1;
                continue;
            }
            Err(Error::Corrupt { .. }) => {
                verdict.fault = Some(Misfit { seq: expected, why: Wrong::Unreadable });
                return Ok(verdict);
            }
            read => read?,
        };
        for kept in &page {
            let Kept::Audit(row) = kept else { continue };
            let why = if row.seq != expected {
                Some(Wrong::Missing)
            } else if row.hash != hash(&before, row.seq, &row.entry) {
                Some(Wrong::Changed)
            } else if noted.is_some_and(|(seq, hash)| seq == row.seq && hash != row.hash) {
                Some(Wrong::NotAsNoted)
            } else {
                None
            };
            if let Some(why) = why {
                verdict.fault = Some(Misfit { seq: expected, why });
                return Ok(verdict);
            }
            before.clone_from(&row.hash);
            verdict.head = Some((row.seq, row.hash.clone()));
            verdict.lines += 1;
            expected = row.seq.saturating_add(1);
        }
        let Some(last) = page.into_iter().next_back() else { break };
        after = Some(last);
    }
    if let Some((seq, _)) = noted
        && seq >= expected
    {
        verdict.fault = Some(Misfit { seq, why: Wrong::CutOff });
    }
    Ok(verdict)
}

#[cfg(test)]
mod tests {
    use super::{START, hash};
    use crate::NewAudit;
    use jiff::Timestamp;

    fn entry(at: i64, texts: [&str; 4]) -> NewAudit {
        let [actor, action, subject, detail] = texts.map(str::to_owned);
        let at = Timestamp::from_microsecond(at).unwrap();
        NewAudit { at, actor, action, subject, detail }
    }

    /// The digests were computed with another program, from the description in `docs/audit-log.md`.
    #[test]
    fn a_line_is_hashed_in_the_form_that_is_written_down() {
        let first =
            entry(1_795_651_200_000_000, ["Mara Lindström", "seat.changed", "seat_1", "{}"]);
        let one = hash(START, 1, &first);
        assert_eq!(one, "1839aeeba4fab066148a2cffc1fe2f72465038e215096546c6e31f156fdc1a27");
        let second = entry(-1, ["", "", "", ""]);
        assert_eq!(
            hash(&one, 2, &second),
            "9a9a338f29c3eb22c27d2ab688ebddae1092c17948d2e7ab48164b32c784f6f0"
        );
    }

    #[test]
    fn no_two_lines_are_hashed_alike() {
        let base = ["ab", "c", "d", "e"];
        let all = [
            hash(START, 1, &entry(0, base)),
            hash(START, 2, &entry(0, base)),
            hash(START, 1, &entry(1, base)),
            hash(START, 1, &entry(0, ["a", "bc", "d", "e"])),
            hash(START, 1, &entry(0, ["ab", "", "cd", "e"])),
            hash(START, 1, &entry(0, ["ab", "c", "de", ""])),
            hash(&hash(START, 1, &entry(0, base)), 1, &entry(0, base)),
        ];
        let distinct: std::collections::BTreeSet<&String> = all.iter().collect();
        assert_eq!(distinct.len(), all.len());
    }
}
