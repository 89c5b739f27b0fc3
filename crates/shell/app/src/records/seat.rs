//! What is kept of a seat: a place in the company that answers for work, whoever holds it.

use super::Charter;
use gemba_model::id::{AccountId, SeatId};
use gemba_store::{Key, Record};
use serde::{Deserialize, Serialize};

/// Who sits on a seat.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Holder {
    /// Nobody.
    Vacant,
    /// A person.
    Person {
        /// The account.
        account: AccountId,
    },
    /// An agent.
    Agent {
        /// Its name.
        name: String,
    },
}

/// A seat of the team chart: a place in the company that answers for work, whoever holds it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Seat {
    /// The id.
    pub id: SeatId,
    /// The name in addresses.
    pub slug: String,
    /// The name in documents.
    pub name: String,
    /// The part of the company.
    pub function: Option<String>,
    /// What it is there for.
    pub purpose: String,
    /// Whom it answers to.
    pub reports_to: Option<SeatId>,
    /// Who sits on it.
    pub holder: Holder,
    /// Other names that documents use for it.
    pub aliases: Vec<String>,
    /// What an agent on it was hired for; none where no agent was put on it since seats have this.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub charter: Option<Charter>,
}

impl Record for Seat {
    const KIND: &'static str = "seat";
    fn id(&self) -> String {
        self.id.to_string()
    }
    fn keys(&self) -> Vec<Key> {
        let mut keys = vec![Key::unique("slug", &self.slug)];
        if let Holder::Person { account } = &self.holder {
            keys.push(Key::shared("account", account.to_string()));
        }
        keys
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seat_written_before_agents_had_charters_reads_without_one() {
        let old = format!(
            r#"{{"id":"{}","slug":"scout","name":"Scout","function":null,"purpose":"","reports_to":null,
            "holder":{{"kind":"agent","name":"Lookout"}},"aliases":[]}}"#,
            SeatId::new(1, 1)
        );
        let read: Seat = serde_json::from_str(&old).expect("the old form");
        assert_eq!(read.charter, None);
    }
}
