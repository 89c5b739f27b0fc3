//! Document, execute, improve, over HTTP.

use crate::{Client, request};
use axum::body::Body;
use gemba_testkit::{INVOICING, TestApp};
use serde_json::{Value, json};

fn line(source: &str, words: &str) -> usize {
    source.lines().position(|line| line.contains(words)).expect("a line") + 1
}

#[tokio::test]
async fn a_document_becomes_a_process() {
    let kit = TestApp::new().await;
    let mara = Client::known(&kit, kit.person("Mara").await);
    let checked =
        mara.post("/checks", &json!({"source": INVOICING, "name": "a.md"})).await.with(200);
    assert_eq!(checked["processes"][0]["steps"][1]["line"], line(INVOICING, "Check the hours"));

    let made = json!({"name": "invoicing.md", "source": INVOICING});
    let made = mara.post("/processes", &made).await.with(201);
    assert_eq!(made["slugs"], json!(["monthly-invoicing"]));
    let titled = mara.post("/processes", &json!({"title": "Pay the bills"})).await.with(201);
    assert_eq!(titled["slugs"], json!(["pay-the-bills"]));

    let base = "/processes/monthly-invoicing";
    let draft = mara.get(&format!("{base}/draft")).await.with(200);
    assert_eq!(draft["unknown_seats"], json!([]));
    let changed = json!({"source": INVOICING.replace("one invoice", "a invoice"), "version": 1});
    let saved = mara.put(&format!("{base}/draft"), &changed).await.with(200);
    assert_eq!(saved["version"], 2);
    mara.put(&format!("{base}/draft"), &changed).await.problem(409, "APP0303");
    let owned = mara.put(&format!("{base}/owner"), &json!({"seat": "accounting"})).await.with(200);
    assert_eq!(owned["written"]["owner"]["seat"], "Accounting");

    let published = mara.post(&format!("{base}/revisions"), &json!({"note": "first"})).await;
    assert_eq!(published.with(201)["number"], 1);
    let all = mara.get(&format!("{base}/revisions")).await.with(200);
    assert_eq!(all["items"][0]["in_force"], true);
    let one = mara.get(&format!("{base}/revisions/1")).await.with(200);
    assert_eq!(one["written"]["slug"], "monthly-invoicing");
    mara.get(&format!("{base}/revisions/2")).await.problem(404, "APP0201");

    let process = mara.get(base).await.with(200);
    assert_eq!(process["owner"]["slug"], "accounting");
    assert_eq!(process["raci"]["rows"][1]["responsible"], json!(["Delivery lead"]));
    assert_eq!(process["trust"]["state"], "unverified");
    let schedule = process["schedules"][0]["id"].as_str().expect("a schedule");
    let none = mara.get(&format!("/triggers/{schedule}/occurrences")).await.with(200);
    assert_eq!(none["items"], json!([]));
    let rows = mara.get(&format!("{base}/raci")).await.with(200);
    assert_eq!(rows, process["raci"]);

    let mia = Client::known(&kit, kit.person("Mia").await);
    assert_eq!(mia.put(&format!("{base}/verification"), &json!({})).await.status, 204);
    let review = json!({"outcome": "still_right", "note": "read it"});
    assert_eq!(mia.post(&format!("{base}/reviews"), &review).await.status, 204);
    let reviews = mara.get(&format!("{base}/reviews")).await.with(200);
    assert_eq!(reviews["items"][0]["outcome"], "still_right");
    let due = mara.get("/reviews").await.with(200);
    assert_eq!(due["items"][0]["slug"], "monthly-invoicing");

    let hits = mara.get("/search?q=timesh&kind=process").await.with(200);
    assert_eq!(hits["items"][0]["id"], "monthly-invoicing");
    assert_eq!(hits["items"][0]["excerpt"][1], json!({"text": "timesheets", "hit": true}));
    let first = mara.get("/search?q=accounting&limit=1").await.with(200);
    let cursor = first["next_cursor"].as_str().expect("more");
    let rest = mara.get(&format!("/search?q=accounting&limit=1&cursor={cursor}")).await.with(200);
    assert_ne!(first["items"][0]["kind"], rest["items"][0]["kind"]);
    mara.get("/search?q=a&kind=planet").await.problem(422, "APP0301");

    let list = mara.get("/processes?limit=1").await.with(200);
    let cursor = list["next_cursor"].as_str().expect("more");
    let rest = mara.get(&format!("/processes?cursor={cursor}")).await.with(200);
    assert_eq!(
        (rest["items"].as_array().map(Vec::len), &rest["next_cursor"]),
        (Some(1), &Value::Null)
    );
}

