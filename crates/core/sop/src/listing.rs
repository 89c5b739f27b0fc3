//! Which lists and paragraphs of a document are steps, and which are values, criteria or templates.

use crate::actor;
use crate::block::{Block, Kind, Mark, Piece};
use crate::carrier::{Found, Lead};
use crate::draft::Raw;
use crate::lexicon::Lexicon;
use crate::outline::Section;
use crate::seat;
use crate::verbs::is_act;
use gemba_model::{SeatSource, StepSeat};

/// Words of a heading under which lists explain, define or prepare rather than say what to do.
const ASIDE: Lexicon = Lexicon::new(&[
    "purpose",
    "scope",
    "definition",
    "definitions",
    "glossary",
    "reference",
    "references",
    "related",
    "background",
    "contents",
    "changelog",
    "history",
    "values",
    "principles",
    "priorities",
    "priority",
    "severity",
    "severities",
    "levels",
    "criteria",
    "considerations",
    "types",
    "examples",
    "example",
    "template",
    "templates",
    "faq",
    "questions",
    "roles",
    "responsibilities",
    "compliance",
    "overview",
    "resources",
    "links",
    "terms",
    "benefits",
    "goals",
    "why",
    "options",
    "gates",
    "contacts",
    "setup",
    "parameters",
    "constraints",
    "metrics",
    "sources",
    "requirements",
    "expectations",
    "guidelines",
]);

/// The same in several words.
const ASIDE_PHRASES: Lexicon = Lexicon::new(&["table of contents", "revision history", "see also"]);

/// Words of a heading that announce a procedure.
const PROCEDURE: Lexicon = Lexicon::new(&[
    "step",
    "steps",
    "procedure",
    "process",
    "workflow",
    "instructions",
    "checklist",
    "tasks",
    "actions",
    "todo",
    "playbook",
    "runbook",
    "phase",
]);

/// The same in several words.
const PROCEDURE_PHRASES: Lexicon = Lexicon::new(&["how to", "to do", "what to do"]);

/// Whether a heading names an aside; a heading that also announces a procedure does not.
pub(crate) fn is_aside(section: &Section<'_>) -> bool {
    let said = section.words.as_str();
    let mut each = said.split(' ');
    let first = each.next().unwrap_or_default();
    let last = each.next_back().unwrap_or(first);
    let aside = ASIDE.has(first) || ASIDE.has(last) || ASIDE_PHRASES.stands_in(said);
    // "Email template" is no order to email.
    let model = matches!(last, "template" | "templates" | "example" | "examples" | "sample");
    aside && !procedure_words(said) && (!acts(section.title) || (model && !said.contains(" the ")))
}

/// Whether a heading announces a procedure.
pub(crate) fn names_a_procedure(section: &Section<'_>) -> bool {
    procedure_words(&section.words)
}

/// Whether the words of a heading announce a procedure.
pub(crate) fn procedure_words(said: &str) -> bool {
    said.split(' ').any(|word| PROCEDURE.has(word)) || PROCEDURE_PHRASES.stands_in(said)
}

/// Whether a heading names an act: "Remove the banner".
pub(crate) fn acts(title: &str) -> bool {
    is_act(crate::outline::without_number(title))
}

/// What is known of all sections before each is looked at.
#[derive(Debug)]
pub(crate) struct Context {
    aside: Vec<bool>,
}

