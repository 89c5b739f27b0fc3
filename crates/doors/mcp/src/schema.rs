//! JSON Schemas in the subset that every client understands: no references, no nullable types, no
//! formats, no defaults of null; and short, as every word of them is read by a model.

use rmcp::model::JsonObject;
use schemars::{JsonSchema, generate::SchemaSettings};
use serde_json::Value;

/// What a tool takes.
pub(crate) fn of_input<T: JsonSchema>() -> JsonObject {
    let mut schema = generated::<T>(SchemaSettings::draft2020_12());
    // A tool without arguments still says that it takes an object without any.
    schema.entry("properties").or_insert_with(|| Value::Object(JsonObject::new()));
    schema
}

/// What a tool gives. Inner objects leave out which of their fields are always there.
pub(crate) fn of_output<T: JsonSchema>() -> JsonObject {
    let mut schema = generated::<T>(SchemaSettings::draft2020_12().for_serialize());
    if let Some(properties) = schema.get_mut("properties") {
        without_required(properties);
    }
    schema
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

fn without_required(schema: &mut Value) {
    match schema {
        Value::Object(object) => {
            if object.get("required").is_some_and(Value::is_array) {
                object.remove("required");
            }
            object.values_mut().for_each(without_required);
        }
        Value::Array(all) => all.iter_mut().for_each(without_required),
        _ => {}
    }
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
}
