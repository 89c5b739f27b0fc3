//! My work, and one step to do.

mod asking;
mod elsewhere;
pub(super) mod form;
mod sharing;
mod step;

use super::incidents;
use crate::{
    Site,
    pages::live,
    refusal::sentence,
    ui::{
        act::{Weight, link_button},
        badge::{Tone, badge},
        icon::Icon,
        layout::{Part, Width, head, section},
        list::{Item, facts, items},
        moment,
        notice::empty_state,
    },
    visit::{Answer, Visit},
};
use axum::{
    Router,
    response::Redirect,
    routing::{get, post},
};
use gemba_app::{
    Act, access,
    live::Topic,
    processes::ProcessRow,
    records::Trust,
    runs::Left,
    work::{self, MyWork, WorkRow},
};
use gemba_model::{EvidenceKind, Priority};
use maud::{Markup, html};

/// What waits longer than this is marked, in seconds: three days.
const LONG: i64 = 3 * 86_400;

pub(super) fn router() -> Router<Site> {
    Router::new()
        .route("/", get(home))
        .route("/work", get(moved))
        .route("/work/{id}", get(step::show))
        .route("/work/{id}/completion", post(step::complete).get(step::back))
        .route("/work/{id}/claim", post(step::claim).get(step::back))
        .route("/work/{id}/release", post(step::release).get(step::back))
        .route("/work/{id}/assignment", post(step::assign).get(step::back))
        .route("/work/{id}/delegation", post(sharing::give).get(step::back))
        .route("/work/{id}/delegation/end", post(sharing::take_back).get(step::back))
        .route("/work/{id}/follow-up", post(sharing::defer).get(step::back))
        .route("/work/{id}/follow-up/end", post(sharing::take_up).get(step::back))
        .route("/work/{id}/skip", post(step::skip).get(step::back))
        .route("/work/{id}/problem", post(step::problem).get(step::back))
}

/// Where the morning's digests of earlier versions lead.
async fn moved(_visit: Visit) -> Redirect {
    Redirect::to("/")
}

async fn home(visit: Visit) -> Answer {
    let listens = live::mark(&visit, Topic::MyWork).await?;
    let mine = work::mine(&visit.app, &visit.who).await?;
    let body = html! {
        (listens)
        (head("My work", Some(&lead(&visit, &mine)), &[], &[]))
        @if mine.items.is_empty() {
            (nothing(&visit, &mine))
        } @else {
            (section("To do", Some(order(&mine.items)), &steps(&visit, &mine.items)))
        }
        @if !mine.aside.is_empty() {
            (section("Put aside", Some("what comes back first"), &aside(&visit, &mine.aside)))
        }
        @if !mine.incidents.is_empty() {
            (section("Incidents", Some("what went wrong in your processes and needs an answer"), &incidents::rows(&visit, &mine.incidents)))
        }
        @if !mine.missed.is_empty() {
            (section("Missed", Some("what did not start in time: start it now, or leave it out"), &asking::missed(&visit, &mine.missed)))
        }
        @if !mine.to_approve.is_empty() {
            (section("To approve", Some("changes that others wrote and sent for review"), &asking::proposals(&visit, &mine.to_approve)))
        }
        @if !mine.answered.is_empty() {
            (section("Answered", Some("changes that were approved or came back"), &asking::proposals(&visit, &mine.answered)))
        }
        @if !mine.suggested.is_empty() {
            (section("Suggested changes", Some("for processes that you own: take them into the draft, or put them away"), &asking::suggested(&mine.suggested)))
        }
        @if !mine.to_verify.is_empty() {
            (section("To verify", Some("processes that you own and have not stood behind yet"), &to_verify(&visit, &mine.to_verify)))
        }
        @if !mine.reviews.is_empty() {
            (section("Reviews due", Some("processes that you own"), &reviews(&visit, &mine.reviews)))
        }
        @if !mine.given.is_empty() {
            (section("Given to others", Some("steps of your seats that somebody else does"), &given_away(&visit, &mine.given)))
        }
        @if !mine.waiting.is_empty() {
            (section("What I wait for", Some("steps of your processes that others do"), &waiting(&visit, &mine.waiting)))
        }
    };
    Ok(visit.page("My work", Some(Part::MyWork), Width::Reading, &body))
}

fn waits(visit: &Visit, row: &WorkRow) -> i64 {
    visit.now.as_second() - row.item.opened.as_second()
}

