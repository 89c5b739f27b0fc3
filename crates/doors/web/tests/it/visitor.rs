//! A visitor: a persona, signed in without the sign-in page, whose answers are held against what they must be.

use axum::{
    Router,
    body::{Body, to_bytes},
    http::{Request, StatusCode, header},
};
use gemba_app::{Principal, Who, accounts};
use gemba_testkit::TestApp;
use jiff::SignedDuration;
use tower::ServiceExt;

/// Somebody signed in.
#[derive(Debug)]
pub(crate) struct Visitor {
    router: Router,
    cookie: String,
    csrf: String,
}

/// What came back.
#[derive(Debug)]
pub(crate) struct Page {
    pub(crate) status: StatusCode,
    pub(crate) to: String,
    pub(crate) html: String,
}

impl Visitor {
    /// A persona of the small company, signed in.
    pub(crate) async fn of(kit: &TestApp, name: &str) -> Self {
        let who = kit.person(name).await;
        let Principal::Person { account } = who.principal else { panic!("{name} is a person") };
        // A link spares the tests the deliberate slowness of passwords.
        let day = SignedDuration::from_hours(24);
        let link = accounts::link(&kit.app, &Who::operator(), account, day).await.unwrap();
        let session = accounts::use_link(&kit.app, &link).await.unwrap();
        let known = accounts::session(&kit.app, &session.secret).await.unwrap();
        let config = gemba_web::Config { setup_key: None, secure: false };
        Self {
            router: gemba_web::router(kit.app.clone(), config),
            cookie: format!("gemba_session={}", session.secret),
            csrf: known.csrf,
        }
    }

    /// Opens a page.
    pub(crate) async fn open(&self, address: &str) -> Page {
        let request = Request::get(address).header(header::COOKIE, &self.cookie);
        self.ask(request.body(Body::empty()).unwrap()).await
    }

    /// Sends a form with the token of the session.
    pub(crate) async fn send(&self, address: &str, fields: &[(&str, &str)]) -> Page {
        let mut all = vec![("csrf", self.csrf.as_str())];
        all.extend(fields);
        self.send_bare(address, &all).await
    }

    /// Sends a form as it is.
    pub(crate) async fn send_bare(&self, address: &str, fields: &[(&str, &str)]) -> Page {
        let body = serde_urlencoded::to_string(fields).unwrap();
        let request = Request::post(address)
            .header(header::COOKIE, &self.cookie)
            .header(header::HOST, "gemba.example")
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        self.ask(request.body(Body::from(body)).unwrap()).await
    }

    /// Sends files with the token of the session.
    pub(crate) async fn upload(&self, address: &str, field: &str, files: &[(&str, &[u8])]) -> Page {
        const EDGE: &str = "edge-of-a-part";
        let mut body = format!(
            "--{EDGE}\r\ncontent-disposition: form-data; name=\"csrf\"\r\n\r\n{}\r\n",
            self.csrf
        )
        .into_bytes();
        for (name, bytes) in files {
            let head = format!(
                "--{EDGE}\r\ncontent-disposition: form-data; name=\"{field}\"; filename=\"{name}\"\r\n\
                 content-type: application/octet-stream\r\n\r\n"
            );
            body.extend(head.bytes().chain(bytes.iter().copied()).chain(*b"\r\n"));
        }
        body.extend(format!("--{EDGE}--\r\n").bytes());
        let request = Request::post(address)
            .header(header::COOKIE, &self.cookie)
            .header(header::CONTENT_TYPE, format!("multipart/form-data; boundary={EDGE}"));
        self.ask(request.body(Body::from(body)).unwrap()).await
    }

    async fn ask(&self, request: Request<Body>) -> Page {
        let response = self.router.clone().oneshot(request).await.unwrap();
        let status = response.status();
        let to = response.headers().get(header::LOCATION);
        let to = to.map(|to| to.to_str().unwrap().to_owned()).unwrap_or_default();
        let bytes = to_bytes(response.into_body(), usize::MAX).await.unwrap();
        Page { status, to, html: String::from_utf8(bytes.to_vec()).unwrap() }
    }
}

impl Page {
    /// The page is there, has one first-rank heading and says this.
    #[track_caller]
    pub(crate) fn shows(self, parts: &[&str]) -> Self {
        assert_eq!(self.status, StatusCode::OK, "{}", self.html);
        self.says(parts)
    }

    /// The same form again, with the mistake and what was typed.
    #[track_caller]
    pub(crate) fn refused(self, parts: &[&str]) -> Self {
        assert_eq!(self.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", self.html);
        self.says(parts)
    }

    /// The browser is sent on.
    #[track_caller]
    pub(crate) fn goes(self, to: &str) -> Self {
        assert_eq!(self.status, StatusCode::SEE_OTHER, "{}", self.html);
        assert_eq!(self.to, to);
        self
    }

    /// It answers with this status.
    #[track_caller]
    pub(crate) fn is(self, status: u16) -> Self {
        assert_eq!(self.status.as_u16(), status, "{}", self.html);
        self
    }

    /// It does not say this.
    #[track_caller]
    pub(crate) fn hides(self, parts: &[&str]) -> Self {
        for part in parts {
            assert!(!self.html.contains(part), "{part} is in {}", self.html);
        }
        self
    }

    #[track_caller]
    fn says(self, parts: &[&str]) -> Self {
        assert_eq!(self.html.matches("<h1>").count(), 1, "{}", self.html);
        for part in parts {
            assert!(self.html.contains(part), "{part} is not in {}", self.html);
        }
        self
    }
}
