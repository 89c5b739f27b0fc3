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
            let stated = trigger.state == gemba_model::ValueState::Stated;
            if trigger.rule.is_some() || trigger.cue.is_some() || !stated {
                continue;
            }
            let understood = |text: &String| text.parse::<gemba_model::Recurrence>().is_ok();
            let meant = super::respelled(&trigger.text, &WORDS).filter(understood);
            // A slip of the pen makes a schedule look like the name of an event.
            if trigger.kind == gemba_model::TriggerKind::Schedule || meant.is_some() {
                let made = RULE.at(
                    super::place(trigger.span),
                    format!("the schedule \"{}\" is not understood", trigger.text),
                );
                let written = trigger.span.map(|span| {
                    crate::passage::place_in(document.source, &span.range(), &trigger.text)
                });
                let written = written.filter(|place| place.len() == trigger.text.len());
                found.push(match (meant, written) {
                    (Some(meant), Some(place)) => {
                        made.with_fix(place, meant.clone(), format!("write `{meant}`"))
                    }
                    _ => made.with_help(HELP),
                });
            }
        }
    }
}

const HELP: &str =
    "write for example `every Monday at 09:00`, `monthly on the 1st` or `cron: 0 9 * * 1`";

/// The longer words of schedules.
const WORDS: [&str; 37] = [
    "every",
    "each",
    "daily",
    "weekly",
    "monthly",
    "quarterly",
    "yearly",
    "annually",
    "weekday",
    "month",
    "months",
    "quarter",
    "year",
    "week",
    "weeks",
    "first",
    "second",
    "third",
    "fourth",
    "last",
    "Monday",
    "Tuesday",
    "Wednesday",
    "Thursday",
    "Friday",
    "Saturday",
    "Sunday",
    "January",
    "February",
    "March",
    "April",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
];
