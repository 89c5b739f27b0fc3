//! Approvals: bound to what was shown, given by the seats that the document names.

use gemba_app::{
    Who, runs, seats,
    seats::{HolderInput, SeatInput},
    work,
};
use gemba_engine::Completion;
use gemba_testkit::TestApp;

const RELEASE: &str = "\
---
owner: Accounting
trigger: on request
---

# Payment

1. **Prepare the payment** — Accounting {#prepare}

   - Evidence (text): the amount

2. **Release it** — Accounting {#release}

   - Approval: 2 of Sales, Delivery lead, Director
   - Not by: step 1
   - If it is rejected, go back to step 1.
   - Otherwise, continue.

3. **Pay it** — Accounting {#pay}
";

async fn company() -> (TestApp, String) {
    let kit = TestApp::new().await;
    let operator = Who::operator();
    let ben = kit.person("Ben").await;
    let gemba_app::Principal::Person { account } = ben.principal else { panic!("a person") };
    let held = |name: &str| SeatInput {
        name: name.to_owned(),
        holder: HolderInput::Person(account),
        ..SeatInput::default()
    };
    seats::change(&kit.app, &operator, "sales", held("Sales")).await.unwrap();
    seats::create(&kit.app, &operator, held("Director")).await.unwrap();
    let slug = kit.publish(RELEASE).await;
    (kit, slug)
}

#[tokio::test]
async fn a_yes_is_to_what_was_shown_and_of_two_people() {
    let (kit, slug) = company().await;
    let (mia, ben) = (kit.person("Mia").await, kit.person("Ben").await);
    let run = runs::start(&kit.app, &mia, &slug, "Blue").await.unwrap();
    let item = |view: &runs::RunView, step: &str| {
        view.open.iter().find(|row| row.step.id.as_str() == step).map(|row| row.item.id)
    };
    let prepare = async |amount: &str| {
        let view = runs::get(&kit.app, &mia, run).await.unwrap();
        let evidence = vec![work::Given {
            kind: gemba_model::EvidenceKind::Text,
            value: amount.to_owned(),
            name: None,
        }];
        let with = Completion { evidence, ..Completion::default() };
        work::complete(&kit.app, &mia, item(&view, "prepare").unwrap(), with).await.unwrap();
    };
    prepare("12,000").await;
    let open = runs::get(&kit.app, &ben, run).await.unwrap();
    let titles: Vec<&str> = open.open.iter().map(|row| row.seat.as_str()).collect();
    assert_eq!(titles, ["Sales", "Delivery lead", "Director"]);
    let sales = item(&open, "release-by-sales").unwrap();
    let view = work::get(&kit.app, &ben, sales).await.unwrap();
    let record = view.record.unwrap();
    assert_eq!(record.left[0].evidence[0].value, "12,000");
    assert_eq!((record.left.len(), record.left[0].by.as_str()), (1, "Mia"));

    // It comes back with another amount: the yes to the first does not hold.
    let vote = |branch: &str, shown: &str| Completion {
        branch: Some(branch.to_owned()),
        reason: Some("looked at it".to_owned()),
        shown: Some(shown.to_owned()),
        ..Completion::default()
    };
    let lead = kit.agent("Delivery lead").await;
    let theirs = item(&open, "release-by-delivery-lead").unwrap();
    let no = view.row.branches[0].id.clone();
    work::complete(&kit.app, &lead, theirs, vote(&no, &record.digest)).await.unwrap();
    prepare("120,000").await;
    let open = runs::get(&kit.app, &ben, run).await.unwrap();
    let sales = item(&open, "release-by-sales").unwrap();
    let refused = work::complete(&kit.app, &ben, sales, vote("otherwise", &record.digest)).await;
    assert_eq!(refused.unwrap_err().code(), "RUN0220");
    let now = work::get(&kit.app, &ben, sales).await.unwrap().record.unwrap().digest;
    work::complete(&kit.app, &ben, sales, vote("otherwise", &now)).await.unwrap();

    // Ben holds two of the seats, and is one person.
    let director = item(&open, "release-by-director").unwrap();
    let refused = work::complete(&kit.app, &ben, director, vote("otherwise", &now)).await;
    assert_eq!(refused.unwrap_err().code(), "RUN0219");
    let view = runs::get(&kit.app, &ben, run).await.unwrap();
    let theirs = item(&view, "release-by-delivery-lead").unwrap();
    // What the others said changes nothing in what is on record.
    let done = work::complete(&kit.app, &lead, theirs, vote("otherwise", &now)).await.unwrap();
    assert_eq!(done.next[0].step.id.as_str(), "pay");
    let told = runs::get(&kit.app, &ben, run).await.unwrap();
    let shown = format!("{:?}", told.history);
    assert!(shown.contains(&now), "the digest is in the history");
}

#[tokio::test]
async fn a_seat_that_must_approve_must_be_one_of_the_chart() {
    let kit = TestApp::new().await;
    let file = gemba_app::processes::File {
        name: "sop.md".to_owned(),
        bytes: RELEASE.as_bytes().to_vec(),
    };
    let who = Who::operator();
    let done = gemba_app::processes::import(&kit.app, &who, vec![file]).await.unwrap();
    let slug = &done[0].slugs[0];
    let refused = gemba_app::publishing::publish(
        &kit.app,
        &who,
        slug,
        gemba_app::publishing::Publication::default(),
    )
    .await;
    assert!(refused.unwrap_err().to_string().contains("Director"));
}
