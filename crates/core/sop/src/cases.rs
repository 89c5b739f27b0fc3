//! Branch sets: bullets or table rows that each name a case and say what is done in it.

use crate::block::{Block, Kind, Mark, Piece};
use crate::decision::{self, Branch, Jump};
use crate::inline::{plain, sentences};
use crate::lexicon::Lexicon;
use crate::verbs::is_act;
use std::ops::Range;

/// One case of a set.
pub(crate) struct Case {
    pub(crate) branch: Branch,
    pub(crate) span: Range<usize>,
    /// Which bullet of the list it is.
    pub(crate) at: usize,
    /// What is done stands in blocks under the bullet.
    pub(crate) nested: bool,
}

/// Words before a list that make its bullets alternatives.
const CHOICE: Lexicon = Lexicon::new(&[
    "one of the following",
    "accordingly",
    "depending on",
    "based on the",
    "following cases",
    "following scenarios",
    "following situations",
    "following outcomes",
    "whichever applies",
    "as applicable",
]);

/// Labels that name an outcome, a grade or a colour: two of them in a list are alternatives.
const OUTCOMES: Lexicon = Lexicon::new(&[
    "yes",
    "no",
    "green",
    "yellow",
    "amber",
    "orange",
    "red",
    "low",
    "medium",
    "high",
    "critical",
    "minor",
    "major",
    "urgent",
    "approved",
    "approve",
    "rejected",
    "reject",
    "denied",
    "deny",
    "declined",
    "accepted",
    "pass",
    "passed",
    "fail",
    "failed",
    "success",
    "failure",
    "none",
    "other",
    "otherwise",
    "new",
    "existing",
    "won",
    "lost",
    "confirmed",
    "unconfirmed",
    "valid",
    "invalid",
    "complete",
    "incomplete",
    "internal",
    "external",
]);

/// Labels of a step's fields and remarks, which are no cases.
const FIELDS: Lexicon = Lexicon::new(&[
    "due",
    "remind",
    "if not answered",
    "consult",
    "inform",
    "kind",
    "note",
    "notes",
    "example",
    "examples",
    "evidence",
    "who",
    "when",
    "how",
    "where",
    "why",
    "what",
    "input",
    "inputs",
    "output",
    "outputs",
    "tip",
    "tips",
    "warning",
    "important",
    "owner",
    "responsible",
    "participants",
    "procedure",
    "wait for",
    "role",
    "tools",
    "tool",
    "goal",
    "purpose",
    "deadline",
    "duration",
    "time",
    "result",
    "expected result",
    "e.g",
    "i.e",
    "subject",
    "to",
    "cc",
    "from",
]);

/// The label of a bullet and what stands behind it.
fn parted(item: &Block) -> Option<(String, String)> {
    let para = item.children.first().filter(|b| b.kind == Kind::Para)?;
    let text = para.plain();
    let nested = item.children.len() > 1;
    let strong = para.inline.first().is_some_and(|i| i.piece == Piece::Open(Mark::Strong));
    if strong {
        let close = para.inline.iter().position(|i| i.piece == Piece::Close(Mark::Strong))?;
        let label = plain(para.inline.get(..close)?);
        let rest = plain(para.inline.get(close..)?);
        let bare = rest.trim_start_matches([':', '.', ' ', '-', '–', '—', '→', '?']);
        let marked = label.ends_with([':', '?', '.'])
            || rest.starts_with([':', '-', '–', '—', '→', '?'])
            || rest.is_empty();
        if marked && (!bare.is_empty() || nested) {
            return Some((label, bare.to_owned()));
        }
    }
    for mark in [": ", " → ", " -> ", " => ", " — ", " – "] {
        if let Some((label, rest)) = text.split_once(mark) {
            return Some((label.to_owned(), rest.to_owned()));
        }
    }
    let short = text.split_whitespace().count() <= 6;
    (nested && short && !text.ends_with('.')).then(|| (text.to_owned(), String::new()))
}

