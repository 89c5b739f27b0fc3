//! `gemba log discover`: the process as it runs, as a picture, a model or data.

use crate::args::{Discovery, FoundKind, Source};
use crate::failure::Failure;
use crate::{paths, terminal};
use gemba_map::{Graph, Options, Overlay, SvgStyle, layout_graph, svg};
use gemba_mining::draft::draft;
use gemba_mining::{Dfg, EventLog, Net, Tree, bpmn, dfg, miner, picture, pnml};
use serde_json::{Value, json};
use std::process::ExitCode;

pub(super) fn run(source: &Source, args: &Discovery) -> Result<ExitCode, Failure> {
    let name = args.output.file_name().unwrap_or_default().to_string_lossy().to_lowercase();
    let ending = name.rsplit_once('.').map_or("", |(_, ending)| ending);
    if !matches!(ending, "svg" | "md" | "bpmn" | "pnml" | "json") {
        let message =
            format!("`{name}` names no format; end it with .svg, .md, .bpmn, .pnml or .json");
        return Err(Failure::Usage(message));
    }
    if args.kind == FoundKind::Dfg && matches!(ending, "md" | "bpmn" | "pnml") {
        let message = format!(
            "a directly-follows graph is no .{ending}; leave --kind out, or end it with .svg or .json"
        );
        return Err(Failure::Usage(message));
    }
    let is_share = |share: f64| (0.0..=1.0).contains(&share);
    if !is_share(args.noise) || !is_share(args.keep) {
        return Err(Failure::Usage("--noise and --keep are shares from 0 to 1".to_owned()));
    }
    let log = super::read(source)?;
    let file = source.log.file_name().unwrap_or_default().to_string_lossy();
    let file = file.strip_suffix(".gz").unwrap_or(&file);
    let title = file.rsplit_once('.').map_or(file, |(stem, _)| stem).to_owned();
    let text = match args.kind {
        FoundKind::Dfg => {
            let graph = dfg(&log).filtered(args.keep);
            if ending == "svg" {
                drawn(&picture::graph(&log, &graph, &title))
            } else {
                json_text(&of_dfg(&log, &graph))
            }
        }
        FoundKind::Model => {
            let tree = miner::discover(&log, args.noise);
            terminal::say(&format!(
                "  {} activities in {} blocks",
                tree.names().len(),
                tree.size()
            ));
            match ending {
                "svg" => drawn(&bpmn::graph(&tree, &title)),
                "md" => gemba_sop::print(&draft(&log, &tree, &title)),
                "bpmn" => bpmn::text(&tree, &title).map_err(|refusal| {
                    Failure::Machine(format!("the model is not drawn: {refusal}"))
                })?,
                "pnml" => pnml::write(&Net::of_tree(&tree), &title),
                _ => json_text(&json!({
                    "kind": "model",
                    "noise": args.noise,
                    "cases": log.cases(),
                    "events": log.events(),
                    "tree": of_tree(&tree),
                    "text": tree.to_string(),
                })),
            }
        }
    };
    paths::write(&args.output, text.as_bytes())?;
    Ok(ExitCode::SUCCESS)
}

fn drawn(graph: &Graph) -> String {
    let layout = layout_graph(graph, &Options::default());
    svg(&layout, &Overlay::default(), SvgStyle::Standalone)
}

fn json_text(value: &Value) -> String {
    format!("{value:#}\n")
}

fn of_tree(tree: &Tree) -> Value {
    let parts = || tree.parts().into_iter().map(of_tree).collect::<Vec<_>>();
    match tree {
        Tree::Silent => json!({"kind": "silent"}),
        Tree::Activity(name) => json!({"kind": "activity", "activity": name}),
        Tree::Sequence(_) => json!({"kind": "sequence", "parts": parts()}),
        Tree::Choice(_) => json!({"kind": "choice", "parts": parts()}),
        Tree::Parallel(_) => json!({"kind": "parallel", "parts": parts()}),
        Tree::Loop(..) => json!({"kind": "loop", "parts": parts()}),
    }
}

fn of_dfg(log: &EventLog, graph: &Dfg) -> Value {
    let name = |id: u32| log.activities.get(id);
    let counts = |counts: &[u64]| -> Value {
        let all = log.activities.iter().zip(counts).filter(|(_, count)| **count > 0);
        Value::Object(all.map(|(name, count)| (name.to_owned(), json!(count))).collect())
    };
    let edges = graph.edges.iter().map(|edge| {
        let is_timed = edge.timed > 0;
        json!({
            "from": name(edge.from),
            "to": name(edge.to),
            "count": edge.count,
            "mean_s": edge.mean().map(|mean| mean / 1e6),
            "min_s": is_timed.then(|| super::seconds(edge.min)),
            "max_s": is_timed.then(|| super::seconds(edge.max)),
        })
    });
    json!({
        "kind": "dfg",
        "cases": log.cases(),
        "events": log.events(),
        "activities": counts(&graph.activities),
        "start_activities": counts(&graph.starts),
        "end_activities": counts(&graph.ends),
        "edges": edges.collect::<Vec<_>>(),
    })
}
