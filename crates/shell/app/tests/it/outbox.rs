//! What happens is told to whoever wants to hear of it: once written, sent until it is taken.

use gemba_app::{
    Error, Who,
    outbox::{self, ChannelInput, DeliveryState, DeliveryView, Listing, Notices, TargetInput},
    ports::Answer,
    processes, runs,
    signing::Secret,
    work::{self, Completion},
};
use gemba_model::id::ChannelId;
use gemba_testkit::{INVOICING, TestApp};
use jiff::SignedDuration;
use serde_json::Value;

fn webhook(name: &str, kinds: &[&str]) -> ChannelInput {
    ChannelInput {
        name: name.to_owned(),
        target: TargetInput::Webhook { url: "https://receiver.example/in".to_owned() },
        kinds: kinds.iter().map(|kind| (*kind).to_owned()).collect(),
        process: None,
    }
}

struct Company {
    kit: TestApp,
    adam: Who,
}

impl Company {
    async fn new() -> Self {
        let kit = TestApp::new().await;
        kit.publish(INVOICING).await;
        let adam = kit.person("Adam").await;
        Self { kit, adam }
    }

    async fn channel(&self, input: ChannelInput) -> (ChannelId, Option<String>) {
        let made = outbox::create(&self.kit.app, &self.adam, input).await.unwrap();
        (made.id, made.secret)
    }

    async fn start(&self, title: &str) {
        let mara = self.kit.person("Mara").await;
        runs::start(&self.kit.app, &mara, "monthly-invoicing", title).await.unwrap();
    }

    /// Sends all that is due; how many were sent.
    async fn deliver(&self) -> usize {
        let mut n = 0;
        loop {
            let claimed = outbox::claim_due(&self.kit.app, 16).await.unwrap();
            if claimed.is_empty() {
                return n;
            }
            for one in claimed {
                outbox::send(&self.kit.app, one).await.unwrap();
                n += 1;
            }
        }
    }

    async fn log(&self) -> Vec<DeliveryView> {
        let all = Listing { limit: 100, ..Listing::default() };
        outbox::deliveries(&self.kit.app, &self.adam, all).await.unwrap()
    }
}

#[tokio::test]
async fn a_webhook_gets_signed_cloud_events_of_what_it_chose() {
    let company = Company::new().await;
    let (_, secret) = company.channel(webhook("Ledger", &["run.started", "step.opened"])).await;
    company.start("March").await;
    assert_eq!(company.deliver().await, 2);
    let posts = company.kit.postbox.posts();
    let types: Vec<String> = posts
        .iter()
        .map(|post| {
            let event: Value = serde_json::from_slice(&post.body).unwrap();
            assert_eq!(
                (&event["specversion"], &event["source"]),
                (&"1.0".into(), &"https://gemba.example".into())
            );
            event["type"].as_str().unwrap().to_owned()
        })
        .collect();
    assert_eq!(types, ["gemba.run.started", "gemba.step.opened"]);
    let post = &posts[1];
    let header =
        |name: &str| post.headers.iter().find(|(n, _)| *n == name).map(|(_, v)| v.clone()).unwrap();
    assert_eq!(header("content-type"), "application/cloudevents+json");
    // As a receiver verifies it.
    let secret: Secret = serde_json::from_value(secret.unwrap().into()).unwrap();
    let at = header("webhook-timestamp").parse().unwrap();
    let signature = secret.sign(&header("webhook-id"), at, &post.body).unwrap();
    assert_eq!(header("webhook-signature"), signature);
    let event: Value = serde_json::from_slice(&post.body).unwrap();
    assert_eq!(event["id"], header("webhook-id"));
    assert_eq!(event["data"]["seat"]["title"], "Accounting");
    assert_eq!(event["data"]["process"]["id"], "monthly-invoicing");
    assert!(event["data"]["url"].as_str().unwrap().starts_with("https://gemba.example/work/work_"));
    assert!(company.log().await.iter().all(|one| one.state == DeliveryState::Sent));
    // What is over is not sent again.
    assert_eq!(company.deliver().await, 0);
}

