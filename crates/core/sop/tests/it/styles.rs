//! Ways in which people write the same thing, each read as meant.

use gemba_sop::{Holder, KnownSeat, Surroundings, compile, compile_in};

/// The titles and seats of the steps of a text, as "title: seat".
fn steps(text: &str) -> Vec<String> {
    let seat = |s: &gemba_model::Step| s.seat.as_ref().map_or("-".to_owned(), |s| s.name.clone());
    let first = compile(text, "x.md").processes.into_iter().next();
    let steps = first.map(|process| process.steps).unwrap_or_default();
    steps.iter().map(|s| format!("{}: {}", s.title, seat(s))).collect()
}

#[test]
fn a_role_after_a_dash_does_the_step_also_without_the_canonical_heading() {
    let text = "# Reporting\n\n1. **Collect the numbers** — Data analyst\n\n   Pull them.\n\n\
                2. **Write the report** — Account manager {#write}\n\n   Write it.\n\n\
                3. **Check it** — the numbers must match\n\n   Compare them.\n";
    assert_eq!(
        steps(text),
        ["Collect the numbers: Data analyst", "Write the report: Account manager", "Check it: -"]
    );
}

#[test]
fn a_table_with_who_and_what_is_a_list_of_steps() {
    let text = "# Access review\n\n## Procedure\n\n| Step | Who | What |\n|---|---|---|\n\
                | 1 | System owner | Export the accounts |\n| 2 | Security lead | Review each account |\n";
    let read = steps(text);
    assert_eq!(read.len(), 2, "{read:?}");
    assert!(
        read[0].ends_with(": System owner") && read[1].ends_with(": Security lead"),
        "{read:?}"
    );
}

#[test]
fn headings_that_count_are_steps_and_checkboxes_are_too() {
    let text =
        "# Release\n\n## Step 1: Tag it\n\nTag.\n\n## Step 2: Announce it\n\nWrite to all.\n";
    assert_eq!(steps(text).len(), 2);
    let text = "# Hand over\n\n## Checklist\n\n- [ ] Return the laptop\n- [ ] Close the accounts\n";
    assert_eq!(steps(text).len(), 2);
}

#[test]
fn places_in_unfolded_text_may_fall_between_the_bytes_of_a_letter() {
    let text = "# É\n\n!!! note \"éé\"\n    1. éééé, go to step 9.\n    2. If é, go to step 77.\n\n\
                <Tabs>\n<summary>ééé</summary>\n";
    let compiled = compile(text, "x.md");
    let found = gemba_diag::LineIndex::new(text);
    for finding in compiled.diagnostics {
        assert!(found.line(finding.range.start) < 9);
        let _shown = gemba_diag::LineIndex::new(text).position(finding.range.start);
    }
}

#[test]
fn a_noun_is_a_seat_where_the_team_has_that_seat() {
    let text =
        "# Ship it\n\n1. The zapfer packs the box.\n2. Zapfer must seal it.\n3. The box is sent.\n";
    let seats = |names: &[&str]| Surroundings {
        seats: Some(
            names
                .iter()
                .map(|name| KnownSeat {
                    name: (*name).to_owned(),
                    aliases: Vec::new(),
                    holder: Holder::Person,
                })
                .collect(),
        ),
        ..Surroundings::default()
    };
    for (names, expected) in [
        (&["Zapfer", "Sales"][..], [Some("Zapfer"), Some("Zapfer"), None]),
        (&["Sales"], [None; 3]),
    ] {
        let process = compile_in(text, "x.md", &seats(names)).processes.swap_remove(0);
        let read: Vec<Option<&str>> =
            process.steps.iter().map(|s| s.seat.as_ref().map(|seat| seat.name.as_str())).collect();
        assert_eq!(read, expected, "{names:?}");
    }
}
