//! Writing: the draft with its findings and map as it is written.

use crate::Site;
use axum::Router;

pub(super) fn router() -> Router<Site> {
    Router::new()
}
