//! The cases of the outbox.

use super::{Finding, at, begin, same, told};
use crate::{DeliveryFilter, DeliveryRow, DeliveryState, Mode, Store};
use gemba_model::id::{ChannelId, DeliveryId};

pub(super) fn delivery_row(
    n: u64,
    channel: u128,
    state: DeliveryState,
    due: Option<i64>,
) -> DeliveryRow {
    DeliveryRow {
        id: DeliveryId::new(n, 0),
        channel: ChannelId::new(1, channel),
        kind: "run.started".to_owned(),
        state,
        due: due.map(at),
        tries: 0,
        body: "{}".to_owned(),
    }
}

pub(super) async fn the_outbox_gives_what_is_due_and_forgets_what_is_done(
    store: &dyn Store,
) -> Finding {
    use DeliveryState::{Dropped, Failed, Sent, Waiting};
    let mut tx = begin(store, Mode::Write).await?;
    same("nothing is next", &tx.next_delivery().await.map_err(told)?, &None)?;
    for (n, channel, state, due) in [
        (1, 1, Waiting, Some(30)),
        (2, 1, Waiting, Some(10)),
        (3, 2, Waiting, Some(20)),
        (4, 2, Sent, None),
        (5, 1, Failed, None),
        (6, 2, Dropped, None),
    ] {
        tx.put_delivery(&delivery_row(n, channel, state, due)).await.map_err(told)?;
    }
    let changed = DeliveryRow {
        tries: 1,
        body: "{\"n\":1}".to_owned(),
        ..delivery_row(2, 1, Waiting, Some(40))
    };
    tx.put_delivery(&changed).await.map_err(told)?;
    tx.commit().await.map_err(told)?;
    let mut tx = begin(store, Mode::Write).await?;
    let one = tx.delivery(DeliveryId::new(2, 0)).await.map_err(told)?;
    same("written anew", &one, &Some(changed))?;
    same("none", &tx.delivery(DeliveryId::new(9, 0)).await.map_err(told)?, &None)?;
    let numbers = |rows: Vec<DeliveryRow>| -> Vec<u64> {
        (1..=6)
            .flat_map(|n| {
                rows.iter().filter(move |row| row.id == DeliveryId::new(n, 0)).map(move |_| n)
            })
            .collect()
    };
    let ids = |rows: &[DeliveryRow]| -> Vec<DeliveryId> { rows.iter().map(|row| row.id).collect() };
    let due = tx.due_deliveries(at(30), 9).await.map_err(told)?;
    same("due, in order", &ids(&due), &vec![DeliveryId::new(3, 0), DeliveryId::new(1, 0)])?;
    same("at most", &tx.due_deliveries(at(99), 1).await.map_err(told)?.len(), &1)?;
    same("next", &tx.next_delivery().await.map_err(told)?, &Some(at(20)))?;
    let all = DeliveryFilter { limit: 9, ..DeliveryFilter::default() };
    let channel = Some(ChannelId::new(1, 1));
    for (filter, expected) in [
        (all.clone(), vec![1, 2, 3, 4, 5, 6]),
        (DeliveryFilter { channel, ..all.clone() }, vec![1, 2, 5]),
        (DeliveryFilter { state: Some(Failed), ..all.clone() }, vec![5]),
        (DeliveryFilter { before: Some(DeliveryId::new(3, 0)), ..all.clone() }, vec![1, 2]),
        (DeliveryFilter { limit: 2, ..all.clone() }, vec![5, 6]),
    ] {
        let rows = tx.deliveries(&filter).await.map_err(told)?;
        same(&format!("{filter:?}"), &numbers(rows), &expected)?;
    }
    let newest = tx.deliveries(&all).await.map_err(told)?;
    same("newest first", &newest.first().map(|row| row.id), &Some(DeliveryId::new(6, 0)))?;
    let gone = tx.forget_deliveries(DeliveryId::new(6, 0)).await.map_err(told)?;
    same("forgotten", &gone, &2)?;
    let left = tx.deliveries(&all).await.map_err(told)?;
    same("what waits stays", &numbers(left), &vec![1, 2, 3, 6])
}
