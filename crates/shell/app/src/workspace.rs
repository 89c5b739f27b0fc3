//! The workspace itself: set up once, its name and zone, one way to load what most pages need.

use crate::{
    Act, App, Error, Result, Who,
    accounts::{self, NewAccount},
    audit, marks,
    ports::zone,
    records::{Hours, Workspace},
};
use gemba_model::{due, id::AccountId, period::Period, role::Role};
pub use gemba_schedule::countries::{self, Place};
use gemba_schedule::{WorkCalendar, holidays};
use gemba_store::{Mode, Tx, Versioned, insert, load, save};
use jiff::{
    civil::{Date, Time, Weekday},
    tz::TimeZone,
};
use std::collections::BTreeMap;

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
    crate::triggers::plan::all(app, &mut *tx, &calendar(&workspace.value)?).await?;
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
    /// The country or region whose public holidays are kept, by its code; empty for none.
    pub place: String,
    /// Public holidays on which work is done all the same: a date on each line.
    pub worked: String,
    /// Holidays of its own: a date and a name on each line, or a calendar file.
    pub holidays: String,
    /// How long before a deadline one is reminded: "2 hours", "1 workday"; empty for never.
    pub remind: String,
}

impl Default for HoursInput {
    fn default() -> Self {
        Self::of(&Hours::default())
    }
}

impl HoursInput {
    /// What is kept, as it is typed.
    pub fn of(hours: &Hours) -> Self {
        let worked: Vec<String> = hours.worked.iter().map(Date::to_string).collect();
        Self {
            days: hours.days.clone(),
            close: format!("{:02}:{:02}", hours.close / 60, hours.close % 60),
            place: hours.place.clone().unwrap_or_default(),
            worked: worked.join("\n"),
            holidays: holidays::write(&hours.holidays),
            remind: hours.remind.map(Period::in_words).unwrap_or_default(),
        }
    }

    /// What it says, or the field that says something else.
    fn read(&self) -> Result<Hours> {
        let mut days = self.days.clone();
        days.sort_unstable();
        days.dedup();
        if days.is_empty() || days.iter().any(|day| !(1..=7).contains(day)) {
            return Err(Error::invalid("days", "choose at least one day of the week"));
        }
        let close: Time = self.close.trim().parse().map_err(|_refused| {
            Error::invalid("close", "the close of work is a time such as 17:00")
        })?;
        let minutes = u16::try_from(i32::from(close.hour()) * 60 + i32::from(close.minute()));
        let read = |field, text: &str| {
            holidays::read(text).map_err(|unreadable| Error::invalid(field, unreadable.to_string()))
        };
        let place = match self.place.trim() {
            "" => None,
            code => Some(place(code)?.code().to_owned()),
        };
        let remind = match self.remind.trim() {
            "" => None,
            said => Some(due::reminder(said).or_else(|| said.parse().ok()).ok_or_else(|| {
                Error::invalid("remind", "write for example 2 hours, 3 days or 1 workday")
            })?),
        };
        Ok(Hours {
            days,
            close: minutes.unwrap_or_default(),
            holidays: read("holidays", &self.holidays)?,
            place,
            worked: read("worked", &self.worked)?.into_keys().collect(),
            remind,
        })
    }
}

/// The country or region with this code.
pub fn place(code: &str) -> Result<Place> {
    Place::of(code).ok_or_else(|| {
        Error::invalid(
            "place",
            format!("no holidays are known of `{code}`; write for example DE-BY"),
        )
    })
}

/// Says when the workspace works. Deadlines that are set already stay as they are; schedules that go by
/// workdays are planned anew.
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
    let hours = to.read()?;
    let mut tx = app.open(who, Act::Administer, Mode::Write).await?;
    let mut workspace = loaded(&mut *tx).await?;
    marks::require(seen, &workspace.value.hours, "the working hours")?;
    let old = calendar(&workspace.value)?;
    workspace.value.hours = hours;
    save(&mut *tx, &workspace).await?;
    let new = calendar(&workspace.value)?;
    crate::triggers::plan::on_calendar(app, &mut *tx, (&old, &new)).await?;
    let hours = &workspace.value.hours;
    audit::write(app, &mut *tx, who, "workspace.hours_set", Workspace::ID, hours).await?;
    tx.commit().await?;
    Ok(())
}

/// A day on which a workspace does not work, or on which the public does not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FreeDay {
    /// The date.
    pub date: Date,
    /// What it is called.
    pub name: String,
    /// Whether it is a public holiday of the place.
    pub is_public: bool,
    /// Whether work is done on it all the same.
    pub worked: bool,
}

/// The free days of the workspace in a year, or in the present one, with that year.
pub async fn free_days_of(app: &App, who: &Who, year: Option<i16>) -> Result<(i16, Vec<FreeDay>)> {
    let workspace = get(app, who).await?;
    let today = app.now().to_zoned(zone(&workspace.zone)?).date();
    let year = year.unwrap_or_else(|| today.year());
    if !(1900..=2200).contains(&year) {
        return Err(Error::invalid("year", "the year lies from 1900 to 2200"));
    }
    Ok((year, free_days(&workspace.hours, year)))
}

/// The free days of a workspace in a year, earliest first: the public ones of its place, and its own.
pub fn free_days(hours: &Hours, year: i16) -> Vec<FreeDay> {
    let place = hours.place.as_deref().and_then(Place::of);
    let public = place.map(|place| place.holidays(year)).unwrap_or_default();
    let mut days: BTreeMap<Date, FreeDay> = BTreeMap::new();
    for (date, name) in public {
        let worked = hours.worked.contains(&date);
        days.insert(date, FreeDay { date, name: name.to_owned(), is_public: true, worked });
    }
    for (date, name) in hours.holidays.iter().filter(|(date, _)| date.year() == year) {
        let own = FreeDay { date: *date, name: name.clone(), is_public: false, worked: false };
        days.insert(*date, own);
    }
    days.into_values().collect()
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
    calendar(&loaded(tx).await?.value)
}

/// The calendar of a workspace: its zone, working days, close of work and holidays.
pub fn calendar(workspace: &Workspace) -> Result<WorkCalendar> {
    let (hours, zone) = (&workspace.hours, zone(&workspace.zone)?);
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
        place: hours.place.as_deref().and_then(Place::of),
        worked: hours.worked.clone(),
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