#[tokio::test]
async fn a_run_goes_to_its_end() {
    let kit = TestApp::new().await;
    let slug = kit.publish(INVOICING).await;
    let accounting = Client::bearer(&kit, "Accounting").await;
    let lead = Client::bearer(&kit, "Delivery lead").await;
    let base = format!("/processes/{slug}");

    let started = accounting
        .post(&format!("{base}/runs"), &json!({"title": "May", "inputs": {"Client": "Blue"}}))
        .await;
    let run = started.with(201)["id"].as_str().expect("an id").to_owned();
    let mine = accounting.get("/work-items?mine=true").await.with(200);
    let item = mine["items"][0]["id"].as_str().expect("an id").to_owned();
    let full = accounting.get(&format!("/work-items/{item}")).await.with(200);
    assert_eq!((&full["n_steps"], &full["step"]["id"]), (&json!(3), &json!("collect-hours")));

    let claim = format!("/work-items/{item}/claim");
    assert_eq!(accounting.put(&claim, &json!({})).await.status, 204);
    let claimed = accounting.get("/work-items?state=claimed&seat=accounting").await.with(200);
    assert_eq!(claimed["items"][0]["id"], item.as_str());
    assert_eq!(accounting.delete(&claim).await.status, 204);
    accounting.delete(&claim).await.problem(409, "RUN0210");

    let done = format!("/work-items/{item}/completion");
    let next = accounting.put(&done, &json!({"note": "twelve sheets"})).await.with(200);
    assert_eq!(next["next"][0]["seat"], "Delivery lead");
    accounting.put(&done, &json!({})).await.problem(409, "RUN0201");

    let step = |step: &str| format!("/runs/{run}/steps/{step}/completion");
    accounting.put(&step("send-invoices"), &json!({})).await.problem(409, "RUN0202");
    accounting.put(&step("check-hours"), &json!({})).await.problem(403, "RUN0203");
    accounting.put(&step("no-such"), &json!({})).await.problem(404, "RUN0211");
    let asked = lead.put(&step("check-hours"), &json!({})).await.problem(422, "RUN0205");
    assert_eq!(asked["errors"][1]["value"], "otherwise");
    let chosen = json!({"branch": "otherwise"});
    lead.put(&step("check-hours"), &chosen).await.problem(422, "RUN0207");
    let chosen = json!({"branch": "otherwise", "reason": "all there"});
    lead.put(&step("check-hours"), &chosen).await.with(200);

    let missing = accounting.put(&step("send-invoices"), &json!({})).await.problem(422, "RUN0208");
    assert_eq!(missing["errors"][0]["value"], "link");
    let proof = json!({"evidence": [{"kind": "link", "value": "https://example.com/sent"}]});
    let end = accounting.put(&step("send-invoices"), &proof).await.with(200);
    assert_eq!((&end["state"], &end["next"]), (&json!("completed"), &json!([])));

    let view = accounting.get(&format!("/runs/{run}")).await.with(200);
    assert_eq!(
        (&view["state"], &view["title"], &view["n_done"]),
        (&json!("completed"), &json!("May"), &json!(3))
    );
    let events = accounting.get(&format!("/runs/{run}/events?limit=2")).await.with(200);
    assert_eq!(events["items"][0]["event"], "run_started");
    assert_eq!(events["items"][0]["by"]["kind"], "agent");
    let rest =
        format!("/runs/{run}/events?cursor={}", events["next_cursor"].as_str().expect("more"));
    assert_eq!(accounting.get(&rest).await.with(200)["items"][0]["seq"], 3);
    for path in ["/runs?state=completed", &format!("{base}/runs"), &format!("/runs?process={slug}")]
    {
        assert_eq!(accounting.get(path).await.with(200)["items"][0]["id"], run.as_str(), "{path}");
    }
    assert_eq!(accounting.get("/runs?state=running").await.with(200)["items"], json!([]));

    let told = accounting.get(&format!("{base}/insight")).await.with(200);
    assert_eq!(
        (&told["completed"], &told["steps"][1]["branches"][0]["branch"]),
        (&json!(1), &json!("otherwise"))
    );
    for query in ["", "?with=activity", &format!("?run={run}")] {
        let map = accounting.get(&format!("{base}/map.svg{query}")).await;
        assert_eq!((map.status, map.header("content-type")), (200, "image/svg+xml"));
        assert!(map.text().starts_with("<svg"), "{query}");
    }
    let model = accounting.get(&format!("{base}/map.bpmn")).await;
    assert_eq!(
        (model.status, model.header("content-type")),
        (200, "application/xml; charset=utf-8")
    );
    assert!(model.text().contains("BPMNPlane"), "{}", model.text());
    accounting.get("/processes/nothing/map.bpmn").await.problem(404, "APP0201");
}

