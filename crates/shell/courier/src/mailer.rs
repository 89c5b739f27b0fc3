//! E-mail by SMTP.

use gemba_app::ports::Mail;
use lettre::{
    Message, SmtpTransport, Transport,
    message::{
        Mailbox, SinglePart,
        header::{ContentType, Header, HeaderName, HeaderValue},
    },
};
use std::error::Error;
use std::fmt;
use std::time::Duration;

/// How long each step of the talk with the server may take.
const TIMEOUT: Duration = Duration::from_secs(20);

/// Why the options of the courier cannot be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unusable(String);

impl fmt::Display for Unusable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Error for Unusable {}

/// A way to a mail server.
#[derive(Debug, Clone)]
pub(crate) struct Mailer {
    transport: SmtpTransport,
    from: Mailbox,
}

/// Said of mail that no person wrote, so that nobody's holiday answers it (RFC 3834).
#[derive(Clone)]
struct AutoSubmitted;

impl Header for AutoSubmitted {
    fn name() -> HeaderName {
        HeaderName::new_from_ascii_str("Auto-Submitted")
    }
    fn parse(_text: &str) -> Result<Self, Box<dyn Error + Send + Sync>> {
        Ok(Self)
    }
    fn display(&self) -> HeaderValue {
        HeaderValue::new(Self::name(), "auto-generated".to_owned())
    }
}

impl Mailer {
    /// The mailer of these options; none where no server is named.
    pub(crate) fn of(smtp: Option<&str>, from: Option<&str>) -> Result<Option<Self>, Unusable> {
        let Some(url) = smtp else { return Ok(None) };
        let unusable = |why: &str| Unusable(why.to_owned());
        let from = from.ok_or_else(|| unusable("say whom e-mail comes from with --mail-from"))?;
        let from: Mailbox = from
            .parse()
            .map_err(|_unread| unusable("--mail-from is an address: Gemba <gemba@example.com>"))?;
        let in_the_clear = url.starts_with("smtp://") && !url.contains("tls=required");
        if in_the_clear && url.contains('@') {
            return Err(unusable(
                "a password is not sent in the clear: write smtps:// or ?tls=required",
            ));
        }
        // The cause is not shown: it may repeat the password.
        let builder = SmtpTransport::from_url(url).map_err(|_unread| {
            unusable("--smtp is an address: smtps://user:password@mail.example.com")
        })?;
        let transport = builder.timeout(Some(TIMEOUT)).build();
        Ok(Some(Self { transport, from }))
    }

    /// Sends a mail; what the server said comes back.
    pub(crate) fn send(&self, mail: Mail) -> Result<String, String> {
        let host = self.from.email.domain();
        let mut message = Message::builder()
            .from(self.from.clone())
            .subject(mail.subject)
            .message_id(Some(format!("<{}@{host}>", mail.id)))
            .header(AutoSubmitted);
        for to in &mail.to {
            let to: Mailbox =
                to.parse().map_err(|_unread| format!("`{to}` is no address of e-mail"))?;
            message = message.to(to);
        }
        let text = SinglePart::builder().header(ContentType::TEXT_PLAIN).body(mail.text);
        let message = message.singlepart(text).map_err(|e| e.to_string())?;
        let answer = self.transport.send(&message).map_err(|error| told(&error))?;
        let said: Vec<&str> = answer.message().collect();
        Ok(format!("{} {}", answer.code(), said.join(" ")))
    }
}

fn told(error: &dyn Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(source) = cause {
        text.push_str(": ");
        text.push_str(&source.to_string());
        cause = source.source();
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn options_that_cannot_be_used_are_refused_without_repeating_a_secret() {
        let check = |smtp: &str, from: &str, expected: &str| {
            let from = Some(from).filter(|from| !from.is_empty());
            let got =
                Mailer::of(Some(smtp), from).map_or_else(|e| e.to_string(), |_| "fine".to_owned());
            assert!(got.contains(expected) && !got.contains("s3cret"), "{smtp}: {got}");
        };
        check("smtps://user:s3cret@mail.example.com", "Gemba <g@example.com>", "fine");
        check("smtp://user:s3cret@mail.example.com:587?tls=required", "g@example.com", "fine");
        check("smtp://mail.example.com", "g@example.com", "fine");
        check("smtp://user:s3cret@mail.example.com", "g@example.com", "in the clear");
        check("smtps://mail.example.com", "", "--mail-from");
        check("smtps://mail.example.com", "nobody", "--mail-from");
        check("http://user:s3cret@mail.example.com", "g@example.com", "--smtp is an address");
        assert!(Mailer::of(None, None).unwrap().is_none());
    }
}
