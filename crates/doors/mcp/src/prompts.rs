//! What a person picks from a menu: do a piece of work, go through the day, review a document, write one.

use crate::{names, refusal::Refusal, resources, tool::Tool as _, tools::get_work};
use gemba_app::{App, Who};
use rmcp::{
    ErrorData,
    model::{
        ContentBlock, GetPromptResult, JsonObject, Prompt, PromptArgument, PromptMessage,
        ResourceContents, Role,
    },
};
use serde_json::Value;

const RUN: &str = "run_work_item";
const DAILY: &str = "daily_review";
const REVIEW: &str = "review_sop";
const WRITE: &str = "write_sop";

/// The prompts.
pub(crate) fn list() -> Vec<Prompt> {
    let argument = |name: &str, says: &str, required| {
        Some(vec![PromptArgument::new(name).with_description(says).with_required(required)])
    };
    vec![
        Prompt::new(
            RUN,
            Some("Do one piece of work from claim to done"),
            argument("work", "A work item, work_...; the oldest of your seat if left out", false),
        )
        .with_title("Do a work item"),
        Prompt::new(DAILY, Some("What happened, what is late and what to do today"), None)
            .with_title("Daily review"),
        Prompt::new(
            REVIEW,
            Some("Hold an SOP against what really happens"),
            argument("process", "Slug or title of the process", true),
        )
        .with_title("Review an SOP"),
        Prompt::new(
            WRITE,
            Some("Write an SOP by asking the one who does the work"),
            argument("title", "What the process is called", false),
        )
        .with_title("Write an SOP by interview"),
    ]
}

/// One prompt with its arguments filled in.
pub(crate) async fn get(
    app: &App,
    who: &Who,
    name: &str,
    arguments: &JsonObject,
) -> Result<GetPromptResult, ErrorData> {
    let given = |key: &str| arguments.get(key).and_then(Value::as_str).filter(|v| !v.is_empty());
    match name {
        RUN => run_work_item(app, who, given("work")).await.map_err(|refusal| wrong(&refusal)),
        REVIEW => {
            let Some(process) = given("process") else {
                return Err(ErrorData::invalid_params(
                    "say which process: its slug or title",
                    None,
                ));
            };
            review_sop(app, who, process).await
        }
        DAILY => Ok(said(DAILY_REVIEW)),
        WRITE => Ok(said(&match given("title") {
            Some(title) => format!("The process is called \"{title}\". {INTERVIEW}"),
            None => INTERVIEW.to_owned(),
        })),
        unknown => Err(ErrorData::invalid_params(format!("there is no prompt `{unknown}`"), None)),
    }
}

const DAILY_REVIEW: &str = "\
Go through my day in Gemba. Call get_my_seat, then list_work for what is open, oldest first, and list_measurables for \
the numbers. Tell me, in at most ten lines: what is late or waits longest, and why; which of my numbers are off track; \
which reviews and documents wait for me; and the one thing to do first. Name each item by its id. Change nothing: \
claim, submit and push only when I say so.";

const INTERVIEW: &str = "\
Write an SOP with me by interview. Ask one question at a time and wait for my answer. Find out, in this order: which one \
seat owns the process (find_process with an owner shows how seats are written here); what starts it (a date, an event, \
a number that is passed, a request); each step in turn: who does it, what exactly is done, by when, what is left as \
proof, what is decided and where each answer leads, to whom it is handed; how one sees that the result is complete; \
how one sees that it failed. Ask what happens in the usual case first, then what goes wrong. Do not invent: where I do \
not know, write the question down. Then write it as Markdown: front matter with `owner`, `function` and `trigger`; \
`# Title`; one sentence on why it exists; `## Steps` as a numbered list, each with a **bold name**, then its text; \
`## Expected output`; `## Failure signals`. Call propose_sop_change with check_only true until it has no findings \
that I can answer, show me the text, and send it only when I say yes. You cannot publish: the owner decides.";

fn said(text: &str) -> GetPromptResult {
    GetPromptResult::new(vec![PromptMessage::new_text(Role::User, text)])
}

fn wrong(refusal: &Refusal) -> ErrorData {
    ErrorData::invalid_params(refusal.to_string(), None)
}

async fn run_work_item(
    app: &App,
    who: &Who,
    work: Option<&str>,
) -> Result<GetPromptResult, Refusal> {
    let first = match work {
        None => {
            "Call get_my_seat, then list_work, and take the oldest item that is yours and open; \
                 read it with get_work."
                .to_owned()
        }
        Some(id) => {
            let view = get_work::GetWork::call(app, who, get_work::Input::of(id)).await?;
            format!("This is the work item:\n\n{}", get_work::GetWork::text(&view))
        }
    };
    let rest = "Claim it with claim_work. Do exactly what the step says, in its order; use the tools you have. \
                Where something is not in your power or the step is unclear, say so, call report_problem, then release_work, and stop. \
                When it is done, call submit_work with the branch and reason where there are branches, and with \
                the evidence it asks for. Never report as done what was not done. Then tell me in two sentences \
                what you did and what is open next.";
    let message = PromptMessage::new_text(
        Role::User,
        format!("Do one piece of work in Gemba. {first}\n\n{rest}"),
    );
    Ok(GetPromptResult::new(vec![message]))
}

async fn review_sop(app: &App, who: &Who, process: &str) -> Result<GetPromptResult, ErrorData> {
    let row = names::process(app, who, process).await.map_err(|refusal| wrong(&refusal))?;
    let text = resources::text(app, who, &row.slug).await.map_err(|e| resources::failed(&e))?;
    let says = format!(
        "Review the SOP \"{}\" (revision {}), which follows. Answer five questions, each with the line you mean: \
         Does it name exactly one seat as owner? Is it clear what starts it? Can each step be done by the seat that \
         does it, with every decision and handoff said? Would one notice that the output is complete? Would one \
         notice that it failed? Then list what you would change, as text to paste. Call list_gaps for what the \
         audit says about it. You cannot publish: the owner decides.",
        row.summary.title,
        row.revision.unwrap_or_default(),
    );
    let sop =
        ResourceContents::text(text, resources::address(&row.slug)).with_mime_type("text/markdown");
    Ok(GetPromptResult::new(vec![
        PromptMessage::new_text(Role::User, says),
        PromptMessage::new(Role::User, ContentBlock::resource(sop)),
    ]))
}