#[tokio::test]
async fn what_is_not_taken_is_tried_again_later_and_later_until_it_is_given_up() {
    let company = Company::new().await;
    company.channel(webhook("Ledger", &["run.started"])).await;
    company.start("March").await;
    let mut pauses = Vec::new();
    for n in 1..=10 {
        company.kit.postbox.answer(500);
        assert_eq!(company.deliver().await, 1, "try {n}");
        assert_eq!(company.deliver().await, 0, "not before its time");
        let now = company.kit.app.now();
        let Some(due) = outbox::next_due(&company.kit.app).await.unwrap() else { break };
        pauses.push(due.duration_since(now).as_secs());
        company.kit.clock.set(due);
    }
    let middle: [i64; 9] = [5, 60, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000];
    assert_eq!(pauses.len(), middle.len());
    for (pause, middle) in pauses.iter().zip(middle) {
        assert!((middle * 8 / 10 - 1..=middle * 12 / 10 + 1).contains(pause), "{pauses:?}");
    }
    assert!(pauses.iter().zip(middle).any(|(pause, middle)| *pause != middle), "no jitter");
    let log = company.log().await;
    let one = &log[0];
    assert_eq!((one.state, one.n_tries, one.tries.len()), (DeliveryState::Failed, 10, 10));
    assert_eq!(one.tries[0].status, Some(500));
    // Somebody mends the receiver and asks for it again: the same event, under the same id.
    let ids: Vec<Value> = company.kit.postbox.posts().iter().map(id).collect();
    outbox::replay(&company.kit.app, &company.adam, one.id).await.unwrap();
    assert_eq!(company.deliver().await, 1);
    assert_eq!(id(&company.kit.postbox.posts()[0]), ids[0]);
    assert!(ids.iter().all(|one| *one == ids[0]));
    let again = outbox::delivery(&company.kit.app, &company.adam, one.id).await.unwrap();
    assert_eq!(again.state, DeliveryState::Sent);
    assert!(again.tries.iter().any(|one| one.said == "Adam asked to send it again."));
}

fn id(post: &gemba_app::ports::Post) -> Value {
    let event: Value = serde_json::from_slice(&post.body).unwrap();
    event["id"].clone()
}

#[tokio::test]
async fn a_receiver_may_ask_to_wait_and_may_ask_for_silence() {
    let company = Company::new().await;
    let (channel, _) = company.channel(webhook("Ledger", &["run.started"])).await;
    company.start("March").await;
    let busy = Answer { status: 429, retry_after: Some(600), body: "slow\u{7}ly".to_owned() };
    company.kit.postbox.answer_with(Ok(busy));
    company.deliver().await;
    let due = outbox::next_due(&company.kit.app).await.unwrap().unwrap();
    assert_eq!(due.duration_since(company.kit.app.now()).as_secs(), 600);
    assert_eq!(company.log().await[0].tries[0].said, "slow ly");
    company.kit.clock.set(due);
    company.kit.postbox.answer_with(Err("connection refused".to_owned()));
    company.deliver().await;
    assert_eq!(company.log().await[0].tries[1].said, "connection refused");
    company.kit.clock.pass(SignedDuration::from_hours(1));
    company.kit.postbox.answer(410);
    company.deliver().await;
    let view = outbox::get(&company.kit.app, &company.adam, channel).await.unwrap();
    assert!(view.channel.stopped.unwrap().reason.contains("410"));
    company.start("April").await;
    assert_eq!(company.deliver().await, 0);
    outbox::resume(&company.kit.app, &company.adam, channel).await.unwrap();
    company.start("May").await;
    assert_eq!(company.deliver().await, 1);
}

#[tokio::test]
async fn a_crash_between_claim_and_answer_sends_again_and_the_late_answer_is_not_counted() {
    let company = Company::new().await;
    company.channel(webhook("Ledger", &["run.started"])).await;
    company.start("March").await;
    let mut lost = outbox::claim_due(&company.kit.app, 16).await.unwrap();
    assert_eq!(lost.len(), 1);
    // The others leave it alone while the claim is good.
    assert_eq!(company.deliver().await, 0);
    company.kit.clock.pass(SignedDuration::from_mins(2));
    assert_eq!(company.deliver().await, 1);
    // The first one answers after all.
    company.kit.postbox.answer(500);
    outbox::send(&company.kit.app, lost.remove(0)).await.unwrap();
    let log = company.log().await;
    assert_eq!((log[0].state, log[0].tries.len()), (DeliveryState::Sent, 1));
}

