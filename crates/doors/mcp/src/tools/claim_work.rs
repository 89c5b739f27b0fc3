//! Taking a work item, so that others see that somebody is at it.

use crate::{
    names,
    refusal::Refusal,
    rows::Open,
    tool::{Kind, Needs, Tool},
};
use gemba_app::{Act, access::Scope, App, Who, work};
use schemars::JsonSchema;
use serde::Deserialize;

pub(crate) struct ClaimWork;

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Input {
    #[schemars(description = "work_... from list_work")]
    work: String,
}

impl Tool for ClaimWork {
    const NAME: &'static str = "claim_work";
    const TITLE: &'static str = "Claim a work item";
    const DESCRIPTION: &'static str = "Takes an open work item of your seat. Use it right before you do the step, \
        not to reserve work. Yours for fifteen minutes; claim again for longer. Next: do the \
        step, then submit_work; or release_work if you cannot.";
    const KIND: Kind = Kind::Sets;
    const NEEDS: Needs = Needs { act: Act::Work, scope: Some(Scope::Work) };
    type Input = Input;
    type Output = Open;

    async fn call(app: &App, who: &Who, input: Input) -> Result<Open, Refusal> {
        let id = names::work(&input.work)?;
        work::claim(app, who, id).await?;
        Ok(Open::from(&work::get(app, who, id).await?.row))
    }

    fn text(output: &Open) -> String {
        format!("{} ({}) is yours. When it is done, call submit_work.", output.work, output.step)
    }
}
