//! The loops: what must happen without anybody asking.
//!
//! Each loop calls one application function again and again; what the function does is done in one
//! transaction, so a loop may be killed at any moment and begun again anywhere.

mod outbox;

use gemba_app::{App, error::chain, incidents, runs, triggers, upkeep};
use std::time::Duration;
use tokio::{sync::watch, time::Instant};

/// How long a loop waits where something is due and was left, as it came due just now or cannot be done.
const IDLE: Duration = Duration::from_millis(500);
/// How long it waits at most, where it hears of no change and nothing comes due: not every change of
/// another program is heard of.
const LOOK_AGAIN: Duration = Duration::from_secs(5);
/// How exactly a loop wakes.
const GRAIN: Duration = Duration::from_millis(1);
/// How long a loop waits after the store failed.
const AFTER_FAILURE: Duration = Duration::from_secs(5);
/// How many occurrences are handled before the loop looks whether it shall stop.
const BATCH: usize = 100;
/// How many runs are seen to before the loop looks again.
const WOKEN: u32 = 100;

/// How often what is over is swept out.
const SWEEP_EVERY: Duration = Duration::from_hours(1);

/// How often it is seen which incidents nobody answered in time.
const HAND_UP_EVERY: Duration = Duration::from_secs(30);

/// Runs the loops until `stop` becomes true or its sender is gone.
pub async fn run(app: App, stop: watch::Receiver<bool>) {
    // What leaves the house may take its time; it must not hold up what is due within.
    tokio::join!(due(app.clone(), stop.clone()), outbox::run(app, stop));
}

/// What comes due within the house.
async fn due(app: App, mut stop: watch::Receiver<bool>) {
    let mut changes = upkeep::changes(&app);
    let mut sweep = Instant::now();
    let mut hand_up = Instant::now();
    loop {
        if sweep <= Instant::now() {
            sweep = Instant::now() + SWEEP_EVERY;
            if let Err(error) = upkeep::sweep(&app).await {
                tracing::error!(error = %chain(&error), "sweeping failed; trying again later");
            }
        }
        if hand_up <= Instant::now() {
            hand_up = Instant::now() + HAND_UP_EVERY;
            if let Err(error) = incidents::hand_up_due(&app).await {
                tracing::error!(error = %chain(&error), "handing up incidents failed; trying again");
            }
        }
        changes.mark_unchanged();
        let woken = match runs::wake_due(&app, WOKEN).await {
            Ok(n) => n,
            Err(error) => {
                tracing::error!(error = %chain(&error), "waking runs failed; trying again");
                0
            }
        };
        let wait = match triggers::fire_due(&app, BATCH).await {
            Ok(0) if woken > 0 => Duration::ZERO,
            Ok(0) => until_the_next(&app).await,
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
            () = changed(&mut changes) => {}
            changed = stop.changed() => {
                if changed.is_err() || *stop.borrow() {
                    return;
                }
            }
        }
    }
}

/// How long nothing is due, as far as is known now.
async fn until_the_next(app: &App) -> Duration {
    let trigger = triggers::next_due(app).await.ok().flatten();
    let wake = runs::next_wake(app).await.ok().flatten();
    let Some(due) = trigger.into_iter().chain(wake).min() else { return LOOK_AGAIN };
    // What is due to the millisecond is not a millisecond early.
    let left = Duration::try_from(due.duration_since(app.now()));
    left.map_or(IDLE, |left| (left + GRAIN).min(LOOK_AGAIN))
}

/// Waits until somebody wrote, and lets those who write one after the other come together.
async fn changed(changes: &mut watch::Receiver<u64>) {
    tokio::time::sleep(IDLE).await;
    if changes.changed().await.is_err() {
        // Nobody tells any more.
        std::future::pending::<()>().await;
    }
}