#[tokio::test]
async fn a_run_is_ended_early_with_a_reason() {
    let kit = TestApp::new().await;
    let slug = kit.publish(INVOICING).await;
    let mara = Client::known(&kit, kit.person("Mara").await);
    let run = mara.post(&format!("/processes/{slug}/runs"), &json!({})).await.with(201);
    let cancel = format!("/runs/{}/cancellation", run["id"].as_str().expect("an id"));
    mara.post(&cancel, &json!({"reason": " "})).await.problem(422, "RUN0103");
    assert_eq!(mara.post(&cancel, &json!({"reason": "a mistake"})).await.status, 204);
    mara.post(&cancel, &json!({"reason": "again"})).await.problem(409, "RUN0101");
}

#[tokio::test]
async fn the_team_chart_is_kept() {
    let kit = TestApp::new().await;
    let mara = Client::known(&kit, kit.person("Mara").await);
    let seat = json!({"name": "Night shift", "reports_to": "sales",
                      "holder": {"kind": "agent", "name": "Nox"}, "aliases": ["Nights"]});
    assert_eq!(mara.post("/seats", &seat).await.with(201)["slug"], "night-shift");
    mara.post("/seats", &seat).await.problem(409, "APP0302");
    let kept = mara.get("/seats/nights").await.with(200);
    assert_eq!(kept["holder"], json!({"kind": "agent", "name": "Nox", "account": null}));
    let vacant = json!({"name": "Night shift"});
    assert_eq!(mara.put("/seats/night-shift", &vacant).await.with(200)["slug"], "night-shift");
    assert_eq!(mara.get("/seats").await.with(200)["items"][2]["holder"]["kind"], "vacant");
    assert_eq!(mara.delete("/seats/night-shift").await.status, 204);
    mara.get("/seats/night-shift").await.problem(404, "APP0201");
}

