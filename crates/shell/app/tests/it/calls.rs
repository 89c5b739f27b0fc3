//! A run within a run: the procedure of a step begins as a run of its own, and the step goes on with it.

use gemba_app::{
    Who,
    error::Error,
    incidents, processes, publishing,
    runs::{self, RunState, RunView},
    work,
};
use gemba_engine::Completion;
use gemba_model::id::{RunId, WorkItemId};
use gemba_testkit::TestApp;
use std::collections::BTreeMap;

fn sop(title: &str, steps: &str) -> String {
    format!(
        "---\nowner: Accounting\ntrigger: on request\n---\n\n# {title}\n\n## Steps\n\n{steps}\n"
    )
}

fn onboarding() -> String {
    sop(
        "Onboarding",
        "1. **Look up the client** — Accounting {#look-up}\n\n\
         2. **Follow the refund procedure** — Accounting {#refund}\n\n   \
         - Procedure: [Refunds](../finance/refunds.md)\n   \
         - Evidence (number): amount in EUR, at least 0\n   \
         - If the amount is more than 100 EUR, go to step 4.\n   - Otherwise, continue.\n\n\
         3. **Thank them** — Accounting {#thank}\n\n4. **Tell the client** — Accounting {#tell}\n",
    )
}

fn refunds() -> String {
    sop(
        "Refunds",
        "1. **Work out the amount** — Accounting {#work-out}\n\n   \
         - Evidence (number): amount in EUR\n   - Evidence (choice): reason: broken, late\n\n\
         2. **Pay it** — Accounting {#pay}\n\n## Expected output\n\n- The money is paid\n",
    )
}

async fn view(kit: &TestApp, run: RunId) -> RunView {
    runs::get(&kit.app, &Who::operator(), run).await.unwrap()
}

async fn done(kit: &TestApp, run: RunId, values: &[(&str, &str, gemba_model::EvidenceKind)]) {
    let mia = kit.person("Mia").await;
    let item = open(kit, run).await;
    let evidence = values
        .iter()
        .map(|(name, value, kind)| work::Given {
            kind: *kind,
            value: (*value).to_owned(),
            name: Some((*name).to_owned()),
        })
        .collect();
    let with = Completion { evidence, ..Completion::default() };
    work::complete(&kit.app, &mia, item, with).await.unwrap();
}

async fn open(kit: &TestApp, run: RunId) -> WorkItemId {
    view(kit, run).await.open[0].item.id
}

async fn begun(kit: &TestApp) -> (RunId, Option<RunId>) {
    kit.publish(&onboarding()).await;
    let mia = kit.person("Mia").await;
    let inputs: BTreeMap<String, String> =
        [("Client".to_owned(), "Blue Ltd".to_owned()), ("reason".to_owned(), "late".to_owned())]
            .into();
    let run = runs::start_with(&kit.app, &mia, "onboarding", "Blue", &inputs).await.unwrap();
    done(kit, run, &[]).await;
    let child = view(kit, run).await.open[0].child.as_ref().map(|child| child.id);
    (run, child)
}

#[tokio::test]
async fn the_procedure_of_a_step_runs_and_its_values_decide_how_the_run_goes_on() {
    use gemba_model::EvidenceKind::{Choice, Number};

    let kit = TestApp::new().await;
    kit.publish(&refunds()).await;
    let (run, child) = begun(&kit).await;
    let child = child.expect("it was called");
    let told = view(&kit, child).await;
    assert_eq!(told.caller.map(|caller| caller.id), Some(run));
    assert_eq!((told.row.title.as_str(), told.row.process.0.as_str()), ("Blue", "refunds"));
    // By name: words as words, and what a step asks for as a value.
    let given: Vec<(&str, &str)> =
        told.inputs.iter().map(|i| (i.name.as_deref().unwrap(), i.value.as_str())).collect();
    assert_eq!(given, [("Client", "Blue Ltd"), ("reason", "late")]);
    assert_eq!(told.state.values["reason"].value, "late");

    // Nobody does the step meanwhile, and it stands in nobody's list.
    let mia = kit.person("Mia").await;
    let refused = work::complete(&kit.app, &mia, open(&kit, run).await, Completion::default());
    assert_eq!(refused.await.unwrap_err().code(), "RUN0221");
    let mine = work::mine(&kit.app, &mia).await.unwrap();
    let steps: Vec<&str> = mine.items.iter().map(|row| row.step.id.as_str()).collect();
    assert_eq!(steps, ["work-out"]);

    done(&kit, child, &[("amount", "250", Number), ("reason", "broken", Choice)]).await;
    // Whoever owns the process does the last step: the output needs no other word.
    done(&kit, child, &[]).await;
    assert_eq!(view(&kit, child).await.row.state, RunState::Completed);
    let told = view(&kit, run).await;
    assert_eq!(told.open[0].step.id.as_str(), "tell", "more than 100: step 3 is left out");
    assert_eq!(told.state.values["amount"].value, "250");
    assert_eq!(told.called.iter().map(|called| called.id).collect::<Vec<_>>(), [child]);
}

