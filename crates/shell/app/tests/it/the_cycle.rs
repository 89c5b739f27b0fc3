//! Document, execute, improve: one process going all the way round.

use gemba_app::{
    Error, Who, coverage, files,
    idempotency::{self, Asked},
    insight, maps, processes,
    processes::File,
    publishing::{self, Publication},
    records::{ReviewOutcome, Trust},
    reviews, runs, seats,
    seats::{HolderInput, SeatInput},
    work,
};
use gemba_engine::{Completion, Given, Status};
use gemba_model::EvidenceKind;
use gemba_store::RunState;
use gemba_testkit::{INVOICING, TestApp};
use jiff::SignedDuration;
use std::collections::BTreeMap;

fn link(value: &str) -> Given {
    Given { kind: EvidenceKind::Link, value: value.to_owned(), name: None }
}

fn branch(id: &str) -> Completion {
    Completion {
        branch: Some(id.to_owned()),
        reason: Some("all twelve are approved".to_owned()),
        ..Completion::default()
    }
}

#[tokio::test]
async fn a_process_runs_from_its_text_to_its_end() {
    let kit = TestApp::new().await;
    let (mia, dash) = (kit.person("Mia").await, kit.agent("Delivery lead").await);
    let slug = kit.publish(INVOICING).await;
    assert_eq!(slug, "monthly-invoicing");

    let run = runs::start(&kit.app, &mia, &slug, "").await.expect("it starts");
    let mine = work::mine(&kit.app, &mia).await.expect("my work");
    assert_eq!(mine.items.len(), 1);
    let first = mine.items[0].item.id;
    assert_eq!(mine.items[0].run_title, "Monthly invoicing #1");

    work::claim(&kit.app, &mia, first).await.expect("taken");
    kit.clock.pass(SignedDuration::from_mins(30));
    let outcome = work::complete(&kit.app, &mia, first, Completion::default()).await.expect("done");
    let check = &outcome.next[0];
    assert_eq!((check.seat.as_str(), check.branches.len()), ("Delivery lead", 2));
    let back = check.branches[0].id.clone();
    assert_eq!(check.branches[1].id, "otherwise");

    let refused = work::complete(&kit.app, &mia, check.item.id, branch("otherwise")).await;
    assert_eq!(refused.expect_err("another seat's").code(), "RUN0203");
    let outcome =
        work::complete(&kit.app, &dash, check.item.id, branch(&back)).await.expect("back");
    let again =
        work::complete(&kit.app, &mia, outcome.next[0].item.id, Completion::default()).await;
    let check = &again.expect("done again").next[0];
    let outcome =
        work::complete(&kit.app, &dash, check.item.id, branch("otherwise")).await.expect("on");

    let send = outcome.next[0].item.id;
    let blank = Given { kind: EvidenceKind::File, value: " ".to_owned(), name: None };
    let nothing = Completion { evidence: vec![blank], ..Completion::default() };
    let refused = work::complete(&kit.app, &mia, send, nothing).await;
    assert_eq!(refused.expect_err("no evidence").code(), "RUN0208");
    let with =
        Completion { evidence: vec![link("https://example.com/sent")], ..Completion::default() };
    let outcome = work::complete(&kit.app, &mia, send, with).await.expect("sent");
    assert_eq!(outcome.state.status, Status::Completed);

    let view = runs::get(&kit.app, &mia, run).await.expect("the run");
    assert_eq!((view.row.state, view.row.n_done, view.history.len()), (RunState::Completed, 5, 14));
    let told = insight::of_process(&kit.app, &mia, &slug).await.expect("what happened");
    assert_eq!((told.completed, told.paths.len(), told.steps[0].n), (1, 1, 2));
    assert_eq!(told.steps[0].max_s, 1_800);
    assert_eq!(told.paths[0].steps.len(), 5);
    let svg = maps::of(&kit.app, &mia, &slug, &maps::Picture::Run(run), maps::SvgStyle::Inline)
        .await
        .expect("a map");
    assert!(svg.starts_with("<svg") && svg.contains("collect-hours"));
}

