//! The workspace as a folder of Markdown and back, archives and what is wrong with them.

use gemba_app::{
    App, Who, accounts, archive,
    attachments::{self, About, Content},
    exchange::{self, Outcome, Source},
    measurables::{self, MeasurableInput},
    processes::{self, File},
    publishing::{self, Publication},
    records::Direction,
    retirement,
    seats::{self, HolderInput, SeatInput},
    workspace::{self, NewWorkspace, Settings},
};
use gemba_model::role::Role;
use gemba_store::memory::MemoryStore;
use gemba_testkit::{INVOICING, TestApp};
use std::sync::Arc;

const PNG: &[u8] = b"\x89PNG\r\n\x1a\n and the rest of a picture";

type Files = Vec<(String, Vec<u8>)>;

fn sources(files: &Files) -> Vec<Source> {
    files.iter().map(|(path, bytes)| Source::within(path.clone(), bytes.clone())).collect()
}

async fn draft(app: &App, name: &str, text: &str) -> String {
    let file = File { name: name.to_owned(), bytes: text.as_bytes().to_vec() };
    let done = processes::import(app, &Who::operator(), vec![file]).await.unwrap();
    done[0].slugs[0].clone()
}

/// A workspace with something of everything that is exported.
async fn company() -> TestApp {
    let kit = TestApp::new().await;
    let (app, who) = (&kit.app, Who::operator());
    let input = SeatInput {
        name: "Clerk & Co. \\ \"A\"".to_owned(),
        function: Some("Finance: back office".to_owned()),
        purpose: "Keeps the books.\n\n## Not a heading\n- Slug: not a fact\n> not a quotation"
            .to_owned(),
        reports_to: Some("Accounting".to_owned()),
        holder: HolderInput::Agent("Dash <2>".to_owned()),
        aliases: vec!["The boss = me".to_owned(), "B".to_owned()],
    };
    let slug = seats::create(app, &who, input.clone()).await.unwrap();
    // A seat keeps its slug when it is renamed.
    let renamed = SeatInput { name: "Bookkeeper".to_owned(), ..input };
    seats::change(app, &who, &slug, renamed).await.unwrap();
    for (name, goal, direction) in
        [("Late invoices", 2.5, Direction::Down), ("Calls", 40.0, Direction::Up)]
    {
        let (name, unit, seat) = (name.to_owned(), "%".to_owned(), "Bookkeeper".to_owned());
        let input = MeasurableInput { name, seat, unit, goal, direction };
        measurables::create(app, &who, input).await.unwrap();
    }
    let invoicing = kit.publish(INVOICING).await;
    let view = processes::draft(app, &who, &invoicing).await.unwrap();
    let next = format!("{INVOICING}\n- A second signal of failure\n");
    processes::save_draft(app, &who, &invoicing, next, view.version).await.unwrap();
    // A name that only the one who published it could bind.
    let other = INVOICING
        .replace("Monthly invoicing", "Yearly closing")
        .replace("— Delivery lead", "— Somebody else");
    let closing = draft(app, "closing.md", &other).await;
    let bindings = [("Somebody else".to_owned(), "Sales".to_owned())].into();
    let with = Publication { bindings, ..Publication::default() };
    publishing::publish(app, &who, &closing, with).await.unwrap();
    draft(app, "open.md", "# Open the office\n\n1. Unlock the door.\n").await;
    let old = kit.publish(&INVOICING.replace("Monthly invoicing", "Fax invoices")).await;
    retirement::retire(app, &who, &old, "Nobody has a fax.\n\nReally.").await.unwrap();
    let idea = draft(app, "idea.md", "# An idea\n\n1. Think.\n").await;
    retirement::retire(app, &who, &idea, "Never used").await.unwrap();
    for (title, step, content) in [
        ("The ledger", Some("check-hours"), Content::File { bytes: PNG.to_vec() }),
        ("A talk", None, Content::Link("https://v.example/1".to_owned())),
    ] {
        let about = About {
            title: title.to_owned(),
            summary: "What one sees.\n\nIn two parts.".to_owned(),
            step: step.map(str::to_owned),
        };
        attachments::add(app, &who, &invoicing, &about, content).await.unwrap();
    }
    let (name, zone) = ("Acme & Sons".to_owned(), "America/New_York".to_owned());
    let to = Settings { name, zone, second_person: Some(true) };
    workspace::change(app, &who, to).await.unwrap();
    kit
}

/// A workspace without seats and processes, with an account of Mia.
async fn empty() -> TestApp {
    let kit = TestApp::bare(Arc::new(MemoryStore::new()));
    let account = |name: &str, role| accounts::NewAccount {
        email: format!("{}@example.com", name.to_lowercase()),
        name: name.to_owned(),
        password: None,
        role,
    };
    let owner = account("Zoe", Role::Owner);
    let new = NewWorkspace { name: "New".to_owned(), zone: "Asia/Tokyo".to_owned(), owner };
    workspace::create(&kit.app, new).await.unwrap();
    accounts::create(&kit.app, &Who::operator(), account("Mia", Role::Member)).await.unwrap();
    kit
}

