//! The digest: what waits for a person, by e-mail on the morning of each workday.

use super::{Kind, News, fresh, fresh_id, put};
use crate::{
    Act, App, Result, Who, accounts,
    records::{Channel, Target},
    work::{self, MyWork},
    workspace::its_calendar,
};
use gemba_store::{Mode, by_key, load, save};
use jiff::{civil::time, tz::TimeZone};

/// From what time on the digest of a day is sent.
const MORNING: jiff::civil::Time = time(7, 0, 0, 0);

/// Writes the digests of this morning that are not written yet; how many.
pub async fn write_due(app: &App) -> Result<usize> {
    let who = Who::system();
    let mut tx = app.open(&who, Act::Read, Mode::Read).await?;
    let people = by_key::<Channel>(&mut *tx, "active", "yes").await?;
    let people: Vec<Channel> = people
        .into_iter()
        .map(|channel| channel.value)
        .filter(|channel| matches!(channel.target, Target::Person { digest: true, .. }))
        .collect();
    if people.is_empty() {
        return Ok(0);
    }
    let calendar = its_calendar(&mut *tx).await?;
    drop(tx);
    let here = app.now().to_zoned(calendar.zone.clone());
    if here.time() < MORNING || !calendar.is_workday(here.date()) {
        return Ok(0);
    }
    let mut n = 0;
    for channel in people {
        let Target::Person { account, last_digest, .. } = channel.target else { continue };
        if last_digest == Some(here.date()) {
            continue;
        }
        let news = match accounts::acting_as(app, &Who::operator(), account).await {
            Ok(person) => {
                let mine = work::mine(app, &person).await?;
                said(app, &person, &mine, &calendar.zone)
            }
            // Whoever may not sign in is told nothing.
            Err(_closed) => None,
        };
        let mut tx = app.open(&who, Act::Work, Mode::Write).await?;
        let Some(mut kept) = load::<Channel>(&mut *tx, &channel.id.to_string()).await? else {
            continue;
        };
        let Target::Person { last_digest, .. } = &mut kept.value.target else { continue };
        // Another node may have written it since.
        if last_digest.replace(here.date()) == Some(here.date()) {
            continue;
        }
        save(&mut *tx, &kept).await?;
        if let Some(news) = news {
            put(app, &mut *tx, fresh_id(app), &kept.value, news).await?;
            n += 1;
        }
        tx.commit().await?;
    }
    Ok(n)
}

/// The digest of a person; nothing where nothing waits.
fn said(app: &App, who: &Who, mine: &MyWork, zone: &TimeZone) -> Option<News> {
    let mut parts: Vec<(&str, Vec<String>)> = Vec::new();
    let work = |row: &work::WorkRow| {
        let due = row.item.due.map_or_else(String::new, |due| {
            let due = due.to_zoned(zone.clone()).strftime("%a %-d %b, %H:%M").to_string();
            if row.late { format!(", was due {due}") } else { format!(", due {due}") }
        });
        let place = format!("{{base}}/work/{}", row.item.id);
        format!("{} ({}){due}\n  {place}", row.step.title, row.run_title)
    };
    let late = mine.items.iter().filter(|row| row.late).count();
    parts.push(("To do", mine.items.iter().map(work).collect()));
    let incident = |one: &crate::incidents::IncidentView| {
        format!("{}\n  {{base}}/incidents/{}", one.what(), one.incident.id)
    };
    parts.push(("Incidents to answer", mine.incidents.iter().map(incident).collect()));
    let process = |row: &crate::processes::ProcessRow| {
        format!("{}\n  {{base}}/processes/{}", row.summary.title, row.slug)
    };
    parts.push(("Reviews due", mine.reviews.iter().map(process).collect()));
    parts.push(("Proposals that wait for you", mine.to_approve.iter().map(process).collect()));
    parts.push(("Proposals with an answer", mine.answered.iter().map(process).collect()));
    let suggested = |(row, n): &(crate::processes::ProcessRow, usize)| {
        format!("{} ({n})\n  {{base}}/processes/{}/suggestions", row.summary.title, row.slug)
    };
    parts.push(("Suggested changes", mine.suggested.iter().map(suggested).collect()));
    let missed = |(trigger, asks): &(crate::triggers::Trigger, crate::triggers::Occurrence)| {
        let due = asks.row.due.to_zoned(zone.clone()).strftime("%a %-d %b, %H:%M");
        format!("{} of {due}\n  {{base}}/triggers/{}", trigger.process.1, trigger.trigger.id)
    };
    parts.push(("Missed: start or leave out", mine.missed.iter().map(missed).collect()));
    parts.push(("To verify", mine.to_verify.iter().map(process).collect()));
    parts.retain(|(_, lines)| !lines.is_empty());
    if parts.is_empty() {
        return None;
    }
    let n: usize = parts.iter().map(|(_, lines)| lines.len()).sum();
    let things = if n == 1 { "1 thing waits".to_owned() } else { format!("{n} things wait") };
    let says = match late {
        0 => format!("{things} for you"),
        late => format!("{things} for you, {late} late"),
    };
    let mut lines = vec![format!("Good morning {},", who.name)];
    for (title, all) in parts {
        lines.push(format!("\n{title}"));
        lines.extend(all.into_iter().map(|line| format!("- {line}")));
    }
    lines.push("\nAll of it: {base}/".to_owned());
    let news = fresh(app, Kind::Digest, says, "work".to_owned(), "/".to_owned());
    Some(News { text: Some(lines.join("\n")), ..news })
}
