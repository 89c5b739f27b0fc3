//! Giving a claimed work item back.

use crate::{
    names,
    refusal::Refusal,
    rows::Open,
    tool::{Kind, Needs, Tool},
};
use gemba_app::{Act, access::Scope, App, Who, work};
use schemars::JsonSchema;
use serde::Deserialize;

pub(crate) struct ReleaseWork;

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Input {
    #[schemars(description = "work_... that you claimed")]
    work: String,
}

impl Tool for ReleaseWork {
    const NAME: &'static str = "release_work";
    const TITLE: &'static str = "Release a work item";
    const DESCRIPTION: &'static str = "Gives a claimed work item back to its seat, undone. Use it when you cannot do the \
        step as written; never instead of submit_work. Next: list_work.";
    const KIND: Kind = Kind::Does;
    const NEEDS: Needs = Needs { act: Act::Work, scope: Some(Scope::Work) };
    type Input = Input;
    type Output = Open;

    async fn call(app: &App, who: &Who, input: Input) -> Result<Open, Refusal> {
        let id = names::work(&input.work)?;
        work::release(app, who, id).await?;
        Ok(Open::from(&work::get(app, who, id).await?.row))
    }

    fn text(output: &Open) -> String {
        format!("{} ({}) is open again for {}.", output.work, output.step, output.seat)
    }
}
