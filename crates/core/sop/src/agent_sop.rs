//! Agent SOPs (`*.sop.md`): a process as a file of that format, and such a file as a document of ours.
//!
//! The format has a title, an overview, parameters, and steps with constraints in the words of RFC 2119;
//! what it has no place for stands in sections of its own, so that [`read()`] gives the same process again.

use crate::inline::{escape, fold};
use crate::print::{self, canonical};
use gemba_model::{Process, Step};
use std::fmt::Write as _;

/// What such a file's name ends with.
pub const ENDING: &str = ".sop.md";

const PARAMETERS: &str = "There are none: what a run is about is told with its steps.";
const NO_STEPS: &str = "No step is written down yet.";
const CONSTRAINTS: &str = "**Constraints:**";
const PARTS: &str = "**Parts:**";
const IN_TURN: &str = "You MUST do this step only when its turn has come, because what comes before it is needed here";
const SEAT: &str = "You MUST act as the seat: ";
const NAMED: &str = "You MUST report on this step under the name: ";
const DECIDE: &str = "You MUST decide as written: ";
/// The fields of a step here, and the words that ask for them there.
const WORDS: [(&str, &str); 13] = [
    ("Procedure: ", "You MUST carry out the procedure: "),
    ("Wait for: ", "You MUST wait for this: "),
    ("Approval: ", "You MUST get an approval: "),
    (
        "Not by: ",
        "You MUST leave this to another where you did, because nobody checks their own work: ",
    ),
    ("If not answered: ", "You MUST do this where no answer comes: "),
    ("At most: ", "You MUST send it back at most: "),
    ("Ends as: ", "You MUST end the process as: "),
    ("Kind: ", "You MUST take this step for: "),
    ("Evidence ", "You MUST leave evidence "),
    ("Due: ", "You MUST be done: "),
    ("Remind: ", "You SHOULD remind: "),
    ("Consult: ", "You MUST ask before: "),
    ("Inform: ", "You MUST tell after: "),
];

/// A process as an agent SOP.
pub fn write(process: &Process) -> String {
    let process = &canonical(process);
    let mut out =
        format!("# {}\n\n## Overview\n\n{}\n", print::heading(&process.title), overview(process));
    // Writing to a string cannot fail.
    let _fine = write!(out, "\n## Parameters\n\n{PARAMETERS}\n\n## Process\n\n");
    let settings = print::inline_settings(process);
    if settings.is_empty() {
        out.push_str("- owner: null\n");
    }
    for line in settings {
        let _fine = writeln!(out, "- {line}");
    }
    let purpose = process.purpose.trim_end();
    if !purpose.trim().is_empty() {
        let _fine = write!(out, "\n## Purpose\n\n{purpose}\n");
    }
    out.push_str("\n## Steps\n");
    if process.steps.is_empty() {
        let _fine = write!(out, "\n{NO_STEPS}\n");
    }
    for (n, step) in process.steps.iter().enumerate() {
        let _fine = write!(out, "\n### {}. {}\n", n + 1, print::heading(&step.title));
        step_body(&mut out, process, step);
    }
    print::after_steps(&mut out, process);
    out
}

/// What it is and when it is used, in words that are one plain value also where YAML reads them.
fn overview(process: &Process) -> String {
    let mut said = format!("How \"{}\" is done, one step at a time", fold(&process.title));
    let triggers: Vec<String> = process.triggers.iter().map(|t| fold(&t.text)).collect();
    if !triggers.is_empty() {
        said.push_str(". Use it when this starts it - ");
        said.push_str(&triggers.join("; "));
    }
    let said: String = said.replace(": ", " - ").replace(" #", " ").chars().take(1000).collect();
    format!("{}.", said.trim_end_matches([':', '.', ' ']))
}

fn step_body(out: &mut String, process: &Process, step: &Step) {
    let text = step.text.trim_end();
    if !text.trim().is_empty() {
        let _fine = write!(out, "\n{}\n", guarded(text));
    }
    let _fine = write!(out, "\n{CONSTRAINTS}\n\n- {IN_TURN}\n");
    if let Some(seat) = &step.seat {
        let _fine = writeln!(out, "- {SEAT}{}", escape(seat.as_written()));
    }
    if step.id_stated {
        let _fine = writeln!(out, "- {NAMED}{}", step.id);
    }
    for bullet in print::bullets(process, step) {
        let known = WORDS.iter().find_map(|(field, words)| {
            bullet.strip_prefix(field).map(|rest| format!("{words}{rest}"))
        });
        let constraint = known.unwrap_or_else(|| match bullet.strip_prefix("Hand off to ") {
            Some(seat) => format!("You MUST hand off to {seat}"),
            None => format!("{DECIDE}{bullet}"),
        });
        let _fine = writeln!(out, "{}", print::hanging("- ", &constraint, 0));
    }
    if !step.steps.is_empty() {
        let _fine = write!(out, "\n{PARTS}\n");
        print::steps(out, process, &step.steps, 0);
    }
}

