//! Random processes, each as the text that is published and as what it means, said independently of the
//! code that reads and runs it.

use crate::dice::Dice;
use std::fmt::Write as _;

/// The seats of the small company that do work.
pub(crate) const SEATS: [&str; 3] = ["Accounting", "Delivery lead", "Sales"];
/// The seat that owns every process.
pub(crate) const OWNER: &str = "Sales";

/// Where a step leads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Goes {
    /// To the step with this number, counted from 0.
    To(usize),
    /// To the end.
    End,
    /// To the end that is called [`REFUSED`].
    Refused,
}

/// How the parts of a step are handed out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Parts {
    Together,
    InTurn,
    /// Each says yes or no; one no settles it, and so do so many yeses.
    Votes {
        need: usize,
        in_turn: bool,
    },
}

/// One step.
#[derive(Debug, Clone)]
pub(crate) struct WrittenStep {
    pub(crate) id: String,
    /// Its parts, where they are work of their own.
    pub(crate) parts: Option<(Parts, Vec<String>)>,
    /// Its ways out, by the words of their conditions; one without words where there is no choice.
    pub(crate) ways: Vec<(String, Goes)>,
    /// Whether it asks for a text as proof.
    pub(crate) proof: bool,
    /// Whether it carries out another process as a run of its own.
    pub(crate) calls: bool,
    /// How often in a row it may send the run back, where that is said.
    pub(crate) at_most: Option<u32>,
}

/// A process.
#[derive(Debug, Clone)]
pub(crate) struct Written {
    pub(crate) text: String,
    pub(crate) steps: Vec<WrittenStep>,
    /// Whether the owner has the last word.
    pub(crate) accepted: bool,
    /// Whether a run that is ended before its end is cleaned up by [`UNDO`].
    pub(crate) cleanup: bool,
}

/// The process that calls the other one, and the address by which it does.
const CALLING: &str = "Process 1";
const CALLED: &str = "process-2.md";

/// The step that cleans up.
pub(crate) const UNDO: &str = "undo";
/// What one end of a run is called. Nothing must have come out then.
pub(crate) const REFUSED: &str = "refused";

const OTHERWISE: &str = "otherwise";
/// The words of a no.
pub(crate) const NO: &str = "it is rejected";

impl Written {
    /// A random process with this title and trigger.
    pub(crate) fn random(dice: &mut Dice, title: &str, trigger: &str) -> Self {
        let n = 1 + dice.below(5);
        let mut text = format!("---\nowner: {OWNER}\ntrigger: {trigger}\n---\n\n# {title}\n\n");
        let mut steps = Vec::new();
        for index in 0..n {
            // The other process calls nothing: no run calls itself.
            let may_call = title == CALLING;
            steps.push(step(dice, &mut text, index, n, may_call));
        }
        let accepted = dice.permille(500);
        if accepted {
            text.push_str("\n## Expected output\n\n- The thing is there\n");
        }
        if dice.permille(300) {
            text.push_str("\n## Failure signals\n\n- The run takes longer than 2 days\n");
        }
        let cleanup = dice.permille(300);
        if cleanup {
            let seat = dice.pick(&SEATS).copied().unwrap_or(OWNER);
            let undo = format!("1. **Undo it** \u{2014} {seat} {{#{UNDO}}}\n");
            put(&mut text, &format!("\n## If the run is cancelled\n\n{undo}"));
        }
        Self { text, steps, accepted, cleanup }
    }

    /// The step, or the step that holds the part, with this id.
    pub(crate) fn holding(&self, id: &str) -> Option<(usize, &WrittenStep)> {
        let holds = |step: &WrittenStep| {
            step.id == id
                || step.parts.as_ref().is_some_and(|(_, parts)| parts.iter().any(|p| p == id))
        };
        self.steps.iter().enumerate().find(|(_, step)| holds(step))
    }
}

