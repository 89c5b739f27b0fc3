//! The only place that prints: data to standard output, talk to standard error.
#![expect(clippy::print_stderr, reason = "this is the place that prints")]

use crate::args::Colour;
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
pub(crate) fn colours(colour: Colour) -> bool {
    // no-color.org: set to anything but nothing.
    let refused = || std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
    let dumb = || std::env::var_os("TERM").is_some_and(|value| value == "dumb");
    match colour {
        Colour::Always => true,
        Colour::Never => false,
        Colour::Auto => stdout().is_terminal() && !refused() && !dumb(),
    }
}

/// An empty screen, where there is one.
pub(crate) fn clear() {
    if stdout().is_terminal() {
        print("\u{1b}[2J\u{1b}[3J\u{1b}[H");
    }
}
