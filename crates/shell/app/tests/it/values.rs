//! Values that decide: a branch that nobody has to choose and nobody can choose otherwise.

use gemba_app::{Who, incidents, runs, work};
use gemba_engine::{Completion, Given};
use gemba_model::{EvidenceKind, id::RunId};
use gemba_testkit::TestApp;

const PAYMENT: &str = "\
---
owner: Accounting
trigger: on request
---

# Payment

1. **Read the invoice** — Accounting {#read}

   - Evidence (number): invoice total in EUR, at least 0
   - Evidence (choice): type: goods or travel

2. **Decide** — Accounting {#decide}

   - If the invoice total is more than 10,000 EUR, go to step 4.
   - If `invoice_total > 500.0 && type == \"travel\"`, go to step 4.
   - Otherwise, continue.

3. **Pay it** — Accounting {#pay}
4. **Ask the board** — Accounting {#ask}

## Expected output

- The invoice is answered

## Failure signals

- The invoice total is above 50,000 EUR
";

async fn begun(kit: &TestApp, mia: &Who, slug: &str) -> RunId {
    runs::start(&kit.app, mia, slug, "One").await.unwrap()
}

async fn done(kit: &TestApp, who: &Who, run: RunId, with: Completion) -> Result<String, String> {
    let item = runs::get(&kit.app, who, run).await.unwrap().open[0].item.id;
    match work::complete(&kit.app, who, item, with).await {
        Ok(outcome) => {
            Ok(outcome.next.first().map(|row| row.step.id.to_string()).unwrap_or_default())
        }
        Err(error) => Err(error.code().to_owned()),
    }
}

fn values(total: &str, kind: &str) -> Completion {
    let piece = |kind, value: &str, name: &str| Given {
        kind,
        value: value.to_owned(),
        name: Some(name.to_owned()),
    };
    let evidence = vec![
        piece(EvidenceKind::Number, total, "invoice total"),
        piece(EvidenceKind::Choice, kind, "type"),
    ];
    Completion { evidence, ..Completion::default() }
}

#[tokio::test]
async fn the_values_decide_and_nobody_else() {
    let kit = TestApp::new().await;
    let slug = kit.publish(PAYMENT).await;
    let mia = kit.person("Mia").await;
    for (total, kind, expected) in [
        ("10,000.01 EUR", "goods", "ask"),
        ("10000", "goods", "pay"),
        ("501", "Travel", "ask"),
        ("500", "travel", "pay"),
    ] {
        let run = begun(&kit, &mia, &slug).await;
        assert_eq!(done(&kit, &mia, run, values(total, kind)).await, Ok("decide".to_owned()));
        assert!(runs::get(&kit.app, &mia, run).await.unwrap().open[0].values_decide);
        let said = Completion { branch: Some("nonsense".to_owned()), ..Completion::default() };
        assert_eq!(done(&kit, &mia, run, said).await, Err("RUN0218".to_owned()));
        let next = done(&kit, &mia, run, Completion::default()).await;
        assert_eq!(next.as_deref(), Ok(expected), "{total} {kind}");
        let view = runs::get(&kit.app, &mia, run).await.unwrap();
        let told = format!("{:?}", view.history);
        assert!(told.contains("invoice total is "), "the values are the reason: {told}");
    }
}

#[tokio::test]
async fn what_a_run_is_given_is_kept_and_is_a_value_where_it_fits() {
    let kit = TestApp::new().await;
    let slug = kit.publish(PAYMENT).await;
    let mia = kit.person("Mia").await;
    let inputs = [("Invoice total", "12,000 EUR"), ("type", "boats"), ("Client", "Blue <b>")];
    let inputs = inputs.map(|(name, value)| (name.to_owned(), value.to_owned())).into();
    let run = runs::start_with(&kit.app, &mia, &slug, "One", &inputs).await.unwrap();
    let view = runs::get(&kit.app, &mia, run).await.unwrap();
    let told: Vec<String> = view
        .inputs
        .iter()
        .map(|i| format!("{} {}={}", i.kind.word(), i.name.as_deref().unwrap_or_default(), i.value))
        .collect();
    assert_eq!(told, ["text Client=Blue <b>", "number invoice_total=12000", "text type=boats"]);
    let first = &view.open[0];
    assert_eq!(first.values.get("invoice_total").map(String::as_str), Some("12000"));
    assert_eq!(first.values.len(), 1);
    // The step is still to be done: what came in is confirmed or corrected there.
    assert_eq!(done(&kit, &mia, run, Completion::default()).await, Err("RUN0208".to_owned()));
}

#[tokio::test]
async fn what_a_run_is_given_has_its_limits() {
    let kit = TestApp::new().await;
    let slug = kit.publish(PAYMENT).await;
    let mia = kit.person("Mia").await;
    let check = async |inputs: Vec<(String, String)>, expected: &str| {
        let inputs = inputs.into_iter().collect();
        let refused = runs::start_with(&kit.app, &mia, &slug, "One", &inputs).await.unwrap_err();
        assert_eq!((refused.code(), refused.to_string().contains(expected)), ("RUN0209", true));
    };
    let many = (0..51).map(|n| (format!("input {n}"), "x".to_owned())).collect();
    check(many, "at most 50 inputs").await;
    let long = [("x".repeat(201), "x".to_owned())].into();
    let refused = runs::start_with(&kit.app, &mia, &slug, "One", &long).await.unwrap_err();
    assert_eq!(refused.code(), "RUN0212");
}

#[tokio::test]
async fn without_a_value_whoever_does_the_step_decides() {
    let kit = TestApp::new().await;
    let slug = kit.publish(PAYMENT).await;
    let (mia, mara) = (kit.person("Mia").await, kit.person("Mara").await);
    let run = begun(&kit, &mia, &slug).await;
    let item = runs::get(&kit.app, &mara, run).await.unwrap().open[0].item.id;
    work::skip(&kit.app, &mara, item, None, "no invoice came").await.unwrap();
    assert!(!runs::get(&kit.app, &mia, run).await.unwrap().open[0].values_decide);
    assert_eq!(done(&kit, &mia, run, Completion::default()).await, Err("RUN0205".to_owned()));
    let said = Completion {
        branch: Some("otherwise".to_owned()),
        reason: Some("small".to_owned()),
        ..Completion::default()
    };
    assert_eq!(done(&kit, &mia, run, said).await, Ok("pay".to_owned()));
}

#[tokio::test]
async fn a_value_out_of_range_is_an_incident_in_the_checklist() {
    let kit = TestApp::new().await;
    let slug = kit.publish(PAYMENT).await;
    let mia = kit.person("Mia").await;
    let controls = incidents::controls(&kit.app, &mia, &slug).await.unwrap();
    assert!(controls[0].watched, "{controls:?}");
    let run = begun(&kit, &mia, &slug).await;
    done(&kit, &mia, run, values("60000", "goods")).await.unwrap();
    let controls = incidents::controls(&kit.app, &mia, &slug).await.unwrap();
    assert_eq!((controls[0].raised, controls[0].open), (1, 1));
}
