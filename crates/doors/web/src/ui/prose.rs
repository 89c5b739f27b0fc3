//! The text of documents: a small part of Markdown as markup, everything else as plain words.
//!
//! Invariant: whatever the text holds, only elements named in this file come out, links lead to http
//! and https alone, and every other character is escaped. It is not a Markdown reader: the meaning of
//! an SOP is read elsewhere, this is only how its words look.

use maud::{Markup, PreEscaped, html};
use std::{iter::Peekable, slice::Iter};

/// How deep lists and quotes are drawn; what is deeper stays text.
const DEEPEST: u8 = 5;
/// How far apart the two ends of a mark may be, so that a hostile text costs no more than its length.
const FARTHEST: usize = 1_000;

/// Paragraphs, lists, quotes, tables and code of a text.
pub fn prose(text: &str) -> Markup {
    let lines: Vec<&str> = text.lines().collect();
    html! { div class="prose" { (blocks(&lines, DEEPEST)) } }
}

/// One line of text with its marks: bold, emphasis, code and links.
pub fn line(text: &str) -> Markup {
    PreEscaped(marks(text, DEEPEST))
}

type Lines<'l, 't> = Peekable<Iter<'l, &'t str>>;

fn blocks(lines: &[&str], depth: u8) -> Markup {
    let mut rest = lines.iter().peekable();
    let mut out = String::new();
    while let Some(first) = rest.peek().copied().copied() {
        let block = if first.trim().is_empty() {
            rest.next();
            continue;
        } else if let Some(fence) = fence(first) {
            rest.next();
            code(&mut rest, fence)
        } else if let Some(title) = heading(first) {
            rest.next();
            html! { p { strong { (line(title)) } } }
        } else if depth > 0 && marker(first).is_some() {
            list(&mut rest, depth)
        } else if depth > 0 && first.trim_start().starts_with('>') {
            quote(&mut rest, depth)
        } else if first.trim_start().starts_with('|') {
            table(&mut rest)
        } else {
            paragraph(&mut rest, depth)
        };
        out.push_str(&block.0);
    }
    PreEscaped(out)
}

fn fence(line: &str) -> Option<&'static str> {
    let line = line.trim_start();
    ["```", "~~~"].into_iter().find(|fence| line.starts_with(fence))
}

fn heading(line: &str) -> Option<&str> {
    let level = line.chars().take_while(|c| *c == '#').count();
    let title = line.trim_start_matches('#').strip_prefix(' ')?;
    (1..=6).contains(&level).then(|| title.trim().trim_end_matches('#').trim_end())
}

/// What begins an item of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Marker<'t> {
    indent: usize,
    ordered: bool,
    words: &'t str,
}

fn marker(line: &str) -> Option<Marker<'_>> {
    let text = line.trim_start();
    let indent = line.len() - text.len();
    let bullet = ["- ", "* ", "+ "].into_iter().find_map(|sign| text.strip_prefix(sign));
    if let Some(words) = bullet {
        return Some(Marker { indent, ordered: false, words });
    }
    let digits = text.chars().take_while(char::is_ascii_digit).count();
    let after = text.get(digits..)?;
    let words = after.strip_prefix(". ").or_else(|| after.strip_prefix(") "))?;
    (1..=9).contains(&digits).then_some(Marker { indent, ordered: true, words })
}

fn code(rest: &mut Lines<'_, '_>, fence: &str) -> Markup {
    let mut text = String::new();
    for line in rest.by_ref() {
        if line.trim_start().starts_with(fence) {
            break;
        }
        text.push_str(line);
        text.push('\n');
    }
    html! { pre tabindex="0" { code { (text) } } }
}

fn paragraph(rest: &mut Lines<'_, '_>, depth: u8) -> Markup {
    let mut text = String::new();
    while let Some(next) = rest.peek().copied() {
        let ends = next.trim().is_empty()
            || (!text.is_empty()
                && (fence(next).is_some()
                    || heading(next).is_some()
                    || (depth > 0 && marker(next).is_some())));
        if ends {
            break;
        }
        if !text.is_empty() {
            text.push('\n');
        }
        text.push_str(next.trim());
        rest.next();
    }
    html! { p { (line(&text)) } }
}

fn quote(rest: &mut Lines<'_, '_>, depth: u8) -> Markup {
    let mut inner = Vec::new();
    while let Some(text) = rest.peek().and_then(|line| line.trim_start().strip_prefix('>')) {
        inner.push(text.strip_prefix(' ').unwrap_or(text));
        rest.next();
    }
    html! { blockquote { (blocks(&inner, depth - 1)) } }
}

