//! What was read lately, kept as what it says: a text that is the same again is not parsed again.
//!
//! Nothing here can be out of date: whoever asks brings the text as it is stored now, and only the same
//! text gives what was made from it.

use crate::{App, Result, reality::Held};
use gemba_engine::Run;
use gemba_model::id::RunId;
use gemba_store::{Record, RunRow, Tx};
use std::any::Any;
use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

/// How many runs are known, and how many records; then all are forgotten.
const RUNS: usize = 1_024;
const RECORDS: usize = 512;
/// How many answers to how a process really goes are known; then all are forgotten.
const REALITIES: usize = 128;

type Parsed = Arc<dyn Any + Send + Sync>;
/// A record's kind and id.
type Place = (&'static str, String);

/// What is known.
#[derive(Default)]
pub(crate) struct Known {
    runs: Mutex<HashMap<RunId, Arc<(String, Run)>>>,
    records: Mutex<HashMap<Place, (String, Parsed)>>,
    realities: Mutex<HashMap<String, Arc<Held>>>,
}

impl fmt::Debug for Known {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Known").finish_non_exhaustive()
    }
}

impl Known {
    /// The state of a run.
    pub(crate) fn run(&self, row: &RunRow) -> Result<Run> {
        let known = {
            let runs = self.runs.lock().unwrap_or_else(PoisonError::into_inner);
            runs.get(&row.id).cloned()
        };
        if let Some(known) = known.filter(|known| known.0 == row.body) {
            return Ok(known.1.clone());
        }
        let state = crate::runs::state_of(row)?;
        self.learn_run(row.id, &row.body, &state);
        Ok(state)
    }

    /// How a process really goes, under all that it hangs on.
    pub(crate) fn reality(&self, of: &str) -> Option<Arc<Held>> {
        let known = self.realities.lock().unwrap_or_else(PoisonError::into_inner);
        known.get(of).cloned()
    }

    /// Learns how a process really goes.
    pub(crate) fn learn_reality(&self, of: String, held: &Arc<Held>) {
        let mut known = self.realities.lock().unwrap_or_else(PoisonError::into_inner);
        if known.len() >= REALITIES {
            known.clear();
        }
        known.insert(of, Arc::clone(held));
    }

    /// Learns the state of a run.
    pub(crate) fn learn_run(&self, id: RunId, body: &str, state: &Run) {
        let mut runs = self.runs.lock().unwrap_or_else(PoisonError::into_inner);
        if runs.len() >= RUNS {
            runs.clear();
        }
        runs.insert(id, Arc::new((body.to_owned(), state.clone())));
    }
}

/// The record with this id, to be looked at only.
pub(crate) async fn record<R>(app: &App, tx: &mut dyn Tx, id: &str) -> Result<Option<Arc<R>>>
where
    R: Record + Sync + 'static,
{
    let Some(row) = tx.record(R::KIND, id).await? else { return Ok(None) };
    let records = &app.known().records;
    let key = (R::KIND, id.to_owned());
    let known = {
        let known = records.lock().unwrap_or_else(PoisonError::into_inner);
        known.get(&key).filter(|(body, _)| *body == row.body).map(|(_, made)| Arc::clone(made))
    };
    if let Some(made) = known.and_then(|made| made.downcast::<R>().ok()) {
        return Ok(Some(made));
    }
    let value: R = serde_json::from_str(&row.body)
        .map_err(|e| gemba_store::Error::corrupt(format!("{} {id}", R::KIND), e))?;
    let value = Arc::new(value);
    let mut known = records.lock().unwrap_or_else(PoisonError::into_inner);
    if known.len() >= RECORDS {
        known.clear();
    }
    let made: Parsed = Arc::<R>::clone(&value);
    known.insert(key, (row.body, made));
    Ok(Some(value))
}
