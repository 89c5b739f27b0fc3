//! What other tools than Markdown fold away is unfolded: tab sets, admonitions, components, tags around
//! text, run-in numbers.
//!
//! The unfolded text has the length of the source, and every line its place, so that what is read
//! from it still points at the source: markers become spaces, and what stands behind a marker moves to
//! the front of its line.

use std::borrow::Cow;

/// The source with what is folded away in the open; most sources are given back as they are.
pub(crate) fn unfold(source: &str) -> Cow<'_, str> {
    if !(holds_markers(source) || holds_run_ins(source)) {
        return Cow::Borrowed(source);
    }
    let mut made = Unfold { out: String::with_capacity(source.len()), ..Unfold::default() };
    for line in source.split_inclusive('\n') {
        let (text, end) = match line.strip_suffix('\n') {
            Some(text) => (text, "\n"),
            None => (line, ""),
        };
        let before = made.out.len();
        made.line(text);
        debug_assert_eq!(made.out.len() - before, text.len(), "{text:?}");
        made.out.push_str(end);
    }
    if made.out.len() == source.len() { Cow::Owned(made.out) } else { Cow::Borrowed(source) }
}

/// A quick look for anything that opens a fold.
fn holds_markers(source: &str) -> bool {
    source.lines().any(|line| {
        let bare = line.trim_start();
        match bare.as_bytes() {
            [b'`', b'`', b'`', ..] => bare.contains("`{"),
            [b':', b':', b':', ..]
            | [b'!', b'!', b'!', ..]
            | [b'?', b'?', b'?', ..]
            | [b'=', b'=', b'=', b' ', ..]
            | [b'{', b'{', ..] => true,
            [b'<', ..] => tag(bare).is_some(),
            [b'i', b'm', b'p', b'o', b'r', b't', b' ', ..] => is_import(bare),
            _ => false,
        }
    })
}

/// A quick look for a second number within a numbered line.
fn holds_run_ins(source: &str) -> bool {
    source.lines().any(|line| {
        line.starts_with(|c: char| c.is_ascii_digit()) && run_in(line, number(line)).is_some()
    })
}

/// A fence that is open: its mark and how often it stands there.
struct Fence {
    mark: char,
    count: usize,
    /// Its content is shown, not code.
    shown: bool,
}

/// What a fence that opens holds.
enum Opened<'t> {
    Code,
    /// Text under this title.
    Shown(&'t str),
}

#[derive(Default)]
struct Unfold {
    out: String,
    fences: Vec<Fence>,
    /// How far the bodies of open admonitions are indented, outermost first.
    bodies: Vec<usize>,
    /// The number of the item whose paragraph goes on.
    item: Option<u32>,
}

/// Directives of which the content is shown.
const SHOWN: [&str; 21] = [
    "tab-set",
    "tab-item",
    "admonition",
    "note",
    "important",
    "warning",
    "tip",
    "hint",
    "caution",
    "attention",
    "danger",
    "error",
    "seealso",
    "dropdown",
    "card",
    "grid",
    "grid-item",
    "topic",
    "margin",
    "sidebar",
    "tabs",
];

impl Unfold {
    fn line(&mut self, text: &str) {
        let bare = text.trim_start_matches(' ');
        let indent = text.len() - bare.len();
        if let Some(fence) = self.fences.last() {
            let closes = bare.trim_end().len() >= fence.count
                && !bare.trim_end().is_empty()
                && bare.trim_end().chars().all(|c| c == fence.mark);
            let shown = fence.shown;
            if closes {
                self.fences.pop();
                return if shown { self.blank(text) } else { self.out.push_str(text) };
            }
            if !shown {
                return self.out.push_str(text);
            }
        }
        if let Some(opened) = self.fence(bare) {
            return match opened {
                Opened::Shown(title) => self.label(text, title),
                Opened::Code => self.out.push_str(text),
            };
        }
        while self.bodies.last().is_some_and(|body| !bare.is_empty() && indent < *body) {
            self.bodies.pop();
        }
        let body = self.bodies.last().copied().unwrap_or(0);
        let (shifted, pad) = match text.get(body..).filter(|_| body > 0 && indent >= body) {
            Some(shifted) => (shifted, body),
            None => (text, 0),
        };
        if let Some(title) = admonition(bare) {
            self.bodies.push(indent + 4);
            return self.label(text, title);
        }
        if let Some(kept) = tag(bare) {
            self.item = None;
            return self.front(text, kept);
        }
        if is_import(bare) || is_shortcode(bare) {
            return self.blank(text);
        }
        if pad > 0 {
            self.front(text, shifted);
        } else {
            self.plain(text);
        }
    }

