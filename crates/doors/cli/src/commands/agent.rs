//! `gemba agent run`: a worker that takes the work of a seat and lets any command do it, one step at a
//! time.

mod command;
mod door;
mod step;

use crate::{args::Agent, failure::Failure, terminal};
use command::{Ended, Limits};
use door::{Answer, Door};
use serde_json::{Value, json};
use std::{process::ExitCode, time::Duration};

/// How long to wait where somebody else was faster.
const PAUSE: Duration = Duration::from_secs(1);

/// What came of one work item.
#[derive(Debug, PartialEq, Eq)]
enum Outcome {
    /// It is done, or kept for a person.
    Submitted,
    /// A person was asked, and it is back with its seat.
    GivenUp,
    /// Somebody else was faster.
    Taken,
}

pub(super) fn run(command: Agent) -> Result<ExitCode, Failure> {
    let Agent::Run(args) = command;
    let door = Door::new(&args.url, &args.token);
    let seat = door.seat(&args.seat)?;
    let limits = Limits {
        timeout: Duration::from_secs(args.timeout),
        tries: args.retries.saturating_add(1),
    };
    terminal::say(&format!("Works for the seat {seat}. End it with Ctrl-C."));
    let (mut done, mut given_up, mut spent) = (0_u32, 0_u32, 0.0_f64);
    // An item that was given up is not taken again by this worker: a person looks at it first.
    let mut left_alone: Vec<String> = Vec::new();
    loop {
        let waiting = door.open_work(&seat)?;
        let next = waiting.iter().find(|item| !left_alone.iter().any(|id| id == text(item, "id")));
        let Some(item) = next else {
            if args.once {
                break;
            }
            std::thread::sleep(Duration::from_secs(args.poll.max(1)));
            continue;
        };
        let id = text(item, "id").to_owned();
        let (outcome, cost) = do_one(&door, &id, &args.command, &limits)?;
        spent += cost;
        match outcome {
            Outcome::Submitted => done += 1,
            Outcome::GivenUp => given_up += 1,
            Outcome::Taken => std::thread::sleep(PAUSE),
        }
        if outcome != Outcome::Submitted {
            left_alone.push(id);
        }
        if args.spend.is_some_and(|most| spent >= most) {
            terminal::say(&format!("Stops: {spent} was spent, which is the limit."));
            break;
        }
        if args.most.is_some_and(|most| done + given_up >= most) {
            break;
        }
    }
    terminal::say(&format!("{done} steps submitted, {given_up} given back to people."));
    Ok(if given_up == 0 { ExitCode::SUCCESS } else { ExitCode::from(1) })
}

fn text<'a>(value: &'a Value, key: &str) -> &'a str {
    value.get(key).and_then(Value::as_str).unwrap_or_default()
}

/// One work item, from the claim to what came of it, and what the command says it cost.
fn do_one(
    door: &Door,
    id: &str,
    command: &[String],
    limits: &Limits,
) -> Result<(Outcome, f64), Failure> {
    let Answer::Given(claim) = door.claim(id)? else { return Ok((Outcome::Taken, 0.0)) };
    let token = claim.pointer("/claim/fencing_token").cloned().unwrap_or(Value::Null);
    let Answer::Given(item) = door.item(id)? else { return Ok((Outcome::Taken, 0.0)) };
    let title = item.pointer("/step/title").and_then(Value::as_str).unwrap_or_default().to_owned();
    terminal::say(&format!("{id}: {title}"));
    let folder = tempfile::tempdir()
        .map_err(|e| Failure::Machine(format!("cannot make a folder for the step: {e}")))?;
    let (mut cost, mut refusal) = (0.0, None);
    for attempt in 1..=limits.tries {
        let brief = step::write(folder.path(), &item, refusal.as_deref())?;
        // The lease is kept for as long as the command works.
        let alive = || door.claim(id).is_ok_and(|answer| matches!(answer, Answer::Given(_)));
        let ended = command::run(command, folder.path(), &brief, limits, &alive)?;
        let why = match ended {
            Ended::Blocked(why) => {
                terminal::say(&format!("{id}: blocked: {why}"));
                give_up(door, id, &format!("Blocked: {why}"))?;
                return Ok((Outcome::GivenUp, cost));
            }
            Ended::Failed(why) => why,
            Ended::Well(output) => {
                let output = step::read(&output, &item);
                cost += output.get("cost").and_then(Value::as_f64).unwrap_or_default();
                match submit(door, id, folder.path(), &item, &output, &token, attempt)? {
                    Ok(said) => {
                        terminal::say(&format!("{id}: {said}"));
                        return Ok((Outcome::Submitted, cost));
                    }
                    Err(why) => why,
                }
            }
        };
        terminal::say(&format!("{id}: try {attempt} of {}: {why}", limits.tries));
        refusal = Some(why);
    }
    let why = refusal.unwrap_or_default();
    give_up(door, id, &format!("Not done after {} tries. The last one: {why}", limits.tries))?;
    Ok((Outcome::GivenUp, cost))
}

/// Sends what the command left; the inner error is a refusal that the command can read.
fn submit(
    door: &Door,
    id: &str,
    folder: &std::path::Path,
    item: &Value,
    output: &Value,
    token: &Value,
    attempt: u32,
) -> Result<Result<String, String>, Failure> {
    let evidence = match step::evidence(folder, item, output) {
        Ok(evidence) => evidence,
        Err(why) => return Ok(Err(why)),
    };
    let mut pieces = Vec::new();
    for piece in evidence {
        pieces.push(match piece {
            step::Piece::Plain(piece) => piece,
            step::Piece::File { name, bytes } => match door.file(&name, &bytes)? {
                Answer::Given(file) => {
                    json!({"kind": "file", "value": file.get("digest"), "name": name})
                }
                Answer::Refused(why) => return Ok(Err(why)),
            },
        });
    }
    let mut body = json!({"evidence": pieces, "fencing_token": token});
    for key in ["branch", "reason", "note"] {
        if let (Some(value), Some(body)) =
            (output.get(key).filter(|v| v.is_string()), body.as_object_mut())
        {
            body.insert(key.to_owned(), value.clone());
        }
    }
    let key = format!("{id}-{token}-{attempt}");
    Ok(match door.complete(id, &key, &body)? {
        Answer::Given(outcome) => Ok(format!("submitted; the run is {}", text(&outcome, "state"))),
        Answer::Refused(why) => Err(why),
    })
}

/// Asks a person and gives the work item back to its seat.
fn give_up(door: &Door, id: &str, why: &str) -> Result<(), Failure> {
    // Neither is worth ending the worker for: a claim runs out by itself.
    if let Answer::Refused(why) = door.problem(id, why)? {
        terminal::say(&format!("{id}: the problem could not be reported: {why}"));
    }
    if let Answer::Refused(why) = door.release(id)? {
        terminal::say(&format!("{id}: it could not be given back: {why}"));
    }
    Ok(())
}
