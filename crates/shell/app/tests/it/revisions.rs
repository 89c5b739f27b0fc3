//! Revisions: proposed, approved by a second person, in force, retired, brought back; what changed since
//! somebody last ran one.

use gemba_app::{
    Error, Principal, Who, audit,
    changes::{self, State},
    last_run, processes,
    proposals::{self, Sending},
    publishing::{self, Basis, Publication, RevisionState},
    records::ProposalState,
    retirement, reviews, runs, triggers,
    work::{self, Completion},
    workspace::{self, Settings},
};
use gemba_model::id::AccountId;
use gemba_testkit::{INVOICING, TestApp};
use jiff::SignedDuration;

/// The small company with the process in force, where a second person approves every revision or not.
async fn company(second_person: bool) -> (TestApp, String) {
    let kit = TestApp::new().await;
    let slug = kit.publish(INVOICING).await;
    let second_person = Some(second_person);
    let (name, zone) = ("Acme".to_owned(), "Europe/Berlin".to_owned());
    let to = Settings { name, zone, second_person };
    workspace::change(&kit.app, &Who::operator(), to).await.unwrap();
    (kit, slug)
}

/// Saves the document with another number of days; the version of the draft comes back.
async fn edit(kit: &TestApp, who: &Who, slug: &str, days: &str) -> i64 {
    let draft = processes::draft(&kit.app, who, slug).await.unwrap();
    let text = INVOICING.replace("two days", days);
    processes::save_draft(&kit.app, who, slug, text, draft.version).await.unwrap().version
}

fn sending(version: i64) -> Sending {
    let basis = Basis::Draft { version: Some(version) };
    Sending { basis, note: "Another number of days.".to_owned(), ..Sending::default() }
}

fn of_draft(version: i64) -> Publication {
    let basis = Basis::Draft { version: Some(version) };
    Publication { basis, ..Publication::noted("Another number of days.") }
}

fn account(who: &Who) -> AccountId {
    match who.principal {
        Principal::Person { account } => account,
        Principal::Token { .. } | Principal::Operator | Principal::System => panic!("no person"),
    }
}

/// Sends the draft for review; the hash of what is shown comes back.
async fn send(kit: &TestApp, who: &Who, slug: &str, version: i64) -> String {
    let sent = proposals::send(&kit.app, who, slug, sending(version)).await.unwrap();
    sent.proposal.hash
}

/// At most one revision is in force, it is the newest, and it is the one that is run; or the process is
/// retired, nothing is in force and no schedule is active.
async fn exactly_one_is_effective(kit: &TestApp, slug: &str) {
    let who = Who::operator();
    let view = processes::get(&kit.app, &who, slug).await.unwrap();
    let effective: Vec<u32> = view
        .revisions
        .iter()
        .filter(|r| r.state == RevisionState::InForce)
        .map(|r| r.number)
        .collect();
    assert!(view.revisions.iter().all(|r| r.in_force == (r.state == RevisionState::InForce)));
    if view.row.retired.is_some() {
        assert_eq!(effective, [0; 0]);
        assert!(view.triggers.is_empty());
        let refused = runs::start(&kit.app, &who, slug, "").await.unwrap_err();
        assert_eq!(refused.code(), "APP0404");
    } else {
        let newest = view.revisions.iter().map(|r| r.number).max();
        assert_eq!(effective, Vec::from_iter(newest));
        assert_eq!(view.row.revision, newest);
        let run = runs::start(&kit.app, &who, slug, "").await.unwrap();
        assert_eq!(Some(runs::get(&kit.app, &who, run).await.unwrap().revision), newest);
    }
}

