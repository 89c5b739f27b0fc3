//! Carries messages out of the house: posts to webhooks and chats, e-mail by SMTP.
//!
//! Whoever may name an address could make this machine speak to its own neighbours. So an address is
//! looked up once, everything it stands for must be out in the open, and the connection goes to what
//! was looked up; redirects are not followed and no proxy of the environment is used.

mod guard;
mod mailer;

pub use mailer::Unusable;

use async_trait::async_trait;
use gemba_app::ports::{Answer, Courier, Mail, Post};
use guard::Guarded;
use mailer::Mailer;
use std::time::Duration;
use ureq::{Agent, config::Config, unversioned::transport::DefaultConnector};

/// How long a post may take, whatever happens.
const TIMEOUT: Duration = Duration::from_secs(20);
/// The most bytes of an answer that are read.
const READ: u64 = 4_096;

/// What an operator says about messages that leave the house.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// The address at which people reach this server, without a slash at its end.
    pub base: String,
    /// Whether posts may go to addresses of this machine and of private networks, and without TLS.
    pub private: bool,
    /// The mail server: `smtps://user:password@mail.example.com` or `smtp://...:587?tls=required`.
    pub smtp: Option<String>,
    /// Whom e-mail comes from: `Gemba <gemba@example.com>`.
    pub from: Option<String>,
}

/// The courier.
#[derive(Debug)]
pub struct Outside {
    base: String,
    private: bool,
    agent: Agent,
    mailer: Option<Mailer>,
}

impl Outside {
    /// A courier with these options.
    pub fn new(options: Options) -> Result<Self, Unusable> {
        let config = Config::builder()
            .timeout_global(Some(TIMEOUT))
            .http_status_as_error(false)
            .max_redirects(0)
            .max_redirects_will_error(false)
            .https_only(!options.private)
            // A proxy would look the address up again, where nobody checks it.
            .proxy(None)
            // A connection is made for each post: what was looked up a while ago may stand for another.
            .max_idle_connections(0)
            .user_agent(concat!("gemba/", env!("CARGO_PKG_VERSION")))
            .build();
        let guarded = Guarded { private: options.private };
        let agent = Agent::with_parts(config, DefaultConnector::default(), guarded);
        let mailer = Mailer::of(options.smtp.as_deref(), options.from.as_deref())?;
        Ok(Self { base: options.base, private: options.private, agent, mailer })
    }
}

#[async_trait]
impl Courier for Outside {
    fn base(&self) -> &str {
        &self.base
    }

    fn sends_mail(&self) -> bool {
        self.mailer.is_some()
    }

    fn refuses(&self, url: &str) -> Option<String> {
        guard::refuses(url, self.private)
    }

    async fn post(&self, post: Post) -> Result<Answer, String> {
        let agent = self.agent.clone();
        off(move || posted(&agent, &post)).await
    }

    async fn mail(&self, mail: Mail) -> Result<String, String> {
        let Some(mailer) = self.mailer.clone() else {
            return Err("no mail server is named".to_owned());
        };
        off(move || mailer.send(mail)).await
    }
}

/// Does what blocks where it holds up nobody.
async fn off<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, String> + Send + 'static,
) -> Result<T, String> {
    tokio::task::spawn_blocking(work).await.map_err(|e| e.to_string())?
}

