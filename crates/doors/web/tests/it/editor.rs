//! The editor: saving, checking, and two who write at once.

use crate::browser::Browser;
use gemba_app::{Who, processes};
use gemba_testkit::{INVOICING, TestApp};

const EDIT: &str = "/processes/monthly-invoicing/edit";
const CHECK: &str = "/processes/monthly-invoicing/check";

async fn with_invoicing() -> TestApp {
    let kit = TestApp::new().await;
    kit.publish(INVOICING).await;
    kit
}

async fn version(kit: &TestApp) -> String {
    draft(kit).await.version.to_string()
}

async fn draft(kit: &TestApp) -> processes::DraftView {
    processes::draft(&kit.app, &Who::operator(), "monthly-invoicing").await.unwrap()
}

#[tokio::test]
async fn those_who_may_write_get_the_editor_and_the_others_the_text() {
    let kit = with_invoicing().await;
    for name in ["Olga", "Adam", "Mara", "Mia"] {
        let page = Browser::of(&kit, name).await.get(EDIT).await;
        page.shows(&["<textarea", "data-check=\"/processes/monthly-invoicing/check\"", "<svg"]);
    }
    for name in ["Ben", "Otto"] {
        let browser = Browser::of(&kit, name).await;
        browser.get(EDIT).await.shows(&["managers and above may change it"]).hides(&["<textarea"]);
        let now = version(&kit).await;
        browser.post(EDIT, &[("source", "# Mine"), ("version", &now)]).await.is(403);
    }
    assert_eq!(draft(&kit).await.source, INVOICING);
}

#[tokio::test]
async fn a_draft_that_nobody_owns_is_written_by_every_member() {
    let kit = TestApp::new().await;
    let ben = Browser::of(&kit, "Ben").await;
    ben.post("/processes/new", &[("title", "Monthly invoicing")]).await.is(303);
    ben.get("/processes/monthly-invoicing").await.shows(&["data-edit"]);
    ben.get(EDIT).await.shows(&["<textarea"]);
    let now = version(&kit).await;
    ben.post(EDIT, &[("source", "# Mine\n"), ("version", &now)])
        .await
        .goes(&format!("{EDIT}?done=saved"));
}

#[tokio::test]
async fn a_saved_text_is_kept_with_its_line_ends_made_plain() {
    let kit = with_invoicing().await;
    let mia = Browser::of(&kit, "Mia").await;
    let text = INVOICING.replace("Pull the approved", "Pull all approved");
    let now = version(&kit).await;
    let sent = [("source", text.replace('\n', "\r\n")), ("version", now), ("act", String::new())];
    let sent: Vec<(&str, &str)> = sent.iter().map(|(n, v)| (*n, v.as_str())).collect();
    mia.post(EDIT, &sent).await.goes(&format!("{EDIT}?done=saved"));
    assert_eq!(draft(&kit).await.source, text);
    mia.get("/processes/monthly-invoicing").await.shows(&["The draft says something else"]);
    let now = version(&kit).await;
    let page = mia.post(EDIT, &[("source", &text), ("version", &now), ("act", "publish")]).await;
    page.goes("/processes/monthly-invoicing/publish?done=saved");
}

#[tokio::test]
async fn checking_without_a_script_shows_the_findings_and_keeps_the_text() {
    let kit = with_invoicing().await;
    let mia = Browser::of(&kit, "Mia").await;
    let broken = "# Monthly invoicing\n\n1. Do </textarea> it, then go to step 9.\n";
    let page = mia.post(EDIT, &[("source", broken), ("version", "1"), ("act", "check")]).await;
    page.shows(&[
        "Do &lt;/textarea&gt; it",
        "No owner is named",
        "/codes/SOP0101",
        "name=\"version\" value=\"1\"",
    ]);
    assert_eq!(draft(&kit).await.source, INVOICING);
}

