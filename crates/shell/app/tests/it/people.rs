//! Signing in, tokens, seats, and who may do what.

use gemba_app::{
    Error, Who,
    accounts::{self, NewAccount},
    audit, measurables, processes, publishing, runs, seats,
    seats::{HolderInput, SeatInput},
    tokens, triggers, work, workspace,
};
use gemba_model::{id::TriggerId, role::Role};
use gemba_testkit::{INVOICING, TestApp};
use jiff::SignedDuration;

#[tokio::test]
async fn a_person_signs_in_and_out() {
    let kit = TestApp::new().await;
    let session =
        accounts::sign_in(&kit.app, " MIA@example.com ", "correct horse").await.expect("in");
    let signed_in = accounts::session(&kit.app, &session.secret).await.expect("a session");
    assert_eq!((signed_in.who.name.as_str(), signed_in.who.role), ("Mia", Role::Member));
    accounts::sign_out(&kit.app, &session.secret).await.expect("out");
    let gone = accounts::session(&kit.app, &session.secret).await;
    assert_eq!(gone.expect_err("no session").code(), "APP0101");
}

#[tokio::test]
async fn a_session_ends_by_itself_and_with_its_account() {
    let kit = TestApp::new().await;
    let session =
        accounts::sign_in(&kit.app, "mia@example.com", "correct horse").await.expect("in");
    kit.clock.pass(SignedDuration::from_hours(24 * 13));
    accounts::session(&kit.app, &session.secret).await.expect("used within two weeks");
    kit.clock.pass(SignedDuration::from_hours(24 * 15));
    assert!(accounts::session(&kit.app, &session.secret).await.is_err());

    let session =
        accounts::sign_in(&kit.app, "mia@example.com", "correct horse").await.expect("in");
    let mia = kit.person("Mia").await;
    let gemba_app::Principal::Person { account } = mia.principal else { panic!("a person") };
    accounts::change(&kit.app, &Who::operator(), account, Role::Member, false)
        .await
        .expect("stopped");
    assert!(accounts::session(&kit.app, &session.secret).await.is_err());
    assert!(accounts::sign_in(&kit.app, "mia@example.com", "correct horse").await.is_err());
}

#[tokio::test]
async fn guessing_passwords_is_stopped() {
    let kit = TestApp::new().await;
    for _ in 0..10 {
        let refused = accounts::sign_in(&kit.app, "mia@example.com", "wrong wrong").await;
        assert_eq!(refused.expect_err("wrong").code(), "APP0102");
    }
    assert!(accounts::sign_in(&kit.app, "mia@example.com", "correct horse").await.is_err());
    kit.clock.pass(SignedDuration::from_mins(15));
    accounts::sign_in(&kit.app, "mia@example.com", "correct horse").await.expect("after waiting");
}

#[tokio::test]
async fn a_link_signs_in_once() {
    let kit = TestApp::new().await;
    let mia = kit.person("Mia").await;
    let gemba_app::Principal::Person { account } = mia.principal else { panic!("a person") };
    let hour = SignedDuration::from_hours(1);
    let secret = accounts::link(&kit.app, &Who::operator(), account, hour).await.expect("a link");
    accounts::use_link(&kit.app, &secret).await.expect("once");
    assert!(accounts::use_link(&kit.app, &secret).await.is_err());
    let secret = accounts::link(&kit.app, &Who::operator(), account, hour).await.expect("a link");
    kit.clock.pass(hour);
    assert!(accounts::use_link(&kit.app, &secret).await.is_err());
}

#[tokio::test]
async fn a_changed_password_ends_all_sessions() {
    let kit = TestApp::new().await;
    let mia = kit.person("Mia").await;
    let session =
        accounts::sign_in(&kit.app, "mia@example.com", "correct horse").await.expect("in");
    let wrong = accounts::change_password(&kit.app, &mia, "nonsense", "battery staple").await;
    assert_eq!(wrong.expect_err("wrong").code(), "APP0301");
    let short = accounts::change_password(&kit.app, &mia, "correct horse", "short").await;
    assert_eq!(short.expect_err("too short").code(), "APP0301");
    accounts::change_password(&kit.app, &mia, "correct horse", "battery staple")
        .await
        .expect("changed");
    assert!(accounts::session(&kit.app, &session.secret).await.is_err());
    accounts::sign_in(&kit.app, "mia@example.com", "battery staple").await.expect("the new one");
}

