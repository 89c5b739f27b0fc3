//! What comes in: forms and files, from our own pages only.
//!
//! A form is taken when it carries the token of the visitor's session and the browser does not say
//! that it comes from another site.

use crate::{Site, refusal::Refusal, visit::Visit};
use axum::{
    body::{Body, Bytes},
    extract::{DefaultBodyLimit, FromRequest, FromRequestParts, Multipart, Request},
    http::HeaderMap,
};
use serde::de::DeserializeOwned;

/// The largest form without files, in bytes: two documents of the largest size, as forms write them.
const MAX_FORM: usize = 8 * 1024 * 1024;
/// The largest form with files, in bytes.
pub(crate) const MAX_UPLOAD: usize = 32 * 1024 * 1024;
/// The most parts of a form with files.
const MAX_PARTS: usize = 2_500;

/// A form that was sent by the visitor, from one of our pages.
#[derive(Debug)]
pub(crate) struct Sent<T> {
    pub(crate) visit: Visit,
    pub(crate) form: T,
}

impl<T: DeserializeOwned> FromRequest<Site> for Sent<T> {
    type Rejection = Refusal;

    async fn from_request(request: Request, site: &Site) -> Result<Self, Refusal> {
        let (mut parts, body) = request.into_parts();
        let visit = match Visit::from_request_parts(&mut parts, site).await {
            Ok(visit) => visit,
            Err(Refusal::SignIn { back }) => {
                return Err(kept(Request::from_parts(parts, body), back).await);
            }
            Err(other) => return Err(other),
        };
        same_site(&parts.headers)?;
        let mut request = Request::from_parts(parts, body);
        DefaultBodyLimit::max(MAX_FORM).apply(&mut request);
        let bytes =
            Bytes::from_request(request, &()).await.map_err(|e| Refusal::BadForm(e.body_text()))?;
        let fields: Vec<(String, String)> = read(&bytes)?;
        check_token(
            &visit,
            fields.iter().find(|(name, _)| name == "csrf").map(|(_, v)| v.as_str()),
        )?;
        Ok(Self { form: read(&bytes)?, visit })
    }
}

/// The largest form that is kept while somebody signs in again, in bytes.
const MAX_KEPT: usize = 1024 * 1024;

/// A form that met the end of its session: what was typed, to be sent again by the one who signs in.
#[derive(Debug)]
pub(crate) struct Kept {
    /// Where it was sent to.
    pub(crate) action: String,
    /// The page it was on.
    pub(crate) back: String,
    /// Its fields, without the token of the session that ended.
    pub(crate) fields: Vec<(String, String)>,
}

/// Whether the browser says that a person sent this from a page of ours.
fn is_typed_here(headers: &HeaderMap) -> bool {
    let says = |name: &str, value: &str| headers.get(name).is_some_and(|said| said == value);
    says("sec-fetch-site", "same-origin") && says("sec-fetch-mode", "navigate")
}

/// What is told to somebody whose session had ended when they sent a form. What a page sent by itself,
/// what may come from another site, what holds a password and what is very large is not kept.
async fn kept(mut request: Request, back: String) -> Refusal {
    if !is_typed_here(request.headers()) {
        return Refusal::SignIn { back };
    }
    let action = request.uri().path_and_query().map_or("/", |p| p.as_str()).to_owned();
    DefaultBodyLimit::max(MAX_KEPT).apply(&mut request);
    let Ok(bytes) = Bytes::from_request(request, &()).await else {
        return Refusal::SignIn { back };
    };
    let Ok(mut fields) = read::<Vec<(String, String)>>(&bytes) else {
        return Refusal::SignIn { back };
    };
    fields.retain(|(name, _)| name != "csrf");
    let is_secret = fields.iter().any(|(name, _)| name.contains("password"));
    if fields.is_empty() || is_secret {
        return Refusal::SignIn { back };
    }
    Refusal::Kept(Box::new(Kept { action, back, fields }))
}

fn read<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Refusal> {
    serde_urlencoded::from_bytes(bytes).map_err(|e| Refusal::BadForm(format!("{e}.")))
}

/// The words of a form that nobody is signed in for; it comes from one of our pages.
#[derive(Debug)]
pub(crate) struct Plain<T>(pub(crate) T);