#[tokio::test]
async fn a_real_document_is_published_once_its_seats_are_assigned() {
    let kit = TestApp::new().await;
    let who = Who::operator();
    let text = "# Leave\n\nWhen a team member requests time off:\n\n\
                1. The PM compares the request with the schedule.\n\
                2. The admin support team enters the time off into the calendar.\n";
    let file = File { name: "leave.md".to_owned(), bytes: text.as_bytes().to_vec() };
    let done = processes::import(&kit.app, &who, vec![file]).await.expect("imported");
    let slug = done[0].slugs[0].clone();
    let refused = publishing::publish(&kit.app, &who, &slug, Publication::default()).await;
    assert_eq!(refused.expect_err("no owner").code(), "APP0401");

    let draft =
        processes::assign_owner(&kit.app, &who, &slug, "accounting").await.expect("an owner");
    assert!(draft.source.ends_with(text), "the rest of the text stays: {}", draft.source);
    assert!(!draft.unbound.is_empty());
    let refused = publishing::publish(&kit.app, &who, &slug, Publication::default()).await;
    assert_eq!(refused.expect_err("unknown seats").code(), "APP0402");

    let bindings: BTreeMap<String, String> =
        draft.unbound.iter().map(|name| (name.clone(), "accounting".to_owned())).collect();
    let with = Publication { bindings, note: "first".to_owned(), ..Publication::default() };
    let revision =
        publishing::publish(&kit.app, &who, &slug, with.clone()).await.expect("published");
    assert_eq!((revision.number, revision.in_force), (1, true));
    let same = publishing::publish(&kit.app, &who, &slug, with).await;
    assert_eq!(same.expect_err("nothing changed").code(), "APP0301");

    let made = publishing::create_missing_seats(&kit.app, &who, &slug).await.expect("seats");
    assert_eq!(made.len(), draft.unbound.len());
    let revision = publishing::publish(&kit.app, &who, &slug, Publication::noted("Seats.")).await;
    assert_eq!(revision.expect("published with the new seats").number, 2);
}

#[tokio::test]
async fn a_run_stays_with_the_revision_it_began_with() {
    let kit = TestApp::new().await;
    let mara = kit.person("Mara").await;
    let slug = kit.publish(INVOICING).await;
    let run = runs::start(&kit.app, &mara, &slug, "old").await.expect("it starts");
    let draft = processes::draft(&kit.app, &mara, &slug).await.expect("the draft");
    let text = draft.source.replace("2. **Check the hours**", "2. **Examine the hours**");
    processes::save_draft(&kit.app, &mara, &slug, text, draft.version).await.expect("saved");
    let with = Publication::noted("One step less.");
    publishing::publish(&kit.app, &mara, &slug, with).await.expect("published");
    let old = runs::get(&kit.app, &mara, run).await.expect("the old run");
    assert_eq!((old.revision, old.process.steps[1].title.as_str()), (1, "Check the hours"));
    let run = runs::start(&kit.app, &mara, &slug, "new").await.expect("it starts");
    let new = runs::get(&kit.app, &mara, run).await.expect("the new run");
    assert_eq!((new.revision, new.process.steps[1].id.as_str()), (2, "check-hours"));
}

#[tokio::test]
async fn two_writers_of_one_draft_never_overwrite_each_other() {
    let kit = TestApp::new().await;
    let mara = kit.person("Mara").await;
    let slug = kit.publish(INVOICING).await;
    let read = processes::draft(&kit.app, &mara, &slug).await.expect("the draft");
    processes::save_draft(&kit.app, &mara, &slug, "# One\n".to_owned(), read.version)
        .await
        .expect("one");
    let second =
        processes::save_draft(&kit.app, &mara, &slug, "# Two\n".to_owned(), read.version).await;
    assert_eq!(second.expect_err("changed meanwhile").code(), "APP0303");
    let now = processes::draft(&kit.app, &mara, &slug).await.expect("the draft");
    assert_eq!(now.source, "# One\n");
}