/// A text whose lines are no heading of the file around it.
fn guarded(text: &str) -> String {
    outside_fences(
        text,
        |line| if line.starts_with('#') { format!(" {line}") } else { line.to_owned() },
    )
}

fn unguarded(text: &str) -> String {
    outside_fences(text, |line| {
        line.strip_prefix(' ').filter(|l| l.starts_with('#')).unwrap_or(line).to_owned()
    })
}

fn outside_fences(text: &str, change: impl Fn(&str) -> String) -> String {
    let mut fence = Fence::default();
    let lines: Vec<String> = text
        .lines()
        .map(|line| if fence.holds(line) { line.to_owned() } else { change(line) })
        .collect();
    lines.join("\n")
}

/// Whether one is within a fenced block of code.
#[derive(Default)]
struct Fence {
    open: Option<String>,
}

impl Fence {
    /// Whether this line, the next of the text, belongs to a fenced block.
    fn holds(&mut self, line: &str) -> bool {
        let bare = line.trim_start_matches([' ', '\t', '>']);
        let mark: String = match bare.chars().next() {
            Some(c @ ('`' | '~')) => bare.chars().take_while(|next| *next == c).collect(),
            _ => String::new(),
        };
        match &self.open {
            Some(open) => {
                if mark.starts_with(open.as_str()) && bare.trim_end() == mark {
                    self.open = None;
                }
                true
            }
            None if mark.len() >= 3 => {
                self.open = Some(mark);
                true
            }
            None => false,
        }
    }
}

/// A section of the second level: its heading and what stands under it.
struct Part<'a> {
    title: &'a str,
    lines: Vec<&'a str>,
}

impl Part<'_> {
    fn text(&self) -> String {
        self.lines.join("\n").trim_matches('\n').to_owned()
    }
}

/// The title, what stands before the first section, and the sections.
fn parts(text: &str) -> (Option<&str>, Vec<&str>, Vec<Part<'_>>) {
    let mut fence = Fence::default();
    let (mut title, mut opening, mut parts) = (None, Vec::new(), Vec::<Part<'_>>::new());
    for line in text.lines() {
        let plain = !fence.holds(line);
        if plain && let Some(heading) = line.strip_prefix("## ") {
            parts.push(Part { title: heading.trim(), lines: Vec::new() });
        } else if plain && title.is_none() && parts.is_empty() && line.starts_with("# ") {
            title = line.strip_prefix("# ").map(str::trim);
        } else {
            match parts.last_mut() {
                Some(part) => part.lines.push(line),
                None => opening.push(line),
            }
        }
    }
    (title, opening, parts)
}

/// An agent SOP as a document of ours; `None` where the text has not the shape of the format.
///
/// What [`write()`] made reads back as the same process; in any other file what is asked of a step stays as its text, and what
/// nobody said (an owner, a trigger) stays unsaid.
pub fn read(text: &str) -> Option<String> {
    let (title, opening, parts) = parts(text);
    let title = title?;
    let at = parts.iter().position(|part| part.title.eq_ignore_ascii_case("steps"))?;
    let (before, rest) = parts.split_at_checked(at)?;
    let (steps_part, after) = rest.split_first()?;
    before.iter().find(|part| part.title.eq_ignore_ascii_case("overview"))?;
    let steps = split_steps(steps_part)?;
    let settings = before.iter().find(|part| part.title == "Process").and_then(settings);
    let mut out = String::new();
    let mut kept = Vec::new();
    if let Some(settings) = &settings
        && settings.iter().any(|line| *line != "owner: null")
    {
        let _fine = write!(out, "---\n{}\n---\n\n", settings.join("\n"));
    }
    let _fine = writeln!(out, "# {title}");
    let opening = opening.join("\n");
    if !opening.trim().is_empty() {
        let _fine = write!(out, "\n{}\n", opening.trim_matches('\n'));
    }
    for part in before {
        let ours = settings.is_some();
        match part.title.to_lowercase().as_str() {
            "overview" | "process" if ours => {}
            "parameters" if ours && part.text() == PARAMETERS => {}
            "purpose" if ours => {
                let _fine = write!(out, "\n{}\n", part.text());
            }
            "overview" => {
                let _fine = write!(out, "\n{}\n", part.text());
            }
            _ => kept.push(part),
        }
    }
    if !steps.is_empty() {
        out.push_str("\n## Steps\n");
    }
    for (n, (title, body)) in steps.iter().enumerate() {
        step(&mut out, n + 1, title, body);
    }
    for part in kept.into_iter().chain(after) {
        let _fine = write!(out, "\n## {}\n", part.title);
        let text = part.text();
        if !text.is_empty() {
            let _fine = write!(out, "\n{text}\n");
        }
    }
    if settings.is_some() {
        let found = crate::compile(&out, "document.md").processes;
        return found.first().map(print::print);
    }
    Some(out)
}

/// The lines of the front matter, where the section holds nothing else.
fn settings<'a>(part: &Part<'a>) -> Option<Vec<&'a str>> {
    let said: Vec<&str> =
        part.lines.iter().copied().filter(|line| !line.trim().is_empty()).collect();
    let lines: Option<Vec<&str>> = said
        .into_iter()
        .map(|line| line.strip_prefix("- ").filter(|line| line.contains(": ")))
        .collect();
    lines.filter(|lines| !lines.is_empty())
}

