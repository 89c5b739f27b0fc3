//! From a request to an answer: who asks, the body, the idempotency key, the operation.

use crate::{
    answer::{Answer, JSON, Refusal, Result},
    door::Door,
    openapi::openapi,
    operation::{Keep, Operation},
    resource,
};
use axum::{
    Router,
    body::{Body, Bytes, to_bytes},
    extract::{Request, State},
    http::{HeaderMap, HeaderName, HeaderValue, Method, Uri, request::Parts},
    response::{IntoResponse, Response},
    routing::{MethodFilter, get, on},
};
use gemba_app::{
    Error, Who,
    idempotency::{self, Asked},
};
use gemba_wire::Problem;
use std::sync::Arc;

/// Where the interface is.
pub(crate) const BASE: &str = "/api/v1";
/// The header that names a request, so that it can be repeated without being done twice.
pub(crate) const KEY: &str = "Idempotency-Key";

const REPLAYED: HeaderName = HeaderName::from_static("idempotency-replayed");

pub(crate) fn router(door: Door) -> Router {
    let document = Answer::json(200, JSON, &openapi());
    let mut router = Router::new().route("/openapi.json", get(async move || document));
    for operation in resource::operations() {
        // Every method in the table is one that axum routes.
        let Ok(filter) = MethodFilter::try_from(operation.method.clone()) else { continue };
        let path = operation.path;
        let operation = Arc::new(operation);
        let answer = async move |State(door): State<Arc<Door>>, request: Request| {
            serve(door, operation, request).await
        };
        router = router.route(path, on(filter, answer));
    }
    let inner = router
        .fallback(async |request: Request| no_address(&full_path(request.uri())))
        .method_not_allowed_fallback(async |request: Request| {
            Refusal::from(Problem::no_method(request.method().as_str(), &full_path(request.uri())))
        })
        .with_state(Arc::new(door));
    Router::new().nest(BASE, inner)
}

fn no_address(path: &str) -> Refusal {
    Problem::no_address(path).into()
}

/// The path as it was asked for: the router sees it without its base.
pub(crate) fn full_path(uri: &Uri) -> String {
    format!("{BASE}{}", uri.path())
}

async fn serve(door: Arc<Door>, operation: Arc<Operation>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    answered(door, operation, parts, body).await.unwrap_or_else(Answer::from).into_response()
}

async fn answered(
    door: Arc<Door>,
    operation: Arc<Operation>,
    parts: Parts,
    body: Body,
) -> Result<Answer> {
    let who = door.identify(&parts.headers).await?;
    let body = to_bytes(body, operation.limit)
        .await
        .map_err(|_longer| Problem::too_large(operation.limit))?;
    let (Keep::Answer, Some(key)) = (operation.keep, key(&parts.headers)?) else {
        return Ok(operation.answer(door.app.clone(), who, parts, body).await);
    };
    // A task of its own: what was begun is finished and its answer kept, even where the asker hangs up
    // halfway. That is when it will ask again.
    let task = tokio::spawn(async move { once(&door, &operation, who, parts, body, &key).await });
    task.await.unwrap_or_else(|gone| match gone.try_into_panic() {
        Ok(panic) => std::panic::resume_unwind(panic),
        Err(_stopped) => {
            let detail = "Gemba is being stopped; ask again";
            Err(Problem::new(503, "APP0901", "Internal error", detail).into())
        }
    })
}

fn key(headers: &HeaderMap) -> Result<Option<String>> {
    let Some(value) = headers.get(KEY) else { return Ok(None) };
    match value.to_str() {
        Ok(key) => Ok(Some(key.to_owned())),
        Err(_not_ascii) => {
            let message = "an idempotency key is plain text".to_owned();
            Err(Error::Invalid { field: KEY, message }.into())
        }
    }
}

/// The same answer for the same request, done once. What failed on our side is not kept: it may be
/// tried again.
async fn once(
    door: &Door,
    operation: &Operation,
    who: Who,
    parts: Parts,
    body: Bytes,
    key: &str,
) -> Result<Answer> {
    let _turn = door.turn(key).lock().await;
    let request = fingerprint(&parts.method, &parts.uri, &body);
    let app = match idempotency::ask(&door.app, &who, key, &request).await? {
        Asked::Before(known) => {
            let mut answer = Answer::kept(known.status, known.body);
            answer.headers.push((REPLAYED, HeaderValue::from_static("true")));
            return Ok(answer);
        }
        Asked::New(app) => app,
    };
    let answer = operation.answer(app.clone(), who.clone(), parts, body).await;
    if let (true, Ok(text)) = (answer.status < 500, std::str::from_utf8(&answer.body)) {
        let kept = idempotency::Answer { status: answer.status, body: text.to_owned() };
        let kept = idempotency::answered(&app, &who, kept).await;
        // It was done; to say otherwise would be wrong.
        if let Err(error) = kept {
            tracing::error!(code = error.code(), "an answer could not be kept: {error}");
        }
    }
    Ok(answer)
}

fn fingerprint(method: &Method, uri: &Uri, body: &[u8]) -> Vec<u8> {
    let mut request = format!("{method} {uri}\n").into_bytes();
    request.extend_from_slice(body);
    request
}
