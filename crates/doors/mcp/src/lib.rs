//! The MCP server: tools, resources and prompts, over Streamable HTTP and over stdio.
//!
//! Every request says who asks (a bearer token, or the one who started the program) and is answered
//! from the application alone: nothing is kept per connection, so a run or work item id is a name
//! and never a permission.

mod completions;
mod http;
mod names;
mod page;
mod prompts;
mod refusal;
mod resources;
mod rows;
mod schema;
mod server;
mod skills;
mod tool;
mod tools;

pub use http::{McpConfig, Sessions, mounted, router};
pub use server::{StartedBy, stdio};