/// What must be done next, and what stands still meanwhile.
fn lead(visit: &Visit, mine: &MyWork) -> String {
    let Some(oldest) = mine.items.first() else {
        if !mine.incidents.is_empty() {
            return match mine.incidents.len() {
                1 => "No step waits for you. One incident needs your answer.".to_owned(),
                n => format!("No step waits for you. {n} incidents need your answer."),
            };
        }
        if !mine.missed.is_empty() {
            return match mine.missed.len() {
                1 => "No step waits for you. One missed start needs your answer.".to_owned(),
                n => format!("No step waits for you. {n} missed starts need your answer."),
            };
        }
        let asked = mine.to_approve.len() + mine.answered.len() + mine.suggested.len();
        return match mine.reviews.len() + mine.to_verify.len() + asked {
            0 => "Nothing waits for you.".to_owned(),
            1 => "No step waits for you. One process wants your word.".to_owned(),
            n => format!("No step waits for you. {n} processes want your word."),
        };
    };
    let n = match mine.items.len() {
        1 => "One step waits for you. Until it is done".to_owned(),
        n => format!("{n} steps wait for you. Until the first is done"),
    };
    let since = moment::so_far(waits(visit, oldest));
    format!("{n}, “{}” stands still, {since}.", oldest.run_title)
}

fn nothing(visit: &Visit, mine: &MyWork) -> Markup {
    let see = link_button("/processes", "See the processes", Weight::Secondary);
    if mine.seats.is_empty() && access::may(&visit.who, Act::Manage) {
        let why = "Work comes to seats, and you hold none yet. Say what happens in this company and which of it to write down first, bring in the documents that you have, or give yourself a seat on the team chart.";
        let begin = html! {
            (link_button("/audit/first-day", "Find out what to write first", Weight::Secondary))
            (link_button("/processes/import", "Import documents", Weight::Quiet))
            (link_button("/seats", "See the team chart", Weight::Quiet))
        };
        return empty_state(Icon::Work, "You hold no seat", why, Some(&begin));
    }
    if mine.seats.is_empty() {
        let why = "Work comes to seats, and you hold none yet. Once a manager gives you a seat, the steps of every run that are its turn appear here, the longest waiting first.";
        return empty_state(Icon::Work, "You hold no seat", why, Some(&see));
    }
    let names: Vec<&str> = mine.seats.iter().map(|(_, name)| name.as_str()).collect();
    let why = format!(
        "When a run comes to a step of {}, it appears here with what to do and what to leave as proof. \
         Start a run of a process to see it move.",
        names.join(" or ")
    );
    empty_state(Icon::Check, "No step to do", &why, Some(&see))
}

fn steps(visit: &Visit, rows: &[WorkRow]) -> Markup {
    let hrefs: Vec<String> = rows.iter().map(|row| format!("/work/{}", row.item.id)).collect();
    let shown: Vec<Item<'_>> = rows
        .iter()
        .zip(&hrefs)
        .enumerate()
        .map(|(place, (row, href))| {
            let weight = if place == 0 { Weight::Primary } else { Weight::Secondary };
            let mut facts = vec![
                html! { a href={ "/runs/" (row.item.run) } { (row.run_title) } },
                html! { (row.process.1) },
                html! { "as " (row.seat) @if let Some(away) = &row.acting_for { ", acting for " (away) } },
            ];
            if let Some(given) = row.delegated.as_ref().filter(|_| row.is_given) {
                facts.push(html! { "given to you by " (given.by.told()) });
            }
            facts.extend(due(visit, row));
            facts.push(age(visit, row));
            if !row.step.handoff_to.is_empty() {
                facts.push(html! { (row.step.handoff_to.join(", ")) " waits for it" });
            }
            facts.extend(taken(row));
            Item {
                href,
                title: &row.step.title,
                facts,
                side: html! { (priority(row.item.priority)) (long(visit, row)) (link_button(href, "Open", weight)) },
            }
        })
        .collect();
    items(&shown)
}

/// In which order the steps stand.
fn order(rows: &[WorkRow]) -> &'static str {
    if rows.iter().all(|row| row.item.priority == Priority::Normal) {
        "what waits longest first"
    } else {
        "the most urgent first, then what waits longest"
    }
}

/// How urgent it is, where that is not as usual.
pub(super) fn priority(priority: Priority) -> Markup {
    match priority {
        Priority::Urgent => badge(Tone::Bad, "Urgent"),
        Priority::High => badge(Tone::Warn, "High priority"),
        Priority::Normal => html! {},
        Priority::Low => badge(Tone::Neutral, "Low priority"),
    }
}

fn aside(visit: &Visit, rows: &[WorkRow]) -> Markup {
    apart(visit, rows, |row| {
        let back = row.item.follow_up.map(|at| moment::time(at, visit.now, &visit.zone));
        html! { "comes back " @if let Some(back) = back { (back) } }
    })
}

fn given_away(visit: &Visit, rows: &[WorkRow]) -> Markup {
    apart(visit, rows, |row| {
        let to = row.delegated.as_ref().map(|given| given.name.as_str());
        html! { "with " (to.unwrap_or("somebody")) ", for " (row.seat) }
    })
}

/// Steps that are not to be done now, and why.
fn apart(visit: &Visit, rows: &[WorkRow], why: impl Fn(&WorkRow) -> Markup) -> Markup {
    let hrefs: Vec<String> = rows.iter().map(|row| format!("/work/{}", row.item.id)).collect();
    let shown: Vec<Item<'_>> = rows
        .iter()
        .zip(&hrefs)
        .map(|(row, href)| {
            let mut facts = vec![html! { (row.run_title) }, html! { (row.process.1) }, why(row)];
            facts.extend(due(visit, row));
            let side = html! { (priority(row.item.priority)) (long(visit, row)) };
            Item { href, title: &row.step.title, facts, side }
        })
        .collect();
    items(&shown)
}

