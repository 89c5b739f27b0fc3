//! Channels: where news goes to; the delivery log, and sending something again.

use crate::{
    answer::{Done, Given, Result},
    call::{Call, Sent},
    operation::Operation,
    page::{limit, part},
};
use axum::http::Method;
use gemba_app::{
    Error,
    outbox::{self, Listing},
};
use gemba_model::id::{ChannelId, DeliveryId};
use gemba_wire::{
    Page,
    channel::{AskedFor, Channel, ChannelInput, ChannelMade, DeliveriesQuery, Delivery, StopInput},
    inlet::NewSecret,
    page::ListQuery,
};

pub(super) fn operations() -> Vec<Operation> {
    use Operation as Op;
    let (get, put, post, delete) = (Method::GET, Method::PUT, Method::POST, Method::DELETE);
    vec![
        Op::new(get.clone(), "/channels", "list_channels", "Where news goes to, by name", list),
        // A kept answer would keep the secret in the clear.
        Op::new(
            post.clone(),
            "/channels",
            "create_channel",
            "Set up a channel; the secret of a webhook is shown this once",
            create,
        )
        .unkept(),
        Op::new(
            get.clone(),
            "/channels/{id}",
            "get_channel",
            "A channel, without its secrets",
            one,
        ),
        Op::new(
            put.clone(),
            "/channels/{id}",
            "put_channel",
            "Change a channel; its secrets stay",
            change,
        ),
        Op::new(
            delete.clone(),
            "/channels/{id}",
            "delete_channel",
            "Take a channel away: nothing is sent to it any more",
            remove,
        ),
        Op::new(
            post.clone(),
            "/channels/{id}/secret",
            "rotate_channel_secret",
            "Another secret for a webhook; for a day both sign",
            rotate,
        )
        .unkept(),
        Op::new(
            put,
            "/channels/{id}/stop",
            "stop_channel",
            "Send nothing to a channel, with a reason",
            stop,
        ),
        Op::new(
            delete,
            "/channels/{id}/stop",
            "resume_channel",
            "Let a stopped channel go on, from now",
            resume,
        ),
        Op::new(
            post.clone(),
            "/channels/{id}/tests",
            "test_channel",
            "Send a try to a channel",
            test,
        ),
        Op::new(
            get.clone(),
            "/channels/{id}/deliveries",
            "list_deliveries",
            "What was sent to a channel or is to be, newest first",
            deliveries,
        ),
        Op::new(get, "/deliveries/{id}", "get_delivery", "One delivery with each try", delivery),
        Op::new(
            post,
            "/deliveries/{id}/replay",
            "replay_delivery",
            "Send a delivery again, under the same id of the event",
            replay,
        ),
    ]
}

async fn list(call: Call<(), ListQuery>) -> Result<Given<Page<Channel>>> {
    let all = outbox::list(&call.app, &call.who).await?;
    let page = part(all, |view| view.channel.id.to_string(), &call.query)?;
    Ok(Given(page.map(|view| Channel::from(&view))))
}

async fn one(call: Call<ChannelId>) -> Result<Given<Channel>> {
    let view = outbox::get(&call.app, &call.who, call.path).await?;
    Ok(Given(Channel::from(&view)))
}

async fn create(call: Call<(), (), Sent<ChannelInput>>) -> Result<Given<ChannelMade>> {
    let made = outbox::create(&call.app, &call.who, call.input.0.into()).await?;
    Ok(Given(ChannelMade::from(made)))
}

async fn change(call: Call<ChannelId, (), Sent<ChannelInput>>) -> Result<Done> {
    outbox::change(&call.app, &call.who, call.path, call.input.0.into()).await?;
    Ok(Done)
}

async fn remove(call: Call<ChannelId>) -> Result<Done> {
    outbox::delete(&call.app, &call.who, call.path).await?;
    Ok(Done)
}

async fn rotate(call: Call<ChannelId>) -> Result<Given<NewSecret>> {
    let secret = outbox::renew(&call.app, &call.who, call.path).await?;
    Ok(Given(NewSecret { secret }))
}

async fn stop(call: Call<ChannelId, (), Sent<StopInput>>) -> Result<Done> {
    outbox::stop(&call.app, &call.who, call.path, &call.input.0.reason).await?;
    Ok(Done)
}

async fn resume(call: Call<ChannelId>) -> Result<Done> {
    outbox::resume(&call.app, &call.who, call.path).await?;
    Ok(Done)
}

async fn test(call: Call<ChannelId>) -> Result<Given<AskedFor>> {
    let delivery = outbox::test(&call.app, &call.who, call.path).await?;
    Ok(Given(AskedFor { delivery: delivery.to_string() }))
}

async fn deliveries(call: Call<ChannelId, DeliveriesQuery>) -> Result<Given<Page<Delivery>>> {
    let limit = limit(call.query.limit)?;
    let state = call.query.state().map_err(|word| {
        let message = format!("`{word}` is no state; write waiting, sent, failed or dropped");
        Error::Invalid { field: "state", message }
    })?;
    let cursor = call.query.cursor.as_deref().map(str::parse::<DeliveryId>).transpose();
    let before =
        cursor.map_err(|odd| Error::Invalid { field: "cursor", message: odd.to_string() })?;
    let listing = Listing { channel: Some(call.path), state, before, limit };
    let rows = outbox::deliveries(&call.app, &call.who, listing).await?;
    let page = Page::read(rows, |view| view.id.to_string(), limit);
    Ok(Given(page.map(|view| Delivery::from(&view))))
}

async fn delivery(call: Call<DeliveryId>) -> Result<Given<Delivery>> {
    let view = outbox::delivery(&call.app, &call.who, call.path).await?;
    Ok(Given(Delivery::from(&view)))
}

async fn replay(call: Call<DeliveryId>) -> Result<Given<AskedFor>> {
    outbox::replay(&call.app, &call.who, call.path).await?;
    Ok(Given(AskedFor { delivery: call.path.to_string() }))
}
