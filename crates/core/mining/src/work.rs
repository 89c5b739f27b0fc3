//! Who does the work: what each resource does, and who hands over to whom.

use crate::log::EventLog;
use crate::number::{NONE, id, ix, long};
use std::collections::{BTreeMap, BTreeSet};

/// A resource in figures.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Resource {
    /// What it is called.
    pub name: String,
    /// How many events it has.
    pub events: u64,
    /// In how many cases.
    pub cases: u64,
    /// What it does: activity, how often; the most frequent first.
    pub activities: Vec<(u32, u64)>,
}

/// Work that goes from one resource to another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Handover {
    /// Who had it.
    pub from: String,
    /// Who got it.
    pub to: String,
    /// How often.
    pub times: u64,
    /// In how many cases.
    pub cases: u64,
}

/// Who does the work of a log.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Work {
    /// The resources, the most events first.
    pub resources: Vec<Resource>,
    /// Who hands over to whom, the most frequent first. An event that names nobody hands nothing over.
    pub handovers: Vec<Handover>,
    /// How often the next event of a case is the same resource's.
    pub kept: u64,
    /// How many events name nobody.
    pub by_nobody: u64,
}

#[derive(Default)]
struct Own {
    events: u64,
    cases: BTreeSet<u32>,
    activities: BTreeMap<u32, u64>,
}

/// Who does the work of a log.
pub fn work(log: &EventLog) -> Work {
    let mut own: BTreeMap<u32, Own> = BTreeMap::new();
    let mut handed: BTreeMap<(u32, u32), (u64, u64, u32)> = BTreeMap::new();
    let mut found = Work::default();
    for case in 0..log.cases() {
        let mut before = NONE;
        for (event, activity) in log.range(case).zip(log.trace(case)) {
            let who = log.resource_id(event).unwrap_or(NONE);
            if who == NONE {
                found.by_nobody += 1;
                before = NONE;
                continue;
            }
            let one = own.entry(who).or_default();
            one.events += 1;
            one.cases.insert(id(case));
            *one.activities.entry(*activity).or_default() += 1;
            match before {
                NONE => {}
                before if before == who => found.kept += 1,
                before => {
                    let way = handed.entry((before, who)).or_insert((0, 0, NONE));
                    way.0 += 1;
                    if way.2 != id(case) {
                        way.1 += 1;
                        way.2 = id(case);
                    }
                }
            }
            before = who;
        }
    }
    let name = |who: u32| log.values.get(who).to_owned();
    found.resources = own
        .into_iter()
        .map(|(who, one)| {
            let mut activities: Vec<(u32, u64)> = one.activities.into_iter().collect();
            activities.sort_by_key(|(_, times)| std::cmp::Reverse(*times));
            Resource {
                name: name(who),
                events: one.events,
                cases: long(one.cases.len()),
                activities,
            }
        })
        .collect();
    found.resources.sort_by(|a, b| b.events.cmp(&a.events).then_with(|| a.name.cmp(&b.name)));
    found.handovers = handed
        .into_iter()
        .map(|((from, to), (times, cases, _))| Handover {
            from: name(from),
            to: name(to),
            times,
            cases,
        })
        .collect();
    found.handovers.sort_by(|a, b| {
        b.times.cmp(&a.times).then_with(|| (&a.from, &a.to).cmp(&(&b.from, &b.to)))
    });
    found
}

/// Who does each activity: by its id, resource and how often, the most frequent first.
pub fn doers(work: &Work, activities: usize) -> Vec<Vec<(&str, u64)>> {
    let mut all: Vec<Vec<(&str, u64)>> = vec![Vec::new(); activities];
    for resource in &work.resources {
        for (activity, times) in &resource.activities {
            if let Some(list) = all.get_mut(ix(*activity)) {
                list.push((resource.name.as_str(), *times));
            }
        }
    }
    for list in &mut all {
        list.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(b.0)));
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::log::Row;

    #[test]
    fn work_goes_from_one_to_another_where_both_are_named() {
        let cases = [("1", "Ann Bob Bob Ann"), ("2", "Ann Bob - Ann"), ("3", "Ann")];
        let rows = cases.iter().flat_map(|(case, who)| {
            who.split(' ').enumerate().map(|(n, who)| Row {
                case,
                activity: if n == 0 { "begin" } else { "go on" },
                time: Some(id(n).into()),
                resource: (who != "-").then_some(who),
                attributes: &[],
            })
        });
        let log = EventLog::of(rows);
        let found = work(&log);
        let resources: Vec<_> =
            found.resources.iter().map(|r| (r.name.as_str(), r.events, r.cases)).collect();
        assert_eq!(resources, [("Ann", 5, 3), ("Bob", 3, 2)]);
        let handed: Vec<_> = found
            .handovers
            .iter()
            .map(|h| (h.from.as_str(), h.to.as_str(), h.times, h.cases))
            .collect();
        assert_eq!(handed, [("Ann", "Bob", 2, 2), ("Bob", "Ann", 1, 1)]);
        assert_eq!((found.kept, found.by_nobody), (1, 1));
        let all = doers(&found, log.activities.len());
        assert_eq!(all, [vec![("Ann", 3)], vec![("Bob", 3), ("Ann", 2)]]);
    }
}
