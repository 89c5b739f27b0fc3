//! When the schedules of a text would fire next: for a draft, a check and a file as much as for what is
//! published.

use crate::{Act, App, Result, Who, workspace};
use gemba_model::{Process, Recurrence};
use gemba_store::Mode;
use jiff::Timestamp;
use jiff::tz::TimeZone;

/// How many times are shown.
pub const TIMES: usize = 5;

/// The next times at which a rule fires in a zone.
pub fn times(rule: &Recurrence, now: Timestamp, zone: &TimeZone) -> Vec<Timestamp> {
    gemba_schedule::next_n(rule, now, zone, TIMES).into_iter().map(|firing| firing.at).collect()
}

/// The next times of each trigger of a process, in the order of the triggers; none for a trigger without
/// a schedule.
pub fn of(process: &Process, now: Timestamp, zone: &TimeZone) -> Vec<Vec<Timestamp>> {
    let each = process.triggers.iter().map(|trigger| trigger.rule.as_ref());
    each.map(|rule| rule.map(|rule| times(rule, now, zone)).unwrap_or_default()).collect()
}

/// The same on the clock and in the zone of the workspace.
pub async fn in_workspace(app: &App, who: &Who, process: &Process) -> Result<Vec<Vec<Timestamp>>> {
    let mut tx = app.open(who, Act::Read, Mode::Read).await?;
    let zone = workspace::its_zone(&mut *tx).await?;
    Ok(of(process, app.now(), &zone))
}
