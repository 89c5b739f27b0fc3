//! The pages of processes: the list, adding, one process in all its views, reviews.

use crate::browser::{Browser, Upload};
use gemba_app::{
    Who, archive, exchange,
    records::ReviewOutcome,
    reviews, runs,
    seats::{self, HolderInput, SeatInput},
};
use gemba_testkit::{INVOICING, TestApp};
use jiff::SignedDuration;

const EVERYBODY: [&str; 6] = ["Olga", "Adam", "Mara", "Mia", "Ben", "Otto"];
const HOME: &str = "/processes/monthly-invoicing";

async fn with_invoicing() -> TestApp {
    let kit = TestApp::new().await;
    kit.publish(INVOICING).await;
    kit
}

#[tokio::test]
async fn an_empty_list_teaches_and_offers_what_the_visitor_may() {
    let kit = TestApp::new().await;
    let page = Browser::of(&kit, "Mia").await.get("/processes").await;
    page.shows(&["No process is written down yet", "/processes/new", "/processes/import"]);
    let page = Browser::of(&kit, "Otto").await.get("/processes").await;
    page.shows(&["No process is written down yet"]).hides(&["/processes/new"]);
}

#[tokio::test]
async fn everybody_sees_the_list_with_owner_state_and_trigger() {
    let kit = with_invoicing().await;
    for name in EVERYBODY {
        let page = Browser::of(&kit, name).await.get("/processes").await;
        page.shows(&[
            "Monthly invoicing",
            "monthly on the 1st at 09:00",
            "Unverified",
            "Accounting",
            "Mia",
            ">Finance</h2>",
        ]);
    }
}

#[tokio::test]
async fn the_list_is_narrowed_by_its_address() {
    let kit = with_invoicing().await;
    let olga = Browser::of(&kit, "Olga").await;
    olga.post("/processes/new", &[("title", "Weekly stand-up")]).await.is(303);
    let check = async |query: &str, invoicing: bool, stand_up: bool| {
        let html = olga.get(&format!("/processes?{query}")).await.shows(&[]).body;
        assert_eq!(html.contains(">Monthly invoicing</a>"), invoicing, "{query}");
        assert_eq!(html.contains(">Weekly stand-up</a>"), stand_up, "{query}");
    };
    check("", true, true).await;
    check("q=INVOICING+monthly", true, false).await;
    check("function=Finance", true, false).await;
    check("function=No+function+named", false, true).await;
    check("owner=accounting", true, false).await;
    check("owner=none", false, true).await;
    check("state=draft", false, true).await;
    check("state=unverified", true, false).await;
    check("state=verified", false, false).await;
    check("state=nonsense", false, false).await;
    check("from=1", false, true).await;
    check("from=x&q=%3Cscript%3E", false, false).await;
}

#[tokio::test]
async fn a_new_process_begins_in_the_editor() {
    let kit = TestApp::new().await;
    let mia = Browser::of(&kit, "Mia").await;
    mia.get("/processes/new").await.shows(&["New process", "name=\"title\""]);
    let page = mia.post("/processes/new", &[("title", "  ")]).await;
    page.refused(&["There is a problem", "title-error"]);
    let long = "x".repeat(200);
    mia.post("/processes/new", &[("title", &long)]).await.refused(&[&long]);
    let page = mia.post("/processes/new", &[("title", "Weekly stand-up")]).await;
    page.goes("/processes/weekly-stand-up/edit?done=created");
    let page = mia.post("/processes/new", &[("title", "New")]).await;
    page.goes("/processes/new-process/edit?done=created");
    mia.get("/processes/new-process").await.shows(&["Draft only", "No owner"]);
}

#[tokio::test]
async fn observers_add_nothing() {
    let kit = TestApp::new().await;
    let otto = Browser::of(&kit, "Otto").await;
    otto.get("/processes/new").await.is(403);
    otto.get("/processes/import").await.is(403);
    otto.post("/processes/new", &[("title", "Mine")]).await.is(403);
    otto.import("/processes/import", &[("a.md", b"# A")]).await.is(403);
    otto.import("/processes/import", &[]).await.is(403);
}

