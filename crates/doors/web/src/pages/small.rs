//! Small things that all pages use: theme, palette, codes, the maps' style sheet.

use crate::Site;
use axum::Router;

pub(super) fn router() -> Router<Site> {
    Router::new()
}
