//! `gemba fmt`: the canonical form, and never a lost word.

use crate::{args::Fmt, failure::Failure, paths, terminal};
use gemba_sop::Formatted;
use std::process::ExitCode;

pub(super) fn run(args: &Fmt) -> Result<ExitCode, Failure> {
    let mut found = false;
    for path in paths::sops(&args.paths)? {
        let name = path.display().to_string();
        let bytes = paths::read(&path)?;
        let Ok(source) = String::from_utf8(bytes) else {
            terminal::say(&format!("{name}: not UTF-8 text, left as it is"));
            found = true;
            continue;
        };
        match gemba_sop::format(&source, &name) {
            Formatted::Same => {}
            Formatted::Changed(_) if args.check => {
                terminal::print(&name);
                found = true;
            }
            Formatted::Changed(text) => {
                paths::write(&path, text.as_bytes())?;
                terminal::say(&format!("{name}: rewritten"));
            }
            Formatted::WouldLose { words } => {
                let some: Vec<&str> = words.iter().take(8).map(String::as_str).collect();
                terminal::say(&format!(
                    "{name}: left as it is; the canonical form has no place for: {}{}",
                    some.join(", "),
                    if words.len() > some.len() { " ..." } else { "" }
                ));
                found = true;
            }
        }
    }
    Ok(ExitCode::from(u8::from(found)))
}
