//! The fixtures that ask the client something while they answer: by a request of the server in the
//! generation with sessions, by an answer that wants input in the newest.

use crate::{fixtures, of, whole};
use rmcp::{
    ErrorData, RoleServer,
    model::{
        CallToolRequestParams, CallToolResponse, ClientCapabilities, GetPromptRequestParams,
        GetPromptResponse, InputRequiredResult, InputResponses, RequestStateCodec,
        ServerNotification, ServerRequest,
    },
    service::RequestContext,
};
use serde_json::{Value, json};
use std::time::Duration;

/// What seals the state that a client carries between two rounds.
#[derive(Clone)]
pub(crate) struct Asking {
    codec: RequestStateCodec,
}

type Context = RequestContext<RoleServer>;

fn done(text: &str) -> Result<CallToolResponse, ErrorData> {
    Ok(CallToolResponse::Complete(whole(fixtures::said(text))?))
}

fn needs(capability: Value) -> ErrorData {
    match serde_json::from_value::<ClientCapabilities>(capability) {
        Ok(wanted) => ErrorData::missing_required_client_capability(wanted),
        Err(error) => ErrorData::internal_error(error.to_string(), None),
    }
}

/// A form, a question to the model of the client, its folders.
fn form(message: &str, properties: &Value, required: &[&str]) -> Value {
    json!({"method": "elicitation/create", "params": {
        "mode": "form", "message": message,
        "requestedSchema": {"type": "object", "properties": properties, "required": required}
    }})
}

fn sampling(text: &str, most: u32) -> Value {
    json!({"method": "sampling/createMessage", "params": {
        "messages": [{"role": "user", "content": {"type": "text", "text": text}}],
        "maxTokens": most
    }})
}

fn roots() -> Value {
    json!({"method": "roots/list", "params": {}})
}

fn name_form() -> Value {
    form("What is your name?", &json!({"name": {"type": "string"}}), &["name"])
}

/// What a form brought, where it was accepted with these fields.
fn accepted<'a>(given: &'a InputResponses, key: &str, field: &str) -> Option<&'a Value> {
    let answer = given.get(key)?;
    if answer.get("action")?.as_str()? != "accept" {
        return None;
    }
    answer.get("content")?.get(field)
}

async fn notify(context: &Context, method: &str, params: Value) -> Result<(), ErrorData> {
    let notification: ServerNotification = of(json!({"method": method, "params": params}))?;
    let sent = context.peer.send_notification(notification).await;
    sent.map_err(|e| ErrorData::internal_error(e.to_string(), None))
}

/// A request of the server, in the generation that has them.
async fn ask(context: &Context, request: Value) -> Result<Value, ErrorData> {
    let request: ServerRequest = of(request)?;
    let answer = context.peer.send_request(request).await;
    let answer = answer.map_err(|e| ErrorData::internal_error(e.to_string(), None))?;
    serde_json::to_value(answer).map_err(|e| ErrorData::internal_error(e.to_string(), None))
}

async fn pause() {
    tokio::time::sleep(Duration::from_millis(50)).await;
}

impl Asking {
    pub(crate) fn new() -> Self {
        // The fixtures keep nothing worth a secret; the key only has to be long enough.
        let codec = RequestStateCodec::try_new(vec![7_u8; 32]);
        Self { codec: codec.expect("a key of 32 bytes is long enough") }
    }

    fn sealed(&self, state: &str) -> String {
        self.codec.seal(state.as_bytes())
    }

    /// The state that came back, refused where it was changed on its way.
    fn opened(&self, state: Option<&str>) -> Result<Option<String>, ErrorData> {
        let Some(state) = state else { return Ok(None) };
        let bytes = self.codec.open(state);
        let bytes = bytes.map_err(|e| ErrorData::invalid_params(e.to_string(), None))?;
        Ok(Some(String::from_utf8_lossy(&bytes).into_owned()))
    }

    /// An answer that wants input first.
    fn wants(
        &self,
        requests: Value,
        state: Option<&str>,
    ) -> Result<InputRequiredResult, ErrorData> {
        Ok(InputRequiredResult::new(Some(of(requests)?), state.map(|state| self.sealed(state))))
    }