#[tokio::test]
async fn nothing_is_told_of_an_act_that_was_refused() {
    let company = Company::new().await;
    company.channel(webhook("Ledger", &[])).await;
    let otto = company.kit.person("Otto").await;
    runs::start(&company.kit.app, &otto, "monthly-invoicing", "").await.unwrap_err();
    let mara = company.kit.person("Mara").await;
    runs::start(&company.kit.app, &mara, "nothing", "").await.unwrap_err();
    assert_eq!(company.log().await.len(), 0);
}

#[tokio::test]
async fn channels_take_the_news_of_their_process_and_stop_with_a_reason() {
    let company = Company::new().await;
    company.kit.publish(&INVOICING.replace("Monthly invoicing", "Payroll")).await;
    let input = ChannelInput { process: Some("payroll".to_owned()), ..webhook("Pay", &[]) };
    let (channel, _) = company.channel(input).await;
    company.start("March").await;
    assert_eq!(company.log().await.len(), 0);
    let mara = company.kit.person("Mara").await;
    runs::start(&company.kit.app, &mara, "payroll", "").await.unwrap();
    assert_eq!(company.log().await.len(), 2);
    let app = &company.kit.app;
    outbox::stop(app, &company.adam, channel, "Moving").await.unwrap();
    company.deliver().await;
    let log = company.log().await;
    assert!(log.iter().all(|one| one.state == DeliveryState::Dropped));
    assert!(log[0].tries[0].said.contains("Moving"));
    assert!(company.kit.postbox.posts().is_empty());
    outbox::delete(app, &company.adam, channel).await.unwrap();
    assert!(outbox::list(app, &company.adam).await.unwrap().is_empty());
}

#[tokio::test]
async fn who_sets_up_channels_is_an_admin_and_no_agent() {
    let company = Company::new().await;
    let app = &company.kit.app;
    for persona in ["Otto", "Ben", "Mia", "Mara"] {
        let who = company.kit.person(persona).await;
        let refused = outbox::create(app, &who, webhook("X", &[])).await.unwrap_err();
        assert!(matches!(refused, Error::Forbidden { .. }), "{persona}");
        outbox::list(app, &who).await.unwrap_err();
    }
    let create = async |input| outbox::create(app, &company.adam, input).await;
    let odd = ChannelInput {
        target: TargetInput::Webhook { url: "http://receiver.example".to_owned() },
        ..webhook("X", &[])
    };
    assert!(create(odd).await.is_err());
    assert!(create(webhook("X", &["nothing"])).await.is_err());
    assert!(create(webhook("", &[])).await.is_err());
    let mail = |to: &str| ChannelInput {
        target: TargetInput::Mail { to: vec![to.to_owned()] },
        ..webhook("X", &[])
    };
    for odd in ["", "mia", "mia@localhost", "a@b.c\r\nBcc: x@y.z", "a b@c.de", "<a@b.c>"] {
        assert!(create(mail(odd)).await.is_err(), "{odd}");
    }
    assert!(create(mail("team@acme.example")).await.is_ok());
}

#[tokio::test]
async fn a_chat_gets_a_line_and_its_address_is_not_shown() {
    let company = Company::new().await;
    let (channel, _) = company
        .channel(ChannelInput {
            target: TargetInput::Slack { url: "https://hooks.slack.example/T0/secret".to_owned() },
            ..webhook("Team", &["run.started"])
        })
        .await;
    company.start("March").await;
    company.deliver().await;
    let body: Value = serde_json::from_slice(&company.kit.postbox.posts()[0].body).unwrap();
    assert!(body["text"].as_str().unwrap().starts_with("*Monthly invoicing*\n“March” began."));
    let view = outbox::get(&company.kit.app, &company.adam, channel).await.unwrap();
    assert_eq!(view.goes_to, "hooks.slack.example/…");
    assert!(!format!("{view:?}").contains("T0/secret"));
    // An address that is left empty stays.
    let input = ChannelInput {
        target: TargetInput::Slack { url: String::new() },
        ..webhook("Chat", &["run.started"])
    };
    outbox::change(&company.kit.app, &company.adam, channel, input).await.unwrap();
    company.start("April").await;
    company.deliver().await;
    assert_eq!(company.kit.postbox.posts()[0].url, "https://hooks.slack.example/T0/secret");
}

