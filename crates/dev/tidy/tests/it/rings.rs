//! The path is the layer: which crate may name which, read from `cargo metadata`.
//!
//! [`EDGES`] is exact. A new edge between two crates lands together with its line here and with
//! `ARCHITECTURE.md`; an edge that is gone leaves the table.

use std::collections::{BTreeMap, BTreeSet};
use std::process::Command;

use serde_json::{Value, json};

use crate::{files, none};

/// Each shipped crate and the crates of the house that it names.
const EDGES: [(&str, &[&str]); 23] = [
    ("gemba-model", &[]),
    ("gemba-diag", &[]),
    ("gemba-sop", &["gemba-diag", "gemba-model"]),
    ("gemba-engine", &["gemba-model", "gemba-schedule"]),
    ("gemba-schedule", &["gemba-model"]),
    ("gemba-map", &["gemba-model"]),
    ("gemba-bpmn", &["gemba-diag", "gemba-map", "gemba-model"]),
    ("gemba-mining", &["gemba-bpmn", "gemba-map", "gemba-model", "gemba-schedule"]),
    ("gemba-library", &[]),
    ("gemba-paper", &["gemba-map", "gemba-model"]),
    ("gemba-store", &["gemba-model"]),
    ("gemba-store-sqlite", &["gemba-model", "gemba-store"]),
    ("gemba-store-postgres", &["gemba-model", "gemba-store"]),
    (
        "gemba-app",
        &[
            "gemba-bpmn",
            "gemba-diag",
            "gemba-engine",
            "gemba-library",
            "gemba-map",
            "gemba-mining",
            "gemba-model",
            "gemba-paper",
            "gemba-schedule",
            "gemba-sop",
            "gemba-store",
        ],
    ),
    ("gemba-logs", &["gemba-mining"]),
    ("gemba-courier", &["gemba-app"]),
    ("gemba-worker", &["gemba-app"]),
    ("gemba-sample", &["gemba-app", "gemba-engine", "gemba-model"]),
    ("gemba-wire", &["gemba-app", "gemba-diag", "gemba-model"]),
    ("gemba-api", &["gemba-app", "gemba-model", "gemba-wire"]),
    ("gemba-web", &["gemba-app", "gemba-diag", "gemba-model"]),
    ("gemba-mcp", &["gemba-app", "gemba-diag", "gemba-model", "gemba-wire"]),
    (
        "gemba-cli",
        &[
            "gemba-api",
            "gemba-app",
            "gemba-bpmn",
            "gemba-courier",
            "gemba-diag",
            "gemba-logs",
            "gemba-map",
            "gemba-mcp",
            "gemba-mining",
            "gemba-model",
            "gemba-paper",
            "gemba-sample",
            "gemba-schedule",
            "gemba-sop",
            "gemba-store",
            "gemba-store-postgres",
            "gemba-store-sqlite",
            "gemba-web",
            "gemba-wire",
            "gemba-worker",
        ],
    ),
];

/// The crates from outside that core names itself: small, pure, and weighed in ADR 0004.
const CORE_NAMES: [&str; 15] = [
    "croner",
    "dejavu",
    "encoding_rs",
    "jiff",
    "krilla",
    "krilla-svg",
    "memchr",
    "pulldown-cmark",
    "resvg",
    "roxmltree",
    "serde",
    "serde-saphyr",
    "serde_json",
    "thiserror",
    "ttf-parser",
];

/// What must not come in behind them either, however deep.
const NEVER_IN_CORE: [&str; 16] = [
    "async-trait",
    "axum",
    "chrono",
    "getrandom",
    "hyper",
    "libsqlite3-sys",
    "rand",
    "rand_core",
    "reqwest",
    "rusqlite",
    "sqlx",
    "tokio",
    "tokio-postgres",
    "tracing",
    "tracing-subscriber",
    "uuid",
];

/// A crate that only the named shipped crates may name.
const HOMES: [(&str, &[&str]); 12] = [
    ("cel", &["gemba-app"]),
    ("gemba-store-postgres", &["gemba-cli"]),
    ("gemba-store-sqlite", &["gemba-cli"]),
    ("getrandom", &["gemba-cli"]),
    ("rusqlite", &["gemba-logs", "gemba-store-sqlite"]),
    ("tokio-postgres", &["gemba-store-postgres"]),
    ("tokio-rustls", &["gemba-store-postgres"]),
    ("axum", &["gemba-api", "gemba-cli", "gemba-mcp", "gemba-web"]),
    ("krilla", &["gemba-paper"]),
    ("resvg", &["gemba-paper"]),
    ("tracing-subscriber", &["gemba-cli"]),
    ("zip", &["gemba-app"]),
];