#[tokio::test]
async fn an_import_takes_all_files_or_none() {
    let kit = TestApp::new().await;
    let who = Who::operator();
    let good = File { name: "good.md".to_owned(), bytes: INVOICING.as_bytes().to_vec() };
    for (name, bytes) in [
        ("empty.md", Vec::new()),
        ("binary.md", vec![0, 159, 146, 150, 0, 0]),
        ("latin.md", b"# Caf\xe9\n\n1. Do it\n".to_vec()),
        ("huge.md", vec![b'a'; 5_000_000]),
    ] {
        let bad = File { name: name.to_owned(), bytes };
        let done =
            processes::import(&kit.app, &who, vec![good.clone(), bad]).await.expect("an answer");
        assert!(done[1].refused && !done[0].refused, "{name}");
        assert!(done.iter().all(|f| f.slugs.is_empty()), "{name}");
        assert!(processes::list(&kit.app, &who).await.expect("a list").is_empty(), "{name}");
    }
}

#[tokio::test]
async fn a_new_holder_must_verify_and_a_review_falls_due() {
    let kit = TestApp::new().await;
    let (mia, who) = (kit.person("Mia").await, Who::operator());
    let slug = kit.publish(INVOICING).await;
    publishing::verify(&kit.app, &mia, &slug, None).await.expect("her own");
    let row = || async {
        let rows = processes::list(&kit.app, &who).await.expect("a list");
        rows.into_iter().find(|r| r.slug == slug).expect("the process")
    };
    assert!(matches!(row().await.trust, Trust::Verified { .. }));

    let ben = kit.person("Ben").await;
    let gemba_app::Principal::Person { account } = ben.principal else { panic!("a person") };
    let input = SeatInput {
        name: "Accounting".to_owned(),
        holder: HolderInput::Person(account),
        ..SeatInput::default()
    };
    seats::change(&kit.app, &who, "accounting", input).await.expect("changed");
    assert!(matches!(row().await.trust, Trust::Unverified { .. }));
    let mia = kit.person("Mia").await;
    let refused = publishing::verify(&kit.app, &mia, &slug, None).await;
    assert_eq!(refused.expect_err("not hers any more").code(), "APP0103");
    let ben = kit.person("Ben").await;
    assert_eq!(work::mine(&kit.app, &ben).await.expect("work").to_verify.len(), 1);

    // A monthly process is reviewed every half-year.
    kit.clock.pass(SignedDuration::from_hours(24 * 180));
    assert!(!row().await.review.overdue);
    kit.clock.pass(SignedDuration::from_hours(24 * 5));
    assert!(row().await.review.overdue);
    assert_eq!(work::mine(&kit.app, &ben).await.expect("work").reviews.len(), 1);
    reviews::record(&kit.app, &ben, &slug, ReviewOutcome::StillRight, "fine")
        .await
        .expect("reviewed");
    let row = row().await;
    assert!(!row.review.overdue && matches!(row.trust, Trust::Verified { .. }));
    assert_eq!(reviews::of_process(&kit.app, &ben, &slug).await.expect("reviews").len(), 1);
}

