//! One sentence read as a branch: under this condition, this follows.

use crate::condition::{affirms, checked, points_back, said, split_condition};
use crate::inline::fold;
use crate::lexicon::Lexicon;
use crate::{aside, ending, onward, rounds};

/// Where a sentence says the work goes, before the steps are known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Jump {
    /// Nowhere: it is done here.
    Inline,
    /// The next step.
    Next,
    /// The run ends.
    End,
    /// The run ends, with an outcome of this name.
    EndAs(String),
    /// The words of a jump, verb and all; `hard` when they surely speak of a step.
    To { words: String, hard: bool },
    /// What a sentence without a condition says of the way on; it counts where it leaves the order of
    /// the document and nothing else in the step decides.
    Onward(Box<Jump>),
    /// A section of the document.
    Section(String),
    /// What a link to a place in this document says: a section, or the step whose heading it is.
    Anchor { to: String, words: String },
    /// Another document.
    Document(String),
}

/// A branch as a sentence says it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Branch {
    pub(crate) condition: String,
    pub(crate) action: String,
    pub(crate) jump: Jump,
}

/// How sentences that open with a condition begin; the flag says whether the word is dropped.
const OPENERS: [(&str, bool); 18] = [
    ("if/when ", true),
    ("for ", false),
    ("in cases where ", false),
    ("as long as ", false),
    ("should you ", false),
    ("should the ", false),
    ("if ", true),
    ("unless ", false),
    ("in case ", false),
    ("in the event ", false),
    ("assuming ", false),
    ("provided that ", false),
    ("only if ", true),
    ("where applicable", false),
    ("depending on ", false),
    ("should there be ", false),
    ("upon approval", false),
    ("whether ", false),
];

/// Words before " if " that make it a question or a manner of speaking, not a branch.
const NO_BRANCH_BEFORE: [&str; 31] = [
    "assess",
    "assesses",
    "decides",
    "determines",
    "verifies",
    "evaluates",
    "identifies",
    "discusses",
    "considers",
    "check",
    "checks",
    "see",
    "know",
    "determine",
    "even",
    "as",
    "ask",
    "asks",
    "verify",
    "decide",
    "identify",
    "confirm",
    "only",
    "or",
    "wonder",
    "discuss",
    "consider",
    "find out",
    "sure",
    "test",
    "evaluate",
];

/// Words after "if" that say little more than "perhaps".
pub(crate) const IDLE_AFTER: [&str; 8] =
    ["applicable", "necessary", "needed", "possible", "required", "any", "appropriate", "relevant"];

const JUMP_VERBS: Lexicon = Lexicon::new(&[
    "see step ",
    "see main step ",
    "try again",
    "go back to ",
    "go to ",
    "goes to ",
    "goes back to ",
    "returns to ",
    "proceeds to ",
    "proceeds with ",
    "jumps to ",
    "skips to ",
    "moves on to ",
    "return to ",
    "proceed to ",
    "proceed with ",
    "proceed directly to ",
    "skip to ",
    "skip ahead to ",
    "jump to ",
    "continue with ",
    "continue to ",
    "continue at ",
    "continue from ",
    "continues with ",
    "continues at ",
    "move on to ",
    "move to ",
    "start again",
    "start over",
    "repeat ",
    "repeats ",
]);

const ENDS: [&str; 18] = [
    "the process is complete",
    "the process is over",
    "this procedure ends",
    "the procedure ends",
    "end the procedure",
    "do not proceed",
    "do not proceed any further",
    "no further action is required",
    "end",
    "end here",
    "end the process",
    "the process ends",
    "stop",
    "stop here",
    "end the run",
    "the process ends here",
    "stop the process",
    "the process stops",
];

const NEXTS: [&str; 17] = [
    "proceed with the next step",
    "proceed with the next steps",
    "proceed to the next steps",
    "move to the next step",
    "the process continues",
    "the process will continue as normal",
    "process will continue as normal",
    "continue as normal",
    "continue",
    "continue to the next step",
    "continue with the next step",
    "go to the next step",
    "proceed",
    "proceed to the next step",
    "move on to the next step",
    "the process continues with the next step",
    "go on",
];

