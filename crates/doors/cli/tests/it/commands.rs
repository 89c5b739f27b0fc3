//! Each command once: what it prints, what it writes, how it ends.

use crate::gemba::{file, gemba, said, told, workspace};
use gemba_testkit::INVOICING;
use std::path::Path;

fn text(path: &Path) -> &str {
    path.to_str().expect("a path")
}

#[test]
fn a_sound_document_passes_and_a_broken_one_does_not() {
    let folder = tempfile::tempdir().expect("a folder");
    let good = file(folder.path(), "good.md", INVOICING.as_bytes());
    let (out, code) = told(&["check", "--strict", text(&good)]);
    assert_eq!((out.as_str(), code), ("", 0));
    let bad = file(folder.path(), "bad.md", b"# T\n\n1. Do it.\n");
    let (out, code) = told(&["check", text(&bad)]);
    assert!(out.contains("error[SOP0101]") && out.contains("bad.md:"), "{out}");
    assert_eq!(code, 1);
    let (out, code) = told(&["check", "--format", "sarif", text(&bad)]);
    let sarif: serde_json::Value = serde_json::from_str(&out).expect("JSON");
    assert_eq!((sarif["version"].as_str(), code), (Some("2.1.0"), 1));
    let (_, code) = told(&["check", text(folder.path())]);
    assert_eq!(code, 1);
    let (_, code) = said(&["check", "nowhere.md"]);
    assert_eq!(code, 2);
}

#[test]
fn show_and_raci_say_what_the_document_says() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = file(folder.path(), "good.md", INVOICING.as_bytes());
    let (out, code) = told(&["show", "--json", text(&path)]);
    assert_eq!(code, 0);
    let shown: serde_json::Value = serde_json::from_str(&out).expect("JSON");
    let process = &shown["processes"][0];
    assert_eq!(process["owner"]["seat"], "Accounting");
    assert_eq!(process["triggers"][0]["rule"], "monthly on the 1st at 09:00");
    assert_eq!(process["steps"][1]["decisions"][0]["target"]["kind"], "loop");
    assert_eq!(process["steps"][1]["decisions"][0]["target"]["step"], "1");
    assert_eq!(process["review"]["cadence"], "P6M");
    let (out, _) = told(&["show", text(&path)]);
    assert!(out.contains("Monthly invoicing") && out.contains("Accounting"), "{out}");
    let (out, _) = told(&["raci", "--json", text(&path)]);
    let raci: serde_json::Value = serde_json::from_str(&out).expect("JSON");
    assert_eq!(raci["rows"][1]["responsible"][0], "Delivery lead");
    assert_eq!(raci["rows"][1]["accountable"], "Accounting");
    let (out, _) = told(&["raci", text(&path)]);
    assert!(out.contains("Responsible"), "{out}");
}

#[test]
fn a_map_is_written_in_each_format() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = file(folder.path(), "good.md", INVOICING.as_bytes());
    for (ending, begins) in [
        ("svg", "<svg".as_bytes()),
        ("png", b"\x89PNG"),
        ("bpmn", b"<?xml version"),
        ("mmd", b"---\ntitle: "),
        ("dot", b"digraph"),
    ] {
        let out = folder.path().join(format!("map.{ending}"));
        let done = gemba(&["map", text(&path), "-o", text(&out)]);
        assert!(done.status.success(), "{ending}: {}", String::from_utf8_lossy(&done.stderr));
        let bytes = std::fs::read(&out).expect("a file");
        assert!(bytes.starts_with(begins), "{ending}");
    }
    let (why, code) = said(&["map", text(&path), "-o", "map.bmp"]);
    assert!(code == 2 && why.contains("png"), "{why}");
}

#[test]
fn fmt_rewrites_once_and_never_loses_a_word() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = file(folder.path(), "x.md", INVOICING.replace("\n\n1. **", "\n1.   **").as_bytes());
    let (out, code) = told(&["fmt", "--check", text(&path)]);
    assert!(out.contains("x.md") && code == 1, "{out}");
    let (_, code) = told(&["fmt", text(&path)]);
    assert_eq!(code, 0);
    let (out, code) = told(&["fmt", "--check", text(&path)]);
    assert_eq!((out.as_str(), code), ("", 0));
}

#[test]
fn every_code_is_explained() {
    for code in ["SOP0103", "run0202", "APP0401"] {
        let (page, exit) = told(&["explain", code]);
        assert!(page.starts_with(&format!("# {}", code.to_uppercase())) && exit == 0, "{page}");
    }
    let (_, exit) = said(&["explain", "XYZ1"]);
    assert_eq!(exit, 2);
}

