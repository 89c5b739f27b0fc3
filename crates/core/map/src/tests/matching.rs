//! Which step is which, at any depth, and which moved.

use super::sample;
use gemba_model::Process;
use gemba_model::matching::Matching;

/// A process of steps by their numbers, those within another after two blanks.
fn process(steps: &str) -> Process {
    let mut process = sample::process("Any");
    process.steps.clear();
    for line in steps.split('/') {
        let step = sample::step(line.trim().parse().unwrap(), line.trim(), "");
        match process.steps.last_mut().filter(|_| line.starts_with("  ")) {
            Some(above) => above.steps.push(step),
            None => process.steps.push(step),
        }
    }
    process
}

/// Each new step: `=` stayed, `~` moved, `+` came.
#[track_caller]
fn check(old: &str, new: &str, expected: &str) {
    let (old, new) = (process(old), process(new));
    let matching = Matching::of(&old, &new);
    let before = old.all_steps();
    let mut told: Vec<String> = Vec::new();
    for (now, step) in new.all_steps().iter().enumerate() {
        let mark = match matching.was.get(&now) {
            Some(was) => {
                assert_eq!(before[*was].id, step.id);
                if matching.moved.contains(&now) { "~" } else { "=" }
            }
            None => "+",
        };
        told.push(format!("{mark}{}", step.number));
    }
    assert_eq!(told.join(" "), expected);
}

#[test]
fn steps_are_matched_level_by_level_and_as_few_moved_as_explain_the_order() {
    check("1/2/3", "1/2/3", "=1 =2 =3");
    check("1/2/3", "3/1/2", "~3 =1 =2");
    check("1/2", "1/9/2", "=1 +9 =2");
    check("1/  4/  5/2", "1/  5/  4/2", "=1 ~5 =4 =2");
    check("1/  4/2", "2/1/  4", "~2 =1 =4");
    check("1/  4/2", "1/2/  4", "=1 =2 ~4");
    // The map shows no step within another: one that comes out of another is new there.
    check("1/  4/2", "1/4/2", "=1 +4 =2");
}
