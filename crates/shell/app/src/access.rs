//! Who asks, and the one table of what each may do.

use crate::{Error, Result};
pub use gemba_engine::Acting;
use gemba_engine::{By, command::Asker};
use gemba_model::{
    id::{AccountId, SeatId, TokenId},
    role::Role,
};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// How somebody came in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Principal {
    /// A person, signed in.
    Person {
        /// The account.
        account: AccountId,
    },
    /// An agent, or a person's program, by the token of a seat.
    Token {
        /// The token.
        token: TokenId,
        /// The seat it acts for.
        seat: SeatId,
        /// What the token was made for.
        scopes: BTreeSet<Scope>,
    },
    /// Whoever has the data folder in hand: the command line on the same machine.
    Operator,
    /// Gemba itself: the loops.
    System,
}

/// A part of what a seat may do, for tokens that are made for no more than they need.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Scope {
    /// Doing the steps of the seat.
    Work,
    /// Pushing the numbers of the seat.
    Numbers,
    /// Checking texts, writing drafts, proposing changes.
    Documents,
    /// What concerns more than the seat: the chart, the gaps, starting runs, managing.
    Company,
}

impl Scope {
    /// All scopes.
    pub const ALL: [Self; 4] = [Self::Work, Self::Numbers, Self::Documents, Self::Company];

    /// The word in JSON, forms and challenges.
    pub fn word(self) -> &'static str {
        match self {
            Self::Work => "work",
            Self::Numbers => "numbers",
            Self::Documents => "documents",
            Self::Company => "company",
        }
    }

    /// The scope of a [`Self::word`].
    pub fn of_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|scope| scope.word() == word)
    }

    /// Every scope: what tokens had before they had scopes.
    pub fn all() -> BTreeSet<Self> {
        Self::ALL.into_iter().collect()
    }
}

/// Whether the one who asks may do what belongs to this scope; people and the machine itself have all.
pub fn within(who: &Who, scope: Scope) -> bool {
    match &who.principal {
        Principal::Token { scopes, .. } => scopes.contains(&scope),
        Principal::Person { .. } | Principal::Operator | Principal::System => true,
    }
}

/// Refuses what [`within`] does not allow.
pub fn require_scope(who: &Who, scope: Scope) -> Result<()> {
    if within(who, scope) { Ok(()) } else { Err(Error::OutOfScope { scope }) }
}

/// The one who asks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Who {
    /// How they came in.
    pub principal: Principal,
    /// The name to show and to write down.
    pub name: String,
    /// What they may do.
    pub role: Role,
    /// The seats they act for.
    pub seats: Vec<SeatId>,
    /// The seats on which they act for a holder who is away.
    pub acting: Vec<Acting>,
}

impl Who {
    /// The command line on the machine that holds the data.
    pub fn operator() -> Self {
        Self {
            principal: Principal::Operator,
            name: "Operator".to_owned(),
            role: Role::Owner,
            seats: Vec::new(),
            acting: Vec::new(),
        }
    }

    /// Gemba itself.
    pub fn system() -> Self {
        Self {
            principal: Principal::System,
            name: "Gemba".to_owned(),
            role: Role::Manager,
            seats: Vec::new(),
            acting: Vec::new(),
        }
    }

    /// Whether they act for this seat.
    pub fn holds(&self, seat: SeatId) -> bool {
        self.seats.contains(&seat)
    }

    /// Whether the work of this seat is theirs to do: they hold it, or act for its holder who is away.
    pub fn works_for(&self, seat: SeatId) -> bool {
        self.holds(seat) || self.acting.iter().any(|acting| acting.seat == seat)
    }

    /// The name of the one for whom they act on this seat.
    pub fn acts_for(&self, seat: SeatId) -> Option<&str> {
        let acting = self.acting.iter().find(|acting| acting.seat == seat);
        acting.filter(|_| !self.holds(seat)).map(|acting| acting.away.name.as_str())
    }

    /// Their name, and for whom they act where what they do belongs to a seat of somebody who is away.
    pub(crate) fn told_for(&self, seat: Option<SeatId>) -> String {
        match seat.and_then(|seat| self.acts_for(seat)) {
            Some(away) => format!("{} (acting for {away})", self.name),
            None => self.name.clone(),
        }
    }

