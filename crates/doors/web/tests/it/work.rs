//! My work and the step to do: what each persona sees, and what comes of each act.

use crate::browser::{Browser, Page, Upload, between};
use axum::http::StatusCode;
use gemba_app::runs;
use gemba_testkit::{INVOICING, TestApp};
use jiff::SignedDuration;

const PACK: &str = "---
owner: Accounting
---

# Month pack

## Steps

1. **Close the month** — Accounting {#close}

   Do all of this.

   - Evidence (text): what was posted
   - Evidence (file): the trial balance

## Expected output

- A pack

## Failure signals

- The pack is late
";

/// The company with a run of a process; its title and the address of its first step.
async fn with_run(sop: &str) -> (TestApp, String) {
    let kit = TestApp::new().await;
    let slug = kit.publish(sop).await;
    let mia = Browser::of(&kit, "Mia").await;
    let started =
        mia.post(&format!("/processes/{slug}/runs"), &[("title", "May <b>2026</b>")]).await;
    assert!(started.location().starts_with("/runs/run_"));
    let home = mia.get("/").await;
    let step = format!("/work/{}", between(&home.body, "href=\"/work/", "\""));
    (kit, step)
}

/// The address of a form of the page.
fn form(page: &Page, what: &str) -> String {
    let action = page
        .body
        .split("action=\"")
        .find(|part| part.split('"').next().is_some_and(|address| address.ends_with(what)));
    action
        .unwrap_or_else(|| panic!("no form {what} in {}", page.body))
        .split('"')
        .next()
        .unwrap()
        .to_owned()
}

#[tokio::test]
async fn my_work_says_what_to_do_and_what_stands_still() {
    let (kit, step) = with_run(INVOICING).await;
    kit.clock.pass(SignedDuration::from_hours(72));
    let mia = Browser::of(&kit, "Mia").await.get("/").await;
    mia.says(&[
        "One step waits for you",
        "stands still, for 3 days now",
        "Collect the hours",
        "May &lt;b&gt;2026&lt;/b&gt;",
        "as Accounting",
        "Waits 3 days",
        &step,
        "To verify",
    ]);
    assert!(!mia.body.contains("Waiting long"));
    kit.clock.pass(SignedDuration::from_hours(24));
    Browser::of(&kit, "Mia").await.get("/").await.says(&["Waits 4 days", "Waiting long"]);
}

#[tokio::test]
async fn each_persona_has_a_page_that_teaches() {
    let (kit, _) = with_run(INVOICING).await;
    for name in ["Olga", "Adam", "Mara", "Ben", "Otto"] {
        Browser::of(&kit, name).await.get("/").await.says(&["You hold no seat"]);
    }
    for (name, leads) in [("Olga", true), ("Mara", true), ("Ben", false)] {
        let page = Browser::of(&kit, name).await.get("/").await;
        assert_eq!(page.body.contains("href=\"/audit/first-day\""), leads, "{name}");
    }
    let kit = TestApp::new().await;
    let mia = Browser::of(&kit, "Mia").await.get("/").await;
    mia.says(&["Nothing waits for you", "No step to do", "Accounting"]);
}

#[tokio::test]
async fn a_step_shows_its_form_to_its_seat_and_to_managers_only() {
    let (kit, step) = with_run(INVOICING).await;
    for (name, shown, hidden) in [
        ("Mia", "Complete step", "you do not hold"),
        ("Mara", "you may do it in their place", "you do not hold"),
        ("Ben", "a seat that you do not hold", "Complete step"),
        ("Otto", "a seat that you do not hold", "Complete step"),
    ] {
        let page = Browser::of(&kit, name).await.get(&step).await;
        page.says(&["Collect the hours", "Pull the approved timesheets", "Step 1 of 3", shown]);
        assert!(!page.body.contains(hidden), "{name} sees {hidden}");
        assert!(page.body.contains("A client asks where the invoice is"));
    }
}

#[tokio::test]
async fn a_run_is_done_step_by_step_with_branch_reason_and_evidence() {
    let (kit, step) = with_run(INVOICING).await;
    let mia = Browser::of(&kit, "Mia").await;
    let done = mia.upload(&format!("{step}/completion"), &[("note", "all in")], &[]).await;
    let run = mia.follow(&done).await;
    run.says(&["Step completed.", "1 step done", "all in", "It is done by Delivery lead"]);

    let mara = Browser::of(&kit, "Mara").await;
    let run = mara.get(done.location()).await;
    let second = format!("/work/{}", between(&run.body, "href=\"/work/", "\""));
    let page = mara.get(&second).await;
    page.says(&["What is the case?", "Hours are missing", "Then step 1.", "Then step 3."]);
    let branch = between(&page.body, "name=\"branch\" value=\"", "\"").to_owned();

    let at = form(&page, "/completion");
    let none = mara.upload(&at, &[("note", "kept & safe")], &[]).await;
    let body = none.with(StatusCode::UNPROCESSABLE_ENTITY);
    assert!(body.contains("id=\"branch\"") && body.contains("Choose which of these is the case"));
    assert!(body.contains("kept &amp; safe"));
    let why = mara.upload(&at, &[("branch", &branch), ("note", "kept")], &[]).await;
    let body = why.with(StatusCode::UNPROCESSABLE_ENTITY);
    assert!(body.contains("id=\"reason-error\"") && body.contains("checked"));
    let fields = [("branch", "otherwise"), ("reason", "all <twelve> are in")];
    let done = mara.upload(&at, &fields, &[]).await;
    let run = mara.follow(&done).await;
    run.says(&["2 steps done", "all &lt;twelve&gt; are in"]);

    let home = mia.get("/").await;
    let third = format!("/work/{}", between(&home.body, "href=\"/work/", "\""));
    let at = format!("{third}/completion");
    let none = mia.upload(&at, &[("evidence-0", "")], &[]).await;
    assert!(none.with(StatusCode::UNPROCESSABLE_ENTITY).contains("Give the link to"));
    let odd = mia.upload(&at, &[("evidence-0", "javascript:alert(1)")], &[]).await;
    let body = odd.with(StatusCode::UNPROCESSABLE_ENTITY);
    assert!(body.contains("id=\"evidence-0-error\"") && body.contains("it begins with https://"));
    let link = "https://files.example/may?a=1&b=2";
    let done = mia.upload(&at, &[("evidence-0", link)], &[]).await;
    mia.follow(&done).await.says(&[
        "That was the last step",
        "It came to its end",
        "href=\"https://files.example/may?a=1&amp;b=2\" rel=\"noreferrer noopener\"",
    ]);
    let late = mia.upload(&at, &[("evidence-0", link), ("note", "too late")], &[]).await;
    let body = late.with(StatusCode::CONFLICT);
    assert!(
        body.contains("RUN0101")
            && body.contains("too late")
            && body.contains(link.split('?').next().unwrap())
    );
}

#[tokio::test]
async fn many_cases_are_chosen_from_a_list_and_a_few_stand_in_view() {
    for (n, listed) in [(3, false), (7, true)] {
        let cases: Vec<String> =
            (0..n).map(|c| format!("   - If it is of kind {c}, go to step 2.\n")).collect();
        let cases = cases.concat();
        let sorting = PACK
            .replace("   Do all of this.\n", &format!("{cases}   - Otherwise, continue.\n"))
            .replace("## Expected output", "2. **Post it** — Accounting\n\n## Expected output");
        let (kit, step) = with_run(&sorting).await;
        let mia = Browser::of(&kit, "Mia").await;
        let page = mia.get(&step).await;
        page.says(&["What is the case?", "It is of kind 2", "Then step 2."]);
        assert_eq!(page.body.contains("<select class=\"input\" id=\"branch\""), listed, "{n}");
        assert_eq!(page.body.contains("Choose the case"), listed, "{n}");
        let at = form(&page, "/completion");
        let none = mia.upload(&at, &[("branch", ""), ("reason", "seen")], &[]).await;
        let body = none.with(StatusCode::UNPROCESSABLE_ENTITY);
        assert!(body.contains("id=\"branch-error\""), "{body}");
    }
}

#[tokio::test]
async fn a_file_is_kept_over_a_refusal_and_found_in_the_run() {
    let (kit, step) = with_run(PACK).await;
    let mia = Browser::of(&kit, "Mia").await;
    let at = format!("{step}/completion");
    let file =
        || [Upload { field: "evidence-1", name: "balance.csv", bytes: "a;b\n1;2".as_bytes() }];
    let refused = mia.upload(&at, &[("evidence-0", " ")], &file()).await;
    let body = refused.with(StatusCode::UNPROCESSABLE_ENTITY);
    assert!(body.contains("Write down: what was posted") && body.contains("balance.csv</a>"));
    let digest = between(body, "name=\"evidence-1\" value=\"", "\"").to_owned();
    let fields = [
        ("evidence-0", "three bookings"),
        ("evidence-1", digest.as_str()),
        ("evidence-1-name", "balance.csv"),
    ];
    let done = mia.upload(&at, &fields, &[]).await;
    let run = mia.follow(&done).await;
    run.says(&["three bookings", &format!("href=\"/files/{digest}\">balance.csv</a>")]);
    assert_eq!(mia.get(&format!("/files/{digest}")).await.body, "a;b\n1;2");
}

#[tokio::test]
async fn a_file_that_cannot_be_taken_is_said_at_its_field() {
    let (kit, step) = with_run(PACK).await;
    let mia = Browser::of(&kit, "Mia").await;
    let at = format!("{step}/completion");
    let empty = [Upload { field: "evidence-1", name: "empty.csv", bytes: "".as_bytes() }];
    let refused = mia.upload(&at, &[("evidence-0", "three bookings")], &empty).await;
    let body = refused.with(StatusCode::UNPROCESSABLE_ENTITY);
    assert!(body.contains("id=\"evidence-1-error\"") && body.contains("three bookings"));
    let digest = "0".repeat(64);
    let fields = [("evidence-0", "x"), ("evidence-1", digest.as_str())];
    mia.upload(&at, &fields, &[]).await.with(StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_step_is_taken_and_given_back() {
    let (kit, step) = with_run(INVOICING).await;
    let mia = Browser::of(&kit, "Mia").await;
    let taken = mia.post(&format!("{step}/claim"), &[]).await;
    mia.follow(&taken).await.says(&["You have taken this step.", "Give it back", "Complete step"]);
    let mara = Browser::of(&kit, "Mara").await;
    let page = mara.get(&step).await;
    page.says(&["Mia has taken this step", "Give it back"]);
    assert!(!page.body.contains("Complete step"));
    let refused = mara.post(&format!("{step}/claim"), &[]).await;
    assert!(refused.with(StatusCode::CONFLICT).contains("RUN0204"));
    let refused = mara.upload(&format!("{step}/completion"), &[("note", "mine")], &[]).await;
    assert!(refused.with(StatusCode::CONFLICT).contains("mine"));
    let back = mara.post(&format!("{step}/release"), &[]).await;
    mara.follow(&back).await.says(&["open to its seat again", "Take it"]);
    let refused = mia.post(&format!("{step}/release"), &[]).await;
    assert!(refused.with(StatusCode::CONFLICT).contains("RUN0210"));
}

#[tokio::test]
async fn who_may_not_do_a_step_is_refused() {
    let (kit, step) = with_run(INVOICING).await;
    for act in ["claim", "release"] {
        let at = format!("{step}/{act}");
        let mia = Browser::of(&kit, "Mia").await.with_wrong_token();
        mia.post(&at, &[]).await.with(StatusCode::FORBIDDEN);
        let otto = Browser::of(&kit, "Otto").await;
        otto.post(&at, &[]).await.with(StatusCode::FORBIDDEN);
        let ben = Browser::of(&kit, "Ben").await;
        assert!(ben.post(&at, &[]).await.with(StatusCode::CONFLICT).contains("RUN0203"));
        assert_eq!(ben.get(&at).await.location(), step);
    }
    let at = format!("{step}/completion");
    let mia = Browser::of(&kit, "Mia").await.with_wrong_token();
    mia.upload(&at, &[], &[]).await.with(StatusCode::FORBIDDEN);
    Browser::of(&kit, "Otto").await.upload(&at, &[], &[]).await.with(StatusCode::FORBIDDEN);
    let ben = Browser::of(&kit, "Ben").await;
    assert!(ben.upload(&at, &[], &[]).await.with(StatusCode::CONFLICT).contains("RUN0203"));
    for odd in ["/work/x", "/work/wi_00000000000000000000000000", "/work/run_1"] {
        ben.get(odd).await.with(StatusCode::NOT_FOUND);
    }
}

#[tokio::test]
async fn a_step_is_handed_to_another_seat_with_a_reason() {
    let (kit, step) = with_run(INVOICING).await;
    let mia = Browser::of(&kit, "Mia").await;
    let page = mia.get(&step).await;
    page.says(&["This step cannot be done as written", "Delivery lead", "Hand over"]);
    let address = form(&page, "/assignment");
    let refused = mia.post(&address, &[("to", "delivery-lead"), ("handed_because", " ")]).await;
    let body = refused.with(StatusCode::CONFLICT);
    assert!(body.contains("ay why another seat does this step") && body.contains("RUN0216"));
    let to = [("to", "delivery-lead"), ("handed_because", "I am away until Monday")];
    let done = mia.post(&address, &to).await;
    let after = mia.follow(&done).await;
    after.says(&["with the other seat now", "a seat that you do not hold", "for Accounting"]);
    let mara = Browser::of(&kit, "Mara").await;
    let run = format!("/runs/{}", between(&after.body, "href=\"/runs/", "\""));
    mara.get(&run).await.says(&["handed", "to Delivery lead", "I am away until Monday"]);
}

#[tokio::test]
async fn a_manager_goes_on_without_a_step_and_the_run_says_so() {
    let (kit, step) = with_run(INVOICING).await;
    let mara = Browser::of(&kit, "Mara").await;
    let page = mara.get(&step).await;
    let address = form(&page, "/skip");
    let refused = mara.post(&address, &[("skipped_because", "")]).await;
    assert!(refused.with(StatusCode::CONFLICT).contains("RUN0215"));
    let done = mara.post(&address, &[("skipped_because", "nobody worked in May")]).await;
    let run = mara.follow(&done).await;
    run.says(&["goes on without this step", "skipped", "nobody worked in May"]);
    mara.get(&step).await.says(&["Skipped", "let the run go on without this step"]);
    let ben = Browser::of(&kit, "Ben").await;
    let second = format!("/work/{}", between(&run.body, "href=\"/work/", "\""));
    let page = ben.post(&format!("{second}/skip"), &[("skipped_because", "lazy")]).await;
    assert!(page.with(StatusCode::CONFLICT).contains("RUN0214"));
    assert!(!ben.get(&second).await.body.contains("Skip this step"));
}

#[tokio::test]
async fn values_are_asked_for_in_their_own_fields_and_decide() {
    let kit = TestApp::new().await;
    let sop = INVOICING
        .replace(
            "Pull the approved timesheets.",
            "Pull them.\n\n   - Evidence (number): hours in h, between 0 and 200\n   \
             - Evidence (date): last day\n   - Evidence (choice): state: whole or broken",
        )
        .replace("If hours are missing,", "If the hours are below 10,");
    let slug = kit.publish(&sop).await;
    let who = kit.person("Mia").await;
    let inputs = [("Hours", "7"), ("Client", "<i>Blue</i>")];
    let inputs = inputs.map(|(name, value)| (name.to_owned(), value.to_owned())).into();
    let run = runs::start_with(&kit.app, &who, &slug, "January", &inputs).await.unwrap();
    let item = runs::get(&kit.app, &who, run).await.unwrap().open[0].item.id;
    let mia = Browser::of(&kit, "Mia").await;
    let step = format!("/work/{item}");
    let form = mia.get(&step).await;
    form.says(&["What came in", "&lt;i&gt;Blue&lt;/i&gt;", "value=\"7\""]);
    form.says(&["h, at least 0, at most 200", "type=\"date\"", "Choose one", "broken"]);
    let send = async |hours: &str, state: &str| {
        let fields = [("evidence-0", hours), ("evidence-1", "2026-01-31"), ("evidence-2", state)];
        mia.upload(&format!("{step}/completion"), &fields, &[]).await
    };
    send("201", "whole").await.refused(&["The hours must be at most 200 h, not 201"]);
    send("many", "whole").await.refused(&["is no number"]);
    send("8", "").await.refused(&["Choose one: state: whole or broken."]);
    send("8", "whole").await.is(303);
    let mara = Browser::of(&kit, "Mara").await;
    let view = runs::get(&kit.app, &kit.person("Mara").await, run).await.unwrap();
    mara.get(&format!("/runs/{run}")).await.shows(&["Hours: <strong>8</strong>"]);
    mara.get(&format!("/work/{}", view.open[0].item.id))
        .await
        .shows(&["is found from the values", "If the hours are below 10"])
        .hides(&["What is the case?"]);
}

#[tokio::test]
async fn an_approval_shows_what_it_decides_on_and_is_bound_to_it() {
    let kit = TestApp::new().await;
    let sop = INVOICING.replace(
        "   - If hours are missing, go back to step 1.",
        "   - Approval: 2 of Accounting, Sales, Delivery lead\n   - Not by: step 1\n   \
         - If hours are missing, it is rejected: go back to step 1.",
    );
    let slug = kit.publish(&sop).await;
    let who = kit.person("Mia").await;
    let run = runs::start(&kit.app, &who, &slug, "January").await.unwrap();
    let open = runs::get(&kit.app, &who, run).await.unwrap().open;
    let mia = Browser::of(&kit, "Mia").await;
    let first = format!("/work/{}/completion", open[0].item.id);
    mia.upload(&first, &[("note", "all 212 <hours>")], &[]).await.is(303);
    let page = mia.get(&format!("/runs/{run}")).await;
    page.says(&["0 of 2 have said yes", "Accounting", "Sales", "Answer"]);
    let process = mia.get(&format!("/processes/{slug}")).await;
    process.says(&["2 of Accounting, Sales, Delivery lead", "Not done by whoever did: "]);
    let view = runs::get(&kit.app, &who, run).await.unwrap();
    let own = view.open.iter().find(|row| row.seat == "Accounting").unwrap();
    let address = format!("/work/{}", own.item.id);
    let form = mia.get(&address).await;
    form.says(&["What you decide on", "all 212 &lt;hours&gt;", "name=\"shown\""]);
    let shown = between(&form.body, "name=\"shown\" value=\"", "\"").to_owned();
    let yes = [("branch", "otherwise"), ("reason", "fine"), ("shown", &shown)];
    let sent = mia.upload(&format!("{address}/completion"), &yes, &[]).await;
    assert!(sent.is(409).body.contains("RUN0219"), "who collected them does not approve them");
    let mara = Browser::of(&kit, "Mara").await;
    let stale = [("branch", "otherwise"), ("reason", "fine"), ("shown", "0000")];
    let sent = mara.upload(&format!("{address}/completion"), &stale, &[]).await;
    assert!(sent.is(409).body.contains("RUN0220"));
    mara.upload(&format!("{address}/completion"), &yes, &[]).await.is(303);
    mara.get(&format!("/runs/{run}")).await.shows(&["1 of 2 have said yes"]);
}
