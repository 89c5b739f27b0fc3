//! `gemba audit`: the audit log held against its chain of hashes, and written out whole.

use crate::{
    args::{Audit, Data},
    failure::Failure,
    terminal, world,
};
use gemba_app::{
    Who,
    audit::{self, Verdict},
};
use gemba_wire::audit::AuditLine;
use std::process::ExitCode;

/// The code of a log that does not fit; see `gemba explain APP0902`.
const BROKEN: &str = "APP0902";
/// How many lines are read at a time.
const PAGE: u32 = 1_000;

pub(super) fn run(command: Audit) -> Result<ExitCode, Failure> {
    match command {
        Audit::Verify { noted, json, data } => verify(noted.as_deref(), json, &data),
        Audit::Export { data } => export(&data),
    }
}

fn verify(noted: Option<&str>, json: bool, data: &Data) -> Result<ExitCode, Failure> {
    let noted = noted.map(parsed).transpose()?;
    let app = world::open_existing(data)?;
    let verdict = world::block_on(async {
        let noted = noted.as_ref().map(|(seq, hash)| (*seq, hash.as_str()));
        Ok(audit::verify(&app, &Who::operator(), noted).await?)
    })?;
    if json {
        terminal::print_json(&serde_json::json!({
            "lines": verdict.lines,
            "head": verdict.head.as_ref().map(|(seq, hash)| serde_json::json!({ "seq": seq, "hash": hash })),
            "fault": verdict.fault.as_ref().map(|fault| serde_json::json!({
                "code": BROKEN,
                "line": fault.seq,
                "message": format!("line {} {}", fault.seq, fault.why.words()),
            })),
        }));
    } else {
        terminal::print(&said(&verdict));
    }
    Ok(ExitCode::from(u8::from(verdict.fault.is_some())))
}

/// A verdict in one line.
pub(super) fn said(verdict: &Verdict) -> String {
    let lines = verdict.lines;
    match (&verdict.fault, &verdict.head) {
        (Some(fault), _) => {
            format!(
                "line {} {} ({lines} lines before it fit) [{BROKEN}]",
                fault.seq,
                fault.why.words()
            )
        }
        (None, Some((seq, hash))) => format!("{lines} lines fit; the last is {seq}:{hash}"),
        (None, None) => "empty".to_owned(),
    }
}

/// A noted line.
fn parsed(noted: &str) -> Result<(i64, String), Failure> {
    let usage = || Failure::Usage(format!("`{noted}` is no line of the log; write NUMBER:HASH"));
    let (seq, hash) = noted.split_once(':').ok_or_else(usage)?;
    let seq: i64 = seq.parse().map_err(|_no_number| usage())?;
    let is_hash = hash.len() == 64 && hash.bytes().all(|byte| byte.is_ascii_hexdigit());
    if seq < 1 || !is_hash {
        return Err(usage());
    }
    Ok((seq, hash.to_ascii_lowercase()))
}

fn export(data: &Data) -> Result<ExitCode, Failure> {
    let app = world::open_existing(data)?;
    let who = Who::operator();
    world::block_on(async {
        let mut last = None;
        loop {
            let page = audit::after(&app, &who, last, PAGE).await?;
            for row in &page {
                let line = serde_json::to_string(&AuditLine::from(row))
                    .map_err(|e| Failure::Machine(format!("a line is no JSON: {e}")))?;
                terminal::print(&line);
            }
            let Some(row) = page.into_iter().next_back() else { return Ok(ExitCode::SUCCESS) };
            last = Some(row);
        }
    })
}