#[test]
fn a_seat_is_exported_for_other_agents() {
    let data = workspace();
    let dir = text(data.path());
    let folder = tempfile::tempdir().expect("a folder");
    let out = folder.path().join("seat");
    let whole = folder.path().join("whole");
    assert_eq!(said(&["export", "--data", dir, text(&whole)]).1, 0);
    let team = std::fs::read_to_string(whole.join("team.md")).expect("a file");
    let team = format!("{team}\n## Scout\n\n- Slug: scout\n- Held by: agent Lookout\n");
    file(&whole, "team.md", team.as_bytes());
    let (told, code) = said(&["import", "--data", dir, text(&whole)]);
    assert!(code == 0 && told.contains("1 seats"), "{told}");
    let export =
        |form: &str| said(&["export", "--data", dir, "--seat", "Scout", "--as", form, text(&out)]);
    assert_eq!(export("agents-md").1, 0);
    let page = std::fs::read_to_string(out.join("AGENTS.md")).expect("a file");
    assert!(page.starts_with("# Scout at "), "{page}");
    let (nothing, code) = export("skills");
    assert!(nothing.contains("works by no SOP in force") && code == 0, "{nothing}");
    assert_eq!(export("docx").1, 2);
    assert_eq!(said(&["export", "--data", dir, "--seat", "Scout", text(&out)]).1, 2, "no form");
    let nobody = ["export", "--data", dir, "--seat", "Nobody", "--as", "skills", text(&out)];
    assert_eq!(said(&nobody).1, 1);
}

#[test]
fn a_workspace_is_backed_up_restored_exported_and_imported_again() {
    let data = workspace();
    let dir = text(data.path());
    let folder = tempfile::tempdir().expect("a folder");
    let path = file(folder.path(), "x.md", INVOICING.as_bytes());
    assert_eq!(told(&["import", "--data", dir, text(&path)]).1, 0);

    let out = folder.path().join("out");
    assert_eq!(said(&["export", "--data", dir, text(&out)]).1, 0);
    let draft = out.join("processes/finance/monthly-invoicing.draft.md");
    assert_eq!(std::fs::read_to_string(&draft).expect("a file"), INVOICING);
    // A file of an earlier export goes, one of somebody's own stays.
    let old = file(&out.join("processes/finance"), "gone.md", b"# Gone");
    let own = file(&out, "README.md", b"# Ours");
    assert_eq!(said(&["export", "--data", dir, text(&out)]).1, 0);
    assert!(!old.exists() && own.exists() && draft.exists());
    let (again, code) = said(&["import", "--data", dir, text(&out)]);
    assert!(again.contains("Process monthly-invoicing: was there already") && code == 0, "{again}");
    assert!(again.contains("README.md: belongs to nothing here"), "{again}");
    let other = workspace();
    let (again, code) = said(&["import", "--data", text(other.path()), text(&out)]);
    assert!(again.contains("1 processes (0 in force), ") && code == 0, "{again}");
    let twin = folder.path().join("twin");
    assert_eq!(said(&["export", "--data", text(other.path()), text(&twin)]).1, 0);
    for name in ["workspace.md", "team.md", "processes/index.md"] {
        let read = |folder: &Path| std::fs::read_to_string(folder.join(name));
        assert_eq!(read(&out).expect("a file"), read(&twin).expect("a file"), "{name}");
    }

    let image = folder.path().join("image.db");
    assert_eq!(said(&["backup", "--data", dir, text(&image)]).1, 0);
    assert_eq!(said(&["backup", "--data", dir, text(&image)]).1, 2);
    let fresh = folder.path().join("fresh");
    assert_eq!(said(&["restore", text(&image), "--data", text(&fresh)]).1, 0);
    assert_eq!(said(&["restore", text(&image), "--data", text(&fresh)]).1, 2);
    let (report, code) = told(&["doctor", "--data", text(&fresh)]);
    assert!(report.contains("whole") && code == 0, "{report}");
    let out = folder.path().join("out-again");
    assert_eq!(said(&["export", "--data", text(&fresh), text(&out)]).1, 0);
    assert!(out.join("processes/finance/monthly-invoicing.draft.md").exists());
    let broken = file(folder.path(), "broken.db", b"not a backup");
    let other = folder.path().join("other");
    assert_eq!(said(&["restore", text(&broken), "--data", text(&other)]).1, 1);
}

