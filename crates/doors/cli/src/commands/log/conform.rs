//! `gemba log conform`: what happened, held against what is written.

use crate::args::{self, LogMethod, Source};
use crate::commands::show;
use crate::failure::Failure;
use crate::{paths, terminal};
use gemba_mining::align::Limits;
use gemba_mining::breach::{Holders, Judged, judged};
use gemba_mining::conform::{Conformance, Method, conform, strangers};
use gemba_mining::matching::{Known, matched};
use gemba_mining::terms::Terms;
use gemba_mining::{EventLog, Model, Refusal, Variants, bpmn, pnml, sop, variants};
use gemba_model::Process;
use gemba_schedule::WorkCalendar;
use jiff::tz::TimeZone;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::Path;
use std::process::ExitCode;

/// A log, and how it stands to a model.
pub(super) struct Held {
    /// The log, with the names of the model for what was matched to its steps.
    pub(super) log: EventLog,
    pub(super) variants: Variants,
    pub(super) model: Model,
    pub(super) conformance: Conformance,
    /// What is written of seats and deadlines, where the model is a SOP.
    terms: Option<Terms>,
}

/// Reads a log and a model and holds one against the other.
pub(super) fn held(
    source: &Source,
    against: &args::Against,
    model: &Path,
    method: Method,
) -> Result<Held, Failure> {
    let mapping = against.mapping.as_deref().map_or_else(|| Ok(BTreeMap::new()), mapping)?;
    // The model first: a wrong path should not wait for a log of gigabytes.
    let written = Written::read(model, against.process.as_deref())?;
    let log = super::read(source)?;
    let path = model;
    let (log, model, terms) = written.model(log, &mapping);
    let found = variants(&log);
    let most = found.all.len();
    let mut said = 0;
    let mut watch = |done: u64| {
        let done = usize::try_from(done).unwrap_or(0);
        if done >= said + STEP {
            terminal::say(&format!("  {done} of {most} variants"));
            said = done;
        }
        true
    };
    let limits = Limits::default();
    let conformance = conform(&log.activities, &found, &model, method, limits, &mut watch)
        .map_err(|refusal| refused(path, &refusal))?;
    Ok(Held { log, variants: found, model, conformance, terms })
}

pub(super) fn run(source: &Source, args: &args::Conformance) -> Result<ExitCode, Failure> {
    let (method, name) = match args.method {
        LogMethod::Align => (Method::Align, "align"),
        LogMethod::Replay => (Method::Replay, "replay"),
    };
    let zone = TimeZone::get(&args.zone)
        .map_err(|why| Failure::Usage(format!("`{}` is no time zone: {why}", args.zone)))?;
    let holders = args.seats.as_deref().map_or_else(|| Ok(Holders::default()), holders)?;
    let mut held = held(source, &args.names, &args.against, method)?;
    let judged = held.terms.as_ref().map(|terms| {
        let found = judged(&held.log, terms, &holders, &WorkCalendar::usual(zone));
        held.conformance = held.conformance.clone().with(found.deviations(&held.log, terms));
        found
    });
    let unknown = judged.iter().flat_map(|judged| &judged.unknown);
    let mut unknown: Vec<(&String, &u64)> = unknown.collect();
    unknown.sort_by_key(|(_, times)| std::cmp::Reverse(**times));
    if let Some((who, times)) = unknown.first() {
        let more = unknown.len() - 1;
        terminal::say(&format!(
            "  which seat \"{who}\" holds is not known ({times} events; {more} more like it): say it with --seats"
        ));
    }
    let (of_log, of_model) = strangers(&held.log.activities, &held.model);
    for name in &of_log {
        terminal::say(&format!("  the model does not have \"{name}\""));
    }
    for name in &of_model {
        terminal::say(&format!("  the log does not have \"{name}\""));
    }
    if args.json {
        let strangers = json!({"of_log": of_log, "of_model": of_model});
        terminal::print_json(&shown(&held, name, &strangers, judged.as_ref()));
    } else {
        terminal::print(&page(&held.conformance, held.variants.all.len()));
    }
    Ok(ExitCode::SUCCESS)
}

