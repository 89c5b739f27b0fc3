//! Every code a person can meet has a page that explains it and a test that triggers it.

use std::collections::BTreeMap;

use crate::files::{self, Files, has_extension};
use crate::none;

/// The document is wrong, the BPMN model is wrong or says more than a process, the log is wrong,
/// the request makes no sense now, the request is not allowed.
const FAMILIES: [&str; 5] = ["SOP", "BPM", "LOG", "RUN", "APP"];

fn findings(files: &Files) -> Vec<String> {
    let mut given: BTreeMap<&str, &str> = BTreeMap::new();
    let mut tested = Vec::new();
    for (path, text) in files {
        let (product, tests) = parts(path, text);
        for code in codes(product) {
            // Only a literal gives a code; prose and pages may speak of it anywhere.
            if product.contains(&format!("\"{code}\"")) {
                given.entry(code).or_insert(path);
            }
        }
        tested.extend(codes(tests));
    }
    let mut found = Vec::new();
    for (code, path) in &given {
        if !files.contains_key(&page(code)) {
            found.push(format!("{code} is given in {path} and has no page {}", page(code)));
        }
        // The reader's own suite compiles the example of each SOP page and expects the code.
        let is_example = code.starts_with("SOP")
            && files.get(&page(code)).is_some_and(|text| text.contains("````markdown\n"));
        if !tested.contains(code) && !is_example {
            found.push(format!("{code} is given in {path} and no test triggers it"));
        }
    }
    for path in files.keys() {
        if let Some(code) = path.strip_prefix("docs/codes/").and_then(|p| p.strip_suffix(".md"))
            && !codes(code).is_empty()
            && !given.contains_key(code)
        {
            found.push(format!("{path} explains a code that nothing gives"));
        }
    }
    found
}

fn page(code: &str) -> String {
    format!("docs/codes/{code}.md")
}

/// A file of a crate as (what ships, what tests).
fn parts<'a>(path: &str, text: &'a str) -> (&'a str, &'a str) {
    if !path.starts_with("crates/") || path.starts_with("crates/dev/tidy/") {
        return ("", "");
    }
    if path.contains("/tests/") || path.ends_with("/tests.rs") {
        return ("", text);
    }
    if !path.contains("/src/") || !has_extension(path, "rs") {
        return ("", "");
    }
    let begins_tests = |rest: &str| {
        let item = rest.lines().skip(1).find(|line| !line.starts_with('#'));
        item.is_some_and(|line| line.starts_with("mod ") && line.ends_with('{'))
    };
    text.match_indices("#[cfg(test)]\n")
        .map(|(at, _)| text.split_at(at))
        .find(|(_, rest)| begins_tests(rest))
        .unwrap_or((text, ""))
}

/// Everything in a text that looks like a code: a family and four digits.
fn codes(text: &str) -> Vec<&str> {
    let mut found = Vec::new();
    for family in FAMILIES {
        for (at, _) in text.match_indices(family) {
            let (before, rest) = text.split_at(at);
            let word = rest.split(|c: char| !c.is_ascii_alphanumeric()).next().unwrap();
            let digits = word.strip_prefix(family).unwrap();
            if digits.len() == 4
                && digits.chars().all(|c| c.is_ascii_digit())
                && !before.ends_with(|c: char| c.is_ascii_alphanumeric())
            {
                found.push(word);
            }
        }
    }
    found
}

#[test]
fn every_code_has_its_page_and_a_test_that_triggers_it() {
    none(&findings(&files::all(|path| {
        path.starts_with("crates/") || path.starts_with("docs/codes/")
    })));
}

fn check(files: &[(&str, &str)], expected: &[&str]) {
    assert_eq!(findings(&files::some(files)), expected);
}

#[test]
fn a_code_with_page_and_test_has_no_findings() {
    let page = ("docs/codes/SOP0101.md", "# No owner");
    check(
        &[
            ("crates/core/sop/src/a.rs", "const OWNER: Code = Code(\"SOP0101\");"),
            ("crates/core/sop/tests/it/owner.rs", "check(\"\", \"SOP0101\")"),
            page,
        ],
        &[],
    );
    check(
        &[("crates/core/sop/src/a.rs", "\"SOP0101\"\n#[cfg(test)]\nmod tests {\nSOP0101 }"), page],
        &[],
    );
}

#[test]
fn the_example_of_a_page_is_the_test_of_a_finding() {
    check(
        &[
            ("crates/core/sop/src/a.rs", "\"SOP0101\""),
            ("docs/codes/SOP0101.md", "## Example\n\n````markdown\n# T\n````\n"),
        ],
        &[],
    );
}

#[test]
fn a_code_without_page_or_test_is_found() {
    check(
        &[("crates/core/engine/src/a.rs", "\"RUN0201\"")],
        &[
            "RUN0201 is given in crates/core/engine/src/a.rs and has no page docs/codes/RUN0201.md",
            "RUN0201 is given in crates/core/engine/src/a.rs and no test triggers it",
        ],
    );
}

#[test]
fn a_page_without_a_code_is_found() {
    check(
        &[("docs/codes/APP0001.md", "#"), ("docs/codes/README.md", "#")],
        &["docs/codes/APP0001.md explains a code that nothing gives"],
    );
}

#[test]
fn a_code_only_spoken_of_is_not_given() {
    check(&[("crates/core/sop/src/a.rs", "// like SOP0101, and XSOP01011 is none")], &[]);
}
