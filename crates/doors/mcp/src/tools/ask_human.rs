//! Asking a person without waiting for the answer.

use crate::{
    names,
    refusal::Refusal,
    tool::{Kind, Needs, Tool},
};
use gemba_app::{Act, App, Who, access::Scope, incidents};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub(crate) struct AskHuman;

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Input {
    work: String,
    #[schemars(description = "One question, with the choices you see")]
    question: String,
}

#[derive(Serialize, JsonSchema)]
pub(crate) struct Output {
    incident: String,
    asked: String,
    check_with: &'static str,
}

impl Tool for AskHuman {
    const NAME: &'static str = "ask_human";
    const TITLE: &'static str = "Ask a human";
    const DESCRIPTION: &'static str = "Asks the person above your seat about a step and returns at once. Use it for what \
        only a person may decide or know. Next: other work; get_work later shows the answer.";
    const KIND: Kind = Kind::Does;
    const NEEDS: Needs = Needs { act: Act::Work, scope: Some(Scope::Work) };
    type Input = Input;
    type Output = Output;

    async fn call(app: &App, who: &Who, input: Input) -> Result<Output, Refusal> {
        let id = incidents::ask(app, who, names::work(&input.work)?, &input.question).await?;
        let view = incidents::get(app, who, id).await?;
        let asked = view.seat().to_owned();
        Ok(Output { incident: id.to_string(), asked, check_with: "get_work" })
    }

    fn text(output: &Output) -> String {
        format!("Asked {}. Do not wait: get_work shows the answer when it is there.", output.asked)
    }
}
