//! What a document says a run must have produced, and how one sees that it did.

use crate::block::{Block, Kind};
use crate::carrier::Found;
use crate::inline::sentences;
use crate::labels;
use crate::lexicon::Lexicon;
use crate::outline::{Piece, Section, markdown};
use crate::settings::span;
use gemba_model::Output;
use std::ops::Range;

/// The word that opens a check in the canonical form.
pub(crate) const CHECK: &str = "Check: ";

/// How a sentence says what there is in the end.
const LEADS: Lexicon = Lexicon::new(&[
    "you should expect to see",
    "you should now see",
    "you should see",
    "the expected result is",
    "the expected outcome is",
    "the end result is",
    "the result of this process is",
    "the output is",
    "the output of this process",
    "the deliverable is",
    "will show up in",
    "will now be visible",
    "should now be",
    "is complete when",
    "is done when",
    "is finished when",
    "considered complete when",
    "considered done when",
    "the process ends when",
    "process is complete once",
    "definition of done",
]);

/// How a sentence opens the list of what to look at.
const CHECKS: Lexicon = Lexicon::new(&[
    "must check that",
    "should check that",
    "check that:",
    "check the following",
    "verify that:",
    "verify the following",
    "make sure that:",
    "confirm that:",
    "confirm the following",
    "acceptance criteria",
    "is complete when:",
    "is done when:",
    "complete when all",
    "done when all",
]);

