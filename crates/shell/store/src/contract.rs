//! The suite that every store passes: each case runs on an empty store and says what it found wrong.

mod ahead;
mod items;
mod outbox;

use crate::{
    DeliveryState, Error, EventRow, Expect, ItemState, Key, Mode, NewAudit, OccurrenceFilter,
    OccurrenceKind, OccurrenceRow, OccurrenceState, RunFilter, RunRow, RunState, SearchFilter,
    SearchRow, Store, Tx, ValueRow, chain,
    kept::{self, Table},
    memory::MemoryStore,
};
use ahead::{
    of_two_ahead_at_one_run_one_is_overtaken, what_cannot_be_known_ahead_is_done_in_turn,
    what_was_decided_ahead_is_kept, what_was_overtaken_is_not_kept,
};
use gemba_model::id::{ProcessId, RunId, TriggerId};
use items::{
    item_row, items_are_filtered_and_counted, items_of_a_person_are_found_as_they_were_written,
};
use jiff::Timestamp;
use outbox::{delivery_row, the_outbox_gives_what_is_due_and_forgets_what_is_done};
use std::fmt::Debug;
use std::sync::Arc;

type Finding = Result<(), String>;

/// Runs every case on a store of its own; what failed comes back, nothing when all is well.
pub async fn failures(make: &(dyn Fn() -> Arc<dyn Store> + Sync)) -> Vec<String> {
    let mut found = Vec::new();
    macro_rules! cases {
        ($($name:ident),* $(,)?) => {$(
            if let Err(problem) = $name(&*make()).await {
                found.push(format!("{}: {problem}", stringify!($name)));
            }
        )*};
    }
    cases!(
        records_are_versioned,
        unique_keys_are_unique,
        records_are_found_by_key_and_in_order,
        what_is_not_committed_is_gone,
        a_reader_sees_one_state_and_cannot_write,
        events_are_in_order_and_never_twice,
        runs_are_numbered_and_filtered,
        runs_wake_in_the_order_of_their_moments,
        items_are_filtered_and_counted,
        items_of_a_person_are_found_as_they_were_written,
        an_occurrence_is_written_once,
        occurrences_are_filtered_and_change_their_state,
        the_outbox_gives_what_is_due_and_forgets_what_is_done,
        values_replace_within_a_period,
        the_audit_log_grows,
        blobs_come_back_whole,
        a_search_finds_by_the_beginnings_of_words,
        what_is_found_follows_what_is_written,
        a_question_is_never_more_than_words,
        writers_wait_for_each_other,
        what_was_decided_ahead_is_kept,
        what_was_overtaken_is_not_kept,
        what_cannot_be_known_ahead_is_done_in_turn,
        of_two_ahead_at_one_run_one_is_overtaken,
        a_copy_holds_what_it_was_made_from,
    );
    found
}

fn same<T: PartialEq + Debug>(what: &str, got: &T, expected: &T) -> Finding {
    if got == expected {
        Ok(())
    } else {
        Err(format!("{what}: got {got:?}, expected {expected:?}"))
    }
}

#[expect(clippy::needless_pass_by_value, reason = "it is what `map_err` hands over")]
fn told(error: Error) -> String {
    let mut text = error.to_string();
    let mut cause = std::error::Error::source(&error);
    while let Some(source) = cause {
        text.push_str(": ");
        text.push_str(&source.to_string());
        cause = source.source();
    }
    text
}

async fn begin(store: &dyn Store, mode: Mode) -> Result<Box<dyn Tx>, String> {
    store.begin(mode).await.map_err(told)
}

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(1_700_000_000 + second).unwrap_or(Timestamp::UNIX_EPOCH)
}

