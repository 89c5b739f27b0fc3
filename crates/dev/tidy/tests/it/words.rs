//! One word per thing: the words that `GLOSSARY.md` says are not used are not used.

use crate::files::{self, Files, has_extension};
use crate::none;

/// The heading of the column that lists them.
const COLUMN: &str = "Not used here";

/// The last column of the glossary's tables, word by word.
fn unused(glossary: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut column = None;
    for line in glossary.lines() {
        let cells: Vec<&str> = line.trim().trim_matches('|').split('|').map(str::trim).collect();
        if !line.starts_with('|') {
            column = None;
        } else if let Some(at) = cells.iter().position(|cell| *cell == COLUMN) {
            column = Some(at);
        } else if let Some(cell) = column.and_then(|at| cells.get(at)) {
            let listed = cell.split(',').map(str::trim);
            words.extend(
                listed.filter(|word| word.chars().any(char::is_alphabetic)).map(str::to_lowercase),
            );
        }
    }
    words
}

fn findings(files: &Files, words: &[String]) -> Vec<String> {
    let mut found = Vec::new();
    for (path, text) in files {
        for (number, line) in (1..).zip(text.lines()) {
            let said = if has_extension(path, "rs") { literals(line) } else { line.to_owned() };
            let said = said.to_lowercase();
            for word in words.iter().filter(|word| says(&said, word)) {
                found.push(format!("{path}:{number} says \"{word}\"; see GLOSSARY.md"));
            }
        }
    }
    found
}

/// What a line of Rust has between quotes: that is what a person gets to read.
fn literals(line: &str) -> String {
    if line.trim_start().starts_with("//") {
        return String::new();
    }
    line.replace("\\\"", " ").split('"').skip(1).step_by(2).collect::<Vec<_>>().join("\n")
}

/// The word by itself or in the plural, not as a part of another.
fn says(text: &str, word: &str) -> bool {
    text.match_indices(word).any(|(at, _)| {
        let (before, rest) = text.split_at(at);
        let after = rest.strip_prefix(word).unwrap_or(rest);
        let after = after.strip_prefix('s').unwrap_or(after);
        !before.ends_with(char::is_alphanumeric) && !after.starts_with(char::is_alphanumeric)
    })
}

fn is_read_by_people(path: &str) -> bool {
    let document = has_extension(path, "md")
        && path != "GLOSSARY.md"
        && (!path.contains('/') || path.starts_with("docs/"));
    let page =
        path.starts_with("crates/doors/web/src/") || path.starts_with("crates/doors/mcp/src/");
    document || page
}

#[test]
fn words_that_are_not_used_are_not_used() {
    let glossary = std::fs::read_to_string(files::root().join("GLOSSARY.md")).unwrap();
    let words = unused(&glossary);
    assert!(words.len() > 5, "the column \"{COLUMN}\" of GLOSSARY.md was not read: {words:?}");
    none(&findings(&files::all(is_read_by_people), &words));
}

#[test]
fn the_last_column_of_the_glossary_lists_the_words() {
    let glossary =
        "| Word | Not used here |\n| --- | --- |\n| run | Job run, ticket |\n| step | |\n";
    assert_eq!(unused(glossary), ["job run", "ticket"]);
}

#[test]
fn a_word_that_is_not_used_is_found_where_people_read() {
    let words = ["ticket".to_owned()];
    let files = files::some(&[
        ("docs/a.md", "fine\nTwo Tickets wait.\nticketing is another word"),
        ("crates/doors/web/src/a.rs", "// a ticket\nlet ticket = \"a ticket\";\nlet t = \"b\";"),
    ]);
    assert_eq!(
        findings(&files, &words),
        [
            "crates/doors/web/src/a.rs:2 says \"ticket\"; see GLOSSARY.md",
            "docs/a.md:2 says \"ticket\"; see GLOSSARY.md",
        ]
    );
}