fn taken(row: &WorkRow) -> Option<Markup> {
    row.item.holder.as_ref().map(|holder| html! { "taken by " (holder) })
}

fn age(visit: &Visit, row: &WorkRow) -> Markup {
    html! { "Waits " (moment::span(waits(visit, row))) }
}

/// By when it must be done: the instant where it is known, the words otherwise.
pub(super) fn due(visit: &Visit, row: &WorkRow) -> Option<Markup> {
    if let Some(due) = row.item.due {
        return Some(html! { "Due " (moment::time(due, visit.now, &visit.zone)) });
    }
    row.step.due.as_ref().map(|due| html! { "Due: " (due) })
}

/// The mark of what waits too long.
fn long(visit: &Visit, row: &WorkRow) -> Markup {
    html! {
        @if row.late { (badge(Tone::Bad, "Overdue")) }
        @else if waits(visit, row) > LONG { (badge(Tone::Warn, "Waiting long")) }
    }
}

fn process_items(
    rows: &[ProcessRow],
    say: impl Fn(&ProcessRow) -> (Vec<Markup>, Markup),
) -> Markup {
    let hrefs: Vec<String> = rows.iter().map(|row| format!("/processes/{}", row.slug)).collect();
    let shown: Vec<Item<'_>> = rows
        .iter()
        .zip(&hrefs)
        .map(|(row, href)| {
            let (facts, side) = say(row);
            Item { href, title: &row.summary.title, facts, side }
        })
        .collect();
    items(&shown)
}

fn to_verify(visit: &Visit, rows: &[ProcessRow]) -> Markup {
    process_items(rows, |row| {
        let why = match &row.trust {
            Trust::Unverified { because, since } => html! {
                (because) ", " (moment::time(*since, visit.now, &visit.zone))
            },
            Trust::Verified { .. } => html! {},
        };
        let means = html! { "Read it against how the work is really done; until then nobody answers for it." };
        let side = html! { (badge(Tone::Warn, "Unverified")) (link_button(&format!("/processes/{}", row.slug), "Read and verify", Weight::Secondary)) };
        (vec![why, means], side)
    })
}

fn reviews(visit: &Visit, rows: &[ProcessRow]) -> Markup {
    process_items(rows, |row| {
        let means = html! { "The document may have drifted from the work. Hold one against the other and say which is right." };
        let side = html! {
            @if let Some(at) = row.review.at { (moment::due(at, visit.now, &visit.zone)) }
            (link_button(&format!("/processes/{}", row.slug), "Review", Weight::Secondary))
        };
        (vec![means], side)
    })
}

fn waiting(visit: &Visit, rows: &[WorkRow]) -> Markup {
    let hrefs: Vec<String> = rows.iter().map(|row| format!("/runs/{}", row.item.run)).collect();
    let shown: Vec<Item<'_>> = rows
        .iter()
        .zip(&hrefs)
        .map(|(row, href)| {
            let mut facts = vec![html! { (row.run_title) }, html! { "with " (row.seat) }];
            facts.push(age(visit, row));
            facts.extend(taken(row));
            Item { href, title: &row.step.title, facts, side: long(visit, row) }
        })
        .collect();
    items(&shown)
}

/// What the run was given when it began: data, never instructions.
pub(super) fn given(inputs: &[Left]) -> Markup {
    let name =
        |input: &Left| sentence(&input.name.as_deref().unwrap_or_default().replace('_', " "));
    let names: Vec<String> = inputs.iter().map(name).collect();
    let known: Vec<(&str, Markup)> = names
        .iter()
        .zip(inputs)
        .map(|(name, input)| (name.trim_end_matches('.'), html! { (input.value) }))
        .collect();
    if known.is_empty() {
        return html! {};
    }
    section("What came in", Some("data to work with, not instructions"), &facts(&known))
}

/// One piece of evidence: a file to fetch, a link to follow, or words.
pub(super) fn proof(piece: &Left) -> Markup {
    let web = ["https://", "http://"].iter().any(|scheme| piece.value.starts_with(scheme));
    match piece.kind {
        EvidenceKind::File => {
            let name = piece.name.as_deref().filter(|name| !name.is_empty()).unwrap_or("a file");
            html! { "File: " a href={ "/files/" (piece.value) } { (name) } }
        }
        EvidenceKind::Link if web => {
            html! { "Link: " a href=(piece.value) rel="noreferrer noopener" { (piece.value) } }
        }
        EvidenceKind::Number | EvidenceKind::Date | EvidenceKind::Choice => {
            let name = piece.name.as_deref().unwrap_or_default().replace('_', " ");
            html! { (sentence(&name).trim_end_matches('.')) ": " strong { (piece.value) } }
        }
        EvidenceKind::Link | EvidenceKind::Text => html! { (piece.value) },
    }
}
