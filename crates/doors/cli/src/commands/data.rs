//! The commands that look after a data folder: setup, run, backup, restore, doctor.

use crate::{
    args::{Data, Setup},
    commands::moving,
    database::Database,
    failure::{Failure, chain},
    paths, terminal, world,
};
use gemba_app::{
    Who,
    accounts::{self, NewAccount},
    runs, upkeep,
    workspace::{self, NewWorkspace},
};
use gemba_model::role::Role;
use gemba_store::Mode;
use jiff::SignedDuration;
use std::fs;
use std::path::Path;
use std::process::ExitCode;

/// How long a link made on the command line is good for.
const LINK: SignedDuration = SignedDuration::from_hours(24);

pub(super) fn setup(args: Setup) -> Result<ExitCode, Failure> {
    let app = world::open(&args.data)?;
    let owner =
        NewAccount { email: args.email, name: args.owner, password: None, role: Role::Owner };
    let zone = args.zone.unwrap_or_else(world::zone_name);
    let secret = world::block_on(async {
        let account =
            workspace::create(&app, NewWorkspace { name: args.name, zone, owner }).await?;
        Ok(accounts::link(&app, &Who::operator(), account, LINK).await?)
    })?;
    terminal::say("The workspace is set up. Start `gemba serve` and sign in with this path, once:");
    terminal::print(&format!("/sign-in/link/{secret}"));
    Ok(ExitCode::SUCCESS)
}

pub(super) fn start(slug: &str, title: &str, data: &Data) -> Result<ExitCode, Failure> {
    let app = world::open_existing(data)?;
    let who = Who::operator();
    let id = world::block_on(async { Ok(runs::start(&app, &who, slug, title).await?) })?;
    terminal::print(&id.to_string());
    Ok(ExitCode::SUCCESS)
}

pub(super) fn backup(out: &Path, data: &Data) -> Result<ExitCode, Failure> {
    if out.exists() {
        return Err(Failure::Usage(format!("{} exists already", out.display())));
    }
    let database = Database::of(data)?;
    let app = world::open_existing(data)?;
    let who = Who::operator();
    let image = match &database {
        Database::Sqlite(_) => world::block_on(async { Ok(upkeep::image(&app, &who).await?) })?,
        // The same file as from SQLite, so that it restores everywhere.
        Database::Postgres(_) => world::block_on(async {
            let folder = tempfile::tempdir()
                .map_err(|e| Failure::Machine(format!("cannot make a temporary folder: {e}")))?;
            let file = Database::Sqlite(folder.path().join("gemba.db"));
            moving::copy(&database, Mode::Read, &file).await?;
            let image = file.open().await?.image().await?;
            upkeep::note_copy(&app, &who, image.len()).await?;
            Ok(image)
        })?,
    };
    paths::write_private(out, &image)?;
    terminal::say(&format!("{} bytes written to {}", image.len(), out.display()));
    Ok(ExitCode::SUCCESS)
}

pub(super) fn restore(from: &Path, data: &Data) -> Result<ExitCode, Failure> {
    let database = Database::of(data)?;
    let Some(target) = database.file() else {
        let message = "restore into a file of SQLite, then move it: gemba move --from --to";
        return Err(Failure::Usage(message.to_owned()));
    };
    database.make_folder()?;
    if target.exists() {
        let message = format!("{} exists already; restore into an empty folder", target.display());
        return Err(Failure::Usage(message));
    }
    let image = fs::read(from)
        .map_err(|e| Failure::Usage(format!("cannot read {}: {e}", from.display())))?;
    gemba_store_sqlite::restore(&image, target).map_err(|e| Failure::Refused {
        code: "APP0901",
        message: format!("{} was not restored: {}", from.display(), chain(&e)),
        findings: String::new(),
    })?;
    terminal::say(&format!("restored to {}", target.display()));
    Ok(ExitCode::SUCCESS)
}

pub(super) fn doctor(data: &Data) -> Result<ExitCode, Failure> {
    let database = Database::of(data)?;
    database.must_exist()?;
    let app = world::open_database(&database)?;
    let (problems, empty, verdict) = world::block_on(async {
        let who = Who::operator();
        let empty = workspace::is_empty(&app).await?;
        Ok((
            upkeep::check(&app, &who).await?,
            empty,
            gemba_app::audit::verify(&app, &who, None).await?,
        ))
    })?;
    terminal::print(&format!("database   {database}"));
    terminal::print(&format!("workspace  {}", if empty { "not set up yet" } else { "set up" }));
    for problem in &problems {
        terminal::print(&format!("problem    {problem}"));
    }
    terminal::print(if problems.is_empty() { "structure  whole" } else { "structure  damaged" });
    terminal::print(&format!("audit log  {}", super::audit::said(&verdict)));
    Ok(ExitCode::from(u8::from(!problems.is_empty() || verdict.fault.is_some())))
}
