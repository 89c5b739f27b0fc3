//! `gemba explain`: the manual page of a code.

use crate::{failure::Failure, terminal};
use std::process::ExitCode;

pub(super) fn run(code: &str) -> Result<ExitCode, Failure> {
    let wanted = code.trim().to_uppercase();
    match page(&wanted) {
        Some(page) => {
            terminal::print(page);
            Ok(ExitCode::SUCCESS)
        }
        None => {
            Err(Failure::Usage(format!("there is no code `{wanted}`; codes look like SOP0103")))
        }
    }
}

/// The page of a code: of a finding in a document, or of a refusal.
fn page(code: &str) -> Option<&'static str> {
    gemba_sop::rules()
        .iter()
        .find(|rule| rule.code.as_str() == code)
        .map(|rule| rule.page)
        .or_else(|| gemba_app::codes::page(code))
}
