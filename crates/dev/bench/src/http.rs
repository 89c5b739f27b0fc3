//! The pages of the sample company over HTTP, the time to the first answer, the memory at rest.

use crate::figures::{percentile_ms, rate, rounded, rss_mb};
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

const PAGES: [&str; 6] =
    ["/", "/processes", "/processes/monthly-invoicing", "/runs", "/scorecard", "/audit"];

/// A server, stopped when it is dropped.
pub(crate) struct Server {
    pub(crate) child: Child,
    pub(crate) url: String,
}

impl Drop for Server {
    fn drop(&mut self) {
        if let Err(error) = self.child.kill().and_then(|()| self.child.wait().map(|_| ())) {
            eprintln!("the server did not end: {error}");
        }
    }
}

pub(crate) fn run(gemba: &Path, clients: usize, n: usize) -> serde_json::Value {
    let mut start = Command::new(gemba);
    start.args(["demo", "--listen", "127.0.0.1:0"]).stdout(Stdio::piped()).stderr(Stdio::null());
    let mut child = start.spawn().expect("gemba starts; build it with cargo build --release");
    let mut line = String::new();
    let out = child.stdout.take().expect("its output");
    BufReader::new(out).read_line(&mut line).expect("a sign-in link");
    let link = line.trim().to_owned();
    let url = link.split("/sign-in").next().unwrap_or_default().to_owned();
    let server = Server { child, url };
    std::thread::sleep(Duration::from_secs(2));
    let idle_mb = rss_mb(server.child.id());
    let cookie = sign_in(&link);
    let mut pages = serde_json::Map::new();
    for page in PAGES {
        let begun = Instant::now();
        let mut each = load(&format!("{}{page}", server.url), &cookie, clients, n / clients.max(1));
        let time = begun.elapsed();
        pages.insert(
            page.to_owned(),
            serde_json::json!({
                "pages_per_s": rate(each.len(), time),
                "p50_ms": percentile_ms(&mut each, 0.5),
                "p99_ms": percentile_ms(&mut each, 0.99),
            }),
        );
    }
    let editor = editor(&server.url, &cookie, n);
    let after_mb = rss_mb(server.child.id());
    drop(server);
    serde_json::json!({
        "bench": "http",
        "clients": clients,
        "pages": pages,
        "editor_100_steps": editor,
        "cold_start_ms": cold_start(gemba),
        "idle_rss_mb": idle_mb,
        "after_load_rss_mb": after_mb,
    })
}

fn agent() -> ureq::Agent {
    let config = ureq::Agent::config_builder().max_redirects(0).http_status_as_error(false);
    config.build().into()
}

/// Uses the link as a browser would and gives the session's cookie.
fn sign_in(link: &str) -> String {
    let (base, secret) = link.rsplit_once('/').expect("a link");
    let sent = agent().post(base).send_form([("secret", secret)]).expect("an answer");
    let cookies = sent.headers().get_all("set-cookie").iter();
    let cookie = cookies.filter_map(|c| c.to_str().ok()).find(|c| c.starts_with("gemba_session="));
    let cookie = cookie.expect("a session");
    cookie.split(';').next().unwrap_or_default().to_owned()
}

fn load(url: &str, cookie: &str, clients: usize, n: usize) -> Vec<Duration> {
    let threads: Vec<_> = (0..clients)
        .map(|_| {
            let (url, cookie) = (url.to_owned(), cookie.to_owned());
            std::thread::spawn(move || {
                let agent = agent();
                let mut each = Vec::with_capacity(n);
                for _ in 0..n {
                    let one = Instant::now();
                    let mut page =
                        agent.get(&url).header("cookie", &cookie).call().expect("an answer");
                    assert_eq!(page.status().as_u16(), 200, "{url}");
                    page.body_mut().read_to_vec().expect("a page");
                    each.push(one.elapsed());
                }
                each
            })
        })
        .collect();
    threads.into_iter().flat_map(|t| t.join().expect("a client ends")).collect()
}

