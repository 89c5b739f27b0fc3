//! Every rule has a page whose example triggers it and whose counter-example does not.

use gemba_sop::{MAX_BYTES, compile_bytes, rules};

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

fn codes(bytes: &[u8]) -> Vec<&'static str> {
    let (_, compiled) = compile_bytes(bytes, "example.md");
    assert!(!compiled.processes.is_empty());
    compiled.diagnostics.iter().map(|d| d.code.as_str()).collect()
}

#[test]
fn every_rule_is_triggered_by_its_example_and_not_by_its_counter_example() {
    for rule in rules() {
        let code = rule.code.as_str();
        if let Some(bytes) = special(code) {
            assert!(codes(&bytes).contains(&code), "{code}: {:?}", codes(&bytes));
            continue;
        }
        let example = block(rule.page, "## Example").expect(code);
        let instead = block(rule.page, "## Instead").expect(code);
        assert!(
            codes(example.as_bytes()).contains(&code),
            "{code}: {:?}",
            codes(example.as_bytes())
        );
        assert!(
            !codes(instead.as_bytes()).contains(&code),
            "{code}: {:?}",
            codes(instead.as_bytes())
        );
    }
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
