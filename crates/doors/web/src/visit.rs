//! A visit: who looks, in which workspace, and the frame that all their pages share.

use crate::{
    Site,
    refusal::Refusal,
    ui::{
        badge::Tone,
        layout::{self, Frame, Part, Theme, Width},
    },
};
use axum::{
    extract::FromRequestParts,
    http::{HeaderMap, Method, StatusCode, header, request::Parts},
    response::{Html, IntoResponse, Redirect, Response},
};
use gemba_app::{App, Who, accounts, ports, upcoming::WorkCalendar, work, workspace};
use jiff::{Timestamp, tz::TimeZone};
use maud::Markup;

/// The cookie of the session.
pub(crate) const SESSION: &str = "gemba_session";

/// What a handler gives back: a page, or why not.
pub(crate) type Answer = Result<Response, Refusal>;

/// Somebody signed in, looking at one page.
#[derive(Debug)]
pub(crate) struct Visit {
    pub(crate) app: App,
    pub(crate) who: Who,
    pub(crate) csrf: String,
    pub(crate) now: Timestamp,
    pub(crate) zone: TimeZone,
    pub(crate) calendar: WorkCalendar,
    workspace: String,
    theme: Theme,
    here: String,
    waiting: usize,
    done: Option<Done>,
}

macro_rules! done {
    ($($name:ident = $word:literal: $says:literal,)*) => {
        /// What came of the act before this page. Only these words can be shown, so that an address
        /// cannot put words into a page.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub(crate) enum Done { $($name,)* }

        impl Done {
            fn word(self) -> &'static str {
                match self { $(Self::$name => $word,)* }
            }

            fn of_word(word: &str) -> Option<Self> {
                match word { $($word => Some(Self::$name),)* _ => None }
            }

            fn says(self) -> &'static str {
                match self { $(Self::$name => $says,)* }
            }
        }
    };
}

done! {
    Saved = "saved": "Saved.",
    Merged = "merged": "Saved, with what both of you wrote.",
    Created = "created": "Created.",
    Removed = "removed": "Removed.",
    Imported = "imported": "Imported as drafts. Open each one, check it and publish it.",
    Drafted = "drafted": "The drafts are there. Open each one, make it true and publish it.",
    Published = "published": "Published. New runs follow this revision from now on.",
    SentForReview = "sent-for-review": "Sent for review. It stays as it was sent; who was asked sees it under My work.",
    Approved = "approved": "Approved. It can be published now.",
    SentBack = "sent-back": "Sent back, with your words. Who sent it sees them under My work.",
    Withdrawn = "withdrawn": "Withdrawn. The draft is as it was.",
    Restored = "restored": "The old text is in force again, as a new revision that says so.",
    Retired = "retired": "Retired. Nothing new runs by this process, and it stays readable.",
    BroughtBack = "brought-back": "Brought back. Its owner has yet to say that it is still true.",
    Seen = "seen": "Noted: you have seen what changed.",
    Verified = "verified": "Verified. You stand behind this process as it is written.",
    Reviewed = "reviewed": "The review is recorded.",
    SeatsAdded = "seats-added": "The missing seats are on the team chart, vacant. Say who holds them.",
    OwnerNamed = "owner-named": "The owner is written into the document.",
    Started = "started": "The run has begun.",
    StepCompleted = "step-done": "Step completed.",
    RunCompleted = "run-done": "That was the last step: the run is complete.",
    Taken = "taken": "You have taken this step.",
    GivenBack = "given-back": "The step is open to its seat again.",
    HandedOver = "handed-over": "The step is with the other seat now.",
    GivenToPerson = "given-to-person": "They have the step now, and do it for its seat.",
    TakenBack = "taken-back": "The step is its seat's alone again.",
    PutAside = "put-aside": "Put aside. It comes back by itself.",
    TakenUp = "taken-up": "The step is among what is to do again.",
    Prioritised = "prioritised": "Noted how urgent the run is.",
    Back = "back": "Noted: nobody acts for them any more.",
    StepSkipped = "step-skipped": "The run goes on without this step; its history says why.",
    ProblemReported = "reported": "The owner of the process is asked to see to it.",
    RunsMoved = "runs-moved": "The runs were moved.",
    IncidentClosed = "incident-closed": "The incident is closed.",
    Ended = "ended": "The run was ended.",
    RoundAllowed = "round": "The run goes round once more.",
    Paused = "paused": "Paused. It starts no run until somebody lets it go on.",
    Resumed = "resumed": "It goes on. What came due meanwhile is not made up for.",
    Answered = "answered": "Noted: it starts no run.",
    Looked = "looked": "The value was looked at; what came of it stands below.",
    Stopped = "stopped": "Stopped. Nothing is sent to it until somebody lets it go on.",
    GoesOn = "goes-on": "It goes on: what happens from now on is told.",
    AgentsStopped = "agents-stopped": "Stopped. Whatever they had taken is open to people again.",
    AgentsGoOn = "agents-go-on": "They go on.",
    OnItsWay = "on-its-way": "It is on its way. Look again in a moment for what came of it.",
    AskedForPast = "past": "Asked for. They start one after the other.",
    Pushed = "pushed": "The value is in the scorecard.",
    PasswordChanged = "password": "Your password is changed. Sign in with it.",
}

