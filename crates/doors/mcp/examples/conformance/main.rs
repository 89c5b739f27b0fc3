//! A server that has what the conformance suite of the protocol asks for, on the product's own router.
//!
//! `cargo run -p gemba-mcp --example conformance [ADDR]` prints its URL, then a token of a seat.
//! Its tools, resources and prompts are fixtures; what they pass through (the route, the hosts and
//! origins, the bearer tokens, the body limit) is the product's.
#![expect(clippy::print_stdout, reason = "the one who starts it reads what it says")]
#![expect(clippy::expect_used, reason = "an example fails by panicking")]
#![expect(clippy::indexing_slicing, reason = "a JSON value without the field gives null")]
#![expect(clippy::single_match_else, reason = "each fixture reads as an arm of its own")]

mod asking;
mod fixtures;

use asking::Asking;
use gemba_mcp::{McpConfig, Sessions, mounted};
use gemba_testkit::TestApp;
use rmcp::{
    ErrorData, RoleServer, ServerHandler,
    model::{
        CacheScope, CallToolRequestParams, CallToolResponse, CompleteRequestParams, CompleteResult,
        GetPromptRequestParams, GetPromptResponse, Implementation, ListPromptsResult,
        ListResourceTemplatesResult, ListResourcesResult, ListToolsResult, PaginatedRequestParams,
        ReadResourceRequestParams, ReadResourceResponse, ServerCapabilities, ServerConfig,
        SubscribeRequestParams, SubscriptionFilter, Tool, UnsubscribeRequestParams,
    },
    service::{RequestContext, SubscriptionContext},
};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use tokio::{net::TcpListener, sync::broadcast};

/// The fixtures, and the line on which a change of a list is told to those who listen.
#[derive(Clone)]
struct Fixtures {
    changes: broadcast::Sender<Change>,
    asking: Asking,
}

/// What the older revision sets the level of messages with.
#[expect(deprecated, reason = "the older revision asks for it")]
type Level = rmcp::model::SetLevelRequestParams;

/// Which list changed.
#[derive(Debug, Clone, Copy)]
enum Change {
    Tools,
    Prompts,
}

/// A fixture as the type that the protocol's crate has for it.
fn of<T: DeserializeOwned>(value: Value) -> Result<T, ErrorData> {
    serde_json::from_value(value).map_err(|e| ErrorData::internal_error(e.to_string(), None))
}

/// The same for a result, which says in the newest revision that it is whole; older clients are told
/// without.
fn whole<T: DeserializeOwned>(mut value: Value) -> Result<T, ErrorData> {
    value["resultType"] = json!("complete");
    of(value)
}

fn tools() -> Vec<Tool> {
    let tool = |tool: &Value| serde_json::from_value(tool.clone()).expect("a fixture is a tool");
    fixtures::tools().as_array().map(|all| all.iter().map(tool).collect()).unwrap_or_default()
}

impl ServerHandler for Fixtures {
    fn get_info(&self) -> ServerConfig {
        #[expect(deprecated, reason = "the older revision asks for it")]
        let capabilities = ServerCapabilities::builder()
            .enable_tools()
            .enable_tool_list_changed()
            .enable_resources()
            .enable_resources_subscribe()
            .enable_prompts()
            .enable_prompts_list_changed()
            .enable_completions()
            .enable_logging()
            .build();
        ServerConfig::new(capabilities)
            .with_server_info(Implementation::new("gemba-conformance", env!("CARGO_PKG_VERSION")))
    }

    async fn list_tools(
        &self,
        _page: Option<PaginatedRequestParams>,
        _context: RequestContext<RoleServer>,
    ) -> Result<ListToolsResult, ErrorData> {
        Ok(ListToolsResult::with_all_items(tools())
            .with_ttl_ms(0)
            .with_cache_scope(CacheScope::Private))
    }

    fn get_tool(&self, name: &str) -> Option<Tool> {
        tools().into_iter().find(|tool| tool.name == name)
    }

    async fn call_tool(
        &self,
        request: CallToolRequestParams,
        context: RequestContext<RoleServer>,
    ) -> Result<CallToolResponse, ErrorData> {
        let name = request.name.to_string();
        if let Some(result) = fixtures::result(&name) {
            return Ok(CallToolResponse::Complete(whole(result)?));
        }
        match name.as_str() {
            "test_trigger_tool_change" => {
                // Nobody may be listening.
                let _told = self.changes.send(Change::Tools);
                Ok(CallToolResponse::Complete(whole(fixtures::said("changed"))?))
            }
            "test_trigger_prompt_change" => {
                let _told = self.changes.send(Change::Prompts);
                Ok(CallToolResponse::Complete(whole(fixtures::said("changed"))?))
            }
            _ => self.asking.call(request, &context).await,
        }
    }

