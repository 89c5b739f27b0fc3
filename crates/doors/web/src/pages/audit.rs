//! The audit: what is exposed, by function, process and seat.

use crate::Site;
use axum::Router;

pub(super) fn router() -> Router<Site> {
    Router::new()
}
