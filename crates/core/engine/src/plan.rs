//! What a revision says to the engine: its steps with their seats, evidence and ways out.

use gemba_model::{Evidence, Process, Routes, StepId, flow, id::SeatId};
use std::collections::BTreeMap;

/// Which seat of the workspace a seat name of the document means; names in lower case.
pub type Bindings = BTreeMap<String, SeatId>;

/// A frozen process as the engine reads it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    pub(crate) steps: Vec<PlanStep>,
    pub(crate) owner: Option<SeatId>,
}

/// One top-level step of a [`Plan`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlanStep {
    /// The stable id.
    pub id: StepId,
    /// The seat that does it.
    pub seat: SeatId,
    /// What must be left as proof.
    pub evidence: Vec<Evidence>,
    /// The ways out.
    pub routes: Routes,
}

/// Seat names that mean no seat of the workspace.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unbound {
    /// The names, in order of appearance. Empty when a step has no seat and the process no owner.
    pub names: Vec<String>,
}

impl Plan {
    /// The plan of a process whose seat names are bound; all unbound names at once otherwise.
    pub fn of(process: &Process, bindings: &Bindings) -> Result<Self, Unbound> {
        let mut steps = Vec::new();
        let mut names: Vec<String> = Vec::new();
        let mut nobody = false;
        for (index, step) in process.steps.iter().enumerate() {
            let Some(name) = process.doer(step) else {
                nobody = true;
                continue;
            };
            let Some(seat) = bindings.get(&name.to_lowercase()) else {
                if !names.iter().any(|n| n == name) {
                    names.push(name.to_owned());
                }
                continue;
            };
            steps.push(PlanStep {
                id: step.id.clone(),
                seat: *seat,
                evidence: step.walk().iter().flat_map(|s| s.evidence.iter().cloned()).collect(),
                routes: flow::routes(process, index),
            });
        }
        let owner = process.owner.named().and_then(|name| bindings.get(&name.to_lowercase()));
        if nobody || !names.is_empty() {
            return Err(Unbound { names });
        }
        Ok(Self { steps, owner: owner.copied() })
    }

    /// The seat that answers for the process.
    pub fn owner(&self) -> Option<SeatId> {
        self.owner
    }

    /// The steps, in document order.
    pub fn steps(&self) -> &[PlanStep] {
        &self.steps
    }

    /// The step with this id.
    pub fn step(&self, id: &StepId) -> Option<&PlanStep> {
        self.steps.iter().find(|step| step.id == *id)
    }
}
