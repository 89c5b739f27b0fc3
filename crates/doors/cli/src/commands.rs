//! One file per command, or per family of them.

mod agent;
mod audit;
mod check;
mod data;
mod exchange;
mod explain;
mod fmt;
mod log;
mod map;
mod mcp;
mod moving;
mod print;
mod raci;
mod serve;
mod show;
mod token;

use crate::{args::Command, failure::Failure};
use std::process::ExitCode;

/// Runs a command to its end.
pub(crate) fn run(command: Command) -> Result<ExitCode, Failure> {
    match command {
        Command::Check(args) => check::run(&args),
        Command::Show(args) => show::show(&args),
        Command::Raci(args) => raci::raci(&args),
        Command::Map(args) => map::run(&args),
        Command::Print(args) => print::run(&args),
        Command::Fmt(args) => fmt::run(&args),
        Command::Explain { code } => explain::run(&code),
        Command::Log { command } => log::run(command),
        Command::Setup(args) => data::setup(args),
        Command::Import(args) => exchange::import(&args),
        Command::Export { dir, seat: Some(seat), form: Some(form), data } => {
            exchange::export_seat(&dir, &seat, form, &data)
        }
        Command::Export { dir, data, .. } => exchange::export(&dir, &data),
        Command::Run { slug, title, data } => data::start(&slug, &title, &data),
        Command::Backup { out, data } => data::backup(&out, &data),
        Command::Restore { from, data } => data::restore(&from, &data),
        Command::Move(args) => moving::run(&args),
        Command::Doctor { data } => data::doctor(&data),
        Command::Audit { command } => audit::run(command),
        Command::Agent { command } => agent::run(command),
        Command::Token { command } => token::run(command),
        Command::Serve(args) => serve::serve(args),
        Command::Demo(args) => serve::demo(&args),
        Command::Mcp(args) => mcp::run(args),
    }
}
