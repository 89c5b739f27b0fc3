//! The one place where a run changes: its events, its state and its work items, in one transaction.

use crate::{App, Result};
use gemba_engine::{Event, Open, Run, Status};
use gemba_model::{Priority, id::WorkItemId};
use gemba_store::{EventRow, ItemRow, ItemState, RunRow, RunState, Tx};

/// Applies the events and writes what came of it. A run without a number is new and gets one.
pub(crate) async fn write(
    app: &App,
    tx: &mut dyn Tx,
    mut row: RunRow,
    mut state: Run,
    events: &[Event],
) -> Result<Run> {
    let mut stored = Vec::with_capacity(events.len());
    for event in events {
        let closed = closed(&row, &state, event);
        state = state.apply(event);
        let body =
            serde_json::to_string(event).map_err(|e| gemba_store::Error::corrupt("event", e))?;
        stored.push(EventRow { seq: 0, at: event.at(), body });
        for item in closed.into_iter().chain(changed(&row, &state, event)) {
            tx.put_item(&item).await?;
        }
    }
    tx.append_events(row.id, row.n_events + 1, &stored).await?;
    row.n_events = i64::try_from(state.n_events).unwrap_or(i64::MAX);
    row.state = match state.status {
        Status::New | Status::Running | Status::Ending => RunState::Running,
        Status::Completed => RunState::Completed,
        Status::Cancelled => RunState::Cancelled,
    };
    row.ended = state.ended;
    row.wake = state.wake();
    row.body = serde_json::to_string(&state).map_err(|e| gemba_store::Error::corrupt("run", e))?;
    if row.number == 0 {
        tx.put_new_run(&row).await?;
    } else {
        tx.put_run(&row).await?;
    }
    app.known().learn_run(row.id, &row.body, &state);
    Ok(state)
}

fn find(run: &RunRow, state: &Run, item: WorkItemId) -> Option<ItemRow> {
    state.open.iter().find(|open| open.item == item).map(|open| row(run, state.priority, open))
}

/// The work items that an event closes, of those that are open before it.
fn closed(run: &RunRow, before: &Run, event: &Event) -> Vec<ItemRow> {
    match event {
        Event::StepSkipped { at, item, by, branch, .. } => {
            let closed = find(run, before, *item).map(|row| ItemRow {
                state: ItemState::Skipped,
                holder: Some(by.told()),
                closed: Some(*at),
                branch: branch.clone(),
                ..row
            });
            closed.into_iter().collect()
        }
        Event::StepCompleted { at, item, by, branch, .. } => {
            let closed = find(run, before, *item).map(|row| ItemRow {
                state: ItemState::Done,
                holder: Some(by.told()),
                closed: Some(*at),
                branch: branch.clone(),
                ..row
            });
            closed.into_iter().collect()
        }
        Event::StepWithdrawn { at, item, .. } => {
            let dropped = find(run, before, *item).map(|row| ItemRow {
                state: ItemState::Dropped,
                holder: None,
                closed: Some(*at),
                ..row
            });
            dropped.into_iter().collect()
        }
        Event::RunEnding { at, .. } | Event::RunCancelled { at, .. } => {
            let dropped = before.open.iter().map(|open| ItemRow {
                state: ItemState::Dropped,
                holder: None,
                closed: Some(*at),
                ..row(run, before.priority, open)
            });
            dropped.collect()
        }
        Event::StepOpened { .. }
        | Event::StepClaimed { .. }
        | Event::StepReassigned { .. }
        | Event::StepDelegated { .. }
        | Event::DelegationEnded { .. }
        | Event::StepDeferred { .. }
        | Event::ReminderDue { .. }
        | Event::DeadlineSet { .. }
        | Event::ApprovalExpired { .. }
        | Event::PriorityChanged { .. }
        | Event::StepReleased { .. }
        | Event::ClaimLapsed { .. }
        | Event::RunCalled { .. }
        | Event::CallNotMade { .. }
        | Event::CallReturned { .. }
        | Event::CallEnded { .. }
        | Event::RoundBegun { .. }
        | Event::RoundHeld { .. }
        | Event::RoundAllowed { .. }
        | Event::OutcomeReached { .. }
        | Event::RunMoved { .. }
        | Event::RunStarted { .. }
        | Event::StepDivided { .. }
        | Event::StepJoined { .. }
        | Event::LeaseExtended { .. }
        | Event::DeadlinePassed { .. }
        | Event::SignalRaised { .. }
        | Event::RunCompleted { .. } => Vec::new(),
    }
}

/// The work items that an event opens or changes, as they are after it.
fn changed(run: &RunRow, after: &Run, event: &Event) -> Vec<ItemRow> {
    match event {
        Event::StepOpened { item, .. }
        | Event::StepClaimed { item, .. }
        | Event::StepReassigned { item, .. }
        | Event::StepDelegated { item, .. }
        | Event::DelegationEnded { item, .. }
        | Event::StepDeferred { item, .. }
        | Event::ReminderDue { item, .. }
        | Event::DeadlinePassed { item, .. }
        | Event::DeadlineSet { item, .. }
        | Event::ApprovalExpired { item, .. }
        | Event::StepReleased { item, .. }
        | Event::ClaimLapsed { item, .. }
        | Event::RunCalled { item, .. }
        | Event::CallNotMade { item, .. }
        | Event::CallReturned { item, .. }
        | Event::CallEnded { item, .. } => find(run, after, *item).into_iter().collect(),
        Event::PriorityChanged { priority, .. } => {
            after.open.iter().map(|open| row(run, *priority, open)).collect()
        }
        Event::RunMoved { seats, .. } => {
            seats.iter().filter_map(|reseated| find(run, after, reseated.item)).collect()
        }
        Event::StepSkipped { .. }
        | Event::StepCompleted { .. }
        | Event::StepWithdrawn { .. }
        | Event::RunEnding { .. }
        | Event::RunCancelled { .. }
        | Event::RoundBegun { .. }
        | Event::RoundHeld { .. }
        | Event::RoundAllowed { .. }
        | Event::OutcomeReached { .. }
        | Event::RunStarted { .. }
        | Event::StepDivided { .. }
        | Event::StepJoined { .. }
        | Event::LeaseExtended { .. }
        | Event::SignalRaised { .. }
        | Event::RunCompleted { .. } => Vec::new(),
    }
}

/// An open work item as it is stored.
fn row(run: &RunRow, priority: Priority, open: &Open) -> ItemRow {
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
        holder: open.claim.as_ref().map(|claim| claim.by.told()),
        due: open.due,
        delegate: open.delegated.as_ref().map(|given| given.to),
        priority,
        follow_up: open.follow_up,
    }
}
