//! Saying how far a step is, and keeping it for longer.

use crate::{
    names,
    refusal::Refusal,
    rows::Open,
    tool::{Kind, Needs, Tool},
};
use gemba_app::{Act, App, Who, access::Scope, work};
use schemars::JsonSchema;
use serde::Deserialize;

pub(crate) struct ReportProgress;

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Input {
    work: String,
    #[schemars(description = "e.g. \"12 of 30 invoices checked\"")]
    note: String,
}

impl Tool for ReportProgress {
    const NAME: &'static str = "report_progress";
    const TITLE: &'static str = "Report progress";
    const DESCRIPTION: &'static str = "Notes how far a step of yours is and keeps it fifteen minutes more. Use it while a \
        step takes long. Next: go on, then submit_work.";
    const KIND: Kind = Kind::Sets;
    const NEEDS: Needs = Needs { act: Act::Work, scope: Some(Scope::Work) };
    type Input = Input;
    type Output = Open;

    async fn call(app: &App, who: &Who, input: Input) -> Result<Open, Refusal> {
        let id = names::work(&input.work)?;
        work::progress(app, who, id, &input.note).await?;
        Ok(Open::from(&work::get(app, who, id).await?.row))
    }

    fn text(output: &Open) -> String {
        let until = output.lease_until.as_deref().unwrap_or("you give it back");
        format!("Noted. {} ({}) is yours until {until}.", output.work, output.step)
    }
}
