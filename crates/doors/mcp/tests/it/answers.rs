//! Questions about the company, each answered from one call.

use crate::{
    client::{call, connect, legacy, modern, text, told},
    company::company,
};
use rmcp::model::{CacheScope, GetPromptRequestParams, ReadResourceRequestParams};
use serde_json::json;

#[tokio::test]
async fn both_generations_see_the_same_tools() {
    let company = company().await;
    let token = company.kit.token("Accounting").await;
    let mut seen = Vec::new();
    for mode in [modern(), legacy()] {
        let client = connect(&company.router, &token, mode).await;
        let list = client.list_tools(None).await.unwrap();
        assert_eq!(list.cache_scope, Some(CacheScope::Private));
        seen.push(list.tools.into_iter().map(|t| t.name.into_owned()).collect::<Vec<_>>());
        let prompts = client.list_all_prompts().await.unwrap();
        assert_eq!(prompts.len(), 4);
    }
    assert_eq!(seen[0].len(), 18);
    assert_eq!(seen[0], seen[1]);
}

#[tokio::test]
async fn the_first_question_is_answered_in_full_by_one_call() {
    let company = company().await;
    let client = company.client("Delivery lead").await;
    let answer = told(&client, "list_seats", json!({})).await;
    assert_eq!(
        answer,
        json!({
            "n_seats": 3,
            "n_owning_recurring": 1,
            "n_owning_none": 2,
            "seats": [
                {
                    "slug": "accounting", "seat": "Accounting", "holder": "Mia", "holder_kind": "person",
                    "owns_recurring": [{
                        "slug": "monthly-invoicing", "title": "Monthly invoicing", "published": true,
                        "triggers": ["monthly on the 1st at 09:00"]
                    }]
                },
                {
                    "slug": "delivery-lead", "seat": "Delivery lead", "holder": "Dash",
                    "holder_kind": "agent", "reports_to": "Accounting", "owns_recurring": [],
                    "flags": ["owns_no_process", "works_without_owning"]
                },
                {
                    "slug": "sales", "seat": "Sales", "holder_kind": "vacant", "owns_recurring": [],
                    "flags": ["owns_no_process", "vacant"]
                }
            ],
            "processes_without_owner": [
                {
                    "slug": "weekly-pipeline-check", "title": "Weekly pipeline check",
                    "function": "Sales", "triggers": ["every Monday"],
                    "why": "the document names no owner"
                },
                {
                    "slug": "morning-check", "title": "Morning check", "triggers": ["daily at 08:00"],
                    "why": "`#ops-help` is a channel or contact, not a seat"
                },
                {
                    "slug": "stock-count", "title": "Stock count", "triggers": [],
                    "why": "`Warehouse` is not a seat of the team chart"
                }
            ]
        })
    );
}

#[tokio::test]
async fn the_text_alone_answers_the_first_question_too() {
    let company = company().await;
    let client = company.client("Delivery lead").await;
    let result = call(&client, "list_seats", json!({})).await;
    assert_eq!(
        text(&result),
        "3 seats: 1 own recurring processes, 2 own none. 3 processes have no documented owner.\n\
         - Accounting (person: Mia); owns: Monthly invoicing (monthly on the 1st at 09:00)\n\
         - Delivery lead (agent: Dash); reports to Accounting [owns_no_process, works_without_owning]\n\
         - Sales (vacant) [owns_no_process, vacant]\n\
         Processes without a documented owner:\n\
         - Weekly pipeline check (weekly-pipeline-check): the document names no owner\n\
         - Morning check (morning-check): `#ops-help` is a channel or contact, not a seat\n\
         - Stock count (stock-count): `Warehouse` is not a seat of the team chart"
    );
}

