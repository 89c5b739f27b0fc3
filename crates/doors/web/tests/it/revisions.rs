//! Revisions on the pages: sent for review, answered, in force, compared, brought back, retired.

use crate::browser::{Browser, between};
use gemba_app::{
    Who, processes, runs,
    workspace::{self, Settings},
};
use gemba_testkit::{INVOICING, TestApp};

const HOME: &str = "/processes/monthly-invoicing";

/// The process in force, in a workspace where a second person approves or not.
async fn company(second_person: bool) -> TestApp {
    let kit = TestApp::new().await;
    kit.publish(INVOICING).await;
    let to = Settings {
        name: "Acme".to_owned(),
        zone: "Europe/Berlin".to_owned(),
        second_person: Some(second_person),
    };
    workspace::change(&kit.app, &Who::operator(), to).await.unwrap();
    kit
}

/// Changes the draft as Mia, who holds the owner's seat.
async fn edit(kit: &TestApp, edits: &[(&str, &str)]) {
    let mia = kit.person("Mia").await;
    let draft = processes::draft(&kit.app, &mia, "monthly-invoicing").await.unwrap();
    let text = edits.iter().fold(INVOICING.to_owned(), |text, (from, to)| text.replace(from, to));
    processes::save_draft(&kit.app, &mia, "monthly-invoicing", text, draft.version).await.unwrap();
}

fn value<'a>(page: &'a str, field: &str) -> &'a str {
    between(page, &format!("name=\"{field}\" value=\""), "\"")
}

/// Sends the draft for review as Mia.
async fn send(kit: &TestApp, note: &str) {
    let mia = Browser::of(kit, "Mia").await;
    let page = mia.get(&format!("{HOME}/publish")).await;
    let version = value(&page.body, "draft_version").to_owned();
    let fields = [("draft_version", version.as_str()), ("note", note), ("act", "review")];
    let sent = mia.post(&format!("{HOME}/revisions"), &fields).await;
    sent.goes(&format!("{HOME}/proposal?done=sent-for-review"));
}

#[tokio::test]
async fn a_change_is_sent_approved_by_a_second_person_and_published() {
    let kit = company(true).await;
    edit(&kit, &[("two days", "three days"), ("— Delivery lead", "— Sales")]).await;
    let mia = Browser::of(&kit, "Mia").await;
    let page = mia.get(&format!("{HOME}/publish")).await;
    page.shows(&["Send for review", "Who should look at it?", "Mara"])
        .hides(&["Publish revision 2</button>", "<option value=\"\">Mia"]);
    let nothing = [("act", "review"), ("note", "")];
    mia.post(&format!("{HOME}/revisions"), &nothing).await.refused(&["Say what changed and why"]);
    send(&kit, "Sales checks them now.").await;

    let page = mia.get(&format!("{HOME}/proposal")).await;
    page.shows(&["In review", "You wrote this change", "Sales checks them now.", "Withdraw it"])
        .hides(&[">Approve</button>"]);
    let mara = Browser::of(&kit, "Mara").await;
    mara.get("/").await.shows(&["To approve", "Monthly invoicing", "/proposal\""]);
    mia.get("/").await.hides(&["To approve"]);
    mara.get(HOME).await.shows(&["Mia sent a change for review"]);
    let page = mara.get(&format!("{HOME}/proposal")).await;
    let page = page.shows(&[
        ">Approve</button>",
        ">Approve and publish</button>",
        "1 step changed, purpose changed, RACI changed",
        "Step 2, Check the hours",
        "Done by",
        "R, does it",
        "The two texts compared",
    ]);
    let hash = value(&page.body, "hash").to_owned();
    let answer = |act, comment| [("hash", hash.as_str()), ("act", act), ("comment", comment)];
    let to = format!("{HOME}/proposal");
    mara.post(&to, &answer("back", "")).await.refused(&["Say what should be changed"]);
    mara.post(&to, &[("hash", "other"), ("act", "approve")])
        .await
        .refused(&["Look at it as it is now"]);
    mia.post(&to, &answer("approve", "")).await.is(403);
    mara.post(&to, &answer("approve", "Right.")).await.goes(&format!("{to}?done=approved"));
    mara.get(&to).await.shows(&["Approved", "Mara approved it", "Right.", "Publish this revision"]);
    mia.get(&to).await.shows(&["Approved"]).hides(&["Publish this revision"]);
    let published = mara.post(&format!("{to}/publication"), &[("hash", hash.as_str())]).await;
    published.goes(&format!("{HOME}?done=published"));
    let page = mara.get(&format!("{HOME}?view=history")).await;
    page.shows(&["Revision 2", "approved by Mara (Right.)", "written by Mia", "1 step changed"]);
    mara.get(&to).await.is(404);
}