#[tokio::test]
async fn exactly_one_revision_is_effective_whatever_happens() {
    let (kit, slug) = company(false).await;
    let (mara, olga) = (kit.person("Mara").await, kit.person("Olga").await);
    exactly_one_is_effective(&kit, &slug).await;
    let version = edit(&kit, &mara, &slug, "three days").await;
    exactly_one_is_effective(&kit, &slug).await;
    publishing::publish(&kit.app, &mara, &slug, of_draft(version)).await.unwrap();
    exactly_one_is_effective(&kit, &slug).await;
    let version = edit(&kit, &mara, &slug, "four days").await;
    let hash = send(&kit, &mara, &slug, version).await;
    exactly_one_is_effective(&kit, &slug).await;
    proposals::approve(&kit.app, &olga, &slug, &hash, "", false).await.unwrap();
    exactly_one_is_effective(&kit, &slug).await;
    let with = Publication { basis: Basis::Proposal { hash }, ..Publication::default() };
    publishing::publish(&kit.app, &mara, &slug, with).await.unwrap();
    exactly_one_is_effective(&kit, &slug).await;
    let with = Publication { basis: Basis::Revision { number: 1 }, ..Publication::default() };
    publishing::publish(&kit.app, &mara, &slug, with).await.unwrap();
    exactly_one_is_effective(&kit, &slug).await;
    retirement::retire(&kit.app, &mara, &slug, "Nobody invoices any more").await.unwrap();
    exactly_one_is_effective(&kit, &slug).await;
    retirement::bring_back(&kit.app, &mara, &slug).await.unwrap();
    exactly_one_is_effective(&kit, &slug).await;
}

#[tokio::test]
async fn a_replaced_revision_says_who_ended_it_when_and_why() {
    let (kit, slug) = company(false).await;
    let mara = kit.person("Mara").await;
    kit.clock.pass(SignedDuration::from_hours(24));
    let version = edit(&kit, &mara, &slug, "three days").await;
    publishing::publish(&kit.app, &mara, &slug, of_draft(version)).await.unwrap();
    let at = kit.app.now();
    let view = processes::get(&kit.app, &mara, &slug).await.unwrap();
    let because = "revision 2 took its place: Another number of days.".to_owned();
    let by = "Mara".to_owned();
    assert_eq!(view.revisions[1].state, RevisionState::Retired { by, at, because });
    assert_eq!(view.revisions[0].writers, ["Mara"]);
    retirement::retire(&kit.app, &mara, &slug, "No more").await.unwrap();
    let view = processes::get(&kit.app, &mara, &slug).await.unwrap();
    let (by, because) = ("Mara".to_owned(), "No more".to_owned());
    assert_eq!(view.revisions[0].state, RevisionState::Retired { by, at, because });
}

#[tokio::test]
async fn every_revision_but_the_first_needs_a_note() {
    let (kit, slug) = company(false).await;
    let mara = kit.person("Mara").await;
    let version = edit(&kit, &mara, &slug, "three days").await;
    let basis = Basis::Draft { version: Some(version) };
    for note in ["", "  \n ", &"x".repeat(501)] {
        let with = Publication { basis: basis.clone(), ..Publication::noted(note) };
        let refused = publishing::publish(&kit.app, &mara, &slug, with).await;
        assert!(matches!(refused, Err(Error::Invalid { field: "note", .. })), "{refused:?}");
    }
    publishing::publish(&kit.app, &mara, &slug, of_draft(version)).await.unwrap();
}

#[tokio::test]
async fn what_is_published_and_verified_is_what_was_looked_at() {
    let (kit, slug) = company(false).await;
    let (mara, mia) = (kit.person("Mara").await, kit.person("Mia").await);
    let seen = edit(&kit, &mia, &slug, "three days").await;
    edit(&kit, &mia, &slug, "four days").await;
    let refused = publishing::publish(&kit.app, &mara, &slug, of_draft(seen)).await;
    assert!(matches!(refused, Err(Error::Changed { .. })), "{refused:?}");
    publishing::publish(&kit.app, &mara, &slug, of_draft(seen + 1)).await.unwrap();
    let refused = publishing::verify(&kit.app, &mia, &slug, Some(1)).await;
    assert!(matches!(refused, Err(Error::Changed { .. })), "{refused:?}");
    publishing::verify(&kit.app, &mia, &slug, Some(2)).await.unwrap();
}

