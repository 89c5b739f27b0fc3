//! Whether what a page shows is still so: a mark that is another as soon as something of it changed.

use crate::{Act, App, Result, Who, accounts::hashed, records::Incident, triggers, work};
use gemba_model::id::RunId;
use gemba_store::{ItemFilter, ItemState, Mode, by_key};

/// The most work items that are looked at.
const ITEMS: u32 = 200;

/// What a page shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Topic {
    /// A run: its steps and what happened.
    Run(RunId),
    /// The steps, incidents and missed occurrences that wait for the one who looks.
    MyWork,
}

/// The mark of what is so now. It says nothing but whether two are the same.
pub async fn mark(app: &App, who: &Who, topic: Topic) -> Result<String> {
    let mut tx = app.open(who, Act::Read, Mode::Read).await?;
    let so = match topic {
        Topic::Run(id) => match tx.run(id).await? {
            Some(run) => format!("{} {:?}", run.n_events, run.state),
            None => String::new(),
        },
        Topic::MyWork => {
            let states = vec![ItemState::Open, ItemState::Claimed];
            let filter = ItemFilter { states, limit: ITEMS, ..ItemFilter::default() };
            let items = work::of_one(&mut *tx, who, &filter).await?;
            let incidents: Vec<_> = by_key::<Incident>(&mut *tx, "open", "yes")
                .await?
                .into_iter()
                .filter(|found| who.works_for(found.value.seat))
                .map(|found| (found.value.id, found.version))
                .collect();
            let missed: Vec<_> = triggers::asked_of(app, &mut *tx, who)
                .await?
                .into_iter()
                .map(|(trigger, asks)| (trigger.trigger.id, asks.row.due))
                .collect();
            format!("{items:?} {incidents:?} {missed:?}")
        }
    };
    Ok(hashed(so.as_bytes()).chars().take(16).collect())
}
