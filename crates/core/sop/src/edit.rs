//! Changes of a text that keep its sense: a step put in, moved or given a branch, while every number
//! that speaks of a step goes on meaning that step.
//!
//! A change is made as an author would make it, in the form in which the step beside it is written.
//! Then the new text is read again: unless every step, every jump and every row of the matrix is what
//! it was, the change is refused. So a wrong reading of the text's form can cost a refusal, never a
//! wrong jump.

mod assign;
mod mark;
mod mention;
mod reading;
mod row;

pub use assign::{Assigned, assign};

use crate::decision::{Branch, Jump};
use crate::inline::fold;
use gemba_model::{Step, StepId, Target};
use mark::{Form, Mark, Number};
use reading::{Flat, Reading};
use row::{Row, in_cell};
use std::ops::Range;

/// What is to be done beside or in a step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
    /// A new step before it, with this title; empty for one to be written over.
    Before(String),
    /// A new step after it.
    After(String),
    /// It changes places with the one before.
    Up,
    /// It changes places with the one after.
    Down,
    /// A branch: under this condition the process goes to another step, or ends.
    Decision {
        /// The condition; empty for one to be written over.
        condition: String,
        /// Where it leads; none for the end of the process.
        to: Option<StepId>,
    },
    /// The work goes to this seat.
    Handoff(String),
    /// It leaves this as evidence.
    Evidence(String),
    /// It must be done by then.
    Due(String),
}

/// A text after a change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Changed {
    /// The text.
    pub text: String,
    /// The bytes that the author will want to write over or look at.
    pub select: Range<usize>,
}

/// Why a change was not made; the text is to be changed by hand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refused {
    /// The text has no such step.
    NoStep,
    /// There is no step before or after it in the same list.
    NoNeighbour,
    /// The step is written in a form that has no place for this.
    Form,
    /// The step says already by when it is done.
    HasDue,
    /// A jump, the matrix or another step would no longer mean the same.
    Unsure,
}

impl Refused {
    /// Why, and what to do, in one sentence without a full stop.
    pub fn says(self) -> &'static str {
        match self {
            Self::NoStep => "the text has no such step any more; choose one and try again",
            Self::NoNeighbour => "there is no step on that side of it in the same list",
            Self::Form => {
                "the step is written in a form into which this cannot be put; write it by hand"
            }
            Self::HasDue => "the step says already by when it is done; change it there",
            Self::Unsure => {
                "the text is written in a way in which this would change what another step, a jump or \
                 the matrix means; write it by hand"
            }
        }
    }
}

/// The title of a step that is to be written over.
const NEW: &str = "Describe the new step";

/// Makes a change in the process at this place in a text, counted from 0.
pub fn change(
    source: &str,
    name: &str,
    nth: usize,
    step: &StepId,
    change: &Change,
) -> Result<Changed, Refused> {
    let old = Reading::of_nth(source, name, nth);
    let at = old.find(step).ok_or(Refused::NoStep)?;
    let ways = match change {
        Change::Before(title) => insert(&old, at, false, title),
        Change::After(title) => insert(&old, at, true, title),
        Change::Up => {
            one(swap(&old, old.neighbour(at, false).ok_or(Refused::NoNeighbour)?, at, at))
        }
        Change::Down => {
            one(swap(&old, at, old.neighbour(at, true).ok_or(Refused::NoNeighbour)?, at))
        }
        Change::Decision { condition, to } => decision(&old, at, condition, to.as_ref()),
        Change::Handoff(seat) => {
            let seat = or(seat, "the next seat");
            part(&old, at, &format!("Hand off to {seat}."), &seat)
        }
        Change::Evidence(text) => {
            let text = or(text, "what it leaves as proof");
            part(&old, at, &format!("Evidence (text): {text}"), &text)
        }
        Change::Due(_) if old.steps.get(at).is_some_and(|s| s.step.due.is_some()) => {
            Err(Refused::HasDue)
        }
        Change::Due(text) => {
            let text = or(text, "1 business day after the start");
            part(&old, at, &format!("Due: {text}"), &text)
        }
    }?;
    let mut refused = Refused::Form;
    for made in ways {
        match settled(&old, name, nth, at, change, made) {
            Ok(changed) => return Ok(changed),
            Err(why) => refused = why,
        }
    }
    Err(refused)
}

fn one(made: Result<Making, Refused>) -> Result<Vec<Making>, Refused> {
    made.map(|made| vec![made])
}