/// What the running text says of outputs: sentences, labels, and lists of things to check.
pub(crate) fn of_text(sections: &[Section<'_>], found: &Found<'_>) -> Vec<Output> {
    let mut outputs = Vec::new();
    let mut checks: Vec<(String, Range<usize>)> = Vec::new();
    for section in sections.iter().filter(|s| s.piece == Piece::Other) {
        for (n, block) in section.blocks.iter().enumerate() {
            let next = section.blocks.get(n + 1);
            read(block, next, &mut outputs, &mut checks);
        }
    }
    if outputs.is_empty() {
        outputs.extend(last_step(found));
    }
    attach(outputs, checks)
}

/// Gives the checks to the output before them; without one each thing to check is an output of its own.
fn attach(mut outputs: Vec<Output>, checks: Vec<(String, Range<usize>)>) -> Vec<Output> {
    if outputs.is_empty() {
        return checks
            .into_iter()
            .map(|(text, at)| Output { checks: vec![text.clone()], text, span: span(&at) })
            .collect();
    }
    for (text, at) in checks {
        let before = outputs.iter().rposition(|o| o.span.range().start <= at.start).unwrap_or(0);
        if let Some(output) = outputs.get_mut(before) {
            output.checks.push(text);
        }
    }
    outputs
}

fn read(
    block: &Block,
    next: Option<&Block>,
    outputs: &mut Vec<Output>,
    checks: &mut Vec<(String, Range<usize>)>,
) {
    match block.kind {
        Kind::Para => {
            let text = block.plain();
            if text.ends_with(':') && CHECKS.stands_in(text) {
                checks.extend(items(next));
                return;
            }
            for sentence in sentences(text).into_iter().filter(|s| LEADS.stands_in(s)) {
                let conditional = sentence.get(..3).is_some_and(|s| s.eq_ignore_ascii_case("if "));
                if !conditional && !sentence.ends_with(':') {
                    outputs.push(output(sentence, &block.span));
                }
            }
        }
        Kind::List(_) => {
            for item in &block.children {
                for (n, child) in item.children.iter().enumerate() {
                    read(child, item.children.get(n + 1), outputs, checks);
                }
            }
        }
        _ => {}
    }
}

fn output(text: &str, at: &Range<usize>) -> Output {
    Output { text: text.to_owned(), checks: Vec::new(), span: span(at) }
}

/// The items of a list, plain.
fn items(list: Option<&Block>) -> Vec<(String, Range<usize>)> {
    let list = list.filter(|b| matches!(b.kind, Kind::List(_)));
    let items = list.into_iter().flat_map(|l| &l.children);
    items
        .filter_map(|i| i.children.first())
        .map(|para| (para.plain().trim_end_matches([';', '.']).to_owned(), para.span.clone()))
        .filter(|(text, _)| !text.is_empty())
        .collect()
}

/// The output that the last step names as its own, or what it reports.
fn last_step(found: &Found<'_>) -> Option<Output> {
    let step = found.steps.last()?;
    for block in &step.body {
        let labels = labels::of(std::slice::from_ref(*block));
        let names = |key: &str| {
            matches!(
                key,
                "output"
                    | "outputs"
                    | "artifact"
                    | "artifacts"
                    | "deliverable"
                    | "deliverables"
                    | "result"
                    | "expected result"
                    | "expected output"
            )
        };
        if let Some(label) = labels.into_iter().find(|l| names(&l.key))
            && !crate::seat::is_blank(&label.value)
            && !matches!(label.value.to_lowercase().as_str(), "none" | "n/a")
        {
            return Some(output(&label.value, &label.span));
        }
    }
    let head = step.head?;
    let all = sentences(head.plain());
    let (title, rest) = all.split_first()?;
    let first = title.split_whitespace().next().unwrap_or_default();
    let reports = REPORTS.has_any_case(first.trim_matches(['*', ':', ',']));
    if !reports {
        return None;
    }
    Some(output(rest.first().unwrap_or(title), &head.span))
}

/// Acts of a last step that leave what they say.
const REPORTS: Lexicon = Lexicon::new(&["report", "summarise", "summarize", "recap"]);

/// The outputs of a section that announces them: one per bullet and paragraph, with what must be checked
/// in bullets below or after a line that says so.
pub(crate) fn of_section(source: &str, blocks: &[Block], criteria: bool) -> Vec<Output> {
    let mut outputs: Vec<Output> = Vec::new();
    let mut checks: Vec<(String, Range<usize>)> = Vec::new();
    let mut listed = false;
    for block in blocks {
        let opens = block.kind == Kind::Para
            && block.plain().ends_with(':')
            && CHECKS.stands_in(block.plain());
        if opens {
            listed = true;
            continue;
        }
        match block.kind {
            Kind::List(_) if listed => checks.extend(items(Some(block))),
            Kind::List(_) => {
                for item in &block.children {
                    outputs.extend(of_item(source, item, criteria));
                }
            }
            Kind::Table => outputs.extend(of_table(block)),
            Kind::Rule => {}
            _ => {
                let text = markdown(source, [block]);
                if !text.trim().is_empty() {
                    outputs.push(Output { text, checks: Vec::new(), span: span(&block.span) });
                }
            }
        }
        listed = false;
    }
    attach(outputs, checks)
}

/// One bullet: its words, and as checks the bullets under it that say "Check:" or that a line opens.
fn of_item(source: &str, item: &Block, criteria: bool) -> Option<Output> {
    let mut kept: Vec<&Block> = Vec::new();
    let mut checks = Vec::new();
    let mut opened = false;
    for child in &item.children {
        let lead = child.kind == Kind::Para && kept.is_empty();
        opened = opened || (child.kind == Kind::Para && CHECKS.stands_in(child.plain()));
        match child.kind {
            Kind::List(_) if !lead => {
                let marked =
                    |i: &Block| i.children.first().is_some_and(|p| p.plain().starts_with(CHECK));
                let all = child.children.iter().all(marked);
                if all || opened {
                    for inner in &child.children {
                        let text = markdown(source, &inner.children);
                        checks.push(text.strip_prefix(CHECK).unwrap_or(&text).to_owned());
                    }
                } else {
                    kept.push(child);
                }
            }
            _ => kept.push(child),
        }
    }
    let text = markdown(source, kept);
    if text.trim().is_empty() {
        return None;
    }
    if criteria && checks.is_empty() {
        checks.push(text.clone());
    }
    Some(Output { text, checks, span: span(&item.span) })
}

/// The rows of a table of outputs; a column of criteria gives the checks.
fn of_table(table: &Block) -> Vec<Output> {
    let Some(head) = table.children.first() else { return Vec::new() };
    let column = |names: &[&str]| {
        head.children.iter().position(|c| {
            let key = labels::key(c.plain());
            names.iter().any(|name| key == *name)
        })
    };
    let what = column(&[
        "output",
        "outputs",
        "artifact",
        "artifacts",
        "deliverable",
        "record",
        "records",
        "result",
        "document",
        "item",
    ])
    .unwrap_or(0);
    let check = column(&[
        "check",
        "checks",
        "acceptance",
        "acceptance check",
        "acceptance criteria",
        "criteria",
        "criterion",
        "done when",
        "quality criteria",
        "standard",
    ]);
    let rows = table.children.iter().skip(1);
    rows.filter_map(|row| {
        let cell = row.children.get(what)?;
        let text = cell.plain().to_owned();
        let checks = check.and_then(|at| row.children.get(at)).map(|c| c.plain().to_owned());
        (!text.is_empty()).then(|| Output {
            text,
            checks: checks.into_iter().filter(|c| !c.is_empty()).collect(),
            span: span(&row.span),
        })
    })
    .collect()
}

#[cfg(test)]
mod tests {
    #[track_caller]
    fn check(text: &str, expected: &[&str]) {
        let process = crate::compile(text, "x.md").processes.swap_remove(0);
        let got: Vec<String> = process
            .expected_output
            .iter()
            .flat_map(|o| {
                std::iter::once(o.text.clone()).chain(o.checks.iter().map(|c| format!("? {c}")))
            })
            .collect();
        assert_eq!(got, expected, "{text}");
    }

    #[test]
    fn outputs_are_read_with_what_must_be_checked() {
        check(
            "# A\n\n## Expected output\n\n- The invoice is sent.\n  - Check: it is in the ledger\n  - Check: the *client* has it\n- A copy\n",
            &["The invoice is sent.", "? it is in the ledger", "? the *client* has it", "A copy"],
        );
        check(
            "# A\n\n## Output\n\nA signed form.\n\nYou must check that:\n\n- it is dated\n- both parties signed.\n",
            &["A signed form.", "? it is dated", "? both parties signed"],
        );
        check(
            "# A\n\n## Definition of done\n\n- [ ] The page is live\n",
            &["The page is live", "? The page is live"],
        );
        check(
            "# A\n\n## Artifacts\n\n| Artifact | Acceptance criteria |\n|---|---|\n| Report | has all regions |\n",
            &["Report", "? has all regions"],
        );
        check(
            "# A\n\n1. Do it\n2. Look. You should see the banner on all pages.\n\nYou must check that:\n\n- it shows\n- it is red\n",
            &["You should see the banner on all pages.", "? it shows", "? it is red"],
        );
        check(
            "# A\n\n1. Do it\n2. Look.\n\nVerify that:\n\n- it shows\n",
            &["it shows", "? it shows"],
        );
        check(
            "# A\n\n1. **Pull it.** Now.\n2. **Report what happened.** List what was sent.\n",
            &["List what was sent."],
        );
        check(
            "# A\n\n## 1. Buy it\n\nBuy.\n\n## 2. File it\n\nFile.\n\n| | |\n|---|---|\n| Participants | Clerk |\n| Output | The filed receipt |\n",
            &["The filed receipt"],
        );
        check("# A\n\n1. Do it\n2. If you should see an error, stop.\n", &[]);
    }
}