#[tokio::test]
async fn a_token_acts_for_its_seat_until_it_is_taken_back() {
    let kit = TestApp::new().await;
    let made =
        tokens::create(&kit.app, &Who::operator(), "delivery-lead", "ci").await.expect("made");
    let who = tokens::bearer(&kit.app, &made.secret).await.expect("known");
    assert_eq!((who.name.as_str(), who.role), ("Dash", Role::Member));
    assert!(tokens::bearer(&kit.app, "gemba_nonsense").await.is_err());
    assert!(tokens::list(&kit.app, &who).await.is_err(), "a token looks after no tokens");
    let listed = tokens::list(&kit.app, &Who::operator()).await.expect("listed");
    assert!(listed[0].token.hash.is_empty() && made.secret.starts_with(&listed[0].token.prefix));
    tokens::revoke(&kit.app, &Who::operator(), made.id).await.expect("taken back");
    assert!(tokens::bearer(&kit.app, &made.secret).await.is_err());
}

#[tokio::test]
async fn only_an_owner_appoints_admins_and_one_owner_stays() {
    let kit = TestApp::new().await;
    let adam = kit.person("Adam").await;
    let new = NewAccount {
        email: "eve@example.com".to_owned(),
        name: "Eve".to_owned(),
        password: None,
        role: Role::Admin,
    };
    let refused = accounts::create(&kit.app, &adam, new.clone()).await;
    assert_eq!(refused.expect_err("an admin").code(), "APP0103");
    let id =
        accounts::create(&kit.app, &adam, NewAccount { role: Role::Member, ..new.clone() }).await;
    assert!(accounts::change(&kit.app, &adam, id.expect("made"), Role::Owner, true).await.is_err());
    let taken = accounts::create(&kit.app, &adam, NewAccount { role: Role::Member, ..new }).await;
    assert_eq!(taken.expect_err("the address is taken").code(), "APP0302");
    let olga = kit.person("Olga").await;
    let gemba_app::Principal::Person { account } = olga.principal else { panic!("a person") };
    let last = accounts::change(&kit.app, &olga, account, Role::Member, true).await;
    assert_eq!(last.expect_err("the last owner").code(), "APP0301");
}

#[tokio::test]
async fn what_each_persona_may_not_do_is_refused() {
    let kit = TestApp::new().await;
    let slug = kit.publish(INVOICING).await;
    let (otto, ben) = (kit.person("Otto").await, kit.person("Ben").await);
    let dash = kit.agent("Delivery lead").await;
    let code = |error: Error| error.code();
    assert_eq!(runs::start(&kit.app, &otto, &slug, "").await.map_err(code), Err("APP0103"));
    assert_eq!(processes::create(&kit.app, &otto, "X").await.map_err(code), Err("APP0103"));
    let draft = processes::draft(&kit.app, &ben, &slug).await.expect("all may read");
    let save = processes::save_draft(&kit.app, &ben, &slug, String::new(), draft.version).await;
    assert_eq!(save.map(|_| ()).map_err(code), Err("APP0103"));
    for who in [&ben, &dash] {
        let publish =
            publishing::publish(&kit.app, who, &slug, publishing::Publication::default()).await;
        assert_eq!(publish.map(|_| ()).map_err(code), Err("APP0103"));
        let seat = SeatInput { name: "New".to_owned(), ..SeatInput::default() };
        assert_eq!(seats::create(&kit.app, who, seat).await.map_err(code), Err("APP0103"));
        assert!(workspace::change(&kit.app, who, renamed()).await.is_err());
    }
    let run = runs::start(&kit.app, &ben, &slug, "").await.expect("a member starts");
    assert_eq!(runs::cancel(&kit.app, &ben, run, "why not").await.map_err(code), Err("APP0103"));
    assert!(audit::log(&kit.app, &otto, None, 0, 50).await.expect("all may read").len() > 5);
}

#[tokio::test]
async fn the_chart_has_no_circles_and_no_two_seats_of_one_name() {
    let kit = TestApp::new().await;
    let who = Who::operator();
    let under = |name: &str, above: &str| SeatInput {
        name: name.to_owned(),
        reports_to: Some(above.to_owned()),
        ..SeatInput::default()
    };
    seats::change(&kit.app, &who, "sales", under("Sales", "accounting")).await.expect("fine");
    let circle = seats::change(&kit.app, &who, "accounting", under("Accounting", "sales")).await;
    assert_eq!(circle.expect_err("a circle").code(), "APP0301");
    let same = seats::create(&kit.app, &who, under("SALES", "accounting")).await;
    assert_eq!(same.expect_err("taken").code(), "APP0302");
    let renamed = SeatInput {
        name: "Revenue".to_owned(),
        holder: HolderInput::Agent("Scout".to_owned()),
        ..SeatInput::default()
    };
    seats::change(&kit.app, &who, "sales", renamed).await.expect("renamed");
    let seat = seats::get(&kit.app, &who, "Sales").await.expect("found by its old name");
    assert_eq!(seat.seat.name, "Revenue");
    let missing = seats::get(&kit.app, &who, "nowhere").await;
    assert_eq!(missing.expect_err("no seat").code(), "APP0201");
    seats::delete(&kit.app, &who, "sales").await.expect("nothing needs it");
}