/// The text as it was made, where it says what was asked for and everything else as before.
fn settled(
    old: &Reading,
    name: &str,
    nth: usize,
    at: usize,
    change: &Change,
    made: Making,
) -> Result<Changed, Refused> {
    let made = follow(old, name, nth, made)?;
    let new = Reading::of_nth(&made.text, name, nth);
    old.same_as(&new, &made.places).then_some(()).ok_or(Refused::Unsure)?;
    let here = made.places.get(at).and_then(|at| new.steps.get(*at)).ok_or(Refused::Unsure)?;
    let before = old.steps.get(at).ok_or(Refused::NoStep)?;
    let grew = new.steps.len() == old.steps.len() + 1;
    let grows = matches!(change, Change::Before(_) | Change::After(_));
    if grew != grows || !took(change, &before.step, &here.step) {
        return Err(Refused::Unsure);
    }
    Ok(Changed { text: made.text, select: made.select })
}

/// Whether the change is in the text as it reads now.
fn took(change: &Change, before: &Step, after: &Step) -> bool {
    match change {
        Change::Before(_) | Change::After(_) | Change::Up | Change::Down => true,
        Change::Decision { to, .. } => after.decisions.iter().any(|d| {
            !before.decisions.iter().any(|b| b.condition == d.condition)
                && match (&d.target, to) {
                    (Target::Step(id) | Target::Loop(id), Some(to)) => id == to,
                    (Target::End, None) => true,
                    _ => false,
                }
        }),
        Change::Handoff(_) => after.handoff_to.len() > before.handoff_to.len(),
        Change::Evidence(_) => after.evidence.len() > before.evidence.len(),
        Change::Due(_) => after.due.is_some() && after.due != before.due,
    }
}

/// A text in the making: where each step of the old one is in the new one.
struct Making {
    text: String,
    select: Range<usize>,
    places: Vec<usize>,
}

fn or(text: &str, other: &str) -> String {
    let text = fold(text);
    if text.is_empty() { other.to_owned() } else { text }
}

/// Puts a new step before or after another and counts on: the ways in which that may be written.
fn insert(old: &Reading, at: usize, after: bool, title: &str) -> Result<Vec<Making>, Refused> {
    let here = old.steps.get(at).ok_or(Refused::NoStep)?;
    let mark = old.mark(here);
    if mark.form == Form::Paragraph && mark.number.is_none() {
        return Ok(told(here, title)
            .into_iter()
            .map(|(words, chosen)| insert_as(old, at, after, here, &[], &words, &chosen))
            .collect());
    }
    let row = old.siblings(at);
    let alike =
        |other: usize| old.steps.get(other).map(|s| old.mark(s)).filter(|m| m.form == mark.form);
    // A list in which every item is "1." counts by itself.
    let beside = [old.neighbour(at, false), old.neighbour(at, true)];
    let repeats = mark.number.is_some()
        && beside.iter().flatten().any(|n| alike(*n).is_some_and(|m| m.number == mark.number));
    let number = match mark.number {
        Some(number) if after && !repeats => Some(number.next().ok_or(Refused::Form)?),
        number => number,
    };
    let mut edits = Vec::new();
    if !repeats && let Some(mut expected) = number {
        let first = row.iter().position(|s| *s == at).map_or(0, |p| p + usize::from(after));
        for other in row.iter().skip(first) {
            let Some(counted) = alike(*other).filter(|m| m.number == Some(expected)) else { break };
            expected = expected.next().ok_or(Refused::Form)?;
            let Some(step) = old.steps.get(*other) else { break };
            edits.push((old.block(step), renumbered(old, step, &counted, expected)));
        }
    }
    let (words, chosen) = words_of_new(here, &mark, &or(title, NEW));
    let number = number.map(Number::word).unwrap_or_default();
    let block = match mark.form {
        Form::Row => row_of_new(old, here, &mark, &number, &or(title, NEW)),
        Form::Item | Form::Heading | Form::Paragraph => {
            format!("{}{number}{}{words}", mark.before, mark.after)
        }
    };
    let body = if mark.form == Form::Heading { "\n\nWrite here what is done." } else { "" };
    Ok(vec![insert_as(old, at, after, here, &edits, &format!("{block}{body}"), &chosen)])
}

/// A new step as a sentence between paragraphs: the author's own where it is one, or one that says who.
fn told(here: &Flat, title: &str) -> Vec<(String, String)> {
    let title = or(title, NEW);
    let own = (format!("{}.", title.trim_end_matches('.')), title.clone());
    let Some(seat) = here.step.seat.as_ref().map(|seat| seat.name.as_str()) else {
        return vec![own];
    };
    let mut letters = title.chars();
    let lower: String =
        letters.next().into_iter().flat_map(char::to_lowercase).chain(letters).collect();
    let lower = lower.trim_end_matches('.').to_owned();
    let said = (format!("Then the {seat} must {lower}."), lower);
    if title == NEW { vec![said] } else { vec![own, said] }
}

