//! Words of a model as Markdown that means just these words.

/// The words with everything escaped that Markdown would take for a mark, line by line.
pub(crate) fn escaped(text: &str) -> String {
    let lines: Vec<String> = text.lines().map(|l| line(l.trim())).collect();
    let joined = lines.join("\n");
    joined.trim_matches('\n').to_owned()
}

fn line(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let starts_marked = text.starts_with(['#', '-', '+', '=', '~', ':']);
    let digits = text.chars().take_while(char::is_ascii_digit).count();
    for (n, c) in text.chars().enumerate() {
        let special = matches!(c, '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '|' | '{' | '}');
        let opens = n == 0 && starts_marked;
        let numbers = digits > 0 && n == digits && matches!(c, '.' | ')');
        if special || opens || numbers {
            out.push('\\');
        }
        out.push(c);
    }
    out
}

/// The words of a documentation element: as they are where it says it is Markdown.
pub(crate) fn documentation(element: &crate::xml::Element) -> String {
    let texts: Vec<String> = element
        .parts_named("documentation")
        .map(|d| match d.attr("textFormat") {
            Some("text/markdown") => d.text().trim().to_owned(),
            Some("text/html") => escaped(&without_tags(&d.text())),
            _ => {
                let text = d.text();
                let text =
                    if text.trim_start().starts_with('<') { without_tags(&text) } else { text };
                escaped(&text)
            }
        })
        .filter(|text| !text.is_empty())
        .collect();
    texts.join("\n\n")
}

/// Words without the tags that some tools put around them.
fn without_tags(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut inside = false;
    for c in text.chars() {
        match c {
            '<' => inside = true,
            '>' if inside => {
                inside = false;
                out.push(' ');
            }
            c if !inside => out.push(c),
            _ => {}
        }
    }
    let words = [("&nbsp;", " "), ("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&amp;", "&")];
    words.iter().fold(out, |text, (from, to)| text.replace(from, to))
}