#[tokio::test]
async fn seats_can_be_narrowed_to_the_flagged_ones() {
    let company = company().await;
    let client = company.client("Accounting").await;
    for (only, n) in [("all", 3), ("owning", 1), ("flagged", 2)] {
        let answer = told(&client, "list_seats", json!({"only": only})).await;
        assert_eq!(answer["seats"].as_array().unwrap().len(), n, "{only}");
        assert_eq!(answer["n_seats"], 3);
    }
}

#[tokio::test]
async fn gaps_name_the_processes_and_seats_that_are_exposed() {
    let company = company().await;
    let client = company.client("Accounting").await;
    let answer = told(&client, "list_gaps", json!({"gap": "no_owner"})).await;
    assert_eq!(answer["total"], 1);
    assert_eq!(answer["processes"][0]["slug"], "weekly-pipeline-check");
    assert_eq!(answer["idle_seats"], json!(["Delivery lead"]));
    let all = told(&client, "list_gaps", json!({"limit": 1})).await;
    assert_eq!((all["processes"].as_array().unwrap().len(), &all["next_cursor"]), (1, &json!("1")));
}

#[tokio::test]
async fn a_process_is_found_by_words_function_and_owner() {
    let company = company().await;
    let client = company.client("Accounting").await;
    for (arguments, slugs) in [
        (json!({"query": "INVOIC monthly"}), json!(["monthly-invoicing"])),
        (json!({"owner": "accounting"}), json!(["monthly-invoicing"])),
        (json!({"function": "sales"}), json!(["weekly-pipeline-check"])),
        // In a step, not in the title.
        (json!({"query": "collect hours"}), json!(["monthly-invoicing"])),
        (json!({"query": "nothing like it"}), json!([])),
    ] {
        let answer = told(&client, "find_process", arguments.clone()).await;
        let rows = answer["processes"].as_array().unwrap();
        let found: Vec<_> = rows.iter().map(|row| row["slug"].clone()).collect();
        assert_eq!(json!(found), slugs, "{arguments}");
    }
    let who = gemba_app::Who::operator();
    let because = "done by the new system";
    gemba_app::retirement::retire(&company.kit.app, &who, "monthly-invoicing", because)
        .await
        .unwrap();
    for arguments in [json!({"query": "monthly"}), json!({"owner": "accounting"})] {
        let answer = told(&client, "find_process", arguments).await;
        assert_eq!(answer["total"], 0, "what was retired is not found");
    }
}

#[tokio::test]
async fn an_sop_is_read_whole_by_section_and_as_a_resource() {
    let company = company().await;
    let client = company.client("Delivery lead").await;
    let whole = told(&client, "get_sop", json!({"process": "Monthly invoicing"})).await;
    assert_eq!(whole["text"], gemba_testkit::INVOICING);
    assert_eq!((&whole["revision"], &whole["truncated"]), (&json!(1), &json!(false)));
    let part =
        told(&client, "get_sop", json!({"process": "monthly-invoicing", "section": "steps"})).await;
    assert!(part["text"].as_str().unwrap().starts_with("## Steps\n"), "{part}");
    assert!(!part["text"].as_str().unwrap().contains("## Expected output"), "{part}");

    let list = client.list_all_resources().await.unwrap();
    assert_eq!(list.len(), 1, "drafts are no resources");
    let read = client
        .read_resource(ReadResourceRequestParams::new("sop://monthly-invoicing"))
        .await
        .unwrap();
    assert_eq!(json!(read)["contents"][0]["text"], gemba_testkit::INVOICING);
    let missing = client.read_resource(ReadResourceRequestParams::new("sop://stock-count")).await;
    assert!(missing.is_err(), "a draft is not read by agents");
}

