//! The log: who did what to what, and when.

use crate::{
    pages::team,
    ui::{
        icon::Icon,
        layout::{self, Part, Width},
        moment, notice,
        table::{self, Column, Narrow},
    },
    visit::{Answer, Visit},
};
use axum::extract::Query;
use gemba_app::{
    Act, access, accounts,
    audit::{self, AuditRow},
    measurables, processes, seats, triggers,
};
use maud::{Markup, html};
use serde::Deserialize;
use std::collections::BTreeMap;

/// How many lines a page shows.
const PAGE: u32 = 50;
/// How much of a line's detail is shown.
const DETAIL: usize = 600;

/// What the log is narrowed to.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Look {
    subject: String,
    before: i64,
}

/// What an id stands for: its name, and its page where it has one.
type Names = BTreeMap<String, (String, Option<String>)>;

pub(super) async fn index(visit: Visit, Query(look): Query<Look>) -> Answer {
    let subject = Some(look.subject.trim()).filter(|subject| !subject.is_empty());
    let rows = audit::log(&visit.app, &visit.who, subject, look.before, PAGE).await?;
    let names = names(&visit).await?;
    let body = html! {
        (layout::breadcrumbs(&[("Audit", "/audit")]))
        (layout::head("Who did what", Some("Who changed what, newest first. Steps of runs are in the history of each run. Lines are added, never changed."), &[], &[]))
        @if let Some(subject) = subject {
            p { "Only what was done to " strong { (name(&names, subject)) } ". " a href="/audit/log" { "Show all" } }
        }
        @if rows.is_empty() {
            (notice::empty_state(Icon::History, "No lines here", "What people, agents and Gemba itself do is written here in the moment it is done.", None))
        } @else {
            (listing(&visit, &rows, &names))
            (pages(&rows, &look))
        }
    };
    Ok(visit.page("Who did what", Some(Part::Audit), Width::Wide, &body))
}

async fn names(visit: &Visit) -> gemba_app::Result<Names> {
    let (app, who) = (&visit.app, &visit.who);
    let mut names = Names::new();
    for process in processes::list(app, who).await? {
        let href = format!("/processes/{}", process.slug);
        names.insert(process.id.to_string(), (process.summary.title, Some(href)));
    }
    for trigger in triggers::list(app, who).await? {
        if let Some((process, _)) = names.get(&trigger.process.to_string()).cloned() {
            let id = trigger.id.to_string();
            let href = format!("/triggers/{id}");
            names.insert(id, (format!("{process}: {}", trigger.rule), Some(href)));
        }
    }
    for seat in seats::list(app, who).await? {
        let href = team::address(&seat.seat.slug);
        names.insert(seat.seat.id.to_string(), (seat.seat.name, Some(href)));
    }
    for row in measurables::scorecard(app, who).await? {
        let href = format!("/scorecard/{}", row.measurable.slug);
        names.insert(row.measurable.slug, (row.measurable.name, Some(href)));
    }
    let may_administer = access::may(who, Act::Administer);
    for account in accounts::list(app, who).await? {
        let id = account.id.to_string();
        let href = may_administer.then(|| format!("/settings/people/{id}"));
        names.insert(id, (account.name, href));
    }
    Ok(names)
}

fn name<'a>(names: &'a Names, subject: &'a str) -> &'a str {
    match names.get(subject) {
        Some((name, _)) => name,
        // What has no name of its own, or is gone, is called by its kind; the id stands below.
        None => match subject.split_once('_').map(|(kind, _)| kind) {
            Some("acc") => "An account",
            Some("inc") => "An incident",
            Some("proc") => "A process",
            Some("run") => "A run",
            Some("seat") => "A seat",
            Some("tok") => "An API token",
            Some("trg") => "A trigger",
            _ => subject,
        },
    }
}

fn listing(visit: &Visit, rows: &[AuditRow], names: &Names) -> Markup {
    let columns = [
        Column::text("What"),
        Column::text("Subject"),
        Column::text("Who"),
        Column::tight("When"),
        Column::text("Detail"),
    ];
    let rows: Vec<Vec<Markup>> = rows
        .iter()
        .map(|row| {
            let entry = &row.entry;
            vec![
                html! { (says(&entry.action)) },
                subject(names, &entry.action, &entry.subject),
                html! { (entry.actor) },
                moment::time(entry.at, visit.now, &visit.zone),
                detail(&entry.detail),
            ]
        })
        .collect();
    table::table("Lines of the log", &columns, &rows, Narrow::Stack)
}

fn subject(names: &Names, action: &str, subject: &str) -> Markup {
    let known = names.get(subject).and_then(|(_, href)| href.clone());
    let here = || match action.split_once('.').map(|(noun, _)| noun) {
        Some("run") => Some(format!("/runs/{subject}")),
        Some("incident") => Some(format!("/incidents/{subject}")),
        _ => None,
    };
    let query = serde_urlencoded::to_string([("subject", subject)]).unwrap_or_default();
    let shown = name(names, subject);
    html! {
        @if let Some(href) = known.or_else(here) { a href=(href) { (shown) } } @else { (shown) }
        // A name says enough; what has none is told apart by its id.
        @if !names.contains_key(subject) {
            span class="under" { a href={ "/audit/log?" (query) } { (subject) } }
        }
    }
}

