//! One line of the table: an operation, as it is served and as it is described.

use crate::{
    answer::{Answer, Output, Result},
    call::{Call, Input},
    serve::full_path,
};
use axum::{
    body::Bytes,
    extract::{FromRequestParts, Path, Query},
    http::{Method, request::Parts},
};
use gemba_app::{App, Who};
use gemba_wire::Problem;
use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::de::DeserializeOwned;
use serde_json::Value;
use std::{fmt, future::Future, pin::Pin, sync::Arc};

/// What an idempotency key does for an operation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Keep {
    /// The answer is kept and given again.
    Answer,
    /// Nothing is kept: the operation changes nothing, or its answer is a secret.
    Nothing,
}

/// An answer on its way.
pub(crate) type Answering = Pin<Box<dyn Future<Output = Result<Answer>> + Send>>;
/// What answers, whatever the types of its call.
pub(crate) type Handler = Arc<dyn Fn(App, Who, Parts, Bytes) -> Answering + Send + Sync>;

/// One operation.
#[derive(Clone)]
pub(crate) struct Operation {
    pub(crate) method: Method,
    /// Below the base.
    pub(crate) path: &'static str,
    /// The name in generated clients.
    pub(crate) id: &'static str,
    pub(crate) tag: &'static str,
    pub(crate) summary: &'static str,
    /// The status of a success.
    pub(crate) status: u16,
    pub(crate) keep: Keep,
    /// The most bytes of the body.
    pub(crate) limit: usize,
    pub(crate) query: fn(&mut SchemaGenerator) -> Schema,
    pub(crate) input: fn(&mut SchemaGenerator) -> Option<Value>,
    pub(crate) output: fn(&mut SchemaGenerator) -> Option<Value>,
    pub(crate) handler: Handler,
}

impl fmt::Debug for Operation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.method, self.path)
    }
}

impl Operation {
    /// An operation; its schemas are those of the types in the handler's signature.
    pub(crate) fn new<P, Q, I, O, H, F>(
        method: Method,
        path: &'static str,
        id: &'static str,
        summary: &'static str,
        handler: H,
    ) -> Self
    where
        P: DeserializeOwned + Send + 'static,
        Q: DeserializeOwned + JsonSchema + Send + 'static,
        I: Input + 'static,
        O: Output + 'static,
        H: Fn(Call<P, Q, I>) -> F + Copy + Send + Sync + 'static,
        F: Future<Output = Result<O>> + Send + 'static,
    {
        let status = match (&method, O::describe(&mut SchemaGenerator::default())) {
            (_, None) => 204,
            (&Method::POST, Some(_)) => 201,
            (_, Some(_)) => 200,
        };
        let answer = move |app, who, parts, body| -> Answering {
            Box::pin(async move {
                let call = call::<P, Q, I>(app, who, parts, body).await?;
                Ok(handler(call).await?.answer())
            })
        };
        Self {
            keep: if method == Method::GET { Keep::Nothing } else { Keep::Answer },
            method,
            path,
            id,
            tag: "",
            summary,
            status,
            limit: I::LIMIT,
            query: Q::json_schema,
            input: I::describe,
            output: O::describe,
            handler: Arc::new(answer),
        }
    }

    /// The same, its answers never kept.
    pub(crate) fn unkept(mut self) -> Self {
        self.keep = Keep::Nothing;
        self
    }

    /// The same, with another status for success.
    pub(crate) fn with_status(mut self, status: u16) -> Self {
        self.status = status;
        self
    }

    /// Answers a request.
    pub(crate) async fn answer(&self, app: App, who: Who, parts: Parts, body: Bytes) -> Answer {
        let answer = (self.handler)(app, who, parts, body).await;
        let with_status = |answer| Answer { status: self.status, ..answer };
        answer.map_or_else(Answer::from, with_status)
    }
}

async fn call<P, Q, I>(app: App, who: Who, mut parts: Parts, body: Bytes) -> Result<Call<P, Q, I>>
where
    P: DeserializeOwned + Send,
    Q: DeserializeOwned,
    I: Input,
{
    // An id of another form is the id of nothing.
    let path = Path::<P>::from_request_parts(&mut parts, &());
    let Path(path) = path.await.map_err(|_wrong| Problem::no_address(&full_path(&parts.uri)))?;
    let Query(query) = Query::<Q>::try_from_uri(&parts.uri)
        .map_err(|wrong| Problem::unreadable(wrong.body_text()))?;
    let input = I::read(&parts.headers, body)?;
    Ok(Call { app, who, path, query, input })
}
