//! A PostgreSQL server for one test, in a folder of its own, reached by a socket in that folder.
//!
//! Where `GEMBA_TEST_POSTGRES` holds the URL of a server that may make databases, that one is used.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::atomic::{AtomicU32, Ordering};

/// Where distributions put the programs, by version.
const HOMES: [&str; 2] = ["/usr/lib/postgresql", "/usr/local/pgsql"];
/// The users who may run a server where the test is run by the one who may do everything: PostgreSQL
/// refuses that one.
const OTHERS: [&str; 2] = ["postgres", "nobody"];

/// A server that runs until it is dropped.
#[derive(Debug)]
pub struct Postgres {
    /// Where its programs are.
    bin: PathBuf,
    /// Whom its programs are run by.
    user: Option<String>,
    /// Its folder, where it is ours.
    home: Option<tempfile::TempDir>,
    /// The port of 127.0.0.1 where it speaks TLS.
    port: Option<u16>,
    /// The URL up to the name of the database.
    base: String,
    n: AtomicU32,
}

impl Postgres {
    /// Starts one; `None`, with a line that says so, where the machine has none.
    pub fn start() -> Option<Self> {
        let Some(bin) = programs() else {
            say("skipped: there is no PostgreSQL server on this machine");
            return None;
        };
        let n = AtomicU32::new(0);
        if let Ok(url) = std::env::var("GEMBA_TEST_POSTGRES") {
            let base = url.trim_end_matches('/').to_owned();
            return Some(Self { bin, user: None, home: None, port: None, base, n });
        }
        Some(Self::own(bin, n, None))
    }

    /// Starts one of our own that also listens on 127.0.0.1, with TLS: by this certificate and its key, as
    /// PEM.
    pub fn start_with_tls(certificate: &str, key: &str) -> Option<Self> {
        let Some(bin) = programs() else {
            say("skipped: there is no PostgreSQL server on this machine");
            return None;
        };
        Some(Self::own(bin, AtomicU32::new(0), Some((certificate, key))))
    }

    fn own(bin: PathBuf, n: AtomicU32, tls: Option<(&str, &str)>) -> Self {
        let home = tempfile::Builder::new().prefix("gemba-pg-").tempdir().expect("a folder");
        let user = somebody_else(home.path());
        let port = tls.map(|_| free_port());
        let socket = home.path().display().to_string().replace('/', "%2F");
        let base = match port {
            Some(port) => format!("postgres://gemba@{socket}:{port}"),
            None => format!("postgres://gemba@{socket}"),
        };
        let server = Self { bin, user, home: Some(home), port, base, n };
        let data = server.data();
        server
            .run("initdb", &["-D", &data, "-U", "gemba", "-A", "trust", "-E", "UTF8", "--no-sync"]);
        if let Some((certificate, key)) = tls {
            for (name, text) in [("server.crt", certificate), ("server.key", key)] {
                given(Path::new(&data), name, text);
            }
        }
        server.go();
        server
    }

    /// The same database, reached at this host of the machine and its port, with TLS where it was started
    /// so.
    pub fn over_tcp(&self, database: &str, host: &str) -> String {
        let name = database.rsplit('/').next().expect("a name");
        let port = self.port.expect("a server that listens there");
        format!("postgres://gemba@{host}:{port}/{name}")
    }

    /// A new empty database; its URL.
    pub fn database(&self) -> String {
        let n = self.n.fetch_add(1, Ordering::SeqCst);
        let name = format!("test_{}_{n}", std::process::id());
        self.sql(&format!("CREATE DATABASE {name}"));
        format!("{}/{name}", self.base)
    }

    /// Sends a statement, as one who may do everything; what it prints.
    pub fn sql(&self, statement: &str) -> String {
        self.sql_in(&format!("{}/postgres", self.base), statement)
    }

    /// The same, in one of its databases.
    pub fn sql_in(&self, url: &str, statement: &str) -> String {
        let args = ["-X", "-q", "-t", "-A", "-v", "ON_ERROR_STOP=1", "-d", url, "-c", statement];
        String::from_utf8(self.run("psql", &args).stdout).expect("text").trim().to_owned()
    }

    /// Whether it is this test's own, to be crashed as it likes.
    pub fn is_ours(&self) -> bool {
        self.home.is_some()
    }

