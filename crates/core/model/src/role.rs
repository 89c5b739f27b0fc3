//! What an account may do in its workspace.

use serde::{Deserialize, Serialize};

/// The role of an account, from the one who may do everything to the one who may only look.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Reads everything, changes nothing.
    Observer,
    /// Does the work of the seats held; edits drafts of processes these seats own.
    Member,
    /// Also edits, publishes and starts any process, and changes the team chart.
    Manager,
    /// Also manages accounts, tokens and settings.
    Admin,
    /// Also appoints admins and other owners.
    Owner,
}

impl Role {
    /// All roles, lowest first.
    pub const ALL: [Self; 5] =
        [Self::Observer, Self::Member, Self::Manager, Self::Admin, Self::Owner];

    /// The word used in JSON, forms and pages.
    pub fn word(self) -> &'static str {
        match self {
            Self::Observer => "observer",
            Self::Member => "member",
            Self::Manager => "manager",
            Self::Admin => "admin",
            Self::Owner => "owner",
        }
    }

    /// The role of a [`Self::word`].
    pub fn of_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.word() == word)
    }
}
