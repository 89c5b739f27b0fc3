//! Channels: where news of what happens here goes to.

use super::{Room, room, status};
use crate::{
    gate::Sent,
    refusal::{Fault, Refusal},
    ui::{
        act::{self, Weight},
        badge::{Tone, badge},
        field::{self, Choice, Field, Input},
        icon::Icon,
        layout::{self, Part, Width},
        list, moment, notice,
        table::{self, Column, Narrow},
    },
    visit::{Answer, Done, Visit, go},
};
use axum::{
    extract::{Path, Query},
    http::StatusCode,
    response::Response,
};
use gemba_app::{
    Act, Error, access,
    outbox::{self, ChannelInput, ChannelView, Kind, Listing, TargetInput},
    processes,
    records::Target,
};
use gemba_model::id::ChannelId;
use maud::{Markup, html};
use serde::Deserialize;

/// How many deliveries stand on the page of a channel.
const RECENT: u32 = 20;

/// What is typed; which fields count depends on the kind.
#[derive(Debug, Default, Clone)]
pub(super) struct Typed {
    kind: String,
    name: String,
    url: String,
    to: String,
    process: String,
    news: Vec<String>,
}

impl Typed {
    /// Some fields come several times.
    fn of(fields: &[(String, String)]) -> Self {
        let one = |name: &str| {
            let found = fields.iter().find(|(field, _)| field == name);
            found.map(|(_, value)| value.clone()).unwrap_or_default()
        };
        let news = fields.iter().filter(|(field, _)| field == "news");
        Self {
            kind: one("kind"),
            name: one("name"),
            url: one("url"),
            to: one("to"),
            process: one("process"),
            news: news.map(|(_, value)| value.clone()).collect(),
        }
    }

    fn input(&self) -> ChannelInput {
        let target = match self.kind.as_str() {
            "chat" => TargetInput::Slack { url: self.url.clone() },
            "mail" => {
                let to = self.to.split([',', '\n']).map(str::trim).filter(|one| !one.is_empty());
                TargetInput::Mail { to: to.map(str::to_owned).collect() }
            }
            _ => TargetInput::Webhook { url: self.url.clone() },
        };
        ChannelInput {
            name: self.name.clone(),
            target,
            kinds: self.news.clone(),
            process: Some(self.process.clone()).filter(|slug| !slug.is_empty()),
        }
    }

    fn kept(view: &ChannelView) -> Self {
        let base = Self {
            name: view.channel.name.clone(),
            process: view.process.as_ref().map(|(slug, _)| slug.clone()).unwrap_or_default(),
            news: view.channel.kinds.clone(),
            ..Self::default()
        };
        match &view.channel.target {
            Target::Webhook { url, .. } => {
                Self { kind: "webhook".to_owned(), url: url.clone(), ..base }
            }
            Target::Slack { .. } => Self { kind: "chat".to_owned(), ..base },
            Target::Mail { to } => Self { kind: "mail".to_owned(), to: to.join("\n"), ..base },
            Target::Person { .. } => base,
        }
    }
}

fn kind(target: &Target) -> &'static str {
    match target {
        Target::Webhook { .. } => "Webhook",
        Target::Slack { .. } => "Chat",
        Target::Mail { .. } | Target::Person { .. } => "E-mail",
    }
}

fn state(view: &ChannelView) -> Markup {
    html! {
        @if !view.channel.active { (badge(Tone::Neutral, "Taken away")) }
        @else if view.channel.stopped.is_some() { (badge(Tone::Warn, "Stopped")) }
        @else if view.n_failed > 0 { (badge(Tone::Bad, &format!("{} given up", view.n_failed))) }
        @else { (badge(Tone::Good, "In force")) }
        @if view.n_waiting > 0 { " " (badge(Tone::Live, &format!("{} wait", view.n_waiting))) }
    }
}

pub(super) fn id(text: &str) -> Result<ChannelId, Refusal> {
    let missing = |_| Error::NotFound { what: "channel", id: text.to_owned() };
    Ok(text.parse().map_err(missing)?)
}

