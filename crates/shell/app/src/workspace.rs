//! The workspace itself: set up once, its name and zone, one way to load what most pages need.

use crate::{
    Act, App, Error, Result, Who,
    accounts::{self, NewAccount},
    audit, marks,
    ports::zone,
    records::{Hours, Workspace},
};
use gemba_model::{id::AccountId, role::Role};
use gemba_schedule::{WorkCalendar, holidays};
use gemba_store::{Mode, Tx, Versioned, insert, load, save};
use jiff::{
    civil::{Time, Weekday},
    tz::TimeZone,
};

/// What a new workspace needs.
#[derive(Debug, Clone)]
pub struct NewWorkspace {
    /// The company's name.
    pub name: String,
    /// The IANA name of its zone.
    pub zone: String,
    /// The first account; its role is owner.
    pub owner: NewAccount,
}

/// Whether the store has no workspace yet.
pub async fn is_empty(app: &App) -> Result<bool> {
    let mut tx = app.open_for_identity(Mode::Read).await?;
    Ok(load::<Workspace>(&mut *tx, Workspace::ID).await?.is_none())
}

/// Sets up an empty store: the workspace and its first owner.
pub async fn create(app: &App, new: NewWorkspace) -> Result<AccountId> {
    let name = text("name", &new.name, 100)?;
    zone(&new.zone)?;
    let owner = accounts::prepared(app, NewAccount { role: Role::Owner, ..new.owner }).await?;
    let mut tx = app.open_for_identity(Mode::Write).await?;
    if load::<Workspace>(&mut *tx, Workspace::ID).await?.is_some() {
        return Err(Error::Taken {
            field: "name",
            message: "this store has a workspace already; sign in to it".to_owned(),
        });
    }
    let created = app.now();
    insert(
        &mut *tx,
        &Workspace { name, zone: new.zone, created, second_person: false, hours: Hours::default() },
    )
    .await?;
    insert(&mut *tx, &owner).await?;
    let who = Who::operator();
    audit::write(app, &mut *tx, &who, "workspace.created", Workspace::ID, &()).await?;
    tx.commit().await?;
    Ok(owner.id)
}

/// The workspace.
pub async fn get(app: &App, who: &Who) -> Result<Workspace> {
    let mut tx = app.open(who, Act::Read, Mode::Read).await?;
    Ok(loaded(&mut *tx).await?.value)
}

/// What is said about the workspace.
#[derive(Debug, Clone)]
pub struct Settings {
    /// The company's name.
    pub name: String,
    /// The IANA name of its zone.
    pub zone: String,
    /// Whether a second person approves every revision; none leaves it as it is.
    pub second_person: Option<bool>,
}

/// Changes the settings. Schedules go on by the new zone, and no local date is run twice.
pub async fn change(app: &App, who: &Who, to: Settings) -> Result<()> {
    change_seen(app, who, to, None).await
}

/// The mark of what is shown of the settings, for [`change_seen`].
pub fn mark(workspace: &Workspace) -> String {
    marks::of(&(&workspace.name, &workspace.zone, workspace.second_person))
}

/// The mark of what is shown of the working hours, for [`set_hours_seen`].
pub fn hours_mark(hours: &Hours) -> String {
    marks::of(hours)
}

/// The same, if the settings still are what was seen.
pub async fn change_seen(app: &App, who: &Who, to: Settings, seen: Option<&str>) -> Result<()> {
    let name = text("name", &to.name, 100)?;
    let zone_name = to.zone.as_str();
    zone(zone_name)?;
    let mut tx = app.open(who, Act::Administer, Mode::Write).await?;
    let mut workspace = loaded(&mut *tx).await?;
    let now = &workspace.value;
    let shown = (&now.name, &now.zone, now.second_person);
    marks::require(seen, &shown, "the workspace")?;
    workspace.value.name = name;
    zone_name.clone_into(&mut workspace.value.zone);
    workspace.value.second_person = to.second_person.unwrap_or(workspace.value.second_person);
    save(&mut *tx, &workspace).await?;
    crate::triggers::plan::all(app, &mut *tx, &zone(zone_name)?).await?;
    audit::write(app, &mut *tx, who, "workspace.changed", Workspace::ID, &workspace.value).await?;
    tx.commit().await?;
    Ok(())
}

