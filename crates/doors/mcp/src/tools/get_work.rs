//! One work item with everything that is needed to do it.

use crate::{
    names,
    refusal::Refusal,
    tool::{Kind, Needs, Tool},
};
use gemba_app::{Act, access::Scope, App, Who, incidents, work};
use gemba_model::Step;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub(crate) struct GetWork;

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Input {
    #[schemars(description = "work_... from list_work")]
    work: String,
}

impl Input {
    pub(crate) fn of(work: &str) -> Self {
        Self { work: work.to_owned() }
    }
}

#[derive(Serialize, JsonSchema)]
pub(crate) struct Output {
    work: String,
    state: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    holder: Option<String>,
    yours: bool,
    seat: String,
    process: String,
    revision: u32,
    run: String,
    run_title: String,
    number: String,
    n_steps: usize,
    step: String,
    instructions: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    checklist: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    due: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    branches: Vec<BranchRow>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    evidence: Vec<Asked>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    handoff_to: Vec<String>,
    expected_output: Vec<String>,
    failure_signals: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    questions: Vec<QuestionRow>,
}

#[derive(Serialize, JsonSchema)]
struct QuestionRow {
    question: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    answer: Option<String>,
}

#[derive(Serialize, JsonSchema)]
struct BranchRow {
    branch: String,
    condition: String,
}

#[derive(Serialize, JsonSchema)]
struct Asked {
    kind: String,
    text: String,
}

impl Tool for GetWork {
    const NAME: &'static str = "get_work";
    const TITLE: &'static str = "Get a work item";
    const DESCRIPTION: &'static str = "What one work item asks for: instructions, checklist, branches to choose from, \
        evidence to bring, and what the run must produce. Use it before you do a step. Next: claim_work.";
    const KIND: Kind = Kind::Reads;
    const NEEDS: Needs = Needs { act: Act::Read, scope: Some(Scope::Work) };
    type Input = Input;
    type Output = Output;

    async fn call(app: &App, who: &Who, input: Input) -> Result<Output, Refusal> {
        let id = names::work(&input.work)?;
        let view = work::get(app, who, id).await?;
        let asked = incidents::questions(app, who, id).await?;
        let row = view.row;
        let step = row.step;
        Ok(Output {
            work: row.item.id.to_string(),
            state: row.item.state.word().to_owned(),
            holder: row.item.holder,
            yours: row.is_mine,
            seat: row.seat,
            process: row.process.0,
            revision: view.revision,
            run: row.item.run.to_string(),
            run_title: row.run_title,
            number: step.number.clone(),
            n_steps: view.n_steps,
            checklist: step.walk().into_iter().skip(1).map(part).collect(),
            branches: row
                .branches
                .into_iter()
                .map(|b| BranchRow { branch: b.id, condition: b.label })
                .collect(),
            evidence: step
                .evidence
                .iter()
                .map(|e| Asked { kind: e.kind.word().to_owned(), text: e.text.clone() })
                .collect(),
            step: step.title,
            instructions: step.text,
            due: step.due,
            handoff_to: step.handoff_to,
            expected_output: view.expected_output,
            failure_signals: view.failure_signals,
            questions: asked
                .into_iter()
                .map(|(question, answer)| QuestionRow { question, answer })
                .collect(),
        })
    }

    fn text(output: &Output) -> String {
        let mut text = format!(
            "{} | {} | step {} of {}: {}\nSeat {}, {}. Run {} ({}), process {}, revision {}.\n\n{}\n",
            output.work,
            output.state,
            output.number,
            output.n_steps,
            output.step,
            output.seat,
            if output.yours { "yours" } else { "not yours" },
            output.run_title,
            output.run,
            output.process,
            output.revision,
            output.instructions,
        );
        let branches = output.branches.iter().map(|b| format!("{}: {}", b.branch, b.condition));
        let evidence = output.evidence.iter().map(|e| format!("{}: {}", e.kind, e.text));
        section(&mut text, "Checklist", output.checklist.iter().cloned());
        section(&mut text, "Due", output.due.iter().cloned());
        section(&mut text, "Branches, one of", branches);
        section(&mut text, "Evidence to bring", evidence);
        section(&mut text, "Hand off to", output.handoff_to.iter().cloned());
        section(&mut text, "The run must produce", output.expected_output.iter().cloned());
        section(&mut text, "Failure signals", output.failure_signals.iter().cloned());
        let questions = output.questions.iter().map(|q| {
            format!("{} -> {}", q.question, q.answer.as_deref().unwrap_or("not answered yet"))
        });
        section(&mut text, "Questions and answers", questions);
        text
    }
}

/// A part of a step, as a line of its checklist.
fn part(step: &Step) -> String {
    let title = format!("{} {}", step.number, step.title);
    if step.text.is_empty() { title } else { format!("{title}: {}", step.text) }
}

fn section(text: &mut String, title: &str, lines: impl Iterator<Item = String>) {
    let lines: Vec<String> = lines.map(|line| format!("\n- {line}")).collect();
    if !lines.is_empty() {
        for part in ["\n", title, ":", &lines.concat()] {
            text.push_str(part);
        }
    }
}
