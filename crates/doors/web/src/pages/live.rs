//! Pages that keep themselves true: a stream that tells when what a page shows has changed.
//!
//! The page names in `data-live` what it shows and the mark that it was made with; the script of the page
//! listens, and takes the new content in. Without a script the page is as it was made. The stream hears
//! of changes from the store (also of those that another node makes, where the store tells), and looks
//! every few seconds all the same.

use crate::{
    Site,
    refusal::Refusal,
    visit::{Answer, Visit},
};
use axum::{
    Router,
    extract::{Query, State},
    response::{
        IntoResponse,
        sse::{Event, KeepAlive, Sse},
    },
    routing::get,
};
use futures_util::stream;
use gemba_app::{
    App, Error, Who,
    live::{self, Topic},
    upkeep,
};
use maud::{Markup, html};
use serde::Deserialize;
use std::{convert::Infallible, time::Duration};
use tokio::{
    sync::watch,
    time::{Instant, sleep, sleep_until},
};

/// How long changes that follow each other are gathered.
const GATHERED: Duration = Duration::from_millis(500);
/// How often it is looked where nothing is heard of.
const LOOK_AGAIN: Duration = Duration::from_secs(5);
/// How long a stream lives; then the browser opens another, past the access check.
const LIFE: Duration = Duration::from_mins(5);

pub(super) fn router() -> Router<Site> {
    Router::new().route("/live", get(listen))
}

/// What a page listens for: nothing that is seen.
pub(super) async fn mark(visit: &Visit, topic: Topic) -> Result<Markup, Refusal> {
    let mark = live::mark(&visit.app, &visit.who, topic).await?;
    let about = match topic {
        Topic::Run(run) => format!("run={run}&"),
        Topic::MyWork => String::new(),
    };
    Ok(html! { span hidden data-live={ "/live?" (about) "seen=" (mark) } {} })
}

/// What a stream is about.
#[derive(Debug, Deserialize)]
struct Wish {
    run: Option<String>,
    #[serde(default)]
    seen: String,
}

async fn listen(State(site): State<Site>, visit: Visit, Query(wish): Query<Wish>) -> Answer {
    let topic = match wish.run {
        Some(run) => {
            let missing = |_| Error::NotFound { what: "run", id: run.clone() };
            Topic::Run(run.parse().map_err(missing)?)
        }
        None => Topic::MyWork,
    };
    let listener = Listener {
        changes: upkeep::changes(&visit.app),
        app: visit.app,
        who: visit.who,
        topic,
        seen: wish.seen,
        end: Instant::now() + LIFE,
        stop: site.config.stop.clone(),
    };
    let events = stream::unfold(listener, |mut listener| async move {
        let event = listener.next().await?;
        Some((Ok::<_, Infallible>(event), listener))
    });
    Ok(Sse::new(events).keep_alive(KeepAlive::default()).into_response())
}

/// One page that listens.
struct Listener {
    app: App,
    who: Who,
    topic: Topic,
    seen: String,
    changes: watch::Receiver<u64>,
    end: Instant,
    stop: Option<watch::Receiver<bool>>,
}

impl Listener {
    /// The next thing to tell; nothing where the stream ends.
    async fn next(&mut self) -> Option<Event> {
        loop {
            self.changes.mark_unchanged();
            let mark = live::mark(&self.app, &self.who, self.topic).await.ok()?;
            if mark != self.seen {
                self.seen.clone_from(&mark);
                return Some(Event::default().event("changed").data(mark));
            }
            tokio::select! {
                () = heard(&mut self.changes) => sleep(GATHERED).await,
                () = sleep(LOOK_AGAIN) => {}
                () = sleep_until(self.end) => return None,
                () = stopped(self.stop.as_mut()) => return None,
            }
        }
    }
}

async fn heard(changes: &mut watch::Receiver<u64>) {
    if changes.changed().await.is_err() {
        // Nobody tells any more.
        std::future::pending::<()>().await;
    }
}

/// Waits until the server is asked to stop: an open stream would hold it up.
async fn stopped(stop: Option<&mut watch::Receiver<bool>>) {
    match stop {
        Some(stop) => {
            let _gone = stop.wait_for(|stop| *stop).await;
        }
        None => std::future::pending::<()>().await,
    }
}
