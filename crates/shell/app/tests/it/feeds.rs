//! A calendar program reads what is due for a seat, by a link that can be taken back.

use gemba_app::{Error, Principal, Who, accounts, feeds, runs};
use gemba_testkit::{INVOICING, TestApp};

/// Invoicing with a deadline and a review.
fn with_dates() -> String {
    INVOICING.replace("owner: Accounting\n", "owner: Accounting\nreview: every 6 months\n").replace(
        "   Pull the approved timesheets.\n",
        "   Pull the approved timesheets.\n\n   - Due: 2 days\n",
    )
}

#[tokio::test]
async fn the_calendar_of_a_seat_has_its_deadlines_reviews_and_scheduled_runs() {
    let kit = TestApp::new().await;
    kit.publish(&with_dates()).await;
    let mia = kit.person("Mia").await;
    let mara = kit.person("Mara").await;
    runs::start(&kit.app, &mara, "monthly-invoicing", "March; late, too").await.unwrap();
    let secret = feeds::create(&kit.app, &mia, "accounting").await.unwrap();
    let text = feeds::calendar(&kit.app, &secret).await.unwrap();
    let lines: Vec<String> = text.replace("\r\n ", "").split("\r\n").map(str::to_owned).collect();
    for expected in [
        "SUMMARY:Due: Collect the hours",
        "DESCRIPTION:March\\; late\\, too\\, Monthly invoicing",
        "DTSTART:20260107T160000Z",
        "SUMMARY:Review: Monthly invoicing",
        "SUMMARY:Starts: Monthly invoicing",
        "DTSTART:20260201T080000Z",
        "CATEGORIES:Scheduled run",
    ] {
        assert!(lines.iter().any(|line| line == expected), "{expected}\n{text}");
    }
    assert_eq!(
        lines.iter().filter(|line| *line == "SUMMARY:Starts: Monthly invoicing").count(),
        10
    );
    assert!(lines.iter().any(|line| line.starts_with("URL:https://gemba.example/work/work_")));
    assert!(feeds::list(&kit.app, &mia, "accounting").await.unwrap()[0].used.is_some());
    // Another seat has another calendar.
    let other = feeds::create(&kit.app, &mara, "sales").await.unwrap();
    let text = feeds::calendar(&kit.app, &other).await.unwrap();
    assert!(!text.contains("VEVENT"), "{text}");
}

#[tokio::test]
async fn a_link_is_made_by_the_holder_is_not_shown_again_and_ends() {
    let kit = TestApp::new().await;
    let (app, mia) = (&kit.app, kit.person("Mia").await);
    for (persona, may) in [("Otto", false), ("Ben", false), ("Mia", true), ("Mara", true)] {
        let who = kit.person(persona).await;
        let made = feeds::create(app, &who, "accounting").await;
        assert_eq!(made.is_ok(), may, "{persona}");
        assert_eq!(feeds::list(app, &who, "accounting").await.is_ok(), may, "{persona}");
    }
    kit.clock.pass(jiff::SignedDuration::from_secs(1));
    let secret = feeds::create(app, &mia, "accounting").await.unwrap();
    let all = feeds::list(app, &mia, "accounting").await.unwrap();
    assert!(all.iter().all(|feed| feed.hash.is_empty()));
    feeds::calendar(app, &secret).await.unwrap();
    let otto = kit.person("Otto").await;
    assert!(matches!(feeds::revoke(app, &otto, all[0].id).await, Err(Error::Forbidden { .. })));
    feeds::revoke(app, &mia, all[0].id).await.unwrap();
    for gone in [secret.as_str(), "", "cal_x", &"x".repeat(500)] {
        assert!(matches!(feeds::calendar(app, gone).await, Err(Error::NotFound { .. })), "{gone}");
    }
    // It ends with the account of the one who made it.
    let secret = feeds::create(app, &mia, "accounting").await.unwrap();
    let Principal::Person { account } = mia.principal else { panic!("a person") };
    accounts::change(app, &Who::operator(), account, mia.role, false).await.unwrap();
    assert!(feeds::calendar(app, &secret).await.is_err());
    for _ in 0..17 {
        feeds::create(app, &Who::operator(), "accounting").await.unwrap();
    }
    assert!(feeds::create(app, &Who::operator(), "accounting").await.is_err());
}
