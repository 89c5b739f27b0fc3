//! Seats as files for the agents of others, and what agents read as documents here.

use gemba_app::{
    Who,
    exchange::{self, Source},
    processes,
    seat_files::{self, Form},
};
use gemba_testkit::{INVOICING, TestApp};

async fn files(kit: &TestApp, seat: &str, form: Form) -> Vec<(String, String)> {
    let files = seat_files::export(&kit.app, &Who::operator(), seat, form).await.unwrap();
    files.into_iter().map(|(path, bytes)| (path, String::from_utf8(bytes).unwrap())).collect()
}

async fn imported(files: &[(String, String)]) -> (Vec<String>, Vec<String>) {
    let kit = TestApp::new().await;
    let who = Who::operator();
    let sources =
        files.iter().map(|(path, text)| Source::within(path, text.clone().into_bytes())).collect();
    let outcome = exchange::import(&kit.app, &who, sources).await.unwrap();
    let mut texts = Vec::new();
    for slug in outcome.documents.iter().flat_map(|document| &document.slugs) {
        texts.push(processes::get(&kit.app, &who, slug).await.unwrap().source);
    }
    let notes = outcome.notes.iter().map(|n| format!("{}: {}", n.about, n.message)).collect();
    (texts, notes)
}

#[tokio::test]
async fn skills_of_a_seat_import_back_as_the_very_texts() {
    let kit = TestApp::new().await;
    kit.publish(INVOICING).await;
    // It ends with a heading as a skill has one.
    let own = format!(
        "{}\n## When to use\n\n- whenever it fits\n",
        INVOICING.replace("# Monthly invoicing", "# Yearly invoicing")
    );
    kit.publish(&own).await;
    let skills = files(&kit, "Accounting", Form::Skills).await;
    let paths: Vec<&str> = skills.iter().map(|(path, _)| path.as_str()).collect();
    assert_eq!(paths, ["monthly-invoicing/SKILL.md", "yearly-invoicing/SKILL.md"]);
    let (texts, notes) = imported(&skills).await;
    assert_eq!(texts, [INVOICING.to_owned(), own]);
    // Nothing is lost, nothing may be used by a skill anyway.
    assert_eq!(notes, Vec::<String>::new());
    assert_eq!(files(&kit, "Sales", Form::Skills).await, [], "another seat has none");
}

#[tokio::test]
async fn agent_sops_of_a_seat_import_back_as_the_same_processes() {
    let kit = TestApp::new().await;
    kit.publish(INVOICING).await;
    let sops = files(&kit, "Delivery lead", Form::SopMd).await;
    assert_eq!(sops[0].0, "monthly-invoicing.sop.md");
    assert!(sops[0].1.contains("- You MUST leave evidence (link): the folder of sent invoices\n"));
    let (texts, _) = imported(&sops).await;
    assert_eq!(texts, [gemba_sop_print(INVOICING)]);
}

/// The canonical form, through the application.
fn gemba_sop_print(text: &str) -> String {
    gemba_sop::print(&gemba_testkit::read(text))
}

#[tokio::test]
async fn the_page_of_a_seat_says_what_it_is_for_what_it_never_does_and_which_steps_are_its_own() {
    let kit = TestApp::new().await;
    kit.publish(INVOICING).await;
    let agents = files(&kit, "Delivery lead", Form::AgentsMd).await;
    assert_eq!((agents.len(), agents[0].0.as_str()), (1, "AGENTS.md"));
    let text = &agents[0].1;
    for part in [
        "# Delivery lead at Acme\n",
        "\n## What you never do\n\n- ",
        "\n## The number you are measured by\n",
        "- You do steps of it. `get_sop` with `monthly-invoicing` gives the text; revision 1 is in force",
        "- Starts: monthly on the 1st at 09:00\n- Your step 2: Check the hours\n- It must end with: One invoice per client in the ledger\n",
        "/mcp` (Streamable HTTP)",
    ] {
        assert!(text.contains(part), "{part}\n{text}");
    }
    assert!(!text.contains("Your step 1"), "{text}");
    let claude = files(&kit, "Delivery lead", Form::ClaudeMd).await;
    assert_eq!(claude, [("CLAUDE.md".to_owned(), text.clone())]);
}

#[tokio::test]
async fn a_skill_of_others_gives_its_text_and_nothing_that_could_run() {
    let skill = "---\nname: vendor-renewals\ndescription: Reviews contracts. Use when a contract renews.\nallowed-tools: Bash\n---\n\n# Vendor renewals\n\n## Workflow\n\n1. Read the contract.\n2. Write the recommendation.\n";
    let strands = "# Scan\n\n## Overview\n\nScans the accounts.\n\n## Parameters\n\n- **account** (required): which one\n\n## Steps\n\n### 1. Open it\n\nOpen the account.\n\n**Constraints:**\n\n- You MUST look at the spend\n\n### Step 2: Report\n\n**Constraints:**\n- You MUST NOT change a bid because that costs money\n\n## Examples\n\nNone.\n";
    let given: Vec<(String, String)> = [
        ("skills/vendor-renewals/SKILL.md", skill),
        ("skills/vendor-renewals/scripts/run.sh", "rm -rf /"),
        ("skills/vendor-renewals/references/more.md", "# More\n"),
        ("skills/scan.sop.md", strands),
    ]
    .map(|(path, text)| (path.to_owned(), text.to_owned()))
    .into();
    let (texts, notes) = imported(&given).await;
    assert_eq!(texts[0], skill.replace("allowed-tools: Bash\n", ""));
    assert_eq!(notes.len(), 3, "{notes:?}");
    for (note, part) in notes.iter().zip(["what it allows", "nothing is run", "nothing is run"]) {
        assert!(note.contains(part), "{note}");
    }
    let scan = gemba_testkit::read(&texts[1]);
    let titles: Vec<&str> = scan.steps.iter().map(|step| step.title.as_str()).collect();
    assert_eq!(titles, ["Open it", "Report"]);
    assert!(scan.steps[1].text.contains("You MUST NOT change a bid"), "{:?}", scan.steps[1]);
    assert_eq!(scan.owner.named(), None, "nobody said who answers for it");
    assert_eq!(scan.purpose.trim(), "Scans the accounts.");
    assert_eq!(
        scan.sections.iter().map(|s| s.title.as_str()).collect::<Vec<_>>(),
        ["Parameters", "Examples"]
    );
}