impl Context {
    pub(crate) fn new(sections: &[Section<'_>], title: Option<usize>) -> Self {
        let parents = crate::headings::parents(sections);
        let mut aside: Vec<bool> = Vec::with_capacity(sections.len());
        for (n, section) in sections.iter().enumerate() {
            let own = Some(n) != title && section.heading.is_some() && is_aside(section);
            let above = parents.get(n).copied().flatten().filter(|at| Some(*at) != title);
            let within = above.and_then(|at| aside.get(at)).copied().unwrap_or(false);
            aside.push(own || (within && !names_a_procedure(section)));
        }
        Self { aside }
    }

    /// Whether a section is an aside, or lies within one.
    pub(crate) fn excluded(&self, n: usize) -> bool {
        self.aside.get(n).copied().unwrap_or(false)
    }
}

/// The seat that a heading names: "Steps for Deputy", "IR Team responsibilities", "Payroll tasks".
pub(crate) fn seat_of_heading(title: &str) -> Option<StepSeat> {
    let title = crate::outline::without_number(title).trim();
    let lower = title.to_lowercase();
    let mut name = None;
    for opening in [
        "steps for ",
        "tasks for ",
        "checklist for ",
        "instructions for ",
        "responsibilities of ",
        "for the ",
    ] {
        if lower.starts_with(opening) {
            name = title.get(opening.len()..);
        }
    }
    for closing in [
        " responsibilities",
        " tasks",
        " steps",
        " duties",
        " actions",
        " to do",
        " to-do",
        " to-dos",
        " checklist",
        " responsibility",
    ] {
        if lower.ends_with(closing) {
            name = title.get(..title.len() - closing.len());
        }
    }
    let name = seat::tidy(name?);
    let name =
        name.strip_suffix("'s").or_else(|| name.strip_suffix("’s")).unwrap_or(&name).to_owned();
    // "Steps for Deputy" names a seat even with a single word; "Deputy steps" could be anything.
    let plainly = [" for ", " responsibilities", " duties"].iter().any(|w| lower.contains(w));
    let named = actor::is_a_seat(&name) || (plainly && actor::looks_like_a_seat(&name));
    named.then_some(StepSeat::new(name, SeatSource::Heading, None))
}

/// The seat that is the whole of a heading, in a document that gives each role its own list.
pub(crate) fn seat_as_heading(title: &str) -> Option<StepSeat> {
    let bare = seat::tidy(crate::outline::without_number(title));
    // "Front of house (lead server)": who stands in brackets does what stands below.
    if let Some((_, inner)) = bare.rsplit_once(" (")
        && let Some(name) = inner.strip_suffix(')').map(seat::tidy)
        && actor::is_only_a_seat(&name)
        && !actor::is_only_a_seat(bare.split(" (").next().unwrap_or_default())
    {
        return Some(StepSeat::new(name, SeatSource::Heading, None));
    }
    let named = bare.split_whitespace().count() <= 4 && actor::is_only_a_seat(&bare);
    (named && !is_act(&bare)).then(|| StepSeat::new(bare, SeatSource::Heading, None))
}

/// Whether a section orders something in plain words under a heading that is an act: "Remove the
/// banner", then "Open the console and press the button".
pub(crate) fn ordered(section: &Section<'_>) -> bool {
    let first = section.blocks.first().filter(|b| b.kind == Kind::Para);
    let verb = section.words.split(' ').next().is_some_and(crate::verbs::is_verb);
    verb && first.is_some_and(|b| is_act(b.plain()))
}

/// Whether a paragraph says what somebody does, or orders it.
fn para_acts(block: &Block) -> bool {
    let text = block.plain();
    let strong = block.inline.first().is_some_and(|i| i.piece == Piece::Open(Mark::Strong));
    block.kind == Kind::Para
        && !text.ends_with('?')
        && text.split_whitespace().count() > 3
        && (is_act(text.get(..crate::inline::sentence_end(text)).unwrap_or(text))
            || actor::of_sentence(text).is_some()
            || (strong && after_label(block).is_some_and(|rest| is_act(&rest))))
}

/// Takes the paragraphs of a section that say what is done; what stands between belongs to the one
/// before.
pub(crate) fn take_prose<'a>(section: &Section<'a>, n: usize, found: &mut Found<'a>) {
    let Some(first) = section.blocks.iter().position(para_acts) else { return };
    found.leads.push(Lead { section: n, blocks: first });
    for block in section.blocks.iter().skip(first) {
        if para_acts(block) {
            found.steps.push(Raw {
                due: None,
                label: String::new(),
                head: Some(block),
                body: Vec::new(),
                children: Vec::new(),
                seat: None,
                group: n * 1_000,
                span: block.span.clone(),
            });
        } else if let Some(last) = found.steps.last_mut()
            && block.kind != Kind::Rule
        {
            last.body.push(block);
        }
    }
}

