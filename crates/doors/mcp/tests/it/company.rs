//! A small company with everything that the first question asks about.

use crate::client::{self, Client};
use axum::Router;
use gemba_app::{
    Who,
    measurables::{self, MeasurableInput},
    processes::{self, File},
    records::Direction,
};
use gemba_mcp::{McpConfig, router};
use gemba_testkit::{INVOICING, TestApp};

const NO_OWNER: &str = "---\ntrigger: every Monday\nfunction: Sales\n---\n\n# Weekly pipeline check\n\n## Steps\n\n1. **Look at every deal**\n";
const CHANNEL: &str = "---\nowner: \"#ops-help\"\ntrigger: daily at 08:00\n---\n\n# Morning check\n\n## Steps\n\n1. **Look at the board**\n";
const STRANGER: &str =
    "---\nowner: Warehouse\n---\n\n# Stock count\n\n## Steps\n\n1. **Count the boxes**\n";

pub(crate) struct Company {
    pub(crate) kit: TestApp,
    pub(crate) router: Router,
}

/// Accounting (Mia) owns the published invoicing and works in it; the agent Dash on Delivery lead works
/// in it and owns nothing; Sales is vacant. Three drafts have no owner that is a seat.
pub(crate) async fn company() -> Company {
    let kit = TestApp::new().await;
    kit.publish(INVOICING).await;
    let file = |name: &str, text: &str| File { name: name.to_owned(), bytes: text.into() };
    let drafts = vec![file("a.md", NO_OWNER), file("b.md", CHANNEL), file("c.md", STRANGER)];
    processes::import(&kit.app, &Who::operator(), drafts).await.unwrap();
    let input = MeasurableInput {
        name: "Invoices sent".to_owned(),
        seat: "Accounting".to_owned(),
        unit: String::new(),
        goal: 20.0,
        direction: Direction::Up,
    };
    measurables::create(&kit.app, &Who::operator(), input).await.unwrap();
    let router = router(kit.app.clone(), McpConfig::default());
    Company { kit, router }
}

impl Company {
    /// A client that acts for a seat.
    pub(crate) async fn client(&self, seat: &str) -> Client {
        let token = self.kit.token(seat).await;
        client::connect(&self.router, &token, client::modern()).await
    }
}
