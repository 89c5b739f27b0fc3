//! What stops an agent, and what its seat needs before it may act.

use gemba_app::{
    App, Result, Who,
    agents::{self, Target},
    audit,
    seats::{self, HolderInput, SeatInput},
    suggestions, tokens, work,
};
use gemba_store::{Store, memory::MemoryStore};
use gemba_testkit::{FakeClock, INVOICING, SeededChance, TestApp};
use std::sync::Arc;

fn code<T>(done: Result<T>) -> &'static str {
    done.map_or_else(|error| error.code(), |_| "done")
}

/// A company on a store that a second node has too, with a run that waits for the agent.
async fn two_nodes() -> (TestApp, App, String) {
    let store: Arc<dyn Store> = Arc::new(MemoryStore::new());
    let kit = TestApp::on(Arc::clone(&store)).await;
    let slug = kit.publish(INVOICING).await;
    let clock = FakeClock::at(kit.app.now());
    let other = App::new(store, clock, SeededChance::new(99));
    (kit, other, slug)
}

async fn waiting(kit: &TestApp, slug: &str) -> gemba_model::id::WorkItemId {
    let mia = kit.person("Mia").await;
    let run = gemba_app::runs::start(&kit.app, &mia, slug, "").await.unwrap();
    let first = gemba_app::runs::get(&kit.app, &mia, run).await.unwrap().open[0].item.id;
    let done = work::complete(&kit.app, &mia, first, work::Completion::default()).await.unwrap();
    done.next[0].item.id
}

#[tokio::test]
async fn each_switch_stops_at_once_on_every_node_and_frees_what_was_taken() {
    let (kit, other, slug) = two_nodes().await;
    let item = waiting(&kit, &slug).await;
    let (mara, dash) = (kit.person("Mara").await, kit.agent("Delivery lead").await);
    let (of_seat, of_process) =
        (Target::Seat("delivery-lead".to_owned()), Target::Process(slug.clone()));
    for target in [Target::All, of_seat, of_process] {
        work::claim(&other, &dash, item).await.expect("before");
        agents::stop(&kit.app, &mara, &target, "drill").await.expect("stopped");
        assert_eq!(code(work::claim(&other, &dash, item).await), "APP0421", "{target:?}");
        assert_eq!(code(work::claim(&kit.app, &dash, item).await), "APP0421");
        let open = work::get(&kit.app, &mara, item).await.expect("people read on");
        assert_eq!(open.row.item.holder, None, "the claim was given back");
        let started = gemba_app::runs::start(&other, &dash, &slug, "").await;
        assert_eq!(code(started), "APP0421");
        if !matches!(target, Target::Process(_)) {
            assert_eq!(code(seats::list(&other, &dash).await), "APP0421", "reading too");
        }
        let views = agents::stopped(&kit.app, &mara).await.unwrap();
        assert_eq!(views.len(), 1);
        assert_eq!((views[0].stop.by.as_str(), views[0].stop.reason.as_str()), ("Mara", "drill"));
        agents::resume(&kit.app, &mara, &target).await.expect("goes on");
        work::claim(&other, &dash, item).await.expect("after");
        work::release(&other, &dash, item).await.expect("released");
    }
    let log = audit::log(&kit.app, &mara, None, 0, 200).await.unwrap();
    for action in ["agents.stopped", "agents.resumed"] {
        assert_eq!(log.iter().filter(|row| row.entry.action == action).count(), 3, "{action}");
    }
}

#[tokio::test]
async fn people_and_their_programs_go_on_while_all_agents_are_stopped() {
    let (kit, _other, slug) = two_nodes().await;
    let mara = kit.person("Mara").await;
    agents::stop(&kit.app, &mara, &Target::All, "drill").await.expect("stopped");
    let item = waiting(&kit, &slug).await;
    work::claim(&kit.app, &mara, item).await.expect("a manager");
    let program = kit.agent("Accounting").await;
    gemba_app::runs::start(&kit.app, &program, &slug, "").await.expect("Mia's program");
}

