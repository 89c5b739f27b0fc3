//! What two people change at once, and what is sent after a session has ended: nothing is lost unseen.

use crate::browser::{Browser, Page, between};
use axum::{body::Body, http::Request};
use gemba_testkit::TestApp;

/// The mark that a page's form carries.
fn seen(page: &Page) -> String {
    between(&page.body, "name=\"seen\" value=\"", "\"").to_owned()
}

/// The last form of a page: the workspace's has two.
fn seen_last(page: &Page) -> String {
    let (_, last) = page.body.rsplit_once("name=\"seen\" value=\"").unwrap();
    last.split_once('"').unwrap().0.to_owned()
}

/// Where a form is, where it is sent, its fields, the field that differs with two values of it, and what
/// the second one reads of the first.
type Form<'a> = (&'a str, &'a str, Vec<(&'a str, &'a str)>, &'a str, [&'a str; 2], &'a str);

#[tokio::test]
async fn whoever_saves_second_is_told_what_the_first_one_made_of_it_and_may_then_save() {
    let kit = TestApp::new().await;
    let mara = Browser::of(&kit, "Mara").await;
    let olga = Browser::of(&kit, "Olga").await;
    mara.post(
        "/scorecard/new",
        &[("name", "Leads"), ("seat", "sales"), ("unit", ""), ("goal", "3"), ("direction", "up")],
    )
    .await
    .is(303);
    let people = olga.get("/settings/people").await;
    let ben = format!("/settings/people/{}", {
        let (before, _) = people.body.split_once("Ben").unwrap();
        before.rsplit_once("/settings/people/").unwrap().1.split_once('"').unwrap().0
    });
    let forms: Vec<Form<'_>> = vec![
        (
            "/seats/sales/edit",
            "/seats/sales/edit",
            vec![("name", "Sales"), ("holder", "vacant")],
            "purpose",
            ["Wins clients", "Sells"],
            "Wins clients",
        ),
        (
            "/scorecard/leads/edit",
            "/scorecard/leads/edit",
            vec![("name", "Leads"), ("seat", "sales"), ("direction", "up")],
            "goal",
            ["5", "7"],
            "<div>5</div>",
        ),
        (
            &ben,
            &ben,
            vec![("active", "yes")],
            "role",
            ["manager", "observer"],
            "Manager, may sign in",
        ),
        (
            "/settings/workspace",
            "/settings/workspace",
            vec![("name", "Acme")],
            "zone",
            ["Asia/Tokyo", "Europe/Paris"],
            "Asia/Tokyo",
        ),
        (
            "/settings/workspace",
            "/settings/workspace/hours",
            vec![("days", "1"), ("holidays", "")],
            "close",
            ["16:00", "18:00"],
            "Nothing was overwritten",
        ),
    ];
    for (page, to, fields, name, [first, second], told) in forms {
        let mark = if to.ends_with("hours") { seen_last } else { seen };
        let opened = mark(&olga.get(page).await);
        let with = |value, mark| {
            let mut all = fields.clone();
            all.extend([(name, value), ("seen", mark)]);
            all
        };
        olga.post(to, &with(first, &opened)).await.is(303);
        let late = olga.post(to, &with(second, &opened)).await.is(422);
        for words in ["Somebody changed this after you opened it", told, second] {
            assert!(late.body.contains(words), "{to}: {words}\n{}", late.body);
        }
        // Having read it, they may put theirs in its place.
        let again = mark(&late);
        assert_ne!(again, opened, "{to}");
        olga.post(to, &with(second, &again)).await.is(303);
        // One that carries no mark, as an old page does, has the last word.
        olga.post(to, &fields_with(&fields, name, first)).await.is(303);
    }
}

fn fields_with<'a>(
    fields: &[(&'a str, &'a str)],
    name: &'a str,
    value: &'a str,
) -> Vec<(&'a str, &'a str)> {
    fields.iter().copied().chain([(name, value)]).collect()
}

