//! Drafts: kept apart from what lists read, and read in every shape they ever had.

use gemba_app::{
    Error, Who, exchange, processes,
    publishing::{self, Publication},
    records::{DraftRecord, ProcessRecord},
    upkeep,
};
use gemba_store::{Expect, Key, Mode, Record, Store, load, memory::MemoryStore};
use gemba_testkit::{INVOICING, TestApp};
use std::sync::Arc;

/// A process as it was stored when its draft was within its record.
const OLD: &str = r#"{"id":"proc_06ewhjzsxnh65d0mdqkzb4wp4g","slug":"old-one","draft":"---\nowner: Accounting\n---\n\n# Old one\n\n## Steps\n\n1. Do it\n","draft_hash":"f7","draft_summary":{"title":"Old one","function":null,"owner_state":"stated","owner":"Accounting","triggers":[],"rules":[],"n_steps":1,"has_output":false,"has_failure_signals":false,"n_errors":2,"n_warnings":1,"review_months":null},"draft_changed":"2025-11-03T09:00:00Z","draft_by":"Mia","published":null,"n_revisions":0,"trust":{"state":"unverified","because":"it is not published yet","since":"2025-11-03T09:00:00Z"},"reviewed":null,"created":"2025-11-03T09:00:00Z"}"#;

/// A workspace that an older program left, with the process in its third version.
async fn old() -> (TestApp, Arc<MemoryStore>) {
    let store = Arc::new(MemoryStore::new());
    let kit = TestApp::on(Arc::<MemoryStore>::clone(&store)).await;
    let mut tx = store.begin(Mode::Write).await.unwrap();
    let record: ProcessRecord = serde_json::from_str(OLD).unwrap();
    let (id, keys) = (record.id(), [Key::unique("slug", "old-one")]);
    for expect in [Expect::Absent, Expect::Version(1), Expect::Version(2)] {
        tx.put_record("process", &id, &keys, OLD, expect).await.unwrap();
    }
    tx.commit().await.unwrap();
    (kit, store)
}

/// What is stored of the process: its record as JSON, and its draft.
async fn stored(store: &MemoryStore) -> (String, Option<DraftRecord>) {
    let id = serde_json::from_str::<ProcessRecord>(OLD).unwrap().id();
    let mut tx = store.begin(Mode::Read).await.unwrap();
    let body = tx.record("process", &id).await.unwrap().unwrap().body;
    (body, load::<DraftRecord>(&mut *tx, &id).await.unwrap().map(|d| d.value))
}

#[tokio::test]
async fn a_draft_within_the_record_of_its_process_is_read_and_moves_with_the_next_change() {
    let (kit, store) = old().await;
    let mia = kit.person("Mia").await;
    let draft = processes::draft(&kit.app, &mia, "old-one").await.expect("the draft");
    assert!(draft.source.contains("# Old one") && draft.version == 3 && draft.by == "Mia");
    let view = processes::get(&kit.app, &mia, "old-one").await.expect("the process");
    assert_eq!((view.source.as_str(), view.process.title.as_str()), (&*draft.source, "Old one"));
    let mara = kit.person("Mara").await;
    let files = exchange::export(&kit.app, &mara).await.expect("files");
    let text = files.iter().find(|(path, _)| path.ends_with("/old-one.draft.md"));
    assert_eq!(text.expect("the draft").1, draft.source.as_bytes());

    let stale =
        processes::save_draft(&kit.app, &mia, "old-one", INVOICING.to_owned(), draft.version - 1);
    assert!(matches!(stale.await, Err(Error::Changed { .. })));
    let saved =
        processes::save_draft(&kit.app, &mia, "old-one", INVOICING.to_owned(), draft.version);
    assert_eq!(saved.await.expect("saved").version, 4);
    let (body, moved) = stored(&store).await;
    assert!(!body.contains("\"draft\":"), "{body}");
    let moved = moved.expect("a record of its own");
    assert_eq!((moved.text.as_str(), moved.version), (INVOICING, 4));
    let draft = processes::draft(&kit.app, &mia, "old-one").await.expect("the draft");
    assert_eq!(draft.source, INVOICING);
}

#[tokio::test]
async fn upkeep_moves_every_draft_out_of_the_record_of_its_process() {
    let (kit, store) = old().await;
    let before = processes::draft(&kit.app, &Who::operator(), "old-one").await.expect("the draft");
    for _twice in 0..2 {
        upkeep::sweep(&kit.app).await.expect("swept");
        let (body, moved) = stored(&store).await;
        assert!(!body.contains("# Old one"), "{body}");
        let moved = moved.expect("a record of its own");
        assert_eq!((moved.text, moved.version), (before.source.clone(), before.version));
    }
}

#[tokio::test]
async fn what_is_not_about_the_text_leaves_the_version_of_the_draft() {
    let kit = TestApp::new().await;
    let slug = kit.publish(INVOICING).await;
    let mia = kit.person("Mia").await;
    let opened = processes::draft(&kit.app, &mia, &slug).await.expect("the draft").version;
    publishing::verify(&kit.app, &mia, &slug, None).await.expect("hers");
    let text = INVOICING.replace("two days", "three days");
    let saved = processes::save_draft(&kit.app, &mia, &slug, text.clone(), opened).await;
    let saved = saved.expect("verifying changed no text");
    let who = Who::operator();
    let with = Publication { note: "Three days.".to_owned(), ..Publication::default() };
    publishing::publish(&kit.app, &who, &slug, with).await.expect("published");
    let again = processes::save_draft(&kit.app, &mia, &slug, text, saved.version).await;
    again.expect("publishing changed no text");
}
