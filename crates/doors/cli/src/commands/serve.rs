//! `gemba serve` and `gemba demo`.

use crate::{
    args::{Data, Demo, Serve},
    failure::Failure,
    server::{self, Address},
    terminal, world,
};
use gemba_app::{App, Who, accounts, ports::Chance, workspace};
use jiff::SignedDuration;
use std::process::ExitCode;
use tracing_subscriber::EnvFilter;

/// How long the demo's sign-in link is good for.
const DEMO_LINK: SignedDuration = SignedDuration::from_hours(24 * 7);

fn log_to_stderr() {
    let filter =
        EnvFilter::try_from_env("GEMBA_LOG").unwrap_or_else(|_unset| EnvFilter::new("warn"));
    let set =
        tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).try_init();
    if let Err(error) = set {
        terminal::say(&format!("gemba: no log: {error}"));
    }
}

pub(super) fn serve(args: Serve) -> Result<ExitCode, Failure> {
    log_to_stderr();
    let app = world::open(&args.data)?;
    world::block_on(async {
        let empty = workspace::is_empty(&app).await?;
        let setup_key = empty.then(setup_key);
        let address = Address {
            listen: args.listen,
            public_url: args.public_url,
            setup_key: setup_key.clone(),
            outgoing: args.outgoing,
        };
        let server = server::bind(app, address).await?;
        match setup_key {
            Some(key) => terminal::say(&format!(
                "Gemba listens. Set up your workspace here, once:\n  {}/setup/{key}",
                server.url
            )),
            None => terminal::say(&format!("Gemba listens:\n  {}", server.url)),
        }
        server.run().await
    })?;
    Ok(ExitCode::SUCCESS)
}

fn setup_key() -> String {
    let mut bytes = [0; 16];
    world::SystemChance.fill(&mut bytes);
    gemba_model::id::encode(u128::from_le_bytes(bytes))
}

pub(super) fn demo(args: &Demo) -> Result<ExitCode, Failure> {
    log_to_stderr();
    let folder = tempfile::Builder::new()
        .prefix("gemba-demo-")
        .tempdir()
        .map_err(|e| Failure::Machine(format!("cannot make a temporary folder: {e}")))?;
    let data = Data { data: Some(folder.path().to_owned()), database: None };
    let app = world::open(&data)?;
    world::block_on(async {
        let link = fill(&app).await?;
        let address = Address {
            listen: args.listen.clone(),
            public_url: None,
            setup_key: None,
            outgoing: args.outgoing.clone(),
        };
        let server = server::bind(app, address).await?;
        terminal::say(&format!(
            "The sample company is kept in {} until you stop (Ctrl-C).\n\
             Sign in as its operations lead, once, with this link:",
            folder.path().display()
        ));
        terminal::print(&format!("{}/sign-in/link/{link}", server.url));
        server.run().await
    })?;
    Ok(ExitCode::SUCCESS)
}

async fn fill(app: &App) -> Result<String, Failure> {
    let account = gemba_sample::fill(app, app.now()).await?;
    Ok(accounts::link(app, &Who::operator(), account, DEMO_LINK).await?)
}
