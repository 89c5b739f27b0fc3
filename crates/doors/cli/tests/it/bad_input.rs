//! Input that nobody should send: each gets its finding or refusal, and nothing is half-imported.

use crate::gemba::{file, gemba, said, told, workspace};

/// Every hostile document with the code that it must get.
fn hostile() -> Vec<(&'static str, Vec<u8>, &'static str)> {
    let nested = format!("# T\n\n{}x\n", "- ".repeat(10_000));
    let mut bomb = "---\na: &a [x,x,x,x,x,x,x,x,x]\n".to_owned();
    for (last, this) in ('a'..='y').zip('b'..='z') {
        let last = format!("*{last}");
        let seven = [last.as_str(); 7].join(",");
        let line = format!("{this}: &{this} [{seven}]\n");
        bomb.push_str(&line);
    }
    bomb.push_str("owner: A\n---\n\n# T\n\n1. Do it.\n");
    let head = "---\nowner: Boss\ntrigger: every day\n---\n\n# T\n\n## Steps\n\n";
    let text = |steps: &str| format!("{head}{steps}").into_bytes();
    vec![
        ("empty.md", Vec::new(), "SOP0001"),
        ("binary.md", vec![0x7f, b'E', b'L', b'F', 0, 0, 1, 0xff], "SOP0002"),
        ("latin.md", b"# Caf\xe9\n\n1. Do it.\n".to_vec(), "SOP0003"),
        ("huge.md", vec![b'x'; 5_000_000], "SOP0004"),
        ("nested.md", nested.into_bytes(), "SOP0005"),
        ("bomb.md", bomb.into_bytes(), "SOP0006"),
        (
            "cycle.md",
            text(
                "1. **A**\n\n   - If so, go to step 2.\n   - Otherwise, go to step 2.\n\n2. **B**\n\n   - If so, go back to step 1.\n   - Otherwise, go back to step 1.\n",
            ),
            "SOP0204",
        ),
        ("twice.md", text("1. **A** {#same}\n\n2. **B** {#same}\n"), "SOP0301"),
    ]
}

#[test]
fn each_hostile_document_gets_its_finding() {
    let folder = tempfile::tempdir().expect("a folder");
    for (name, content, expected) in hostile() {
        let path = file(folder.path(), name, &content);
        let (out, code) = told(&["check", "--format", "json", path.to_str().expect("a path")]);
        let report: serde_json::Value = serde_json::from_str(&out).expect("JSON");
        let codes: Vec<&str> = report["files"][0]["diagnostics"]
            .as_array()
            .expect("findings")
            .iter()
            .filter_map(|d| d["code"].as_str())
            .collect();
        assert!(codes.contains(&expected), "{name}: {codes:?}");
        assert_eq!(code, 1, "{name}");
    }
}

#[test]
fn nothing_is_half_imported() {
    let data = workspace();
    let dir = data.path().to_str().expect("a path");
    let folder = tempfile::tempdir().expect("a folder");
    file(folder.path(), "a-good.md", gemba_testkit::INVOICING.as_bytes());
    file(folder.path(), "b-binary.md", &[0, 1, 2, 3]);
    let path = folder.path().to_str().expect("a path");
    let (told_of, code) = said(&["import", "--data", dir, path]);
    assert_eq!(code, 1);
    assert!(told_of.contains("SOP0002") && told_of.contains("Nothing was imported"), "{told_of}");
    let out = tempfile::tempdir().expect("a folder");
    let target = out.path().join("all");
    let exported = gemba(&["export", "--data", dir, target.to_str().expect("a path")]);
    assert!(exported.status.success());
    let folders = std::fs::read_dir(target.join("processes")).expect("a folder");
    assert_eq!(folders.count(), 1, "the index alone");
}

#[test]
fn an_unknown_seat_is_refused_when_publishing_and_the_draft_stays() {
    let data = workspace();
    let dir = data.path().to_str().expect("a path");
    let folder = tempfile::tempdir().expect("a folder");
    let path = file(folder.path(), "x.md", gemba_testkit::INVOICING.as_bytes());
    let (slug, code) = told(&["import", "--data", dir, path.to_str().expect("a path")]);
    assert_eq!((slug.trim(), code), ("monthly-invoicing", 0));
    let (why, code) = said(&["run", "monthly-invoicing", "--data", dir]);
    assert_eq!(code, 1);
    assert!(why.contains("APP0403"), "{why}");
}