/// The condition of what is always so: the way on where it is not the next step.
pub(crate) const ALWAYS: &str = gemba_model::flow::ALWAYS;

/// Reads a sentence as a branch; `None` where it is none.
pub(crate) fn sentence(text: &str) -> Option<Branch> {
    let text = crate::inline::without_sign(text.trim());
    let bare = text.trim_end_matches(['.', '!']).trim_end();
    let lower = bare.to_lowercase();
    if let Some(rest) = lower.strip_prefix("always, ") {
        // Unconditional, and only worth saying where the order of the document is left.
        let branch = follow(ALWAYS, bare.get(bare.len() - rest.len()..)?);
        return (branch.jump != Jump::Inline).then_some(branch);
    }
    for word in ["otherwise", "else", "if not", "if so"] {
        if let Some(after) = lower.strip_prefix(word)
            && (after.is_empty() || after.starts_with([',', ':', ' ']))
            && !(word.starts_with("if ") && !after.is_empty() && !after.starts_with([',', ':']))
        {
            let rest = bare.get(word.len()..).unwrap_or_default();
            let condition = if word == "else" { "otherwise" } else { word };
            return Some(follow(condition.trim_start_matches("if "), rest));
        }
    }
    for (opener, dropped) in OPENERS {
        if lower.starts_with(opener) {
            let from = if dropped { opener.len() } else { 0 };
            let rest = bare.get(from..)?;
            // "For each client, ..." repeats, it does not branch.
            if opener == "for " && !parts_cases(rest) {
                return None;
            }
            // "If it fails:" heads what is done then.
            if let Some(condition) = rest.strip_suffix(':')
                && !condition.contains(". ")
            {
                return Some(follow(&lower_first(condition, dropped), ""));
            }
            let Some((condition, rest)) = split_condition(rest) else {
                // "If X do Y" without a comma cannot be parted; a bare condition says nothing.
                return None;
            };
            return Some(further(&lower_first(condition, dropped), rest));
        }
    }
    if let Some(branch) = bounded(bare, &lower) {
        return Some(branch);
    }
    trailing(bare)
        .or_else(|| choice(bare))
        .or_else(|| again(bare))
        .or_else(|| aside::bracketed(bare))
}

/// "Above 20,000 EUR, the CFO approves as well": an amount with a clause of its own behind it.
fn bounded(text: &str, lower: &str) -> Option<Branch> {
    let at = lower.rfind("; ").map_or(0, |at| at + "; ".len());
    let (text, lower) = (text.get(at..)?, lower.get(at..)?);
    let opens =
        ["above ", "over ", "below ", "under ", "more than ", "less than ", "from ", "up to "];
    let rest = opens.iter().find_map(|word| lower.strip_prefix(word))?;
    let amount = rest.trim_start_matches(['$', '€', '£']);
    if !amount.starts_with(|c: char| c.is_ascii_digit()) {
        return None;
    }
    let (condition, rest) = split_condition(text)?;
    let few = condition.split_whitespace().count() <= 6;
    let clause = crate::verbs::is_act(rest.trim_start())
        || crate::actor::of_sentence(rest.trim_start()).is_some();
    (few && clause).then(|| follow(&lower_first(condition, false), rest))
}

/// A condition with what follows, where a second condition may come first: "For new clients, if the
/// deposit is late, call them".
fn further(condition: &str, rest: &str) -> Branch {
    let after = rest.trim_start_matches([',', ':', ';', ' ', '—', '–']);
    let lower = after.to_lowercase();
    let second = ["if ", "and if ", "but if ", "unless "].iter().any(|w| lower.starts_with(w));
    match split_condition(after).filter(|_| second) {
        Some((more, rest)) => follow(&format!("{condition}, {more}"), rest),
        None => follow(condition, rest),
    }
}

