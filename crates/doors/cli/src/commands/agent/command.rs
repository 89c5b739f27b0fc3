//! Running the command for one step, within its limits.

use crate::failure::Failure;
use std::{
    io::{Read, Write},
    path::Path,
    process::{Child, Command, ExitStatus, Stdio},
    thread,
    time::{Duration, Instant},
};

/// The exit code with which a command says that the step cannot be done as it is written.
const BLOCKED: i32 = 10;
/// The most that is read of what a command says, in bytes.
const MOST_SAID: u64 = 1024 * 1024;
/// How often the claim is renewed while a command works.
const RENEW: Duration = Duration::from_mins(5);
const LOOK: Duration = Duration::from_millis(50);

/// How long and how often.
#[derive(Debug, Clone, Copy)]
pub(super) struct Limits {
    /// How long the command may take for one try.
    pub(super) timeout: Duration,
    /// How often it may try.
    pub(super) tries: u32,
}

/// How a command ended.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Ended {
    /// It says that the step is done; what it left.
    Well(String),
    /// It says that the step cannot be done, and why.
    Blocked(String),
    /// It failed or took too long.
    Failed(String),
}

/// Runs the command in the folder, with the step on its input. `alive` keeps the claim; when that is
/// lost, the command is ended.
pub(super) fn run(
    command: &[String],
    folder: &Path,
    brief: &str,
    limits: &Limits,
    alive: &dyn Fn() -> bool,
) -> Result<Ended, Failure> {
    let Some((program, arguments)) = command.split_first() else {
        return Err(Failure::Usage("name a command behind `--`".to_owned()));
    };
    let output = folder.join("output.json");
    // What an earlier try left says nothing of this one.
    let _gone = std::fs::remove_file(&output);
    let mut started = Command::new(program);
    started
        .args(arguments)
        .current_dir(folder)
        .env("GEMBA_STEP", folder.join("step.json"))
        .env("GEMBA_OUTPUT", &output)
        // The command does the step; it never speaks to the server in the seat's name.
        .env_remove("GEMBA_TOKEN")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    #[cfg(unix)]
    std::os::unix::process::CommandExt::process_group(&mut started, 0);
    let mut child =
        started.spawn().map_err(|e| Failure::Usage(format!("cannot start `{program}`: {e}")))?;
    if let Some(mut input) = child.stdin.take() {
        let brief = brief.to_owned();
        // A command that reads no input closes it, which is its right.
        thread::spawn(move || input.write_all(brief.as_bytes()));
    }
    let said = reading(child.stdout.take());
    let complained = reading(child.stderr.take());
    let status = waited(&mut child, limits.timeout, alive);
    let complaint = complained.join().unwrap_or_default();
    let said = said.join().unwrap_or_default();
    let tail: String = {
        let words: Vec<char> = complaint.trim().chars().collect();
        words.iter().skip(words.len().saturating_sub(1_500)).collect()
    };
    Ok(match status {
        Err(why) => Ended::Failed(why.to_owned()),
        Ok(status) if status.success() => {
            Ended::Well(std::fs::read_to_string(&output).unwrap_or(said))
        }
        Ok(status) if status.code() == Some(BLOCKED) => {
            let why =
                if tail.is_empty() { "the command does not say why".to_owned() } else { tail };
            Ended::Blocked(why)
        }
        Ok(status) => Ended::Failed(format!("the command ended with {status}. {tail}")),
    })
}

fn reading(from: Option<impl Read + Send + 'static>) -> thread::JoinHandle<String> {
    thread::spawn(move || {
        let mut bytes = Vec::new();
        if let Some(from) = from {
            let _read = from.take(MOST_SAID).read_to_end(&mut bytes);
        }
        String::from_utf8_lossy(&bytes).into_owned()
    })
}

/// Waits for the end of the command, and ends it where it takes too long.
fn waited(
    child: &mut Child,
    timeout: Duration,
    alive: &dyn Fn() -> bool,
) -> Result<ExitStatus, &'static str> {
    let (began, mut renewed) = (Instant::now(), Instant::now());
    loop {
        match child.try_wait() {
            Ok(Some(status)) => return Ok(status),
            Ok(None) => {}
            Err(_lost) => return Err("the command cannot be waited for"),
        }
        let late = began.elapsed() >= timeout;
        let lost = renewed.elapsed() >= RENEW && {
            renewed = Instant::now();
            !alive()
        };
        if late || lost {
            end(child);
            return Err(if late {
                "the command took too long and was ended"
            } else {
                "the claim was lost while the command worked"
            });
        }
        thread::sleep(LOOK);
    }
}

/// Ends the command and what it started.
fn end(child: &mut Child) {
    #[cfg(unix)]
    let _told = Command::new("kill").args(["-KILL", "--", &format!("-{}", child.id())]).status();
    let _ended = child.kill();
    let _status = child.wait();
}

#[cfg(test)]
#[cfg(unix)]
mod tests {
    use super::*;

    fn check(script: &str, expected: &Ended) {
        let folder = tempfile::tempdir().unwrap();
        let command = ["sh", "-c", script].map(ToOwned::to_owned);
        let limits = Limits { timeout: Duration::from_secs(20), tries: 1 };
        let ended = run(&command, folder.path(), "the step", &limits, &|| true).unwrap();
        assert_eq!(&ended, expected, "{script}");
    }

    #[test]
    fn a_command_reads_the_step_and_leaves_an_answer() {
        check("cat", &Ended::Well("the step".to_owned()));
        check("echo '{}' > $GEMBA_OUTPUT; echo words", &Ended::Well("{}\n".to_owned()));
        check("test -z \"$GEMBA_TOKEN\"", &Ended::Well(String::new()));
        check("echo no access >&2; exit 10", &Ended::Blocked("no access".to_owned()));
        let failed = "the command ended with exit status: 3. broke".to_owned();
        check("echo broke >&2; exit 3", &Ended::Failed(failed));
    }

    #[test]
    fn a_command_that_takes_too_long_is_ended_with_what_it_started() {
        let folder = tempfile::tempdir().unwrap();
        let command = ["sh", "-c", "sleep 600 & wait"].map(ToOwned::to_owned);
        let limits = Limits { timeout: Duration::from_millis(200), tries: 1 };
        let ended = run(&command, folder.path(), "", &limits, &|| true).unwrap();
        assert_eq!(ended, Ended::Failed("the command took too long and was ended".to_owned()));
    }
}