async fn records_are_versioned(store: &dyn Store) -> Finding {
    let mut tx = begin(store, Mode::Write).await?;
    let first = tx.put_record("seat", "a", &[], "{}", Expect::Absent).await.map_err(told)?;
    let second =
        tx.put_record("seat", "a", &[], "{\"n\":2}", Expect::Version(1)).await.map_err(told)?;
    same("versions", &(first, second), &(1, 2))?;
    let again = tx.put_record("seat", "a", &[], "{}", Expect::Absent).await;
    same("a taken id is refused", &matches!(again, Err(Error::Duplicate { .. })), &true)?;
    let stale = tx.put_record("seat", "a", &[], "{}", Expect::Version(1)).await;
    same("a stale version is refused", &matches!(stale, Err(Error::Conflict { .. })), &true)?;
    let absent = tx.put_record("seat", "b", &[], "{}", Expect::Version(1)).await;
    same("a version of nothing is refused", &matches!(absent, Err(Error::Conflict { .. })), &true)?;
    tx.commit().await.map_err(told)?;
    let mut tx = begin(store, Mode::Read).await?;
    let row = tx.record("seat", "a").await.map_err(told)?.ok_or("the record is gone")?;
    same("body and version", &(row.body.as_str(), row.version), &("{\"n\":2}", 2))
}

async fn unique_keys_are_unique(store: &dyn Store) -> Finding {
    let mut tx = begin(store, Mode::Write).await?;
    let key = |value: &str| [Key::unique("slug", value)];
    tx.put_record("seat", "a", &key("x"), "{}", Expect::Absent).await.map_err(told)?;
    let taken = tx.put_record("seat", "b", &key("x"), "{}", Expect::Absent).await;
    same("taken", &matches!(taken, Err(Error::Duplicate { .. })), &true)?;
    tx.put_record("role", "b", &key("x"), "{}", Expect::Absent).await.map_err(told)?;
    tx.put_record("seat", "a", &key("y"), "{}", Expect::Version(1)).await.map_err(told)?;
    tx.put_record("seat", "b", &key("x"), "{}", Expect::Absent).await.map_err(told)?;
    same("removed", &tx.delete_record("seat", "b").await.map_err(told)?, &true)?;
    same("removed twice", &tx.delete_record("seat", "b").await.map_err(told)?, &false)?;
    tx.put_record("seat", "c", &key("x"), "{}", Expect::Absent).await.map_err(told)?;
    tx.commit().await.map_err(told)
}

async fn records_are_found_by_key_and_in_order(store: &dyn Store) -> Finding {
    let mut tx = begin(store, Mode::Write).await?;
    for (id, team) in [("c", "one"), ("a", "one"), ("b", "two")] {
        let keys = [Key::shared("team", team)];
        tx.put_record("seat", id, &keys, "{}", Expect::Absent).await.map_err(told)?;
    }
    let ids = |rows: Vec<crate::RecordRow>| rows.into_iter().map(|r| r.id).collect::<Vec<_>>();
    let one = ids(tx.records_by_key("seat", "team", "one").await.map_err(told)?);
    same("by key", &one, &vec!["a".to_owned(), "c".to_owned()])?;
    let page = ids(tx.records("seat", "a", 1).await.map_err(told)?);
    same("a page", &page, &vec!["b".to_owned()])?;
    same("all", &tx.records("seat", "", u32::MAX).await.map_err(told)?.len(), &3)
}

async fn what_is_not_committed_is_gone(store: &dyn Store) -> Finding {
    let mut tx = begin(store, Mode::Write).await?;
    tx.put_record("seat", "a", &[], "{}", Expect::Absent).await.map_err(told)?;
    drop(tx);
    let mut tx = begin(store, Mode::Write).await?;
    same("after a drop", &tx.record("seat", "a").await.map_err(told)?.is_none(), &true)?;
    tx.put_record("seat", "b", &[], "{}", Expect::Absent).await.map_err(told)?;
    tx.commit().await.map_err(told)?;
    let mut tx = begin(store, Mode::Read).await?;
    same("after a commit", &tx.record("seat", "b").await.map_err(told)?.is_some(), &true)
}

async fn a_reader_sees_one_state_and_cannot_write(store: &dyn Store) -> Finding {
    let mut reader = begin(store, Mode::Read).await?;
    same("before", &reader.records("seat", "", 9).await.map_err(told)?.len(), &0)?;
    let mut tx = begin(store, Mode::Write).await?;
    tx.put_record("seat", "a", &[], "{}", Expect::Absent).await.map_err(told)?;
    tx.commit().await.map_err(told)?;
    same("the same as before", &reader.records("seat", "", 9).await.map_err(told)?.len(), &0)?;
    let write = reader.put_record("seat", "z", &[], "{}", Expect::Absent).await;
    same("a write is refused", &matches!(write, Err(Error::ReadOnly)), &true)
}

