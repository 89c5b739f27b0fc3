//! Numbers, seats and abbreviations that contradict or explain each other anywhere in a document.

use gemba_sop::compile;

/// A sound process with these words in its two steps.
fn saying(first: &str, second: &str) -> String {
    format!(
        "---\nowner: Accounting\ntrigger: monthly on the 1st\n---\n\n# Invoicing\n\nEvery client gets one invoice.\n\n\
         ## Steps\n\n1. **Collect the hours** — Project lead\n\n   {first}\n\n2. **Send the invoices** — Accounting\n\n   {second}\n\n\
         ## Expected output\n\n- All invoices are sent.\n\n## Failure signals\n\n- An invoice is a draft on the 5th.\n"
    )
}

#[track_caller]
fn check(code: &str, first: &str, second: &str, expected: &[&str]) {
    let found = compile(&saying(first, second), "x.md").diagnostics;
    let said: Vec<&str> =
        found.iter().filter(|d| d.code.as_str() == code).map(|d| d.message.as_str()).collect();
    assert_eq!(said, expected, "{first} / {second}");
}

#[test]
fn a_limit_has_one_amount() {
    let two = ["here it is $300, and elsewhere $500"];
    for (first, second, expected) in [
        ("The refund limit is $500.", "Stay below the refund limit of $300.", &two[..]),
        ("Refund limit: $500.", "Nothing above our refund limit of $300 is paid.", &two[..]),
        ("Refund limit: $500.", "Mind the refund limit of $300, and note it.", &two),
        ("The refund limit is $500.", "Stay below the refund limit of $500.", &[]),
        ("The refund limit is $500.", "Stay below the travel limit of $300.", &[]),
        ("The refund limit is $500 for managers.", "The refund limit is $300 for others.", &[]),
        ("If it is urgent, the refund limit is $500.", "The refund limit is $300.", &[]),
        ("The refund limit is $500 a day.", "The refund limit is $300 a case.", &[]),
        ("The monthly travel budget is $500.", "The yearly travel budget is $300.", &[]),
        ("The limit is $500.", "The limit is $300.", &[]),
        ("The refund limit is $500.", "> The refund limit is $300.", &[]),
    ] {
        check("SOP0601", first, second, expected);
    }
}

#[test]
fn an_act_has_one_time() {
    let two = ["here it is within 5 days, and elsewhere within 2 days"];
    for (first, second, expected) in [
        ("Reply to the client within 2 days.", "Reply to the client within 5 days.", &two[..]),
        (
            "The refund is paid within 2 days.",
            "All refunds: the refund must be paid within 5 days.",
            &[],
        ),
        ("The refund is paid within 2 days.", "The refund must be paid within 5 days.", &two),
        ("Reply to the client within 2 days.", "Reply to the supplier within 5 days.", &[]),
        ("Reply to the client within 2 days.", "Reply to the client within 2 days.", &[]),
        (
            "Reply to the client within 2 days of the order.",
            "Reply to the client within 5 days of the invoice.",
            &[],
        ),
        (
            "If it is urgent, reply to the client within 2 days.",
            "Reply to the client within 5 days.",
            &[],
        ),
        ("Reply to the client within 24 hours.", "Reply to the client within 1 day.", &[]),
        ("Reply within 2 days.", "Reply within 5 days.", &[]),
    ] {
        check("SOP0601", first, second, expected);
    }
}

#[test]
fn an_abbreviation_is_spelled_out_once() {
    let found = ["\"ZKB\" is nowhere spelled out"];
    for (first, second, expected) in [
        ("Open the ZKB.", "Close the ZKB.", &found[..]),
        ("Open the ZKB.", "Close it.", &[]),
        ("Open the time book (ZKB).", "Close the ZKB.", &[]),
        ("Open the ZKB (the time book).", "Close the ZKB.", &[]),
        ("ZKB: the time book.", "Close the ZKB.", &[]),
        ("Open the zonal key book, the ZKB.", "Close the ZKB.", &[]),
        ("Open the CRM.", "Close the CRM.", &[]),
        ("Do NOT open it.", "Do NOT close it.", &[]),
        ("Open it VERY slowly and very well.", "Close it VERY slowly.", &[]),
        ("Open ZKB-12.", "Close ZKB-13.", &[]),
        ("Open `ZKB`.", "Close `ZKB`.", &[]),
        ("> Open the ZKB.", "> Close the ZKB.", &[]),
        ("OPEN THE ZKB NOW.", "CLOSE THE ZKB NOW.", &[]),
    ] {
        check("SOP0704", first, second, expected);
    }
}

#[test]
fn work_that_goes_round_is_changed_on_the_way() {
    let steps = |middle: &str| {
        saying("- Hand off to Sales", "").replace(
            "2. **Send",
            &format!("2. {middle}\n3. **Send the file** — Project lead\n4. **Send"),
        )
    };
    for (middle, expected) in [
        (
            "**Pass the hours to the project lead** — Sales\n\n   - Hand off to Project lead",
            &[
                "the work goes Project lead -> Sales -> Project lead and nobody on the way does anything to it",
            ][..],
        ),
        (
            "**Forward the hours to IT** — Sales\n\n   - Hand off to IT\n\n3. **Return the hours** — IT\n\n   - Hand off to Project lead",
            &[
                "the work goes Project lead -> Sales -> IT -> Project lead and nobody on the way does anything to it",
            ],
        ),
        ("**Check the hours** — Sales\n\n   - Hand off to Project lead", &[]),
        ("**Pass the hours on and note it** — Sales\n\n   - Hand off to Project lead", &[]),
        (
            "**Pass the hours on** — Sales\n\n   - Evidence: the note\n   - Hand off to Project lead",
            &[],
        ),
        ("**Pass the hours on** — Sales\n\n   - Hand off to Accounting", &[]),
    ] {
        let found = compile(&steps(middle), "x.md").diagnostics;
        let said: Vec<&str> = found
            .iter()
            .filter(|d| d.code.as_str() == "SOP0215")
            .map(|d| d.message.as_str())
            .collect();
        assert_eq!(said, expected, "{middle}");
    }
}
