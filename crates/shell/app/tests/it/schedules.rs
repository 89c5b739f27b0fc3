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

const HOUR: SignedDuration = SignedDuration::from_hours(1);

/// Sets the holidays of the workspace, Monday to Friday.
async fn closed(kit: &TestApp, holidays: &str) {
    let hours = gemba_app::workspace::HoursInput {
        holidays: holidays.to_owned(),
        ..gemba_app::workspace::HoursInput::default()
    };
    gemba_app::workspace::set_hours(&kit.app, &Who::operator(), &hours).await.expect("set");
}

/// A process with this rule, from Monday, 5 January 2026, 09:00 in Berlin on.
async fn scheduled(rule: &str) -> (TestApp, gemba_model::id::TriggerId) {
    let kit = TestApp::new().await;
    let slug = kit.publish(&INVOICING.replace("monthly on the 1st at 09:00", rule)).await;
    let view = processes::get(&kit.app, &Who::operator(), &slug).await.expect("the process");
    let id = view.triggers[0].trigger.id;
    (kit, id)
}

/// The days of the occurrences that started a run, earliest first, then the three next.
async fn days(kit: &TestApp, id: gemba_model::id::TriggerId) -> String {
    let who = Who::operator();
    let past = triggers::occurrences(&kit.app, &who, id, None, None, 50).await.expect("the past");
    let date = |civil: &str| civil.split('T').next().unwrap_or_default().to_owned();
    let started = past.iter().rev().filter(|o| o.row.run.is_some());
    let started: Vec<String> = started.map(|o| date(&o.row.civil)).collect();
    let next = triggers::get(&kit.app, &who, id).await.expect("the trigger").next;
    let next: Vec<String> =
        next.iter().take(3).map(|p| date(&p.firing.civil.to_string())).collect();
    format!("{} > {}", started.join(" "), next.join(" "))
}

#[tokio::test]
async fn workdays_of_a_schedule_are_those_of_the_workspace() {
    let (kit, id) = scheduled("every workday at 09:00").await;
    assert_eq!(days(&kit, id).await, " > 2026-01-06 2026-01-07 2026-01-08");
    closed(&kit, "2026-01-06 Epiphany\n2026-01-08 Closed").await;
    assert_eq!(days(&kit, id).await, " > 2026-01-07 2026-01-09 2026-01-12");
    kit.clock.pass(DAY * 4);
    triggers::fire_due(&kit.app, 100).await.expect("looked");
    assert_eq!(days(&kit, id).await, "2026-01-07 2026-01-09 > 2026-01-12 2026-01-13 2026-01-14");
    closed(&kit, "").await;
    assert_eq!(days(&kit, id).await, "2026-01-07 2026-01-09 > 2026-01-12 2026-01-13 2026-01-14");
}

#[tokio::test]
async fn what_was_handled_comes_on_no_other_day_when_the_calendar_changes() {
    // The 10th is a Saturday.
    let (kit, id) = scheduled("monthly on the 10th or the next workday at 09:00").await;
    assert_eq!(days(&kit, id).await, " > 2026-01-12 2026-02-10 2026-03-10");
    kit.clock.pass(DAY * 7 + HOUR);
    triggers::fire_due(&kit.app, 100).await.expect("looked");
    // It is Monday, the 12th, and the run has begun: that day becomes a holiday, and then another does.
    for holidays in ["2026-01-12 Closed", "2026-01-12 Closed\n2026-02-10 Closed"] {
        closed(&kit, holidays).await;
    }
    assert_eq!(days(&kit, id).await, "2026-01-12 > 2026-02-11 2026-03-10 2026-04-10");
    kit.clock.pass(DAY * 31);
    triggers::fire_due(&kit.app, 100).await.expect("looked");
    assert_eq!(days(&kit, id).await, "2026-01-12 2026-02-11 > 2026-03-10 2026-04-10 2026-05-11");
}

#[tokio::test]
async fn what_was_not_handled_is_not_lost_when_the_calendar_puts_it_into_the_past() {
    let (kit, id) = scheduled("monthly on the 10th or the next workday at 09:00").await;
    closed(&kit, "2026-01-12 Closed").await;
    assert_eq!(days(&kit, id).await, " > 2026-01-13 2026-02-10 2026-03-10");
    // Monday, 10:00: it is a workday after all, but its 09:00 has passed.
    kit.clock.pass(DAY * 7 + HOUR);
    triggers::fire_due(&kit.app, 100).await.expect("looked");
    closed(&kit, "").await;
    assert_eq!(days(&kit, id).await, " > 2026-01-13 2026-02-10 2026-03-10");
    kit.clock.pass(DAY);
    triggers::fire_due(&kit.app, 100).await.expect("looked");
    assert_eq!(days(&kit, id).await, "2026-01-13 > 2026-02-10 2026-03-10 2026-04-10");
}

