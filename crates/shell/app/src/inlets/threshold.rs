//! Numbers that cross a limit: one crossing, one run; the next counts when the number has come back.

use super::in_force;
use crate::{
    Act, App, Error, Result, Who, access, audit, processes,
    records::{Inlet, Observed, Side, Source, Threshold},
    triggers::{
        Brought,
        turn::{self, Armed, Happening},
    },
};
use gemba_model::id::TriggerId;
use gemba_store::{Mode, OccurrenceKind, Tx, Versioned, by_key, save};
use std::collections::BTreeMap;

/// What a value means for a threshold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Move {
    /// It crosses the limit.
    Cross,
    /// It is beyond the limit still.
    StillBeyond,
    /// It came back: the next crossing counts again.
    Rearm,
    /// It came back a part of the way only.
    NotBackYet,
    /// It is where it should be.
    Within,
}

fn movement(threshold: &Threshold, value: f64) -> Move {
    let (beyond, back) = match threshold.side {
        Side::Above => (value > threshold.limit, value <= threshold.rearm),
        Side::Below => (value < threshold.limit, value >= threshold.rearm),
    };
    match (threshold.armed, beyond, back) {
        (true, true, _) => Move::Cross,
        (true, false, _) => Move::Within,
        (false, true, _) => Move::StillBeyond,
        (false, false, true) => Move::Rearm,
        (false, false, false) => Move::NotBackYet,
    }
}

/// The limit in words: "more than 80".
fn limit(threshold: &Threshold) -> String {
    match threshold.side {
        Side::Above => format!("more than {}", threshold.limit),
        Side::Below => format!("less than {}", threshold.limit),
    }
}

/// Looks at a new value of a measurable for every threshold on it.
pub(crate) async fn observed(
    app: &App,
    tx: &mut dyn Tx,
    who: &Who,
    measurable: &str,
    period: &str,
    value: f64,
) -> Result<()> {
    for inlet in by_key::<Inlet>(tx, "measurable", measurable).await? {
        look(app, tx, who, inlet, period, value).await?;
    }
    Ok(())
}

async fn look(
    app: &App,
    tx: &mut dyn Tx,
    who: &Who,
    mut inlet: Versioned<Inlet>,
    period: &str,
    value: f64,
) -> Result<()> {
    let armed = Armed::of_inlet(&inlet.value);
    let name = inlet.value.name.clone();
    let Source::Threshold(threshold) = &mut inlet.value.source else { return Ok(()) };
    // A value for a week before the last one that was looked at says nothing about now.
    if threshold.last.as_ref().is_some_and(|last| period < last.period.as_str()) {
        return Ok(());
    }
    let movement = movement(threshold, value);
    let limit = limit(threshold);
    let said = match movement {
        Move::Cross => format!("{value} is {limit}: it crossed the limit."),
        Move::StillBeyond => format!("{value} is still {limit}: it started a run when it crossed."),
        Move::Rearm => format!("{value} is back: the next crossing counts again."),
        Move::NotBackYet => {
            format!("{value} is not {limit}, but not back at {} yet.", threshold.rearm)
        }
        Move::Within => format!("{value} is not {limit}."),
    };
    match movement {
        Move::Cross => threshold.armed = false,
        Move::Rearm => threshold.armed = true,
        Move::StillBeyond | Move::NotBackYet | Move::Within => {}
    }
    let period = period.to_owned();
    threshold.last = Some(Observed { value, period, at: app.now(), said: said.clone() });
    save(tx, &inlet).await?;
    if movement == Move::Cross {
        let inputs = BTreeMap::from([("value".to_owned(), value.to_string())]);
        let happening = Happening {
            kind: OccurrenceKind::Threshold,
            cause: None,
            skip: None,
            because: Some(said),
            brought: Brought {
                title: Some(format!("{name}: {value}")),
                inputs,
                ..Brought::default()
            },
        };
        turn::happen(app, tx, who, &armed, happening).await?;
    }
    Ok(())
}

/// Pushes a value to a threshold that has no measurable; what came of it comes back as a sentence. The
/// seat that owns the process pushes, or a manager.
pub async fn push(app: &App, who: &Who, id: TriggerId, value: f64) -> Result<String> {
    if !value.is_finite() {
        return Err(Error::invalid("value", "the value is a number"));
    }
    let mut tx = app.open(who, Act::Work, Mode::Write).await?;
    let inlet = in_force(&mut *tx, id).await?;
    let process = processes::of_id(&mut *tx, inlet.value.process).await?.value;
    let owner = process.published.as_ref().map(|in_force| in_force.owner);
    access::require_own(who, owner, "push values to this trigger")?;
    match &inlet.value.source {
        Source::Threshold(Threshold { measurable: None, .. }) => {}
        Source::Threshold(_) | Source::Event(_) | Source::Request(_) => {
            return Err(Error::invalid("value", "this trigger takes no values by itself"));
        }
    }
    look(app, &mut *tx, who, inlet, "", value).await?;
    audit::write(app, &mut *tx, who, "trigger.pushed", &id.to_string(), &value).await?;
    let kept = in_force(&mut *tx, id).await?.value.source;
    tx.commit().await?;
    let last = match kept {
        Source::Threshold(threshold) => threshold.last,
        Source::Event(_) | Source::Request(_) => None,
    };
    Ok(last.map(|last| last.said).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_crossing_counts_once_until_the_number_is_back() {
        let mut threshold = Threshold {
            measurable: None,
            side: Side::Above,
            limit: 80.0,
            rearm: 70.0,
            armed: true,
            last: None,
        };
        for (value, expected) in [
            (80.0, Move::Within),
            (80.1, Move::Cross),
            (95.0, Move::StillBeyond),
            (75.0, Move::NotBackYet),
            (81.0, Move::StillBeyond),
            (70.0, Move::Rearm),
            (75.0, Move::Within),
            (90.0, Move::Cross),
        ] {
            let got = movement(&threshold, value);
            assert_eq!(got, expected, "{value}");
            match got {
                Move::Cross => threshold.armed = false,
                Move::Rearm => threshold.armed = true,
                _ => {}
            }
        }
        threshold.side = Side::Below;
        (threshold.rearm, threshold.armed) = (90.0, true);
        assert_eq!(movement(&threshold, 79.0), Move::Cross);
        threshold.armed = false;
        assert_eq!(movement(&threshold, 85.0), Move::NotBackYet);
        assert_eq!(movement(&threshold, 90.0), Move::Rearm);
    }
}
