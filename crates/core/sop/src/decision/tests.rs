//! What sentences say of branches, case by case.

use super::*;

#[track_caller]
fn check(text: &str, expected: Option<(&str, &str, Jump)>) {
    let got = sentence(text);
    let expected = expected.map(|(condition, action, jump)| Branch {
        condition: condition.to_owned(),
        action: action.to_owned(),
        jump,
    });
    assert_eq!(got, expected, "{text}");
}

fn to(words: &str, hard: bool) -> Jump {
    Jump::To { words: words.to_owned(), hard }
}

#[test]
fn a_bound_is_one_of_the_way_back_only() {
    let check = |text: &str, expected: Option<u32>| assert_eq!(bound(text), expected, "{text}");
    check("If it is wrong, go back to step 1, at most 3 times.", Some(3));
    check("If it is wrong, tell Sales, then go back to step 1 (no more than twice)", Some(2));
    check("Call the client at most 3 times.", None);
    check("Go back to step 1 within at most 3 days.", None);
}

#[test]
fn a_sentence_with_a_condition_is_a_branch() {
    check(
        "If a sheet is missing, go to step 3.",
        Some(("a sheet is missing", "", to("go to step 3", true))),
    );
    check(
        "If it does not open, mend it with them, then continue.",
        Some(("it does not open", "mend it with them", Jump::Next)),
    );
    check(
        "If it needs checks, training, or other measures, the PM sees to it.",
        Some(("it needs checks, training, or other measures", "the PM sees to it", Jump::Inline)),
    );
    check("Otherwise, continue.", Some(("otherwise", "", Jump::Next)));
    check(
        "If it is late, tell Sales, then go back to step 2.",
        Some(("it is late", "tell Sales", to("go back to step 2", true))),
    );
    check("If paid, end the process.", Some(("paid", "", Jump::End)));
    check("If bad, end: rejected.", Some(("bad", "", Jump::EndAs("rejected".to_owned()))));
    check(
        "If bad, tell them, then end the process as rejected.",
        Some(("bad", "tell them", Jump::EndAs("rejected".to_owned()))),
    );
    check(
        "If bad, go back to step 2, at most 3 times.",
        Some(("bad", "", to("go back to step 2", true))),
    );
    check(
        "If A, B, or C fails, call the lead.",
        Some(("A", "B, or C fails, call the lead", Jump::Inline)),
    );
    check("If A or B fails then stop", Some(("A or B fails", "", Jump::End)));
    check(
        "Unless it is small, ask the CFO",
        Some(("unless it is small", "ask the CFO", Jump::Inline)),
    );
    check(
        "If it is listed, they can continue with step 2.3.",
        Some(("it is listed", "", to("continue with step 2.3", true))),
    );
    check(
        "Ask the CFO if it exceeds 1,000 euros.",
        Some(("it exceeds 1,000 euros", "Ask the CFO", Jump::Inline)),
    );
    check(
        "If bad, see section \"Repairs\".",
        Some(("bad", "", Jump::Section("Repairs".to_owned()))),
    );
    check("If in doubt, go to the office", Some(("in doubt", "", to("go to the office", false))));
}

#[test]
fn other_sentences_are_none() {
    for text in
        ["Check if it works.", "Do it.", "Update it if applicable.", "As if by magic", "", "If"]
    {
        check(text, None);
    }
}
