//! Seats and deadlines: who did it, and when, against what is written.

use super::*;
use crate::log::Row;
use crate::sop;
use crate::sop::tests::{process, step};
use gemba_model::{Owner, OwnerState, Process, SeatSource, Step, StepKind, StepSeat};
use jiff::tz::TimeZone;

fn seated(title: &str, seat: &str) -> Step {
    let seat =
        StepSeat { name: seat.to_owned(), written: None, source: SeatSource::Sentence, span: None };
    Step { seat: Some(seat), ..step(title) }
}

fn due(title: &str, number: &str, words: &str) -> Step {
    Step { due: Some(words.to_owned()), number: number.to_owned(), ..step(title) }
}

/// One case: activity, who, when in RFC 3339.
fn log(events: &[(&str, &str, &str)], attributes: &[(&str, &str)]) -> EventLog {
    EventLog::of(events.iter().map(|(activity, who, when)| Row {
        case: "1",
        activity,
        time: time::read(when.as_bytes(), false).map(|read| read.micros),
        resource: (!who.is_empty()).then_some(*who),
        attributes,
    }))
}

fn judge(process: &Process, log: &EventLog, holders: &Holders) -> (Judged, Vec<String>) {
    let seen = log.activities.iter().map(str::to_owned).collect();
    let terms = Terms::of(process, &sop::model(process, &seen).net);
    let found = judged(log, &terms, holders, &WorkCalendar::usual(TimeZone::UTC));
    let words = |d: Deviation| {
        format!("{}: {}: {}", d.kind.words(), d.activity, d.detail.unwrap_or_default())
    };
    let told = found.deviations(log, &terms).into_iter().map(words).collect();
    (found, told)
}

#[track_caller]
fn check_seats(who: &str, attributes: &[(&str, &str)], expected: &str) {
    let process = process(vec![seated("pay", "Accounting"), seated("sell", "Sales")]);
    let mut holders = Holders::default();
    holders.add("ann", "Accounting");
    holders.add("ann", "Sales");
    holders.add("BOB", "sales");
    let (found, told) = judge(&process, &log(&[("pay", who, "")], attributes), &holders);
    let unknown: Vec<&str> = found.unknown.keys().map(String::as_str).collect();
    assert_eq!(format!("{}{}", told.join("|"), unknown.join("|")), expected, "{who}");
}

#[test]
fn who_did_it_is_held_against_the_seat_that_is_written_where_it_is_known() {
    check_seats("Accounting", &[], "");
    check_seats("ACCOUNTING", &[], "");
    check_seats("Ann", &[], "");
    check_seats("bob", &[], "wrong seat: pay: done by bob (1) instead of Accounting");
    check_seats("Sales", &[], "wrong seat: pay: done by Sales (1) instead of Accounting");
    check_seats("u17", &[], "u17");
    check_seats("", &[], "");
    check_seats("u17", &[("org:role", "accounting")], "");
    check_seats(
        "u17",
        &[("org:role", "Sales")],
        "wrong seat: pay: done by u17, Sales (1) instead of Accounting",
    );
}

#[test]
fn a_part_is_its_steps_seats_and_a_step_without_one_the_owners() {
    let part = Step { steps: vec![step("p"), step("q")], ..seated("both", "Sales") };
    let parallel = Step { kind: StepKind::Parallel, ..part };
    let own = Owner {
        state: OwnerState::Stated,
        seat: Some("Accounting".to_owned()),
        ..Owner::missing()
    };
    let process = Process { owner: own, ..process(vec![parallel, step("close")]) };
    let events = [("p", "Sales", ""), ("q", "Accounting", ""), ("close", "Sales", "")];
    let (found, told) = judge(&process, &log(&events, &[]), &Holders::default());
    assert_eq!(
        told,
        [
            "wrong seat: close: done by Sales (1) instead of Accounting",
            "wrong seat: q: done by Accounting (1) instead of Sales"
        ]
    );
    assert_eq!((found.by_seat, found.by_deadline), (3, 0));
}

/// Step 1 is begun on Tuesday 2026-03-03 at 10:00, step 2 is done on Friday at 12:00, the third at `done`.
#[track_caller]
fn check_due(words: &str, done: &str, expected: Option<bool>) {
    let steps = vec![step("a"), step("b"), due("c", "3", words)];
    let numbered = steps.into_iter().zip(["1", "2", "3"]);
    let process =
        process(numbered.map(|(s, n)| Step { number: n.to_owned(), ..s }).collect::<Vec<_>>());
    let events =
        [("a", "", "2026-03-03T10:00:00Z"), ("b", "", "2026-03-06T12:00:00Z"), ("c", "", done)];
    let (found, told) =
        judge(&process, &log(&events, &[("invoice date", "2026-03-10")]), &Holders::default());
    let judged = (found.by_deadline == 1).then_some(!told.is_empty());
    assert_eq!(judged, expected, "{words}: {told:?}");
}

