//! JSON Schemas in the subset that every client understands: no references, no nullable types, no
//! formats, no defaults of null; and short, as every word of them is read by a model.

use rmcp::model::JsonObject;
use schemars::{JsonSchema, generate::SchemaSettings};
use serde_json::Value;

/// What a tool takes.
pub(crate) fn of_input<T: JsonSchema>() -> JsonObject {
    let mut schema = generated::<T>(SchemaSettings::draft2020_12());
    // The Rust type's own words are not for the model.
    schema.remove("description");
    // A tool without arguments still says that it takes an object without any.
    schema.entry("properties").or_insert_with(|| Value::Object(JsonObject::new()));
    schema
}

/// What a tool gives: the names and types of its fields, and those of the rows of its lists. Lists
/// within rows are named without their rows, and nothing says which fields are always there: a client
/// reads a result, it does not build one.
pub(crate) fn of_output<T: JsonSchema>() -> JsonObject {
    let settings = SchemaSettings::draft2020_12().for_serialize();
    shape(generated::<T>(settings), 0)
}

fn generated<T: JsonSchema>(settings: SchemaSettings) -> JsonObject {
    let settings = settings.with(|s| {
        s.inline_subschemas = true;
        s.meta_schema = None;
    });
    let schema = settings.into_generator().into_root_schema_for::<T>();
    match portable(schema.to_value()) {
        Value::Object(object) => object,
        _ => JsonObject::new(),
    }
}

fn portable(schema: Value) -> Value {
    match schema {
        Value::Array(all) => Value::Array(all.into_iter().map(portable).collect()),
        Value::Object(object) => Value::Object(portable_object(object)),
        plain => plain,
    }
}

fn portable_object(mut object: JsonObject) -> JsonObject {
    // Only a keyword is dropped: under `properties` the same word names a field.
    let is_schema = !object.values().all(|v| v.is_object() || v.is_boolean()) || object.is_empty();
    if is_schema {
        object.remove("title");
        object.remove("format");
        if object.get("default").is_some_and(Value::is_null) {
            object.remove("default");
        }
        if let Some(Value::Array(types)) = object.get("type") {
            let first = types.iter().find(|t| *t != "null").cloned();
            object.insert("type".to_owned(), first.unwrap_or(Value::Null));
        }
        if let Some(Value::Array(values)) = object.get_mut("enum") {
            values.retain(|value| !value.is_null());
        }
        if let Some(Value::Array(options)) = object.remove("anyOf") {
            let is_null = |option: &Value| option.get("type").is_some_and(|t| t == "null");
            for option in options.into_iter().filter(|option| !is_null(option)) {
                if let Value::Object(option) = option {
                    object.extend(option);
                }
            }
        }
    }
    object.into_iter().map(|(key, value)| (key, portable(value))).collect()
}

/// How deep lists are written out.
const ROWS: usize = 1;

fn shape(mut schema: JsonObject, depth: usize) -> JsonObject {
    schema.retain(|key, _| ["type", "properties", "items", "enum"].contains(&key.as_str()));
    if depth >= ROWS && schema.get("type").is_some_and(|t| t == "array") {
        schema.remove("items");
    }
    for (key, value) in &mut schema {
        if let Value::Object(object) = value {
            let inner = std::mem::take(object);
            *object = match key.as_str() {
                "items" => shape(inner, depth + 1),
                "properties" => each(inner, depth),
                _ => inner,
            };
        }
    }
    schema
}

fn each(fields: JsonObject, depth: usize) -> JsonObject {
    let shaped = |value| match value {
        Value::Object(field) => Value::Object(shape(field, depth)),
        plain => plain,
    };
    fields.into_iter().map(|(name, field)| (name, shaped(field))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[derive(serde::Deserialize, serde::Serialize, JsonSchema)]
    #[serde(rename_all = "snake_case")]
    enum Word {
        One,
        Two,
    }

    #[derive(serde::Deserialize, serde::Serialize, JsonSchema)]
    #[serde(deny_unknown_fields)]
    struct Input {
        title: Option<String>,
        word: Option<Word>,
        #[schemars(range(min = 1, max = 50))]
        limit: Option<u32>,
        words: Vec<Word>,
    }

    #[test]
    fn a_schema_has_nothing_that_clients_stumble_over() {
        let expected = json!({
            "type": "object",
            "additionalProperties": false,
            "properties": {
                "title": {"type": "string"},
                "word": {"type": "string", "enum": ["one", "two"]},
                "limit": {"type": "integer", "minimum": 1, "maximum": 50},
                "words": {"type": "array", "items": {"type": "string", "enum": ["one", "two"]}}
            },
            "required": ["words"]
        });
        assert_eq!(Value::Object(of_input::<Input>()), expected);
    }

    #[derive(serde::Serialize, JsonSchema)]
    struct Row {
        title: String,
        n: u32,
        owns: Vec<Word>,
    }

    #[derive(serde::Serialize, JsonSchema)]
    struct Output {
        rows: Vec<Row>,
        words: Vec<Word>,
    }

    #[test]
    fn an_output_names_its_fields_and_those_of_its_rows() {
        let row = json!({
            "title": {"type": "string"}, "n": {"type": "integer"}, "owns": {"type": "array"}
        });
        let expected = json!({
            "type": "object",
            "properties": {
                "rows": {"type": "array", "items": {"type": "object", "properties": row}},
                "words": {"type": "array", "items": {"type": "string", "enum": ["one", "two"]}}
            }
        });
        assert_eq!(Value::Object(of_output::<Output>()), expected);
    }
}
