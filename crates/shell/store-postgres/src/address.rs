//! Where the database is, and how what goes there and back is encrypted: what its URL says.
//!
//! `sslmode` and `sslrootcert` mean what they mean to PostgreSQL's own programs (libpq, "SSL support"), but
//! that TLS which fails is never done without, and that a root is looked for only where one is named:
//! else they are the certificate authorities that browsers trust.

use crate::fault::{broken, failed};
use crate::tls::{Check, Stream, Tls};
use gemba_store::Error;
use std::time::Duration;
use tokio_postgres::config::{Host, SslMode};
use tokio_postgres::{Client, Config, Connection, Error as Fault, Socket};

/// How long a connection may be silent, or what was sent unanswered by the other machine, before it
/// counts as cut.
const SILENCE: Duration = Duration::from_secs(15);
const READ: &str = "read the address of its database";

/// The address of a database.
#[derive(Debug, Clone)]
pub(crate) struct Address {
    config: Config,
    tls: Tls,
}

impl Address {
    /// Reads a URL: `postgres://user:password@host:port/database?sslmode=verify-full`.
    pub(crate) fn read(url: &str) -> Result<Self, Error> {
        let (rest, asked) = split(url)?;
        let mut config: Config = rest.parse().map_err(failed(READ))?;
        config.keepalives_idle(SILENCE).keepalives_interval(SILENCE).tcp_user_timeout(SILENCE);
        config.connect_timeout(SILENCE);
        let is_local = !config.get_hosts().iter().any(|host| matches!(host, Host::Tcp(_)));
        let root = asked.root.as_deref();
        let (mode, check) = match (asked.mode.as_deref(), root) {
            // Nobody listens on a socket of the machine, and the server offers no TLS there.
            (Some("disable"), _) => (SslMode::Disable, None),
            (None | Some("prefer"), _) if is_local => (SslMode::Disable, None),
            (None | Some("prefer"), _) => (SslMode::Prefer, Some(Check::Nothing)),
            (Some("require"), None) => (SslMode::Require, Some(Check::Nothing)),
            (Some("require" | "verify-ca"), _) => (SslMode::Require, Some(Check::Issuer)),
            (Some("verify-full"), _) => (SslMode::Require, Some(Check::IssuerAndName)),
            (Some(other), _) => {
                let why = format!(
                    "sslmode is {other:?}, and can be disable, prefer, require, verify-ca or verify-full"
                );
                return Err(broken(READ, why));
            }
        };
        config.ssl_mode(mode);
        let tls = match check {
            Some(check) => Tls::with(check, root).map_err(|why| broken(READ, why))?,
            None => Tls::default(),
        };
        Ok(Self { config, tls })
    }

    /// Connects.
    pub(crate) async fn connect(&self) -> Result<(Client, Connection<Socket, Stream>), Fault> {
        self.config.connect(self.tls.clone()).await
    }
}

/// What a URL says of TLS.
#[derive(Debug, Default, PartialEq, Eq)]
struct Asked {
    mode: Option<String>,
    root: Option<String>,
}

/// Takes what is said of TLS out of a URL: the driver knows three of the five modes, and no roots.
fn split(url: &str) -> Result<(String, Asked), Error> {
    let mut asked = Asked::default();
    let Some((before, query)) = url.split_once('?') else {
        return Ok((url.to_owned(), asked));
    };
    let mut others = Vec::new();
    for pair in query.split('&') {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        match name {
            "sslmode" => asked.mode = Some(decoded(value)?),
            "sslrootcert" => asked.root = Some(decoded(value)?),
            _ => others.push(pair),
        }
    }
    let mark = if others.is_empty() { "" } else { "?" };
    Ok((format!("{before}{mark}{}", others.join("&")), asked))
}

/// A value of a URL without its percent signs; a plus stands for itself there.
fn decoded(value: &str) -> Result<String, Error> {
    let pairs: Vec<(String, String)> =
        serde_urlencoded::from_str(&format!("v={}", value.replace('+', "%2B")))
            .map_err(|error| broken(READ, error))?;
    Ok(pairs.into_iter().next().map(|(_, value)| value).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::{Asked, split};

    #[test]
    fn what_a_url_says_of_tls_is_taken_out_of_it() {
        let check = |url: &str, rest: &str, mode: Option<&str>, root: Option<&str>| {
            let asked = Asked { mode: mode.map(str::to_owned), root: root.map(str::to_owned) };
            assert_eq!(split(url).unwrap(), (rest.to_owned(), asked), "{url}");
        };
        check("postgres://g@h/d", "postgres://g@h/d", None, None);
        check("postgres://g@h/d?sslmode=require", "postgres://g@h/d", Some("require"), None);
        check(
            "postgres://g@h/d?connect_timeout=3&sslmode=verify-full&sslrootcert=%2Fetc%2Fa+b%20c.crt",
            "postgres://g@h/d?connect_timeout=3",
            Some("verify-full"),
            Some("/etc/a+b c.crt"),
        );
        check("postgres://g@h/d?sslmode", "postgres://g@h/d", Some(""), None);
        check("postgres://g@h/d?sslmode=a&x=y", "postgres://g@h/d?x=y", Some("a"), None);
    }
}
