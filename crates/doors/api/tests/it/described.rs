//! The OpenAPI document: what it says is what is served.

use gemba_api::{openapi, operations};
use serde_json::Value;
use std::collections::BTreeSet;

#[test]
fn the_document_is_the_one_that_was_committed() {
    let now = serde_json::to_string_pretty(&openapi()).expect("plain data") + "\n";
    if std::env::var_os("UPDATE_OPENAPI").is_some() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/openapi.json");
        std::fs::write(path, &now).expect("the document is written");
        return;
    }
    let committed = include_str!("../../openapi.json");
    assert!(
        now == committed,
        "the interface has changed: run `UPDATE_OPENAPI=1 cargo test -p gemba-api` and look at the difference"
    );
}

#[test]
fn every_operation_is_described_and_every_described_one_is_served() {
    let document = openapi();
    let paths = document["paths"].as_object().expect("paths");
    let described: BTreeSet<(String, String)> = paths
        .iter()
        .flat_map(|(path, methods)| {
            let methods = methods.as_object().expect("methods").keys();
            methods.map(move |m| (m.to_uppercase(), format!("/api/v1{path}")))
        })
        .collect();
    assert_eq!(described, operations().into_iter().collect());
}

#[test]
fn names_of_operations_are_used_once() {
    let document = openapi();
    let mut seen = BTreeSet::new();
    for methods in document["paths"].as_object().expect("paths").values() {
        for operation in methods.as_object().expect("methods").values() {
            let id = operation["operationId"].as_str().expect("a name").to_owned();
            assert!(seen.insert(id.clone()), "{id} is used twice");
            assert_ne!(operation["tags"][0], "", "{id}");
        }
    }
}

#[test]
fn every_reference_leads_somewhere() {
    fn walk<'a>(value: &'a Value, found: &mut Vec<&'a str>) {
        match value {
            Value::Object(fields) => {
                found.extend(fields.get("$ref").and_then(Value::as_str));
                fields.values().for_each(|v| walk(v, found));
            }
            Value::Array(items) => items.iter().for_each(|v| walk(v, found)),
            _ => {}
        }
    }
    let document = openapi();
    let mut found = Vec::new();
    walk(&document, &mut found);
    assert!(found.len() > 50);
    for reference in found {
        let pointer = reference.strip_prefix('#').expect("within the document");
        assert!(document.pointer(pointer).is_some(), "{reference}");
    }
}

#[test]
fn inputs_refuse_unknown_fields_and_have_no_null() {
    let document = openapi();
    let schemas = document["components"]["schemas"].as_object().expect("schemas");
    let inputs = schemas.iter().filter(|(name, _)| {
        name.ends_with("Input") || ["TitledProcess", "ImportedDocument"].contains(&name.as_str())
    });
    assert!(!document.to_string().contains("\"default\":null"));
    let mut n = 0;
    for (name, schema) in inputs {
        assert_eq!(schema["additionalProperties"], false, "{name}");
        assert!(!schema.to_string().contains("\"null\""), "{name}");
        n += 1;
    }
    assert!(n >= 14, "{n}");
}
