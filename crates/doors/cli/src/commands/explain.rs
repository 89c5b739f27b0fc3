//! `gemba explain`: the manual page of a code.

use crate::{failure::Failure, terminal};
use std::process::ExitCode;

pub(super) fn run(code: &str) -> Result<ExitCode, Failure> {
    let wanted = code.trim().to_uppercase();
    match gemba_app::codes::page(&wanted) {
        Some(page) => {
            terminal::print(page);
            Ok(ExitCode::SUCCESS)
        }
        None => {
            Err(Failure::Usage(format!("there is no code `{wanted}`; codes look like SOP0103")))
        }
    }
}
