//! Very many runs: copies of one that the engine made, each whole, with its work items and its events.

use gemba_model::id::{RunId, WorkItemId};
use gemba_store::{EventRow, ItemFilter, ItemRow, Mode, RunRow, Store};
use jiff::{SignedDuration, Timestamp};

/// How many runs are written in one transaction.
const PAGE: u64 = 2_000;

/// A run to make copies of.
#[derive(Debug)]
pub(crate) struct Model {
    row: RunRow,
    events: Vec<EventRow>,
    items: Vec<ItemRow>,
}

impl Model {
    /// A run of the store with all that belongs to it.
    pub(crate) async fn of(store: &dyn Store, id: RunId) -> Self {
        let mut tx = store.begin(Mode::Read).await.expect("a transaction");
        let row = tx.run(id).await.expect("the run").expect("it is there");
        let events = tx.events(id, 0, 200).await.expect("its events");
        let all = ItemFilter { run: Some(id), limit: 200, ..ItemFilter::default() };
        let items = tx.items(&all).await.expect("its work items");
        Self { row, events, items }
    }

    /// So many copies with numbers from `first` on. What wakes the run is moved by as much as `later` says
    /// for each.
    pub(crate) async fn copy(
        &self,
        store: &dyn Store,
        first: u64,
        n: u64,
        later: impl Fn(u64) -> SignedDuration,
    ) {
        let mut from = first;
        while from < first + n {
            let to = (from + PAGE).min(first + n);
            let mut tx = store.begin(Mode::Write).await.expect("a transaction");
            for nth in from..to {
                let wake = self.row.wake.and_then(|at| at.checked_add(later(nth)).ok());
                let (row, events, items) = self.one(nth, wake);
                tx.put_run(&row).await.expect("written");
                tx.append_events(row.id, 1, &events).await.expect("written");
                for item in items {
                    tx.put_item(&item).await.expect("written");
                }
            }
            tx.commit().await.expect("durable");
            from = to;
        }
    }

    /// The copy with this number. Its ids stand wherever those of the model stand.
    fn one(&self, nth: u64, wake: Option<Timestamp>) -> (RunRow, Vec<EventRow>, Vec<ItemRow>) {
        let millis = 1_700_000_000_000 + nth;
        let id = RunId::new(millis, u128::from(nth));
        let mut ids = vec![(self.row.id.to_string(), id.to_string())];
        let items: Vec<ItemRow> = (0_u32..)
            .zip(&self.items)
            .map(|(part, item)| {
                let new = WorkItemId::new(millis, u128::from(nth) << 32 | u128::from(part));
                ids.push((item.id.to_string(), new.to_string()));
                ItemRow { id: new, run: id, ..item.clone() }
            })
            .collect();
        let renamed = |text: &str| {
            ids.iter().fold(text.to_owned(), |text, (old, new)| text.replace(old, new))
        };
        let events = self
            .events
            .iter()
            .map(|event| EventRow { body: renamed(&event.body), ..event.clone() });
        let number = self.row.number + 1 + i64::try_from(nth).expect("few");
        let body = renamed(&self.row.body);
        (RunRow { id, number, wake, body, ..self.row.clone() }, events.collect(), items)
    }
}
