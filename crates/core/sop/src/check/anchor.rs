//! The rule SOP0503: a link leads to a heading that does not exist.
#![doc = include_str!("../../../../../docs/codes/SOP0503.md")]

use super::{Document, Rule};
use crate::block::Kind;
use crate::near::nearest;
use crate::passage::place_in;
use gemba_diag::{Code, Diagnostic, Severity};
use std::collections::{BTreeMap, BTreeSet};

/// The entry of the rule table.
pub(crate) const RULE: Rule = Rule {
    code: Code("SOP0503"),
    name: "anchor-missing",
    severity: Severity::Warning,
    summary: "A link leads to a heading that does not exist",
    page: include_str!("../../../../../docs/codes/SOP0503.md"),
};

pub(crate) fn check(document: &Document<'_>, found: &mut Vec<Diagnostic>) {
    let mut anchors: Option<BTreeSet<String>> = None;
    let mut looked = 0;
    super::each_link(document, |target, range| {
        let Some(wanted) = target.strip_prefix('#').filter(|w| !w.is_empty()) else { return };
        let anchors = anchors.get_or_insert_with(|| known(document));
        let wanted = wanted.to_lowercase();
        // A top anchor is every browser's own.
        if wanted == "top" || anchors.contains(&wanted) || wanted.contains(['%', '{', '/', ':']) {
            return;
        }
        let made = RULE.at(range.clone(), format!("`#{wanted}` leads to no heading and no step"));
        // Looking for what was meant takes time: a few times are enough for a person.
        looked += 1;
        let few = looked <= 20;
        let slip = few.then(|| nearest(&wanted, anchors.iter().map(String::as_str))).flatten();
        let part = anchors
            .iter()
            .take(if few { usize::MAX } else { 0 })
            .find(|a| a.len() > 3 && (a.starts_with(&wanted) || wanted.starts_with(a.as_str())));
        let place = place_in(document.source, &range, target);
        found.push(match (slip, part) {
            (Some(meant), _) if place.len() == target.len() => {
                made.with_fix(place, format!("#{meant}"), format!("write `#{meant}`"))
            }
            (_, Some(part)) => made.with_help(format!("did you mean `#{part}`?")),
            _ => made.with_help("name a heading in small letters, with hyphens for spaces"),
        });
    });
}

/// Every name that a link within the document may lead to.
fn known(document: &Document<'_>) -> BTreeSet<String> {
    let mut anchors = BTreeSet::new();
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for passage in document.passages {
        if matches!(passage.block.kind, Kind::Heading(_)) {
            let plain = passage.block.plain();
            let name = github(plain);
            let n = counts.entry(name.clone()).or_insert(0_usize);
            anchors.insert(if *n == 0 { name } else { format!("{name}-{n}") });
            *n += 1;
            anchors.insert(gemba_model::Slug::from_text(plain, "x").as_str().to_owned());
        }
    }
    for reading in document.readings {
        for step in reading.process.all_steps() {
            anchors.insert(step.id.as_str().to_owned());
            anchors.insert(format!("step-{}", step.number));
            anchors.insert(github(&step.title));
        }
    }
    for mark in ["id=\"", "name=\"", "{#", "id='"] {
        for (at, _) in document.source.match_indices(mark) {
            let rest = document.source.get(at + mark.len()..).unwrap_or_default();
            let name = rest.split(['"', '}', '\'', ' ']).next().unwrap_or_default();
            if name.len() < 200 {
                anchors.insert(name.to_lowercase());
            }
        }
    }
    // "(name)=" before a heading names it in MyST.
    for line in document.source.lines() {
        if let Some(name) = line.trim().strip_prefix('(').and_then(|l| l.strip_suffix(")=")) {
            anchors.insert(name.to_lowercase());
        }
    }
    anchors
}

/// The name of a heading as GitHub and many others make it.
fn github(title: &str) -> String {
    let lower = title.trim().to_lowercase();
    let kept = lower.chars().filter(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_'));
    kept.map(|c| if c == ' ' { '-' } else { c }).collect()
}
