//! Changes as an author sees them: the text before, the change, the text after.

use super::*;
use crate::compile;

const SOP: &str = "# T

## Steps

1. **Collect** — Clerk {#collect}

   Take them.

   - If one is missing, go to step 3.
   - Otherwise, continue.
   - Evidence (text): who

2. **Check** — Lead {#check}

   As in step 1.

3. **Send** — Clerk {#send}

   - If it bounces, go back to step 2.

## Expected output

- All is sent in step 3.
";

#[track_caller]
fn made(source: &str, step: &str, change: &Change) -> Changed {
    super::change(source, "t.md", 0, &StepId::from_text(step, "x"), change).unwrap()
}

#[track_caller]
fn check(source: &str, step: &str, change: &Change, expected: &str) {
    let made = made(source, step, change);
    assert_eq!(made.text, expected, "{change:?}");
    assert!(made.text.get(made.select.clone()).is_some(), "{:?}", made.select);
}

fn after(title: &str) -> Change {
    Change::After(title.to_owned())
}

#[test]
fn a_step_put_in_moves_the_numbers_of_those_behind_it_and_every_word_about_them() {
    check(
        SOP,
        "collect",
        &after("Count them"),
        &SOP.replace("2. **Check**", "2. **Count them** — Clerk\n\n3. **Check**")
            .replace("3. **Send**", "4. **Send**")
            .replace("go to step 3", "go to step 4")
            .replace("go back to step 2", "go back to step 3")
            .replace("in step 3", "in step 4"),
    );
    let first = Change::Before("Count them".to_owned());
    let made = made(SOP, "collect", &first);
    assert!(made.text.contains("1. **Count them** — Clerk\n\n2. **Collect**"), "{}", made.text);
    assert!(made.text.contains("As in step 2.") && made.text.contains("go back to step 3."));
    assert_eq!(made.text.get(made.select), Some("Count them"));
}

#[test]
fn steps_change_places_and_are_followed() {
    let moved = made(SOP, "check", &Change::Down);
    let steps = compile(&moved.text, "t").processes.swap_remove(0).steps;
    let titles: Vec<String> = steps.iter().map(|s| format!("{} {}", s.label, s.title)).collect();
    assert_eq!(titles, ["1. Collect", "2. Send", "3. Check"]);
    assert!(moved.text.contains("go back to step 3.") && moved.text.contains("sent in step 2."));
    let back = made(&moved.text, "check", &Change::Up);
    assert_eq!(back.text, SOP);
}

#[test]
fn a_step_gets_what_it_lacks_where_it_belongs() {
    let to = |id: &str| Some(StepId::from_text(id, "x"));
    let decision = |condition: &str, to| Change::Decision { condition: condition.to_owned(), to };
    check(
        SOP,
        "collect",
        &decision("If nothing came", to("send")),
        &SOP.replace("   - Otherwise", "   - If nothing came, go to step 3.\n   - Otherwise"),
    );
    check(
        SOP,
        "check",
        &decision("it is wrong", None),
        &SOP.replace(
            "As in step 1.",
            "As in step 1.\n\n   - If it is wrong, end the process.\n   - Otherwise, continue.",
        ),
    );
    check(
        SOP,
        "collect",
        &Change::Handoff("Lead".to_owned()),
        &SOP.replace("(text): who", "(text): who\n   - Hand off to Lead."),
    );
    check(
        SOP,
        "send",
        &Change::Due("2 days after the start".to_owned()),
        &SOP.replace("to step 2.\n", "to step 2.\n   - Due: 2 days after the start\n"),
    );
    let blank = made(SOP, "send", &Change::Evidence(String::new()));
    assert_eq!(blank.text.get(blank.select), Some("what it leaves as proof"));
}

#[test]
fn each_form_of_list_gets_a_step_in_its_own_form() {
    for (before, step, expected) in [
        (
            "# T\n\n1. Open the box\n2. Close the box, then go to step 1.\n",
            "open-the-box",
            "# T\n\n1. Open the box\n2. Count it\n3. Close the box, then go to step 1.\n",
        ),
        (
            "# T\n\n1. Open the box\n1. Close the box\n",
            "open-the-box",
            "# T\n\n1. Open the box\n1. Count it\n1. Close the box\n",
        ),
        (
            "# T\n\n## Steps\n\n- [ ] Open the box\n- [ ] Close the box\n",
            "close-the-box",
            "# T\n\n## Steps\n\n- [ ] Open the box\n- [ ] Close the box\n- [ ] Count it\n",
        ),
        (
            "# T\n\n## Step 1: Open the box\n\nOpen it.\n\n## Step 2: Close the box\n\nSee step 1.\n",
            "open-the-box",
            "# T\n\n## Step 1: Open the box\n\nOpen it.\n\n## Step 2: Count it\n\nWrite here what is \
             done.\n\n## Step 3: Close the box\n\nSee step 1.\n",
        ),
        (
            "# T\n\n## Procedure\n\n| Step | Who | What |\n|---|---|---|\n| 1 | Lead | Open the box |\n\
             | 2 | Clerk | Close the box |\n",
            "open-the-box",
            "# T\n\n## Procedure\n\n| Step | Who | What |\n|---|---|---|\n| 1 | Lead | Open the box |\n\
             | 2 | Lead | Count it |\n| 3 | Clerk | Close the box |\n",
        ),
    ] {
        check(before, step, &after("Count it"), expected);
    }
}

#[test]
fn what_stands_under_a_number_that_grows_stays_under_it() {
    let steps: Vec<String> = (1..=9)
        .map(|n| format!("{n}. **Do {n}**\n\n   It.\n\n   - Due: {n} days after the start"))
        .collect();
    let source = format!("# T\n\n## Steps\n\n{}\n", steps.join("\n\n"));
    let made = made(&source, "do-1", &after("Do more"));
    assert!(made.text.contains("10. **Do 9**\n\n    It.\n\n    - Due: 9 days"), "{}", made.text);
    let steps = compile(&made.text, "t").processes.swap_remove(0).steps;
    assert_eq!(steps.last().and_then(|s| s.due.as_deref()), Some("9 days after the start"));
}

#[test]
fn what_cannot_be_done_surely_is_refused() {
    let refused = |source: &str, step: &str, change: &Change| {
        super::change(source, "t.md", 0, &StepId::from_text(step, "x"), change).unwrap_err()
    };
    assert_eq!(refused(SOP, "nothing", &Change::Up), Refused::NoStep);
    assert_eq!(refused(SOP, "collect", &Change::Up), Refused::NoNeighbour);
    let due = made(SOP, "collect", &Change::Due(String::new())).text;
    assert_eq!(refused(&due, "collect", &Change::Due(String::new())), Refused::HasDue);
    assert_eq!(refused(SOP, "send", &Change::Down), Refused::NoNeighbour);
    let before = SOP.replace("go back to step 2", "go back to the previous step");
    assert_eq!(refused(&before, "check", &after("Count")), Refused::Unsure);
}

const TABLE: &str = "# T

## Procedure

| Step | Who | What | Due |
|---|---|---|---|
| 1 | Lead | Open the box | |
| 2 | Clerk | Close the box | Friday |
| 3 | Clerk | Send the box | |
";

#[test]
fn a_row_of_a_table_gets_what_it_lacks_in_its_cells() {
    let to = Some(StepId::from_text("open-the-box", "x"));
    let decision = Change::Decision { condition: "the box | lid is torn".to_owned(), to };
    for (step, change, before, after) in [
        (
            "close-the-box",
            decision,
            "| Close the box |",
            "| Close the box. If the box \\| lid is torn, go back to step 1. Otherwise, continue. |",
        ),
        (
            "close-the-box",
            Change::Decision { condition: "it is empty".to_owned(), to: None },
            "| Close the box |",
            "| Close the box. If it is empty, end the process. Otherwise, continue. |",
        ),
        (
            "send-the-box",
            Change::Handoff("Lead".to_owned()),
            "| Send the box |",
            "| Send the box. Hand off to Lead. |",
        ),
        (
            "open-the-box",
            Change::Due("2 days after the start".to_owned()),
            "| Open the box | |",
            "| Open the box | 2 days after the start |",
        ),
    ] {
        check(TABLE, step, &change, &TABLE.replace(before, after));
    }
}

const PROSE: &str = "---
owner: Office manager
trigger: when a parcel arrives
---

# Parcel desk

The clerk opens the box and counts the pieces.

The lead signs the note.

The clerk puts the box on the shelf.

## Expected output

- A signed note
";

#[test]
fn prose_takes_steps_as_paragraphs_and_decisions_as_sentences() {
    let first = "the-clerk-opens-the-box-and-counts-the-pieces";
    let id = |source: &str, nth: usize| compile(source, "t").processes[0].steps[nth].id.to_string();
    assert_eq!(compile(PROSE, "t").processes[0].steps.len(), 3, "{first}");
    let (one, two) = (id(PROSE, 0), id(PROSE, 1));
    for (step, change, before, after) in [
        (
            &one,
            after("The clerk writes the number on the note"),
            "the pieces.\n",
            "the pieces.\n\nThe clerk writes the number on the note.\n",
        ),
        (
            &one,
            after("weigh the box"),
            "the pieces.\n",
            "the pieces.\n\nThen the clerk must weigh the box.\n",
        ),
        (
            &two,
            Change::Decision {
                condition: "a piece is missing".to_owned(),
                to: Some(StepId::from_text(&one, "x")),
            },
            "the note.\n",
            "the note. If a piece is missing, go back to step 1. Otherwise, continue.\n",
        ),
        (
            &two,
            Change::Handoff("Clerk".to_owned()),
            "the note.\n",
            "the note. Hand off to Clerk.\n",
        ),
    ] {
        check(PROSE, step, &change, &PROSE.replacen(before, after, 1));
    }
}

#[test]
fn the_second_process_of_a_file_is_changed_like_the_first_and_the_first_stays() {
    let source = "# Opening\n\n## Steps\n\n1. Unlock the door\n2. Count the till, then go to step 1.\n\n\
                  # Closing\n\n## Steps\n\n1. Count the till\n2. Lock the door, then go back to step 1.\n";
    let id = StepId::from_text("count-the-till", "x");
    let made = change(source, "t.md", 1, &id, &Change::Before("Send them home".to_owned()));
    let expected = source
        .replace("1. Count the till\n2. Lock", "1. Send them home\n2. Count the till\n3. Lock")
        .replace("go back to step 1", "go back to step 2");
    assert_eq!(made.unwrap().text, expected);
    let none = change(source, "t.md", 2, &id, &Change::Up);
    assert_eq!(none.unwrap_err(), Refused::NoStep);
}

/// Every change that there is, of every step.
fn all_changes(source: &str, mut see: impl FnMut(&Step, &Change, Result<Changed, Refused>)) {
    let process = compile(source, "t.md").processes.swap_remove(0);
    let last = process.steps.last().map(|step| step.id.clone());
    for step in process.all_steps() {
        for change in [
            Change::Before(String::new()),
            Change::After(String::new()),
            Change::Up,
            Change::Down,
            Change::Decision { condition: String::new(), to: last.clone() },
            Change::Decision { condition: String::new(), to: None },
            Change::Handoff("Operations lead".to_owned()),
            Change::Evidence(String::new()),
            Change::Due("5 business days after the start".to_owned()),
        ] {
            see(step, &change, super::change(source, "t.md", 0, &step.id, &change));
        }
    }
}

#[test]
fn every_step_of_a_canonical_document_takes_every_change() {
    let mut n = 0;
    all_changes(SOP, |step, change, made| {
        n += 1;
        let alone =
            matches!((step.number.as_str(), change), ("1", Change::Up) | ("3", Change::Down));
        match made {
            Ok(made) => {
                assert!(!alone && made.text != SOP);
                assert!(made.text.get(made.select).is_some());
            }
            Err(Refused::NoNeighbour) => assert!(alone, "{} {change:?}", step.number),
            Err(refused) => panic!("{} {change:?}: {refused:?}", step.number),
        }
    });
    assert_eq!(n, 27);
}

mod any_text {
    use super::*;
    use proptest::prelude::*;

    fn line() -> impl Strategy<Value = String> {
        prop_oneof![
            "[1-9][0-9]?[.)] (Open|Check|Send) [a-c]{1,3}",
            "   - If [a-c]{1,2}, go to step [1-9]\\.",
            "   [1-3]\\. (Ask|Take) [a-c]{1,3}",
            "#{1,3} (Step )?[1-4][.:] (Open|Send) [a-cä]{1,3}",
            "- (\\[ \\] )?(Open|Check) [a-c]{1,3}",
            "\\| [1-4] \\| (Lead|Clerk) \\| (Open|Send) [a-c] \\|",
            Just("|---|---|---|".to_owned()),
            "See steps? [1-9](, [1-9])*\\.",
            Just(String::new()),
            "[ \t*_|#.-]{0,6}[a-z0-9🙂]{0,4}",
        ]
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]
        #[test]
        fn is_changed_or_refused(lines in proptest::collection::vec(line(), 0..14)) {
            let source = lines.join("\n");
            all_changes(&source, |_, _, made| {
                if let Ok(made) = made {
                    assert!(made.text.get(made.select).is_some());
                }
            });
        }
    }
}