pub(super) async fn index(visit: Visit) -> Answer {
    let all = outbox::list(&visit.app, &visit.who).await?;
    let add = [
        act::link_button("/settings/channels/new?kind=webhook", "Add a webhook", Weight::Primary),
        act::link_button("/settings/channels/new?kind=chat", "Add a chat", Weight::Secondary),
        act::link_button("/settings/channels/new?kind=mail", "Add e-mail", Weight::Secondary),
    ];
    let columns = [
        Column::text("Channel"),
        Column::text("Goes to"),
        Column::text("News"),
        Column::tight("State"),
    ];
    let rows: Vec<Vec<Markup>> = all
        .iter()
        .map(|view| {
            let home = format!("/settings/channels/{}", view.channel.id);
            vec![
                table::row_link_with(&home, &view.channel.name, kind(&view.channel.target)),
                html! { span class="url" { (view.goes_to) } },
                html! { (news(view)) },
                state(view),
            ]
        })
        .collect();
    let content = html! {
        @if all.is_empty() {
            (notice::empty_state(Icon::Link, "Nothing is told outside yet",
                "A channel tells another program, a chat or a mailbox what happens here: a run begins, a step is late, an incident is opened. What cannot be sent is tried again, and each try is in the log.", None))
        } @else {
            (table::table("Channels", &columns, &rows, Narrow::Stack))
        }
        (act::buttons(&add))
        p class="small" { a href="/settings/deliveries" { "The delivery log" } }
    };
    Ok(room(&visit, Room::Channels, StatusCode::OK, &content))
}

fn news(view: &ChannelView) -> String {
    let kinds = match view.channel.kinds.as_slice() {
        [] => "Everything".to_owned(),
        [one] => Kind::of_word(one).map_or_else(|| one.clone(), |kind| kind.title().to_owned()),
        several => format!("{} kinds", several.len()),
    };
    match &view.process {
        Some((_, title)) => format!("{kinds} of {title}"),
        None => kinds,
    }
}

/// What is asked for by the address of the form.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Wish {
    kind: String,
}

pub(super) async fn fresh(visit: Visit, Query(wish): Query<Wish>) -> Answer {
    let kind = if ["chat", "mail"].contains(&wish.kind.as_str()) {
        wish.kind
    } else {
        "webhook".to_owned()
    };
    form(&visit, None, &Typed { kind, ..Typed::default() }, None).await
}

pub(super) async fn create(Sent { visit, form: fields }: Sent<Vec<(String, String)>>) -> Answer {
    let typed = Typed::of(&fields);
    match outbox::create(&visit.app, &visit.who, typed.input()).await {
        Ok(made) => {
            let home = format!("/settings/channels/{}", made.id);
            Ok(match made.secret {
                Some(secret) => shown(&visit, typed.name.trim(), &home, &secret),
                None => go(&home, Done::Created),
            })
        }
        Err(error) => form(&visit, None, &typed, Some(fault(error)?)).await,
    }
}

fn fault(error: Error) -> Result<Fault, Refusal> {
    match error {
        Error::NotFound { what: "process", .. } => {
            Ok(Fault::new("process", "Choose the process that it is about."))
        }
        other => Fault::of(other),
    }
}

/// The secret that signs: this answer is the only place where it can ever be read.
fn shown(visit: &Visit, name: &str, home: &str, secret: &str) -> Response {
    let body = html! {
        (layout::breadcrumbs(&[("Settings", "/settings"), ("Channels", Room::Channels.href())]))
        (layout::head(&format!("The secret of “{name}”"), None, &[], &[]))
        (notice::banner(Tone::Warn, &html! { "Copy the secret now: it is not shown again. With it the receiver verifies that a message comes from here." }, None))
        p { (act::copyable(secret, "the secret")) }
        p class="muted" { "Messages are signed as Standard Webhooks says (webhook-id, webhook-timestamp, webhook-signature). Each is one CloudEvent; one that comes twice has the same id." }
        (act::buttons(&[act::link_button(home, "To the channel", Weight::Secondary)]))
    };
    visit.page_with(StatusCode::OK, "The secret", Some(Part::Settings), Width::Reading, &body)
}

pub(super) async fn edit(visit: Visit, Path(path): Path<String>) -> Answer {
    let view = outbox::get(&visit.app, &visit.who, id(&path)?).await?;
    form(&visit, Some(&path), &Typed::kept(&view), None).await
}

pub(super) async fn change(
    Path(path): Path<String>,
    Sent { visit, form: fields }: Sent<Vec<(String, String)>>,
) -> Answer {
    let (id, typed) = (id(&path)?, Typed::of(&fields));
    match outbox::change(&visit.app, &visit.who, id, typed.input()).await {
        Ok(()) => Ok(go(&format!("/settings/channels/{id}"), Done::Saved)),
        Err(error) => form(&visit, Some(&path), &typed, Some(fault(error)?)).await,
    }
}