#[tokio::test]
async fn what_comes_back_says_why_and_waits_for_who_sent_it() {
    let kit = company(true).await;
    edit(&kit, &[("two days", "three days")]).await;
    send(&kit, "Longer.").await;
    let mara = Browser::of(&kit, "Mara").await;
    let hash = value(&mara.get(&format!("{HOME}/proposal")).await.body, "hash").to_owned();
    let back = [("hash", hash.as_str()), ("act", "back"), ("comment", "Say <b>which</b> days.")];
    let done = mara.post(&format!("{HOME}/proposal"), &back).await;
    done.goes(&format!("{HOME}?done=sent-back"));
    let mia = Browser::of(&kit, "Mia").await;
    let words = "Say &lt;b&gt;which&lt;/b&gt; days.";
    mia.get("/").await.shows(&["Answered", "Sent back", words]);
    mia.get(HOME).await.shows(&["Mara sent the change of Mia back", words]);
    let away = mia.post(&format!("{HOME}/proposal/withdrawal"), &[]).await;
    away.goes(&format!("{HOME}?done=withdrawn"));
    mia.get("/").await.hides(&["Answered"]);
}

#[tokio::test]
async fn a_draft_that_changed_since_the_page_was_opened_is_not_published() {
    let kit = company(false).await;
    edit(&kit, &[("two days", "three days")]).await;
    let mara = Browser::of(&kit, "Mara").await;
    let version =
        value(&mara.get(&format!("{HOME}/publish")).await.body, "draft_version").to_owned();
    edit(&kit, &[("two days", "ninety days")]).await;
    let fields = [("draft_version", version.as_str()), ("note", "Kept words"), ("act", "publish")];
    let page = mara.post(&format!("{HOME}/revisions"), &fields).await;
    let page = page.refused(&["The draft was changed since you opened this page", "Kept words"]);
    let now = value(&page.body, "draft_version").to_owned();
    let fields = [("draft_version", now.as_str()), ("note", "Ninety"), ("act", "publish")];
    mara.post(&format!("{HOME}/revisions"), &fields).await.goes(&format!("{HOME}?done=published"));
}

#[tokio::test]
async fn two_states_are_compared_in_words_and_in_the_text() {
    let kit = company(false).await;
    edit(
        &kit,
        &[
            ("two days", "three days"),
            ("owner: Accounting", "owner: Sales"),
            ("- A client asks where the invoice is", "- A client calls"),
            (
                "## Expected",
                "4. **File & keep** — Sales {#file}\n\n   In the folder.\n\n## Expected",
            ),
        ],
    )
    .await;
    let otto = Browser::of(&kit, "Otto").await;
    let page = otto.get(&format!("{HOME}/draft/changes")).await;
    page.shows(&[
        "The draft, compared with revision 1",
        "1 step added, owner changed, purpose changed, failure signals changed, RACI changed.",
        "Step 4, File &amp; keep",
        "<mark>three</mark>",
        "<del><span class=\"hush\">Removed: </span>two</del>",
        "<span class=\"hush\">Added: </span>",
        "A, answers for it",
    ]);
    otto.get(&format!("{HOME}/draft/changes?from=7")).await.is(404);
    otto.get(&format!("{HOME}/draft/changes?from=x")).await.is(404);
    otto.get(&format!("{HOME}/revisions/1/changes")).await.is(404);
    otto.get(&format!("{HOME}/revisions/1/changes?from=1")).await.shows(&["to the letter"]);
}

#[tokio::test]
async fn an_old_revision_is_made_effective_again_from_the_history() {
    let kit = company(false).await;
    edit(&kit, &[("two days", "three days")]).await;
    let mara = Browser::of(&kit, "Mara").await;
    let fields = [("note", "Longer."), ("act", "publish")];
    mara.post(&format!("{HOME}/revisions"), &fields).await.goes(&format!("{HOME}?done=published"));
    let history = format!("{HOME}?view=history");
    let page = mara.get(&history).await;
    page.shows(&["Make effective again", "/revisions/2/changes\"", "Retired by Mara", "Longer."]);
    Browser::of(&kit, "Otto").await.get(&history).await.hides(&["Make effective again"]);
    let restoration = format!("{HOME}/restoration");
    let asked = [("number", "1"), ("note", "Too long."), ("act", "publish")];
    Browser::of(&kit, "Mia").await.post(&restoration, &asked).await.is(403);
    mara.post(&restoration, &asked).await.goes(&format!("{HOME}?done=restored"));
    mara.get(&history).await.shows(&["Revision 3", "Makes revision 1 effective again: Too long."]);
    mara.get(HOME).await.shows(&["within two days"]);
    // The holder of the owner's seat may ask for it.
    let asked = [("number", "2"), ("note", ""), ("act", "review")];
    let sent = Browser::of(&kit, "Mia").await.post(&restoration, &asked).await;
    sent.goes(&format!("{HOME}/proposal?done=sent-for-review"));
    mara.get(&format!("{HOME}/proposal")).await.shows(&["Revision 2 becomes effective again"]);
}