    pub(crate) async fn call(
        &self,
        request: CallToolRequestParams,
        context: &Context,
    ) -> Result<CallToolResponse, ErrorData> {
        let arguments = request.arguments.unwrap_or_default();
        let argument = |key: &str| arguments.get(key).and_then(Value::as_str).unwrap_or_default();
        match request.name.as_ref() {
            "test_tool_with_progress" => {
                if let Some(token) = context.meta.get_progress_token() {
                    for progress in [0, 50, 100] {
                        let params = json!({
                            "progressToken": token, "progress": progress, "total": 100
                        });
                        notify(context, "notifications/progress", params).await?;
                        pause().await;
                    }
                }
                done("done, with progress")
            }
            "test_tool_with_logging" => {
                for text in
                    ["Tool execution started", "Tool processing data", "Tool execution completed"]
                {
                    let params = json!({"level": "info", "data": text});
                    notify(context, "notifications/message", params).await?;
                    pause().await;
                }
                done("done, with messages")
            }
            "test_sampling" => {
                let answer = ask(context, sampling(argument("prompt"), 100)).await?;
                let text = answer["content"]["text"].as_str().unwrap_or_default();
                done(&format!("LLM response: {text}"))
            }
            "test_elicitation" => {
                let text = |says: &str| json!({"type": "string", "description": says});
                let fields = json!({
                    "username": text("User's response"), "email": text("User's email address")
                });
                let asked = form(argument("message"), &fields, &["username", "email"]);
                let answer = ask(context, asked).await?;
                let (action, content) = (&answer["action"], &answer["content"]);
                done(&format!("User response: action={action}, content={content}"))
            }
            "test_elicitation_sep1034_defaults" => {
                answered(&ask(context, form("Check the defaults", &defaults(), &[])).await?)
            }
            "test_elicitation_sep1330_enums" => {
                answered(&ask(context, form("Choose", &choices(), &[])).await?)
            }
            name => {
                let given = request.input_responses.unwrap_or_default();
                self.round(name, &given, request.request_state.as_deref(), context)
            }
        }
    }

    /// One round of a tool that may want input.
    fn round(
        &self,
        name: &str,
        given: &InputResponses,
        state: Option<&str>,
        context: &Context,
    ) -> Result<CallToolResponse, ErrorData> {
        let may = context.client_capabilities().unwrap_or_default();
        let wanted = match name {
            "test_missing_capability" => {
                if may.sampling.is_none() {
                    return Err(needs(json!({"sampling": {}})));
                }
                return done("the client can do what is needed");
            }
            "test_streaming_elicitation" => {
                if may.elicitation.is_none() {
                    return Err(needs(json!({"elicitation": {}})));
                }
                self.wants(json!({"user_name": name_form()}), None)?
            }
            "test_input_required_result_elicitation" => {
                match accepted(given, "user_name", "name").and_then(Value::as_str) {
                    Some(name) => return done(&format!("Hello, {name}!")),
                    None => self.wants(json!({"user_name": name_form()}), None)?,
                }
            }
            "test_input_required_result_sampling" => match given.get("capital_question") {
                Some(answer) => {
                    return done(answer["content"]["text"].as_str().unwrap_or("no text"));
                }
                None => {
                    let question = sampling("What is the capital of France?", 100);
                    self.wants(json!({"capital_question": question}), None)?
                }
            },
            "test_input_required_result_list_roots" => match given.get("client_roots") {
                Some(answer) => return done(&format!("The roots are {}", answer["roots"])),
                None => self.wants(json!({"client_roots": roots()}), None)?,
            },
            "test_input_required_result_request_state"
            | "test_input_required_result_tampered_state" => {
                let ok = json!({"ok": {"type": "boolean"}});
                let confirm = json!({"confirm": form("Please confirm", &ok, &["ok"])});
                match self.opened(state)? {
                    Some(state) if state == "confirm" && given.contains_key("confirm") => {
                        return done("state-ok");
                    }
                    _ => self.wants(confirm, Some("confirm"))?,
                }
            }
            "test_input_required_result_multiple_inputs" => {
                let keys = ["user_name", "greeting", "client_roots"];
                if self.opened(state)?.is_some() && keys.iter().all(|key| given.contains_key(*key))
                {
                    return done("all three came");
                }
                let requests = json!({
                    "user_name": name_form(),
                    "greeting": sampling("Generate a greeting", 50),
                    "client_roots": roots()
                });
                self.wants(requests, Some("several"))?
            }
            "test_input_required_result_multi_round" => {
                let text = json!({"type": "string"});
                let first =
                    || form("Step 1: What is your name?", &json!({"name": text}), &["name"]);
                match self.opened(state)?.as_deref() {
                    Some("second") if given.contains_key("step2") => {
                        return done("both steps came");
                    }
                    Some("first" | "second") if given.contains_key("step1") => {
                        let asks = "Step 2: What is your favorite color?";
                        let second = form(asks, &json!({"color": text}), &["color"]);
                        self.wants(json!({"step2": second}), Some("second"))?
                    }
                    _ => self.wants(json!({"step1": first()}), Some("first"))?,
                }
            }
            "test_input_required_result_capabilities" => {
                let mut requests = serde_json::Map::new();
                if may.elicitation.is_some() {
                    requests.insert("user_name".to_owned(), name_form());
                }
                if may.sampling.is_some() {
                    requests.insert("greeting".to_owned(), sampling("Generate a greeting", 50));
                }
                if requests.is_empty() || requests.keys().any(|key| given.contains_key(key)) {
                    return done("nothing more is needed");
                }
                self.wants(Value::Object(requests), None)?
            }
            unknown => {
                let message = format!("there is no tool `{unknown}`");
                return Err(ErrorData::invalid_params(message, None));
            }
        };
        Ok(wanted.into())
    }