/// How many variants lie between two words about how far it is.
const STEP: usize = 5000;

fn refused(path: &Path, refusal: &Refusal) -> Failure {
    let message = format!("{}: {refusal}", path.display());
    Failure::Refused { code: "LOG0002", message, findings: String::new() }
}

/// The confirmed mapping: an object from activities of the log to steps of the model.
fn mapping(path: &Path) -> Result<BTreeMap<String, String>, Failure> {
    let wrong = |why: &str| Failure::Usage(format!("{} is no mapping: {why}", path.display()));
    let read: Value =
        serde_json::from_slice(&paths::read(path)?).map_err(|e| wrong(&e.to_string()))?;
    let entries = read.as_object().ok_or_else(|| wrong("write {\"activity\": \"step\"}"))?;
    let text =
        |(activity, step): (&String, &Value)| Some((activity.clone(), step.as_str()?.to_owned()));
    let mapping: BTreeMap<String, String> = entries.iter().filter_map(text).collect();
    if mapping.len() == entries.len() { Ok(mapping) } else { Err(wrong("a step is no text")) }
}

/// The seats of resources: an object from a resource to a seat or a list of seats.
fn holders(path: &Path) -> Result<Holders, Failure> {
    let wrong = |why: &str| Failure::Usage(format!("{} names no seats: {why}", path.display()));
    let read: Value =
        serde_json::from_slice(&paths::read(path)?).map_err(|e| wrong(&e.to_string()))?;
    let shape = "write {\"resource\": \"seat\"} or {\"resource\": [\"seat\", \"seat\"]}";
    let mut holders = Holders::default();
    for (resource, seats) in read.as_object().ok_or_else(|| wrong(shape))? {
        let list = seats.as_array().map_or(std::slice::from_ref(seats), Vec::as_slice);
        for seat in list {
            holders.add(resource, seat.as_str().ok_or_else(|| wrong(shape))?);
        }
    }
    Ok(holders)
}

/// What is written, before it is known what the log calls its steps.
enum Written {
    Model(Model),
    Process(Box<Process>),
}

impl Written {
    fn read(path: &Path, process: Option<&str>) -> Result<Self, Failure> {
        let ending = path.extension().unwrap_or_default().to_string_lossy().to_lowercase();
        match ending.as_str() {
            "pnml" => {
                let net = pnml::read(paths::read(path)?.as_slice());
                Ok(Self::Model(Model::of_net(net.map_err(|refusal| refused(path, &refusal))?)))
            }
            "bpmn" => {
                let read = gemba_bpmn::read(&paths::read(path)?).map_err(|refusal| {
                    refused(path, &Refusal::Malformed(refusal.finding.message.clone()))
                })?;
                Ok(Self::Model(bpmn::model(&read.0).map_err(|refusal| refused(path, &refusal))?))
            }
            "md" => {
                let mut processes = show::read(path)?.processes;
                let is_it = |p: &Process| process.is_none_or(|slug| p.slug.as_str() == slug);
                let at = processes.iter().position(|p| is_it(p) && !p.steps.is_empty());
                let Some(at) = at else {
                    let what =
                        Refusal::Malformed("there is no such process with steps in it".into());
                    return Err(refused(path, &what));
                };
                Ok(Self::Process(Box::new(processes.swap_remove(at))))
            }
            _ => Err(Failure::Usage(format!(
                "{} is no model; a model is a .md SOP, a .bpmn or a .pnml file",
                path.display()
            ))),
        }
    }