    /// The seats whose work is theirs to do.
    pub(crate) fn work_seats(&self) -> Vec<SeatId> {
        let acting = self.acting.iter().map(|acting| acting.seat);
        self.seats.iter().copied().chain(acting).collect()
    }

    /// The account, where they are a person.
    pub fn account(&self) -> Option<AccountId> {
        match self.principal {
            Principal::Person { account } => Some(account),
            Principal::Token { .. } | Principal::Operator | Principal::System => None,
        }
    }

    pub(crate) fn by(&self) -> By {
        let name = self.name.clone();
        match self.principal {
            Principal::Person { account } => By::Person { account, name, acting_for: None },
            Principal::Token { token, seat, .. } => By::Agent { seat, token, name },
            Principal::Operator | Principal::System => By::System,
        }
    }

    pub(crate) fn asker(&self) -> Asker {
        let (by, seats, acting) = (self.by(), self.seats.clone(), self.acting.clone());
        Asker { by, seats, acting, any_seat: self.role >= Role::Manager }
    }
}

/// What somebody wants to do. Whether the thing at hand is theirs is asked after it was loaded
/// ([`require_own`]).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Act {
    /// Read anything that all may read: processes, seats, runs, work, the scorecard, the audit.
    Read,
    /// Do the work of a seat.
    Work,
    /// Push the values of a seat.
    Push,
    /// Start a run.
    StartRun,
    /// Write drafts; review and verify what one owns.
    Write,
    /// Freeze a revision, retire a process, change seats and measurables, end runs.
    Manage,
    /// Look after accounts, tokens and settings.
    Administer,
}

impl Act {
    /// All acts, for tests that cover each.
    pub const ALL: [Self; 7] = [
        Self::Read,
        Self::Work,
        Self::Push,
        Self::StartRun,
        Self::Write,
        Self::Manage,
        Self::Administer,
    ];

    fn least(self) -> Role {
        match self {
            Self::Read => Role::Observer,
            Self::Work | Self::Push | Self::StartRun | Self::Write => Role::Member,
            Self::Manage => Role::Manager,
            Self::Administer => Role::Admin,
        }
    }

    /// The scopes of which a token needs one.
    fn scopes(self) -> &'static [Scope] {
        match self {
            Self::Read | Self::Administer => &[],
            Self::Work => &[Scope::Work],
            Self::Push => &[Scope::Numbers],
            Self::Write => &[Scope::Documents],
            Self::StartRun | Self::Manage => &[Scope::Company],
        }
    }

    fn words(self) -> (&'static str, &'static str) {
        match self {
            Self::Read => ("read this", "ask an admin for an account"),
            Self::Work => ("do the work of a seat", "members and above may"),
            Self::Push => ("push values", "members and above may"),
            Self::StartRun => ("start a run", "members and above may"),
            Self::Write => ("change this document", "its owner, managers and above may"),
            Self::Manage => ("do this", "managers, admins and owners may"),
            Self::Administer => ("look after accounts and settings", "admins and owners may"),
        }
    }
}

/// Whether the one who asks may do this at all.
pub fn may(who: &Who, act: Act) -> bool {
    let agent_limit = matches!(who.principal, Principal::Token { .. }) && act == Act::Administer;
    who.role >= act.least() && !agent_limit && missing(who, act).is_none()
}

/// The scope that the one who asks would need for this.
fn missing(who: &Who, act: Act) -> Option<Scope> {
    let scopes = act.scopes();
    let has_one = scopes.is_empty() || scopes.iter().any(|scope| within(who, *scope));
    if has_one { None } else { scopes.first().copied() }
}

/// Refuses what [`may`] does not allow.
pub fn require(who: &Who, act: Act) -> Result<()> {
    let (act_words, help) = act.words();
    if may(who, act) {
        return Ok(());
    }
    match missing(who, act) {
        Some(scope) if who.role >= act.least() => Err(Error::OutOfScope { scope }),
        _ => Err(Error::Forbidden { act: act_words, help }),
    }
}

