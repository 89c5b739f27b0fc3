//! My work, and one step to do.

use crate::Site;
use axum::Router;

pub(super) fn router() -> Router<Site> {
    Router::new()
}
