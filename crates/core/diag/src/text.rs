//! Findings as people read them in a terminal: the line of the source with a caret under the fault.

use crate::{Diagnostic, LineIndex, Severity};
use std::borrow::Cow;
use std::fmt::Write as _;
use std::ops::Range;

/// The widest excerpt of a source line, in characters.
const WIDTH: usize = 100;
/// How much of a line is kept before the fault when the line is cut.
const BEFORE: usize = 30;
const TAB: &str = "    ";

/// The findings about one text, in the order given, each followed by an empty line. `colour` adds
/// terminal escapes. What a finding says is a secret is blanked wherever it stands.
pub fn render(path: &str, source: &str, diagnostics: &[Diagnostic], colour: bool) -> String {
    let source = &blanked(source, diagnostics);
    let index = LineIndex::new(source);
    let paint = Paint { on: colour };
    let mut out = String::new();
    for diagnostic in diagnostics {
        one(&mut out, path, &index, diagnostic, paint);
        out.push('\n');
    }
    out
}

/// The text with every secret replaced by as many bytes of stars, line breaks kept.
fn blanked<'a>(source: &'a str, diagnostics: &[Diagnostic]) -> Cow<'a, str> {
    let index = LineIndex::new(source);
    let mut secrets: Vec<Range<usize>> =
        diagnostics.iter().filter(|d| d.conceals).map(|d| index.clamp_range(&d.range)).collect();
    if secrets.is_empty() {
        return Cow::Borrowed(source);
    }
    secrets.sort_by_key(|range| range.start);
    let mut out = String::with_capacity(source.len());
    let mut at = 0;
    for range in secrets {
        let start = range.start.max(at);
        out.push_str(source.get(at..start).unwrap_or_default());
        for c in source.get(start..range.end).unwrap_or_default().chars() {
            match c {
                '\n' | '\r' => out.push(c),
                // As many bytes as before, so that every other place stays where it is.
                c => out.push_str(&"*".repeat(c.len_utf8())),
            }
        }
        at = range.end.max(start);
    }
    out.push_str(source.get(at..).unwrap_or_default());
    Cow::Owned(out)
}

/// Escapes that mean one thing each: red, yellow and cyan how bad it is, blue what is not the text.
#[derive(Clone, Copy)]
struct Paint {
    on: bool,
}

impl Paint {
    fn wrap(self, code: &str, text: &str) -> String {
        if self.on && !text.is_empty() {
            format!("\u{1b}[{code}m{text}\u{1b}[0m")
        } else {
            text.to_owned()
        }
    }

    fn bold(self, text: &str) -> String {
        self.wrap("1", text)
    }

    fn dim(self, text: &str) -> String {
        self.wrap("34", text)
    }

    fn severity(self, severity: Severity, text: &str) -> String {
        let code = match severity {
            Severity::Error => "1;31",
            Severity::Warning => "1;33",
            Severity::Info => "1;36",
        };
        self.wrap(code, text)
    }
}

fn one(out: &mut String, path: &str, index: &LineIndex<'_>, diagnostic: &Diagnostic, paint: Paint) {
    let range = index.clamp_range(&diagnostic.range);
    let place = index.position(range.start);
    let related: Vec<(Range<usize>, &str)> = diagnostic
        .related
        .iter()
        .map(|other| (index.clamp_range(&other.range), other.message.as_str()))
        .collect();
    // One gutter for all excerpts, as wide as the largest number in it.
    let last = related.iter().map(|(range, _)| index.line(range.start)).chain([place.line]).max();
    let width = last.unwrap_or(1).saturating_add(1).to_string().len();
    let gutter = " ".repeat(width);
    let head = paint
        .severity(diagnostic.severity, &format!("{}[{}]", diagnostic.severity, diagnostic.code));
    let mut lines = vec![
        format!("{head}{}", paint.bold(&format!(": {}", diagnostic.message))),
        format!("{gutter}{} {path}:{}:{}", paint.dim("-->"), place.line, place.column),
    ];
    let mark = |carets: usize| paint.severity(diagnostic.severity, &"^".repeat(carets));
    excerpt(&mut lines, index, &range, width, paint, mark);
    for (range, message) in &related {
        let place = index.position(range.start);
        let at = format!("{path}:{}:{}", place.line, place.column);
        lines.push(format!("{gutter}{} {at}", paint.dim(":::")));
        let mark = |carets: usize| paint.dim(&format!("{} {message}", "-".repeat(carets)));
        excerpt(&mut lines, index, range, width, paint, mark);
    }
    if let Some(help) = &diagnostic.help {
        lines.push(format!("{gutter} {} {help}", paint.dim("= help:")));
    }
    if let Some(fix) = &diagnostic.fix {
        lines.push(format!("{gutter} {} {}", paint.dim("= fix:"), fix.title));
    }
    for line in lines {
        // Writing to a String cannot fail.
        let _written = writeln!(out, "{}", line.trim_end());
    }
}

