//! A browser without a network: it keeps its cookie, reads the token out of pages and sends forms.

use axum::{
    Router,
    body::{Body, to_bytes},
    http::{HeaderMap, Request, StatusCode, header},
};
use futures_util::StreamExt as _;
use gemba_app::{Principal, Who, accounts};
use gemba_testkit::TestApp;
use gemba_web::{Config, router};
use jiff::SignedDuration;
use tower::ServiceExt as _;

/// What came back.
#[derive(Debug)]
pub(crate) struct Page {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: String,
}

impl Page {
    /// Where it leads on to.
    pub(crate) fn location(&self) -> &str {
        assert_eq!(self.status, StatusCode::SEE_OTHER, "{}", self.body);
        self.headers[header::LOCATION].to_str().unwrap()
    }

    /// The page, which must have come with this status.
    pub(crate) fn with(&self, status: StatusCode) -> &str {
        assert_eq!(self.status, status, "{}", self.body);
        &self.body
    }

    /// The page is there and says all of this.
    #[track_caller]
    pub(crate) fn shows(self, parts: &[&str]) -> Self {
        self.says(parts);
        self
    }

    /// The same form again, with the mistake and what was typed.
    #[track_caller]
    pub(crate) fn refused(self, parts: &[&str]) -> Self {
        let body = self.with(StatusCode::UNPROCESSABLE_ENTITY);
        for part in parts {
            assert!(body.contains(part), "{part} is not in {body}");
        }
        self
    }

    /// The browser is sent on to this address.
    #[track_caller]
    pub(crate) fn goes(self, to: &str) -> Self {
        assert_eq!(self.location(), to);
        self
    }

    /// It answers with this status.
    #[track_caller]
    pub(crate) fn is(self, status: u16) -> Self {
        assert_eq!(self.status.as_u16(), status, "{}", self.body);
        self
    }

    /// It does not say this.
    #[track_caller]
    pub(crate) fn hides(self, parts: &[&str]) -> Self {
        for part in parts {
            assert!(!self.body.contains(part), "{part} is in {}", self.body);
        }
        self
    }

    /// Fails unless the page is there and says all of this.
    pub(crate) fn says(&self, wanted: &[&str]) {
        self.with(StatusCode::OK);
        for words in wanted {
            assert!(self.body.contains(words), "`{words}` is not in {}", self.body);
        }
        assert_eq!(self.body.matches("<h1").count(), 1, "a page has one first-rank heading");
        for banned in [" style=", " onclick=", "<style", "javascript:"] {
            assert!(!self.body.contains(banned), "{banned}");
        }
        assert!(self.body.len() < 100_000, "a page has less than 100 kB");
    }
}

/// A file to send.
pub(crate) struct Upload<'a> {
    pub(crate) field: &'a str,
    pub(crate) name: &'a str,
    pub(crate) bytes: &'a [u8],
}

/// A browser, perhaps signed in.
pub(crate) struct Browser {
    site: Router,
    cookie: String,
    csrf: String,
}

/// A stream of events that stays open.
pub(crate) struct Stream {
    headers: HeaderMap,
    pieces: axum::body::BodyDataStream,
}

impl Stream {
    /// One of its headers.
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers[name].to_str().unwrap()
    }

    /// The next thing it tells.
    pub(crate) async fn next(&mut self) -> String {
        let piece = self.pieces.next().await.unwrap().unwrap();
        String::from_utf8(piece.to_vec()).unwrap()
    }
}

impl Browser {
    /// Opens a stream of events.
    pub(crate) async fn listen(&self, address: &str) -> Stream {
        let request = Request::get(address).header(header::COOKIE, &self.cookie);
        let answer = self.site.clone().oneshot(request.body(Body::empty()).unwrap()).await.unwrap();
        assert_eq!(answer.status(), StatusCode::OK);
        let (parts, body) = answer.into_parts();
        Stream { headers: parts.headers, pieces: body.into_data_stream() }
    }

    /// Nobody is signed in.
    pub(crate) fn new(kit: &TestApp, setup_key: Option<&str>) -> Self {
        let setup_key = setup_key.map(str::to_owned);
        let config = Config { setup_key, public_url: None, secure: false, stop: None };
        let site = router(kit.app.clone(), config);
        Self { site, cookie: String::new(), csrf: String::new() }
    }