#[tokio::test]
async fn forms_without_the_token_are_refused() {
    let kit = with_invoicing().await;
    let olga = Browser::of(&kit, "Olga").await;
    for address in [
        "/processes/new",
        "/processes/monthly-invoicing/edit",
        "/processes/monthly-invoicing/check",
        "/processes/monthly-invoicing/verification",
        "/processes/monthly-invoicing/reviews",
        "/processes/monthly-invoicing/revisions",
        "/processes/monthly-invoicing/owner",
        "/processes/monthly-invoicing/missing-seats",
    ] {
        let fields = [("title", "x"), ("source", "x"), ("outcome", "still_right")];
        olga.post_bare(address, &fields).await.is(403);
        let wrong = [("csrf", "wrong"), ("title", "x"), ("source", "x")];
        olga.post_bare(address, &wrong).await.is(403);
    }
}

#[tokio::test]
async fn documents_are_imported_with_their_findings() {
    let kit = TestApp::new().await;
    let mia = Browser::of(&kit, "Mia").await;
    mia.get("/processes/import").await.shows(&["multipart/form-data", "multiple"]);
    mia.import("/processes/import", &[]).await.refused(&["Choose at least one document"]);
    let crlf = INVOICING.replace('\n', "\r\n");
    let files: [(&str, &[u8]); 2] = [("inv.md", crlf.as_bytes()), ("b.md", b"# B\n\n1. Do it.\n")];
    let page = mia.import("/processes/import", &files).await;
    page.shows(&[
        "2 processes from 2 files",
        "/processes/monthly-invoicing/edit",
        "inv.md",
        "No owner is named",
        "/codes/SOP0101",
    ]);
    mia.get("/processes").await.shows(&["Monthly invoicing"]);
}

#[tokio::test]
async fn a_whole_folder_is_imported_and_what_is_no_document_is_named() {
    let kit = TestApp::new().await;
    let mia = Browser::of(&kit, "Mia").await;
    mia.get("/processes/import").await.shows(&["webkitdirectory", "Or a whole folder"]);
    let file = |name, bytes| Upload { field: "folder", name, bytes };
    let files = [
        file("sops/finance/inv.md", INVOICING.as_bytes()),
        file("sops/finance/logo.png", b"no text"),
        file("sops/b.md", b"# B\n\n1. Do it.\n"),
    ];
    let page = mia.upload("/processes/import", &[], &files).await;
    page.shows(&["2 processes from 2 files", "logo.png", "was left out"]);
    let nothing = [file("sops/logo.png", b"no text")];
    let page = mia.upload("/processes/import", &[], &nothing).await;
    page.refused(&["There is no Markdown document and no BPMN model in it"]);
}

#[tokio::test]
async fn an_exported_workspace_is_downloaded_as_a_zip_and_uploaded_into_another() {
    let kit = with_invoicing().await;
    let page = Browser::of(&kit, "Olga").await.get("/settings/workspace/export.zip").await.is(200);
    assert_eq!(page.headers["content-type"], "application/zip");
    let named = page.headers["content-disposition"].to_str().unwrap();
    assert!(named.starts_with("attachment") && named.contains(".zip"), "{named}");
    assert!(page.body.starts_with("PK"), "it is no archive");
    Browser::of(&kit, "Otto").await.get("/settings/workspace/export.zip").await.is(403);

    let files = exchange::export(&kit.app, &Who::operator()).await.unwrap();
    let zip = archive::pack(&files).unwrap();
    let other = TestApp::new().await;
    let olga = Browser::of(&other, "Olga").await;
    let page = olga.import("/processes/import", &[("workspace.zip", &zip)]).await;
    page.shows(&["New from the exported workspace", "1 process, 1 of them in force"]);
    olga.get(HOME).await.shows(&["Collect the hours"]);
    let broken = &zip[..zip.len() / 2];
    olga.import("/processes/import", &[("half.zip", broken)])
        .await
        .refused(&["The archive cannot be read"]);
}

