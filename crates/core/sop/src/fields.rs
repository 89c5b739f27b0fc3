//! What the bullets and the small table of a step state outright: branches, evidence, due, hands.

use crate::block::{Block, Kind, Mark, Piece, dedented};
use crate::decision::{self, Branch, Jump};
use crate::inline::{fold, plain, sentences};
use crate::lexicon::Lexicon;
use crate::prose::{self, Prose};
use crate::{actor, cases, rounds, seat};
use gemba_model::{
    Evidence, EvidenceKind, Procedure, SeatSource, StepKind,
    approval::{Approval, Unanswered},
    due,
};
use std::ops::Range;

/// What the bullets of a step state outright.
#[derive(Default)]
pub(crate) struct Fields {
    pub(crate) branches: Vec<(Branch, Range<usize>)>,
    /// Branches of a set of cases, which also stay in the text.
    pub(crate) labelled: Vec<(Branch, Range<usize>)>,
    pub(crate) handoffs: Vec<String>,
    pub(crate) due: Option<String>,
    pub(crate) evidence: Vec<Evidence>,
    pub(crate) consulted: Vec<String>,
    pub(crate) informed: Vec<String>,
    pub(crate) kind: Option<StepKind>,
    pub(crate) who: Option<(String, SeatSource)>,
    pub(crate) calls: Option<Procedure>,
    pub(crate) wait_for: Option<String>,
    pub(crate) approval: Option<Approval>,
    pub(crate) not_by: Vec<String>,
    pub(crate) unanswered: Option<Unanswered>,
    pub(crate) remind: Option<String>,
    pub(crate) at_most: Option<u32>,
    pub(crate) outcome: Option<String>,
}

impl Fields {
    /// Takes the bullets that are fields out of a list, and leaves those at the places `parts` to be
    /// made into steps; the Markdown of the others is left.
    pub(crate) fn take(
        &mut self,
        source: &str,
        list: &Block,
        parts: &[usize],
        prose: &mut Vec<Prose>,
    ) -> String {
        let mut left: Vec<&Block> = Vec::new();
        for (at, item) in list.children.iter().enumerate() {
            if !parts.contains(&at) && !self.field(item) {
                prose::collect(item, prose);
                left.push(item);
            }
        }
        // The items of a list within a cell stand in one line.
        let lines = source.get(list.span.clone()).unwrap_or_default().contains('\n');
        if left.len() == list.children.len() && (lines || left.len() < 2) {
            return dedented(source, &list.span);
        }
        let mut out = String::new();
        let mut previous: Option<usize> = None;
        for item in left {
            if let Some(end) = previous {
                let gap = source.get(end..item.span.start).unwrap_or_default();
                out.push_str(if gap.matches('\n').count() > 1 { "\n\n" } else { "\n" });
            }
            let text = dedented(source, &item.span);
            if !lines && list.children.len() > 1 {
                out.push_str("- ");
            }
            previous = Some(
                item.span.start
                    + source.get(item.span.clone()).unwrap_or_default().trim_end().len(),
            );
            out.push_str(text.trim_end());
        }
        out
    }

    /// The cases of a branch set, whose words stay text; gives the bullets that hold blocks of their
    /// own and so are parts of the step.
    pub(crate) fn cases(&mut self, list: &Block, lead: &str) -> Vec<usize> {
        let mut parts = Vec::new();
        for case in cases::of_list(list, lead) {
            if case.nested {
                parts.push(case.at);
            }
            self.labelled.push((case.branch, case.span));
        }
        parts
    }