async fn events_are_in_order_and_never_twice(store: &dyn Store) -> Finding {
    let run = RunId::new(1, 1);
    let event = |n: i64| EventRow { seq: n, at: at(n), body: format!("{{\"n\":{n}}}") };
    let mut tx = begin(store, Mode::Write).await?;
    tx.append_events(run, 1, &[event(1), event(2)]).await.map_err(told)?;
    tx.append_events(RunId::new(1, 2), 1, &[event(1)]).await.map_err(told)?;
    tx.append_events(run, 3, &[event(3)]).await.map_err(told)?;
    let again = tx.append_events(run, 3, &[event(3)]).await;
    same("twice", &matches!(again, Err(Error::Conflict { .. })), &true)?;
    tx.commit().await.map_err(told)?;
    let mut tx = begin(store, Mode::Read).await?;
    same("all", &tx.events(run, 0, 99).await.map_err(told)?, &vec![event(1), event(2), event(3)])?;
    same("a page", &tx.events(run, 1, 1).await.map_err(told)?, &vec![event(2)])
}

fn run_row(n: u64, process: u128, state: RunState) -> RunRow {
    RunRow {
        id: RunId::new(n, 0),
        process: ProcessId::new(1, process),
        revision: "hash".to_owned(),
        number: i64::try_from(n).unwrap_or(0),
        state,
        started: at(1),
        ended: (state != RunState::Running).then(|| at(2)),
        n_events: 2,
        body: "{}".to_owned(),
        wake: None,
    }
}

async fn runs_wake_in_the_order_of_their_moments(store: &dyn Store) -> Finding {
    let mut tx = begin(store, Mode::Write).await?;
    same("nothing waits", &tx.next_wake().await.map_err(told)?, &None)?;
    let waiting = |n: u64, wake: Option<i64>| RunRow {
        wake: wake.map(at),
        ..run_row(n, 1, RunState::Running)
    };
    for row in [waiting(1, Some(30)), waiting(2, None), waiting(3, Some(10)), waiting(4, Some(20))]
    {
        tx.put_run(&row).await.map_err(told)?;
    }
    tx.put_run(&waiting(4, Some(40))).await.map_err(told)?;
    same("the next", &tx.next_wake().await.map_err(told)?, &Some(at(10)))?;
    let ids = |ids: &[u64]| ids.iter().map(|n| RunId::new(*n, 0)).collect::<Vec<_>>();
    same("not yet", &tx.woken(at(9), 9).await.map_err(told)?, &Vec::new())?;
    same("by now", &tx.woken(at(30), 9).await.map_err(told)?, &ids(&[3, 1]))?;
    same("a page", &tx.woken(at(99), 1).await.map_err(told)?, &ids(&[3]))?;
    tx.put_run(&waiting(3, None)).await.map_err(told)?;
    same("after it was seen to", &tx.woken(at(99), 9).await.map_err(told)?, &ids(&[1, 4]))?;
    let kept = tx.run(RunId::new(1, 0)).await.map_err(told)?.and_then(|row| row.wake);
    same("as written", &kept, &Some(at(30)))
}

async fn runs_are_numbered_and_filtered(store: &dyn Store) -> Finding {
    let mut tx = begin(store, Mode::Write).await?;
    let process = ProcessId::new(1, 1);
    same("the first", &tx.next_run_number(process).await.map_err(told)?, &1)?;
    for row in [
        run_row(1, 1, RunState::Completed),
        run_row(2, 1, RunState::Running),
        run_row(3, 2, RunState::Running),
    ] {
        tx.put_run(&row).await.map_err(told)?;
    }
    tx.put_run(&run_row(1, 1, RunState::Cancelled)).await.map_err(told)?;
    same("the next", &tx.next_run_number(process).await.map_err(told)?, &3)?;
    let filter = RunFilter { process: Some(process), limit: 9, ..RunFilter::default() };
    let rows = tx.runs(&filter).await.map_err(told)?;
    let expected = vec![run_row(2, 1, RunState::Running), run_row(1, 1, RunState::Cancelled)];
    same("of a process, newest first", &rows, &expected)?;
    let filter = RunFilter { state: Some(RunState::Running), limit: 1, ..RunFilter::default() };
    same(
        "running",
        &tx.runs(&filter).await.map_err(told)?,
        &vec![run_row(3, 2, RunState::Running)],
    )?;
    let filter = RunFilter { before: Some(RunId::new(3, 0)), limit: 1, ..RunFilter::default() };
    same("older", &tx.runs(&filter).await.map_err(told)?, &vec![run_row(2, 1, RunState::Running)])?;
    let counts = tx.run_counts().await.map_err(told)?;
    let expected = vec![
        (process, RunState::Running, 1),
        (process, RunState::Cancelled, 1),
        (ProcessId::new(1, 2), RunState::Running, 1),
    ];
    same("counts", &counts, &expected)?;
    let counts = tx.revision_counts(process).await.map_err(told)?;
    let revision = run_row(1, 1, RunState::Running).revision;
    same("counts of revisions", &counts, &vec![(revision, 2)])?;
    let none = tx.revision_counts(ProcessId::new(9, 9)).await.map_err(told)?;
    same("counts of revisions of another process", &none, &Vec::new())?;
    same("one", &tx.run(RunId::new(3, 0)).await.map_err(told)?.is_some(), &true)
}

