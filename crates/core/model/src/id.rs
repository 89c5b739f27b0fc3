//! Ids of stored things: 128 bits in UUID version 7 layout (RFC 9562, section 5.7), sortable by the
//! time they were made.
//!
//! Ids are made from a time and chance that the caller brings; shown as a short prefix and 26
//! characters of Crockford base 32.

use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};
use std::fmt;
use std::str::FromStr;

const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";

/// The 128 bits of an id made at `millis` (milliseconds since 1970) from 74 bits of `chance`.
pub fn bits(millis: u64, chance: u128) -> u128 {
    let time = u128::from(millis & 0xffff_ffff_ffff) << 80;
    let version = 0x7_u128 << 76;
    let high = ((chance >> 62) & 0xfff) << 64;
    let variant = 0b10_u128 << 62;
    let low = chance & 0x3fff_ffff_ffff_ffff;
    time | version | high | variant | low
}

/// 26 lower-case characters of Crockford base 32, most significant first.
pub fn encode(bits: u128) -> String {
    (0..26)
        .rev()
        .map(|place| {
            let digit = usize::try_from((bits >> (place * 5)) & 31).unwrap_or(0);
            ALPHABET.get(digit).copied().map_or('0', char::from)
        })
        .collect()
}

/// Reads what [`encode`] wrote; `None` for anything else.
pub fn decode(text: &str) -> Option<u128> {
    if text.len() != 26 || !text.starts_with(|c: char| ('0'..='7').contains(&c)) {
        return None;
    }
    text.bytes().try_fold(0_u128, |bits, byte| {
        let digit = match byte {
            b'0'..=b'9' => byte - b'0',
            b'a'..=b'h' => byte - b'a' + 10,
            b'j' | b'k' => byte - b'j' + 18,
            b'm' | b'n' => byte - b'm' + 20,
            b'p'..=b't' => byte - b'p' + 22,
            b'v'..=b'z' => byte - b'v' + 27,
            _ => return None,
        };
        Some((bits << 5) | u128::from(digit))
    })
}

/// A text that is not an id of the kind asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotAnId {
    /// What an id of this kind begins with.
    pub prefix: &'static str,
}

impl fmt::Display for NotAnId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "an id here is `{}_` and 26 letters and digits", self.prefix)
    }
}

impl std::error::Error for NotAnId {}

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident = $prefix:literal;)*) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(u128);

        impl $name {
            /// What the text form begins with.
            pub const PREFIX: &'static str = $prefix;

            /// An id made at `millis` since 1970 from `chance`.
            pub fn new(millis: u64, chance: u128) -> Self {
                Self(bits(millis, chance))
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{}_{}", $prefix, encode(self.0))
            }
        }

        impl FromStr for $name {
            type Err = NotAnId;
            fn from_str(text: &str) -> Result<Self, NotAnId> {
                text.strip_prefix($prefix)
                    .and_then(|rest| rest.strip_prefix('_'))
                    .and_then(decode)
                    .map(Self)
                    .ok_or(NotAnId { prefix: $prefix })
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
                to.collect_str(self)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
                String::deserialize(from)?.parse().map_err(D::Error::custom)
            }
        }
    )*};
}

ids! {
    /// One person's account.
    AccountId = "acc";
    /// One seat of the team chart.
    SeatId = "seat";
    /// One process of the workspace.
    ProcessId = "proc";
    /// One run of a process.
    RunId = "run";
    /// One work item: a step of a run, handed to a seat.
    WorkItemId = "work";
    /// One trigger of a process.
    TriggerId = "trg";
    /// One incident: something in a run that a person must see to.
    IncidentId = "inc";
    /// One channel: where news goes to.
    ChannelId = "chn";
    /// One delivery: a piece of news on its way to a channel.
    DeliveryId = "dlv";
    /// One API token.
    TokenId = "tok";
    /// One row of the audit log, the outbox or another list that needs no name of its own.
    EntryId = "ent";
}

/// The name of one occurrence of a trigger: the same for the same trigger and instant, for ever.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct OccurrenceKey {
    /// The trigger.
    pub trigger: TriggerId,
    /// The instant it was due, in microseconds since 1970.
    pub due_us: i64,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_survives_its_text() {
        let id = RunId::new(1_764_000_000_000, u128::MAX / 3);
        assert_eq!(id.to_string().parse::<RunId>(), Ok(id));
        assert!(id.to_string().starts_with("run_"));
    }

    #[test]
    fn ids_sort_by_time() {
        let (early, late) = (RunId::new(1_000, u128::MAX), RunId::new(1_001, 0));
        assert!(early < late && early.to_string() < late.to_string());
    }

    #[test]
    fn an_id_of_another_kind_is_refused() {
        let seat = SeatId::new(1, 2).to_string();
        assert!(seat.parse::<RunId>().is_err());
        assert!("run_zzzzzzzzzzzzzzzzzzzzzzzzzz".parse::<RunId>().is_err());
    }

    #[test]
    fn the_bits_are_version_7() {
        let made = bits(0x0123_4567_89ab, u128::MAX);
        assert_eq!(made >> 80, 0x0123_4567_89ab);
        assert_eq!((made >> 76) & 0xf, 7);
        assert_eq!((made >> 62) & 0b11, 0b10);
    }
}
