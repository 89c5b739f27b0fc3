//! The rule SOP0108: a schedule is not understood.
#![doc = include_str!("../../../../../docs/codes/SOP0108.md")]

use super::{Document, Rule};
use gemba_diag::{Code, Diagnostic, Severity};

/// The entry of the rule table.
pub(crate) const RULE: Rule = Rule {
    code: Code("SOP0108"),
    name: "schedule-unclear",
    severity: Severity::Warning,
    summary: "A schedule is not understood",
    page: include_str!("../../../../../docs/codes/SOP0108.md"),
};

pub(crate) fn check(document: &Document<'_>, found: &mut Vec<Diagnostic>) {
    for reading in document.readings {
        let process = &reading.process;
        for trigger in &process.triggers {
            let schedule = trigger.kind == gemba_model::TriggerKind::Schedule;
            let stated = trigger.state == gemba_model::ValueState::Stated;
            if schedule && stated && trigger.rule.is_none() {
                found.push(
                    RULE.at(super::place(trigger.span), format!("the schedule \"{}\" is not understood", trigger.text))
                        .with_help("write for example `every Monday at 09:00`, `monthly on the 1st` or `cron: 0 9 * * 1`"),
                );
            }
        }
    }
}