/// The line of a place with the line before and after it, where they say something, and a mark below.
fn excerpt(
    lines: &mut Vec<String>,
    index: &LineIndex<'_>,
    range: &Range<usize>,
    width: usize,
    paint: Paint,
    mark: impl Fn(usize) -> String,
) {
    let number = index.line(range.start);
    let line = index.line_range(number);
    let cut = Excerpt::new(index.line_text(number), &within(&line, range));
    if cut.text.trim().is_empty() {
        return;
    }
    let gutter = " ".repeat(width);
    let bar = paint.dim("|");
    let row = |n: usize, text: &str| format!("{} {bar} {text}", paint.dim(&format!("{n:>width$}")));
    let beside = |n: usize| {
        let text = index.line_text(n);
        (!text.trim().is_empty()).then(|| Excerpt::new(text, &(0..0)).text)
    };
    lines.push(format!("{gutter} {bar}"));
    if let Some(text) = number.checked_sub(1).and_then(beside) {
        lines.push(row(number - 1, &text));
    }
    lines.push(row(number, &cut.text));
    lines.push(format!("{gutter} {bar} {}{}", " ".repeat(cut.indent), mark(cut.carets)));
    if let Some(text) = beside(number.saturating_add(1)) {
        lines.push(row(number + 1, &text));
    }
}

/// The part of `range` inside `line`, relative to the line's start.
fn within(line: &Range<usize>, range: &Range<usize>) -> Range<usize> {
    let start = range.start.clamp(line.start, line.end) - line.start;
    let end = range.end.clamp(line.start, line.end) - line.start;
    start..end.max(start)
}

/// A line cut to the width around the fault, with tabs widened and control characters blanked.
struct Excerpt {
    text: String,
    indent: usize,
    carets: usize,
}

impl Excerpt {
    fn new(line: &str, fault: &Range<usize>) -> Self {
        let before = shown(line.get(..fault.start).unwrap_or_default());
        let marked = shown(line.get(fault.clone()).unwrap_or_default());
        let after = shown(line.get(fault.end..).unwrap_or_default());
        let all: Vec<char> = before.chars().chain(marked.chars()).chain(after.chars()).collect();
        let (start, length) = (before.chars().count(), marked.chars().count());
        if all.len() <= WIDTH {
            return Self { text: all.into_iter().collect(), indent: start, carets: length.max(1) };
        }
        let skip =
            if start + length.max(1) <= WIDTH - 3 { 0 } else { start.saturating_sub(BEFORE) };
        let kept: String = all.iter().skip(skip).take(WIDTH - 6).collect();
        let more = skip + kept.chars().count() < all.len();
        let lead = if skip > 0 { "..." } else { "" };
        let indent = start - skip + lead.len();
        Self {
            text: format!("{lead}{kept}{}", if more { "..." } else { "" }),
            indent,
            carets: length.clamp(1, (WIDTH - 3).saturating_sub(indent).max(1)),
        }
    }
}