fn list(rest: &mut Lines<'_, '_>, depth: u8) -> Markup {
    let Some(first) = rest.peek().and_then(|line| marker(line)) else { return html! {} };
    let mut items: Vec<Vec<&str>> = Vec::new();
    let mut after_blank = false;
    while let Some(next) = rest.peek().copied().copied() {
        let indent = next.len() - next.trim_start().len();
        match marker(next) {
            Some(item) if item.indent <= first.indent + 1 => {
                if item.ordered != first.ordered {
                    break;
                }
                items.push(vec![item.words]);
            }
            _ if next.trim().is_empty() => {
                if let Some(item) = items.last_mut() {
                    item.push("");
                }
            }
            _ if indent > first.indent || !after_blank => {
                if let Some(item) = items.last_mut() {
                    let deep = (first.indent + 2).min(indent);
                    item.push(next.get(deep..).unwrap_or_default());
                }
            }
            _ => break,
        }
        after_blank = next.trim().is_empty();
        rest.next();
    }
    let items = html! { @for item in &items { li { (item_of(item, depth)) } } };
    html! { @if first.ordered { ol { (items) } } @else { ul { (items) } } }
}

/// An item of one paragraph stands without one.
fn item_of(lines: &[&str], depth: u8) -> Markup {
    let words = lines.iter().rposition(|l| !l.trim().is_empty()).map_or(0, |last| last + 1);
    match lines.get(..words) {
        Some([only]) => line(only.strip_prefix("[ ] ").unwrap_or(only)),
        Some(lines) => blocks(lines, depth - 1),
        None => html! {},
    }
}

fn table(rest: &mut Lines<'_, '_>) -> Markup {
    let mut rows: Vec<Vec<&str>> = Vec::new();
    while let Some(text) = rest.peek().and_then(|line| line.trim().strip_prefix('|')) {
        let cells: Vec<&str> = text.trim_end_matches('|').split('|').map(str::trim).collect();
        let rule = cells.iter().all(|c| !c.is_empty() && c.chars().all(|c| "-: ".contains(c)));
        if !rule {
            rows.push(cells);
        }
        rest.next();
    }
    let Some((head, body)) = rows.split_first() else { return html! {} };
    html! {
        div class="scroll" role="region" aria-label="Table" tabindex="0" {
            table class="table" {
                thead { tr { @for cell in head { th scope="col" { (line(cell)) } } } }
                tbody { @for row in body { tr { @for cell in row { td { (line(cell)) } } } } }
            }
        }
    }
}

/// The marks within a line, outermost first.
fn marks(text: &str, depth: u8) -> String {
    let mut out = String::new();
    let mut plain = String::new();
    let mut rest = text;
    let mut before = ' ';
    while let Some(c) = rest.chars().next() {
        let found = if depth == 0 { None } else { mark(rest, before, depth) };
        if let Some((markup, after)) = found {
            out.push_str(&html! { (plain) }.0);
            plain.clear();
            out.push_str(&markup.0);
            before = ')';
            rest = after;
        } else {
            let escaped = c == '\\' && rest.get(1..).is_some_and(|r| r.starts_with(escapable));
            let taken = if escaped { rest.chars().nth(1).unwrap_or(c) } else { c };
            plain.push(taken);
            before = taken;
            let length = taken.len_utf8() + usize::from(escaped);
            rest = rest.get(length..).unwrap_or_default();
        }
    }
    out.push_str(&html! { (plain) }.0);
    out
}

fn escapable(c: char) -> bool {
    c.is_ascii_punctuation()
}

/// The mark at the beginning of `rest`, and what follows it.
fn mark(rest: &str, before: char, depth: u8) -> Option<(Markup, &str)> {
    let inner = |text| PreEscaped(marks(text, depth - 1));
    let word_begins = !before.is_alphanumeric();
    match rest.chars().next()? {
        '`' => {
            let (text, after) = between(rest, "`", "`")?;
            Some((html! { code { (text) } }, after))
        }
        '*' | '_' if rest.starts_with("**") || rest.starts_with("__") => {
            let sign = rest.get(..2)?;
            let (text, after) = between(rest, sign, sign).filter(|(t, _)| tight(t))?;
            Some((html! { strong { (inner(text)) } }, after))
        }
        sign @ ('*' | '_') if word_begins => {
            let sign = if sign == '*' { "*" } else { "_" };
            let (text, after) = between(rest, sign, sign).filter(|(t, _)| tight(t))?;
            let word_ends = !after.starts_with(char::is_alphanumeric);
            word_ends.then(|| (html! { em { (inner(text)) } }, after))
        }
        '!' if rest.starts_with("![") => mark(rest.get(1..)?, before, depth),
        '[' => {
            let (label, after) = between(rest, "[", "](")?;
            let (target, after) = near(after, ")")?;
            let target = target.split_whitespace().next().unwrap_or_default();
            // What is no web address is a name in another system: its label is enough.
            Some(match web_address(target) {
                Some(href) => (link(href, &PreEscaped(marks(label, 1.min(depth - 1)))), after),
                None => (inner(label), after),
            })
        }
        '<' => {
            let (target, after) = between(rest, "<", ">")?;
            let href = web_address(target)?;
            Some((link(href, &html! { (href) }), after))
        }
        'h' if word_begins && web_address(rest).is_some() => {
            let length = rest.find(|c: char| c.is_whitespace() || "<>\"`)]|".contains(c));
            let (all, _) = rest.split_at_checked(length.unwrap_or(rest.len()))?;
            let href = all.trim_end_matches(['.', ',', ';', ':', '!', '?', '*', '_']);
            web_address(href)?;
            Some((link(href, &html! { (href) }), rest.get(href.len()..)?))
        }
        _ => None,
    }
}