#[tokio::test]
async fn a_retired_process_is_listed_apart_and_can_be_brought_back() {
    let kit = company(false).await;
    let mara = Browser::of(&kit, "Mara").await;
    let history = format!("{HOME}?view=history");
    mara.get(&history).await.shows(&["Retire this process"]);
    Browser::of(&kit, "Mia").await.get(&history).await.hides(&["Retire this process"]);
    let retirement = format!("{HOME}/retirement");
    mara.post(&retirement, &[("because", "")]).await.refused(&["Say why nothing runs by it"]);
    Browser::of(&kit, "Mia").await.post(&retirement, &[("because", "x")]).await.is(403);
    let done = mara.post(&retirement, &[("because", "The bank does it.")]).await;
    done.goes(&format!("{HOME}?done=retired"));
    mara.get("/processes").await.shows(&["See 1 retired"]).hides(&[">Monthly invoicing</a>"]);
    mara.get("/processes?state=retired").await.shows(&[">Monthly invoicing</a>"]);
    let page = mara.get(HOME).await;
    page.shows(&["Retired by Mara", "The bank does it.", "Collect the hours"]).hides(&[
        ">Start a run<",
        ">Edit<",
        "/publish\"",
    ]);
    mara.post(&format!("{HOME}/runs"), &[("title", "x")]).await.is(409);
    mara.get(&format!("{HOME}/publish")).await.shows(&["This process is retired"]);
    mara.get(&format!("{HOME}?view=history")).await.shows(&["/return\""]).hides(&["Retire this"]);
    let back = mara.post(&format!("{HOME}/return"), &[]).await;
    back.goes(&format!("{HOME}?done=brought-back"));
    mara.get(HOME).await.shows(&["it was retired and brought back", "Start a run"]);
}

#[tokio::test]
async fn who_ran_it_reads_what_changed_before_the_next_run_and_on_the_step() {
    let kit = company(false).await;
    let mia = kit.person("Mia").await;
    runs::start(&kit.app, &mia, "monthly-invoicing", "May").await.unwrap();
    edit(&kit, &[("two days", "three days")]).await;
    let mara = Browser::of(&kit, "Mara").await;
    let fields = [("note", "Longer."), ("act", "publish")];
    mara.post(&format!("{HOME}/revisions"), &fields).await.goes(&format!("{HOME}?done=published"));
    let run = runs::start(&kit.app, &kit.person("Mara").await, "monthly-invoicing", "June").await;
    let open = runs::get(&kit.app, &mia, run.unwrap()).await.unwrap().open;
    let step = format!("/work/{}", open[0].item.id);
    let browser = Browser::of(&kit, "Mia").await;
    let news = [
        "Changed since your last run",
        "(revision 1 to 2): purpose changed.",
        "/revisions/2/changes?from=1",
    ];
    browser.get(HOME).await.shows(&news);
    browser.get(&step).await.shows(&news);
    mara.get(HOME).await.hides(&["Changed since"]);
    let seen = [("revision", "2"), ("back", step.as_str())];
    browser.post(&format!("{HOME}/seen"), &seen).await.goes(&format!("{step}?done=seen"));
    browser.get(HOME).await.hides(&["Changed since"]);
    let elsewhere = [("revision", "2"), ("back", "https://evil.example")];
    browser.post(&format!("{HOME}/seen"), &elsewhere).await.goes(&format!("{HOME}?done=seen"));
}

#[tokio::test]
async fn an_admin_decides_that_a_second_person_approves() {
    let kit = company(false).await;
    let adam = Browser::of(&kit, "Adam").await;
    let page = adam.get("/settings/workspace").await;
    page.shows(&["A second person approves every revision"]).hides(&["value=\"yes\" checked"]);
    let fields = [("name", "Acme"), ("zone", "Europe/Berlin"), ("second_person", "yes")];
    adam.post("/settings/workspace", &fields).await.goes("/settings/workspace?done=saved");
    adam.get("/settings/workspace").await.shows(&["value=\"yes\" checked"]);
    edit(&kit, &[("two days", "three days")]).await;
    let mara = Browser::of(&kit, "Mara").await;
    let fields = [("note", "Longer."), ("act", "publish")];
    mara.post(&format!("{HOME}/revisions"), &fields).await.is(409);
    let fields = [("name", "Acme"), ("zone", "Europe/Berlin")];
    adam.post("/settings/workspace", &fields).await.goes("/settings/workspace?done=saved");
    mara.get("/settings/workspace").await.shows(&["Managers publish without a second person"]);
}