/// Puts the words of a new step before or after another, beside what else is changed for it.
fn insert_as(
    old: &Reading,
    at: usize,
    after: bool,
    here: &Flat,
    others: &[(Range<usize>, String)],
    block: &str,
    chosen: &str,
) -> Making {
    let mut edits = others.to_vec();
    let gap = old.gap(at);
    let indent = old.indent(here);
    let select_in = block.find(chosen).map_or(0..block.len(), |from| from..from + chosen.len());
    let (place, text, offset) = if after {
        let place = old.block(here).end;
        let lead = format!("{gap}{indent}");
        (place, format!("{lead}{block}"), lead.len())
    } else {
        (here.start, format!("{block}{gap}{indent}"), 0)
    };
    edits.push((place..place, text));
    let from = offset + select_in.start;
    let (text, select) = applied(&old.source, edits, place, from..from + select_in.len());
    let pivot = if after { at + here.n_below + 1 } else { at };
    let places = (0..old.steps.len()).map(|n| n + usize::from(n >= pivot)).collect();
    Making { text, select, places }
}

/// The words of a new step in the style of the one beside it, and the part to be written over.
fn words_of_new(here: &Flat, mark: &Mark<'_>, title: &str) -> (String, String) {
    let seat = here.step.seat.as_ref().filter(|seat| {
        [" — ", " – ", " - "]
            .iter()
            .any(|dash| mark.words.contains(&format!("{dash}{}", seat.name)))
    });
    let seat = seat.map(|seat| format!(" — {}", seat.name)).unwrap_or_default();
    let opened = mark.before.contains("**") && !mark.after.contains("**");
    let words = if opened {
        format!("{title}**{seat}")
    } else if mark.words.starts_with("**") {
        format!("**{title}**{seat}")
    } else {
        format!("{title}{seat}")
    };
    (words, title.to_owned())
}

/// A new row of a table: the number, the title and the seat where the row beside has them.
fn row_of_new(old: &Reading, here: &Flat, mark: &Mark<'_>, number: &str, title: &str) -> String {
    let seat = here.step.seat.as_ref().map(|seat| seat.name.as_str());
    let row = Row::of(old, here);
    let made: Vec<String> = row
        .cells
        .iter()
        .enumerate()
        .map(|(n, cell)| {
            let cell = old.source.get(cell.clone()).unwrap_or_default();
            if n == row.titled {
                in_cell(title)
            } else if n == 0 && mark.number.is_some() {
                number.to_owned()
            } else if seat.is_some_and(|seat| cell.eq_ignore_ascii_case(seat)) {
                cell.to_owned()
            } else {
                String::new()
            }
        })
        .collect();
    format!("| {} |", made.join(" | "))
}

/// Two neighbours change places and numbers.
fn swap(old: &Reading, first: usize, second: usize, at: usize) -> Result<Making, Refused> {
    let (Some(a), Some(b)) = (old.steps.get(first), old.steps.get(second)) else {
        return Err(Refused::NoStep);
    };
    let (at_a, at_b) = (old.block(a), old.block(b));
    let between = old.source.get(at_a.end..at_b.start).ok_or(Refused::Unsure)?;
    let (mark_a, mark_b) = (old.mark(a), old.mark(b));
    if !between.trim().is_empty() || mark_a.form != mark_b.form {
        return Err(Refused::Form);
    }
    let with = |step: &Flat, mark: &Mark<'_>, number: Option<Number>| match number {
        Some(number) if mark.number.is_some() => renumbered(old, step, mark, number),
        _ => old.source.get(old.block(step)).unwrap_or_default().to_owned(),
    };
    let new_first = with(b, &mark_b, mark_a.number);
    let new_second = with(a, &mark_a, mark_b.number);
    // The lines that are looked at afterwards are those of the step that was moved.
    let line = |text: &str| text.lines().next().map_or(0, str::len);
    let (place, length) =
        if at == second { (at_a.start, line(&new_first)) } else { (at_b.start, line(&new_second)) };
    let edits = vec![(at_a, new_first), (at_b, new_second)];
    let (text, select) = applied(&old.source, edits, place, 0..length);
    let (n_a, n_b) = (a.n_below + 1, b.n_below + 1);
    let places = (0..old.steps.len())
        .map(|n| match n {
            n if n < first || n >= first + n_a + n_b => n,
            n if n < first + n_a => n + n_b,
            n => n - n_a,
        })
        .collect();
    Ok(Making { text, select: select.start..select.start, places })
}