fn notes(outcome: &Outcome) -> Vec<String> {
    outcome.notes.iter().map(|n| format!("{}: {}", n.about, n.message)).collect()
}

#[tokio::test]
async fn what_is_exported_imports_back_to_the_same_workspace() {
    let (from, to, who) = (company().await, empty().await, Who::operator());
    let first = exchange::export(&from.app, &who).await.unwrap();
    assert_eq!(exchange::export(&from.app, &who).await.unwrap(), first);
    let paths: Vec<&str> = first.iter().map(|(path, _)| path.as_str()).collect();
    let picture = format!("attachments/{}.png", sha(&first));
    let expected = [
        picture.as_str(),
        "attachments/index.md",
        "processes/finance/monthly-invoicing.draft.md",
        "processes/finance/monthly-invoicing.md",
        "processes/finance/yearly-closing.md",
        "processes/index.md",
        "processes/without-function/open-the-office.draft.md",
        "retired/an-idea.draft.md",
        "retired/fax-invoices.md",
        "scorecard.md",
        "team.md",
        "workspace.md",
    ];
    assert_eq!(paths, expected);
    let outcome = exchange::import(&to.app, &who, sources(&first)).await.unwrap();
    assert_eq!(notes(&outcome), Vec::<String>::new());
    let restored = outcome.restored.unwrap();
    assert_eq!(
        (restored.seats, restored.measurables, restored.processes, restored.in_force),
        (4, 2, 5, 2)
    );
    assert_eq!(restored.attachments, 2);
    let second = exchange::export(&to.app, &who).await.unwrap();
    for ((path, before), (_, after)) in first.iter().zip(&second) {
        assert_eq!(String::from_utf8_lossy(before), String::from_utf8_lossy(after), "{path}");
    }
    assert_eq!(first, second);
}

/// The digest in the name of the exported picture.
fn sha(files: &Files) -> String {
    let name = files.iter().find_map(|(p, _)| p.strip_suffix(".png")).unwrap();
    name.rsplit('/').next().unwrap().to_owned()
}

#[tokio::test]
async fn an_archive_of_the_folder_is_the_same_and_packs_alike() {
    let (from, to, who) = (company().await, empty().await, Who::operator());
    let files = exchange::export(&from.app, &who).await.unwrap();
    let zip = archive::pack(&files).unwrap();
    from.clock.pass(jiff::SignedDuration::from_hours(30));
    assert_eq!(archive::pack(&exchange::export(&from.app, &who).await.unwrap()).unwrap(), zip);
    assert_eq!(archive::unpack(&zip).unwrap(), files);
    let inside: Files = files.iter().map(|(p, b)| (format!("acme/{p}"), b.clone())).collect();
    let unpacked = exchange::unpacked(&archive::pack(&inside).unwrap()).unwrap();
    exchange::import(&to.app, &who, unpacked).await.unwrap();
    assert_eq!(exchange::export(&to.app, &who).await.unwrap(), files);
}

#[tokio::test]
async fn a_workspace_that_is_there_is_added_to_and_never_overwritten() {
    let (kit, who) = (company().await, Who::operator());
    let before = exchange::export(&kit.app, &who).await.unwrap();
    let mut files = before.clone();
    for (path, bytes) in &mut files {
        if path.ends_with("monthly-invoicing.md") || path == "team.md" {
            let text = String::from_utf8(bytes.clone()).unwrap();
            *bytes = text.replace("Sales", "Selling").replace("Pull", "Fetch").into_bytes();
        }
    }
    let extra = INVOICING.replace("Monthly invoicing", "Weekly invoicing");
    files.push(("processes/finance/weekly-invoicing.md".to_owned(), extra.into_bytes()));
    files.push(("README.txt".to_owned(), b"hello".to_vec()));
    let outcome = exchange::import(&kit.app, &who, sources(&files)).await.unwrap();
    let notes = notes(&outcome);
    for expected in [
        "Seat Accounting: was there already, and stayed as it is",
        "Measurable Calls: was there already, and stayed as it is",
        "Process monthly-invoicing: was there already, and stayed as it is",
        "Attachment A talk: was left out: `monthly-invoicing` stayed as it is, or is not in the folder",
        "Process weekly-invoicing: was in force and is a draft now: a second person approves every revision here",
        "README.txt: belongs to nothing here, and was left out",
    ] {
        assert!(notes.iter().any(|note| note == expected), "{expected}\n{notes:#?}");
    }
    let after = exchange::export(&kit.app, &who).await.unwrap();
    for (path, bytes) in before {
        if !["team.md", "processes/index.md"].contains(&path.as_str()) {
            assert!(after.contains(&(path.clone(), bytes)), "{path}");
        }
    }
    // The seat with the other name is a new one.
    assert_eq!(seats::get(&kit.app, &who, "Selling").await.unwrap().seat.slug, "sales-2");
}

