//! The one act that mends the worst gap of a process, as a link to where it is done.

use crate::{
    pages::team,
    ui::act::{Weight, link_button},
    visit::Visit,
};
use gemba_app::{
    Act, access,
    coverage::{Gap, ProcessGaps},
};
use maud::Markup;

/// The act for the worst gap, or the way to look where the visitor may not mend it.
pub(super) fn act(visit: &Visit, entry: &ProcessGaps) -> Markup {
    let process = &entry.process;
    let page = format!("/processes/{}", process.slug);
    let owns = access::owns(&visit.who, process.owner.as_ref().map(|owner| owner.id));
    let may_write = access::may(&visit.who, Act::Write) && owns;
    let may_manage = access::may(&visit.who, Act::Manage);
    let edit = (may_write, format!("{page}/edit"));
    let (may, label, href) = match entry.gaps.first() {
        None => (false, "", page.clone()),
        Some(Gap::NoOwner | Gap::OwnerIsNoSeat) => (edit.0, "Name an owner", edit.1),
        Some(Gap::OwnerUnknown) => {
            let name = process.summary.owner.as_deref().unwrap_or_default();
            let query = serde_urlencoded::to_string([("name", name)]).unwrap_or_default();
            (may_manage, "Add the seat", format!("/seats/new?{query}"))
        }
        Some(Gap::OwnerVacant) => {
            let slug = process.owner.as_ref().map_or("", |owner| owner.slug.as_str());
            (may_manage, "Fill the seat", format!("{}/edit", team::address(slug)))
        }
        Some(Gap::NoTrigger) => (edit.0, "Say what starts it", edit.1),
        Some(Gap::NoOutput) => (edit.0, "Say what it produces", edit.1),
        Some(Gap::NoFailureSignals) => (edit.0, "Say how failure shows", edit.1),
        Some(Gap::HasErrors) => (edit.0, "Mend the document", edit.1),
        Some(Gap::Stale) => (may_write, "Review it", format!("{page}?view=review")),
        Some(Gap::Unverified) => (may_write, "Verify it", format!("{page}#verify")),
        Some(Gap::NotPublished) => (may_manage, "Publish it", format!("{page}/publish")),
        Some(Gap::NeverRun) => {
            (access::may(&visit.who, Act::StartRun), "Start a run", format!("{page}#start"))
        }
    };
    if may {
        link_button(&href, label, Weight::Secondary)
    } else {
        link_button(&page, "Look at it", Weight::Quiet)
    }
}

/// The way to fill a vacant seat.
pub(super) fn fill(visit: &Visit, slug: &str) -> Markup {
    let page = team::address(slug);
    if access::may(&visit.who, Act::Manage) {
        link_button(&format!("{page}/edit"), "Fill the seat", Weight::Secondary)
    } else {
        link_button(&page, "Look at it", Weight::Quiet)
    }
}