#[tokio::test]
async fn where_a_second_person_approves_nobody_publishes_alone() {
    let (kit, slug) = company(true).await;
    let mara = kit.person("Mara").await;
    let version = edit(&kit, &mara, &slug, "three days").await;
    let restore = Publication { basis: Basis::Revision { number: 1 }, ..Publication::default() };
    for who in [&mara, &kit.person("Olga").await, &Who::operator()] {
        for with in [of_draft(version), restore.clone()] {
            let refused = publishing::publish(&kit.app, who, &slug, with).await.unwrap_err();
            assert_eq!(refused.code(), "APP0405");
        }
    }
    let hash = send(&kit, &mara, &slug, version).await;
    let basis = Basis::Proposal { hash: hash.clone() };
    let with = Publication { basis, ..Publication::default() };
    let refused = publishing::publish(&kit.app, &mara, &slug, with.clone()).await.unwrap_err();
    assert_eq!(refused.code(), "APP0405", "it is not approved yet");
    let refused = proposals::approve(&kit.app, &mara, &slug, &hash, "", true).await;
    assert!(matches!(refused, Err(Error::Forbidden { .. })), "her own: {refused:?}");
    let olga = kit.person("Olga").await;
    proposals::approve(&kit.app, &olga, &slug, &hash, "Read it.", false).await.unwrap();
    let row = publishing::publish(&kit.app, &mara, &slug, with).await.unwrap();
    let yes = row.approved.unwrap();
    assert_eq!((row.number, yes.by.name(), yes.comment.as_str()), (2, "Olga", "Read it."));
    let log = audit::log(&kit.app, &mara, None, 0, 5).await.unwrap();
    let acts: Vec<&str> = log.iter().map(|line| line.entry.action.as_str()).collect();
    assert_eq!(acts[..3], ["process.published", "process.approved", "process.proposed"]);
}

#[tokio::test]
async fn only_a_person_who_did_not_write_it_answers() {
    let (kit, slug) = company(true).await;
    let version = edit(&kit, &kit.agent("Accounting").await, &slug, "three days").await;
    let mara = kit.person("Mara").await;
    let draft = processes::draft(&kit.app, &mara, &slug).await.unwrap();
    let text = draft.source.replace("correct", "right");
    let version =
        processes::save_draft(&kit.app, &mara, &slug, text, version).await.unwrap().version;
    // An agent may propose.
    let agent = kit.agent("Accounting").await;
    let hash = send(&kit, &agent, &slug, version).await;
    for (who, may) in [
        (agent, false),
        (kit.agent("Delivery lead").await, false),
        (Who::operator(), false),
        (kit.person("Otto").await, false),
        (kit.person("Ben").await, false),
        // The token of her seat wrote a part, and she another.
        (kit.person("Mia").await, false),
        (mara, false),
        (kit.person("Adam").await, true),
    ] {
        let back = proposals::send_back(&kit.app, &who, &slug, &hash, "No").await;
        assert_eq!(back.is_ok(), may, "{}: {back:?}", who.name);
        let view = proposals::get(&kit.app, &who, &slug).await.unwrap();
        assert!(!view.may_answer, "it has its answer, or it is not theirs");
        if let Err(refused) = back {
            assert_eq!(refused.code(), "APP0103");
            let yes = proposals::approve(&kit.app, &who, &slug, &hash, "", false).await;
            assert_eq!(yes.unwrap_err().code(), "APP0103");
        }
    }
}

#[tokio::test]
async fn a_yes_is_to_what_was_shown_and_to_nothing_else() {
    let (kit, slug) = company(true).await;
    let (mara, olga) = (kit.person("Mara").await, kit.person("Olga").await);
    let version = edit(&kit, &mara, &slug, "three days").await;
    let first = send(&kit, &mara, &slug, version).await;
    let version = edit(&kit, &mara, &slug, "nine days").await;
    let second = send(&kit, &mara, &slug, version).await;
    assert_ne!(first, second);
    let late = proposals::approve(&kit.app, &olga, &slug, &first, "", true).await;
    assert!(matches!(late, Err(Error::Changed { .. })), "{late:?}");
    proposals::approve(&kit.app, &olga, &slug, &second, "", false).await.unwrap();
    let twice = proposals::send_back(&kit.app, &olga, &slug, &second, "Wait").await;
    assert!(matches!(twice, Err(Error::Changed { .. })), "{twice:?}");
    // What is edited after the yes is another text: the approved one is published.
    edit(&kit, &mara, &slug, "ninety days").await;
    let view = proposals::get(&kit.app, &mara, &slug).await.unwrap();
    assert!(view.draft_moved_on && view.may_publish);
    let basis = Basis::Proposal { hash: second };
    let with = Publication { basis, ..Publication::default() };
    publishing::publish(&kit.app, &mara, &slug, with).await.unwrap();
    let view = processes::get(&kit.app, &mara, &slug).await.unwrap();
    assert!(view.source.contains("nine days") && view.row.has_changes);
    assert!(view.row.proposal.is_none());
}