/// Words with which somebody is told to decide.
const DECIDES: Lexicon = Lexicon::new(&[
    "assess whether to ",
    "decide whether to ",
    "decides whether to ",
    "determine whether to ",
    "determines whether to ",
    "choose whether to ",
    "evaluate whether to ",
    "consider whether to ",
    "decide if ",
    "decides if ",
]);

/// Words with which somebody is said to decide.
const DECIDING: Lexicon = Lexicon::new(&[
    "makes the decision",
    "make the decision",
    "makes a decision",
    "make a decision",
    "makes the final decision",
    "make the final decision",
]);

/// "Assess whether to call the client", "the PM makes the decision": a choice without its branches.
fn choice(text: &str) -> Option<Branch> {
    if let Some((at, words)) = DECIDES.first_places(text).into_iter().min() {
        let to = words.find("whether").or_else(|| words.find("if ").map(|at| at + "if ".len()))?;
        let condition = text.get(at + to..)?;
        let cut = condition.find([',', ';', ':']).unwrap_or(condition.len());
        let condition = condition.get(..cut)?;
        return Some(Branch {
            condition: fold(condition),
            action: String::new(),
            jump: Jump::Inline,
        });
    }
    let (at, _) = DECIDING.first_places(text).into_iter().min()?;
    let before = text.get(..at)?;
    let from = [", then ", ", ", " and ", "; "]
        .iter()
        .filter_map(|joint| before.rfind(joint).map(|at| at + joint.len()))
        .max()
        .unwrap_or(0);
    let condition = fold(text.get(from..)?);
    Some(Branch { condition, action: String::new(), jump: Jump::Inline })
}

/// "Repeat these steps for the other sites", "Repeat step 2 until it fits": back, while that is so.
fn again(text: &str) -> Option<Branch> {
    let lower = text.to_lowercase();
    let object = lower.strip_prefix("repeat ").filter(|_| lower.len() == text.len())?;
    if !speaks_of_a_step(object) && !object.starts_with("the process") {
        return None;
    }
    let (at, joint) = [" for ", " until ", " as needed", " as necessary", " as long as "]
        .iter()
        .filter_map(|joint| lower.find(joint).map(|at| (at, joint)))
        .min()?;
    let condition = text.get(at + 1..)?.trim_end_matches(['.', ',']);
    let words = text.get(..at)?;
    let plural = joint.contains("for") || object.starts_with("the process");
    let all = plural && !object.chars().any(|c| c.is_ascii_digit());
    // "These steps" are those from the first on.
    let words = if all { "start again".to_owned() } else { lower_first(words, false) };
    Some(Branch {
        condition: fold(condition),
        action: String::new(),
        jump: Jump::To { words, hard: true },
    })
}

/// Reads a sentence as a branch, after the one before it: "Is it late? If so, call" means "it is late".
pub(crate) fn after(before: Option<&str>, text: &str) -> Option<Branch> {
    let Some(before) = before else { return sentence(text) };
    match sentence(text) {
        Some(mut branch) => {
            let opens = text.trim_start().to_lowercase().starts_with("if ");
            let meant = match branch.condition.as_str() {
                _ if !opens => None,
                so if affirms(so) => checked(before).or_else(|| said(before)),
                it if points_back(it) => checked(before),
                _ => None,
            };
            if let Some(condition) = meant {
                branch.condition = condition;
            }
            Some(branch)
        }
        // "Is nobody on call? Page the lead": the question is the condition of what is to be done.
        None if before.ends_with('?')
            && !text.ends_with('?')
            && (crate::verbs::is_act(text) || crate::actor::of_sentence(text).is_some()) =>
        {
            let condition = before.trim().trim_end_matches('?').trim_end();
            let tail = text.trim().trim_end_matches(['.', '!']);
            (condition.split_whitespace().count() > 1).then(|| follow(&fold(condition), tail))
        }
        None => None,
    }
}

