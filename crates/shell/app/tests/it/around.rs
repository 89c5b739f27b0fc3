//! What the workspace knows is held against a text wherever somebody looks at it, and kept nowhere.

use gemba_app::{
    processes::{self, File, Imported},
    publishing,
    seats::{self, HolderInput, SeatInput},
    writing,
};
use gemba_diag::Diagnostic;
use gemba_testkit::{INVOICING, TestApp};

/// What only a workspace can tell.
const CODES: [&str; 7] =
    ["SOP0117", "SOP0406", "SOP0407", "SOP0408", "SOP0505", "SOP0506", "SOP0507"];

/// A sound text in which one thing is written otherwise.
fn with(old: &str, new: &str) -> String {
    assert!(INVOICING.contains(old), "{old}");
    INVOICING.replace(old, new)
}

/// A sound text whose last step is a call of another process.
fn calling(slug: &str) -> String {
    with("3. **Send the invoices** — Accounting", &format!("3. Follow the [procedure]({slug})."))
}

/// Texts that are sound by themselves and wrong in the small company on 5 January 2026, each with
/// what is found.
fn texts() -> Vec<(&'static str, String)> {
    vec![
        ("", INVOICING.to_owned()),
        ("SOP0406", with("— Delivery lead", "— Stock keeper")),
        ("", with("— Delivery lead", "— The delivery lead")),
        ("SOP0407", with("— Delivery lead", "— Sales")),
        ("SOP0408", with("**Check the hours** —", "**Approve the hours** —")),
        ("", with("**Send the invoices** —", "**Approve the invoices** —")),
        ("SOP0117", with("owner: A", "next_review: 2026-01-04\nowner: A")),
        ("", with("owner: A", "next_review: 2026-01-05\nowner: A")),
        ("SOP0505", calling("month-end")),
        ("", calling("monthly-invoicing")),
        ("SOP0507", with("approved timesheets", "approved timesheets by 2026-01-04")),
        ("", with("approved timesheets", "approved timesheets by 2026-01-05")),
    ]
}

/// The codes of what only a workspace can tell.
fn told(found: &[Diagnostic]) -> String {
    let codes = found.iter().map(|d| d.code.as_str()).filter(|code| CODES.contains(code));
    codes.collect::<Vec<_>>().join(" ")
}

async fn import(kit: &TestApp, files: &[(&str, &str)]) -> Vec<Imported> {
    let file = |(name, text): &(&str, &str)| File {
        name: (*name).to_owned(),
        bytes: text.as_bytes().to_vec(),
    };
    let mia = kit.person("Mia").await;
    processes::import(&kit.app, &mia, files.iter().map(file).collect()).await.unwrap()
}

#[tokio::test]
async fn every_place_where_a_text_is_looked_at_tells_what_is_wrong_with_it_here_and_today() {
    for (code, text) in texts() {
        let kit = TestApp::new().await;
        let mia = kit.person("Mia").await;
        let alone = processes::read(&mia, &text, "x").unwrap();
        assert_eq!(told(&alone.diagnostics), "", "{text}");

        let checked = processes::check(&kit.app, &mia, &text, "x").await.unwrap();
        assert_eq!(told(&checked.diagnostics), code, "check of {text}");
        let report = import(&kit, &[("x.md", &text)]).await;
        assert_eq!(told(&report[0].diagnostics), code, "report of {text}");
        let slug = &report[0].slugs[0];
        let draft = processes::draft(&kit.app, &mia, slug).await.unwrap();
        assert_eq!(told(&draft.checked.diagnostics), code, "draft of {text}");
        let saved = processes::save_draft(&kit.app, &mia, slug, text.clone(), draft.version);
        assert_eq!(told(&saved.await.unwrap().checked.diagnostics), code, "saved {text}");
        let preview = publishing::preview(&kit.app, &mia, slug).await.unwrap();
        assert_eq!(told(&preview.draft.checked.diagnostics), code, "preview of {text}");
        // What is kept counts what the text says alone.
        let row = processes::get(&kit.app, &mia, slug).await.unwrap().row;
        let warnings = alone.diagnostics.iter();
        let warnings = warnings.filter(|d| d.severity == gemba_diag::Severity::Warning).count();
        assert_eq!(row.summary.n_warnings, warnings, "{text}");
    }
}

#[tokio::test]
async fn what_is_found_goes_when_the_workspace_changes_and_comes_with_the_day_of_its_zone() {
    let kit = TestApp::new().await;
    let mara = kit.person("Mara").await;
    let told_of = async |text: &str| {
        told(&processes::check(&kit.app, &mara, text, "x").await.unwrap().diagnostics)
    };
    let seat = |name: &str, aliases: &[&str], holder| SeatInput {
        name: name.to_owned(),
        aliases: aliases.iter().map(|a| (*a).to_owned()).collect(),
        holder,
        ..SeatInput::default()
    };
    let agent = || HolderInput::Agent("Sam".to_owned());

    let unknown = with("— Delivery lead", "— Stock keeper");
    assert_eq!(told_of(&unknown).await, "SOP0406");
    let keeper = seat("Warehouse", &["Stock keeper"], agent());
    seats::create(&kit.app, &mara, keeper).await.unwrap();
    assert_eq!(told_of(&unknown).await, "");

    let vacant = with("— Delivery lead", "— Sales");
    assert_eq!(told_of(&vacant).await, "SOP0407");
    seats::change(&kit.app, &mara, "sales", seat("Sales", &[], agent())).await.unwrap();
    assert_eq!(told_of(&vacant).await, "");

    let call = calling("month-end");
    assert_eq!(told_of(&call).await, "SOP0505");
    processes::create(&kit.app, &mara, "Month end").await.unwrap();
    assert_eq!(told_of(&call).await, "");

    let due = with("owner: A", "next_review: 2026-01-05\nowner: A");
    for (now, found) in [("2026-01-05T22:59:00Z", ""), ("2026-01-05T23:01:00Z", "SOP0117")] {
        // In Berlin midnight is at 23:00 UTC.
        kit.clock.set(now.parse().unwrap());
        assert_eq!(told_of(&due).await, found, "{now}");
    }
}

#[tokio::test]
async fn the_files_of_one_import_know_each_other() {
    let kit = TestApp::new().await;
    let call = calling("month-end");
    let end = with("# Monthly invoicing", "# Month end");
    let report = import(&kit, &[("a.md", &call), ("b.md", &end)]).await;
    assert_eq!(report.iter().map(|f| told(&f.diagnostics)).collect::<Vec<_>>(), ["", ""]);
}

#[tokio::test]
async fn a_slip_in_the_name_of_a_seat_is_mended_by_the_team_chart() {
    let kit = TestApp::new().await;
    let mia = kit.person("Mia").await;
    let slip = with("— Delivery lead", "— Delivry lead");
    let checked = processes::check(&kit.app, &mia, &slip, "x").await.unwrap();
    let found = checked.diagnostics.iter().find(|d| d.code.as_str() == "SOP0406").unwrap();
    let mended = writing::mend(&kit.app, &mia, &slip, "x", "SOP0406", &found.range).await.unwrap();
    assert_eq!(mended.as_deref(), Some(INVOICING));
    let (all, _) = writing::mend_all(&kit.app, &mia, &slip, "x").await.unwrap();
    assert!(all.contains("— Delivery lead"), "{all}");
}
