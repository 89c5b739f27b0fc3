//! Who the one who asks is: the seat, what it owns and does, and how much waits for it.

use super::Nothing;
use crate::{
    refusal::Refusal,
    rows::Named,
    tool::{Kind, Needs, Tool},
};
use gemba_app::{Act, App, Who, access::may, processes::ProcessRow, seats, work, workspace};
use schemars::JsonSchema;
use serde::Serialize;

pub(crate) struct GetMySeat;

#[derive(Serialize, JsonSchema)]
pub(crate) struct Output {
    company: String,
    name: String,
    role: String,
    seats: Vec<Held>,
    may: Vec<&'static str>,
    open_work: usize,
    claimed_work: usize,
    reviews_due: Vec<String>,
    to_verify: Vec<String>,
}

#[derive(Serialize, JsonSchema)]
struct Held {
    slug: String,
    name: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    purpose: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    reports_to: String,
    owns: Vec<Named>,
    works_in: Vec<Named>,
}

impl Tool for GetMySeat {
    const NAME: &'static str = "get_my_seat";
    const TITLE: &'static str = "Get my seat";
    const DESCRIPTION: &'static str = "Who you are here: your seat, whom it reports to, the processes it owns \
        and works in, what you may do, and how much work waits. Use it first in every session. Next: list_work.";
    const KIND: Kind = Kind::Reads;
    const NEEDS: Needs = Needs { act: Act::Read, scope: None };
    type Input = Nothing;
    type Output = Output;

    async fn call(app: &App, who: &Who, _nothing: Nothing) -> Result<Output, Refusal> {
        let company = workspace::get(app, who).await?.name;
        let mine = work::mine(app, who).await?;
        let held = seats::list(app, who).await?;
        let slugs = |rows: Vec<ProcessRow>| rows.into_iter().map(|row| row.slug).collect();
        let claimed = |row: &&work::WorkRow| row.item.state == work::ItemState::Claimed;
        let claimed_work = mine.items.iter().filter(claimed).count();
        Ok(Output {
            company,
            name: who.name.clone(),
            role: who.role.word().to_owned(),
            seats: held
                .into_iter()
                .filter(|s| who.holds(s.seat.id))
                .map(|s| Held {
                    owns: Named::all(&s.owns),
                    works_in: Named::all(&s.works_in),
                    slug: s.seat.slug,
                    name: s.seat.name,
                    purpose: s.seat.purpose,
                    reports_to: s.reports_to.unwrap_or_default(),
                })
                .collect(),
            may: Act::ALL.into_iter().filter(|act| may(who, *act)).map(word).collect(),
            open_work: mine.items.len() - claimed_work,
            claimed_work,
            reviews_due: slugs(mine.reviews),
            to_verify: slugs(mine.to_verify),
        })
    }

    fn text(output: &Output) -> String {
        let seats: Vec<&str> = output.seats.iter().map(|s| s.name.as_str()).collect();
        let seats = if seats.is_empty() { "no seat".to_owned() } else { seats.join(", ") };
        format!(
            "{} at {}: {seats} ({}). Work: {} open, {} claimed. Reviews due: {}. To verify: {}.",
            output.name,
            output.company,
            output.role,
            output.open_work,
            output.claimed_work,
            output.reviews_due.len(),
            output.to_verify.len(),
        )
    }
}

fn word(act: Act) -> &'static str {
    match act {
        Act::Read => "read",
        Act::Work => "work",
        Act::Push => "push_values",
        Act::StartRun => "start_runs",
        Act::Write => "write_drafts",
        Act::Manage => "manage",
        Act::Administer => "administer",
    }
}
