//! The one place where a run changes: its events, its state and its work items, in one transaction.

use crate::Result;
use gemba_engine::{Event, Open, Run, Status};
use gemba_model::id::WorkItemId;
use gemba_store::{EventRow, ItemRow, ItemState, RunRow, RunState, Tx};

pub(crate) async fn write(
    tx: &mut dyn Tx,
    mut row: RunRow,
    mut state: Run,
    events: &[Event],
) -> Result<Run> {
    let mut stored = Vec::with_capacity(events.len());
    for event in events {
        let before = state.clone();
        state = state.apply(event);
        let body =
            serde_json::to_string(event).map_err(|e| gemba_store::Error::corrupt("event", e))?;
        stored.push(EventRow { seq: 0, at: event.at(), body });
        for item in items(&row, &before, &state, event) {
            tx.put_item(&item).await?;
        }
    }
    tx.append_events(row.id, row.n_events + 1, &stored).await?;
    row.n_events = i64::try_from(state.n_events).unwrap_or(i64::MAX);
    row.state = match state.status {
        Status::New | Status::Running => RunState::Running,
        Status::Completed => RunState::Completed,
        Status::Cancelled => RunState::Cancelled,
    };
    row.ended = state.ended;
    row.wake = state.wake();
    row.body = serde_json::to_string(&state).map_err(|e| gemba_store::Error::corrupt("run", e))?;
    tx.put_run(&row).await?;
    Ok(state)
}

/// The work items that one event changes, as they are after it.
fn items(run: &RunRow, before: &Run, after: &Run, event: &Event) -> Vec<ItemRow> {
    let find = |state: &'_ Run, item: WorkItemId| {
        state.open.iter().find(|open| open.item == item).map(|open| row(run, open))
    };
    match event {
        Event::StepOpened { item, .. }
        | Event::StepClaimed { item, .. }
        | Event::StepReassigned { item, .. }
        | Event::StepReleased { item, .. }
        | Event::ClaimLapsed { item, .. }
        | Event::RunCalled { item, .. }
        | Event::CallNotMade { item, .. }
        | Event::CallReturned { item, .. }
        | Event::CallEnded { item, .. } => find(after, *item).into_iter().collect(),
        Event::StepSkipped { at, item, by, branch, .. } => {
            let closed = find(before, *item).map(|row| ItemRow {
                state: ItemState::Skipped,
                holder: Some(by.name().to_owned()),
                closed: Some(*at),
                branch: branch.clone(),
                ..row
            });
            closed.into_iter().collect()
        }
        Event::StepCompleted { at, item, by, branch, .. } => {
            let closed = find(before, *item).map(|row| ItemRow {
                state: ItemState::Done,
                holder: Some(by.name().to_owned()),
                closed: Some(*at),
                branch: branch.clone(),
                ..row
            });
            closed.into_iter().collect()
        }
        Event::StepWithdrawn { at, item, .. } => {
            let dropped = find(before, *item).map(|row| ItemRow {
                state: ItemState::Dropped,
                holder: None,
                closed: Some(*at),
                ..row
            });
            dropped.into_iter().collect()
        }
        Event::RunMoved { seats, .. } => {
            seats.iter().filter_map(|reseated| find(after, reseated.item)).collect()
        }
        Event::RunCancelled { at, .. } => {
            let dropped = before.open.iter().map(|open| ItemRow {
                state: ItemState::Dropped,
                holder: None,
                closed: Some(*at),
                ..row(run, open)
            });
            dropped.collect()
        }
        Event::RunStarted { .. }
        | Event::StepDivided { .. }
        | Event::StepJoined { .. }
        | Event::LeaseExtended { .. }
        | Event::DeadlinePassed { .. }
        | Event::SignalRaised { .. }
        | Event::RunCompleted { .. } => Vec::new(),
    }
}

/// An open work item as it is stored.
fn row(run: &RunRow, open: &Open) -> ItemRow {
    let waits = open.until.is_some() || open.child.is_some();
    let state = match &open.claim {
        Some(_) => ItemState::Claimed,
        None if waits => ItemState::Waiting,
        None => ItemState::Open,
    };
    ItemRow {
        id: open.item,
        run: run.id,
        process: run.process,
        step: open.step.clone(),
        visit: open.visit,
        seat: open.seat,
        state,
        opened: open.since,
        closed: None,
        branch: None,
        holder: open.claim.as_ref().map(|claim| claim.by.name().to_owned()),
        due: open.due,
    }
}
