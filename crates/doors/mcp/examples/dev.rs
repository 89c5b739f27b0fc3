//! A server with a little company in memory, for trying MCP clients without a data folder.
//!
//! `cargo run -p gemba-mcp --example dev [ADDR]` prints its URL, then the tokens of two seats;
//! `cargo run -p gemba-mcp --example dev stdio` acts for the seat Accounting over stdio.
#![expect(clippy::print_stdout, reason = "the one who starts it reads what it says")]
#![expect(clippy::expect_used, reason = "an example fails by panicking")]

use gemba_app::{
    Who,
    measurables::{self, MeasurableInput},
    processes::{self, File},
    records::Direction,
};
use gemba_mcp::{McpConfig, StartedBy, router, stdio};
use gemba_testkit::{INVOICING, TestApp};
use tokio::net::TcpListener;

const DRAFT: &str = "---
owner: \"#sales-help\"
trigger: every Monday
---

# Weekly pipeline check

## Steps

1. **Look at every deal**
";

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let kit = TestApp::new().await;
    kit.publish(INVOICING).await;
    let file = File { name: "pipeline.md".to_owned(), bytes: DRAFT.as_bytes().to_vec() };
    processes::import(&kit.app, &Who::operator(), vec![file]).await.expect("a draft");
    let input = MeasurableInput {
        name: "Invoices sent".to_owned(),
        seat: "Accounting".to_owned(),
        unit: String::new(),
        goal: 20.0,
        direction: Direction::Up,
    };
    measurables::create(&kit.app, &Who::operator(), input).await.expect("a measurable");

    let address = std::env::args().nth(1).unwrap_or_else(|| "127.0.0.1:0".to_owned());
    if address == "stdio" {
        let who = kit.agent("Accounting").await;
        let started_by = StartedBy::Known(who);
        stdio(kit.app.clone(), started_by).await.expect("a client that hangs up in order");
        return;
    }
    let listener = TcpListener::bind(address).await.expect("a free port");
    let address = listener.local_addr().expect("an address");
    println!("http://{address}");
    println!("{}", kit.token("Accounting").await);
    println!("{}", kit.token("Delivery lead").await);
    let config = McpConfig { origins: vec![format!("http://{address}")], ..McpConfig::default() };
    axum::serve(listener, router(kit.app.clone(), config)).await.expect("a server");
}