#[tokio::test]
async fn what_cannot_be_called_is_the_seats_to_do_and_it_says_why() {
    let kit = TestApp::new().await;
    let (run, child) = begun(&kit).await;
    assert_eq!(child, None);
    let told = view(&kit, run).await;
    let why = "there is no process `../finance/refunds.md` in this workspace";
    assert_eq!(told.open[0].uncalled.as_deref(), Some(why));
    assert_eq!(told.open[0].item.state, work::ItemState::Open);

    // Written, and not published.
    let kit = TestApp::new().await;
    let bytes = refunds().into_bytes();
    let file = processes::File { name: "refunds.md".to_owned(), bytes };
    processes::import(&kit.app, &Who::operator(), vec![file]).await.unwrap();
    let (run, child) = begun(&kit).await;
    assert_eq!(child, None);
    let why = "“Refunds” is not published yet";
    assert_eq!(view(&kit, run).await.open[0].uncalled.as_deref(), Some(why));
}

#[tokio::test]
async fn a_run_that_ends_takes_the_runs_it_called_with_it_and_one_that_is_ended_says_so_above() {
    let kit = TestApp::new().await;
    kit.publish(&refunds()).await;
    let operator = Who::operator();
    let (run, child) = begun(&kit).await;
    let child = child.unwrap();
    runs::cancel(&kit.app, &operator, run, "a duplicate").await.unwrap();
    let told = view(&kit, child).await;
    assert_eq!(told.row.state, RunState::Cancelled);
    assert!(
        format!("{:?}", told.history).contains("the run that called it was ended: a duplicate")
    );

    let mia = kit.person("Mia").await;
    let run = runs::start(&kit.app, &mia, "onboarding", "Red").await.unwrap();
    done(&kit, run, &[]).await;
    let child = view(&kit, run).await.open[0].child.as_ref().unwrap().id;
    runs::cancel(&kit.app, &operator, child, "not due").await.unwrap();
    let told = view(&kit, run).await;
    let why = "its run was ended early: not due";
    assert_eq!(told.open[0].uncalled.as_deref(), Some(why));
    let listing = incidents::Listing { open: true, ..incidents::Listing::default() };
    let open_now = async || {
        let found = incidents::list(&kit.app, &operator, listing.clone()).await.unwrap();
        found.iter().map(incidents::IncidentView::what).collect::<Vec<_>>()
    };
    let what = "The run that carried out “Follow the refund procedure” was ended early: not due";
    assert_eq!(open_now().await, [what]);
    let amount = ("amount", "10", gemba_model::EvidenceKind::Number);
    done(&kit, run, &[amount]).await;
    assert!(open_now().await.is_empty(), "the seat did the step itself");
}

#[tokio::test]
async fn whoever_waits_hears_that_the_output_was_returned() {
    let kit = TestApp::new().await;
    kit.publish(&refunds()).await;
    let operator = Who::operator();
    let (_, child) = begun(&kit).await;
    let child = child.unwrap();
    // Somebody else than the owner does the work, so the owner has the last word.
    for evidence in [
        vec![
            work::Given {
                kind: gemba_model::EvidenceKind::Number,
                value: "5".to_owned(),
                name: None,
            },
            work::Given {
                kind: gemba_model::EvidenceKind::Choice,
                value: "late".to_owned(),
                name: None,
            },
        ],
        Vec::new(),
    ] {
        let with = Completion { evidence, ..Completion::default() };
        work::complete(&kit.app, &operator, open(&kit, child).await, with).await.unwrap();
    }
    let with = Completion {
        branch: Some("return-pay".to_owned()),
        reason: Some("paid twice".to_owned()),
        ..Completion::default()
    };
    work::complete(&kit.app, &operator, open(&kit, child).await, with).await.unwrap();
    let listing = incidents::Listing { open: true, ..incidents::Listing::default() };
    let found = incidents::list(&kit.app, &operator, listing.clone()).await.unwrap();
    let what = "The output of the run that carries out “Follow the refund procedure” was returned: \
                paid twice";
    assert_eq!(found.iter().map(incidents::IncidentView::what).collect::<Vec<_>>(), [what]);
    done(&kit, child, &[]).await;
    assert_eq!(view(&kit, child).await.row.state, RunState::Completed);
    assert!(incidents::list(&kit.app, &operator, listing).await.unwrap().is_empty());
}