fn shown(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\t' => out.push_str(TAB),
            // Controls and direction marks of a document must not reach the terminal.
            c if c.is_control()
                || matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}') =>
            {
                out.push('\u{fffd}');
            }
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Code;
    use proptest::prelude::*;

    #[track_caller]
    fn check(source: &str, range: Range<usize>, expected: &str) {
        let found = Diagnostic::error(Code("SOP0201"), "there is no step 9", range);
        assert_eq!(render("a.md", source, &[found], false), expected);
    }

    #[test]
    fn the_fault_is_underlined() {
        check(
            "one\ngo to step 9 now\n",
            10..16,
            "error[SOP0201]: there is no step 9\n --> a.md:2:7\n  |\n1 | one\n2 | go to step 9 now\n  |       ^^^^^^\n\n",
        );
    }

    #[test]
    fn a_tab_is_four_wide_and_an_empty_range_is_one_caret() {
        check(
            "\tx\n",
            1..1,
            "error[SOP0201]: there is no step 9\n --> a.md:1:2\n  |\n1 |     x\n  |     ^\n\n",
        );
    }

    #[test]
    fn an_empty_text_has_no_excerpt() {
        check("", 0..0, "error[SOP0201]: there is no step 9\n --> a.md:1:1\n\n");
    }

    #[test]
    fn a_long_line_is_cut_around_the_fault() {
        let source = format!("{}fault{}", "a".repeat(300), "b".repeat(300));
        let found = Diagnostic::error(Code("SOP0201"), "m", 300..305);
        let text = render("a.md", &source, &[found], false);
        let lines: Vec<&str> = text.lines().collect();
        assert!(lines[3].starts_with("1 | ...aaa") && lines[3].ends_with("bbb..."), "{text}");
        assert!(lines[3].chars().count() <= WIDTH + 4);
        assert_eq!(lines[3].find("fault"), lines[4].find("^^^^^"));
    }

    #[test]
    fn the_other_place_is_shown_too() {
        let source = "pay in 14 days\n\npay in 30 days\n";
        let found = Diagnostic::warning(Code("SOP0601"), "14 days here", 7..14)
            .with_related(23..30, "and 30 days here");
        let expected = "warning[SOP0601]: 14 days here\n --> a.md:1:8\n  |\n1 | pay in 14 days\n  |        \
                        ^^^^^^^\n ::: a.md:3:8\n  |\n3 | pay in 30 days\n  |        ------- and 30 days here\n\n";
        assert_eq!(render("a.md", source, &[found], false), expected);
    }

    #[test]
    fn the_lines_around_are_shown_where_they_say_something() {
        let found = Diagnostic::warning(Code("SOP0601"), "m", 2..3);
        assert_eq!(
            render("a.md", "a\nb\nc\n", &[found], false),
            "warning[SOP0601]: m\n --> a.md:2:1\n  |\n1 | a\n2 | b\n  | ^\n3 | c\n\n"
        );
    }

    #[test]
    fn a_secret_is_blanked_in_every_excerpt() {
        let source = "key: hünter2\nnext\n";
        let secret = Diagnostic::error(Code("SOP0807"), "a key", 5..13).concealing();
        let other = Diagnostic::info(Code("SOP0001"), "m", 14..18);
        let text = render("a.md", source, &[other, secret], false);
        assert!(!text.contains("nter2") && text.matches("key: ********").count() == 2, "{text}");
    }

    #[test]
    fn help_and_fix_follow() {
        let found = Diagnostic::info(Code("SOP0001"), "m", 0..1).with_help("say it").with_fix(
            0..1,
            "b",
            "write b",
        );
        let text = render("a.md", "a", &[found], false);
        assert!(text.ends_with("  = help: say it\n  = fix: write b\n\n"), "{text}");
    }

    #[test]
    fn escapes_in_the_document_do_not_reach_the_terminal() {
        let found = Diagnostic::info(Code("SOP0001"), "m", 0..1);
        assert!(
            !render("a.md", "\u{1b}[31mred", std::slice::from_ref(&found), false)
                .contains('\u{1b}')
        );
        assert!(render("a.md", "red", &[found], true).contains("\u{1b}[1;36minfo[SOP0001]"));
    }

    proptest! {
        #[test]
        fn any_range_is_rendered(source in "[a-zä\t\n🙂]{0,300}", from in 0usize..400, to in 0usize..400) {
            let found = Diagnostic::error(Code("SOP0201"), "m", from..to);
            prop_assert!(render("a.md", &source, &[found], true).contains("SOP0201"));
        }
    }
}