#[tokio::test]
async fn one_bad_file_keeps_all_files_out() {
    let kit = TestApp::new().await;
    let mia = Browser::of(&kit, "Mia").await;
    let files: [(&str, &[u8]); 2] = [("inv.md", INVOICING.as_bytes()), ("bad.md", &[0, 159, 146])];
    let page = mia.import("/processes/import", &files).await;
    page.refused(&["Nothing was imported", "1 of 2 files could not be taken", "bad.md", "Refused"]);
    mia.get("/processes").await.shows(&["No process is written down yet"]);
}

#[tokio::test]
async fn a_process_shows_every_side_to_everybody() {
    let kit = with_invoicing().await;
    for name in EVERYBODY {
        let browser = Browser::of(&kit, name).await;
        for (view, parts) in [
            ("", vec!["<svg", "Collect the hours", "Expected output", "A client asks where"]),
            ("?view=map", vec!["<svg", "/processes/monthly-invoicing/map.svg"]),
            ("?view=raci", vec!["Accountable", "Delivery lead"]),
            ("?view=happened", vec!["Never run yet"]),
            ("?view=history", vec!["Revision 1", "In force", "It was not reviewed yet"]),
            ("?view=nonsense", vec!["Collect the hours"]),
        ] {
            browser.get(&format!("{HOME}{view}")).await.shows(&parts);
        }
    }
}

#[tokio::test]
async fn a_process_says_how_it_is_done_and_whether_that_is_true() {
    let kit = with_invoicing().await;
    let page = Browser::of(&kit, "Mia").await.get(HOME).await;
    page.shows(&[
        "published by somebody else",
        "Verify this process",
        "Next runs",
        "Sun 1 Feb 2026, 09:00 (CET)",
        "If hours are missing: ",
        "go back to <a href=\"#step-collect-hours\">step 1, Collect the hours</a>",
        "Evidence (link): ",
        "action=\"/processes/monthly-invoicing/runs\"",
        "/processes/monthly-invoicing/edit",
    ]);
    let page = Browser::of(&kit, "Otto").await.get(HOME).await;
    page.shows(&["Unverified"]).hides(&["Verify this process", "Start a run", "/edit\""]);
}

#[tokio::test]
async fn words_of_a_document_never_become_markup() {
    let kit = TestApp::new().await;
    let evil = "---\nowner: Accounting\n---\n# <script>x</script>\n\n<img src=x onerror=y>\n\n## Steps\n\n\
                1. **Do <b>it</b>** [x](javascript:alert(1))\n   - If <i>a</i>, go to step 1.\n\n## Notes\n\n<iframe>\n";
    let mia = Browser::of(&kit, "Mia").await;
    mia.import("/processes/import", &[("e.md", evil.as_bytes())]).await.is(200);
    let html = mia.get("/processes").await.body;
    let slug = html.split("class=\"row-link\" href=\"").nth(1).unwrap().split('"').next().unwrap();
    for address in [slug.to_owned(), format!("{slug}/edit"), format!("{slug}/publish")] {
        let page = mia.get(&address).await.is(200);
        page.hides(&["<script>x", "<img", "<iframe", "href=\"javascript", "<i>a", "<b>it"]);
    }
}

#[tokio::test]
async fn the_holder_of_the_owner_s_seat_verifies() {
    let kit = with_invoicing().await;
    let verification = format!("{HOME}/verification");
    for name in ["Olga", "Mara", "Ben", "Otto"] {
        Browser::of(&kit, name).await.post(&verification, &[]).await.is(403);
    }
    let mia = Browser::of(&kit, "Mia").await;
    mia.post(&verification, &[]).await.goes("/processes/monthly-invoicing?done=verified");
    let page = mia.get(&format!("{HOME}?done=verified")).await;
    page.shows(&["Verified. You stand behind", "Mia</span>", "and stands behind it"]);

    let adam = SeatInput {
        name: "Accounting".to_owned(),
        holder: HolderInput::Agent("Ledger".to_owned()),
        ..SeatInput::default()
    };
    seats::change(&kit.app, &Who::operator(), "accounting", adam).await.unwrap();
    mia.get(HOME).await.shows(&["a new holder has the owner", "Ledger, an agent"]);
}

