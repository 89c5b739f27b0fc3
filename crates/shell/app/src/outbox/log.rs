//! The delivery log: what was told, to whom, what came of each try; and sending it again.

use super::{News, Parcel, Try, delivering::written};
use crate::{Act, App, Error, Result, Who, audit, records::Channel};
use gemba_model::id::{ChannelId, DeliveryId};
use gemba_store::{DeliveryFilter, DeliveryRow, DeliveryState, Mode, Tx, load};
use jiff::Timestamp;

/// The most deliveries of one page.
const PAGE: u32 = 200;

/// A delivery as it is shown.
#[derive(Debug, Clone)]
pub struct DeliveryView {
    /// The id.
    pub id: DeliveryId,
    /// The channel: id and name.
    pub channel: (ChannelId, String),
    /// What is told.
    pub news: News,
    /// Where it stands.
    pub state: DeliveryState,
    /// When it is tried next.
    pub due: Option<Timestamp>,
    /// How often it was tried since it was asked for.
    pub n_tries: i64,
    /// What came of each try, earliest first.
    pub tries: Vec<Try>,
}

impl DeliveryView {
    async fn of(tx: &mut dyn Tx, row: DeliveryRow) -> Result<Self> {
        let parcel = Parcel::of(&row)?;
        let channel = load::<Channel>(tx, &row.channel.to_string()).await?;
        let name = channel.map(|channel| channel.value.name).unwrap_or_default();
        Ok(Self {
            id: row.id,
            channel: (row.channel, name),
            news: parcel.news,
            state: row.state,
            due: row.due,
            n_tries: row.tries,
            tries: parcel.tries,
        })
    }
}

/// Which deliveries to list.
#[derive(Debug, Clone, Default)]
pub struct Listing {
    /// Only to this channel.
    pub channel: Option<ChannelId>,
    /// Only in this state.
    pub state: Option<DeliveryState>,
    /// Only older than this one.
    pub before: Option<DeliveryId>,
    /// At most this many.
    pub limit: u32,
}

/// Deliveries, newest first.
pub async fn deliveries(app: &App, who: &Who, listing: Listing) -> Result<Vec<DeliveryView>> {
    let mut tx = app.open(who, Act::Administer, Mode::Read).await?;
    let Listing { channel, state, before, limit } = listing;
    let filter = DeliveryFilter { channel, state, before, limit: limit.clamp(1, PAGE) };
    let mut views = Vec::new();
    for row in tx.deliveries(&filter).await? {
        views.push(DeliveryView::of(&mut *tx, row).await?);
    }
    Ok(views)
}

/// One delivery.
pub async fn delivery(app: &App, who: &Who, id: DeliveryId) -> Result<DeliveryView> {
    let mut tx = app.open(who, Act::Administer, Mode::Read).await?;
    let row = tx.delivery(id).await?.ok_or_else(|| Error::not_found("delivery", id))?;
    DeliveryView::of(&mut *tx, row).await
}

/// Sends a delivery again, at once and with all its tries, under the same id of the event.
pub async fn replay(app: &App, who: &Who, id: DeliveryId) -> Result<()> {
    let mut tx = app.open(who, Act::Administer, Mode::Write).await?;
    let mut row = tx.delivery(id).await?.ok_or_else(|| Error::not_found("delivery", id))?;
    row.tries = 0;
    let now = app.now();
    let said = format!("{} asked to send it again.", who.name);
    let note = Try { at: now, status: None, said, took_ms: 0 };
    written(&mut *tx, row, note, DeliveryState::Waiting, Some(now)).await?;
    audit::write(app, &mut *tx, who, "delivery.replayed", &id.to_string(), &()).await?;
    tx.commit().await?;
    Ok(())
}
