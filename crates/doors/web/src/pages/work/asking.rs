//! What asks for a person's word on My work: missed occurrences, proposals, suggested changes.

use crate::{
    pages::{proposal, triggers},
    ui::{
        act::{Weight, link_button},
        list::{Item, items},
        moment,
    },
    visit::Visit,
};
use gemba_app::{
    processes::ProcessRow,
    triggers::{Occurrence, Trigger},
};
use maud::{Markup, html};

/// Occurrences that were missed, each with its two answers.
pub(super) fn missed(visit: &Visit, rows: &[(Trigger, Occurrence)]) -> Markup {
    let hrefs: Vec<String> =
        rows.iter().map(|(view, _)| format!("/triggers/{}", view.trigger.id)).collect();
    let shown: Vec<Item<'_>> = rows
        .iter()
        .zip(&hrefs)
        .map(|((view, one), href)| {
            let mut facts = vec![
                html! { "Was due " (moment::time(one.row.due, visit.now, &visit.zone)) },
                html! { (view.trigger.rule) },
            ];
            facts.extend(acting(view.owner.and_then(|owner| visit.who.acts_for(owner))));
            Item {
                href,
                title: &view.process.1,
                facts,
                side: triggers::answers(visit, view, one, true),
            }
        })
        .collect();
    items(&shown)
}

/// Processes with changes that others suggest.
pub(super) fn suggested(rows: &[(ProcessRow, usize)]) -> Markup {
    let hrefs: Vec<String> =
        rows.iter().map(|(row, _)| format!("/processes/{}/suggestions", row.slug)).collect();
    let shown: Vec<Item<'_>> = rows
        .iter()
        .zip(&hrefs)
        .map(|((row, n), href)| {
            let how_many = match n {
                1 => html! { "one suggestion waits for an answer" },
                n => html! { (n) " suggestions wait for an answer" },
            };
            let side = link_button(href, "Look at it", Weight::Secondary);
            Item { href, title: &row.summary.title, facts: vec![how_many], side }
        })
        .collect();
    items(&shown)
}

/// For whom one acts, where that is so.
pub(super) fn acting(away: Option<&str>) -> Option<Markup> {
    away.map(|away| html! { "acting for " (away) })
}

/// Processes with a proposed revision, each leading to it.
pub(super) fn proposals(visit: &Visit, rows: &[ProcessRow]) -> Markup {
    let hrefs: Vec<String> =
        rows.iter().map(|row| format!("/processes/{}/proposal", row.slug)).collect();
    let shown: Vec<Item<'_>> = rows
        .iter()
        .zip(&hrefs)
        .map(|(row, href)| {
            let mut facts = Vec::new();
            let mut state = html! {};
            if let Some(proposal) = &row.proposal {
                state = proposal::state(proposal.state);
                facts.push(html! { "sent by " (proposal.by.name()) " " (moment::time(proposal.at, visit.now, &visit.zone)) });
                facts.extend(proposal.reply.as_ref().filter(|r| !r.comment.is_empty()).map(|reply| {
                    html! { (reply.by.name()) ": " (reply.comment) }
                }));
            }
            let side = html! { (state) (link_button(href, "Look at it", Weight::Secondary)) };
            Item { href, title: &row.summary.title, facts, side }
        })
        .collect();
    items(&shown)
}