fn step(dice: &mut Dice, text: &mut String, index: usize, n: usize, may_call: bool) -> WrittenStep {
    let number = index + 1;
    let id = format!("s{number}");
    let on = if number < n { Goes::To(number) } else { Goes::End };
    let seat = dice.pick(&SEATS).copied().unwrap_or(OWNER);
    put(text, &format!("{number}. **Do thing {number}** \u{2014} {seat} {{#{id}}}\n\n"));
    let mut made = WrittenStep {
        id,
        parts: None,
        ways: vec![(String::new(), on)],
        proof: false,
        calls: false,
        at_most: None,
    };
    match dice.below(if may_call { 12 } else { 10 }) {
        10 | 11 => {
            put(text, &format!("   - Procedure: [the other]({CALLED})\n"));
            made.calls = true;
        }
        0 => put(text, "   - Kind: wait\n   - Wait for: 2 hours\n"),
        1 | 2 => {
            put(text, "   - Kind: parallel\n\n");
            made.parts = Some((Parts::Together, parts(dice, text, index, None)));
        }
        3 => made.parts = Some((Parts::InTurn, parts(dice, text, index, Some(seat)))),
        4 => {
            let (how, said, seats) = votes(dice);
            put(text, &format!("   - Approval: {said}\n"));
            let back = dice.below(number);
            let no = format!("   - If {NO}, go back to step {}.\n", back + 1);
            put(text, &format!("{no}   - Otherwise, continue.\n"));
            let part =
                |seat: &&str| format!("{}-by-{}", made.id, seat.to_lowercase().replace(' ', "-"));
            made.parts = Some((how, seats.iter().map(part).collect()));
            made.ways = vec![(NO.to_owned(), Goes::To(back)), (OTHERWISE.to_owned(), on)];
        }
        kind => {
            if kind > 7 {
                put(text, "   - Due: 4 hours after the start\n");
            }
            if dice.permille(300) {
                made.proof = true;
                put(text, "   - Evidence (text): what was seen\n");
            }
            if dice.permille(600) {
                made.at_most = dice.permille(400).then_some(1);
                made.ways = ways(dice, text, index, n, on, made.at_most);
            }
        }
    }
    text.push('\n');
    made
}

/// How seats approve, the same in words, and the seats.
fn votes(dice: &mut Dice) -> (Parts, String, Vec<&'static str>) {
    let [a, b, c] = SEATS;
    match dice.below(4) {
        0 => (Parts::Votes { need: 2, in_turn: false }, format!("all of {a}, {b}"), vec![a, b]),
        1 => (Parts::Votes { need: 1, in_turn: false }, format!("any of {a}, {b}"), vec![a, b]),
        2 => {
            (Parts::Votes { need: 2, in_turn: false }, format!("2 of {a}, {b}, {c}"), vec![a, b, c])
        }
        _ => (Parts::Votes { need: 2, in_turn: true }, format!("{b}, then {c}"), vec![b, c]),
    }
}

/// Two or three parts; in turn, one of them is another seat's.
fn parts(dice: &mut Dice, text: &mut String, index: usize, own: Option<&str>) -> Vec<String> {
    let count = 2 + dice.below(2);
    let other = SEATS.iter().find(|seat| own.is_some_and(|own| own != **seat));
    let mut ids = Vec::new();
    for part in 1..=count {
        let random = dice.pick(&SEATS).copied().unwrap_or(OWNER);
        let seat = other.filter(|_| part == 1).copied().unwrap_or(random);
        let id = format!("s{}-{part}", index + 1);
        let title = format!("Part {part} of thing {}", index + 1);
        put(text, &format!("   {part}. **{title}** \u{2014} {seat} {{#{id}}}\n"));
        ids.push(id);
    }
    ids
}

fn ways(
    dice: &mut Dice,
    text: &mut String,
    index: usize,
    n: usize,
    on: Goes,
    at_most: Option<u32>,
) -> Vec<(String, Goes)> {
    let mut ways = Vec::new();
    for name in ["blue", "red"].iter().take(1 + dice.below(2)) {
        let condition = format!("the thing is {name}");
        let to = dice.below(n + 1);
        if to == n {
            let named = dice.permille(500);
            let name = if named { format!(" as {REFUSED}") } else { String::new() };
            put(text, &format!("   - If {condition}, the process ends{name}.\n"));
            ways.push((condition, if named { Goes::Refused } else { Goes::End }));
        } else {
            let back = if to <= index { "back " } else { "" };
            let bound = at_most.map(|n| format!(", at most {n} time")).unwrap_or_default();
            let bound = if to <= index { bound } else { String::new() };
            put(text, &format!("   - If {condition}, go {back}to step {}{bound}.\n", to + 1));
            ways.push((condition, Goes::To(to)));
        }
    }
    if let Some(n) = at_most {
        put(text, &format!("   - At most: {n} time\n"));
    }
    put(text, "   - Otherwise, continue.\n");
    ways.push((OTHERWISE.to_owned(), on));
    ways
}

fn put(text: &mut String, words: &str) {
    // Writing into a string does not fail.
    write!(text, "{words}").unwrap_or_default();
}