/// The cases that the bullets of a list name, if they are a set; `lead` is what stands before it.
pub(crate) fn of_list(list: &Block, lead: &str) -> Vec<Case> {
    let mut found: Vec<Case> = Vec::new();
    if list.children.len() < 2 && list.children.iter().all(|item| item.children.len() < 2) {
        return found;
    }
    let (mut acts, mut outcomes, mut questions) = (0, 0, 0);
    for (at, item) in list.children.iter().enumerate() {
        let Some((label, rest)) = parted(item) else { continue };
        let bare = label.trim_end_matches([':', '.', '?']).trim();
        let lower = bare.to_lowercase();
        let few = bare.split_whitespace().count() <= 8;
        if bare.is_empty() || !few || bare.contains(". ") || FIELDS.has(&lower) {
            continue;
        }
        let nested = item.children.len() > 1;
        let question = label.trim_end().ends_with('?') && nested;
        let inner: Vec<&str> = inner(item);
        let said = if rest.is_empty() { inner.first().copied().unwrap_or_default() } else { &rest };
        let act = is_act(said);
        // A label that is itself what to do is no case, whatever stands under it.
        if is_act(bare) && !OUTCOMES.has(&lower) && !question {
            continue;
        }
        acts += usize::from(act);
        questions += usize::from(question);
        let outcome = |word: &str| OUTCOMES.has(word);
        outcomes += usize::from(
            lower.split(|c: char| !c.is_alphanumeric()).any(outcome) || lower.starts_with("non-"),
        );
        let first = sentences(said).first().copied().unwrap_or_default();
        let mut branch = decision::labelled(bare, first);
        if branch.jump == Jump::Inline {
            let mut jumps =
                sentences(&rest).into_iter().chain(inner.iter().flat_map(|t| sentences(t)));
            if let Some(jump) = jumps.find_map(decision::jump) {
                branch.jump = jump;
            }
        }
        found.push(Case { branch, span: item.span.clone(), at, nested });
    }
    let most = found.len() * 3 >= list.children.len() * 2;
    let last = sentences(lead).last().copied().unwrap_or_default();
    let set = found.len() > 1
        && most
        && (acts * 3 >= found.len() * 2 || outcomes > 1 || CHOICE.stands_in(last));
    if !set {
        if questions == 0 {
            return Vec::new();
        }
        let asks = |case: &Case| {
            let label = list.children.get(case.at).and_then(parted);
            case.nested && label.is_some_and(|(label, _)| label.trim_end().ends_with('?'))
        };
        found.retain(asks);
    }
    found
}

/// The paragraphs under a bullet.
fn inner(item: &Block) -> Vec<&str> {
    let mut found = Vec::new();
    let mut stack: Vec<&Block> = item.children.iter().skip(1).rev().collect();
    while let Some(block) = stack.pop() {
        match block.kind {
            Kind::Para => found.push(block.plain()),
            Kind::List(_) | Kind::Item(_) => stack.extend(block.children.iter().rev()),
            _ => {}
        }
    }
    found
}

/// Headings of the column that names the case.
const CASE_COLUMN: Lexicon = Lexicon::new(&[
    "if",
    "when",
    "condition",
    "conditions",
    "case",
    "cases",
    "situation",
    "scenario",
    "outcome",
    "result",
    "classification",
    "class",
    "status",
    "level",
    "severity",
    "type",
    "category",
    "colour",
    "color",
    "rating",
    "score",
    "amount",
    "value",
    "threshold",
    "decision",
    "answer",
    "finding",
    "priority",
    "risk",
    "request type",
    "spend",
]);

/// Headings of the column that says what is done in it.
const ACT_COLUMN: Lexicon = Lexicon::new(&[
    "then",
    "action",
    "actions",
    "do",
    "what to do",
    "route",
    "routing",
    "route to",
    "next step",
    "next steps",
    "response",
    "approver",
    "approval",
    "required approval",
    "what happens",
    "you do",
    "handling",
    "path",
    "goes to",
    "escalate to",
    "send to",
]);

/// The branches that the rows of a decision table say.
pub(crate) fn of_table(table: &Block) -> Vec<(Branch, Range<usize>)> {
    let Some(header) = table.children.first() else { return Vec::new() };
    let name =
        |cell: &Block| cell.plain().to_lowercase().trim_matches(['*', ':', ' ', '?']).to_owned();
    let names: Vec<String> = header.children.iter().map(name).collect();
    let case = names.iter().position(|n| CASE_COLUMN.has(n));
    let act = names.iter().rposition(|n| ACT_COLUMN.has(n));
    let (Some(case), Some(act)) = (case, act) else { return Vec::new() };
    if case == act {
        return Vec::new();
    }
    let row = |row: &Block| {
        let (case, act) = (row.children.get(case)?, row.children.get(act)?);
        let said = !case.plain().is_empty() && !act.plain().is_empty();
        said.then(|| (decision::labelled(case.plain(), act.plain()), row.span.clone()))
    };
    table.children.iter().skip(1).filter_map(row).collect()
}