/// Processes that call each other in a row, the last of which calls none.
async fn row_of(kit: &TestApp, n: usize) {
    for at in 1..=n {
        let text = if at == n {
            sop(&format!("Level {at}"), "1. **Do it** — Accounting\n")
        } else {
            let to = format!("level-{}.md", at + 1);
            let steps =
                format!("1. **Follow the next one** — Accounting\n\n   - Procedure: [it]({to})\n");
            sop(&format!("Level {at}"), &steps)
        };
        kit.publish(&text).await;
    }
}

#[tokio::test]
async fn runs_call_each_other_eight_deep_and_the_ninth_is_a_step_for_its_seat() {
    let kit = TestApp::new().await;
    row_of(&kit, 10).await;
    let mia = kit.person("Mia").await;
    let mut run = runs::start(&kit.app, &mia, "level-1", "All").await.unwrap();
    let mut path = vec![run];
    while let Some(child) = view(&kit, run).await.open[0].child.as_ref().map(|child| child.id) {
        run = child;
        path.push(run);
    }
    assert_eq!(path.len(), 9, "the first, and eight that were called");
    let told = view(&kit, run).await.open[0].uncalled.clone();
    assert_eq!(told.as_deref(), Some("runs call each other at most 8 deep"));
    // One act at the bottom brings all of them to their end.
    done(&kit, run, &[]).await;
    for run in path {
        assert_eq!(view(&kit, run).await.row.state, RunState::Completed);
    }
}

#[tokio::test]
async fn a_process_whose_every_run_calls_itself_is_not_published() {
    let step = |to: &str, more: &str| {
        format!("1. **Follow that one** — Accounting\n\n   - Procedure: [it]({to})\n{more}")
    };
    let kit = TestApp::new().await;
    let other = sop("Other", &step("endless.md", ""));
    kit.publish(&other).await;
    let check = async |steps: String, expected: Option<&str>| {
        let bytes = sop("Endless", &steps).into_bytes();
        let file = processes::File { name: "endless.md".to_owned(), bytes };
        let operator = Who::operator();
        let known = processes::list(&kit.app, &operator).await.unwrap();
        if known.iter().all(|row| row.slug != "endless") {
            processes::import(&kit.app, &operator, vec![file]).await.unwrap();
        } else {
            let draft = processes::draft(&kit.app, &operator, "endless").await.unwrap();
            let text = sop("Endless", &steps);
            processes::save_draft(&kit.app, &operator, "endless", text, draft.version)
                .await
                .unwrap();
        }
        let with = publishing::Publication::noted("another");
        let done = publishing::publish(&kit.app, &operator, "endless", with).await;
        let refused = done.err().map(|error: Error| (error.code(), error.to_string()));
        let told = refused.as_ref().map(|(code, _)| *code);
        assert_eq!(told, expected.map(|_| "APP0406"), "{steps}");
        if let (Some((_, says)), Some(path)) = (refused, expected) {
            assert!(says.ends_with(path), "{says}");
        }
    };
    check(step("endless.md", ""), Some("Endless calls Endless")).await;
    check(step("other.md", ""), Some("Endless calls Other calls Endless")).await;
    // A way round it is enough.
    let round = "   - If there are no more, the process ends.\n   - Otherwise, continue.\n\n\
                 2. **Do the rest** — Accounting\n";
    check(step("nowhere.md", round), None).await;
    let later = "1. **Look** — Accounting\n\n   - If there is none, go to step 3.\n   \
                 - Otherwise, continue.\n\n2. **Follow that one** — Accounting\n\n   \
                 - Procedure: [it](endless.md)\n\n3. **Close** — Accounting\n";
    check(later.to_owned(), None).await;
}