const DEV: &str = "dev";

#[derive(Debug, Default)]
struct Package {
    name: String,
    /// The directory under `crates/`, for a crate of the house.
    ring: Option<String>,
    folder: String,
    /// Names in `[dependencies]` and in `[dev-dependencies]`.
    normal: BTreeSet<String>,
    dev: BTreeSet<String>,
    /// What cargo resolved `[dependencies]` to.
    resolved: Vec<String>,
}

fn packages(metadata: &Value) -> BTreeMap<String, Package> {
    let root = metadata["workspace_root"].as_str().unwrap();
    let mut packages: BTreeMap<String, Package> = metadata["packages"]
        .as_array()
        .unwrap()
        .iter()
        .map(|package| (text(&package["id"]), read(package, root)))
        .collect();
    for node in metadata["resolve"]["nodes"].as_array().unwrap() {
        let normal = node["deps"].as_array().unwrap().iter().filter(|dep| {
            dep["dep_kinds"].as_array().unwrap().iter().any(|kind| kind["kind"].is_null())
        });
        packages.get_mut(&text(&node["id"])).unwrap().resolved =
            normal.map(|dep| text(&dep["pkg"])).collect();
    }
    packages
}

fn read(package: &Value, root: &str) -> Package {
    let path = text(&package["manifest_path"]).replace('\\', "/");
    let parts: Vec<&str> =
        path.strip_prefix(root).unwrap_or_default().trim_start_matches('/').split('/').collect();
    let (ring, folder) = match parts.as_slice() {
        ["crates", ring, folder, "Cargo.toml"] if package["source"].is_null() => {
            (Some((*ring).to_owned()), (*folder).to_owned())
        }
        _ => (None, String::new()),
    };
    let named = |kind: &Value| {
        let dependencies = package["dependencies"].as_array().unwrap().iter();
        dependencies.filter(|dep| dep["kind"] == *kind).map(|dep| text(&dep["name"])).collect()
    };
    Package {
        name: text(&package["name"]),
        ring,
        folder,
        normal: named(&Value::Null),
        dev: named(&json!("dev")),
        resolved: Vec::new(),
    }
}

fn text(value: &Value) -> String {
    value.as_str().unwrap().to_owned()
}

/// Everything wrong with the dependencies, a line each.
fn findings(metadata: &Value) -> Vec<String> {
    let packages = packages(metadata);
    let house: Vec<&Package> = packages.values().filter(|package| package.ring.is_some()).collect();
    let mut found = Vec::new();
    places(&house, &mut found);
    edges(&house, &mut found);
    for_tests_only(&house, &mut found);
    homes(&house, &mut found);
    core_names(&house, &mut found);
    core_closure(&packages, &mut found);
    found
}

fn places(house: &[&Package], found: &mut Vec<String>) {
    for Package { name, ring, folder, .. } in house {
        let ring = ring.as_deref().unwrap_or_default();
        if !["core", "shell", "doors", DEV].contains(&ring) {
            found.push(format!("{name} is in crates/{ring}, which is no ring"));
        }
        if *name != format!("gemba-{folder}") && name != "xtask" {
            found.push(format!("{name} is in the folder {folder}: the names differ"));
        }
    }
}

fn edges(house: &[&Package], found: &mut Vec<String>) {
    let names: BTreeSet<&str> = house.iter().map(|package| package.name.as_str()).collect();
    for package in shipped(house) {
        let Some((_, allowed)) = EDGES.iter().find(|(name, _)| *name == package.name) else {
            found.push(format!("{} has no line in the table of edges", package.name));
            continue;
        };
        let named: BTreeSet<&str> =
            package.normal.iter().map(String::as_str).filter(|name| names.contains(name)).collect();
        let allowed: BTreeSet<&str> = allowed.iter().copied().collect();
        for edge in named.difference(&allowed) {
            found.push(format!("{} may not name {edge}", package.name));
        }
        for edge in allowed.difference(&named) {
            let name = &package.name;
            found.push(format!("{name} no longer names {edge}: take it out of the table"));
        }
    }
}

