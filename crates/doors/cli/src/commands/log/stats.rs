//! `gemba log stats`: what is in a log.

use crate::args::Source;
use crate::failure::Failure;
use crate::terminal;
use gemba_mining::performance::{Lengths, Performance, Rework, WayBack, performance, rework};
use gemba_mining::stats::{Durations, durations};
use gemba_mining::work::{Work, work};
use gemba_mining::{Dfg, EventLog, dfg, time, variants};
use serde_json::{Map, Value, json};
use std::fmt::Write as _;
use std::process::ExitCode;

pub(super) fn run(source: &Source, as_json: bool) -> Result<ExitCode, Failure> {
    let log = super::read(source)?;
    let mut found = Found {
        graph: dfg(&log),
        variants: variants(&log).all.len(),
        durations: durations(&log),
        times: performance(&log),
        again: rework(&log),
        work: work(&log),
        log: &log,
    };
    found.sort();
    if as_json {
        terminal::print_json(&found.json());
    } else {
        terminal::print(&found.page());
    }
    Ok(ExitCode::SUCCESS)
}

struct Found<'a> {
    log: &'a EventLog,
    graph: Dfg,
    variants: usize,
    durations: Option<Durations>,
    times: Performance,
    again: Rework,
    work: Work,
}

const SECOND: f64 = 1e6;