#[tokio::test]
async fn the_first_question_has_its_answer() {
    let kit = TestApp::new().await;
    let lead = Client::bearer(&kit, "Delivery lead").await;
    kit.publish(INVOICING).await;
    let answer = lead.get("/seat-ownership").await.with(200);
    assert_eq!(answer["seats"][0]["seat"]["slug"], "accounting");
    assert_eq!(answer["seats"][0]["recurring"][0]["slug"], "monthly-invoicing");
    assert_eq!(
        (&answer["seats"][1]["owns_nothing"], &answer["without_owner"]),
        (&json!(true), &json!([]))
    );
    let gaps = lead.get("/audit/gaps").await.with(200);
    assert_eq!(gaps["functions"][0]["function"], "Finance");
    let first = &gaps["processes"][0]["gaps"][0];
    assert_eq!(first, &json!({"gap": "unverified", "says": "Not verified by its owner"}));
    let log = lead.get("/audit?limit=1").await.with(200);
    assert_eq!(log["items"][0]["action"], "process.published");
    let before = log["next_cursor"].as_str().expect("more");
    assert_eq!(
        lead.get(&format!("/audit?cursor={before}")).await.with(200)["items"][0]["action"],
        "process.created"
    );
}

#[tokio::test]
async fn seats_push_their_numbers() {
    let kit = TestApp::new().await;
    let mara = Client::known(&kit, kit.person("Mara").await);
    let lead = Client::bearer(&kit, "Delivery lead").await;
    let calls = json!({"name": "Calls", "seat": "delivery-lead", "goal": 40, "direction": "up"});
    assert_eq!(mara.post("/measurables", &calls).await.with(201)["slug"], "calls");
    let pushed = lead.post("/measurables/calls/values", &json!({"value": 41.5})).await.with(201);
    assert_eq!((&pushed["period"], &pushed["by"]), (&json!("2026-W02"), &json!("Dash")));
    let row = lead.get("/measurables").await.with(200)["items"][0].clone();
    assert_eq!((&row["latest"], &row["may_push"]), (&json!("on_track"), &json!(true)));
    let weeks = lead.get("/measurables/calls/values").await.with(200);
    assert_eq!(weeks["items"][12]["value"], 41.5);
    let future = json!({"value": 1, "period": "2026-W40"});
    lead.post("/measurables/calls/values", &future).await.problem(422, "APP0301");
    let other = Client::bearer(&kit, "Accounting").await;
    other.post("/measurables/calls/values", &json!({"value": 1})).await.problem(403, "APP0103");
    assert_eq!(mara.put("/measurables/calls", &calls).await.status, 204);
    assert_eq!(mara.delete("/measurables/calls").await.status, 204);
    mara.get("/measurables/calls/values").await.problem(404, "APP0201");
}

#[tokio::test]
async fn a_file_comes_and_goes_as_an_attachment() {
    let kit = TestApp::new().await;
    let lead = Client::bearer(&kit, "Delivery lead").await;
    let bring = |bytes: &[u8]| {
        request("POST", "/files?name=Bericht%20%C3%BC.html").body(Body::from(bytes.to_vec()))
    };
    let kept = lead.send(bring(b"<script>").expect("a request")).await.with(201);
    assert_eq!((&kept["name"], &kept["size"]), (&json!("Bericht ü.html"), &json!(8)));
    let path = format!("/files/{}", kept["digest"].as_str().expect("a digest"));
    let got = lead.get(&path).await;
    assert_eq!((got.status, got.bytes.as_slice()), (200, b"<script>".as_slice()));
    assert_eq!(
        got.header("content-disposition"),
        "attachment; filename*=UTF-8''Bericht%20%C3%BC.html"
    );
    assert_eq!(got.header("x-content-type-options"), "nosniff");
    assert_eq!(got.header("content-type"), "application/octet-stream");
    lead.send(bring(b"").expect("a request")).await.problem(422, "APP0301");
    lead.send(request("POST", "/files").body(Body::from("x")).expect("a request"))
        .await
        .problem(400, "APP0305");
    lead.get("/files/0000").await.problem(404, "APP0201");
}