#[tokio::test]
async fn an_approval_falls_when_what_it_replaces_is_replaced() {
    let (kit, slug) = company(false).await;
    let (mara, olga) = (kit.person("Mara").await, kit.person("Olga").await);
    let version = edit(&kit, &mara, &slug, "three days").await;
    let hash = send(&kit, &mara, &slug, version).await;
    proposals::approve(&kit.app, &olga, &slug, &hash, "", false).await.unwrap();
    let version = edit(&kit, &mara, &slug, "five days").await;
    publishing::publish(&kit.app, &mara, &slug, of_draft(version)).await.unwrap();
    let with = Publication { basis: Basis::Proposal { hash }, ..Publication::default() };
    let refused = publishing::publish(&kit.app, &mara, &slug, with).await;
    assert!(matches!(refused, Err(Error::NotFound { what: "proposal", .. })), "{refused:?}");
}

#[tokio::test]
async fn what_comes_back_waits_for_who_sent_it_and_can_be_sent_again() {
    let (kit, slug) = company(true).await;
    let (mia, mara) = (kit.person("Mia").await, kit.person("Mara").await);
    let version = edit(&kit, &mia, &slug, "three days").await;
    let hash = send(&kit, &mia, &slug, version).await;
    assert_eq!(work::mine(&kit.app, &mara).await.unwrap().to_approve.len(), 1);
    assert_eq!(work::mine(&kit.app, &mia).await.unwrap().to_approve.len(), 0);
    let empty = proposals::send_back(&kit.app, &mara, &slug, &hash, " ").await;
    assert!(matches!(empty, Err(Error::Invalid { field: "comment", .. })), "{empty:?}");
    proposals::send_back(&kit.app, &mara, &slug, &hash, "Say which days.").await.unwrap();
    assert_eq!(work::mine(&kit.app, &mara).await.unwrap().to_approve.len(), 0);
    let mine = work::mine(&kit.app, &mia).await.unwrap().answered;
    let brief = mine.first().unwrap().proposal.as_ref().unwrap();
    assert_eq!(brief.state, ProposalState::SentBack);
    assert_eq!(brief.reply.as_ref().unwrap().comment, "Say which days.");
    let version = edit(&kit, &mia, &slug, "three working days").await;
    let again = send(&kit, &mia, &slug, version).await;
    proposals::approve(&kit.app, &mara, &slug, &again, "", true).await.unwrap();
    let view = processes::get(&kit.app, &mia, &slug).await.unwrap();
    assert!(view.source.contains("three working days"));
    assert!(work::mine(&kit.app, &mia).await.unwrap().answered.is_empty());
}

#[tokio::test]
async fn who_was_asked_answers_and_others_are_not_bothered() {
    let (kit, slug) = company(true).await;
    let (mara, ben, olga) =
        (kit.person("Mara").await, kit.person("Ben").await, kit.person("Olga").await);
    let version = edit(&kit, &mara, &slug, "three days").await;
    let asked = |who: &Who| Sending { reviewer: Some(account(who)), ..sending(version) };
    for wrong in [&mara, &kit.person("Otto").await] {
        let refused = proposals::send(&kit.app, &mara, &slug, asked(wrong)).await;
        assert!(matches!(refused, Err(Error::Invalid { field: "reviewer", .. })), "{refused:?}");
    }
    let able = proposals::reviewers(&kit.app, &mara, &slug).await.unwrap();
    let names: Vec<&str> = able.iter().map(|r| r.name.as_str()).collect();
    assert_eq!(names, ["Adam", "Ben", "Mia", "Olga"]);
    let sent = proposals::send(&kit.app, &mara, &slug, asked(&ben)).await.unwrap();
    assert_eq!(sent.reviewer.as_deref(), Some("Ben"));
    assert_eq!(work::mine(&kit.app, &ben).await.unwrap().to_approve.len(), 1);
    assert_eq!(work::mine(&kit.app, &olga).await.unwrap().to_approve.len(), 0);
    let hash = sent.proposal.hash;
    let refused = proposals::approve(&kit.app, &ben, &slug, &hash, "", true).await;
    assert!(matches!(refused, Err(Error::Forbidden { .. })), "members do not publish");
    proposals::approve(&kit.app, &ben, &slug, &hash, "", false).await.unwrap();
}