/// A step's text with another number; the lines under an item go along when its marker grows.
fn renumbered(old: &Reading, step: &Flat, mark: &Mark<'_>, number: Number) -> String {
    let text = old.source.get(old.block(step)).unwrap_or_default();
    let typed = mark.number.map(Number::word).unwrap_or_default();
    let start = mark.before.len();
    let head = format!("{}{}", mark.before, number.word());
    let rest = text.get(start + typed.len()..).unwrap_or_default();
    let grows = number.word().len().cmp(&typed.len());
    if mark.form != Form::Item || grows.is_eq() {
        return format!("{head}{rest}");
    }
    let inside = old.indent(step).len() + mark.width();
    let mut out = head;
    for (n, line) in rest.split('\n').enumerate() {
        if n > 0 {
            out.push('\n');
        }
        let margin = line.len() - line.trim_start_matches(' ').len();
        let is_inside = n > 0 && margin >= inside && !line.trim().is_empty();
        match grows {
            std::cmp::Ordering::Greater if is_inside => {
                out.push(' ');
                out.push_str(line);
            }
            std::cmp::Ordering::Less if is_inside => {
                out.push_str(line.strip_prefix(' ').unwrap_or(line));
            }
            _ => out.push_str(line),
        }
    }
    out
}

/// A branch as a bullet of the step; one that has none yet also gets the other way.
fn decision(
    old: &Reading,
    at: usize,
    condition: &str,
    to: Option<&StepId>,
) -> Result<Vec<Making>, Refused> {
    let here = old.steps.get(at).ok_or(Refused::NoStep)?;
    let said = fold(condition);
    let bare = said.strip_prefix("If ").or_else(|| said.strip_prefix("if ")).unwrap_or(&said);
    let condition = or(bare, "something is missing");
    let jump = match to {
        None => Jump::End,
        Some(id) => {
            let to = old.find(id).ok_or(Refused::NoStep)?;
            let target = old.steps.get(to).ok_or(Refused::NoStep)?;
            let verb = if to <= at { "go back to" } else { "go to" };
            Jump::To {
                words: format!("{verb} step {}", reading::word_for(here, target)),
                hard: true,
            }
        }
    };
    let branch = Branch { condition: condition.clone(), action: String::new(), jump };
    let mut lines = crate::print::branch_line(&branch);
    if here.step.decisions.is_empty() {
        lines.push_str("\nOtherwise, continue.");
    }
    part(old, at, &lines, &condition)
}

/// The ways in which lines may be put into a step: as its bullets, as sentences of its paragraph, or in
/// the cells of its row.
fn part(old: &Reading, at: usize, lines: &str, chosen: &str) -> Result<Vec<Making>, Refused> {
    let here = old.steps.get(at).ok_or(Refused::NoStep)?;
    let mark = old.mark(here);
    let mut ways = match mark.form {
        Form::Row => return Ok(row::parts(old, here, lines, chosen)),
        Form::Paragraph if mark.number.is_none() => vec![sentences(old, here, lines, chosen)],
        Form::Paragraph | Form::Item | Form::Heading => Vec::new(),
    };
    ways.push(bullet(old, at, lines, chosen)?);
    Ok(ways)
}

/// Lines as sentences at the end of a paragraph.
fn sentences(old: &Reading, here: &Flat, lines: &str, chosen: &str) -> Making {
    let block = old.block(here);
    let own = old.source.get(block.clone()).unwrap_or_default();
    let end = if own.ends_with(['.', '!', '?', ':']) { " " } else { ". " };
    let words = lines.lines().collect::<Vec<_>>().join(" ");
    let stop = if words.ends_with('.') { "" } else { "." };
    let text = format!("{end}{words}{stop}");
    let from = text.find(chosen).unwrap_or(0);
    let edits = vec![(block.end..block.end, text)];
    let (text, select) = applied(&old.source, edits, block.end, from..from + chosen.len());
    Making { text, select, places: (0..old.steps.len()).collect() }
}