async fn an_occurrence_is_written_once(store: &dyn Store) -> Finding {
    let row = |n: i64, reason: &str| OccurrenceRow {
        reason: Some(reason.to_owned()),
        ..occurrence_row(1, n, OccurrenceState::Skipped)
    };
    let mut tx = begin(store, Mode::Write).await?;
    same("first", &tx.put_occurrence(&row(1, "a")).await.map_err(told)?, &true)?;
    same("again", &tx.put_occurrence(&row(1, "b")).await.map_err(told)?, &false)?;
    same("later", &tx.put_occurrence(&row(2, "c")).await.map_err(told)?, &true)?;
    let cause = Some("shop\n17".to_owned());
    let caused = |trigger: u128, n: i64| OccurrenceRow {
        cause: cause.clone(),
        ..occurrence_row(trigger, n, OccurrenceState::Skipped)
    };
    same("a cause", &tx.put_occurrence(&caused(1, 3)).await.map_err(told)?, &true)?;
    same("the cause again", &tx.put_occurrence(&caused(1, 4)).await.map_err(told)?, &false)?;
    same("of another", &tx.put_occurrence(&caused(2, 4)).await.map_err(told)?, &true)?;
    let trigger = TriggerId::new(1, 1);
    let found = tx.caused(trigger, "shop\n17").await.map_err(told)?;
    same("by its cause", &found, &Some(caused(1, 3)))?;
    same("by no cause", &tx.caused(trigger, "shop").await.map_err(told)?, &None)?;
    let filter =
        OccurrenceFilter { trigger: Some(trigger), limit: 9, ..OccurrenceFilter::default() };
    let rows = tx.occurrences(&filter).await.map_err(told)?;
    same("latest first", &rows, &vec![caused(1, 3), row(2, "c"), row(1, "a")])
}

fn occurrence_row(trigger: u128, n: i64, state: OccurrenceState) -> OccurrenceRow {
    OccurrenceRow {
        trigger: TriggerId::new(1, trigger),
        due: at(n),
        civil: "2026-01-01T09:00:00".to_owned(),
        kind: OccurrenceKind::Schedule,
        state,
        cause: None,
        run: None,
        reason: None,
        detail: None,
        handled: at(n),
    }
}

