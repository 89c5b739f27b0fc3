//! Processes: the list, importing, and one process in all its views.

use crate::Site;
use axum::Router;

pub(super) fn router() -> Router<Site> {
    Router::new()
}