/// Whether the one who asks may change what belongs to this seat: its holder, or a manager.
pub fn owns(who: &Who, seat: Option<SeatId>) -> bool {
    who.role >= Role::Manager
        || (who.role >= Role::Member && seat.is_some_and(|seat| who.holds(seat)))
}

/// Refuses where [`owns`] says no.
pub fn require_own(who: &Who, seat: Option<SeatId>, act: &'static str) -> Result<()> {
    if owns(who, seat) {
        Ok(())
    } else {
        Err(Error::Forbidden { act, help: "the seat it belongs to, managers and above may" })
    }
}

/// Whether the work of this seat, and what waits for its word, is theirs to see to: its holder, who acts
/// for a holder who is away, or a manager.
pub fn does(who: &Who, seat: Option<SeatId>) -> bool {
    owns(who, seat) || (who.role >= Role::Member && seat.is_some_and(|seat| who.works_for(seat)))
}

/// Refuses where [`does`] says no.
pub fn require_work(who: &Who, seat: Option<SeatId>, act: &'static str) -> Result<()> {
    if does(who, seat) {
        Ok(())
    } else {
        Err(Error::Forbidden { act, help: "the seat it belongs to, managers and above may" })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_role_may_what_the_table_says() {
        let expected = [
            (Role::Observer, vec![Act::Read]),
            (Role::Member, vec![Act::Read, Act::Work, Act::Push, Act::StartRun, Act::Write]),
            (
                Role::Manager,
                vec![Act::Read, Act::Work, Act::Push, Act::StartRun, Act::Write, Act::Manage],
            ),
            (Role::Admin, Act::ALL.to_vec()),
            (Role::Owner, Act::ALL.to_vec()),
        ];
        for (role, acts) in expected {
            let who = Who { role, ..Who::operator() };
            let allowed: Vec<Act> = Act::ALL.into_iter().filter(|act| may(&who, *act)).collect();
            assert_eq!(allowed, acts, "{role:?}");
        }
    }

    #[test]
    fn a_token_never_administers() {
        let seat = SeatId::new(1, 1);
        let scopes = Scope::all();
        let principal = Principal::Token { token: TokenId::new(1, 1), seat, scopes };
        let who = Who { principal, seats: vec![seat], ..Who::operator() };
        assert!(!may(&who, Act::Administer) && may(&who, Act::Manage));
    }

    #[test]
    fn a_token_does_no_more_than_it_was_made_for() {
        let seat = SeatId::new(1, 1);
        let cases = [
            (vec![], vec![Act::Read]),
            (vec![Scope::Work], vec![Act::Read, Act::Work]),
            (vec![Scope::Numbers], vec![Act::Read, Act::Push]),
            (vec![Scope::Documents], vec![Act::Read, Act::Write]),
            (vec![Scope::Company], vec![Act::Read, Act::StartRun, Act::Manage]),
        ];
        for (scopes, acts) in cases {
            let scopes: BTreeSet<Scope> = scopes.into_iter().collect();
            let principal = Principal::Token { token: TokenId::new(1, 1), seat, scopes };
            let name = "x".to_owned();
            let who =
                Who { principal, name, role: Role::Manager, seats: vec![seat], acting: Vec::new() };
            let allowed: Vec<Act> = Act::ALL.into_iter().filter(|act| may(&who, *act)).collect();
            assert_eq!(allowed, acts);
            for act in Act::ALL.into_iter().filter(|act| !acts.contains(act)) {
                let code = require(&who, act).map_err(|e| e.code());
                let expected = if act == Act::Administer { "APP0103" } else { "APP0420" };
                assert_eq!(code, Err(expected), "{act:?}");
            }
        }
    }

    #[test]
    fn a_member_changes_only_what_its_seat_owns() {
        let (mine, other) = (SeatId::new(1, 1), SeatId::new(1, 2));
        let who = Who { role: Role::Member, seats: vec![mine], ..Who::operator() };
        assert!(owns(&who, Some(mine)) && !owns(&who, Some(other)) && !owns(&who, None));
    }
}