    /// Whether a bullet is a field; if so it is taken.
    fn field(&mut self, item: &Block) -> bool {
        let [para] = item.children.as_slice() else { return false };
        if para.kind != Kind::Para {
            return false;
        }
        let text = para.plain();
        // "If not answered: reject." is no branch.
        let branch =
            if text.starts_with("If not answered:") { None } else { explicit_branch(para, text) };
        if let Some(branch) = branch {
            self.branches.push((branch, para.span.clone()));
            return true;
        }
        if self.calls.is_none()
            && let Some(procedure) = called(para)
        {
            self.calls = Some(procedure);
            return true;
        }
        self.label(para);
        if para
            .inline
            .iter()
            .any(|i| matches!(i.piece, Piece::Open(_) | Piece::Code(_) | Piece::Html))
        {
            return false;
        }
        if let Some(name) = text.strip_prefix("Hand off to ").map(|n| n.trim_end_matches('.')) {
            if name.is_empty() || name.contains(". ") {
                return false;
            }
            self.handoffs.push(name.to_owned());
            return true;
        }
        let Some((key, value)) = text.split_once(':') else { return false };
        let value = value.trim();
        if value.is_empty() {
            return false;
        }
        match key {
            "Due" if self.due.is_none() => self.due = Some(value.to_owned()),
            "Wait for" if self.wait_for.is_none() => self.wait_for = Some(value.to_owned()),
            "Approval" if self.approval.is_none() => match Approval::said_in(value) {
                Some(approval) => self.approval = Some(approval),
                None => return false,
            },
            "If not answered" if self.unanswered.is_none() => match Unanswered::said_in(value) {
                Some(unanswered) => self.unanswered = Some(unanswered),
                None => return false,
            },
            "Remind" if self.remind.is_none() && due::reminder(value).is_some() => {
                self.remind = Some(value.to_owned());
            }
            "Not by" => self.not_by.push(value.trim_end_matches('.').to_owned()),
            "At most" if self.at_most.is_none() => {
                match rounds::said(&format!("at most {value}")) {
                    Some((n, _)) => self.at_most = Some(n),
                    None => return false,
                }
            }
            "Ends as" if self.outcome.is_none() => {
                self.outcome = Some(value.trim_end_matches('.').to_owned());
            }
            "Consult" => self.consulted.extend(seat::names(value)),
            "Inform" => self.informed.extend(seat::names(value)),
            "Kind" if self.kind.is_none() => match kind_word(value) {
                Some(kind) => self.kind = Some(kind),
                None => return false,
            },
            "Evidence" => {
                self.evidence.push(Evidence { kind: EvidenceKind::Text, text: value.to_owned() });
            }
            _ => {
                let word = key.strip_prefix("Evidence (").and_then(|rest| rest.strip_suffix(')'));
                let kind = EvidenceKind::ALL.into_iter().find(|kind| Some(kind.word()) == word);
                let Some(kind) = kind else { return false };
                self.evidence.push(Evidence { kind, text: value.to_owned() });
            }
        }
        true
    }

    /// Reads the branches of a decision table, or who does the step in a small table under it.
    pub(crate) fn table(&mut self, table: &Block) {
        self.labelled.extend(cases::of_table(table));
        let rows: Vec<Vec<String>> = table
            .children
            .iter()
            .map(|row| row.children.iter().map(first_line).collect())
            .collect();
        for (n, row) in rows.iter().enumerate() {
            let value = match row.as_slice() {
                // "Participants" over a column of names, alone or beside others.
                _ if n == 0 && rows.len() > 1 && row.iter().any(|name| says_who(name)) => {
                    let column = row.iter().position(|name| says_who(name)).unwrap_or(0);
                    let beside = row.get(1).filter(|_| row.len() == 2 && column == 0);
                    // In a table of two columns the name may stand beside the word: surely where another
                    // such word stands below it.
                    let listed = rows.get(1).and_then(|r| r.first()).is_some_and(|k| is_label(k));
                    let named = |v: &&String| !v.is_empty() && (listed || actor::is_a_seat(v));
                    match beside.filter(named) {
                        Some(beside) => Some(beside),
                        None => rows.get(1).and_then(|below| below.get(column)),
                    }
                }
                [key, value, ..] if says_who(key) => Some(value),
                _ => None,
            };
            if let Some(name) = value.filter(|v| !v.is_empty() && !seat::is_blank(v))
                && self.who.is_none()
            {
                self.who = Some((actor::bare_name(name).to_owned(), SeatSource::Table));
            }
        }
    }

    /// Reads who does the step from a label such as "Who: Support agent"; the words stay text.
    pub(crate) fn label(&mut self, para: &Block) {
        let marked = |i: &crate::block::Inline| match &i.piece {
            Piece::Text(text) | Piece::Code(text) => text.contains(':'),
            _ => false,
        };
        if self.who.is_some() || !para.inline.iter().any(marked) {
            return;
        }
        for line in para.inline.split(|i| i.piece == Piece::Break).map(plain) {
            let Some((key, value)) = line.split_once(':') else { continue };
            // "Answer the mail. Who: Support agent": the label may stand behind other words.
            let key = key.rsplit(['.', '(', '[', '—', '|']).next().unwrap_or(key);
            if !says_who(key) {
                continue;
            }
            // "Who: the analyst | When: Monday": other labels may share the line.
            let cut = value.find([';', '|', '(', ')', ']']).unwrap_or(value.len());
            let name = seat::tidy(value.get(..cut).unwrap_or_default().trim());
            let name = name.split(". ").next().unwrap_or_default().to_owned();
            let few = (1..=6).contains(&name.split_whitespace().count());
            if few && !seat::is_blank(&name) && !seat::is_channel(&name) && !seat::is_nobody(&name)
            {
                self.who = Some((actor::bare_name(&name).to_owned(), SeatSource::Label));
                return;
            }
        }
    }
}

/// Words that announce who does a step.
const WHO: Lexicon = Lexicon::new(&[
    "who",
    "who does it",
    "responsible",
    "responsible party",
    "responsible person",
    "actor",
    "role",
    "roles",
    "performed by",
    "done by",
    "assigned to",
    "assignee",
    "seat",
    "participants",
    "participant",
    "executed by",
    "carried out by",
    "completed by",
    "action by",
    "by whom",
    "owner",
    "step owner",
    "responsibility",
    "doer",
    "lead",
]);

