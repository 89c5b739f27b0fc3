//! Stored events are for ever: every shape that was ever written is read again, and written the same
//! while it is the present one.

use gemba_engine::Event;
use serde_json::Value;

#[test]
fn events_of_every_shape_are_read_and_written_unchanged() {
    let shapes = [
        include_str!("golden/events-1.json"),
        include_str!("golden/events-2.json"),
        include_str!("golden/events-3.json"),
        include_str!("golden/events-4.json"),
        include_str!("golden/events-5.json"),
        include_str!("golden/events-6.json"),
        include_str!("golden/events-7.json"),
    ];
    let golden: Vec<Value> = shapes
        .into_iter()
        .flat_map(|text| serde_json::from_str::<Vec<Value>>(text).expect("JSON"))
        .collect();
    let mut kinds: Vec<String> = Vec::new();
    for value in &golden {
        let event: Event =
            serde_json::from_value(value.clone()).expect("an event that was written once");
        assert_eq!(&serde_json::to_value(&event).expect("JSON"), value);
        // Exhaustive: a new kind of event does not compile until it is here, and then needs a golden line.
        let kind = match event {
            Event::RunStarted { .. } => "run_started",
            Event::StepOpened { .. } => "step_opened",
            Event::StepClaimed { .. } => "step_claimed",
            Event::StepReleased { .. } => "step_released",
            Event::LeaseExtended { .. } => "lease_extended",
            Event::StepReassigned { .. } => "step_reassigned",
            Event::StepDelegated { .. } => "step_delegated",
            Event::DelegationEnded { .. } => "delegation_ended",
            Event::StepDeferred { .. } => "step_deferred",
            Event::PriorityChanged { .. } => "priority_changed",
            Event::ReminderDue { .. } => "reminder_due",
            Event::DeadlineSet { .. } => "deadline_set",
            Event::ApprovalExpired { .. } => "approval_expired",
            Event::StepSkipped { .. } => "step_skipped",
            Event::StepCompleted { .. } => "step_completed",
            Event::StepDivided { .. } => "step_divided",
            Event::StepJoined { .. } => "step_joined",
            Event::StepWithdrawn { .. } => "step_withdrawn",
            Event::DeadlinePassed { .. } => "deadline_passed",
            Event::ClaimLapsed { .. } => "claim_lapsed",
            Event::SignalRaised { .. } => "signal_raised",
            Event::RunCalled { .. } => "run_called",
            Event::CallNotMade { .. } => "call_not_made",
            Event::CallReturned { .. } => "call_returned",
            Event::CallEnded { .. } => "call_ended",
            Event::RoundBegun { .. } => "round_begun",
            Event::RoundHeld { .. } => "round_held",
            Event::RoundAllowed { .. } => "round_allowed",
            Event::OutcomeReached { .. } => "outcome_reached",
            Event::RunEnding { .. } => "run_ending",
            Event::RunMoved { .. } => "run_moved",
            Event::RunCompleted { .. } => "run_completed",
            Event::RunCancelled { .. } => "run_cancelled",
        };
        kinds.push(kind.to_owned());
    }
    kinds.sort_unstable();
    kinds.dedup();
    assert_eq!(kinds.len(), 33, "every kind of event has a golden line: {kinds:?}");
}
