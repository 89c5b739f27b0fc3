//! What each word of `sslmode` lets through, against a server that has a certificate and one that has none.

use crate::PostgresStore;
use gemba_store::{Mode, Store as _};
use gemba_testkit::Postgres;
use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair};
use std::error::Error as _;
use std::path::Path;

/// An authority as PEM, and the certificate and key of a server that is called `localhost`.
fn authority() -> (String, String, String) {
    let mut params = CertificateParams::default();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let own = KeyPair::generate().unwrap();
    let root = params.self_signed(&own).unwrap().pem();
    let issuer = Issuer::new(params, own);
    let key = KeyPair::generate().unwrap();
    let server = CertificateParams::new(vec!["localhost".to_owned()]).unwrap();
    let server = server.signed_by(&key, &issuer).unwrap();
    (root, server.pem(), key.serialize_pem())
}

/// Nothing where it connects and all its connections are encrypted or all are not; else why not.
async fn connected(server: &Postgres, url: &str, encrypted: bool) -> Option<String> {
    let store = match PostgresStore::connect(url).await {
        Ok(store) => store,
        Err(error) => {
            let mut why = error.to_string();
            let mut source = error.source();
            while let Some(error) = source {
                why = format!("{why}: {error}");
                source = error.source();
            }
            return Some(why);
        }
    };
    // The connections that listen, read and write.
    store.begin(Mode::Write).await.unwrap().commit().await.unwrap();
    store.begin(Mode::Read).await.unwrap().records("seat", "", 1).await.unwrap();
    let name = url.split('?').next().and_then(|url| url.rsplit('/').next()).unwrap();
    let found = server.sql(&format!(
        "SELECT DISTINCT ssl FROM pg_stat_ssl JOIN pg_stat_activity USING (pid)
        WHERE application_name LIKE 'gemba%' AND datname = '{name}'"
    ));
    drop(store);
    assert_eq!(found, if encrypted { "t" } else { "f" }, "{url}");
    None
}

fn root(folder: &Path, name: &str, pem: &str) -> String {
    let path = folder.join(name);
    std::fs::write(&path, pem).unwrap();
    path.display().to_string()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_connection_is_as_safe_as_its_sslmode_says_or_is_not_made() {
    let (ca, certificate, key) = authority();
    let Some(server) = Postgres::start_with_tls(&certificate, &key) else { return };
    let folder = tempfile::tempdir().unwrap();
    let ours = root(folder.path(), "ours.crt", &ca);
    let others = root(folder.path(), "others.crt", &authority().0);
    let itself = root(folder.path(), "itself.crt", &certificate);
    let empty = root(folder.path(), "empty.crt", "nothing");
    let check = async |host: &str, asked: &str, expected: Result<bool, &str>| {
        let url = format!("{}{asked}", server.over_tcp(&server.database(), host));
        let why = connected(&server, &url, expected.unwrap_or(true)).await;
        match expected {
            Ok(_) => assert_eq!(why, None, "{url}"),
            Err(word) => assert!(why.as_ref().is_some_and(|why| why.contains(word)), "{why:?}"),
        }
    };
    let (name, number) = ("localhost", "127.0.0.1");
    check(name, "?sslmode=disable", Ok(false)).await;
    check(name, "", Ok(true)).await;
    check(name, "?sslmode=prefer", Ok(true)).await;
    // Nothing of the certificate is looked at.
    check(number, "?sslmode=require", Ok(true)).await;
    // With roots, `require` looks at who issued it, as in PostgreSQL's own programs.
    check(number, &format!("?sslmode=require&sslrootcert={ours}"), Ok(true)).await;
    check(number, &format!("?sslmode=require&sslrootcert={others}"), Err("certificate")).await;
    check(number, &format!("?sslmode=verify-ca&sslrootcert={ours}"), Ok(true)).await;
    check(number, &format!("?sslmode=verify-ca&sslrootcert={others}"), Err("certificate")).await;
    check(name, &format!("?sslmode=verify-full&sslrootcert={ours}"), Ok(true)).await;
    check(name, &format!("?sslmode=verify-full&sslrootcert={itself}"), Ok(true)).await;
    check(number, &format!("?sslmode=verify-full&sslrootcert={ours}"), Err("certificate")).await;
    check(number, &format!("?sslmode=verify-full&sslrootcert={itself}"), Err("certificate")).await;
    check(name, &format!("?sslmode=verify-full&sslrootcert={others}"), Err("certificate")).await;
    // Those that browsers trust do not know it.
    check(name, "?sslmode=verify-full", Err("certificate")).await;
    check(name, "?sslmode=verify-full&sslrootcert=system", Err("certificate")).await;
    check(name, &format!("?sslmode=verify-ca&sslrootcert={empty}"), Err("no certificate")).await;
    check(name, "?sslmode=verify-ca&sslrootcert=/nowhere/at/all", Err("/nowhere")).await;
    check(name, "?sslmode=allow", Err("sslmode")).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_without_tls_is_not_spoken_to_where_tls_is_asked_for() {
    let Some(server) = Postgres::start() else { return };
    let url = server.database();
    for mode in ["require", "verify-ca", "verify-full"] {
        let why = connected(&server, &format!("{url}?sslmode={mode}"), true).await;
        assert!(why.as_ref().is_some_and(|why| why.contains("TLS")), "{mode}: {why:?}");
    }
    for mode in ["prefer", "disable"] {
        assert_eq!(connected(&server, &format!("{url}?sslmode={mode}"), false).await, None);
    }
}
