//! The sample company stands as it was planned.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test fails by panicking")]

use gemba_app::{
    App, Who, accounts, coverage, coverage::Gap, insight, measurables, measurables::Standing,
    processes, runs, triggers, work,
};
use gemba_model::role::Role;
use gemba_store::memory::MemoryStore;
use gemba_testkit::TestApp;
use jiff::{Timestamp, tz::TimeZone};
use std::collections::BTreeMap;
use std::sync::Arc;

/// The second Tuesday of a month at ten: the very instant at which the process of the vacant seat, which
/// never ran, would be started.
const NOW: &str = "2026-11-10T09:00:00.000000789Z";

struct Northlight {
    app: App,
    /// The one that `fill` names.
    lead: Who,
    now: Timestamp,
}

async fn filled(now: &str) -> Northlight {
    let now = now.parse().unwrap();
    let kit = TestApp::bare(Arc::new(MemoryStore::new()));
    kit.clock.set(now);
    let account = gemba_sample::fill(&kit.app, now).await.unwrap();
    let lead = accounts::acting_as(&kit.app, &Who::operator(), account).await.unwrap();
    Northlight { app: kit.app, lead, now }
}

fn plan() -> serde_json::Value {
    serde_json::from_str(include_str!("../../company.json")).unwrap()
}