/// A crate's tests may use `crates/dev`, and below their own ring also core and the storage port.
fn for_tests_only(house: &[&Package], found: &mut Vec<String>) {
    let ring_of: BTreeMap<&str, &str> =
        house.iter().map(|package| (package.name.as_str(), ring(package))).collect();
    for package in shipped(house) {
        for edge in &package.dev {
            let ok = match ring_of.get(edge.as_str()) {
                None | Some(&DEV) => true,
                Some(&"core") => ring(package) != "core" || package.normal.contains(edge),
                Some(_) => {
                    package.name == "gemba-cli"
                        || package.normal.contains(edge)
                        || edge == &package.name
                        || edge == "gemba-store"
                }
            };
            if !ok {
                found.push(format!("the tests of {} may not name {edge}", package.name));
            }
        }
        for edge in &package.normal {
            if ring_of.get(edge.as_str()) == Some(&DEV) {
                found.push(format!("{} ships, so it may not name {edge}", package.name));
            }
        }
    }
}

fn homes(house: &[&Package], found: &mut Vec<String>) {
    for package in shipped(house) {
        for (guest, homes) in HOMES {
            if package.normal.contains(guest) && !homes.contains(&package.name.as_str()) {
                found.push(format!(
                    "{} names {guest}, which only {} may",
                    package.name,
                    homes.join(", ")
                ));
            }
        }
    }
}

fn core_names(house: &[&Package], found: &mut Vec<String>) {
    for package in house.iter().filter(|package| ring(package) == "core") {
        for name in &package.normal {
            if !name.starts_with("gemba-") && !CORE_NAMES.contains(&name.as_str()) {
                found.push(format!("{} is core and names {name}", package.name));
            }
        }
    }
}

fn core_closure(packages: &BTreeMap<String, Package>, found: &mut Vec<String>) {
    for (id, package) in packages.iter().filter(|(_, package)| ring(package) == "core") {
        let mut seen = BTreeSet::new();
        let mut ahead = vec![(id, package.name.clone())];
        while let Some((id, path)) = ahead.pop() {
            for next in &packages[id].resolved {
                let name = &packages[next].name;
                let path = format!("{path} -> {name}");
                if NEVER_IN_CORE.contains(&name.as_str()) {
                    found.push(format!("core must stay pure: {path}"));
                } else if seen.insert(next) {
                    ahead.push((next, path));
                }
            }
        }
    }
}

fn ring(package: &Package) -> &str {
    package.ring.as_deref().unwrap_or_default()
}

fn shipped<'a>(house: &'a [&Package]) -> impl Iterator<Item = &'a Package> {
    house.iter().copied().filter(|package| ring(package) != DEV)
}

/// Offline first: right after a build everything is there, and nothing has to be asked for.
fn metadata() -> Value {
    let ask = |more: &[&str]| {
        let output = Command::new(env!("CARGO"))
            .args(["metadata", "--format-version", "1", "--locked"])
            .args(more)
            .current_dir(files::root())
            .output()
            .unwrap();
        if output.status.success() {
            Ok(serde_json::from_slice(&output.stdout).unwrap())
        } else {
            Err(String::from_utf8_lossy(&output.stderr).into_owned())
        }
    };
    ask(&["--offline"]).or_else(|_| ask(&[])).unwrap_or_else(|why| panic!("{why}"))
}

#[test]
fn the_path_is_the_layer() {
    none(&findings(&metadata()));
}

/// One package for a made-up house: where it is, what it names, what its tests name.
type Told<'a> = (&'a str, &'a [&'a str], &'a [&'a str]);

