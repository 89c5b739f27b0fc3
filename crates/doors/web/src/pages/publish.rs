//! Publishing a draft: its owner, its seats, what stands in the way.

use crate::Site;
use axum::Router;

pub(super) fn router() -> Router<Site> {
    Router::new()
}
