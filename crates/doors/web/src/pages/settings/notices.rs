//! What one is told by e-mail.

use super::{Room, channels::no_server, room};
use crate::{
    gate::Sent,
    ui::{
        act::{self, Weight},
        field::{self, Choice, Field},
    },
    visit::{Answer, Done, Visit, go},
};
use axum::http::StatusCode;
use gemba_app::outbox::{self, Kind, Notices};
use maud::html;

pub(super) async fn show(visit: Visit) -> Answer {
    let notices = outbox::my_notices(&visit.app, &visit.who).await?;
    let kinds = Kind::PERSONAL.map(|kind| Choice::new(kind.word(), kind.title()));
    let chosen: Vec<&str> = notices.kinds.iter().map(String::as_str).collect();
    let content = html! {
        @if !visit.app.courier().sends_mail() { (no_server()) }
        p class="lead" { "Everything that waits for you stands under " a href="/" { "My work" } ". Choose here what you also want to be told by e-mail, at the address of your account." }
        form class="form" method="post" action=(Room::Notices.href()) {
            (act::csrf(&visit.csrf))
            (field::checkbox(&Field::new("digest", "A digest on the morning of each workday").hint("At seven, in the time zone of the workspace: what is to do, what is late, incidents, reviews. Where nothing waits, nothing comes."), notices.digest))
            (field::checkboxes(&Field::new("news", "At once, about the seats you hold").hint("Your own acts are not told to you."), &kinds, &chosen))
            (act::buttons(&[act::button("Save", Weight::Primary)]))
        }
    };
    Ok(room(&visit, Room::Notices, StatusCode::OK, &content))
}

pub(super) async fn change(Sent { visit, form }: Sent<Vec<(String, String)>>) -> Answer {
    let chosen = form.iter().filter(|(field, _)| field == "news");
    let notices = Notices {
        kinds: chosen.map(|(_, value)| value.clone()).collect(),
        digest: form.iter().any(|(field, _)| field == "digest"),
    };
    outbox::set_my_notices(&visit.app, &visit.who, notices).await?;
    Ok(go(Room::Notices.href(), Done::Saved))
}