impl Found<'_> {
    fn named<'a>(&'a self, counts: &'a [u64]) -> impl Iterator<Item = (&'a str, u64)> {
        let all = self.log.activities.iter().zip(counts);
        all.filter(|(_, count)| **count > 0).map(|(name, count)| (name, *count))
    }

    fn counts(&self, counts: &[u64]) -> Value {
        let named = self.named(counts).map(|(name, count)| (name.to_owned(), json!(count)));
        Value::Object(named.collect::<Map<_, _>>())
    }

    fn json(&self) -> Value {
        let name = |id: u32| self.log.activities.get(id);
        let edges = &self.graph.edges;
        let pairs = edges.iter().map(|edge| json!([name(edge.from), name(edge.to), edge.count]));
        let times = edges.iter().filter(|edge| edge.timed > 0).map(|edge| {
            json!([name(edge.from), name(edge.to), {
                "mean_s": edge.mean().map(|mean| mean / SECOND),
                "sum_s": super::seconds(edge.sum),
                "min_s": super::seconds(edge.min),
                "max_s": super::seconds(edge.max),
            }])
        });
        let span = self.log.span();
        json!({
            "cases": self.log.cases(),
            "events": self.log.events(),
            "activities": self.counts(&self.graph.activities),
            "variants": self.variants,
            "start_activities": self.counts(&self.graph.starts),
            "end_activities": self.counts(&self.graph.ends),
            "dfg": pairs.collect::<Vec<_>>(),
            "dfg_times": times.collect::<Vec<_>>(),
            "case_duration": self.durations.map(|all| json!({
                "min_s": all.min / SECOND,
                "mean_s": all.mean / SECOND,
                "median_s": all.median / SECOND,
                "p90_s": all.p90 / SECOND,
                "p95_s": all.p95 / SECOND,
                "max_s": all.max / SECOND,
            })),
            "first": span.map(|(first, _)| time::rfc3339(first)),
            "last": span.map(|(_, last)| time::rfc3339(last)),
            "steps": self.steps(),
            "ways": self.ways(),
            "bottlenecks": self.bottlenecks(),
            "rework": self.rework(),
            "resources": self.resources(),
            "handovers": self.handovers(),
            "import": super::report(self.log),
        })
    }

    /// The most first, then by name: nothing depends on the order in which a file tells its activities.
    fn sort(&mut self) {
        let name = |activity: u32| self.log.activities.get(activity);
        self.times.steps.sort_by_key(|it| (std::cmp::Reverse(it.times), name(it.activity)));
        self.times.ways.sort_by_key(|it| (std::cmp::Reverse(it.times), name(it.from), name(it.to)));
        self.again.activities.sort_by_key(|it| (std::cmp::Reverse(it.cases), name(it.activity)));
        let way = |it: &WayBack| (std::cmp::Reverse(it.times), name(it.from), name(it.to));
        self.again.ways_back.sort_by(|a, b| way(a).cmp(&way(b)));
    }

    fn name(&self, activity: u32) -> &str {
        self.log.activities.get(activity)
    }

    fn steps(&self) -> Value {
        let all = self.times.steps.iter().filter(|step| step.times > 0).map(|step| {
            json!({
                "activity": self.name(step.activity),
                "times": step.times,
                "cases": step.cases,
                "waiting": step.waiting.as_ref().map(lengths),
                "working": step.working.as_ref().map(lengths),
            })
        });
        all.collect()
    }

    fn ways(&self) -> Value {
        let all = self.times.ways.iter().map(|way| {
            json!({
                "from": self.name(way.from),
                "to": self.name(way.to),
                "times": way.times,
                "cases": way.cases,
                "waiting": way.waiting.as_ref().map(lengths),
                "share_of_waiting": way.share,
            })
        });
        all.collect()
    }

    fn bottlenecks(&self) -> Value {
        let all = self.times.bottlenecks().into_iter().take(WORST).map(|way| {
            json!({
                "from": self.name(way.from),
                "to": self.name(way.to),
                "share_of_waiting": way.share,
            })
        });
        all.collect()
    }

    fn rework(&self) -> Value {
        let activities = self.again.activities.iter().map(|one| {
            json!({
                "activity": self.name(one.activity),
                "cases": one.cases,
                "again": one.again,
                "at_once": one.at_once,
            })
        });
        let back = self.again.ways_back.iter().map(|way| {
            json!({
                "from": self.name(way.from),
                "to": self.name(way.to),
                "times": way.times,
                "cases": way.cases,
            })
        });
        json!({
            "cases": self.again.cases,
            "events": self.again.events,
            "activities": activities.collect::<Vec<_>>(),
            "ways_back": back.collect::<Vec<_>>(),
        })
    }

    fn resources(&self) -> Value {
        let all = self.work.resources.iter().map(|one| {
            let own = one.activities.iter();
            let own = own.map(|(activity, times)| (self.name(*activity).to_owned(), json!(times)));
            json!({
                "resource": one.name,
                "events": one.events,
                "cases": one.cases,
                "activities": Value::Object(own.collect::<Map<_, _>>()),
            })
        });
        all.collect()
    }

    fn handovers(&self) -> Value {
        let all = self.work.handovers.iter();
        all.map(|it| json!({"from": it.from, "to": it.to, "times": it.times, "cases": it.cases}))
            .collect()
    }

    fn page(&self) -> String {
        let mut out = String::new();
        // Writing to a string cannot fail.
        let mut line = |name: &str, value: String| {
            let _fine = writeln!(out, "{name:<14}{value}");
        };
        line("Cases", self.log.cases().to_string());
        line("Events", self.log.events().to_string());
        line("Activities", self.log.activities.len().to_string());
        line("Variants", self.variants.to_string());
        if let Some((first, last)) = self.log.span() {
            line("From", time::rfc3339(first));
            line("To", time::rfc3339(last));
        }
        if let Some(all) = self.durations {
            line("Half take", format!("at most {}", words(all.median)));
            line("Nine of ten", format!("at most {}", words(all.p90)));
            line("Longest", words(all.max));
        }
        let mut table = |title: &str, rows: Vec<(u64, String)>| {
            let mut rows = rows;
            rows.sort_by_key(|(count, _)| std::cmp::Reverse(*count));
            let _fine = writeln!(out, "\n{title}");
            for (count, words) in rows.iter().take(ROWS) {
                let _fine = writeln!(out, "  {count:>9}  {words}");
            }
            if rows.len() > ROWS {
                let _fine = writeln!(out, "  {:>9}  and {} more", "", rows.len() - ROWS);
            }
        };
        let own = |counts: &[u64]| -> Vec<(u64, String)> {
            self.named(counts).map(|(name, count)| (count, name.to_owned())).collect()
        };
        table("Activities", own(&self.graph.activities));
        table("Cases begin with", own(&self.graph.starts));
        table("Cases end with", own(&self.graph.ends));
        let name = |id: u32| self.log.activities.get(id);
        let edges = self.graph.edges.iter().map(|edge| {
            let mean = edge.mean().map(|mean| format!(", {} on average", words(mean)));
            let words =
                format!("{} -> {}{}", name(edge.from), name(edge.to), mean.unwrap_or_default());
            (edge.count, words)
        });
        table("Right after each other", edges.collect());
        self.time_page(&mut out);
        self.work_page(&mut out);
        out
    }

    /// Where time goes, and what is done again.
    fn time_page(&self, out: &mut String) {
        let worst = self.times.bottlenecks();
        section(out, "Bottlenecks: where most is waited", &worst, |way| {
            let waiting = way.waiting.map_or_else(String::new, |all| {
                format!(", half at most {}, nine of ten {}", words(all.median), words(all.p90))
            });
            let (from, to) = (self.name(way.from), self.name(way.to));
            format!("  {:>8.1} %  {from} -> {to}{waiting}", way.share * 100.0)
        });
        let mut steps: Vec<_> = self.times.steps.iter().filter(|s| s.working.is_some()).collect();
        steps.sort_by_key(|step| std::cmp::Reverse(step.times));
        section(out, "How long steps take", &steps, |step| {
            let work = step.working.map_or_else(String::new, |all| {
                format!("half at most {}, nine of ten {}", words(all.median), words(all.p90))
            });
            format!("  {:>9}  {}: {work}", step.times, self.name(step.activity))
        });
        let title = match self.again.cases {
            1 => "Done again, in one case".to_owned(),
            cases => format!("Done again, in {cases} cases"),
        };
        let again: Vec<_> = self.again.activities.iter().collect();
        section(out, &title, &again, |one| {
            let name = self.name(one.activity);
            let at_once = if one.at_once > 0 {
                format!(", {} of them at once", one.at_once)
            } else {
                String::new()
            };
            format!("  {:>9}  {name}: {} times more{at_once}", one.cases, one.again)
        });
        let back: Vec<_> = self.again.ways_back.iter().filter(|way| way.from != way.to).collect();
        section(out, "Ways back", &back, |way| {
            format!("  {:>9}  {} -> {}", way.times, self.name(way.from), self.name(way.to))
        });
    }

    /// Who does it, and who hands over to whom.
    fn work_page(&self, out: &mut String) {
        let all: Vec<_> = self.work.resources.iter().collect();
        section(out, "Who does it", &all, |one| {
            let most = one.activities.first().map_or("", |(activity, _)| self.name(*activity));
            format!("  {:>9}  {} in {} cases, mostly {most}", one.events, one.name, one.cases)
        });
        let handed: Vec<_> = self.work.handovers.iter().collect();
        section(out, "Who hands over to whom", &handed, |it| {
            format!("  {:>9}  {} -> {}", it.times, it.from, it.to)
        });
        if !all.is_empty() && self.work.by_nobody > 0 {
            let _fine = writeln!(out, "  {:>9}  name nobody", self.work.by_nobody);
        }
    }
}

/// A table with its first rows; nothing where there are none.
fn section<T>(out: &mut String, title: &str, rows: &[&T], line: impl Fn(&T) -> String) {
    if rows.is_empty() {
        return;
    }
    let _fine = writeln!(out, "\n{title}");
    for row in rows.iter().take(WORST) {
        let _fine = writeln!(out, "{}", line(row));
    }
    if rows.len() > WORST {
        let _fine = writeln!(out, "  {:>9}  and {} more", "", rows.len() - WORST);
    }
}

fn lengths(all: &Lengths) -> Value {
    json!({
        "count": all.count,
        "sum_s": all.sum / SECOND,
        "mean_s": all.mean / SECOND,
        "median_s": all.median / SECOND,
        "p90_s": all.p90 / SECOND,
        "max_s": all.max / SECOND,
    })
}

/// So many of what is worst or most are shown.
const WORST: usize = 10;

const ROWS: usize = 30;

#[expect(clippy::as_conversions, reason = "a cast from a float saturates")]
fn words(micros: f64) -> String {
    time::in_words(micros as i64)
}