/// A sentence that says nothing but where the work goes on: "Proceed to step 4".
pub(crate) fn jump(text: &str) -> Option<Jump> {
    let bare = text.trim().trim_end_matches(['.', '!', ')']).trim_end();
    let bare = bare.strip_prefix("Then ").unwrap_or(bare);
    let lower = bare.to_lowercase();
    // "In this case, the clerk proceeds with step 5": said of the case, whatever else is done in it.
    for opening in ["in this case, ", "in that case, ", "in such cases, ", "in such a case, "] {
        if lower.starts_with(opening) && lower.len() == bare.len() {
            let (_, jump) = part(bare.get(opening.len()..)?);
            return (jump != Jump::Inline).then_some(jump);
        }
    }
    let opens = JUMP_VERBS.opens(bare) || ENDS.iter().chain(&NEXTS).any(|w| lower == *w);
    if !opens || lower.starts_with("repeat ") || lower.starts_with("repeats ") {
        return None;
    }
    let (action, jump) = part(bare);
    (action.is_empty() && jump != Jump::Inline).then_some(jump)
}

/// Whether "for ..." tells cases apart: "For a legal change, ..." but not "For each client, ...".
fn parts_cases(rest: &str) -> bool {
    let lower = rest.to_lowercase();
    let words: Vec<&str> = lower.split(|c: char| !c.is_alphanumeric()).collect();
    let second = words.get(1).copied().unwrap_or_default();
    let repeats = [
        "questions",
        "help",
        "assistance",
        "information",
        "instructions",
        "guidance",
        "reference",
        "convenience",
        "clarity",
        "a",
        "each",
        "every",
        "all",
        "more",
        "example",
        "instance",
        "your",
        "this",
        "these",
        "the",
        "now",
        "any",
        "further",
        "details",
        "most",
        "that",
    ];
    let third = words.get(2).copied().unwrap_or_default();
    let amount = matches!(third, "list" | "full" | "complete" | "total" | "few" | "couple");
    (!repeats.contains(&second) || (second == "a" && !amount))
        && !second.starts_with(|c: char| c.is_ascii_digit())
        && lower.split([',', ':']).next().is_some_and(|c| c.split_whitespace().count() < 14)
}

/// A condition that stands alone with what follows, as in a bullet with a bold lead.
pub(crate) fn labelled(condition: &str, rest: &str) -> Branch {
    let condition = condition.trim().trim_end_matches([',', ':', '.', '?']).trim_end();
    let lower = condition.to_lowercase();
    let condition = match lower.strip_prefix("if ") {
        Some(after) => condition.get(condition.len() - after.len()..).unwrap_or(condition),
        None if lower == "otherwise" => "otherwise",
        None => condition,
    };
    follow(condition, rest.trim().trim_end_matches('.'))
}

/// What stands before a condition that comes last.
const TRAILING: Lexicon = Lexicon::new(&[
    " if",
    " only if ",
    " unless ",
    " in case ",
    " in the event ",
    " depending on ",
    " provided that ",
    " for a ",
    " for an ",
    " for any ",
    " for amounts ",
    " when ",
]);

/// What makes "for ..." at the end a condition: an amount that is compared.
const COMPARES: Lexicon = Lexicon::new(&[
    "longer than ",
    "more than ",
    "less than ",
    "greater than ",
    "larger than ",
    "shorter than ",
    "lower than ",
    "higher than ",
    "at least ",
    "above ",
    "over ",
    "under ",
    "below ",
    "exceeding ",
    "exceeds ",
    "exceed ",
]);

/// "Plan shifts for an incident longer than 3 hours", "Proceed to the next step for a false alarm".
fn trailing_case(text: &str) -> Option<Branch> {
    // "Approves the request when it exceeds 2,500": with an amount "when" is a condition, not a time.
    if let Some((action, case)) = text.rsplit_once(" when ")
        && COMPARES.stands_in(case)
        && case.contains(|c: char| c.is_ascii_digit())
        && !action.contains(" when ")
    {
        return Some(follow(case, action));
    }
    let at = [" for a ", " for an ", " for any ", " for amounts "]
        .iter()
        .filter_map(|word| text.rfind(word))
        .max()?;
    let (action, case) = (text.get(..at)?, text.get(at + " for ".len()..)?);
    let compared = COMPARES.stands_in(case) && case.contains(|c: char| c.is_ascii_digit());
    let goes = jump(action).is_some() && case.split_whitespace().count() < 8;
    (compared || goes).then(|| follow(case, action))
}

