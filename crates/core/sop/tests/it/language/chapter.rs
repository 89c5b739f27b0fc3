//! A chapter of the reference as examples, each with what is claimed of it.

/// A SOP and what is claimed of it.
#[derive(Debug)]
pub(super) struct Example {
    /// The line of the chapter where its block opens.
    pub(super) line: usize,
    /// The name of the file it stands for.
    pub(super) name: String,
    pub(super) source: String,
    pub(super) claims: Vec<Claim>,
}

/// One block of claims.
#[derive(Debug)]
pub(super) struct Claim {
    /// The line of the chapter where its block opens.
    pub(super) line: usize,
    /// What its lines are: "steps", "facts", "findings some".
    pub(super) kind: String,
    pub(super) lines: Vec<String>,
}

struct Block<'a> {
    line: usize,
    info: &'a str,
    text: String,
    closed: bool,
}

/// The examples of a chapter, and what is wrong with its blocks, with the line.
pub(super) fn examples(chapter: &str) -> (Vec<Example>, Vec<(usize, String)>) {
    let mut examples: Vec<Example> = Vec::new();
    let mut stray = Vec::new();
    for block in blocks(chapter) {
        if !block.closed {
            stray.push((block.line, "the block is never closed".to_owned()));
            continue;
        }
        let (first, rest) = block.info.split_once(' ').unwrap_or((block.info, ""));
        match first {
            // Blocks of other languages illustrate and claim nothing.
            "" | "text" | "console" | "yaml" | "toml" | "json" | "sh" => {}
            "markdown" => examples.push(Example {
                line: block.line,
                name: if rest.is_empty() { "example.md".to_owned() } else { rest.to_owned() },
                source: block.text,
                claims: Vec::new(),
            }),
            _ => match examples.last_mut() {
                Some(example) => example.claims.push(Claim {
                    line: block.line,
                    kind: block.info.to_owned(),
                    lines: lines(&block.text),
                }),
                None => stray.push((block.line, "there is no example before this".to_owned())),
            },
        }
    }
    (examples, stray)
}

fn lines(text: &str) -> Vec<String> {
    let trimmed = text.lines().map(str::trim).filter(|line| !line.is_empty());
    trimmed.map(str::to_owned).collect()
}

/// The fenced blocks of a text; a fence is closed by one that is at least as long.
fn blocks(text: &str) -> Vec<Block<'_>> {
    let mut found = Vec::new();
    let mut open: Option<(usize, Block<'_>)> = None;
    for (n, line) in text.lines().enumerate() {
        let ticks = line.chars().take_while(|c| *c == '`').count();
        match &mut open {
            Some((fence, block)) => {
                if ticks >= *fence && line.trim_end().len() == ticks {
                    block.closed = true;
                    found.extend(open.take().map(|(_, block)| block));
                } else {
                    block.text.push_str(line);
                    block.text.push('\n');
                }
            }
            None if ticks >= 3 => {
                let info = line.get(ticks..).unwrap_or_default().trim();
                let block = Block { line: n + 1, info, text: String::new(), closed: false };
                open = Some((ticks, block));
            }
            None => {}
        }
    }
    found.extend(open.map(|(_, block)| block));
    found
}
