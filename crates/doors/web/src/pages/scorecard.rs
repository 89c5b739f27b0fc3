//! The scorecard: thirteen weeks of numbers against their goals.

use crate::Site;
use axum::Router;

pub(super) fn router() -> Router<Site> {
    Router::new()
}
