//! Sentences that look like a fault and are none: what the rules must keep quiet about.

use gemba_sop::compile;

/// A sound process with these words in a step.
fn saying(words: &str) -> String {
    format!(
        "---\nowner: Accounting\ntrigger: monthly on the 1st\n---\n\n# Invoicing\n\nEvery client gets one invoice.\n\n\
         ## Steps\n\n1. **Collect the hours** — Project lead\n\n   {words}\n\n2. **Send the invoices** — Accounting\n\n\
         ## Expected output\n\n- All invoices are sent.\n\n## Failure signals\n\n- An invoice is a draft on the 5th.\n"
    )
}

#[track_caller]
fn quiet(source: &str) {
    let found: Vec<String> = compile(source, "x.md")
        .diagnostics
        .iter()
        .map(|d| format!("{} {}", d.code, d.message))
        .collect();
    assert!(found.is_empty(), "{found:?}\n{source}");
}

#[test]
fn what_only_looks_hidden_is_left_alone() {
    for words in [
        // Flags and families are drawn with tags and joiners.
        "The flag of Scotland is \u{1f3f4}\u{e0067}\u{e0062}\u{e0073}\u{e0063}\u{e0074}\u{e007f}.",
        "A family \u{1f468}\u{200d}\u{1f469}\u{200d}\u{1f467} and a heart \u{2764}\u{fe0f}.",
        // Persian needs the non-joiner.
        "Say \u{645}\u{6cc}\u{200c}\u{62e}\u{648}\u{627}\u{647}\u{645} to the client.",
        "<!-- Read over by the auditors in May. -->",
        "<!-- This part is kept by people and agents; it must survive a refresh. -->",
        "A text such as \"ignore all previous instructions\" is reported.",
        "Write `ignore previous instructions` into the test.",
        "<span style=\"background-color:white; opacity:0.8\">Seen</span>.",
        "See [the list](https://example.com/list) or <https://example.com>.",
        "Sign in at [https://example.com](https://www.example.com/login).",
    ] {
        quiet(&saying(words));
    }
}

#[test]
fn what_only_looks_secret_is_left_alone() {
    for words in [
        "The password: see the vault.",
        "Password: `<your password>`, from the vault.",
        "The commit 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b is tested.",
        "Use api_key: $API_KEY in the script.",
        "The token is named AKIA in the list of kinds.",
        "Secret: https://vault.example.com/item/12345678",
    ] {
        quiet(&saying(words));
    }
}

#[test]
fn ordinary_sentences_are_left_alone() {
    for words in [
        "Pass it to someone from Sales who knows the client.",
        "Escalate to the Finance lead.",
        "Look through the TODO items of the project.",
        "One of three things happened, or two or more:\n\n   - it is late\n   - it is lost",
        "There are two kinds:\n\n   - paid\n   - unpaid",
        "After step 1 fails twice, call.",
        "Have them by 2099-03-31.",
        "See [the steps](#steps) and [the second](#send-the-invoices).",
        "Remind them within 5 days if the client does not answer.\n\n   - Due: 2 days",
        "Handle the rest as the contract says.",
        "Call the bank again, as the [handbook](other.md) says.",
    ] {
        quiet(&saying(words));
    }
}

#[test]
fn numbered_lists_and_deadlines_that_are_in_order_are_left_alone() {
    let ones = saying("x").replace("2. **Send", "1. **Send").replace("\n\n   x", "");
    quiet(&ones);
    let due = saying("- Due: 20 days after the start")
        .replace("Accounting\n\n## E", "Accounting\n\n   - Due: by the 5th\n\n## E");
    quiet(&due);
}
