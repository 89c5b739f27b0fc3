//! The pages, one file each.

mod agents;
mod ask;
mod attachments;
mod audit;
mod changes;
mod editor;
mod entry;
mod handbook;
mod incidents;
mod library;
mod live;
mod moves;
mod processes;
mod proposal;
mod publish;
mod raci;
mod runs;
mod scorecard;
mod search;
mod settings;
mod small;
mod suggestions;
mod team;
mod triggers;
mod work;

pub(crate) use entry::sign_in_again;

use crate::{Site, refusal::Refusal};
use axum::{Router, http::Uri};

pub(crate) fn router() -> Router<Site> {
    Router::new()
        .merge(entry::router())
        .merge(agents::router())
        .merge(ask::router())
        .merge(work::router())
        .merge(runs::router())
        .merge(triggers::router())
        .merge(incidents::router())
        .merge(moves::router())
        .merge(processes::router())
        .merge(attachments::router())
        .merge(handbook::router())
        .merge(editor::router())
        .merge(publish::router())
        .merge(raci::router())
        .merge(proposal::router())
        .merge(suggestions::router())
        .merge(changes::router())
        .merge(team::router())
        .merge(scorecard::router())
        .merge(audit::router())
        .merge(search::router())
        .merge(live::router())
        .merge(library::router())
        .merge(settings::router())
        .merge(small::router())
        .method_not_allowed_fallback(|uri: Uri| async move { Refusal::no_page(uri.path()) })
        .fallback(|uri: Uri| async move { Refusal::no_page(uri.path()) })
}