    /// Stops it in the middle of everything and starts it again.
    pub fn crash(&self) {
        self.stop();
        self.go();
    }

    fn go(&self) {
        let data = self.data();
        let folder = Path::new(&data).parent().expect("a folder").display().to_string();
        let listen = match self.port {
            Some(port) => format!("-c listen_addresses=127.0.0.1 -c port={port} -c ssl=on"),
            None => "-c listen_addresses=''".to_owned(),
        };
        let options = format!("{listen} -c unix_socket_directories={folder}");
        let log = format!("{folder}/log");
        self.run("pg_ctl", &["-D", &data, "-w", "-l", &log, "-o", &options, "start"]);
    }

    fn stop(&self) {
        self.run("pg_ctl", &["-D", &self.data(), "-w", "-m", "immediate", "stop"]);
    }

    fn data(&self) -> String {
        let home = self.home.as_ref().expect("a server of our own");
        home.path().join("data").display().to_string()
    }

    fn run(&self, program: &str, args: &[&str]) -> Output {
        let path = self.bin.join(program);
        let mut command = match &self.user {
            Some(user) => {
                let mut command = Command::new("runuser");
                command.args(["-u", user, "--"]).arg(path);
                command
            }
            None => Command::new(path),
        };
        command.args(args).env("LC_ALL", "C");
        if let Some(home) = &self.home {
            command.current_dir(home.path());
        }
        // The server outlives `pg_ctl` and would keep a pipe open for ever.
        if program == "pg_ctl" {
            let ended = command
                .stdout(std::process::Stdio::null())
                .stderr(std::process::Stdio::null())
                .status()
                .expect("pg_ctl runs");
            assert!(ended.success(), "pg_ctl {args:?}: {ended}");
            return Output { status: ended, stdout: Vec::new(), stderr: Vec::new() };
        }
        let output = command.output().expect("a program of PostgreSQL runs");
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{program} {args:?}: {said}");
        output
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        if self.home.is_some() {
            self.stop();
        }
    }
}

#[expect(clippy::print_stderr, reason = "whoever reads the test's output has to know")]
fn say(line: &str) {
    eprintln!("{line}");
}

/// The folder with the newest programs.
fn programs() -> Option<PathBuf> {
    let named = std::env::var_os("GEMBA_POSTGRES_BIN").map(PathBuf::from);
    let installed = HOMES.iter().filter_map(|home| std::fs::read_dir(home).ok()).flatten();
    let mut found: Vec<PathBuf> =
        installed.filter_map(|entry| Some(entry.ok()?.path().join("bin"))).collect();
    found.sort();
    found.reverse();
    let paths = std::env::var_os("PATH").unwrap_or_default();
    found.extend(std::env::split_paths(&paths));
    named.into_iter().chain(found).find(|folder| folder.join("initdb").is_file())
}

fn free_port() -> u16 {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a free port");
    listener.local_addr().expect("its number").port()
}

/// A file in the server's folder that is its user's alone, as the folder is.
fn given(folder: &Path, name: &str, text: &str) {
    let path = folder.join(name);
    std::fs::write(&path, text).expect("a file");
    #[cfg(unix)]
    {
        use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _, chown};
        let of = std::fs::metadata(folder).expect("the folder");
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o600)).expect("set");
        chown(&path, Some(of.uid()), Some(of.gid())).expect("given away");
    }
}

/// Whom to run a server by, and the folder made theirs; nobody else where we are not the one who may
/// do everything.
#[cfg(unix)]
fn somebody_else(folder: &Path) -> Option<String> {
    let id = |args: &[&str]| -> Option<u32> {
        let output = Command::new("id").args(args).output().ok()?;
        String::from_utf8(output.stdout).ok()?.trim().parse().ok()
    };
    if id(&["-u"]) != Some(0) {
        return None;
    }
    let known = |name: &&&str| id(&["-u", name]).is_some();
    let name = OTHERS.iter().find(known).expect("a user who may run a server");
    std::os::unix::fs::chown(folder, id(&["-u", name]), id(&["-g", name])).expect("given away");
    Some((*name).to_owned())
}

#[cfg(not(unix))]
fn somebody_else(_folder: &Path) -> Option<String> {
    None
}
