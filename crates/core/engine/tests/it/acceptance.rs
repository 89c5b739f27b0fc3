//! The output is accepted by the owner, or returned; only then the run is done.

use crate::world::{World, process, say, step};
use gemba_model::{Output, Process, Span};

fn sending() -> Process {
    let mut process = process(vec![step("draft", "A"), step("send", "B")]);
    let (text, span) = ("The letter is with the client".to_owned(), Span::default());
    process.expected_output = vec![Output { text, checks: vec!["signed".to_owned()], span }];
    process
}

#[track_caller]
fn check(story: &[(&str, &str)]) {
    let mut world = World::new(&sending());
    for (line, expected) in story {
        assert_eq!(say(&mut world, line), *expected, "{line}");
    }
}

#[test]
fn the_run_is_done_when_the_owner_accepts() {
    check(&[
        ("A: done draft", "running [send/1]"),
        ("B: done send", "running [accept-output/1]"),
        ("B: done accept-output branch=accept", "RUN0203"),
        ("Owner: done accept-output", "RUN0205"),
        ("Owner: done accept-output branch=accept", "completed []"),
    ]);
}

#[test]
fn the_owner_returns_it_to_a_step_and_says_why() {
    check(&[
        ("A: done draft", "running [send/1]"),
        ("B: done send", "running [accept-output/1]"),
        ("Owner: done accept-output branch=return-draft", "RUN0207"),
        ("Owner: done accept-output branch=return-draft because=wrong_name", "running [draft/2]"),
        ("A: done draft", "running [send/2]"),
        ("B: done send", "running [accept-output/2]"),
        ("Owner: done accept-output branch=accept", "completed []"),
    ]);
}

#[test]
fn what_the_owner_does_last_is_accepted_thereby() {
    let mut process = sending();
    process.steps.push(step("file", "Owner"));
    let mut world = World::new(&process);
    say(&mut world, "A: done draft");
    say(&mut world, "B: done send");
    assert_eq!(say(&mut world, "Owner: done file"), "completed []");
}

#[test]
fn a_manager_can_let_the_run_end_without_the_owner() {
    check(&[
        ("A: done draft", "running [send/1]"),
        ("Manager: skip send because=x", "running [accept-output/1]"),
        ("Manager: skip accept-output because=away", "RUN0205"),
        ("Manager: skip accept-output branch=accept because=away", "completed []"),
    ]);
}

#[test]
fn a_step_of_the_same_name_stands_in_nobodys_way() {
    let mut process = sending();
    process.steps.push(step("accept-output", "A"));
    let mut world = World::new(&process);
    say(&mut world, "A: done draft");
    say(&mut world, "B: done send");
    assert_eq!(say(&mut world, "A: done accept-output"), "running [accept-output-2/1]");
    let asked = process.asked(&world.run.open[0].step).map(|step| step.text);
    assert_eq!(asked.as_deref(), Some("- The letter is with the client\n  - signed"));
}
