//! The settings: oneself, people, tokens, the workspace.

use crate::browser::Browser;
use gemba_app::{Who, accounts, tokens};
use gemba_testkit::TestApp;

const EVERYBODY: [&str; 6] = ["Olga", "Adam", "Mara", "Mia", "Ben", "Otto"];

async fn id_of(kit: &TestApp, name: &str) -> String {
    let all = accounts::list(&kit.app, &Who::operator()).await.unwrap();
    all.iter().find(|a| a.name == name).unwrap().id.to_string()
}

#[tokio::test]
async fn everybody_sees_what_they_may() {
    let kit = TestApp::new().await;
    for name in EVERYBODY {
        let visitor = Browser::of(&kit, name).await;
        let administers = ["Olga", "Adam"].contains(&name);
        let email = format!("{}@example.com", name.to_lowercase());
        let you = visitor.get("/settings").await.shows(&[&email, "Change the password"]);
        assert_eq!(you.body.contains("/settings/tokens"), administers, "{name}");
        let space = visitor.get("/settings/workspace").await.shows(&["Acme", "Europe/Berlin"]);
        assert_eq!(space.body.contains("Save the workspace"), administers, "{name}");
        for address in ["/settings/people", "/settings/tokens"] {
            visitor.get(address).await.is(if administers { 200 } else { 403 });
        }
    }
    Browser::of(&kit, "Mia").await.get("/settings").await.shows(&["href=\"/seats/accounting\""]);
}

#[tokio::test]
async fn a_password_is_changed_by_whoever_knows_the_old_one() {
    let kit = TestApp::new().await;
    let mia = Browser::of(&kit, "Mia").await;
    for (old, new, again, says) in [
        ("wrong", "battery staple", "battery staple", "This is not your present password."),
        ("correct horse", "short", "short", "A password has 10 to 200 characters."),
        ("correct horse", "battery staple", "battery stable", "The two new passwords differ."),
    ] {
        let fields = [("old_password", old), ("password", new), ("again", again)];
        mia.post("/settings/password", &fields).await.refused(&[says]).hides(&["battery"]);
    }
    let fields = [
        ("old_password", "correct horse"),
        ("password", "battery staple"),
        ("again", "battery staple"),
    ];
    mia.post_bare("/settings/password", &fields).await.is(403);
    mia.post("/settings/password", &fields).await.goes("/settings?done=password");
    assert!(accounts::sign_in(&kit.app, "mia@example.com", "battery staple").await.is_ok());
}

#[tokio::test]
async fn a_person_is_added_with_a_password_or_with_a_link_shown_once() {
    let kit = TestApp::new().await;
    let adam = Browser::of(&kit, "Adam").await;
    let new = |email, role, entry, password| {
        [
            ("name", "Nina"),
            ("email", email),
            ("role", role),
            ("entry", entry),
            ("password", password),
        ]
    };
    adam.post(
        "/settings/people",
        &new("nina@example.com", "member", "password", "a long password"),
    )
    .await
    .goes("/settings/people?done=created");
    let page = adam
        .post("/settings/people", &new("nora@example.com", "member", "link", ""))
        .await
        .shows(&["http://gemba.example/sign-in/link/gl_", "not shown again"]);
    let secret = page.body.split("/sign-in/link/").nth(1).unwrap().split('<').next().unwrap();
    assert!(accounts::use_link(&kit.app, secret).await.is_ok());
    for (email, role, password, says) in [
        ("nobody", "member", "a long password", "is no e-mail address"),
        ("mia@example.com", "member", "a long password", "an account with this address already"),
        ("n@example.com", "member", "short", "10 to 200 characters"),
        ("n@example.com", "admin", "a long password", "Only an owner appoints"),
        ("n@example.com", "king", "a long password", "Choose a role."),
    ] {
        adam.post("/settings/people", &new(email, role, "password", password)).await.refused(&[
            says,
            "value=\"Nina\"",
            &format!("value=\"{email}\""),
        ]);
    }
}

#[tokio::test]
async fn a_role_is_changed_and_the_last_owner_stays() {
    let kit = TestApp::new().await;
    let (adam, olga) = (Browser::of(&kit, "Adam").await, Browser::of(&kit, "Olga").await);
    let ben = format!("/settings/people/{}", id_of(&kit, "Ben").await);
    adam.get(&ben).await.shows(&["ben@example.com", "Make a sign-in link"]);
    adam.post(&ben, &[("role", "manager"), ("active", "yes")])
        .await
        .goes("/settings/people?done=saved");
    adam.post(&ben, &[("role", "manager")]).await.goes("/settings/people?done=saved");
    adam.get("/settings/people").await.shows(&["Shut out", "Manager"]);
    adam.post(&ben, &[("role", "admin")]).await.refused(&["Only an owner appoints"]);
    adam.post(&ben, &[]).await.refused(&["Choose a role."]);
    adam.post(&format!("{ben}/link"), &[]).await.shows(&["/sign-in/link/gl_"]);
    let own = format!("/settings/people/{}", id_of(&kit, "Olga").await);
    olga.post(&own, &[("role", "member"), ("active", "yes")])
        .await
        .refused(&["at least one owner"]);
    adam.get("/settings/people/nobody").await.is(404);
}