async fn occurrences_are_filtered_and_change_their_state(store: &dyn Store) -> Finding {
    use OccurrenceState::{Planned, Skipped, Started, Waiting};
    let mut tx = begin(store, Mode::Write).await?;
    for (trigger, n, state) in [(2, 1, Planned), (1, 3, Planned), (1, 2, Waiting), (1, 1, Started)]
    {
        tx.put_occurrence(&occurrence_row(trigger, n, state)).await.map_err(told)?;
    }
    let changed = OccurrenceRow {
        kind: OccurrenceKind::Backfill,
        run: Some(RunId::new(9, 9)),
        reason: Some("late".to_owned()),
        detail: Some("{\"a\":1}".to_owned()),
        handled: at(8),
        ..occurrence_row(1, 2, Started)
    };
    tx.change_occurrence(&changed).await.map_err(told)?;
    tx.change_occurrence(&occurrence_row(7, 7, Started)).await.map_err(told)?;
    tx.commit().await.map_err(told)?;
    let mut tx = begin(store, Mode::Write).await?;
    let (one, trigger) = (TriggerId::new(1, 1), Some(TriggerId::new(1, 1)));
    same("changed", &tx.occurrence(one, at(2)).await.map_err(told)?, &Some(changed.clone()))?;
    same("of nothing", &tx.occurrence(TriggerId::new(1, 7), at(7)).await.map_err(told)?, &None)?;
    let any = OccurrenceFilter { limit: 9, ..OccurrenceFilter::default() };
    let cases = [
        (OccurrenceFilter { states: vec![Planned], ..any.clone() }, vec![(1, 3), (2, 1)]),
        (
            OccurrenceFilter {
                states: vec![Planned],
                before: Some(at(3)),
                earliest_first: true,
                ..any.clone()
            },
            vec![(2, 1)],
        ),
        (OccurrenceFilter { trigger, ..any.clone() }, vec![(1, 3), (1, 2), (1, 1)]),
        (
            OccurrenceFilter { trigger, earliest_first: true, limit: 2, ..any.clone() },
            vec![(1, 1), (1, 2)],
        ),
        (
            OccurrenceFilter { trigger, states: vec![Started, Skipped], ..any.clone() },
            vec![(1, 2), (1, 1)],
        ),
        (
            OccurrenceFilter {
                trigger,
                states: vec![Started],
                from: Some(at(2)),
                before: Some(at(9)),
                ..any.clone()
            },
            vec![(1, 2)],
        ),
        (OccurrenceFilter { states: vec![Waiting], ..any }, vec![]),
    ];
    for (filter, expected) in cases {
        let rows = tx.occurrences(&filter).await.map_err(told)?;
        let got: Vec<_> = rows.iter().map(|row| (row.trigger, row.due)).collect();
        let expected: Vec<_> =
            expected.into_iter().map(|(t, n)| (TriggerId::new(1, t), at(n))).collect();
        same(&format!("{filter:?}"), &got, &expected)?;
    }
    same("taken out", &tx.delete_occurrence(one, at(3)).await.map_err(told)?, &true)?;
    same("taken out twice", &tx.delete_occurrence(one, at(3)).await.map_err(told)?, &false)?;
    tx.commit().await.map_err(told)
}

async fn values_replace_within_a_period(store: &dyn Store) -> Finding {
    let row = |period: &str, value: f64| ValueRow {
        measurable: "calls".to_owned(),
        period: period.to_owned(),
        value,
        at: at(0),
        by: "KPI agent".to_owned(),
    };
    let mut tx = begin(store, Mode::Write).await?;
    for (period, value) in [("2026-W02", 2.5), ("2026-W01", 1.0), ("2026-W02", 3.25)] {
        tx.put_value(&row(period, value)).await.map_err(told)?;
    }
    let all = tx.values("calls", "").await.map_err(told)?;
    same("oldest first", &all, &vec![row("2026-W01", 1.0), row("2026-W02", 3.25)])?;
    same("from", &tx.values("calls", "2026-W02").await.map_err(told)?.len(), &1)
}

async fn the_audit_log_grows(store: &dyn Store) -> Finding {
    let entry = |subject: &str| NewAudit {
        at: at(0),
        actor: "Ada".to_owned(),
        action: "seat.changed".to_owned(),
        subject: subject.to_owned(),
        detail: "{}".to_owned(),
    };
    let mut tx = begin(store, Mode::Write).await?;
    for subject in ["a", "b", "a"] {
        tx.append_audit(&entry(subject)).await.map_err(told)?;
    }
    let seqs = |rows: Vec<crate::AuditRow>| rows.into_iter().map(|r| r.seq).collect::<Vec<_>>();
    same("newest first", &seqs(tx.audit(None, 0, 9).await.map_err(told)?), &vec![3, 2, 1])?;
    let found = chain::verify(&mut *tx, None).await.map_err(told)?;
    same("chained", &(found.lines, found.fault), &(3, None))?;
    same("a page", &seqs(tx.audit(None, 3, 1).await.map_err(told)?), &vec![2])?;
    same("of one subject", &seqs(tx.audit(Some("a"), 0, 9).await.map_err(told)?), &vec![3, 1])
}