/// The steps of a file: title and what stands under it. `None` where there are none in the form of the
/// format, though something stands there.
fn split_steps<'a>(part: &Part<'a>) -> Option<Vec<(&'a str, Vec<&'a str>)>> {
    let mut fence = Fence::default();
    let mut steps: Vec<(&str, Vec<&str>)> = Vec::new();
    let mut lead = Vec::new();
    for line in &part.lines {
        let heading = if fence.holds(line) { None } else { line.strip_prefix("### ") };
        match (heading, steps.last_mut()) {
            (Some(heading), _) => steps.push((numberless(heading), Vec::new())),
            (None, Some((_, lines))) => lines.push(*line),
            (None, None) => lead.push(*line),
        }
    }
    let lead = lead.join("\n");
    let lead = lead.trim();
    (lead.is_empty() || lead == NO_STEPS).then_some(steps)
}

/// A heading without the number of its step: `3. Send it`, `Step 3: Send it`.
fn numberless(heading: &str) -> &str {
    let heading = heading.trim();
    let rest = heading.strip_prefix("Step ").unwrap_or(heading);
    let after = rest.trim_start_matches(|c: char| c.is_ascii_digit());
    let marked = after.strip_prefix(['.', ':', ')']).filter(|_| after.len() < rest.len());
    marked.map_or(heading, str::trim_start)
}

fn step(out: &mut String, n: usize, title: &str, body: &[&str]) {
    let marker = format!("{n}. ");
    let title = match title.strip_suffix("\\#") {
        Some(rest) => format!("{rest}#"),
        None => title.to_owned(),
    };
    let margin = " ".repeat(marker.len());
    let split = body.iter().position(|line| line.strip_prefix("- ") == Some(IN_TURN));
    let Some((constrained, text)) = split.and_then(|at| {
        let head = body.get(..at)?;
        let label = head.iter().rposition(|line| *line == CONSTRAINTS)?;
        Some((body.get(at + 1..)?, head.get(..label)?))
    }) else {
        let _fine = write!(out, "\n{marker}**{title}**\n");
        indented(out, &margin, &body.join("\n"));
        return;
    };
    let parts = constrained.iter().position(|line| *line == PARTS);
    let (bullets, parts) = match parts {
        Some(at) => (
            constrained.get(..at).unwrap_or_default(),
            constrained.get(at + 1..).unwrap_or_default(),
        ),
        None => (constrained, [].as_slice()),
    };
    let (mut seat, mut id, mut lines) = (None, None, Vec::new());
    for line in bullets {
        let Some(said) = line.strip_prefix("- ") else {
            lines.push((*line).to_owned());
            continue;
        };
        if let Some(name) = said.strip_prefix(SEAT) {
            seat = Some(name);
        } else if let Some(name) = said.strip_prefix(NAMED) {
            id = Some(name);
        } else {
            lines.push(format!("- {}", field(said)));
        }
    }
    let _fine = write!(out, "\n{marker}**{title}**");
    if let Some(seat) = seat {
        let _fine = write!(out, " — {seat}");
    }
    if let Some(id) = id {
        let _fine = write!(out, " {{#{id}}}");
    }
    out.push('\n');
    indented(out, &margin, &unguarded(&text.join("\n")));
    indented(out, &margin, &lines.join("\n"));
    indented(out, &margin, &parts.join("\n"));
}

/// A constraint as the field of a step here.
fn field(said: &str) -> String {
    let known = WORDS
        .iter()
        .find_map(|(field, words)| said.strip_prefix(words).map(|rest| format!("{field}{rest}")));
    known
        .or_else(|| said.strip_prefix(DECIDE).map(str::to_owned))
        .or_else(|| {
            said.strip_prefix("You MUST hand off to ").map(|seat| format!("Hand off to {seat}"))
        })
        .unwrap_or_else(|| said.to_owned())
}

/// A text under the marker of its step, after an empty line.
fn indented(out: &mut String, margin: &str, text: &str) {
    let text = text.trim_matches('\n').trim_end();
    if text.trim().is_empty() {
        return;
    }
    out.push('\n');
    for line in text.lines() {
        if !line.trim().is_empty() {
            out.push_str(margin);
            out.push_str(line);
        }
        out.push('\n');
    }
}
