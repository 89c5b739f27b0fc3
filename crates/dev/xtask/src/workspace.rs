//! Where the repository is, where its build goes, and the `gemba` binary built there.

use std::path::{Path, PathBuf};

use crate::task::{Outcome, Task};

/// The checkout that the command was called in.
#[derive(Debug)]
pub(crate) struct Workspace {
    pub(crate) root: PathBuf,
    pub(crate) target: PathBuf,
}

/// Which profile a binary is built with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Profile {
    Dev,
    Release,
}

impl Workspace {
    /// Asks cargo, which knows of `CARGO_TARGET_DIR` and of the configuration files.
    pub(crate) fn find() -> Result<Workspace, String> {
        let answer = Task::cargo(["metadata", "--format-version", "1", "--no-deps"]).text()?;
        let metadata: serde_json::Value = serde_json::from_str(&answer)
            .map_err(|error| format!("cargo metadata did not answer in JSON: {error}"))?;
        let path = |key: &str| {
            metadata
                .get(key)
                .and_then(serde_json::Value::as_str)
                .map(PathBuf::from)
                .ok_or_else(|| format!("cargo metadata names no {key}"))
        };
        Ok(Workspace { root: path("workspace_root")?, target: path("target_directory")? })
    }

    /// A folder under the build folder for what the tools themselves need.
    pub(crate) fn tools(&self) -> PathBuf {
        self.target.join("ci-tools")
    }

    /// Builds `gemba`; the second value is where it then is.
    pub(crate) fn build_gemba(&self, profile: Profile) -> (Outcome, PathBuf) {
        let task = Task::cargo(["build", "--package", "gemba-cli"]).within(&self.root);
        let (task, folder) = match profile {
            Profile::Dev => (task, "debug"),
            Profile::Release => (task.arg("--release"), "release"),
        };
        let file = format!("gemba{}", std::env::consts::EXE_SUFFIX);
        (task.run(), self.target.join(folder).join(file))
    }

    /// A path as a person in the root of the checkout would type it.
    pub(crate) fn shown(&self, path: &Path) -> String {
        path.strip_prefix(&self.root).unwrap_or(path).display().to_string()
    }
}