/// What one sees of the past, without ids.
async fn seen(company: &Northlight) -> Vec<String> {
    let Northlight { app, lead, .. } = company;
    let mut seen = Vec::new();
    for row in processes::list(app, lead).await.unwrap() {
        let happened = insight::of_process(app, lead, &row.slug).await.unwrap();
        seen.push(format!("{} {:?} {happened:?}", row.slug, (row.running, row.cancelled)));
    }
    for row in measurables::scorecard(app, lead).await.unwrap() {
        seen.push(format!("{:?}", row.weeks));
    }
    seen
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_sample_company_is_as_planned_each_time_it_is_made() {
    let again = tokio::spawn(filled(NOW));
    let company = tokio::spawn(filled(NOW)).await.unwrap();
    every_process_stands_and_runs_as_planned(&company).await;
    the_audit_finds_each_planted_gap(&company).await;
    every_page_has_something_to_show(&company).await;
    no_occurrence_is_left_for_the_loops(&company).await;
    evidence_and_reasons_are_of_the_step(&company).await;
    let again = again.await.unwrap();
    assert_eq!(seen(&company).await, seen(&again).await, "the same now gives the same company");
}

async fn every_process_stands_and_runs_as_planned(company: &Northlight) {
    let Northlight { app, lead, now } = company;
    let plan = plan();
    let rows = processes::list(app, lead).await.unwrap();
    assert_eq!(rows.len(), 24);
    for entry in plan["processes"].as_array().unwrap() {
        let slug = entry["slug"].as_str().unwrap();
        let row = rows.iter().find(|row| row.slug == slug).unwrap();
        let is_published = entry["state"] == "published";
        assert_eq!(row.revision.is_some(), is_published, "{slug}");
        if !is_published {
            assert_eq!(row.running + row.completed + row.cancelled, 0, "{slug}");
            continue;
        }
        let history = &plan["history"][slug];
        let weeks = history["weeks"].as_i64().unwrap_or(8);
        let since = *now - jiff::SignedDuration::from_hours(weeks * 7 * 24);
        let listing =
            runs::Listing { process: Some(slug.to_owned()), limit: 200, ..Default::default() };
        let begun = runs::list(app, lead, listing).await.unwrap();
        let begun = begun.iter().filter(|run| run.started >= since).count();
        let (begun, planned) = (i64::try_from(begun).unwrap(), history["runs"].as_i64().unwrap());
        // A month, or the hour of a day, may hold one occurrence more or less.
        let tolerance = i64::from(row.next_due.is_some());
        assert!((begun - planned).abs() <= tolerance, "{slug}: {begun} of {planned}");
        assert_eq!(row.running, history["open_runs"].as_i64().unwrap(), "{slug} is under way");
        let is_verified = matches!(row.trust, gemba_app::records::Trust::Verified { .. });
        assert_eq!(is_verified, entry["verified"] == true, "{slug}");
    }
    let cancelled: i64 = rows.iter().map(|row| row.cancelled).sum();
    assert!((5..=10).contains(&cancelled), "{cancelled} cancelled");
}

async fn the_audit_finds_each_planted_gap(company: &Northlight) {
    let Northlight { app, lead, .. } = company;
    let report = coverage::report(app, lead).await.unwrap();
    let found: BTreeMap<&str, &[Gap]> =
        report.processes.iter().map(|p| (p.process.slug.as_str(), p.gaps.as_slice())).collect();
    let mut planted: Vec<(&str, Vec<Gap>)> = vec![
        ("supplier-payment-run", vec![Gap::NoOwner, Gap::NotPublished]),
        ("client-complaint-handling", vec![Gap::OwnerIsNoSeat, Gap::NotPublished]),
        ("contract-renewal", vec![Gap::NoTrigger, Gap::NotPublished]),
        ("software-access-requests", vec![Gap::NoOutput, Gap::NotPublished]),
        ("monthly-newsletter", vec![Gap::NoFailureSignals, Gap::NotPublished]),
        ("leaver-offboarding", vec![Gap::HasErrors, Gap::NotPublished]),
        ("case-study-production", vec![Gap::HasErrors, Gap::NotPublished]),
        ("project-kick-off", vec![Gap::Stale]),
        ("content-publishing", vec![Gap::Stale]),
        ("client-reporting", vec![Gap::Unverified]),
    ];
    let data = vec![Gap::OwnerVacant, Gap::Stale, Gap::Unverified, Gap::NeverRun];
    planted.push(("monthly-data-quality-check", data));
    assert_eq!(found.len(), planted.len(), "{found:?}");
    for (slug, gaps) in planted {
        assert!(gaps.iter().all(|gap| found[slug].contains(gap)), "{slug}: {:?}", found[slug]);
    }
    for (slug, code) in [("leaver-offboarding", "SOP0201"), ("case-study-production", "SOP0204")] {
        let draft = processes::draft(app, lead, slug).await.unwrap();
        let codes: Vec<String> =
            draft.checked.diagnostics.iter().map(|d| d.code.to_string()).collect();
        assert!(codes.iter().any(|c| c == code), "{slug}: {codes:?}");
    }
    assert_eq!(report.idle_seats.len(), 5);
    assert_eq!(report.vacant_owners.len(), 1);
}

async fn every_page_has_something_to_show(company: &Northlight) {
    let Northlight { app, lead, .. } = company;
    assert!(lead.role >= Role::Manager);
    let mine = work::mine(app, lead).await.unwrap();
    let steps: Vec<&str> = mine.items.iter().map(|row| row.step.id.as_str()).collect();
    assert_eq!(steps, ["raise-alarm", "confirm-value", "decide-conflict"]);
    let taken = work::Listing {
        states: vec![work::ItemState::Claimed],
        limit: 100,
        ..work::Listing::default()
    };
    assert_eq!(work::list(app, lead, taken).await.unwrap().len(), 4);
    for name in ["Elif Demir", "Priya Raman", "Ben Hartley"] {
        let all = accounts::list(app, lead).await.unwrap();
        let id = all.iter().find(|account| account.name == name).unwrap().id;
        let who = accounts::acting_as(app, &Who::operator(), id).await.unwrap();
        let mine = work::mine(app, &who).await.unwrap();
        let n = mine.reviews.len() + mine.to_verify.len();
        assert!(n > 0 && !mine.items.is_empty(), "{name} has nothing to review or to do");
    }
    let scorecard = measurables::scorecard(app, lead).await.unwrap();
    assert_eq!(scorecard.len(), 16);
    for row in &scorecard {
        assert_eq!(row.weeks.len(), 13);
        let (this, past) = row.weeks.split_last().unwrap();
        assert!(past.iter().all(|week| week.value.is_some()), "{}", row.measurable.name);
        let is_pending = row.measurable.name == "Client satisfaction";
        assert_eq!(this.standing == Standing::Pending, is_pending, "{}", row.measurable.name);
    }
    let off = scorecard.iter().filter(|row| row.latest == Standing::OffTrack).count();
    assert!((2..12).contains(&off), "{off} are off track");
    let slow = insight::of_process(app, lead, "lead-intake").await.unwrap();
    assert!(slow.paths.len() > 3 && slow.median_cycle_s.is_some());
}

async fn no_occurrence_is_left_for_the_loops(company: &Northlight) {
    let next = triggers::next_due(&company.app).await.unwrap().unwrap();
    assert!(next > company.now);
    assert_eq!(triggers::fire_due(&company.app, 100).await.unwrap(), 0);
}

async fn evidence_and_reasons_are_of_the_step(company: &Northlight) {
    let Northlight { app, lead, now } = company;
    let listing = runs::Listing {
        process: Some("payroll".to_owned()),
        limit: 10,
        ..runs::Listing::default()
    };
    let run = runs::list(app, lead, listing).await.unwrap().remove(0);
    let view = runs::get(app, lead, run.id).await.unwrap();
    let mut before = Timestamp::MIN;
    for line in &view.history {
        assert!(before <= line.event.at() && line.event.at() <= *now, "time goes forward");
        before = line.event.at();
        if let runs::Event::StepCompleted { step, by, evidence, .. } = &line.event {
            let step = view.process.asked(step).unwrap();
            assert_eq!(evidence.len(), step.evidence.len(), "{}", step.title);
            assert!(!by.name().is_empty());
        }
    }
    let zone = TimeZone::get("Europe/Berlin").unwrap();
    assert_eq!(zone.to_datetime(run.started).date().day(), 20, "started by the calendar");
}
