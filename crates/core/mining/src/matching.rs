//! Which activity of a log is which step of a model: by a confirmed mapping, by name, by the name without its
//! marks and numbers, or by an alias. What is only alike is suggested, never assumed.

use std::collections::{BTreeMap, BTreeSet};

/// A step that activities may be matched to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Known {
    /// The name that the model has for it.
    pub name: String,
    /// Other names of it.
    pub aliases: Vec<String>,
}

/// What activities were matched to.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Matched {
    /// The step of each activity that has one.
    pub step_of: BTreeMap<String, String>,
    /// For each activity without a step, the step that it is most like, where one is.
    pub suggested: Vec<(String, Option<String>)>,
}

/// A name in small letters without marks, and without a number before it.
pub(crate) fn plain(name: &str) -> String {
    let words: Vec<String> = words(name);
    let is_number = |word: &&String| word.chars().all(|c| c.is_ascii_digit());
    let numbers = words.iter().take_while(is_number).count();
    let rest = words.get(numbers..).filter(|rest| !rest.is_empty()).unwrap_or(&words);
    rest.join(" ")
}

fn words(name: &str) -> Vec<String> {
    let parts = name.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    parts.map(str::to_lowercase).collect()
}

/// Matches activities to steps. A mapping that somebody confirmed comes before everything else.
pub fn matched<'a>(
    activities: impl IntoIterator<Item = &'a str>,
    steps: &[Known],
    confirmed: &BTreeMap<String, String>,
) -> Matched {
    let mut exact: BTreeMap<&str, &str> = BTreeMap::new();
    // A name that means two steps without its marks means neither.
    let mut folded: BTreeMap<String, Option<&str>> = BTreeMap::new();
    for step in steps {
        exact.entry(&step.name).or_insert(&step.name);
        for name in std::iter::once(&step.name).chain(&step.aliases) {
            let name = plain(name);
            let slot = folded.entry(name).or_insert(Some(step.name.as_str()));
            if *slot != Some(step.name.as_str()) {
                *slot = None;
            }
        }
    }
    let mut found = Matched::default();
    for activity in activities {
        let by_hand = confirmed.get(activity).and_then(|name| {
            exact
                .get(name.as_str())
                .copied()
                .or_else(|| folded.get(&plain(name)).copied().flatten())
        });
        let step = by_hand
            .or_else(|| exact.get(activity).copied())
            .or_else(|| folded.get(&plain(activity)).copied().flatten());
        match step {
            Some(step) => {
                found.step_of.insert(activity.to_owned(), step.to_owned());
            }
            None => found.suggested.push((activity.to_owned(), likest(activity, steps))),
        }
    }
    found
}

/// The step with the largest share of words in common, where it is at least a third.
fn likest(activity: &str, steps: &[Known]) -> Option<String> {
    let own: BTreeSet<String> = words(activity).into_iter().collect();
    let mut best: Option<(usize, usize, &str)> = None;
    for step in steps {
        for name in std::iter::once(&step.name).chain(&step.aliases) {
            let other: BTreeSet<String> = words(name).into_iter().collect();
            let both = own.intersection(&other).count();
            let all = own.union(&other).count();
            let is_better = best.is_none_or(|(b, a, _)| both * a > b * all);
            if both * 3 >= all && all > 0 && is_better {
                best = Some((both, all, &step.name));
            }
        }
    }
    best.map(|(_, _, name)| name.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn activities_are_matched_by_mapping_by_name_and_by_alias() {
        let known = |name: &str, aliases: &[&str]| Known {
            name: name.to_owned(),
            aliases: aliases.iter().map(|a| (*a).to_owned()).collect(),
        };
        let steps = [
            known("Collect hours", &["collect-hours"]),
            known("Send the invoice", &["send"]),
            known("Book", &[]),
        ];
        let confirmed = BTreeMap::from([("FI-04".to_owned(), "book".to_owned())]);
        let names = [
            "Collect hours",
            "COLLECT_HOURS",
            "2. send the invoice!",
            "Send",
            "FI-04",
            "Send invoice",
            "Other",
        ];
        let found = matched(names, &steps, &confirmed);
        let told: Vec<(&str, &str)> =
            found.step_of.iter().map(|(a, s)| (a.as_str(), s.as_str())).collect();
        assert_eq!(
            told,
            [
                ("2. send the invoice!", "Send the invoice"),
                ("COLLECT_HOURS", "Collect hours"),
                ("Collect hours", "Collect hours"),
                ("FI-04", "Book"),
                ("Send", "Send the invoice"),
            ]
        );
        let suggested = [("Send invoice", Some("Send the invoice")), ("Other", None)];
        assert_eq!(found.suggested, suggested.map(|(a, s)| (a.to_owned(), s.map(str::to_owned))));
    }
}
