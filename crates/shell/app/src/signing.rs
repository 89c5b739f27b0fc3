//! Signed messages between programs.
//!
//! As Standard Webhooks 1.0 says (<https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md>):
//! HMAC-SHA256 over `id.timestamp.body`, in base 64, after `v1,`.

use crate::{App, Error, Result};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use hmac::{Hmac, KeyInit as _, Mac as _};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use sha2::Sha256;
use std::fmt;

/// How far the clocks of sender and receiver may lie apart, and how long a message is on its way.
pub const TOLERANCE: SignedDuration = SignedDuration::from_mins(5);
/// What every secret begins with.
const PREFIX: &str = "whsec_";
/// The most signatures of one message that are looked at: senders give two while they change secrets.
const MOST: usize = 10;

/// A secret that signs and verifies: `whsec_` and 32 random bytes in base 64. It is never printed.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Secret(String);

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

impl Secret {
    /// A new one.
    pub(crate) fn new(app: &App) -> Self {
        let bytes = [app.chance().to_le_bytes(), app.chance().to_le_bytes()].concat();
        Self(format!("{PREFIX}{}", STANDARD.encode(bytes)))
    }

    /// The one that somebody else made: 24 to 64 bytes, as the specification says.
    pub(crate) fn of_text(text: &str) -> Option<Self> {
        let secret = Self(text.trim().to_owned());
        (24..=64).contains(&secret.key()?.len()).then_some(secret)
    }

    /// The text, to be shown once.
    pub(crate) fn reveal(&self) -> String {
        self.0.clone()
    }

    fn key(&self) -> Option<Vec<u8>> {
        STANDARD.decode(self.0.strip_prefix(PREFIX)?).ok()
    }

    fn mac(&self, id: &str, at: i64, body: &[u8]) -> Option<Hmac<Sha256>> {
        let mut mac = Hmac::<Sha256>::new_from_slice(&self.key()?).ok()?;
        for part in [id.as_bytes(), b".", at.to_string().as_bytes(), b".", body] {
            mac.update(part);
        }
        Some(mac)
    }

    /// The value of the header `webhook-signature`.
    pub fn sign(&self, id: &str, at: i64, body: &[u8]) -> Option<String> {
        let mac = self.mac(id, at, body)?;
        Some(format!("v1,{}", STANDARD.encode(mac.finalize().into_bytes())))
    }

    /// Whether one of the signatures in a header is that of this secret, in constant time.
    fn verifies(&self, id: &str, at: i64, body: &[u8], signatures: &str) -> bool {
        signatures.split(' ').take(MOST).any(|one| {
            let given = one.strip_prefix("v1,").and_then(|text| STANDARD.decode(text).ok());
            let mac = self.mac(id, at, body);
            given.zip(mac).is_some_and(|(given, mac)| mac.verify_slice(&given).is_ok())
        })
    }
}

/// What a signed message says of itself.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Signed {
    /// The header `webhook-id`.
    pub id: String,
    /// The header `webhook-timestamp`: seconds since 1970.
    pub timestamp: String,
    /// The header `webhook-signature`.
    pub signature: String,
}

impl Signed {
    /// Refuses a message that none of these secrets signed, or whose time is not now.
    pub(crate) fn verify(&self, secrets: &[&Secret], now: Timestamp, body: &[u8]) -> Result<()> {
        let refused = |reason| Err(Error::Unsigned { reason });
        if self.id.is_empty() || self.timestamp.is_empty() || self.signature.is_empty() {
            return refused("it needs webhook-id, webhook-timestamp and webhook-signature");
        }
        if self.id.len() > 300 || self.id.contains('.') {
            return refused("webhook-id is at most 300 characters without a full stop");
        }
        let Ok(at) = self.timestamp.parse::<i64>() else {
            return refused("webhook-timestamp is seconds since 1970");
        };
        let verifies = |secret: &&Secret| secret.verifies(&self.id, at, body, &self.signature);
        if !secrets.iter().any(verifies) {
            return refused("the signature is not that of this trigger's secret");
        }
        if (now.as_second().saturating_sub(at)).saturating_abs() > TOLERANCE.as_secs() {
            return refused("its time is more than five minutes from now");
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The example of the specification's own test suite.
    const ID: &str = "msg_p5jXN8AQM9LWM0D4loKWxJek";
    const AT: i64 = 1_614_265_330;
    const BODY: &[u8] = br#"{"test": 2432232314}"#;

    fn secret() -> Secret {
        Secret::of_text("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw").expect("a secret")
    }

    fn check(signed: &Signed, away: i64, body: &[u8], expected: &str) {
        let now = Timestamp::from_second(AT + away).expect("a time");
        let got = signed.verify(&[&secret()], now, body);
        let got = got.map_or_else(|error| error.to_string(), |()| "fine".to_owned());
        assert!(got.contains(expected), "{got}");
    }

    #[test]
    fn a_message_is_signed_as_the_specification_says() {
        let signature = secret().sign(ID, AT, BODY).expect("a signature");
        assert_eq!(signature, "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
        let signed = Signed { id: ID.to_owned(), timestamp: AT.to_string(), signature };
        check(&signed, 0, BODY, "fine");
        check(&signed, 300, BODY, "fine");
        check(&signed, -300, BODY, "fine");
        check(&signed, 301, BODY, "five minutes");
        check(&signed, -301, BODY, "five minutes");
        check(&signed, 0, b"{}", "not that of");
        let with = |signature: &str| Signed { signature: signature.to_owned(), ..signed.clone() };
        check(&with(&format!("v1,AAAA v1a,AAAA {}", signed.signature)), 0, BODY, "fine");
        check(&with("v1,AAAA"), 0, BODY, "not that of");
        check(&with(""), 0, BODY, "needs");
        check(&Signed { timestamp: "soon".to_owned(), ..signed.clone() }, 0, BODY, "seconds");
        check(&Signed { id: "a.b".to_owned(), ..signed }, 0, BODY, "full stop");
    }

    #[test]
    fn a_secret_is_not_printed_and_has_its_length() {
        assert_eq!(format!("{:?}", secret()), "Secret(…)");
        for text in ["whsec_", "whsec_AAAA", "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "whsec_%%"] {
            assert!(Secret::of_text(text).is_none(), "{text}");
        }
    }
}