#[tokio::test]
async fn the_live_check_answers_the_panes_that_changed() {
    let kit = with_invoicing().await;
    let mia = Browser::of(&kit, "Mia").await;
    let page = mia.post(CHECK, &[("source", INVOICING), ("version", "1")]).await.is(200);
    assert!(page.body.starts_with("<section"), "{}", page.body);
    holds(&page.body, &["<svg", "Five pieces", "Who does what", "href=\"#line-", "data-steps="]);
    let have = have(&page.body);
    let again = mia.post(CHECK, &[("source", INVOICING), ("have", &have)]).await;
    assert_eq!(again.body.matches("data-same").count(), 6, "{}", again.body);
    let later = INVOICING.replace("A client asks", "A client writes and asks");
    let later = mia.post(CHECK, &[("source", &later), ("have", &have)]).await.is(200);
    holds(&later.hides(&["gemba-map"]).body, &["data-same", "A client writes"]);
    let empty = mia.post(CHECK, &[("source", "")]).await.is(200);
    holds(&empty.body, &["appears with the first step"]);
}

#[tokio::test]
async fn the_live_check_draws_the_map_in_the_direction_that_the_browser_shows() {
    let kit = with_invoicing().await;
    let mia = Browser::of(&kit, "Mia").await;
    for (map, right, down) in
        [("", true, true), ("right", true, false), ("down", false, true), ("up", true, true)]
    {
        let page = mia.post(CHECK, &[("source", INVOICING), ("map", map)]).await.is(200);
        let drawn = (page.body.contains("map map-right"), page.body.contains("map map-down"));
        assert_eq!(drawn, (right, down), "{map}");
    }
}

#[tokio::test]
async fn the_second_process_of_a_text_has_its_map_and_takes_the_acts() {
    let kit = with_invoicing().await;
    let mia = Browser::of(&kit, "Mia").await;
    let two = format!("{INVOICING}\n# Credit notes\n\n## Steps\n\n1. Ask why\n2. Write the note\n");
    let page = mia.post(CHECK, &[("source", &two)]).await.is(200);
    holds(
        &page.body,
        &[
            "Map of Credit notes",
            "data-process=\"1\"",
            "2.ask-why ",
            "<option value=\"2.write-the-note\">Credit notes: 2 Write the note</option>",
            "The file holds 2 processes. Only the first one, Monthly invoicing, is published",
        ],
    );
    let asked =
        [("source", two.as_str()), ("act", "step-after"), ("at", "2.ask-why"), ("words", "Count")];
    let made = mia.post("/processes/monthly-invoicing/change", &asked).await.is(200);
    holds(&made.body, &["1. Ask why\n2. Count\n3. Write the note"]);
    let across = [
        ("source", two.as_str()),
        ("act", "add-decision"),
        ("at", "2.ask-why"),
        ("to", "send-invoices"),
    ];
    let refused = mia.post("/processes/monthly-invoicing/change", &across).await.is(200);
    holds(&refused.body, &["The text has no such step"]);
}

/// A part of a page says all this.
#[track_caller]
fn holds(body: &str, parts: &[&str]) {
    for part in parts {
        assert!(body.contains(part), "{part} is not in {body}");
    }
}

/// What a browser says it has after this answer.
fn have(body: &str) -> String {
    let mut have = Vec::new();
    for pane in body.split("data-pane=\"").skip(1) {
        let (name, rest) = pane.split_once('"').unwrap();
        if let Some(rest) = rest.trim_start().strip_prefix("data-hash=\"") {
            have.push(format!("{name}:{}", rest.split_once('"').unwrap().0));
        }
    }
    have.join(" ")
}

#[tokio::test]
async fn without_a_script_a_line_of_a_finding_and_a_box_of_the_map_lead_to_the_numbered_text() {
    let kit = with_invoicing().await;
    let page = Browser::of(&kit, "Mia").await.get(EDIT).await;
    let numbered = page.body.split("<noscript>").nth(1).unwrap();
    let line = INVOICING.lines().position(|line| line.starts_with("1. ")).unwrap() + 1;
    assert!(numbered.contains(&format!("<li id=\"line-{line}\">")), "{numbered}");
    page.shows(&[&format!("<a href=\"#line-{line}\">")]);
}