fn detail(detail: &str) -> Markup {
    html! {
        @if !detail.is_empty() && detail != "null" {
            details class="more" {
                summary { "Detail" }
                code {
                    (detail.chars().take(DETAIL).collect::<String>())
                    @if detail.chars().nth(DETAIL).is_some() { "…" }
                }
            }
        }
    }
}

/// What an act is called; one that has no words yet keeps its own.
fn says(action: &str) -> String {
    let words = match action {
        "account.changed" => "Changed an account",
        "account.created" => "Added an account",
        "account.link_made" => "Made a sign-in link",
        "account.password_changed" => "Changed the password",
        "account.notices" => "Changed which notices come",
        "audit.drafted" => "Made drafts on the first-day audit",
        "channel.changed" => "Changed a channel",
        "channel.created" => "Added a channel",
        "channel.removed" => "Took a channel away",
        "channel.resumed" => "Let a channel go on",
        "channel.secret_changed" => "Made a new secret for a channel",
        "channel.stopped" => "A channel was stopped",
        "channel.tried" => "Tried a channel",
        "delivery.replayed" => "Sent a message once more",
        "incident.closed" => "Closed an incident",
        "incident.handed_up" => "An incident was handed up",
        "incident.opened" => "An incident was opened",
        "measurable.changed" => "Changed a measurable",
        "measurable.created" => "Added a measurable",
        "measurable.pushed" => "Pushed a value",
        "measurable.removed" => "Removed a measurable",
        "process.created" => "Added a process",
        "process.draft_saved" => "Saved a draft",
        "process.approved" => "Approved a proposed revision",
        "process.attachment_added" => "Attached something to a process",
        "process.attachment_changed" => "Changed an attachment",
        "process.attachment_moved" => "Moved an attachment",
        "process.attachment_removed" => "Took an attachment away",
        "process.brought_back" => "Brought a process back",
        "process.proposal_withdrawn" => "Withdrew a proposed revision",
        "process.proposed" => "Sent a revision for review",
        "process.retired" => "Retired a process",
        "process.sent_back" => "Sent a proposed revision back",
        "process.published" => "Published a process",
        "process.reviewed" => "Reviewed a process",
        "process.verified" => "Verified a process",
        "run.cancelled" => "Ended a run",
        "run.completed" => "A run came to its end",
        "run.moved" => "Moved a run to another revision",
        "run.started" => "Started a run",
        "seat.changed" => "Changed a seat",
        "seat.created" => "Added a seat",
        "seat.feed_made" => "Made a calendar link",
        "seat.feed_removed" => "Took a calendar link away",
        "seat.removed" => "Removed a seat",
        "token.created" => "Made an API token",
        "token.revoked" => "Revoked an API token",
        "trigger.backfilled" => "Asked for occurrences of the past",
        "trigger.changed" => "Changed a trigger",
        "trigger.created" => "Set up a trigger",
        "trigger.pushed" => "Pushed a value to a trigger",
        "trigger.removed" => "Took a trigger away",
        "trigger.secret_changed" => "Made a new secret for a trigger",
        "trigger.fired" => "A trigger came due",
        "trigger.held" => "A trigger came due and started no run",
        "trigger.paused" => "Paused a trigger",
        "trigger.resumed" => "Let a trigger go on",
        "work.reassigned" => "Handed a step to another seat",
        "work.skipped" => "Let a run go on without a step",
        "workspace.changed" => "Changed the workspace",
        "workspace.copied" => "Took a copy of the workspace",
        "workspace.hours_set" => "Set the working hours",
        "workspace.created" => "Set up the workspace",
        other => return other.replace(['.', '_'], " "),
    };
    words.to_owned()
}

fn pages(rows: &[AuditRow], look: &Look) -> Markup {
    let address = |before: i64| {
        let before = before.to_string();
        let query = serde_urlencoded::to_string([
            ("subject", look.subject.as_str()),
            ("before", before.as_str()),
        ]);
        format!("/audit/log?{}", query.unwrap_or_default())
    };
    let full = u32::try_from(rows.len()).is_ok_and(|n| n >= PAGE);
    let next = rows.last().filter(|row| full && row.seq > 1).map(|row| address(row.seq));
    let first = (look.before > 0).then(|| address(0));
    let shown = team::number(rows.len(), "line");
    table::pager(&shown, first.as_deref(), next.as_deref())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_act_without_words_keeps_its_own() {
        let check = |action: &str, expected: &str| assert_eq!(says(action), expected);
        check("seat.created", "Added a seat");
        check("issue.solved_at_last", "issue solved at last");
    }
}
