//! Starting a run by hand.

use crate::{
    names,
    refusal::Refusal,
    rows::{self, Open},
    tool::{Kind, Needs, Tool},
};
use gemba_app::{Act, access::Scope, App, Who, runs};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub(crate) struct StartRun;

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Input {
    #[schemars(description = "Slug or title")]
    process: String,
    #[schemars(description = "What this run is about, e.g. \"Acme, November\"")]
    title: Option<String>,
}

#[derive(Serialize, JsonSchema)]
pub(crate) struct Output {
    run: String,
    title: String,
    revision: u32,
    open: Vec<Open>,
}

impl Tool for StartRun {
    const NAME: &'static str = "start_run";
    const TITLE: &'static str = "Start a run";
    const DESCRIPTION: &'static str = "Starts a run of a published process. Use it when somebody asks for the process to be \
        done now; not for processes on a schedule, which start by themselves. Send an idempotency_key if you may \
        repeat the call. Next: get_work.";
    const KIND: Kind = Kind::Does;
    const NEEDS: Needs = Needs { act: Act::StartRun, scope: Some(Scope::Company) };
    type Input = Input;
    type Output = Output;

    async fn call(app: &App, who: &Who, input: Input) -> Result<Output, Refusal> {
        let process = names::process(app, who, &input.process).await?;
        let title = input.title.unwrap_or_default();
        let id = runs::start(app, who, &process.slug, &title).await?;
        let view = runs::get(app, who, id).await?;
        Ok(Output {
            run: id.to_string(),
            title: view.row.title,
            revision: view.revision,
            open: view.open.iter().map(Open::from).collect(),
        })
    }

    fn text(output: &Output) -> String {
        format!("Started {} ({}). Open now:\n{}", output.title, output.run, rows::lines(&output.open))
    }
}
