//! The only place that prints: data to standard output, talk to standard error.
#![expect(clippy::print_stderr, reason = "this is the place that prints")]

use std::io::{IsTerminal, Write, stdout};

/// Data, followed by the end of the line where it has none.
pub(crate) fn print(data: &str) {
    let end = if data.ends_with('\n') { "" } else { "\n" };
    // A reader that went away (`gemba show ... | head`) is no failure of ours.
    let _gone = write!(stdout().lock(), "{data}{end}");
}

/// JSON, for programs.
pub(crate) fn print_json(data: &impl serde::Serialize) {
    match serde_json::to_string_pretty(data) {
        Ok(text) => print(&text),
        Err(error) => say(&format!("gemba: the answer is no JSON: {error}")),
    }
}

/// Talk.
pub(crate) fn say(text: &str) {
    eprintln!("{text}");
}

/// Whether colours are wanted where data goes.
pub(crate) fn colours() -> bool {
    stdout().is_terminal() && std::env::var_os("NO_COLOR").is_none()
}