fn posted(agent: &Agent, post: &Post) -> Result<Answer, String> {
    let mut request = agent.post(&post.url);
    for (name, value) in &post.headers {
        request = request.header(*name, value);
    }
    let mut response = request.send(&post.body[..]).map_err(|e| e.to_string())?;
    let retry_after = response
        .headers()
        .get("retry-after")
        .and_then(|value| value.to_str().ok())
        .and_then(|text| text.trim().parse().ok());
    let status = response.status().as_u16();
    // What it says beyond the status is for people; a body that cannot be read says nothing.
    let mut reader = response.body_mut().as_reader();
    let mut bytes = Vec::new();
    let _read = std::io::Read::read_to_end(&mut std::io::Read::take(&mut reader, READ), &mut bytes);
    Ok(Answer { status, retry_after, body: String::from_utf8_lossy(&bytes).into_owned() })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::{BufRead, BufReader, Read, Write};
    use std::net::TcpListener;
    use std::sync::mpsc;

    /// The head and the body of a request.
    type Heard = (Vec<String>, Vec<u8>);

    /// A receiver that answers one request with this text; what it was sent comes back.
    fn receiver(answer: &'static str) -> (String, mpsc::Receiver<Heard>) {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}/in", listener.local_addr().unwrap());
        let (told, heard) = mpsc::channel();
        std::thread::spawn(move || {
            let (stream, _) = listener.accept().unwrap();
            let mut reader = BufReader::new(stream.try_clone().unwrap());
            let mut lines = Vec::new();
            loop {
                let mut line = String::new();
                reader.read_line(&mut line).unwrap();
                let line = line.trim_end().to_owned();
                if line.is_empty() {
                    break;
                }
                lines.push(line);
            }
            let length = lines.iter().find_map(|line| {
                line.to_lowercase().strip_prefix("content-length: ")?.parse::<usize>().ok()
            });
            let mut body = vec![0; length.unwrap_or(0)];
            reader.read_exact(&mut body).unwrap();
            (&stream).write_all(answer.as_bytes()).unwrap();
            told.send((lines, body)).unwrap();
        });
        (url, heard)
    }

    fn courier(private: bool) -> Outside {
        Outside::new(Options { private, ..Options::default() }).unwrap()
    }

    fn post(url: &str) -> Post {
        let headers = vec![("content-type", "application/json".to_owned())];
        Post { url: url.to_owned(), headers, body: b"{}".to_vec() }
    }

    #[tokio::test]
    async fn a_post_arrives_and_its_answer_comes_back() {
        let (url, heard) = receiver(
            "HTTP/1.1 503 Busy\r\nretry-after: 17\r\ncontent-length: 5\r\nconnection: close\r\n\r\nlater",
        );
        let answer = courier(true).post(post(&url)).await.unwrap();
        let expected = Answer { status: 503, retry_after: Some(17), body: "later".to_owned() };
        assert_eq!(answer, expected);
        let (lines, body) = heard.recv().unwrap();
        assert_eq!(lines.first().unwrap(), "POST /in HTTP/1.1");
        assert!(lines.contains(&"content-type: application/json".to_owned()), "{lines:?}");
        assert_eq!(body, b"{}");
    }

    #[tokio::test]
    async fn a_redirect_is_an_answer_and_is_not_followed() {
        let (elsewhere, heard) = receiver("HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n");
        let answer = format!(
            "HTTP/1.1 307 Elsewhere\r\nlocation: {elsewhere}\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"
        );
        let (url, _heard) = receiver(answer.leak());
        assert_eq!(courier(true).post(post(&url)).await.unwrap().status, 307);
        assert!(heard.try_recv().is_err());
    }

    #[tokio::test]
    async fn a_name_that_stands_for_this_machine_is_refused_when_it_is_looked_up() {
        // The form of the address is fine; what it stands for is not.
        let courier = courier(false);
        assert_eq!(courier.refuses("https://localhost.localdomain.example/x"), None);
        let error = courier.post(post("https://localhost:9/x")).await.unwrap_err();
        assert!(error.contains("this machine or a private network"), "{error}");
        let error = courier.post(post("http://example.com/x")).await.unwrap_err();
        assert!(error.contains("https"), "{error}");
    }

    #[tokio::test]
    async fn nobody_sends_mail_without_a_server() {
        let courier = courier(false);
        assert!(!courier.sends_mail());
        let mail = Mail {
            to: vec!["mia@acme.example".to_owned()],
            subject: String::new(),
            text: String::new(),
            id: "x".to_owned(),
        };
        assert_eq!(courier.mail(mail).await.unwrap_err(), "no mail server is named");
    }

    /// A mail server that takes one mail; what it was told comes back.
    fn mail_server() -> (u16, mpsc::Receiver<Vec<String>>) {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let (told, heard) = mpsc::channel();
        std::thread::spawn(move || {
            let (stream, _) = listener.accept().unwrap();
            let mut reader = BufReader::new(stream.try_clone().unwrap());
            let say = |text: &str| (&stream).write_all(text.as_bytes()).unwrap();
            say("220 mail.example\r\n");
            let (mut lines, mut in_data) = (Vec::new(), false);
            loop {
                let mut line = String::new();
                if reader.read_line(&mut line).unwrap() == 0 {
                    break;
                }
                let line = line.trim_end().to_owned();
                match line.get(..4).unwrap_or(&line) {
                    "." if in_data => {
                        in_data = false;
                        say("250 taken as 42\r\n");
                    }
                    _ if in_data => {}
                    "EHLO" => say("250-mail.example\r\n250 8BITMIME\r\n"),
                    "DATA" => {
                        in_data = true;
                        say("354 go on\r\n");
                    }
                    "QUIT" => {
                        say("221 bye\r\n");
                        lines.push(line);
                        break;
                    }
                    _ => say("250 fine\r\n"),
                }
                lines.push(line);
            }
            told.send(lines).unwrap();
        });
        (port, heard)
    }

    #[tokio::test]
    async fn a_mail_reaches_its_server() {
        let (port, heard) = mail_server();
        let courier = Outside::new(Options {
            smtp: Some(format!("smtp://127.0.0.1:{port}")),
            from: Some("Gemba <gemba@acme.example>".to_owned()),
            ..Options::default()
        })
        .unwrap();
        let mail = Mail {
            to: vec!["mia@acme.example".to_owned(), "ben@acme.example".to_owned()],
            subject: "Zwei Dinge für dich".to_owned(),
            text: "Guten Morgen\n.\nEnde".to_owned(),
            id: "ent_1".to_owned(),
        };
        let said = courier.mail(mail).await.unwrap();
        assert!(said.contains("taken as 42"), "{said}");
        let lines = heard.recv_timeout(Duration::from_secs(10)).unwrap();
        for expected in [
            "MAIL FROM:<gemba@acme.example>",
            "RCPT TO:<mia@acme.example>",
            "RCPT TO:<ben@acme.example>",
            "Subject: Zwei Dinge =?utf-8?b?ZsO8cg==?= dich",
            "Auto-Submitted: auto-generated",
            "Message-ID: <ent_1@acme.example>",
            "Content-Type: text/plain; charset=utf-8",
            "..",
        ] {
            assert!(lines.iter().any(|line| line.contains(expected)), "{expected}\n{lines:#?}");
        }
    }
}