#[tokio::test]
async fn the_audit_finds_what_is_exposed_and_the_first_question_is_answered() {
    let kit = TestApp::new().await;
    let who = Who::operator();
    kit.publish(INVOICING).await;
    let text = "# Nobody's\n\n1. Do something.\n";
    let file = File { name: "x.md".to_owned(), bytes: text.as_bytes().to_vec() };
    processes::import(&kit.app, &who, vec![file]).await.expect("imported");
    let report = coverage::report(&kit.app, &who).await.expect("a report");
    let exposed = report.processes.iter().find(|p| p.process.slug == "nobodys").expect("the gap");
    assert!(exposed.gaps.contains(&coverage::Gap::NoOwner));
    assert!(exposed.gaps.contains(&coverage::Gap::NoTrigger));
    assert!(exposed.gaps.contains(&coverage::Gap::NoFailureSignals));
    let idle: Vec<&str> = report.idle_seats.iter().map(|s| s.seat.slug.as_str()).collect();
    assert_eq!(idle, ["delivery-lead"]);

    let answer = coverage::ownership(&kit.app, &who).await.expect("the answer");
    assert_eq!(answer.seats[0].seat.seat.name, "Accounting");
    assert_eq!(answer.seats[0].recurring[0].slug, "monthly-invoicing");
    let lead = answer.seats.iter().find(|s| s.seat.seat.slug == "delivery-lead").expect("the seat");
    assert!(lead.works_without_owning);
    assert_eq!(answer.without_owner[0].slug, "nobodys");
}

#[tokio::test]
async fn files_are_kept_and_the_same_request_gets_the_same_answer() {
    let kit = TestApp::new().await;
    let mia = kit.person("Mia").await;
    let kept = files::put(&kit.app, &mia, "../../proof.pdf", b"proof").await.expect("kept");
    assert_eq!(kept.name, "proof.pdf");
    assert_eq!(files::get(&kit.app, &mia, &kept.digest).await.expect("found").1, b"proof");
    assert_eq!(files::put(&kit.app, &mia, "x", b"").await.expect_err("empty").code(), "APP0301");

    let answer = idempotency::Answer { status: 201, body: "{}".to_owned() };
    let ask = |request: &'static [u8]| idempotency::ask(&kit.app, &mia, "k", request);
    let Asked::New(app) = ask(b"a").await.expect("nothing yet") else { panic!("it is new") };
    idempotency::answered(&app, &mia, answer.clone()).await.expect("kept");
    let Asked::Before(known) = ask(b"a").await.expect("the same") else { panic!("it is known") };
    assert_eq!(known, answer);
    assert!(matches!(ask(b"b").await, Err(Error::KeyReused)));
    assert_eq!(Error::KeyReused.code(), "APP0304");
}

#[tokio::test]
async fn what_was_done_under_a_key_and_not_answered_is_not_done_again() {
    let kit = TestApp::new().await;
    let slug = kit.publish(INVOICING).await;
    let mia = kit.person("Mia").await;
    let ask = |key: &'static str| idempotency::ask(&kit.app, &mia, key, b"a");
    let count = async || {
        let all = runs::Listing { limit: 9, ..runs::Listing::default() };
        runs::list(&kit.app, &mia, all).await.expect("runs").len()
    };
    // Done, and the machine stops before the answer is kept.
    let Asked::New(app) = ask("k").await.expect("new") else { panic!("it is new") };
    runs::start(&app, &mia, &slug, "May").await.expect("a run");
    assert!(matches!(ask("k").await, Err(Error::AnswerLost)));
    assert_eq!(Error::AnswerLost.code(), "APP0308");
    // Two servers that do not know of each other take it at the same time.
    let (Asked::New(one), Asked::New(two)) = (ask("l").await.unwrap(), ask("l").await.unwrap())
    else {
        panic!("it is new to both")
    };
    runs::start(&one, &mia, &slug, "June").await.expect("a run");
    let late = runs::start(&two, &mia, &slug, "June").await;
    assert!(matches!(late, Err(Error::AnswerLost)), "{late:?}");
    // One answering may do several things, and a refusal leaves the key as it was.
    runs::start(&one, &mia, &slug, "July").await.expect("a second act");
    let Asked::New(app) = ask("m").await.expect("new") else { panic!("it is new") };
    runs::start(&app, &mia, "nothing", "May").await.expect_err("no such process");
    assert!(matches!(ask("m").await, Ok(Asked::New(_))));
    assert_eq!(count().await, 3);
}
