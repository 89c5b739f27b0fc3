//! The team chart: seats, who holds them, whom they answer to.

use crate::Site;
use axum::Router;

pub(super) fn router() -> Router<Site> {
    Router::new()
}
