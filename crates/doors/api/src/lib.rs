//! REST under `/api/v1`, and the OpenAPI document that describes it.
//!
//! One table of operations ([`operation`]) makes both the routes and the document, and the types in a
//! handler's signature make its schemas; so nothing can be served that is not described, and nothing
//! described that is not served.
//!
//! Boundary: a handler calls the application and says its answer in wire types. It decides nothing.
//! Browser sessions are for pages: here only bearer tokens count, and no cookie is read.

mod answer;
mod call;
mod door;
mod hook;
mod openapi;
mod operation;
mod page;
mod resource;
mod serve;

pub use hook::hooks;
pub use openapi::openapi;

use axum::Router;
use gemba_app::{App, Who};

/// The REST interface at `/api/v1`, for bearers of tokens.
pub fn router(app: App) -> Router {
    serve::router(door::Door::new(app, door::Entry::Token))
}

/// The same for one who is known already, whatever the request says: for programs that hold the data
/// folder, never for a listening address.
pub fn router_as(app: App, who: Who) -> Router {
    serve::router(door::Door::new(app, door::Entry::Known(who)))
}

/// Every operation as method and path.
pub fn operations() -> Vec<(String, String)> {
    let all = resource::operations().into_iter();
    all.map(|op| (op.method.to_string(), format!("{}{}", serve::BASE, op.path))).collect()
}
