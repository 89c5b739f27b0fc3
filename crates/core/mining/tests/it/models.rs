//! The fewest deviations of each variant for each model that comes with a real log.

use crate::corpus::{bytes, golden, log, logs};
use gemba_mining::align::{Limits, align};
use gemba_mining::{Model, Unwatched, bpmn, pnml, variants};
use serde_json::Value;
use std::collections::BTreeMap;
use std::path::Path;

/// The name of a variant in the golden files.
fn name(activities: &[String]) -> String {
    activities.join("\u{1f}")
}

/// The fewest deviations of each variant, by its id.
fn told_costs(folder: &Path, model: &str) -> BTreeMap<String, u64> {
    let cross = folder.join(format!("cross_{model}.json"));
    if cross.exists() {
        let told = golden(&cross);
        let all = told["optimal_deviations"].as_object().unwrap().iter();
        return all.filter_map(|(id, cost)| Some((id.clone(), cost.as_u64()?))).collect();
    }
    let told = golden(&folder.join(format!("eval_{model}.json")));
    let cost =
        |one: &Value| Some((one["id"].as_str()?.to_owned(), one["ali"]["deviations"].as_u64()?));
    told["per_variant"].as_array().unwrap().iter().filter_map(cost).collect()
}

/// Whether a model is made of blocks is said, not asserted: what counts is the number.
#[track_caller]
fn check(folder: &Path, name_of_model: &str, model: &Model) {
    let expected = told_costs(folder, name_of_model);
    let log = log(folder);
    let found = variants(&log);
    let aligned = align(&log.activities, &found, model, Limits::default(), &mut Unwatched).unwrap();
    let plain = folder.join("variants.json");
    let path = if plain.exists() { plain } else { folder.join("variants.json.gz") };
    let told = golden(&path);
    let ids: BTreeMap<String, &str> = told
        .as_array()
        .unwrap()
        .iter()
        .map(|v| {
            let names: Vec<String> = v["activities"]
                .as_array()
                .unwrap()
                .iter()
                .map(|n| n.as_str().unwrap().to_owned())
                .collect();
            (name(&names), v["id"].as_str().unwrap())
        })
        .collect();
    let mut checked = 0;
    for (variant, alignment) in found.all.iter().zip(&aligned.all) {
        let names: Vec<String> =
            variant.activities.iter().map(|id| log.activities.get(*id).to_owned()).collect();
        let Some(cost) = expected.get(ids[&name(&names)]) else { continue };
        assert_eq!(alignment.cost, *cost, "{} x {name_of_model}: {names:?}", folder.display());
        assert!(alignment.is_proven());
        checked += 1;
    }
    println!(
        "{} x {name_of_model}: {checked} of {} variants, by blocks: {}",
        folder.display(),
        found.all.len(),
        model.is_by_blocks()
    );
}

#[test]
fn the_deviations_of_every_variant_are_the_fewest_there_are() {
    for folder in logs() {
        for name in ["im_00", "im_20", "doc"] {
            let path = folder.join(format!("{name}.pnml"));
            if path.exists() {
                let net = pnml::read(bytes(&path).as_slice()).unwrap();
                check(&folder, name, &Model::of_net(net));
            }
        }
    }
}

#[test]
fn a_bpmn_model_has_the_deviations_of_the_net_that_it_is() {
    for folder in logs() {
        for name in ["im_00", "im_20", "doc", "docb"] {
            let path = folder.join(format!("{name}.bpmn"));
            if path.exists() {
                let read = gemba_bpmn::read(&bytes(&path)).unwrap();
                check(&folder, name, &bpmn::model(&read.0).unwrap());
            }
        }
    }
}