    /// Opens a fence; gives the title where its content is shown.
    fn fence<'t>(&mut self, bare: &'t str) -> Option<Opened<'t>> {
        let mark = bare.chars().next().filter(|c| matches!(c, '`' | '~' | ':'))?;
        let rest = bare.trim_start_matches(mark);
        let count = bare.len() - rest.len();
        if count < 3 {
            return None;
        }
        let rest = rest.trim();
        if mark == ':' {
            // ":::tip Title" and ":::{note}"; alone it closes.
            let word = rest.trim_start_matches('{');
            let name = word
                .split(|c: char| !c.is_ascii_alphabetic() && c != '-')
                .next()
                .unwrap_or_default();
            if !name.is_empty() {
                self.fences.push(Fence { mark, count, shown: true });
            }
            let title = word.get(name.len()..).unwrap_or_default();
            return Some(Opened::Shown(title.trim_matches(['}', '[', ']', ' ', '"'])));
        }
        let directive = rest.strip_prefix('{').and_then(|r| r.split_once('}'));
        let shown = directive.filter(|(name, _)| SHOWN.contains(name));
        // A fence with words behind its end is no fence.
        if rest.contains('`') {
            return None;
        }
        self.fences.push(Fence { mark, count, shown: shown.is_some() });
        Some(shown.map_or(Opened::Code, |(_, title)| Opened::Shown(title.trim())))
    }

    fn blank(&mut self, text: &str) {
        self.front(text, "");
    }

    /// A title as a bold lead, where there is room for its marks.
    fn label(&mut self, text: &str, title: &str) {
        self.item = None;
        let plain = !title.is_empty() && !title.contains(['*', '`', '[', '<']);
        if plain && title.len() + 4 <= text.len() {
            self.front(text, &format!("**{title}**"));
        } else {
            self.blank(text);
        }
    }

    /// A line that holds only this, filled up with spaces.
    fn front(&mut self, text: &str, kept: &str) {
        let kept = if kept.len() <= text.len() { kept } else { "" };
        self.out.push_str(kept);
        self.out.extend(std::iter::repeat_n(' ', text.len() - kept.len()));
    }

    /// A line as it is, but for numbers that run in: "3. Send it. 4. File it." are two items.
    fn plain(&mut self, text: &str) {
        if let Some(item) = number(text) {
            self.item = Some(item);
        } else if text.trim().is_empty() || text.starts_with([' ', '#', '-', '*', '|', '>']) {
            self.item = None;
        }
        let mut rest = text;
        while let Some(at) = run_in(rest, self.item) {
            let (before, after) = rest.split_at_checked(at).unwrap_or((rest, ""));
            self.out.push_str(before);
            self.out.push('\n');
            self.item = self.item.map(|n| n + 1);
            rest = after.get(1..).unwrap_or_default();
        }
        self.out.push_str(rest);
    }
}

/// The number with which a line at the margin begins, if it is an item's.
fn number(line: &str) -> Option<u32> {
    let digits = line.chars().take_while(char::is_ascii_digit).count();
    let (number, rest) = line.split_at_checked(digits)?;
    (digits < 4 && (rest.starts_with(". ") || rest.starts_with(") ")))
        .then(|| number.parse().ok())?
}