    /// The model, and the log with the model's names for what was matched to them.
    fn model(
        self,
        log: EventLog,
        mapping: &BTreeMap<String, String>,
    ) -> (EventLog, Model, Option<Terms>) {
        let steps: Vec<Known> = match &self {
            Self::Model(model) => {
                let names = model.activities().into_iter();
                names.map(|name| Known { name: name.to_owned(), aliases: Vec::new() }).collect()
            }
            Self::Process(process) => sop::steps(process),
        };
        // A foreign model with the log's own names is taken as it is.
        let is_own = mapping.is_empty()
            && matches!(self, Self::Model(_))
            && log.activities.iter().any(|name| steps.iter().any(|step| step.name == name));
        if is_own && let Self::Model(model) = self {
            return (log, model, None);
        }
        let found = matched(log.activities.iter(), &steps, mapping);
        for (activity, step) in found.step_of.iter().filter(|(activity, step)| activity != step) {
            terminal::say(&format!("  \"{activity}\" is taken as \"{step}\""));
        }
        for (activity, step) in &found.suggested {
            if let Some(step) = step {
                let text = format!(
                    "  \"{activity}\" could be \"{step}\": confirm it with --mapping if it is"
                );
                terminal::say(&text);
            }
        }
        let seen: BTreeSet<String> = found.step_of.values().cloned().collect();
        let name = |old: &str| found.step_of.get(old).map_or(old, String::as_str).to_owned();
        let log = log.renamed(name);
        match self {
            Self::Model(model) => (log, model, None),
            Self::Process(process) => {
                let model = sop::model(&process, &seen);
                let terms = Terms::of(&process, &model.net);
                (log, model, Some(terms))
            }
        }
    }
}

fn shown(all: &Held, method: &str, strangers: &Value, judged: Option<&Judged>) -> Value {
    let Held { log, variants, model, conformance: held, .. } = all;
    let deviations: Vec<Value> = held
        .deviations
        .iter()
        .map(|it| {
            let (kind, activity) = (it.kind.name(), &it.activity);
            json!({
                "kind": kind,
                "activity": activity,
                "cases": it.cases,
                "times": it.times,
                "detail": it.detail,
            })
        })
        .collect();
    let each = variants.all.iter().zip(&held.per_variant).map(|(variant, one)| {
        let names = variant.activities.iter().map(|activity| log.activities.get(*activity));
        json!({
            "count": variant.count,
            "activities": names.collect::<Vec<_>>(),
            "cost": one.cost,
            "fitness": one.fitness,
            "proven": one.cost == one.at_least,
            "at_least": one.at_least,
        })
    });
    json!({
        "method": method,
        "cases": held.cases,
        "variants": held.per_variant.len(),
        "fitness": {
            "log": held.log,
            "average_trace": held.average_trace,
            "fitting_traces_percent": held.fitting_traces_percent,
        },
        "precision": held.precision,
        "shortest_model_path": held.shortest,
        "by_blocks": model.is_by_blocks(),
        "deviations": deviations,
        "per_variant": each.collect::<Vec<_>>(),
        "not_matched": strangers,
        "judged": judged.map(|judged| json!({
            "by_seat": judged.by_seat,
            "by_deadline": judged.by_deadline,
            "deadlines_unknown": judged.undated,
            "seats_unknown": judged.unknown,
        })),
        "import": super::report(log),
    })
}

fn page(held: &Conformance, variants: usize) -> String {
    let mut out = String::new();
    // Writing to a string cannot fail.
    let mut line = |name: &str, value: String| {
        let _fine = writeln!(out, "{name:<18}{value}");
    };
    line("Cases", held.cases.to_string());
    line("Variants", variants.to_string());
    line("As written", format!("{:.1} % of the cases", held.fitting_traces_percent));
    line("Fitness", format!("{:.4} (a case on average: {:.4})", held.log, held.average_trace));
    if let Some(precision) = held.precision {
        line("Precision", format!("{precision:.4}"));
    }
    let bounds = held.per_variant.iter().filter(|one| one.cost != one.at_least).count();
    if bounds > 0 {
        line("Not proven", format!("{bounds} variants: their deviations are a bound"));
    }
    if held.deviations.is_empty() {
        let _fine = writeln!(out, "\nEvery case went as it is written.");
        return out;
    }
    let _fine = writeln!(out, "\nCases      Deviation");
    for it in held.deviations.iter().take(ROWS) {
        let detail = it.detail.as_ref().map(|detail| format!(" ({detail})")).unwrap_or_default();
        let _fine = writeln!(out, "{:>9}  {}: {}{detail}", it.cases, it.kind.words(), it.activity);
    }
    if held.deviations.len() > ROWS {
        let _fine = writeln!(out, "{:>9}  and {} more", "", held.deviations.len() - ROWS);
    }
    out
}

const ROWS: usize = 40;