#[tokio::test]
async fn a_proposal_passes_every_gate_of_publishing() {
    let (kit, slug) = company(false).await;
    let mara = kit.person("Mara").await;
    let version = processes::draft(&kit.app, &mara, &slug).await.unwrap().version;
    let refuse = async |text: &str, version: i64, code: &str| {
        let text = text.to_owned();
        let saved = processes::save_draft(&kit.app, &mara, &slug, text, version).await.unwrap();
        let refused = proposals::send(&kit.app, &mara, &slug, sending(saved.version)).await;
        assert_eq!(refused.unwrap_err().code(), code);
        saved.version
    };
    let same = proposals::send(&kit.app, &mara, &slug, sending(version)).await;
    assert!(matches!(same, Err(Error::Invalid { field: "source", .. })), "{same:?}");
    let version = refuse(&INVOICING.replace("owner: Accounting\n", ""), version, "APP0401").await;
    let version =
        refuse(&INVOICING.replace("— Delivery lead", "— Nobody"), version, "APP0402").await;
    let version = edit_from(&kit, &mara, &slug, version).await;
    let silent = Sending { note: String::new(), ..sending(version) };
    let refused = proposals::send(&kit.app, &mara, &slug, silent).await;
    assert!(matches!(refused, Err(Error::Invalid { field: "note", .. })), "{refused:?}");
    let old = proposals::send(&kit.app, &mara, &slug, sending(version - 1)).await;
    assert!(matches!(old, Err(Error::Changed { .. })), "{old:?}");
    send(&kit, &mara, &slug, version).await;
    proposals::withdraw(&kit.app, &mara, &slug).await.unwrap();
    let gone = proposals::get(&kit.app, &mara, &slug).await;
    assert!(matches!(gone, Err(Error::NotFound { .. })), "{gone:?}");
}

async fn edit_from(kit: &TestApp, who: &Who, slug: &str, version: i64) -> i64 {
    let text = INVOICING.replace("two days", "three days");
    processes::save_draft(&kit.app, who, slug, text, version).await.unwrap().version
}

#[tokio::test]
async fn an_old_revision_comes_back_as_a_new_one_that_says_so() {
    let (kit, slug) = company(false).await;
    let mara = kit.person("Mara").await;
    let version = edit(&kit, &mara, &slug, "three days").await;
    publishing::publish(&kit.app, &mara, &slug, of_draft(version)).await.unwrap();
    let basis = Basis::Revision { number: 1 };
    let with = Publication { basis: basis.clone(), ..Publication::noted("Three is too long.") };
    let row = publishing::publish(&kit.app, &mara, &slug, with).await.unwrap();
    let note = "Makes revision 1 effective again: Three is too long.";
    assert_eq!((row.number, row.note.as_str(), row.restores), (3, note, Some(1)));
    let one = publishing::revision(&kit.app, &mara, &slug, 1).await.unwrap();
    let three = publishing::revision(&kit.app, &mara, &slug, 3).await.unwrap();
    assert_eq!(one.source, three.source);
    assert_ne!(one.hash, three.hash);
    // The draft had no changes of its own, so it follows.
    let draft = processes::draft(&kit.app, &mara, &slug).await.unwrap();
    assert_eq!(draft.source, one.source);
    let again = Publication { basis, ..Publication::default() };
    let same = publishing::publish(&kit.app, &mara, &slug, again).await;
    assert!(matches!(same, Err(Error::Invalid { field: "source", .. })), "{same:?}");
    // A draft with changes stays.
    edit(&kit, &mara, &slug, "eight days").await;
    let with = Publication { basis: Basis::Revision { number: 2 }, ..Publication::default() };
    publishing::publish(&kit.app, &mara, &slug, with).await.unwrap();
    let draft = processes::draft(&kit.app, &mara, &slug).await.unwrap();
    assert!(draft.source.contains("eight days"));
}

