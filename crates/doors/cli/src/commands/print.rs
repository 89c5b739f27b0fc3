//! `gemba print`: an SOP as a typeset PDF.

use super::{map::numbered, show::read};
use crate::{
    args::{Print, Sheet},
    failure::Failure,
    paths, terminal,
};
use gemba_paper::{About, Paper};
use std::process::ExitCode;

pub(super) fn run(args: &Print) -> Result<ExitCode, Failure> {
    let document = read(&args.file)?;
    let many = document.processes.len() > 1;
    let name = args.file.file_name().map(|n| n.to_string_lossy().into_owned());
    let about = About { revision: name.unwrap_or_default(), ..About::default() };
    for (n, process) in document.processes.iter().enumerate() {
        let bytes = gemba_paper::document(process, &about, paper(args.paper))
            .map_err(|e| Failure::Machine(e.to_string()))?;
        let path = numbered(&args.output, many.then_some(n + 1));
        paths::write(&path, &bytes)?;
        terminal::say(&format!("{}: {}", path.display(), process.title));
    }
    Ok(ExitCode::SUCCESS)
}

pub(super) fn paper(sheet: Sheet) -> Paper {
    match sheet {
        Sheet::A4 => Paper::A4,
        Sheet::A3 => Paper::A3,
        Sheet::Letter => Paper::Letter,
    }
}