#[tokio::test]
async fn a_token_is_shown_once_and_revoked() {
    let kit = TestApp::new().await;
    let adam = Browser::of(&kit, "Adam").await;
    adam.get("/settings/tokens").await.shows(&["No API tokens yet"]);
    let page = adam
        .post("/settings/tokens", &[("seat", "delivery-lead"), ("name", "plan sync")])
        .await
        .shows(&[
            "Bearer gemba_",
            "http://gemba.example/mcp",
            "mcpServers",
            "gemba mcp --url",
            "curl",
        ]);
    let secret = page.body.split("--token ").nth(1).unwrap().split('<').next().unwrap().to_owned();
    assert!(tokens::bearer(&kit.app, &secret).await.is_ok());
    adam.get("/settings/tokens")
        .await
        .shows(&["plan sync", "Delivery lead", "by Adam", "gemba_"])
        .hides(&[&secret]);
    for (seat, name, says) in [("", "x", "Choose the seat"), ("sales", "", "The name is empty.")] {
        adam.post("/settings/tokens", &[("seat", seat), ("name", name)]).await.refused(&[says]);
    }
    let id = tokens::list(&kit.app, &Who::operator()).await.unwrap()[0].token.id;
    adam.post(&format!("/settings/tokens/{id}/removal"), &[])
        .await
        .goes("/settings/tokens?done=removed");
    assert!(tokens::bearer(&kit.app, &secret).await.is_err());
    adam.post(&format!("/settings/tokens/{id}/removal"), &[]).await.is(404);
}

#[tokio::test]
async fn a_token_is_made_for_less_and_replaced() {
    let kit = TestApp::new().await;
    let adam = Browser::of(&kit, "Adam").await;
    let typed = [("seat", "delivery-lead"), ("name", "sync"), ("days", "30"), ("numbers", "yes")];
    adam.post("/settings/tokens", &typed).await.shows(&["Bearer gemba_"]);
    adam.get("/settings/tokens").await.shows(&["Numbers", "Replace “sync”"]).hides(&["Replaced"]);
    let id = tokens::list(&kit.app, &Who::operator()).await.unwrap()[0].token.id;
    let page = adam.post(&format!("/settings/tokens/{id}/rotation"), &[("overlap", "24")]).await;
    let page = page.shows(&["Bearer gemba_"]);
    let secret = page.body.split("--token ").nth(1).unwrap().split('<').next().unwrap().to_owned();
    let who = tokens::bearer(&kit.app, &secret).await.unwrap();
    assert!(gemba_app::access::within(&who, gemba_app::access::Scope::Numbers));
    assert!(!gemba_app::access::within(&who, gemba_app::access::Scope::Work));
    adam.get("/settings/tokens").await.shows(&["Replaced"]);
}

#[tokio::test]
async fn the_workspace_is_changed_by_admins() {
    let kit = TestApp::new().await;
    let adam = Browser::of(&kit, "Adam").await;
    adam.post("/settings/workspace", &[("name", "Acme & Co"), ("zone", "Asia/Tokyo")])
        .await
        .goes("/settings/workspace?done=saved");
    adam.post("/settings/workspace", &[("name", "Bcme"), ("zone", "Mars")]).await.refused(&[
        "is no time zone",
        "value=\"Bcme\"",
        "value=\"Mars\"",
    ]);
    adam.get("/settings/workspace").await.shows(&["Acme &amp; Co", "Asia/Tokyo"]);
}

#[tokio::test]
async fn who_may_not_administer_is_refused() {
    let kit = TestApp::new().await;
    let ben = format!("/settings/people/{}", id_of(&kit, "Ben").await);
    for name in ["Mara", "Mia", "Otto"] {
        let visitor = Browser::of(&kit, name).await;
        visitor.get(&ben).await.is(403);
        for address in ["/settings/people", "/settings/tokens", "/settings/workspace", &ben] {
            let fields = [
                ("name", "x"),
                ("email", "x@example.com"),
                ("role", "member"),
                ("seat", "sales"),
                ("zone", "UTC"),
            ];
            visitor.post(address, &fields).await.is(403);
        }
        visitor.post(&format!("{ben}/link"), &[]).await.is(403);
    }
    let olga = Browser::of(&kit, "Olga").await;
    for address in ["/settings/people", "/settings/tokens", "/settings/workspace", &ben] {
        olga.post_bare(address, &[("name", "x")]).await.is(403);
    }
}

#[tokio::test]
async fn working_hours_are_set_and_shown() {
    let kit = TestApp::new().await;
    let adam = Browser::of(&kit, "Adam").await;
    let (space, hours) = ("/settings/workspace", "/settings/workspace/hours");
    adam.get(space).await.shows(&["Working hours", "value=\"17:00\"", "Holidays"]);
    let send = async |close: &str, holidays: &str, day: &str| {
        let days = [("days", "1"), ("days", day), ("close", close), ("holidays", holidays)];
        adam.post(hours, &days).await
    };
    send("late", "", "2").await.refused(&["The close of work is a time such as 17:00", "late"]);
    send("16:30", "Christmas", "2").await.refused(&["Line 1 does not begin with a date"]);
    send("16:30", "", "9").await.refused(&["Choose at least one day of the week"]);
    send("16:30", "2026-12-25 Christmas <Day>", "6").await.goes(&format!("{space}?done=saved"));
    adam.get(space).await.shows(&["value=\"16:30\"", "2026-12-25 Christmas &lt;Day&gt;"]);
    let otto = Browser::of(&kit, "Otto").await;
    otto.get(space).await.shows(&["Monday, Saturday", "16:30"]).hides(&["Save the working hours"]);
    otto.post(hours, &[("days", "1"), ("close", "12:00")]).await.is(403);
    otto.get(hours).await.goes(space);
}