#[test]
fn an_archive_and_a_folder_are_imported_with_their_folders_as_functions() {
    let data = workspace();
    let dir = text(data.path());
    let folder = tempfile::tempdir().expect("a folder");
    let hire = "# Hire\n\n1. Write the offer.\n".as_bytes().to_vec();
    let files = [("people-ops/hire.md".to_owned(), hire), ("logo.png".to_owned(), vec![1])];
    let zip = gemba_app::archive::pack(&files).expect("an archive");
    let path = file(folder.path(), "sops.zip", &zip);
    let (slugs, code) = told(&["import", "--data", dir, text(&path)]);
    assert_eq!((slugs.trim(), code), ("hire", 0));
    let sub = folder.path().join("sub/customer-success");
    std::fs::create_dir_all(&sub).expect("a folder");
    file(&sub, "help.md", b"# Help\n\n1. Answer.\n");
    file(&sub, "notes.txt", b"x");
    let (told_of, code) = said(&["import", "--data", dir, text(&folder.path().join("sub"))]);
    assert!(told_of.contains("notes.txt: is no Markdown document") && code == 0, "{told_of}");
    let out = folder.path().join("out");
    assert_eq!(said(&["export", "--data", dir, text(&out)]).1, 0);
    for path in ["people-ops/hire.draft.md", "customer-success/help.draft.md"] {
        assert!(out.join("processes").join(path).exists(), "{path}");
    }
    let bad = file(folder.path(), "bad.zip", &zip[..zip.len() / 2]);
    let (why, code) = said(&["import", "--data", dir, text(&bad)]);
    assert!(why.contains("the archive cannot be read") && code == 1, "{why}");
}

#[test]
fn tokens_are_made_for_seats_that_exist_only() {
    let data = workspace();
    let dir = text(data.path());
    let (why, code) = said(&["token", "create", "--seat", "nobody", "--name", "x", "--data", dir]);
    assert!(code == 1 && why.contains("APP0201"), "{why}");
    let (list, code) = told(&["token", "list", "--data", dir]);
    assert_eq!((list.as_str(), code), ("", 0));
}

#[test]
fn what_is_not_there_is_said_plainly() {
    let folder = tempfile::tempdir().expect("a folder");
    let (why, code) = said(&["doctor", "--data", text(folder.path())]);
    assert!(code == 2 && why.contains("no database"), "{why}");
    let (why, code) = said(&["serve", "--database", "mysql://x/y"]);
    assert!(code == 2 && why.contains("postgres://"), "{why}");
    let path = file(folder.path(), "x.md", INVOICING.as_bytes());
    let (why, code) = said(&["import", "--data", text(folder.path()), text(&path)]);
    assert!(code == 2 && why.contains("gemba setup"), "{why}");
    let (_, code) = said(&["frobnicate"]);
    assert_eq!(code, 2);
}

#[test]
fn what_is_certain_is_fixed_and_shown_before() {
    let folder = tempfile::tempdir().expect("a folder");
    let broken = INVOICING.replace("# Monthly", "# Mon\u{200b}thly");
    let path = file(folder.path(), "a.md", broken.as_bytes());
    let (out, code) = told(&["check", "--diff", text(&path)]);
    assert!(out.contains("+# Monthly") && out.contains("@@ ") && code == 1, "{out}");
    assert_eq!(std::fs::read_to_string(&path).expect("text"), broken, "a diff changes nothing");
    let (_, code) = said(&["check", "--strict", "--ignore", "SOP0802", text(&path)]);
    assert_eq!(code, 0);
    let (said_, code) = said(&["check", "--strict", "--fix", text(&path)]);
    assert!(said_.contains("1 fix") && code == 0, "{said_}");
    assert_eq!(std::fs::read_to_string(&path).expect("text"), INVOICING);
    let (out, code) = told(&["check", "--diff", text(&path)]);
    assert_eq!((out.as_str(), code), ("", 0));
}

#[test]
fn findings_are_chosen_by_code_coloured_on_request_and_counted() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = file(
        folder.path(),
        "bad.md",
        b"# T\n\n1. Call the client.\n2. If nobody answers, go to step 9.\n",
    );
    let (out, code) = told(&["check", "--select", "sop02", text(&path)]);
    assert!(out.contains("SOP0201") && !out.contains("SOP0101") && code == 1, "{out}");
    let (out, _) = told(&["check", "--color", "always", text(&path)]);
    assert!(out.contains("\u{1b}[1;31merror[SOP0101]"), "{out}");
    let (out, _) = told(&["check", "--color", "never", text(&path)]);
    assert!(!out.contains('\u{1b}'), "{out}");
    let (why, code) = said(&["check", "--select", "SOP99", text(&path)]);
    assert!(code == 2 && why.contains("SOP99"), "{why}");
    file(folder.path(), "worse.md", b"# T\n\n1. Do it.\n\nSee [this](nowhere.md).\n");
    let (out, _) = told(&["check", text(folder.path())]);
    assert!(
        out.contains("there is no document") && out.contains("there is another \"T\""),
        "{out}"
    );
    assert!(out.contains("bad.md · ") && out.contains("worse.md · "), "{out}");
    let (counts, _) = said(&["check", text(folder.path())]);
    assert!(counts.contains(" in 2 files") && counts.contains("gemba explain SOP"), "{counts}");
}