    async fn list_resources(
        &self,
        _page: Option<PaginatedRequestParams>,
        _context: RequestContext<RoleServer>,
    ) -> Result<ListResourcesResult, ErrorData> {
        let list: ListResourcesResult = whole(json!({"resources": fixtures::resources()}))?;
        Ok(list.with_ttl_ms(0).with_cache_scope(CacheScope::Private))
    }

    async fn list_resource_templates(
        &self,
        _page: Option<PaginatedRequestParams>,
        _context: RequestContext<RoleServer>,
    ) -> Result<ListResourceTemplatesResult, ErrorData> {
        let list: ListResourceTemplatesResult =
            whole(json!({"resourceTemplates": fixtures::templates()}))?;
        Ok(list.with_ttl_ms(0).with_cache_scope(CacheScope::Private))
    }

    async fn read_resource(
        &self,
        request: ReadResourceRequestParams,
        _context: RequestContext<RoleServer>,
    ) -> Result<ReadResourceResponse, ErrorData> {
        let Some(contents) = fixtures::contents(&request.uri) else {
            let data = json!({"uri": request.uri});
            return Err(ErrorData::resource_not_found("there is no such resource", Some(data)));
        };
        let read: rmcp::model::ReadResourceResult = whole(json!({"contents": [contents]}))?;
        Ok(read.with_ttl_ms(0).with_cache_scope(CacheScope::Private).into())
    }

    async fn list_prompts(
        &self,
        _page: Option<PaginatedRequestParams>,
        _context: RequestContext<RoleServer>,
    ) -> Result<ListPromptsResult, ErrorData> {
        let list: ListPromptsResult = whole(json!({"prompts": fixtures::prompts()}))?;
        Ok(list.with_ttl_ms(0).with_cache_scope(CacheScope::Private))
    }

    async fn get_prompt(
        &self,
        request: GetPromptRequestParams,
        context: RequestContext<RoleServer>,
    ) -> Result<GetPromptResponse, ErrorData> {
        let arguments = request.arguments.clone().unwrap_or_default();
        match fixtures::prompt(&request.name, &arguments) {
            Some(messages) => {
                Ok(GetPromptResponse::Complete(whole(json!({"messages": messages}))?))
            }
            None => self.asking.prompt(request, &context),
        }
    }

    async fn complete(
        &self,
        request: CompleteRequestParams,
        _context: RequestContext<RoleServer>,
    ) -> Result<CompleteResult, ErrorData> {
        let begun = request.argument.value;
        let all = ["paris", "park", "party"].into_iter().filter(|v| v.starts_with(&begun));
        let values: Vec<&str> = all.collect();
        let total = values.len();
        whole(json!({"completion": {"values": values, "total": total, "hasMore": false}}))
    }

    async fn set_level(
        &self,
        _request: Level,
        _context: RequestContext<RoleServer>,
    ) -> Result<(), ErrorData> {
        Ok(())
    }

    async fn subscribe(
        &self,
        _request: SubscribeRequestParams,
        _context: RequestContext<RoleServer>,
    ) -> Result<(), ErrorData> {
        Ok(())
    }

    async fn unsubscribe(
        &self,
        _request: UnsubscribeRequestParams,
        _context: RequestContext<RoleServer>,
    ) -> Result<(), ErrorData> {
        Ok(())
    }

    fn accepted_subscription_filter(
        &self,
        requested: &SubscriptionFilter,
    ) -> Option<SubscriptionFilter> {
        Some(requested.clone())
    }

    async fn listen(&self, context: SubscriptionContext) -> Result<(), ErrorData> {
        let mut changes = self.changes.subscribe();
        loop {
            let change = tokio::select! {
                () = context.cancelled() => return Ok(()),
                change = changes.recv() => change,
            };
            let accepted = context.accepted();
            // A client that went away hears no more.
            let _sent = match change {
                Ok(Change::Tools) if accepted.tools_list_changed == Some(true) => {
                    context.sink().notify_tool_list_changed().await
                }
                Ok(Change::Prompts) if accepted.prompts_list_changed == Some(true) => {
                    context.sink().notify_prompt_list_changed().await
                }
                Ok(_) => Ok(()),
                Err(_closed_or_behind) => return Ok(()),
            };
        }
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let kit = TestApp::new().await;
    kit.publish(gemba_testkit::INVOICING).await;
    let address = std::env::args().nth(1).unwrap_or_else(|| "127.0.0.1:0".to_owned());
    let listener = TcpListener::bind(address).await.expect("a free port");
    let address = listener.local_addr().expect("an address");
    println!("http://{address}");
    println!("{}", kit.token("Accounting").await);
    let config = McpConfig {
        origins: vec!["http://localhost:*".to_owned(), "http://127.0.0.1:*".to_owned()],
        ..McpConfig::default()
    };
    let (changes, _none) = broadcast::channel(16);
    let fixtures = Fixtures { changes, asking: Asking::new() };
    let router = mounted(kit.app.clone(), config, Sessions::Kept, fixtures);
    axum::serve(listener, router).await.expect("a server");
}