/// Where the item after `item` begins within the same paragraph: the space before its number.
fn run_in(line: &str, item: Option<u32>) -> Option<usize> {
    let wanted = format!(" {}. ", item?.checked_add(1)?);
    let mut from = 0;
    while let Some(at) = line.get(from..)?.find(&wanted).map(|at| from + at) {
        let ended = line.get(..at)?.trim_end().ends_with(['.', '!', '?', ')', ';', ':']);
        let next = line.get(at + wanted.len()..)?.chars().next();
        if ended && next.is_some_and(|c| c.is_uppercase() || c == '*' || c == '[') {
            return Some(at);
        }
        from = at + 1;
    }
    None
}

/// The title of an admonition or a tab: `!!! note "Title"`, `=== "Tab"`.
fn admonition(bare: &str) -> Option<&str> {
    let rest = ["!!! ", "???+ ", "??? ", "=== "].iter().find_map(|mark| bare.strip_prefix(mark))?;
    let tab = bare.starts_with('=');
    let titled = rest.split('"').nth(1);
    let named = rest.starts_with(|c: char| c.is_ascii_lowercase());
    if tab { titled } else { named.then(|| titled.unwrap_or_default()) }
}

/// What a line of nothing but tags shows, for tags that only hold text.
fn tag(bare: &str) -> Option<&str> {
    let text = bare.trim_end();
    let inner = text.strip_prefix('<')?.strip_suffix('>')?;
    let name = inner.trim_start_matches('/');
    let name = name.split(|c: char| !c.is_ascii_alphanumeric() && c != '.').next()?;
    let component = name.starts_with(|c: char| c.is_ascii_uppercase());
    let holds = ["details", "summary", "div", "section", "article", "center", "main", "aside"];
    if !(component || holds.contains(&name)) {
        return None;
    }
    match inner.split_once('>') {
        // One tag, or an opening one with its closing one behind some words.
        None => Some(""),
        Some((_, rest)) => {
            let (words, close) = rest.rsplit_once("</")?;
            (close.trim() == name && !words.contains('<')).then(|| words.trim())
        }
    }
}

fn is_import(bare: &str) -> bool {
    bare.starts_with("import ") && bare.contains(" from ") && bare.contains(['\'', '"'])
}

fn is_shortcode(bare: &str) -> bool {
    let text = bare.trim();
    (text.starts_with("{{<") && text.ends_with(">}}"))
        || (text.starts_with("{{%") && text.ends_with("%}}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Trailing spaces do not matter.
    #[track_caller]
    fn check(source: &str, expected: &str) {
        let made = unfold(source);
        assert_eq!(made.len(), source.len(), "{made}");
        let bare: Vec<&str> = made.lines().map(str::trim_end).collect();
        assert_eq!(bare.join("\n"), expected);
    }

    #[test]
    fn what_is_folded_away_is_in_the_open_and_in_its_place() {
        check(
            "````{tab-set}\n```{tab-item} By mail\n:sync: m\n\n- Send it\n```\n````\nx",
            "\n**By mail**\n:sync: m\n\n- Send it\n\n\nx",
        );
        check(
            "```{code-block}\n- not a step\n```\n:::tip Mind\nRest.\n:::\n",
            "```{code-block}\n- not a step\n```\n**Mind**\nRest.\n",
        );
        check(
            "!!! warning \"Late?\"\n    Call them.\n\n    Then rest.\nGo on.\n",
            "**Late?**\nCall them.\n\nThen rest.\nGo on.",
        );
        check("=== \"Mac\"\n    1. Open it\n", "**Mac**\n1. Open it");
        check(
            "<Tabs>\n<details>\n<summary>How</summary>\n\n1. Go\n\n</details>\n</Tabs>\n",
            "\n\nHow\n\n1. Go\n\n\n",
        );
        check(
            "3. Send it. 4. File it. 5. Rest.\n\n6. Go 7. on\n",
            "3. Send it.\n4. File it.\n5. Rest.\n\n6. Go 7. on",
        );
        check("```sh\n<Tabs>\n!!! x\n```\n<b>bold</b>\n", "```sh\n<Tabs>\n!!! x\n```\n<b>bold</b>");
    }

    #[test]
    fn an_ordinary_source_is_given_back() {
        assert!(matches!(unfold("# A\n\n1. Send it. See 2.3.\n"), Cow::Borrowed(_)));
    }
}
