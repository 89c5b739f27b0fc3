//! The page of agents: what each lacks is filled in, and each is stopped and let go on.

use crate::browser::Browser;
use gemba_app::{Who, seats, seats::HolderInput, seats::SeatInput};
use gemba_testkit::{INVOICING, TestApp};

#[tokio::test]
async fn a_manager_stops_agents_and_lets_them_go_on() {
    let kit = TestApp::new().await;
    let slug = kit.publish(INVOICING).await;
    let (mara, ben) = (Browser::of(&kit, "Mara").await, Browser::of(&kit, "Ben").await);
    mara.get("/agents").await.shows(&[
        "Dash",
        "May act",
        "Stop all agents",
        "Never pays anybody",
        "Mia",
    ]);
    ben.get("/agents").await.shows(&["Dash"]).hides(&["Stop all agents", "Stop this agent"]);
    ben.post("/agents/stop", &[("kind", "all"), ("reason", "x")]).await.is(403);
    mara.post("/agents/stop", &[("kind", "all"), ("reason", " ")])
        .await
        .refused(&["characters why"]);
    let stopped = mara.post("/agents/stop", &[("kind", "all"), ("reason", "drill")]).await;
    stopped.goes("/agents?done=agents-stopped");
    mara.get("/agents").await.shows(&["Mara has stopped all agents.", "drill", "Let them go on"]);
    mara.post("/agents/resumption", &[("kind", "all")]).await.goes("/agents?done=agents-go-on");

    let mia = Browser::of(&kit, "Mia").await;
    let seat = [("kind", "seat"), ("of", "delivery-lead"), ("at", "seat"), ("reason", "odd")];
    mia.post("/agents/stop", &seat).await.goes("/seats/delivery-lead?done=agents-stopped");
    mia.get("/seats/delivery-lead").await.shows(&["Mia has stopped this agent.", "odd"]);
    mia.get("/agents").await.shows(&["1 stopped"]);
    let process = [("kind", "process"), ("of", slug.as_str()), ("reason", "wrong sums")];
    mia.post("/agents/stop", &process).await.goes("/agents?done=agents-stopped");
    mia.get(&format!("/processes/{slug}")).await.shows(&["has stopped agents in this process"]);
    mia.post("/agents/resumption", &process[..2]).await.goes("/agents?done=agents-go-on");
    mia.get(&format!("/processes/{slug}")).await.hides(&["has stopped agents in this process"]);
}

#[tokio::test]
async fn what_an_agent_lacks_is_named_and_filled_in_on_its_page() {
    let kit = TestApp::new().await;
    let input = SeatInput {
        name: "Scout".to_owned(),
        holder: HolderInput::Agent("Lookout".to_owned()),
        reports_to: Some("Accounting".to_owned()),
        ..SeatInput::default()
    };
    seats::create(&kit.app, &Who::operator(), input).await.unwrap();
    let mara = Browser::of(&kit, "Mara").await;
    mara.get("/seats/scout").await.shows(&[
        "Only reads",
        "its mandate is not written",
        "Fill it in",
    ]);
    mara.get("/seats/scout/charter").await.shows(&["Mandate", "Its sponsor"]);
    Browser::of(&kit, "Ben").await.get("/seats/scout/charter").await.is(403);
    mara.get("/seats/accounting/charter").await.is(404);
    let mut fields = vec![("mandate", "Scans."), ("edges", ""), ("metric", "Hours saved")];
    mara.post("/seats/scout/charter", &fields).await.refused(&["never does"]);
    fields[1] = ("edges", "Never pays\nNever calls");
    mara.post("/seats/scout/charter", &fields).await.goes("/seats/scout?done=saved");
    mara.get("/seats/scout").await.shows(&["May act", "Never calls", "Hours saved"]);
}

#[tokio::test]
async fn a_seat_is_saved_in_the_forms_that_other_agents_read() {
    let kit = TestApp::new().await;
    kit.publish(INVOICING).await;
    let otto = Browser::of(&kit, "Otto").await;
    let mut page = otto.get("/seats/delivery-lead").await;
    for (form, media, begins) in [
        ("agents-md", "text/markdown; charset=utf-8", "# Delivery lead at Acme"),
        ("claude-md", "text/markdown; charset=utf-8", "# Delivery lead at Acme"),
        ("skills", "application/zip", "PK"),
        ("sop-md", "application/zip", "PK"),
    ] {
        let address = format!("/seats/delivery-lead/export/{form}");
        page = page.shows(&[&format!("href=\"{address}\"")]);
        let saved = otto.get(&address).await.is(200);
        assert_eq!(saved.headers["content-type"], media, "{form}");
        assert!(saved.body.starts_with(begins), "{form}: {}", saved.body);
    }
    otto.get("/seats/delivery-lead/export/docx").await.is(422);
}