#[tokio::test]
async fn a_review_that_is_overdue_is_told_and_recorded() {
    let kit = with_invoicing().await;
    kit.clock.pass(SignedDuration::from_hours(24 * 200));
    let mia = Browser::of(&kit, "Mia").await;
    mia.get(HOME).await.shows(&["Review overdue", "Review it now"]);
    let ben = Browser::of(&kit, "Ben").await;
    ben.get(HOME).await.shows(&["Review overdue"]).hides(&["Review it now"]);
    ben.get(&format!("{HOME}?view=review")).await.shows(&["managers review a process"]);

    mia.get(&format!("{HOME}?view=review")).await.shows(&["It is still right", "name=\"outcome\""]);
    let reviews = format!("{HOME}/reviews");
    let page = mia.post(&reviews, &[("outcome", "maybe"), ("note", "Step 2 is odd")]).await;
    page.refused(&["Choose what you found", "Step 2 is odd"]);
    let sent = [("outcome", ReviewOutcome::StillRight.word()), ("note", "Sat with Dash")];
    ben.post(&reviews, &sent).await.is(403);
    mia.post(&reviews, &sent).await.goes("/processes/monthly-invoicing?done=reviewed");
    mia.get(HOME).await.shows(&["and stands behind it"]).hides(&["Review overdue"]);
    mia.get(&format!("{HOME}?view=history")).await.shows(&["Sat with Dash", "It is still right"]);
    assert_eq!(
        reviews::of_process(&kit.app, &Who::operator(), "monthly-invoicing").await.unwrap().len(),
        1
    );
}

#[tokio::test]
async fn what_happened_is_shown_once_something_did() {
    let kit = with_invoicing().await;
    let mia = kit.person("Mia").await;
    runs::start(&kit.app, &mia, "monthly-invoicing", "January").await.unwrap();
    let browser = Browser::of(&kit, "Mia").await;
    let page = browser.get(&format!("{HOME}?view=happened")).await;
    page.shows(&["Running now", "The map as it runs", "<svg"]).hides(&["Never run yet"]);
    let page = browser.get(&format!("{HOME}?view=happened&from=2020-01-01&to=2020-02-01")).await;
    page.shows(&["No run that began in this time came to its end", "value=\"2020-02-01\""]);
    browser.get("/processes?state=running").await.shows(&["/runs?process=monthly-invoicing"]);
}

#[tokio::test]
async fn map_and_text_can_be_taken_along() {
    let kit = with_invoicing().await;
    let otto = Browser::of(&kit, "Otto").await;
    let map = otto.get(&format!("{HOME}/map.svg")).await.is(200);
    assert!(map.body.starts_with("<svg"), "{}", map.body);
    let model = otto.get(&format!("{HOME}/map.bpmn")).await.is(200);
    assert!(model.body.contains("<bpmn:participant"), "{}", model.body);
    let text = otto.get(&format!("{HOME}/source.md")).await.is(200);
    assert_eq!(text.body, INVOICING);
}

#[tokio::test]
async fn a_revision_stays_readable_as_it_was() {
    let kit = with_invoicing().await;
    let otto = Browser::of(&kit, "Otto").await;
    let page = otto.get(&format!("{HOME}/revisions/1")).await;
    page.shows(&["Monthly invoicing, revision 1", "In force", "The text as written", "<svg"]);
    for missing in ["/revisions/9", "/revisions/x"] {
        otto.get(&format!("{HOME}{missing}")).await.is(404);
    }
    for missing in ["", "/edit", "/publish", "/map.svg", "/map.bpmn", "/source.md"] {
        otto.get(&format!("/processes/unknown{missing}")).await.is(404);
    }
}