/// Metadata as cargo would print it for those packages; a path with no ring is from outside.
fn told(packages: &[Told<'_>]) -> Value {
    let name = |path: &str| {
        let name = path.rsplit('/').next().unwrap().to_owned();
        if path.starts_with("crates/") { format!("gemba-{name}") } else { name }
    };
    let kinds = |normal: &[&str], dev: &[&str]| {
        let normal = normal.iter().map(|name| json!({"name": name, "kind": null}));
        let dev = dev.iter().map(|name| json!({"name": name, "kind": "dev"}));
        normal.chain(dev).collect::<Vec<_>>()
    };
    json!({
        "workspace_root": "/repo",
        "packages": packages.iter().map(|(path, normal, dev)| json!({
            "id": name(path),
            "name": name(path),
            "source": if path.starts_with("crates/") { Value::Null } else { json!("registry") },
            "manifest_path": format!("/repo/{path}/Cargo.toml"),
            "dependencies": kinds(normal, dev),
        })).collect::<Vec<_>>(),
        "resolve": {"nodes": packages.iter().map(|(path, normal, _)| json!({
            "id": name(path),
            "deps": normal.iter().map(|name| json!({
                "pkg": name, "dep_kinds": [{"kind": null}],
            })).collect::<Vec<_>>(),
        })).collect::<Vec<_>>()},
    })
}

fn check(packages: &[Told<'_>], expected: &[&str]) {
    assert_eq!(findings(&told(packages)), expected);
}

#[test]
fn a_house_in_order_has_no_findings() {
    check(
        &[
            ("crates/core/model", &["jiff"], &["proptest"]),
            ("crates/core/schedule", &["gemba-model"], &["gemba-testkit"]),
            ("crates/dev/testkit", &["gemba-model", "rand"], &[]),
            ("jiff", &[], &[]),
            ("rand", &[], &[]),
        ],
        &[],
    );
}

#[test]
fn an_edge_that_is_not_in_the_table_is_found() {
    check(
        &[
            ("crates/core/model", &[], &[]),
            ("crates/core/diag", &[], &[]),
            ("crates/core/schedule", &["gemba-diag", "gemba-model"], &[]),
        ],
        &["gemba-schedule may not name gemba-diag"],
    );
}

#[test]
fn an_edge_that_is_only_in_the_table_is_found() {
    check(
        &[("crates/core/model", &[], &[]), ("crates/core/schedule", &[], &[])],
        &["gemba-schedule no longer names gemba-model: take it out of the table"],
    );
}

#[test]
fn a_crate_without_a_line_in_the_table_is_found() {
    check(&[("crates/core/new", &[], &[])], &["gemba-new has no line in the table of edges"]);
}

#[test]
fn a_crate_outside_the_rings_is_found() {
    check(&[("crates/lib/model", &[], &[])], &["gemba-model is in crates/lib, which is no ring"]);
}

#[test]
fn a_clock_or_chance_deep_below_core_is_found_with_the_way_to_it() {
    check(
        &[
            ("crates/core/model", &["jiff"], &[]),
            ("jiff", &["deep"], &[]),
            ("deep", &["getrandom"], &[]),
            ("getrandom", &[], &[]),
        ],
        &["core must stay pure: gemba-model -> jiff -> deep -> getrandom"],
    );
}

#[test]
fn core_naming_another_crate_from_outside_is_found() {
    check(
        &[("crates/core/model", &["regex"], &[]), ("regex", &[], &[])],
        &["gemba-model is core and names regex"],
    );
}

#[test]
fn a_door_that_names_a_database_is_found() {
    check(
        &[
            ("crates/core/model", &[], &[]),
            ("crates/shell/store", &["gemba-model"], &[]),
            ("crates/shell/store-sqlite", &["gemba-model", "gemba-store", "rusqlite"], &[]),
            ("crates/shell/worker", &["gemba-app", "gemba-store-sqlite", "rusqlite"], &[]),
            ("gemba-app", &[], &[]),
            ("rusqlite", &[], &[]),
        ],
        &[
            "gemba-worker may not name gemba-store-sqlite",
            "gemba-worker no longer names gemba-app: take it out of the table",
            "gemba-worker names gemba-store-sqlite, which only gemba-cli may",
            "gemba-worker names rusqlite, which only gemba-logs, gemba-store-sqlite may",
        ],
    );
}

#[test]
fn shipping_what_is_for_tests_is_found() {
    check(
        &[("crates/core/model", &["gemba-testkit"], &[]), ("crates/dev/testkit", &[], &[])],
        &[
            "gemba-model may not name gemba-testkit",
            "gemba-model ships, so it may not name gemba-testkit",
        ],
    );
}

#[test]
fn tests_of_core_do_not_reach_up() {
    check(
        &[
            ("crates/core/model", &[], &["gemba-worker"]),
            ("crates/shell/worker", &["gemba-app"], &[]),
            ("gemba-app", &[], &[]),
        ],
        &[
            "gemba-worker no longer names gemba-app: take it out of the table",
            "the tests of gemba-model may not name gemba-worker",
        ],
    );
}
