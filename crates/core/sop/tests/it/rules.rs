//! Every rule has a page whose example triggers it and whose counter-example does not.

use gemba_sop::{
    Folder, Holder, KnownProcess, KnownSeat, MAX_BYTES, Surroundings, compile_bytes_in, rules,
};

/// Inputs that no page can show.
fn special(code: &str) -> Option<Vec<u8>> {
    Some(match code {
        "SOP0001" => b" \n\n".to_vec(),
        "SOP0002" => b"PK\x03\x04\0\0\xff".to_vec(),
        "SOP0003" => b"# Caf\xe9\n".to_vec(),
        "SOP0004" => vec![b'a'; 5 * MAX_BYTES],
        "SOP0005" => format!("{}x", "- ".repeat(10_000)).into_bytes(),
        "SOP0007" => format!("---\na: \"{}\"\n---\n", "b".repeat(70_000)).into_bytes(),
        "SOP0009" => "1. Send it\n".repeat(40_000).into_bytes(),
        _ => return None,
    })
}

/// The fenced block under a heading of a page.
fn block<'a>(page: &'a str, heading: &str) -> Option<&'a str> {
    let section = page.split(heading).nth(1)?;
    let inside = section.split("````markdown\n").nth(1)?;
    inside.split("````").next()
}

/// The workspace in which the pages' examples stand.
fn surroundings() -> Surroundings {
    let seat =
        |name: &str, holder| KnownSeat { name: name.to_owned(), aliases: Vec::new(), holder };
    let process = |slug: &str, title: &str, file: &str| KnownProcess {
        slug: slug.to_owned(),
        title: title.to_owned(),
        file: Some(file.to_owned()),
    };
    let files = ["sops/example.md", "sops/month-end.md"].map(str::to_owned).into();
    Surroundings {
        seats: Some(vec![
            seat("Accounting", Holder::Person),
            seat("Project lead", Holder::Person),
            seat("Finance lead", Holder::Person),
            seat("Invoice agent", Holder::Agent),
            seat("Sales lead", Holder::Vacant),
        ]),
        processes: Some(vec![process("month-end", "Month end", "sops/month-end.md")]),
        folders: vec![Folder { path: "sops".to_owned(), files }],
        today: Some(jiff::civil::date(2026, 11, 25)),
    }
}

fn codes(bytes: &[u8]) -> Vec<&'static str> {
    let (_, compiled) = compile_bytes_in(bytes, "sops/example.md", &surroundings());
    assert!(!compiled.processes.is_empty());
    compiled.diagnostics.iter().map(|d| d.code.as_str()).collect()
}

#[test]
fn every_rule_is_triggered_by_its_example_and_not_by_its_counter_example() {
    let mut wrong = Vec::new();
    for rule in rules() {
        let code = rule.code.as_str();
        let special = special(code);
        let example = block(rule.page, "## Example").unwrap_or_default();
        let found = codes(special.as_deref().unwrap_or(example.as_bytes()));
        if !found.contains(&code) {
            wrong.push(format!("{code} is not triggered by its example, but {found:?}"));
        }
        let instead = block(rule.page, "## Instead").unwrap_or_default();
        if special.is_none() && (instead.is_empty() || codes(instead.as_bytes()).contains(&code)) {
            wrong.push(format!("{code} is triggered by its counter-example, or there is none"));
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn every_rule_has_a_page_with_the_four_headings() {
    for rule in rules() {
        let title = format!("# {}: {}\n", rule.code, rule.summary);
        assert!(rule.page.starts_with(&title), "{}", rule.code);
        for heading in ["\n## What\n", "\n## Why it matters\n", "\n## Example\n", "\n## Instead\n"]
        {
            assert!(rule.page.contains(heading), "{} {heading}", rule.code);
        }
    }
}

#[test]
fn codes_are_in_order_and_used_once() {
    let codes: Vec<&str> = rules().iter().map(|r| r.code.as_str()).collect();
    let mut sorted = codes.clone();
    sorted.sort_unstable();
    sorted.dedup();
    assert_eq!(codes, sorted);
}

#[test]
fn a_finding_has_the_severity_of_its_rule() {
    for rule in rules() {
        let Some(example) = block(rule.page, "## Example") else { continue };
        for found in gemba_sop::compile(example, "example.md").diagnostics {
            let known = rules().iter().find(|r| r.code == found.code).expect("a rule");
            assert_eq!(known.severity, found.severity, "{}", found.code);
        }
    }
}

#[test]
fn a_yaml_bomb_is_refused() {
    let mut bomb = String::from("---\na: &a [x, x, x, x, x, x, x, x, x]\n");
    for (name, of) in [("b", "a"), ("c", "b"), ("d", "c"), ("e", "d"), ("f", "e")] {
        let again = format!("*{of}, ").repeat(6);
        bomb = format!("{bomb}{name}: &{name} [{again}]\n");
    }
    bomb.push_str("---\n# T\n");
    assert!(codes(bomb.as_bytes()).contains(&"SOP0006"));
}
