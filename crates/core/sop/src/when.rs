//! Where a document says what starts a run, from the plainest place to the loosest.

use crate::block::{Block, Kind};
use crate::carrier::{Found, Places};
use crate::front::Settings;
use crate::inline::{fold, sentences};
use crate::labels;
use crate::lexicon::Lexicon;
use crate::outline::Section;
use crate::trigger::{self, Said};
use gemba_model::{Trigger, TriggerKind, ValueState};
use std::ops::Range;

/// The triggers that the text outside the settings says.
pub(crate) fn triggers(
    sections: &[Section<'_>],
    found: &Found<'_>,
    title: Option<usize>,
) -> Vec<Trigger> {
    let first_step = found.steps.first().map_or(usize::MAX, |s| s.span.start);
    let before = |span: &Range<usize>| span.start < first_step;
    let places = Places::of(found);
    let within = |span: &Range<usize>| places.hold(span);
    let said = labelled(sections, &within);
    if !said.is_empty() {
        return said;
    }
    if let Some(trigger) = section(sections, &before) {
        return vec![trigger];
    }
    let heading = title.and_then(|at| sections.get(at)).and_then(|s| s.heading);
    if let Some(heading) = heading
        && HAPPENS.opens(heading.plain())
    {
        return vec![made(heading.plain(), Said::InPassing, &heading.span)];
    }
    // The sentence that leads to the steps, wherever they begin.
    let paragraphs = || sections.iter().flat_map(|s| s.blocks).filter(|b| b.kind == Kind::Para);
    for block in paragraphs().filter(|b| !within(&b.span)) {
        for sentence in sentences(block.plain()) {
            if LEADS_TO_STEPS.stands_in(sentence)
                && let Some(clause) = opening_clause(sentence, true)
            {
                return vec![stated(clause, &block.span)];
            }
        }
    }
    let mut weaker: Option<Trigger> = None;
    for section in sections {
        for block in section.blocks.iter().filter(|b| b.kind == Kind::Para && before(&b.span)) {
            for sentence in sentences(block.plain()).into_iter().filter(|s| !of_the_text(s)) {
                if let Some(clause) = opening_clause(sentence, true) {
                    return vec![stated(clause, &block.span)];
                }
                if applies(sentence) && trigger::kind(sentence) == TriggerKind::Threshold {
                    return vec![made(sentence, Said::InPassing, &block.span)];
                }
                if weaker.is_none() {
                    weaker = in_passing(sentence, &block.span);
                }
            }
        }
    }
    if let Some(trigger) = first_of_steps(found, &mut weaker) {
        return vec![trigger];
    }
    if weaker.is_none() {
        weaker = lead_in(sections, &within).or_else(|| heading.and_then(of_title));
    }
    weaker.into_iter().collect()
}

/// Whether the key of a label announces what starts a run.
pub(crate) fn names_trigger(key: &str) -> bool {
    matches!(
        key,
        "trigger"
            | "triggers"
            | "triggered by"
            | "trigger event"
            | "process trigger"
            | "frequency"
            | "run frequency"
            | "schedule"
            | "timing"
            | "when"
            | "when to use"
            | "when to use this"
            | "when to run"
            | "starts when"
            | "start"
            | "starts"
            | "initiated by"
            | "initiation"
            | "scheduled to happen"
            | "scenario"
            | "scenarios"
            | "process start"
            | "starting point"
            | "start event"
            | "entry criteria"
    )
}

/// "**Trigger:** a client signs", a row "Frequency | Monthly", a blank "Scheduled to happen:".
fn labelled(sections: &[Section<'_>], within: &dyn Fn(&Range<usize>) -> bool) -> Vec<Trigger> {
    let mut found: Vec<Trigger> = Vec::new();
    for section in sections {
        // A step's own "When:" says when the step is due.
        let labels = labels::of(section.blocks);
        for label in labels.into_iter().filter(|l| names_trigger(&l.key) && !within(&l.span)) {
            let value = sentences(&label.value).first().copied().unwrap_or_default().to_owned();
            let value = value.trim_end_matches('.');
            if value.split_whitespace().count() <= 40 {
                found.push(trigger::at(
                    trigger::read(value.to_owned(), Said::Outright, None),
                    &label.span,
                ));
            }
        }
    }
    // A blank beside a filled one says nothing more.
    if found.iter().any(|t| t.state != ValueState::Placeholder) {
        found.retain(|t| t.state != ValueState::Placeholder);
    }
    found.truncate(MAX_TRIGGERS);
    found
}

/// The most triggers that are taken from labels or a section.
const MAX_TRIGGERS: usize = 8;

/// What stands in a section whose heading announces when the process starts.
fn section(sections: &[Section<'_>], before: &dyn Fn(&Range<usize>) -> bool) -> Option<Trigger> {
    for section in sections.iter().filter(|s| s.level > 0) {
        let (whole, question) = says_when(&section.words);
        let early = section.heading.is_some_and(|h| before(&h.span));
        if !(whole || (question && early)) {
            continue;
        }
        let Some((text, at)) = said(section.blocks) else { continue };
        // A question is answered by words that say when, not by whatever stands under it.
        let answers = |s: &&str| OPENING.opens(s) || WITHIN.stands_in(s);
        if !whole && !sentences(&text).iter().any(answers) {
            continue;
        }
        let mut trigger = made(&text, Said::Outright, &at);
        // "When should you request a letter?" says of what kind "any time you need one" is.
        let asked = trigger::kind(section.title);
        if trigger.kind == TriggerKind::Event && asked == TriggerKind::Request {
            trigger = trigger::at(
                trigger::read(trigger.text, Said::Outright, Some(TriggerKind::Request)),
                &at,
            );
        }
        return Some(trigger);
    }
    None
}

/// Whether the words of a heading announce when the process starts: outright, or as a question that
/// may also be asked about something else.
fn says_when(words: &str) -> (bool, bool) {
    let whole = matches!(
        words,
        "trigger"
            | "triggers"
            | "when"
            | "when to use"
            | "when to use this"
            | "when to use this sop"
            | "when to use this process"
            | "when to use this procedure"
            | "when to use this runbook"
            | "when to start"
            | "when to do this"
            | "when to run"
            | "when to run this"
            | "when this applies"
            | "when does this apply"
            | "when it starts"
            | "process trigger"
            | "process triggers"
            | "frequency"
            | "schedule"
            | "timing"
            | "cadence"
            | "initiation"
            | "start"
            | "process start"
            | "start of the process"
            | "start event"
            | "starting point"
    );
    (whole, words.starts_with("when to ") || words.starts_with("when should "))
}

/// The first thing that a section says.
fn said(blocks: &[Block]) -> Option<(String, Range<usize>)> {
    blocks.iter().find_map(|block| match block.kind {
        Kind::Para => Some((block.plain().to_owned(), block.span.clone())),
        Kind::List(_) => {
            let first = block.children.first().and_then(|i| i.children.first())?;
            Some((first.plain().to_owned(), first.span.clone()))
        }
        _ => None,
    })
}

fn made(text: &str, said: Said, at: &Range<usize>) -> Trigger {
    let first = match said {
        Said::Outright => sentences(text).first().copied().unwrap_or(text),
        Said::InPassing => text,
    };
    let text = fold(first.trim().trim_end_matches(['.', ',', ':']));
    trigger::at(trigger::read(text, said, None), at)
}

/// A clause that a sentence opens with says it in so many words, though a rhythm in it needs its day.
fn stated(clause: &str, at: &Range<usize>) -> Trigger {
    let mut trigger = made(clause, Said::InPassing, at);
    if trigger.state == ValueState::Implied {
        trigger.state = ValueState::Stated;
    }
    trigger
}

const HAPPENS: Lexicon = Lexicon::new(&["when ", "whenever ", "once ", "upon "]);

/// How a clause opens that says when.
const OPENING: Lexicon = Lexicon::new(&[
    "when ",
    "whenever ",
    "anytime ",
    "any time ",
    "once ",
    "before ",
    "after ",
    "at the end of ",
    "at the beginning of ",
    "at the start of ",
    "on the first ",
    "on the last ",
    "every ",
    "each ",
    "for every ",
    "for each ",
    "upon ",
    "as soon as ",
    "in the event of ",
    "in the event that ",
    "use when ",
    "use this when ",
    "use this process when ",
    "use this procedure when ",
    "use this runbook when ",
    "start here when ",
    "start this when ",
    "start when ",
]);

/// How a sentence says when a run starts without naming it: "Starts when a customer asks for a refund".
const STARTS: Lexicon = Lexicon::new(&[
    "starts when ",
    "starts once ",
    "starts as soon as ",
    "starts upon ",
    "starts after ",
    "starts at ",
    "starts every ",
    "starts each ",
    "begins when ",
    "begins once ",
    "begins as soon as ",
    "begins upon ",
    "begins after ",
    "begins every ",
    "triggered by ",
    "triggered when ",
    "runs when ",
    "runs every ",
    "happens when ",
    "happens every ",
]);

/// How a clause opens that says under which condition, which is a trigger only of the whole.
const CONDITION: Lexicon = Lexicon::new(&["if you", "if a", "if the", "if an", "in case "]);

const RELATIVE: Lexicon = Lexicon::new(&[" before ", " after ", " prior to "]);

/// Words of the sentence that hands over to the steps.
const LEADS_TO_STEPS: Lexicon = Lexicon::new(&[
    "following steps",
    "steps below",
    "these steps",
    "the steps and guidelines",
    "follow this process",
    "follow this procedure",
    "follow this checklist",
    "follow the process",
    "follow the procedure",
    "use this checklist",
    "use this process",
    "use this procedure",
    "process below",
    "procedure below",
    "checklist below",
]);

/// What opens a clause that points within the text or at whoever reads, and starts nothing.
const IDLE: Lexicon = Lexicon::new(&[
    "once you have read",
    "once that",
    "once this",
    "once it",
    "once they",
    "once you're done",
    "once done",
    "once completed",
    "once complete",
    "once finished",
    "once there",
    "before you begin",
    "before you start",
    "before we ",
    "before starting",
    "before beginning",
    "before proceeding",
    "before continuing",
    "before doing",
    "before reading",
    "after this",
    "after that",
    "after these",
    "after those",
    "after doing",
    "after which",
    "when in doubt",
    "when possible",
    "when conveying",
    "when you are done",
    "when done",
    "when finished",
    "each step",
    "every step",
    "each of",
    "every effort",
    "for each of",
    "for every step",
    "for each step",
]);

/// How a sentence opens that says of the document when to take it up.
const USES: Lexicon = Lexicon::new(&["use ", "start "]);

/// "When X, ...", "Before Y, ...", "60 days before Z, ...": the clause that opens a sentence. Before the
/// steps a condition counts too where the sentence leads to them.
fn opening_clause(sentence: &str, before: bool) -> Option<&str> {
    let first = sentence.split([',', ':']).next().unwrap_or_default();
    let counted = RELATIVE.stands_in(first)
        && gemba_model::Cue::said_in(TriggerKind::Schedule, first).is_some();
    let condition = before && CONDITION.opens(sentence) && LEADS_TO_STEPS.stands_in(sentence);
    if !(OPENING.opens(sentence) || counted || condition) || IDLE.opens(sentence) {
        return None;
    }
    let (clause, rest) = sentence.split_once(", ").unwrap_or((sentence, ""));
    let leads = sentence.ends_with(':');
    let long_enough = clause.split_whitespace().count() > 2 || trigger::has_rhythm(clause);
    let uses = USES.opens(sentence);
    (long_enough && (!rest.is_empty() || uses || leads)).then_some(if uses {
        sentence
    } else {
        clause
    })
}

/// A sentence of the introduction that says when in passing.
fn in_passing(sentence: &str, at: &Range<usize>) -> Option<Trigger> {
    // "If nobody is hurt, open a ticket instead": when it is not this process.
    if sentence.trim_end_matches(['.', '!']).ends_with(" instead") {
        return None;
    }
    let inner = inner_clause(sentence).or_else(|| {
        let rest = sentence.split_once(' ').map(|(_, rest)| rest);
        if STARTS.opens(sentence) { rest } else { None }
    });
    let speaks = trigger::has_rhythm(sentence)
        || ASKS.stands_in(sentence)
        || EXPIRES.stands_in(sentence)
        || inner.is_some();
    speaks.then(|| made(inner.unwrap_or(sentence), Said::InPassing, at))
}

/// What makes a renewal or a rotation due.
const EXPIRES: Lexicon =
    Lexicon::new(&["expire after ", "expires after ", "expires every ", "about to expire"]);

/// Whether a sentence speaks of the document and its upkeep, not of the work.
fn of_the_text(sentence: &str) -> bool {
    UPKEEP.stands_in(sentence)
}

const UPKEEP: Lexicon = Lexicon::new(&[
    "updating this",
    "update this sop",
    "update this document",
    "this document is reviewed",
    "this sop is reviewed",
    "is subject to change",
    "feedback",
    "reviewed and updated",
    "review this document",
    "review this sop",
    "reviewed annually",
]);

/// Whether a sentence says what the process applies to.
fn applies(sentence: &str) -> bool {
    APPLIES.stands_in(sentence)
}

const APPLIES: Lexicon =
    Lexicon::new(&[" applies ", " apply to ", "applies only", "is required for"]);

/// "... when X" within a sentence that speaks of the process.
fn inner_clause(sentence: &str) -> Option<&str> {
    let at = WITHIN.find(sentence)?;
    if ABOUT.stands_in(sentence) { sentence.get(at + 1..) } else { None }
}

/// How a clause goes on that says when.
const WITHIN: Lexicon = Lexicon::new(&[
    " when ",
    " whenever ",
    " once ",
    " before ",
    " after ",
    " in the event of ",
    " every time ",
    " during a ",
    " for anyone ",
    " who have ",
    " wishing to ",
]);

/// Words that speak of the process itself.
const ABOUT: Lexicon = Lexicon::new(&[
    "this page",
    "this process",
    "this procedure",
    "this sop",
    "this document",
    "this checklist",
    "this runbook",
    "this guide",
    "this ",
    "use ",
    "follow ",
    "we ",
    "process",
    "procedure",
    "checklist",
    "information on",
    "what to do",
    "what happens",
]);

/// Words of somebody who asks for a run.
const ASKS: Lexicon = Lexicon::new(&[
    "submit a ticket",
    "submit a request",
    "open a ticket",
    "file a ticket",
    "raise a ticket",
    "create a ticket",
    "requests for",
    "request form",
    "how to request",
    "initiate your request",
    "to request a",
    "as soon as possible with your",
    "ask the ",
    "who have a",
]);

/// What the first step says of when it is done.
fn first_of_steps(found: &Found<'_>, weaker: &mut Option<Trigger>) -> Option<Trigger> {
    let step = found.steps.first()?;
    let mut blocks: Vec<&Block> = step.head.into_iter().collect();
    // A heading over parts says little; the first of them says when.
    blocks.extend(step.children.first().and_then(|part| part.head));
    blocks.extend(step.body.iter().copied().filter(|b| b.kind == Kind::Para));
    blocks.extend(
        step.body
            .iter()
            .filter(|b| matches!(b.kind, Kind::List(_)))
            .flat_map(|l| l.children.iter())
            .filter_map(|i| i.children.first()),
    );
    // What becomes of an approval that nobody gives starts nothing, and a reminder neither.
    let is_field = |block: &&Block| {
        ["If not answered:", "Remind:"].iter().any(|label| block.plain().starts_with(label))
    };
    for block in blocks.into_iter().filter(|block| !is_field(block)) {
        for sentence in sentences(block.plain()) {
            if let Some(clause) = opening_clause(sentence, false) {
                return Some(made(clause, Said::InPassing, &block.span));
            }
            if weaker.is_none() && (trigger::has_rhythm(sentence) || ASKS.stands_in(sentence)) {
                *weaker = Some(made(sentence, Said::InPassing, &block.span));
            }
        }
    }
    None
}

/// A line that opens a list with a rhythm: "Each day in a week-long shift:".
fn lead_in(sections: &[Section<'_>], within: &dyn Fn(&Range<usize>) -> bool) -> Option<Trigger> {
    let blocks = sections.iter().flat_map(|s| s.blocks);
    blocks.filter(|b| b.kind == Kind::Para && !within(&b.span)).find_map(|block| {
        let text = block.plain();
        (text.ends_with(':') && trigger::has_rhythm(text) && OPENING.opens(text))
            .then(|| made(text, Said::InPassing, &block.span))
    })
}

/// A title that names the rhythm, the request or the event that the process answers.
fn of_title(heading: &Block) -> Option<Trigger> {
    let text = heading.plain();
    let kind = if trigger::has_rhythm(text) {
        TriggerKind::Schedule
    } else if ASKED_FOR.has_word_of(text) {
        TriggerKind::Request
    } else if HAPPENED.has_word_of(text) {
        TriggerKind::Event
    } else {
        return None;
    };
    Some(trigger::at(trigger::read(fold(text), Said::InPassing, Some(kind)), &heading.span))
}

/// Nouns of what is asked for.
const ASKED_FOR: Lexicon = Lexicon::new(&["request", "requests", "application", "applications"]);

/// Nouns of what befalls a company.
const HAPPENED: Lexicon = Lexicon::new(&[
    "incident",
    "incidents",
    "emergency",
    "outage",
    "breach",
    "complaint",
    "complaints",
    "onboarding",
    "offboarding",
    "termination",
    "resignation",
]);

/// The trigger that the settings say in other words than `trigger`: a skill's description, the line of an
/// issue template on what it is about. With it, whether it is said of the whole, which is stronger than
/// what the text says in passing.
pub(crate) fn of_description(settings: &Settings) -> (bool, Vec<Trigger>) {
    if let Some(about) = settings.get(&["about"])
        && settings.get(&["labels", "assignees"]).is_some()
    {
        // Whoever opens an issue from a template asks for what it is about.
        let text = fold(about.value.text().unwrap_or_default());
        if !text.is_empty() {
            let read = trigger::read(text, Said::InPassing, Some(TriggerKind::Request));
            return (true, vec![trigger::at(read, &about.span)]);
        }
    }
    let Some(entry) = settings.get(&["description"]) else { return (false, Vec::new()) };
    let text = fold(entry.value.text().unwrap_or_default());
    let all = sentences(&text);
    let uses = |s: &str| {
        s.get(..8).is_some_and(|s| {
            s.eq_ignore_ascii_case("use when") || s.eq_ignore_ascii_case("use this")
        }) || s.get(..9).is_some_and(|s| {
            s.eq_ignore_ascii_case("run when ") || s.eq_ignore_ascii_case("for every")
        })
    };
    let sentence = all
        .iter()
        .find(|s| uses(s))
        .or_else(|| {
            all.iter().find(|s| opening_clause(s, true).is_some() || trigger::has_rhythm(s))
        })
        .or_else(|| {
            all.iter().find(|s| {
                let lower = s.to_lowercase();
                lower.contains(" during ") || lower.contains(" when ")
            })
        });
    let outright = sentence.is_some_and(|s| uses(s));
    let made = sentence.map(|s| made(s, Said::InPassing, &entry.span));
    (outright, made.into_iter().collect())
}
