//! The OpenAPI 3.1 document, from the table of operations.

use crate::{
    answer::PROBLEM,
    operation::{Keep, Operation},
    resource,
    serve::{BASE, KEY},
};
use axum::http::Method;
use gemba_wire::Problem;
use schemars::{SchemaGenerator, generate::SchemaSettings};
use serde_json::{Map, Value, json};

/// The document.
pub fn openapi() -> Value {
    let mut read = generator(SchemaSettings::for_deserialize);
    let mut written = generator(SchemaSettings::for_serialize);
    let mut paths = Map::new();
    let problem = json!({ PROBLEM: { "schema": written.subschema_for::<Problem>() } });
    for operation in resource::operations() {
        let method = operation.method.as_str().to_ascii_lowercase();
        let described = described(&operation, &mut read, &mut written);
        let path = paths.entry(operation.path).or_insert_with(|| json!({}));
        if let Some(path) = path.as_object_mut() {
            path.insert(method, described);
        }
    }
    let mut schemas = read.take_definitions(true);
    schemas.extend(written.take_definitions(true));
    schemas.sort_keys();
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Gemba",
            "version": "1",
            "description": "Documented processes that people and agents run, and what really happened. \
                            Times are RFC 3339; ids and cursors are opaque text. Unknown fields and \
                            query parameters are refused.",
            "license": { "name": "Apache-2.0 OR MIT", "identifier": "Apache-2.0 OR MIT" },
        },
        "servers": [{ "url": BASE }],
        "security": [{ "token": [] }],
        "tags": resource::TAGS
            .iter()
            .map(|(name, description)| json!({ "name": name, "description": description }))
            .collect::<Vec<_>>(),
        "paths": paths,
        "components": {
            "schemas": schemas,
            "parameters": { "IdempotencyKey": {
                "name": KEY,
                "in": "header",
                "description": "Names this request, 1 to 200 characters: sent again under the same key \
                                within a day, it gets the same answer and is not done twice. After a \
                                crash of the server in the middle of a request, look whether it was done \
                                before sending it again.",
                "schema": { "type": "string", "minLength": 1, "maxLength": 200 },
            } },
            "responses": { "Problem": {
                "description": "Why there is no other answer; `code` is stable.",
                "content": problem,
            } },
            "securitySchemes": { "token": {
                "type": "http",
                "scheme": "bearer",
                "description": "The API token of a seat.",
            } },
        },
    })
}

fn generator(contract: fn(SchemaSettings) -> SchemaSettings) -> SchemaGenerator {
    let mut settings = contract(SchemaSettings::draft2020_12());
    settings.definitions_path = "/components/schemas".into();
    settings.meta_schema = None;
    settings.into_generator()
}

fn described(
    operation: &Operation,
    read: &mut SchemaGenerator,
    written: &mut SchemaGenerator,
) -> Value {
    let mut parameters: Vec<Value> = in_path(operation.path);
    parameters.extend(in_query((operation.query)(read).as_value()));
    if operation.keep == Keep::Answer {
        parameters.push(json!({ "$ref": "#/components/parameters/IdempotencyKey" }));
    }
    let mut success = Map::new();
    success.insert("description".to_owned(), json!(said(operation.status)));
    if let Some(content) = (operation.output)(written) {
        success.insert("content".to_owned(), content);
    }
    let mut described = json!({
        "operationId": operation.id,
        "tags": [operation.tag],
        "summary": operation.summary,
        "responses": {
            operation.status.to_string(): success,
            "default": { "$ref": "#/components/responses/Problem" },
        },
    });
    if let Some(fields) = described.as_object_mut() {
        if !parameters.is_empty() {
            fields.insert("parameters".to_owned(), json!(parameters));
        }
        if let Some(body) = (operation.input)(read).filter(|_| operation.method != Method::GET) {
            fields.insert("requestBody".to_owned(), body);
        }
    }
    described
}

fn said(status: u16) -> &'static str {
    match status {
        201 => "Made.",
        204 => "Done.",
        _ => "Here it is.",
    }
}

fn in_path(path: &str) -> Vec<Value> {
    let names = path.split('/').filter_map(|part| part.strip_prefix('{')?.strip_suffix('}'));
    names
        .map(|name| {
            let (kind, description) = match name {
                "slug" => ("string", "The name in addresses."),
                "number" => ("integer", "The number within the process, from 1."),
                "step" => ("string", "The stable id of the step."),
                "person" => ("string", "The id, the e-mail address or the name of a person."),
                "digest" => ("string", "The SHA-256 of the bytes, in hexadecimal."),
                _ => ("string", "The id."),
            };
            json!({
                "name": name,
                "in": "path",
                "required": true,
                "description": description,
                "schema": { "type": kind },
            })
        })
        .collect()
}

fn in_query(schema: &Value) -> Vec<Value> {
    let fields = schema.get("properties").and_then(Value::as_object);
    let required = schema.get("required").and_then(Value::as_array);
    let one = |(name, schema): (&String, &Value)| {
        let mut schema = schema.clone();
        let description = schema.as_object_mut().and_then(|fields| fields.remove("description"));
        json!({
            "name": name,
            "in": "query",
            "required": required.is_some_and(|names| names.iter().any(|n| n == name)),
            "description": description,
            "schema": schema,
        })
    };
    fields.into_iter().flatten().map(one).collect()
}