#[tokio::test]
async fn a_person_hears_of_the_seats_they_hold_but_not_of_their_own_acts() {
    let company = Company::new().await;
    let app = &company.kit.app;
    let mia = company.kit.person("Mia").await;
    let kinds = vec!["step.opened".to_owned(), "incident.opened".to_owned()];
    outbox::set_my_notices(app, &mia, Notices { kinds, digest: false }).await.unwrap();
    company.start("March").await;
    company.deliver().await;
    let mails = company.kit.postbox.mails();
    assert_eq!(mails.len(), 1);
    assert_eq!(mails[0].subject, "[Gemba] It is the turn of “Collect the hours” in “March”.");
    assert_eq!(mails[0].to.len(), 1);
    assert!(mails[0].to[0].starts_with("mia@"));
    // Her own act opens a step of another seat; a run that she starts herself tells her nothing.
    runs::start(app, &mia, "monthly-invoicing", "April").await.unwrap();
    let first = work::mine(app, &mia).await.unwrap().items[0].item.id;
    work::complete(app, &mia, first, Completion::default()).await.unwrap();
    company.deliver().await;
    assert!(company.kit.postbox.mails().is_empty());
    // A closed account is written to no more.
    company.start("May").await;
    let mara = company.kit.person("Adam").await;
    let gemba_app::Principal::Person { account } = mia.principal else { panic!("a person") };
    gemba_app::accounts::change(app, &mara, account, mia.role, false).await.unwrap();
    company.deliver().await;
    assert!(company.kit.postbox.mails().is_empty());
    assert_eq!(company.log().await[0].state, DeliveryState::Dropped);
}

#[tokio::test]
async fn a_digest_comes_once_on_the_morning_of_a_workday() {
    let company = Company::new().await;
    let app = &company.kit.app;
    let mia = company.kit.person("Mia").await;
    let notices = Notices { kinds: Vec::new(), digest: true };
    outbox::set_my_notices(app, &mia, notices.clone()).await.unwrap();
    assert_eq!(outbox::my_notices(app, &mia).await.unwrap(), notices);
    company.start("March").await;
    let digests = async |time: &str| {
        company.kit.clock.set(time.parse().unwrap());
        let n = outbox::write_digests(app).await.unwrap();
        company.deliver().await;
        assert_eq!(company.kit.postbox.mails().len(), n);
        n
    };
    // The workspace is in Berlin, an hour ahead of UTC in January.
    assert_eq!(digests("2026-01-06T05:59:00Z").await, 0);
    company.kit.clock.set("2026-01-06T06:00:00Z".parse().unwrap());
    assert_eq!(outbox::write_digests(app).await.unwrap(), 1);
    company.deliver().await;
    let mails = company.kit.postbox.mails();
    assert!(mails[0].subject.contains("wait"), "{}", mails[0].subject);
    assert!(mails[0].text.contains("To do\n- Collect the hours (March)"), "{}", mails[0].text);
    assert!(mails[0].text.contains("https://gemba.example/work/work_"));
    assert!(mails[0].text.contains("All of it: https://gemba.example/\n"), "{}", mails[0].text);
    assert_eq!(digests("2026-01-06T15:00:00Z").await, 0);
    assert_eq!(digests("2026-01-07T09:00:00Z").await, 1);
    // Saturday.
    assert_eq!(digests("2026-01-10T09:00:00Z").await, 0);
    // Nothing waits: nothing is sent.
    for run in runs::list(app, &Who::operator(), runs::Listing { limit: 9, ..Default::default() })
        .await
        .unwrap()
    {
        runs::cancel(app, &Who::operator(), run.id, "enough").await.unwrap();
    }
    let view = processes::get(app, &Who::operator(), "monthly-invoicing").await.unwrap();
    let waits = !matches!(view.row.trust, gemba_app::records::Trust::Verified { .. });
    assert_eq!(digests("2026-01-12T09:00:00Z").await, usize::from(waits));
}

#[tokio::test]
async fn a_new_secret_signs_beside_the_old_one_for_a_day() {
    let company = Company::new().await;
    let (channel, old) = company.channel(webhook("Ledger", &["run.started"])).await;
    let new = outbox::renew(&company.kit.app, &company.adam, channel).await.unwrap();
    assert_ne!(old.as_deref(), Some(new.as_str()));
    let signatures = async |n: usize| {
        company.start("March").await;
        company.deliver().await;
        let posts = company.kit.postbox.posts();
        let (_, value) =
            posts[0].headers.iter().find(|(name, _)| *name == "webhook-signature").unwrap();
        assert_eq!(value.split(' ').count(), n, "{value}");
    };
    signatures(2).await;
    company.kit.clock.pass(SignedDuration::from_hours(25));
    signatures(1).await;
}
