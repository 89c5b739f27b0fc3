//! Marks of other tools within a line, which Markdown takes for words: template links, text roles,
//! footnotes.

/// The words that such a line shows; `None` where it holds no such mark.
pub(crate) fn shown(text: &str) -> Option<String> {
    let template = text.contains("]({%") || text.contains("]({{");
    let note = text.contains("[^");
    let role = text.contains('{') && text.split('{').skip(1).any(|rest| role_end(rest).is_some());
    if !(template || note || role) {
        return None;
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(['[', ']', '{']) {
        let (before, after) = rest.split_at_checked(at)?;
        out.push_str(before);
        rest = after;
        if let Some(inner) = rest.strip_prefix("[^")
            && let Some((name, behind)) = inner.split_once(']')
            && !name.contains(' ')
            && !behind.starts_with(':')
        {
            rest = behind;
        } else if let Some(end) = template_link(rest) {
            // "[words]({% page %})": the words.
            let words = rest.get(1..end.0)?;
            out.push_str(words);
            rest = rest.get(end.1..)?;
        } else if let Some(end) = rest.strip_prefix('{').and_then(role_end) {
            rest = rest.get(end + 2..)?;
        } else {
            let mark = rest.chars().next()?;
            out.push(mark);
            rest = rest.get(mark.len_utf8()..)?;
        }
    }
    out.push_str(rest);
    Some(out)
}

/// Where the words and the whole of a link end whose address is a template tag.
fn template_link(text: &str) -> Option<(usize, usize)> {
    let words = text.strip_prefix('[')?.find(']')? + 1;
    let after = text.get(words + 1..)?;
    let (open, close) = if after.starts_with("({%") { ("({%", "%})") } else { ("({{", "}})") };
    let end = after.strip_prefix(open)?.find(close)?;
    Some((words, words + 1 + open.len() + end + close.len()))
}

/// Where the name of a text role ends that stands right before its words: "{term}Deputy".
fn role_end(text: &str) -> Option<usize> {
    let end = text.find('}')?;
    let name = text.get(..end)?;
    let lower = name.starts_with(|c: char| c.is_ascii_lowercase())
        && name.chars().all(|c| c.is_ascii_lowercase() || matches!(c, '-' | ':' | '+'));
    let next = text.get(end + 1..)?.chars().next()?;
    (lower && next.is_alphabetic()).then_some(end)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_of_other_tools_are_no_words() {
        for (text, expected) in [
            ("Submit [the form]({% page \"/x/\" %}) today", Some("Submit the form today")),
            ("Ask the {term}Deputy.", Some("Ask the Deputy.")),
            ("Call the lead.[^why] Then rest", Some("Call the lead. Then rest")),
            ("See [the form](x) and {output_dir}/a", None),
            ("Use {env} here", None),
            ("Plain words", None),
        ] {
            assert_eq!(shown(text).as_deref(), expected, "{text}");
        }
    }
}