#[tokio::test]
async fn pictures_and_links_are_attached_listed_fetched_and_taken_away() {
    let kit = TestApp::new().await;
    kit.publish(INVOICING).await;
    let mia = Client::known(&kit, kit.person("Mia").await);
    let all = "/processes/monthly-invoicing/attachments";
    let add = |query: &str, bytes: &[u8]| {
        request("POST", &format!("{all}?title=Screen&summary=The%20screen{query}"))
            .body(Body::from(bytes.to_vec()))
            .expect("a request")
    };
    let picture = b"\x89PNG\r\n\x1a\n....";
    let first = mia.send(add("", picture)).await.with(201);
    assert_eq!((&first["form"], &first["media"]), (&json!("picture"), &json!("image/png")));
    let link = mia.send(add("&href=https%3A%2F%2Fv.example%2F1", b"")).await.with(201);
    assert_eq!((&link["form"], &link["href"]), (&json!("link"), &json!("https://v.example/1")));
    let listed = mia.get(all).await.with(200);
    assert_eq!(listed["items"].as_array().map(Vec::len), Some(2));
    let id = first["id"].as_str().expect("an id");
    let put = |address: String, body: Value| {
        request("PUT", &address)
            .header("content-type", "application/json")
            .body(Body::from(body.to_string()))
            .expect("a request")
    };
    let said = json!({"title": "Desk", "summary": "The desk", "step": "collect-hours"});
    let changed = mia.send(put(format!("{all}/{id}"), said)).await.with(200);
    assert_eq!((&changed["title"], &changed["step"]), (&json!("Desk"), &json!("collect-hours")));
    let down = put(format!("{all}/{id}/place"), json!({"direction": "down"}));
    assert_eq!(mia.send(down).await.status, 204);
    let listed = mia.get(all).await.with(200);
    assert_eq!(listed["items"][1]["id"], json!(id));
    let sideways = put(format!("{all}/{id}/place"), json!({"direction": "sideways"}));
    mia.send(sideways).await.problem(400, "APP0305");
    let bytes = mia.get(&format!("/attachments/{id}/bytes")).await;
    assert_eq!((bytes.status, bytes.bytes.as_slice()), (200, picture.as_slice()));
    assert!(bytes.header("content-disposition").starts_with("attachment;"));
    mia.send(add("", b"<svg/>")).await.problem(422, "APP0301");
    let gone = request("DELETE", &format!("{all}/{id}")).body(Body::empty()).expect("a request");
    assert_eq!(mia.send(gone).await.status, 204);
    mia.get(&format!("/attachments/{id}/bytes")).await.problem(404, "APP0201");
}

#[tokio::test]
async fn the_workspace_comes_as_an_archive_to_those_who_may_have_all_of_it() {
    let kit = TestApp::new().await;
    kit.publish(INVOICING).await;
    let export = |client: Client| async move { client.get("/workspace/export").await };
    let archive = export(Client::operator(&kit).await).await;
    assert_eq!((archive.status, archive.bytes.starts_with(b"PK")), (200, true));
    assert!(archive.header("content-disposition").ends_with("Acme.zip"));
    export(Client::known(&kit, kit.person("Ben").await)).await.problem(403, "APP0103");
}

#[tokio::test]
async fn a_seat_comes_in_the_forms_that_other_agents_read() {
    let kit = TestApp::new().await;
    kit.publish(INVOICING).await;
    let mia = Client::known(&kit, kit.person("Mia").await);
    let page = mia.get("/seats/accounting/export?as=agents-md").await;
    assert!(page.text().starts_with("# Accounting at Acme\n"), "{}", page.text());
    assert!(page.header("content-disposition").ends_with("AGENTS.md"));
    let skills = mia.get("/seats/accounting/export?as=skills").await;
    assert_eq!((skills.status, skills.bytes.starts_with(b"PK")), (200, true));
    assert!(skills.header("content-disposition").ends_with("accounting-skills.zip"));
    mia.get("/seats/accounting/export?as=docx").await.problem(422, "APP0301");
    mia.get("/seats/nobody/export?as=skills").await.problem(404, "APP0201");
}