/// Sends the browser on to a page after an act, with a word about it.
pub(crate) fn go(to: &str, done: Done) -> Response {
    let (path, hash) = to.split_once('#').map_or((to, None), |(path, hash)| (path, Some(hash)));
    let joint = if path.contains('?') { '&' } else { '?' };
    let hash = hash.map(|hash| format!("#{hash}")).unwrap_or_default();
    Redirect::to(&format!("{path}{joint}done={}{hash}", done.word())).into_response()
}

impl Visit {
    /// A whole page.
    pub(crate) fn page(
        &self,
        title: &str,
        part: Option<Part>,
        width: Width,
        body: &Markup,
    ) -> Response {
        self.page_with(StatusCode::OK, title, part, width, body)
    }

    /// A whole page with another status: a form that was refused is shown again with 422.
    pub(crate) fn page_with(
        &self,
        status: StatusCode,
        title: &str,
        part: Option<Part>,
        width: Width,
        body: &Markup,
    ) -> Response {
        let frame = Frame {
            workspace: &self.workspace,
            who: &self.who.name,
            role: self.who.role.word(),
            csrf: &self.csrf,
            theme: self.theme,
            here: &self.here,
            waiting: self.waiting,
            flash: self.done.map(|done| (Tone::Good, done.says())),
        };
        (status, Html(layout::page(&frame, title, part, width, body).into_string())).into_response()
    }

    /// The address of this page.
    pub(crate) fn here(&self) -> &str {
        &self.here
    }
}

/// The value of a cookie.
pub(crate) fn cookie(headers: &HeaderMap, name: &str) -> Option<String> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|all| all.split(';'))
        .filter_map(|one| one.trim().split_once('='))
        .find(|(key, _)| *key == name)
        .map(|(_, value)| value.to_owned())
}

/// The theme that the browser chose.
pub(crate) fn theme(headers: &HeaderMap) -> Theme {
    Theme::of_word(&cookie(headers, "theme").unwrap_or_default())
}

/// An address within this site, for coming back; anything else is the first page.
pub(crate) fn inner(address: &str) -> &str {
    let plain = address.starts_with('/')
        && !address.starts_with("//")
        && !address.contains(['\\', '\n', '\r', '\t'])
        && address.len() < 2_000;
    if plain { address } else { "/" }
}

/// The path of the page that a form was sent from, as the browser says; the first page otherwise.
fn sent_from(headers: &HeaderMap) -> String {
    let text = |name| headers.get(name).and_then(|v| v.to_str().ok()).unwrap_or_default();
    let (page, host) = (text(header::REFERER), text(header::HOST));
    let path = page.split_once("://").and_then(|(_, rest)| rest.strip_prefix(host));
    inner(path.unwrap_or("/")).to_owned()
}

impl FromRequestParts<Site> for Visit {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, site: &Site) -> Result<Self, Refusal> {
        let uri = parts.uri.clone();
        let here = uri.path_and_query().map_or("/", |p| p.as_str());
        if workspace::is_empty(&site.app).await? {
            return Err(Refusal::NotSetUp);
        }
        // A form has no page of its own to come back to: its page is the one it was sent from.
        let back =
            if parts.method == Method::GET { here.to_owned() } else { sent_from(&parts.headers) };
        let away = || Refusal::SignIn { back: back.clone() };
        let secret = cookie(&parts.headers, SESSION).ok_or_else(away)?;
        let signed_in = match accounts::session(&site.app, &secret).await {
            Ok(signed_in) => signed_in,
            Err(gemba_app::Error::NotSignedIn) => return Err(away()),
            Err(error) => return Err(error.into()),
        };
        let space = workspace::get(&site.app, &signed_in.who).await?;
        let waiting = work::count_mine(&site.app, &signed_in.who).await?;
        let done = uri.query().and_then(|query| {
            let word = query.split('&').find_map(|pair| pair.strip_prefix("done="))?;
            Done::of_word(word)
        });
        let here: String = match done {
            Some(_) => uri.path().to_owned(),
            None => here.to_owned(),
        };
        Ok(Self {
            app: site.app.clone(),
            zone: ports::zone(&space.zone)?,
            calendar: workspace::calendar(&space)?,
            workspace: space.name,
            now: site.app.now(),
            who: signed_in.who,
            csrf: signed_in.csrf,
            theme: theme(&parts.headers),
            here,
            waiting,
            done,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_addresses_of_this_site_are_come_back_to() {
        for (given, taken) in [
            ("/runs?state=running", "/runs?state=running"),
            ("https://evil.example", "/"),
            ("//evil.example", "/"),
            ("/\\evil.example", "/"),
            ("", "/"),
        ] {
            assert_eq!(inner(given), taken);
        }
    }

    #[test]
    fn a_cookie_is_found_among_others() {
        let mut headers = HeaderMap::new();
        headers.insert(header::COOKIE, "a=1; theme=dark; b=2".parse().unwrap());
        assert_eq!(cookie(&headers, "theme").as_deref(), Some("dark"));
        assert_eq!(cookie(&headers, "them"), None);
        assert_eq!(theme(&headers), Theme::Dark);
    }
}
