//! The loop of the outbox: sends what is due, several at a time, and writes the digests of the morning.

use super::{AFTER_FAILURE, IDLE, LOOK_AGAIN, changed};
use gemba_app::{App, error::chain, outbox, upkeep};
use std::time::Duration;
use tokio::{sync::watch, task::JoinSet, time::Instant};

/// How many are sent at a time.
const AT_A_TIME: usize = 16;
/// How often it is seen whether a digest must be written.
const DIGESTS_EVERY: Duration = Duration::from_mins(1);

/// Runs the loop until `stop` becomes true or its sender is gone.
pub(super) async fn run(app: App, mut stop: watch::Receiver<bool>) {
    let mut changes = upkeep::changes(&app);
    let mut digests = Instant::now();
    let mut under_way = JoinSet::new();
    loop {
        if digests <= Instant::now() {
            digests = Instant::now() + DIGESTS_EVERY;
            if let Err(error) = outbox::write_digests(&app).await {
                tracing::error!(error = %chain(&error), "writing digests failed; trying again");
            }
        }
        changes.mark_unchanged();
        let wait = match outbox::claim_due(&app, AT_A_TIME - under_way.len()).await {
            Ok(claimed) if claimed.is_empty() => until_the_next(&app).await,
            Ok(claimed) => {
                for one in claimed {
                    let app = app.clone();
                    under_way.spawn(async move {
                        if let Err(error) = outbox::send(&app, one).await {
                            // Its claim runs out, and it is sent again.
                            tracing::error!(error = %chain(&error), "a delivery failed here");
                        }
                    });
                }
                Duration::ZERO
            }
            Err(error) => {
                tracing::error!(error = %chain(&error), "the outbox failed; trying again");
                AFTER_FAILURE
            }
        };
        let is_full = under_way.len() >= AT_A_TIME;
        tokio::select! {
            // With every place taken nothing is claimed before one is free.
            () = tokio::time::sleep(wait), if !is_full => {}
            () = changed(&mut changes), if !is_full => {}
            _ = under_way.join_next(), if !under_way.is_empty() => {}
            changed = stop.changed() => {
                if changed.is_err() || *stop.borrow() {
                    break;
                }
            }
        }
        while under_way.try_join_next().is_some() {}
    }
    // What is under way comes to its end; its time is bounded.
    while under_way.join_next().await.is_some() {}
}

/// How long nothing is due, as far as is known now.
async fn until_the_next(app: &App) -> Duration {
    let due = outbox::next_due(app).await.ok().flatten();
    let left = due.and_then(|due| Duration::try_from(due.duration_since(app.now())).ok());
    left.unwrap_or(LOOK_AGAIN).clamp(IDLE, LOOK_AGAIN)
}