#[tokio::test]
async fn where_a_second_person_approves_an_old_revision_comes_back_by_a_proposal() {
    let (kit, slug) = company(false).await;
    let (mara, olga) = (kit.person("Mara").await, kit.person("Olga").await);
    let version = edit(&kit, &mara, &slug, "three days").await;
    publishing::publish(&kit.app, &mara, &slug, of_draft(version)).await.unwrap();
    let (name, zone) = ("Acme".to_owned(), "UTC".to_owned());
    let to = Settings { name, zone, second_person: Some(true) };
    workspace::change(&kit.app, &olga, to).await.unwrap();
    let basis = Basis::Revision { number: 1 };
    let with = Sending { basis, ..Sending::default() };
    let sent = proposals::send(&kit.app, &mara, &slug, with).await.unwrap().proposal;
    assert_eq!((sent.restores, sent.base), (Some(1), Some(2)));
    let mine = proposals::approve(&kit.app, &mara, &slug, &sent.hash, "", true).await;
    assert!(matches!(mine, Err(Error::Forbidden { .. })), "{mine:?}");
    let row = proposals::approve(&kit.app, &olga, &slug, &sent.hash, "", true).await.unwrap();
    assert_eq!(row.unwrap().restores, Some(1));
}

#[tokio::test]
async fn a_retired_process_stays_readable_and_nothing_new_runs_by_it() {
    let (kit, slug) = company(false).await;
    let (mara, mia) = (kit.person("Mara").await, kit.person("Mia").await);
    let run = runs::start(&kit.app, &mara, &slug, "before").await.unwrap();
    let without = retirement::retire(&kit.app, &mara, &slug, " ").await;
    assert!(matches!(without, Err(Error::Invalid { field: "because", .. })), "{without:?}");
    for who in [&mia, &kit.person("Otto").await] {
        let refused = retirement::retire(&kit.app, who, &slug, "x").await.unwrap_err();
        assert_eq!(refused.code(), "APP0103");
    }
    retirement::retire(&kit.app, &mara, &slug, "Outsourced").await.unwrap();
    let view = processes::get(&kit.app, &mia, &slug).await.unwrap();
    assert!(view.source.contains("Collect the hours") && !view.may_write && !view.reviews_it);
    let refusals = [
        runs::start(&kit.app, &mara, &slug, "").await.map(drop),
        processes::save_draft(&kit.app, &mara, &slug, String::new(), 1).await.map(drop),
        publishing::publish(&kit.app, &mara, &slug, Publication::noted("x")).await.map(drop),
        proposals::send(&kit.app, &mara, &slug, sending(1)).await.map(drop),
        publishing::verify(&kit.app, &mia, &slug, None).await,
        retirement::retire(&kit.app, &mara, &slug, "again").await,
    ];
    for refused in refusals {
        assert_eq!(refused.unwrap_err().code(), "APP0404");
    }
    assert!(reviews::list(&kit.app, &mara).await.unwrap().is_empty());
    let months = SignedDuration::from_hours(24 * 70);
    kit.clock.pass(months);
    assert_eq!(triggers::next_due(&kit.app).await.unwrap(), None);
    // What was going on comes to its end.
    let open = runs::get(&kit.app, &mia, run).await.unwrap().open;
    let item = open.first().unwrap().item.id;
    work::complete(&kit.app, &mia, item, Completion::default()).await.unwrap();

    retirement::bring_back(&kit.app, &mara, &slug).await.unwrap();
    let next = triggers::next_due(&kit.app).await.unwrap().unwrap();
    assert!(next > kit.app.now(), "what was due in between is not made up for");
    runs::start(&kit.app, &mara, &slug, "").await.unwrap();
    let twice = retirement::bring_back(&kit.app, &mara, &slug).await;
    assert!(matches!(twice, Err(Error::NotFound { .. })), "{twice:?}");
}