/// A form as a browser sends it.
fn form(address: &str, how: [&str; 2], body: &str) -> Request<Body> {
    Request::post(address)
        .header("content-type", "application/x-www-form-urlencoded")
        .header("host", "gemba.example")
        .header("referer", "https://gemba.example/seats/new")
        .header("sec-fetch-site", how[0])
        .header("sec-fetch-mode", how[1])
        .body(Body::from(body.to_owned()))
        .unwrap()
}

#[tokio::test]
async fn what_was_typed_outlives_the_session_and_is_sent_by_the_one_who_signs_in_again() {
    let kit = TestApp::new().await;
    let who = gemba_app::Who::operator();
    let new = gemba_app::accounts::NewAccount {
        email: "nina@example.com".to_owned(),
        name: "Nina".to_owned(),
        password: Some("seven quiet rivers".to_owned()),
        role: gemba_model::role::Role::Manager,
    };
    gemba_app::accounts::create(&kit.app, &who, new).await.unwrap();
    let mut nobody = Browser::new(&kit, None);
    let typed =
        "csrf=old&name=Front+desk&purpose=Says+%3Cb%3Ehello%3C%2Fb%3E&holder=vacant&version=3";
    let page = nobody.send(form("/seats/new", ["same-origin", "navigate"], typed)).await.is(401);
    for words in ["Sign in again", "name=\"kept\"", "name=\"action\" value=\"/seats/new\""] {
        assert!(page.body.contains(words), "{words}\n{}", page.body);
    }
    assert!(!page.body.contains("csrf=old"), "{}", page.body);
    let kept = between(&page.body, "name=\"kept\" value=\"", "\"").replace("&amp;", "&");
    let sign_in = |password: &'static str, kept: &str| {
        let fields = [
            ("email", "nina@example.com"),
            ("password", password),
            ("back", "/seats/new"),
            ("action", "/seats/new"),
            ("kept", kept),
        ];
        fields.map(|(n, v)| (n, v.to_owned()))
    };
    let wrong = sign_in("four loud rivers", &kept);
    let wrong: Vec<(&str, &str)> = wrong.iter().map(|(n, v)| (*n, v.as_str())).collect();
    let page = nobody.post_bare("/sign-in", &wrong).await.is(422);
    assert!(page.body.contains("name=\"kept\" value=\"name=Front+desk"), "{}", page.body);
    let right = sign_in("seven quiet rivers", &kept);
    let right: Vec<(&str, &str)> = right.iter().map(|(n, v)| (*n, v.as_str())).collect();
    let page = nobody.post_bare("/sign-in", &right).await.is(200);
    page.says(&[
        "Send what you typed?",
        "Nina",
        "Says &lt;b&gt;hello&lt;/b&gt;",
        "action=\"/seats/new\"",
    ]);
    nobody.take_cookie(&page);
    let token = between(&page.body, "name=\"csrf\" value=\"", "\"").to_owned();
    let sent = typed.replace("csrf=old", &format!("csrf={token}"));
    let pairs: Vec<(String, String)> = serde_urlencoded::from_str(&sent).unwrap();
    let pairs: Vec<(&str, &str)> = pairs.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
    nobody.post_bare("/seats/new", &pairs).await.goes("/seats/front-desk?done=created");
}

#[tokio::test]
async fn what_another_site_or_a_script_sends_and_passwords_are_not_kept() {
    let kit = TestApp::new().await;
    let nobody = Browser::new(&kit, None);
    for (how, body) in [
        (["cross-site", "navigate"], "name=Front+desk"),
        (["same-origin", "cors"], "name=Front+desk"),
        (["same-origin", "navigate"], "name=Ada&password=secret"),
        (["same-origin", "navigate"], "csrf=old"),
    ] {
        let page = nobody.send(form("/seats/new", how, body)).await.is(303);
        assert_eq!(page.location(), "/sign-in?back=%2Fseats%2Fnew", "{how:?} {body}");
    }
}
