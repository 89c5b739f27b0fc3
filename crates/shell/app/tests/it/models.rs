//! BPMN models taken in: what is drawn becomes an SOP that says the same.

use gemba_app::{
    maps, models,
    processes::{self, File},
};
use gemba_model::{Process, flow};
use gemba_testkit::{INVOICING, TestApp};
use std::path::{Path, PathBuf};

/// Files of the corpus with this ending, where there is a corpus.
fn corpus(folder: &str, ending: &str) -> Vec<(String, Vec<u8>)> {
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../../shared/corpus");
    let root = std::env::var_os("GEMBA_CORPUS").map_or(beside, PathBuf::from).join(folder);
    let mut open = vec![root];
    let mut found = Vec::new();
    while let Some(path) = open.pop() {
        for entry in std::fs::read_dir(&path).into_iter().flatten() {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                open.push(path);
            } else if path.extension().is_some_and(|e| e == ending) {
                let name = path.file_name().expect("a name").to_string_lossy().into_owned();
                found.push((name, std::fs::read(&path).expect("a file")));
            }
        }
    }
    found.sort();
    found
}

/// What a run sees of a process: titles, seats and where each step leads.
fn seen(process: &Process) -> Vec<(String, Option<String>, Vec<flow::Next>)> {
    let all = process.steps.iter().enumerate();
    all.map(|(n, step)| {
        let to = flow::routes(process, n).all().into_iter().map(|(next, _)| next).collect();
        (step.title.clone(), step.seat.as_ref().map(|s| s.name.clone()), to)
    })
    .collect()
}

#[test]
fn the_sop_of_a_model_reads_back_as_the_same_process() {
    for (name, bytes) in corpus("bpmn", "bpmn") {
        let model = models::read(&bytes, &name);
        assert!(model.definitions.is_some(), "{name}");
        for (process, (_, text)) in model.processes.iter().zip(models::texts(&model.processes)) {
            let compiled = gemba_sop::compile(&text, &name);
            let [again] = compiled.processes.as_slice() else { panic!("{name}:\n{text}") };
            assert_eq!(seen(process), seen(again), "{name}:\n{text}");
        }
    }
}

#[test]
fn an_sop_made_into_a_model_and_back_keeps_its_steps_seats_and_ways() {
    let library = written();
    for (name, bytes) in corpus("sops", "md").into_iter().chain(library) {
        let (_, compiled) = gemba_sop::compile_bytes(&bytes, &name);
        for process in &compiled.processes {
            let text = gemba_bpmn::write(&gemba_bpmn::of_process(process, &[]));
            let model = models::read(text.as_bytes(), &name);
            let Some(again) = model.processes.first() else {
                assert!(process.steps.is_empty(), "{name}");
                continue;
            };
            let titles = |p: &Process| -> Vec<String> {
                p.steps.iter().map(|s| s.title.split_whitespace().collect()).collect()
            };
            assert_eq!(titles(process).len(), titles(again).len(), "{name}");
            let seats = |p: &Process| -> Vec<Option<String>> {
                p.steps.iter().map(|s| p.doer(s).map(str::to_owned)).collect()
            };
            assert_eq!(seats(process), seats(again), "{name}");
            let ways = |p: &Process| -> Vec<Vec<flow::Next>> {
                let all = (0..p.steps.len()).map(|n| flow::routes(p, n));
                all.map(|r| {
                    let mut to: Vec<_> = r.all().into_iter().map(|(next, _)| next).collect();
                    to.dedup();
                    to
                })
                .collect()
            };
            assert_eq!(ways(process), ways(again), "{name}\n{text}");
        }
    }
}

/// The written processes that a workspace can start from.
fn written() -> Vec<(String, Vec<u8>)> {
    let all = gemba_library::all().iter();
    all.map(|entry| (entry.slug.to_owned(), entry.source.as_bytes().to_vec())).collect()
}

#[tokio::test]
async fn a_model_is_imported_as_drafts_and_a_process_taken_along_as_a_model() {
    let kit = TestApp::new().await;
    let mara = kit.person("Mara").await;
    let slug = kit.publish(INVOICING).await;
    let model = maps::model(&kit.app, &mara, &slug).await.expect("it works");
    let other =
        model.replace("Monthly invoicing", "Invoices").replace("monthly-invoicing", "invoices");
    let file =
        |name: &str, text: &str| File { name: name.to_owned(), bytes: text.as_bytes().to_vec() };
    let done =
        processes::import(&kit.app, &mara, vec![file("x.bpmn", &other)]).await.expect("it works");
    assert_eq!(done[0].slugs, ["invoices"]);
    let draft = processes::draft(&kit.app, &mara, "invoices").await.expect("it works");
    assert!(draft.source.contains("# Invoices") && draft.source.contains("owner: Accounting"));

    let done = processes::import(&kit.app, &mara, vec![file("y.bpmn", "<html/>")])
        .await
        .expect("it works");
    assert!(done[0].refused);
    assert_eq!(done[0].diagnostics[0].code.as_str(), "BPM0001");
}
