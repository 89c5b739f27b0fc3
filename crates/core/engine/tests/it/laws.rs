//! Laws that hold for every process and every sequence of commands.

use crate::world::{World, branch, id, process, seat, step};
use gemba_engine::{Command, Completion, Event, Given, Run, Status, Which};
use gemba_model::{EvidenceKind, Process, StepKind, Target};
use proptest::prelude::*;

fn arbitrary_process() -> impl Strategy<Value = Process> {
    let one = (0_usize..3, prop::option::of(0_usize..8), 0_usize..4, any::<bool>());
    prop::collection::vec(one, 1..7).prop_map(|shape| {
        let n = shape.len();
        let steps = shape.into_iter().enumerate().map(|(index, (seat, jump, parts, together))| {
            let mut made = step(&format!("s{index}"), ["A", "B", "C"][seat]);
            let part = |part: usize| step(&format!("p{index}-{part}"), ["A", "B", "C"][part]);
            made.steps = (0..parts).map(part).collect();
            if together {
                made.kind = StepKind::Parallel;
            }
            if let Some(to) = jump {
                let target = match to {
                    to if to >= n => Target::End,
                    to if to <= index => Target::Loop(id(&format!("s{to}"))),
                    to => Target::Step(id(&format!("s{to}"))),
                };
                made.decisions = vec![branch("jump", target)];
            }
            made
        });
        process(steps.collect())
    })
}

fn arbitrary_command() -> impl Strategy<Value = (&'static str, Command)> {
    let who = prop::sample::select(vec!["A", "B", "C", "Manager"]);
    let which = prop_oneof![
        (0_usize..7).prop_map(|n| Which::Step(id(&format!("s{n}")))),
        (0_usize..7, 0_usize..3).prop_map(|(n, part)| Which::Step(id(&format!("p{n}-{part}")))),
    ];
    let completion =
        (prop::option::of(prop::sample::select(vec!["jump", "otherwise", "no"])), any::<bool>())
            .prop_map(|(branch, proof)| Completion {
                branch: branch.map(str::to_owned),
                reason: Some("because".to_owned()),
                note: None,
                evidence: if proof {
                    vec![Given { kind: EvidenceKind::Text, value: "x".to_owned(), name: None }]
                } else {
                    Vec::new()
                },
                token: None,
                shown: None,
            });
    let command = prop_oneof![
        1 => (which.clone(), prop::option::of(0_i64..200)).prop_map(|(which, lease)| {
            Command::Claim { which, lease: lease.map(jiff::SignedDuration::from_secs) }
        }),
        1 => which.clone().prop_map(|which| Command::Skip {
            which,
            branch: Some("otherwise".to_owned()),
            reason: "because".to_owned(),
        }),
        1 => (which.clone(), prop::sample::select(vec!["a", "b", "c"])).prop_map(|(which, to)| {
            Command::Reassign { which, to: seat(to), reason: "away".to_owned() }
        }),
        1 => which.clone().prop_map(|which| Command::Release { which }),
        8 => (which, completion).prop_map(|(which, with)| Command::Complete { which, with }),
        1 => Just(Command::Wake),
        1 => Just(Command::Cancel { reason: "enough".to_owned() }),
    ];
    (who, command)
}

proptest! {
    #[test]
    fn replaying_the_events_gives_the_state_after_every_step(
        process in arbitrary_process(),
        commands in prop::collection::vec(arbitrary_command(), 0..40),
    ) {
        let mut world = World::new(&process);
        for (who, command) in commands {
            let before = (world.run.clone(), world.history.len());
            if world.send(who, command).is_err() {
                prop_assert_eq!(&world.run, &before.0);
                prop_assert_eq!(world.history.len(), before.1);
            }
            prop_assert_eq!(&Run::replay(&world.history), &world.run);
            let text = serde_json::to_string(&world.history).expect("events are data");
            let read: Vec<Event> = serde_json::from_str(&text).expect("and can be read again");
            prop_assert_eq!(&read, &world.history);
        }
    }

    #[test]
    fn a_running_run_has_work_and_an_ended_one_has_none(
        process in arbitrary_process(),
        commands in prop::collection::vec(arbitrary_command(), 0..40),
    ) {
        let mut world = World::new(&process);
        for (who, command) in commands {
            let was_ended = !matches!(world.run.status, Status::Running | Status::Ending);
            let result = world.send(who, command);
            prop_assert!(!was_ended || result.is_err());
            let goes_on = matches!(world.run.status, Status::Running | Status::Ending);
            prop_assert_eq!(goes_on, !world.run.open.is_empty() || world.run.held.is_some());
            let opened = world.history.iter().filter(|e| matches!(e, Event::StepOpened { .. })).count();
            let done: u32 = world.run.done.values().chain(world.run.skipped.values()).sum();
            let cancelled = usize::from(world.run.status == Status::Cancelled);
            let joined = world.history.iter().filter(|e| matches!(e, Event::StepJoined { .. })).count();
            let left = world.run.open.len();
            if cancelled == 0 {
                prop_assert_eq!(opened + joined, usize::try_from(done).expect("small") + left);
            }
        }
    }
}