    /// Signed in as a persona of the kit. A link spares the tests the deliberate slowness of passwords.
    pub(crate) async fn of(kit: &TestApp, name: &str) -> Self {
        let who = kit.person(name).await;
        let Principal::Person { account } = who.principal else { panic!("{name} is a person") };
        let day = SignedDuration::from_hours(24);
        let link = accounts::link(&kit.app, &Who::operator(), account, day).await.unwrap();
        let session = accounts::use_link(&kit.app, &link).await.unwrap();
        let known = accounts::session(&kit.app, &session.secret).await.unwrap();
        let cookie = format!("gemba_session={}", session.secret);
        Self { cookie, csrf: known.csrf, ..Self::new(kit, None) }
    }

    /// Keeps the cookie that came with a page.
    pub(crate) fn take_cookie(&mut self, page: &Page) {
        let cookie = page.headers[header::SET_COOKIE].to_str().unwrap();
        cookie.split(';').next().unwrap().clone_into(&mut self.cookie);
    }

    /// The same browser with a token that is not its session's.
    pub(crate) fn with_wrong_token(mut self) -> Self {
        "gc_wrong".clone_into(&mut self.csrf);
        self
    }

    pub(crate) async fn send(&self, request: Request<Body>) -> Page {
        let answer = self.site.clone().oneshot(request).await.unwrap();
        let (status, headers) = (answer.status(), answer.headers().clone());
        let bytes = to_bytes(answer.into_body(), 1 << 24).await.unwrap();
        Page { status, headers, body: String::from_utf8_lossy(&bytes).into_owned() }
    }

    /// Opens an address.
    pub(crate) async fn get(&self, address: &str) -> Page {
        let request = Request::get(address).header(header::COOKIE, &self.cookie);
        self.send(request.body(Body::empty()).unwrap()).await
    }

    /// Opens the address that a page leads on to.
    pub(crate) async fn follow(&self, page: &Page) -> Page {
        self.get(page.location()).await
    }

    /// Sends a form with its token.
    pub(crate) async fn post(&self, address: &str, fields: &[(&str, &str)]) -> Page {
        let mut fields = fields.to_vec();
        fields.push(("csrf", &self.csrf));
        self.post_bare(address, &fields).await
    }

    /// Sends a form as it is, without the token.
    pub(crate) async fn post_bare(&self, address: &str, fields: &[(&str, &str)]) -> Page {
        let request = Request::post(address)
            .header(header::COOKIE, &self.cookie)
            .header(header::HOST, "gemba.example")
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        let body = serde_urlencoded::to_string(fields).unwrap();
        self.send(request.body(Body::from(body)).unwrap()).await
    }

    /// Sends files under one name, with the token.
    pub(crate) async fn import(&self, address: &str, files: &[(&str, &[u8])]) -> Page {
        let files: Vec<Upload<'_>> =
            files.iter().map(|(name, bytes)| Upload { field: "files", name, bytes }).collect();
        self.upload(address, &[], &files).await
    }

    /// Sends a form with files and its token.
    pub(crate) async fn upload(
        &self,
        address: &str,
        fields: &[(&str, &str)],
        files: &[Upload<'_>],
    ) -> Page {
        let mut body = Vec::new();
        let mut part = |head: &str, value: &[u8]| {
            let lines = ["--edge\r\nContent-Disposition: form-data; ", head, "\r\n\r\n"].concat();
            body.extend(lines.bytes().chain(value.iter().copied()).chain(*b"\r\n"));
        };
        for (name, value) in fields.iter().chain(&[("csrf", self.csrf.as_str())]) {
            part(&format!("name=\"{name}\""), value.as_bytes());
        }
        for Upload { field, name, bytes } in files {
            part(&format!("name=\"{field}\"; filename=\"{name}\""), bytes);
        }
        body.extend(*b"--edge--\r\n");
        let request = Request::post(address)
            .header(header::COOKIE, &self.cookie)
            .header(header::CONTENT_TYPE, "multipart/form-data; boundary=edge");
        self.send(request.body(Body::from(body)).unwrap()).await
    }
}

/// What stands between two texts.
pub(crate) fn between<'a>(text: &'a str, before: &str, after: &str) -> &'a str {
    let (_, rest) = text.split_once(before).unwrap_or_else(|| panic!("no {before} in {text}"));
    rest.split_once(after).unwrap().0
}
