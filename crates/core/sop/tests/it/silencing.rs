//! Comments that silence a finding.

use gemba_sop::compile;

/// The codes that are found where these lines stand in the front matter and in the first step, whose
/// deadline and text contradict each other (SOP0605).
#[track_caller]
fn check(front: &str, title: &str, text: &str, expected: &[&str]) {
    let source = format!(
        "---\nowner: Accounting\n{front}trigger: monthly on the 1st\n---\n\n# Invoicing\n\nEvery client gets one invoice.\n\n\
         ## Steps\n\n1. **Collect the hours** — Project lead{title}\n\n{text}\n   - Due: 2 days\n\n2. **Send the invoices** — Accounting\n\n\
         ## Expected output\n\n- All invoices are sent.\n\n## Failure signals\n\n- An invoice is a draft on the 5th.\n"
    );
    let compiled = compile(&source, "x.md");
    let found: Vec<&str> = compiled.diagnostics.iter().map(|d| d.code.as_str()).collect();
    assert_eq!(found, expected, "{source}");
    let first = compiled.processes.iter().flat_map(|p| &p.steps).next();
    assert_eq!(first.map(|step| step.title.as_str()), Some("Collect the hours"));
}

const LATE: &str = "   Have them all within 5 days.\n";

#[test]
fn a_comment_silences_the_line_it_stands_on_or_before() {
    for (text, expected) in [
        (LATE.to_owned(), &["SOP0605"][..]),
        (format!("   <!-- gemba-ignore SOP0605: both are meant -->\n{LATE}"), &[]),
        (format!("   <!-- gemba-ignore SOP0605: both\n   are meant -->\n{LATE}"), &[]),
        (
            "   Have them all within 5 days. <!-- gemba-ignore SOP0605: so be it -->\n".to_owned(),
            &[],
        ),
        (format!("   <!-- gemba-ignore SOP0605, SOP0702: why -->\n{LATE}"), &["SOP0901"]),
        (
            format!(
                "   <!-- gemba-ignore SOP0702: a -->\n   <!-- gemba-ignore SOP0605: b -->\n{LATE}"
            ),
            &["SOP0901"],
        ),
        // An example in code silences nothing and is nothing.
        (format!("   Write `<!-- gemba-ignore SOP0605: so -->`.\n\n{LATE}"), &["SOP0605"]),
        (
            format!(
                "   Nothing.\n\n   ```\n   <!-- gemba-ignore SOP0605: so -->\n   ```\n\n{LATE}"
            ),
            &["SOP0605"],
        ),
    ] {
        check("", "", &text, expected);
    }
    check("", " <!-- gemba-ignore SOP0605: not here -->", LATE, &["SOP0901", "SOP0605"]);
    // A seat is known or not in the workspace; the comment may wait for it.
    check("", " <!-- gemba-ignore SOP0406: hired in May -->", LATE, &["SOP0605"]);
}

#[test]
fn the_front_matter_silences_for_the_whole_document() {
    check("# gemba-ignore SOP0605: both are meant\n", "", LATE, &[]);
    check("# gemba-ignore SOP0310: why\n", "", LATE, &["SOP0901", "SOP0605"]);
}

#[test]
fn a_comment_needs_a_reason_and_a_code_that_may_be_silenced() {
    for comment in [
        "gemba-ignore SOP0605",
        "gemba-ignore SOP0605:",
        "gemba-ignore: why",
        "gemba-ignore SOP9999: why",
        "gemba-ignore sop0605: why",
        "gemba-ignore SOP0101: an error",
        "gemba-ignore SOP0803: hidden orders",
        "gemba-ignore SOP0901: itself",
    ] {
        check("", "", &format!("   <!-- {comment} -->\n{LATE}"), &["SOP0902", "SOP0605"]);
    }
    // Another word is a comment like any other.
    check("", "", &format!("   <!-- gemba-ignored by all -->\n{LATE}"), &["SOP0605"]);
}
