//! The system programs that checks and suites need, and how each gets onto the machine.

use std::path::PathBuf;
use std::sync::OnceLock;

use crate::task::{Outcome, Task};

/// One program, the names it goes by, and the Debian packages that bring it.
#[derive(Debug)]
pub(crate) struct Program {
    name: &'static str,
    found_as: &'static [&'static str],
    packages: &'static [&'static str],
}

/// Every system program that `cargo ci` may ask for. A suite names them in its `# needs:` line.
pub(crate) const PROGRAMS: [Program; 6] = [
    // cargo deny, and the Python MCP client.
    Program {
        name: "python3",
        found_as: &["python3"],
        packages: &["python3", "python3-venv", "python3-pip"],
    },
    // The front-end bundle, the TypeScript MCP client, the browser suite.
    Program { name: "node", found_as: &["node"], packages: &["nodejs"] },
    Program { name: "npm", found_as: &["npm"], packages: &["npm"] },
    // The browser suite.
    Program {
        name: "chromium",
        found_as: &["chromium", "chromium-browser"],
        packages: &["chromium"],
    },
    // The suite of maps: Graphviz reads the DOT files.
    Program { name: "dot", found_as: &["dot"], packages: &["graphviz"] },
    // The fuzz targets: libFuzzer is built from C++.
    Program { name: "c++", found_as: &["c++"], packages: &["g++"] },
];

impl Program {
    /// Where it is, if it is on the path.
    pub(crate) fn find(&self) -> Option<PathBuf> {
        self.found_as.iter().find_map(|name| on_path(name))
    }

    /// Whether a suite means this one by that name.
    pub(crate) fn is_called(&self, name: &str) -> bool {
        self.name == name
    }

    fn install_line(&self) -> String {
        format!("apt-get install {}", self.packages.join(" "))
    }
}

/// Makes sure that the named programs are there, installing what is missing where that is allowed.
pub(crate) fn ensure(names: &[&str]) -> Outcome {
    for name in names {
        let Some(program) = PROGRAMS.iter().find(|program| program.is_called(name)) else {
            return Outcome::Failed(format!("xtask knows no program called {name}"));
        };
        if program.find().is_none() && may_install() {
            let ended = install(program);
            if program.find().is_none() {
                let why = match ended {
                    Outcome::Failed(why) => why,
                    Outcome::Passed | Outcome::NotRun { .. } => "it is still missing".to_owned(),
                };
                eprintln!("{name} could not be installed: {why}");
            }
        }
        if program.find().is_none() {
            return Outcome::NotRun {
                why: format!("needs {name}"),
                install: program.install_line(),
            };
        }
    }
    Outcome::Passed
}

/// Where a program is, if it is on the path.
pub(crate) fn on_path(name: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    let file = format!("{name}{}", std::env::consts::EXE_SUFFIX);
    std::env::split_paths(&path).map(|folder| folder.join(&file)).find(|file| file.is_file())
}

fn may_install() -> bool {
    on_path("apt-get").is_some()
        && Task::new("id").arg("-u").text().is_ok_and(|user| user.trim() == "0")
}

fn install(program: &Program) -> Outcome {
    static LISTS: OnceLock<Outcome> = OnceLock::new();
    let apt = |arguments: &[&str]| {
        Task::new("apt-get")
            .args(["-q", "-y", "-o", "DPkg::Lock::Timeout=300"])
            .args(arguments)
            .env("DEBIAN_FRONTEND", "noninteractive")
            .run()
    };
    LISTS.get_or_init(|| apt(&["update"])).clone().then(|| {
        let mut arguments = vec!["install", "--no-install-recommends"];
        arguments.extend(program.packages);
        apt(&arguments)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_program_that_nobody_listed_is_named() {
        assert_eq!(
            ensure(&["abacus"]),
            Outcome::Failed("xtask knows no program called abacus".to_owned())
        );
    }

    #[test]
    fn each_program_says_how_it_is_installed() {
        for program in &PROGRAMS {
            assert!(program.install_line().len() > "apt-get install ".len(), "{}", program.name);
            assert!(!program.found_as.is_empty(), "{}", program.name);
        }
    }
}