impl<T: DeserializeOwned> FromRequest<Site> for Plain<T> {
    type Rejection = Refusal;

    async fn from_request(mut request: Request, _site: &Site) -> Result<Self, Refusal> {
        same_site(request.headers())?;
        DefaultBodyLimit::max(MAX_FORM).apply(&mut request);
        let bytes =
            Bytes::from_request(request, &()).await.map_err(|e| Refusal::BadForm(e.body_text()))?;
        Ok(Self(read(&bytes)?))
    }
}

/// A file that came with a form.
#[derive(Debug)]
pub(crate) struct Uploaded {
    /// The name of the field.
    pub(crate) field: String,
    /// The name of the file.
    pub(crate) name: String,
    /// What is in it.
    pub(crate) bytes: Vec<u8>,
}

/// A form with files, sent by the visitor from one of our pages.
#[derive(Debug)]
pub(crate) struct Upload {
    pub(crate) visit: Visit,
    pub(crate) fields: Vec<(String, String)>,
    pub(crate) files: Vec<Uploaded>,
}

impl Upload {
    /// The value of a field; empty where there is none.
    pub(crate) fn field(&self, name: &str) -> &str {
        self.fields.iter().find(|(field, _)| field == name).map_or("", |(_, value)| value.as_str())
    }
}

impl FromRequest<Site> for Upload {
    type Rejection = Refusal;

    async fn from_request(request: Request, site: &Site) -> Result<Self, Refusal> {
        let (mut parts, body) = request.into_parts();
        let visit = Visit::from_request_parts(&mut parts, site).await?;
        same_site(&parts.headers)?;
        let mut whole = Request::from_parts(parts, body);
        DefaultBodyLimit::max(MAX_UPLOAD).apply(&mut whole);
        let bad = |why: String| Refusal::BadForm(why);
        // Read to its end before it is taken apart: a connection with unread bytes would be closed under
        // a browser that still sends.
        let headers = whole.headers().clone();
        let bytes = Bytes::from_request(whole, &()).await.map_err(|e| bad(e.body_text()))?;
        let mut request = Request::new(Body::from(bytes));
        *request.headers_mut() = headers;
        DefaultBodyLimit::disable().apply(&mut request);
        let mut form =
            Multipart::from_request(request, &()).await.map_err(|e| bad(e.body_text()))?;
        let mut upload = Self { visit, fields: Vec::new(), files: Vec::new() };
        while let Some(part) = form.next_field().await.map_err(|e| bad(e.body_text()))? {
            if upload.fields.len() + upload.files.len() >= MAX_PARTS {
                return Err(bad(format!("A form has at most {MAX_PARTS} parts.")));
            }
            let field = part.name().unwrap_or_default().to_owned();
            let name = part.file_name().map(str::to_owned);
            let bytes = part.bytes().await.map_err(|e| bad(e.body_text()))?;
            match name {
                // A browser sends an empty part where no file was chosen.
                Some(name) if name.is_empty() && bytes.is_empty() => {}
                Some(name) => upload.files.push(Uploaded { field, name, bytes: bytes.to_vec() }),
                None => {
                    let text = String::from_utf8(bytes.to_vec())
                        .map_err(|e| bad(format!("The field {field} is not text: {e}.")))?;
                    upload.fields.push((field, text));
                }
            }
        }
        let token = upload.field("csrf").to_owned();
        check_token(&upload.visit, Some(&token))?;
        Ok(upload)
    }
}

/// Browsers say where a form comes from; one that says another site is refused.
fn same_site(headers: &HeaderMap) -> Result<(), Refusal> {
    match headers.get("sec-fetch-site").map(|v| v.to_str().unwrap_or("cross-site")) {
        None | Some("same-origin" | "none") => Ok(()),
        Some(_) => Err(Refusal::NotOurForm),
    }
}

fn check_token(visit: &Visit, token: Option<&str>) -> Result<(), Refusal> {
    let token = token.unwrap_or_default().as_bytes();
    let expected = visit.csrf.as_bytes();
    // Every byte is compared, so that the time tells nothing about how many were right.
    let differing = token.iter().zip(expected).fold(0, |sum, (a, b)| sum | (a ^ b));
    if token.len() == expected.len() && differing == 0 { Ok(()) } else { Err(Refusal::NotOurForm) }
}
