//! Certain fixes: what they change, that nothing is left of the finding, and that they end.

use gemba_sop::{Folder, Surroundings, compile_in, fix_all};
use proptest::prelude::*;

fn surroundings() -> Surroundings {
    let files = ["sops/example.md", "sops/month-end.md"].map(str::to_owned).into();
    let folders = vec![Folder { path: "sops".to_owned(), files }];
    Surroundings { folders, ..Surroundings::default() }
}

/// The document with one part written otherwise.
fn with(part: &str, other: &str) -> String {
    const SOUND: &str = "---\nowner: Accounting\ntrigger: monthly on the 1st\nreview: every 6 months\n\
        raci:\n  collect-the-hours:\n    consulted: Sales\n---\n\n# Monthly invoicing\n\n\
        See [the steps](#steps) and [the month end](month-end.md).\n\n## Steps\n\n\
        1. **Collect the hours** — Project lead\n\n   - Due: 2 days\n\n\
        2. **Send the invoices** — Accounting {#send-them}\n\n   - If one is returned, go back to step 1.\n   - Otherwise, continue.\n\n\
        3. **Book the income** — Accounting {#book-it}\n\n\
        ## Expected output\n\n- All invoices are sent.\n\n## Failure signals\n\n- An invoice is still a draft on the 5th.\n";
    assert!(SOUND.contains(part), "{part}");
    SOUND.replacen(part, other, 1)
}

#[track_caller]
fn check(code: &str, part: &str, wrong: &str, right: &str) {
    let source = with(part, wrong);
    let codes = |text: &str| -> Vec<&str> {
        let found = compile_in(text, "sops/example.md", &surroundings()).diagnostics;
        found.iter().map(|d| d.code.as_str()).collect()
    };
    assert!(codes(&source).contains(&code), "{code} is not found: {:?}", codes(&source));
    let (made, n) = fix_all(&source, "sops/example.md", &surroundings(), |c| c.as_str() == code);
    assert!(n > 0, "{code} is not fixed");
    assert_eq!(made, with(part, right), "{code}");
    assert!(!codes(&made).contains(&code), "{code} is found again");
}

#[test]
fn each_fix_settles_its_finding() {
    check(
        "SOP0006",
        "owner: Accounting",
        "owner: Accounting: Invoices",
        "owner: \"Accounting: Invoices\"",
    );
    check("SOP0008", "owner: Acc", "onwer: Acc", "owner: Acc");
    check("SOP0008", "review: ", "reviwe: ", "review: ");
    check("SOP0108", "monthly on the 1st", "monthyl on the 1st", "monthly on the 1st");
    check("SOP0111", "every 6 months", "every 6 mnoths", "every 6 months");
    check("SOP0206", "step 1.", "step 2 (collect the hours).", "step 1 (collect the hours).");
    check("SOP0301", "{#book-it}", "{#send-them}", "{#send-them-2}");
    check("SOP0310", "## Failure signals", "##Failure signals", "## Failure signals");
    check("SOP0311", "{#book-it}", "{#Book it}", "{#book-it}");
    check("SOP0312", "- Due: 2 days", "- [] of the work", "- [ ] of the work");
    check("SOP0313", "- Due: 2 days", "- deadline: 2 days", "- Due: 2 days");
    check("SOP0313", "- Due: 2 days", "- Handoff to Accounting", "- Hand off to Accounting");
    check("SOP0405", "collect-the-hours:", "colect-the-hours:", "collect-the-hours:");
    check("SOP0503", "(#steps)", "(#step)", "(#steps)");
    check("SOP0504", "month-end.md", "monht-end.md", "month-end.md");
    check("SOP0801", "See [", "\u{202e}See [", "See [");
    check("SOP0802", "See [", "S\u{200b}ee [", "See [");
}

#[test]
fn fixes_that_touch_each_other_are_carried_out_one_after_the_other() {
    let source = with("See [", "S\u{200b}\u{200b}e\u{200b}e [");
    let (made, n) = fix_all(&source, "sops/example.md", &surroundings(), |_| true);
    assert_eq!((made, n), (with("See [", "See ["), 3));
}

#[test]
fn what_is_not_wanted_is_left() {
    let source = with("See [", "S\u{200b}ee [");
    let (made, n) = fix_all(&source, "sops/example.md", &surroundings(), |_| false);
    assert_eq!((made, n), (source, 0));
}

proptest! {
    #[test]
    fn fixing_ends_and_is_done_once(parts in proptest::collection::vec(any::<u8>(), 0..40)) {
        let pieces = [
            "1. **Do it** {#A b}\n", "2. Then go to step 1, do it.\n", "##Head\n", "- [] x\n", "\u{200b}",
            "\u{202e}x", "## Steps\n\n", "   - deadline: 2 days\n", "onwer: A\n", "---\n", "[a](#stps)\n", "\n",
            "trigger: monthyl on the 1st\n", "raci:\n  do-itt:\n    consulted: A\n",
        ];
        let text: String =
            parts.iter().filter_map(|n| pieces.get(usize::from(*n) % pieces.len())).copied().collect();
        let (made, _) = fix_all(&text, "sops/example.md", &surroundings(), |_| true);
        let (again, n) = fix_all(&made, "sops/example.md", &surroundings(), |_| true);
        prop_assert_eq!((again, n), (made, 0));
    }
}
