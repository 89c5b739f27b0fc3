//! Cases of the suite: acts ahead of their turn.

use super::{Finding, at, begin, item_row, run_row, same, told};
use crate::{
    Error, EventRow, Expect, ItemFilter, ItemState, Key, Mode, NewAudit, RunRow, RunState, Store,
};
use gemba_model::id::{ProcessId, RunId, WorkItemId};

fn event(n: i64) -> EventRow {
    EventRow { seq: 0, at: at(n), body: format!("{{\"n\":{n}}}") }
}

fn audit(n: i64) -> NewAudit {
    NewAudit {
        at: at(n),
        actor: "Otto".to_owned(),
        action: "run.started".to_owned(),
        subject: format!("run_{n}"),
        detail: "null".to_owned(),
    }
}

/// A run with one event and one open work item, written in turn.
async fn prepared(store: &dyn Store, n: u64) -> Result<RunRow, String> {
    let mut tx = begin(store, Mode::Write).await?;
    let row = RunRow { n_events: 1, ..run_row(n, 1, RunState::Running) };
    tx.put_run(&row).await.map_err(told)?;
    tx.append_events(row.id, 1, &[event(1)]).await.map_err(told)?;
    tx.put_item(&item_row(n, 1, ItemState::Open)).await.map_err(told)?;
    if tx.record("seat", "a").await.map_err(told)?.is_none() {
        let key = [Key::unique("slug", "x")];
        tx.put_record("seat", "a", &key, "{}", Expect::Absent).await.map_err(told)?;
    }
    tx.commit().await.map_err(told)?;
    Ok(row)
}

pub(super) async fn what_was_decided_ahead_is_kept(store: &dyn Store) -> Finding {
    let row = prepared(store, 1).await?;
    // The second time it is read from where the first left it.
    for n in 1..=2 {
        let mut tx = begin(store, Mode::Ahead).await?;
        let item = tx.item(WorkItemId::new(1, 0)).await.map_err(told)?.ok_or("no work item")?;
        let run = tx.run(item.run).await.map_err(told)?.ok_or("no run")?;
        same("the number of events", &run.n_events, &n)?;
        let found = tx.records_by_key("seat", "slug", "x").await.map_err(told)?;
        same("a record by its key", &found.len(), &1)?;
        let seat = tx.record("seat", "a").await.map_err(told)?.ok_or("no record")?;
        let expect = Expect::Version(seat.version);
        let key = [Key::unique("slug", "x")];
        let version = tx.put_record("seat", "a", &key, "{\"n\":1}", expect).await.map_err(told)?;
        same("the version", &version, &(n + 1))?;
        let own = tx.record("seat", "a").await.map_err(told)?.map(|row| row.version);
        same("what it wrote itself", &own, &Some(n + 1))?;
        let next = RunRow { n_events: n + 1, body: format!("[{n}]"), ..run };
        tx.append_events(next.id, n + 1, &[event(n + 1)]).await.map_err(told)?;
        tx.put_item(&item_row(1, 1, ItemState::Claimed)).await.map_err(told)?;
        tx.put_run(&next).await.map_err(told)?;
        tx.append_audit(&audit(n)).await.map_err(told)?;
        same("its own run", &tx.run(next.id).await.map_err(told)?, &Some(next.clone()))?;
        tx.commit().await.map_err(told)?;
    }
    // New runs get the numbers that are next.
    for n in 2..=3_i64 {
        let mut tx = begin(store, Mode::Ahead).await?;
        let id = RunId::new(u64::try_from(n).unwrap_or(0), 7);
        tx.put_new_run(&RunRow { id, number: 0, ..row.clone() }).await.map_err(told)?;
        tx.commit().await.map_err(told)?;
        let mut tx = begin(store, Mode::Read).await?;
        let number = tx.run(id).await.map_err(told)?.map(|row| row.number);
        same("the number of a new run", &number, &Some(n))?;
    }
    let mut tx = begin(store, Mode::Read).await?;
    let events = tx.events(row.id, 0, 9).await.map_err(told)?;
    same("the events", &events.iter().map(|e| e.seq).collect::<Vec<_>>(), &vec![1, 2, 3])?;
    let run = tx.run(row.id).await.map_err(told)?.ok_or("no run")?;
    same("the run", &(run.n_events, run.body.as_str()), &(3, "[2]"))?;
    let item = tx.item(WorkItemId::new(1, 0)).await.map_err(told)?;
    same("the work item", &item, &Some(item_row(1, 1, ItemState::Claimed)))?;
    same("the audit log", &tx.audit(None, 0, 9).await.map_err(told)?.len(), &2)?;
    let counts = tx.run_counts().await.map_err(told)?;
    same("the counts", &counts, &vec![(ProcessId::new(1, 1), RunState::Running, 3)])
}

