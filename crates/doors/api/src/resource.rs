//! The table: all operations, resource by resource.

mod absence;
mod agent;
mod attachment;
mod audit;
mod channel;
mod file;
mod incident;
mod measurable;
mod moving;
mod print;
mod process;
mod review;
mod revision;
mod run;
mod search;
mod seat;
mod suggestion;
mod token;
mod trigger;
mod work;
mod workspace;

use crate::operation::Operation;

const PROCESSES: &str = "Processes";
const RUNS: &str = "Runs";
const WORK: &str = "Work";
const SEATS: &str = "Seats";
const SCORECARD: &str = "Scorecard";
const IMPROVE: &str = "Improve";
const WORKSPACE: &str = "Workspace";

/// The groups of operations, and what each is about.
pub(crate) const TAGS: [(&str, &str); 7] = [
    (PROCESSES, "The documents: drafts, revisions, maps, who does what."),
    (RUNS, "Processes being carried out."),
    (WORK, "Steps whose turn it is, for the seats that do them."),
    (SEATS, "The team chart."),
    (SCORECARD, "Numbers that seats push each week."),
    (IMPROVE, "What happened, what is missing, what is due."),
    (WORKSPACE, "The company, its tokens and files, and who you are."),
];

/// All operations.
pub(crate) fn operations() -> Vec<Operation> {
    let groups: [(&'static str, Vec<Operation>); 21] = [
        (PROCESSES, process::operations()),
        (PROCESSES, revision::operations()),
        (PROCESSES, print::operations()),
        (PROCESSES, attachment::operations()),
        (PROCESSES, search::operations()),
        (PROCESSES, suggestion::operations()),
        (RUNS, run::operations()),
        (RUNS, trigger::operations()),
        (WORK, work::operations()),
        (WORK, incident::operations()),
        (WORK, moving::operations()),
        (SEATS, seat::operations()),
        (SEATS, absence::operations()),
        (SEATS, agent::operations()),
        (SCORECARD, measurable::operations()),
        (IMPROVE, review::operations()),
        (IMPROVE, audit::operations()),
        (WORKSPACE, file::operations()),
        (WORKSPACE, token::operations()),
        (WORKSPACE, channel::operations()),
        (WORKSPACE, workspace::operations()),
    ];
    let tagged = |(tag, operations): (&'static str, Vec<Operation>)| {
        operations.into_iter().map(move |operation| Operation { tag, ..operation })
    };
    groups.into_iter().flat_map(tagged).collect()
}
