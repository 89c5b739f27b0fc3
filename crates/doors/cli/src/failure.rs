//! Why a command ended without doing its work, and the exit code that says so.

use crate::terminal;
pub(crate) use gemba_app::error::chain;
use std::path::Path;
use std::process::ExitCode;

/// Why a command ended.
#[derive(Debug)]
pub(crate) enum Failure {
    /// The command line asks for something that cannot be.
    Usage(String),
    /// Gemba says no, with its code.
    Refused { code: &'static str, message: String, findings: String },
    /// The machine failed.
    Machine(String),
}

impl Failure {
    /// A file or folder that cannot be used.
    pub(crate) fn file(doing: &str, path: &Path, error: &std::io::Error) -> Self {
        Self::Machine(format!("cannot {doing} {}: {error}", path.display()))
    }

    /// Says what happened and gives the exit code.
    pub(crate) fn report(&self) -> ExitCode {
        match self {
            Self::Usage(message) => {
                terminal::say(&format!("gemba: {message}"));
                ExitCode::from(2)
            }
            Self::Refused { code, message, findings } => {
                terminal::say(&format!("gemba: {message} [{code}]"));
                if !findings.is_empty() {
                    terminal::say(findings);
                }
                ExitCode::from(1)
            }
            Self::Machine(message) => {
                terminal::say(&format!("gemba: {message}"));
                ExitCode::from(70)
            }
        }
    }
}

impl From<gemba_app::Error> for Failure {
    fn from(error: gemba_app::Error) -> Self {
        match &error {
            gemba_app::Error::Store(_) | gemba_app::Error::Paper(_) => Self::Machine(chain(&error)),
            gemba_app::Error::NotPublishable(diagnostics) => Self::Refused {
                code: error.code(),
                message: error.to_string(),
                findings: diagnostics
                    .iter()
                    .map(|d| format!("  {}: {}", d.code, d.message))
                    .collect::<Vec<_>>()
                    .join(
                        "
",
                    ),
            },
            _ => Self::Refused {
                code: error.code(),
                message: error.to_string(),
                findings: String::new(),
            },
        }
    }
}

impl From<gemba_store::Error> for Failure {
    fn from(error: gemba_store::Error) -> Self {
        Self::Machine(chain(&error))
    }
}
