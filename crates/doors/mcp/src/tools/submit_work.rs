//! Submitting a step as done.

use crate::{
    names,
    refusal::Refusal,
    rows::{self, Open},
    tool::{Kind, Needs, Tool},
};
use gemba_app::{
    Act, App, Who,
    access::Scope,
    runs::Status,
    work::{self, Completion, Given},
};
use gemba_model::EvidenceKind;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

const MOST_EVIDENCE: usize = 50;

pub(crate) struct SubmitWork;

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Input {
    #[schemars(description = "work_... from list_work")]
    work: String,
    #[schemars(description = "Which of the branches of get_work was taken, e.g. \"otherwise\"")]
    branch: Option<String>,
    #[schemars(description = "Why that branch")]
    reason: Option<String>,
    #[schemars(description = "What others should know")]
    note: Option<String>,
    #[schemars(description = "From claim_work")]
    fencing_token: Option<u32>,
    #[serde(default)]
    #[schemars(
        extend("default" = null),
        description = "What get_work asks for, e.g. {\"kind\":\"link\",\"value\":\"https://...\"}"
    )]
    evidence: Vec<Piece>,
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Piece {
    kind: PieceKind,
    #[schemars(description = "The words, address, number or file digest")]
    value: String,
    name: Option<String>,
}

#[derive(Clone, Copy, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
enum PieceKind {
    Text,
    Link,
    File,
    Number,
    Date,
    Choice,
}

#[derive(Serialize, JsonSchema)]
pub(crate) struct Output {
    work: String,
    run: String,
    run_state: String,
    next: Vec<Open>,
}

impl Tool for SubmitWork {
    const NAME: &'static str = "submit_work";
    const TITLE: &'static str = "Submit a step";
    const DESCRIPTION: &'static str = "Reports a step of your seat as done, with the branch taken and the evidence it asks \
        for. Use it only when the step really is done: it cannot be undone, and the next step opens. \
        The answer lists what is open now. Next: get_work on one that is yours.";
    const KIND: Kind = Kind::Does;
    const NEEDS: Needs = Needs { act: Act::Work, scope: Some(Scope::Work) };
    type Input = Input;
    type Output = Output;

    async fn call(app: &App, who: &Who, input: Input) -> Result<Output, Refusal> {
        if input.evidence.len() > MOST_EVIDENCE {
            let message = format!("at most {MOST_EVIDENCE} pieces of evidence go with a step");
            return Err(Refusal::argument("evidence", message));
        }
        let with = Completion {
            branch: filled(input.branch),
            reason: filled(input.reason),
            note: filled(input.note),
            evidence: input.evidence.into_iter().map(given).collect(),
            token: input.fencing_token,
            shown: None,
        };
        let outcome = work::complete(app, who, names::work(&input.work)?, with).await?;
        Ok(Output {
            work: input.work,
            run: outcome.run.to_string(),
            run_state: match outcome.state.status {
                // While it is cleaned up it goes on, as everywhere else.
                Status::New | Status::Running | Status::Ending => Status::Running.word().to_owned(),
                ended @ (Status::Completed | Status::Cancelled) => ended.word().to_owned(),
            },
            next: outcome.next.iter().map(Open::from).collect(),
        })
    }

    fn text(output: &Output) -> String {
        if output.next.is_empty() {
            return format!("Done. The run {} is {}.", output.run, output.run_state);
        }
        format!("Done. Open now in {}:\n{}", output.run, rows::lines(&output.next))
    }
}

fn filled(text: Option<String>) -> Option<String> {
    text.filter(|t| !t.trim().is_empty())
}

fn given(piece: Piece) -> Given {
    let kind = match piece.kind {
        PieceKind::Text => EvidenceKind::Text,
        PieceKind::Link => EvidenceKind::Link,
        PieceKind::File => EvidenceKind::File,
        PieceKind::Number => EvidenceKind::Number,
        PieceKind::Date => EvidenceKind::Date,
        PieceKind::Choice => EvidenceKind::Choice,
    };
    Given { kind, value: piece.value, name: filled(piece.name) }
}
