//! The reference of the SOP language, `docs/language/*.md`, run as a test: what its examples claim is
//! what the reader says.

mod chapter;
mod facts;

use chapter::{Claim, Example};
use gemba_diag::LineIndex;
use gemba_sop::{Compiled, compile};
use std::path::Path;

/// Where a claim does not hold, and how.
#[derive(Debug, PartialEq, Eq)]
struct Mismatch {
    /// The line of the chapter where the claim stands.
    line: usize,
    difference: String,
}

/// What in a chapter does not hold.
fn mismatches(text: &str) -> Vec<Mismatch> {
    let mut found = Vec::new();
    let (examples, stray) = chapter::examples(text);
    for (line, what) in stray {
        found.push(Mismatch { line, difference: what });
    }
    for example in examples {
        let compiled = compile(&example.source, &example.name);
        if example.claims.is_empty() {
            let difference =
                "the example claims nothing: say what is read, or make it a ```text block";
            found.push(Mismatch { line: example.line, difference: difference.to_owned() });
        }
        for claim in &example.claims {
            if let Some(difference) = differs(&example, claim, &compiled) {
                found.push(Mismatch { line: claim.line, difference });
            }
        }
    }
    found
}

fn differs(example: &Example, claim: &Claim, compiled: &Compiled) -> Option<String> {
    let wanted = &claim.lines;
    match claim.kind.as_str() {
        "findings" => unequal(wanted, &findings(&example.source, compiled), finding_fits),
        "findings some" => lacking(wanted, &findings(&example.source, compiled), finding_fits),
        "steps" => unequal(wanted, &facts::steps(&compiled.processes), fits),
        "facts" => lacking(wanted, &facts::all(&compiled.processes), fits),
        "facts all" => unequal(wanted, &facts::all(&compiled.processes), fits),
        other => Some(format!("`{other}` is no claim; see docs/language/README.md")),
    }
}

/// The findings as a chapter writes them: "LINE: CODE message".
fn findings(source: &str, compiled: &Compiled) -> Vec<String> {
    let index = LineIndex::new(source);
    compiled
        .diagnostics
        .iter()
        .map(|d| format!("{}: {} {}", index.line(d.range.start), d.code, d.message))
        .collect()
}

/// "12: SOP0201 a part of the message".
fn finding_fits(wanted: &str, real: &str) -> bool {
    let parts = |text: &str| {
        let mut words = text.splitn(3, ' ').map(str::to_owned);
        let mut next = || words.next().unwrap_or_default();
        (next(), next(), next())
    };
    let (wanted, real) = (parts(wanted), parts(real));
    wanted.0 == real.0 && wanted.1 == real.1 && real.2.contains(wanted.2.trim())
}

/// The same line, or one that begins as the wanted one does before its final "...".
fn fits(wanted: &str, real: &str) -> bool {
    match wanted.strip_suffix("...") {
        Some(start) => real.starts_with(start),
        None => wanted == real,
    }
}

type Fits = fn(&str, &str) -> bool;

/// Every wanted line has a real one of its own and the other way round, in the same order.
fn unequal(wanted: &[String], real: &[String], fits: Fits) -> Option<String> {
    let same = wanted.len() == real.len() && wanted.iter().zip(real).all(|(w, r)| fits(w, r));
    if same {
        return None;
    }
    let claimed: Vec<String> = wanted
        .iter()
        .filter(|w| !real.iter().any(|r| fits(w, r)))
        .map(|w| format!("  - {w}"))
        .collect();
    let said: Vec<String> = real
        .iter()
        .map(|r| format!("  {} {r}", if wanted.iter().any(|w| fits(w, r)) { " " } else { "+" }))
        .collect();
    Some(format!("claimed, but not so:\n{}\nread:\n{}", claimed.join("\n"), said.join("\n")))
}