#[tokio::test]
async fn only_people_with_a_reason_and_the_standing_move_a_switch() {
    let (kit, _other, slug) = two_nodes().await;
    let seat = Target::Seat("Delivery lead".to_owned());
    let of = async |name: &str| kit.person(name).await;
    let cases = [
        (of("Mara").await, Target::All, "done"),
        (of("Mia").await, Target::All, "APP0103"),
        (of("Mia").await, seat.clone(), "done"), // sponsor
        (of("Mia").await, Target::Process(slug.clone()), "done"), // owner
        (of("Ben").await, seat.clone(), "APP0103"),
        (of("Otto").await, seat.clone(), "APP0103"),
        (kit.agent("Delivery lead").await, seat.clone(), "APP0426"),
        (kit.agent("Accounting").await, seat.clone(), "done"), // Mia's program
    ];
    for (who, target, expected) in cases {
        let done = agents::stop(&kit.app, &who, &target, "why").await;
        assert_eq!(code(done), expected, "{} {target:?}", who.name);
        agents::resume(&kit.app, &of("Olga").await, &target).await.expect("goes on");
    }
    for reason in ["", "  ", &"x".repeat(501)] {
        let done = agents::stop(&kit.app, &of("Mara").await, &Target::All, reason).await;
        assert_eq!(code(done), "APP0301", "{reason:.5}");
    }
}

#[tokio::test]
async fn an_agent_only_reads_until_its_seat_has_all_it_needs() {
    let kit = TestApp::new().await;
    let slug = kit.publish(INVOICING).await;
    let operator = Who::operator();
    let seat = |reports_to: Option<&str>| SeatInput {
        name: "Scout".to_owned(),
        holder: HolderInput::Agent("Lookout".to_owned()),
        reports_to: reports_to.map(str::to_owned),
        ..SeatInput::default()
    };
    seats::create(&kit.app, &operator, seat(None)).await.unwrap();
    let scout = kit.agent("Scout").await;
    seats::list(&kit.app, &scout).await.expect("it reads");
    let suggest = async || suggestions::suggest(&kit.app, &scout, &slug, "# T\n", "why").await;
    let refused = suggest().await.expect_err("not ready");
    assert_eq!(refused.code(), "APP0422");
    let says = refused.to_string();
    for lack in ["no person is above", "mandate", "never does", "metric", "kill switch"] {
        assert!(says.contains(lack), "{says}");
    }
    // Without a person above it nobody is found who would hold its switch.
    let charter = gemba_testkit::charter();
    let done = agents::charter(&kit.app, &operator, "Scout", charter.clone()).await;
    assert_eq!(code(done), "APP0301");
    seats::change(&kit.app, &operator, "Scout", seat(Some("Accounting"))).await.unwrap();
    let mut blank = charter.clone();
    blank.edges = vec![" ".to_owned()];
    assert_eq!(code(agents::charter(&kit.app, &operator, "Scout", blank).await), "APP0301");
    let own = agents::charter(&kit.app, &scout, "Scout", charter.clone()).await;
    assert_eq!(code(own), "APP0103", "no agent writes its own");
    agents::charter(&kit.app, &operator, "Scout", charter).await.expect("a charter");
    let view = agents::readiness(&kit.app, &operator, "Scout").await.unwrap().unwrap();
    assert_eq!((view.missing.len(), view.switch.as_deref()), (0, Some("Mia")));
    assert_ne!(code(suggest().await), "APP0422");
    // Another agent on the seat begins anew.
    let mut other = seat(Some("Accounting"));
    other.holder = HolderInput::Agent("Nox".to_owned());
    seats::change(&kit.app, &operator, "Scout", other).await.unwrap();
    let secret = tokens::create(&kit.app, &operator, "Scout", "t").await.unwrap().secret;
    let nox = tokens::bearer(&kit.app, &secret).await.unwrap();
    let done = suggestions::suggest(&kit.app, &nox, &slug, "# T\n", "why").await;
    assert_eq!(code(done), "APP0422");
}