#[tokio::test]
async fn an_admin_keeps_tokens_and_settings() {
    let kit = TestApp::new().await;
    let olga = Client::operator(&kit).await;
    let made = olga.post("/tokens", &json!({"seat": "Sales", "name": "crm"})).await.with(201);
    let secret = made["secret"].as_str().expect("a secret").to_owned();
    let sales = Client { token: Some(secret), ..Client::stranger(&kit) };
    let me = sales.get("/me").await.with(200);
    assert_eq!(
        me,
        json!({"kind": "agent", "name": "Sales (crm)", "role": "member",
                          "seats": [{"slug": "sales", "name": "Sales"}]})
    );
    let listed = olga.get("/tokens").await;
    assert!(!listed.text().contains("hash") && listed.with(200)["items"][0]["name"] == "crm");
    let id = made["id"].as_str().expect("an id");
    assert_eq!(olga.delete(&format!("/tokens/{id}")).await.status, 204);
    sales.get("/me").await.problem(401, "APP0101");

    let named = json!({"name": "Acme Ltd", "zone": "Europe/London"});
    assert_eq!(olga.put("/workspace", &named).await.status, 204);
    assert_eq!(olga.get("/workspace").await.with(200)["zone"], "Europe/London");
    let nowhere = json!({"name": "Acme", "zone": "Mars/Olympus"});
    olga.put("/workspace", &nowhere).await.problem(422, "APP0301");
}

#[tokio::test]
async fn work_is_claimed_under_a_lease_handed_on_and_skipped() {
    let kit = TestApp::new().await;
    let slug = kit.publish(INVOICING).await;
    let accounting = Client::bearer(&kit, "Accounting").await;
    let lead = Client::bearer(&kit, "Delivery lead").await;
    accounting.post(&format!("/processes/{slug}/runs"), &json!({})).await.with(201);
    let mine = accounting.get("/work-items?mine=true").await.with(200);
    let item = format!("/work-items/{}", mine["items"][0]["id"].as_str().expect("an id"));

    accounting.put(&format!("{item}/claim"), &json!({})).await.with(204);
    let claimed = accounting.get(&item).await.with(200);
    assert_eq!(claimed["claim"]["fencing_token"], 1);
    assert!(claimed["claim"]["until"].is_string());
    assert_eq!(lead.get(&item).await.with(200)["claim"], json!(null));
    let late = json!({"fencing_token": 7});
    accounting.put(&format!("{item}/completion"), &late).await.problem(409, "RUN0213");

    let assignment = format!("{item}/assignment");
    let to = |seat: &str, reason: &str| json!({"seat": seat, "reason": reason});
    lead.put(&assignment, &to("accounting", "not mine")).await.problem(403, "RUN0203");
    accounting.put(&assignment, &to("nobody", "away")).await.problem(404, "APP0201");
    accounting.put(&assignment, &to("accounting", "away")).await.problem(409, "RUN0217");
    accounting.put(&assignment, &to("delivery-lead", "")).await.problem(422, "RUN0216");
    accounting.put(&assignment, &to("delivery-lead", "away")).await.with(204);
    let handed = lead.get(&item).await.with(200);
    assert_eq!(
        (&handed["seat"], &handed["for_seat"], &handed["is_mine"]),
        (&json!("Delivery lead"), &json!("Accounting"), &json!(true))
    );

    let skip = format!("{item}/skip");
    lead.put(&skip, &json!({"reason": "no time"})).await.problem(403, "RUN0214");
    accounting.put(&skip, &json!({"reason": " "})).await.problem(422, "RUN0215");
    let went_on = accounting.put(&skip, &json!({"reason": "nobody worked"})).await.with(200);
    assert_eq!(went_on["next"][0]["step"]["id"], "check-hours");
    let skipped = accounting.get("/work-items?state=skipped").await.with(200);
    assert_eq!(skipped["items"][0]["state"], "skipped");
}
