//! Publishing: what stands in the way is said, and each hurdle has its form.

use crate::browser::Browser;
use gemba_testkit::{INVOICING, TestApp};

const HOME: &str = "/processes/monthly-invoicing";

async fn with_draft(text: &str) -> TestApp {
    let kit = TestApp::new().await;
    let olga = Browser::of(&kit, "Olga").await;
    olga.import("/processes/import", &[("a.md", text.as_bytes())]).await.is(200);
    kit
}

#[tokio::test]
async fn everybody_sees_what_publishing_would_mean_and_managers_the_button() {
    let kit = with_draft(INVOICING).await;
    for (name, may) in [
        ("Olga", true),
        ("Adam", true),
        ("Mara", true),
        ("Mia", false),
        ("Ben", false),
        ("Otto", false),
    ] {
        let page = Browser::of(&kit, name).await.get(&format!("{HOME}/publish")).await;
        let page = page.shows(&["What revision 1 says", "Sun 1 Feb 2026, 09:00 (CET)", "3 steps"]);
        let button = ">Publish revision 1</button>";
        let send = ">Send for review</button>";
        match name {
            _ if may => page.shows(&[button, send]),
            "Mia" => page.shows(&["owners publish. Send it", send]).hides(&[button]),
            _ => page.shows(&["owners publish. Ask"]).hides(&[button, send]),
        };
    }
}

#[tokio::test]
async fn publishing_puts_the_revision_in_force_with_its_note() {
    let kit = with_draft(INVOICING).await;
    let revisions = format!("{HOME}/revisions");
    for name in ["Mia", "Ben", "Otto"] {
        Browser::of(&kit, name).await.post(&revisions, &[("note", "x")]).await.is(403);
    }
    let mara = Browser::of(&kit, "Mara").await;
    mara.post(&revisions, &[("note", "First words")]).await.goes(&format!("{HOME}?done=published"));
    mara.get(&format!("{HOME}?view=history")).await.shows(&["First words", "Mara", "In force"]);
    mara.get(&format!("{HOME}/publish")).await.shows(&["Nothing to publish"]);
    mara.post(&revisions, &[("note", "again")]).await.refused(&["the same as the revision"]);
}

#[tokio::test]
async fn a_missing_owner_is_named_and_written_into_the_document() {
    let kit = with_draft(&INVOICING.replace("owner: Accounting\n", "")).await;
    let mara = Browser::of(&kit, "Mara").await;
    let publish = format!("{HOME}/publish");
    let page = mara.get(&publish).await;
    page.shows(&["Nobody owns this process yet"])
        .hides(&["Publish revision 1</button>", "/codes/SOP0101"]);
    let owner = format!("{HOME}/owner");
    mara.post(&owner, &[("seat", "")]).await.refused(&["Choose the seat that answers"]);
    mara.post(&owner, &[("seat", "nobody")]).await.is(404);
    Browser::of(&kit, "Mia").await.post(&owner, &[("seat", "accounting")]).await.is(403);
    mara.post(&owner, &[("seat", "accounting")]).await.goes(&format!("{publish}?done=owner-named"));
    mara.get(&publish).await.shows(&["Publish revision 1</button>"]);
}

#[tokio::test]
async fn errors_in_the_document_stand_in_the_way_and_lead_to_their_line() {
    let kit = with_draft(&INVOICING.replace("owner: Accounting\n", "")).await;
    let mara = Browser::of(&kit, "Mara").await;
    let page = mara.post(&format!("{HOME}/revisions"), &[("note", "A try")]).await;
    page.refused(&["Mend 1 error in the document first", "href=\"#errors\"", "id=\"errors\""]);
    let page = Browser::of(&kit, "Mia").await.get(&format!("{HOME}/publish")).await;
    page.shows(&["id=\"errors\"", "/edit#line-", "/codes/SOP0101"]);
}

#[tokio::test]
async fn seats_that_the_chart_lacks_are_bound_or_added() {
    let text = INVOICING.replace("— Delivery lead", "— Project manager");
    let kit = with_draft(&text).await;
    let mara = Browser::of(&kit, "Mara").await;
    let (publish, revisions) = (format!("{HOME}/publish"), format!("{HOME}/revisions"));
    mara.get(&publish).await.shows(&[
        "Add the missing seat",
        "seat:Project manager",
        "Which seat is &quot;Project manager&quot;?",
    ]);
    let page = mara.post(&revisions, &[("note", "Kept words"), ("seat:Project manager", "")]).await;
    page.refused(&["Say which seats are meant by: Project manager", "Kept words"]);
    let bound = [("seat:Project manager", "delivery-lead"), ("note", "")];
    mara.post(&revisions, &bound).await.goes(&format!("{HOME}?done=published"));

    let other = text.replace("# Monthly invoicing", "# Other");
    mara.import("/processes/import", &[("b.md", other.as_bytes())]).await.is(200);
    let missing = "/processes/other/missing-seats";
    Browser::of(&kit, "Mia").await.post(missing, &[]).await.is(403);
    mara.post(missing, &[]).await.goes("/processes/other/publish?done=seats-added");
    let page = mara.get("/processes/other/publish?done=seats-added").await;
    page.shows(&["missing seats are on the team chart"]).hides(&["Add the missing seat<"]);
    mara.post("/processes/other/revisions", &[]).await.goes("/processes/other?done=published");
}