#[test]
fn a_bpmn_model_is_taken_wherever_a_document_is() {
    let folder = tempfile::tempdir().expect("a folder");
    let sop = file(folder.path(), "good.md", INVOICING.as_bytes());
    let model = folder.path().join("drawn.bpmn");
    let (_, code) = told(&["map", text(&sop), "-o", text(&model)]);
    assert_eq!(code, 0);
    let (out, code) = told(&["show", "--json", text(&model)]);
    assert_eq!(code, 0);
    let shown: serde_json::Value = serde_json::from_str(&out).expect("JSON");
    let process = &shown["processes"][0];
    assert_eq!(process["title"], "Monthly invoicing");
    assert_eq!(process["owner"]["seat"], "Accounting");
    assert_eq!(process["steps"][1]["decisions"][0]["target"]["kind"], "loop");
    let (out, _) = told(&["raci", "--json", text(&model)]);
    assert!(out.contains("Delivery lead"), "{out}");
    let picture = folder.path().join("drawn.svg");
    let (_, code) = told(&["map", text(&model), "-o", text(&picture)]);
    assert_eq!(code, 0);
    assert!(picture.exists());

    // What is drawn stays as it is drawn.
    let again = folder.path().join("again.bpmn");
    let (_, code) = told(&["map", text(&model), "-o", text(&again)]);
    assert_eq!(code, 0);
    let read = |path: &Path| std::fs::read_to_string(path).expect("a file");
    assert_eq!(read(&again), read(&model));

    let broken = file(folder.path(), "broken.bpmn", b"<definitions><process></definitions>");
    let (out, code) = told(&["check", text(&broken)]);
    assert!(out.contains("error[BPM0002]"), "{out}");
    assert_eq!(code, 1);
    let (out, code) = told(&["check", "--format", "json", text(folder.path())]);
    assert!(out.contains("drawn.bpmn") && out.contains("good.md"), "{out}");
    assert_eq!(code, 1);
}

#[test]
fn seats_are_judged_against_a_team_file() {
    let folder = tempfile::tempdir().expect("a folder");
    let sop = file(folder.path(), "good.md", INVOICING.as_bytes());
    let full = "# Team\n\n## Accounting\n\n## Delivery lead\n\n- Held by: nobody\n";
    let team = file(folder.path(), "seats.md", full.as_bytes());
    let (out, code) = told(&["check", "--strict", "--team", text(&team), text(&sop)]);
    assert!(out.contains("SOP0407") && out.contains("Delivery lead") && code == 1, "{out}");
    let held =
        r#"[{"name": "Accounting"}, {"name": "Delivery lead", "holder": {"kind": "person"}}]"#;
    let team = file(folder.path(), "seats.json", held.as_bytes());
    let (out, code) = told(&["check", "--strict", "--team", text(&team), text(&sop)]);
    assert_eq!((out.as_str(), code), ("", 0));
    let team = file(folder.path(), "few.json", br#"[{"name": "Accounting"}]"#);
    let (out, _) = told(&["check", "--team", text(&team), text(&sop)]);
    assert!(out.contains("SOP0406"), "{out}");
    let (why, code) = said(&["check", "--team", text(&sop), text(&sop)]);
    assert!(code == 2 && why.contains("is no team file"), "{why}");
    let (_, code) = said(&["check", "--team", "nowhere.md", text(&sop)]);
    assert_eq!(code, 2);
}

#[test]
fn an_exported_workspace_is_checked_with_its_own_seats() {
    let folder = workspace();
    let data = text(folder.path());
    let sop = file(folder.path(), "x.md", INVOICING.as_bytes());
    let (out, code) = told(&["import", "--data", data, text(&sop)]);
    assert_eq!(code, 0, "{out}");
    let export = folder.path().join("export");
    let (out, code) = told(&["export", "--data", data, text(&export)]);
    assert_eq!(code, 0, "{out}");
    let (out, code) = told(&["check", "--format", "json", text(&export)]);
    let report: serde_json::Value = serde_json::from_str(&out).expect("JSON");
    // The sheets beside the processes are no SOPs.
    assert_eq!(report["summary"]["files"], 1, "{out}");
    assert_eq!(code, 0, "{out}");
    let sheet = "# Team\n\n## Somebody else\n";
    std::fs::write(export.join("team.md"), sheet).expect("written");
    let (out, _) = told(&["check", text(&export)]);
    assert!(out.contains("SOP0406"), "{out}");
}