async fn form(visit: &Visit, of: Option<&str>, typed: &Typed, fault: Option<Fault>) -> Answer {
    access::require(&visit.who, Act::Administer)?;
    let known = processes::list(&visit.app, &visit.who).await?;
    let choices: Vec<Choice<'_>> = std::iter::once(Choice::new("", "All processes"))
        .chain(
            known
                .iter()
                .filter(|row| row.revision.is_some() && row.retired.is_none())
                .map(|row| Choice::new(&row.slug, &row.summary.title)),
        )
        .collect();
    let kinds = Kind::CHOICE.map(|kind| Choice::new(kind.word(), kind.title()));
    let chosen: Vec<&str> = typed.news.iter().map(String::as_str).collect();
    let fault = fault.as_ref();
    let at = |name| Fault::at(fault, name);
    let (title, lead) = match typed.kind.as_str() {
        "chat" => (
            "A chat",
            "One message for each piece of news, in the form that Slack, Mattermost, Rocket.Chat and others take.",
        ),
        "mail" => (
            "E-mail to several",
            "One e-mail for each piece of news. What a single person is told they choose themselves, under “E-mail”.",
        ),
        _ => ("A webhook", "One signed CloudEvent for each piece of news, to another program."),
    };
    let action = of.map_or_else(
        || "/settings/channels/new".to_owned(),
        |id| format!("/settings/channels/{id}/edit"),
    );
    let no_mail = typed.kind == "mail" && !visit.app.courier().sends_mail();
    let body = html! {
        (layout::breadcrumbs(&[("Settings", "/settings"), ("Channels", Room::Channels.href())]))
        (layout::head(title, Some(lead), &[], &[]))
        @if no_mail { (no_server()) }
        form class="form" method="post" action=(action) {
            (field::error_summary(&Fault::all(fault)))
            (act::csrf(&visit.csrf))
            (act::hidden("kind", &typed.kind))
            (field::text(&Field::new("name", "Name").hint("What it is called in lists: \"Ledger\"").error(at("name")), Input::Text, &typed.name))
            @match typed.kind.as_str() {
                "mail" => (field::textarea(&Field::new("to", "Addresses").hint("One a line").error(at("to")), &typed.to, 3)),
                "chat" => (field::text(&Field::new("url", "Address").hint(if of.is_some() { "Only where it is another: it is not shown, as whoever has it may write to the chat" } else { "The address of the chat's incoming webhook" }).error(at("url")), Input::Url, "")),
                _ => (field::text(&Field::new("url", "Address").hint("Where messages are posted to; it begins with https://").error(at("url")), Input::Url, &typed.url)),
            }
            (field::checkboxes(&Field::new("news", "News").hint("Choose none for everything").error(at("kinds")), &kinds, &chosen))
            (field::select(&Field::new("process", "Of which process").error(at("process")), &choices, &typed.process))
            (act::buttons(&[
                act::button(if of.is_some() { "Save" } else { "Set it up" }, Weight::Primary),
                act::link_button(Room::Channels.href(), "Cancel", Weight::Quiet),
            ]))
        }
    };
    Ok(visit.page_with(status(fault), title, Some(Part::Settings), Width::Reading, &body))
}

/// Said where e-mail is chosen and cannot be sent.
pub(super) fn no_server() -> Markup {
    notice::banner(
        Tone::Warn,
        &html! { "No mail server is named, so no e-mail leaves. Whoever runs this server names one with " code { "--smtp" } " and " code { "--mail-from" } "." },
        None,
    )
}

/// What is typed on the page of a channel.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Reason {
    reason: String,
}

pub(super) async fn show(visit: Visit, Path(path): Path<String>) -> Answer {
    page(&visit, id(&path)?, "", None).await
}

/// A form has no page of its own.
pub(super) async fn back(_visit: Visit, Path(path): Path<String>) -> Answer {
    let home = format!("/settings/channels/{}", id(&path)?);
    Ok(axum::response::IntoResponse::into_response(axum::response::Redirect::to(&home)))
}

pub(super) async fn stop(Path(path): Path<String>, Sent { visit, form }: Sent<Reason>) -> Answer {
    let id = id(&path)?;
    match outbox::stop(&visit.app, &visit.who, id, &form.reason).await {
        Ok(()) => Ok(go(&format!("/settings/channels/{id}"), Done::Stopped)),
        Err(error) => page(&visit, id, &form.reason, Some(Fault::of(error)?)).await,
    }
}

/// A form with nothing but the token.
type Bare = Sent<Vec<(String, String)>>;

pub(super) async fn resume(Path(path): Path<String>, Sent { visit, .. }: Bare) -> Answer {
    let id = id(&path)?;
    outbox::resume(&visit.app, &visit.who, id).await?;
    Ok(go(&format!("/settings/channels/{id}"), Done::GoesOn))
}

pub(super) async fn test(Path(path): Path<String>, Sent { visit, .. }: Bare) -> Answer {
    let delivery = outbox::test(&visit.app, &visit.who, id(&path)?).await?;
    Ok(go(&format!("/settings/deliveries/{delivery}"), Done::OnItsWay))
}

