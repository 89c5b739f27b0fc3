//! What a workspace knows around a text: its seats, its processes, the day it is there.

use crate::{
    App, Result,
    records::{Holder, ProcessRecord, Seat},
    workspace::its_zone,
};
use gemba_model::Process;
use gemba_sop::{KnownProcess, KnownSeat, Surroundings};
use gemba_store::{Tx, all};

/// What a text that somebody looks at now is held against.
///
/// Drafts, checks, proposals and reports of imports are for the one who looks, so they tell what is true
/// today in this workspace. What is kept does not: the counts in the summary of a process and whether a
/// text can be published follow from the text alone, or a list and its filters would change overnight,
/// and with every seat that is filled, though nobody wrote a word.
pub(crate) async fn of(app: &App, tx: &mut dyn Tx) -> Result<Surroundings> {
    let today = app.now().to_zoned(its_zone(tx).await?).date();
    let seats: Vec<KnownSeat> =
        all::<Seat>(tx).await?.into_iter().map(|seat| known_seat(seat.value)).collect();
    let processes = all::<ProcessRecord>(tx).await?;
    Ok(Surroundings {
        // Where nobody has begun a team chart, every name would be an unknown one.
        seats: Some(seats).filter(|seats| !seats.is_empty()),
        processes: Some(processes.into_iter().flat_map(|p| known_processes(p.value)).collect()),
        folders: Vec::new(),
        today: Some(today),
    })
}

/// The same, with processes that come together with the text, each with the name of its file.
pub(crate) fn with<'a>(
    mut around: Surroundings,
    beside: impl Iterator<Item = (&'a str, &'a Process)>,
) -> Surroundings {
    around.processes.get_or_insert_default().extend(beside.map(|(file, process)| KnownProcess {
        slug: process.slug.to_string(),
        title: process.title.clone(),
        file: Some(file.to_owned()),
    }));
    around
}

fn known_seat(seat: Seat) -> KnownSeat {
    let mut aliases = seat.aliases;
    aliases.push(seat.slug);
    let holder = match seat.holder {
        Holder::Vacant => gemba_sop::Holder::Vacant,
        Holder::Person { .. } => gemba_sop::Holder::Person,
        Holder::Agent { .. } => gemba_sop::Holder::Agent,
    };
    KnownSeat { name: seat.name, aliases, holder }
}

/// A process by its title in force, and by that of its draft where it is another one.
fn known_processes(record: ProcessRecord) -> Vec<KnownProcess> {
    let in_force = record.summary().title.clone();
    let draft = record.draft_summary.title;
    let titles = [Some(draft).filter(|title| *title != in_force), Some(in_force)];
    let known = |title| KnownProcess { slug: record.slug.clone(), title, file: None };
    titles.into_iter().flatten().map(known).collect()
}
