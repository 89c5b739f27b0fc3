//! News in the form that each kind of receiver reads: a `CloudEvent`, a message in a chat, an e-mail.

use super::{Kind, News};
use crate::ports::Mail;
use serde_json::{Value, json};

/// News as a `CloudEvent` 1.0, whole (structured mode). `base` is the address of this server.
pub fn cloud_event(news: &News, base: &str) -> Value {
    let mut data = json!({ "says": news.says, "url": url(news, base) });
    let optional = [
        ("process", serde_json::to_value(&news.process)),
        ("run", serde_json::to_value(&news.run)),
        ("step", serde_json::to_value(&news.step)),
        ("work_item", serde_json::to_value(&news.work_item)),
        ("seat", serde_json::to_value(&news.seat)),
        ("by", serde_json::to_value(&news.by)),
        ("due", serde_json::to_value(news.due)),
    ];
    if let Some(fields) = data.as_object_mut() {
        for (name, value) in optional {
            if let Ok(value) = value
                && !value.is_null()
            {
                fields.insert(name.to_owned(), value);
            }
        }
    }
    json!({
        "specversion": "1.0",
        "id": news.id.to_string(),
        "source": if base.is_empty() { "urn:gemba" } else { base },
        "type": format!("gemba.{}", news.kind.word()),
        "subject": news.subject,
        "time": news.at.to_string(),
        "datacontenttype": "application/json",
        "data": data,
    })
}

fn url(news: &News, base: &str) -> String {
    format!("{base}{}", news.path)
}

/// News as a message in a chat: `{"text": ...}`, in the mark-up of Slack, which Mattermost, Rocket.Chat,
/// Discord (`/slack`) and others take as well.
pub(super) fn chat(news: &News, base: &str) -> Value {
    let about = match (&news.process, news.kind) {
        (Some(process), _) => process.title.clone(),
        (None, kind) => kind.title().to_owned(),
    };
    let mut lines = vec![format!("*{}*", escaped(&about)), escaped(&news.says)];
    lines.extend(news.seat.as_ref().map(|seat| format!("Seat: {}", escaped(&seat.title))));
    if !base.is_empty() {
        lines.push(format!("<{}|Open it>", url(news, base)));
    }
    json!({ "text": lines.join("\n") })
}

/// What Slack would read as mark-up is written out; what would notify a whole channel is not sent.
fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

/// What happened in lines, for an e-mail.
fn plain(news: &News, base: &str) -> String {
    let mut lines = vec![news.says.clone(), String::new()];
    let named = [("Process", &news.process), ("Run", &news.run), ("Seat", &news.seat)];
    for (label, named) in named {
        lines.extend(named.as_ref().map(|named| format!("{label}: {}", named.title)));
    }
    lines.extend(news.by.as_ref().map(|by| format!("By: {by}")));
    lines.extend(news.due.map(|due| format!("Due: {}", due.strftime("%-d %b %Y, %H:%M UTC"))));
    lines.push(String::new());
    lines.push(url(news, base));
    lines.join("\n")
}

/// News as an e-mail, in plain text.
pub(super) fn mail(news: &News, to: Vec<String>, base: &str) -> Mail {
    let one_line = |text: &str| {
        let plain: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
        plain.chars().take(150).collect::<String>()
    };
    let text = match &news.text {
        Some(text) => text.replace("{base}", base),
        None => plain(news, base),
    };
    let why = format!("\n\n-- \nWhat is sent to you is chosen here: {base}/settings/notices\n");
    let subject = match news.kind {
        Kind::Digest => one_line(&news.says),
        _ => one_line(&format!("[Gemba] {}", news.says)),
    };
    Mail { to, subject, text: text + &why, id: news.id.to_string() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::outbox::Named;
    use gemba_model::id::EntryId;
    use jiff::Timestamp;

    fn news() -> News {
        News {
            id: EntryId::new(1, 2),
            kind: Kind::StepOpened,
            at: Timestamp::UNIX_EPOCH,
            says: "It is the turn of “Pay <all> & go” in “March”.".to_owned(),
            subject: "run_1".to_owned(),
            path: "/work/work_1".to_owned(),
            process: Some(Named::new("payroll", "Payroll")),
            run: Some(Named::new("run_1", "March")),
            step: None,
            work_item: Some("work_1".to_owned()),
            seat: Some(Named::new("accounting", "Accounting")),
            by: Some("Mia".to_owned()),
            due: Some(Timestamp::UNIX_EPOCH),
            text: None,
        }
    }

    #[test]
    fn news_is_a_whole_cloud_event() {
        let event = cloud_event(&news(), "https://gemba.example");
        assert_eq!(
            event,
            json!({
                "specversion": "1.0",
                "id": EntryId::new(1, 2).to_string(),
                "source": "https://gemba.example",
                "type": "gemba.step.opened",
                "subject": "run_1",
                "time": "1970-01-01T00:00:00Z",
                "datacontenttype": "application/json",
                "data": {
                    "says": "It is the turn of “Pay <all> & go” in “March”.",
                    "url": "https://gemba.example/work/work_1",
                    "process": {"id": "payroll", "title": "Payroll"},
                    "run": {"id": "run_1", "title": "March"},
                    "work_item": "work_1",
                    "seat": {"id": "accounting", "title": "Accounting"},
                    "by": "Mia",
                    "due": "1970-01-01T00:00:00Z",
                },
            })
        );
        let bare = News { process: None, seat: None, by: None, due: None, ..news() };
        let event = cloud_event(&bare, "");
        assert_eq!(event["source"], "urn:gemba");
        assert!(event["data"].get("by").is_none(), "{event}");
    }

    #[test]
    fn a_chat_gets_no_mark_up_from_what_people_write() {
        assert_eq!(
            chat(&news(), "https://gemba.example")["text"],
            "*Payroll*\nIt is the turn of “Pay &lt;all&gt; &amp; go” in “March”.\nSeat: Accounting\n\
             <https://gemba.example/work/work_1|Open it>"
        );
        let loud = News { says: "<!channel> look".to_owned(), ..news() };
        assert!(!chat(&loud, "")["text"].to_string().contains("<!channel>"));
    }

    #[test]
    fn a_mail_has_a_subject_on_one_line() {
        let wrapped = News { says: "Two\r\nBcc: all@example.com".to_owned(), ..news() };
        let mail = mail(&wrapped, vec!["mia@acme.example".to_owned()], "https://g.example");
        assert_eq!(mail.subject, "[Gemba] Two  Bcc: all@example.com");
        assert!(mail.text.contains("Seat: Accounting\nBy: Mia\nDue: 1 Jan 1970, 00:00 UTC"));
        assert!(mail.text.contains("https://g.example/work/work_1"));
        assert!(mail.text.contains("https://g.example/settings/notices"));
    }
}