/// "Do Y if X": the condition comes last.
fn trailing(text: &str) -> Option<Branch> {
    if !TRAILING.stands_in(text) {
        return None;
    }
    let lower = text.to_lowercase();
    if lower.len() != text.len() {
        return None;
    }
    for word in [
        " if/when ",
        " only if ",
        " if ",
        " unless ",
        " in case ",
        " in the event of ",
        " in the event that ",
        " depending on ",
        " provided that ",
    ] {
        let Some(at) = lower.find(word) else { continue };
        let before = lower.get(..at)?.trim_end_matches(',');
        let after = lower.get(at + word.len()..)?;
        let open = before.matches('(').count() > before.matches(')').count();
        let no_branch =
            NO_BRANCH_BEFORE.iter().any(|w| before == *w || before.ends_with(&format!(" {w}")));
        let idle = IDLE_AFTER
            .iter()
            .any(|w| after.strip_prefix(w).is_some_and(|r| !r.starts_with(char::is_alphanumeric)));
        if open || no_branch || idle || after.trim().is_empty() || before.trim().is_empty() {
            continue;
        }
        let kept = !(word.ends_with(" if ") || word == " if/when ");
        let from = if kept { at + 1 } else { at + word.len() };
        let condition = text.get(from..)?;
        let action = text.get(..at)?.trim_end_matches(',');
        let cut = split_condition(condition).map_or(condition, |(c, _)| c);
        return Some(follow(cut.trim(), action));
    }
    trailing_case(text)
}

pub(crate) fn lower_first(text: &str, dropped: bool) -> String {
    if dropped {
        return text.to_owned();
    }
    let mut chars = text.chars();
    match chars.next() {
        Some(first) => first.to_lowercase().chain(chars).collect(),
        None => String::new(),
    }
}

/// What follows a condition: an action, a jump, or both.
fn follow(condition: &str, rest: &str) -> Branch {
    let rest = fold(rest.trim_start_matches([',', ':', ';', ' ', '—', '–']));
    let rest = rest.strip_prefix("then ").unwrap_or(&rest).trim_end_matches('.');
    // How often it may go back is said of the step.
    let bound = rounds::without(rest).map(part);
    let (action, jump) = match bound {
        Some((action, jump @ Jump::To { .. })) => (action, jump),
        Some(_) | None => part(rest),
    };
    Branch { condition: fold(condition), action: action.to_owned(), jump }
}

/// How often a sentence says that the run may go to another step: the bound with which it ends.
pub(crate) fn bound(sentence: &str) -> Option<u32> {
    let (n, _) = rounds::said(sentence)?;
    match part(rounds::without(sentence)?) {
        (_, Jump::To { .. }) => Some(n),
        _ => None,
    }
}