/// When a workspace works, as it is typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HoursInput {
    /// The working days of the week, Monday is 1.
    pub days: Vec<u8>,
    /// The close of work: "17:00".
    pub close: String,
    /// The holidays: a date and a name on each line, or a calendar file.
    pub holidays: String,
}

impl HoursInput {
    /// What is kept, as it is typed.
    pub fn of(hours: &Hours) -> Self {
        let close = format!("{:02}:{:02}", hours.close / 60, hours.close % 60);
        Self { days: hours.days.clone(), close, holidays: holidays::write(&hours.holidays) }
    }
}

/// Says when the workspace works. Deadlines that are set already stay as they are.
pub async fn set_hours(app: &App, who: &Who, to: &HoursInput) -> Result<()> {
    set_hours_seen(app, who, to, None).await
}

/// The same, if the working hours still are what was seen.
pub async fn set_hours_seen(
    app: &App,
    who: &Who,
    to: &HoursInput,
    seen: Option<&str>,
) -> Result<()> {
    let mut days = to.days.clone();
    days.sort_unstable();
    days.dedup();
    if days.is_empty() || days.iter().any(|day| !(1..=7).contains(day)) {
        return Err(Error::invalid("days", "choose at least one day of the week"));
    }
    let close: Time =
        to.close.trim().parse().map_err(|_refused| {
            Error::invalid("close", "the close of work is a time such as 17:00")
        })?;
    let minutes = u16::try_from(i32::from(close.hour()) * 60 + i32::from(close.minute()));
    let close = minutes.unwrap_or_default();
    let holidays = holidays::read(&to.holidays)
        .map_err(|unreadable| Error::invalid("holidays", unreadable.to_string()))?;
    let mut tx = app.open(who, Act::Administer, Mode::Write).await?;
    let mut workspace = loaded(&mut *tx).await?;
    let remind = workspace.value.hours.remind;
    marks::require(seen, &workspace.value.hours, "the working hours")?;
    workspace.value.hours = Hours { days, close, holidays, remind };
    save(&mut *tx, &workspace).await?;
    let hours = &workspace.value.hours;
    audit::write(app, &mut *tx, who, "workspace.hours_set", Workspace::ID, hours).await?;
    tx.commit().await?;
    Ok(())
}

pub(crate) async fn loaded(tx: &mut dyn Tx) -> Result<Versioned<Workspace>> {
    load::<Workspace>(tx, Workspace::ID)
        .await?
        .ok_or_else(|| Error::not_found("workspace", "in this store; set one up first"))
}

/// The workspace's zone.
pub(crate) async fn its_zone(tx: &mut dyn Tx) -> Result<TimeZone> {
    zone(&loaded(tx).await?.value.zone)
}

/// The workspace's calendar: its zone, working days, close of work and holidays.
pub(crate) async fn its_calendar(tx: &mut dyn Tx) -> Result<WorkCalendar> {
    let workspace = loaded(tx).await?.value;
    calendar(&workspace.hours, zone(&workspace.zone)?)
}

fn calendar(hours: &Hours, zone: TimeZone) -> Result<WorkCalendar> {
    let day =
        |day: &u8| i8::try_from(*day).ok().and_then(|d| Weekday::from_monday_one_offset(d).ok());
    let (hour, minute) = (i8::try_from(hours.close / 60), i8::try_from(hours.close % 60));
    let close = hour.ok().zip(minute.ok()).and_then(|(h, m)| Time::new(h, m, 0, 0).ok());
    let close =
        close.ok_or_else(|| Error::invalid("close", "the close of work is a time of day"))?;
    Ok(WorkCalendar {
        zone,
        days: hours.days.iter().filter_map(day).collect(),
        close,
        holidays: hours.holidays.keys().copied().collect(),
        remind: hours.remind,
    })
}

/// A text of a form: trimmed, not empty, not too long, on one line.
pub(crate) fn text(field: &'static str, given: &str, limit: usize) -> Result<String> {
    let given = given.trim();
    if given.is_empty() {
        return Err(Error::invalid(field, format!("the {field} is empty")));
    }
    if given.chars().count() > limit {
        return Err(Error::invalid(
            field,
            format!("the {field} is longer than {limit} characters"),
        ));
    }
    if given.chars().any(char::is_control) {
        return Err(Error::invalid(
            field,
            format!("the {field} is one line without control characters"),
        ));
    }
    Ok(given.to_owned())
}