/// What the editor asks for after each pause in typing, on a document of a hundred steps: the answer
/// with all panes, and the one where the map stays as it is.
fn editor(url: &str, cookie: &str, n: usize) -> serde_json::Value {
    let home = format!("{url}/processes/monthly-invoicing");
    let mut page =
        agent().get(format!("{home}/edit")).header("cookie", cookie).call().expect("the editor");
    let page = page.body_mut().read_to_string().expect("a page");
    let csrf = page.split("name=\"csrf\" value=\"").nth(1).expect("a token");
    let csrf = csrf.split('"').next().unwrap_or_default();
    let agent = agent();
    let ask = |source: &str, have: &str| {
        let form = [("csrf", csrf), ("source", source), ("have", have)];
        let check = format!("{home}/check");
        let sent = agent.post(check).header("cookie", cookie).send_form(form);
        let mut answer = sent.expect("an answer");
        assert_eq!(answer.status().as_u16(), 200, "the check");
        answer.body_mut().read_to_string().expect("panes")
    };
    let source = long_document(100);
    let whole = ask(&source, "");
    let have = panes(&whole);
    let timed = |have: &str| {
        let mut bytes = 0;
        let mut each: Vec<Duration> = (0..n)
            .map(|nth| {
                let typed = source.replace("first words", &format!("first words {nth}"));
                let one = Instant::now();
                bytes = ask(&typed, have).len();
                one.elapsed()
            })
            .collect();
        let (half, most) = (percentile_ms(&mut each, 0.5), percentile_ms(&mut each, 0.99));
        serde_json::json!({ "bytes": bytes, "p50_ms": half, "p99_ms": most })
    };
    serde_json::json!({ "all_panes": timed(""), "what_changed": timed(&have) })
}

/// What a browser says it has after an answer.
fn panes(answer: &str) -> String {
    let named = |part: &str| {
        let (name, rest) = part.split_once('"')?;
        let hash = rest.split_once("data-hash=\"")?.1.split('"').next()?;
        Some(format!("{name}:{hash}"))
    };
    answer.split("data-pane=\"").skip(1).filter_map(named).collect::<Vec<_>>().join(" ")
}

/// A canonical document with so many steps, four seats, and a decision in every fifth step.
fn long_document(n: usize) -> String {
    let seats = ["Accounting", "Delivery lead", "Operations lead", "Sales lead"];
    let mut text = "---\nowner: Accounting\ntrigger: monthly on the 1st\n---\n\n# Long work\n\nThe first words.\n\n\
                    ## Steps\n"
        .to_owned();
    for (nth, seat) in (1..=n).zip(seats.iter().cycle()) {
        let branch = match nth % 5 {
            0 => format!(
                "   - If it is not right, go back to step {}.\n   - Otherwise, continue.\n",
                nth - 3
            ),
            _ => String::new(),
        };
        let step = format!(
            "\n{nth}. **Do the part {nth} of the work** — {seat} {{#part-{nth}}}\n\n   Look at what came before, then do \
             it and write down what was found.\n\n{branch}   - Due: {nth} business days after the start\n"
        );
        text.push_str(&step);
    }
    text + "\n## Expected output\n\n- The work is done.\n\n## Failure signals\n\n- The work is late.\n"
}

/// From the start of the program on an existing workspace to its first answer: the median of nine.
fn cold_start(gemba: &Path) -> f64 {
    let folder = tempfile::tempdir().expect("a folder");
    let data = folder.path().display().to_string();
    let made = Command::new(gemba)
        .args(["setup", "--data", &data, "--name", "B", "--email", "b@example.com", "--owner", "B"])
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status();
    assert!(made.expect("gemba runs").success());
    let port = std::net::TcpListener::bind("127.0.0.1:0")
        .and_then(|l| l.local_addr())
        .expect("a free port")
        .port();
    let listen = format!("127.0.0.1:{port}");
    let mut times: Vec<Duration> = (0..9)
        .map(|_| {
            let begun = Instant::now();
            let child = Command::new(gemba)
                .args(["serve", "--data", &data, "--listen", &listen])
                .stdout(Stdio::null())
                .stderr(Stdio::null())
                .spawn()
                .expect("gemba starts");
            let server = Server { child, url: format!("http://{listen}/readyz") };
            while agent().get(&server.url).call().is_err() {
                std::thread::sleep(Duration::from_millis(1));
            }
            begun.elapsed()
        })
        .collect();
    rounded(percentile_ms(&mut times, 0.5))
}
