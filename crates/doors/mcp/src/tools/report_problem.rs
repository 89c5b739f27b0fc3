//! Saying that a step cannot be done as it is written.

use crate::{
    names,
    refusal::Refusal,
    tool::{Kind, Needs, Tool},
};
use gemba_app::{Act, App, Who, access::Scope, incidents};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub(crate) struct ReportProblem;

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Input {
    work: String,
    kind: Problem,
    #[schemars(description = "What is wrong, and what you tried")]
    text: String,
}

#[derive(Clone, Copy, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
enum Problem {
    Blocked,
    FailureSignal,
    SopUnclear,
}

#[derive(Serialize, JsonSchema)]
pub(crate) struct Output {
    incident: String,
    answered_by: String,
}

impl Tool for ReportProblem {
    const NAME: &'static str = "report_problem";
    const TITLE: &'static str = "Report a problem";
    const DESCRIPTION: &'static str = "Opens an incident about a step; a person answers. Use it when you are blocked, a \
        failure signal is true or the SOP is unclear. Not for a question you can work around: ask_human. Next: \
        release_work.";
    const KIND: Kind = Kind::Does;
    const NEEDS: Needs = Needs { act: Act::Work, scope: Some(Scope::Work) };
    type Input = Input;
    type Output = Output;

    async fn call(app: &App, who: &Who, input: Input) -> Result<Output, Refusal> {
        let kind = match input.kind {
            Problem::Blocked => "Blocked",
            Problem::FailureSignal => "A failure signal is true",
            Problem::SopUnclear => "The SOP is unclear",
        };
        let text = format!("{kind}: {}", input.text.trim());
        let id = incidents::report(app, who, names::work(&input.work)?, &text).await?;
        let view = incidents::get(app, who, id).await?;
        Ok(Output { incident: id.to_string(), answered_by: view.seat().to_owned() })
    }

    fn text(output: &Output) -> String {
        let Output { incident, answered_by } = output;
        format!("{answered_by} answers {incident}. If you cannot go on, call release_work.")
    }
}