pub(super) async fn what_was_overtaken_is_not_kept(store: &dyn Store) -> Finding {
    let row = prepared(store, 1).await?;
    for what in ["run", "record", "key", "absent"] {
        let mut ahead = begin(store, Mode::Ahead).await?;
        match what {
            "run" => drop(ahead.run(row.id).await.map_err(told)?),
            "record" => drop(ahead.record("seat", "a").await.map_err(told)?),
            "key" => drop(ahead.records_by_key("seat", "slug", "none").await.map_err(told)?),
            _ => drop(ahead.record("seat", "new").await.map_err(told)?),
        }
        let mut tx = begin(store, Mode::Write).await?;
        match what {
            "run" => {
                let next = RunRow { n_events: 2, ..row.clone() };
                tx.append_events(row.id, 2, &[event(2)]).await.map_err(told)?;
                tx.put_run(&next).await.map_err(told)?;
            }
            "absent" => {
                tx.put_record("seat", "new", &[], "{}", Expect::Absent).await.map_err(told)?;
            }
            _ => {
                let version =
                    tx.record("seat", "a").await.map_err(told)?.map_or(0, |row| row.version);
                let expect = Expect::Version(version);
                let key = [Key::unique("slug", "x")];
                tx.put_record("seat", "a", &key, "{}", expect).await.map_err(told)?;
            }
        }
        tx.commit().await.map_err(told)?;
        ahead.append_audit(&audit(1)).await.map_err(told)?;
        let overtaken = ahead.commit().await;
        same(what, &matches!(overtaken, Err(Error::Overtaken)), &true)?;
    }
    let mut tx = begin(store, Mode::Read).await?;
    same("the audit log", &tx.audit(None, 0, 9).await.map_err(told)?.len(), &0)?;
    // One that read nothing of what changed is not overtaken, and one that is undone leaves nothing.
    let mut ahead = begin(store, Mode::Ahead).await?;
    ahead.run(row.id).await.map_err(told)?;
    drop(prepared(store, 2).await?);
    ahead.append_audit(&audit(2)).await.map_err(told)?;
    ahead.commit().await.map_err(told)?;
    let mut dropped = begin(store, Mode::Ahead).await?;
    dropped.append_audit(&audit(3)).await.map_err(told)?;
    drop(dropped);
    let mut tx = begin(store, Mode::Read).await?;
    same("what is kept", &tx.audit(None, 0, 9).await.map_err(told)?.len(), &1)
}

pub(super) async fn what_cannot_be_known_ahead_is_done_in_turn(store: &dyn Store) -> Finding {
    let row = prepared(store, 1).await?;
    let mut tx = begin(store, Mode::Ahead).await?;
    let found = [
        tx.items(&ItemFilter { limit: 9, ..ItemFilter::default() }).await.map(|_| ()),
        tx.events(row.id, 0, 9).await.map(|_| ()),
        tx.next_run_number(row.process).await.map(|_| ()),
        tx.item(WorkItemId::new(9, 9)).await.map(|_| ()),
        tx.put_record("seat", "a", &[], "{}", Expect::Absent).await.map(|_| ()),
        tx.put_record("seat", "a", &[], "{}", Expect::Version(7)).await.map(|_| ()),
    ];
    for (n, found) in found.iter().enumerate() {
        same(&format!("call {n}"), &matches!(found, Err(Error::Overtaken)), &true)?;
    }
    // A key that is taken shows only in turn.
    let mut tx = begin(store, Mode::Ahead).await?;
    let key = [Key::unique("slug", "x")];
    tx.put_record("seat", "b", &key, "{}", Expect::Absent).await.map_err(told)?;
    let taken = tx.commit().await;
    same("a taken key", &matches!(taken, Err(Error::Overtaken)), &true)?;
    let mut tx = begin(store, Mode::Read).await?;
    same("nothing of it", &tx.record("seat", "b").await.map_err(told)?, &None)
}

pub(super) async fn of_two_ahead_at_one_run_one_is_overtaken(store: &dyn Store) -> Finding {
    let (one, two) = (prepared(store, 1).await?, prepared(store, 2).await?);
    let mut txs = Vec::new();
    for row in [&one, &one, &two] {
        let mut tx = begin(store, Mode::Ahead).await?;
        let run = tx.run(row.id).await.map_err(told)?.ok_or("no run")?;
        tx.append_events(run.id, 2, &[event(2)]).await.map_err(told)?;
        tx.put_run(&RunRow { n_events: 2, ..run }).await.map_err(told)?;
        txs.push(tx);
    }
    let mut ends = Vec::new();
    for tx in txs {
        ends.push(tx.commit().await);
    }
    let kept: Vec<bool> = ends.iter().map(Result::is_ok).collect();
    same("who was kept", &kept, &vec![true, false, true])?;
    let mut tx = begin(store, Mode::Read).await?;
    for row in [&one, &two] {
        same("events", &tx.events(row.id, 0, 9).await.map_err(told)?.len(), &2)?;
    }
    Ok(())
}