fn link(href: &str, label: &Markup) -> Markup {
    html! { a href=(href) rel="noopener noreferrer" { (label) } }
}

/// The text if it is the address of a page in the web.
fn web_address(text: &str) -> Option<&str> {
    let rest = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"))?;
    rest.starts_with(char::is_alphanumeric).then_some(text)
}

fn tight(text: &str) -> bool {
    !text.starts_with(char::is_whitespace) && !text.ends_with(char::is_whitespace)
}

fn between<'t>(rest: &'t str, open: &str, close: &str) -> Option<(&'t str, &'t str)> {
    near(rest.strip_prefix(open)?, close).filter(|(text, _)| !text.is_empty())
}

/// What stands before the nearest `close`, and what after.
fn near<'t>(rest: &'t str, close: &str) -> Option<(&'t str, &'t str)> {
    let end = (0..=FARTHEST.min(rest.len())).rev().find(|at| rest.is_char_boundary(*at))?;
    let at = rest.get(..end)?.find(close)?;
    Some((rest.get(..at)?, rest.get(at + close.len()..)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_within_a_line_become_elements() {
        let check = |text: &str, expected: &str| assert_eq!(line(text).0, expected, "{text}");
        check("a **b** c", "a <strong>b</strong> c");
        check("_so_ and *so*", "<em>so</em> and <em>so</em>");
        check("`<b>` code", "<code>&lt;b&gt;</code> code");
        check("snake_case_name 2 * 3 * 4", "snake_case_name 2 * 3 * 4");
        check("**unclosed", "**unclosed");
        check("\\*plain\\* \\é", "*plain* \\é");
        check(
            "[a **b**](https://x.example/?q=1&r=2)",
            "<a href=\"https://x.example/?q=1&amp;r=2\" rel=\"noopener noreferrer\">a <strong>b</strong></a>",
        );
        check(
            "see https://x.example/a. Then",
            "see <a href=\"https://x.example/a\" rel=\"noopener noreferrer\">https://x.example/a</a>. Then",
        );
        check("[here](../other.md)", "here");
    }

    #[test]
    fn nothing_dangerous_comes_out() {
        for text in [
            "<script>alert(1)</script>",
            "[x](javascript:alert(1))",
            "[x](JavaScript:alert(1))",
            "[x](data:text/html,<script>)",
            "![x](javascript:alert(1))",
            "<javascript:alert(1)>",
            "<img src=x onerror=alert(1)>",
            "[x](https://\"onclick=alert(1))",
            "https://a\"onmouseover=alert(1)",
            "`</code><script>`",
            "| <script> | b |",
            "```\n</pre><script>\n```",
            "> <iframe src=x>",
            "- <svg onload=x>",
            "# <script>",
        ] {
            let out = prose(text).0;
            for banned in
                ["<script", "<img", "<iframe", "<svg", "javascript:alert(1)\"", "\" on", "\"on"]
            {
                assert!(!out.contains(banned), "{text} gave {out}");
            }
            assert!(!out.contains("href=\"j") && !out.contains("href=\"d"), "{out}");
        }
    }

    #[test]
    fn blocks_become_elements() {
        let check = |text: &str, expected: &str| {
            assert_eq!(prose(text).0, format!("<div class=\"prose\">{expected}</div>"), "{text}");
        };
        check("one\ntwo\n\nthree", "<p>one\ntwo</p><p>three</p>");
        check(
            "- a\n- b\n  more\n\nafter",
            "<ul><li>a</li><li><p>b\nmore</p></li></ul><p>after</p>",
        );
        check("1. a\n2. b\n   - c\n", "<ol><li>a</li><li><p>b</p><ul><li>c</li></ul></li></ol>");
        check("> said\n> so", "<blockquote><p>said\nso</p></blockquote>");
        check("### Why", "<p><strong>Why</strong></p>");
        check("", "");
        let table = prose("| a | b |\n|---|:-:|\n| 1 | 2 |").0;
        assert!(table.contains("<th scope=\"col\">a</th>") && table.contains("<td>2</td>"));
        assert!(!table.contains("---"));
    }

    #[test]
    fn a_hostile_text_is_drawn_in_the_time_of_its_length() {
        for piece in ["[", "**", "`", "> ", "- ", "[](", "<", "  - a\n", "|", "*a"] {
            let out = prose(&piece.repeat(5_000)).0;
            assert!(out.len() < 5_000 * 40);
        }
        let nested: Vec<String> = (0..4_000).map(|n| " ".repeat(n % 400) + "- x").collect();
        let nested = nested.join(
            "
",
        );
        assert!(!prose(&nested).0.is_empty());
    }
}