async fn blobs_come_back_whole(store: &dyn Store) -> Finding {
    let bytes: Vec<u8> = (0..=255).collect();
    let mut tx = begin(store, Mode::Write).await?;
    tx.put_blob("d", &bytes).await.map_err(told)?;
    tx.put_blob("d", &bytes).await.map_err(told)?;
    same("whole", &tx.blob("d").await.map_err(told)?, &Some(bytes))?;
    same("absent", &tx.blob("e").await.map_err(told)?, &None)?;
    tx.delete_blob("d").await.map_err(told)?;
    tx.delete_blob("e").await.map_err(told)?;
    same("taken out", &tx.blob("d").await.map_err(told)?, &None)
}

fn search_row(id: &str, title: &str, lines: &str, text: &str) -> SearchRow {
    SearchRow {
        kind: if id.starts_with('s') { "seat" } else { "process" }.to_owned(),
        id: id.to_owned(),
        title: title.to_owned(),
        lines: lines.to_owned(),
        text: text.to_owned(),
    }
}

async fn found(tx: &mut dyn Tx, asked: &str) -> Result<Vec<String>, String> {
    let words = SearchFilter::words_of(asked);
    let filter = SearchFilter { words, limit: 99, ..SearchFilter::default() };
    Ok(tx.search(&filter).await.map_err(told)?.into_iter().map(|r| r.id).collect())
}

async fn a_search_finds_by_the_beginnings_of_words(store: &dyn Store) -> Finding {
    let mut tx = begin(store, Mode::Write).await?;
    for row in [
        search_row("p1", "Quality review", "Send the invoice", "Overprüft by hand"),
        search_row("p2", "Payroll", "Collect hours\nPay", "the invoice is named here, in passing"),
        search_row("p3", "Invoice clients", "Write an e-mail\nFile it", "請求書を送る"),
        search_row("s1", "Überwachung", "", "Answers for the invoices of the mail room"),
    ] {
        tx.put_search(&row).await.map_err(told)?;
    }
    let cases: [(&str, &[&str]); 14] = [
        ("payr", &["p2"]),
        ("PAYROLL", &["p2"]),
        ("uberw", &["s1"]),
        ("ÜBERPR", &[]),
        ("overpruf", &["p1"]),
        ("roll", &[]),
        ("inv cli", &["p3"]),
        ("e-mail", &["p3"]),
        ("e-mai", &["p3"]),
        ("mail-room", &["s1"]),
        ("mail", &["p3", "s1"]),
        ("求書", &["p3"]),
        ("invoice nothing", &[]),
        ("", &[]),
    ];
    for (asked, expected) in cases {
        let mut got = found(&mut *tx, asked).await?;
        got.sort();
        same(asked, &got, &expected.iter().map(|id| (*id).to_owned()).collect())?;
    }
    let got = found(&mut *tx, "invoice").await?;
    let best: Vec<&str> = got.iter().take(2).map(String::as_str).collect();
    same("title over step over text", &best, &vec!["p3", "p1"])?;
    same("all four", &got.len(), &4)?;
    let words = SearchFilter::words_of("invoice");
    let seats = SearchFilter {
        words: words.clone(),
        kinds: vec!["seat".to_owned()],
        limit: 9,
        ..SearchFilter::default()
    };
    let rows = tx.search(&seats).await.map_err(told)?;
    let row = search_row("s1", "Überwachung", "", "Answers for the invoices of the mail room");
    same("of one kind, whole", &rows, &vec![row])?;
    let page = SearchFilter { words, offset: 1, limit: 1, ..SearchFilter::default() };
    let rows = tx.search(&page).await.map_err(told)?;
    same("a page", &rows.iter().map(|r| r.id.as_str()).collect::<Vec<_>>(), &vec!["p1"])
}