#[tokio::test]
async fn a_step_is_put_in_with_a_form_alone_and_the_jumps_follow() {
    let kit = with_invoicing().await;
    let mia = Browser::of(&kit, "Mia").await;
    let sent = |act: &'static str, at: &'static str, words: &'static str| {
        [("source", INVOICING), ("version", "1"), ("act", act), ("at", at), ("words", words)]
    };
    let page = mia.post(EDIT, &sent("step-before", "collect-hours", "Ask for them")).await.is(200);
    page.shows(&[
        "1. **Ask for them** — Accounting",
        "go back to step 2.",
        "Changed. Look at it",
        "name=\"version\" value=\"1\"",
    ]);
    let page = mia.post(EDIT, &sent("step-up", "collect-hours", "")).await.is(200);
    page.shows(&["There is no step on that side of it"]);
    let mut ends = sent("add-decision", "send-invoices", "a client objects").to_vec();
    ends.push(("to", "check-hours"));
    mia.post(EDIT, &ends).await.is(200).shows(&["- If a client objects, go back to step 2."]);
    assert_eq!(draft(&kit).await.source, INVOICING);
}

#[tokio::test]
async fn the_act_of_a_script_answers_the_text_and_what_to_select() {
    let kit = with_invoicing().await;
    let mia = Browser::of(&kit, "Mia").await;
    let change = "/processes/monthly-invoicing/change";
    let sent = [("source", INVOICING), ("act", "step-down"), ("at", "collect-hours")];
    let page = mia.post(change, &sent).await.is(200);
    assert!(page.body.starts_with("<textarea data-changed data-from=\""), "{}", page.body);
    holds(&page.body, &["1. **Check the hours**", "go back to step 2.", "data-said=\"\""]);
    let sent = [("source", INVOICING), ("act", "step-down"), ("at", "nothing")];
    let page = mia.post(change, &sent).await.is(200);
    holds(&page.body, &["The text has no such step any more"]);
}

#[tokio::test]
async fn a_certain_fix_needs_no_script() {
    let kit = with_invoicing().await;
    let mia = Browser::of(&kit, "Mia").await;
    let sent = [("source", INVOICING), ("version", "1"), ("act", "mend SOP0101 1 2")];
    mia.post(EDIT, &sent).await.is(200).shows(&["The text is another one"]);
    let sent = [("source", INVOICING), ("version", "1"), ("act", "mend-all")];
    mia.post(EDIT, &sent).await.is(200).shows(&["There was nothing to fix that is certain."]);
    assert_eq!(draft(&kit).await.source, INVOICING);
}

const MERGE: &str = "/processes/monthly-invoicing/merge";
const DRAFT: &str = "/processes/monthly-invoicing/draft";

/// Mara saves hers first; what Mia then gets for hers, and the version that is stored.
async fn conflict(kit: &TestApp, hers: &str, his: &str) -> (crate::browser::Page, String) {
    let (mia, mara) = (Browser::of(kit, "Mia").await, Browser::of(kit, "Mara").await);
    let opened = version(kit).await;
    mara.post(EDIT, &[("source", hers), ("version", &opened)]).await.is(303);
    let sent = [("source", his), ("base", INVOICING), ("version", &opened)];
    let page = mia.post(EDIT, &sent).await.is(409);
    (page, version(kit).await)
}

#[tokio::test]
async fn two_who_changed_different_places_get_both_changes_and_nothing_is_overwritten() {
    let kit = with_invoicing().await;
    let hers = INVOICING.replace("the ledger", "the big ledger");
    let his = INVOICING.replace("Pull the approved", "Pull all approved");
    let (page, now) = conflict(&kit, &hers, &his).await;
    holds(
        &page.body,
        &["Mara", "Nothing was overwritten", "You changed this", "Mara changed this"],
    );
    assert_eq!(draft(&kit).await.source, hers);
    let mia = Browser::of(&kit, "Mia").await;
    let sent = [("base", INVOICING), ("mine", his.as_str()), ("version", &now)];
    let opened = [&sent[..], &[("act", "open")]].concat();
    mia.post(MERGE, &opened).await.is(200).shows(&["the big ledger", "Pull all approved"]);
    assert_eq!(draft(&kit).await.source, hers, "opening saves nothing");
    mia.post(MERGE, &sent).await.goes(&format!("{EDIT}?done=merged"));
    let both = hers.replace("Pull the approved", "Pull all approved");
    assert_eq!(draft(&kit).await.source, both);
}