#[test]
fn what_is_done_after_its_deadline_is_too_late() {
    for (words, done, expected) in [
        ("within 24 hours", "2026-03-07T12:00:00Z", Some(false)),
        ("within 24 hours", "2026-03-07T12:00:01Z", Some(true)),
        // Over the weekend.
        ("next workday", "2026-03-09T17:00:00Z", Some(false)),
        ("next workday", "2026-03-09T17:00:01Z", Some(true)),
        ("4 days after the start", "2026-03-07T17:00:00Z", Some(false)),
        ("4 days after the start", "2026-03-08T00:00:00Z", Some(true)),
        ("2 hours after step 1", "2026-03-06T13:00:00Z", Some(true)),
        ("by Friday", "2026-03-06T16:59:00Z", Some(false)),
        ("by Friday", "2026-03-06T17:01:00Z", Some(true)),
        ("soon", "2026-03-06T17:01:00Z", None),
        ("within 24 hours", "", None),
        ("2 hours after step 9", "2026-03-06T13:00:00Z", None),
    ] {
        check_due(words, done, expected);
    }
}

#[test]
fn a_deadline_that_hangs_on_a_date_is_counted_where_the_log_has_it() {
    use gemba_model::{Evidence, EvidenceKind};
    let asked = Evidence { kind: EvidenceKind::Date, text: "invoice date".to_owned() };
    let first = Step { evidence: vec![asked], ..step("a") };
    let process = process(vec![first, due("b", "2", "2 days after the invoice date")]);
    for (done, attributes, expected) in [
        ("2026-03-12T16:00:00Z", &[("Invoice Date", "2026-03-10")][..], (1, 0)),
        ("2026-03-13T16:00:00Z", &[("invoice_date", "2026-03-10T08:00:00Z")], (1, 1)),
        ("2026-03-13T16:00:00Z", &[], (0, 0)),
    ] {
        let events = [("a", "", "2026-03-03T10:00:00Z"), ("b", "", done)];
        let (found, told) = judge(&process, &log(&events, attributes), &Holders::default());
        assert_eq!((found.by_deadline, told.len()), expected, "{done} {told:?}");
    }
}

#[test]
fn the_turn_of_a_step_comes_with_the_last_of_the_steps_before_it() {
    let both = Step {
        kind: StepKind::Parallel,
        steps: vec![step("p"), due("q", "", "within 2 hours")],
        ..step("b")
    };
    let process = process(vec![step("a"), both, due("c", "3", "within 1 hour")]);
    // The part is counted from the step before both, not from the other part; the last one from the later part.
    for (q, c, expected) in
        [("12:00", "13:00", vec![]), ("12:01", "13:01", vec!["q"]), ("11:00", "13:00", vec!["c"])]
    {
        let at = |clock: &str| format!("2026-03-03T{clock}:00Z");
        let (q, c) = (at(q), at(c));
        let events = [
            ("a", "", "2026-03-03T10:00:00Z"),
            ("p", "", "2026-03-03T11:30:00Z"),
            ("q", "", q.as_str()),
            ("c", "", c.as_str()),
        ];
        let log = log(&events, &[]);
        let (found, _) = judge(&process, &log, &Holders::default());
        let late: Vec<&str> =
            found.breaches.iter().map(|b| log.activity(crate::number::ix(b.event))).collect();
        assert_eq!(late, expected);
    }
}

#[test]
fn how_late_and_by_whom_is_told() {
    let process = process(vec![step("a"), due("b", "2", "within 1 hour")]);
    let rows = [
        ("1", "2026-03-03T12:00:00Z"),
        ("2", "2026-03-03T15:00:00Z"),
        ("3", "2026-03-04T11:00:00Z"),
    ];
    let log = EventLog::of(rows.iter().flat_map(|(case, done)| {
        [("a", "2026-03-03T10:00:00Z"), ("b", *done)].map(|(activity, when)| Row {
            case,
            activity,
            time: time::read(when.as_bytes(), false).map(|read| read.micros),
            ..Row::default()
        })
    }));
    let (_, told) = judge(&process, &log, &Holders::default());
    assert_eq!(told, ["too late: b: half by at most 4 h, the latest by 1 d"]);
}