/// Every wanted line has a real one; a line after "not" has none.
fn lacking(wanted: &[String], real: &[String], fits: Fits) -> Option<String> {
    let wrong: Vec<String> = wanted
        .iter()
        .filter(|line| match line.strip_prefix("not ") {
            Some(absent) => real.iter().any(|r| fits(absent, r)),
            None => !real.iter().any(|r| fits(line, r)),
        })
        .map(|line| format!("  - {line}"))
        .collect();
    let read = real.iter().map(|r| format!("    {r}")).collect::<Vec<_>>().join("\n");
    (!wrong.is_empty())
        .then(|| format!("claimed, but not so:\n{}\nread:\n{read}", wrong.join("\n")))
}

#[test]
#[expect(clippy::disallowed_methods, reason = "the chapters are files")]
fn every_example_of_the_reference_is_read_as_it_says() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../docs/language");
    let mut chapters: Vec<_> = std::fs::read_dir(&folder)
        .expect("docs/language")
        .map(|entry| entry.expect("an entry").path())
        .filter(|path| path.extension().is_some_and(|e| e == "md"))
        .collect();
    chapters.sort();
    let contents = std::fs::read_to_string(folder.join("README.md")).expect("README.md");
    let mut report = Vec::new();
    let mut count = 0;
    for path in &chapters {
        let name = path.file_name().expect("a name").to_string_lossy();
        let text = std::fs::read_to_string(path).expect("text");
        count += chapter::examples(&text).0.len();
        for wrong in mismatches(&text) {
            report.push(format!("docs/language/{name}:{}: {}", wrong.line, wrong.difference));
        }
        let linked = name == "README.md" || contents.contains(&format!("({name})"));
        if !linked {
            report.push(format!("docs/language/README.md does not lead to {name}"));
        }
    }
    assert!(report.is_empty(), "\n{}", report.join("\n\n"));
    assert!(count > 0, "there are no examples");
}

/// A chapter with one SOP and what is claimed of it.
fn claiming(claims: &str) -> String {
    format!(
        "# Chapter\n\n````markdown\n---\nowner: Sales\n---\n\n# Call\n\n## Steps\n\n1. **Ring**\n````\n\n{claims}"
    )
}

#[track_caller]
fn wrong(text: &str, expected: &[(usize, &str)]) {
    let found = mismatches(text);
    assert_eq!(found.len(), expected.len(), "{found:?}");
    for (found, (line, part)) in found.iter().zip(expected) {
        assert_eq!(found.line, *line, "{found:?}");
        assert!(found.difference.contains(part), "{found:?}");
    }
}

#[test]
fn a_claim_that_does_not_hold_is_named_with_its_line() {
    wrong(&claiming("```steps\n1 Ring\n```\n"), &[]);
    wrong(&claiming("```steps\n1 Ring\n2 Listen\n```\n"), &[(15, "- 2 Listen")]);
    wrong(&claiming("```steps\n```\n"), &[(15, "+ 1 Ring")]);
    wrong(&claiming("```facts\nowner: stated Sales\nstep 1: Ri...\nnot trigger...\n```\n"), &[]);
    wrong(&claiming("```facts\nowner: implied Sales\n```\n"), &[(15, "- owner: implied Sales")]);
    wrong(&claiming("```facts\nnot owner...\n```\n"), &[(15, "- not owner...")]);
    wrong(&claiming("```findings some\n5: SOP0103 nothing says\nnot 5: SOP0101\n```\n"), &[]);
    wrong(&claiming("```findings some\n7: SOP0103 nothing says\n```\n"), &[(15, "- 7: SOP0103")]);
    wrong(&claiming("```findings\n5: SOP0103\n```\n"), &[(15, "+ 5: SOP0105")]);
    wrong(&claiming("```fact\n```\n"), &[(15, "is no claim")]);
}

#[test]
fn an_example_that_claims_nothing_and_a_claim_without_an_example_are_wrong() {
    wrong(&claiming("Some prose.\n"), &[(3, "claims nothing")]);
    wrong("# Chapter\n\n```steps\n1 Ring\n```\n", &[(3, "no example")]);
    wrong("# Chapter\n\n```text\nanything\n```\n", &[]);
    wrong("# Chapter\n\n````markdown\n# T\n", &[(3, "never closed")]);
}
