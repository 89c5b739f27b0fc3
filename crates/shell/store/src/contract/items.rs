//! The cases of work items.

use super::{Finding, at, begin, same, told};
use crate::{ItemFilter, ItemRow, ItemState, Mode, Store};
use gemba_model::{
    Priority, StepId,
    id::{AccountId, ProcessId, RunId, SeatId, WorkItemId},
};

pub(super) fn item_row(n: u64, seat: u128, state: ItemState) -> ItemRow {
    ItemRow {
        id: WorkItemId::new(n, 0),
        run: RunId::new(n, 0),
        process: ProcessId::new(1, 1),
        step: StepId::from_text("check", "step"),
        visit: 1,
        seat: SeatId::new(1, seat),
        state,
        opened: at(0),
        closed: (state == ItemState::Done).then(|| at(i64::try_from(n).unwrap_or(0))),
        branch: (state == ItemState::Done).then(|| "yes".to_owned()),
        holder: None,
        due: Some(at(60)),
        delegate: None,
        priority: Priority::Normal,
        follow_up: None,
    }
}

pub(super) async fn items_of_a_person_are_found_as_they_were_written(store: &dyn Store) -> Finding {
    let person = |n: u128| AccountId::new(1, n);
    let given = |n: u64, to: u128, state| ItemRow {
        delegate: Some(person(to)),
        priority: Priority::Urgent,
        follow_up: Some(at(90)),
        ..item_row(n, 1, state)
    };
    let mut tx = begin(store, Mode::Write).await?;
    tx.put_item(&item_row(1, 1, ItemState::Open)).await.map_err(told)?;
    for row in [
        given(2, 1, ItemState::Open),
        given(3, 2, ItemState::Open),
        given(4, 1, ItemState::Done),
        given(5, 1, ItemState::Open),
    ] {
        tx.put_item(&row).await.map_err(told)?;
    }
    tx.put_item(&item_row(5, 1, ItemState::Open)).await.map_err(told)?;
    let filter = ItemFilter {
        delegate: Some(person(1)),
        states: vec![ItemState::Open],
        limit: 9,
        ..ItemFilter::default()
    };
    let found = tx.items(&filter).await.map_err(told)?;
    same("theirs", &found, &vec![given(2, 1, ItemState::Open)])?;
    let back = tx.item(WorkItemId::new(5, 0)).await.map_err(told)?;
    same("taken back", &back, &Some(item_row(5, 1, ItemState::Open)))
}

pub(super) async fn items_are_filtered_and_counted(store: &dyn Store) -> Finding {
    let mut tx = begin(store, Mode::Write).await?;
    for row in [
        item_row(1, 1, ItemState::Open),
        item_row(2, 2, ItemState::Claimed),
        item_row(3, 1, ItemState::Done),
        item_row(4, 2, ItemState::Done),
        item_row(5, 1, ItemState::Open),
    ] {
        tx.put_item(&row).await.map_err(told)?;
    }
    tx.put_item(&item_row(5, 1, ItemState::Dropped)).await.map_err(told)?;
    let open = vec![ItemState::Open, ItemState::Claimed];
    let filter = ItemFilter { states: open.clone(), limit: 9, ..ItemFilter::default() };
    let ids = |rows: Vec<ItemRow>| rows.into_iter().map(|r| r.id).collect::<Vec<_>>();
    let expected = vec![WorkItemId::new(1, 0), WorkItemId::new(2, 0)];
    same("open, oldest first", &ids(tx.items(&filter).await.map_err(told)?), &expected)?;
    let seats = Some(vec![SeatId::new(1, 2), SeatId::new(1, 7)]);
    let filter = ItemFilter { states: open, seats, limit: 9, ..ItemFilter::default() };
    same("of seats", &ids(tx.items(&filter).await.map_err(told)?), &vec![WorkItemId::new(2, 0)])?;
    let filter = ItemFilter { seats: Some(Vec::new()), limit: 9, ..ItemFilter::default() };
    same("of no seat", &tx.items(&filter).await.map_err(told)?, &Vec::new())?;
    let filter =
        ItemFilter { after: Some(WorkItemId::new(2, 0)), limit: 1, ..ItemFilter::default() };
    same("a page", &ids(tx.items(&filter).await.map_err(told)?), &vec![WorkItemId::new(3, 0)])?;
    let filter = ItemFilter { run: Some(RunId::new(4, 0)), limit: 9, ..ItemFilter::default() };
    same(
        "of a run",
        &tx.items(&filter).await.map_err(told)?,
        &vec![item_row(4, 2, ItemState::Done)],
    )?;
    let stats = tx.step_stats(ProcessId::new(1, 1)).await.map_err(told)?;
    let numbers: Vec<_> =
        stats.iter().map(|s| (s.n, s.total_us, s.max_us, s.branch.clone())).collect();
    same("statistics", &numbers, &vec![(2, 7_000_000, 4_000_000, Some("yes".to_owned()))])
}