/// Whether a document holds a diagram that may be its steps.
pub(crate) fn holds_diagram(source: &str, sections: &[Section<'_>]) -> bool {
    sections.iter().flat_map(|s| s.blocks).filter(|b| b.kind == Kind::Code).any(|b| {
        let text = source.get(b.span.clone()).unwrap_or_default();
        text.lines().next().is_some_and(|line| line.contains("mermaid"))
    })
}

/// Whether the numbered lists of a section are steps: mostly acts, or under a heading that says so.
pub(crate) fn numbered_steps(_context: &Context, n: usize, section: &Section<'_>) -> bool {
    let lists: Vec<(usize, &Block)> = numbered(section).collect();
    let all: Vec<&Block> = lists.iter().flat_map(|(_, l)| l.children.iter()).collect();
    if all.is_empty() || lists.iter().all(|(at, _)| introduced_as_choice(section, *at)) {
        return false;
    }
    let acting = all.iter().filter(|i| item_acts(i)).count();
    let named = names_a_procedure(section) || acts(section.title);
    // A lone list of one item is a paragraph that begins with a number.
    let enough = all.len() > 1 || named;
    let _ = n;
    // Of two or three a single act may be a name that looks like one: "Support tickets".
    let few = all.len() < 4 && !named;
    let most = !few || acting * 3 >= all.len() * 2;
    enough && most && (acting * 5 >= all.len() * 2 || (named && acting * 5 >= all.len()))
}

fn numbered<'a>(section: &Section<'a>) -> impl Iterator<Item = (usize, &'a Block)> {
    section.blocks.iter().enumerate().filter(|(_, b)| matches!(b.kind, Kind::List(Some(_))))
}

/// Whether the paragraph before a list says that its items are choices, kinds or reasons.
fn introduced_as_choice(section: &Section<'_>, at: usize) -> bool {
    let before = at.checked_sub(1).and_then(|at| section.blocks.get(at));
    let Some(before) = before.filter(|b| b.kind == Kind::Para) else { return false };
    if !before.plain().ends_with(':') {
        return false;
    }
    let text = before.plain().to_lowercase();
    let last = crate::inline::sentences(&text).last().copied().unwrap_or_default().to_owned();
    last.ends_with(':')
        && [
            "one of",
            "any of",
            "either",
            "options",
            "criteria",
            "reasons",
            "questions",
            "types",
            "kinds",
            "categories",
            "levels",
            "values",
            "principles",
            "priorit",
            "examples",
            "for example",
            "such as",
            "including",
            "conditions",
            "following are true",
            "order of importance",
            "we have",
        ]
        .iter()
        .any(|w| last.contains(w))
}

/// Whether an item says what to do.
fn item_acts(item: &Block) -> bool {
    let Some(para) = item.children.first().filter(|b| b.kind == Kind::Para) else { return false };
    let text = para.plain();
    let strong = para.inline.first().is_some_and(|i| i.piece == Piece::Open(Mark::Strong));
    let first = text.get(..crate::inline::sentence_end(text)).unwrap_or(text);
    is_act(first)
        || actor::of_sentence(text).is_some()
        || tells(first)
        || text.split_once(" - ").is_some_and(|(thing, act)| !thing.contains(". ") && is_act(act))
        || (strong && after_label(para).is_some_and(|rest| is_act(&rest)))
        || ASKING.opens(text)
        || [" will ", " should ", " must ", " needs to "].iter().any(|w| first.contains(w))
}

/// Whether a sentence tells what somebody does, whoever that is: "Ann counts the coins.", "The clerk pays." A name
/// that only looks like one has no full stop behind it: "Support tickets".
fn tells(sentence: &str) -> bool {
    let Some(bare) = sentence.trim_end().strip_suffix('.') else { return false };
    let mut words = bare.split_whitespace().take(4);
    let first = words.next().unwrap_or_default();
    let is_name = first.starts_with(char::is_uppercase);
    is_name
        && !words.clone().any(|word| NO_ACT.contains(&word))
        && words.any(crate::verbs::is_third_person)
}

/// Behind these words near its beginning a sentence tells what something is: "The fee is what covers the costs."
const NO_ACT: [&str; 6] = ["is", "are", "was", "were", "that", "which"];

/// How an item that asks for something may begin besides with a verb.
const ASKING: Lexicon = Lexicon::new(&[
    "for each ",
    "for every ",
    "you should",
    "you will",
    "you need",
    "you can",
    "we ",
    "please ",
    "make sure",
    "once ",
    "when ",
    "after ",
    "if ",
    "before ",
]);

/// What follows a bold label.
fn after_label(para: &Block) -> Option<String> {
    let close = para.inline.iter().position(|i| i.piece == Piece::Close(Mark::Strong))?;
    let rest = crate::inline::plain(para.inline.get(close..)?);
    Some(rest.trim_start_matches([':', '.', ' ', '-', '–', '—']).to_owned())
}