#[tokio::test]
async fn values_are_pushed_by_the_seat_that_owns_them() {
    let kit = TestApp::new().await;
    let who = Who::operator();
    let input = measurables::MeasurableInput {
        name: "Invoices out".to_owned(),
        seat: "Delivery lead".to_owned(),
        unit: "invoices".to_owned(),
        goal: 10.0,
        direction: gemba_app::records::Direction::Up,
    };
    let slug = measurables::create(&kit.app, &who, input).await.expect("made");
    let (dash, mia) = (kit.agent("Delivery lead").await, kit.person("Mia").await);
    assert!(measurables::push(&kit.app, &mia, &slug, 1.0, None).await.is_err());
    measurables::push(&kit.app, &dash, &slug, 12.0, Some("2026-W01")).await.expect("last week");
    measurables::push(&kit.app, &dash, &slug, 7.0, None).await.expect("this week");
    measurables::push(&kit.app, &dash, &slug, 8.0, None).await.expect("again");
    for (value, week) in [(f64::NAN, None), (1.0, Some("2026-W40")), (1.0, Some("soon"))] {
        let refused = measurables::push(&kit.app, &dash, &slug, value, week).await;
        assert_eq!(refused.expect_err("no").code(), "APP0301");
    }
    let needed = seats::delete(&kit.app, &who, "delivery-lead").await;
    assert_eq!(needed.expect_err("it answers for a measurable").code(), "APP0301");
    let rows = measurables::scorecard(&kit.app, &mia).await.expect("a scorecard");
    let weeks = &rows[0].weeks;
    assert_eq!(weeks.len(), measurables::WEEKS);
    let last: Vec<_> = weeks.iter().rev().take(3).map(|w| (w.period.as_str(), w.value)).collect();
    assert_eq!(last, [("2026-W02", Some(8.0)), ("2026-W01", Some(12.0)), ("2025-W52", None)]);
    assert_eq!(rows[0].latest, measurables::Standing::OffTrack);
}

#[tokio::test]
async fn what_does_not_exist_is_not_found() {
    let kit = TestApp::new().await;
    let who = Who::operator();
    let missing = triggers::occurrences(&kit.app, &who, TriggerId::new(1, 1), None, None, 5).await;
    assert_eq!(missing.expect_err("no trigger").code(), "APP0201");
    let missing = work::get(&kit.app, &who, gemba_model::id::WorkItemId::new(1, 1)).await;
    assert_eq!(missing.expect_err("no work").code(), "APP0201");
    let draft = processes::create(&kit.app, &who, "Fresh").await.expect("made");
    let refused = runs::start(&kit.app, &who, &draft, "").await;
    assert_eq!(refused.expect_err("not published").code(), "APP0403");
}

#[tokio::test]
async fn a_new_holder_ends_the_tokens_of_the_seat() {
    let kit = TestApp::new().await;
    let secret = kit.token("delivery-lead").await;
    tokens::bearer(&kit.app, &secret).await.expect("known");
    let input = SeatInput {
        name: "Delivery lead".to_owned(),
        holder: HolderInput::Agent("Dot".to_owned()),
        ..SeatInput::default()
    };
    seats::change(&kit.app, &Who::operator(), "delivery-lead", input).await.expect("changed");
    assert!(tokens::bearer(&kit.app, &secret).await.is_err());
}

#[tokio::test]
async fn seats_have_names_in_any_script() {
    let kit = TestApp::new().await;
    let who = Who::operator();
    let named = |name: &str| SeatInput { name: name.to_owned(), ..SeatInput::default() };
    let first = seats::create(&kit.app, &who, named("会計")).await.expect("made");
    let second = seats::create(&kit.app, &who, named("営業")).await.expect("made");
    assert_ne!(first, second);
    assert_eq!(seats::get(&kit.app, &who, "営業").await.expect("found").seat.slug, second);
    seats::create(&kit.app, &who, named("The Board")).await.expect("made");
    seats::get(&kit.app, &who, "the board").await.expect("found with its article");
    seats::get(&kit.app, &who, "Board").await.expect("found without it");
}

#[tokio::test]
async fn only_the_operator_acts_as_somebody_else() {
    let kit = TestApp::new().await;
    let olga = kit.person("Olga").await;
    let gemba_app::Principal::Person { account } = olga.principal else { panic!("a person") };
    let refused = accounts::acting_as(&kit.app, &olga, account).await;
    assert_eq!(refused.expect_err("not the operator").code(), "APP0103");
}

fn renamed() -> workspace::Settings {
    workspace::Settings { name: "X".to_owned(), zone: "UTC".to_owned(), second_person: None }
}