    pub(crate) fn prompt(
        &self,
        request: GetPromptRequestParams,
        _context: &Context,
    ) -> Result<GetPromptResponse, ErrorData> {
        if request.name != "test_input_required_result_prompt" {
            let message = format!("there is no prompt `{}`", request.name);
            return Err(ErrorData::invalid_params(message, None));
        }
        let given = request.input_responses.unwrap_or_default();
        match accepted(&given, "user_context", "context").and_then(Value::as_str) {
            Some(context) => Ok(GetPromptResponse::Complete(whole(json!({"messages": [{
                "role": "user", "content": {"type": "text", "text": format!("About {context}")}
            }]}))?)),
            None => {
                let text = json!({"context": {"type": "string"}});
                let asks = form("What context should the prompt use?", &text, &["context"]);
                Ok(GetPromptResponse::InputRequired(
                    self.wants(json!({"user_context": asks}), None)?,
                ))
            }
        }
    }
}

fn answered(answer: &Value) -> Result<CallToolResponse, ErrorData> {
    let action = answer["action"].as_str().unwrap_or_default();
    done(&format!("Elicitation completed: action={action}, content={}", answer["content"]))
}

fn defaults() -> Value {
    json!({
        "name": {"type": "string", "default": "John Doe"},
        "age": {"type": "integer", "default": 30},
        "score": {"type": "number", "default": 95.5},
        "status": {
            "type": "string", "enum": ["active", "inactive", "pending"], "default": "active"
        },
        "verified": {"type": "boolean", "default": true}
    })
}

fn choices() -> Value {
    let titled = |titles: [&str; 3]| {
        let one = |(at, title): (usize, &str)| json!({"const": format!("value{}", at + 1), "title": title});
        titles.into_iter().enumerate().map(one).collect::<Vec<_>>()
    };
    let plain = ["option1", "option2", "option3"];
    json!({
        "untitledSingle": {"type": "string", "enum": plain},
        "titledSingle": {
            "type": "string", "oneOf": titled(["First Option", "Second Option", "Third Option"])
        },
        "legacyEnum": {
            "type": "string", "enum": ["opt1", "opt2", "opt3"],
            "enumNames": ["Option One", "Option Two", "Option Three"]
        },
        "untitledMulti": {"type": "array", "items": {"type": "string", "enum": plain}},
        "titledMulti": {
            "type": "array",
            "items": {"anyOf": titled(["First Choice", "Second Choice", "Third Choice"])}
        }
    })
}
