//! Maps as pages get them.

use gemba_app::{
    Who,
    maps::{self, Direction, MOST_DRAWN, Shown},
    processes,
};
use gemba_model::Process;
use std::fmt::Write as _;

fn of_steps(count: usize) -> (String, Process) {
    let mut source = String::from("---\nowner: Clerk\n---\n\n# Long\n\n## Steps\n\n");
    for number in 1..=count {
        writeln!(source, "{number}. **Check invoice {number}** (Clerk)").unwrap();
    }
    let process = processes::read(&Who::operator(), &source, "long").unwrap().process;
    assert_eq!(process.steps.len(), count);
    (source, process)
}

#[test]
fn a_map_on_a_page_comes_in_both_directions_with_its_names_and_in_words() {
    let (_, process) = of_steps(3);
    let Shown::Drawn(drawing) = maps::shown(&process, "/processes/long") else {
        panic!("three steps are drawn");
    };
    let href = format!("href=\"/processes/long#step-{}\"", process.steps[0].id);
    for frame in [&drawing.right, &drawing.down] {
        let frame = frame.as_ref().unwrap();
        assert!(frame.map.contains(&href), "{}", frame.map);
        assert!(frame.names.contains(">Clerk<") && frame.names.contains("aria-hidden"));
    }
    assert_eq!(drawing.told.len(), 4);
}

#[test]
fn a_large_map_is_in_the_page_once_and_a_very_large_one_not_at_all() {
    let (source, process) = of_steps(MOST_DRAWN);
    let Shown::Drawn(drawing) = maps::shown(&process, "") else { panic!("the limit is drawn") };
    assert!(drawing.down.is_none());
    assert!(matches!(maps::of_lines(&process, &source, None), Shown::Drawn(_)));
    let (source, process) = of_steps(MOST_DRAWN + 1);
    assert_eq!(maps::shown(&process, ""), Shown::TooLarge { steps: MOST_DRAWN + 1 });
    assert_eq!(maps::of_lines(&process, &source, None), Shown::TooLarge { steps: MOST_DRAWN + 1 });
}

#[test]
fn while_one_writes_only_the_direction_in_sight_is_drawn() {
    let (source, process) = of_steps(3);
    for (in_sight, right, down) in [
        (None, true, true),
        (Some(Direction::Right), true, false),
        (Some(Direction::Down), false, true),
    ] {
        let Shown::Drawn(drawing) = maps::of_lines(&process, &source, in_sight) else {
            panic!("three steps are drawn");
        };
        assert_eq!(
            (drawing.right.is_some(), drawing.down.is_some()),
            (right, down),
            "{in_sight:?}"
        );
    }
    let (source, process) = of_steps(MOST_DRAWN);
    let shown = maps::of_lines(&process, &source, Some(Direction::Down));
    assert!(matches!(shown, Shown::Drawn(drawing) if drawing.down.is_some()));
    let (source, process) = of_steps(MOST_DRAWN + 1);
    let shown = maps::of_lines(&process, &source, Some(Direction::Down));
    assert_eq!(shown, Shown::TooLarge { steps: MOST_DRAWN + 1 });
}
