//! When the schedules of a text would fire next: for a draft, a check and a file as much as for what is
//! published.

use crate::{Act, App, Result, Who, workspace};
use gemba_model::{Process, Recurrence};
pub use gemba_schedule::WorkCalendar;
use gemba_store::Mode;
use jiff::Timestamp;

/// How many times are shown.
pub const TIMES: usize = 5;

/// The next times at which a rule fires on a calendar.
pub fn times(rule: &Recurrence, now: Timestamp, calendar: &WorkCalendar) -> Vec<Timestamp> {
    gemba_schedule::next_n(rule, now, calendar, TIMES).into_iter().map(|firing| firing.at).collect()
}

/// The next times of each trigger of a process, in the order of the triggers; none for a trigger without
/// a schedule.
pub fn of(process: &Process, now: Timestamp, calendar: &WorkCalendar) -> Vec<Vec<Timestamp>> {
    let each = process.triggers.iter().map(|trigger| trigger.rule.as_ref());
    each.map(|rule| rule.map(|rule| times(rule, now, calendar)).unwrap_or_default()).collect()
}

/// The same on the clock and the calendar of the workspace.
pub async fn in_workspace(app: &App, who: &Who, process: &Process) -> Result<Vec<Vec<Timestamp>>> {
    let mut tx = app.open(who, Act::Read, Mode::Read).await?;
    let calendar = workspace::its_calendar(&mut *tx).await?;
    Ok(of(process, app.now(), &calendar))
}