/// Whether the bullets of a section are steps.
pub(crate) fn bullet_steps(section: &Section<'_>) -> bool {
    let lists: Vec<&Block> = section
        .blocks
        .iter()
        .enumerate()
        .filter(|(at, b)| matches!(b.kind, Kind::List(_)) && !introduced_as_choice(section, *at))
        .map(|(_, list)| list)
        .collect();
    let all: Vec<&Block> = lists.iter().flat_map(|l| l.children.iter()).collect();
    let duty =
        |item: &Block| item.children.first().is_some_and(|p| crate::verbs::is_duty(p.plain()));
    let acting = all.iter().filter(|i| item_acts(i) || duty(i)).count();
    let named = names_a_procedure(section) || seat_of_heading(section.title).is_some();
    all.len() > 1 && (acting * 5 >= all.len() * 3 || (named && acting * 5 >= all.len() * 2))
}

/// The letter of a paragraph such as "B. Respond accordingly:".
pub(crate) fn letter(para: &Block) -> Option<char> {
    letter_of(para.plain())
}

/// Whether a line begins as a lettered paragraph does.
pub(crate) fn is_lettered(text: &str) -> bool {
    letter_of(text).is_some()
}

fn letter_of(text: &str) -> Option<char> {
    let mut chars = text.chars();
    let first = chars.next().filter(char::is_ascii_uppercase)?;
    let mark = chars.next().filter(|c| matches!(c, '.' | ')'))?;
    (chars.next() == Some(' ') && (mark == '.' || mark == ')')).then_some(first)
}

/// Whether a section holds paragraphs lettered from "A." on.
pub(crate) fn lettered(section: &Section<'_>) -> bool {
    let letters: Vec<char> =
        section.blocks.iter().filter(|b| b.kind == Kind::Para).filter_map(letter).collect();
    letters.len() > 1 && letters.iter().copied().eq(('A'..='Z').take(letters.len()))
}

/// A lettered paragraph as a step.
pub(crate) fn lettered_step(block: &Block, group: usize) -> Raw<'_> {
    Raw {
        due: None,
        label: letter(block).map(|l| format!("{l}.")).unwrap_or_default(),
        head: Some(block),
        body: Vec::new(),
        children: Vec::new(),
        seat: None,
        group,
        span: block.span.clone(),
    }
}

/// Takes the lettered paragraphs of a section.
pub(crate) fn take_lettered<'a>(
    _source: &str,
    section: &Section<'a>,
    n: usize,
    found: &mut Found<'a>,
) {
    let opens = |b: &Block| b.kind == Kind::Para && letter(b).is_some();
    take_paragraphs(section, n, opens, found);
}

/// "**Step 2: Send it**" at the start of a paragraph.
fn is_bold_step(block: &Block) -> bool {
    let strong = block.inline.first().is_some_and(|i| i.piece == Piece::Open(Mark::Strong));
    let text = block.plain();
    block.kind == Kind::Para && says_step(text) && (strong || text.contains(':'))
}

/// Whether a text begins with "Step 2".
pub(crate) fn says_step(text: &str) -> bool {
    text.split_at_checked("step ".len())
        .filter(|(word, _)| word.eq_ignore_ascii_case("step "))
        .is_some_and(|(_, rest)| rest.starts_with(|c: char| c.is_ascii_digit()))
}

/// Whether a section holds paragraphs that begin with "Step 1".
pub(crate) fn bold_steps(section: &Section<'_>) -> bool {
    section.blocks.iter().filter(|b| is_bold_step(b)).count() > 1
}

/// Takes the "Step 1" paragraphs of a section.
pub(crate) fn take_bold<'a>(section: &Section<'a>, n: usize, found: &mut Found<'a>) {
    take_paragraphs(section, n, is_bold_step, found);
}

fn take_paragraphs<'a>(
    section: &Section<'a>,
    n: usize,
    opens: impl Fn(&Block) -> bool,
    found: &mut Found<'a>,
) {
    let Some(first) = section.blocks.iter().position(&opens) else { return };
    found.leads.push(Lead { section: n, blocks: first });
    for block in section.blocks.iter().skip(first) {
        if opens(block) {
            let mut step = lettered_step(block, n * 1_000);
            if step.label.is_empty() {
                let number: String = block
                    .plain()
                    .chars()
                    .skip(5)
                    .take_while(|c| c.is_ascii_digit() || *c == '.')
                    .collect();
                step.label = format!("Step {}", number.trim_end_matches('.'));
            }
            found.steps.push(step);
        } else if let Some(last) = found.steps.last_mut() {
            last.body.push(block);
        }
    }
}