#[tokio::test]
async fn maps_runs_and_old_revisions_are_read_by_their_addresses() {
    let company = company().await;
    let client = company.client("Accounting").await;
    let run = started(&company).await;
    for (uri, says) in [
        ("sop://monthly-invoicing/v/1".to_owned(), "# Monthly invoicing"),
        ("sop://monthly-invoicing/map.svg".to_owned(), "<svg"),
        (format!("run://{run}"), "\"process\":\"monthly-invoicing\""),
    ] {
        let read = client.read_resource(ReadResourceRequestParams::new(&uri)).await.unwrap();
        let text = json!(read)["contents"][0]["text"].to_string();
        let plain: String = serde_json::from_str(&text).unwrap();
        assert!(plain.contains(says), "{uri}: {plain}");
    }
    for uri in ["sop://monthly-invoicing/v/9", "sop://stock-count/map.svg", "run://nothing"] {
        let read = client.read_resource(ReadResourceRequestParams::new(uri)).await;
        assert!(read.is_err(), "{uri}");
    }
}

#[tokio::test]
async fn a_seat_is_given_its_sops_as_skills_whose_digests_hold() {
    let company = company().await;
    let client = company.client("Delivery lead").await;
    let ask = |method: &str, params: serde_json::Value| {
        let request = json!({"method": method, "params": params});
        rmcp::model::ClientRequest::CustomRequest(serde_json::from_value(request).unwrap())
    };
    let list = client.send_request(ask("skills/list", json!({}))).await.unwrap();
    let list = json!(list);
    let skill = &list["skills"][0];
    assert_eq!(list["skills"].as_array().unwrap().len(), 1, "{list}");
    assert_eq!(list["cacheScope"], "private");
    let uri = skill["uri"].as_str().unwrap();
    assert_eq!(uri, "skill://sop/monthly-invoicing/SKILL.md");
    assert_eq!(skill["frontmatter"]["name"], "monthly-invoicing");
    let read = client.read_resource(ReadResourceRequestParams::new(uri)).await.unwrap();
    let read = json!(read);
    let text = read["contents"][0]["text"].as_str().unwrap();
    let file: rmcp::model::SkillResource =
        serde_json::from_value(skill["resources"][0].clone()).unwrap();
    file.verify(text.as_bytes()).unwrap();
    assert!(text.starts_with("---\nname: monthly-invoicing\n"), "{text}");
    let pinned = "skill://sop/v1/monthly-invoicing/SKILL.md";
    let pinned = client.read_resource(ReadResourceRequestParams::new(pinned)).await.unwrap();
    assert_eq!(json!(pinned)["contents"][0]["text"], text);

    let sales = company.client("Sales").await;
    let none = sales.send_request(ask("skills/list", json!({}))).await.unwrap();
    assert_eq!(json!(none)["skills"], json!([]), "another seat has other skills");
}

#[tokio::test]
async fn what_is_typed_is_completed_with_what_exists() {
    let company = company().await;
    let client = company.client("Accounting").await;
    let run = started(&company).await;
    let values = async |name: &str, typed: &str| {
        let done = client.complete_prompt_argument("review_sop", name, typed, None).await.unwrap();
        done.values
    };
    assert_eq!(values("process", "invoic").await, ["monthly-invoicing"]);
    assert!(values("process", "stock").await.is_empty(), "drafts are not offered");
    assert_eq!(values("run", "").await, [run.to_string()]);
    assert!(values("unheard", "x").await.is_empty());
}

#[tokio::test]
async fn the_prompts_carry_what_they_are_about() {
    let company = company().await;
    let client = company.client("Accounting").await;
    let arguments = json!({"process": "monthly-invoicing"}).as_object().unwrap().clone();
    let request = GetPromptRequestParams::new("review_sop").with_arguments(arguments);
    let prompt = json!(client.get_prompt(request).await.unwrap());
    assert_eq!(prompt["messages"][1]["content"]["resource"]["text"], gemba_testkit::INVOICING);
    let prompt = client.get_prompt(GetPromptRequestParams::new("run_work_item")).await.unwrap();
    assert!(json!(prompt).to_string().contains("claim_work"));
}

async fn started(company: &crate::company::Company) -> gemba_model::id::RunId {
    let who = gemba_app::Who::operator();
    gemba_app::runs::start(&company.kit.app, &who, "monthly-invoicing", "").await.unwrap()
}