pub(super) async fn secret(Path(path): Path<String>, Sent { visit, .. }: Bare) -> Answer {
    let id = id(&path)?;
    let name = outbox::get(&visit.app, &visit.who, id).await?.channel.name;
    let secret = outbox::renew(&visit.app, &visit.who, id).await?;
    Ok(shown(&visit, &name, &format!("/settings/channels/{id}"), &secret))
}

pub(super) async fn remove(Path(path): Path<String>, Sent { visit, .. }: Bare) -> Answer {
    outbox::delete(&visit.app, &visit.who, id(&path)?).await?;
    Ok(go(Room::Channels.href(), Done::Removed))
}

async fn page(visit: &Visit, id: ChannelId, reason: &str, fault: Option<Fault>) -> Answer {
    let view = outbox::get(&visit.app, &visit.who, id).await?;
    let recent = Listing { channel: Some(id), limit: RECENT, ..Listing::default() };
    let recent = outbox::deliveries(&visit.app, &visit.who, recent).await?;
    let (channel, home) = (&view.channel, format!("/settings/channels/{id}"));
    let is_webhook = matches!(channel.target, Target::Webhook { .. });
    let kinds: Vec<&str> = Kind::CHOICE
        .into_iter()
        .filter(|kind| channel.kinds.iter().any(|word| word == kind.word()))
        .map(Kind::title)
        .collect();
    let stopped = channel.stopped.as_ref().filter(|_| channel.active);
    let content = layout::section(
        "The last deliveries",
        None,
        &html! {
            @if recent.is_empty() {
                (notice::empty_state(Icon::History, "Nothing was sent yet",
                    "What happens from now on, and that this channel takes, stands here with each try.", None))
            } @else {
                (super::deliveries::listing(visit, &recent))
                p class="small" { a href={ "/settings/deliveries?channel=" (id) } { "All deliveries of this channel" } }
            }
        },
    );
    let panel = html! {
        (layout::section("About", None, &list::facts(&[
            ("Goes to", html! { span class="url" { (view.goes_to) } }),
            ("News", html! { @if kinds.is_empty() { "Everything" } @else { (kinds.join(", ")) } }),
            ("Of", html! { @match &view.process { Some((slug, title)) => a href={ "/processes/" (slug) } { (title) }, None => "All processes" } }),
            ("Set up", html! { (moment::time(channel.created, visit.now, &visit.zone)) " by " (channel.by) }),
        ])))
        @if channel.active {
            (act::buttons(&[
                act::act(&format!("{home}/test"), &visit.csrf, "Send a try", Weight::Secondary),
                act::edit_link(&format!("{home}/edit"), "Edit"),
            ]))
            @if stopped.is_none() {
                (layout::section("Stop it", None, &html! {
                    form class="form" method="post" action={ (home) "/stop" } {
                        (field::error_summary(&Fault::all(fault.as_ref())))
                        (act::csrf(&visit.csrf))
                        (field::text(&Field::new("reason", "Why").hint("What happens meanwhile is not told afterwards.").error(Fault::at(fault.as_ref(), "reason")), Input::Text, reason))
                        (act::buttons(&[act::button("Stop", Weight::Secondary)]))
                    }
                }))
            }
            (act::buttons(&[
                html! { @if is_webhook { (act::ask_act(&format!("{home}/secret"), &visit.csrf, "New secret", "For a day messages are signed with both, so that the receiver can change over.", "Make a new secret")) } },
                act::ask_act(&format!("{home}/removal"), &visit.csrf, "Take it away", "Nothing is sent to it any more, and its secrets are forgotten. Its log stays for thirty days.", &format!("Take “{}” away", channel.name)),
            ]))
        }
        p class="small" { a href={ "/audit/log?subject=" (id) } { "What was done to this channel" } }
    };
    let go_on = act::act(&format!("{home}/return"), &visit.csrf, "Let it go on", Weight::Secondary);
    let body = html! {
        (layout::breadcrumbs(&[("Settings", "/settings"), ("Channels", Room::Channels.href())]))
        (layout::head(&channel.name, None, &[state(&view), html! { (kind(&channel.target)) }], &[]))
        @if matches!(channel.target, Target::Mail { .. }) && !visit.app.courier().sends_mail() { (no_server()) }
        @if let Some(stopped) = stopped {
            (notice::banner(Tone::Warn, &html! { "Stopped by " (stopped.by) " " (moment::time(stopped.at, visit.now, &visit.zone)) ": " (stopped.reason) }, Some(&go_on)))
        }
        (layout::beside(&content, "About this channel", &panel))
    };
    let status = status(fault.as_ref());
    Ok(visit.page_with(status, &channel.name, Some(Part::Settings), Width::Wide, &body))
}