async fn what_is_found_follows_what_is_written(store: &dyn Store) -> Finding {
    let mut tx = begin(store, Mode::Write).await?;
    tx.put_search(&search_row("p1", "Old name", "", "")).await.map_err(told)?;
    tx.put_search(&search_row("p2", "Other name", "", "")).await.map_err(told)?;
    tx.put_search(&search_row("p1", "New name", "", "")).await.map_err(told)?;
    same("the old", &found(&mut *tx, "old").await?, &Vec::new())?;
    same("the new", &found(&mut *tx, "new").await?, &vec!["p1".to_owned()])?;
    tx.commit().await.map_err(told)?;
    let mut tx = begin(store, Mode::Write).await?;
    tx.put_search(&search_row("p1", "Lost name", "", "")).await.map_err(told)?;
    drop(tx);
    let mut tx = begin(store, Mode::Write).await?;
    same("not committed", &found(&mut *tx, "lost").await?, &Vec::new())?;
    tx.delete_search("process", "p1").await.map_err(told)?;
    tx.delete_search("process", "p1").await.map_err(told)?;
    same("removed", &found(&mut *tx, "name").await?, &vec!["p2".to_owned()])?;
    tx.put_search(&search_row("p1", "Back name", "", "")).await.map_err(told)?;
    same("added again", &found(&mut *tx, "back").await?, &vec!["p1".to_owned()])?;
    tx.clear_search().await.map_err(told)?;
    same("cleared", &found(&mut *tx, "name").await?, &Vec::new())?;
    tx.put_search(&search_row("p3", "Fresh name", "", "")).await.map_err(told)?;
    tx.commit().await.map_err(told)?;
    let mut tx = begin(store, Mode::Read).await?;
    same("after all that", &found(&mut *tx, "name").await?, &vec!["p3".to_owned()])?;
    let refused = tx.put_search(&search_row("p4", "x", "", "")).await;
    same("a reader writes nothing", &matches!(refused, Err(Error::ReadOnly)), &true)
}

async fn a_question_is_never_more_than_words(store: &dyn Store) -> Finding {
    let mut tx = begin(store, Mode::Write).await?;
    tx.put_search(&search_row("p1", "title or near", "", "not and")).await.map_err(told)?;
    let found_one = [
        "OR",
        "NEAR",
        "not AND",
        "\"title\"",
        "title*",
        "^title",
        "(title",
        "title)",
        "'title'",
        "-title",
        "{title",
        "+near",
        "title,or;near",
    ];
    for asked in found_one {
        same(asked, &found(&mut *tx, asked).await?, &vec!["p1".to_owned()])?;
    }
    for asked in
        ["lines:title", "\"", "*", "AND)", "NOT x", "title OR x", "\0", "'; DROP TABLE searched --"]
    {
        let got = found(&mut *tx, asked).await?;
        let expected = if asked == "AND)" { vec!["p1".to_owned()] } else { Vec::new() };
        same(asked, &got, &expected)?;
    }
    Ok(())
}

async fn writers_wait_for_each_other(store: &dyn Store) -> Finding {
    let mut tx = begin(store, Mode::Write).await?;
    tx.put_record("n", "n", &[], "0", Expect::Absent).await.map_err(told)?;
    tx.commit().await.map_err(told)?;
    let add = async || -> Finding {
        for _ in 0..10 {
            let mut tx = begin(store, Mode::Write).await?;
            let row = tx.record("n", "n").await.map_err(told)?.ok_or("gone")?;
            let n: i64 = row.body.parse().map_err(|e| format!("not a number: {e}"))?;
            let body = (n + 1).to_string();
            tx.put_record("n", "n", &[], &body, Expect::Version(row.version))
                .await
                .map_err(told)?;
            tx.commit().await.map_err(told)?;
        }
        Ok(())
    };
    let (a, b, c) = tokio::join!(add(), add(), add());
    a.and(b).and(c)?;
    let mut tx = begin(store, Mode::Read).await?;
    let row = tx.record("n", "n").await.map_err(told)?.ok_or("gone")?;
    same("no write lost", &row.body.as_str(), &"30")
}