/// Whether a cell is the name of something else that is told of a step: "Input", "Output".
fn is_label(cell: &str) -> bool {
    LABELS.has(&cell.trim().trim_matches(['*', '_', ' ', ':']).to_lowercase())
}

const LABELS: Lexicon = Lexicon::new(&[
    "input",
    "inputs",
    "output",
    "outputs",
    "when",
    "how",
    "tool",
    "tools",
    "system",
    "deadline",
    "due",
    "duration",
    "result",
    "results",
    "records",
    "record",
    "trigger",
    "what",
    "where",
    "document",
    "documents",
    "evidence",
    "template",
    "templates",
    "consulted",
    "informed",
]);

fn says_who(key: &str) -> bool {
    WHO.has(&key.trim().trim_matches(['*', '_', ' ', ':']).to_lowercase())
}

/// "Procedure: [the refund procedure](refunds.md)".
fn called(para: &Block) -> Option<Procedure> {
    let [label, open, words @ .., close] = para.inline.as_slice() else { return None };
    let (Piece::Text(label), Piece::Open(Mark::Link(to))) = (&label.piece, &open.piece) else {
        return None;
    };
    let plain_words = words.iter().all(|i| matches!(i.piece, Piece::Text(_) | Piece::Break));
    let only = label == "Procedure: " && matches!(close.piece, Piece::Close(Mark::Link(_)));
    let title = plain(words);
    (only && plain_words && !title.is_empty() && !to.is_empty())
        .then(|| Procedure { title, to: to.clone() })
}

/// The text of a cell up to its first line break.
fn first_line(cell: &Block) -> String {
    let end = cell.inline.iter().position(|i| i.piece == Piece::Break).unwrap_or(cell.inline.len());
    plain(cell.inline.get(..end).unwrap_or_default())
}

/// The word for a kind of step.
pub(crate) fn word_of(kind: StepKind) -> &'static str {
    match kind {
        StepKind::Task => "task",
        StepKind::Decision => "decision",
        StepKind::Approval => "approval",
        StepKind::Wait => "wait",
        StepKind::Call => "call",
        StepKind::Parallel => "parallel",
        StepKind::End => "end",
    }
}

/// The kind of step that a word of the field "Kind" means.
pub(crate) fn kind_word(word: &str) -> Option<StepKind> {
    let all = [
        StepKind::Task,
        StepKind::Decision,
        StepKind::Approval,
        StepKind::Wait,
        StepKind::Call,
        StepKind::Parallel,
        StepKind::End,
    ];
    all.into_iter().find(|kind| word_of(*kind) == word)
}

/// A bullet that is one branch and nothing else, such that writing it again loses no word.
fn explicit_branch(para: &Block, text: &str) -> Option<Branch> {
    let opens = para.inline.iter().filter(|i| matches!(i.piece, Piece::Open(_))).count();
    let strong_first = para.inline.first().is_some_and(|i| i.piece == Piece::Open(Mark::Strong));
    if para
        .inline
        .iter()
        .any(|i| matches!(i.piece, Piece::Html | Piece::Code(_) | Piece::Open(Mark::Image)))
    {
        return None;
    }
    let link = para.inline.iter().find_map(|i| match &i.piece {
        Piece::Open(Mark::Link(to)) => Some(to.clone()),
        _ => None,
    });
    let allowed = usize::from(strong_first) + usize::from(link.is_some());
    if opens != allowed {
        return None;
    }
    let mut branch = if strong_first {
        let close = para.inline.iter().position(|i| i.piece == Piece::Close(Mark::Strong))?;
        let lead = plain(para.inline.get(..close)?);
        let rest = plain(para.inline.get(close..)?);
        let lower = lead.to_lowercase();
        if !(rest.starts_with(',') && (lower.starts_with("if ") || lower == "otherwise")) {
            return None;
        }
        decision::labelled(&lead, &rest)
    } else {
        let lower = text.to_lowercase();
        let begins =
            ["if ", "otherwise", "unless ", "in case "].iter().any(|w| lower.starts_with(w));
        let one = sentences(text).len() == 1 && text.ends_with('.');
        if !begins || !one {
            return None;
        }
        decision::sentence(text)?
    };
    if let Some(to) = link {
        let action = fold(&branch.action);
        let before = action.strip_suffix(&format!("see {to}"))?;
        if branch.jump != Jump::Inline || !(before.is_empty() || before.ends_with(", then ")) {
            return None;
        }
        before.trim_end_matches(", then ").clone_into(&mut branch.action);
        branch.jump = Jump::Document(to);
    }
    let soft = matches!(branch.jump, Jump::To { hard: false, .. });
    (!soft && crate::print::branch_words_kept(&branch, text)).then_some(branch)
}
