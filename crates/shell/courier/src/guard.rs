//! Which addresses nothing is posted to: those of this machine and of private networks.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use ureq::config::Config;
use ureq::http::Uri;
use ureq::unversioned::resolver::{DefaultResolver, ResolvedSocketAddrs, Resolver};
use ureq::unversioned::transport::NextTimeout;

/// What is said of an address that stands for a place which is not public.
const INSIDE: &str = "the address stands for this machine or a private network";

/// Looks names up, and refuses one that stands for any place that is not public. The connection goes to
/// the addresses that come back: a second look-up cannot bring others.
#[derive(Debug)]
pub(crate) struct Guarded {
    /// Whether every place is fine.
    pub(crate) private: bool,
}

impl Resolver for Guarded {
    fn resolve(
        &self,
        uri: &Uri,
        config: &Config,
        timeout: NextTimeout,
    ) -> Result<ResolvedSocketAddrs, ureq::Error> {
        let found = DefaultResolver::default().resolve(uri, config, timeout)?;
        if self.private || found.iter().all(|one: &SocketAddr| is_public(one.ip())) {
            Ok(found)
        } else {
            Err(ureq::Error::Other(Box::new(Inside)))
        }
    }
}

/// A name that stands for a place which is not public.
#[derive(Debug)]
struct Inside;

impl fmt::Display for Inside {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(INSIDE)
    }
}

impl std::error::Error for Inside {}

/// Why nothing may be posted to an address, as far as the address alone tells.
pub(crate) fn refuses(url: &str, private: bool) -> Option<String> {
    let because = |why: &str| Some(why.to_owned());
    let Ok(uri) = url.parse::<Uri>() else { return because("it is no address; write https://…") };
    match uri.scheme_str() {
        Some("https") => {}
        Some("http") if private => {}
        Some("http") => return because("an address begins with https://"),
        _ => return because("it is no address; write https://…"),
    }
    let Some(authority) = uri.authority() else { return because("the address names no server") };
    if authority.as_str().contains('@') {
        return because("an address has no name and password in it");
    }
    let host = authority.host();
    if host.is_empty() {
        return because("the address names no server");
    }
    let literal = host.trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>();
    let local =
        host.eq_ignore_ascii_case("localhost") || host.to_ascii_lowercase().ends_with(".localhost");
    if !private && (local || literal.is_ok_and(|ip| !is_public(ip))) {
        return because(INSIDE);
    }
    None
}

/// Whether anybody on the Internet could be meant by an address (the special-purpose registries of IANA,
/// RFC 6890 and its updates, name the rest).
fn is_public(ip: IpAddr) -> bool {
    match ip {
        IpAddr::V4(ip) => is_public_v4(ip),
        IpAddr::V6(ip) => is_public_v6(ip),
    }
}

fn is_public_v4(ip: Ipv4Addr) -> bool {
    let [a, b, c, _] = ip.octets();
    let special = ip.is_unspecified()
        || ip.is_loopback()
        || ip.is_private()
        || ip.is_link_local()
        || ip.is_broadcast()
        || ip.is_documentation()
        || ip.is_multicast()
        || a == 0
        || a >= 240
        // Between a provider and its customers.
        || (a == 100 && (64..128).contains(&b))
        || (a == 192 && b == 0 && c == 0)
        || (a == 192 && b == 88 && c == 99)
        // Benchmarks.
        || (a == 198 && (b == 18 || b == 19));
    !special
}

fn is_public_v6(ip: Ipv6Addr) -> bool {
    let bits = ip.to_bits();
    let first = |n: u32| bits >> (128 - n);
    let v4 = |shift: u32| {
        let within = u32::try_from((bits >> shift) & 0xffff_ffff).unwrap_or(0);
        is_public_v4(Ipv4Addr::from_bits(within))
    };
    // What carries an IPv4 address within is what that is; `::` and `::1` are in 0.0.0.0/8.
    let carries_last = [0, 0xffff, 0x0064_ff9b_0000_0000_0000_0000].contains(&first(96));
    if carries_last {
        return v4(0);
    }
    if first(16) == 0x2002 {
        return v4(80);
    }
    // Only 2000::/3 is given out: loopback, link-local, site-local, unique local and multicast are not in
    // it. In it are Teredo and other assignments of the IETF (2001::/23) and what is for documentation.
    let special = first(23) == 0x2001_0000 >> 9 || first(32) == 0x2001_0db8 || first(20) == 0x3fff0;
    first(3) == 1 && !special
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_out_in_the_open_is_public() {
        let public = [
            "1.1.1.1",
            "93.184.215.14",
            "100.63.255.255",
            "100.128.0.1",
            "172.15.0.1",
            "172.32.0.1",
            "198.17.0.1",
            "198.20.0.1",
            "223.255.255.255",
            "2606:4700::1111",
            "2a00:1450:4001::200e",
            "::ffff:1.1.1.1",
            "64:ff9b::101:101",
            "2002:101:101::1",
        ];
        let inside = [
            "0.0.0.0",
            "0.1.2.3",
            "10.0.0.1",
            "100.64.0.1",
            "100.127.255.255",
            "127.0.0.1",
            "127.255.255.254",
            "169.254.169.254",
            "172.16.0.1",
            "172.31.255.255",
            "192.0.0.8",
            "192.0.2.1",
            "192.88.99.1",
            "192.168.1.1",
            "198.18.0.1",
            "198.51.100.1",
            "203.0.113.1",
            "224.0.0.1",
            "240.0.0.1",
            "255.255.255.255",
            "::",
            "::1",
            "::ffff:127.0.0.1",
            "::ffff:10.0.0.1",
            "::ffff:169.254.169.254",
            "::10.0.0.1",
            "64:ff9b::a00:1",
            "64:ff9b:1::a00:1",
            "100::1",
            "2001::1",
            "2001:db8::1",
            "2002:a00:1::1",
            "2002:7f00:1::1",
            "3fff::1",
            "fc00::1",
            "fd12:3456::1",
            "fe80::1",
            "fec0::1",
            "ff02::1",
        ];
        for (list, expected) in [(&public[..], true), (&inside[..], false)] {
            for ip in list {
                assert_eq!(is_public(ip.parse().unwrap()), expected, "{ip}");
            }
        }
    }

    #[test]
    fn an_address_is_judged_by_its_form_first() {
        let check = |url: &str, expected: &str, with_private: &str| {
            for (private, expected) in [(false, expected), (true, with_private)] {
                let got = refuses(url, private).unwrap_or_default();
                let same =
                    if expected.is_empty() { got.is_empty() } else { got.contains(expected) };
                assert!(same, "{url} {private}: {got}");
            }
        };
        check("https://hooks.example.com/a?b=c", "", "");
        check("https://hooks.example.com:8443", "", "");
        check("http://hooks.example.com/", "begins with https", "");
        check("https://127.0.0.1/", "private network", "");
        check("https://[::1]:9/", "private network", "");
        check("https://LOCALHOST/", "private network", "");
        check("https://a.localhost/", "private network", "");
        check("https://user:pass@example.com/", "no name and password", "no name and password");
        check("https://user@example.com/", "no name and password", "no name and password");
        check("ftp://example.com/", "no address", "no address");
        check("example.com", "no address", "no address");
        check("/in", "no address", "no address");
        check("javascript:alert(1)", "no address", "no address");
        check("https://exa mple.com/", "no address", "no address");
        check("", "no address", "no address");
    }
}
