//! The MCP server as clients see it: an rmcp client of either generation against the router.
#![cfg(test)]

mod answers;
mod client;
mod company;
mod edges;
mod people;
mod scopes;
mod work;
