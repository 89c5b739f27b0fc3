//! Search: what is found follows what is kept, on both stores, and an older index is written anew.

use gemba_app::{
    Error, Who,
    processes::{self, File},
    publishing::{self, Publication},
    retirement, runs,
    search::{self, Kind, Question},
    seats::{self, HolderInput, SeatInput},
};
use gemba_store::{Mode, Store, memory::MemoryStore};
use gemba_testkit::{INVOICING, TestApp};
use std::sync::Arc;

async fn found(kit: &TestApp, who: &Who, text: &str) -> Vec<String> {
    let question = Question { text: text.to_owned(), limit: 20, ..Question::default() };
    let answer = search::find(&kit.app, who, &question).await.expect("it works");
    let word = |hit: &search::Hit| {
        let title: String = hit.title.iter().map(|p| p.text.as_str()).collect();
        format!("{} {title}", hit.found.kind().word())
    };
    answer.hits.iter().map(word).collect()
}

#[tokio::test]
async fn what_is_found_follows_what_is_kept() {
    let kit = TestApp::new().await;
    let mara = kit.person("Mara").await;
    let slug = kit.publish(INVOICING).await;
    let process = ["process Monthly invoicing".to_owned()];
    assert_eq!(found(&kit, &mara, "timesheets").await, process);

    // A draft of a process in force is not what is true of it.
    let draft = processes::draft(&kit.app, &mara, &slug).await.expect("it works");
    let text = INVOICING.replace("timesheets", "worksheets");
    processes::save_draft(&kit.app, &mara, &slug, text, draft.version).await.expect("it works");
    assert_eq!(found(&kit, &mara, "timesheets").await, process);
    assert!(found(&kit, &mara, "worksheets").await.is_empty());
    publishing::publish(&kit.app, &mara, &slug, Publication::noted("Worksheets.")).await.unwrap();
    assert!(found(&kit, &mara, "timesheets").await.is_empty());
    assert_eq!(found(&kit, &mara, "worksheets").await, process);

    retirement::retire(&kit.app, &mara, &slug, "the tool does it").await.unwrap();
    assert!(found(&kit, &mara, "worksheets").await.is_empty());
    retirement::bring_back(&kit.app, &mara, &slug).await.unwrap();
    assert_eq!(found(&kit, &mara, "worksheets").await, process);

    let input = SeatInput {
        name: "Archivist".to_owned(),
        holder: HolderInput::Agent("Librarian".to_owned()),
        ..SeatInput::default()
    };
    let seat = seats::create(&kit.app, &mara, input.clone()).await.expect("it works");
    assert_eq!(found(&kit, &mara, "librar").await, ["seat Archivist"]);
    let input = SeatInput { holder: HolderInput::Vacant, ..input };
    seats::change(&kit.app, &mara, &seat, input).await.expect("it works");
    assert!(found(&kit, &mara, "librar").await.is_empty());
    seats::delete(&kit.app, &mara, &seat).await.expect("it works");
    assert!(found(&kit, &mara, "archivist").await.is_empty());

    runs::start(&kit.app, &mara, &slug, "The case of May").await.expect("it works");
    assert_eq!(found(&kit, &mara, "case may").await, ["run The case of May"]);
}

#[tokio::test]
async fn what_is_called_so_comes_before_its_runs_on_every_page() {
    let kit = TestApp::new().await;
    let mara = kit.person("Mara").await;
    let slug = kit.publish(INVOICING).await;
    for month in ["May", "June", "July"] {
        let title = format!("Monthly invoicing {month}");
        runs::start(&kit.app, &mara, &slug, &title).await.expect("it works");
    }
    let other = File {
        name: "b.md".to_owned(),
        bytes: b"# Monthly invoicing disputes\n\n1. Do\n".to_vec(),
    };
    processes::import(&kit.app, &mara, vec![other]).await.expect("it works");
    let all = found(&kit, &mara, "monthly invoi").await;
    assert_eq!(all[..2], ["process Monthly invoicing", "process Monthly invoicing disputes"]);
    assert_eq!(all.len(), 5);
    // Pages follow one another without a gap.
    for (n, wanted) in all.iter().enumerate() {
        let question = Question {
            text: "monthly invoi".to_owned(),
            offset: u32::try_from(n).unwrap(),
            limit: 1,
            ..Question::default()
        };
        let answer = search::find(&kit.app, &mara, &question).await.expect("it works");
        let title: String = answer.hits[0].title.iter().map(|p| p.text.as_str()).collect();
        assert_eq!(format!("{} {title}", answer.hits[0].found.kind().word()), *wanted);
        assert_eq!(answer.more, n + 1 < all.len());
    }
}

#[tokio::test]
async fn an_index_that_an_older_gemba_wrote_is_written_anew_once() {
    let store: Arc<dyn Store> = Arc::new(MemoryStore::new());
    let kit = TestApp::on(Arc::clone(&store)).await;
    let mara = kit.person("Mara").await;
    let slug = kit.publish(INVOICING).await;
    runs::start(&kit.app, &mara, &slug, "The case of May").await.expect("it works");
    let draft = File { name: "a.md".to_owned(), bytes: b"# Only a draft\n\n1. Do\n".to_vec() };
    processes::import(&kit.app, &mara, vec![draft]).await.expect("it works");
    let mut tx = store.begin(Mode::Write).await.expect("it works");
    tx.clear_search().await.expect("it works");
    tx.commit().await.expect("it works");
    assert!(found(&kit, &mara, "may").await.is_empty());
    assert!(search::prepare(&kit.app).await.expect("it works"));
    for (asked, n) in [("may", 1), ("accounting", 2), ("only draft", 1), ("monthly", 2)] {
        assert_eq!(found(&kit, &mara, asked).await.len(), n, "{asked}");
    }
    assert!(!search::prepare(&kit.app).await.expect("it works"));
}

#[tokio::test]
async fn a_question_has_a_length_and_a_kind() {
    let kit = TestApp::new().await;
    let otto = kit.person("Otto").await;
    let long = Question { text: "a ".repeat(200), ..Question::default() };
    let refused = search::find(&kit.app, &otto, &long).await;
    assert!(matches!(refused, Err(Error::Invalid { field: "q", .. })));
    kit.publish(INVOICING).await;
    let question = |kind| Question {
        text: "accounting".to_owned(),
        kind: Some(kind),
        limit: 9,
        ..Question::default()
    };
    for (kind, n) in [(Kind::Process, 1), (Kind::Seat, 1), (Kind::Run, 0)] {
        let answer = search::find(&kit.app, &otto, &question(kind)).await.expect("it works");
        assert_eq!(answer.hits.len(), n, "{kind:?}");
    }
}
