//! One run: where it stands and what was done in it.

use crate::{
    names,
    refusal::Refusal,
    rows::{self, Open},
    tool::{Kind, Needs, Tool},
};
use gemba_app::{
    Act, access::Scope, App, Who,
    runs::{self, Event, RunView},
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// How many of the last steps are told.
const MOST_DONE: usize = 50;

/// What a run that stands still waits for.
const STANDS_STILL: &str = "It stands still: it went back as often as the document allows. The process's owner allows \
                            one more round or ends it.";

pub(crate) struct GetRun;

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Input {
    #[schemars(description = "run_... from list_work or start_run")]
    run: String,
}

impl Input {
    pub(crate) fn of(run: &str) -> Self {
        Self { run: run.to_owned() }
    }
}

#[derive(Serialize, JsonSchema)]
pub(crate) struct Output {
    run: String,
    title: String,
    process: String,
    revision: u32,
    state: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    outcome: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    ending: Option<String>,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    stands_still: bool,
    started: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    ended: Option<String>,
    open: Vec<Open>,
    n_done: u32,
    done: Vec<Done>,
}

#[derive(Serialize, JsonSchema)]
struct Done {
    step: String,
    at: String,
    by: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    branch: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    note: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    evidence: Vec<String>,
}

impl Tool for GetRun {
    const NAME: &'static str = "get_run";
    const TITLE: &'static str = "Get a run";
    const DESCRIPTION: &'static str = "Where a run stands: the steps open now, and the steps done with who, when, branch, \
        note and evidence. Use it for what happened so far; what to do is in get_work.";
    const KIND: Kind = Kind::Reads;
    const NEEDS: Needs = Needs { act: Act::Read, scope: Some(Scope::Company) };
    type Input = Input;
    type Output = Output;

    async fn call(app: &App, who: &Who, input: Input) -> Result<Output, Refusal> {
        let view = runs::get(app, who, names::run(&input.run)?).await?;
        let mut done: Vec<Done> = view.history.iter().filter_map(|h| done(&view, &h.event)).collect();
        done.drain(..done.len().saturating_sub(MOST_DONE));
        Ok(Output {
            run: view.row.id.to_string(),
            process: view.row.process.0,
            title: view.row.title,
            revision: view.revision,
            state: view.row.state.word().to_owned(),
            outcome: view.row.outcome,
            ending: view.row.ending,
            stands_still: view.row.held,
            started: view.row.started.to_string(),
            ended: view.row.ended.map(|at| at.to_string()),
            open: view.open.iter().map(Open::from).collect(),
            n_done: view.row.n_done,
            done,
        })
    }

    fn text(output: &Output) -> String {
        let mut lines = vec![format!(
            "{} ({}) is {}; process {}, revision {}; {} steps done.",
            output.title, output.run, output.state, output.process, output.revision, output.n_done
        )];
        lines.extend(output.outcome.iter().map(|outcome| format!("Outcome: {outcome}.")));
        let ending = output.ending.iter();
        lines.extend(ending.map(|why| format!("It was ended ({why}); its clean-up is done now.")));
        if output.stands_still {
            lines.push(STANDS_STILL.to_owned());
        }
        for done in &output.done {
            let branch = done.branch.as_ref().map(|b| format!(" -> {b}")).unwrap_or_default();
            let note = done.note.as_ref().map(|n| format!(" | {n}")).unwrap_or_default();
            let Done { step, by, at, .. } = done;
            lines.push(format!("- done {step}{branch} | {by} | {at}{note}"));
        }
        if !output.open.is_empty() {
            lines.push("Open now:".to_owned());
            lines.push(rows::lines(&output.open));
        }
        lines.join("\n")
    }
}

fn done(view: &RunView, event: &Event) -> Option<Done> {
    let Event::StepCompleted { at, step, by, branch, reason, note, evidence, .. } = event else {
        return None;
    };
    let title = view.process.asked(step).map_or_else(|| step.to_string(), |s| s.title);
    Some(Done {
        step: title,
        at: at.to_string(),
        by: by.name().to_owned(),
        branch: branch.clone(),
        reason: reason.clone(),
        note: note.clone(),
        evidence: evidence.iter().map(|e| e.name.as_ref().unwrap_or(&e.value).clone()).collect(),
    })
}
