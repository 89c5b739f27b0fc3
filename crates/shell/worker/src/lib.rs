//! The loops: what must happen without anybody asking.
//!
//! Each loop calls one application function again and again; what the function does is done in one
//! transaction, so a loop may be killed at any moment and begun again anywhere.

use gemba_app::{App, error::chain, triggers, upkeep};
use std::time::Duration;
use tokio::sync::watch;

/// How long a loop waits when there was nothing to do.
const IDLE: Duration = Duration::from_millis(500);
/// How long a loop waits after the store failed.
const AFTER_FAILURE: Duration = Duration::from_secs(5);
/// How many occurrences are handled before the loop looks whether it shall stop.
const BATCH: usize = 100;

/// How often what is over is swept out, in rounds of the trigger loop.
const SWEEP_EVERY: u32 = 7_200;

/// Runs the loops until `stop` becomes true or its sender is gone.
pub async fn run(app: App, mut stop: watch::Receiver<bool>) {
    let mut rounds = 0_u32;
    loop {
        if rounds.is_multiple_of(SWEEP_EVERY)
            && let Err(error) = upkeep::sweep(&app).await
        {
            tracing::error!(error = %chain(&error), "sweeping failed; trying again later");
        }
        rounds = rounds.wrapping_add(1);
        let wait = match triggers::fire_due(&app, BATCH).await {
            Ok(0) => IDLE,
            Ok(n) => {
                tracing::info!(occurrences = n, "handled due occurrences");
                Duration::ZERO
            }
            Err(error) => {
                tracing::error!(error = %chain(&error), "the trigger loop failed; trying again");
                AFTER_FAILURE
            }
        };
        if *stop.borrow() {
            return;
        }
        tokio::select! {
            () = tokio::time::sleep(wait) => {}
            changed = stop.changed() => {
                if changed.is_err() || *stop.borrow() {
                    return;
                }
            }
        }
    }
}