#[tokio::test]
async fn what_is_due_when_the_calendar_changes_keeps_its_moment_and_what_follows_goes_by_the_new_one()
 {
    let (kit, id) = scheduled("every workday at 09:00").await;
    // Wednesday noon, and nobody has looked since Monday.
    kit.clock.pass(DAY * 2 + HOUR * 3);
    closed(&kit, "2026-01-06 Closed\n2026-01-08 Closed").await;
    triggers::fire_due(&kit.app, 100).await.expect("looked");
    assert_eq!(days(&kit, id).await, "2026-01-06 2026-01-07 > 2026-01-09 2026-01-12 2026-01-13");
}

#[tokio::test]
async fn a_company_that_never_works_has_no_schedule_until_it_does() {
    let (kit, id) = scheduled("monthly on the last workday at 09:00").await;
    let first = jiff::civil::date(2026, 1, 1);
    let all: Vec<String> =
        first.series(jiff::Span::new().days(1)).take(900).map(|d| d.to_string()).collect();
    closed(&kit, &all.join("\n")).await;
    assert_eq!(days(&kit, id).await, " > 2028-06-30 2028-07-31 2028-08-31");
    closed(&kit, "").await;
    assert_eq!(days(&kit, id).await, " > 2026-01-30 2026-02-27 2026-03-31");
}

#[tokio::test]
async fn the_public_holidays_of_a_place_count_in_every_year() {
    // 6 January is one in Bavaria, and Friday, 1 May.
    let (kit, id) = scheduled("every workday at 09:00").await;
    let hours = gemba_app::workspace::HoursInput {
        place: "de-by".to_owned(),
        ..gemba_app::workspace::HoursInput::default()
    };
    let set = async |hours: gemba_app::workspace::HoursInput| {
        gemba_app::workspace::set_hours(&kit.app, &Who::operator(), &hours).await.expect("set");
    };
    set(hours.clone()).await;
    assert_eq!(days(&kit, id).await, " > 2026-01-07 2026-01-08 2026-01-09");
    kit.clock.pass(DAY * 114);
    triggers::fire_due(&kit.app, 1000).await.expect("looked");
    let after = days(&kit, id).await;
    assert!(after.ends_with("> 2026-04-30 2026-05-04 2026-05-05"), "{after}");
    assert!(!after.contains("2026-04-03") && !after.contains("2026-04-06"), "{after}");
    // They work on May Day, and close on the 4th.
    let worked = gemba_app::workspace::HoursInput {
        worked: "2026-05-01".to_owned(),
        holidays: "2026-05-04 Closed".to_owned(),
        ..hours
    };
    set(worked).await;
    let after = days(&kit, id).await;
    assert!(after.ends_with("> 2026-04-30 2026-05-01 2026-05-05"), "{after}");
    let kept = gemba_app::workspace::get(&kit.app, &Who::operator()).await.expect("it").hours;
    let free = gemba_app::workspace::free_days(&kept, 2026);
    let told = |n: usize| (free[n].date.to_string(), free[n].name.as_str(), free[n].is_public);
    assert_eq!(told(1), ("2026-01-06".to_owned(), "Epiphany", true));
    assert!(free.iter().any(|day| day.worked && day.date.to_string() == "2026-05-01"));
    assert!(free.iter().any(|day| !day.is_public && day.name == "Closed"));
    assert_eq!(gemba_app::workspace::HoursInput::of(&kept).place, "DE-BY");
}

#[tokio::test]
async fn hours_that_cannot_be_read_say_which_line() {
    let kit = TestApp::new().await;
    let usual = gemba_app::workspace::HoursInput::default;
    for (input, field) in [
        (gemba_app::workspace::HoursInput { place: "DE-XX".to_owned(), ..usual() }, "place"),
        (gemba_app::workspace::HoursInput { worked: "May Day".to_owned(), ..usual() }, "worked"),
        (gemba_app::workspace::HoursInput { remind: "often".to_owned(), ..usual() }, "remind"),
        (gemba_app::workspace::HoursInput { days: vec![8], ..usual() }, "days"),
        (gemba_app::workspace::HoursInput { close: "late".to_owned(), ..usual() }, "close"),
    ] {
        let refused = gemba_app::workspace::set_hours(&kit.app, &Who::operator(), &input).await;
        match refused {
            Err(gemba_app::Error::Invalid { field: at, .. }) => assert_eq!(at, field),
            other => panic!("{field}: {other:?}"),
        }
    }
}
