//! The rule SOP0406: a seat does not exist in the workspace.
#![doc = include_str!("../../../../../docs/codes/SOP0406.md")]

use super::{Document, Rule};
use crate::near::nearest;
use crate::passage::place_in;
use gemba_diag::{Code, Diagnostic, Severity};
use gemba_model::SeatSource;

/// The entry of the rule table.
pub(crate) const RULE: Rule = Rule {
    code: Code("SOP0406"),
    name: "seat-unknown",
    severity: Severity::Warning,
    summary: "A seat does not exist in the workspace",
    page: include_str!("../../../../../docs/codes/SOP0406.md"),
};

pub(crate) fn check(document: &Document<'_>, found: &mut Vec<Diagnostic>) {
    let Some(seats) = &document.surroundings.seats else { return };
    for reading in document.readings {
        let process = &reading.process;
        let owner = process.owner.named().map(|name| (name, process.owner.span, false));
        let steps = process.all_steps();
        let doers = steps.iter().filter_map(|step| {
            let seat = step.seat.as_ref()?;
            // Who stands in a sentence may well be a client: only what names a doer outright is judged.
            let outright = matches!(seat.source, SeatSource::Label | SeatSource::Table);
            outright.then(|| (seat.name.as_str(), seat.span.or(Some(step.span)), true))
        });
        let mut seen = std::collections::BTreeSet::new();
        for (name, span, _) in owner.into_iter().chain(doers) {
            let known = |name: &str| document.surroundings.seat(name).is_some();
            // The chart's "IC" may be the document's "Incident Commander", which says so itself.
            let known = known(name) || process.also_written(name).is_some_and(known);
            if known || !seen.insert(name.to_lowercase()) {
                continue;
            }
            let place = place_in(document.source, &super::place(span), name);
            let made = RULE.at(place.clone(), format!("there is no seat \"{name}\""));
            let names = seats.iter().map(|seat| seat.name.as_str());
            found.push(match nearest(name, names) {
                Some(meant) if place.len() == name.len() => {
                    made.with_fix(place, meant, format!("write \"{meant}\""))
                }
                _ => made.with_help("name a seat of the team chart, or add this one to it"),
            });
        }
    }
}