/// Parts what follows into what is done here and where it goes on.
fn part(rest: &str) -> (&str, Jump) {
    let lower = rest.to_lowercase();
    if lower.len() != rest.len() {
        return (rest, Jump::Inline);
    }
    let clause = |words: &[&str]| {
        words.iter().find_map(|word| {
            let before = lower.strip_suffix(word)?;
            let kept = rest.get(..before.len())?;
            let joint = kept.is_empty()
                || kept.ends_with(", then ")
                || kept.ends_with(" and then ")
                || kept.ends_with("; ")
                || (word.contains(' ') && (kept.ends_with(" and ") || kept.ends_with(", ")));
            joint.then(|| trim_joint(kept))
        })
    };
    if let Some(action) = lower.strip_suffix("(next step)") {
        return (trim_joint(rest.get(..action.len()).unwrap_or_default()), Jump::Next);
    }
    if let Some(action) = clause(&NEXTS) {
        return (action, Jump::Next);
    }
    if let Some((before, name)) = ending::named(rest)
        && let (action, Jump::End) = part(before)
    {
        return (action, Jump::EndAs(name));
    }
    if let Some(action) = clause(&ENDS) {
        return (action, Jump::End);
    }
    // "The process ends here and the agent orders one."
    let first = ENDS.iter().filter(|word| word.contains(' ')).find_map(|word| {
        let after = lower.strip_prefix(word)?;
        let joint =
            [" and ", ", and ", "; ", ", "].iter().find(|joint| after.starts_with(**joint))?;
        rest.get(word.len() + joint.len()..)
    });
    if let Some(action) = first
        && !["follow ", "see ", "go to ", "start ", "use "].iter().any(|w| action.starts_with(w))
    {
        return (action, Jump::End);
    }
    // "Yes: step 4", "No: back to step 1", "If it is late: back".
    let object = ["back to ", "to ", "see "].iter().find_map(|word| lower.strip_prefix(word));
    if onward::names_a_step(object.unwrap_or(&lower)) {
        return ("", Jump::To { words: rest.to_owned(), hard: true });
    }
    if matches!(lower.as_str(), "go back" | "go backwards") {
        return ("", Jump::To { words: rest.to_owned(), hard: true });
    }
    let starts = |at: usize| {
        lower.get(..at).is_some_and(|b| b.is_empty() || b.ends_with(|c: char| !c.is_alphanumeric()))
    };
    let found = JUMP_VERBS
        .last_places(rest)
        .into_iter()
        .filter(|(at, _)| starts(*at))
        .max_by_key(|(at, verb)| (*at, verb.len()));
    if let Some((at, verb)) = found
        && let (Some(before), Some(words)) = (rest.get(..at), rest.get(at..))
    {
        let object = words.get(verb.len()..).unwrap_or_default().to_lowercase();
        let hard =
            verb.starts_with("start ") || verb.contains("step ") || speaks_of_a_step(&object);
        let hard = hard || (verb == "try again" && object.is_empty());
        let words = words.trim_end_matches(')');
        let repeats = matches!(verb, "repeat " | "repeats ");
        let whole = repeats
            && ["process", "procedure", "workflow", "cycle"].iter().any(|w| object.contains(w));
        let hard = hard || whole;
        if (hard || !repeats) && !object.contains(". ") {
            return (trim_joint(before), Jump::To { words: words.to_owned(), hard });
        }
    }
    if let Some(at) = lower.rfind("see section \"").filter(|at| starts(*at))
        && let Some(name) =
            rest.get(at + "see section \"".len()..).and_then(|n| n.strip_suffix('"'))
    {
        return (trim_joint(rest.get(..at).unwrap_or_default()), Jump::Section(name.to_owned()));
    }
    (rest, Jump::Inline)
}

fn speaks_of_a_step(object: &str) -> bool {
    object.split(|c: char| !c.is_alphanumeric()).any(|w| {
        matches!(w, "step" | "steps" | "beginning" | "start" | "top" | "para" | "paragraph")
    })
}

/// What may stand before a jump and says nothing of its own.
const EMPTY: [&str; 9] =
    ["then", "and", "they can", "you can", "please", "the process", "it", "can", "we"];

/// What stands before a jump, without the words that join the two.
fn trim_joint(text: &str) -> &str {
    let mut text = text.trim_end();
    loop {
        let shorter = [" (", ", then", " then", " and", ", and", ",", ";", " please", " —"]
            .iter()
            .find_map(|joint| text.strip_suffix(joint));
        match shorter {
            Some(shorter) => text = shorter.trim_end(),
            None if EMPTY.contains(&text.to_lowercase().as_str()) => return "",
            None => return text,
        }
    }
}

#[cfg(test)]
mod tests;