/// Bullets under a step, each line one; the part to be written over is among their words.
fn bullet(old: &Reading, at: usize, lines: &str, chosen: &str) -> Result<Making, Refused> {
    let here = old.steps.get(at).ok_or(Refused::NoStep)?;
    let mark = old.mark(here);
    if mark.form == Form::Row {
        return Err(Refused::Form);
    }
    let block = old.block(here);
    // What belongs to the step itself ends where its first part begins.
    let part = old.steps.get(at + 1).filter(|_| here.n_below > 0).map(|part| part.start);
    let part = part.filter(|start| *start < block.end && *start > block.start);
    let own_end = part.map_or(block.end, |start| {
        let own = old.source.get(block.start..start).unwrap_or_default();
        block.start + own.trim_end().len()
    });
    let own = old.source.get(block.start..own_end).unwrap_or_default();
    let margin = " ".repeat(old.indent(here).len() + mark.width());
    let is_bullet = |line: &str| {
        line.strip_prefix(margin.as_str())
            .is_some_and(|l| l.starts_with("- ") || l.starts_with("* "))
    };
    // A branch belongs before the one that takes all other cases.
    let otherwise = old.line_starts(block.start..own_end).into_iter().find(|start| {
        let line =
            old.source.get(*start..own_end).and_then(|l| l.lines().next()).unwrap_or_default();
        let words = line.trim_start().trim_start_matches(['-', '*', ' ']).to_lowercase();
        is_bullet(line) && words.starts_with("otherwise") && lines.starts_with("If ")
    });
    let made: Vec<String> = lines.lines().map(|line| format!("{margin}- {line}")).collect();
    let made = made.join("\n");
    let last = own.lines().next_back().unwrap_or_default();
    let (place, text, offset) = if let Some(start) = otherwise {
        (start, format!("{made}\n"), 0)
    } else {
        let joint = if is_bullet(last) && own.contains('\n') { "\n" } else { "\n\n" };
        // Where the step's parts follow at once, they stay apart from the bullets.
        let tail = if part.is_some() { "\n" } else { "" };
        (own_end, format!("{joint}{made}{tail}"), joint.len())
    };
    let from = offset + made.find(chosen).unwrap_or(0);
    let (text, select) =
        applied(&old.source, vec![(place..place, text)], place, from..from + chosen.len());
    Ok(Making { text, select, places: (0..old.steps.len()).collect() })
}

/// Carries out changes that do not overlap; `select` is counted from the beginning of the one at
/// `place`.
fn applied(
    source: &str,
    mut edits: Vec<(Range<usize>, String)>,
    place: usize,
    select: Range<usize>,
) -> (String, Range<usize>) {
    // At one place what is put in comes before what is replaced.
    edits.sort_by_key(|(range, _)| (range.start, range.end));
    let (mut out, mut at, mut begin) = (String::with_capacity(source.len() + 80), 0, None);
    for (range, text) in edits {
        out.push_str(source.get(at..range.start).unwrap_or_default());
        if range.start == place {
            begin.get_or_insert(out.len());
        }
        out.push_str(&text);
        at = range.end;
    }
    out.push_str(source.get(at..).unwrap_or_default());
    let begin = begin.unwrap_or(0);
    (out, begin + select.start..begin + select.end)
}

/// Lets the numbers in the words follow the steps they mean.
fn follow(old: &Reading, name: &str, nth: usize, made: Making) -> Result<Making, Refused> {
    let new = Reading::of_nth(&made.text, name, nth);
    if new.n_processes != old.n_processes || !old.has_places_in(&new, &made.places) {
        return Err(Refused::Unsure);
    }
    let mut edits: Vec<(Range<usize>, String)> = Vec::new();
    for (range, word) in mention::mentions(&made.text) {
        let host = new.innermost(range.start);
        if host.is_some_and(|host| new.is_its_mark(host, range.start)) {
            continue;
        }
        let from = match host {
            // The words of the new step are the author's own.
            Some(host) => match made.places.iter().position(|place| *place == host) {
                Some(from) => Some(from),
                None => continue,
            },
            None if old.n_processes == 1 => None,
            None => continue,
        };
        let Some((meant, by)) = old.meant(from, word) else { continue };
        let step = made.places.get(meant).and_then(|place| new.steps.get(*place));
        let now = step.map(|step| by.word(step)).unwrap_or_default();
        if !now.is_empty() && !now.eq_ignore_ascii_case(word) {
            let upper = word.chars().all(|c| !c.is_ascii_lowercase());
            edits.push((range, if upper { now.to_uppercase() } else { now }));
        }
    }
    let shift: isize = edits
        .iter()
        .filter(|(range, _)| range.end <= made.select.start)
        .map(|(range, text)| text.len().cast_signed() - range.len().cast_signed())
        .sum();
    let (text, _) = applied(&made.text, edits, usize::MAX, 0..0);
    let moved = |at: usize| at.saturating_add_signed(shift);
    let select = moved(made.select.start)..moved(made.select.end);
    Ok(Making { text, select, places: made.places })
}

#[cfg(test)]
mod tests;
