//! All tools, in the order in which clients see them: first what to do, then what is known.

use crate::tool::{self, Desk};
use gemba_app::{Who, access::Scope};
use rmcp::{
    ErrorData,
    model::{CallToolResult, JsonObject, Tool as Definition},
};

/// One line per tool: both the list and the dispatch come from it.
macro_rules! tools {
    ($($module:ident :: $tool:ident),* $(,)?) => {
        $(pub(crate) mod $module;)*

        /// What clients read about every tool.
        pub(crate) fn definitions() -> Vec<Definition> {
            vec![$(tool::definition::<$module::$tool>()),*]
        }

        /// What the one who asks may call, in the order of all.
        pub(crate) fn of(who: &Who) -> Vec<Definition> {
            let mut all = Vec::new();
            $(if <$module::$tool as tool::Tool>::NEEDS.require(who).is_ok() {
                all.push(tool::definition::<$module::$tool>());
            })*
            all
        }

        /// The scope that a token must have for the tool with this name.
        pub(crate) fn scope(name: &str) -> Option<Scope> {
            match named(name) {
                $(<$module::$tool as tool::Tool>::NAME => {
                    <$module::$tool as tool::Tool>::NEEDS.scope
                })*
                _ => None,
            }
        }

        /// Calls the tool with this name.
        pub(crate) async fn call(
            desk: Desk,
            name: &str,
            arguments: JsonObject,
        ) -> Result<CallToolResult, ErrorData> {
            match named(name) {
                $(<$module::$tool as tool::Tool>::NAME => {
                    Ok(tool::call::<$module::$tool>(desk, arguments).await)
                })*
                unknown => {
                    Err(ErrorData::invalid_params(format!("there is no tool `{unknown}`"), None))
                }
            }
        }
    };
}

tools! {
    get_my_seat::GetMySeat,
    list_work::ListWork,
    get_work::GetWork,
    claim_work::ClaimWork,
    report_progress::ReportProgress,
    submit_work::SubmitWork,
    release_work::ReleaseWork,
    report_problem::ReportProblem,
    ask_human::AskHuman,
    list_measurables::ListMeasurables,
    push_values::PushValues,
    find_process::FindProcess,
    get_sop::GetSop,
    propose_sop_change::ProposeSopChange,
    start_run::StartRun,
    get_run::GetRun,
    list_seats::ListSeats,
    list_gaps::ListGaps,
}

/// The name that a tool has now, by one that it had.
fn named(name: &str) -> &str {
    match name {
        "complete_work" => "submit_work",
        name => name,
    }
}

/// What tools that take nothing take.
#[expect(clippy::empty_structs_with_brackets, reason = "with them it is an object in JSON")]
#[derive(Debug, serde::Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Nothing {}

#[cfg(test)]
mod tests {
    use super::{Definition, definitions};
    use serde_json::{Value, json};

    /// What a model reads (name, description, input) in bytes: a quick bound on the 3,000 tokens that the
    /// suite `conformance` counts with a tokenizer.
    const READ: usize = 11_800;
    /// The whole list with titles, hints and output schemas, in bytes.
    const WHOLE: usize = 21_400;

    fn checked(place: &str, schema: &Value) {
        let wrong = match schema {
            Value::Object(object) => {
                for (key, value) in object {
                    checked(&format!("{place}/{key}"), value);
                }
                ["$ref", "$defs", "anyOf", "oneOf", "allOf", "nullable", "format"]
                    .into_iter()
                    .find(|key| object.contains_key(*key) && !place.ends_with("/properties"))
                    .or_else(|| object.get("type").is_some_and(Value::is_array).then_some("type"))
            }
            Value::Array(all) => {
                for value in all {
                    checked(place, value);
                }
                None
            }
            _ => None,
        };
        assert_eq!(wrong, None, "{place}");
    }

    #[test]
    fn the_schemas_are_in_the_subset_that_every_client_understands() {
        for tool in definitions() {
            let value = serde_json::to_value(&tool).unwrap();
            checked(&format!("{}/input", tool.name), &value["inputSchema"]);
            checked(&format!("{}/output", tool.name), &value["outputSchema"]);
            assert_eq!(value["inputSchema"]["type"], "object", "{}", tool.name);
            assert_eq!(value["inputSchema"]["additionalProperties"], false, "{}", tool.name);
            assert_eq!(value["outputSchema"]["type"], "object", "{}", tool.name);
        }
    }

    #[test]
    fn every_tool_says_what_it_is_for_and_fits_its_name() {
        let all = definitions();
        assert!(all.len() <= 18);
        for tool in all {
            let description = tool.description.unwrap();
            assert!(tool.name.len() <= 32 && tool.name.contains('_'), "{}", tool.name);
            assert!(description.contains("Use ") && description.len() < 600, "{}", tool.name);
            assert!(tool.title.is_some() && tool.annotations.is_some(), "{}", tool.name);
        }
    }

    #[test]
    fn the_definitions_stay_within_their_budget() {
        let all = definitions();
        let size = |value: &Value| serde_json::to_vec(value).unwrap().len();
        let read: usize =
            all.iter().map(|t| size(&json!([t.name, t.description, t.input_schema]))).sum();
        assert!(read <= READ, "{read} bytes for a model");
        // Pictures are shown to people and read by nobody.
        let bare = |mut tool: Definition| {
            tool.icons = None;
            tool
        };
        let whole = size(&json!(all.into_iter().map(bare).collect::<Vec<_>>()));
        assert!(whole <= WHOLE, "{whole} bytes in all");
    }

    #[test]
    fn every_tool_that_changes_something_takes_an_idempotency_key() {
        let keyed: Vec<String> = definitions()
            .into_iter()
            .filter(|t| t.input_schema["properties"].get("idempotency_key").is_some())
            .inspect(|t| assert_eq!(json!(t.annotations)["readOnlyHint"], false))
            .map(|t| t.name.into_owned())
            .collect();
        let changing = definitions().into_iter().filter(|t| {
            t.annotations.as_ref().is_some_and(|hints| hints.read_only_hint == Some(false))
        });
        let changing: Vec<String> = changing.map(|t| t.name.into_owned()).collect();
        assert_eq!((keyed.len(), &keyed), (9, &changing));
    }
}