#[tokio::test]
async fn a_place_that_both_changed_must_be_chosen() {
    let kit = with_invoicing().await;
    let hers = INVOICING.replace("the ledger", "her ledger");
    let his = INVOICING.replace("the ledger", "his ledger");
    let (page, now) = conflict(&kit, &hers, &his).await;
    holds(&page.body, &["You and Mara both changed this", "in her ledger", "in his ledger"]);
    let mia = Browser::of(&kit, "Mia").await;
    let sent = [("base", INVOICING), ("mine", his.as_str()), ("version", &now)];
    holds(&mia.post(MERGE, &sent).await.is(422).body, &["Choose for each place"]);
    let old = [("base", INVOICING), ("mine", his.as_str()), ("version", "1"), ("choice-0", "mine")];
    holds(&mia.post(MERGE, &old).await.is(422).body, &["changed once more"]);
    assert_eq!(draft(&kit).await.source, hers);
    let words = [&sent[..], &[("choice-0", "words"), ("words-0", "- One in our ledger")]].concat();
    mia.post(MERGE, &words).await.is(303);
    let ours = INVOICING.replace("- One invoice per client in the ledger", "- One in our ledger");
    assert_eq!(draft(&kit).await.source, ours);
}

#[tokio::test]
async fn a_draft_is_kept_while_one_writes_and_another_s_is_not_overwritten() {
    let kit = with_invoicing().await;
    let (mia, mara) = (Browser::of(&kit, "Mia").await, Browser::of(&kit, "Mara").await);
    let opened = version(&kit).await;
    let page = mia.post(DRAFT, &[("source", "# Mine\n"), ("version", &opened)]).await.is(200);
    let now = version(&kit).await;
    holds(&page.body, &["data-kept", &format!("data-version=\"{now}\""), "Saved "]);
    let page = mara.post(DRAFT, &[("source", "# Hers\n"), ("version", &opened)]).await.is(409);
    holds(&page.body, &["data-overtaken", "Mia saved this draft", "Nothing was overwritten"]);
    assert_eq!(draft(&kit).await.source, "# Mine\n");
    let large = "x".repeat(1_100_000);
    let page = mia.post(DRAFT, &[("source", &large), ("version", &now)]).await.is(422);
    holds(&page.body, &["at most 1 MiB"]);
    mara.get(EDIT).await.shows(&["Mia is editing this"]);
    mia.get(EDIT).await.hides(&["is editing this"]);
}

#[tokio::test]
async fn a_text_that_is_too_large_is_refused_and_kept_in_the_form() {
    let kit = with_invoicing().await;
    let mia = Browser::of(&kit, "Mia").await;
    let large = format!("# Large\n{}", "x".repeat(1_100_000));
    let now = version(&kit).await;
    let page = mia.post(EDIT, &[("source", &large), ("version", &now)]).await;
    page.refused(&["at most 1 MiB", "# Large"]);
    assert_eq!(draft(&kit).await.source, INVOICING);
}

#[tokio::test]
async fn a_text_of_too_many_steps_is_checked_without_its_map_and_says_so() {
    let kit = with_invoicing().await;
    let mia = Browser::of(&kit, "Mia").await;
    let lines: Vec<String> =
        (1..=301).map(|n| format!("{n}. **Check invoice {n}** (Clerk)")).collect();
    let steps = lines.join("\n") + "\n";
    let long = format!("# Long\n\n## Steps\n\n{steps}");
    let page = mia.post(CHECK, &[("source", &long)]).await.is(200);
    holds(&page.body, &["This text has 301 steps", "up to 300 steps are drawn", "Five pieces"]);
    assert!(!page.body.contains("gemba-map"));
}
