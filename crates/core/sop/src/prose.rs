//! The plain paragraphs of a step, and the branches that their sentences say.

use crate::block::{Block, Kind, Mark, Piece};
use crate::decision::{self, Branch, Jump};
use crate::inline::{plain, sentences};
use crate::lexicon::Lexicon;
use crate::{aside, onward};
use std::collections::BTreeSet;
use std::ops::Range;

/// One paragraph.
#[derive(Debug, Clone)]
pub(crate) struct Prose {
    pub(crate) text: String,
    pub(crate) span: Range<usize>,
    /// The words of each link, and where it leads.
    pub(crate) links: Vec<(String, String)>,
}

impl Prose {
    /// Words without a link in them.
    pub(crate) fn new(text: impl Into<String>, span: Range<usize>) -> Self {
        Self { text: text.into(), span, links: Vec::new() }
    }

    pub(crate) fn of(block: &Block) -> Self {
        let mut links = Vec::new();
        let mut open: Option<(usize, &str)> = None;
        for (at, part) in block.inline.iter().enumerate() {
            match &part.piece {
                Piece::Open(Mark::Link(to)) => open = Some((at + 1, to)),
                Piece::Close(Mark::Link(_)) => {
                    if let Some((from, to)) = open.take() {
                        let words = plain(block.inline.get(from..at).unwrap_or_default());
                        links.push((words, to.to_owned()));
                    }
                }
                _ => {}
            }
        }
        Self { text: block.plain().to_owned(), span: block.span.clone(), links }
    }
}

/// The plain paragraphs of a block and all within it.
pub(crate) fn collect(block: &Block, prose: &mut Vec<Prose>) {
    let mut stack = vec![block];
    while let Some(block) = stack.pop() {
        match block.kind {
            // A footnote is no part of the step it happens to stand behind.
            Kind::Para if block.plain().starts_with("[^") => {}
            Kind::Para | Kind::Heading(_) => prose.push(Prose::of(block)),
            Kind::Code | Kind::Html | Kind::Quote | Kind::Table => {}
            _ => stack.extend(block.children.iter().rev()),
        }
    }
}

/// What makes two conditions of one step the same.
pub(crate) fn key(branch: &Branch) -> String {
    branch.condition.to_lowercase()
}

/// The branches that the paragraphs of a step say, each with its place; one for each condition.
///
/// The first paragraph is the title, or begins with it.
pub(crate) fn branches(prose: &[Prose]) -> Vec<(Branch, Range<usize>)> {
    let mut found: Vec<(Branch, Range<usize>)> = Vec::new();
    let mut known: BTreeSet<String> = BTreeSet::new();
    let opening = prose.first().map(|p| p.text.as_str()).unwrap_or_default();
    // The text of a step may repeat its title whole: then the title says nothing new.
    let repeated = prose
        .get(1)
        .is_some_and(|next| next.text.len() > opening.len() && next.text.starts_with(opening));
    let mut before: Option<&str> = None;
    for (n, paragraph) in prose.iter().enumerate().skip(usize::from(repeated)) {
        // What a title asks, the text after it answers.
        if n > 1 || (n == 1 && repeated) {
            before = None;
        }
        let mut said = Said { found: Vec::new(), before, open: false, near: false };
        if might_branch(&paragraph.text) || before.is_some_and(|b| b.ends_with('?')) {
            said.take(&paragraph.text);
        }
        for mut branch in said.found {
            follow_link(&mut branch, &paragraph.links);
            if known.insert(key(&branch)) {
                found.push((branch, paragraph.span.clone()));
            }
        }
        before = sentences(&paragraph.text).last().copied();
    }
    found
}

/// What the sentences of one paragraph have said so far.
struct Said<'a> {
    found: Vec<Branch>,
    before: Option<&'a str>,
    /// What follows is still part of the last branch: the paragraph began with it, or it was said in
    /// the sentence before.
    open: bool,
    near: bool,
}

impl<'a> Said<'a> {
    fn take(&mut self, text: &'a str) {
        let parts = sentences(text).into_iter().enumerate().flat_map(|(n, whole)| {
            let (first, second) = onward::both_ways(whole);
            [Some((n, first)), second.map(|second| (n, second))].into_iter().flatten()
        });
        for (n, whole) in parts {
            let inner = whole.strip_prefix('(').map(|w| w.trim_end_matches(['.', ')']));
            if let Some(inner) = inner {
                // An aside of several sentences: the case and where it goes on.
                let mut within =
                    Said { found: Vec::new(), before: self.before, open: false, near: false };
                for (n, sentence) in sentences(inner).into_iter().enumerate() {
                    within.sentence(n, sentence);
                }
                if within.found.is_empty()
                    && let Some(before) = self.before
                {
                    within.found.extend(aside::of(before, inner));
                }
                self.found.append(&mut within.found);
            } else {
                self.sentence(n, whole);
            }
        }
    }

    fn sentence(&mut self, n: usize, text: &'a str) {
        match decision::after(self.before, text) {
            Some(branch) => {
                self.open = n == 0 || self.before.is_some_and(|b| b.ends_with('?'));
                self.found.push(branch);
                self.near = true;
                self.before = Some(text);
                return;
            }
            None if self.open || self.near => {
                if let Some(last) = self.found.last_mut().filter(|b| b.jump == Jump::Inline)
                    && let Some(jump) = decision::jump(text)
                {
                    last.jump = jump;
                }
            }
            None => self.found.extend(onward::onward(text)),
        }
        self.near = false;
        self.before = Some(text);
    }
}

/// Words with which somebody is sent to another document.
const SENT: Lexicon = Lexicon::new(&["follow ", "see ", "use ", "go through ", "refer to "]);

/// Where all that is to be done is what a link says, the branch leads there.
fn follow_link(branch: &mut Branch, links: &[(String, String)]) {
    if branch.jump != Jump::Inline || links.is_empty() || !SENT.stands_in(&branch.action) {
        return;
    }
    for (words, to) in links.iter().filter(|(words, _)| !words.is_empty()) {
        let Some(at) = branch.action.find(words.as_str()) else { continue };
        let before = branch.action.get(..at).unwrap_or_default().to_lowercase();
        let before = before.trim_end_matches("the ");
        if !["follow ", "see ", "use ", "go through ", "refer to "]
            .iter()
            .any(|w| before.ends_with(w))
        {
            continue;
        }
        if let Some(anchor) = to.strip_prefix('#') {
            branch.jump = Jump::Anchor { to: anchor.to_owned(), words: words.clone() };
        } else if !to.contains(':') {
            branch.jump = Jump::Document(to.clone());
        }
        return;
    }
}

/// Words of which one stands in every paragraph that holds a branch.
const BRANCHING: Lexicon = Lexicon::new(&[
    "if",
    "unless",
    "case",
    "cases",
    "otherwise",
    "event",
    "assuming",
    "else",
    "provided",
    "depending",
    "should",
    "upon",
    "whether",
    "decision",
    "repeat",
    "always",
    "long",
]);

/// What stands before an amount at which something changes.
const BOUNDS: Lexicon =
    Lexicon::new(&["above ", "over ", "below ", "under ", "more than ", "less than ", "up to "]);

/// A quick look that spares most paragraphs the closer one.
fn might_branch(text: &str) -> bool {
    text.starts_with("for ")
        || text.contains("For ")
        || text.contains(" for a")
        || text.contains('?')
        || text.contains("to step ")
        || text.contains("with step ")
        || text.contains(" ends")
        || text.contains("(if ")
        || text.contains("(only ")
        || text.contains(" when ")
        || BOUNDS.stands_in(text)
        || BRANCHING.has_word_of(text)
}
