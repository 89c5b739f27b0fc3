//! Pictures and videos: attached by writers, shown to readers, served so that they can do nothing.

use crate::browser::{Browser, Upload, between};
use axum::http::{StatusCode, header};
use gemba_testkit::{INVOICING, TestApp};

const PNG: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR";

#[tokio::test]
async fn a_picture_is_attached_shown_and_taken_away() {
    let kit = TestApp::new().await;
    let slug = kit.publish(INVOICING).await;
    let mara = Browser::of(&kit, "Mara").await;
    let to = format!("/processes/{slug}/attachments");
    mara.get(&to).await.shows(&["Nothing is attached yet", "Attach it"]);
    let fields = [
        ("title", "The tracker"),
        ("summary", "One sees <b>turquoise</b> rows."),
        ("step", "collect-hours"),
    ];
    let files = [Upload { field: "file", name: "a.png", bytes: PNG }];
    mara.upload(&to, &fields, &files).await.goes(&format!("{to}?done=saved"));
    let page = mara.get(&to).await;
    page.says(&[
        "The tracker",
        "alt=\"One sees &lt;b&gt;turquoise&lt;/b&gt; rows.\"",
        "Step 1, Collect the hours",
    ]);
    let address = format!("/attachments/{}", between(&page.body, "src=\"/attachments/", "\""));

    let otto = Browser::of(&kit, "Otto").await;
    otto.get(&format!("/handbook/{slug}")).await.shows(&["The tracker", &address]);
    otto.get("/search?q=turquoise").await.shows(&["<mark>turquoise</mark>"]);
    otto.get(&to).await.hides(&["Attach it", "Take it away"]);
    let file = otto.get(&address).await;
    assert_eq!(file.status, StatusCode::OK);
    assert_eq!(file.headers[header::CONTENT_TYPE], "image/png");
    assert_eq!(file.headers[header::X_CONTENT_TYPE_OPTIONS], "nosniff");
    let policy = file.headers[header::CONTENT_SECURITY_POLICY].to_str().unwrap();
    assert!(policy.starts_with("sandbox"), "{policy}");
    let id = address.rsplit('/').next().unwrap();
    otto.post(&format!("{to}/{id}/removal"), &[]).await.is(403);
    mara.post(&format!("{to}/{id}/removal"), &[]).await.goes(&format!("{to}?done=removed"));
    otto.get(&address).await.is(404);
    otto.get("/search?q=turquoise").await.shows(&["Nothing has all these words"]);
    let nobody = Browser::new(&kit, None);
    assert_eq!(nobody.get(&address).await.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn what_has_no_summary_or_is_no_picture_is_refused() {
    let kit = TestApp::new().await;
    let slug = kit.publish(INVOICING).await;
    let mara = Browser::of(&kit, "Mara").await;
    let to = format!("/processes/{slug}/attachments");
    let svg: &[u8] = b"<svg xmlns='http://www.w3.org/2000/svg' onload='x'/>";
    for (summary, link, bytes, says) in [
        ("", "", PNG, "rite in a sentence or two"),
        ("So", "", svg, "this file is none of these"),
        ("So", "javascript:alert(1)", &[], "link begins with https://"),
        ("So", "", &[], "Choose a file, or write a link."),
        ("So", "https://v.example/", PNG, "not both"),
    ] {
        let fields = [("title", "T"), ("summary", summary), ("link", link)];
        let file = Upload { field: "file", name: "a", bytes };
        let files = if bytes.is_empty() { Vec::new() } else { vec![file] };
        mara.upload(&to, &fields, &files).await.refused(&[says]);
    }
    let fields = [("title", "Film"), ("summary", "So"), ("link", "https://v.example/1")];
    mara.upload(&to, &fields, &[]).await.goes(&format!("{to}?done=saved"));
    mara.get(&to).await.shows(&["href=\"https://v.example/1\" rel=\"noopener noreferrer\""]);
}
