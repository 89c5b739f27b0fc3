//! Markdown as the blocks that a page is set from.

use crate::face::{Run, Weight};
use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};

/// One block of a text.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Block {
    /// A paragraph.
    Paragraph(Vec<Run>),
    /// A line of a list: how deep, its marker, its words.
    Item(usize, String, Vec<Run>),
    /// Lines that keep their breaks.
    Code(Vec<String>),
    /// Rows of cells; the first is the head.
    Table(Vec<Vec<Vec<Run>>>),
}

/// The deepest list that is indented further.
const DEEPEST: usize = 5;

/// The blocks of a text.
pub(crate) fn blocks(text: &str) -> Vec<Block> {
    let mut reader = Reader::default();
    for event in Parser::new_ext(text, Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH) {
        reader.take(event);
    }
    reader.end_block();
    reader.blocks
}

/// The words of one line of text.
pub(crate) fn inline(text: &str) -> Vec<Run> {
    let mut all = Vec::new();
    for block in blocks(text) {
        match block {
            Block::Paragraph(runs) => all.extend(runs),
            Block::Item(_, marker, runs) => {
                all.push(Run::plain(format!("{marker} ")));
                all.extend(runs);
            }
            Block::Code(lines) => all.extend(lines.into_iter().map(|l| Run::plain(l + " "))),
            Block::Table(rows) => all.extend(rows.into_iter().flatten().flatten()),
        }
    }
    all
}

#[derive(Default)]
struct Reader {
    blocks: Vec<Block>,
    runs: Vec<Run>,
    bold: usize,
    link: Option<String>,
    /// The number of the next item of each open list; none for bullets.
    lists: Vec<Option<u64>>,
    /// The marker of an item that has no words yet.
    marker: Option<String>,
    code: Option<String>,
    rows: Vec<Vec<Vec<Run>>>,
}

impl Reader {
    fn take(&mut self, event: Event<'_>) {
        match event {
            Event::Start(tag) => self.start(tag),
            Event::End(tag) => self.end(tag),
            Event::Text(text)
            | Event::Code(text)
            | Event::InlineMath(text)
            | Event::DisplayMath(text)
            | Event::FootnoteReference(text) => self.words(&text),
            Event::SoftBreak | Event::HardBreak => self.words(" "),
            Event::Html(_) | Event::InlineHtml(_) | Event::Rule => {}
            Event::TaskListMarker(done) => self.words(if done { "[x] " } else { "[ ] " }),
        }
    }

    fn words(&mut self, text: &str) {
        if let Some(code) = &mut self.code {
            code.push_str(text);
            return;
        }
        let weight = if self.bold > 0 { Weight::Bold } else { Weight::Regular };
        self.runs.push(Run { text: text.to_owned(), weight, link: self.link.clone() });
    }

    fn start(&mut self, tag: Tag<'_>) {
        match tag {
            Tag::Heading { .. } => {
                self.end_block();
                self.bold += 1;
            }
            Tag::List(first) => {
                self.end_block();
                self.lists.push(first);
            }
            Tag::Item => {
                self.end_block();
                let marker = match self.lists.last_mut() {
                    Some(Some(number)) => {
                        let marker = format!("{number}.");
                        *number = number.saturating_add(1);
                        marker
                    }
                    _ => "•".to_owned(),
                };
                self.marker = Some(marker);
            }
            Tag::CodeBlock(_) => {
                self.end_block();
                self.code = Some(String::new());
            }
            Tag::Table(_) => self.end_block(),
            Tag::TableHead | Tag::TableRow => self.rows.push(Vec::new()),
            Tag::Strong => self.bold += 1,
            Tag::Link { dest_url, .. } => {
                let web = dest_url.starts_with("https://") || dest_url.starts_with("http://");
                self.link = web.then(|| dest_url.to_string());
            }
            _ => {}
        }
    }

    fn end(&mut self, tag: TagEnd) {
        match tag {
            TagEnd::Heading(_) => {
                self.end_block();
                self.bold = self.bold.saturating_sub(1);
            }
            TagEnd::Paragraph | TagEnd::Item => self.end_block(),
            TagEnd::List(_) => {
                self.end_block();
                self.lists.pop();
            }
            TagEnd::CodeBlock => {
                let code = self.code.take().unwrap_or_default();
                self.blocks.push(Block::Code(code.lines().map(str::to_owned).collect()));
            }
            TagEnd::TableCell => {
                let cell = std::mem::take(&mut self.runs);
                if let Some(row) = self.rows.last_mut() {
                    row.push(cell);
                }
            }
            TagEnd::Table => self.blocks.push(Block::Table(std::mem::take(&mut self.rows))),
            TagEnd::Strong => self.bold = self.bold.saturating_sub(1),
            TagEnd::Link => self.link = None,
            _ => {}
        }
    }

    fn end_block(&mut self) {
        let runs = std::mem::take(&mut self.runs);
        let depth = self.lists.len().min(DEEPEST);
        match self.marker.take() {
            Some(marker) => self.blocks.push(Block::Item(depth, marker, runs)),
            None if runs.iter().all(|r| r.text.trim().is_empty()) => {}
            // A second paragraph of an item stands below it.
            None if depth > 0 => self.blocks.push(Block::Item(depth, String::new(), runs)),
            None => self.blocks.push(Block::Paragraph(runs)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(text: &str) -> Vec<String> {
        let words = |runs: &[Run]| -> String {
            let one = |r: &Run| match (&r.link, r.weight) {
                (Some(link), _) => format!("<{} {link}>", r.text),
                (None, Weight::Bold) => format!("*{}*", r.text),
                (None, Weight::Regular) => r.text.clone(),
            };
            runs.iter().map(one).collect()
        };
        let block = |block: Block| match block {
            Block::Paragraph(runs) => words(&runs),
            Block::Item(depth, marker, runs) => format!("{depth}{marker} {}", words(&runs)),
            Block::Code(lines) => format!("code {}", lines.join("/")),
            Block::Table(rows) => {
                let row =
                    |r: &Vec<Vec<Run>>| r.iter().map(|c| words(c)).collect::<Vec<_>>().join("|");
                rows.iter().map(row).collect::<Vec<_>>().join("/")
            }
        };
        blocks(text).into_iter().map(block).collect()
    }

    #[test]
    fn markdown_becomes_blocks() {
        let check = |text: &str, expected: &[&str]| assert_eq!(said(text), expected, "{text}");
        check("one\ntwo **three**\n\nfour", &["one two *three*", "four"]);
        check("- a\n- b\n  - c\n\n  d", &["1• a", "1• b", "2• c", "1 d"]);
        check("3. a\n4. b", &["13. a", "14. b"]);
        check("# Why\n\nso", &["*Why*", "so"]);
        check("see [a](https://x.example) and [b](other.md)", &["see <a https://x.example> and b"]);
        check("```\na\n b\n```", &["code a/ b"]);
        check("| a | b |\n|---|---|\n| **c** | d |", &["a|b/*c*|d"]);
        check("<script>x</script>", &[]);
        check("- ", &["1• "]);
        check("", &[]);
    }
}