#[tokio::test]
async fn what_cannot_be_as_it_was_is_told() {
    let (from, who) = (company().await, Who::operator());
    let files = exchange::export(&from.app, &who).await.unwrap();
    let check = async |change: &dyn Fn(&str, String) -> String, expected: &str| {
        let to = empty().await;
        let changed = files.iter().map(|(path, bytes)| {
            let text = String::from_utf8(bytes.clone());
            (path.clone(), text.map_or(bytes.clone(), |text| change(path, text).into_bytes()))
        });
        let said = match exchange::import(&to.app, &who, sources(&changed.collect())).await {
            Ok(outcome) => notes(&outcome).join("\n"),
            Err(error) => {
                assert!(seats::list(&to.app, &who).await.unwrap().is_empty(), "all or none");
                error.to_string()
            }
        };
        assert!(said.contains(expected), "{said}\n---\n{expected}");
    };
    let replaced = |file: &'static str, from: &'static str, to: &'static str| {
        move |path: &str, text: String| {
            if path == file { text.replace(from, to) } else { text }
        }
    };
    let mia = "Mia <mia@example.com>";
    check(
        &replaced("team.md", mia, "Max <max@x.example>"),
        "Seat Accounting: is vacant: there is no account of Max <max@x.example>",
    )
    .await;
    check(&replaced("team.md", "agent Dash", "robot Dash"), "`robot Dash <2>` is neither").await;
    check(
        &replaced("team.md", "Reports to: Accounting", "Reports to: Nowhere"),
        "team.md: \"Bookkeeper\" reports to a seat that is not in the file",
    )
    .await;
    check(
        &replaced("workspace.md", "Format: 1", "Format: 9"),
        "workspace.md is of format 9; this Gemba reads format 1",
    )
    .await;
    check(
        &replaced("workspace.md", "Zone: America/New_York", "Zone: Mars/Olympus"),
        "`Mars/Olympus` is no time zone",
    )
    .await;
    check(&replaced("scorecard.md", "at least 40", "many"), "`many` is no goal").await;
    check(
        &replaced("scorecard.md", "Seat: Bookkeeper", "Seat: Nobody"),
        "there is no seat `Nobody`",
    )
    .await;
    check(&replaced("attachments/index.md", ".png", ".gif"), "there is no file").await;
    check(&replaced("processes/index.md", "Seat: somebody else = Sales", "Seat: x = Sales"), "Process yearly-closing: was in force and is a draft now: the document names seats that the team chart does not have: Somebody else").await;
}

#[tokio::test]
async fn only_managers_export_and_restore() {
    let (kit, to) = (company().await, empty().await);
    let files = exchange::export(&kit.app, &kit.person("Mara").await).await.unwrap();
    for name in ["Mia", "Otto"] {
        let who = kit.person(name).await;
        let error = exchange::export(&kit.app, &who).await.unwrap_err();
        assert_eq!(error.code(), "APP0103", "{name}");
    }
    let mia = to.person("Mia").await;
    let error = exchange::import(&to.app, &mia, sources(&files)).await.unwrap_err();
    assert_eq!(error.code(), "APP0103");
}

#[tokio::test]
async fn a_folder_names_the_function_of_documents_that_name_none() {
    let (kit, who) = (empty().await, Who::operator());
    let files: Files = [
        ("sops/people-ops/hire.md", "# Hire\n\n1. Write the offer.\n"),
        ("sops/people-ops/pay.md", "---\nfunction: Finance\n---\n\n# Pay\n\n1. Pay.\n"),
        ("sops/loose.md", "# Loose\n\n1. Do it.\n"),
        ("sops/logo.svg", "<svg/>"),
        ("__MACOSX/sops/._loose.md", "x"),
    ]
    .map(|(path, text)| (path.to_owned(), text.as_bytes().to_vec()))
    .into();
    let outcome = exchange::import(
        &kit.app,
        &who,
        exchange::unpacked(&archive::pack(&files).unwrap()).unwrap(),
    )
    .await
    .unwrap();
    let left_out = "is no Markdown document and no BPMN model, and was left out";
    let names = ["__MACOSX/sops/._loose.md", "sops/logo.svg"];
    assert_eq!(notes(&outcome), names.map(|name| format!("{name}: {left_out}")));
    for (slug, function) in
        [("hire", Some("People ops")), ("pay", Some("Finance")), ("loose", None)]
    {
        let process = processes::get(&kit.app, &who, slug).await.unwrap().process;
        assert_eq!(process.function.as_deref(), function, "{slug}");
    }
}

#[tokio::test]
async fn one_document_that_cannot_be_taken_stops_the_whole_folder() {
    let (kit, who) = (empty().await, Who::operator());
    let files: Files = vec![
        ("a.md".to_owned(), b"# A\n\n1. Do it.\n".to_vec()),
        ("b.md".to_owned(), b"\xff\xfe\0\x01 no text".to_vec()),
    ];
    let outcome = exchange::import(&kit.app, &who, sources(&files)).await.unwrap();
    assert!(outcome.documents.iter().any(|document| document.refused));
    assert!(processes::list(&kit.app, &who).await.unwrap().is_empty());
    let files = vec![("a.txt".to_owned(), b"x".to_vec())];
    let error = exchange::import(&kit.app, &who, sources(&files)).await.unwrap_err();
    assert!(error.to_string().contains("no Markdown document"), "{error}");
}