#[tokio::test]
async fn any_two_states_are_compared() {
    let (kit, slug) = company(false).await;
    let mara = kit.person("Mara").await;
    let none = changes::of(&kit.app, &mara, &slug, None, State::Revision(1)).await;
    assert!(matches!(none, Err(Error::NotFound { .. })), "{none:?}");
    let draft = processes::draft(&kit.app, &mara, &slug).await.unwrap();
    let text = INVOICING.replace("— Delivery lead", "— Sales").replace("two days", "three days");
    let saved = processes::save_draft(&kit.app, &mara, &slug, text, draft.version).await.unwrap();
    let found = changes::of(&kit.app, &mara, &slug, None, State::Draft).await.unwrap();
    assert_eq!(found.changes.summary(), "1 step changed, purpose changed, RACI changed");
    assert_eq!(found.text.iter().filter(|block| !block.is_same).count(), 2);
    send(&kit, &mara, &slug, saved.version).await;
    let proposed = changes::of(&kit.app, &mara, &slug, None, State::Proposal).await.unwrap();
    assert_eq!((proposed.from, &proposed.changes), (State::Revision(1), &found.changes));
    publishing::publish(&kit.app, &mara, &slug, of_draft(saved.version)).await.unwrap();
    let two = changes::of(&kit.app, &mara, &slug, None, State::Revision(2)).await.unwrap();
    assert_eq!(two.changes, found.changes);
    let back = changes::of(&kit.app, &mara, &slug, Some(2), State::Revision(1)).await.unwrap();
    assert_eq!(back.changes.steps.len(), 1);
    let same = changes::of(&kit.app, &mara, &slug, Some(2), State::Draft).await.unwrap();
    assert!(same.changes.is_empty() && same.text.iter().all(|block| block.is_same));
}

#[tokio::test]
async fn who_ran_it_is_told_what_changed_since() {
    let (kit, slug) = company(false).await;
    let (mara, mia, ben) =
        (kit.person("Mara").await, kit.person("Mia").await, kit.person("Ben").await);
    let since = async |who: &Who| {
        let found = last_run::of_process(&kit.app, who, &slug).await.unwrap();
        found.map(|s| (s.from, s.to, s.at, s.changes.summary()))
    };
    let began = kit.app.now();
    let run = runs::start(&kit.app, &ben, &slug, "May").await.unwrap();
    let item = runs::get(&kit.app, &mia, run).await.unwrap().open.first().unwrap().item.id;
    work::complete(&kit.app, &mia, item, Completion::default()).await.unwrap();
    assert_eq!(since(&mia).await, None);
    kit.clock.pass(SignedDuration::from_hours(48));
    let version = edit(&kit, &mara, &slug, "three days").await;
    publishing::publish(&kit.app, &mara, &slug, of_draft(version)).await.unwrap();
    let told = Some((1, 2, began, "purpose changed".to_owned()));
    assert_eq!(since(&ben).await, told, "who started one");
    assert_eq!(since(&mia).await, told, "who did a step");
    assert_eq!(since(&mara).await, None, "who never ran it");
    assert_eq!(since(&kit.agent("Delivery lead").await).await, None, "an agent");
    // Only words differ: the run that goes on took them over, and says so.
    assert_eq!(last_run::of_run(&kit.app, &mia, run).await.unwrap().map(|s| s.to), Some(2));
    let newer = runs::start(&kit.app, &mara, &slug, "June").await.unwrap();
    assert_eq!(last_run::of_run(&kit.app, &mia, newer).await.unwrap().map(|s| s.to), Some(2));

    last_run::seen(&kit.app, &mia, &slug, 2).await.unwrap();
    assert_eq!(since(&mia).await, None, "seen");
    runs::start(&kit.app, &ben, &slug, "July").await.unwrap();
    assert_eq!(since(&ben).await, None, "ran it");
    let version = edit(&kit, &mara, &slug, "four days").await;
    publishing::publish(&kit.app, &mara, &slug, of_draft(version)).await.unwrap();
    assert_eq!(since(&mia).await.map(|s| (s.0, s.1)), Some((2, 3)));
}
