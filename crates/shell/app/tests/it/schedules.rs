//! Every due occurrence starts exactly one run.

use gemba_app::{Who, processes, runs, triggers};
use gemba_testkit::{INVOICING, TestApp};
use jiff::SignedDuration;

const DAY: SignedDuration = SignedDuration::from_hours(24);

#[tokio::test]
async fn each_due_occurrence_starts_one_run_also_when_many_look() {
    let kit = TestApp::new().await;
    let slug =
        kit.publish(&INVOICING.replace("monthly on the 1st at 09:00", "every day at 09:00")).await;
    // It is Monday 09:00 in Berlin: today's 09:00 is not strictly after, so tomorrow's is the first.
    assert_eq!(triggers::fire_due(&kit.app, 100).await.expect("looked"), 0);
    kit.clock.pass(DAY);
    let (a, b) = tokio::join!(triggers::fire_due(&kit.app, 100), triggers::fire_due(&kit.app, 100));
    assert_eq!(a.expect("looked") + b.expect("looked"), 1);
    assert_eq!(triggers::fire_due(&kit.app, 100).await.expect("looked"), 0);
    // Five days nobody was there.
    kit.clock.pass(DAY * 5);
    assert_eq!(triggers::fire_due(&kit.app, 100).await.expect("looked"), 5);
    let listing =
        runs::Listing { process: Some(slug.clone()), limit: 50, ..runs::Listing::default() };
    let all = runs::list(&kit.app, &Who::operator(), listing).await.expect("runs");
    assert_eq!(all.len(), 6);
    let mut titles: Vec<&str> = all.iter().map(|r| r.title.as_str()).collect();
    titles.sort_unstable();
    assert_eq!(
        (titles[0], titles[5]),
        ("Monthly invoicing, 2026-01-06", "Monthly invoicing, 2026-01-11")
    );
    let view = processes::get(&kit.app, &Who::operator(), &slug).await.expect("the process");
    let trigger = &view.triggers[0];
    assert_eq!(trigger.next[0].to_string(), "2026-01-12T08:00:00Z");
    let occurrences =
        triggers::occurrences(&kit.app, &Who::operator(), trigger.trigger.id, None, None, 50).await;
    let occurrences = occurrences.expect("occurrences");
    assert!(occurrences.len() == 6 && occurrences.iter().all(|o| o.row.run.is_some()));
    assert_eq!(occurrences[5].late_s, 0);
}

#[tokio::test]
async fn a_schedule_that_is_taken_out_fires_no_more_and_one_that_stays_keeps_its_time() {
    let kit = TestApp::new().await;
    let who = Who::operator();
    let slug =
        kit.publish(&INVOICING.replace("monthly on the 1st at 09:00", "every day at 09:00")).await;
    let before =
        processes::get(&kit.app, &who, &slug).await.expect("the process").triggers[0].clone();
    let edit = async |from: &str, to: &str| {
        let draft = processes::draft(&kit.app, &who, &slug).await.expect("the draft");
        let text = draft.source.replace(from, to);
        processes::save_draft(&kit.app, &who, &slug, text, draft.version).await.expect("saved");
        let with = gemba_app::publishing::Publication::noted("Other times.");
        gemba_app::publishing::publish(&kit.app, &who, &slug, with).await.expect("published");
        processes::get(&kit.app, &who, &slug).await.expect("the process").triggers
    };
    let same = edit("Pull the approved", "Fetch the approved").await;
    assert_eq!(same[0].trigger, before.trigger);
    let none = edit("trigger: every day at 09:00", "trigger: a client asks").await;
    assert!(none.is_empty());
    kit.clock.pass(DAY * 3);
    assert_eq!(triggers::fire_due(&kit.app, 100).await.expect("looked"), 0);
}

#[tokio::test]
async fn another_zone_runs_no_date_twice() {
    let kit = TestApp::new().await;
    let who = Who::operator();
    kit.publish(&INVOICING.replace("monthly on the 1st at 09:00", "every day at 09:00")).await;
    // Tuesday, 08:30 UTC: the run of 09:00 in Berlin has begun, 09:00 in New York is still to come.
    kit.clock.pass(DAY + SignedDuration::from_mins(30));
    assert_eq!(triggers::fire_due(&kit.app, 100).await.expect("looked"), 1);
    gemba_app::workspace::change(
        &kit.app,
        &who,
        gemba_app::workspace::Settings {
            name: "Acme".to_owned(),
            zone: "America/New_York".to_owned(),
            second_person: None,
        },
    )
    .await
    .expect("changed");
    kit.clock.pass(SignedDuration::from_hours(12));
    assert_eq!(triggers::fire_due(&kit.app, 100).await.expect("looked"), 0);
    let next = triggers::next_due(&kit.app).await.expect("asked").expect("planned");
    assert_eq!(next.to_string(), "2026-01-07T14:00:00Z");
}

#[tokio::test]
async fn a_long_backlog_of_one_schedule_holds_up_no_other() {
    let kit = TestApp::new().await;
    kit.publish(&INVOICING.replace("monthly on the 1st at 09:00", "\"cron: * * * * *\"")).await;
    let other = INVOICING.replace("Monthly invoicing", "Payroll");
    kit.publish(&other.replace("monthly on the 1st at 09:00", "every day at 10:00")).await;
    kit.clock.pass(DAY);
    assert_eq!(triggers::fire_due(&kit.app, 10).await.expect("looked"), 10);
    let listing = runs::Listing {
        process: Some("payroll".to_owned()),
        limit: 50,
        ..runs::Listing::default()
    };
    assert_eq!(runs::list(&kit.app, &Who::operator(), listing).await.expect("runs").len(), 1);
}

#[tokio::test]
async fn a_schedule_that_never_fires_is_not_published() {
    let kit = TestApp::new().await;
    let who = Who::operator();
    let slug = kit.publish(INVOICING).await;
    let draft = processes::draft(&kit.app, &who, &slug).await.expect("the draft");
    let text = draft.source.replace("monthly on the 1st at 09:00", "\"cron: 0 9 30 2 *\"");
    processes::save_draft(&kit.app, &who, &slug, text, draft.version).await.expect("saved");
    let with = gemba_app::publishing::Publication::default();
    let refused = gemba_app::publishing::publish(&kit.app, &who, &slug, with).await;
    assert_eq!(refused.expect_err("never").code(), "APP0301");
}
