//! The company of a simulation: one owner, a manager, a person and two agents that hold the seats.

use crate::{now::at_once, written::SEATS};
use gemba_app::{
    App, Who,
    accounts::{self, NewAccount},
    agents,
    seats::{self, HolderInput, SeatInput},
    tokens,
    workspace::{self, NewWorkspace},
};
use gemba_engine::By;
use gemba_model::{id::SeatId, role::Role};
use gemba_testkit::charter;

/// Who there is, and which seat each holds.
#[derive(Debug)]
pub(crate) struct Company {
    pub(crate) manager: Who,
    /// The holders of [`SEATS`], in their order; the last one's seat owns the processes.
    pub(crate) doers: Vec<(SeatId, Who)>,
}

impl Company {
    /// Sets the company up in an empty store.
    pub(crate) fn new(app: &App) -> Result<Self, String> {
        at_once(Self::made(app))?.map_err(|error| format!("no company: {error}"))
    }

    async fn made(app: &App) -> gemba_app::Result<Self> {
        let account = |name: &str, role| NewAccount {
            email: format!("{}@example.com", name.to_lowercase()),
            name: name.to_owned(),
            password: None,
            role,
        };
        let operator = Who::operator();
        let owner = account("Olga", Role::Owner);
        let new = NewWorkspace { name: "Acme".to_owned(), zone: "UTC".to_owned(), owner };
        workspace::create(app, new).await?;
        let mara = accounts::create(app, &operator, account("Mara", Role::Manager)).await?;
        let mia = accounts::create(app, &operator, account("Mia", Role::Member)).await?;
        let mut doers = Vec::new();
        for (index, name) in SEATS.iter().enumerate() {
            let holder = if index == 0 {
                HolderInput::Person(mia)
            } else {
                HolderInput::Agent(format!("Agent {index}"))
            };
            let reports_to = SEATS.first().filter(|_| index > 0).map(|name| (*name).to_owned());
            let input =
                SeatInput { name: (*name).to_owned(), holder, reports_to, ..SeatInput::default() };
            seats::create(app, &operator, input).await?;
            if index > 0 {
                agents::charter(app, &operator, name, charter()).await?;
            }
            let who = if index == 0 {
                accounts::acting_as(app, &operator, mia).await?
            } else {
                let token = tokens::create(app, &operator, name, "program").await?;
                tokens::bearer(app, &token.secret).await?
            };
            doers.extend(who.seats.first().copied().map(|seat| (seat, who.clone())));
        }
        let manager = accounts::acting_as(app, &operator, mara).await?;
        Ok(Self { manager, doers })
    }

    /// The seat that owns every process.
    fn owner(&self) -> Option<SeatId> {
        self.doers.last().map(|(seat, _)| *seat)
    }

    fn is_manager(&self, by: &By) -> bool {
        matches!(by, By::Person { .. }) && by.name() == self.manager.name
    }

    fn holds(&self, by: &By, seat: SeatId) -> bool {
        match by {
            By::Agent { seat: own, .. } => *own == seat,
            By::Person { .. } => {
                self.doers.iter().any(|(own, who)| *own == seat && who.name == by.name())
            }
            By::System => false,
        }
    }

    /// Whether they may do the work of a seat.
    pub(crate) fn may_do(&self, by: &By, seat: SeatId) -> bool {
        self.is_manager(by) || self.holds(by, seat)
    }

    /// Whether they hold the seat that owns the processes.
    pub(crate) fn owns(&self, by: &By) -> bool {
        self.owner().is_some_and(|seat| self.holds(by, seat))
    }

    /// Whether they answer for a run as a whole.
    pub(crate) fn answers(&self, by: &By) -> bool {
        self.is_manager(by) || self.owns(by)
    }
}