async fn fill(tx: &mut dyn Tx) -> Finding {
    // More than one page of them.
    for n in 0..1_100 {
        let keys = [Key::unique("slug", format!("s{n}")), Key::shared("team", "one")];
        let id = format!("{n:04}");
        tx.put_record("seat", &id, &keys, "{}", Expect::Absent).await.map_err(told)?;
    }
    tx.put_record("seat", "0007", &[], "{\"n\": \"\\u0000 'é'\"}", Expect::Version(1))
        .await
        .map_err(told)?;
    let run = run_row(1, 1, RunState::Running);
    tx.put_run(&run).await.map_err(told)?;
    tx.put_run(&run_row(2, 1, RunState::Completed)).await.map_err(told)?;
    let events: Vec<EventRow> =
        (1..=3).map(|n| EventRow { seq: n, at: at(n), body: "{}".to_owned() }).collect();
    tx.append_events(run.id, 1, &events).await.map_err(told)?;
    tx.append_events(RunId::new(2, 0), 1, &events).await.map_err(told)?;
    tx.put_item(&item_row(1, 1, ItemState::Open)).await.map_err(told)?;
    tx.put_item(&item_row(2, 1, ItemState::Done)).await.map_err(told)?;
    for (run, reason) in [(Some(run.id), None), (None, Some("late".to_owned()))] {
        let (n, state) = match run {
            Some(_) => (1, OccurrenceState::Started),
            None => (2, OccurrenceState::Skipped),
        };
        let cause = Some(format!("shop\n{n}"));
        let row = OccurrenceRow { cause, run, reason, ..occurrence_row(1, n, state) };
        tx.put_occurrence(&row).await.map_err(told)?;
    }
    tx.put_delivery(&delivery_row(1, 1, DeliveryState::Waiting, Some(3))).await.map_err(told)?;
    tx.put_delivery(&delivery_row(2, 1, DeliveryState::Sent, None)).await.map_err(told)?;
    for (period, value) in [("2026-W01", 0.1), ("2026-W02", -1.0e300)] {
        let (measurable, period) = ("calls".to_owned(), period.to_owned());
        let row = ValueRow { measurable, period, value, at: at(0), by: "Ada".to_owned() };
        tx.put_value(&row).await.map_err(told)?;
    }
    for subject in ["a", "b"] {
        let word = "x".to_owned();
        let (actor, action, detail) = (word.clone(), word.clone(), word);
        let entry = NewAudit { at: at(0), actor, action, subject: subject.to_owned(), detail };
        tx.append_audit(&entry).await.map_err(told)?;
    }
    tx.put_blob("d1", &[0, 255]).await.map_err(told)?;
    tx.put_blob("d2", &[]).await.map_err(told)?;
    tx.put_search(&search_row("p1", "Payroll", "Collect\nPay", "x")).await.map_err(told)?;
    tx.put_search(&search_row("s1", "Accounting", "", "")).await.map_err(told)
}

async fn a_copy_holds_what_it_was_made_from(store: &dyn Store) -> Finding {
    let reference = MemoryStore::new();
    let mut source = begin(&reference, Mode::Write).await?;
    fill(&mut *source).await?;
    let mut there = begin(store, Mode::Write).await?;
    same("empty", &kept::is_empty(&mut *there).await.map_err(told)?, &true)?;
    let copied = kept::copy(&mut *source, &mut *there).await.map_err(told)?;
    same("no longer empty", &kept::is_empty(&mut *there).await.map_err(told)?, &false)?;
    there.commit().await.map_err(told)?;
    let counts: Vec<_> = copied.iter().map(|c| c.rows).collect();
    same("counts", &counts, &vec![1_100, 2, 6, 2, 2, 2, 2, 2, 2, 2])?;
    // And back: into another that is empty.
    let other = MemoryStore::new();
    let mut back = begin(&other, Mode::Write).await?;
    let mut there = begin(store, Mode::Write).await?;
    let again = kept::copy(&mut *there, &mut *back).await.map_err(told)?;
    same("there and back", &again, &copied)?;
    // What is written after a copy goes on where the original stopped.
    let key = Key::unique("slug", "s7");
    let taken = there.put_record("seat", "new", &[key], "{}", Expect::Absent).await;
    same("a key that was given up", &taken.is_ok(), &true)?;
    let taken =
        there.put_record("seat", "newer", &[Key::unique("slug", "s8")], "{}", Expect::Absent).await;
    same("a key that is taken", &matches!(taken, Err(Error::Duplicate { .. })), &true)?;
    let entry = there.audit(None, 0, 1).await.map_err(told)?.pop().ok_or("no audit log")?.entry;
    same("the next line", &there.append_audit(&entry).await.map_err(told)?, &3)?;
    let chained = chain::verify(&mut *there, None).await.map_err(told)?;
    same("chained", &(chained.lines, chained.fault), &(3, None))?;
    same("found", &found(&mut *there, "payr").await?, &vec!["p1".to_owned()])?;
    let mut page = there.kept(Table::Event, None, 4).await.map_err(told)?;
    let last = page.pop();
    let rest = there.kept(Table::Event, last.as_ref(), 9).await.map_err(told)?;
    same("the rest of a table", &rest.len(), &2)
}
