//! What a tool is: its definition, and the one way in which every call goes.

use crate::{refusal::Refusal, schema};
use gemba_app::{
    Act, App, Error, Who,
    access::{self, Scope},
    idempotency::{self, Answer, Asked},
};
use rmcp::model::{
    CallToolResult, ContentBlock, Icon, JsonObject, Tool as Definition, ToolAnnotations,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::sync::Arc;
use tokio::sync::Mutex;

/// The argument that every tool that changes something takes.
const KEY: &str = "idempotency_key";

/// The picture of the server: a map with a place on it.
pub(crate) const GEMBA: &str = "M3 6l6-3 6 3 6-3v15l-6 3-6-3-6 3z";
const READS: &str = "M3 5h18M3 12h18M3 19h12";
const DOES: &str = "M4 13l5 5L20 6";

/// A line drawing as an icon that needs no fetching.
pub(crate) fn icon(path: &str) -> Icon {
    let picture = format!(
        "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 24 24' fill='none' \
         stroke='%23808080' stroke-width='2'%3E%3Cpath d='{path}'/%3E%3C/svg%3E"
    );
    let picture = picture.replace(' ', "%20");
    Icon::new(picture).with_mime_type("image/svg+xml").with_sizes(vec!["any".to_owned()])
}

/// What a call does to the world.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Nothing.
    Reads,
    /// The same again changes nothing more.
    Sets,
    /// The same again does more, unless it comes with the same idempotency key.
    Does,
}

/// What one must be allowed, to see a tool and to call it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Needs {
    pub(crate) act: Act,
    /// The scope that a token must have; none where every token will do.
    pub(crate) scope: Option<Scope>,
}

impl Needs {
    /// Refuses who may not.
    pub(crate) fn require(self, who: &Who) -> Result<(), Error> {
        if let Some(scope) = self.scope {
            access::require_scope(who, scope)?;
        }
        access::require(who, self.act)
    }
}

/// A tool. Its texts are constants: nothing that a user wrote ever gets into a definition.
pub(crate) trait Tool: 'static {
    const NAME: &'static str;
    const TITLE: &'static str;
    const DESCRIPTION: &'static str;
    const KIND: Kind;
    const NEEDS: Needs;
    type Input: DeserializeOwned + JsonSchema + Send;
    type Output: Serialize + JsonSchema + Send;

    fn call(
        app: &App,
        who: &Who,
        input: Self::Input,
    ) -> impl Future<Output = Result<Self::Output, Refusal>> + Send;

    /// The answer for clients that show no structured content.
    fn text(output: &Self::Output) -> String;
}

/// What a call is answered from.
#[derive(Clone)]
pub(crate) struct Desk {
    pub(crate) app: App,
    pub(crate) who: Who,
    pub(crate) keyed: Arc<Mutex<()>>,
}

/// An answer as it is kept for a repeat.
#[derive(Serialize, Deserialize)]
struct Told {
    structured: Value,
    text: String,
}

/// What a client reads about a tool.
pub(crate) fn definition<T: Tool>() -> Definition {
    let mut input = schema::of_input::<T::Input>();
    if T::KIND != Kind::Reads
        && let Some(Value::Object(properties)) = input.get_mut("properties")
    {
        let says = "Unique text; a repeat with it is done once";
        properties.insert(KEY.to_owned(), json!({"type": "string", "description": says}));
    }
    let hints = ToolAnnotations::new().read_only(T::KIND == Kind::Reads).open_world(false);
    let hints = match T::KIND {
        Kind::Reads => hints,
        Kind::Sets => hints.destructive(false).idempotent(true),
        Kind::Does => hints.destructive(false).idempotent(false),
    };
    Definition::new(T::NAME, T::DESCRIPTION, Arc::new(input))
        .with_title(T::TITLE)
        .with_raw_output_schema(Arc::new(schema::of_output::<T::Output>()))
        .with_annotations(hints)
        .with_icons(vec![icon(if T::KIND == Kind::Reads { READS } else { DOES })])
}

/// One call. A refusal is an answer that the model reads, never an error of the protocol.
pub(crate) async fn call<T: Tool>(desk: Desk, arguments: JsonObject) -> CallToolResult {
    if let Err(error) = T::NEEDS.require(&desk.who) {
        return CallToolResult::error(vec![ContentBlock::text(Refusal::from(error).to_string())]);
    }
    let told = match split_key::<T>(arguments) {
        Err(refusal) => Err(refusal),
        Ok((None, arguments)) => tell::<T>(&desk, arguments).await,
        // What has a key must be kept with its answer even when the client hangs up meanwhile.
        Ok((Some(key), arguments)) => {
            let work = tokio::spawn(async move { once::<T>(&desk, &key, arguments).await });
            work.await.unwrap_or_else(|_ended| Err(Refusal::machine()))
        }
    };
    match told {
        Ok(told) => {
            let mut result = CallToolResult::success(vec![ContentBlock::text(told.text)]);
            result.structured_content = Some(told.structured);
            result
        }
        Err(refusal) => CallToolResult::error(vec![ContentBlock::text(refusal.to_string())]),
    }
}

fn split_key<T: Tool>(mut arguments: JsonObject) -> Result<(Option<String>, JsonObject), Refusal> {
    if T::KIND == Kind::Reads {
        return Ok((None, arguments));
    }
    match arguments.remove(KEY) {
        None | Some(Value::Null) => Ok((None, arguments)),
        Some(Value::String(key)) => Ok((Some(key), arguments)),
        Some(_) => Err(Refusal::argument(KEY, "the key is a text of 1 to 200 characters")),
    }
}

async fn once<T: Tool>(desk: &Desk, key: &str, arguments: JsonObject) -> Result<Told, Refusal> {
    let _alone = desk.keyed.lock().await;
    // The order of the arguments says nothing, so it must not make another request of them.
    let sorted: BTreeMap<&String, &Value> = arguments.iter().collect();
    let request = serde_json::to_vec(&(T::NAME, sorted)).map_err(|_no_json| Refusal::machine())?;
    let app = match idempotency::ask(&desk.app, &desk.who, key, &request).await? {
        Asked::Before(answer) => {
            return serde_json::from_str(&answer.body).map_err(|_no_json| Refusal::machine());
        }
        Asked::New(app) => app,
    };
    let desk = &Desk { app, who: desk.who.clone(), keyed: Arc::clone(&desk.keyed) };
    let told = tell::<T>(desk, arguments).await?;
    let body = serde_json::to_string(&told).map_err(|_no_json| Refusal::machine())?;
    let answer = Answer { status: 200, body };
    idempotency::answered(&desk.app, &desk.who, answer).await?;
    Ok(told)
}

async fn tell<T: Tool>(desk: &Desk, arguments: JsonObject) -> Result<Told, Refusal> {
    let input = serde_json::from_value(Value::Object(arguments))
        .map_err(|error| Refusal::arguments(T::NAME, &error))?;
    let output = T::call(&desk.app, &desk.who, input).await?;
    let structured = serde_json::to_value(&output).map_err(|_no_json| Refusal::machine())?;
    Ok(Told { structured, text: T::text(&output) })
}
